"""What is collected, and for what: the law and the purposes that a book was made for, and what an import leaves out."""
import json
import unittest

from program import MAP, SOURCE, ProgramTest

CUSTOMERS = "id,first,mail,like,born\n1,Ann,ann@example.com,linen,1984-10-02\n2,Bo,bo@example.com,wool,1990-01-31\n"
CONSENTS = "id,kind,p,r,n,at\n1,grant,client_care,self,news,2025-01-01T00:00:00Z\n"
COLUMNS = {"id": "external_id", "first": "name.given", "mail": "emails[].address", "like": "likes[]",
           "born": "birth_date"}
DETAILS = {"file": "k.csv", "columns": {
    "id": "external_id", "kind": "consents[].kind", "p": "consents[].purposes", "r": "consents[].recipients",
    "n": "consents[].notice", "at": "consents[].given_at"}}


class Files(ProgramTest):
    def begin(self, *options):
        self.ok("init", self.book, *options)
        self.ok("notice", "add", self.book, "news", "--file", SOURCE / "examples" / "import" / "notice.txt",
                "--purpose", "email_marketing,client_care", "--to", "self", "--category", "all")

    def files(self, customers=CUSTOMERS, consents=CONSENTS):
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        (data / "c.csv").write_text(customers, encoding="utf-8")
        (data / "k.csv").write_text(consents, encoding="utf-8")
        columns = {"format": "clientbook column map 1", "system": "t",
                   "customers": {"file": "c.csv", "columns": COLUMNS}, "details": [DETAILS]}
        (self.folder / "map.json").write_text(json.dumps(columns), encoding="utf-8")
        return ("--map", self.folder / "map.json", "--from", data)

    def state(self, who, purpose, field):
        return self.ok("show", self.book, who, "-p", purpose, "--fields", field)["fields"][field]["state"]


