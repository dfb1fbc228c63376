"""What goes at the end of its time, and what keeps it: retention runs, legal holds, many erased at once."""
import fcntl
import json
import unittest

from collecting_test import Files

MANY = "id,first,mail,like,born\n" + "".join(f"{n},Ann,ann{n}@example.com,linen,\n" for n in range(1, 6))
ORDER = ("-p", "customer_order_management")


class Many(Files):
    def setUp(self):
        super().setUp()
        self.begin("--profile", "gdpr")
        self.ok("import", self.book, *self.files(customers=MANY))

    def test_several_are_erased_in_one_transaction(self):
        epoch = self.ok("stats", self.book)["epoch"]
        names = self.folder / "names"
        names.write_text("t:2\r\n\nt:3\n", encoding="utf-8")
        told = self.ok("erase", self.book, "t:1", "--from", names, "--reason", "retention_end")["erased"]
        self.assertEqual(len({one["customer"] for one in told}), 3)
        self.assertEqual({one["epoch_after"] for one in told}, {epoch + 1})
        self.assertEqual(self.ok("stats", self.book)["erased"], 3)
        self.refused(4, "show", self.book, "t:2", *ORDER)
        self.ok("show", self.book, "t:4", *ORDER)
        printed = self.call("erase", self.book, "t:4", "t:5", "--reason", "other", "--mentions", "ignore").stdout
        self.assertIn("2 customers in one transaction", printed)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_all_of_them_or_none(self):
        self.ok("case", "open", self.book, "t:2", "--kind", "tax", "--reference", "audit 7")
        said = self.refused(54, "erase", self.book, "t:1", "t:2", "--reason", "other", "--mentions", "ignore")
        self.assertIn("customer 2 of 2", said)
        self.assertNotIn("t:2", said)
        self.assertEqual(self.ok("stats", self.book)["erased"], 0)
        self.refused(1, "erase", self.book, "t:1", "t:1", "--reason", "other")
        self.assertNotEqual(self.call("erase", self.book, "t:1", "--reason", "no such").returncode, 0)
        self.assertNotEqual(self.call("erase", self.book, "--reason", "other").returncode, 0)
        self.assertNotEqual(self.call("erase", self.book, "--from", self.folder / "no such", "--reason", "other").returncode, 0)
        self.assertEqual(self.ok("stats", self.book)["erased"], 0)


class Run(Files):
    """A customer who agreed to care and took it back: likes are due."""

    def setUp(self):
        super().setUp()
        self.begin("--profile", "gdpr")
        self.ok("import", self.book, *self.files())
        self.assertEqual(self.ok("retention", "due", self.book)["due"], [])
        self.ok("consent", "withdraw", self.book, "t:1", "-p", "client_care")

    def test_a_run_takes_out_what_is_due_and_a_dry_run_nothing(self):
        due = self.ok("retention", "due", self.book)["due"]
        self.assertEqual([one["fields"] for one in due], [["birth_date", "likes"]])
        told = self.ok("retention", "run", self.book, "--dry-run")
        self.assertTrue(told["dry_run"])
        self.assertEqual(told["counts"], {"removed": {"birth_date": 1, "likes": 1}})
        self.assertIn("nothing was changed", self.call("retention", "run", self.book, "--dry-run").stdout)
        self.assertEqual(self.ok("retention", "due", self.book)["due"], due)
        done = self.ok("retention", "run", self.book, "--most", "1")
        self.assertEqual([(one["customer"], one["fate"]) for one in done["items"]], [(due[0]["customer"], "removed")])
        self.assertEqual(self.ok("retention", "due", self.book)["due"], [])
        self.assertNotIn("likes", self.ok("retention", "kept", self.book, "t:1")["kept"])
        self.assertEqual(self.ok("ledger", self.book, "t:1")["entries"][-1]["event"], "correction")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)
        self.refused(44, "retention", "run", self.book, "--role", "associate")

    def test_a_hold_is_placed_listed_and_lifted(self):
        self.assertEqual(self.ok("hold", "place", self.book, "t:1", "--reason", "claim announced", "--reference", "file 7",
                                 "--until", "2090-01-01T00:00:00Z")["hold"], 1)
        held = self.ok("hold", "list", self.book)["holds"]
        self.assertEqual([(one["number"], one["reference"]) for one in held], [(1, "file 7")])
        self.assertIn("claim announced", self.call("hold", "list", self.book).stdout)
        self.assertEqual(self.ok("retention", "run", self.book)["counts"], {"held": {"birth_date": 1, "likes": 1}})
        self.assertIn("legal hold", self.call("retention", "run", self.book).stdout)
        self.refused(54, "erase", self.book, "t:1", "--reason", "other", "--mentions", "ignore")
        self.assertEqual(self.ok("ledger", self.book, "t:1")["entries"][-1]["event"], "legal hold")
        self.ok("hold", "lift", self.book, "t:1", "1")
        self.refused(4, "hold", "lift", self.book, "t:1", "1")
        self.assertEqual(self.ok("hold", "list", self.book)["holds"], [])
        self.assertEqual(self.ok("retention", "run", self.book)["counts"], {"removed": {"birth_date": 1, "likes": 1}})
        self.refused(22, "hold", "place", self.book, "t:1", "--reason", "claim", "--until", "tomorrow")
        for end in ("1970-01-01T00:00:00Z", "2026-01-01T00:00:00Z"):
            self.refused(22, "hold", "place", self.book, "t:1", "--reason", "claim", "--until", end)
            self.refused(22, "case", "open", self.book, "t:1", "--kind", "tax", "--reference", "a", "--until", end)
        self.assertEqual(self.ok("hold", "list", self.book)["holds"], [])
        self.refused(44, "hold", "place", self.book, "t:1", "--reason", "claim", "--role", "associate")


