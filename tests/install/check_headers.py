"""Installed headers, as a program with strict warnings meets them.

usage: check_headers.py INCLUDE_FOLDER PROGRAM.cpp COMPILER... | --planted COMPILER

Every header is compiled after the others' order by name, with all warnings of -Wall -Wextra
-Wpedantic as errors and no -isystem, and so is PROGRAM (the README's). What is read on the way
belongs to us or to the compiler's C and C++ libraries: a third-party header is a fault. A COMPILER
that is not there is said and skipped.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "layers"))
from check_layers import HOMES  # noqa: E402  (the list of third-party headers is kept once)

THIRD_PARTY = [r"boost/.*", *HOMES]
# Of the processor, not of a library.
OWN_COMPILERS = r"emmintrin\.h"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


def compile_with(compiler, folder, source):
    """(what is wrong, the files that were read)"""
    with tempfile.NamedTemporaryFile(suffix=".d") as made:
        done = subprocess.run(
            [compiler, "-std=c++20", *WARNINGS, "-fsyntax-only", "-MD", "-MF", made.name,
             f"-I{folder}", str(source)], capture_output=True, text=True, check=False)
        read = pathlib.Path(made.name).read_text(encoding="utf-8")
    return done.stderr, read.replace("\\\n", " ").split(": ", 1)[-1].split()


def third_party(read, folder):
    """Those of the files read that are neither ours nor the compiler's."""
    found = []
    for file in read:
        if file.startswith(str(folder)):
            continue
        for pattern in THIRD_PARTY:
            if pattern != OWN_COMPILERS and re.search(rf"/include/(.*/)?{pattern}$", file):
                found.append(file)
                break
    return found


def check(folder, program, compiler):
    """What is wrong, a line each."""
    headers = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.hpp"))
    wrong = []
    # What needs a third-party library itself says so, and is not in a face.
    own = [name for name in headers
           if "// Not in clientbook.hpp: " not in (folder / name).read_text(encoding="utf-8")]
    with tempfile.TemporaryDirectory() as work:
        all_of_them = pathlib.Path(work) / "all.cpp"
        all_of_them.write_text("".join(f"#include <{name}>\n" for name in own), encoding="utf-8")
        for source in filter(None, [all_of_them, program]):
            errors, read = compile_with(compiler, folder, source)
            wrong += [f"{compiler}: {line}" for line in errors.splitlines()]
            wrong += [f"{compiler}: {source.name} reads {file}"
                      for file in third_party(read, folder)[:3]]
    return len(headers), wrong


def planted(compiler):
    faults = {
        "boost.hpp": "#include <boost/version.hpp>\n",
        "zlib.hpp": "#include <zlib.h>\n",
        "shadow.hpp": "inline int f(int unused) { return 1; }\n",
        "left.hpp": "struct options { int a = 0; int b; };\ninline options g() { return {.a = 1}; }\n",
    }
    missed = []
    for name, text in {**faults, "clean.hpp": "#include <vector>\n"}.items():
        with tempfile.TemporaryDirectory() as work:
            (pathlib.Path(work) / name).write_text("#pragma once\n" + text, encoding="utf-8")
            _, wrong = check(pathlib.Path(work), None, compiler)
        if bool(wrong) != (name in faults):
            missed.append(f"{name}: {wrong}")
    print("\n".join(missed))
    print(f"{len(faults)} planted, {len(missed)} judged wrongly")
    return not missed


def main():
    if sys.argv[1] == "--planted":
        sys.exit(0 if planted(sys.argv[2]) else 1)
    folder, program, *compilers = sys.argv[1:]
    failed = tried = 0
    for compiler in dict.fromkeys(compilers):
        if not shutil.which(compiler):
            print(f"skipped: {compiler} is not there")
            continue
        count, wrong = check(pathlib.Path(folder), pathlib.Path(program), compiler)
        print("\n".join(wrong))
        print(f"{compiler}: {count} headers and {pathlib.Path(program).name}, {len(wrong)} faults")
        failed += len(wrong)
        tried += 1
    sys.exit(0 if tried and not failed else 1)


if __name__ == "__main__":
    main()
