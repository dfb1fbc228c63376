"""What opens a book, from the command line: passphrases, key files, recipients."""
import fcntl
import os
import pty
import select
import subprocess
import time
import unittest
import zlib

import program

PHRASE = "correct horse battery staple"
NEXT = "another horse in the stable"
RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
IDENTITY = "# public key: " + RECIPIENT + "\nAGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n"
CHEAP = ("--stretch", "8")


class KeyTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.stick = self.folder / "stick"
        self.stick.mkdir()
        self.till = self.stick / "till.key"

    def file(self, name, content, mode=0o600):
        path = self.stick / name
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        path.chmod(mode)
        return path

    def sealed(self):
        self.phrase = self.file("phrase", PHRASE + "\n")
        return self.ok("init", self.book, "--profile", "gdpr", "--passphrase", "--passphrase-file", self.phrase, *CHEAP)

    def slots(self):
        return [(one["number"], one["kind"], one["label"], one["proven"])
                for one in self.ok("key", "list", self.book)["slots"]]

    def test_a_book_as_scripts_make_it_has_its_key_in_the_file(self):
        made = self.ok("init", self.book, "--profile", "gdpr")
        self.assertEqual(made["key"], {"sealed": False, "renewal_due": False, "slots": []})
        self.assertEqual(self.key.stat().st_size, 112)
        self.assertIn("whoever has it opens the book", self.call("key", "list", self.book).stdout)
        self.assertEqual(self.ok("stats", self.book, "--passphrase-file", "/nowhere")["customers"], 0)

    def test_a_passphrase_opens_it_and_nothing_else_does(self):
        made = self.sealed()
        self.assertTrue(made["key"]["sealed"])
        self.assertEqual(self.slots(), [(1, "passphrase", "passphrase", True)])
        said = self.refused(86, "stats", self.book)
        self.assertIn("CLIENTBOOK_PASSPHRASE_FILE", said)
        self.assertEqual(self.ok("stats", self.book, "--passphrase-file", self.phrase)["key"]["slots"][0]["number"], 1)
        self.assertIn("passphrase", self.call("stats", self.book, "--passphrase-file", self.phrase).stdout)
        wrong = self.file("wrong", PHRASE.title())
        self.refused(61, "verify", self.book, "--passphrase-file", wrong)
        # Without a line end, with that of another system, and through a pipe.
        for content in (PHRASE, PHRASE + "\r\n"):
            self.ok("verify", self.book, "--passphrase-file", self.file("same", content))
        self.assertEqual(self.ok("verify", self.book, "--passphrase-file", "-", stdin=PHRASE + "\n")["problems"], 0)

    def test_the_environment_names_what_opens(self):
        self.sealed()
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key), CLIENTBOOK_PASSPHRASE_FILE=str(self.phrase))
        done = subprocess.run([program.PROGRAM, "stats", str(self.book)], env=environment, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        read, write = os.pipe()
        os.write(write, PHRASE.encode())
        os.close(write)
        done = subprocess.run([program.PROGRAM, "stats", str(self.book), "--passphrase-file", f"/dev/fd/{read}"],
                              env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)), capture_output=True, text=True,
                              check=False, pass_fds=(read,))
        os.close(read)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_what_is_no_passphrase_makes_no_book(self):
        for code, content in ((1, ""), (1, "\n"), (1, "   \n"), (1, "two\nlines of it\n"), (1, "too short"),
                              (1, "aaaaaaaaaaaaaaaaaaaa"), (7, "x" * (1 << 20)), (20, b"\xff\xfe not text at all"),
                              (1, "a\ttab in the middle")):
            path = self.file("phrase", content)
            self.refused(code, "init", self.book, "--profile", "gdpr", "--passphrase-file", path, *CHEAP)
            self.assertFalse(self.book.exists())
            self.assertFalse(self.key.exists())
        self.refused(4, "init", self.book, "--profile", "gdpr", "--passphrase-file", self.stick / "none")
        self.refused(1, "init", self.book, "--profile", "gdpr", "--passphrase")  # Nobody can be asked.
        self.refused(1, "init", self.book, "--profile", "gdpr", "--recipient", RECIPIENT)
        self.refused(20, "init", self.book, "--profile", "gdpr", "--recipient", RECIPIENT[:-1] + "k")
        self.refused(1, "init", self.book, "--profile", "gdpr", "--passphrase-file", self.file("p", PHRASE),
                     "--stretch", "2000")
        self.assertFalse(self.book.exists())

    def test_slots_come_and_go(self):
        self.sealed()
        opens = ("--passphrase-file", self.phrase)
        added = self.ok("key", "add", self.book, *opens, "--new-key-file", self.till, "--label", "till 2")
        self.assertEqual(added["number"], 2)
        self.assertEqual(self.till.stat().st_size, 32)
        self.ok("key", "add", self.book, *opens, "--recipient", RECIPIENT, "--label", "Ann")
        self.assertEqual(self.slots(), [(1, "passphrase", "passphrase", True), (2, "key file", "till 2", True),
                                        (3, "recipient", "Ann", False)])
        before = self.ok("stats", self.book, *opens)["epoch"]
        removed = self.ok("key", "remove", self.book, "1", "--key-identity", self.till)
        self.assertEqual(removed["epoch"], before + 1)
        self.assertFalse(removed["renewal_due"])
        self.refused(61, "stats", self.book, *opens)
        # Nobody has opened Ann's: the till's stays.
        self.refused(2, "key", "remove", self.book, "2", "--key-identity", self.till)
        ann = self.file("ann.txt", IDENTITY)
        self.ok("stats", self.book, "--key-identity", ann)
        self.assertTrue(self.slots()[1][3])
        self.ok("key", "remove", self.book, "2", "--key-identity", ann)
        self.refused(2, "key", "remove", self.book, "3", "--key-identity", ann)  # The last one.
        self.refused(4, "key", "remove", self.book, "2", "--key-identity", ann)
        self.assertEqual(self.slots(), [(3, "recipient", "Ann", True)])
        self.assertEqual(self.ok("verify", self.book, "--key-identity", ann)["problems"], 0)
        self.ok("key", "unseal", self.book, "--key-identity", ann)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_a_passphrase_is_changed_and_a_key_in_clear_is_sealed(self):
        self.ok("init", self.book, "--profile", "gdpr")
        old_key = self.key.read_bytes()
        first = self.file("first", PHRASE)
        self.ok("key", "add", self.book, "--new-passphrase-file", first, "--label", "the shop", *CHEAP)
        self.assertFalse(self.ok("key", "list", self.book)["renewal_due"])
        # What was copied before opens nothing of today's root.
        sealed_key = self.key.read_bytes()
        self.key.write_bytes(old_key)
        self.refused(61, "stats", self.book)
        self.key.write_bytes(sealed_key)
        second = self.file("second", NEXT)
        done = self.ok("key", "change", self.book, "1", "--passphrase-file", first, "--new-passphrase-file", second,
                       "--label", "the shop", *CHEAP)
        self.assertEqual(done["number"], 2)
        self.refused(61, "stats", self.book, "--passphrase-file", first)
        self.ok("key", "renew", self.book, "--passphrase-file", second)
        self.assertEqual(self.ok("verify", self.book, "--passphrase-file", second)["problems"], 0)

    def test_only_who_guards_the_book_changes_what_opens_it(self):
        self.sealed()
        opens = ("--passphrase-file", self.phrase)
        before = self.key.read_bytes()
        for role in ("associate", "manager", "privacy_officer", "auditor", "service", "marketing"):
            self.refused(44, "key", "add", self.book, *opens, "--new-identity", self.file("k", os.urandom(32)),
                         "--label", "mine", "--role", role, "--actor", "5")
            self.refused(44, "key", "renew", self.book, *opens, "--role", role, "--actor", "5")
            self.refused(44, "key", "unseal", self.book, *opens, "--role", role, "--actor", "5")
        self.assertEqual(self.key.read_bytes(), before)
        entries = self.ok("stats", self.book, *opens)["ledger_entries"]
        self.ok("key", "add", self.book, *opens, "--new-identity", self.file("k", os.urandom(32)), "--label", "till",
                "--role", "security_officer")
        self.assertEqual(self.ok("stats", self.book, *opens)["ledger_entries"], entries + 1)

    def test_what_no_slot_can_be(self):
        self.sealed()
        opens = ("--passphrase-file", self.phrase)
        self.refused(1, "key", "add", self.book, *opens)
        self.refused(1, "key", "add", self.book, *opens, "--new-passphrase", "--recipient", RECIPIENT)
        self.refused(5, "key", "add", self.book, *opens, "--new-passphrase-file", self.phrase)
        self.refused(1, "key", "add", self.book, *opens, "--new-key-file", self.key.parent / "till.key")
        self.refused(1, "key", "add", self.book, *opens, "--new-key-file", self.folder / "till.key")
        self.refused(88, "key", "add", self.book, *opens, "--new-identity", self.file("open", os.urandom(32), 0o644))
        self.refused(1, "key", "add", self.book, *opens, "--new-identity", self.file("text", "no key in here"))
        self.refused(6, "key", "add", self.book, *opens, "--recipient", "age1yubikey1qwerty")
        self.refused(1, "key", "add", self.book, *opens, "--recipient", RECIPIENT, "--label", "x" * 65)
        self.assertEqual(len(self.slots()), 1)
        for i in range(15):
            self.ok("key", "add", self.book, *opens, "--new-identity", self.file("k", os.urandom(32)), "--label", f"t{i}")
        self.refused(7, "key", "add", self.book, *opens, "--new-key-file", self.stick / "one-more.key")
        self.assertFalse((self.stick / "one-more.key").exists())

    def test_a_second_init_seals_nobodys_key(self):
        """One that an interrupted call has left in clear may be that of a book which is there."""
        self.ok("init", self.book, "--profile", "gdpr")
        whole = self.key.read_bytes()
        body = bytes(40) + whole[24:64] + whole[104:112]  # Staged, and not yet current.
        self.key.write_bytes(whole[:20] + zlib.crc32(body).to_bytes(4, "big") + body)
        left = self.key.read_bytes()
        self.refused(5, "init", self.book, "--profile", "gdpr", "--passphrase-file", self.file("phrase", PHRASE), *CHEAP)
        self.assertEqual(self.key.read_bytes(), left)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_each_secret_that_init_is_told_is_a_slot(self):
        own = self.file("own", os.urandom(32))
        self.ok("init", self.book, "--profile", "gdpr", "--key-file", self.till, "--key-identity", own)
        self.assertEqual([one[1] for one in self.slots()], ["key file", "key file"])
        for key in (own, self.till):
            self.assertEqual(self.ok("verify", self.book, "--key-identity", key)["problems"], 0)

    def test_a_change_of_slots_waits_no_longer_than_it_was_told(self):
        self.sealed()
        opens = ("--passphrase-file", self.phrase)
        self.ok("key", "add", self.book, *opens, "--new-key-file", self.till)
        folder = os.open(self.key.parent, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        before = self.key.read_bytes()
        began = time.monotonic()
        self.refused(85, "key", "remove", self.book, "2", *opens, "--wait", "0")
        self.assertLess(time.monotonic() - began, 30)
        os.close(folder)
        self.assertEqual(self.key.read_bytes(), before)
        self.ok("key", "remove", self.book, "2", *opens, "--wait", "0")

    def test_a_restored_book_is_sealed_too(self):
        self.ok("init", self.book, "--profile", "gdpr")
        shares = self.ok("recovery", "init", self.book)["shares"]
        listed = self.file("shares", "\n".join(shares[:3]) + "\n")
        mirror, backup = self.folder / "mirror", self.folder / "full.backup"
        self.ok("recovery", "mirror", "add", self.book, mirror)
        self.ok("backup", self.book, backup)
        phrase = self.file("phrase", PHRASE)
        key = self.folder / "other" / "root.key"
        self.ok("restore", self.folder / "back.book", "--mirror", mirror, "--backup", backup, "--shares", listed,
                "--passphrase-file", phrase, *CHEAP, key=key)
        self.refused(86, "stats", self.folder / "back.book", key=key)
        self.ok("verify", self.folder / "back.book", "--passphrase-file", phrase, key=key)


class AtATerminal(program.ProgramTest):
    """Somebody sits there: asked without an echo."""

    def typed(self, answers, *arguments):
        ours, theirs = pty.openpty()
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        with subprocess.Popen([program.PROGRAM, *map(str, arguments)], env=environment, stdin=theirs, stdout=theirs,
                              stderr=theirs, start_new_session=True) as running:
            os.close(theirs)
            shown = b""
            end = time.monotonic() + 60
            waiting = list(answers)
            seen = 0
            while time.monotonic() < end:
                ready, _, _ = select.select([ours], [], [], 0.1)
                if ready:
                    try:
                        more = os.read(ours, 4096)
                    except OSError:
                        break
                    if not more:
                        break
                    shown += more
                if waiting and shown[seen:].rstrip(b" ").endswith(b":"):
                    seen = len(shown)
                    time.sleep(0.05)
                    os.write(ours, waiting.pop(0).encode())
            code = running.wait(60)
        os.close(ours)
        return code, shown.decode(errors="replace")

    def test_who_is_asked_what(self):
        code, shown = self.typed(["2\n", PHRASE + "\n", PHRASE + "\n"], "init", self.book, "--profile", "gdpr", *CHEAP)
        self.assertEqual(code, 0, shown)
        self.assertIn("1  with the key file alone", shown)
        self.assertNotIn("horse", shown)
        code, shown = self.typed(["wrong horse in here\n", PHRASE + "\n"], "stats", self.book)
        self.assertEqual(code, 0, shown)
        self.assertIn("It opens with one of", shown)
        self.assertNotIn("horse", shown)
        code, shown = self.typed(["a wrong one\n"] * 3, "stats", self.book)
        self.assertEqual(code, 61, shown)
        code, shown = self.typed(["\x03"], "stats", self.book)
        self.assertEqual(code, 86, shown)

    def test_the_file_alone_and_two_that_differ(self):
        code, shown = self.typed([PHRASE + "\n", NEXT + "\n"], "init", self.book, "--profile", "gdpr", "--passphrase",
                                 *CHEAP)
        self.assertEqual(code, 1, shown)
        self.assertIn("not the same", shown)
        self.assertFalse(self.key.exists())
        code, shown = self.typed(["1\n"], "init", self.book, "--profile", "gdpr")
        self.assertEqual(code, 0, shown)
        self.assertEqual(self.key.stat().st_size, 112)


if __name__ == "__main__":
    unittest.main()
