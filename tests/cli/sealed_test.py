"""What is sealed for a recipient: opened by a reader that shares no code, and by nobody else."""
import json
import os
import pathlib
import sys
import unittest

from program import SOURCE, ProgramTest

sys.path.insert(0, str(SOURCE / "tests" / "python"))
import age_reader  # noqa: E402: beside the other second implementations

WHO = "clientbook:C-1001"


class Sealed(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "DE",
                "--contract", "P-1")
        self.identity = os.urandom(32)
        self.out = self.folder / "for_parcel_co.age"

    def disclose(self, *more, key=None, out=None):
        return self.call("--json", "disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "parcel-co",
                         "--seal-to", key or age_reader.recipient_of(self.identity), "--out", out or self.out, *more)

    def events(self):
        return [one["event"] for one in self.ok("ledger", self.book, WHO)["entries"]]

    def test_the_recipient_alone_reads_it(self):
        done = self.disclose()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        told = json.loads(done.stdout)
        self.assertNotIn("fields", told)
        sealed = self.out.read_bytes()
        plain = json.loads(age_reader.opened(sealed, self.identity))
        self.assertEqual((plain["recipient"], plain["ledger_index"]), ("parcel-co", told["ledger_index"]))
        self.assertIn("addresses", plain["fields"])
        for value in json.dumps(plain["fields"]["addresses"]).encode().split(b'"')[3::4]:
            self.assertNotIn(value, sealed)
        self.assertEqual(self.events()[-1], "disclosure")
        self.assertEqual(self.out.stat().st_mode & 0o077, 0)
        with self.assertRaises(age_reader.Wrong):
            age_reader.opened(sealed, os.urandom(32))
        for at in range(60, len(sealed), 97):
            changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1:]
            with self.assertRaises((age_reader.Wrong, ValueError), msg=at):
                age_reader.opened(changed, self.identity)

    def test_refused_before_the_ledger_says_anything(self):
        before = self.events()
        for key, code in (("age1qqqq", 6), ("ssh-ed25519 AAAA", 6), ("age1" + "q" * 58, 20)):
            self.assertEqual(self.disclose(key=key).returncode, code, key)
        self.assertEqual(self.call("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "parcel-co",
                                   "--seal-to", age_reader.recipient_of(self.identity)).returncode, 23)
        self.assertEqual(self.call("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "parcel-co",
                                   "--out", self.out).returncode, 1)
        self.out.write_text("somebody's file", encoding="utf-8")
        self.assertEqual(self.disclose().returncode, 5)
        self.assertEqual(self.events(), before)

    def test_what_did_not_get_out_is_told(self):
        if not pathlib.Path("/dev/full").exists():
            self.skipTest("no /dev/full")
        self.assertEqual(self.disclose(out="/dev/full").returncode, 102)
        self.assertEqual(self.events()[-2:], ["disclosure", "not delivered"])


if __name__ == "__main__":
    unittest.main()
