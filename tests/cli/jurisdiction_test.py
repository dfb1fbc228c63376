"""A book of several laws, and consent for one number and not another: as the program says and does it."""
import json
import time
import unittest

from program import SOURCE, ProgramTest

FILES = {
    "c.csv": "id,first,mail,mail2,phone,phone2,lives,call,call2\n"
             "1,Ann,ann@example.com,ann@work.example,+49 30 1234567,+49 171 7654321,gdpr,yes,no\n"
             "2,Bob,bob@example.com,,+1 202 555 0142,,us-ca,yes,\n"
             "3,Eva,eva@example.com,,+49 30 7654321,,,yes,\n",
}


class Jurisdiction(ProgramTest):
    def book_of_two(self, rules=None):
        self.ok("init", self.book, "--profile", "us-ca", "--profile", "gdpr")
        notice = SOURCE / "examples" / "import" / "notice.txt"
        self.ok("notice", "add", self.book, "calls", "--file", notice, "--purpose", "telephone_marketing,email_marketing",
                "--to", "self", "--category", "all")
        (self.folder / "c.csv").write_text(FILES["c.csv"], encoding="utf-8")
        column_map = {"format": "clientbook column map 1", "system": "t",
                      "customers": {"file": "c.csv", "columns": {
                          "id": "external_id", "first": "name.given", "mail": "emails[0].address",
                          "mail2": "emails[1].address", "phone": "phones[0].number", "phone2": "phones[1].number"},
                                    "ignore": ["lives", "call", "call2"]}}
        column_map["customers"].update(rules or {})
        (self.folder / "map.json").write_text(json.dumps(column_map), encoding="utf-8")
        self.ok("import", self.book, "--map", self.folder / "map.json", "--from", self.folder)

    def test_init_takes_several_laws_and_says_what_follows(self):
        told = self.ok("init", self.book, "--profile", "us-ca", "--profile", "gdpr")
        self.assertEqual(told["profiles"], ["us-ca", "gdpr"])
        self.assertEqual(told["profile"], "us-ca")
        status = self.ok("profile", "status", self.book)
        self.assertEqual([one["name"] for one in status["profiles"]], ["us-ca", "gdpr"])
        self.assertEqual(self.ok("stats", self.book)["profiles"], ["us-ca", "gdpr"])
        other = self.folder / "other.book"
        said = self.refused(1, "init", other, "--profile", "gdpr", "--profile", "gdpr", key=self.folder / "k2" / "root")
        self.assertIn("once", said)
        self.refused(1, "init", other, "--profile", "gdpr", "--profile", "mars", key=self.folder / "k2" / "root")
        self.assertFalse(other.exists())

    def test_a_move_is_told_and_an_address_opens_nothing(self):
        self.book_of_two()
        told = self.ok("consent", "move", self.book, "t:1", "gdpr", "--known-by", "address")
        self.assertEqual(told["laws"], ["us-ca", "gdpr"])
        self.assertIsNone(told["confirmed"])
        told = self.ok("consent", "move", self.book, "t:1", "us-ca", "--known-by", "customer")
        self.assertEqual((told["laws"], told["confirmed"]), (["us-ca"], "us-ca"))
        told = self.ok("consent", "move", self.book, "t:1", "gdpr", "--known-by", "address")
        self.assertEqual((told["laws"], told["confirmed"]), (["us-ca", "gdpr"], "us-ca"))
        said = self.call("consent", "move", self.book, "t:1", "gdpr", "--known-by", "officer")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("evidence", said.stderr)
        told = self.ok("consent", "move", self.book, "t:1", "gdpr", "--known-by", "officer", "--evidence", "letter 3")
        self.assertEqual((told["laws"], told["confirmed"]), (["gdpr"], "gdpr"))
        self.assertEqual(told["closed"], [])
        told = self.ok("consent", "move", self.book, "t:1", "gdpr", "--known-by", "customer")
        self.assertTrue(told["repeated"])
        history = self.ok("consent", "history", self.book, "t:1")["directives"]
        self.assertEqual([one["law"] for one in history], ["gdpr", "us-ca", "gdpr", "gdpr"])
        self.assertIn("lives under gdpr", self.call("consent", "history", self.book, "t:1").stdout)
        said = self.call("consent", "move", self.book, "t:1", "strict", "--known-by", "customer")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("does not follow that law", said.stderr)
        told = self.ok("consent", "move", self.book, "t:1", "us-ca", "--known-by", "customer", "--at", "2024-05-01")
        self.assertFalse(told["repeated"])
        history = self.ok("consent", "history", self.book, "t:1")["directives"]
        self.assertEqual(history[-1]["at"], "2024-05-01T00:00:00Z")
        said = self.call("consent", "move", self.book, "t:1", "gdpr", "--known-by", "customer", "--at", "2924-05-01")
        self.assertIn("future", said.stderr)

    def test_the_state_of_a_move_says_whose_ages_hold(self):
        self.ok("init", self.book, "--profile", "gdpr")
        notice = SOURCE / "examples" / "import" / "notice.txt"
        self.ok("notice", "add", self.book, "news", "--file", notice, "--purpose", "email_marketing,client_care",
                "--to", "self", "--category", "all")
        who = self.ok("add", self.book, "--given", "Ann", "--email", "ann@example.com", "--birth-date", "2011-05-01",
                      "-p", "customer_order_management")["customer"]

        def agree(*more):
            told = self.ok("consent", "grant", self.book, who, "-p", "email_marketing", "--to", "self", "--notice",
                           "news", "--channel", "web", *more)
            return bool(told["opened"])

        def move(*more):
            time.sleep(1.1)  # What is agreed in the same second is the same word.
            return self.ok("consent", "move", self.book, who, "gdpr", "--known-by", *more)

        self.assertFalse(agree())
        self.assertIsNone(move("address", "--state", "AT")["state"])
        self.assertFalse(agree())
        told = move("customer", "--state", "AT")
        self.assertEqual((told["state"], told["employed"]), ("AT", False))
        self.assertIn("in AT", self.call("consent", "history", self.book, who).stdout)
        self.assertTrue(agree())
        self.assertTrue(move("customer", "--state", "AT")["repeated"])
        self.assertIn("the strictest", self.call("consent", "move", self.book, who, "gdpr", "--known-by", "customer",
                                                 "--state", "ZZ").stdout)
        for wrong in ("at", "Austria", "A", "A1"):
            said = self.call("consent", "move", self.book, who, "gdpr", "--known-by", "customer", "--state", wrong)
            self.assertEqual(said.returncode, 22, said.stderr)

    def test_who_works_for_the_shop_agrees_explicitly(self):
        self.book_of_two()
        grant = ("consent", "grant", self.book, "t:1", "-p", "telephone_marketing", "--to", "self", "--notice", "calls")
        told = self.ok("consent", "move", self.book, "t:1", "gdpr", "--known-by", "address", "--works-here", "yes")
        self.assertTrue(told["employed"])
        told = self.ok(*grant, "--evidence", "card")
        self.assertEqual(told["opened"], [])
        self.assertIn("works for the shop", told["opens_nothing_because"])
        self.assertTrue(self.ok(*grant, "--evidence", "card", "--strength", "explicit")["opened"])
        for known_by in (("address",), ("customer",), ("customer", "--evidence", "x")):
            said = self.call("consent", "move", self.book, "t:1", "gdpr", "--known-by", *known_by, "--works-here", "no")
            self.assertNotEqual(said.returncode, 0)
        told = self.ok("consent", "move", self.book, "t:1", "gdpr", "--known-by", "officer", "--evidence", "leaver 4",
                       "--works-here", "no")
        self.assertFalse(told["employed"])
        self.ok("consent", "withdraw", self.book, "t:1", "-p", "telephone_marketing")
        self.assertTrue(self.ok(*grant)["opened"])

    def test_a_further_law_takes_two_people_and_closes_only(self):
        self.ok("init", self.book, "--profile", "us-ca")
        waiting = self.ok("profile", "propose", self.book, "gdpr", "--add")
        self.assertEqual(waiting["kind"], "add profile")
        self.assertEqual(waiting["effect"]["customers_opened"], 0)
        self.assertFalse([one for one in waiting["effect"]["newcomers"] if one.get("opened")])
        self.refused(46, "profile", "approve", self.book, str(waiting["number"]))
        self.ok("profile", "approve", self.book, str(waiting["number"]), "--actor", "9")
        self.assertEqual([one["name"] for one in self.ok("profile", "status", self.book)["profiles"]],
                         ["us-ca", "gdpr"])

    def test_one_number_is_closed_and_the_other_is_not(self):
        self.book_of_two()
        self.ok("consent", "grant", self.book, "t:1", "-p", "telephone_marketing", "--to", "self", "--notice", "calls")
        show = ("show", self.book, "t:1", "-p", "telephone_marketing", "--fields", "phones", "name")
        self.assertEqual(len(self.ok(*show)["fields"]["phones"]["value"]), 2)
        self.ok("consent", "withdraw", self.book, "t:1", "-p", "telephone_marketing", "--contact", "030 / 123 45 67")
        phones = self.ok(*show)["fields"]["phones"]
        self.assertEqual([one["number"] for one in phones["value"]], ["+49 171 7654321"])
        self.assertEqual(phones["left_out"], 1)
        self.assertIn("1 closed for this", self.call(*show).stdout)
        self.ok("consent", "deny", self.book, "t:1", "-p", "telephone_marketing", "--contact", "phones:+49 171 7654321")
        self.assertEqual(self.ok(*show)["fields"]["phones"]["state"], "withheld")
        history = self.ok("consent", "history", self.book, "t:1")["directives"]
        self.assertEqual([one["contacts"][0]["field"] for one in history if "contacts" in one], ["phones", "phones"])
        self.assertIn("one of the phones alone", self.call("consent", "history", self.book, "t:1").stdout)
        why = self.ok("consent", "explain", self.book, "t:1", "-p", "telephone_marketing", "--contact", "phones:0171 7654321")
        self.assertIn("refused", why["text"])
        self.assertNotEqual(self.call("consent", "explain", self.book, "t:1", "-p", "marketing").returncode, 0)
        said = self.call("consent", "deny", self.book, "t:1", "-p", "telephone_marketing", "--contact", "+49 30 999")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("no such", said.stderr)

    def test_a_consent_for_one_address_gives_that_one(self):
        self.book_of_two()
        self.ok("consent", "grant", self.book, "t:1", "-p", "email_marketing", "--to", "self", "--notice", "calls",
                "--contact", "ANN@work.example")
        fields = self.ok("show", self.book, "t:1", "-p", "email_marketing", "--fields", "emails", "phones",
                         "name")["fields"]
        self.assertEqual([one["address"] for one in fields["emails"]["value"]], ["ann@work.example"])
        self.assertEqual(fields["phones"]["state"], "withheld")
        self.assertEqual(fields["name"]["state"], "shown")
        self.assertEqual(self.ok("stats", self.book)["permitted"]["email_marketing.self"], 1)
        # No form of exchange can say it of one address alone, so none says it of all.
        said = self.refused(6, "consent", "export", self.book, "t:1", "--format", "27560", "--directive", "1",
                            "--controller", "Shop", "--address", "1 High Street", "--contact", "privacy@shop.example",
                            "--withdrawal", "the desk")
        self.assertIn("one contact point", said)
        self.ok("consent", "deny", self.book, "t:1", "-p", "email_marketing", "--contact", "ann@work.example")
        self.assertEqual(self.ok("stats", self.book)["permitted"]["email_marketing.self"], 0)

    def test_a_file_says_where_people_live_and_of_which_number_it_speaks(self):
        yes = {"kind": "grant", "purposes": ["telephone_marketing"], "notice": "calls", "evidence": "form"}
        no = {"kind": "deny", "purposes": ["telephone_marketing"]}
        rules = {"ignore": [], "consent": {
            "lives": {law: {"kind": "move", "law": law, "evidence": "their contract"} for law in ("gdpr", "us-ca")},
            "call": {"yes": dict(yes, contact_column="phone"), "no": dict(no, contact_column="phone")},
            "call2": {"yes": dict(yes, contact_column="phone2"), "no": dict(no, contact_column="phone2")}}}
        for column in rules["consent"].values():
            for value, one in column.items():
                column[value] = [one]
        self.book_of_two(rules)
        phones = self.ok("show", self.book, "t:1", "-p", "telephone_marketing", "--fields", "phones")["fields"]["phones"]
        self.assertEqual([one["number"] for one in phones["value"]], ["+49 30 1234567"])
        self.assertEqual(phones["left_out"], 1)
        laws = {who: self.ok("consent", "move", self.book, who, law, "--known-by", "address")["laws"]
                for who, law in (("t:1", "gdpr"), ("t:2", "us-ca"), ("t:3", "gdpr"))}
        self.assertEqual(laws, {"t:1": ["gdpr"], "t:2": ["us-ca"], "t:3": ["us-ca", "gdpr"]})
        # Next month's file says otherwise: an address of a file opens nothing.
        text = FILES["c.csv"].replace(",us-ca,", ",gdpr,")
        (self.folder / "c.csv").write_text(text, encoding="utf-8")
        self.ok("import", self.book, "--map", self.folder / "map.json", "--from", self.folder, "--update")
        told = self.ok("consent", "move", self.book, "t:2", "us-ca", "--known-by", "address")
        self.assertEqual(told["confirmed"], "us-ca")

    def test_an_edit_loses_no_number_that_it_does_not_see(self):
        self.book_of_two()
        self.ok("consent", "grant", self.book, "t:1", "-p", "telephone_marketing", "--to", "self", "--notice", "calls")
        self.ok("consent", "deny", self.book, "t:1", "-p", "telephone_marketing", "--contact", "+49 30 1234567")
        done = self.call("edit", self.book, "t:1", "--purpose", "telephone_marketing", "--phone", "+49 40 7654321")
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.ok("edit", self.book, "t:1", "--phone", "+49 40 7654321")
        fields = self.ok("show", self.book, "t:1", "-p", "customer_order_management", "--fields", "phones")["fields"]
        self.assertEqual(len(fields["phones"]["value"]), 3)


if __name__ == "__main__":
    unittest.main()
