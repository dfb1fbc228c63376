"""The customer's page by the program, and its evidence held by three checkers that share no code."""
import datetime
import importlib.util
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import sys
import time
import unittest

from program import PROGRAM, SOURCE, ProgramTest

VERIFIER = SOURCE / "examples" / "verifier"
C_VERIFIER = os.environ.get("CLIENTBOOK_C_VERIFIER")
WHO = "clientbook:C-1001"


def python_verifier():
    spec = importlib.util.spec_from_file_location("verify", VERIFIER / "verify.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Page(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "DE",
                "--contract", "P-1")
        for _ in range(3):
            self.ok("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "parcel-co")
        self.made = len(self.entries())  # What they agreed to as they came among it.
        self.page = self.folder / "page.html"
        self.log = self.ok("ledger-identity", self.book)["identity"]

    def make(self, *more, out=None):
        return self.call("page", self.book, WHO, "--html", out or self.page, "--request", "letter 7", *more)

    def entries(self):
        return self.ok("ledger", self.book, WHO)["entries"]

    def test_one_command_from_the_letter_to_the_page(self):
        done = self.make("--shop", "Example Boutique", "--contact", "privacy@example.com", "--language", "de")
        self.assertEqual(done.returncode, 0, done.stderr)
        text = self.page.read_text(encoding="utf-8")
        self.assertIn("Wie weit sind Ihre Daten gegangen?", text)
        self.assertIn("parcel-co", text)
        self.assertIn("Example Boutique", text)
        self.assertEqual(self.page.stat().st_mode & 0o077, 0)
        self.assertEqual(self.entries()[-1]["recipient"], "The customer")
        self.assertEqual([one["in_force"] for one in self.ok("case", "list", self.book)["cases"]], [False])

    def test_refused_before_anything_is_handed_over(self):
        self.refused(47, "page", self.book, WHO, "--html", self.page)  # Nobody has asked.
        self.refused(44, "page", self.book, WHO, "--html", self.page, "--role", "manager")
        self.assertEqual(self.make("--language", "pt").returncode, 1)
        self.page.write_text("somebody's file", encoding="utf-8")
        self.assertNotEqual(self.make().returncode, 0)
        self.assertEqual(self.page.read_text(encoding="utf-8"), "somebody's file")
        self.assertEqual(len(self.entries()), self.made)
        self.assertEqual([one.name for one in self.folder.iterdir() if ".part" in one.name], [])

    def test_a_page_that_did_not_get_out_is_no_copy(self):
        if not pathlib.Path("/dev/full").exists():
            self.skipTest("no /dev/full")
        self.assertNotEqual(self.make(out="/dev/full").returncode, 0)
        self.assertEqual([one["event"] for one in self.entries()[-2:]], ["disclosure", "not delivered"])

    def test_a_pipe_that_nobody_reads_is_no_prison(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            running = subprocess.Popen([PROGRAM, "page", self.book, WHO, "--html", pipe, "--request", "letter 7"],
                                       env=environment, stderr=subprocess.DEVNULL)
            time.sleep(1)
            self.assertIsNone(running.poll())
            running.send_signal(number)
            self.assertNotEqual(running.wait(timeout=20), 0)
        self.assertEqual(len(self.entries()), self.made)
        self.assertEqual(self.ok("case", "list", self.book)["cases"], [])
        # With a reader it gets out.
        running = subprocess.Popen([PROGRAM, "page", self.book, WHO, "--html", pipe, "--request", "letter 7"],
                                   env=environment, stdout=subprocess.DEVNULL)
        text = pipe.read_text(encoding="utf-8")
        self.assertEqual(running.wait(timeout=20), 0)
        self.assertIn("end of evidence", text)

    def test_what_never_has_a_reader_is_not_waited_for(self):
        place = self.folder / "socket"
        with socket.socket(socket.AF_UNIX) as waiting:
            waiting.bind(str(place))
            running = subprocess.run([PROGRAM, "page", self.book, WHO, "--html", place, "--request", "letter 7"],
                                     env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)), timeout=20,
                                     capture_output=True, check=False)
        self.assertEqual(running.returncode, 80, running.stderr)
        self.assertEqual(len(self.entries()), self.made)

    def test_the_evidence_needs_neither_book_nor_key(self):
        self.assertEqual(self.make().returncode, 0)
        shown = self.ok("check-evidence", self.page, "--log", self.log, key=self.folder / "none")
        self.assertEqual([one["recipient"] for one in shown["entries"] if "consent" not in one["event"]],
                         ["parcel-co"] * 3 + ["The customer"])
        text = self.page.read_bytes()
        self.page.write_bytes(text.replace(b"\n", b"\r\n"))  # As some editors save it.
        self.ok("check-evidence", self.page, "--log", self.log)
        self.page.write_bytes(text[:len(text) - 200])
        self.refused(20, "check-evidence", self.page, "--log", self.log)

    def test_three_checkers_say_the_same_of_every_spelling(self):
        self.assertEqual(self.make().returncode, 0)
        page = self.page.read_bytes()
        begin = page.index(b"clientbook-evidence v1\n")
        text = page[begin:page.index(b"end of evidence\n", begin)] + b"end of evidence\n"
        lines = text.split(b"\n")
        first = next(i for i, line in enumerate(lines) if line.startswith(b"entry "))
        signed = next(i for i, line in enumerate(lines) if line.startswith("\u2014 ".encode()))

        def put(at, *instead):
            return b"\n".join([*lines[:at], *instead, *lines[at + 1:]])

        words = lines[first].split(b" ")
        good = [text, page, text.replace(b"\n", b"\r\n"), text[:-1], b"\xff\xfe\n" + text, text + b"\xff",
                put(signed, lines[signed], lines[signed]),
                put(signed, lines[signed], "\u2014 witness AAAAAAAA".encode()),
                put(1, b"log somebody else")]
        bad = [put(first, b" ".join([words[0], zeros + words[1], *words[2:]])) for zeros in (b"0", b"+", b" ", b"\xd9\xa0")]
        bad += [put(first, lines[first] + tail) for tail in (b" ", b"\r\r", b"\x0b", b"\t", b"=", b"\xc2\xa0")]
        bad += [put(first, lines[first].replace(words[2], words[2][:-2] + odd + words[2][-2:])) for odd in
                (b"\xc3\xa9", b"\xe2\x80\xa8", b"\x00", b"\r")]
        bad += [put(signed, lines[signed] + end + lines[signed]) for end in (b"\x0b", b"\x0c", b"\xe2\x80\xa8", b"\x1c", b"\r")]
        bad += [put(signed, lines[signed], mark) for mark in
                ("\u2014 two names AAAAAAAA".encode(), "\u2014 a+b AAAAAAAA".encode(), "\u2014 witness AAAA".encode(),
                 "\u2014 wit\x0bness AAAAAAAA".encode(), b"\xe2\x80\x94 \xff AAAAAAAA", b"- witness AAAAAAAA", b"")]
        bad += [put(1), put(1, b"logs x"), text.replace(b"checkpoint\n", b"", 1),
                text.replace(b"\nend of evidence\n", b"\nend of evidence\r"), text.replace(b"end of evidence", b""),
                text.replace(b"checkpoint\n", b"end of evidence\ncheckpoint\n", 1), text.replace(b"v1", b"v2", 1)]
        verifier, file = VERIFIER / "verify.py", self.folder / "spelled"
        for wanted, all_of in ((True, good), (False, bad)):
            for number, one in enumerate(all_of):
                file.write_bytes(one)
                calls = [["python3", verifier, file, self.log]] + ([[C_VERIFIER, file, self.log]] if C_VERIFIER else [])
                said = [subprocess.run(each, check=False, capture_output=True).returncode for each in calls]
                said.append(1 if self.call("check-evidence", file, "--log", self.log).returncode else 0)
                self.assertEqual(set(said), {0 if wanted else 1}, (wanted, number, said))

    def test_what_a_recipient_has_passed_on_is_checked_too(self):
        # With a day and without one: parts of a payload that no other entry has.
        for on in ([], ["--on", datetime.datetime.now(datetime.timezone.utc).date()]):
            self.ok("request", "onward", self.book, WHO, "--from", "parcel-co", "--to", "Bikes & Co", "--contact",
                    "privacy@bikes.example", *on)
        self.make()
        shown = self.ok("check-evidence", self.page, "--log", self.log)
        self.assertEqual([one["recipient"] for one in shown["entries"]][self.made:], ["Bikes & Co"] * 2 + ["The customer"])
        verifier = python_verifier()
        read = verifier.check(self.page.read_text(encoding="utf-8"), verifier.log_of(self.log))[1]
        self.assertEqual([verifier.EVENTS[event] for _, event, _ in read][self.made:], ["onward"] * 2 + ["disclosure"])
        if C_VERIFIER:
            done = subprocess.run([C_VERIFIER, self.page, self.log], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(done.stdout.count("Bikes & Co"), 2)

    def test_the_checkers_show_what_the_page_can_be_compared_with(self):
        self.assertEqual(self.make().returncode, 0)
        page = self.page.read_text(encoding="utf-8")
        forged = self.folder / "forged.html"
        begin = page.index("clientbook-evidence v1")
        forged.write_text(page[:begin].replace("parcel-co", "Nobody at all") + page[begin:], encoding="utf-8")
        calls = [[sys.executable, VERIFIER / "verify.py", forged, self.log]]
        calls += [[C_VERIFIER, forged, self.log]] if C_VERIFIER else []
        said = [subprocess.run([str(one) for one in call], check=True, capture_output=True, text=True).stdout for call in calls]
        checked = self.call("check-evidence", forged, "--log", self.log)
        said.append(checked.stdout + checked.stderr)
        for one in said:
            self.assertIn("parcel-co", one)
            self.assertNotIn("Nobody at all", one)
            self.assertIn("delivery_of_goods", one)
            self.assertIn("addresses", one)
            self.assertIn("compare them", one)
        # Whoever cuts out every entry has cut out the page's own.
        lines = page[begin:].split("\n")
        forged.write_text("\n".join(one for one in lines if not one.startswith("entry ")), encoding="utf-8")
        for call in calls:
            self.assertEqual(subprocess.run([str(one) for one in call], check=False, capture_output=True).returncode, 1)
        self.refused(64, "check-evidence", forged, "--log", self.log)

    def test_the_checkers_call_fields_and_purposes_what_the_library_calls_them(self):
        def named(header, kind):
            text = (SOURCE / "include" / "clientbook" / "model" / header).read_text(encoding="utf-8")
            return {int(number): name for name, number in re.findall(rf"constexpr {kind} (\w+){{(\d+)}}", text)}
        verifier = python_verifier()
        source = (SOURCE / "examples" / "verifier" / "verify.c").read_text(encoding="utf-8")
        for names, table, known in ((verifier.FIELDS, "fields", named("schema.hpp", "field_id")),
                                    (verifier.PURPOSES, "purposes", named("terms.hpp", "purpose_id"))):
            self.assertEqual(names, [known[at] for at in range(1, len(names) + 1)])
            self.assertFalse([at for at in known if at > len(names) and at != 32])
            in_c = source.split(f" {table}[] =", 1)[1].split(";", 1)[0]
            self.assertEqual("".join(re.findall(r'"([^"]*)"', in_c)).split(" "), names)

    def test_the_checkers_say_of_the_shared_vectors_what_the_library_says(self):
        steps = json.loads((SOURCE / "tests" / "vectors" / "bindings" / "proofs.json").read_text(encoding="utf-8"))["steps"]
        steps = [one for one in steps if one["call"] == "check_evidence"]
        self.assertGreater(sum("\npruned 2 256\n" in one["evidence"] for one in steps), 1)
        verify = python_verifier()
        for number, one in enumerate(steps):
            good = not one["expect"].get("code")
            with self.subTest(number=number):
                try:
                    verify.check(one["evidence"], verify.log_of(one["log"]))
                    self.assertTrue(good)
                except verify.Wrong:
                    self.assertFalse(good)
                if C_VERIFIER:
                    file = self.folder / "vector"
                    file.write_bytes(one["evidence"].encode())
                    done = subprocess.run([C_VERIFIER, file, one["log"]], capture_output=True, timeout=60, check=False)
                    self.assertEqual(done.returncode, 0 if good else 1)

    def test_three_checkers_say_the_same_of_whatever_was_changed(self):
        self.assertEqual(self.make().returncode, 0)
        text = self.page.read_text(encoding="utf-8")
        verifier = python_verifier()
        log = verifier.log_of(self.log)
        self.assertEqual(len(verifier.check(text, log)[1]), self.made + 1)
        begin, end = text.index("\nentry ") + 1, text.index("end of evidence")
        seed = random.Random(19)
        changed = self.folder / "changed.html"
        for round_number in range(150):
            at = seed.randrange(begin, end)
            kind = seed.randrange(3)
            if kind == 0:
                other = text[:at] + chr(33 + seed.randrange(94)) + text[at + 1:]
            elif kind == 1:
                other = text[:at] + text[at + seed.randrange(1, 200):]
            else:
                other = text[:at] + text[begin + seed.randrange(end - begin):]
            if other == text:
                continue
            changed.write_text(other, encoding="utf-8")
            with self.assertRaises(verifier.Wrong, msg=round_number):
                verifier.check(other, log)
            self.assertNotEqual(self.call("check-evidence", changed, "--log", self.log).returncode, 0, round_number)
            if C_VERIFIER:
                self.assertEqual(subprocess.run([C_VERIFIER, changed, self.log], check=False,
                                                capture_output=True).returncode, 1, round_number)
        if not C_VERIFIER:
            self.skipTest("skipped: the checker in C was not built")
        done = subprocess.run([C_VERIFIER, self.page, self.log], check=False, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stdout.count("parcel-co"), 3)

    def test_the_checkers_call_each_event_what_the_program_calls_it(self):
        header = (SOURCE / "include" / "clientbook" / "ledger" / "disclosure_entry.hpp").read_text(encoding="utf-8")
        body = header.split("enum class ledger_event", 1)[1].split("};", 1)[0]
        known = {int(number) for number in re.findall(r"^\s*\w+ = (\d+),", body, re.MULTILINE)}
        verifier = python_verifier()
        self.assertEqual(set(range(1, len(verifier.EVENTS))), known)
        source = (SOURCE / "examples" / "verifier" / "verify.c").read_text(encoding="utf-8")
        table = source.split("events[] = {", 1)[1].split("};", 1)[0]
        self.assertEqual(re.findall(r'"([^"]*)"', table)[1:], verifier.EVENTS[1:])
        number = self.ok("request", "open", self.book, WHO, "--kind", "rectification", "--received", "2026-01-02",
                         "--identity", "seen")["number"]
        self.ok("request", "do", self.book, number, "--edit",
                '{"set": {"addresses": [{"line1": "1 Elm St", "city": "Renton"}], "name": {"given": "Kim"}}}')
        self.ok("request", "told", self.book, number, "parcel-co")
        self.assertEqual(self.make().returncode, 0)
        named = {one["index"]: one["event"] for one in self.entries()}
        self.assertIn("recipient_told", {name.replace(" ", "_") for name in named.values()})
        text = self.page.read_text(encoding="utf-8")
        for index, event, _ in verifier.check(text, verifier.log_of(self.log))[1]:
            self.assertEqual(verifier.EVENTS[event], named[index].replace("_", " "), index)


if __name__ == "__main__":
    unittest.main()
