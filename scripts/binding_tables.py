"""What every binding is made of, read from where the library itself has it.

functions()   of bindings/c/include/clientbook.h, each parameter with what it is for
structs()     of options, with their members
shapes()      of values: numbers and names of members, from src/transfer/shapes.cpp
LEFT_OUT      functions that a binding does not call, and why; every other one must be called
scripts/make_bindings.py writes the stubs of Node.js and Java from these.
"""

import pathlib
import re
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = ROOT / "bindings/c/include/clientbook.h"
sys.path.insert(0, str(ROOT / "tests/c"))
import header as c_header  # noqa: E402: the reader that the tests of the header share

# No status, or of use to the stubs alone: written by hand.
BY_HAND = {"clientbook_abi_version", "clientbook_cancel", "clientbook_version", "clientbook_error_name", "clientbook_bytes_free",
           "clientbook_context_create", "clientbook_context_destroy", "clientbook_session_where"}
CELLS = "a file that holds the root key is named where the book is made or opened"
FINDER = "a function of the host's would be called back for every text of a read: hosts in C and Python have it"
BUILDER = "these languages have JSON of their own"
ITEMS = "their methods for purchases and notes read the same as JSON"
SLOTS = "a passphrase would lie in memory that a collector moves: the program and other languages change what opens a book"
SECRET = "a secret key would lie in memory that a collector moves: a privacy officer turns tokens back by C or Python"
LEFT_OUT = {
    "clientbook_book_create_with_cell": CELLS,
    "clientbook_book_open_with_cell": CELLS,
    "clientbook_root_cell_create_file": CELLS,
    "clientbook_root_cell_open_file": CELLS,
    "clientbook_root_cell_from_functions": "a root key in the host's hands would lie in memory that a collector moves",
    "clientbook_builder_begin": BUILDER,
    "clientbook_builder_create": BUILDER,
    "clientbook_builder_day": BUILDER,
    "clientbook_builder_end": BUILDER,
    "clientbook_builder_integer": BUILDER,
    "clientbook_builder_take": BUILDER,
    "clientbook_builder_text": BUILDER,
    "clientbook_builder_truth": BUILDER,
    "clientbook_cursor_items": ITEMS,
    "clientbook_session_items": ITEMS,
    "clientbook_session_set_text_finder": FINDER,
    "clientbook_reversal_key": SECRET,
    "clientbook_session_reverse_token": SECRET,
    "clientbook_key_file_create": SLOTS,
    "clientbook_key_slots": SLOTS,
    "clientbook_session_add_key_slot": SLOTS,
    "clientbook_session_change_key_slot": SLOTS,
    "clientbook_session_remove_key_slot": SLOTS,
    "clientbook_session_renew_root_key": SLOTS,
    "clientbook_session_unseal_root_key": SLOTS,
    "clientbook_session_add_notice": "clientbook_session_add_notice_and_tell says the same and more",
    "clientbook_session_may_collect": "clientbook_session_may_collect_born does the same",
    "clientbook_term_word": "clientbook_terms tells all words with their numbers",
}
# Their bytes are no text.
RAW = {"clientbook_session_read", "clientbook_session_preview", "clientbook_session_disclose",
       "clientbook_cursor_next", "clientbook_session_purposes", "clientbook_session_find_exactly",
       "clientbook_session_seal_column", "clientbook_session_read_columns", "clientbook_session_disclose_columns",
       "clientbook_redact_form", "clientbook_redactor_write", "clientbook_redactor_finish",
       "clientbook_session_ledger_file", "clientbook_seal"}
SCALARS = {"uint8_t", "uint16_t", "uint32_t", "uint64_t", "int32_t", "int64_t", "size_t", "clientbook_handle"}
OUTS = {"clientbook_bytes*", "uint8_t*", "uint32_t*", "uint64_t*", "clientbook_id*", "clientbook_handle*"}


class Argument(NamedTuple):
    kind: str  # context, scalar, data, id, struct, out, where, error
    type: str
    name: str
    optional: bool


class Call(NamedTuple):
    name: str  # with clientbook_
    arguments: list

    @property
    def short(self):
        return self.name.removeprefix("clientbook_")

    def of(self, *kinds):
        return [one for one in self.arguments if one.kind in kinds]

    @property
    def session(self):
        """Whether a refused text is explained by clientbook_session_where()."""
        return any(one.name == "session" for one in self.arguments)


