"""Compares the sabotages that sources offer with those that a test tries.

usage: all_tried.py SRC NAME...
"""

import pathlib
import re
import sys


def main():
    offered = set()
    for file in pathlib.Path(sys.argv[1]).rglob("*.?pp"):
        offered |= set(re.findall(r"\bCLIENTBOOK_SABOTAGE_(\w+)", file.read_text(encoding="utf-8")))
    tried = {name.upper() for name in sys.argv[2:]}
    for name in sorted(offered - tried):
        print(f"CLIENTBOOK_SABOTAGE_{name}: no test tries it")
    for name in sorted(tried - offered):
        print(f"CLIENTBOOK_SABOTAGE_{name}: no source offers it")
    print(f"{len(offered & tried)} sabotages tried")
    sys.exit(0 if offered == tried else 1)


if __name__ == "__main__":
    main()
