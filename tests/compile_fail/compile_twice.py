"""Compiles a file with BAD=0, which must work, and BAD=1, which must fail as expected.

usage: compile_twice.py FILE COMPILER [FLAG...]
"""

import os
import re
import subprocess
import sys


def compile_with(command, bad):
    done = subprocess.run(
        command + [f"-DBAD={bad}"],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    return done.returncode, done.stderr


def main():
    file, *command = sys.argv[1:]
    with open(file, encoding="utf-8") as source:
        lines = re.findall(r"^// expect: (.+)$", source.read(), re.MULTILINE)
    if not lines:
        sys.exit("it has no line `// expect: REGEX`")
    expected = "|".join(lines)
    command = [flag for flag in command if flag != "-I"] + [file]
    status, text = compile_with(command, 0)
    if status != 0:
        sys.exit(f"with BAD=0 it does not compile, and it should:\n{text}")
    status, text = compile_with(command, 1)
    if status == 0:
        sys.exit("with BAD=1 it compiles, and it must not")
    errors = [line for line in text.splitlines() if "error:" in line]
    if not any(re.search(expected, line) for line in errors):
        sys.exit(f"with BAD=1 it fails, but not by /{expected}/:\n{text}")
    print(next(line for line in errors if re.search(expected, line)))


if __name__ == "__main__":
    main()
