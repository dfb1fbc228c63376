"""Reads the tables of sabotages: rows, their members, and the mistakes in them. apply.py says what a
table is and checks what the members name."""

import dataclasses
import re
import sys
import zlib

ONCE = {"test", "case", "compiles", "alone"}
MANY = {"file", "replace", "with"}


@dataclasses.dataclass
class Edit:
    """A text of one file and what stands there instead."""

    file: str
    file_line: int
    line: int
    text: str
    instead: str | None = None


@dataclasses.dataclass
class Sabotage:
    """One row of a table."""

    name: str
    table: str
    line: int
    members: dict = dataclasses.field(default_factory=dict)  # name -> (value, line)
    edits: list = dataclasses.field(default_factory=list)
    alone: str = ""  # Why its copies are its own; "" where they are shared.

    def number(self):
        """What stands for the row in a copy: it hangs on the name alone, so that a row that is added
        changes no copy but that of its file. chosen.cpp makes the same of a name."""
        return zlib.crc32(self.name.encode())

    def value(self, member):
        return self.members[member][0] if member in self.members else ""

    def compiles(self):
        return self.value("compiles").split()

    def files(self):
        return list(dict.fromkeys(edit.file for edit in self.edits))


class Mistakes:
    """What is wrong with the tables, to be told all at once."""

    def __init__(self):
        self.told = []

    def tell(self, row, line, text):
        self.told.append(f"{row.table}:{line}: {row.name}: {text}")

    def end_if_any(self):
        if self.told:
            sys.exit("\n".join(self.told))


def members_of(table, text, mistakes):
    """Yields (line, member, value); a row begins with the member "["."""
    outside = Sabotage("(no row)", table, 0)
    found = None
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1].isspace() or not line:
            if line.strip() and found is None:
                mistakes.tell(outside, number, "a line that is set in belongs to no member")
            elif found:
                found[2].append(line.strip())
            continue
        if line.startswith("#"):
            continue
        if found:
            yield found[0], found[1], "\n".join(found[2]).strip()
            found = None
        if head := re.fullmatch(r"\[([a-z0-9_]+)\]\s*", line):
            yield number, "[", head[1]
        elif member := re.fullmatch(r"([a-z]+):(.*)", line):
            found = (number, member[1], [member[2].strip()])
        else:
            mistakes.tell(outside, number, f'neither "[name]" nor "member: value": {line}')
    if found:
        yield found[0], found[1], "\n".join(found[2]).strip()


def add_member(row, line, member, value, mistakes):
    """Takes one member into its row. The last file named holds until another is."""
    if member in ONCE:
        if member in row.members:
            mistakes.tell(row, line, f'"{member}" is there twice')
        row.members[member] = (value, line)
    elif member == "file":
        row.members["file"] = (value, line)
    elif member == "replace":
        file, file_line = row.members.get("file", ("", line))
        if not file:
            mistakes.tell(row, line, '"file" is missing before "replace"')
        if not value:
            mistakes.tell(row, line, '"replace" names no text')
        row.edits.append(Edit(file, file_line, line, value))
    elif not row.edits or row.edits[-1].instead is not None:
        mistakes.tell(row, line, '"with" follows no "replace"')
    else:
        row.edits[-1].instead = value


def read_table(path, table, mistakes):
    """The rows of one table; `table` is what it is called in messages."""
    rows = []
    for line, member, value in members_of(table, path.read_text(encoding="utf-8"), mistakes):
        if member == "[":
            rows.append(Sabotage(value, table, line))
        elif not rows:
            mistakes.tell(Sabotage("(no row)", table, 0), line, "a member before the first [name]")
        elif member not in ONCE | MANY:
            mistakes.tell(rows[-1], line, f'there is no member "{member}"')
        else:
            add_member(rows[-1], line, member, value, mistakes)
    return rows
