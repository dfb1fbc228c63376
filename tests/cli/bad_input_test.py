"""Bad input: each a clear error that names the line or the cause and quotes nobody, an exit code
of its own, nothing lost and nothing half-written."""
import json
import os
import pathlib
import re
import signal
import shutil
import socket
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
            self.assertRegex(done.stderr + done.stdout, r"(?i)required|not expected|There is no command")

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

    def test_an_import_that_was_ended_goes_in_again_as_if_nothing_had_been(self):
        self.make_book("--profile", "gdpr")
        people = self.folder / "people.csv"
        rows = (f"N-{i},Given{i},Family{i},p{i}@example.com,{'no' if i % 3 else ''}\n" for i in range(1500))
        people.write_text("id,first name,last name,email,newsletter\n" + "".join(rows), encoding="utf-8")
        column_map = self.folder / "map.json"
        self.ok("map", people, "-o", column_map)
        clean = self.folder / "clean"
        shutil.copytree(self.book, clean / "book")
        shutil.copytree(self.key.parent, clean / "key")  # With the pin, which knows a book that is older.
        call = ("import", self.book, "--map", column_map, "--add")

        def told():
            listed = self.ok("list", self.book, "-p", "customer_order_management", "--most", "0", "--fields", "name,emails")
            return sorted(json.dumps(one["fields"], sort_keys=True) for one in listed["customers"])

        begun = time.monotonic()
        whole = self.ok(*call)
        took = time.monotonic() - begun
        want = told()
        self.assertEqual((whole["imported_customers"], len(want)), (1500, 1500))
        ended = 0
        for turn in range(8):
            for place, kept in ((self.book, "book"), (self.key.parent, "key")):
                shutil.rmtree(place)
                shutil.copytree(clean / kept, place)
            with subprocess.Popen([PROGRAM, "-q", *map(str, call)], env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)),
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                time.sleep(took * (turn + 0.5) / 8)
                running.send_signal(signal.SIGKILL if turn % 2 else signal.SIGINT)
            ended += running.returncode != 0
            self.assertIn(self.ok("stats", self.book)["customers"], (0, 1500))
            again = self.ok(*call)
            self.assertEqual(again["imported_customers"] + again["known_customers"], 1500)
            self.assertEqual(told(), want)
            self.assertEqual(self.ok("verify", self.book)["problems"], 0)
        self.assertGreater(ended, 0)

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

    def test_what_a_full_disk_did_not_take_is_told_in_the_ledger(self):
        small = self.folder / "small"
        small.mkdir()
        if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small],
                                               capture_output=True, check=False).returncode != 0:
            self.skipTest("no right to mount a small file system")
        self.addCleanup(subprocess.run, ["umount", "-l", small], check=False)
        who, officer = "clientbook:C-1001", ("--actor", "70", "--role", "privacy_officer")
        self.book = small / "shop.book"
        self.make_shop()
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "DE", "--contract", "PC-1")
        self.ok("request", "open", self.book, who, "--kind", "access", "--received", "2026-11-02", "--identity", "seen", *officer)
        out, filler, aside = small / "out", small / "filler", self.folder / "aside"
        shutil.copytree(self.book, aside / "book")
        shutil.copytree(self.key.parent, aside / "key")
        calls = (("export", self.book, "-p", "delivery_of_goods", "--to", "parcel-co", "--as", "jsonl", "--out", out),
                 ("page", self.book, who, "--html", out, "--request", "letter 7", *officer),
                 ("request", "do", self.book, "1", "--out", out, *officer))
        told = set()
        for free in (16, 32, 264, 272, 280, 288, 304, 320, 352):
            for call in calls:
                for copy, place in ((aside / "book", self.book), (aside / "key", self.key.parent)):
                    shutil.rmtree(place)
                    shutil.copytree(copy, place)
                room = os.statvfs(small)
                filler.write_bytes(b"x" * max(0, room.f_bavail * room.f_frsize - free * 1024))
                done = self.call(*call)
                filler.unlink()
                events = [one["event"] for one in self.ok("ledger", self.book, who, *officer)["entries"]]
                left = sum(one in ("disclosure", "export") for one in events)
                if done.returncode != 0:
                    self.assertFalse(out.exists())
                    self.assertEqual(events.count("not delivered"), left, (free, call[0], done.stderr))
                told.add((call[0], done.returncode))
                if out.exists():
                    shutil.rmtree(out) if out.is_dir() else out.unlink()
        self.assertTrue({("page", 102), ("request", 102), ("export", 81), ("page", 81)} <= told, told)

    def test_odd_files_are_errors_and_hang_nobody(self):
        self.make_shop()
        odd = self.folder / "odd"
        odd.mkdir()
        os.mkfifo(odd / "pipe")
        with socket.socket(socket.AF_UNIX) as unheard:
            unheard.bind(str(odd / "socket"))
            places = [odd, odd / "pipe", odd / "socket", pathlib.Path("/dev/zero"), pathlib.Path("/dev/null")]
            environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))

            def within_a_minute(*call):
                done = subprocess.run([PROGRAM, *map(str, call)], env=environment, capture_output=True, text=True,
                                      stdin=subprocess.DEVNULL, timeout=60, check=False)
                self.assertNotEqual(done.returncode, 0, (call, done.stderr))
                self.assertNotIn("memory", done.stderr)
                return done

            for place in places:
                within_a_minute("restore", self.folder / "new.book", "--mirror", odd, "--backup", place, "--shares", place)
                if place.name != "pipe":  # Read as it comes: whoever named it waits for its writer.
                    within_a_minute("evaluate", place)
                    within_a_minute("roles", "propose", self.book, place)
                    within_a_minute("check-proof", place, "--log", "x")
                within_a_minute("map", place, "-o", self.folder / "map.json")
                within_a_minute("import", self.book, place)
        for place in ("/dev/stdout", ""):
            self.assertEqual(within_a_minute("backup", self.book, place).returncode, 1)
        # A pipe is a file where somebody writes into it, be it a little later.
        writer = subprocess.Popen(["sh", "-c", "sleep 1; printf '{}' > \"$0\"", odd / "pipe"])
        self.refused(23, "evaluate", odd / "pipe")
        writer.wait()

    def test_what_leaves_does_not_lie_in_the_book(self):
        self.make_shop()
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "DE", "--contract", "PC-1")
        who = "clientbook:C-1001"
        self.ok("request", "open", self.book, who, "--kind", "access", "--received", "2026-11-02", "--identity", "seen")
        before = sorted(self.book.iterdir())
        (self.folder / "link").symlink_to(self.book)
        for place in (self.book / "out", self.folder / "link" / "out", self.book / ".." / self.book.name / "out"):
            self.refused(1, "export", self.book, "-p", "delivery_of_goods", "--to", "parcel-co", "--out", place)
            self.refused(1, "page", self.book, who, "--html", place, "--request", "letter 7")
            self.refused(1, "request", "do", self.book, "1", "--out", place)
        for place in ("-", "/dev/null"):
            self.refused(5, "request", "do", self.book, "1", "--out", place)
        self.assertEqual(sorted(self.book.iterdir()), before)
        events = [one["event"] for one in self.ok("ledger", self.book, who)["entries"]]
        self.assertEqual([one for one in events if "consent" not in one], ["request"])

    def test_a_name_that_cannot_be_taken_is_told_before_anything_is_promised(self):
        self.make_shop()
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "DE", "--contract", "PC-1")
        export = ("export", self.book, "-p", "delivery_of_goods", "--to", "parcel-co", "--as", "jsonl", "--out")
        before = self.ok("stats", self.book)["ledger_entries"]
        self.assertEqual(self.call(*export, "").returncode, 1)
        self.refused(80, *export, self.folder / ("n" * 300))
        # What stands under the name in between is somebody else's, and stays.
        out = self.folder / "out"
        done = subprocess.run(["sh", "-c", 'echo mine > "$0.part-$$"; exec "$@"', str(out), PROGRAM, *map(str, export), str(out)],
                              env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)), capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertEqual([one.read_text() for one in self.folder.glob("out.part-*")], ["mine\n"])
        self.assertEqual(self.ok("stats", self.book)["ledger_entries"], before)

    def test_who_is_killed_leaves_no_data_behind(self):
        try:
            os.close(os.open(self.folder, os.O_TMPFILE | os.O_WRONLY))
        except OSError:
            self.skipTest("no files without a name here")
        self.make_shop()
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "DE", "--contract", "PC-1")
        who, out = "clientbook:C-1001", self.folder / "out"
        self.ok("request", "open", self.book, who, "--kind", "access", "--received", "2026-11-02", "--identity", "seen")
        before = sorted(self.folder.iterdir())
        killed = 0
        for call in (("export", self.book, "-p", "delivery_of_goods", "--to", "parcel-co", "--out", out),
                     ("export", self.book, "-p", "delivery_of_goods", "--to", "parcel-co", "--as", "jsonl", "--out", out),
                     ("page", self.book, who, "--html", out, "--request", "letter 7"),
                     ("request", "do", self.book, "1", "--out", out)):
            for after in range(12):
                running = subprocess.Popen([PROGRAM, *map(str, call)], env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)),
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                time.sleep(0.005 * after)
                running.kill()
                killed += running.wait() != 0
                # A folder gets its name with its files in it, whole: for that moment it has another.
                named = [one for one in self.folder.glob("out.part-*") if one.is_dir()]
                for folder in named:
                    for one in folder.iterdir():
                        self.assertGreater(one.stat().st_size, 0)
                        self.assertIn(one.read_text(encoding="utf-8")[-1:], "\n}>")  # Each is whole.
                for one in [out, *named]:
                    if one.exists():
                        shutil.rmtree(one) if one.is_dir() else one.unlink()
                self.assertEqual(sorted(self.folder.iterdir()), before)
        self.assertGreater(killed, 0)

    def test_files_are_whole_and_nobody_elses(self):
        self.make_shop()
        mine = self.folder / "mine"
        mine.write_text("mine", encoding="utf-8")
        who = "clientbook:C-1001"
        self.ok("consent", "deny", self.book, who, "--purpose", "email_marketing")
        calls = (("notice", "show", self.book, "newsletter-2025", "--text", SOURCE / "examples" / "import" / "notice.txt",
                  "--html"), ("ledger", self.book, who, "--proof"),
                 ("map", SOURCE / "examples" / "data" / "customers.csv", "-o"))
        for call in calls:
            self.refused(5, *call, mine)
            self.assertEqual(self.call(*call, self.folder / "new").returncode, 0)
            (self.folder / "new").unlink()
        self.assertEqual(mine.read_text(encoding="utf-8"), "mine")
        self.assertEqual([one.name for one in self.folder.iterdir() if ".part" in one.name], [])

    def test_a_copy_from_before_an_erasure_opens_no_more(self):
        self.make_shop()
        copy = self.folder / "copy.book"
        shutil.copytree(self.book, copy)
        self.ok("erase", self.book, "clientbook:C-1002", "--reason", "subject_request")
        self.refused(63, "stats", copy)


if __name__ == "__main__":
    unittest.main()
