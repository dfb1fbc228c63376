"""What owners of a shop meet at the keyboard."""
import json
import os
import pty
import subprocess
import unittest

from program import PROGRAM, ProgramTest


class Owner(ProgramTest):
    def test_a_wrong_call_is_json_too(self):
        done = self.call("--json", "lits", self.book)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["error"], 1)
        done = self.call("show", "--json")
        self.assertEqual(json.loads(done.stdout)["error"], 1)

    def test_what_was_likely_meant_is_said(self):
        self.assertIn("clientbook list", self.call("lits", self.book).stderr)
        self.make_shop()
        said = self.refused(21, "list", self.book, "-p", "marketting")
        self.assertIn("did you mean `marketing`", said)
        self.assertNotIn("did you mean", self.refused(21, "list", self.book, "-p", "zzzzzz"))

    def test_a_list_says_where_it_stops(self):
        self.make_shop()
        some = self.ok("list", self.book, "-p", "customer_order_management", "--most", "20")
        self.assertEqual((len(some["customers"]), some["more"]), (20, True))
        every = self.ok("list", self.book, "-p", "customer_order_management", "--most", "40")
        self.assertEqual((len(every["customers"]), every["more"]), (40, False))
        self.assertIn("there are more", self.call("list", self.book, "-p", "customer_order_management").stdout)
        self.assertEqual(self.call("list", self.book, "-p", "marketing", "--most", "-1").returncode, 1)

    def test_a_system_may_have_a_colon(self):
        self.make_book("--profile", "gdpr")
        cards = self.folder / "cards.vcf"
        cards.write_text("BEGIN:VCARD\nUID:urn:7\nFN:Ana\nEMAIL:ana@example.com\nEND:VCARD\n", encoding="utf-8")
        self.ok("import", self.book, "--vcards", cards, "--system", "phone:home")
        found = self.ok("show", self.book, "phone:home:urn:7", "-p", "customer_order_management")
        self.assertEqual(found["customer"], self.ok("show", self.book, "phone:home: urn:7 ", "-p",
                                                    "customer_order_management")["customer"])
        self.refused(4, "show", self.book, "phone:home:urn:8", "-p", "customer_order_management")

    def test_an_erasure_is_asked_for_where_somebody_sits(self):
        self.make_shop()
        call = [PROGRAM, "erase", str(self.book), "clientbook:C-1002", "--reason", "subject_request"]
        for answer, code in ((b"no\n", 1), (b"yes\n", 0)):
            master, slave = pty.openpty()
            os.write(master, answer)
            done = subprocess.run(call, env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)), stdin=slave,
                                  stderr=slave, stdout=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, code)
            os.close(slave)
            os.close(master)

    def test_the_key_that_is_said_wins(self):
        self.make_book("--profile", "gdpr")
        done = self.call("stats", self.book, "--key", self.key, key=self.folder / "no" / "key")
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
