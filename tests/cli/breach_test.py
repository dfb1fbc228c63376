"""After a breach, by the program: whom it concerns, who is to be told by when, what nobody can know."""
import datetime
import unittest

from program import ProgramTest

WHO = "clientbook:C-1001"
OTHER = "clientbook:C-1002"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()


class Breach(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("recipient", "add", self.book, "Parcels Ltd", "--class", "parcel_service", "--country", "DE",
                "--contract", "P-1")

    def test_a_recipient_from_the_news_to_the_letters(self):
        self.ok("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "Parcels Ltd")
        told = self.ok("breach", self.book, "--recipient", "Parcels Ltd", "--case", "incident 4", "--letter",
                       "--language", "de", "--contact", "dpo@example.com")
        self.assertEqual((told["certain"], told["possible"], len(told["customers"])), (1, 0, 1))
        self.assertIn("addresses", told["customers"][0]["certain"])
        self.assertEqual(told["deadlines"][0]["rule"], "GDPR 33(1)")
        by = datetime.datetime.fromisoformat(told["deadlines"][0]["by"].replace("Z", "+00:00"))
        hours = (by - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 3600
        self.assertAlmostEqual(hours, 72, delta=1)
        self.assertIn("dpo@example.com", told["letter"])
        # The case lets them be reached.
        shown = self.ok("show", self.book, told["customers"][0]["customer"], "-p", "breach_notification")
        self.assertIn("emails", shown["fields"])
        self.refused(47, "show", self.book, OTHER, "-p", "breach_notification")

    def test_whoever_it_was_passed_on_to(self):
        self.ok("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "Parcels Ltd")
        self.ok("recipient", "add", self.book, "Big Data", "--class", "data_broker", "--country", "DE")
        self.ok("request", "onward", self.book, WHO, "--from", "Parcels Ltd", "--to", "Big Data")
        self.ok("request", "onward", self.book, WHO, "--from", "Parcels Ltd", "--to", "Resold AG")
        self.refused(1, "request", "onward", self.book, WHO, "--from", "Parcels Ltd", "--to", "The customer")
        for name in ("Big Data", "Resold AG"):
            told = self.ok("breach", self.book, "--recipient", name)
            self.assertEqual((told["certain"], told["possible"], len(told["customers"])), (0, 1, 1), name)
            self.assertIn("addresses", told["customers"][0]["possible"])
        self.refused(4, "breach", self.book, "--recipient", "Resold Ltd")
        self.assertNotIn("one of --of-actor", self.refused(22, "breach", self.book, "--recipient", "Big Data", "--aware",
                                                           TODAY + datetime.timedelta(days=3)))
        self.assertIn("one of --of-actor", self.refused(23, "breach", self.book))

    def test_an_access(self):
        self.ok("show", self.book, WHO, "-p", "customer_order_management", "--role", "associate", "--actor", "12")
        told = self.ok("breach", self.book, "--of-actor", "12", "--since", TODAY)
        self.assertEqual(len(told["customers"]), 1)
        self.assertTrue(told["customers"][0]["surely"])
        self.assertEqual(self.ok("breach", self.book, "--of-actor", "13")["customers"], [])

    def test_copies(self):
        told = self.ok("breach", self.book, "--copy", "data")
        self.assertEqual((told["opens"], told["sealed"], told["customers"]), ("no", 40, []))
        # Imported today: on the day of the copy.
        told = self.ok("breach", self.book, "--copy", "book")
        self.assertEqual((told["opens"], told["certain"], told["possible"]), ("yes", 0, 40))
        told = self.ok("breach", self.book, "--copy", "book", "--until", TODAY - datetime.timedelta(days=1))
        self.assertEqual((told["certain"], told["possible"]), (0, 0))
        self.assertEqual([one["what"] for one in told["unknown"]], ["added_since"])

    def test_a_case_of_more_than_ten(self):
        told = self.ok("breach", self.book, "--copy", "book", "--case", "incident 5")
        self.assertEqual(len(told["cases"]), 1)
        self.refused(5, "breach", self.book, "--copy", "book", "--case", "incident 5")
        said = self.call("breach", self.book, "--copy", "book", "--case", "incident 6").stdout
        self.assertIn("case 2 names 40 of them, once a second person has confirmed it: clientbook case confirm BOOK 2", said)
        # Where nobody is concerned there is nobody to name, and the report is there all the same.
        told = self.ok("breach", self.book, "--of-actor", "77", "--case", "incident 7")
        self.assertEqual((told["cases"], told["certain"]), ([], 0))

    def test_for_people(self):
        out = self.call("breach", self.book, "--copy", "book", "--customers").stdout
        self.assertIn("40 possibly", out)
        self.assertIn("perhaps: ", out)
        self.assertIn("GDPR 33(1)", out)
        self.assertIn("does not open", self.call("breach", self.book, "--copy", "backup").stdout)

    def test_what_is_refused(self):
        self.refused(23, "breach", self.book)
        self.refused(23, "breach", self.book, "--copy", "book", "--of-actor", "3")
        self.refused(4, "breach", self.book, "--recipient", "Nobody")
        self.assertIn("--of-actor", self.refused(22, "breach", self.book, "--copy", "book", "--of-actor", "0"))
        self.assertIn("--key-at", self.refused(22, "breach", self.book, "--copy", "book", "--key-at", "soon"))
        self.refused(1, "breach", self.book, "--copy", "data", "--key-at", TODAY)
        self.refused(21, "breach", self.book, "--copy", "paper")
        self.refused(22, "breach", self.book, "--copy", "book", "--until", "2999-01-01")
        self.refused(22, "breach", self.book, "--copy", "book", "--until", "yesterday")
        self.refused(44, "breach", self.book, "--copy", "book", "--role", "manager")
        self.refused(44, "breach", self.book, "--copy", "book", "--role", "auditor")


if __name__ == "__main__":
    unittest.main()
