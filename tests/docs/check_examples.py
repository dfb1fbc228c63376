"""Holds the blocks of a page against the example that it quotes: each stands there, line by line.

usage: check_examples.py PAGE.md LANGUAGE EXAMPLE
"""

import pathlib
import re
import sys


def main():
    page, language, example = sys.argv[1:]
    source = pathlib.Path(example).read_text(encoding="utf-8")
    text = pathlib.Path(page).read_text(encoding="utf-8")
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    strange = [block for block in blocks if block not in source]
    for block in strange:
        print(f"{page}: not in {example}:\n{block}")
    sys.exit(1 if strange or not blocks else 0)


if __name__ == "__main__":
    main()
