"""Sabotaged copies of sources, made from tables.

usage: apply.py check|cmake|write [--root DIR] [--to DIR] [--rooms NAME...] [--tests NAME...]
                --tables TABLE...

  check   every row: its members are there, its texts stand where they should
  cmake   the same, and prints the rows as calls of clientbook_sabotage()
  write   the same, and writes the copies below --to; a copy that would not change is left alone

A table (tests/sabotage/*.sabotage) has one row a sabotage:

  # A line that begins with # in the first column is for people.
  [stage_1_dropped]
  file: src/consent/evaluate.cpp
  test: consent
  case: evaluate: stage 1: no grant opens what the profile prohibits
  replace: out.prohibited |= mask;
  with:

What belongs to a member may go on in lines that are set in. White space does not count when the
text to replace is looked for, which must be in the file exactly once. Nothing after "with:" takes
the text away. More pairs of replace and with, and of file with them, make one sabotage of
several places. Where a header is sabotaged, "compiles:" names the .cpp files that are compiled
with it.

Exit codes: 0 done, 1 a table is wrong: each mistake by table, line and sabotage.
"""

import argparse
import dataclasses
import pathlib
import re
import sys

ONCE = {"test", "case", "compiles"}
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


def room_of(file, rooms=None):
    """src/adapters/lmdb/x.cpp is of the room adapters_lmdb; src/exchange/csv/y.cpp of exchange,
    which sorts its sources into folders."""
    parts = pathlib.PurePosixPath(file).parts[1:-1]
    inner = parts
    while rooms and inner and "_".join(inner) not in rooms:
        inner = inner[:-1]
    return "_".join(inner or parts)


def spans_of(text, wanted):
    """Where `wanted` stands, whatever white space lies between its characters."""
    pattern = r"\s*".join(re.escape(each) for each in wanted if not each.isspace())
    # A text that begins or ends as a name does is not part of a longer name.
    begin = r"(?<!\w)" if re.match(r"\w", wanted) else ""
    end = r"(?!\w)" if re.search(r"\w$", wanted) else ""
    # Looked for ahead, so that texts that overlap count too.
    return [match.span(1) for match in re.finditer(f"(?={begin}({pattern}){end})", text)]


def check_members(row, known, mistakes):
    """That the row has its members, and that room and test are there."""
    for member in ("file", "test", "case"):
        if not row.value(member):
            mistakes.tell(row, row.line, f'"{member}" is missing')
    if not row.edits:
        mistakes.tell(row, row.line, '"replace" is missing')
    for edit in row.edits:
        if edit.instead is None:
            mistakes.tell(row, edit.line, '"with" is missing after "replace"')
    if known.tests is not None and row.value("test") and row.value("test") not in known.tests:
        test, line = row.members["test"]
        mistakes.tell(row, line, f"there is no test {test} (clientbook_test_{test})")
    headers = [file for file in row.files() if file.endswith(".hpp")]
    if headers and not row.compiles():
        mistakes.tell(row, row.line, f'"compiles" is missing: who is compiled with {headers[0]}?')


def check_files(row, known, mistakes):
    """That the files of the row are sources of a room that is built."""
    lines = {edit.file: edit.file_line for edit in row.edits if edit.file}
    for file in row.compiles():
        lines.setdefault(file, row.members["compiles"][1])
        if not file.endswith(".cpp"):
            mistakes.tell(row, lines[file], f"only a .cpp file can be compiled: {file}")
    for file, line in lines.items():
        if not (known.root / file).is_file():
            mistakes.tell(row, line, f"there is no file {file}")
        elif file.endswith(".cpp"):
            if known.rooms is not None and room_of(file, known.rooms) not in known.rooms:
                mistakes.tell(row, line, f"there is no room {room_of(file)} for {file}")
        elif not file.endswith(".hpp"):
            mistakes.tell(row, line, f"neither a .cpp nor a .hpp file: {file}")
        elif not re.search(r"^#ifndef \w+_HPP\b", (known.root / file).read_text("utf-8"), re.M):
            # The copy is included first; the guard keeps the original out.
            mistakes.tell(row, line, f"{file} has no guard that ends in _HPP")


