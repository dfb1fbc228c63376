"""What owners of a shop meet at the keyboard."""
import fcntl
import json
import os
import pty
import subprocess
import sys
import time
import unittest

from program import PROGRAM, ProgramTest


def lock_of(book):
    """A process that holds the book's write lock until it is killed."""
    code = ("import ctypes, ctypes.util, sys\n"
            "lmdb = ctypes.CDLL(ctypes.util.find_library('lmdb') or 'liblmdb.so.0')\n"
            "env, txn = ctypes.c_void_p(), ctypes.c_void_p()\n"
            "lmdb.mdb_env_create(ctypes.byref(env))\n"
            "lmdb.mdb_env_set_maxdbs(env, 8)\n"
            "if lmdb.mdb_env_open(env, sys.argv[1].encode(), 0, 0o600): sys.exit('open')\n"
            "if lmdb.mdb_txn_begin(env, None, 0, ctypes.byref(txn)): sys.exit('begin')\n"
            "print('held', flush=True)\n"
            "sys.stdin.read()\n")
    held = subprocess.Popen([sys.executable, "-c", code, str(book)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if held.stdout.readline().strip() != b"held":
        raise unittest.SkipTest("no liblmdb to hold the lock with")
    return held


class Owner(ProgramTest):
    def test_a_wrong_call_is_json_too(self):
        done = self.call("--json", "lits", self.book)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.startswith("{"), done.stderr)
        self.assertEqual(json.loads(done.stdout)["error"], 1)
        done = self.call("show", "--json")
        self.assertEqual(json.loads(done.stdout)["error"], 1)

    def test_what_was_likely_meant_is_said(self):
        self.assertIn("clientbook list", self.call("lits", self.book).stderr)
        self.make_shop()
        said = self.refused(21, "list", self.book, "-p", "marketting")
        self.assertIn("did you mean `marketing`", said)
        for call, meant in ((("consent", "grnat"), "clientbook consent grant"), (("import", "b", "--mapp"), "--map"),
                            (("show", "b", "x", "--purpos", "y"), "--purpose")):
            done = self.call(*call)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"did you mean `{meant}`", done.stderr)
        self.assertNotIn("did you mean", self.refused(21, "list", self.book, "-p", "zzzzzz"))

    def test_amounts_are_amounts(self):
        self.make_book("--profile", "gdpr")
        cards = self.folder / "cards.vcf"
        cards.write_text("BEGIN:VCARD\nUID:7\nFN:Ana\nEMAIL:ana@example.com\nEND:VCARD\n", encoding="utf-8")
        self.ok("import", self.book, cards, "--system", "phone")
        for currency, price in (("GBP", "452.00"), ("JPY", "45200"), ("KWD", "45.200")):
            self.ok("purchase", self.book, "phone:7", "--order", currency, "--currency", currency, "--total", price,
                    "--line", f"description=Scarf;price={price}")
            said = self.call("show", self.book, "phone:7", "-p", "customer_order_management").stdout
            self.assertEqual(said.count(f"{price} {currency}"), 2, said)

    def test_a_name_that_nobody_could_read_is_refused(self):
        self.make_book("--profile", "gdpr")
        for given in ("   ", "\u00a0\u200b", "Ana\u202eyaR", "\u2067Ana\u2069"):
            said = self.refused(22, "add", self.book, "--given", given, "--email", "ana@example.com")
            self.assertIn("name", said)
        self.ok("add", self.book, "--given", "\u05d0\u05e0\u05d4", "--email", "ana@example.com")

    def test_an_empty_word_is_a_wrong_call(self):
        self.make_book("--profile", "gdpr")
        for call in (("consent", "age", self.book, "x:1", "--document", ""),
                     ("list", self.book, "-p", "marketing", "--fields", ""), ("list", self.book, "-p", ""),
                     ("task", "add", self.book, "x:1", "--record", ""), ("add", self.book, "--given", "")):
            done = self.call(*call)
            self.assertEqual(done.returncode, 1, call)
            self.assertIn("it is empty", done.stderr)
        # Where it means that something is taken away, it does.
        self.ok("recipient", "add", self.book, "Parcel Co", "--class", "parcel_service", "--country", "DE", "--contract", "A")
        self.ok("recipient", "edit", self.book, "Parcel Co", "--contract", "")
        self.assertEqual(self.ok("recipient", "list", self.book)["recipients"][0].get("contract", ""), "")

    def test_a_name_of_a_file_does_not_steer_the_terminal(self):
        self.make_book("--profile", "gdpr")
        name = self.folder / "people\x1b[31m\x9b2J\x07.csv"
        name.write_text("id,name,email\n1,Ana,ana@example.com\n2,Bo,no address\n", encoding="utf-8")
        for call in (("map", name), ("map", name, "-o", self.folder / "map.json"),
                     ("import", self.book, name, "--system", "till", "--dry-run", "--skip-bad-rows"),
                     ("import", self.book, name.with_name("no" + name.name))):
            done = self.call(*call)
            said = done.stdout + done.stderr
            self.assertIn(".csv", said)
            self.assertFalse({c for c in said if c < " " and c != "\n" or "\x7f" <= c < "\xa0"}, said)
            self.assertIn("\\u001b[31m\\u009b2J\\u0007", said)
        # What is printed to be kept is still what it was.
        self.assertEqual(json.loads(self.call("map", name).stdout)["customers"]["file"], name.name)

    def test_a_name_twice_in_what_was_written_is_refused(self):
        self.make_book("--profile", "gdpr")
        twice = '{"emails": [{"address": "a@example.com", "address": "b@example.com"}]}'
        self.refused(5, "add", self.book, "--record", "-", stdin=twice)
        self.refused(20, "add", self.book, "--record", "-", stdin="")
        self.refused(20, "add", self.book, "--record", "-", stdin='{"emails": []} {}')
        who = self.ok("add", self.book, "--given", "Ana", "--email", "ana@example.com")["customer"]
        self.refused(5, "task", "add", self.book, who, "--record", "-", stdin='{"text": "call", "text": "write"}')
        self.assertEqual(self.ok("stats", self.book)["customers"], 1)

    def test_days_that_there_are_not_are_refused(self):
        self.make_book("--profile", "gdpr")
        self.refused(1, "days", self.book, "-p", "marketing", "--from", "9999-12-31")
        self.ok("days", self.book, "-p", "marketing", "--from", "9999-12-31", "--days", "1")
        for zone in ("Mars/Olympus", "Berlin"):
            self.refused(22, "add", self.book, "--given", "Ana", "--email", "ana@example.com", "--time-zone", zone)
        self.assertEqual(self.ok("stats", self.book)["customers"], 0)

    def test_a_number_is_a_decimal_one(self):
        self.make_shop()
        ten = self.ok("list", self.book, "-p", "customer_order_management", "--most", "010")
        self.assertEqual(len(ten["customers"]), 10)
        self.assertIn("want a decimal number",
                      self.call("list", self.book, "-p", "customer_order_management", "--most", "0x10").stderr)

    def test_an_error_fits_the_terminal(self):
        done = subprocess.run([PROGRAM, "show", str(self.folder / ("a" * 8 + " b" * 40)), "x:1", "-p", "marketing"],
                              env=dict(os.environ, CLIENTBOOK_KEY=str(self.key), COLUMNS="30"), capture_output=True,
                              text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertLessEqual(max(map(len, done.stderr.splitlines())), 30, done.stderr)

    def test_what_is_no_choice_is_refused(self):
        self.make_shop()
        self.assertIn("en,de,fr,es,it", self.call("consent", "explain", self.book, "clientbook:C-1002", "-p", "marketing",
                                                  "--field", "name", "--language", "xx").stderr)
        said = self.call("list", self.book, "-p", "marketing", "--most", "-1")
        self.assertEqual(said.returncode, 1)
        self.assertLess(len(said.stderr), 200)

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
        self.assertEqual(found["customer"], self.ok("show", self.book, " phone:home: urn:7 ", "-p",
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

    def test_a_book_that_cannot_be_made_leaves_no_key(self):
        closed = self.folder / "closed"
        closed.mkdir(mode=0o755)
        keys = self.folder / "keys"
        keys.mkdir(mode=0o700)
        become = None
        if os.geteuid() == 0:  # Nothing is refused to root.
            os.chown(keys, 65534, 65534)
            os.chmod(self.folder, 0o755)
            become = lambda: os.setuid(65534)  # noqa: E731
        else:
            closed.chmod(0o555)
        key = keys / "root.key"
        call = [PROGRAM, "init", str(closed / "shop.book"), "--profile", "gdpr", "--key", str(key)]
        done = subprocess.run(call, preexec_fn=become, capture_output=True, text=True, check=False)
        closed.chmod(0o755)
        self.assertEqual(done.returncode, 88, done.stderr)
        self.assertIn("refuses access", done.stderr)
        self.assertEqual(list(keys.iterdir()), [])
        # Where nobody may look either, that is what is said too: of the book's folder and of the key's.
        hidden = self.folder / "hidden"
        hidden.mkdir(mode=0o700)
        if become is None:
            hidden.chmod(0o000)
        for book, kept in ((hidden / "shop.book", key), (keys / "shop.book", hidden / "keys" / "root.key")):
            call = [PROGRAM, "init", str(book), "--profile", "gdpr", "--key", str(kept)]
            done = subprocess.run(call, preexec_fn=become, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 88, done.stderr)
            self.assertIn("refuses access", done.stderr)
        hidden.chmod(0o700)
        self.assertEqual(list(keys.iterdir()), [])
        # Neither does one that is there already.
        self.ok("init", self.book, "--profile", "gdpr")
        self.refused(5, "init", self.book, "--profile", "gdpr", key=self.folder / "key2" / "root.key")
        self.assertEqual(list((self.folder / "key2").iterdir()), [])
        self.assertEqual(self.ok("stats", self.book)["customers"], 0)

    def test_the_key_of_another_book_says_so(self):
        self.ok("init", self.book, "--profile", "gdpr")
        other = self.folder / "key2" / "root.key"
        self.ok("init", self.folder / "other.book", "--profile", "gdpr", key=other)
        self.assertIn("another book's", self.refused(61, "stats", self.book, key=other))

    def test_a_second_writer_waits_and_may_give_up(self):
        self.make_book("--profile", "gdpr")
        cards = self.folder / "cards.vcf"
        cards.write_text("BEGIN:VCARD\nUID:7\nFN:Ana\nEMAIL:ana@example.com\nEND:VCARD\n", encoding="utf-8")
        call = [PROGRAM, "import", str(self.book), "--vcards", str(cards)]
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        held = lock_of(self.book)
        waiting = subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertIn("another program writes this book", waiting.stderr.readline())
        for more in ([], ["--json"]):
            done = subprocess.run([*call, "--wait", "0", *more], env=environment, capture_output=True, text=True,
                                  check=False)
            self.assertEqual(done.returncode, 85, done.stderr)
            self.assertIn("did not end in time", done.stdout + done.stderr)
        held.kill()
        held.communicate()
        waiting.communicate()
        self.assertEqual(waiting.returncode, 0)
        self.assertEqual(self.ok("stats", self.book)["customers"], 1)

    def test_what_was_begun_is_ended_however_long_it_waits(self):
        self.make_shop()
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "DE", "--contract", "PC-1")
        who, environment = "clientbook:C-1001", dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        export = [PROGRAM, "export", self.book, "-p", "delivery_of_goods", "--to", "parcel-co", "--as", "jsonl"]
        # Before it has begun it gives up, and leaves nothing.
        held = lock_of(self.book)
        before = sorted(self.folder.iterdir())
        for call in (export + ["--out", self.folder / "out"], export[:-1] + ["csv", "--out", self.folder / "out"],
                     [PROGRAM, "page", self.book, who, "--html", self.folder / "out", "--request", "letter 7"]):
            done = subprocess.run([*map(str, call), "--wait", "0"], env=environment, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 85, done.stderr)
            self.assertEqual(sorted(self.folder.iterdir()), before)
        held.kill()
        held.communicate()
        reading, writing = os.pipe()
        fcntl.fcntl(writing, 1031, 4096)  # F_SETPIPE_SZ: so that not all of it fits.
        running = subprocess.Popen([*export, "--wait", "0"], env=environment, stdout=writing, stderr=subprocess.PIPE,
                                   text=True)
        os.close(writing)
        os.read(reading, 1)  # The ledger names them; the rest waits for a reader.
        held = lock_of(self.book)
        os.close(reading)
        time.sleep(1.5)
        self.assertIsNone(running.poll())
        held.kill()
        held.communicate()
        self.assertIn("did not get out", running.communicate(timeout=30)[1])
        self.assertEqual(running.returncode, 102)
        events = [[entry["event"] for entry in self.ok("ledger", self.book, f"clientbook:C-10{one:02}")["entries"]]
                  for one in range(1, 41)]
        self.assertTrue(any("not delivered" in one for one in events))
        # The last one is not out, whoever else is.
        self.assertTrue(all(one.count("export") == 1 for one in events), events)

    def test_a_command_that_there_is_not_is_named(self):
        for call, word in ((("shwo", "x"), "shwo"), (("case", "opne", "x"), "opne"), (("frobnicate",), "frobnicate"),
                           (("request", "frobnicate", "x", "--json"), "frobnicate")):
            done = self.call(*call)
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"There is no command `{word}`", done.stdout + done.stderr)
        self.assertIn("subcommand is required", self.call("case").stderr)
        self.make_book("--profile", "gdpr")
        for party in ("acc", "self,acc"):
            said = self.refused(21, "notice", "add", self.book, "t", "--file", __file__, "--purpose", "email_marketing",
                                "--to", party, "--category", "all")
            self.assertIn("acc", said)

    def test_the_key_that_is_said_wins(self):
        self.make_book("--profile", "gdpr")
        done = self.call("stats", self.book, "--key", self.key, key=self.folder / "no" / "key")
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
