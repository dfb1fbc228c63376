"""docs/situations.md: the page is what its data says, and the program answers each row so, of a document and of a book."""
import datetime
import json
import re
import sys
import unittest

from program import SOURCE, ProgramTest

sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / "scripts"))

import make_situations  # noqa: E402  (its folder is known only now)

DATA = make_situations.load()
ROWS = [one for one in DATA["situations"] if "what" in one]


class Situations(ProgramTest):
    def test_the_page_is_made_from_its_data(self):
        page = make_situations.PAGE.read_text(encoding="utf-8")
        self.assertEqual(page, make_situations.page(DATA), "run scripts/make_situations.py")
        rows = re.findall(r"^\| (?!situation|---).*\|$", page, re.MULTILINE)
        self.assertEqual(len(rows), len(ROWS))
        self.assertGreaterEqual(len(ROWS), 40)

    def test_every_profile_has_situations(self):
        self.assertEqual({one["profile"] for one in ROWS}, {"strict", "gdpr", "us", "us-ca"})

    def test_the_program_answers_each_row(self):
        for one in ROWS:
            with self.subTest(one["what"], profile=one["profile"], asked=one["ask"]):
                case = make_situations.Case(DATA, one)
                done = self.call("evaluate", "-", stdin=json.dumps(case.document))
                self.assertEqual(done.returncode, 0, done.stderr)
                field = json.loads(done.stdout)["decisions"][0]["fields"][case.field]
                decision, code = one["answer"].split()
                self.assertEqual((field["decision"], field["code"]), (decision, code),
                                 field.get("text"))
                if "operator" in one:
                    self.assertEqual(field["operator"], one["operator"])
                if "says" in one:
                    self.assertIn(one["says"], field["text"])
                # What the program itself cites is what the row cites.
                if law := field.get("profile_rule", {}).get("law"):
                    self.assertTrue(one["law"].startswith(law) or law.startswith(one["law"]),
                                    f"the page cites {one['law']}, the program {law}")


# A book's schema has no such fields, and it says itself what its host sees to.
OF_DOCUMENTS = [one for one in ROWS if "discharges" in one
                or one["ask"].split()[-1] in {field["key"] for field in DATA["fields"]}]
# Under these purposes a book shows those whom a case names.
CASES = {"rights_fulfilment": "rights", "tax_record_keeping": "tax", "dispute_management": "claims",
         "breach_notification": "breach", "product_recall": "recall", "fraud_prevention_and_detection": "fraud",
         "customer_solvency_monitoring": "fraud"}


class InABook(ProgramTest):
    """Each row with a customer of their own, in a book of the row's profile: what was said is recorded in its order."""

    def begin(self, profile):
        self.book, self.key = self.folder / f"{profile}.book", self.folder / f"key of {profile}" / "root.key"
        self.text = self.folder / "notice.txt"
        self.text.write_text("What we do with it.\n", encoding="utf-8")
        self.ok("init", self.book, "--profile", profile)
        for party in DATA["parties"]:
            how = {key: value for key, value in party.items() if key != "name"}
            self.ok("recipient", "add", self.book, party["name"], *(x for key in how for x in (f"--{key}", how[key])))

    def newcomer(self, number, subject):
        born = []
        if "age" in subject:
            day = datetime.date.today() - datetime.timedelta(days=40)
            born = ["--birth-date", day.replace(year=day.year - subject["age"], day=min(day.day, 28)).isoformat()]
        # So that there is somebody under a law which lets nothing be kept without consent.
        kept = ("house", "postal_marketing")
        if not any(one["title"] == kept[0] for one in self.ok("notice", "list", self.book)["notices"]):
            self.ok("notice", "add", self.book, kept[0], "--file", self.text, "--purpose", kept[1], "--to", "self",
                    "--category", "all", "--operation", "collect,store,use")
        add = ("add", self.book, "--given", f"N{number}", "--email", f"n{number}@example.com", *born)
        done = self.call("--json", *add, "-p", "customer_order_management")
        if done.returncode:
            return self.ok(*add, "-p", kept[1], "--agrees", kept[1], "--notice", kept[0])["customer"]
        return json.loads(done.stdout)["customer"]

    def say(self, number, who, case, said):
        kind = {"basis_assertion": "assert", "move": "move"}.get(said["kind"], said["kind"])
        if kind == "move":
            known_by = "customer"
            if said.get("by") == "controller":
                known_by = "officer" if "evidence" in said else "address"
            return self.ok("consent", "move", self.book, who, case.document["profile"], "--known-by", known_by,
                           *(("--state", said["state"]) if "state" in said else ()),
                           *(("--works-here", "yes" if said["works_here"] else "no") if "works_here" in said else ()),
                           *(("--evidence", said["evidence"]) if known_by == "officer" else ()))
        if kind == "assert" and "evidence" not in said:
            done = self.call("consent", kind, self.book, who, "-p", "all", "--basis", said["basis"])
            return self.assertIn("--evidence is required", done.stdout + done.stderr)
        more = []
        if kind == "grant":
            notice = next(one for one in case.document["notices"] if one["title"] == said["notice"])
            title = f"{number}, {said['notice']}"
            shown = notice["announces"]
            self.ok("notice", "add", self.book, title, "--file", self.text, "--purpose", ",".join(shown["purposes"]),
                    "--to", ",".join(shown["recipients"]), "--category", "all", "--operation",
                    ",".join(shown["operations"]))
            more = ["--notice", title, "--strength", said.get("strength", "expressed")]
        for word in ("by", "basis", "evidence", "channel"):
            if word in said:
                more += [f"--{word}", said[word]]
        first = len(self.ok("consent", "history", self.book, who)["directives"]) - number_of(case, said)
        for each in said.get("supersedes", []):
            more += ["--supersedes", first + each]
        return self.ok("consent", kind, self.book, who, "-p", ",".join(said["purposes"]), "--to",
                       ",".join(said["recipients"]), "--operation", ",".join(said["operations"]), *more)

    def answer(self, who, case):
        request = case.document["requests"][0]
        if request["purpose"] in CASES:
            opened = self.ok("case", "open", self.book, who, "--kind", CASES[request["purpose"]], "--reference", "letter 7")
            self.call("case", "confirm", self.book, opened["case"], "--actor", 9)
        to = ("--to", request["recipient"]) if "recipient" in request else ()
        return self.ok("consent", "explain", self.book, who, "-p", request["purpose"], *to, "--operation",
                       request["operation"], "--field", case.field)

    def test_a_book_answers_each_row(self):
        answered = 0
        for profile in sorted({one["profile"] for one in ROWS}):
            self.begin(profile)
            for number, one in enumerate(ROWS):
                if one["profile"] != profile or one in OF_DOCUMENTS:
                    continue
                with self.subTest(one["what"], profile=profile, asked=one["ask"]):
                    case = make_situations.Case(DATA, one)
                    subject = case.document["subject"]
                    who = self.newcomer(number, subject)
                    if "residence" in subject:
                        self.ok("consent", "move", self.book, who, profile, "--known-by", "customer", "--state",
                                subject["residence"])
                    for said in case.document["directives"]:
                        self.say(number, who, case, said)
                    told = self.answer(who, case)
                    self.assertEqual((told["decision"], told["code"]), tuple(one["answer"].split()), told["text"])
                    answered += 1
        self.assertEqual(answered, len(ROWS) - len(OF_DOCUMENTS))
        self.assertGreaterEqual(answered, 80)


def number_of(case, said):
    """How many were said before it."""
    return case.document["directives"].index(said)


if __name__ == "__main__":
    unittest.main()
