#!/usr/bin/env python3
"""Makes the C++ tables of the built-in law profiles from profiles/*.json.

usage: make_profiles.py [--root DIR] --out FILE PROFILE...

The build runs it (src/consent/CMakeLists.txt); what it writes lies in the build tree and is never
edited. The words of a file are checked against the project's own lists: terms against
src/consent/vocabulary.csv, values of enumerations against the headers that define them, so no
list of words stands here a second time. What a profile must hold beyond its form says
encode_profile(), which tests ask about every built-in profile.

A table that several profiles have in common is written once.

Exit codes: 0 done; 1 a file is wrong: each mistake by file, line and member.
"""

import argparse
import csv
import pathlib
import re
import sys

from json_lines import Malformed, Node, Reader

ENUMERATIONS = {
    "prohibition_condition": "consent/profile.hpp",
    "deadline_kind": "consent/profile.hpp",
    "profile_signal": "consent/profile.hpp",
    "directive_kind": "consent/directive.hpp",
    "service_kind": "consent/directive.hpp",
    "indicated_by": "consent/directive.hpp",
    "lawful_basis": "consent/directive.hpp",
    "consent_strength": "consent/directive.hpp",
    "obligation": "consent/obligation.hpp",
    "redaction_operator": "model/schema.hpp",
    "gpp_section": "exchange/gpp.hpp",
}
SETS = {"purposes": "purpose", "recipients": "recipient", "categories": "category",
        "operations": "operation"}
UINT32 = 2**32 - 1
MAX_STATES = 16  # age_rule::max_states


# --- the project's own words -------------------------------------------------------------------

def enumerators(text, name):
    """{word: (enumerator, number)} of one enumeration of a header."""
    body = re.search(r"enum class %s : [\w:]+ \{(.*?)\};" % name, text, re.S)
    if not body:
        sys.exit(f"make_profiles.py: no header defines the enumeration {name}")
    plain = re.sub(r"//[^\n]*", "", body[1])
    out, number = {}, -1
    for each in filter(None, (part.strip() for part in plain.split(","))):
        found = re.fullmatch(r"(\w+)(?:\s*=\s*(\d+))?", each)
        if not found:
            sys.exit(f"make_profiles.py: {name} has an enumerator that cannot be read: {each}")
        number = int(found[2]) if found[2] else number + 1
        # explicit_ has its hyphen only because the language has that word already; nothing is
        # ever "none" in a file: its member is left out.
        if found[1] != "none":
            out[found[1].rstrip("_")] = (found[1], number)
    return out


