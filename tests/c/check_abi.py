#!/usr/bin/env python3
"""Holds the ABI of today's header against the stored one, by two checkers.

usage: check_abi.py ours|abidiff CLIENTBOOK_H CLIENTBOOK_SYMBOLS STORED_FOLDER COMPILER [--store]

ours      the text of make_layout.py: functions, numbers, sizes and offsets, as STORED_FOLDER/clientbook.txt has them
abidiff   libabigail's, over the debugging information of a library made from the header: STORED_FOLDER/clientbook.abi

A change of what is unstable is stored on purpose, by --store, so that whoever reads it sees what it does to hosts. Of
what clientbook.symbols calls stable, a change or a loss takes another CLIENTBOOK_ABI_VERSION.
Ends with 77, "skipped", where there is no abidiff.
"""

import difflib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import header
import make_layout

SKIPPED = 77
STORE = "store what was meant by: tests/c/check_abi.py ... --store (docs/c_abi.md)"


def stable_names(symbols):
    rows = [row.split() for row in pathlib.Path(symbols).read_text(encoding="utf-8").splitlines() if row and row[0] != "#"]
    return {row[0] for row in rows if row[1] == "stable"}


def version_of(text):
    return re.search(r"^abi version (\d+)$", text, re.MULTILINE)[1]


def broken_promises(before, now, stable):
    """Lines of stable functions that are not there as they were."""
    if version_of(before) != version_of(now):
        return []
    name_of = re.compile(r" (clientbook_\w+)\(")
    there = set(now.splitlines())
    return [line for line in before.splitlines()
            if (found := name_of.search(line)) and found[1] in stable and line not in there]


def ours(path, symbols, folder, compiler, store):
    stored, now = folder / "clientbook.txt", make_layout.told(path, compiler)
    if store:
        stored.write_text(now, encoding="utf-8")
    before = stored.read_text(encoding="utf-8")
    problems = [f"stable, and changed without another CLIENTBOOK_ABI_VERSION: {line}"
                for line in broken_promises(before, now, stable_names(symbols))]
    problems += list(difflib.unified_diff(before.splitlines(), now.splitlines(), "stored", "today", lineterm="", n=0))
    print("\n".join(problems + [STORE]) if problems else f"{len(now.splitlines())} lines as stored")
    return 1 if problems else 0


def abidiff(path, folder, compiler, store):
    for tool in ("abidw", "abidiff"):
        if shutil.which(tool) is None:
            print(f"skipped: no {tool} (abigail-tools)")
            return SKIPPED
    stored = folder / "clientbook.abi"
    with tempfile.TemporaryDirectory() as place:
        source, built = pathlib.Path(place) / "library.c", pathlib.Path(place) / "libclientbook.so"
        source.write_text(make_layout.written_as_c(path), encoding="utf-8")
        subprocess.run([compiler, "-std=c99", "-g", "-O0", "-shared", "-fPIC", "-I", str(pathlib.Path(path).parent), "-Wl,-soname,libclientbook.so",
                        "-o", str(built), str(source)], check=True)
        if store:
            subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--out-file", str(stored), str(built)], check=True)
            stored.write_text(stored.read_text(encoding="utf-8").replace(place + "/", ""), encoding="utf-8")
        done = subprocess.run(["abidiff", "--no-default-suppression", str(stored), str(built)], capture_output=True, text=True)
    # Bit 2 is a change, bit 3 one that breaks who was compiled before; the others are faults.
    if done.returncode == 0:
        print("abidiff: the ABI is the stored one")
        return 0
    print(done.stdout, done.stderr, STORE, sep="\n")
    return 1


def main():
    which, path, symbols, folder, compiler, *rest = sys.argv[1:]
    store = rest == ["--store"]
    folder = pathlib.Path(folder)
    if which == "ours":
        sys.exit(ours(path, symbols, folder, compiler, store))
    sys.exit(abidiff(path, folder, compiler, store))


if __name__ == "__main__":
    main()
