"""Finding customers and lists, as an associate asks at the counter."""
import json
import unittest

from program import ProgramTest

CARE = "client_care"
ORDER = "customer_order_management"


class Finding(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()

    def names(self, *arguments):
        told = self.ok("find", self.book, *arguments)
        return [one["fields"]["name"]["value"]["given"] for one in told["hits"]]

    def test_by_what_somebody_says(self):
        for typed in ("hartwell", "AMELIA hart", "0101 amelia", "amelia.hartwell@", "loyalty:L-70000", "Hartwel Amelai",
                      "Eloise"):
            self.assertIn(self.names(typed, "-p", ORDER)[:1], (["Amelia"], ["Éloïse"]), typed)
        told = self.ok("find", self.book, "hartwell", "-p", ORDER)
        self.assertEqual(told["path"], "scan")
        self.assertEqual(told["hits"][0]["why"], [{"field": "name", "match": "whole"}])
        said = self.call("find", self.book, "hartwell", "-p", ORDER).stdout
        self.assertIn("Amelia", said)
        self.assertIn("(name whole)", said)
        self.assertEqual(self.names("Hartwel Amelai", "-p", ORDER, "--as-typed"), [])
        self.assertEqual(list(self.ok("find", self.book, "hartwell", "-p", ORDER, "--fields", "name")["hits"][0]["fields"]),
                         ["name"])
        said = self.call("find", self.book, "example", "-p", ORDER).stdout
        self.assertEqual(said, "nobody whom this purpose may find\n")

    def test_the_index_at_rest(self):
        before = self.ok("find", self.book, "hartwell", "-p", ORDER)
        plan = self.ok("index", "plan", self.book)
        self.assertEqual((plan["kind"], plan["buckets"]), ("none", 0))
        self.assertEqual([one["kind"] for one in plan["plan"]], ["scan", "memory", "sealed"])
        told = self.ok("index", "build", self.book)
        self.assertEqual((told["sealed"], told["customers"]), (40, 40))
        self.assertEqual(self.ok("index", "build", self.book)["sealed"], 0)
        after = self.ok("find", self.book, "hartwell", "-p", ORDER)
        self.assertEqual((after["path"], after["scanned"]), ("sealed", 0))
        self.assertEqual((before["path"], before["scanned"]), ("scan", 40))
        self.assertEqual(after["hits"], before["hits"])
        said = self.call("find", self.book, "hartwell", "-p", ORDER).stdout
        self.assertIn("answered by the sealed index; 0 customers that it does not have were read", said)
        plan = self.ok("index", "plan", self.book)
        self.assertEqual((plan["kind"], plan["current"]), ("sealed", 40))
        self.assertGreater(plan["bytes"], 0)
        said = self.call("index", "plan", self.book).stdout
        self.assertIn("40 of 40 customers", said)
        self.assertIn("no frequency of any", " ".join(said.split()))
        for role in ("associate", "auditor"):
            for what in ("build", "drop", "plan"):
                self.refused(44, "index", what, self.book, "--role", role)
        self.ok("index", "drop", self.book)
        self.assertEqual(self.ok("find", self.book, "hartwell", "-p", ORDER)["path"], "scan")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_the_first_ones_are_shown_and_all_are_counted(self):
        told = self.ok("find", self.book, "L-70", "-p", ORDER, "--most", "5")
        self.assertEqual((len(told["hits"]), told["matches"]), (5, 7))
        self.assertIn("the first 5 of 7", self.call("find", self.book, "L-70", "-p", ORDER, "--most", "5").stdout)

    def test_nobody_whom_the_purpose_may_not_find(self):
        # Of forty some said no to e-mail; what is not found and what is not permitted read alike.
        for purpose in ("email_marketing", "sell_data_to_third_parties"):
            absent = self.call("find", self.book, "nobody@example.com", "-p", purpose)
            refused = self.call("find", self.book, "jonas.lindqvist@example.net", "-p", purpose)
            self.assertEqual((absent.stdout, absent.returncode), (refused.stdout, refused.returncode))
        self.assertEqual(self.names("jonas.lindqvist@example.net", "-p", ORDER), ["Jonas"])

    def test_bad_input(self):
        for typed in ("a", "%", "12", "", "\u200b"):
            said = self.refused(1, "find", self.book, typed, "-p", ORDER)
            self.assertIn("type two letters", said)
        self.refused(7, "find", self.book, "a" * 10_000, "-p", ORDER)
        self.refused(1, "find", self.book, "hartwell", "-p", ORDER, "--most", "5000")
        self.refused(21, "find", self.book, "hartwell", "-p", "no_such")
        self.refused(44, "find", self.book, "hartwell", "-p", ORDER, "--role", "auditor")

    def test_days_and_lists(self):
        told = self.ok("days", self.book, "-p", CARE, "--from", "2026-03-01", "--days", "31")
        days = [one["day"] for one in told["customers"]]
        self.assertEqual(days, sorted(days))
        self.assertEqual(told["count"], len(days))
        self.assertIn(("2026-03-12", "birthday", 42),
                      {(one["day"], one["kind"], one.get("years")) for one in told["customers"]})
        kinds = {one["kind"] for one in self.ok("days", self.book, "-p", CARE, "--days", "366", "--kind",
                                                "wedding_anniversary")["customers"]}
        self.assertEqual(kinds, {"wedding_anniversary"})
        said = self.call("days", self.book, "-p", CARE, "--from", "2026-03-01", "--days", "31").stdout
        self.assertIn("2026-03-12  birthday  (42)", said)
        liked = self.ok("list", self.book, "-p", CARE, "--likes", "linen")
        self.assertGreater(liked["count"], 0)
        self.assertLess(self.ok("list", self.book, "-p", CARE, "--likes", "linen", "--size", "XS")["count"], 41)
        scarf = self.ok("list", self.book, "-p", ORDER, "--bought", "scarf", "--since", "2024-01-01")
        self.assertGreater(scarf["count"], 0)
        self.assertRegex(scarf["customers"][0]["last_purchase"], r"^20\d\d-\d\d-\d\d$")
        quiet = self.ok("list", self.book, "-p", ORDER, "--no-purchase-days", "1")
        page = self.ok("list", self.book, "-p", ORDER, "--no-purchase-days", "1", "--skip", "5", "--most", "3")
        self.assertEqual(page["count"], quiet["count"])
        self.assertEqual([one["customer"] for one in page["customers"]],
                         [one["customer"] for one in quiet["customers"]][5:8])
        self.ok("list", self.book, "-p", CARE, "--consent-ends-days", "36525")
        self.assertEqual(self.ok("list", self.book, "-p", "email_marketing", "--likes", "linen")["count"], 0)
        self.assertEqual(len(self.ok("list", self.book, "-p", ORDER, "--most", "0")["customers"]), 40)
        for options in (("--since", "2024-01-01"), ("--size-kind", "shoe"), ("--skip", "3")):
            self.refused(1, "list", self.book, "-p", ORDER, *options)
        self.refused(22, "list", self.book, "-p", ORDER, "--bought", "x", "--since", "March")
        self.assertEqual(self.call("days", self.book, "-p", CARE, "--days", "367").returncode, 1)


if __name__ == "__main__":
    unittest.main()
