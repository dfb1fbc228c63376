"""Product code holds no switch for tests: no source or header names a sabotage.

usage: no_switches.py FOLDER...

A sabotage is a row in tests/sabotage/*.sabotage, which takes its text from outside.
"""

import pathlib
import re
import sys

WORD = re.compile("sabotage", re.IGNORECASE)


def found_in(folder):
    """Yields "file:line: text" of every line below the folder that names a sabotage."""
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        text = file.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if WORD.search(line):
                yield f"{file}:{number}: {line.strip()}"


def main():
    folders = [pathlib.Path(each) for each in sys.argv[1:]]
    if not folders or not all(each.is_dir() for each in folders):
        sys.exit(__doc__)
    found = [line for folder in folders for line in found_in(folder)]
    if found:
        print("\n".join(found))
        sys.exit("a sabotage belongs into a table: see docs/testing.md")
    print("no switch for tests in " + ", ".join(each.name for each in folders))


if __name__ == "__main__":
    main()
