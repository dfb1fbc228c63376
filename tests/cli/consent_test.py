"""Every kind of directive said with the program, and what the program answers."""
import concurrent.futures
import datetime
import json
import time
import unittest

from program import ProgramTest, SOURCE

WHO = "clientbook:C-1001"  # agreed to e-mail from the shop and its partners


class Consent(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("notice", "add", self.book, "short", "--file",
                SOURCE / "examples" / "import" / "notice.txt", "--purpose", "email_marketing",
                "--to", "self", "--category", "all")

    def state(self, purpose="email_marketing", field="emails"):
        shown = self.ok("show", self.book, WHO, "-p", purpose, "--fields", field)
        return shown["fields"][field]["state"]

    def history(self):
        return self.ok("consent", "history", self.book, WHO)["directives"]

    def grant(self, *more, purpose="email_marketing", notice="newsletter-2025"):
        return self.ok("consent", "grant", self.book, WHO, "-p", purpose, "--to", "self",
                       "--notice", notice, *more)

    def test_a_no_is_taken_of_another_stores_customer_and_tells_nothing(self):
        for number, store in ((12, 1), (22, 2), (20, 2)):
            self.ok("portfolios", "stores", self.book, number, store)
        self.ok("assign", self.book, WHO, "--store", 1, "--associate", 12)
        self.ok("portfolios", "on", self.book)
        before = len(self.history())
        file = self.folder / "no.csv"
        file.write_text("Email,Accepts Email Marketing,First Name,Last Name\n"
                        "amelia.hartwell@example.com,no,Amelia,Hartwell\n", encoding="utf-8")
        self.ok("consent", "import", self.book, "--export", file, "--system", "clientbook", "--actor", 20, "--role",
                "manager")
        self.assertGreater(len(self.history()), before)
        anne = ("--actor", 22, "--role", "associate")
        public = self.ok("show", self.book, WHO, "-p", "customer_order_management")["customer"]
        said = []
        for kind in ("withdraw", "deny", "object", "restrict"):
            for who in (WHO, public, "clientbook:nobody"):
                said.append(self.ok("consent", kind, self.book, who, "-p", "email_marketing", *anne))
        self.assertTrue(all(one == {"taken": True, "customer": None} for one in said))
        self.assertEqual([one["kind"] for one in self.history()][-4:], ["withdraw", "deny", "object", "restrict"])
        self.assertEqual(self.state(), "withheld")
        # What opens, or tells something of her, is for those who reach her; who reaches all is told that nobody has it.
        self.refused(4, "consent", "deny", self.book, WHO, "-p", "email_marketing", "--contact", "a@example.com", *anne)
        self.refused(4, "consent", "deny", self.book, "clientbook:nobody", "-p", "email_marketing")

    def test_a_yes_that_an_associate_notes_waits_for_somebody_else(self):
        self.ok("notice", "add", self.book, "calls", "--file", SOURCE / "examples" / "import" / "notice.txt",
                "--purpose", "client_care,telephone_marketing", "--to", "self", "--category", "all")
        till = ("--actor", 30, "--role", "associate")
        deputy = ("--actor", 40, "--role", "manager")
        note = ("-p", "client_care,telephone_marketing", "--to", "self", "--notice", "calls", "--evidence", "made up")
        noted = self.ok("consent", "grant", self.book, WHO, *note, *till)
        self.assertEqual((noted["waiting"], noted["provisional"]), (["client_care", "telephone_marketing"], ["client_care"]))
        self.assertTrue(noted["until"] and noted["how_to_confirm"])
        self.assertTrue(all(one["purpose"] != "telephone_marketing" for one in noted["opened"]))
        self.assertEqual(self.state("telephone_marketing", "phones"), "withheld")
        number = noted["sequence"]
        alone = self.ok("consent", "grant", self.book, WHO, "-p", "telephone_marketing", "--to", "self", "--notice", "calls", *till)
        self.assertIn("word of who noted it", alone["opens_nothing_because"])
        waiting = self.ok("consent", "pending", self.book, WHO, *deputy)["waiting"]
        self.assertEqual([(one["sequence"], one["noted_by"]) for one in waiting], [(number, 30), (alone["sequence"], 30)])

        scan = self.folder / "scan.pdf"
        scan.write_text("signed", encoding="utf-8")
        self.refused(44, "consent", "confirm", self.book, WHO, number, "--evidence", scan, *till)
        empty = self.folder / "empty.pdf"
        empty.write_text("", encoding="utf-8")
        self.refused(23, "consent", "confirm", self.book, WHO, number, "--evidence", empty, *deputy)
        self.refused(46, "consent", "confirm", self.book, WHO, number, "--evidence", scan, "--actor", 30, "--role", "manager")
        self.refused(4, "consent", "confirm", self.book, WHO, 99, "--evidence", scan, *deputy)
        done = self.ok("consent", "confirm", self.book, WHO, number, "--evidence", scan, "--reference", "binder 3", *deputy)
        self.assertTrue(any(one["purpose"] == "telephone_marketing" for one in done["opened"]))
        self.assertEqual(self.state("telephone_marketing", "phones"), "shown")
        self.refused(4, "consent", "confirm", self.book, WHO, number, "--evidence", scan, *deputy)
        self.ok("consent", "withdraw", self.book, WHO, "-p", "telephone_marketing", *till)
        self.assertEqual(self.state("telephone_marketing", "phones"), "withheld")
        self.assertEqual(self.ok("consent", "pending", self.book, WHO, *deputy)["waiting"], [])

        # Double opt-in, after the customer has thought again.
        again = self.ok("consent", "grant", self.book, WHO, *note, *till)["sequence"]
        self.refused(44, "consent", "ask", self.book, WHO, again, *till)
        token = self.ok("consent", "ask", self.book, WHO, again, "--actor", 70, "--role", "service")["token"]
        self.assertEqual(len(token), 64)
        self.refused(4, "consent", "bring", self.book, "0" * 64, *till)
        self.assertEqual(self.state("telephone_marketing", "phones"), "withheld")
        self.assertGreater(self.ok("consent", "bring", self.book, token, *till)["sequence"], again)
        self.assertEqual(self.state("telephone_marketing", "phones"), "shown")
        self.refused(4, "consent", "bring", self.book, token, *till)

    def test_a_proof_of_age_takes_two_people_and_opens_nothing_by_itself(self):
        till = ("--actor", 30, "--role", "associate")
        deputy = ("--actor", 40, "--role", "manager")
        child = self.ok("add", self.book, "--given", "Ann", "--email", "ann@example.com", "--birth-date", "2019-05-01",
                        "-p", "customer_order_management")["customer"]

        def agree():
            return self.ok("consent", "grant", self.book, child, "-p", "email_marketing", "--to", "self", "--notice",
                           "short")["opened"]

        def age(*more):
            return ("consent", "age", self.book, child, *more)
        self.assertEqual(agree(), [])
        self.assertEqual(self.ok(*age(*deputy))["waiting"], [])
        seen = ("--document", "passport", "--born", "1984-02-29")
        for wrong in (("--document", "napkin", "--born", "1984-02-29"), ("--document", "passport"),
                      ("--document", "passport", "--born", "2984-02-29"), ("--document", "passport", "--born", "1984")):
            self.assertNotEqual(self.call(*age(*wrong, *till)).returncode, 0, wrong)
        for wrong in (("--born", "1984-02-29"), ("--confirm", 1), (*seen, "--at-least", 18),
                      ("--document", "passport", "--at-least", 131)):
            self.assertEqual(self.call(*age(*wrong, *till)).returncode, 1, wrong)
        number = self.ok(*age(*seen, *till))["sequence"]
        self.assertTrue(self.ok(*age(*seen, *till))["repeated"])
        self.assertEqual(agree(), [])
        self.assertEqual([one["sequence"] for one in self.ok(*age(*deputy))["waiting"]], [number])
        self.refused(44, *age(*seen, "--confirm", number, *till))
        self.refused(46, *age(*seen, "--confirm", number, "--actor", 30, "--role", "manager"))
        self.refused(22, *age("--document", "passport", "--born", "1984-03-01", "--confirm", number, *deputy))
        self.refused(4, *age(*seen, "--confirm", 99, *deputy))
        done = self.ok(*age(*seen, "--confirm", number, *deputy))
        self.assertEqual((done["opened"], done["closed"]), ([], []))
        time.sleep(1.1)  # Within one second it is what was said before.
        self.assertTrue(agree())
        history = self.call("consent", "history", self.book, child).stdout
        self.assertIn("by passport, seen by a second person", history)
        self.assertNotIn("1984", history + str(self.ok("consent", "history", self.book, child)))

    def test_what_a_withdrawal_of_a_notice_would_end_is_told_beforehand(self):
        who = self.ok("add", self.book, "--given", "Di", "--email", "di@example.com", "-p",
                      "customer_order_management")["customer"]
        explain = ("consent", "explain", self.book, who, "-p", "email_marketing", "--field", "emails")
        self.assertEqual(self.ok("notice", "withdraw", self.book, "short", "--dry-run")["customers"], 0)
        self.ok("consent", "grant", self.book, who, "-p", "email_marketing", "--to", "self", "--notice", "short")
        told = self.ok("notice", "withdraw", self.book, "short", "--dry-run")
        self.assertEqual((told["customers"], told["few"], told["withdrawn"]), (None, True, False))
        self.assertEqual(self.ok(*explain)["decision"], "permit")
        self.assertIn("fewer than 5", self.call("notice", "withdraw", self.book, "short", "--dry-run").stdout)
        self.ok("notice", "withdraw", self.book, "short")
        self.assertEqual(self.ok(*explain)["decision"], "deny")
        self.assertNotEqual(self.call("notice", "withdraw", self.book, "short", "--dry-run").returncode, 0)

    def test_a_no_of_a_day_comes_after_each_yes_of_that_day(self):
        day = (datetime.date.today() - datetime.timedelta(days=20)).isoformat()
        who = self.ok("add", self.book, "--given", "Cy", "--email", "cy@example.com", "-p",
                      "customer_order_management")["customer"]
        self.ok("consent", "withdraw", self.book, who, "-p", "email_marketing", "--at", day)
        history = self.ok("consent", "history", self.book, who)["directives"]
        self.assertEqual(history[-1]["at"], day + "T23:59:59Z")
        agrees = ("consent", "grant", self.book, who, "-p", "email_marketing", "--to", "self", "--notice", "short")
        self.assertNotEqual(self.call(*agrees, "--at", day).returncode, 0)
        self.ok(*agrees)

    def test_of_addresses_that_are_closed_an_explanation_says_how_many(self):
        who = self.ok("add", self.book, "--given", "Bo", "--email", "bo@example.com", "--email", "bo@work.example",
                      "-p", "customer_order_management")["customer"]
        self.ok("consent", "grant", self.book, who, "-p", "email_marketing", "--to", "self", "--notice", "short")
        explain = ("consent", "explain", self.book, who, "-p", "email_marketing", "--field", "emails")
        self.assertNotIn("may not", self.ok(*explain)["text"])
        self.ok("consent", "deny", self.book, who, "-p", "email_marketing", "--contact", "bo@work.example")
        text = self.ok(*explain)["text"]
        self.assertIn("Of the customer's 2, 1 may not", text)
        self.assertNotIn("bo@", text)

    def test_of_processes_that_confirm_at_once_one_does(self):
        self.ok("consent", "withdraw", self.book, WHO, "-p", "email_marketing")
        number = self.grant("--actor", 30, "--role", "associate", notice="short")["sequence"]
        self.assertEqual(self.state(), "withheld")
        token = self.ok("consent", "ask", self.book, WHO, number, "--actor", 70, "--role", "service")["token"]
        scan = self.folder / "scan.pdf"
        scan.write_text("signed", encoding="utf-8")
        before = len(self.history())

        def end(actor):
            if actor % 2:
                return self.call("consent", "bring", self.book, token, "--actor", actor, "--role", "service").returncode
            return self.call("consent", "confirm", self.book, WHO, number, "--evidence", scan, "--actor", actor, "--role",
                             "manager").returncode

        with concurrent.futures.ThreadPoolExecutor(6) as at_once:
            self.assertEqual(sorted(at_once.map(end, range(40, 46))), [0, 4, 4, 4, 4, 4])
        self.assertEqual(len(self.history()), before + 1)
        self.assertEqual(self.state(), "shown")

    def test_every_kind_can_be_said_and_by_whom(self):
        for kind, more in (("withdraw", ()), ("deny", ()), ("object", ()), ("restrict", ())):
            done = self.ok("consent", kind, self.book, WHO, "-p", "email_marketing", *more)
            self.assertEqual(done["kind"], kind)
        number = self.ok("consent", "deny", self.book, WHO, "-p", "client_care", "--by", "guardian",
                         "--channel", "phone", "--expires", "2199-01-01")["sequence"]
        last = self.history()[-1]
        self.assertEqual((last["by"], last["channel"], last["expires"]),
                         ("guardian", "phone", "2199-01-01T00:00:00Z"))
        self.ok("consent", "lift", self.book, WHO, "--supersedes", number, "--by", "guardian",
                "--evidence", "letter-3")
        self.assertEqual(self.history()[-1]["evidence"], "letter-3")
        asserted = self.ok("consent", "assert", self.book, WHO, "-p", "email_marketing", "--to",
                           "self", "--basis", "legitimate_interest", "--evidence", "sale-17")
        self.assertEqual(asserted["kind"], "basis_assertion")
        self.assertEqual(self.history()[-1]["by"], "controller")
        self.assertNotEqual(
            self.call("consent", "assert", self.book, WHO, "-p", "email_marketing", "--to", "self",
                      "--basis", "legitimate_interest").returncode, 0)
        self.refused(21, "consent", "deny", self.book, WHO, "-p", "client_care", "--by", "nobody")

    def test_what_is_in_force_already_is_said_to_be(self):
        first = self.ok("consent", "deny", self.book, WHO, "-p", "email_marketing")
        self.assertFalse(first["repeated"])
        count = len(self.history())
        again = self.ok("consent", "deny", self.book, WHO, "-p", "email_marketing")
        self.assertEqual((again["repeated"], again["sequence"]), (True, first["sequence"]))
        said = self.call("consent", "deny", self.book, WHO, "-p", "email_marketing").stdout
        self.assertIn("nothing was added", said)
        self.assertEqual(len(self.history()), count)

    def test_a_later_act_counts_if_it_names_the_denial(self):
        number = self.ok("consent", "deny", self.book, WHO, "-p", "email_marketing")["sequence"]
        told = self.grant()
        self.assertIn(f"--supersedes {number}", told["opens_nothing_because"])
        self.assertEqual(self.state(), "withheld")
        told = self.grant("--supersedes", number, "--evidence", "signed-card-77")
        self.assertTrue(any("emails" in cell["fields"] for cell in told["opened"]))
        self.assertEqual(self.state(), "shown")
        # Also after a signal.
        self.ok("consent", "import", self.book, WHO, "--gpc", "1")
        self.refused(4, "consent", "lift", self.book, WHO, "--supersedes", 999, "--evidence", "x")

    def test_the_answer_says_what_opened_and_closed(self):
        closed = self.ok("consent", "withdraw", self.book, WHO, "-p", "email_marketing")
        self.assertEqual(closed["opened"], [])
        cells = [cell for cell in closed["closed"] if cell["recipient"] == "self"]
        self.assertEqual({cell["purpose"] for cell in cells}, {"email_marketing"})
        self.assertTrue(any("emails" in cell["fields"] for cell in cells))
        again = self.call("consent", "withdraw", self.book, WHO, "-p", "email_marketing").stdout
        self.assertIn("says so already", again)
        opened = self.grant()
        self.assertEqual(opened["closed"], [])
        self.assertEqual({cell["purpose"] for cell in opened["opened"]}, {"email_marketing"})
        self.assertNotIn("opens_nothing_because", opened)

    def test_a_consent_that_opens_nothing_says_why(self):
        told = self.grant(purpose="telephone_marketing", notice="short")
        self.assertEqual(told["opened"], [])
        self.assertIn('notice "short" does not announce telephone_marketing',
                      told["opens_nothing_because"])
        said = self.call("consent", "grant", self.book, WHO, "-p", "postal_marketing", "--to",
                         "self", "--notice", "short").stdout
        self.assertIn("recorded; it opens nothing because", said)
        told = self.ok("consent", "grant", self.book, WHO, "-p", "email_marketing", "--to",
                       "data_broker", "--notice", "short")
        self.assertIn("does not announce data_broker", told["opens_nothing_because"])

    def test_what_is_recorded_does_not_fail(self):
        # Of a purpose that needs a case, and nobody may say why it opens nothing.
        told = self.ok("consent", "assert", self.book, WHO, "-p", "rights_fulfilment", "--to",
                       "representative_of_subject", "--evidence", "mandate-4", "--basis", "legal_obligation")
        self.assertEqual(self.history()[-1]["kind"], "basis_assertion")
        self.assertTrue(told["opened"] or told["opens_nothing_because"])

    def test_a_recipient_with_a_comma_in_its_name(self):
        self.ok("recipient", "add", self.book, "Acme, Inc.", "--class", "parcel_service", "--country",
                "US", "--contract", "c")
        told = self.ok("consent", "deny", self.book, WHO, "-p", "delivery_of_goods", "--to", "Acme, Inc.")
        self.assertEqual(told["kind"], "deny")
        self.assertIn("Acme, Inc.", str(self.history()[-1]["recipients"]))
        self.ok("consent", "deny", self.book, WHO, "-p", "client_care", "--to", "Acme, Inc.,selected_partner")
        self.refused(21, "consent", "deny", self.book, WHO, "-p", "client_care", "--to", "Acme, Ltd.")
        for name in ("The shop", "the SHOP", "Selected partner"):
            self.refused(22, "recipient", "add", self.book, name, "--class", "data_broker", "--country", "US",
                         "--contract", "c")

    def test_a_notice_that_was_replaced_announces_nothing_more(self):
        def why():
            return self.ok("consent", "explain", self.book, WHO, "-p", "telephone_marketing", "--field",
                           "phones", "--to", "advertising_network")["text"]

        def announce(recipient):
            self.ok("notice", "add", self.book, "calls", "--file", SOURCE / "examples" / "import" / "notice.txt",
                    "--purpose", "telephone_marketing", "--to", recipient, "--category", "all")

        nobody_announces = why()
        announce("advertising_network")
        self.assertNotEqual(why(), nobody_announces)
        announce("self")
        self.assertEqual(why(), nobody_announces)

    def test_nothing_said_is_no_success(self):
        self.refused(23, "consent", "import", self.book, WHO)
        self.assertNotEqual(self.call("consent", "import", self.book, WHO, "--gpp", "").returncode, 0)

    def test_slips_of_time_are_refused_and_nothing_is_recorded(self):
        count = len(self.history())
        grant = ("consent", "grant", self.book, WHO, "-p", "email_marketing", "--to", "self",
                 "--notice", "short")
        self.refused(22, *grant, "--expires", "2020-01-01")
        self.refused(22, *grant, "--at", "2199-01-01")
        self.refused(22, "consent", "deny", self.book, WHO, "-p", "client_care", "--at", "2199-01-01")
        self.refused(22, "consent", "deny", self.book, WHO, "-p", "client_care", "--expires",
                     "2020-01-01")
        self.refused(42, *grant[:-1], "no such notice")
        self.assertEqual(len(self.history()), count)
        self.ok("consent", "withdraw", self.book, WHO, "-p", "email_marketing", "--at", "2020-02-01")
        self.assertEqual(self.history()[-1]["at"], "2020-02-01T23:59:59Z")


    def test_a_receipt_of_kantara_goes_out_and_comes_in_as_evidence(self):
        number = self.grant("--evidence", "card-1")["sequence"]
        done = self.call("consent", "export", self.book, WHO, "--format", "kantara", "--directive", number,
                         "--controller", "Shop", "--address", "1 High Street", "--contact",
                         "privacy@shop.example", "--notice-url", "https://shop.example/n",
                         "--withdrawal", "at the desk")
        self.assertEqual(done.returncode, 0, done.stderr)
        needed = {"--controller": "Shop", "--notice-url": "https://shop.example/n", "--withdrawal": "at the desk"}
        for option in needed:
            given = [part for pair in needed.items() if pair[0] != option for part in pair]
            said = self.call("consent", "export", self.book, WHO, "--format", "kantara", "--directive", number,
                             "--address", "1 High Street", "--contact", "c@shop.example", *given)
            self.assertNotEqual(said.returncode, 0)
            self.assertIn("where its notice can be read", said.stderr)
        for option in ("--storage", "--retention", "--jurisdiction", "--notice-language"):
            said = self.call("consent", "export", self.book, WHO, "--directive", number, "--controller", "Shop",
                             "--address", "1 High Street", "--contact", "c@shop.example", "--withdrawal", "desk", option, "")
            self.assertEqual(said.stdout, "", option)
            self.assertIn("it is empty", said.stderr)
        receipt = json.loads(done.stdout)
        self.assertEqual(receipt["version"], "KI-CR-v1.1.0")
        purposes = receipt["services"][0]["purposes"]
        self.assertEqual({one["purpose"] for one in purposes}, {"Marketing by e-mail"})
        self.ok("consent", "withdraw", self.book, WHO, "-p", "email_marketing", "--at", "2020-01-01")
        file = self.folder / "receipt.json"
        # Kantara demands a phone of the controller, which a shop may have none of.
        receipt["piiControllers"][0]["phone"] = "+49 30 1234567"
        file.write_text(json.dumps(receipt), encoding="utf-8")
        self.grant("--receipt", file, "--at", self.history()[-2]["at"])
        self.assertTrue(self.history()[-1]["evidence"].startswith("urn:clientbook:directive:"))
        file.write_text("{}", encoding="utf-8")
        self.assertNotEqual(self.call("consent", "grant", self.book, WHO, "-p", "email_marketing", "--to",
                                      "self", "--notice", "short", "--receipt", file).returncode, 0)
        said = self.ok("consent", "withdraw", self.book, WHO, "-p", "email_marketing")["sequence"]
        self.assertNotEqual(self.call("consent", "export", self.book, WHO, "--format", "kantara",
                                      "--directive", said, "--controller", "S", "--address", "a",
                                      "--contact", "c").returncode, 0)


class Ages(ProgramTest):
    def test_a_details_file_makes_a_child_of_somebody_who_is_not_in_the_customers_file(self):
        self.make_book("--profile", "gdpr")
        who = self.ok("add", self.book, "--given", "Bo", "--email", "bo@example.com", "--id", "t:2", "-p",
                      "customer_order_management")["customer"]
        agrees = ("consent", "grant", self.book, who, "-p", "email_marketing", "--to", "self", "--notice",
                  "newsletter-2025")
        self.assertTrue(self.ok(*agrees)["opened"])
        columns = {"id": "external_id", "first": "name.given", "mail": "emails[0].address"}
        ages = {"file": "d.csv", "unknown": "leave_out", "format": {}, "columns": {"id": "external_id", "born": "birth_date"}}
        for name, text in (("c.csv", "id,first,mail\n1,Ann,ann@example.com\n"), ("d.csv", "id,born\n2,2019-05-01\n"),
                           ("map.json", json.dumps({"format": "clientbook column map 1", "system": "t", "details": [ages],
                                                    "customers": {"file": "c.csv", "columns": columns}}))):
            (self.folder / name).write_text(text, encoding="utf-8")
        self.ok("import", self.book, "--map", self.folder / "map.json", "--from", self.folder)
        told = self.ok("consent", "explain", self.book, who, "-p", "email_marketing", "--field", "emails")
        self.assertEqual(told["decision"], "deny")


class Guardians(ProgramTest):
    def test_who_has_grown_up_ends_what_a_guardian_refused_and_nobody_else(self):
        self.make_book("--profile", "gdpr")
        call = ("-p", "email_marketing", "--to", "self", "--notice", "newsletter-2025", "--channel", "web")

        def customer(*born):
            who = self.ok("add", self.book, "--given", "Ann", "--email", "ann@example.com", *born, "-p",
                          "customer_order_management")["customer"]
            self.ok("consent", "deny", self.book, who, "-p", "email_marketing", "--by", "guardian", "--at", "2020-01-01")
            return who

        grown = customer("--birth-date", "2008-06-01")
        told = self.ok("consent", "grant", self.book, grown, *call)
        self.assertEqual(told["opened"], [])
        self.assertIn("said by a guardian", told["opens_nothing_because"])
        self.assertIn("from the birthday on", told["opens_nothing_because"])
        told = self.ok("consent", "grant", self.book, grown, *call, "--supersedes", "1", "--evidence", "card 4")
        self.assertTrue(told["opened"])
        by_lift = customer("--birth-date", "2008-06-01")
        self.ok("consent", "grant", self.book, by_lift, *call)
        told = self.ok("consent", "lift", self.book, by_lift, "--supersedes", "1", "--evidence", "card 5")
        self.assertTrue(told["opened"])
        # A child, somebody of whom nobody knows it, and somebody who was of age when the guardian spoke.
        for born in (("--birth-date", "2014-06-01"), (), ("--birth-date", "1980-06-01")):
            who = customer(*born)
            count = len(self.ok("consent", "history", self.book, who)["directives"])
            told = self.ok("consent", "grant", self.book, who, *call)["opens_nothing_because"]
            self.assertIn("if the book knows when they were born, and they were younger when it was said", told)
            count += 1
            self.refused(2, "consent", "grant", self.book, who, *call, "--supersedes", "1", "--evidence", "card")
            self.assertEqual(len(self.ok("consent", "history", self.book, who)["directives"]), count)
            self.ok("consent", "lift", self.book, who, "--supersedes", "1", "--evidence", "card", "--by", "guardian")


class Recipients(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_book("--profile", "gdpr")

    def listed(self):
        return {one["name"]: one for one in self.ok("recipient", "list", self.book)["recipients"]}

    def test_what_a_party_needs_is_said_and_can_be_given(self):
        added = self.ok("recipient", "add", self.book, "Parcel Co", "--class", "parcel_service",
                        "--country", "DE")
        self.assertTrue(any("recipient edit" in need["text"] and "--contract" in need["text"]
                            for need in added["needs"]), added)
        edited = self.ok("recipient", "edit", self.book, "Parcel Co", "--contract", "C-9", "--no-onward")
        self.assertEqual(edited["needs"], [])
        self.assertEqual(self.listed()["Parcel Co"]["contract"], "C-9")
        self.assertEqual(self.listed()["Parcel Co"]["country"], "DE")
        self.assertEqual(self.ok("stats", self.book)["consents_outdated"], 0)
        self.assertEqual(self.ok("consent", "compile", self.book)["compiled"], 0)
        self.assertIn("Nothing to do", self.call("consent", "compile", self.book).stdout)
        self.ok("recipient", "retire", self.book, "Parcel Co")
        self.assertTrue(self.listed()["Parcel Co"]["removed"])
        said = self.refused(2, "recipient", "edit", self.book, "Parcel Co", "--contract", "C-10")
        self.assertIn("add it again", said)
        self.refused(4, "recipient", "retire", self.book, "Parcel Co")
        said = self.refused(5, "recipient", "add", self.book, "Parcel Co", "--class", "data_broker", "--country", "DE")
        self.assertIn("another class", said)
        number = self.listed()["Parcel Co"]["recipient"]
        back = self.ok("recipient", "add", self.book, "Parcel Co", "--class", "parcel_service", "--country", "DE",
                       "--contract", "C-10", "--no-onward")
        self.assertEqual(back["recipient"], number)
        self.assertFalse(self.listed()["Parcel Co"]["removed"])
        self.refused(5, "recipient", "add", self.book, "Parcel Co", "--class", "parcel_service", "--country", "DE")
        self.refused(4, "recipient", "retire", self.book, "Nobody")


    def test_names_that_hide_or_mislead_are_refused(self):
        def add(name, code, *more):
            self.refused(code, "recipient", "add", self.book, name, "--class", "processor", "--country", "DE",
                         *more)
        for name in ("Evil\nCo", "   ", "\u00a0", "\u3164", "Tab\tCo", "\u202eoC", "Par\u200bcel", "\ufeffCo",
                     " Parcel Co", "Parcel Co ", "self", "all", "processor"):
            with self.subTest(repr(name)):
                add(name, 22)
        add("Parcel Co", 22, "--contract", "C\n1")
        for kind in ("self", "data_subject"):
            self.refused(22, "recipient", "add", self.book, "Fremd GmbH", "--class", kind, "--country", "DE")
        self.assertEqual(self.listed(), {})
        self.ok("recipient", "add", self.book, "Parcel Co", "--class", "processor", "--country", "DE")
        add("PARCEL co", 5)

    def test_an_edit_that_changes_nothing_says_so_and_a_contract_can_end(self):
        self.ok("recipient", "add", self.book, "Parcel Co", "--class", "processor", "--country", "DE",
                "--contract", "C-1")
        self.refused(5, "recipient", "edit", self.book, "Parcel Co")
        self.refused(5, "recipient", "edit", self.book, "Parcel Co", "--contract", "C-1")
        told = self.ok("recipient", "edit", self.book, "Parcel Co", "--contract", "")
        self.assertTrue(any("--contract" in need["text"] for need in told["needs"]), told)
        self.assertEqual(self.listed()["Parcel Co"]["contract"], "")


class Words(ProgramTest):
    def test_terms_show_parents_barriers_and_the_short_list(self):
        terms = {one["name"]: one for one in self.ok("terms", "purposes")["purposes"]}
        self.assertIn("service_provision", terms["sell_products"]["parents"])
        self.assertTrue(terms["sell_data_to_third_parties"]["barrier"])
        self.assertFalse(terms["email_marketing"]["barrier"])
        short = self.ok("terms", "purposes", "--short")["purposes"]
        self.assertEqual({one["name"] for one in short},
                         {name for name, one in terms.items() if one["short_list"]})
        self.assertLess(len(short), 25)
        self.assertIn("email_marketing", {one["name"] for one in short})
        broker = {one["name"]: one for one in self.ok("terms", "recipients")["recipients"]}["data_broker"]
        self.assertEqual((broker["barrier"], broker["parents"]), (True, ["third_party"]))



if __name__ == "__main__":
    unittest.main()
