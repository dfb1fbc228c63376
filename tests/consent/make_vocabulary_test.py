"""Tries scripts/make_vocabulary.py: every wrong row of the vocabulary is told by its line, and a
table that is not what the vocabulary says by its own."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "scripts"))

import make_vocabulary  # noqa: E402  (its folder is known only now)

TABLE = (ROOT / "src/consent/vocabulary.csv").read_text(encoding="utf-8")
MADE = ["src/consent/vocabulary_table.inc", "include/clientbook/model/categories.hpp",
        "include/clientbook/model/terms.hpp"]


class MakeVocabulary(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name).resolve()
        self.path = self.folder / "vocabulary.csv"

    def check(self, before, after, what):
        """One text of the table for another: what is said, and of which line."""
        at = TABLE.index(before)
        self.path.write_text(TABLE[:at] + after + TABLE[at + len(before):], encoding="utf-8")
        rows, mistakes = make_vocabulary.read_table(str(self.path))
        line = TABLE.count("\n", 0, at) + 1
        with self.subTest(after):
            self.assertEqual((mistakes or make_vocabulary.check(rows))[:1],
                             [f"{self.path}:{line}: {what}"])

    def test_the_table_of_the_project_is_well(self):
        rows, mistakes = make_vocabulary.read_table()
        self.assertEqual(mistakes + make_vocabulary.check(rows), [])

    def test_wrong_rows(self):
        self.check("purpose,2,", "purpose,3,",
                   "number: the next purpose is 2, not 3: numbers are stored, rows are only "
                   "appended")
        self.check("purpose,3,", "purpose,three,", "number: not a number: three")
        self.check("purpose,4,", "purposes,4,", "kind: there is no such kind: purposes")
        self.check("academic_research,", "Academic-Research,",
                   "name: not a name in C++: Academic-Research")
        self.check("account_management,", "academic_research,",
                   "name: a purpose of that name is there already: academic_research")
        self.check("dpv:AccountManagement", "dpv:AcademicResearch",
                   "term: a purpose of that term is there already: dpv:AcademicResearch")
        self.check(",dpv:ResearchAndDevelopment,\n", ",dpv:ResearchAndDevelopment,x\n",
                   "flags: neither b nor d: x")
        self.check(",dpv:ResearchAndDevelopment,\n", ",dpv:ResearchAndDevelopment\n",
                   "a row has 7 columns")
        self.check(",dpv:ResearchAndDevelopment,\n", ",cb:nowhere,\n",
                   "parents: no row has this term: cb:nowhere")
        self.check(",dpv:ResearchAndDevelopment,\n", ",a:A b:B c:C d:D,\n",
                   "parents: a term has at most three parents")
        self.check("kind,number", "number,kind",
                   "the columns are kind,number,name,term,label,parents,flags")

    def test_a_table_that_is_older_than_its_source(self):
        script = self.folder / "scripts/make_vocabulary.py"
        for name in ["scripts/make_vocabulary.py", "src/consent/vocabulary.csv", *MADE]:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        check = [sys.executable, "-B", script, "--check"]
        ran = subprocess.run(check, capture_output=True, text=True)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        for name in MADE:
            path = self.folder / name
            text = path.read_text(encoding="utf-8")
            at = text.index("account_management") if "account_management" in text else -2
            path.write_text(text[:at] + "x" + text[at:], encoding="utf-8")
            line = text.count("\n", 0, at) + 1
            ran = subprocess.run(check, capture_output=True, text=True)
            self.assertEqual(ran.returncode, 1)
            self.assertEqual(ran.stderr.strip(),
                             f"{name}:{line}: not what vocabulary.csv says; run "
                             "scripts/make_vocabulary.py")
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    unittest.main()
