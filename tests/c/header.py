"""Reads clientbook.h: the functions it declares, with their parameters.

Used by the generators of tests, so that no function can be forgotten.
"""

import pathlib
import re
from typing import NamedTuple


class Parameter(NamedTuple):
    type: str  # "const char*"
    name: str
    may_be_null: bool

    @property
    def is_pointer(self):
        return "*" in self.type


class Function(NamedTuple):
    result: str
    name: str
    parameters: list


def functions(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    text = re.sub(r"^\s*#.*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\{[^{}]*\}", " ", text)  # bodies of structs and enumerations
    out = []
    for result, name, rest in re.findall(
            r"([\w ]+\*?)\s+(clientbook_\w+)\(([^)]*)\)\s*;", text):
        parameters = []
        for one in (part.strip() for part in rest.split(",")):
            if one == "void":
                continue
            may_be_null = one.startswith("CLIENTBOOK_MAY_BE_NULL")
            one = one.removeprefix("CLIENTBOOK_MAY_BE_NULL").strip()
            type_, name_ = re.fullmatch(r"(.*[\s*])(\w+)", one).groups()
            parameters.append(Parameter(" ".join(type_.split()), name_, may_be_null))
        out.append(Function(" ".join(result.split()), name, parameters))
    return out
