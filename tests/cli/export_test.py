"""Exports: two commands to an accountant, back again, and what is said when they do not get out."""
import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

from program import MAP, PROGRAM, SOURCE, ProgramTest

ORDER = "customer_order_management"


class Export(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("recipient", "add", self.book, "books-co", "--class", "processor", "--country", "DE", "--contract", "B-1",
                "--onward", "forbidden")
        self.out = self.folder / "for-accountant"

    def export(self, *more, out=None, **options):
        return self.call("export", self.book, "-p", ORDER, "--to", "books-co", "-o", out or self.out, *more, **options)

    def entries(self, event, who="clientbook:C-1002"):
        told = self.ok("ledger", self.book, who)["entries"]
        return [one for one in told if one["event"] == event]

    def test_tables_for_the_accountant(self):
        done = self.export("--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        counts = json.loads(done.stdout)
        self.assertEqual((counts["customers"], counts["not_delivered"]), (40, 0))
        self.assertGreater(counts["receipts"], 0)
        self.assertEqual({one.name for one in self.out.iterdir()} - {"notes.csv"},
                         {"customers.csv", "purchases.csv", "map.json"})
        self.assertEqual(self.out.stat().st_mode & 0o077, 0)
        self.assertEqual(len(self.entries("export")), 1)
        self.assertEqual([one.name for one in self.folder.iterdir() if ".part" in one.name], [])

    def test_it_comes_back_as_it_went(self):
        self.assertEqual(self.export().returncode, 0)
        again = self.ok("import", self.book, "--map", self.out / "map.json", "-p", ORDER, "--update")
        self.assertEqual((again["imported_customers"], again["changed_customers"], again["imported_receipts"]), (0, 0, 0))
        other = self.folder / "other.book"
        self.ok("init", other, "--profile", "gdpr", key=self.folder / "key2" / "k")
        there = self.ok("import", other, "--map", self.out / "map.json", "-p", ORDER, key=self.folder / "key2" / "k")
        first = self.ok("stats", self.book)
        second = self.ok("stats", other, key=self.folder / "key2" / "k")
        self.assertEqual((there["imported_customers"], second["purchases"]), (40, first["purchases"]))

    def test_lines_of_json_come_back_as_they_went(self):
        out = self.folder / "all.jsonl"
        self.assertEqual(self.export("--as", "jsonl", out=out).returncode, 0)
        again = self.ok("import", self.book, out, "-p", ORDER, "--update")
        self.assertEqual((again["known_customers"], again["changed_customers"], again["imported_receipts"]), (40, 0, 0))
        other, key = self.folder / "other.book", self.folder / "key2" / "k"
        self.ok("init", other, "--profile", "gdpr", key=key)
        there = self.ok("import", other, out, "-p", ORDER, key=key)
        self.assertEqual((there["imported_customers"], self.ok("stats", other, key=key)["purchases"]),
                         (40, self.ok("stats", self.book)["purchases"]))
        back = self.folder / "back.jsonl"
        self.ok("recipient", "add", other, "books-co", "--class", "processor", "--country", "DE", "--contract", "B-1",
                "--onward", "forbidden", key=key)
        self.ok("export", other, "-p", ORDER, "--to", "books-co", "--as", "jsonl", "-o", back, key=key)

        def line(text):
            # A form under a mask is named, and does not come back as if it were the value.
            one = json.loads(text)
            one.pop("number")
            for field in one.pop("redacted", ()):
                one["fields"].pop(field)
            return one

        self.assertIn("redacted", out.read_text(encoding="utf-8"))
        self.assertCountEqual([line(one) for one in out.read_text(encoding="utf-8").splitlines()],
                              [line(one) for one in back.read_text(encoding="utf-8").splitlines()])
        self.assertEqual(self.call("import", self.book, out, "--system", "till").returncode, 1)

    def test_what_is_there_is_not_written_over(self):
        self.out.mkdir()
        self.assertEqual(self.export().returncode, 5)
        self.assertEqual(self.entries("export"), [])
        self.assertEqual(self.export(out=self.folder / "no" / "such" / "place").returncode, 4)
        (self.folder / "link").symlink_to(self.folder / "nowhere")
        self.assertEqual(self.export(out=self.folder / "link").returncode, 5)
        self.assertFalse((self.folder / "nowhere").exists())
        self.assertEqual(self.entries("export"), [])

    def test_a_full_disk_is_told_and_the_ledger_says_so(self):
        for form in ("csv", "jsonl", "vcard"):
            with self.subTest(form):
                before = len(self.entries("not delivered"))
                done = self.export("--as", form, out="/dev/full")
                self.assertEqual(done.returncode, 102, done.stderr)
                self.assertEqual(len(self.entries("not delivered")), before + 1)
                self.assertEqual(self.entries("not delivered")[-1]["about"], self.entries("export")[-1]["index"])
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_a_reader_that_goes_away(self):
        call = subprocess.Popen([PROGRAM, "export", str(self.book), "-p", ORDER, "--to", "books-co", "--as", "jsonl"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)))
        call.stdout.close()
        said = call.stderr.read().decode()
        call.stderr.close()
        self.assertEqual(call.wait(), 102, said)
        self.assertEqual(len(self.entries("not delivered")), 1)

    def test_a_disclosure_to_a_full_disk(self):
        call = [PROGRAM, "disclose", str(self.book), "clientbook:C-1002", "-p", ORDER, "--to", "books-co"]
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        for more in ([], ["--json"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(call + more, stdout=full, stderr=subprocess.PIPE, env=environment, check=False)
            self.assertEqual(done.returncode, 102, done.stderr)
        self.assertEqual(len(self.entries("disclosure")), 2)
        self.assertEqual(len(self.entries("not delivered")), 2)
        # What may be silent is not what leaves.
        self.refused(1, "disclose", self.book, "clientbook:C-1002", "-p", ORDER, "--to", "books-co", "-q")
        self.assertEqual(len(self.entries("disclosure")), 2)

    def call_without(self, numbers, *arguments):
        """The call with these of 0, 1, 2 closed, as a shell does with `>&-`."""
        def close():
            for each in numbers:
                os.close(each)
        return subprocess.run([PROGRAM, *map(str, arguments)], preexec_fn=close, check=False, stdin=subprocess.DEVNULL,
                              env=dict(os.environ, CLIENTBOOK_KEY=str(self.key))).returncode

    def test_a_closed_standard_output_gets_nothing(self):
        given = ("-p", ORDER, "--to", "books-co")
        leaving = [("export", self.book, *given, "--as", form) for form in ("csv", "jsonl", "vcard")]
        leaving.append(("export", self.book, *given, "-o", "-"))
        for more in ((), ("--json",)):
            leaving.append(("disclose", self.book, "clientbook:C-1002", *given, *more))
        for closed in ([1], [0, 1], [1, 2], [0, 1, 2]):
            for call in leaving:
                with self.subTest(call=call, closed=closed):
                    before = len(self.entries("not delivered"))
                    self.assertEqual(self.call_without(closed, *call), 102)
                    self.assertEqual(len(self.entries("not delivered")), before + 1)
            for call in (("stats", self.book), ("show", self.book, "clientbook:C-1002", "-p", ORDER), ("roles",),
                         ("tabulate", self.book, "--help"), ("profile", "export", "gdpr")):
                with self.subTest(call=call, closed=closed):
                    self.assertEqual(self.call_without(closed, *call), 80)
        # What is said of an export goes to standard error; nothing of it gets into a file of the book.
        self.assertEqual(self.call_without([2], "export", self.book, *given, "-o", self.folder / "whole.csv", "--as", "jsonl"), 0)
        self.assertEqual(self.call_without([0], "stats", self.book), 0)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_what_is_read_of_a_closed_standard_input_is_an_error(self):
        self.assertNotEqual(self.call_without([0], "add", self.book, "--record", "-"), 0)

    def test_other_answers_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "stats", str(self.book)], stdout=full, stderr=subprocess.PIPE,
                                  env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)), check=False)
        self.assertEqual(done.returncode, 80, done.stderr)

    def test_standard_output_has_the_data_alone(self):
        done = self.export(out="-")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("id,name."))
        self.assertEqual(len(done.stdout.splitlines()), 41)
        self.assertIn("40 went to books-co", done.stderr)

    def test_what_nobody_may_have_is_no_success(self):
        self.ok("recipient", "add", self.book, "data-co", "--class", "data_broker", "--country", "DE", "--contract", "D-1")
        done = self.call("export", self.book, "-p", "email_marketing", "--to", "data-co", "-o", self.out)
        self.assertEqual(done.returncode, 40, done.stderr)
        self.assertIn("nothing has left", done.stderr)
        self.assertFalse(self.out.exists())
        self.refused(6, "export", self.book, "-p", ORDER, "--to", "books-co", "--as", "vcard", "--fields", "sizes",
                     "-o", self.out)
        self.refused(21, "export", self.book, "-p", ORDER, "--to", "nobody-co", "-o", self.out)

    def test_who_ends_it_finds_nothing_half_done(self):
        # A pipe that nobody empties holds it where it is.
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        for _ in range(3):
            call = subprocess.Popen([PROGRAM, "export", str(self.book), "-p", ORDER, "--to", "books-co", "--as", "jsonl",
                                     "-o", str(pipe)], env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)))
            time.sleep(0.2)
            call.send_signal(signal.SIGKILL)
            call.wait()
        os.close(reader)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_lines_fit_the_terminal(self):
        for columns in (60, 44):
            environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key), COLUMNS=str(columns))
            for call in (["import", self.book, "--map", MAP, "--from", SOURCE / "examples" / "data", "--add"],
                         ["stats", self.book], ["import", "--help"], ["--help"],
                         ["show", self.book, "clientbook:C-1002", "-p", ORDER]):
                done = subprocess.run([PROGRAM, *map(str, call)], env=environment, capture_output=True, text=True,
                                      check=False)
                self.assertEqual(done.returncode, 0, done.stderr)
                wide = [line for line in done.stdout.splitlines()
                        if len(line) > columns and " " in line.strip()[:columns - 12]]
                self.assertEqual(wide, [])


if __name__ == "__main__":
    unittest.main()
