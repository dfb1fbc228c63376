"""Roles and cases at the keyboard: the table that is printed is that of the docs, and a case opens what it names."""
import json
import re
import unittest

from program import SOURCE, ProgramTest

ORDER = ("--purpose", "customer_order_management")
RIGHTS = ("--purpose", "rights_fulfilment")
ONE, OTHER = "clientbook:C-1001", "clientbook:C-1002"


class Roles(ProgramTest):
    def test_the_table_is_in_the_docs_cell_by_cell(self):
        table = self.ok("roles")
        told = {(role["role"], cell["group"], cell["whose"], ", ".join(cell["actions"]))
                for role in table["roles"] for cell in role["may"]}
        page = (SOURCE / "docs" / "actors.md").read_text(encoding="utf-8")
        before, portfolios = page.split("\n## Portfolios\n")
        rows = re.findall(r"^\| `(\w+)` \| ([a-z]+) \| (named|one|own|all) \| ([\w, ]+) \|$", before, re.MULTILINE)
        self.assertEqual(told, set(rows))
        self.assertEqual(len(rows), len(told))
        budgets = re.findall(r"^\| `(\w+)` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", page, re.MULTILINE)
        self.assertEqual({(role, *(int(one.replace(",", "")) for one in most)) for role, *most in budgets},
                         {(role["role"], *role["budget"].values()) for role in table["roles"]})
        limits = {(role["role"], cell["group"], cell["whose"], ", ".join(cell["actions"]))
                  for role in table["roles"] for cell in role["portfolios"]}
        rows = re.findall(r"^\| `(\w+)` \| ([a-z]+) \| (store|own) \| ([\w, ]+) \|$", portfolios, re.MULTILINE)
        self.assertEqual(limits, set(rows))
        printed = self.call("roles").stdout
        for role, group, whose, actions in limits:
            self.assertRegex(printed, rf"(?m)^{role} +{group} +{whose} +{actions}$")
        for role, group, whose, actions in told:
            self.assertRegex(printed, rf"(?m)^{role} +{group} +{whose} +{actions}$")

    def test_every_purpose_is_in_one_group(self):
        table = self.ok("roles")
        grouped = [one for group in (*table["groups"].values(), *table["cases"].values()) for one in group]
        self.assertEqual(sorted(grouped), sorted(one["name"] for one in self.ok("terms", "purposes")["purposes"]))
        help_page = self.call("--help").stdout
        for role in table["roles"]:
            self.assertIn(role["role"], help_page)

    def test_the_docs_say_which_purposes_are_in_a_group(self):
        table = self.ok("roles")
        page = (SOURCE / "docs" / "actors.md").read_text(encoding="utf-8")
        for name, purposes in (*table["cases"].items(),
                               *((name, some) for name, some in table["groups"].items() if name != "other")):
            self.assertIn(f"| {name} | {', '.join(purposes)} |", page)


class Looks(ProgramTest):
    TILL = ("--actor", "30", "--role", "associate")

    def setUp(self):
        super().setUp()
        self.make_shop()

    def test_who_looked_and_what_somebody_saw(self):
        for _ in range(2):
            self.ok("show", self.book, ONE, *ORDER, *self.TILL)
        self.ok("show", self.book, OTHER, *ORDER, *self.TILL)
        mine = [one for one in self.ok("looks", self.book, ONE, *self.TILL)["looks"] if one["actor"] == 30]
        self.assertGreaterEqual(sum(one["times"].get("read", 0) for one in mine), 2)
        told = self.ok("seen-by", self.book, "30", "--role", "auditor")
        self.assertEqual(len({one["customer"] for one in told["customers"]}), 2)
        self.assertEqual(told["unnamed"], 0)
        printed = self.call("seen-by", self.book, "30").stdout
        self.assertIn("customer_order_management", printed)
        self.assertNotIn("Amelia", json.dumps(told) + printed)
        self.ok("erase", self.book, ONE, "--reason", "subject_request")
        after = self.ok("seen-by", self.book, "30", "--role", "auditor")
        self.assertEqual(len({one["customer"] for one in after["customers"]}), 1)
        self.assertEqual(after["days"], told["days"])
        self.refused(44, "seen-by", self.book, "30", *self.TILL)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_a_budget_outlives_the_program(self):
        before = self.ok("budget", "show", self.book, *self.TILL)
        self.assertEqual(before["customers_this_hour"], 60)
        for _ in range(3):
            self.ok("show", self.book, ONE, *ORDER, *self.TILL)
        self.assertEqual(self.ok("budget", "show", self.book, *self.TILL)["customers_this_hour"], 59)
        self.refused(44, "budget", "raise", self.book, "31", "5", *self.TILL)
        self.refused(46, "budget", "raise", self.book, "1", "5")
        self.ok("budget", "raise", self.book, "30", "5")
        self.assertEqual(self.ok("budget", "show", self.book, *self.TILL)["customers_this_hour"], 64)
        self.refused(44, "list", self.book, *ORDER, *self.TILL)


