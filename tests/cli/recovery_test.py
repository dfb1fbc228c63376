"""Losing the book and getting it back, as a shop does it at the prompt."""
import os
import shutil
import signal
import subprocess
import time
import unittest

import program


class RecoveryTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.safe = self.folder / "safe"
        self.safe.mkdir()
        self.mirror = self.safe / "mirror"
        self.new_book = self.folder / "back" / "shop.book"
        self.new_book.parent.mkdir()
        self.new_key = self.folder / "newkey" / "root.key"

    def prepare(self):
        self.make_shop()
        self.shares = self.ok("recovery", "init", self.book)["shares"]
        self.ok("recovery", "mirror", "add", self.book, self.mirror)

    def share_file(self, shares, text=None):
        file = self.folder / "shares.txt"
        file.write_text(text if text is not None else "\n".join(shares) + "\n")
        return file

    def restore_arguments(self, backups, shares, book=None):
        backup = [word for one in backups for word in ("--backup", one)]
        return ("restore", book or self.new_book, "--mirror", self.mirror, *backup, "--shares", self.share_file(shares))

    def restore(self, *backups, shares=None):
        return self.ok(*self.restore_arguments(backups, shares or self.shares[:3]), key=self.new_key)

    def erase(self, who):
        self.ok("case", "open", self.book, who, "--kind", "rights", "--reference", "letter 7")
        return self.ok("erase", self.book, who, "--reason", "subject_request", "--yes")

    def test_a_lost_book_comes_back_and_who_was_erased_does_not(self):
        self.prepare()
        backup = self.safe / "monday.backup"
        made = self.ok("backup", self.book, backup)
        self.assertEqual((made["customers"], made["full"]), (40, True))
        self.assertTrue(made["mirrors"][0]["confirmed"])
        self.assertEqual(os.stat(backup).st_mode & 0o777, 0o600)
        figures = self.ok("stats", self.book)
        receipt = self.erase(self.first_external())
        self.assertEqual([one["confirmed"] for one in receipt["mirrors"]], [True])
        shutil.rmtree(self.book)
        shutil.rmtree(self.key.parent)
        back = self.restore(backup)
        self.assertEqual((back["customers"], back["erased"], back["not_in_backup"], back["not_in_mirror"]),
                         (39, 1, 0, 0))
        self.assertEqual(back["unheard"], [])
        again = self.ok("verify", self.new_book, key=self.new_key)
        self.assertEqual((again["customers"], again["problems"]), (39, 0))
        now = self.ok("stats", self.new_book, key=self.new_key)
        self.assertEqual(now["customers"], figures["customers"] - 1)
        said = self.call("find", self.new_book, self.first_external(), key=self.new_key)
        self.assertNotEqual(said.returncode, 0)

    def first_external(self):
        """An external id of the example data."""
        return "loyalty:L-70000"

    def test_what_differs_from_a_full_backup(self):
        self.prepare()
        full, more = self.safe / "full", self.safe / "more"
        self.ok("backup", self.book, full)
        self.erase(self.first_external())
        differs = self.ok("backup", self.book, more, "--since", full)
        self.assertFalse(differs["full"])
        self.assertLess(more.stat().st_size, full.stat().st_size)
        self.refused(1, *self.restore_arguments([more], self.shares[:3]), key=self.new_key)
        self.assertFalse(self.new_book.exists())
        self.assertFalse(self.new_key.exists())
        back = self.restore(more, full)
        self.assertEqual((back["customers"], back["changed"]), (39, 0))

    def test_shares_as_people_type_them(self):
        self.prepare()
        backup = self.safe / "b"
        self.ok("backup", self.book, backup)
        typed = "# from the safe\n\nShare 1\n" + self.shares[0][:50].lower() + "\n  " + self.shares[0][50:] + "\n\n"
        typed += self.shares[4].replace("-", " ").replace("0", "o").replace("1", "l") + "\r\n" + self.shares[2] + "\n"
        file = self.share_file([], typed)
        done = self.call("drill", "--mirror", self.mirror, "--backup", backup, "--shares", file, "--scratch",
                         self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("0 problems", done.stdout)
        self.assertFalse(list(self.folder.glob("clientbook-drill*")))
        wrong = self.shares[1].replace("-", "", 1)[:20]
        slip = list(self.shares[1])
        slip[13] = "Z" if slip[13] != "Z" else "Y"
        said = self.refused(20, *self.restore_arguments([backup], [self.shares[0], "".join(slip), self.shares[2]]),
                            key=self.new_key)
        self.assertIn("share 2, group 3", said)
        said = self.refused(20, *self.restore_arguments([backup], [self.shares[0], wrong]), key=self.new_key)
        self.assertIn("share 2", said)
        self.refused(1, *self.restore_arguments([backup], self.shares[:2]), key=self.new_key)
        self.refused(1, *self.restore_arguments([backup], [self.shares[0]] * 3), key=self.new_key)
        self.assertFalse(self.new_key.exists())

    def test_bad_input(self):
        self.make_shop()
        self.refused(2, "recovery", "mirror", "add", self.book, self.mirror)
        self.refused(2, "backup", self.book, self.safe / "b")
        self.assertFalse((self.safe / "b").exists())
        self.assertFalse((self.safe / "b.part").exists())
        self.assertIn("no recovery key", self.call("stats", self.book).stdout)
        self.shares = self.ok("recovery", "init", self.book)["shares"]
        self.refused(5, "recovery", "init", self.book)
        self.refused(44, "recovery", "rotate", self.book, "--role", "associate")
        self.refused(1, "recovery", "rotate", self.book, "--needed", "9")
        self.refused(1, "recovery", "mirror", "add", self.book, self.book / "mirror")
        self.refused(4, "recovery", "mirror", "add", self.book, self.folder / "no" / "mirror")
        (self.safe / "full").mkdir()
        (self.safe / "full" / "letters.txt").write_text("mine")
        self.refused(5, "recovery", "mirror", "add", self.book, self.safe / "full")
        self.assertEqual((self.safe / "full" / "letters.txt").read_text(), "mine")
        self.ok("recovery", "mirror", "add", self.book, self.mirror)
        backup = self.safe / "b"
        self.ok("backup", self.book, backup)
        content = backup.read_bytes()
        self.refused(5, "backup", self.book, backup)
        self.assertEqual(backup.read_bytes(), content)
        self.refused(4, "backup", self.book, self.safe / "no" / "b")
        self.refused(82, "backup", self.book, self.safe / "c", "--since", self.book / "data.mdb")
        self.assertFalse((self.safe / "c").exists())
        for cut in (0, 50, 88, 100, len(content) // 2, len(content) - 1):
            backup.write_bytes(content[:cut])
            self.refused(25, *self.restore_arguments([backup], self.shares[:3]), key=self.new_key)
        backup.write_bytes(content[:5000] + b"x" + content[5001:])
        self.refused(60, *self.restore_arguments([backup], self.shares[:3]), key=self.new_key)
        self.refused(4, *self.restore_arguments([self.safe / "none"], self.shares[:3]), key=self.new_key)
        self.assertFalse(self.new_book.exists())
        self.assertFalse(self.new_key.exists())
        backup.write_bytes(content)
        self.restore(backup)
        self.refused(5, *self.restore_arguments([backup], self.shares[:3]), key=self.new_key)

    def test_a_mirror_that_is_away_is_told_of_everywhere(self):
        self.prepare()
        shutil.move(self.mirror, self.safe / "taken")
        receipt = self.erase(self.first_external())
        self.assertEqual([one["confirmed"] for one in receipt["mirrors"]], [False])
        self.assertIn("is its disk attached", self.call("stats", self.book).stdout)
        self.refused(4, "recovery", "refresh", self.book)
        shutil.move(self.safe / "taken", self.mirror)
        state = self.ok("recovery", "status", self.book)
        self.assertFalse(state["mirrors"][0]["confirmed"])
        self.assertTrue(self.ok("recovery", "refresh", self.book)["mirrors"][0]["holds_all"])

    def test_sheets_instead_of_a_screen(self):
        self.make_shop()
        sheets = self.folder / "sheets"
        said = self.ok("recovery", "init", self.book, "--sheets", sheets)
        self.assertNotIn("shares", said)
        self.assertEqual(len(list(sheets.iterdir())), 5)
        self.assertEqual(os.stat(sheets).st_mode & 0o777, 0o700)
        page = (sheets / "share-2.html").read_text()
        self.assertIn(said["number"], page)
        self.refused(5, "recovery", "rotate", self.book, "--sheets", sheets)
        # Groups of a sheet are a share.
        groups = [part.split("</code>")[0] for part in page.split("<code>")[1:19]]
        self.ok("recovery", "mirror", "add", self.book, self.mirror)
        self.ok("backup", self.book, self.safe / "b")
        shares = ["-".join(groups)]
        for number in (1, 5):
            text = (sheets / f"share-{number}.html").read_text()
            shares.append("-".join(part.split("</code>")[0] for part in text.split("<code>")[1:19]))
        self.restore(self.safe / "b", shares=shares)

    def test_killed_at_any_moment(self):
        """Backups, erasures with a mirror, and restores, killed: each is there whole or not at all."""
        self.prepare()
        full = self.safe / "full"
        self.ok("backup", self.book, full)
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        whole = 0
        for turn in range(24):
            target = self.safe / f"b{turn}"
            with subprocess.Popen([program.PROGRAM, "--quiet", "backup", self.book, target], env=environment,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                time.sleep(turn * 0.002)
                running.send_signal(signal.SIGKILL)
            if target.exists():
                whole += 1
                self.ok("drill", "--mirror", self.mirror, "--backup", target, "--shares",
                        self.share_file(self.shares[:3]), "--scratch", self.folder)
        again = self.ok("backup", self.book, self.safe / "b3.again")
        self.assertEqual(again["customers"], 40)
        environment["CLIENTBOOK_KEY"] = str(self.new_key)
        for turn in range(30):
            shares = self.share_file(self.shares[:3])
            with subprocess.Popen([program.PROGRAM, "--quiet", "restore", self.new_book, "--mirror", self.mirror,
                                   "--backup", full, "--shares", shares], env=environment,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                time.sleep(turn * 0.004)
                running.send_signal(signal.SIGKILL)
            done = self.call("--json", *self.restore_arguments([full], self.shares[:3]), key=self.new_key)
            self.assertIn(done.returncode, (0, 5), done.stdout)
            found = self.ok("verify", self.new_book, key=self.new_key)
            self.assertEqual((found["customers"], found["problems"]), (40, 0))
            shutil.rmtree(self.new_book)
            shutil.rmtree(self.new_key.parent)


if __name__ == "__main__":
    unittest.main()
