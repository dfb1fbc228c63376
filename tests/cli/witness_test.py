"""Witnesses by the program: what is asked is answered by one that shares no code with it, and the page shows it."""
import os
import re
import subprocess
import sys
import unittest

from program import SOURCE, ProgramTest

sys.path.insert(0, str(SOURCE / "tests" / "python"))
import tlog_witness  # noqa: E402: beside the other second implementations

VERIFIER = SOURCE / "examples" / "verifier" / "verify.py"
WHO = "clientbook:C-1001"


class Witnesses(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("recipient", "add", self.book, "parcel-co", "--class", "parcel_service", "--country", "DE",
                "--contract", "P-1")
        self.disclose(3)
        self.log = self.ok("ledger-identity", self.book)["identity"]
        self.auditor = tlog_witness.Witness(self.folder / "auditor", "auditor.example", self.log)
        self.number = 0

    def disclose(self, times=1):
        for _ in range(times):
            self.ok("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "parcel-co")

    def request(self, name):
        self.number += 1
        file = self.folder / f"request{self.number}"
        self.ok("witness", "request", self.book, name, "--out", file)
        return file

    def ask(self, witness):
        file = self.request(witness.name)
        status, body = witness.add_checkpoint(file.read_text(encoding="utf-8"))
        return file, self.call("--json", "witness", "answer", self.book, witness.name, "--request", file, "--status",
                               status, "--answer", "-", stdin=body)

    def cosigned(self, witness):
        _, done = self.ask(witness)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"cosigned":true', done.stdout)

    def make_page(self, name="page.html"):
        page = self.folder / name
        self.ok("page", self.book, WHO, "--html", page, "--request", "letter 7")
        return page

    def verified(self, *arguments):
        return subprocess.run([sys.executable, VERIFIER, *map(str, arguments)], check=False, capture_output=True,
                              text=True)

    def test_from_the_key_to_the_page(self):
        told = self.ok("witness", "add", self.book, self.auditor.key)
        self.assertEqual(told["log"], self.log)
        self.cosigned(self.auditor)
        self.disclose(2)
        self.cosigned(self.auditor)
        listed = self.ok("witness", "list", self.book)
        self.assertEqual(listed["witnesses"][0]["size"], listed["ledger_entries"])
        page = self.make_page()
        shown = self.ok("check-evidence", page, "--log", self.log, "--witness", self.auditor.key)
        self.assertEqual((shown["witnesses"], shown["witnessed_size"]), (1, listed["ledger_entries"]))
        done = self.verified(page, self.log, self.auditor.key)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"have seen the first {listed['ledger_entries']} entries", done.stdout)
        # Checkers that are told of no witness say what they said before.
        self.assertEqual(self.verified(page, self.log).returncode, 0)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_as_many_as_the_policy_requires(self):
        sister = tlog_witness.Witness(self.folder / "sister", "sister.example", self.log)
        stranger = tlog_witness.Witness(self.folder / "stranger", "stranger.example", self.log)
        for one in (self.auditor, sister):
            self.ok("witness", "add", self.book, one.key)
            self.cosigned(one)
            self.disclose()
        page = self.make_page()
        keys = [self.auditor.key, sister.key, stranger.key]
        given = [word for key in keys for word in ("--witness", key)]
        for require, good in ((0, True), (1, True), (2, True), (3, False)):
            done = self.call("check-evidence", page, "--log", self.log, *given, "--require", require)
            self.assertEqual(done.returncode, 0 if good else 101, done.stderr)
            self.assertEqual(self.verified(page, self.log, *keys, "--require", require).returncode, 0 if good else 1)
        self.assertEqual(self.verified(page, self.log, *keys).returncode, 1)
        self.assertEqual(self.verified(page, self.log, self.auditor.key, self.auditor.key).returncode, 1)
        # A changed letter in what was cosigned is seen by both.
        text = page.read_text(encoding="utf-8")
        begin = text.index("clientbook-witnessed v1")
        for at in range(begin, begin + 700, 37):
            page.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:], encoding="utf-8")
            self.assertNotEqual(self.call("check-evidence", page, "--log", self.log, *given[:4]).returncode, 0, at)
            self.assertEqual(self.verified(page, self.log, *keys[:2]).returncode, 1, at)

    def test_an_older_copy_and_a_branch_are_refused(self):
        self.ok("witness", "add", self.book, self.auditor.key)
        self.cosigned(self.auditor)
        copy = self.folder / "copy.book"
        subprocess.run(["cp", "-r", self.book, copy], check=True)
        key = self.folder / "key" / "other.key"
        key.write_bytes(self.key.read_bytes())
        key.chmod(0o600)
        self.disclose(2)
        self.cosigned(self.auditor)
        _, seen = self.ok("witness", "list", self.book), self.auditor.last()[0]
        # The copy is shorter than what the witness has seen.
        file = self.folder / "of_copy"
        self.ok("witness", "request", copy, "auditor.example", "--out", file, key=key)
        status, body = self.auditor.add_checkpoint(file.read_text(encoding="utf-8"))
        self.assertEqual((status, body), (409, f"{seen}\n"))
        self.assertEqual(self.call("witness", "answer", copy, "auditor.example", "--request", file, "--status", "409",
                                   "--answer", "-", stdin=body, key=key).returncode, 90)
        # It goes on by other entries until it is longer: a branch.
        for _ in range(4):
            self.ok("disclose", copy, WHO, "-p", "delivery_of_goods", "--to", "parcel-co", key=key)
        self.ok("witness", "answer", copy, "auditor.example", "--request", file, "--status", "409", "--answer", "-",
                stdin=body, key=key)
        branch = self.folder / "of_branch"
        self.ok("witness", "request", copy, "auditor.example", "--out", branch, key=key)
        self.assertEqual(self.auditor.add_checkpoint(branch.read_text(encoding="utf-8")), (422, ""))
        self.assertEqual(self.call("witness", "answer", copy, "auditor.example", "--request", branch, "--status",
                                   "422", key=key).returncode, 100)

    def test_a_checkpoint_on_paper_is_held_against_the_book(self):
        kept = self.folder / "kept"
        image = self.folder / "code.svg"
        kept.write_text(self.ok("witness", "checkpoint", self.book, "--svg", image)["checkpoint"], encoding="utf-8")
        self.assertRegex(image.read_text(encoding="utf-8"), r'^<svg .*viewBox="0 0 (\d+) \1"')
        shown = self.call("witness", "checkpoint", self.book, "--qr").stdout
        self.assertIn("\u2588", shown)
        self.disclose()
        self.assertTrue(self.ok("witness", "held", self.book, kept)["held"])
        text = kept.read_text(encoding="utf-8")
        size = re.search(r"\n(\d+)\n", text)[1]
        kept.write_text(text.replace(f"\n{size}\n", f"\n{int(size) + 1}\n"), encoding="utf-8")
        self.refused(101, "witness", "held", self.book, kept)

    def test_the_ledger_as_files_is_read_by_somebody_else(self):
        self.disclose(5)
        folder = self.folder / "files"
        told = self.ok("ledger-files", self.book, folder)
        tlog = tlog_witness.verify
        size, root = tlog.checkpoint_of((folder / "checkpoint").read_text(encoding="utf-8"), tlog.log_of(self.log))
        self.assertEqual(size, told["size"])
        bundle = (folder / "tile" / "entries" / "000.p" / str(size)).read_bytes()
        leaves = []
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            leaves.append(tlog.hashlib.sha256(b"\x00" + bundle[2:2 + length]).digest())
            bundle = bundle[2 + length:]
        self.assertEqual(b"".join(leaves), (folder / "tile" / "0" / "000.p" / str(size)).read_bytes())

        def root_of(all_of):
            if len(all_of) == 1:
                return all_of[0]
            cut = 1 << (len(all_of) - 1).bit_length() - 1
            return tlog.node(root_of(all_of[:cut]), root_of(all_of[cut:]))
        self.assertEqual(root_of(leaves), root)
        # Again: what is there stays, and what was published is gone on from.
        self.assertEqual(self.ok("ledger-files", self.book, folder)["files_written"], 0)
        self.disclose()
        self.assertEqual(self.ok("ledger-files", self.book, folder)["files_written"], 2)
        self.ok("init", self.folder / "other.book", "--profile", "gdpr", key=self.folder / "k" / "other.key")
        self.assertEqual(self.call("ledger-files", self.folder / "other.book", folder,
                                   key=self.folder / "k" / "other.key").returncode, 101)

    def test_what_is_of_today_is_not_pruned_and_a_preview_says_so(self):
        kept = self.folder / "kept"
        kept.write_text(self.ok("witness", "checkpoint", self.book)["checkpoint"], encoding="utf-8")
        told = self.ok("ledger-prune", self.book, "--before", "2020-01-01", "--published", kept, "--dry-run")
        self.assertEqual((told["from"], told["until"], told["dry_run"]), (0, 0, True))
        self.assertIn({"why": "younger", "index": 0}, told["kept"])
        self.assertIn("nothing can be pruned", self.call("ledger-prune", self.book, "--before", "2020-01-01").stdout)
        self.assertNotIn("pruned", self.ok("ledger", self.book, WHO))
        self.refused(22, "ledger-prune", self.book, "--before", "2999-01-01")
        self.refused(22, "ledger-prune", self.book, "--before", "soon")
        self.refused(44, "ledger-prune", self.book, "--before", "2020-01-01", "--role", "associate")
        kept.write_text("seen", encoding="utf-8")
        self.refused(20, "ledger-prune", self.book, "--before", "2020-01-01", "--published", kept)

    def told_of_seals(self):
        file = self.folder / "first seals"
        self.ok("ledger-seals", self.book, "--out", file)
        return self.call("check-seals", file, "--log", self.log).stdout

    def test_the_ledger_is_sealed_in_epochs(self):
        self.refused(2, "ledger-seals", self.book, "--out", self.folder / "none")
        self.assertFalse(os.path.exists(self.folder / "none"))
        first = self.ok("ledger-seal", self.book)
        self.disclose()
        self.assertIn("not sealed yet", self.told_of_seals())
        self.assertEqual(self.ok("ledger-seal", self.book)["epoch"], 2)
        seals = self.folder / "seals"
        self.ok("ledger-seals", self.book, "--out", seals)
        known = ["check-seals", seals, "--log", self.log, "--known", first["key"]]
        told = self.ok(*known, key=self.folder / "none")
        self.assertEqual([(one["epoch"], one["opened_anew"]) for one in told["sealed"]], [(0, True), (1, False)])
        self.assertIn("without --known", self.call("check-seals", seals, "--log", self.log).stdout)
        self.refused(101, "check-seals", seals, "--log", self.log, "--known", self.log)
        text = seals.read_text(encoding="utf-8")
        seals.write_text(text.replace("epoch 1", "epoch 2"), encoding="utf-8")
        self.refused(101, *known)
        seals.write_text(text[:-20], encoding="utf-8")
        self.refused(20, *known)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_refused_with_a_code_and_nothing_kept(self):
        self.refused(4, "witness", "request", self.book, "auditor.example", "--out", self.folder / "none")
        self.assertFalse(os.path.exists(self.folder / "none"))
        self.refused(6, "witness", "add", self.book, self.log)
        self.ok("witness", "add", self.book, self.auditor.key)
        self.refused(5, "witness", "add", self.book, self.auditor.key)
        file = self.request("auditor.example")
        for status, code in ((400, 1), (403, 101), (404, 4), (422, 100), (503, 80), (200, 101), (409, 20)):
            self.refused(code, "witness", "answer", self.book, "auditor.example", "--request", file, "--status", status)
        self.refused(44, "witness", "add", self.book, self.auditor.key, "--role", "associate")
        self.assertIsNone(self.ok("witness", "list", self.book)["witnesses"][0]["at"])


if __name__ == "__main__":
    unittest.main()
