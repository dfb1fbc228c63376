"""What an associate writes down: add, edit, note, purchase."""
import json
import unittest

from program import ProgramTest

CARE = "client_care"
ORDER = "customer_order_management"


class Entry(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_book("--profile", "gdpr")

    def fields(self, who, purpose=ORDER):
        return self.ok("show", self.book, who, "-p", purpose)["fields"]

    def customers(self):
        return self.ok("stats", self.book)["customers"]

    def test_a_customer_is_added_by_options_with_what_they_agree_to(self):
        told = self.ok("add", self.book, "--given", "Ann", "--family", "Lee", "--email", "ann@example.com",
                       "--phone", "+1 202 555 0142", "--address", "line1=4 Mill Lane, flat 2;city=Bath;country=GB",
                       "--id", "loyalty:L-9", "--like", "linen", "--size", "shoe:EU:38", "--size", "shirt:M",
                       "--special-day", "wedding_anniversary:2011-09-03", "--birth-date", "1984-05-17",
                       "--agrees", CARE, "--notice", "house-rules-2025", "--evidence", "card 7")
        self.assertEqual(told["left_out"], {})
        self.assertEqual(told["consents"], 1)
        self.assertIn("likes", told["kept"])
        seen = self.fields("loyalty:L-9", CARE)
        self.assertEqual(seen["likes"]["value"], ["linen"])
        self.assertEqual([one["value"] for one in seen["sizes"]["value"]], ["38", "M"])
        self.assertEqual(seen["special_days"]["value"][0]["day"], "2011-09-03")
        self.assertEqual(seen["addresses"]["value"][0]["line1"], "4 Mill Lane, flat 2")
        self.assertEqual(self.ok("consent", "history", self.book, "loyalty:L-9")["directives"][0]["evidence"], "card 7")

    def test_who_adds_a_customer_on_their_own_word_is_told_what_waits(self):
        clerk = ("--role", "associate", "--actor", "31")
        told = self.ok("add", self.book, "--given", "Ann", "--id", "till:5", "--like", "linen", "--agrees", CARE,
                       "--notice", "house-rules-2025", *clerk)
        self.assertEqual((told["waiting"], told["confirm"]), ([CARE], [1]))
        self.assertIn("somebody else confirms it", told["how_to_confirm"])
        said = self.call("add", self.book, "--given", "Bo", "--id", "till:6", "--like", "linen", "--agrees", CARE,
                         "--notice", "house-rules-2025", *clerk)
        self.assertIn("waits to be confirmed: client_care", said.stdout)
        # A like is added without a word of the purpose.
        self.assertEqual(self.ok("edit", self.book, "till:5", "--like", "silk", *clerk)["changed"], ["likes"])

    def test_what_nobody_agreed_to_is_left_out_and_said_or_refused(self):
        said = self.call("add", self.book, "--given", "Ann", "--like", "linen")
        self.assertEqual(said.returncode, 0)
        self.assertIn("not kept: likes (NO_BASIS)", said.stdout)
        before = self.customers()
        self.refused(41, "add", self.book, "--given", "Bo", "--like", "linen", "--stop-without-basis")
        self.refused(41, "add", self.book, "--like", "linen")
        self.refused(23, "add", self.book)
        self.refused(42, "add", self.book, "--given", "Bo", "--agrees", CARE, "--notice", "no such")
        self.assertEqual(self.customers(), before)

    def test_scripts_give_json(self):
        record = {"name": {"given": "Ken"}, "emails": [{"address": "ken@example.com"}],
                  "external_ids": [{"system": "till", "value": "7"}]}
        self.ok("add", self.book, "--record", "-", stdin=json.dumps(record))
        self.assertEqual(self.fields("till:7")["name"]["value"], {"given": "Ken"})
        said = self.refused(21, "add", self.book, "--record", "-", stdin='{"emails": [{"adress": "ken@secret.example"}]}')
        self.assertIn("/emails/0", said)
        self.assertNotIn("secret", said)
        self.refused(20, "add", self.book, "--record", "-", stdin="no json")
        self.refused(5, "add", self.book, "--given", "X", "--record", "-", stdin='{"name": {"given": "Y"}}')
        self.refused(5, "add", self.book, "--record", "-", stdin=json.dumps(record))
        consents = [{"kind": "grant", "purposes": [CARE], "recipients": ["self"], "notice": "house-rules-2025",
                     "channel": "store"}]
        (self.folder / "said.json").write_text(json.dumps(consents), encoding="utf-8")
        self.ok("add", self.book, "--id", "till:8", "--like", "wool", "--consents", self.folder / "said.json")
        self.assertEqual(self.fields("till:8", CARE)["likes"]["value"], ["wool"])
        self.assertEqual(self.customers(), 2)

    def test_a_record_is_completed_corrected_and_cut(self):
        self.ok("add", self.book, "--given", "Ann", "--phone", "+1 202 555 0142", "--id", "till:1")
        told = self.ok("edit", self.book, "till:1", "--phone", "+1 202 555 0199", "--family", "Lee")
        self.assertEqual(sorted(told["changed"]), ["name", "phones"])
        seen = self.fields("till:1")
        self.assertEqual(seen["name"]["value"], {"given": "Ann", "family": "Lee"})
        self.assertEqual(len(seen["phones"]["value"]), 2)
        self.refused(5, "edit", self.book, "till:1", "--phone", "+1 202 555 0199")
        self.ok("edit", self.book, "till:1", "--drop", "phones=+1 202 555 0142")
        self.assertEqual([one["number"] for one in self.fields("till:1")["phones"]["value"]], ["+1 202 555 0199"])
        self.ok("edit", self.book, "till:1", "--record", "-", stdin='{"phones": [{"number": "+1 202 555 0100"}]}')
        self.assertEqual(self.ok("edit", self.book, "till:1", "--remove", "phones")["removed"], ["phones"])
        self.assertEqual(self.fields("till:1")["phones"]["state"], "absent")
        self.refused(4, "edit", self.book, "till:1", "--remove", "phones")
        self.refused(23, "edit", self.book, "till:1")
        self.refused(22, "edit", self.book, "till:1", "--drop", "phones")
        self.refused(41, "edit", self.book, "till:1", "--like", "linen", "-p", ORDER + ",client_care")

    def test_what_nobody_permits_to_keep_is_named_and_how_to_learn_what_would(self):
        self.ok("add", self.book, "--given", "Ann", "--id", "till:1")
        for field, call in (("notes", ("note", self.book, "till:1", "likes linen", "-p", CARE)),
                            ("likes", ("edit", self.book, "till:1", "--like", "linen", "-p", CARE)),
                            ("likes", ("add", self.book, "--given", "Bo", "--like", "linen", "--stop-without-basis"))):
            with self.subTest(call[0]):
                said = " ".join(self.refused(41, *call).split())
                self.assertIn(f"--operation collect --field {field} -p PURPOSE", said)
        told = self.ok("consent", "explain", self.book, "till:1", "--operation", "collect", "--field", "notes", "-p", CARE)
        self.assertIn("consent", told["text"])

    def test_notes_and_purchases(self):
        self.ok("add", self.book, "--given", "Ann", "--id", "till:1", "--agrees", CARE, "--notice", "house-rules-2025")
        self.assertEqual(self.ok("note", self.book, "till:1", "asked for the long parka", "--author", "Tom")["note"], 1)
        self.assertEqual(self.ok("note", self.book, "till:1", "-", stdin="prefers mornings")["note"], 2)
        said = self.refused(26, "note", self.book, "till:1", "card 4111 1111 1111 1111")
        self.assertNotIn("4111", said)
        self.assertEqual(self.ok("note", self.book, "till:1", "card 4111 1111 1111 1111", "--label-numbers")["note"], 3)
        self.refused(23, "note", self.book, "till:1")
        notes = self.fields("till:1", CARE)["notes"]
        self.assertEqual(len(notes["value"]), 3)
        self.assertNotIn("4111", json.dumps(notes))
        told = self.ok("purchase", self.book, "till:1", "--currency", "EUR", "--order", "R-1", "--total", "59.9",
                       "--line", "description=Silk scarf;price=49.90;quantity=1;colour=red", "--line",
                       "sku=S-1;price=10")
        self.assertEqual(told["purchase"], 1)
        self.assertEqual(self.ok("purchase", self.book, "till:1", "--record", "-", "--day", "2026-03-14",
                                 stdin='{"lines": [{"sku": "S-2"}]}')["purchase"], 2)
        bought = self.fields("till:1")["purchases"]["value"]
        self.assertEqual(bought[0]["total"], 5990)
        self.assertEqual([one["unit_price"] for one in bought[0]["lines"]], [4990, 1000])
        self.assertEqual(bought[1]["day"], "2026-03-14")
        for options in (("--line", "sku=S-1;price=4.999", "--currency", "EUR"), ("--line", "no parts"),
                        ("--line", "sku=S-1;price=4,99", "--currency", "EUR"),
                        ("--line", "sku=S-1;quantity=many"),
                        ("--line", "sku=S-1;price=99999999999999999999", "--currency", "EUR")):
            self.refused(22, "purchase", self.book, "till:1", *options)
        self.refused(23, "purchase", self.book, "till:1", "--line", "sku=S-1;price=4.99")
        self.refused(23, "purchase", self.book, "till:1")
        self.assertEqual(len(self.fields("till:1")["purchases"]["value"]), 2)

    def test_a_terminal_is_asked_for_what_is_missing_and_shown_what_was_understood(self):
        code, screen = self.at_a_terminal(["Ann", "Lee", "ann@example.com", "", "y"], "add", self.book)
        self.assertEqual(code, 0, screen)
        for asked in ("Given name", "Family name", "E-mail", "Phone", "Keep this?"):
            self.assertIn(asked, screen)
        self.assertIn("customer ", screen)
        self.assertEqual(self.customers(), 1)
        code, screen = self.at_a_terminal(["n"], "add", self.book, "--given", "Bo")
        self.assertEqual(code, 1, screen)
        self.assertIn("nothing was kept", screen)
        self.assertEqual(self.customers(), 1)
        code, screen = self.at_a_terminal([], "add", self.book, "--given", "Bo", "--yes", "--id", "till:2")
        self.assertEqual(code, 0, screen)
        code, screen = self.at_a_terminal(["Scarf", "49.90", "EUR", "y"], "purchase", self.book, "till:2")
        self.assertEqual(code, 0, screen)
        self.assertEqual(self.fields("till:2")["purchases"]["value"][0]["lines"][0]["unit_price"], 4990)


if __name__ == "__main__":
    unittest.main()