class Collecting(Files):
    def test_no_law_by_accident(self):
        for options in ((), ("--profile", "no-such")):
            said = self.refused(1, "init", self.book, *options)
            for profile in ("gdpr", "us-ca", "us ", "strict"):
                self.assertIn(profile, said)
            self.assertFalse(self.book.exists())
            self.assertFalse(self.key.exists())
        told = json.loads(self.call("--json", "init", self.book).stdout)
        self.assertEqual(told["error"], 1)
        self.assertIn("us-ca", told["about"])
        # Each has its sentence, and each can be chosen.
        lines = [line for line in said.splitlines() if line.startswith("  ")]
        names = [one["name"] for one in self.ok("profile", "list")["profiles"]]
        self.assertEqual(sorted(line.split()[0] for line in lines), sorted(names))
        for number, name in enumerate(names):
            made = self.ok("init", self.folder / f"{number}.book", "--profile", name,
                           key=self.folder / f"key{number}" / "root.key")
            self.assertEqual(made["profile"], name)

    def test_a_field_is_kept_if_one_of_the_books_purposes_permits_it(self):
        self.begin("--profile", "gdpr")
        told = self.ok("import", self.book, *self.files())
        self.assertIn("client_care", told["kept_for"])
        self.assertEqual(told["not_collected"], {"birth_date": 1, "likes": 1})
        self.assertEqual(told["not_collected_why"]["likes"], {"NO_BASIS": 1})
        self.assertEqual(self.state("t:1", "client_care", "likes"), "shown")
        self.assertEqual(self.state("t:1", "client_care", "birth_date"), "shown")
        self.assertEqual(self.state("t:2", "customer_order_management", "emails"), "shown")
        self.assertNotEqual(self.state("t:2", "client_care", "likes"), "shown")

    def test_purposes_are_named_at_init_or_in_the_command(self):
        self.begin("--profile", "gdpr", "--purpose", "customer_order_management", "-p", "delivery_of_goods")
        self.assertEqual(self.refused(21, "import", self.book, *self.files(), "-p", "no_such").count("[21]"), 1)
        told = self.ok("import", self.book, *self.files())
        self.assertEqual(told["kept_for"], ["customer_order_management", "delivery_of_goods"])
        self.assertEqual(told["not_collected"]["likes"], 2)
        again = self.folder / "other.book"
        key = self.folder / "other" / "root.key"
        self.ok("init", again, "--profile", "gdpr", "-p", "client_care", key=key)
        self.refused(21, "init", self.folder / "third.book", "--profile", "gdpr", "-p", "no_such",
                     key=self.folder / "third" / "root.key")
        self.ok("notice", "add", again, "news", "--file", SOURCE / "examples" / "import" / "notice.txt",
                "--purpose", "client_care", "--to", "self", "--category", "all", key=key)
        told = self.ok("import", again, *self.files(), "-p", "customer_order_management", "-p", "client_care", key=key)
        self.assertEqual(told["kept_for"], ["customer_order_management", "client_care"])
        self.assertEqual(told["not_collected"]["likes"], 1)

    def test_a_husk_is_named_and_not_kept(self):
        self.begin("--profile", "strict")
        files = self.files(consents=CONSENTS + "2,deny,client_care,self,,2025-01-01T00:00:00Z\n")
        told = self.ok("import", self.book, *files)
        self.assertEqual((told["imported_customers"], told["not_kept"]), (1, ["c.csv, line 3"]))
        self.assertEqual(self.ok("stats", self.book)["customers"], 1)
        self.refused(4, "show", self.book, "t:2", "-p", "client_care")

    def test_it_is_said_per_field_and_reason(self):
        self.begin("--profile", "gdpr")
        files = self.files(consents=CONSENTS + "2,deny,client_care,self,,2025-01-01T00:00:00Z\n")
        said = self.call("import", self.book, *files).stdout
        self.assertIn("not collected: likes of 1 customers, the customer said no", said)
        # A husk is named for people too, by its place and by no value.
        strict = self.folder / "strict.book"
        key = self.folder / "strict" / "root.key"
        self.ok("init", strict, "--profile", "strict", key=key)
        self.ok("notice", "add", strict, "news", "--file", SOURCE / "examples" / "import" / "notice.txt",
                "--purpose", "client_care", "--to", "self", "--category", "all", key=key)
        said = self.call("import", strict, *files, key=key).stdout
        self.assertIn("not kept, since nothing that names or reaches the customer may be: c.csv, line 3", said)
        self.assertNotIn("Bo", said)

    def test_the_demo_shop_loses_what_nobody_agreed_to_and_no_more(self):
        told = self.make_shop()
        lost = told["not_collected"]
        one = self.folder / "one.book"
        key = self.folder / "one" / "root.key"
        self.ok("init", one, "--profile", "gdpr", key=key)
        for title in ("house-rules-2025", "newsletter-2025"):
            self.ok("notice", "add", one, title, "--file", SOURCE / "examples" / "import" / "notice.txt",
                    "--purpose", "all", "--to", "self,selected_partner", "--category", "all", key=key)
        before = self.ok("import", one, "--map", MAP, "--from", SOURCE / "examples" / "data",
                         "-p", "customer_order_management", key=key)["not_collected"]
        for field in ("likes", "sizes", "special_days", "notes"):
            self.assertLess(lost.get(field, 0), before[field])
        self.assertNotIn("name", lost)

    def test_what_is_kept_for_what_and_what_has_outlived_it(self):
        self.begin("--profile", "gdpr")
        self.ok("import", self.book, *self.files())
        kept = self.ok("retention", "kept", self.book, "t:1")["kept"]
        self.assertIn("client_care", kept["likes"]["purposes"])
        self.assertNotIn("customer_order_management", kept["likes"]["purposes"])
        self.assertIn("customer_order_management", kept["name"]["purposes"])
        self.assertEqual(self.ok("retention", "due", self.book)["due"], [])
        self.ok("consent", "withdraw", self.book, "t:1", "-p", "client_care")
        due = self.ok("retention", "due", self.book)["due"]
        self.assertEqual([sorted(one["fields"]) for one in due], [["birth_date", "likes"]])
        self.assertIn("nothing was removed", self.call("retention", "due", self.book).stdout)
        self.assertIn("likes", self.ok("retention", "kept", self.book, "t:1")["kept"])


