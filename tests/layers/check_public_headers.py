"""Every header belongs to a room, and every public one is in one of the three faces.

usage: check_public_headers.py FOLDER REGISTERED_HEADER... | --planted

The faces are core.hpp, clientbook.hpp and exchange.hpp. A header that they leave out on purpose
says so in a line `// Not in clientbook.hpp: why`. Internal headers are in none.
"""

import pathlib
import re
import sys
import tempfile

FACES = ["core.hpp", "clientbook.hpp", "exchange.hpp"]


def complaints(folder, registered):
    """What is wrong, a line each."""
    wrong, included = [], {}
    for face in FACES:
        text = (folder / face).read_text(encoding="utf-8")
        for name in re.findall(r"#include <clientbook/([^>]+)>", text):
            if name in FACES:
                continue
            if name in included:
                wrong.append(f"{name}: in {included[name]} and in {face}")
            included[name] = face
    for header in sorted(folder.rglob("*.hpp")):
        name = header.relative_to(folder).as_posix()
        if name in FACES:
            continue
        if name not in registered:
            wrong.append(f"{name}: no room lists it in its CMakeLists.txt")
        exempt = "// Not in clientbook.hpp: " in header.read_text(encoding="utf-8")
        if name.startswith("internal/"):
            exempt = True
        if (name in included) == exempt:
            wrong.append(f"{name}: {'included, yet exempt' if exempt else 'in no face'}")
    return wrong


def check_planted():
    files = {
        "core.hpp": "#include <clientbook/base/in.hpp>\n#include <clientbook/internal/base/shown.hpp>\n",
        "clientbook.hpp": "#include <clientbook/core.hpp>\n#include <clientbook/base/in.hpp>\n"
                          "#include <clientbook/book/exempt.hpp>\n",
        "exchange.hpp": "", "base/in.hpp": "", "base/nowhere.hpp": "",
        "book/exempt.hpp": "// Not in clientbook.hpp: its library\n", "internal/base/shown.hpp": "",
        "internal/base/roomless.hpp": "", "internal/base/well.hpp": "",
    }
    expected = {"base/in.hpp", "base/nowhere.hpp", "book/exempt.hpp", "internal/base/shown.hpp",
                "internal/base/roomless.hpp"}
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        registered = set(files) - {"internal/base/roomless.hpp"}
        found = {line.split(":")[0] for line in complaints(root, registered)}
    for name in sorted(expected ^ found):
        print(f"{'missed' if name in expected else 'accused wrongly'}: {name}")
    print(f"{len(expected)} planted, {len(expected & found)} found")
    return expected == found


def main():
    if sys.argv[1:] == ["--planted"]:
        sys.exit(0 if check_planted() else 1)
    registered = set(sys.argv[2:])
    wrong = complaints(pathlib.Path(sys.argv[1]), registered)
    print("\n".join(wrong))
    print(f"{len(registered)} headers, {len(wrong)} out of place")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
