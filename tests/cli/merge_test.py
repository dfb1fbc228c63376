"""Two customers made one, and two again."""
import unittest

from program import ProgramTest

ORDER = "customer_order_management"


class Merge(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_book("--profile", "gdpr")
        self.ann = self.add("Ann", "ann@x.example", "1")
        self.bo = self.add("Anna", "anna@y.example", "2")

    def add(self, given, email, number):
        return self.ok("add", self.book, "--given", given, "--family", "Sanchez", "--email", email, "--id",
                       f"till:{number}", "-p", ORDER)["customer"]

    def test_told_done_and_undone(self):
        told = self.ok("merge", self.book, "till:1", "till:2", "--dry-run", "-p", ORDER)
        fates = {one["field"]: one["fate"] for one in told["fields"]}
        self.assertEqual((fates["name"], fates["emails"], fates["external_ids"]), ("stays", "united", "united"))
        self.assertIsNone(told["receipt"])
        self.assertIn("anna@y.example", str(told["values"]["goes"]))
        said = self.call("merge", self.book, "till:1", "till:2", "--dry-run").stdout
        self.assertIn("they differ: the one who stays keeps theirs", said)
        self.assertIn("nothing was done", said)
        self.assertNotIn("@", said)
        self.assertEqual(self.ok("stats", self.book)["customers"], 2)
        done = self.ok("merge", self.book, "till:1", "till:2", "--take", "name")
        self.assertEqual(done["receipt"]["stays"], self.ann)
        self.assertEqual(len(done["receipt"]["signature"]), 128)
        self.assertEqual(self.ok("stats", self.book)["customers"], 1)
        for whom in ("till:1", "till:2", self.bo):
            seen = self.ok("show", self.book, whom, "-p", ORDER)
            self.assertEqual(len(seen["fields"]["emails"]["value"]), 2, whom)
        parts = self.ok("parts", self.book, self.bo)
        self.assertEqual((parts["customer"], parts["parts"][0]["id"]), (self.ann, self.bo))
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)
        self.refused(5, "merge", self.book, "till:1", self.bo)
        back = self.ok("unmerge", self.book, self.bo)
        self.assertIn("emails", back["restored"])
        self.assertEqual(self.ok("stats", self.book)["customers"], 2)
        self.refused(4, "unmerge", self.book, self.bo)
        self.refused(2, "merge", self.book, "till:1", "till:2")
        self.ok("not-same", self.book, "--forget", self.ann, self.bo)
        self.ok("merge", self.book, "till:1", "till:2")

    def test_an_erasure_tells_of_copies_that_still_open_it(self):
        self.ok("merge", self.book, "till:1", "till:2")
        self.ok("unmerge", self.book, self.bo)
        gone = self.ok("erase", self.book, self.bo, "--reason", "subject_request", "--yes")
        self.assertEqual(list(gone["copies_that_open"][0]), ["since", "until"])

    def test_whoever_sits_at_a_terminal_is_asked(self):
        code, screen = self.at_a_terminal(["no"], "merge", self.book, "till:1", "till:2")
        self.assertEqual(code, 1, screen)
        self.assertIn("they differ", screen)
        self.assertIn("nothing was merged", screen)
        self.assertEqual(self.ok("stats", self.book)["customers"], 2)
        code, screen = self.at_a_terminal(["yes"], "merge", self.book, "till:1", "till:2")
        self.assertEqual(code, 0, screen)
        self.assertEqual(self.ok("stats", self.book)["customers"], 1)

    def test_wrong_calls(self):
        self.refused(1, "merge", self.book, "till:1", "till:1")
        self.refused(1, "merge", self.book, "till:1", "till:2", "--take", "birth_date")
        self.refused(1, "merge", self.book, "till:1", "till:2", "--take", "external_ids")
        self.refused(21, "merge", self.book, "till:1", "till:2", "--take", "nosuch")
        self.refused(44, "merge", self.book, "till:1", "till:2", "--role", "associate")
        self.refused(4, "unmerge", self.book, "till:1")
        self.ok("hold", "place", self.book, "till:2", "--reason", "claim")
        self.refused(54, "merge", self.book, "till:1", "till:2")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)


if __name__ == "__main__":
    unittest.main()
