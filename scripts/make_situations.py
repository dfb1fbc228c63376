#!/usr/bin/env python3
"""Makes docs/situations.md from docs/situations.json, and cases of `clientbook evaluate` from both.

usage: make_situations.py [--check]

The data file is written by hand: a situation has words (`what`), a profile, who it is about, what
was said before, what is asked, the answer and the article it rests on. The page is made from it
alone; `--check` changes nothing and fails if the page is older than its data.
tests/cli/situations_test.py asks the program each question, so page and program cannot differ.

What was said is one line: a kind, purposes, then words with what follows them (see WORDS). What is
asked is: purpose, recipient (the shop without it), operation, field.

Exit codes: 0 done; 1 the data is wrong, or the page is not what the data says.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = ROOT / "docs/situations.json"
PAGE = ROOT / "docs/situations.md"
NOW = "2026-06-01T10:00:00Z"

# What may stand in a line of what was said, and whether several words follow.
WORDS = {"to": True, "do": True, "by": False, "basis": False, "evidence": False, "strength": False,
         "supersedes": False, "notice": True, "channel": False, "state": False, "works_here": False}
OPENS = ("grant", "renew", "basis_assertion")

HEAD = """# Situations of a shop

What the built-in profiles answer where shops really stand, each with the article it rests on. Every row is asked of the
program by the tests. This page is made from [situations.json](situations.json) by `scripts/make_situations.py`; the rule
behind it is [consent.md](consent.md). **No lawyer has verified it**: the profiles were written by programmers, and so was
this page. Numbers like 1798.140 are sections of California's Civil Code; "clientbook" is a rule of our own: opt-in, also where
a law would be content with an opt-out.

The shop has a parcel service (Parcel Co), processors with a contract (Pay Co; Cloud Mail in the United States under standard
clauses; Cloud Files there without safeguards) and without one (Handshake Co), a partner who passes nothing on (Fine Partner)
and one who has not promised it (Loose Partner), a sister company (Sister Shop) and a data broker (Broker Inc).

"Said" is what the customer said before, in its order, to the shop and about everything, unless the row says otherwise;
`deny`, `withdraw`, `object` and `restrict` are to anybody. "Asked" is purpose, recipient (the shop, if none is named), what
is to be done, and the field. Ages are known where a row gives one.
"""


def load():
    return json.loads(DATA.read_text(encoding="utf-8"))


class Case:
    """One situation as a document for `clientbook evaluate`."""

    def __init__(self, data, situation):
        self.situation = situation
        self.names = [party["name"] for party in data["parties"]]
        self.document = {
            "profile": situation["profile"],
            "registry": {"parties": data["parties"]},
            "subject": situation.get("subject", {}),
            "notices": [],
            "directives": [],
        }
        self.ask(data["fields"])
        for number, line in enumerate(situation.get("said", []), 1):
            self.say(number, line)

    def party(self, word):
        """A party by its first word; else a class."""
        return next((name for name in self.names if name.split()[0] == word), word)

    def ask(self, fields):
        purpose, *middle, operation, field = self.situation["ask"].split()
        request = {"purpose": purpose, "operation": operation, "fields": [field], "now": NOW}
        if middle:
            request["recipient"] = " ".join(middle)
        if "discharges" in self.situation:
            request["discharges"] = self.situation["discharges"]
        self.field = field
        self.document["requests"] = [request]
        own = [each for each in fields if each["key"] == field]
        if own:
            self.document["fields"] = own + [{"key": "likes", "categories": ["like"]}]

    def say(self, number, line):
        kind, *rest = line.split()
        said = {"purposes": []}
        into = said["purposes"]
        for word in rest:
            if word in WORDS:
                into = said.setdefault(word, [])
            else:
                into.append(word)
        for word, several in WORDS.items():
            if word in said and not several:
                (said[word],) = said[word]
        opens = kind in OPENS
        scope = {
            "purposes": said["purposes"],
            "recipients": [self.party(each) for each in said.get("to", ["self" if opens else "any"])],
            "categories": ["all"],
            "operations": said.get("do", ["use"] if opens else ["all"]),
        }
        directive = {"kind": kind, "at": f"2026-01-{number:02}T00:00:00Z"}
        if kind != "move":
            directive.update(scope)
        for word in ("by", "basis", "evidence", "strength", "channel", "state"):
            if word in said:
                directive[word] = said[word]
        if "works_here" in said:
            directive["works_here"] = said["works_here"] == "yes"
        if "supersedes" in said:
            directive["supersedes"] = [int(said["supersedes"])]
        if kind in ("grant", "renew"):
            directive["notice"] = f"notice {number}"
            announced = dict(scope, purposes=said.get("notice", scope["purposes"]))
            self.document["notices"].append({"title": f"notice {number}", "announces": announced})
        self.document["directives"].append(directive)


def cell(text):
    return text.replace("|", "\\|")


def words(line):
    return line.replace("_", " ")


def row(situation):
    said = "; ".join(words(line) for line in situation.get("said", [])) or "nothing"
    subject = situation.get("subject", {})
    if "age" in subject:
        said = f"age {subject['age']}" + (f", {subject['residence']}" if "residence" in subject
                                          else "") + f": {said}"
    purpose, *middle, operation, field = situation["ask"].split()
    recipient = f", {' '.join(middle)}" if middle else ""
    asked = words(f"{purpose}{recipient}: {operation} {field}")
    if "discharges" in situation:
        asked += "; the caller sees to: " + words(", ".join(situation["discharges"]))
    answer, code = situation["answer"].split()
    if situation.get("operator", "none") != "none":
        answer += f", as `{situation['operator']}`"
    columns = (situation["what"], f"`{situation['profile']}`", said, asked,
               f"**{answer}** `{code}`", situation["law"])
    return "| " + " | ".join(map(cell, columns)) + " |"


def page(data):
    lines = [HEAD.rstrip()]
    for situation in data["situations"]:
        if "topic" in situation:
            lines += ["", f"## {situation['topic']}", "",
                      "| situation | profile | said | asked | answer | article |",
                      "| --- | --- | --- | --- | --- | --- |"]
        else:
            lines.append(row(situation))
    return "\n".join(lines) + "\n"


def main():
    made = page(load())
    if sys.argv[1:] == ["--check"]:
        if PAGE.read_text(encoding="utf-8") != made:
            sys.exit("docs/situations.md is not what docs/situations.json says: "
                     "run scripts/make_situations.py")
    elif sys.argv[1:]:
        sys.exit("usage: make_situations.py [--check]")
    else:
        PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
