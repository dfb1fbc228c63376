#!/usr/bin/env python3
"""A compiler launcher for the guest build: an object that our own build has made by the same
command is taken from there.

usage: CLIENTBOOK_OWN=BUILD_FOLDER CLIENTBOOK_GUEST=BUILD_FOLDER [CLIENTBOOK_LAUNCHER=ccache]
       reuse_objects.py COMPILER ARGUMENT...

The same: but for the two build folders, the working directory, -Werror, and where dependencies are
written to. So what the guest build is asked for is held against what we build ourselves, word by
word, and a flag, definition or include folder that differs makes it compile. Rooms named in REAL
are compiled in any case: a guest's include folders are really read. The last line of
CLIENTBOOK_GUEST/reused.txt says what became of each file.
"""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

# `open` is the smallest room that includes headers of nearly all.
REAL = ["/src/open/"]
# Followed by a word that differs without a meaning.
PLACES = ["-o", "-MF", "-MT", "-MQ"]


def meaning(command, build):
    """What a command says, without where; and its output."""
    words, output, skip = [], None, None
    for word in command:
        if skip:
            output = word if skip == "-o" else output
            skip = None
        elif word in PLACES:
            skip = word
        elif word not in ("-Werror", "-MD", "-c"):
            words.append(word.replace(str(build), "BUILD"))
    return words, output


def own_object(wanted, source, own):
    """The object that our build made of this source with these words, if it is up to date."""
    for entry in json.loads((own / "compile_commands.json").read_text(encoding="utf-8")):
        if pathlib.Path(entry["file"]) != source:
            continue
        command = shlex.split(entry["command"])
        if pathlib.Path(command[0]).name == "ccache":  # Some versions of CMake write it there.
            command.pop(0)
        words, output = meaning(command, own)
        made = own / output
        if words == wanted and made.exists() and made.stat().st_mtime >= source.stat().st_mtime:
            return made
    return None


def main():
    own, guest = (pathlib.Path(os.environ[name]) for name in ("CLIENTBOOK_OWN", "CLIENTBOOK_GUEST"))
    compiler = sys.argv[1:]
    wanted, output = meaning(compiler, guest)
    source = pathlib.Path(compiler[-1])
    made = None
    if output and "/src/" in str(source) and not any(room in str(source) for room in REAL):
        made = own_object(wanted, source, own)
    with (guest / "reused.txt").open("a", encoding="utf-8") as log:
        log.write(f"{'reused' if made else 'compiled'} {source}\n")
    if not made:
        launcher = shlex.split(os.environ.get("CLIENTBOOK_LAUNCHER", ""))
        sys.exit(subprocess.run([*launcher, *compiler], check=False).returncode)
    shutil.copyfile(made, output)
    # Ninja reads which files the object was made from; Make looks for it too.
    if "-MF" in compiler:
        pathlib.Path(compiler[compiler.index("-MF") + 1]).write_text(
            f"{output}: {source}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
