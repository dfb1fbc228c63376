"""Sabotaged copies of sources, made from tables.

usage: apply.py check|alone|cmake|write [--root DIR] [--to DIR] [--rooms NAME...] [--tests NAME...]
                --tables TABLE...

  check   every row: its members are there, its texts stand where they should
  alone   the same, and prints the rows that need copies of their own, and why
  cmake   the same, and prints copies, programs and rows as calls of sabotage/CMakeLists.txt
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
with it. The case of a row with "test: program" is a file of tests/cli and a test in it.

A file has one copy for all its rows. In it the body of a function that a row changes stands once more,
changed, behind the question whether that row is chosen when the program runs (chosen.cpp):

  { if (chosen == row 1) { body changed by row 1 } else if ... else { the body as it is } }

A row that changes what is no body (a declaration, a constant, a header) has a copy and a program of its
own: that is told from the text. "alone:" says of a row why it must have them all the same.

Exit codes: 0 done, 1 a table is wrong: each mistake by table, line and sabotage.
"""

import argparse
import functools
import pathlib
import re

import bodies
import tables

CHOSEN = "clientbook_sabotage_chosen"
TOKEN = re.compile(r"\w+|\S")


def room_of(file, rooms=None):
    """src/adapters/lmdb/x.cpp is of the room adapters_lmdb; src/exchange/csv/y.cpp of exchange,
    which sorts its sources into folders."""
    parts = pathlib.PurePosixPath(file).parts[1:-1]
    inner = parts
    while rooms and inner and "_".join(inner) not in rooms:
        inner = inner[:-1]
    return "_".join(inner or parts)


class Source:
    """The text of a file that rows change."""

    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.places = [i for i, each in enumerate(self.text) if not each.isspace()]
        self.dense = "".join(self.text.split())

    @functools.cached_property
    def bodies(self):
        """Those of its functions; none where brackets cannot be followed."""
        try:
            return bodies.bodies_of(self.text)
        except bodies.Unreadable:
            return []

    def spans_of(self, wanted):
        """Where `wanted` stands, whatever white space lies between its characters."""
        dense = "".join(wanted.split())
        spans = []
        at = self.dense.find(dense)
        while at >= 0:
            begin, end = self.places[at], self.places[at + len(dense) - 1] + 1
            # A text that begins or ends as a name does is not part of a longer name.
            before, after = self.text[begin - 1 : begin + 1], self.text[end - 1 : end + 1]
            if not re.fullmatch(r"\w\w", before) and not re.fullmatch(r"\w\w", after):
                spans.append((begin, end))
            at = self.dense.find(dense, at + 1)  # Texts that overlap count too.
        return spans


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
    if "alone" in row.members and not row.value("alone"):
        mistakes.tell(row, row.members["alone"][1], '"alone" does not say why')
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


def place_edits(row, file, source, mistakes):
    """(begin, end, instead) of every edit of that file, in order."""
    places = []
    for edit in (each for each in row.edits if each.file == file and each.text):
        found = source.spans_of(edit.text)
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


def copy_of_its_own(source, places):
    """The text with its replacements; diagnostics name the original, and its lines as far as
    replacements are not longer than what they replace."""
    return f'#line 1 "{source.path}"\n' + replaced(source.text, 0, len(source.text), places)


def replaced(text, begin, end, places):
    """That part of the text with its replacements."""
    out = []
    for first, last, instead in places:
        short = text.count("\n", first, last) - instead.count("\n")
        out += [text[begin:first], instead, "\n" * short]
        begin = last
    return "".join(out) + text[begin:end]


def narrowed(text, place):
    """The place without what its replacement begins and ends with just so: a row may quote the head of
    a function only to say which it is."""
    begin, end, instead = place
    old = list(TOKEN.finditer(text, begin, end))
    new = list(TOKEN.finditer(instead))
    most = min(len(old), len(new))
    first = 0
    while first < most and old[first][0] == new[first][0]:
        first += 1
    last = 0
    while last < most - first and old[-1 - last][0] == new[-1 - last][0]:
        last += 1
    from_old, from_new = (old[first - 1].end(), new[first - 1].end()) if first else (begin, 0)
    to_old, to_new = (old[-last].start(), new[-last].start()) if last else (end, len(instead))
    return from_old, to_old, instead[from_new:to_new]


def by_body(source, places):
    """({index of a body: its places}, why the row cannot be chosen at run time or "")"""
    inside = {}
    for place in places:
        less = narrowed(source.text, place)
        for index, body in enumerate(source.bodies):
            if body.begin < less[0] and less[1] < body.end:
                break
        else:
            return {}, "it changes what is in no body of a function"
        if body.alone:
            return {}, "it changes " + body.alone
        whole = body.begin < place[0] and place[1] < body.end
        inside.setdefault(index, []).append(place if whole else less)
    return inside, ""


def shared_copy(source, changes):
    """The copy for all rows of a file. changes: {index of a body: [(row, places)]}"""
    text = source.text
    out = [f'extern unsigned {CHOSEN};\n#line 1 "{source.path}"\n']
    at = 0
    for index in sorted(changes):
        body = source.bodies[index]
        line = text.count("\n", 0, body.begin) + 1
        out += [text[at : body.begin], "{"]
        for row, places in changes[index]:
            changed = replaced(text, body.begin, body.end, places)
            out += [f" if ({CHOSEN} == {row.number():#x}u)\n"]
            out += [f'#line {line} "{source.path} [{row.name}]"\n', changed, " else"]
        out += [f'\n#line {line} "{source.path}"\n', text[body.begin : body.end], "}"]
        at = body.end
    return "".join(out) + text[at:]