class Erased(Files):
    """Who was erased, or said no before they were a customer."""

    def setUp(self):
        super().setUp()
        self.begin("--profile", "gdpr")
        self.ok("import", self.book, *self.files())
        self.receipt = self.ok("erase", self.book, "t:1", "--reason", "subject_request", "--mentions", "ignore")

    def test_last_months_file_brings_nobody_back(self):
        self.assertRegex(self.receipt["remembered_until"], r"^20\d\d-\d\d-\d\d$")
        files = self.files(customers=CUSTOMERS.split("\n")[0] + "\n9,Ann,Ann@Example.com,linen,\n3,Cleo,cleo@example.com,,\n",
                           consents="id,kind,p,r,n,at\n")
        said = self.call("import", self.book, *files)
        self.assertEqual(said.returncode, 0)
        self.assertIn("erased before, not taken (if they came back by their own will: --came-back ID or address, or --take-erased "
                      "for all): c.csv, line 2", said.stdout)
        self.assertNotIn("xample.com", said.stdout)
        self.refused(4, "show", self.book, "t:9", "-p", "customer_order_management")
        self.assertEqual(self.state("t:3", "customer_order_management", "emails"), "shown")
        again = self.files(customers=CUSTOMERS.split("2,Bo")[0])
        self.assertEqual(self.ok("import", self.book, *again)["erased_before"], ["c.csv, line 2"])
        self.assertEqual(self.ok("import", self.book, *again, "--take-erased")["imported_customers"], 1)

    def test_one_of_several_comes_back(self):
        self.ok("erase", self.book, "t:2", "--reason", "subject_request", "--mentions", "ignore")
        files = self.files()
        self.assertEqual(len(self.ok("import", self.book, *files)["erased_before"]), 2)
        self.refused(4, "import", self.book, *files, "--came-back", "77")
        told = self.ok("import", self.book, *files, "--came-back", "2")
        self.assertEqual((told["imported_customers"], told["erased_before"]), (1, ["c.csv, line 2"]))
        self.refused(4, "show", self.book, "t:1", "-p", "customer_order_management")

    def test_it_is_dropped_at_their_wish(self):
        periods = self.ok("refusal", "list", self.book)["periods"]
        self.assertEqual([one["refusals"] for one in periods], [2])
        self.assertEqual(self.ok("refusal", "forget", self.book, "--email", "ANN@example.com",
                                 "--id", "t:1")["forgotten"], 2)
        again = self.files(customers=CUSTOMERS.split("2,Bo")[0])
        self.assertEqual(self.ok("import", self.book, *again)["imported_customers"], 1)
        gone = self.ok("erase", self.book, "t:1", "--reason", "subject_request", "--mentions", "ignore",
                       "--remember-months", "0")
        self.assertIsNone(gone["remembered_until"])
        self.assertEqual(self.ok("import", self.book, *again)["imported_customers"], 1)

    def test_a_month_is_dropped_with_its_key(self):
        epoch = self.ok("stats", self.book)["epoch"]
        self.assertEqual(self.ok("refusal", "drop", self.book, "1")["forgotten"], 2)
        self.assertEqual(self.ok("stats", self.book)["epoch"], epoch + 1)
        self.assertEqual(self.ok("refusal", "list", self.book)["periods"], [])
        self.refused(4, "refusal", "drop", self.book, "7")
        self.refused(44, "refusal", "drop", self.book, "1", "--role", "associate")
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)

    def test_bad_input(self):
        self.refused(23, "refusal", "forget", self.book)
        self.refused(22, "refusal", "forget", self.book, "--id", "no-colon")
        self.assertEqual(self.call("erase", self.book, "t:2", "--reason", "other", "--remember-months", "-1").returncode, 1)

    def test_an_unsubscription_of_somebody_not_yet_known_waits(self):
        (self.folder / "unsubscribed.csv").write_text(
            "id,accepts_marketing\n3,FALSE\n", encoding="utf-8")
        told = self.ok("consent", "import", self.book, "--export", self.folder / "unsubscribed.csv", "--system", "t")
        self.assertEqual((told["unknown_customers"], told["remembered"]), (1, 1))
        files = self.files(customers=CUSTOMERS.split("\n")[0] + "\n3,Cleo,Cleo@example.com,,\n",
                           consents="id,kind,p,r,n,at\n3,grant,email_marketing,self,news,2025-01-01T00:00:00Z\n")
        self.assertEqual(self.ok("import", self.book, *files)["unsubscribed_before"], 1)
        self.assertEqual(self.state("t:3", "email_marketing", "emails"), "withheld")


if __name__ == "__main__":
    unittest.main()