class Member(NamedTuple):
    kind: str  # size, scalar, data, letters, function, pointer, reserved
    type: str
    name: str


def _argument(parameter):
    kind = parameter.type
    if kind == "clientbook_context*":
        return "context"
    if kind == "clientbook_error*":
        return "error"
    if parameter.name == "where":
        return "where"
    if kind in OUTS:
        return "out"
    if kind == "const clientbook_id*":
        return "id"
    if kind in ("const char*", "const uint8_t*"):
        return "data"
    if kind.startswith("const clientbook_"):
        return "struct"
    if kind in SCALARS:
        return "scalar"
    sys.exit(f"clientbook.h: no binding knows the type {kind} of {parameter.name}")


def functions():
    """All that a binding's stubs call, in the order of the header."""
    out = []
    for function in c_header.functions(HEADER):
        if function.name in BY_HAND or function.name in LEFT_OUT:
            continue
        arguments = []
        for parameter in function.parameters:
            if arguments and arguments[-1].kind == "data" and parameter.name == arguments[-1].name + "_size":
                continue
            arguments.append(Argument(_argument(parameter), parameter.type.removeprefix("const "), parameter.name,
                                      parameter.may_be_null))
        out.append(Call(function.name, arguments))
    return out


def _member(line, before):
    if "(*" in line:
        return Member("function", line, re.search(r"\(\*(\w+)\)", line)[1])
    type_, name = re.fullmatch(r"(.*[\s*])(\w+(?:\[\d+\])?)", line).groups()
    type_ = " ".join(type_.split()).removeprefix("const ")
    if name == "struct_size":
        return Member("size", type_, name)
    if name == "reserved":
        return Member("reserved", type_, name)
    if before and before.kind == "data" and name == before.name + "_size":
        return None
    if name.endswith("]"):
        return Member("letters", type_, name.split("[")[0])
    if type_ in ("char*", "uint8_t*"):
        return Member("data", type_, name)
    return Member("pointer" if type_.endswith("*") else "scalar", type_, name)


def structs():
    """{"clientbook_request": [Member, ...]}, of those that begin with their size."""
    text = re.sub(r"/\*.*?\*/", " ", HEADER.read_text(encoding="utf-8"), flags=re.DOTALL)
    out = {}
    for body, name in re.findall(r"typedef struct \w+ \{([^{}]*)\} (clientbook_\w+);", text):
        members = []
        for line in (" ".join(part.split()) for part in body.split(";")):
            found = _member(line, members[-1] if members else None) if line else None
            if found:
                members.append(found)
        if members[0].kind == "size":
            out[name] = members
    return out


def shapes():
    """[(class, field type or 0, [(number, name, kind)])] of structs, in the order of JSON."""
    source = (ROOT / "src/transfer/shapes.cpp").read_text(encoding="utf-8")
    members = {}
    for name, body in re.findall(r"shape_member (\w+)_members\[\] = \{(.*?)\};", source, re.DOTALL):
        members[name] = [(int(number), key, kind) for number, key, kind
                         in re.findall(r'\{(\d+), "(\w+)", (\w+)\}', body)]
    enum = (ROOT / "include/clientbook/model/schema.hpp").read_text(encoding="utf-8")
    body = re.search(r"enum class field_type[^{]*\{(.*?)\n\};", enum, re.DOTALL)[1]
    numbers = {name: int(number) for name, number in re.findall(r"^\s*(\w+) = (\d+),", body, re.MULTILINE)}
    types = {shape: numbers[type_] for type_, shape in
             re.findall(r"case field_type::(\w+):\s*return \{structure, (\w+)_members\};", source)}
    names = {"household": "HouseholdLink", "line": "PurchaseLine"}
    return [(names.get(name, "".join(part.title() for part in name.split("_"))), types.get(name, 0), rows)
            for name, rows in members.items()]


def unbound():
    """Names in clientbook.symbols that neither stubs nor LEFT_OUT account for, and the other way round."""
    rows = (ROOT / "bindings/c/clientbook.symbols").read_text(encoding="utf-8").splitlines()
    listed = {row.split()[0] for row in rows if row and not row.startswith("#")}
    known = {call.name for call in functions()} | BY_HAND | set(LEFT_OUT)
    return sorted(listed ^ known)
