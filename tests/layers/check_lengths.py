"""No function of the library, the program or the bindings is longer than 70 lines.

usage: check_lengths.py PROJECT | --planted

Read from the layout that clang-format gives: above the line with the brace that closes a body, the
next line that is set in no farther is where its head begins. Lambdas inside count as part of their
function.
"""

import pathlib
import re
import sys
import tempfile

MOST = 70
WHERE = ("src/**/*.cpp", "src/**/*.hpp", "include/**/*.hpp", "bindings/**/*.cpp", "bindings/**/*.c")
DEEPEST = 4  # Of a method of a class in a class.
NO_FUNCTION = re.compile(
    r"(?:inline |export |template <.*> )*(?:(?:namespace|extern|if|for|while|switch|do|else|case|default)\b|"
    r"(?:struct|class|enum|union) (?:alignas\([^)]*\) |\[\[.*?\]\] )*[\w:<>, ]*(?:\{|: ))")
# `= {...}` of a parameter, `{}` of a member in a constructor's list: no body begins there.
IN_BRACES = re.compile(r"\{[^{}]*\}(?=\s*[,})])")


def without_values(told):
    """The head and the body without what is in braces of their own."""
    while (less := IN_BRACES.sub("", told)) != told:
        told = less
    return told


def functions_in(text):
    """Yields (first line, lines) of every function that ends with a brace of its own."""
    lines = text.splitlines()
    heads = {}  # By indent: the last line that far out, as long as none farther out came.
    for number, line in enumerate(lines, 1):
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if not body or indent > DEEPEST or body.startswith(("//", "#")):
            continue
        if not body.startswith("}"):
            heads = {deep: head for deep, head in heads.items() if deep < indent}
            heads[indent] = number
        elif re.match(r"\}[;,)]*(\s*//.*)?$", body) and indent in heads:
            head = heads[indent]
            told = without_values(" ".join(each.strip() for each in lines[head - 1:number]))
            if not NO_FUNCTION.match(told) and re.match(r"[^;{]*\)[^;={]*\{", told):
                yield head, number - head + 1


def complaints(project):
    for pattern in WHERE:
        for path in sorted(project.glob(pattern)):
            inner = []
            for start, lines in functions_in(path.read_text(encoding="utf-8")):
                if lines > MOST:
                    inner.append((start, lines))
            for start, lines in inner:
                yield f"{path.relative_to(project)}:{start}: {lines} lines, at most {MOST}"


def check_planted():
    long_body = "  work();\n" * MOST
    method = "    work();\n" * MOST
    files = {
        "short.cpp": ("void f() {\n" + "  work();\n" * (MOST - 2) + "}\n", []),
        "long.cpp": ("\nvoid f(int a,\n       int b) {\n" + long_body + "}\n", [2]),
        "try.cpp": ("int f() try {\n" + long_body + "} catch (...) {\n  return 1;\n}\n", [1]),
        "method.cpp": ("class a {\n  int f() const {\n" + method + "  }\n};\n", [2]),
        "default.cpp": ("void f(options how = {}) {\n" + long_body + "}\n", [1]),
        "defaults.cpp": ("void f(options how = {.a = {1, 2}},\n       int b = {}) {\n" + long_body + "}\n", [1]),
        "returns.cpp": ("struct stat f(int a) {\n" + long_body + "}\nenum kind g(int a) {\n" + long_body + "}\n", [1, MOST + 3]),
        "template.cpp": ("template <class T>\nstruct stat f(T a) {\n" + long_body + "}\n", [2]),
        "members.cpp": ("class a {\n  a() : b_{}, c_(1) {\n" + method + "  }\n};\n", [2]),
        "derived.cpp": ("struct a : b<int (*)()> {\n" + "  int b;\n" * 99 + "};\n", []),
        "aligned.cpp": ("struct alignas(8) a {\n" + "  int b;\n" * 99 + "};\n", []),
        "class.cpp": ("class a {\n" + "  int b;\n" * 99 + "};\n", []),
        "table.cpp": ("constexpr int t[] = {\n" + "    1,\n" * 99 + "};\n", []),
        "namespace.cpp": ("namespace a {\n\n" + "int b;\n" * 99 + "}\n", []),
    }
    well = True
    for name, (text, expected) in files.items():
        found = [start for start, lines in functions_in(text) if lines > MOST]
        if found != expected:
            print(f"{name}: found {found}, not {expected}")
            well = False
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "src").mkdir()
        (root / "src" / "long.cpp").write_text(files["long.cpp"][0], encoding="utf-8")
        well = well and len(list(complaints(root))) == 1
    print(f"{len(files)} planted")
    return well


def main():
    if sys.argv[1:] == ["--planted"]:
        sys.exit(0 if check_planted() else 1)
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    wrong = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(wrong))
    print(f"{len(wrong)} functions are too long")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
