"""docs/situations.md: the page is what its data says, and the program answers each row so."""
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


if __name__ == "__main__":
    unittest.main()
