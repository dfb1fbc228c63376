"""Yesterday's file in the place of today's."""
import fcntl
import os
import shutil
import unittest

import program


class PinTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.pin = self.key.parent / "root.key.pin"
        self.old = self.folder / "old.mdb"
        self.data = self.book / "data.mdb"

    def withdraw(self):
        self.ok("consent", "withdraw", self.book, "loyalty:L-70000", "--purpose", "email_marketing")

    def put_back(self):
        shutil.copyfile(self.old, self.data)

    def test_a_withdrawal_is_not_undone(self):
        shutil.copyfile(self.data, self.old)
        self.withdraw()
        newest = self.data.read_bytes()
        self.assertEqual(os.stat(self.pin).st_mode & 0o777, 0o600)
        self.put_back()
        for call in (("stats",), ("verify",), ("pin", "show")):
            said = self.refused(90, *call, self.book)
            self.assertIn("pin accept", said)
        self.refused(44, "pin", "accept", self.book, "--role", "associate")
        self.refused(90, "stats", self.book)
        self.data.write_bytes(newest)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)
        self.put_back()
        self.ok("pin", "accept", self.book, "--role", "security_officer")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)
        shown = self.ok("pin", "show", self.book)
        self.assertEqual(shown["pinned_version"], shown["version"])

    def test_of_what_is_done_nobody_says_that_nothing_was(self):
        who = "clientbook:C-1003"
        with open(self.pin, "rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            done = self.call("consent", "import", self.book, who, "--gpc", "1", "--wait", "0")
        self.assertIn("committed, but", done.stderr)
        self.assertNotIn("nothing was imported", done.stderr)
        self.assertIn("signal_gpc", self.call("consent", "history", self.book, who).stdout)

    def test_what_lies_in_the_place_of_the_pin(self):
        self.withdraw()
        good = self.pin.read_bytes()
        self.assertEqual(len(good) <= 256, True)
        for at in (0, 20, 50, 63, 100, 127):  # One place damaged: the other, older one is left, or the newer.
            for place in (0, 128):
                if place + at >= len(good):
                    continue
                content = bytearray(good)
                content[place + at] ^= 1
                self.pin.write_bytes(content)
                done = self.call("stats", self.book)
                self.assertIn(done.returncode, (0, 84))
        self.pin.write_bytes(b"x" * 256)
        self.refused(84, "stats", self.book)
        self.ok("pin", "accept", self.book)
        self.ok("stats", self.book)
        self.pin.unlink()
        self.ok("stats", self.book)
        self.withdraw_again()
        self.assertTrue(self.pin.exists())
        self.pin.unlink()
        victim = self.folder / "victim"
        victim.write_text("mine")
        self.pin.symlink_to(victim)
        self.refused(88, "stats", self.book)
        self.assertEqual(victim.read_text(), "mine")

    def withdraw_again(self):
        self.ok("consent", "withdraw", self.book, "loyalty:L-70137", "--purpose", "email_marketing")


if __name__ == "__main__":
    unittest.main()
