"""A request by the program: from a customer's letter to the receipt, and what is refused on the way."""
import datetime
import json
import shlex
import unittest

from program import ProgramTest

WHO = "clientbook:C-1001"
TODAY = datetime.datetime.now(datetime.timezone.utc).date()


class Request(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("recipient", "add", self.book, "Parcels Ltd", "--class", "parcel_service", "--country", "DE",
                "--contract", "P-1")
        self.ok("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "Parcels Ltd")

    def open(self, kind, *more, received=TODAY):
        return self.ok("request", "open", self.book, WHO, "--kind", kind, "--received", received, *more)["number"]

    def test_an_erasure_in_six_commands(self):
        number = self.open("erasure", "--reference", "mail of today", "--identity", "answered from the known address")
        listed = self.ok("request", "recipients", self.book, number)["recipients"]
        self.assertEqual([(one["recipient"], one["state"], one["to_do"]) for one in listed],
                         [("Parcels Ltd", "to_tell", "erase")])
        self.assertIn("addresses", listed[0]["fields"])
        self.refused(53, "request", "do", self.book, number)
        self.ok("request", "told", self.book, number, "Parcels Ltd")
        done = self.ok("request", "do", self.book, number)
        self.assertEqual(len(done["receipt"]["signature"]), 128)
        self.assertEqual(done["now"]["state"], "done")
        self.assertIsNone(done["now"]["customer"])
        self.ok("request", "told", self.book, number, "Parcels Ltd", "--state", "confirmed")
        closed = self.ok("request", "close", self.book, number)
        self.assertEqual(closed["state"], "closed")
        self.assertNotIn("reference", closed)
        self.assertEqual(closed["recipients"][0]["state"], "confirmed")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_a_recipient_signs_that_it_is_done(self):
        key = self.folder / "recipient.key"
        name = ("--name", "parcels.example")
        made = self.ok("acknowledge", "key", key, *name, "--new")["acknowledgement_key"]
        self.assertEqual(self.ok("acknowledge", "key", key, *name)["acknowledgement_key"], made)
        self.refused(5, "acknowledge", "key", key, *name, "--new")
        self.refused(1, "acknowledge", "key", key, "--name", "two words")
        self.ok("recipient", "edit", self.book, "Parcels Ltd", "--contact", "privacy@parcels.example",
                "--acknowledgement-key", made)
        self.refused(5, "recipient", "edit", self.book, "Parcels Ltd", "--contact", "privacy@parcels.example")
        self.refused(20, "recipient", "edit", self.book, "Parcels Ltd", "--acknowledgement-key", "a+b+c")
        listed = self.ok("recipient", "list", self.book)["recipients"]
        self.assertIn(("Parcels Ltd", "privacy@parcels.example", made),
                      [(one["name"], one["contact"], one["acknowledgement_key"]) for one in listed])

        number = self.open("erasure", "--identity", "seen")
        self.ok("request", "recipients", self.book, number)
        notice = self.folder / "notice"
        notice.write_text(self.ok("request", "notice", self.book, number, "Parcels Ltd", "--reference",
                                  "your customer 17")["notice"], encoding="utf-8")
        signed = self.folder / "signed"
        self.ok("acknowledge", "sign", notice, "--key", key, *name, "--done", TODAY, "--out", signed)
        self.refused(5, "acknowledge", "sign", signed, "--key", key, *name, "--done", TODAY)
        self.refused(22, "acknowledge", "sign", notice, "--key", key, *name, "--done", "yesterday")
        self.refused(20, "acknowledge", "sign", key, "--key", key, *name, "--done", TODAY)
        self.refused(20, "request", "told", self.book, number, "Parcels Ltd", "--acknowledgement", notice)
        both = self.call("request", "told", self.book, number, "Parcels Ltd", "--acknowledgement", signed,
                         "--state", "told")
        self.assertEqual(both.returncode, 1, both.stderr)
        empty = self.folder / "empty"
        empty.write_bytes(b"")
        self.refused(20, "request", "told", self.book, number, "Parcels Ltd", "--acknowledgement", empty)
        listed = self.ok("request", "show", self.book, number)["recipients"]
        self.assertEqual([one["state"] for one in listed], ["to_tell"])
        # Whom nobody could reach has heard of it all the same.
        self.ok("request", "told", self.book, number, "Parcels Ltd", "--state", "impossible")
        self.refused(2, "request", "told", self.book, number, "Parcels Ltd", "--state", "told")
        told = self.ok("request", "told", self.book, number, "Parcels Ltd", "--acknowledgement", signed)
        self.assertEqual([(one["state"], one["acknowledged"]) for one in told["recipients"]],
                         [("confirmed", TODAY.isoformat())])
        self.ok("request", "do", self.book, number)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_a_command_that_is_said_is_safe_in_a_shell(self):
        name = "Ann's \"; touch x; `touch y` $(touch z)"
        said = self.call("recipient", "add", self.book, name, "--class", "data_broker", "--country", "US")
        self.assertEqual(said.returncode, 0, said.stderr)
        words = [one for one in said.stdout.split("`clientbook recipient edit BOOK ")[1:]]
        self.assertTrue(words)
        for one in words:
            self.assertEqual(shlex.split(" ".join(one.split())[:one.rindex(" --")].rsplit(" --", 1)[0])[0], name)

    def test_access_and_portability_give_files(self):
        for kind, names in (("access", ["data.json", "page.html"]), ("portability", ["data.csv", "data.json"])):
            number = self.open(kind)
            out = self.folder / kind
            self.refused(51, "request", "do", self.book, number, "--out", out)
            self.assertFalse(out.exists())
            self.ok("request", "do", self.book, number, "--out", out, "--identity", "seen")
            self.assertEqual(sorted(one.name for one in out.iterdir()), names)
            json.loads((out / "data.json").read_text(encoding="utf-8"))
            self.ok("request", "close", self.book, number)
        taken = self.open("access", "--identity", "seen")
        self.refused(5, "request", "do", self.book, taken, "--out", out)
        self.assertEqual(self.ok("request", "show", self.book, taken)["state"], "open")

    def test_a_wrong_call_writes_down_nothing(self):
        seen = ("--identity", "seen")
        taken = self.folder / "taken"
        taken.mkdir()
        edit = ("--edit", '{"remove": ["phones"]}')
        for kind, calls in {
                "access": ((23,), (5, "--out", taken), (1, "--out", "new", *edit), (1, "--out", "new", "--kept-elsewhere"),
                           (4, "--out", self.folder / "nowhere" / "new"), (1, "--out", "new", "--mentions", "report")),
                "portability": ((23,), (1, "--out", "new", "--language", "de")),
                "rectification": ((23,), (21, "--corrected", "shoes"), (1, *edit, "--purpose", "email_marketing"),
                                  (1, *edit, "--out", "new")),
                "objection": ((1, *edit), (21, "--purpose", "curiosity"), (1, "--shop", "Shop")),
                "erasure": ((1, "--out", "new"), (1, "--contact", "us"), (1, "--corrected", "name"))}.items():
            number = self.open(kind)
            for code, *how in calls:
                self.refused(code, "request", "do", self.book, number, *seen, *how)
            now = self.ok("request", "show", self.book, number)
            self.assertEqual((now["state"], now["identified_at"]), ("waiting_for_identity", None))
        self.assertEqual([one.name for one in self.folder.iterdir() if ".part" in one.name], [])

    def test_an_erasure_tells_what_stands_in_notes_of_others(self):
        number = self.open("erasure", "--identity", "seen")
        self.ok("request", "recipients", self.book, number)
        self.ok("request", "told", self.book, number, "Parcels Ltd")
        done = self.ok("request", "do", self.book, number, "--mentions", "report")
        self.assertIn("notes_searched", done["receipt"]["others"])

    def test_correction_restriction_objection(self):
        number = self.open("rectification", "--identity", "seen")
        self.refused(23, "request", "do", self.book, number)
        edit = json.dumps({"add": {"name": {"nickname": "Mimi"}}})
        done = self.ok("request", "do", self.book, number, "--edit", edit)["now"]
        self.assertEqual((done["before"], done["after"]), (["name"], ["name"]))
        self.ok("request", "do", self.book, self.open("restriction", "--identity", "seen"))
        self.ok("request", "do", self.book, self.open("objection", "--identity", "seen"), "--purpose", "email_marketing")
        kinds = [one["kind"] for one in self.ok("consent", "history", self.book, WHO)["directives"]]
        self.assertEqual(kinds[-2:], ["restrict", "object"])

    def test_a_rectification_keeps_nothing_without_a_basis(self):
        silent = "clientbook:C-1005"  # Who has agreed to nothing.
        number = self.ok("request", "open", self.book, silent, "--kind", "rectification", "--received", TODAY,
                         "--identity", "seen")["number"]
        passport = [{"country": "GB", "kind": "passport", "number": "X123456789"}]
        for how in ("set", "add"):
            self.refused(41, "request", "do", self.book, number, "--edit", json.dumps({how: {"government_ids": passport}}))
        self.refused(4, "request", "do", self.book, number, "--corrected", "purchases", "notes", "payment_cards")
        self.assertEqual(self.ok("request", "show", self.book, number)["state"], "open")

    def test_an_erasure_says_what_stays(self):
        number = self.open("erasure", "--identity", "seen")
        self.ok("request", "recipients", self.book, number)
        self.ok("request", "told", self.book, number, "Parcels Ltd")
        both = self.call("request", "do", self.book, number, "--keep-apart", 10, "--kept-elsewhere")
        self.assertNotEqual(both.returncode, 0)
        self.assertEqual(self.ok("request", "show", self.book, number)["state"], "open")
        said = self.call("request", "do", self.book, number, "--keep-apart", 10)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("a law has it kept for", said.stdout)
        self.assertIn("under the id", said.stdout)
        self.assertIn("request mail", said.stdout)
        self.assertIn("  stays      ", said.stdout)
        shown = self.ok("request", "show", self.book, number)
        apart = [one for one in shown["stays"] if one["place"] == "apart"]
        self.assertTrue(apart)
        self.assertTrue(all(one["until"] for one in apart))
        text = self.call("request", "show", self.book, number).stdout
        self.assertNotIn("nothing of them is left", text)
        self.assertIn("until " + apart[0]["until"], text)
        for language, word in (("en", "A law has us keep"), ("de", "Ein Gesetz verpflichtet"), ("fr", "Une loi nous oblige"),
                               ("es", "Una ley nos obliga"), ("it", "Una legge ci obbliga")):
            mail = self.ok("request", "mail", self.book, number, "--language", language)["mail"]
            self.assertIn(word, mail)
        self.assertNotIn("we have erased your data.", self.call("request", "mail", self.book, number).stdout)

    def test_a_mail_promises_no_day_that_is_over(self):
        number = self.open("access", received=TODAY - datetime.timedelta(days=60))
        mail = self.ok("request", "mail", self.book, number)["mail"]
        self.assertIn("It is late", mail)
        self.assertNotIn("We will answer", mail)

    def test_who_asks_is_written_down_once(self):
        number = self.open("access", "--identity", "passport seen")
        self.refused(5, "request", "identify", self.book, number, "--how", "somebody else")
        self.assertEqual(self.ok("request", "show", self.book, number)["identity"], "passport seen")

    def test_the_list_begins_with_what_is_due(self):
        self.open("access")
        self.open("portability", received=TODAY - datetime.timedelta(days=20))
        listed = self.ok("request", "list", self.book)["requests"]
        self.assertEqual([one["number"] for one in listed], [2, 1])
        self.assertIn(listed[0]["customer"], self.call("request", "list", self.book).stdout)

    def test_nothing_goes_past_a_request(self):
        number = self.open("erasure")
        page = self.folder / "page.html"
        self.refused(51, "page", self.book, WHO, "--html", page)
        self.assertFalse(page.exists())
        self.refused(51, "disclose", self.book, WHO, "-p", "rights_fulfilment", "--to", "data_subject")
        self.ok("request", "identify", self.book, number, "--how", "seen")
        self.ok("page", self.book, WHO, "--html", page)
        self.refused(2, "erase", self.book, WHO, "--reason", "subject_request")
        self.ok("request", "confirm", self.book, number)
        self.refused(5, "request", "confirm", self.book, number)
        self.assertIsNotNone(self.ok("request", "show", self.book, number)["confirmed_at"])
        self.ok("request", "withdraw", self.book, number)
        self.ok("erase", self.book, WHO, "--reason", "subject_request")

    def test_lists_and_reminders(self):
        old = TODAY - datetime.timedelta(days=60)
        late = self.open("access", received=old)
        self.open("objection")
        listed = self.ok("request", "list", self.book)["requests"]
        self.assertEqual([one["number"] for one in listed], [1, 2])
        self.assertLess(listed[0]["days_left"], 0)
        self.assertEqual(len(self.ok("request", "list", self.book, "--due-within", 3)["requests"]), 1)
        self.refused(52, "request", "extend", self.book, late, "--reason", "we forgot")
        self.ok("request", "extend", self.book, 2, "--reason", "many of them")
        self.ok("request", "refuse", self.book, late, "--reason", "nobody has shown who asks")
        self.ok("request", "withdraw", self.book, 2)
        self.assertEqual(self.ok("request", "list", self.book)["requests"], [])
        self.assertEqual([one["state"] for one in self.ok("request", "list", self.book, "--all")["requests"]],
                         ["refused", "withdrawn"])
        self.open("access", received=old)
        told = self.ok("stats", self.book)["requests"]
        self.assertEqual(told["open"], 1)
        self.assertIn("overdue", told["reminders"][0])
        self.assertIn("overdue", self.call("stats", self.book).stdout)

    def test_mails(self):
        number = self.open("access")
        told = self.ok("request", "mail", self.book, number, "--language", "fr", "--shop", "Boutique")["mail"]
        self.assertTrue(told.startswith("Votre demande 1 : accès à vos données\n"), told)
        self.assertIn("Boutique", self.call("request", "mail", self.book, number, "--shop", "Boutique").stdout)
        self.refused(2, "request", "mail", self.book, number, "--kind", "refusal")
        self.refused(21, "request", "mail", self.book, number, "--kind", "poem")

    def test_bad_input(self):
        tomorrow = TODAY + datetime.timedelta(days=2)
        self.refused(22, "request", "open", self.book, WHO, "--kind", "access", "--received", tomorrow)
        self.refused(22, "request", "open", self.book, WHO, "--kind", "access", "--received", "2026-02-30")
        self.refused(21, "request", "open", self.book, WHO, "--kind", "curiosity", "--received", TODAY)
        self.refused(21, "request", "open", self.book, WHO, "--kind", "access", "--received", TODAY, "--channel", "dove")
        self.refused(4, "request", "open", self.book, "clientbook:nobody", "--kind", "access", "--received", TODAY)
        self.open("access", "--reference", "letter 7")
        self.refused(5, "request", "open", self.book, WHO, "--kind", "access", "--received", TODAY,
                     "--reference", "letter 7")
        self.refused(2, "request", "close", self.book, 1)
        self.refused(4, "request", "show", self.book, 9)
        self.refused(44, "request", "open", self.book, WHO, "--kind", "access", "--received", TODAY,
                     "--role", "associate")
        self.assertEqual(len(self.ok("request", "list", self.book, "--all")["requests"]), 1)


if __name__ == "__main__":
    unittest.main()
