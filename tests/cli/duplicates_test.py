"""Who may be in the book twice: told by a command of its own, at add and at an import."""
import json
import unittest

from program import ProgramTest

ORDER = "customer_order_management"


class Duplicates(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_book("--profile", "gdpr")

    def add(self, given, family, email, *more):
        return self.ok("add", self.book, "--given", given, "--family", family, "--email", email, "-p", ORDER, *more)

    def test_at_add_on_demand_and_no_more(self):
        ken = self.add("Ken", "Sanchez", "ken@example.com")
        self.assertEqual((ken["may_be"], ken["may_be_for"]), ([], ORDER))
        lou = self.add("Lou", "Young", "KEN@example.com")
        self.assertEqual([one["customer"] for one in lou["may_be"]], [ken["customer"]])
        said = self.call("add", self.book, "--given", "Ann", "--family", "Other", "--email", "ken@example.com", "-p", ORDER).stdout
        self.assertIn(f"may be the same as customer {ken['customer']} (the same emails 1 and 1;", said)
        told = self.ok("duplicates", self.book, "-p", ORDER)
        self.assertEqual(len(told["pairs"]), 3)
        self.assertEqual(len(self.ok("duplicates", self.book, ken["customer"], "-p", ORDER)["pairs"]), 2)
        said = self.call("duplicates", self.book, "-p", ORDER, "--most", "1").stdout
        self.assertIn("1 pairs who may be one person\nthere may be more: --most\n", said)
        self.assertNotIn("ken@", said)
        self.ok("not-same", self.book, lou["customer"], ken["customer"])
        self.refused(5, "not-same", self.book, ken["customer"], lou["customer"])
        told = self.ok("duplicates", self.book, "-p", ORDER)
        self.assertEqual((len(told["pairs"]), told["not_same"]), (2, 1))
        self.assertIn("1 pairs are two people", self.call("duplicates", self.book, "-p", ORDER).stdout)
        self.ok("not-same", self.book, "--forget", ken["customer"], lou["customer"])
        self.assertEqual(len(self.ok("duplicates", self.book, "-p", ORDER)["pairs"]), 3)

    def test_who_may_not_look_adds_all_the_same(self):
        self.add("Ken", "Sanchez", "ken@example.com")
        told = self.add("Lou", "Young", "ken@example.com", "--actor", "9", "--role", "associate")
        self.assertEqual(len(told["may_be"]), 1)
        self.refused(44, "duplicates", self.book, "-p", ORDER, "--role", "associate")
        self.refused(44, "duplicates", self.book, "-p", ORDER, "--role", "auditor")
        self.refused(21, "duplicates", self.book, "-p", "no_such")

    def test_rows_of_an_import(self):
        self.add("Ken", "Sanchez", "ken@example.com")
        people = self.folder / "people.csv"
        people.write_text("customer id,first name,last name,email,postcode\n"
                          "1,Kenneth,S,KEN@example.com,10115\n"
                          "2,Maria,Garcia,m@example.com,98006\n"
                          "3,Marai,Garcia,mg@example.com,98006\n"
                          "4,Someone,Else,s@example.com,98006\n", encoding="utf-8")
        told = self.ok("import", self.book, people, "-p", ORDER)
        self.assertEqual((told["imported_customers"], told["duplicates"], told["duplicates_looked_for"]), (4, 2, True))
        self.assertEqual(told["duplicates_purpose"], ORDER)
        rows = sorted((one["line"], one.get("other_line")) for one in told["duplicate_rows"])
        self.assertEqual(rows, [(2, None), (4, 3)])
        self.assertNotIn("example.com", json.dumps(told["duplicate_rows"]))
        again = self.folder / "again.csv"
        again.write_text("customer id,first name,last name,email\n9,Maria,Garcia,m@example.com\n", encoding="utf-8")
        told = self.ok("import", self.book, again, "-p", ORDER, "--system", "other", "--dry-run")
        self.assertEqual((told["duplicates"], told["duplicates_looked_for"]), (0, False))
        said = self.call("import", self.book, again, "-p", ORDER, "--system", "other").stdout
        self.assertIn("may be there twice: line 2 and customer ", said)
        told = self.ok("import", self.book, self.third(), "-p", ORDER, "--system", "third", "--no-duplicates")
        self.assertEqual((told["duplicates"], told["duplicates_looked_for"]), (0, False))

    def third(self):
        file = self.folder / "third.csv"
        file.write_text("customer id,first name,last name,email\n7,Maria,Garcia,m@example.com\n", encoding="utf-8")
        return file

    def test_an_order_that_comes_again(self):
        ken = self.add("Ken", "Sanchez", "ken@example.com")["customer"]
        receipt = ("purchase", self.book, ken, "--order", "4711", "--line", "sku=S-1", "-p", ORDER)
        self.ok(*receipt)
        self.refused(5, *receipt)
        self.assertEqual(len(self.ok("show", self.book, ken, "-p", ORDER)["fields"]["purchases"]["value"]), 1)


if __name__ == "__main__":
    unittest.main()
