#!/usr/bin/env python3
"""Writes the ABI of clientbook.h down: functions with their types, numbers of enumerators, sizes and offsets of structs.

usage: make_layout.py CLIENTBOOK_H --text COMPILER        prints it
       make_layout.py CLIENTBOOK_H --library OUT_C        writes a library of C that defines every function and does
                                                          nothing, whose debugging information a checker of ABIs reads

Sizes and offsets are those that a compiler lays out, not what this script thinks of them.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import header


def code_of(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)


def enumerators(code):
    out = []
    for body in re.findall(r"enum \{(.*?)\};", code, re.DOTALL):
        out += re.findall(r"(CLIENTBOOK_\w+)\s*=", body)
    return out


def structs(code):
    """[(name, [(member, its declaration), ...])], in the header's order."""
    out = []
    for body, name in re.findall(r"typedef struct \w+ \{([^{}]*)\} (clientbook_\w+);", code):
        members = []
        for part in (" ".join(one.split()) for one in body.split(";")):
            if not part:
                continue
            function = re.search(r"\(\*(\w+)\)", part)
            name_of = function[1] if function else re.search(r"(\w+)(?:\[\d+\])?$", part)[1]
            members.append((name_of, part))
        out.append((name, members))
    return out


def program(path, code):
    lines = ["#include <clientbook.h>", "#include <stdio.h>", "int main(void) {",
             '  printf("abi version %u\\n", (unsigned)CLIENTBOOK_ABI_VERSION);']
    lines += [f'  printf("{name} = %ld\\n", (long){name});' for name in enumerators(code)]
    for name, members in structs(code):
        lines.append(f'  printf("struct {name}: %zu\\n", sizeof({name}));')
        lines += [f'  printf("  %zu, %zu: {said}\\n", offsetof({name}, {member}), sizeof((({name}*)0)->{member}));'
                  for member, said in members]
    return "\n".join(lines + ["  return 0;", "}", ""])


def told(path, compiler):
    code = code_of(path)
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder) / "layout.c", pathlib.Path(folder) / "layout"
        source.write_text(program(path, code), encoding="utf-8")
        subprocess.run([compiler, "-std=c99", "-I", str(pathlib.Path(path).parent), "-o", str(binary), str(source)], check=True)
        layout = subprocess.run([str(binary)], check=True, capture_output=True, text=True).stdout
    functions = []
    for function in sorted(header.functions(path), key=lambda one: one.name):
        parameters = ", ".join(f"{one.type}{' or NULL' if one.may_be_null else ''}" for one in function.parameters)
        functions.append(f"{function.result} {function.name}({parameters or 'void'})")
    return layout + "\n".join(functions) + "\n"


def written_as_c(path):
    lines = ["/* Written by make_layout.py. */", "#include <clientbook.h>", ""]
    for function in header.functions(path):
        parameters = ", ".join(f"{one.type} {one.name}" for one in function.parameters) or "void"
        lines.append(f"{function.result} {function.name}({parameters}) {{")
        lines += [f"  (void){one.name};" for one in function.parameters]
        if function.result != "void":
            lines.append(f"  return ({function.result})0;")
        lines += ["}", ""]
    return "\n".join(lines)


def main():
    path, what, where = sys.argv[1:]
    if what == "--text":
        sys.stdout.write(told(path, where))
    else:
        pathlib.Path(where).write_text(written_as_c(path), encoding="utf-8")


if __name__ == "__main__":
    main()