def place_edits(row, file, text, mistakes):
    """(begin, end, instead) of every edit of that file, in order."""
    places = []
    for edit in (each for each in row.edits if each.file == file and each.text):
        found = spans_of(text, edit.text)
        if len(found) != 1:
            mistakes.tell(
                row,
                edit.line,
                f"the text to replace is found {len(found)} times in {file}, it must be once",
            )
        elif edit.instead is not None:
            if "".join(edit.text.split()) == "".join(edit.instead.split()):
                mistakes.tell(row, edit.line, "the replacement changes nothing")
            places.append((*found[0], edit.instead, edit.line))
    places.sort()
    for before, after in zip(places, places[1:]):
        if after[0] < before[1]:
            mistakes.tell(row, after[3], "the texts to replace overlap")
    return [place[:3] for place in places]


def sabotaged(path, text, places):
    """The text with its replacements; diagnostics name the original, and its lines as far as
    replacements are not longer than what they replace."""
    out = [f'#line 1 "{path}"\n']
    at = 0
    for begin, end, instead in places:
        short = text.count("\n", begin, end) - instead.count("\n")
        out += [text[at:begin], instead, "\n" * short]
        at = end
    return "".join(out) + text[at:]


def read_all(tables, known):
    """Every row of every table with its copies, {path below --to: text}; ends with the list of
    mistakes if there is one."""
    mistakes = Mistakes()
    rows = []
    copies = {}
    for path in tables:
        table = path.relative_to(known.root) if path.is_relative_to(known.root) else path
        rows += read_table(path, str(table), mistakes)
    first = {}
    for row in rows:
        if first.setdefault(row.name, row) is not row:
            other = first[row.name]
            mistakes.tell(row, row.line, f"the name is taken: {other.table}:{other.line}")
        check_members(row, known, mistakes)
        check_files(row, known, mistakes)
        for file in row.files():
            if (known.root / file).is_file():
                text = (known.root / file).read_text(encoding="utf-8")
                places = place_edits(row, file, text, mistakes)
                copies[f"{row.name}/{file}"] = sabotaged(known.root / file, text, places)
    mistakes.end_if_any()
    return rows, copies


def as_cmake(row, rooms):
    """The row as a call of clientbook_sabotage()."""
    sources = [file for file in row.files() if file.endswith(".cpp")]
    headers = [file for file in row.files() if file.endswith(".hpp")]
    originals = [file for file in row.compiles() if file not in sources]
    rooms = sorted({room_of(file, rooms) for file in sources + originals})
    lists = {"ROOMS": rooms, "COPIES": sources, "HEADERS": headers, "ORIGINALS": originals}
    lines = [f"clientbook_sabotage({row.name}", f"  TEST {row.value('test')}"]
    lines += [f"  CASE [==[{row.value('case')}]==]"]
    lines += [f"  {name} {' '.join(each)}" for name, each in lists.items() if each]
    return "\n".join(lines) + ")\n"


def write_changed(path, text):
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["check", "cmake", "write"])
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path.cwd())
    parser.add_argument("--to", type=pathlib.Path)
    parser.add_argument("--rooms", nargs="*")
    parser.add_argument("--tests", nargs="*")
    parser.add_argument("--tables", nargs="+", type=pathlib.Path, required=True)
    known = parser.parse_args(arguments)
    if known.what == "write" and known.to is None:
        parser.error("write needs --to")
    rows, copies = read_all(known.tables, known)
    if known.what == "cmake":
        print("".join(as_cmake(row, known.rooms) for row in rows), end="")
    elif known.what == "write":
        for name, text in copies.items():
            write_changed(known.to / name, text)
    else:
        print(f"{len(rows)} sabotages")


if __name__ == "__main__":
    main()
