#!/usr/bin/env python3
"""Makes the C++ tables of the consent vocabulary from src/consent/vocabulary.csv.

usage: make_vocabulary.py [--check] [--append DPV_FOLDER]

vocabulary.csv is the project's own table of facts: kind, number, name, term, label, parents,
flags. Numbers are stored in books, so lines are appended, never changed. --append DPV_FOLDER
adds the terms of W3C DPV that the table lacks, with the next free numbers, and reports parents
that differ. --check writes nothing and fails if the generated files are not up to date.

Flags: b barrier (a grant must name it), d denials only (a grant cannot name it).

Exit codes: 0 done; 1 the table is wrong, each mistake by line, or a file is not up to date.
"""

import csv
import itertools
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TABLE = os.path.join(ROOT, "src/consent/vocabulary.csv")
LIMITS = {"purpose": 191, "category": 255, "recipient": 31, "operation": 15}
FIRST = {"purpose": 1, "category": 1, "recipient": 1, "operation": 0}
TYPES = {"purpose": "purpose_id", "category": "category_id", "recipient": "recipient_id",
         "operation": "operation_id"}
COLUMNS = ["kind", "number", "name", "term", "label", "parents", "flags"]
# Other names of categories, in the words of a client book.
ALIASES = {"government_id": "official_id", "employer": "current_employment"}


def snake(term):
    word = term.split(":")[1]
    word = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", word)
    word = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", word)
    return word.lower()


def read_table(path=TABLE):
    """The rows, each with its line; a row that is no row is a mistake of its own."""
    rows, mistakes = [], []
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            return [], [f"{path}:1: the columns are {','.join(COLUMNS)}"]
        for row in reader:
            place = f"{path}:{reader.line_num}: "
            if None in row or None in row.values():
                mistakes.append(place + f"a row has {len(COLUMNS)} columns")
            elif not row["number"].isdecimal():
                mistakes.append(place + f"number: not a number: {row['number']}")
            else:
                row["number"] = int(row["number"])
                row["parents"] = row["parents"].split()
                row["place"] = place
                rows.append(row)
    return rows, mistakes


