"""Mentions: in whose notes a customer's values stand, and what becomes of them."""
import json
import unittest

from program import MAP, ProgramTest

# Of examples/data: Amelia Hartwell.
AMELIA = "webshop:W-1000"
VALUES = ("Amelia", "Hartwell", "Millie", "Saltmarsh", "7946")


class Mentions(ProgramTest):
    def setUp(self):
        super().setUp()
        self.data = self.data_copy()
        self.make_book("--profile", "gdpr")
        with (self.data / "notes.csv").open("a", encoding="utf-8") as file:
            file.write("C-1003,2025-07-01T10:00:00Z,Tom,"
                       "\"Amelia Hartwell sent her, +44 20 7946 0101; Millie is kind\"\n")
        self.ok("import", self.book, "--map", MAP, "--from", self.data, "--purpose", "client_care")
        self.refused(47, "mentions", self.book, AMELIA)
        self.ok("case", "open", self.book, AMELIA, "erp:KD-1002", "--kind", "rights", "--reference", "letter 7")
        self.other = self.ok("show", self.book, "erp:KD-1002", "--purpose",
                             "rights_fulfilment")["customer"]

    def notes_of_other(self, *options):
        shown = self.ok("show", self.book, "erp:KD-1002", "--purpose", "rights_fulfilment",
                        "--items", "0", *options)
        return [note["text"] for note in shown["fields"]["notes"]["value"]]

    def test_told_are_ids_and_kinds_and_no_value(self):
        told = self.ok("mentions", self.book, AMELIA)
        mention = next(m for m in told["mentions"] if m["customer"] == self.other)
        self.assertEqual(mention["found"], {"full_name": 1, "phone": 1, "part_of_name": 1})
        self.assertEqual(len(mention["notes"]), 1)
        said = self.call("mentions", self.book, AMELIA).stdout
        for value in VALUES:
            self.assertNotIn(value, json.dumps(told))
            self.assertNotIn(value, said)
        self.assertIn("full_name 1, phone 1", said)
        entries = self.ok("ledger", self.book, AMELIA)["entries"]
        self.assertEqual(entries[-1]["purpose"], "rights_fulfilment")
        # Nobody was given anything: the shop has looked.
        self.assertEqual(entries[-1]["event"], "search in notes")
        self.assertNotIn("disclosure", [one["event"] for one in entries])

    def test_replaced_and_erased(self):
        told = self.ok("mentions", self.book, AMELIA, "--replace")
        self.assertEqual(told["replaced"]["phone"], 1)
        self.assertIn("<KNOWN_VALUE> sent her, <KNOWN_VALUE>; Millie is kind",
                      self.notes_of_other())
        self.assertEqual(self.ok("ledger", self.book, self.other)["entries"][-1]["event"],
                         "correction")
        told = self.ok("erase", self.book, AMELIA, "--reason", "subject_request", "--mentions",
                       "replace", "--names")["others"]
        self.assertIn("<KNOWN_VALUE> sent her, <KNOWN_VALUE>; <KNOWN_VALUE> is kind",
                      self.notes_of_other())
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_an_erasure_tells_what_is_left(self):
        told = self.ok("erase", self.book, AMELIA, "--reason", "subject_request")
        self.assertIn(self.other, [m["customer"] for m in told["others"]["mentions"]])
        self.assertEqual(told["others"]["replaced"], {})
        self.assertTrue(any("Amelia" in text for text in self.notes_of_other()))

    def test_a_copy_without_others(self):
        self.assertTrue(any("Amelia Hartwell" in text for text in self.notes_of_other()))
        copy = " ".join(self.notes_of_other("--without", AMELIA))
        for value in VALUES:
            self.assertNotIn(value, copy)

    def test_refusals(self):
        self.refused(44, "mentions", self.book, AMELIA, "--role", "associate")
        said = self.refused(40, "mentions", self.book, AMELIA, "--purpose",
                            "sell_data_to_third_parties")
        self.assertNotIn("Amelia", said)
        self.refused(4, "mentions", self.book, "webshop:nobody")
        self.refused(44, "mentions", self.book, AMELIA, "--role", "manager")
        self.refused(44, "erase", self.book, AMELIA, "--reason", "other", "--role", "associate")


if __name__ == "__main__":
    unittest.main()
