"""Fields of customers are opened where openings.txt says, and nowhere else.

usage: check_openings.py FOLDER LIST | --planted

FOLDER is src/book. A reason of grant.hpp that nobody uses is a complaint too, and so is
whatever else opens a sealed row or value.
"""

import collections
import pathlib
import re
import sys
import tempfile

# Counted in every file; grant.hpp itself is where reasons are defined.
TOKENS = re.compile(r"opening::\w+|\bgrant\(|\brow_reader\b|\bget_value\b|\bopen_field\b|"
                    r"\bsubject_key\b")
DEFINES = {"grant.hpp"}


def code_of(path):
    """A source without comments, where a word means nothing."""
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def found_in(folder):
    found = collections.Counter()
    for path in sorted([*folder.glob("*.cpp"), *folder.glob("*.hpp")]):
        if path.name not in DEFINES:
            found.update((path.name, token) for token in TOKENS.findall(code_of(path)))
    return found


def listed_in(path):
    listed = collections.Counter()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) != 3 or not words[2].isdigit() or (words[0], words[1]) in listed:
            sys.exit(f"{path}:{number}: FILE TOKEN TIMES, each once")
        listed[words[0], words[1]] = int(words[2])
    return listed


def reasons_of(folder):
    body = re.search(r"enum class opening[^{]*{(.*?)}", code_of(folder / "grant.hpp"), re.DOTALL)
    if not body:
        sys.exit("grant.hpp defines no openings")
    return re.findall(r"\w+", body[1])


def complaints(folder, listed):
    found = found_in(folder)
    wrong = [f"{name}: {token} {found[name, token]} times, listed {listed[name, token]}"
             for name, token in sorted(found.keys() | listed.keys())
             if found[name, token] != listed[name, token]]
    used = {token for _, token in found}
    wrong += [f"grant.hpp: nobody opens for {reason}" for reason in reasons_of(folder)
              if f"opening::{reason}" not in used]
    return wrong


def check_planted():
    files = {
        "grant.hpp": "enum class opening : int {\n  index,  ///< opening::none\n  spare,\n};\n",
        "good.cpp": "read(opening::index); // opening::index\n",
        "more.cpp": "read(opening::index); read(opening::index);\n",
        "new.cpp": "auto k = entry.subject_key;\n",
        "gone.cpp": "\n",
    }
    listed = collections.Counter({("good.cpp", "opening::index"): 1,
                                  ("more.cpp", "opening::index"): 1,
                                  ("gone.cpp", "get_value"): 1})
    expected = {"more.cpp", "new.cpp", "gone.cpp", "grant.hpp"}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (pathlib.Path(folder) / name).write_text(text, encoding="utf-8")
        found = {line.split(":")[0] for line in complaints(pathlib.Path(folder), listed)}
    for name in sorted(expected ^ found):
        print(f"{'missed' if name in expected else 'accused wrongly'}: {name}")
    print(f"{len(expected)} planted, {len(expected & found)} found")
    return expected == found


def main():
    if sys.argv[1:] == ["--planted"]:
        sys.exit(0 if check_planted() else 1)
    listed = listed_in(pathlib.Path(sys.argv[2]))
    wrong = complaints(pathlib.Path(sys.argv[1]), listed)
    print("\n".join(wrong))
    print(f"{len(listed)} places listed, {len(wrong)} complaints")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
