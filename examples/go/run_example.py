#!/usr/bin/env python3
"""Builds the Go example with cgo against a library, runs it, and compares what it prints.

usage: run_example.py LIBRARY INCLUDE_FOLDER

Ends with 77, which is "skipped", where there is no Go or no C compiler.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def main():
    library, include = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    if shutil.which("go") is None or shutil.which("cc") is None:
        print("skipped: no go and cc (scripts/install-dependencies go)")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "CGO_ENABLED": "1", "CGO_CFLAGS": f"-I{include}", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local",
               "CGO_LDFLAGS": f"-L{library.parent} -Wl,-rpath,{library.parent}"}
        program = pathlib.Path(folder) / "embed"
        subprocess.run(["go", "vet", "."], check=True, cwd=HERE, env=env)
        subprocess.run(["go", "build", "-o", program, "."], check=True, cwd=HERE, env=env)
        done = subprocess.run([program], check=False, cwd=folder, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="")
    if done.stdout != (HERE / "embed.expected").read_text(encoding="utf-8"):
        sys.exit("this is not what embed.expected says")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
