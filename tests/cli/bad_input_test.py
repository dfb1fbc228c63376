"""Bad input: each a clear error that names the line or the cause and quotes nobody, an exit code
of its own, nothing lost and nothing half-written."""
import os
import re
import signal
import shutil
import subprocess
import time
import unittest

from program import MAP, PROGRAM, SOURCE, ProgramTest


class BadFiles(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_book("--profile", "gdpr")
        self.data = self.data_copy()

    def spoil(self, name, change):
        file = self.data / name
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        change(lines)
        file.write_text("".join(lines), encoding="utf-8")

    def import_refused(self, code, *names, hidden):
        said = self.refused(code, "import", self.book, "--map", MAP, "--from", self.data)
        for name in names:
            self.assertIn(name, said)
        self.assertIn("nothing was imported", said)
        for value in hidden:
            self.assertNotIn(value, said)
        self.assertEqual(self.ok("stats", self.book)["customers"], 0)
        return said

    def test_a_row_with_too_few_columns(self):
        self.spoil("customers.csv", lambda lines: lines.insert(3, "C-9999,Mr,Zebedee\n"))
        self.import_refused(20, "customers.csv", "line 4", hidden=["Zebedee"])

    def test_an_open_quote(self):
        self.spoil("notes.csv", lambda lines: lines.append('C-1001,2025-01-01T00:00:00Z,T,"Zebedee\n'))
        self.import_refused(25, "notes.csv", hidden=["Zebedee"])

    def test_an_unknown_column(self):
        def change(lines):
            lines[0] = lines[0].replace("given", "zebedee_field")
        self.spoil("customers.csv", change)
        self.import_refused(21, "customers.csv", hidden=["zebedee_field"])

    def test_a_duplicate_id(self):
        self.spoil("customers.csv", lambda lines: lines.append(lines[1]))
        self.import_refused(5, "customers.csv", "line 42", hidden=["C-1001", "Hartwell"])

    def test_a_date_that_does_not_exist(self):
        self.spoil("special_days.csv", lambda lines: lines.append("C-1001,wedding,2011-02-30,\n"))
        self.import_refused(22, "special_days.csv", "column 3", hidden=["2011-02-30"])

    def test_a_card_number_in_a_note(self):
        self.spoil("notes.csv", lambda lines: lines.append(
            "C-1001,2025-01-01T00:00:00Z,T,pays with 4111 1111 1111 1111\n"))
        self.import_refused(26, "notes.csv", hidden=["4111"])

    def test_a_customer_whom_nobody_knows(self):
        self.spoil("likes.csv", lambda lines: lines.append("C-7777,zebedees\n"))
        said = self.import_refused(4, "likes.csv", hidden=["C-7777", "zebedees"])
        self.assertRegex(said, r"line \d+")

    def test_a_file_that_is_no_text(self):
        (self.data / "likes.csv").write_bytes(b"customer_id,like\nC-1001,\xff\xfe\n")
        self.import_refused(20, "likes.csv", "line 2", hidden=[])

    def test_a_file_that_is_not_there(self):
        (self.data / "customers.csv").unlink()
        self.import_refused(4, "customers.csv", hidden=[])

    def test_bad_rows_can_be_left_out_and_are_listed(self):
        self.spoil("customers.csv", lambda lines: lines.append("C-9999,Mr,Zebedee\n"))
        done = self.ok("import", self.book, "--map", MAP, "--from", self.data, "--skip-bad-rows")
        self.assertEqual(done["imported_customers"], 40)
        self.assertEqual(done["skipped_rows"], 1)
        self.assertIn("line 42", done["skipped_places"][0])

    def test_a_map_that_is_none(self):
        broken = self.folder / "map.json"
        for text, code in (("{", 20), ('{"format": "clientbook column map 9"}', 22),
                           ('{"format": "clientbook column map 1", "format": 1}', 5)):
            broken.write_text(text, encoding="utf-8")
            self.refused(code, "import", self.book, "--map", broken, "--from", self.data)


class BadBooks(ProgramTest):
    def test_no_key(self):
        self.make_shop()
        self.refused(86, "stats", self.book, key=self.folder / "elsewhere" / "root.key")

    def test_another_books_key(self):
        self.make_shop()
        other = self.folder / "other.book"
        self.call("init", other, "--profile", "gdpr", key=self.folder / "other-key" / "root.key")
        self.refused(61, "stats", self.book, key=self.folder / "other-key" / "root.key")

    def test_a_key_beside_the_book(self):
        said = self.refused(1, "init", self.book, "--profile", "gdpr", key=self.folder / "root.key")
        self.assertFalse(self.book.exists(), said)

    def test_a_file_that_is_not_a_book(self):
        self.make_shop()
        (self.book / "data.mdb").write_bytes(b"not a book at all" * 1000)
        self.refused(82, "stats", self.book)

    def test_a_folder_that_is_not_a_book(self):
        self.make_shop()
        empty = self.folder / "empty"
        empty.mkdir()
        self.refused(82, "stats", empty)

    def test_no_such_book(self):
        self.make_shop()
        self.refused(4, "stats", self.folder / "nowhere.book")

    def test_a_book_of_a_newer_format(self):
        self.make_shop()
        file = self.book / "data.mdb"
        data = file.read_bytes()
        header = data.find(b"clntbook\x00\x00\x00\x02")
        self.assertGreater(header, 0)
        while header >= 0:
            data = data[:header + 11] + b"\x03" + data[header + 12:]
            header = data.find(b"clntbook\x00\x00\x00\x02")
        file.write_bytes(data)
        said = self.refused(83, "stats", self.book)
        self.assertIn("newer", said)

    def test_a_book_that_is_there_already(self):
        self.make_shop()
        self.refused(5, "init", self.book, "--profile", "gdpr", key=self.folder / "key2" / "root.key")
        self.assertEqual(self.ok("stats", self.book)["customers"], 40)

    def test_a_book_of_somebody_else(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        self.make_shop()
        os.chmod(self.book, 0)
        self.addCleanup(os.chmod, self.book, 0o700)
        self.refused(88, "stats", self.book)


class Nonsense(ProgramTest):
    def test_words_that_are_none(self):
        self.make_shop()
        for code, *call in ((21, "show", self.book, "clientbook:C-1001", "--purpose", "gossip"),
                            (21, "show", self.book, "clientbook:C-1001", "--purpose",
                             "client_care", "--fields", "nmae"),
                            (4, "show", self.book, "clientbook:C-9", "--purpose", "client_care"),
                            (4, "show", self.book, "0" * 32, "--purpose", "client_care"),
                            (1, "show", self.book, "Amelia", "--purpose", "client_care"),
                            (42, "consent", "grant", self.book, "clientbook:C-1001", "--purpose",
                             "email_marketing", "--to", "self", "--notice", "none such"),
                            (1, "stats", self.book, "--role", "emperor")):
            with self.subTest(call=call):
                self.refused(code, *call)

    def test_a_wrong_call_is_1_and_names_what_is_wrong(self):
        for call in ((), ("frobnicate",), ("init",), ("stats", "x", "--frob")):
            done = self.call(*call)
            self.assertEqual(done.returncode, 1, call)
            self.assertRegex(done.stderr + done.stdout, r"(?i)required|not expected|subcommand")

    def test_an_error_as_json(self):
        self.make_shop()
        done = self.call("--json", "show", self.book, "clientbook:C-9", "--purpose", "client_care")
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stdout, r'^\{"error":4,')

    def test_every_command_has_a_help(self):
        top = self.call("--help").stdout
        commands = re.findall(r"^  ([a-z][a-z-]+) +[A-Z]", top, re.MULTILINE)
        self.assertGreater(len(commands), 15)
        for command in commands:
            done = self.call(command, "--help")
            self.assertEqual(done.returncode, 0, command)
            self.assertIn("Usage", done.stdout)


class Accidents(ProgramTest):
    def test_a_killed_import_leaves_nothing(self):
        self.make_book("--profile", "gdpr")
        # Enough customers that it is killed in the middle; from 5 ms on, wherever that is.
        data = self.folder / "many"
        data.mkdir()
        head = (SOURCE / "examples/data/customers.csv").read_text(encoding="utf-8").splitlines()[0]
        commas = "," * (head.count(",") - 5)
        with open(data / "customers.csv", "w", encoding="utf-8") as file:
            file.write(head + "\n")
            for i in range(40000):
                file.write(f"N-{i},,Given{i},,Family{i},{commas}\n")
        killed = 0
        for delay in (0.005, 0.05, 0.15, 0.25, 0.4):
            environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
            with subprocess.Popen([PROGRAM, "-q", "import", self.book, "--map", MAP, "--from", data],
                                  env=environment, stderr=subprocess.DEVNULL) as running:
                time.sleep(delay)
                running.send_signal(signal.SIGKILL)
            killed += running.returncode == -signal.SIGKILL
            found = self.ok("stats", self.book)["customers"]
            self.assertIn(found, (0, 40000))
            if found:
                break
            self.assertEqual(self.ok("verify", self.book)["problems"], 0)
        self.assertGreater(killed, 0)

    def test_a_full_disk(self):
        small = self.folder / "small"
        small.mkdir()
        if os.geteuid() != 0 or subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", small],
                capture_output=True, check=False).returncode != 0:
            self.skipTest("no right to mount a small file system")
        self.addCleanup(subprocess.run, ["umount", "-l", small], check=False)
        self.book = small / "shop.book"
        self.make_book("--profile", "gdpr")
        filler = small / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        said = self.refused(81, "import", self.book, "--map", MAP, "--from",
                            SOURCE / "examples" / "data")
        self.assertIn("nothing was imported", said)
        self.assertEqual(self.ok("stats", self.book)["customers"], 0)
        filler.unlink()
        self.ok("import", self.book, "--map", MAP, "--from", SOURCE / "examples" / "data")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_a_copy_from_before_an_erasure_opens_no_more(self):
        self.make_shop()
        copy = self.folder / "copy.book"
        shutil.copytree(self.book, copy)
        self.ok("erase", self.book, "clientbook:C-1002", "--reason", "subject_request")
        self.refused(63, "stats", copy)


if __name__ == "__main__":
    unittest.main()