def shared_changes(row, places, sources):
    """{file: {index of a body: places}}; says in row.alone why there is none."""
    row.alone = row.value("alone")
    if any(file.endswith(".hpp") for file in row.files()):
        row.alone = row.alone or "it changes a header"
    changes = {}
    for file in row.files():
        if row.alone:
            return {}
        changes[file], row.alone = by_body(sources[file], places[file])
    return {} if row.alone else changes


def read_all(known):
    """Every row of every table with its copies and its test's list of cases, {path below --to: text};
    ends with the list of mistakes if there is one."""
    mistakes = tables.Mistakes()
    rows = []
    for path in known.tables:
        table = path.relative_to(known.root) if path.is_relative_to(known.root) else path
        rows += tables.read_table(path, str(table), mistakes)
    check_names(rows, mistakes)
    sources = {}
    shared = {}  # file -> index of a body -> [(row, places)]
    copies = {}
    for row in rows:
        check_members(row, known, mistakes)
        check_files(row, known, mistakes)
        places = {}
        for file in (each for each in row.files() if (known.root / each).is_file()):
            if file not in sources:
                sources[file] = Source(known.root / file)
            places[file] = place_edits(row, file, sources[file], mistakes)
        if mistakes.told:
            continue
        for file, changes in shared_changes(row, places, sources).items():
            for index, inside in changes.items():
                shared.setdefault(file, {}).setdefault(index, []).append((row, inside))
        if row.alone:
            for file, each in places.items():
                copies[f"alone/{row.name}/{file}"] = copy_of_its_own(sources[file], each)
    mistakes.end_if_any()
    for file, changes in shared.items():
        copies[f"shared/{file}"] = shared_copy(sources[file], changes)
    copies |= lists_of_cases(rows)
    return rows, copies


def lists_of_cases(rows):
    """{path below --to: the cases of a test that rows with shared copies name}"""
    cases = {}
    for row in (each for each in rows if not each.alone):
        cases.setdefault(f"cases/{row.value('test')}", set()).add(row.value("case"))
    return {path: "".join(f"{case}\n" for case in sorted(cases[path])) for path in cases}


def check_names(rows, mistakes):
    """That names, and the numbers that are made of them, are of one row each."""
    first = {}
    for row in rows:
        other = first.setdefault(row.number(), row)
        if other is not row and other.name == row.name:
            mistakes.tell(row, row.line, f"the name is taken: {other.table}:{other.line}")
        elif other is not row:
            mistakes.tell(row, row.line, f"the name has the number of {other.name}: choose another")


def call(function, name, **lists):
    """A call of a CMake function; what is empty is left out."""
    lines = [f"{function}({name}"]
    lines += [f"  {key} {' '.join(each)}" for key, each in lists.items() if each]
    return "\n".join(lines) + ")\n"


def as_cmake(rows, rooms):
    """Copies, programs and rows, in this order, as calls of functions of CMakeLists.txt."""
    tests = {}
    for row in (each for each in rows if not each.alone):
        tests.setdefault(row.value("test"), set()).update(row.files())
    copies = sorted(set().union(*tests.values()))
    out = [call("clientbook_sabotaged_copy", file, ROOM=[room_of(file, rooms)]) for file in copies]
    out += [call("clientbook_sabotaged_test", test, COPIES=sorted(tests[test])) for test in tests]
    return "".join(out) + "".join(row_as_cmake(row, rooms) for row in rows)


def row_as_cmake(row, rooms):
    sources = [file for file in row.files() if file.endswith(".cpp")]
    originals = [file for file in row.compiles() if file not in sources]
    lists = {"TEST": [row.value("test")], "CASE": [f"[==[{row.value('case')}]==]"]}
    if not row.alone:
        return call("clientbook_sabotage", row.name, **lists)
    lists["ROOMS"] = sorted({room_of(file, rooms) for file in sources + originals})
    lists["COPIES"] = sources
    lists["HEADERS"] = [file for file in row.files() if file.endswith(".hpp")]
    return call("clientbook_sabotage_alone", row.name, **lists, ORIGINALS=originals)


def write_changed(path, text):
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["check", "alone", "cmake", "write"])
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path.cwd())
    parser.add_argument("--to", type=pathlib.Path)
    parser.add_argument("--rooms", nargs="*")
    parser.add_argument("--tests", nargs="*")
    parser.add_argument("--tables", nargs="+", type=pathlib.Path, required=True)
    known = parser.parse_args(arguments)
    if known.what == "write" and known.to is None:
        parser.error("write needs --to")
    rows, copies = read_all(known)
    if known.what == "cmake":
        print(as_cmake(rows, known.rooms), end="")
    elif known.what == "write":
        for name, text in copies.items():
            write_changed(known.to / name, text)
    elif known.what == "alone":
        for row in (each for each in rows if each.alone):
            print(f"{row.table}:{row.line}: {row.name}: {row.alone}")
    else:
        print(f"{len(rows)} sabotages, {sum(bool(row.alone) for row in rows)} of them alone")


if __name__ == "__main__":
    main()
