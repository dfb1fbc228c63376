#!/usr/bin/env python3
"""Every function of clientbook.symbols is called by the packages for Python, Node.js and Java, or has a reason why not.

usage: check_packages.py SOURCE_OF_CLIENTBOOK
"""

import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(source / "scripts"))
import binding_tables  # noqa: E402


def texts(folder, pattern):
    files = [file for file in sorted((source / folder).glob(pattern)) if "node_modules" not in file.parts]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


# The package has them from the header as it was built, which clientbook_context_create() compares with the library.
NOT_OF_PYTHON = {"clientbook_abi_version", "clientbook_error_name"}


def python():
    script, by_hand = texts("bindings/python/clientbook", "*.py"), texts("bindings/python/src", "*.c")
    for name in [call.name for call in binding_tables.functions()] + sorted(binding_tables.BY_HAND - NOT_OF_PYTHON):
        if not re.search(rf"\blib\.{name}\b", script) and f"{name}(" not in by_hand:
            yield f"{name}: no method of the package for Python calls it"


def node():
    script, by_hand = texts("bindings/node", "**/*.js"), texts("bindings/node/src", "*.[ch]")
    stubs = texts("bindings/node/src", "calls.inc")
    for call in binding_tables.functions():
        if f"{call.name}(" not in stubs:
            yield f"{call.name}: Node.js has no stub: run scripts/make_bindings.py"
        if not re.search(rf"\bnative\.{call.short}\b", script) and f"{call.name}(" not in by_hand:
            yield f"{call.name}: no function of the package for Node.js calls it"
    for name in sorted(binding_tables.BY_HAND):
        if f"{name}(" not in by_hand:
            yield f"{name}: no source of the addon calls it"


def java():
    stubs = texts("bindings/java/src/main/java/clientbook", "Calls.java")
    script = texts("bindings/java/src/main/java/clientbook", "*.java")
    for name in [call.name for call in binding_tables.functions()]:
        short = name.removeprefix("clientbook_")
        if not re.search(rf" {short}\(", stubs):
            yield f"{name}: Java has no stub: run scripts/make_bindings.py"
        if not re.search(rf"calls\.{short}\(", script):
            yield f"{name}: no method of the package for Java calls it"


def main():
    problems = [f"{name}: in clientbook.symbols, but nothing binds it or says why not" for name in binding_tables.unbound()]
    problems += [*python(), *node(), *java()]
    print("\n".join(problems) or f"{len(binding_tables.functions())} functions, each called; "
          f"{len(binding_tables.LEFT_OUT)} left out with a reason")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