class Words:
    """Every word that a file may use, from where the library itself has it."""

    def __init__(self, root):
        include = root / "include/clientbook"
        self.enums = {name: enumerators((include / header).read_text(encoding="utf-8"), name)
                      for name, header in ENUMERATIONS.items()}
        self.terms = {kind: set() for kind in SETS.values()}
        with open(root / "src/consent/vocabulary.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.terms[row["kind"]].add(row["name"])


# --- one file ----------------------------------------------------------------------------------

def cpp_text(text):
    """A string literal; what is not ASCII by its UTF-8 bytes."""
    plain = set(range(0x20, 0x7f)) - set(b'"\\?')
    return '"' + "".join(chr(b) if b in plain else f"\\{b:03o}" for b in text.encode()) + '"'


class Profile:
    """Turns one file into C++, and collects what is wrong with it."""

    def __init__(self, path, words):
        self.path = path
        self.words = words
        self.mistakes = []

    def tell(self, node, what):
        place = f"{self.path}:{node.line}: "
        self.mistakes.append(place + (f"{node.where}: " if node.where else "") + what)

    # What a value has to be. Each tells its mistake and gives something harmless to go on with.

    def members(self, node, required, optional=()):
        if not isinstance(node.value, dict):
            self.tell(node, "an object is wanted")
            return {}
        for name, member in node.value.items():
            if name not in required and name not in optional:
                self.tell(member, "there is no such member")
        for name in required:
            if name not in node.value:
                self.tell(node, f'"{name}" is missing')
        return node.value

    def parts(self, node):
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.tell(node, "a list is wanted")
            return []
        return node.value

    def text(self, node):
        if node is None:
            return '""'
        if not isinstance(node.value, str) or not node.value:
            self.tell(node, "a text is wanted")
            return '""'
        if len(node.value.encode()) > 255:
            self.tell(node, "a text has at most 255 bytes")
        return cpp_text(node.value)

    def number(self, node, least, most):
        if node is None:
            return least
        if type(node.value) is not int or not least <= node.value <= most:
            self.tell(node, f"a number from {least} to {most} is wanted")
            return least
        return node.value

    def truth(self, node):
        if node is None:
            return "false"
        if not isinstance(node.value, bool):
            self.tell(node, "true or false is wanted")
        return "true" if node.value else "false"

    def word(self, node, enumeration):
        """(enumerator, number)"""
        known = self.words.enums[enumeration]
        if node is None:
            return next(iter(known.values()))
        if not isinstance(node.value, str) or node.value not in known:
            self.tell(node, f"no {enumeration} has this name: {node.value}")
            return next(iter(known.values()))
        return known[node.value]

    def enumerator(self, node, enumeration):
        return f"{enumeration}::{self.word(node, enumeration)[0]}"

    def listed(self, node):
        """The parts of a list of words, without those that are there already."""
        seen = set()
        for part in self.parts(node):
            if isinstance(part.value, (list, dict)):
                self.tell(part, "a word is wanted")
            elif part.value in seen:
                self.tell(part, f"a list holds one word twice: {part.value}")
            else:
                seen.add(part.value)
                yield part

    def enumerators(self, node, enumeration):
        return [self.enumerator(part, enumeration) for part in self.listed(node)]

    def terms(self, node, kind):
        words = list(self.listed(node))
        if len(words) == 1 and words[0].value == "all":
            return f"{kind}_set::all()"
        for part in words:
            if part.value not in self.words.terms[kind]:
                self.tell(part, f"the vocabulary has no such {kind}: {part.value}")
        return "{" + ", ".join(f"{kind}::{part.value}" for part in words) + "}"

    def some_terms(self, node, kind):
        if node is not None and node.value == []:
            self.tell(node, "a row that covers nothing")
        return self.terms(node, kind)

    def scope(self, members):
        return "{" + ", ".join(self.some_terms(members.get(name), kind)
                               for name, kind in SETS.items()) + "}"

    # The tables; a row is its designated initialisers, in the order of the struct.

    def prohibit(self, node):
        row = self.members(node, [*SETS, "when", "law"])
        return [("scope", self.scope(row)),
                ("condition", self.enumerator(row.get("when"), "prohibition_condition")),
                ("law", self.text(row.get("law")))]

    def reach(self, node):
        optional = ["by", "always", "except_purposes", "except_operations", "direct_marketing",
                    "only_categories"]
        row = self.members(node, ["kind", "bases", "law"], optional)
        out = [("kind", self.enumerator(row.get("kind"), "directive_kind"))]
        if "by" in row:
            out.append(("by", self.bits(row["by"], "indicated_by")))
        out.append(("bases", self.bits(row.get("bases"), "lawful_basis")))
        for name, kind in (("always", "purpose"), ("except_purposes", "purpose"),
                           ("except_operations", "operation"),
                           ("direct_marketing", "purpose"), ("only_categories", "category")):
            if name in row:
                out.append((name, self.some_terms(row[name], kind)))
        return out + [("law", self.text(row.get("law")))]

    def bits(self, node, enumeration):
        named = self.enumerators(node, enumeration)
        return "bits({" + ", ".join(named) + "})" if named else "0"

    def basis(self, node):
        row = self.members(node, [*SETS, "basis", "needs_assertion", "sensitive", "law"])
        return [("scope", self.scope(row)),
                ("basis", self.enumerator(row.get("basis"), "lawful_basis")),
                ("needs_assertion", self.truth(row.get("needs_assertion"))),
                ("sensitive", self.truth(row.get("sensitive"))),
                ("law", self.text(row.get("law")))]

    def obligations(self, node):
        numbers = ["expire_seconds", "rate_count", "rate_seconds"]
        row = self.members(node, [*SETS, "required", "law"], ["mask", *numbers])
        members = self.enumerators(row.get("required"), "obligation")
        asked = [f".required = {{{', '.join(members)}}}"]
        if "mask" in row:
            asked.append(f".mask = {self.enumerator(row['mask'], 'redaction_operator')}")
        asked += [f".{name} = {self.number(row[name], 1, UINT32)}"
                  for name in numbers if name in row]
        return [("scope", self.scope(row)), ("required", "{" + ", ".join(asked) + "}"),
                ("law", self.text(row.get("law")))]

    def sensitive(self, node):
        row = self.members(node, ["categories", "strength", "law"])
        return [("categories", self.some_terms(row.get("categories"), "category")),
                ("strength", self.enumerator(row.get("strength"), "consent_strength")),
                ("law", self.text(row.get("law")))]

    def ages(self, node):
        row = self.members(node, ["below", "purposes", "by", "strength", "law"],
                           ["states", "services"])
        out = [("below", self.number(row.get("below"), 1, 200)),
               ("purposes", self.some_terms(row.get("purposes"), "purpose")),
               ("by", self.bits(row.get("by"), "indicated_by")),
               ("strength", self.enumerator(row.get("strength"), "consent_strength"))]
        if "states" in row:
            states = self.parts(row["states"])
            if len(states) > MAX_STATES:
                self.tell(row["states"], f"a row names at most {MAX_STATES} states")
            self.ascending(states)
            out.append(("states", "{{" + ", ".join(map(self.country, states)) + "}}"))
        if "services" in row:
            if len(self.parts(row["services"])) != 1:
                self.tell(row["services"], "a row is about one kind of service, or all of them")
            out.append(("services", self.bits(row["services"], "service_kind")))
        return out + [("law", self.text(row.get("law")))]

    def deadlines(self, node):
        most = {"hours": 24 * 3660, "months": 120, "working_days": 3660}
        row = self.members(node, ["kind", "law"], [*most])
        said = [(name, self.number(row[name], 1, most[name])) for name in most if name in row]
        if len(said) != 1:
            self.tell(node, "a deadline is of hours, months or working_days: one of them")
        return [("kind", self.enumerator(row.get("kind"), "deadline_kind")), *said,
                ("law", self.text(row.get("law")))]

    def signals(self, node):
        row = self.members(node, ["signal", "purposes", "recipients", "law"], ["sections"])
        out = [("signal", self.enumerator(row.get("signal"), "profile_signal"))]
        if "sections" in row:
            numbers = [self.word(part, "gpp_section")[1]
                       for part in self.listed(row["sections"])]
            out.append(("sections", " | ".join(f"1U << {number}" for number in numbers) or "0"))
        return out + [("purposes", self.some_terms(row.get("purposes"), "purpose")),
                      ("recipients", self.some_terms(row.get("recipients"), "recipient")),
                      ("law", self.text(row.get("law")))]

    def opt_out(self, node):
        row = self.members(node, ["purposes", "law"])
        return [("purposes", self.some_terms(row.get("purposes"), "purpose")),
                ("law", self.text(row.get("law")))]

    def on_behalf(self, node):
        row = self.members(node, ["recipients", "law"])
        return [("recipients", self.some_terms(row.get("recipients"), "recipient")),
                ("law", self.text(row.get("law")))]

    def ascending(self, countries):
        for before, after in zip(countries, countries[1:]):
            if str(before.value) >= str(after.value):
                self.tell(after, "countries are ascending")

    def country(self, node):
        if not isinstance(node.value, str) or not re.fullmatch("[A-Z]{2}", node.value):
            self.tell(node, "a country is two capital letters")
            return "{}"
        return "{'%s', '%s'}" % tuple(node.value)


# Member of a file, member of law_profile, type of a row.
TABLES = [
    ("prohibit", "prohibitions", "prohibition_rule"),
    ("reach", "reaches", "reach_rule"),
    ("basis", "bases", "basis_rule"),
    ("obligations", "obligations", "obligation_rule"),
    ("sensitive", "sensitive", "sensitive_rule"),
    ("ages", "ages", "age_rule"),
    ("deadlines", "deadlines", "deadline_rule"),
    ("signals", "signals", "signal_rule"),
    ("adequate", "adequate", "country_code"),
]
OPTIONAL = [("opt_out", "opt_outs", "opt_out_rule"), ("on_behalf", "on_behalf", "on_behalf_rule")]
FACTS = ["id", "version", "name", "title", "unverified", "minimum_strength", "child_below"]


class Output:
    """The text of the .inc file."""

    def __init__(self):
        self.lines = ["// Made by scripts/make_profiles.py from profiles/*.json: do not edit.",
                      "// clang-format off", ""]
        self.names = {}  # rows and type -> the name of the table that has them
        self.profiles = []  # (id, identifier, file)

    def table(self, name, kind, rows):
        """Writes a table unless there is one like it; gives its name."""
        key = (kind, tuple(rows))
        if key not in self.names:
            self.names[key] = name
            self.lines += [f"constexpr {kind} {name}[] = {{", *(f"    {row}," for row in rows),
                           "};"]
        return self.names[key]

    def add(self, profile, document):
        members = profile.members(document, FACTS + [table for table, _, _ in TABLES],
                                  [table for table, _, _ in OPTIONAL])
        get = members.get
        self.check_name(profile, get("name"), get("id"))
        number = profile.number(get("id"), 1, 65535)
        identifier = profile.path.stem.replace("-", "_")
        facts = [f".id = profile_id({number})",
                 f".version = {profile.number(get('version'), 1, UINT32)}",
                 f".name = {profile.text(get('name'))}", f".title = {profile.text(get('title'))}",
                 f".unverified = {profile.text(get('unverified'))}",
                 ".minimum_strength = "
                 f"{profile.enumerator(get('minimum_strength'), 'consent_strength')}",
                 f".child_below = {profile.number(get('child_below'), 0, 200)}"]
        for member, field, kind in TABLES + OPTIONAL:
            rows = self.rows(profile, get(member), member)
            if rows:
                facts.append(f".{field} = {self.table(f'{identifier}_{field}', kind, rows)}")
        self.lines += [f"constexpr law_profile {identifier}{{", "    " + ",\n    ".join(facts),
                       "};", ""]
        self.profiles.append((number, identifier))

    def check_name(self, profile, name, number):
        if name is not None and name.value != profile.path.stem:
            profile.tell(name, f"the file of this profile would be {name.value}.json")
        if number is not None and number.value in [other for other, _ in self.profiles]:
            profile.tell(number, "another built-in profile has this number")

    @staticmethod
    def rows(profile, node, member):
        parts = profile.parts(node)
        if member == "adequate":
            profile.ascending(parts)
            return [profile.country(part) for part in parts]
        make = getattr(profile, member)
        return ["{" + ", ".join(f".{name} = {value}" for name, value in make(part)) + "}"
                for part in parts]

    def text(self):
        listed = ", ".join(f"&{identifier}" for _, identifier in sorted(self.profiles))
        return "\n".join([*self.lines, f"constexpr const law_profile* profiles[] = {{{listed}}};",
                          ""])


def make(words, out, paths):
    """Writes the tables unless something is wrong; gives the mistakes."""
    output = Output()
    mistakes = []
    for path in paths:
        profile = Profile(path, words)
        try:
            output.add(profile, Reader(path.read_text(encoding="utf-8")).document())
        except Malformed as error:
            line, what = error.args
            profile.mistakes.append(f"{path}:{line}: {what}")
        mistakes += profile.mistakes
    if not mistakes:
        out.write_text(output.text(), encoding="utf-8")
    return mistakes


def main():
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("profiles", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    mistakes = make(Words(arguments.root), arguments.out, arguments.profiles)
    if mistakes:
        sys.exit("\n".join(mistakes))


if __name__ == "__main__":
    main()
