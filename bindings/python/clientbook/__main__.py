"""`python -m clientbook` is the program `clientbook`, where the package was built with it."""

import os
import pathlib
import sys


def main() -> None:
    program = pathlib.Path(__file__).with_name("program")
    if not program.exists():
        sys.exit("clientbook: this package was built without the program; install it, or build the package"
                 " with CLIENTBOOK_PROGRAM=/path/to/clientbook")
    os.execv(program, ["clientbook", *sys.argv[1:]])


if __name__ == "__main__":
    main()