class Portfolios(ProgramTest):
    ANNE, BEN, CARA = (("--actor", str(number), "--role", "associate") for number in (11, 12, 21))
    OFFICER = ("--actor", "40", "--role", "privacy_officer")

    def setUp(self):
        super().setUp()
        self.make_shop()
        for number, store in ((11, 1), (12, 1), (21, 2)):
            self.ok("portfolios", "stores", self.book, number, store)
        self.ok("assign", self.book, ONE, "--store", "1", "--associate", "11")
        self.assertEqual(self.ok("assign", self.book, "--without-store", "--store", "2", "--associate", "21")["assigned"], 39)

    def test_each_reaches_their_own_and_their_store(self):
        self.ok("show", self.book, ONE, *ORDER, *self.CARA)
        self.assertTrue(self.ok("portfolios", "on", self.book, *self.OFFICER)["in_force"])
        public = self.ok("show", self.book, ONE, *ORDER, *self.ANNE)["customer"]
        self.ok("show", self.book, ONE, *ORDER, *self.BEN)
        self.refused(4, "show", self.book, ONE, *ORDER, *self.CARA)
        self.refused(50, "show", self.book, public, *ORDER, *self.CARA)
        self.refused(50, "looks", self.book, public, *self.CARA)
        self.assertEqual(self.ok("customers", self.book, 11, *self.ANNE)["customers"][0]["customer"], public)
        self.refused(44, "customers", self.book, 11, *self.BEN)
        self.assertEqual(self.ok("handover", self.book, "--from", 11, "--to", 12), {"moved": 1, "left": 0})
        self.assertEqual(self.ok("handover", self.book, "--from", 12, "--to", 21), {"moved": 0, "left": 1})
        self.assertEqual(self.ok("portfolios", "of", self.book, ONE)["associates"][0]["actor"], 12)
        self.assertIn("portfolio", [one["event"] for one in self.ok("ledger", self.book, ONE)["entries"]])
        self.assertIn("actor 12: store 1", self.call("portfolios", "show", self.book).stdout)

    def test_an_associate_lists_their_own(self):
        due = ("list", self.book, "-p", "client_care", "--no-contact-days", "90")
        self.assertIn("portfolios on", self.refused(44, *due, *self.ANNE))
        self.ok("portfolios", "on", self.book, *self.OFFICER)
        self.ok(*due, *self.ANNE)
        self.refused(44, "list", self.book, *ORDER, "--no-purchase-days", "1", *self.ANNE)
        row = next(one for one in self.ok("roles")["roles"] if one["role"] == "associate")
        self.assertIn({"group": "care", "whose": "own", "actions": ["list"]}, row["may"])
        # A book's own table says it of another group, and another library would have to know it.
        table = self.ok("roles", "show", self.book)
        table["roles"]["associate"]["desk"]["own"] = ["list"]
        table["roles"]["associate"]["portfolios"]["desk"] = {"store": ["read", "preview", "keep"], "own": ["list"]}
        (self.folder / "roles.json").write_text(json.dumps({"roles": table["roles"]}), encoding="utf-8")
        number = self.ok("roles", "propose", self.book, self.folder / "roles.json", *self.OFFICER)["proposal"]
        self.ok("roles", "approve", self.book, number)
        bought = ("list", self.book, *ORDER, "--no-purchase-days", "1")
        public = self.ok("show", self.book, ONE, *ORDER)["customer"]
        self.assertEqual([one["customer"] for one in self.ok(*bought, *self.ANNE)["customers"]], [public])
        self.assertEqual(self.ok(*bought, *self.BEN)["customers"], [])
        self.assertEqual(self.ok("budget", "show", self.book, *self.ANNE)["customers_this_hour"], 59)
        table["roles"]["associate"]["desk"]["own"] = ["read"]
        (self.folder / "roles.json").write_text(json.dumps({"roles": table["roles"]}), encoding="utf-8")
        self.refused(22, "roles", "propose", self.book, self.folder / "roles.json", *self.OFFICER)

    def test_nobody_named_is_nobody_assigned(self):
        self.refused(23, "assign", self.book, "--store", "1")
        self.assertEqual(self.ok("assign", self.book, "--without-store", "--store", "1"), {"assigned": 0})
        # So many at a time: what is done is told.
        public = self.ok("show", self.book, ONE, *ORDER)["customer"]
        said = self.refused(4, "assign", self.book, *[public] * 1000, "0" * 32, "--store", "2", "--associate", "21")
        self.assertIn("after the first 1000", said)
        self.assertEqual(self.ok("portfolios", "of", self.book, ONE)["store"], 2)

    def test_to_end_them_takes_two(self):
        self.ok("portfolios", "on", self.book)
        self.assertTrue(self.ok("portfolios", "off", self.book, *self.OFFICER)["in_force"])
        self.refused(46, "portfolios", "off", self.book, *self.OFFICER)
        self.assertFalse(self.ok("portfolios", "off", self.book)["in_force"])
        self.refused(44, "portfolios", "on", self.book, *self.ANNE)
        self.refused(46, "assign", self.book, ONE, "--store", "1", "--associate", "40", *self.OFFICER)
        self.refused(1, "assign", self.book, ONE, "--store", "2", "--associate", "11")

    def test_a_table_of_roles_is_changed_by_two(self):
        table = self.ok("roles", "show", self.book)
        table["roles"]["manager"]["desk"]["all"].remove("disclose")
        table["roles"]["manager"]["portfolios"]["desk"]["store"].remove("disclose")
        (self.folder / "roles.json").write_text(json.dumps({"roles": table["roles"]}), encoding="utf-8")
        number = self.ok("roles", "propose", self.book, self.folder / "roles.json", *self.OFFICER)["proposal"]
        self.assertEqual([(one["role"], one["action"]) for one in self.ok("roles", "proposed", self.book)["changes"]],
                         [("manager", "disclose")])
        self.refused(46, "roles", "approve", self.book, number, *self.OFFICER)
        self.ok("roles", "approve", self.book, number)
        self.refused(4, "roles", "approve", self.book, number)
        self.assertNotIn("disclose", self.ok("roles", "show", self.book)["roles"]["manager"]["desk"]["all"])

    def test_a_canary_tells(self):
        public = self.ok("show", self.book, ONE, *ORDER)["customer"]
        guard = ("--actor", "60", "--role", "security_officer")
        other = self.ok("show", self.book, "clientbook:C-1002", *ORDER)["customer"]
        self.refused(23, "canary", "set", self.book, *guard)
        self.assertIn("excludes", self.call("canary", "set", self.book, other, "--none", *guard).stderr)
        self.assertEqual(self.ok("canary", "set", self.book, other, other, *guard), {"canaries": 1})
        self.assertEqual(self.ok("canary", "add", self.book, public, other, *guard), {"canaries": 2})
        self.refused(23, "canary", "set", self.book, *guard)
        self.refused(4, "canary", "add", self.book, "0" * 32, *guard)
        self.refused(22, "canary", "add", self.book, ONE, *guard)
        self.assertEqual(sorted(self.ok("canary", "list", self.book, *guard)["canaries"]), sorted([public, other]))
        self.assertEqual(self.ok("canary", "remove", self.book, other, *guard), {"canaries": 1})
        self.refused(4, "canary", "remove", self.book, other, *guard)
        self.assertEqual(self.ok("canary", "list", self.book, *guard), {"canaries": [public]})
        self.refused(44, "canary", "list", self.book, *self.OFFICER)
        self.ok("show", self.book, ONE, *ORDER, *self.ANNE)
        self.assertEqual([one["actor"] for one in self.ok("alarm", "list", self.book, *guard)["alarms"]], [11])
        self.refused(44, "alarm", "list", self.book, *self.OFFICER)
        self.assertEqual(self.ok("alarm", "limits", self.book, *guard), {"customers_to_one_recipient": 20})
        set_to = self.ok("alarm", "limits", self.book, "--to-one", "3", "--quiet", "20:30-06:00", *guard)
        self.assertEqual(set_to, {"customers_to_one_recipient": 3, "quiet": {"from": "20:30", "until": "06:00"}})
        self.assertEqual(self.ok("alarm", "limits", self.book, *guard), set_to)
        self.assertEqual(self.call("alarm", "limits", self.book, "--quiet", "", *guard).returncode, 1)
        for odd in ("20:30", "8:30-6:00", "25:00-06:00", "20:30-06:00-", "06:00-06:00"):
            self.refused(22, "alarm", "limits", self.book, "--quiet", odd, *guard)
        self.ok("alarm", "limits", self.book, "--quiet", "none", *guard)
        self.refused(44, "alarm", "limits", self.book, *self.OFFICER)
        self.assertEqual(self.ok("canary", "set", self.book, "--none", *guard), {"canaries": 0})
        self.assertEqual(self.ok("canary", "list", self.book, *guard), {"canaries": []})


