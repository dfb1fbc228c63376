#!/usr/bin/env python3
"""Every function of clientbook.symbols is called by the package for Node.js, or has a reason why not.

usage: check_calls.py SOURCE_OF_CLIENTBOOK
"""

import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(source / "scripts"))
import binding_tables  # noqa: E402


def main():
    node = source / "bindings/node"
    script = "\n".join(file.read_text(encoding="utf-8") for file in sorted(node.glob("**/*.js")) if "node_modules" not in file.parts)
    stubs = (node / "src/calls.inc").read_text(encoding="utf-8")
    by_hand = "\n".join(file.read_text(encoding="utf-8") for file in sorted(node.glob("src/*.[ch]")))
    problems = [f"{name}: in clientbook.symbols, but nothing binds it or says why not" for name in binding_tables.unbound()]
    for call in binding_tables.functions():
        if f"{call.name}(" not in stubs:
            problems.append(f"{call.name}: no stub: run scripts/make_bindings.py")
        if not re.search(rf"\bnative\.{call.short}\b", script) and f"{call.name}(" not in by_hand:
            problems.append(f"{call.name}: no function of the package calls it")
    problems += [f"{name}: no source calls it" for name in sorted(binding_tables.BY_HAND) if f"{name}(" not in by_hand]
    print("\n".join(problems) or f"{len(binding_tables.functions())} functions, each called; "
          f"{len(binding_tables.LEFT_OUT)} left out with a reason")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
