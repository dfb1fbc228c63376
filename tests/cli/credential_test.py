"""Credentials at the keyboard: who shows who they are, and what takes it."""
import os
import pty
import select
import subprocess
import time
import unittest

import program

PHRASE = "correct horse battery staple"
NEXT = "another horse in the stable"
ANN = ("--actor", "40", "--role", "security_officer")
KIM = ("--actor", "41", "--role", "security_officer")
VERA = ("--actor", "12", "--role", "associate")


class CredentialTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        self.stick = self.folder / "stick"
        self.stick.mkdir()
        self.ok("init", self.book, "--profile", "gdpr")
        self.ann = (*ANN, "--credential-file", self.stick / "ann.key")
        self.kim = (*KIM, "--credential-file", self.stick / "kim.key")

    def file(self, name, content):
        path = self.stick / name
        path.write_text(content)
        path.chmod(0o600)
        return path

    def first_day(self):
        first = self.ok("credential", "enrol", self.book, 40, "--as", "security_officer", "--name", "Ann",
                        "--new-key-file", self.stick / "ann.key", *ANN)
        self.assertEqual(first, {"number": 1, "waits": False})
        self.ok("credential", "enrol", self.book, 41, "--as", "security_officer", "--name", "Kim",
                "--new-key-file", self.stick / "kim.key", *self.ann)

    def vera(self, phrase=PHRASE):
        made = self.ok("credential", "enrol", self.book, 12, "--as", "associate", "--name", "Vera Holm", "--days", 30,
                       "--new-passphrase-file", self.file("vera", phrase + "\n"), *self.ann)
        self.assertTrue(made["waits"])
        return made["number"]

    def test_an_officer_enrols_another_confirms_and_a_revoked_one_opens_nothing(self):
        self.first_day()
        number = self.vera()
        shown = (*VERA, "--credential-passphrase-file", self.stick / "vera")
        self.refused(58, "stats", self.book, *shown)
        self.refused(46, "credential", "confirm", self.book, number, *self.ann)
        self.assertIn("waits to be confirmed", self.call("credential", "list", self.book, *self.ann).stdout)
        self.ok("credential", "confirm", self.book, number, *self.kim)
        self.ok("credential", "list", self.book, *shown)
        printed = self.call("credential", "list", self.book, *self.kim).stdout
        self.assertIn("actor 12, associate: Vera Holm, passphrase", printed)
        self.assertIn("confirmed by 41", printed)
        self.assertIn("confirmed by nobody", printed)
        self.ok("credential", "renew", self.book, number, "--days", 40, *self.ann)
        self.ok("credential", "revoke", self.book, number, *self.ann)
        self.refused(58, "credential", "list", self.book, *shown)
        states = [one["state"] for one in self.ok("credential", "list", self.book, *self.ann)["credentials"]]
        self.assertEqual(states, ["in_force", "in_force", "revoked"])

    def test_a_key_file_that_opens_nothing_does_not_stay(self):
        self.first_day()
        path = self.stick / "mine.key"
        self.refused(57, "credential", "enrol", self.book, 43, "--as", "manager", "--name", "Jo", "--new-key-file", path,
                     *ANN)
        self.assertFalse(path.exists())
        self.refused(1, "credential", "enrol", self.book, 43, "--as", "manager", "--name", "Jo", *self.ann)
        self.refused(21, "credential", "enrol", self.book, 43, "--as", "boss", "--name", "Jo", "--new-key-file", path,
                     *self.ann)
        self.refused(1, "credential", "enrol", self.book, 43, "--as", "manager", "--name", "Jo",
                     "--new-passphrase-file", self.file("short", "short\n"), *self.ann)

    def test_everybody_shows_who_they_are_once_two_have_said_so(self):
        self.first_day()
        self.ok("credential", "confirm", self.book, self.vera(), *self.kim)
        proposal = self.ok("credential", "require", self.book, "everybody", *self.ann)["proposal"]
        self.refused(46, "credential", "approve", self.book, proposal, *self.ann)
        self.ok("credential", "approve", self.book, proposal, *self.kim)
        self.assertIn("--credential-file", self.refused(57, "stats", self.book))
        self.assertEqual(self.ok("credential", "list", self.book, *self.kim)["taken"]["use"], "everybody")
        # The environment names it once for all commands.
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key),
                           CLIENTBOOK_CREDENTIAL_FILE=str(self.stick / "kim.key"))
        done = subprocess.run([program.PROGRAM, "verify", str(self.book), *KIM], env=environment, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.refused(1, "credential", "require", self.book, "all", *self.ann)

    def test_who_enrols_never_has_the_secret(self):
        self.first_day()
        phrase = self.file("vera", PHRASE)
        half = self.ok("credential", "half", self.book, "--new-passphrase-file", phrase, *VERA)["half"]
        self.assertRegex(half, r"^passphrase:[0-9a-f]{64}$")
        self.assertEqual(self.call("credential", "half", self.book, "--new-passphrase-file", phrase).stdout, half + "\n")
        enrol = ("credential", "enrol", self.book, 12, "--as", "associate", "--name", "Vera Holm", "--half")
        self.refused(1, *enrol, "passphrase:12", *self.ann)
        self.refused(1, *enrol, half[1:], *self.ann)
        number = self.ok(*enrol, half, *self.ann)["number"]
        self.ok("credential", "confirm", self.book, number, *self.kim)
        listed = self.ok("credential", "list", self.book, *VERA, "--credential-passphrase-file", phrase)
        self.assertEqual([one["kind"] for one in listed["credentials"]], ["passphrase"])
        self.refused(5, *enrol, half, *self.ann)

    def test_a_lost_book_comes_back_with_its_credentials(self):
        self.first_day()
        mirror, backup = self.folder / "safe" / "mirror", self.folder / "safe" / "monday.backup"
        mirror.parent.mkdir()
        shares = self.ok("recovery", "init", self.book, *self.ann)["shares"]
        self.ok("recovery", "mirror", "add", self.book, mirror, *self.ann)
        self.ok("credential", "approve", self.book,
                self.ok("credential", "require", self.book, "everybody", *self.ann)["proposal"], *self.kim)
        self.ok("backup", self.book, backup, *self.ann)
        file = self.file("shares", "\n".join(shares[:3]) + "\n")
        # Whoever tries it out, or brings it back, has shares, and checks the copy without a credential.
        parts = ("--mirror", mirror, "--backup", backup, "--shares", file)
        self.ok("drill", *parts, "--scratch", self.folder)
        new, key = self.folder / "back" / "shop.book", self.folder / "newkey" / "root.key"
        new.parent.mkdir()
        self.assertEqual(self.ok("restore", new, *parts, key=key)["verified"]["problems"], 0)
        self.refused(57, "stats", new, key=key)
        self.assertEqual(self.ok("verify", new, *self.kim, key=key)["problems"], 0)

    def test_ones_own_passphrase_is_changed(self):
        self.first_day()
        self.ok("credential", "confirm", self.book, self.vera(), *self.kim)
        old = (*VERA, "--credential-passphrase-file", self.stick / "vera")
        self.ok("credential", "change", self.book, *old, "--new-passphrase-file", self.file("next", NEXT))
        self.refused(58, "credential", "list", self.book, *old)
        self.ok("credential", "list", self.book, *VERA, "--credential-passphrase-file", self.stick / "next")

    def test_five_wrong_ones_shut_out_for_the_hour(self):
        self.first_day()
        self.ok("credential", "confirm", self.book, self.vera(), *self.kim)
        wrong = (*VERA, "--credential-passphrase-file", self.file("wrong", NEXT))
        for _ in range(5):
            self.refused(58, "credential", "list", self.book, *wrong)
        self.refused(7, "credential", "list", self.book, *VERA, "--credential-passphrase-file", self.stick / "vera")
        kinds = [one["kind"] for one in self.ok("alarm", "list", self.book, *self.ann)["alarms"]]
        self.assertEqual(kinds, ["wrong_proofs"])

    def test_somebody_at_a_terminal_is_asked(self):
        self.first_day()
        self.ok("credential", "confirm", self.book, self.vera(), *self.kim)
        ours, theirs = pty.openpty()
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        running = subprocess.Popen([program.PROGRAM, "credential", "list", str(self.book), *VERA, "--prove"], stdin=theirs,
                                   stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        said, typed, end = "", False, time.monotonic() + 30
        while time.monotonic() < end:
            if select.select([ours], [], [], 0.1)[0]:
                try:
                    said += os.read(ours, 4096).decode()
                except OSError:
                    break
            if "Passphrase of actor 12" in said and not typed:
                typed = True
                os.write(ours, (PHRASE + "\n").encode())
            if running.poll() is not None:
                break
        self.assertEqual(running.wait(timeout=30), 0, said)
        os.close(ours)
        self.assertNotIn(PHRASE, said)


if __name__ == "__main__":
    unittest.main()
