"""`shell`: the book is opened once, and then lines are commands, typed or out of a file."""
import json
import os
import pty
import select
import subprocess
import time
import unittest

from program import PROGRAM, ProgramTest

ORDER = "customer_order_management"


class Shell(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_book("--profile", "gdpr")
        for given, family, number in (("Ann", "Lee", "L-1"), ("José", "Núñez", "L-2")):
            self.ok("add", self.book, "--given", given, "--family", family, "--id", f"loyalty:{number}")

    def lines(self, *lines, options=(), json_too=False):
        return self.call(*(["--json"] if json_too else []), "shell", self.book, *options,
                         stdin="".join(line + "\n" for line in lines))

    def test_each_line_is_a_command_without_the_books_name(self):
        done = self.lines(f"find lee -p {ORDER}", "", "# a remark", f'clientbook show loyalty:L-2 -p {ORDER}',
                          f"find 'núñez josé' -p {ORDER}", "exit", "nonsense")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Ann, Lee", done.stdout)
        self.assertEqual(done.stdout.count("Núñez"), 2, done.stdout)

    def test_each_line_answers_with_one_json_object_as_the_command_alone_does(self):
        lines = (f"find lee -p {ORDER}", f"show loyalty:L-1 -p {ORDER}", "stats", "terms purposes")
        done = self.lines(*lines, json_too=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        within = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(within), 4)
        alone = self.ok("show", self.book, "loyalty:L-1", "-p", ORDER)
        self.assertEqual(within[1], alone)
        self.assertEqual(within[2]["customers"], 2)
        self.assertEqual(within[3], self.ok("terms", "purposes", "--book", self.book))

    def test_what_a_line_writes_is_there_for_the_next_and_for_others(self):
        done = self.lines("edit loyalty:L-1 --given 'Ann \"A\"' --family \"O'Lee \\\\\"", f"show loyalty:L-1 -p {ORDER}", "add --given Zoe --id loyalty:L-3",
                          f"show loyalty:L-3 -p {ORDER}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Zoe", done.stdout)
        self.assertIn('Ann "A"', done.stdout)
        self.assertIn("O'Lee \\", done.stdout)
        self.assertEqual(self.ok("stats", self.book)["customers"], 3)

    def test_lines_end_at_the_first_that_fails_with_its_code_and_number(self):
        done = self.lines("stats", f"show loyalty:nobody -p {ORDER}", "add --given Zoe --id loyalty:L-3")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("line 2 of the input failed", done.stderr)
        self.assertEqual(self.ok("stats", self.book)["customers"], 2)
        done = self.lines("nonsense", "add --given Zoe --id loyalty:L-3", options=["--keep-going"])
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.ok("stats", self.book)["customers"], 3)

    def test_lines_that_are_no_command_are_refused(self):
        for line, said in (("find 'lee", "a quote is not closed"), ("find lee\\", "a quote is not closed"),
                           ("fnid lee", "did you mean `clientbook find`"), ("find", "text is required"),
                           (f"find lee -p {ORDER} --role owner", "--role"),
                           (f"find lee -p {ORDER} --key other.key", "--key"),
                           (f"find {self.book} lee -p {ORDER}", "not expected"),
                           ("key list", "not within the shell"), ("init other.book", "not within the shell"),
                           ("clientbook shell", "not within the shell"), ("pin accept", "not within the shell"),
                           ("erase --from -", "name a file"), ("add --record=-", "name a file")):
            done = self.lines(line)
            self.assertEqual(done.returncode, 1, line + done.stdout + done.stderr)
            self.assertIn(said, done.stdout + done.stderr, line)
        self.assertEqual(self.lines("key list", json_too=True).returncode, 1)
        self.assertIn('"error":1', self.lines("key list", json_too=True).stdout)

    def test_a_remark_begins_within_a_line_and_not_within_a_word(self):
        done = self.lines(f"find lee -p {ORDER} # by hand", f"find lee#ann -p {ORDER}", f"find '#' -p {ORDER}",
                          f"find \\#1 -p {ORDER}", options=["--keep-going"])
        self.assertIn("Ann, Lee", done.stdout)
        done = self.lines("edit loyalty:L-1 --nickname 'A # B' # vip", f"show loyalty:L-1 -p {ORDER}", json_too=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("A # B", done.stdout)
        self.assertNotIn("vip", done.stdout)

    def test_a_line_with_a_nul_is_refused_and_a_byte_order_mark_is_none_of_it(self):
        done = self.lines(f"find lee -p {ORDER}\0 x")
        self.assertEqual(done.returncode, 1)
        self.assertIn("NUL", done.stderr)
        done = self.lines(f"\ufefffind lee -p {ORDER}", f"find ann -p {ORDER}")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_input_that_cannot_be_read_is_no_end_of_it(self):
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        for redirected in (f"< {self.folder}", "0<&-"):
            done = subprocess.run(["sh", "-c", f'exec "$0" shell "$1" {redirected}', PROGRAM, str(self.book)],
                                  env=environment, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 80, redirected + done.stderr)

    def test_in_json_a_line_that_is_not_understood_says_so_in_json(self):
        done = self.lines("fnid lee", "find lee --nonsense", f"find lee -p {ORDER}", json_too=True, options=["--keep-going"])
        self.assertEqual(done.returncode, 1)
        told = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([one.get("error") for one in told], [1, 1, None])
        self.assertEqual([json.loads(line)["line"] for line in done.stderr.splitlines()], [1, 2])

    def test_the_role_is_that_of_the_shell(self):
        done = self.lines(f"find lee -p {ORDER}", "verify", options=["--role", "associate", "--actor", "7"])
        self.assertEqual(done.returncode, 44, done.stderr)
        self.assertIn("Ann, Lee", done.stdout)

    def test_a_book_that_does_not_open_and_input_without_lines(self):
        self.assertEqual(self.lines().returncode, 0)
        self.refused(4, "shell", self.folder / "nothing.book", stdin="stats\n")

    def test_a_person_proves_who_they_are_once_and_is_out_when_revoked(self):
        officer = ("--actor", "40", "--role", "security_officer")
        second = ("--actor", "41", "--role", "security_officer")
        stick = self.folder / "stick"
        stick.mkdir()
        keys = {name: stick / f"{name}.key" for name in ("ann", "kim", "vera")}
        self.ok("credential", "enrol", self.book, 40, "--as", "security_officer", "--name", "Ann",
                "--new-key-file", keys["ann"], *officer)
        ann = (*officer, "--credential-file", keys["ann"])
        self.ok("credential", "enrol", self.book, 41, "--as", "security_officer", "--name", "Kim",
                "--new-key-file", keys["kim"], *ann)
        made = self.ok("credential", "enrol", self.book, 12, "--as", "associate", "--name", "Vera",
                       "--new-key-file", keys["vera"], "--days", 30, *ann)
        self.ok("credential", "confirm", self.book, made["number"], *second, "--credential-file", keys["kim"])
        with Typed(self, "--actor", "12", "--role", "associate", "--credential-file", keys["vera"]) as typed:
            keys["vera"].unlink()
            self.assertIn("Ann, Lee", typed.line(f"find lee -p {ORDER}"))
            self.assertIn("Ann, Lee", typed.line(f"find ann -p {ORDER}"))
            self.ok("credential", "revoke", self.book, made["number"], *ann)
            self.assertIn("[58]", typed.line(f"find lee -p {ORDER}"))

    def test_what_others_write_is_seen_and_who_they_erase_is_gone(self):
        with Typed(self) as typed:
            self.assertIn("Ann, Lee", typed.line(f"find lee -p {ORDER}"))
            self.ok("add", self.book, "--given", "Kim", "--family", "Leeson", "--id", "loyalty:L-4")
            self.assertIn("Leeson", typed.line(f"find leeson -p {ORDER}"))
            self.ok("erase", self.book, "loyalty:L-1", "--reason", "subject_request", "--yes")
            self.assertNotIn("Ann, Lee", typed.line(f"find lee -p {ORDER}").split("find lee", 1)[1])
            self.assertIn("[4]", typed.line(f"show loyalty:L-1 -p {ORDER}"))
            self.assertIn("Leeson", typed.line("show loyalty:L-4 -p " + ORDER))

    def test_lines_are_had_back_and_completed_and_have_letters_of_any_script(self):
        with Typed(self) as typed:
            self.assertIn("Núñez", typed.line(f"find nú -p {ORDER}") + typed.line(f"find núñez -p {ORDER}"))
            self.assertIn("Núñez", typed.line("\x1b[A").split("\n", 1)[1])
            self.assertIn("customers", typed.line("sta\t"))
            self.assertIn("preview", typed.until("p\t", "profile"))
            typed.line("\x15")
            self.assertIn("rpose", typed.until("find lee --pu\t", "rpose"))
            self.assertIn("Ann, Lee", typed.line(ORDER))
            typed.line("exit", prompt=False)
            self.assertEqual(typed.ended(), 0)
        self.assertEqual([], [one for one in self.folder.rglob("*") if "history" in one.name])

    def test_whoever_goes_away_leaves_no_open_book(self):
        with Typed(self, "--idle", "0.03") as typed:
            self.assertIn("customers", typed.line("stats"))
            time.sleep(0.5)
            self.assertIn("left the shell", typed.until("", "left the shell"))
            self.assertEqual(typed.ended(), 0)

    def test_the_end_of_input_leaves(self):
        with Typed(self) as typed:
            time.sleep(0.3)  # The prompt is written a moment before keys are read one by one.
            typed.line("\x04", prompt=False)
            self.assertEqual(typed.ended(), 0)


class Typed:
    """A shell at a terminal of its own."""

    def __init__(self, test, *options):
        self.test = test
        self.ours, theirs = pty.openpty()
        environment = dict(os.environ, CLIENTBOOK_KEY=str(test.key), TERM="xterm", LC_ALL="C")
        self.process = subprocess.Popen([PROGRAM, "shell", str(test.book), *map(str, options)], env=environment,
                                        stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)

    def __enter__(self):
        self.until("", "> ")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.ours)

    def until(self, typed, wanted):
        os.write(self.ours, typed.encode())
        screen = ""
        while wanted not in screen:
            ready, _, _ = select.select([self.ours], [], [], 20)
            self.test.assertTrue(ready, f"never said {wanted!r}: {screen!r}")
            try:
                screen += os.read(self.ours, 4096).decode(errors="replace")
            except OSError:
                self.test.assertIn(wanted, screen)
        return screen

    def line(self, typed, prompt=True):
        """Types a line, and gives what stands on the screen up to the next prompt."""
        os.write(self.ours, (typed + "\n").encode())
        screen = ""
        while prompt:
            ready, _, _ = select.select([self.ours], [], [], 20)
            self.test.assertTrue(ready, f"never came back: {screen!r}")
            screen += os.read(self.ours, 4096).decode(errors="replace")
            if "\n" in screen and screen.rstrip("\x1b[K\r ").endswith(">"):
                break
        return screen

    def ended(self):
        # Whoever leaves a terminal waits until what was written to it is read.
        while select.select([self.ours], [], [], 20)[0]:
            try:
                if not os.read(self.ours, 4096):
                    break
            except OSError:
                break
        return self.process.wait(20)


if __name__ == "__main__":
    unittest.main()
