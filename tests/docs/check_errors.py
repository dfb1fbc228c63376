"""Compares the table of docs/errors.md with the codes of result.hpp: number, name and order.

usage: check_errors.py RESULT_HPP ERRORS_MD
"""

import pathlib
import re
import sys


def main():
    header, page = (pathlib.Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
    codes = re.search(r"enum class errc[^{]*\{(.*?)\};", header, re.DOTALL)[1]
    known = [(number, name) for name, number in re.findall(r"^\s*(\w+) = (\d+),", codes, re.M)]
    shown = re.findall(r"^\| (\d+) \| `(\w+)` \|", page, re.M)
    for number, name in sorted(set(known) ^ set(shown), key=lambda code: int(code[0])):
        where = "errors.md" if (number, name) in known else "result.hpp"
        print(f"{number} {name}: not in {where}")
    sys.exit(0 if known and known == shown else 1)


if __name__ == "__main__":
    main()
