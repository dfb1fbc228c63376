"""Tables: who may be counted, what does not leave, and that the ledger has it."""
import os
import subprocess
import unittest

from program import MAP, PROGRAM, SOURCE, ProgramTest


class Tabulate(ProgramTest):
    def setUp(self):
        super().setUp()
        self.ok("init", self.book, "--profile", "gdpr")
        notice = SOURCE / "examples" / "import" / "notice.txt"
        for title in ("house-rules-2025", "newsletter-2025", "analysis"):
            self.ok("notice", "add", self.book, title, "--file", notice, "--purpose", "all", "--to",
                    "self,selected_partner", "--category", "all", "--operation",
                    "collect,store,use,disclose,analyse")
        self.ok("import", self.book, "--map", MAP, "--from", SOURCE / "examples" / "data")
        listed = self.ok("list", self.book, "--purpose", "customer_order_management", "--most", "0")
        for one in listed["customers"][:6]:
            self.ok("consent", "grant", self.book, one["customer"], "--purpose",
                    "service_optimisation", "--to", "self", "--category", "all", "--operation",
                    "analyse", "--notice", "analysis", "--strength", "explicit")
        self.why = ("--purpose", "service_optimisation")

    def test_six_people_and_no_single_one(self):
        table = self.ok("tabulate", self.book, *self.why, "--by", "name:label", "--k", "6")
        self.assertEqual([one["values"] for one in table["rows"]], [{"name": "<NAME>"}])
        self.assertFalse(table["suppressed"])
        table = self.ok("tabulate", self.book, *self.why, "--by", "language,name:label", "--k", "5")
        self.assertEqual(table["rows"], [])
        self.assertTrue(table["suppressed"])
        said = self.call("tabulate", self.book, *self.why, "--by", "name:label", "--k", "5").stdout
        self.assertIn("noise of scale 2", said)
        tables = self.ok("seen-by", self.book, "1", "--role", "auditor", "--actor", "9")["tables"]
        self.assertEqual([(one["columns"], one["k"], one["purpose"]) for one in tables],
                         [(["name"], 6, "service_optimisation"), (["name", "language"], 5, "service_optimisation"),
                          (["name"], 5, "service_optimisation")])
        self.assertIn("by name, k 5", self.call("seen-by", self.book, "1").stdout)
        self.assertEqual(self.ok("budget", "show", self.book)["tables_this_month"], 497)

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_a_table_that_did_not_get_out_is_told(self):
        call = [PROGRAM, "tabulate", str(self.book), *self.why, "--by", "name:label", "--k", "5"]
        for more in ((), ("--json",)):
            with open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([*call, *more], env=dict(os.environ, CLIENTBOOK_KEY=str(self.key)), stdout=full,
                                      stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual(done.returncode, 102, done.stderr)

    def test_refusals(self):
        self.refused(124, "tabulate", self.book, *self.why, "--by", "language", "--k", "5",
                     "--small", "refuse")
        self.refused(1, "tabulate", self.book, *self.why, "--by", "language", "--k", "4")
        self.refused(1, "tabulate", self.book, *self.why, "--by", "language", "--noise", "0")
        self.refused(1, "tabulate", self.book, *self.why, "--by", "notes")
        self.refused(21, "tabulate", self.book, *self.why, "--by", "language:mash")
        self.refused(44, "tabulate", self.book, *self.why, "--by", "language", "--role", "auditor")
        self.refused(44, "tabulate", self.book, "--purpose", "fraud_prevention_and_detection", "--by",
                     "name:label")
        nobody = self.ok("tabulate", self.book, "--purpose", "telephone_marketing", "--by", "name:label")
        self.assertEqual(nobody["rows"], [])


if __name__ == "__main__":
    unittest.main()
