"""Tries scripts/make_profiles.py: the same tables each time, and every wrong row of a profile told
by file, line and member."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "scripts/make_profiles.py"
sys.dont_write_bytecode = True
sys.path.insert(0, str(SCRIPT.parent))

import make_profiles  # noqa: E402  (its folder is known only now)

WORDS = make_profiles.Words(ROOT)
STRICT = (ROOT / "profiles/strict.json").read_text(encoding="utf-8")


class MakeProfiles(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name).resolve()
        self.out = self.folder / "profile_tables.inc"

    def put(self, text, name="strict"):
        path = self.folder / f"{name}.json"
        path.write_text(text, encoding="utf-8")
        return path

    def make(self, *profiles):
        return make_profiles.make(WORDS, self.out, profiles)

    def told(self, before, after, first=None):
        """What is said of the strict profile with one text for another, and the line it stands
        on; `first`: of the texts alike, the next from there on."""
        at = STRICT.index(before, STRICT.index(first) if first else 0)
        path = self.put(STRICT[:at] + after + STRICT[at + len(before):])
        said = self.make(path)
        self.assertFalse(self.out.exists(), "a table of a wrong file was written")
        return said, f"{path}:{STRICT.count(chr(10), 0, at) + 1}: "

    def check(self, before, after, *what, first=None):
        said, place = self.told(before, after, first)
        with self.subTest(after):
            self.assertEqual(said, [place + one for one in what])

    def test_the_same_files_give_the_same_table(self):
        names = ("strict", "gdpr", "us-ca", "us")
        files = [ROOT / f"profiles/{name}.json" for name in names]
        made = []
        for _ in range(2):
            self.assertEqual(self.make(*files), [])
            made.append(self.out.read_bytes())
        self.assertEqual(made[0], made[1])
        self.assertIn(b"profiles[] = {&strict, &gdpr, &us_ca, &us};", made[0])
        # What profiles have in common is there once.
        self.assertEqual(made[0].count(b"constexpr country_code "), 1)

    def test_a_word_that_the_library_lacks(self):
        self.check('"pin_block"', '"pinblock"',
                   "prohibit[0].categories[2]: the vocabulary has no such category: pinblock")
        self.check('"any"', '"nobody"',
                   "prohibit[0].recipients[0]: the vocabulary has no such recipient: nobody")
        self.check('"kind": "refuse"', '"kind": "refused"',
                   "reach[1].kind: no directive_kind has this name: refused")
        self.check('"when": "child"', '"when": "minor"',
                   "prohibit[1].when: no prohibition_condition has this name: minor")
        self.check('"strength": "explicit"', '"strength": "none"',
                   "sensitive[0].strength: no consent_strength has this name: none")
        self.check('"mask": "mask_card"', '"mask": 7',
                   "obligations[4].mask: no redaction_operator has this name: 7")

    def test_a_row_that_is_not_whole(self):
        self.check(', "law": "GDPR 7(3)"', "", 'reach[0]: "law" is missing')
        self.check('"law": "GDPR 7(3)"', '"law": ""', "reach[0].law: a text is wanted")
        self.check('["all"]', "[]", "prohibit[0].purposes: a row that covers nothing")
        self.check('"law": "PCI DSS 3.3.1"', '"law": "PCI DSS 3.3.1", "laws": 1',
                   "prohibit[0].laws: there is no such member")
        self.check('"child_below": 18', '"child_below": 201',
                   "child_below: a number from 0 to 200 is wanted")
        self.check('"below": 18', '"below": true',
                   "ages[0].below: a number from 1 to 200 is wanted", first='"ages"')
        self.check('"needs_assertion": false', '"needs_assertion": 0',
                   "basis[0].needs_assertion: true or false is wanted")

    def test_lists(self):
        self.check('"card_track"', '"card_verification_code"',
                   "prohibit[0].categories[1]: a list holds one word twice: "
                   "card_verification_code")
        self.check('"AR"', '"AA"', "adequate[1]: countries are ascending", first='"adequate"')
        self.check('"UY"', '"Uy"', "adequate[42]: a country is two capital letters")
        age = '"below": 18,'
        self.check(age, age + ' "states": ["BE", "AT"],', "ages[0].states[1]: countries are ascending")
        self.check(age, age + ' "states": ["B"],', "ages[0].states[0]: a country is two capital letters")
        self.check(age, age + ' "services": ["online", "in_shop"],',
                   "ages[0].services: a row is about one kind of service, or all of them")
        self.check(age, age + ' "services": ["by post"],',
                   "ages[0].services[0]: no service_kind has this name: by post")
        many = ", ".join(f'"A{letter}"' for letter in "ABCDEFGHIJKLMNOPQ")
        self.check(age, f'{age} "states": [{many}],', "ages[0].states: a row names at most 16 states")

    def test_no_json_at_all(self):
        self.check('"version": 4,', '"version": 4.5,',
                   "neither a text, a whole number, true, false, null, a list nor an object")
        self.check('"version": 4,', '"id": 1,', 'the member "id" is there twice')
        self.check('"version": 4,', '"version" 4,', "':' is missing")

    def test_each_mistake_is_told(self):
        path = self.put(STRICT.replace('"GDPR 18, 34"', '""').replace('"GDPR 21"', "3"))
        said = self.make(path)
        self.assertEqual([line.split(": ", 1)[1] for line in said],
                         ["reach[4].law: a text is wanted", "reach[5].law: a text is wanted"])

    def test_names_and_numbers_are_of_one_profile(self):
        path = self.put(STRICT, "lax")
        self.assertEqual(self.make(path),
                         [f"{path}:4: name: the file of this profile would be strict.json"])
        copy = self.put(STRICT.replace('"name": "strict"', '"name": "second"'), "second")
        self.assertEqual(self.make(self.put(STRICT), copy),
                         [f"{copy}:2: id: another built-in profile has this number"])

    def test_the_program_ends_with_1(self):
        """So that the build does."""
        path = self.put("[]")
        ran = subprocess.run([sys.executable, SCRIPT, "--out", self.out, path],
                             capture_output=True, text=True)
        self.assertEqual(ran.returncode, 1)
        self.assertTrue(ran.stderr.startswith(f"{path}:1: an object is wanted"), ran.stderr)
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    unittest.main()
