#!/usr/bin/env python3
"""Holds what libclientbook.so exports against clientbook.h and clientbook.symbols, both ways.

usage: check_symbols.py LIBRARY CLIENTBOOK_H CLIENTBOOK_SYMBOLS
"""

import pathlib
import subprocess
import sys

import header

STATES = {"unstable", "stable", "deprecated"}


def main():
    library, declared_in, listed_in = sys.argv[1:]
    exported = set()
    out = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True)
    for line in out.stdout.splitlines():
        exported.add(line.split()[-1].split("@")[0])
    declared = {function.name for function in header.functions(declared_in)}
    rows = [line.split() for line in pathlib.Path(listed_in).read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]
    problems = [f"{listed_in}: want NAME STATE SINCE: {' '.join(row)}" for row in rows
                if len(row) != 3 or row[1] not in STATES]
    listed = {row[0] for row in rows}
    if [row[0] for row in rows] != sorted(listed):
        problems.append(f"{listed_in}: not sorted, or a name twice")
    for what, names in (("exported, not declared", exported - declared),
                        ("declared, not exported", declared - exported),
                        ("declared, not listed", declared - listed),
                        ("listed, not declared", listed - declared)):
        problems += [f"{name}: {what}" for name in sorted(names)]
    print("\n".join(problems) or f"{len(declared)} functions, each declared, exported and listed")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