def write_table(rows):
    with open(TABLE, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        for row in rows:
            out.writerow([row["kind"], row["number"], row["name"], row["term"], row["label"],
                          " ".join(row["parents"]), row["flags"]])


def append(rows, folder):
    with open(os.path.join(folder, "dpv-2.3-tree.json"), encoding="utf-8") as file:
        trees = json.load(file)["taxonomies"]
    core = {"dpv:PersonalData", "dpv:SensitivePersonalData", "dpv:SpecialCategoryPersonalData"}
    wanted = [("purpose", t) for t in trees["purpose"]]
    wanted += [("category", t) for t in trees["personal_data_core"] if t["term"] in core]
    wanted += [("category", t) for t in trees["personal_data"]]
    known = {(row["kind"], row["term"]): row for row in rows}
    for kind, term in wanted:
        row = known.get((kind, term["term"]))
        if row is None:
            taken = [r["number"] for r in rows if r["kind"] == kind]
            row = {"kind": kind, "number": max(taken, default=FIRST[kind] - 1) + 1,
                   "name": snake(term["term"]), "term": term["term"], "label": term["label"],
                   "parents": [p for p in term["parents"]], "flags": "",
                   "place": f"{TABLE}: {term['term']}: "}
            rows.append(row)
            print(f"appended {kind} {row['number']} {row['term']}")
        elif row["parents"] != term["parents"]:
            print(f"parents differ: {row['term']} here {row['parents']}, DPV {term['parents']}")


def check(rows):
    """What is wrong with the rows, each by its line."""
    mistakes = []
    terms = {row["term"] for row in rows}
    last, seen = {}, set()
    for row in rows:
        def tell(member, what):
            mistakes.append(row["place"] + f"{member}: {what}")

        kind = row["kind"]
        if kind not in LIMITS:
            tell("kind", f"there is no such kind: {kind}")
            continue
        wanted = last.get(kind, FIRST[kind] - 1) + 1
        if row["number"] != wanted:
            tell("number", f"the next {kind} is {wanted}, not {row['number']}: numbers are stored,"
                 " rows are only appended")
        last[kind] = row["number"]
        if row["number"] > LIMITS[kind]:
            tell("number", f"there are at most {LIMITS[kind]} of {kind}")
        if not re.fullmatch("[a-z][a-z0-9_]*", row["name"]):
            tell("name", f"not a name in C++: {row['name']}")
        for member in ("name", "term"):
            if (kind, member, row[member]) in seen:
                tell(member, f"a {kind} of that {member} is there already: {row[member]}")
            seen.add((kind, member, row[member]))
        if re.search(r'["\\]', row["term"] + row["label"]):
            tell("label", "no quotation marks and no backslashes")
        if len(row["parents"]) > 3:
            tell("parents", "a term has at most three parents")
        for parent in row["parents"]:
            # A parent of another taxonomy is named by its prefix; one of ours has to be there.
            if parent not in terms and parent.startswith("cb:"):
                tell("parents", f"no row has this term: {parent}")
            if parent == row["term"]:
                tell("parents", "a term is not its own parent")
        if row["flags"] not in ("", "b", "d"):
            tell("flags", f"neither b nor d: {row['flags']}")
    return mistakes


def constants(rows, kind):
    lines = []
    for row in rows:
        if row["kind"] == kind:
            lines.append(f"inline constexpr {TYPES[kind]} {row['name']}{{{row['number']}}};")
    return "\n".join(lines)


HEADER = """// {title}
//
// Generated by scripts/make_vocabulary.py from src/consent/vocabulary.csv: do not edit.
// Numbers are stored and never change. {more}
//
// Thread safety: constants.
#ifndef CLIENTBOOK_{guard}_HPP
#define CLIENTBOOK_{guard}_HPP

#include <clientbook/base/ids.hpp>

namespace clientbook {{

{body}

}}  // namespace clientbook

#endif
"""


def namespace(name, body):
    return f"namespace {name} {{\n{body}\n}}  // namespace {name}"


def generate(rows):
    alias = "\n".join(f"inline constexpr category_id {a} = {b};" for a, b in ALIASES.items())
    files = {}
    files["include/clientbook/model/categories.hpp"] = HEADER.format(
        title="Data categories: the terms of W3C DPV (pd) and our own.",
        more="What is known of each: vocabulary.hpp.", guard="MODEL_CATEGORIES",
        body=namespace("category", constants(rows, "category") +
                       "\n\n// In the words of a client book.\n" + alias))
    files["include/clientbook/model/terms.hpp"] = HEADER.format(
        title="Terms: purposes (W3C DPV and our own), classes of recipients, operations.",
        more="What is known of each: vocabulary.hpp.", guard="MODEL_TERMS",
        body=namespace("purpose", constants(rows, "purpose")) + "\n\n" +
        namespace("recipient", constants(rows, "recipient")) + "\n\n" +
        namespace("operation", constants(rows, "operation")))
    table = ["// Generated by scripts/make_vocabulary.py from vocabulary.csv: do not edit.\n"
             "// clang-format off\n"]
    for kind in LIMITS:
        by_term = {r["term"]: r["number"] for r in rows if r["kind"] == kind}
        table.append(f"constexpr row {kind}_rows[] = {{")
        if FIRST[kind] == 1:
            table.append('    {"", "", "", {}, 0, 0},')
        for row in (r for r in rows if r["kind"] == kind):
            inside = [by_term[p] for p in row["parents"] if p in by_term]
            outside = len(row["parents"]) - len(inside)
            flags = {"": "0", "b": "barrier", "d": "denial_only"}[row["flags"]]
            if outside:  # A parent of another taxonomy is never covered by a grant.
                flags = "barrier" if flags in ("0", "barrier") else flags
            table.append('    {"%s", "%s", "%s", {%s}, %d, %s},' % (
                row["name"], row["term"], row["label"], ", ".join(map(str, inside)), len(inside),
                flags))
        table.append("};\n")
    files["src/consent/vocabulary_table.inc"] = "\n".join(table)
    return files


def first_difference(old, new):
    """The number of the first line that differs."""
    lines = itertools.zip_longest(old.split("\n"), new.split("\n"))
    return next(number for number, (a, b) in enumerate(lines, 1) if a != b)


def main():
    arguments = sys.argv[1:]
    rows, mistakes = read_table()
    if mistakes := mistakes or check(rows):
        sys.exit("\n".join(mistakes))
    if "--append" in arguments:
        append(rows, arguments[arguments.index("--append") + 1])
        if mistakes := check(rows):
            sys.exit("\n".join(mistakes))
        write_table(rows)
    stale = []
    for path, text in generate(rows).items():
        whole = os.path.join(ROOT, path)
        old = open(whole, encoding="utf-8").read() if os.path.exists(whole) else ""
        if old == text:
            continue
        stale.append(f"{path}:{first_difference(old, text)}: not what vocabulary.csv says;"
                     " run scripts/make_vocabulary.py")
        if "--check" not in arguments:
            with open(whole, "w", encoding="utf-8") as file:
                file.write(text)
    if "--check" in arguments and stale:
        sys.exit("\n".join(stale))


if __name__ == "__main__":
    main()