class Cases(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()

    def open(self, *options, kind="rights"):
        return self.ok("case", "open", self.book, *options, "--kind", kind, "--reference", "letter 7")["case"]

    def test_under_a_purpose_of_a_case_nobody_is_reached_without_one(self):
        for role in ("owner", "privacy_officer"):
            self.refused(47, "show", self.book, ONE, *RIGHTS, "--role", role)
            self.assertEqual(self.ok("list", self.book, *RIGHTS, "--role", role)["customers"], [])
        number = self.open(ONE, "--role", "privacy_officer")
        for role in ("owner", "privacy_officer"):
            self.assertIn("name", self.ok("show", self.book, ONE, *RIGHTS, "--role", role)["fields"])
            self.refused(47, "show", self.book, OTHER, *RIGHTS, "--role", role)
            self.assertEqual(len(self.ok("list", self.book, *RIGHTS, "--role", role)["customers"]), 1)
        for role in ("associate", "manager", "service", "marketing", "auditor", "security_officer"):
            self.refused(44, "show", self.book, ONE, *RIGHTS, "--role", role)
        self.assertTrue(self.ok("case", "list", self.book)["cases"][0]["in_force"])
        self.ok("case", "close", self.book, number)
        self.refused(47, "show", self.book, ONE, *RIGHTS)
        self.refused(4, "case", "close", self.book, number)

    def test_fraud_wants_two_people(self):
        number = self.open(ONE, kind="fraud")
        fraud = ("--purpose", "fraud_prevention_and_detection")
        self.refused(47, "show", self.book, ONE, *fraud)
        self.refused(46, "case", "confirm", self.book, number)
        self.ok("case", "confirm", self.book, number, "--actor", "2")
        self.ok("show", self.book, ONE, *fraud)
        self.refused(5, "case", "confirm", self.book, number, "--actor", "3")

    def test_who_may_says_that_the_clock_is_right(self):
        self.assertIn("now", self.ok("clock", "confirm", self.book, "--role", "security_officer"))
        self.refused(44, "clock", "confirm", self.book, "--role", "associate")

    def test_bad_cases(self):
        self.refused(44, "case", "open", self.book, ONE, "--kind", "rights", "--reference", "x", "--role", "associate")
        self.refused(21, "case", "open", self.book, ONE, "--kind", "curiosity", "--reference", "x")
        self.assertEqual(self.call("case", "open", self.book, ONE, "--kind", "rights", "--reference", "").returncode, 1)
        self.refused(7, "case", "open", self.book, ONE, "--kind", "rights", "--reference", "x" * 65)
        self.refused(22, "case", "open", self.book, ONE, "--kind", "rights", "--reference", "x", "--until",
                     "2001-01-01T00:00:00Z")
        self.refused(4, "case", "open", self.book, "webshop:nobody", "--kind", "rights", "--reference", "x")
        self.assertEqual(self.ok("case", "list", self.book)["cases"], [])
        told = json.dumps(self.ok("case", "list", self.book))
        self.assertNotIn("Amelia", told)


if __name__ == "__main__":
    unittest.main()
