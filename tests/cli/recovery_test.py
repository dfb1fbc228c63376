"""Losing the book and getting it back, as a shop does it at the prompt."""
import fcntl
import json
import os
import pathlib
import re
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
        self.assertEqual(back["verified"]["problems"], 0)
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

    def test_nothing_is_reached_through_a_link_in_a_mirror(self):
        self.prepare()
        # The key is called as a mirror's cell is, in a folder that its link leads to.
        key = self.folder / "own" / "key"
        shutil.copytree(self.key.parent, key.parent)
        os.rename(key.parent / self.key.name, key)
        before = {one.name: one.read_bytes() for one in key.parent.iterdir()}
        kept = self.folder / "kept"
        for name, to in (("cell", key.parent), ("keyring", self.book), ("cell", self.book)):
            with self.subTest(name=name, to=to):
                os.rename(self.mirror / name, kept)
                os.symlink(to, self.mirror / name)
                state = self.ok("recovery", "status", self.book, key=key)
                self.assertEqual(state["mirrors"][0]["problem"]["code"], 88)
                self.refused(88, "recovery", "refresh", self.book, key=key)
                self.ok("recovery", "mirror", "remove", self.book, self.mirror, key=key)
                self.refused(88, "recovery", "mirror", "add", self.book, self.mirror, key=key)
                backup = self.safe / "b"
                backup.touch()
                self.refused(88, *self.restore_arguments([backup], self.shares[:3]), key=self.new_key)
                self.assertEqual(key.read_bytes(), before["key"])
                self.assertEqual(self.ok("verify", self.book, key=key)["problems"], 0)
                (self.mirror / name).unlink()
                os.rename(kept, self.mirror / name)
                self.ok("recovery", "mirror", "add", self.book, self.mirror, key=key)
        # The mirror itself, led to another folder.
        os.rename(self.mirror, kept)
        os.symlink(kept, self.mirror)
        self.refused(88, "recovery", "refresh", self.book, key=key)
        # The key has another name than its pin: the first change that needs one has made a pin.
        self.assertEqual(sorted(one.name for one in key.parent.iterdir() if one.name != "key.pin"), sorted(before))

    def test_a_mirror_that_others_could_take_away_and_a_book_within_it(self):
        self.prepare()
        backup = self.safe / "b"
        self.ok("backup", self.book, backup)
        open_to_all = self.safe / "open"
        open_to_all.mkdir()
        open_to_all.chmod(0o1777)
        self.refused(88, "recovery", "mirror", "add", self.book, open_to_all)
        open_to_all.chmod(0o700)
        self.ok("recovery", "mirror", "add", self.book, open_to_all)
        self.refused(1, *self.restore_arguments([backup], self.shares[:3]), key=self.mirror / "root.key")
        self.refused(1, *self.restore_arguments([backup], self.shares[:3], book=self.mirror / "b"), key=self.new_key)
        self.assertEqual(sorted(one.name for one in self.mirror.iterdir()), ["cell", "keyring"])
        self.restore(backup)
        known = self.ok("recovery", "status", self.new_book, key=self.new_key)["mirrors"]
        self.assertEqual(sorted(one["path"] for one in known), sorted([str(self.mirror), str(open_to_all)]))

    def test_a_mirror_of_one_branch_opens_no_backup_of_another(self):
        self.prepare()
        shutil.copytree(self.book, self.folder / "snapshot")
        shutil.copytree(self.key.parent, self.folder / "key-snapshot")
        shutil.copytree(self.mirror, self.folder / "other")
        self.ok("consent", "withdraw", self.book, "clientbook:C-1001", "--purpose", "email_marketing")
        shutil.rmtree(self.book)
        shutil.rmtree(self.key.parent)
        shutil.copytree(self.folder / "snapshot", self.book)
        shutil.copytree(self.folder / "key-snapshot", self.key.parent)
        self.ok("consent", "grant", self.book, "clientbook:C-1001", "--purpose", "client_care", "--notice",
                "house-rules-2025")
        backup = self.safe / "b"
        self.refused(90, "backup", self.book, backup)
        self.assertFalse(backup.exists())
        os.rename(self.mirror, self.folder / "knows")
        os.rename(self.folder / "other", self.mirror)
        self.ok("backup", self.book, backup)
        os.rename(self.mirror, self.folder / "other")
        os.rename(self.folder / "knows", self.mirror)
        self.refused(63, *self.restore_arguments([backup], self.shares[:3]), key=self.new_key)
        self.refused(63, "drill", "--mirror", self.mirror, "--backup", backup, "--shares",
                     self.share_file(self.shares[:3]), "--scratch", self.folder)
        self.assertFalse(self.new_book.exists())
        self.assertFalse(self.new_key.exists())

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

    def withdraw(self, who, book=None, **how):
        return self.ok("consent", "deny", book or self.book, who, "-p", "email_marketing", **how)

    def test_a_book_that_was_put_back_leaves_the_newer_mirror_alone(self):
        self.prepare()
        first, second = self.safe / "first", self.safe / "second"
        self.ok("backup", self.book, first)
        shutil.copytree(self.book, self.folder / "snapshot")
        shutil.copytree(self.key.parent, self.folder / "key-snapshot")
        self.erase(self.first_external())
        shutil.rmtree(self.book)
        shutil.rmtree(self.key.parent)
        shutil.copytree(self.folder / "snapshot", self.book)
        shutil.copytree(self.folder / "key-snapshot", self.key.parent)
        for number in range(5):
            self.ok("add", self.book, "--given", f"Ann{number}", "--family", "Lee", "--id", f"other:{number}")
        receipt = self.erase("clientbook:C-1002")
        self.assertEqual([one["confirmed"] for one in receipt["mirrors"]], [False])
        told = self.call("--json", "backup", self.book, second)
        self.assertEqual(told.returncode, 90, told.stdout)
        self.assertFalse(second.exists())
        self.assertEqual(list(self.safe.glob("*.part*")), [])
        state = self.ok("recovery", "status", self.book)
        self.assertEqual((state["mirrors"][0]["confirmed"], state["mirrors"][0]["problem"]["code"]), (False, 90))
        self.assertIn("newer than the book", self.call("stats", self.book).stdout)
        # What it knew it still knows.
        back = self.restore(first)
        self.assertEqual((back["customers"], back["erased"]), (39, 1))
        self.ok("recovery", "mirror", "remove", self.book, self.mirror)
        self.ok("recovery", "mirror", "add", self.book, self.mirror)
        self.assertTrue(self.ok("recovery", "refresh", self.book)["mirrors"][0]["holds_all"])
        self.ok("backup", self.book, second)
        self.ok("drill", "--mirror", self.mirror, "--backup", second, "--shares", self.share_file(self.shares[:3]),
                "--scratch", self.folder)

    def test_a_no_after_the_backup_is_a_no_after_the_restore(self):
        self.prepare()
        # A mirror that is away keeps nobody from saying no, and is told of.
        shutil.move(self.mirror, self.safe / "taken")
        said = self.withdraw("clientbook:C-1003")
        self.assertEqual([one["heard"] for one in said["mirrors"]], [False])
        shutil.move(self.safe / "taken", self.mirror)
        self.assertIn("has not heard", self.call("stats", self.book).stdout)
        backup = self.safe / "b"
        self.ok("backup", self.book, backup)
        said = self.withdraw(self.first_external())
        self.assertEqual([one["heard"] for one in said["mirrors"]], [True])
        shares = self.share_file(self.shares[:3])
        text = self.call("restore", self.new_book, "--mirror", self.mirror, "--backup", backup, "--shares", shares,
                         key=self.new_key)
        self.assertEqual(text.returncode, 0, text.stderr)
        self.assertIn("is not known", text.stdout)
        self.assertIn(f"ASK {said['customer']}", text.stdout)
        asked = self.ok("recovery", "status", self.new_book, key=self.new_key)
        self.assertEqual(asked["to_ask"], [said["customer"]])
        self.withdraw(self.first_external(), self.new_book, key=self.new_key)
        self.assertEqual(self.ok("recovery", "status", self.new_book, key=self.new_key)["to_ask"], [])

    def test_what_a_restore_does_not_know_is_said_where_somebody_asks(self):
        self.prepare()
        who, backup = self.first_external(), self.safe / "b"
        self.assertEqual(self.ok("stats", self.book)["restored_at"], "")
        self.ok("backup", self.book, backup)
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "GB", "--contract", "c-1")
        self.ok("disclose", self.book, who, "-p", "delivery_of_goods", "--to", "parcel-co")
        self.restore(backup)
        figures = self.ok("stats", self.new_book, key=self.new_key)
        self.assertLessEqual(figures["restored_as_of"], figures["restored_at"])
        self.assertNotEqual(figures["restored_as_of"], "")
        said = self.call("ledger", self.new_book, who, key=self.new_key).stdout
        self.assertIn("was restored on", said)
        page = self.folder / "page.html"
        self.ok("page", self.new_book, who, "--html", page, "--request", "letter 7", key=self.new_key)
        told = page.read_text(encoding="utf-8")
        self.assertIn("our records were restored from a copy of", told)
        self.assertNotIn("parcel-co", told)

    def test_parts_of_two_branches_make_no_book_that_passes_for_one(self):
        self.prepare()
        second = self.safe / "second"
        self.ok("recovery", "mirror", "add", self.book, second)
        before, after = self.safe / "before", self.safe / "after"
        self.ok("backup", self.book, before)
        shutil.move(self.mirror, self.safe / "away")
        self.erase(self.first_external())
        shutil.move(self.safe / "away", self.mirror)
        self.restore(before)  # From the mirror that has not heard of the erasure.
        for number in range(4):
            self.ok("add", self.new_book, "--given", f"Ann{number}", "--family", "Lee", "--id", f"other:{number}", key=self.new_key)
        self.ok("backup", self.new_book, after, key=self.new_key)
        other_key = self.folder / "third" / "root.key"
        done = self.call("--json", "restore", self.folder / "back" / "third.book", "--mirror", second, "--backup", after, "--shares",
                         self.share_file(self.shares[:3]), key=other_key)
        self.assertNotEqual(done.returncode, 0, done.stdout)

    def test_shares_that_do_not_get_out_are_of_no_key(self):
        self.make_shop()
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        for machine in ([], ["--json"]):
            with open("/dev/full", "w", encoding="ascii") as full:
                done = subprocess.run([program.PROGRAM, *machine, "recovery", "init", self.book], env=environment,
                                      stdout=full, stderr=subprocess.PIPE, check=False, text=True)
            self.assertEqual(done.returncode, 80)
            self.assertFalse(self.ok("recovery", "status", self.book)["has_key"])
        self.refused(1, "--quiet", "recovery", "init", self.book)
        self.shares = self.ok("recovery", "init", self.book)["shares"]
        self.ok("recovery", "mirror", "add", self.book, self.mirror)
        backup = self.safe / "b"
        self.ok("backup", self.book, backup)
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([program.PROGRAM, "recovery", "rotate", self.book], env=environment, stdout=full,
                                  stderr=subprocess.PIPE, check=False, text=True)
        self.assertIn("not in force", done.stderr)
        parts = ("--mirror", self.mirror, "--backup", backup, "--scratch", self.folder, "--shares")
        self.ok("drill", *parts, self.share_file(self.shares[:3]))
        # Killed anywhere: the former shares open the mirror, or those that came out.
        for turn in range(20):
            with subprocess.Popen([program.PROGRAM, "--json", "recovery", "rotate", self.book], env=environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
                time.sleep(turn * 0.004)
                running.send_signal(signal.SIGKILL)
                out = running.stdout.read()
            shown = re.findall(r"[0-9A-Z]{5}(?:-[0-9A-Z]{5}){17}", out)
            opened = [shares for shares in (self.shares, shown) if len(shares) == 5 and self.call(
                "drill", *parts, self.share_file(shares[:3])).returncode == 0]
            self.assertEqual(len(opened), 1, out)
            self.ok("recovery", "refresh", self.book)
            if len(shown) == 5 and self.call("drill", *parts, self.share_file(shown[:3])).returncode == 0:
                self.shares = shown

    def test_nobody_is_waited_for_longer_than_was_said(self):
        """Another program has stopped while it holds the lock of the root key, the pin or a mirror."""
        self.prepare()
        told = {}
        for number, (place, code) in enumerate(((self.key.parent, 85), (pathlib.Path(f"{self.key}.pin"), 85),
                                                (self.mirror, 0))):
            who = f"clientbook:C-100{number + 1}"
            self.ok("case", "open", self.book, who, "--kind", "rights", "--reference", "letter 7")
            held = os.open(place, os.O_RDONLY)
            fcntl.flock(held, fcntl.LOCK_EX)
            begun = time.monotonic()
            done = self.call("--json", "erase", self.book, who, "--reason", "subject_request", "--yes", "--wait", "1")
            self.assertEqual(done.returncode, code, done.stdout)
            self.assertLess(time.monotonic() - begun, 10)
            # Reading waits for nobody.
            self.ok("verify", self.book, "--wait", "1")
            os.close(held)
            told[place] = json.loads(done.stdout)
            # Where the root key could not be changed nothing was done; else the erasure was.
            gone = self.call("show", self.book, who, "-p", "customer_order_management").returncode != 0
            self.assertEqual(gone, place != self.key.parent)
        self.assertTrue(told[pathlib.Path(f"{self.key}.pin")]["text"].startswith("committed, but"))
        self.assertEqual([one["confirmed"] for one in told[self.mirror]["mirrors"]], [False])

    def test_places_that_would_be_lost_together(self):
        self.prepare()
        self.refused(5, "recovery", "mirror", "add", self.book, f"{self.safe}/./mirror")
        self.refused(1, "recovery", "mirror", "add", self.book, self.mirror / "inner")
        self.refused(1, "recovery", "mirror", "add", self.book, self.safe)
        self.refused(1, "recovery", "mirror", "add", self.book, self.key.parent / "mirror")
        for place in (self.book / "b", self.key.parent / "b", self.mirror / "b", "-"):
            self.refused(1, "backup", self.book, place)
        self.assertFalse(pathlib.Path("-").exists())
        part = self.safe / "w.part"
        part.write_text("letters")
        self.refused(5, "backup", self.book, self.safe / "w")
        self.assertEqual(part.read_text(), "letters")
        backup = self.safe / "b"
        self.ok("backup", self.book, backup)
        left = self.folder / "clientbook-drill-abcdef" / "book"
        left.mkdir(parents=True)
        (left / "data.mdb").write_bytes(b"of a drill that was killed")
        file = self.folder / "with-mark.txt"
        file.write_text("\ufeff" + "\n".join(self.shares[:3]), encoding="utf-8")
        self.ok("drill", "--mirror", self.mirror, "--backup", backup, "--shares", file, "--scratch", self.folder)
        self.assertFalse(left.parent.exists())
        (self.mirror / "cell" / "key").write_bytes(b"not a cell")
        self.assertIn("remove, then add it again", self.call("stats", self.book).stdout)
        self.ok("recovery", "mirror", "remove", self.book, self.mirror)
        self.ok("recovery", "mirror", "add", self.book, self.mirror)
        self.assertEqual(self.ok("recovery", "status", self.book)["reminders"], [])

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