class Told(Files):
    """What failed behind the commit does not hide what was done."""

    def setUp(self):
        super().setUp()
        self.begin("--profile", "gdpr")
        self.ok("import", self.book, *self.files())
        self.ok("consent", "withdraw", self.book, "t:1", "-p", "client_care")  # From here on there is a pin.
        self.pin = self.key.parent / (self.key.name + ".pin")

    def failing(self, *call):
        with open(self.pin, "rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            return self.call(*call, "--wait", "0")

    def test_receipts_are_told_with_the_error(self):
        one = self.failing("--json", "erase", self.book, "t:1", "--reason", "other")
        said = json.loads(one.stdout)
        self.assertTrue(said["text"].startswith("committed, but"), said)
        self.assertEqual((one.returncode, len(said["signature"])), (said["error"], 128))
        self.refused(4, "show", self.book, "t:1", *ORDER)

    def test_of_several_in_text_too(self):
        printed = self.failing("erase", self.book, "t:1", "t:2", "--reason", "other")
        self.assertIn("2 customers in one transaction", printed.stdout)
        self.assertIn("committed, but", printed.stderr)
        self.assertNotEqual(printed.returncode, 0)

    def test_what_a_run_has_done_is_told(self):
        text = self.folder / "news.txt"
        text.write_text("What we send, and that it can be ended", encoding="utf-8")
        self.ok("notice", "add", self.book, "News", "--file", text, "--purpose", "all", "--to", "self",
                "--category", "all")
        gone = []
        for n in range(2):
            gone.append(self.ok("add", self.book, "--given", "Ann", "--email", f"a{n}@example.com", "--id", f"s:{n}",
                                "--agrees", "email_marketing", "--notice", "News", "--evidence", "e",
                                "-p", "email_marketing")["customer"])
            self.ok("consent", "withdraw", self.book, gone[n], "-p", "email_marketing")
        self.ok("retention", "run", self.book, "--most", "1", "--dry-run")
        said = json.loads(self.failing("--json", "retention", "run", self.book, "--most", "1").stdout)
        self.assertNotEqual(said["error"], 0)
        erased = [one["customer"] for one in said["receipts"]]
        self.assertEqual(len(erased), self.ok("stats", self.book)["erased"])
        again = self.ok("retention", "run", self.book)
        self.assertEqual(sorted(erased + [one["customer"] for one in again["receipts"]]), sorted(gone))

    def test_a_request_has_its_receipt(self):
        number = self.ok("request", "open", self.book, "t:2", "--kind", "erasure", "--received", "2026-01-02",
                         "--identity", "seen")["number"]
        self.ok("request", "recipients", self.book, str(number))
        said = json.loads(self.failing("--json", "request", "do", self.book, str(number)).stdout)
        self.assertTrue(said["text"].startswith("committed, but"), said)
        self.assertEqual(len(said["receipt"]["signature"]), 128)


class Apart(Files):
    """What a law has the shop keep of who is erased."""

    def setUp(self):
        super().setUp()
        self.begin("--profile", "gdpr")
        self.ok("import", self.book, *self.files(), "--purpose", "customer_order_management,tax_record_keeping")

    def test_it_is_kept_apart_and_read_by_a_case(self):
        told = self.ok("erase", self.book, "t:1", "--reason", "other", "--mentions", "ignore", "--keep-apart", "10")
        kept = [one for one in told["retained"] if one["purpose"] == "tax_record_keeping"][0]
        self.assertRegex(kept["until"], r"^20\d\d-12-31$")
        records = self.ok("retention", "records", self.book)["retained"]
        self.assertIn(kept["id"], [one["id"] for one in records])
        self.assertNotIn("Ann", self.call("retention", "records", self.book).stdout)
        show = ("retention", "show", self.book, kept["id"], "-p", "tax_record_keeping")
        self.refused(47, *show)
        self.ok("case", "open", self.book, kept["id"], "--kind", "tax", "--reference", "audit 7")
        self.assertEqual(self.ok(*show)["record"]["name"]["given"], "Ann")
        self.assertIn("Ann", self.call(*show).stdout)
        self.refused(40, "retention", "show", self.book, kept["id"], "-p", "client_care")
        self.refused(4, "show", self.book, kept["id"], "-p", "customer_order_management")
        self.refused(4, "show", self.book, "t:1", "-p", "customer_order_management")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_a_request_of_erasure_keeps_apart(self):
        number = self.ok("request", "open", self.book, "t:2", "--kind", "erasure", "--received", "2026-01-02",
                         "--identity", "seen")["number"]
        self.ok("request", "recipients", self.book, str(number))
        self.refused(54, "request", "do", self.book, str(number))
        self.ok("request", "do", self.book, str(number), "--keep-apart", "10")
        self.assertEqual({one["purpose"] for one in self.ok("retention", "records", self.book)["retained"]} -
                         {"consent_record_keeping"}, {"tax_record_keeping"})


if __name__ == "__main__":
    unittest.main()
