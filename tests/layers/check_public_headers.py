"""Every public header belongs to a room and is included by the umbrella.

usage: check_public_headers.py FOLDER REGISTERED_HEADER...

A header that the umbrella leaves out on purpose says so in a line `// Not in clientbook.hpp: why`.
"""

import pathlib
import re
import sys


def main():
    folder = pathlib.Path(sys.argv[1])
    registered = set(sys.argv[2:])
    umbrella = folder / "clientbook.hpp"
    included = set()
    if umbrella.exists():
        included = set(re.findall(r"#include <clientbook/([^>]+)>", umbrella.read_text()))
    wrong = 0
    for header in sorted(folder.glob("*.hpp")):
        if header == umbrella:
            continue
        if header.name not in registered:
            print(f"{header.name}: no room lists it in its CMakeLists.txt")
            wrong += 1
        exempt = "// Not in clientbook.hpp: " in header.read_text()
        if umbrella.exists() and (header.name in included) == exempt:
            print(f"{header.name}: {'included, yet exempt' if exempt else 'not included'}")
            wrong += 1
    if not umbrella.exists():
        print("skipped: there is no clientbook.hpp yet")
    print(f"{len(registered)} public headers, {wrong} out of place")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
