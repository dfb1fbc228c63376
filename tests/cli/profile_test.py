"""Law profiles on the command line: as files, signed, proposed by one and approved by another."""
import json
import stat
import unittest

from program import SOURCE, ProgramTest

TWO = ("--actor", "2")


class Profile(ProgramTest):
    def setUp(self):
        super().setUp()
        self.text = self.folder / "law.json"
        self.signing = self.folder / "signing.key"
        self.signed = self.folder / "law.profile"

    def write(self, **changes):
        law = json.loads((SOURCE / "profiles" / "gdpr.json").read_text(encoding="utf-8"))
        law.update({"id": 100, "name": "shop", "version": 1}, **changes)
        self.text.write_text(json.dumps(law), encoding="utf-8")
        return law

    def sign(self, **changes):
        self.write(**changes)
        self.signed.unlink(missing_ok=True)
        return self.ok("profile", "sign", self.text, "--signing-key", self.signing, "--out",
                       self.signed)

    def trusted_key(self):
        key = self.ok("profile", "new-key", self.signing)["key"]
        number = self.ok("profile", "trust", self.book, key)["number"]
        self.ok("profile", "approve", self.book, str(number), *TWO)
        return key

    def test_built_in_profiles_are_the_files_of_the_tree(self):
        for name in ("gdpr", "us", "us-ca", "strict"):
            file = SOURCE / "profiles" / f"{name}.json"
            shown = self.call("profile", "export", name)
            self.assertEqual(shown.stdout, file.read_text(encoding="utf-8"))
            self.assertEqual(self.ok("profile", "check", file)["digest"],
                             self.ok("profile", "check", name)["digest"])
            shown = self.ok("profile", "show", name)
            self.assertIn("no lawyer", shown["unverified"])
            self.assertEqual(len(shown["on_behalf"]), 1, name)

    def test_a_file_stands_where_a_name_does(self):
        self.write(basis=[])
        found = self.ok("profile", "diff", "gdpr", self.text)
        self.assertEqual(found["opened"], 0)
        self.assertGreater(found["closed"], 0)
        self.assertEqual(self.ok("profile", "show", self.text)["name"], "shop")

    def test_bad_files_are_refused_with_code_and_place(self):
        law = self.write()
        for code, place, change in (
                (21, "/prohibit/0/purposes/0", lambda: law["prohibit"][0].update(purposes=["al"])),
                (24, "/version", lambda: law.update(version="1")),
                (21, "", lambda: law.update(more=1)),
                (23, "/reach", lambda: law.pop("reach")),
                (23, "", lambda: law.update(prohibit=[])),
                (23, "", lambda: law.update(unverified=""))):
            law = self.write()
            change()
            self.text.write_text(json.dumps(law), encoding="utf-8")
            with self.subTest(place=place, code=code):
                self.assertIn(place, self.refused(code, "profile", "check", self.text))
        self.text.write_text('{"id": 1, "id": 2}', encoding="utf-8")
        self.refused(5, "profile", "check", self.text)
        self.text.write_text("", encoding="utf-8")
        self.refused(20, "profile", "check", self.text)
        self.text.write_bytes(b"\x84\x72clientbook")
        self.refused(25, "profile", "check", self.text)
        self.refused(4, "profile", "check", self.folder / "absent")

    def test_a_signing_key_is_private_and_never_overwritten(self):
        key = self.ok("profile", "new-key", self.signing)["key"]
        self.assertEqual(stat.S_IMODE(self.signing.stat().st_mode), 0o600)
        self.refused(5, "profile", "new-key", self.signing)
        signed = self.sign()
        self.assertEqual(signed["signed_by"], key)
        self.assertEqual(self.ok("profile", "check", self.signed)["digest"], signed["digest"])
        self.refused(5, "profile", "sign", self.text, "--signing-key", self.signing, "--out",
                     self.signed)
        self.refused(22, "profile", "sign", self.text, "--signing-key", self.text, "--out",
                     self.folder / "other")
        broken = bytearray(self.signed.read_bytes())
        broken[-1] ^= 1
        self.signed.write_bytes(broken)
        self.refused(101, "profile", "check", self.signed)

    def test_two_people_change_the_profile_of_a_book(self):
        self.make_shop()
        key = self.trusted_key()
        self.assertEqual(self.ok("profile", "status", self.book)["trusted_keys"], [key])
        entries = self.ok("stats", self.book)["ledger_entries"]

        # More than gdpr permits: passing addresses on to partners as a contract.
        law = self.write()
        law["basis"].append({"purposes": ["delivery_of_goods"], "recipients": ["selected_partner"],
                             "categories": ["name"], "operations": ["use"], "basis": "contract",
                             "needs_assertion": False, "sensitive": False, "law": "none"})
        self.sign(basis=law["basis"])
        proposed = self.ok("profile", "propose", self.book, self.signed)
        opened = proposed["effect"]["newcomers"]
        self.assertEqual({(one["recipient"], one["purpose"]) for one in opened},
                         {("selected_partner", "delivery_of_goods")})
        self.assertEqual(opened[0]["opened"], "name")
        self.assertEqual(proposed["effect"]["customers_opened"], 40)
        self.assertEqual(proposed["effect"]["customers_closed"], 0)
        self.assertEqual(self.ok("profile", "status", self.book)["profile"]["name"], "gdpr")

        number = str(proposed["number"])
        self.refused(46, "profile", "approve", self.book, number)
        self.refused(46, "profile", "approve", self.book, number, "--role", "security_officer")
        self.refused(44, "profile", "approve", self.book, number, *TWO, "--role", "manager")
        self.refused(4, "profile", "approve", self.book, "99", *TWO)
        self.assertEqual(self.ok("profile", "status", self.book)["profile"]["name"], "gdpr")
        self.assertEqual(self.ok("stats", self.book)["ledger_entries"], entries)

        done = self.ok("profile", "approve", self.book, number, *TWO)
        self.assertEqual(done["digest"], proposed["profile"]["digest"])
        self.assertEqual(done["ledger_index"], entries)
        status = self.ok("profile", "status", self.book)
        self.assertEqual((status["profile"]["name"], status["proposal"]), ("shop", None))
        self.assertEqual(status["profile"]["digest"], done["digest"])
        self.assertEqual(self.ok("stats", self.book)["profile"], "shop")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)
        self.refused(5, "profile", "propose", self.book, self.signed)

    def test_what_nobody_trusts_is_not_even_proposed(self):
        self.ok("init", self.book, "--profile", "strict")
        self.ok("profile", "new-key", self.signing)
        self.sign()
        self.refused(101, "profile", "propose", self.book, self.signed)
        self.refused(101, "profile", "propose", self.book, self.text)
        self.refused(101, "profile", "propose", self.book, "us")
        self.refused(22, "profile", "trust", self.book, "abc")
        self.refused(44, "profile", "status", self.book, "--role", "associate")
        self.assertIsNone(self.ok("profile", "status", self.book)["proposal"])

    def test_people_are_told_the_same(self):
        self.ok("init", self.book, "--profile", "gdpr")
        self.trusted_key()
        self.sign(minimum_strength="explicit")
        said = self.call("profile", "propose", self.book, self.signed).stdout
        self.assertIn("Nothing is in force yet", said)
        self.assertIn("something opens for 0 customers", said)
        said = self.call("profile", "status", self.book).stdout
        self.assertIn("The book follows gdpr", said)
        self.assertIn("by actor 1", said)
        said = self.call("profile", "approve", self.book, "3", *TWO).stdout
        self.assertIn("no lawyer", said)
        self.assertIn("in force", said)


if __name__ == "__main__":
    unittest.main()
