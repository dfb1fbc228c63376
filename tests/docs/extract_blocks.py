"""Writes the C++ blocks of Markdown pages that are whole programs to files.

usage: extract_blocks.py OUTPUT_FOLDER PAGE.md...

Prints `program FILE` for a block with a main, `unit FILE` for one without, then a count.
A file whose text stays the same is not written again.
"""

import pathlib
import re
import sys


def blocks(page):
    """Yields (line, text) of each ```cpp block."""
    start, lines = None, []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if start is None and re.fullmatch(r"```(cpp|c\+\+)\s*", line):
            start, lines = number + 1, []
        elif start is not None and line.startswith("```"):
            yield start, "\n".join(lines) + "\n"
            start = None
        elif start is not None:
            lines.append(line)
    if start is not None:
        sys.exit(f"{page.name}:{start}: a block that does not end")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    written, skipped = set(), 0
    for page in map(pathlib.Path, sys.argv[2:]):
        for index, (line, text) in enumerate(blocks(page), 1):
            if not text.startswith("#include"):
                skipped += 1
                continue
            file = folder / f"{re.sub(r'[^a-z0-9]', '_', page.stem.lower())}_{index}.cpp"
            text = f'#line {line} "{page.name}"\n{text}'
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                file.write_text(text, encoding="utf-8")
            written.add(file)
            kind = "program" if re.search(r"^int main\(", text, re.MULTILINE) else "unit"
            print(kind, file)
    for stale in set(folder.glob("*.cpp")) - written:
        stale.unlink()
    print(f"{len(written)} blocks to compile, {skipped} skipped")


if __name__ == "__main__":
    main()
