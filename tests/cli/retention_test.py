"""What goes at the end of its time: many erased at once."""
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
        self.refused(1, "erase", self.book, "t:1", "--reason", "no such")
        self.assertNotEqual(self.call("erase", self.book, "--reason", "other").returncode, 0)
        self.assertNotEqual(self.call("erase", self.book, "--from", self.folder / "no such", "--reason", "other").returncode, 0)
        self.assertEqual(self.ok("stats", self.book)["erased"], 0)


if __name__ == "__main__":
    unittest.main()
