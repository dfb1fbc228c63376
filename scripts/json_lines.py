"""JSON whose values know the line they stand on, so that what is wrong in a data file is told by file
and line. For the scripts that make tables of profiles, roles and exports."""

import dataclasses
import json
import re


@dataclasses.dataclass
class Node:
    """A value of a file: str, int, bool, None, list of nodes, or dict of nodes."""

    value: object
    line: int
    where: str  # basis[3].purposes[0]


class Malformed(Exception):
    """No JSON at all; the file cannot be read on."""


class Reader:
    """JSON as the standard module has it, except that each value knows its line."""

    def __init__(self, text):
        self.text = text
        self.at = 0

    def document(self):
        node = self.node("")
        self.blank()
        if self.at != len(self.text):
            self.fail("something follows the end of the document")
        return node

    def fail(self, what):
        raise Malformed(self.line(), what)

    def line(self):
        return self.text.count("\n", 0, self.at) + 1

    def blank(self):
        self.at = re.compile(r"[ \t\r\n]*").match(self.text, self.at).end()

    def took(self, character):
        self.blank()
        if self.text[self.at:self.at + 1] != character:
            return False
        self.at += 1
        return True

    def expect(self, character):
        if not self.took(character):
            self.fail(f"'{character}' is missing")

    def string(self):
        self.expect('"')
        try:
            value, self.at = json.decoder.scanstring(self.text, self.at, True)
        except ValueError as error:
            self.fail(str(error))
        return value

    def node(self, where):
        self.blank()
        line = self.line()
        begins = self.text[self.at:self.at + 1]
        if begins == "{":
            value = self.object(where)
        elif begins == "[":
            value = self.array(where)
        elif begins == '"':
            value = self.string()
        else:
            value = self.scalar()
        return Node(value, line, where)

    def scalar(self):
        found = re.compile(r"true|false|null|-?(0|[1-9][0-9]*)(?![0-9.eE])").match(
            self.text, self.at)
        if not found:
            self.fail("neither a text, a whole number, true, false, null, a list nor an object")
        self.at = found.end()
        return json.loads(found[0])

    def object(self, where):
        members = {}
        self.expect("{")
        while not self.took("}"):
            if members:
                self.expect(",")
            name = self.string()
            if name in members:
                self.fail(f'the member "{name}" is there twice')
            self.expect(":")
            members[name] = self.node(f"{where}.{name}" if where else name)
        return members

    def array(self, where):
        parts = []
        self.expect("[")
        while not self.took("]"):
            if parts:
                self.expect(",")
            parts.append(self.node(f"{where}[{len(parts)}]"))
        return parts


def read(file):
    """The document of a file. Raises Malformed with the line and what is wrong."""
    data = file.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Malformed(data.count(b"\n", 0, wrong.start) + 1, "not UTF-8") from None
    return Reader(text).document()


FORMS = {list: "list", dict: "object", str: "text"}


def of(form, node, what, stop):
    """The value of a node, which has to be of a form; `stop` is told the line and what is wrong."""
    if not isinstance(node.value, form):
        stop(node.line, f"{what}: no {FORMS[form]}")
    return node.value


def plain(node):
    """The same without lines, as the standard module has it."""
    if isinstance(node.value, dict):
        return {name: plain(each) for name, each in node.value.items()}
    if isinstance(node.value, list):
        return [plain(each) for each in node.value]
    return node.value
