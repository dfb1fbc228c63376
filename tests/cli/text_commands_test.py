"""`clientbook scan` and `redact`: answers, receipts, refusals with their line and code."""
import hashlib
import json
import pathlib
import re
import subprocess
import unittest

from program import PROGRAM, SOURCE, ProgramTest

PAGE = (SOURCE / "docs" / "text.md").read_text(encoding="utf-8")
NOTE = {"id": "n1", "text": "writes from zoë@example.com, size 42"}
SPAN = (12, 28)  # Bytes: the ë takes two.
MAIL = "zebedee@example.com"


def lines(*notes):
    return "".join(json.dumps(note, ensure_ascii=False) + "\n" for note in notes)


class Text(ProgramTest):
    def answers(self, *arguments, stdin):
        done = self.call(*arguments, stdin=stdin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def bytes_of(self, *arguments, stdin):
        return subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, check=False)


class Scan(Text):
    def test_spans_are_bytes_with_type_score_and_rule(self):
        (answer,) = self.answers("scan", stdin=lines(NOTE))
        self.assertEqual(answer["id"], "n1")
        (span,) = answer["spans"]
        self.assertEqual((span["begin"], span["end"], span["type"]), (*SPAN, "email_address"))
        self.assertEqual(NOTE["text"].encode()[slice(*SPAN)].decode(), "zoë@example.com")
        self.assertIsInstance(span["score"], int)
        self.assertRegex(span["rule"], r"^[\w.]+$")

    def test_every_id_comes_back_in_order(self):
        notes = [{"id": id, "text": "size 42"} for id in ("b", 7, -1, 2**64 - 1, "", "\u0000ü")]
        self.assertEqual([answer["id"] for answer in self.answers("scan", stdin=lines(*notes))],
                         [note["id"] for note in notes])

    def test_a_file_and_empty_lines_and_cr_lf_and_no_last_line_end(self):
        file = self.folder / "notes.jsonl"
        file.write_bytes(b'\r\n{"id": 1, "text": ""}\r\n \n{"id": 2, "text": "x@y.de"}')
        first, second = self.answers("scan", file, stdin="")
        self.assertEqual((first["spans"], len(second["spans"])), ([], 1))

    def test_only_the_types_asked_for(self):
        (answer,) = self.answers("scan", "--types", "iban,payment_card", stdin=lines(NOTE))
        self.assertEqual(answer["spans"], [])

    def test_an_answer_does_not_wait_for_the_end_of_the_input(self):
        with subprocess.Popen([PROGRAM, "scan"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as program:
            program.stdin.write(lines(NOTE).encode())
            program.stdin.flush()
            self.assertEqual(json.loads(program.stdout.readline())["id"], "n1")
            program.stdin.close()

    def test_known_values_that_cannot_be_looked_for_are_named_by_their_place(self):
        known = [{"kind": "name", "value": "Zebedee"}, {"kind": "text", "value": "A"}]
        (answer,) = self.answers("scan", stdin=lines({**NOTE, "known": known}))
        self.assertEqual(answer["known_refused"], [1])

    def test_many_finds_in_one_text(self):
        (answer,) = self.answers("scan", stdin=lines({"id": 1, "text": "a@b.de " * 20_000}))
        self.assertEqual(len(answer["spans"]), 20_000)


class Redact(Text):
    def test_text_and_receipt_without_values(self):
        (answer,) = self.answers("redact", stdin=lines(NOTE))
        self.assertEqual(answer["text"], "writes from <EMAIL_ADDRESS>, size 42")
        receipt = answer["receipt"]
        self.assertEqual(receipt["hidden"], {"email_address": 1})
        self.assertEqual((receipt["bytes_in"], receipt["bytes_hidden"]),
                         (len(NOTE["text"].encode()), 16))
        self.assertNotIn("example", json.dumps(answer))

    def test_marks(self):
        for mark, text in (("numbered", "<EMAIL_ADDRESS_1>"), ("blocks", "████")):
            (answer,) = self.answers("redact", "--mark", mark, stdin=lines(NOTE))
            self.assertEqual(answer["text"], f"writes from {text}, size 42")

    def test_plain_text_gives_the_same_as_a_note(self):
        text = NOTE["text"] + "\n\0 and\tmore\r\n"
        done = self.bytes_of("redact", "--plain", stdin=text.encode())
        self.assertEqual(done.returncode, 0, done.stderr)
        (answer,) = self.answers("redact", stdin=lines({"id": 1, "text": text}))
        self.assertEqual(done.stdout.decode(), answer["text"])
        self.assertEqual(json.loads(done.stderr), answer["receipt"])

    def test_a_receipt_file_and_quiet(self):
        receipt = self.folder / "receipt.json"
        done = self.bytes_of("redact", "--plain", "--receipt", receipt, stdin=b"x@example.com")
        self.assertEqual((done.stdout, done.stderr), (b"<EMAIL_ADDRESS>", b""))
        self.assertEqual(json.loads(receipt.read_text())["hidden"], {"email_address": 1})
        done = self.bytes_of("-q", "redact", "--plain", stdin=b"x@example.com")
        self.assertEqual((done.stdout, done.stderr), (b"<EMAIL_ADDRESS>", b""))

    def test_long_plain_text_where_finds_lie_across_reads(self):
        text = "".join(f"note {i}: {'x' * (i % 97)} a{i}@example.com\n" for i in range(20_000))
        done = self.bytes_of("redact", "--plain", stdin=text.encode())
        self.assertEqual(done.stdout.decode(), re.sub(r"a\d+@example\.com", "<EMAIL_ADDRESS>", text))
        self.assertEqual(json.loads(done.stderr)["hidden"], {"email_address": 20_000})

    def test_an_output_that_takes_nothing_more(self):
        # Nor a receipt that nobody gets.
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "redact", "--plain"], input=b"x@example.com",
                                  stdout=subprocess.PIPE, stderr=full, check=False)
            self.assertEqual((done.returncode, done.stdout), (80, b"<EMAIL_ADDRESS>"))
        receipt = self.folder / "receipt"
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "redact", "--plain", "--receipt", receipt],
                                  input=b"x@example.com", stdout=full, stderr=subprocess.PIPE, check=False)
            self.assertEqual((done.returncode, receipt.exists()), (80, False))
        with open("/dev/full", "wb") as full:
            for arguments in (["scan"], ["redact"], ["redact", "--plain"]):
                done = subprocess.run([PROGRAM, *arguments], input=lines(NOTE).encode(), stdout=full,
                                      stderr=subprocess.PIPE, check=False)
                self.assertEqual(done.returncode, 80, done.stderr)


    def test_files_in_other_character_sets_stay_in_them(self):
        text = "größe;email\nXL ü;zoë@example.com\n"
        made = "größe;email\nXL ü;<EMAIL_ADDRESS>\n"
        for name, coded in (("iso-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("utf-16le", "utf-16-le"),
                            ("utf-16be", "utf-16-be"), ("utf-8", "utf-8")):
            done = self.bytes_of("-q", "redact", "--charset", name, stdin=text.encode(coded))
            self.assertEqual((done.returncode, done.stdout), (0, made.encode(coded)), name)
            (line,) = self.bytes_of("scan", "--charset", name, stdin=text.encode(coded)).stdout.splitlines()
            span = json.loads(line)
            self.assertEqual(text.encode(coded)[span["begin"]:span["end"]].decode(coded), "zoë@example.com")
        done = self.bytes_of("-q", "redact", "--plain", stdin=text.encode("utf-16"))
        self.assertEqual(done.stdout, made.encode("utf-16"))
        done = self.bytes_of("redact", "--plain", stdin=text.encode("latin-1"))
        self.assertEqual(done.returncode, 20)
        self.assertIn(b"character set", done.stderr)
        self.refused(1, "redact", "--charset", "koi8-r", stdin="")


class Policy(Text):
    def digest(self, *arguments, note=None):
        (answer,) = self.answers("redact", *arguments, stdin=lines(note or NOTE))
        return answer["receipt"]["policy"]

    def test_the_digest_is_that_of_the_text_on_the_page(self):
        text = re.search(r"```text\n(clientbook text policy.*?)```", PAGE, re.DOTALL)[1]
        self.assertEqual(
            self.digest("--types", "iban,email_address", "--regions", "IT,DE", "--dates", "all"),
            hashlib.blake2b(text.encode(), digest_size=32).hexdigest())

    def test_it_depends_on_what_is_hidden_and_not_on_how_it_was_asked_for(self):
        plain = self.digest()
        self.assertEqual(self.digest("--dates", "birth", "--urls", "whole"), plain)
        self.assertEqual(self.digest("--regions", "IT,DE"), self.digest("--regions", "DE,IT,DE"))
        self.assertEqual(self.digest("--regions", "DE"), self.digest(note={**NOTE, "regions": ["DE"]}))
        known = [{"kind": "name", "value": "Zebedee"}]
        self.assertEqual(self.digest(note={**NOTE, "known": known}), plain)
        others = [self.digest(*arguments) for arguments in (
            ["--regions", "DE"], ["--types", "iban"], ["--cautious"], ["--dates", "all"],
            ["--obfuscated"], ["--urls", "path_and_query"], ["--mark", "blocks"])]
        self.assertEqual(len({plain, *others}), 8)


class Refused(Text):
    def wrong(self, code, line, where, *arguments):
        """The second line is wrong; the first is answered."""
        stdin = lines(NOTE).encode() + (line if isinstance(line, bytes) else line.encode()) + b"\n"
        for command in ("scan", "redact"):
            with self.subTest(command=command, line=line[:60]):
                done = self.bytes_of(command, *arguments, stdin=stdin)
                said = done.stderr.decode()
                self.assertEqual(done.returncode, code, said)
                self.assertIn(f"line 2 of the input{', ' + where if where else ''}: ", said)
                self.assertIn(f"[{code}]", said)
                self.assertNotIn("zebedee", said.lower())
                self.assertEqual(len(done.stdout.splitlines()), 1)

    def test_a_line_that_is_wrong(self):
        for code, line, where in (
                (20, "{", ""),
                (20, f'{{"id": 1, "text": "{MAIL}"', ""),
                (20, f'{{"id": 1, "text": "{MAIL}"}} x', ""),
                (20, f'{{"id": 1, "text": "{MAIL}\0"}}', ""),
                (20, f'{{"id": 1, "text": "{MAIL}'.encode() + b'\xff"}', ""),
                (20, f'{{"id": 1, "text": "{MAIL}'.encode() + b'\xed\xa0\x80"}', ""),
                (20, f'{{"id": 1, "text": "{MAIL}\\ud800"}}', ""),
                (5, f'{{"id": 1, "text": "{MAIL}", "text": ""}}', ""),
                (5, f'{{"id": 1, "text": "", "known": [{{"kind": "name", "kind": "{MAIL}"}}]}}', ""),
                (24, f'["{MAIL}"]', ""),
                (24, f'{{"id": 1, "text": ["{MAIL}"]}}', "/text"),
                (24, f'{{"id": ["{MAIL}"], "text": ""}}', "/id"),
                (24, f'{{"id": 1.5, "text": "{MAIL}"}}', "/id"),
                (24, f'{{"id": null, "text": "{MAIL}"}}', "/id"),
                (23, f'{{"text": "{MAIL}"}}', "/id"),
                (23, f'{{"id": "{MAIL}"}}', "/text"),
                (21, f'{{"id": 1, "text": "", "{MAIL}": 1}}', ""),
                (24, f'{{"id": 1, "text": "{MAIL}", "regions": "DE"}}', "/regions"),
                (22, f'{{"id": 1, "text": "{MAIL}", "regions": ["DE", "XX"]}}', "/regions/1"),
                (22, f'{{"id": 1, "text": "", "regions": ["{MAIL}"]}}', "/regions/0"),
                (7, json.dumps({"id": 1, "text": MAIL, "regions": ["DE"] * 9}), "/regions"),
                (24, f'{{"id": 1, "text": "", "known": ["{MAIL}"]}}', "/known/0"),
                (21, f'{{"id": 1, "text": "", "known": [{{"kind": "{MAIL}", "value": "x"}}]}}',
                 "/known/0/kind"),
                (23, f'{{"id": 1, "text": "", "known": [{{"value": "{MAIL}"}}]}}', "/known/0/kind"),
                (24, '{"id": 1, "text": "", "known": [{"kind": "name", "value": 5}]}', "/known/0/value"),
                (7, json.dumps({"id": 1, "text": MAIL, "known": [{"kind": "name", "value": "x"}] * 1001}),
                 "/known"),
                (7, "[" * 100, ""),
                (7, '{"id": 1, "text": "' + MAIL + "x" * (17 << 20), "")):
            self.wrong(code, line, where)

    def test_options_that_are_wrong(self):
        for code, option, value in ((21, "--types", MAIL), (22, "--regions", "XX"),
                                    (7, "--regions", "DE,IT,FR,ES,NL,BE,AT,PL,PT"),
                                    (1, "--dates", MAIL), (1, "--urls", MAIL)):
            for command in (["scan"], ["redact"], ["redact", "--plain"]):
                said = self.refused(code, *command, option, value, stdin=lines(NOTE))
                self.assertIn(option, said)
                self.assertNotIn("zebedee", said)
        self.refused(1, "redact", "--mark", MAIL, stdin="")

    def test_a_file_that_is_not_there_or_is_a_folder(self):
        self.refused(4, "scan", self.folder / "none", stdin="")
        self.refused(80, "redact", "--plain", self.folder, stdin="")
        self.assertIn("--receipt", self.refused(80, "redact", "--plain", "--receipt",
                                                self.folder / "no" / "file", stdin="size 42"))

    def test_plain_text_that_is_not_utf_8_gives_the_byte_and_nothing_personal(self):
        for spoilt in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
            done = self.bytes_of("redact", "--plain", stdin=MAIL.encode() + b" " + spoilt)
            self.assertEqual(done.returncode, 20)
            self.assertIn(f"(at {len(MAIL) + 1})".encode(), done.stderr)
            self.assertNotIn(b"zebedee", done.stdout + done.stderr)

    def test_an_error_as_json(self):
        done = self.call("--json", "scan", stdin="{")
        self.assertEqual(done.returncode, 20)
        self.assertEqual(json.loads(done.stdout)["error"], 20)


class Page(Text):
    def test_the_examples_of_the_page_are_what_the_program_says(self):
        examples = re.findall(r"```sh\n\$ (.*?)\n(.*?)```", PAGE, re.DOTALL)
        self.assertGreaterEqual(len(examples), 3)
        for command, output in examples:
            command = command.replace("clientbook ", f"{PROGRAM} ")
            done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False,
                                  cwd=self.folder)
            with self.subTest(command=command):
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout + done.stderr, output)

    def test_the_page_lists_every_type(self):
        header = (pathlib.Path(SOURCE) / "include/clientbook/scanner/scan.hpp").read_text(encoding="utf-8")
        types = re.findall(r"^  (\w+) = \d+,", re.search(r"enum class entity_type.*?\};", header, re.DOTALL)[0], re.M)
        self.assertEqual(re.findall(r"^\| `(\w+)` \|", PAGE.split("## Types")[1].split("\n## ")[0], re.M),
                         types)


if __name__ == "__main__":
    unittest.main()
