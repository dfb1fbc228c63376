"""Product code holds no switch for tests: no source or header names a sabotage, and what the
preprocessor asks is one of the questions below.

usage: no_switches.py FOLDER...

A sabotage is a row in tests/sabotage/*.sabotage, which takes its text from outside. Another source
for a test is a file of the test's, linked instead of the room's.
"""

import pathlib
import re
import sys

WORD = re.compile("sabotage", re.IGNORECASE)

ASKS = re.compile(r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b(.*)")
NAME = re.compile(r"\b[A-Za-z_]\w*\b")
# What a build is for and on: everything else is a switch.
QUESTIONS = {
    "defined", "__cplusplus", "__has_include", "__SSE2__",
    "CLIENTBOOK_FIRMWARE", "RENAME_EXCHANGE", "RENAME_NOREPLACE", "MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG",
}
GUARD = re.compile(r"\w+_(?:HPP|H)$")


def is_switch(line):
    asked = ASKS.match(line.split("//")[0])
    return asked is not None and any(
        name not in QUESTIONS and not GUARD.match(name) for name in NAME.findall(asked[1]))


def found_in(folder):
    """Yields "file:line: text" of every line below the folder that is a switch."""
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        text = file.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if WORD.search(line) or is_switch(line):
                yield f"{file}:{number}: {line.strip()}"


def main():
    folders = [pathlib.Path(each) for each in sys.argv[1:]]
    if not folders or not all(each.is_dir() for each in folders):
        sys.exit(__doc__)
    found = [line for folder in folders for line in found_in(folder)]
    if found:
        print("\n".join(found))
        sys.exit("a switch for tests belongs into the tests: see docs/testing.md")
    print("no switch for tests in " + ", ".join(each.name for each in folders))


if __name__ == "__main__":
    main()
