"""A shop's own files: a map is proposed, and the import goes by it."""
import json
import unittest

from program import ProgramTest

LIST = ("Nr.;Vorname;Nachname;PLZ;Ort;Tel.;E-Mail;Geb.;Newsletter;Sonstiges\r\n"
        "1;Ana;Jürgens;01067;Dresden;0171 39200 21;ana@example.de;31.12.1985;ja;\r\n"
        "2;Bo;Groß;50667;Köln;;bo@example.org;12.03.58;nein;ruft an\r\n")


class Map(ProgramTest):
    def setUp(self):
        super().setUp()
        self.list = self.folder / "kunden.csv"
        self.list.write_bytes(LIST.encode("cp1252"))
        self.map = self.folder / "map.json"

    def test_a_spreadsheet_goes_in_by_two_commands(self):
        self.make_book("--profile", "gdpr")
        said = self.call("map", self.list, "-o", self.map)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.assertIn("clientbook import", said.stdout)
        done = self.ok("import", self.book, "--map", self.map)
        self.assertEqual(done["imported_customers"], 2)
        self.assertEqual(done["consents_without_notice"], 1)
        self.assertEqual(done["imported_directives"], 1)
        shown = self.ok("show", self.book, "shop:1", "--purpose", "customer_order_management")
        self.assertIn("Jürgens", json.dumps(shown, ensure_ascii=False))

    def test_each_column_is_mapped_or_told(self):
        names = ["id", "Email", "Fax", "Website", "Total spent", "Buyer City", "Frobnication"]
        file = self.folder / "odd.csv"
        file.write_text(",".join(names) + "\n1,ann@example.org,7,x.example,9,Leeds,z\n", encoding="utf-8")
        said = self.call("map", file, "-o", self.map)
        self.assertEqual(said.returncode, 0, said.stderr)
        columns = json.loads(self.map.read_text(encoding="utf-8"))["customers"]["columns"]
        for name in names:
            self.assertTrue(name in columns or name in said.stdout, name)
        self.assertIn("not kept of odd.csv: ", said.stdout)

    def test_an_import_without_a_map_tells_what_it_does_not_keep(self):
        self.make_book("--profile", "gdpr")
        file = self.folder / "list.csv"
        file.write_text("Customer ID,First name,Email,Total spent,Fax\n"
                        "1,Ann,ann@example.org,9,7\n", encoding="utf-8")
        done = self.ok("import", self.book, file, "--dry-run")
        self.assertEqual(done["columns_not_kept"], {"list.csv": ["Total spent", "Fax"]})
        said = self.call("import", self.book, file)
        self.assertIn("not kept of list.csv: Total spent, Fax", said.stdout)

    def test_the_same_file_again_changes_nothing(self):
        self.make_book("--profile", "gdpr")
        self.ok("map", self.list, "-o", self.map)
        trial = self.ok("import", self.book, "--map", self.map, "--dry-run")
        self.assertEqual((trial["imported_customers"], trial["dry_run"]), (2, True))
        self.ok("import", self.book, "--map", self.map)
        self.assertIn("say what becomes of those", self.refused(5, "import", self.book, "--map", self.map))
        again = self.ok("import", self.book, "--map", self.map, "--add")
        self.assertEqual((again["imported_customers"], again["known_customers"]), (0, 2))
        self.assertEqual((again["completed_customers"], again["imported_directives"]), (0, 0))
        said = self.call("import", self.book, "--map", self.map, "--add").stdout
        self.assertIn("nothing changed", said)
        self.assertEqual(self.ok("import", self.book, "--map", self.map, "--skip-known")["known_customers"], 2)

    def test_next_months_file(self):
        self.make_book("--profile", "gdpr")
        self.ok("map", self.list, "-o", self.map)
        self.ok("import", self.book, "--map", self.map)
        newer = LIST.replace("Dresden", "Leipzig").replace("bo@example.org", "bo@new.example")
        self.list.write_bytes((newer + "3;Cy;Li;;;;cy@example.org;;;\r\n").encode("cp1252"))
        trial = self.ok("import", self.book, "--map", self.map, "--update", "--dry-run")
        self.assertEqual(trial["updated_fields"], {"addresses": 1, "emails": 1})
        self.assertEqual([one["place"] for one in trial["changes"]], ["line 2", "line 3"])
        self.assertIn("line 3: updates emails",
                      self.call("import", self.book, "--map", self.map, "--update", "--dry-run").stdout)
        done = self.ok("import", self.book, "--map", self.map, "--update")
        self.assertEqual((done["imported_customers"], done["updated_customers"]), (1, 2))
        self.assertEqual(done["updated_fields"], trial["updated_fields"])
        for _ in range(2):
            again = self.ok("import", self.book, "--map", self.map, "--update")
            self.assertEqual((again["imported_customers"], again["changed_customers"]), (0, 0))
        said = self.call("import", self.book, "--map", self.map, "--update").stdout
        self.assertIn("nothing changed", said)
        self.assertNotIn("new.example", said)

    def test_an_older_file_takes_nothing_back(self):
        self.make_book("--profile", "gdpr")
        self.ok("map", self.list, "-o", self.map)
        self.ok("import", self.book, "--map", self.map)
        self.list.write_bytes(LIST.replace("Dresden", "Leipzig").encode("cp1252"))
        again = ("import", self.book, "--map", self.map, "--update")
        old = self.ok(*again, "--as-of", "2025-01-31")
        self.assertEqual((old["older_values"], old["updated_customers"]), (1, 0))
        self.assertIn("of a later day than the file's", self.call(*again, "--as-of", "2025-01-31").stdout)
        self.refused(22, *again, "--as-of", "soon")
        self.assertEqual(self.ok(*again)["updated_customers"], 1)

    def test_a_trial_tells_every_fault_and_why(self):
        self.make_book("--profile", "gdpr")
        self.ok("map", self.list, "-o", self.map)
        spoilt = LIST + "3;Cy;Li;;;;not a mail;;ja;\r\n4;Di;Ro;;;;;99.99.1980;;\r\n"
        self.list.write_bytes(spoilt.encode("cp1252"))
        # A trial ends as the import would, and tells all of it.
        done = self.call("--json", "import", self.book, "--map", self.map, "--dry-run")
        self.assertEqual(done.returncode, 22)
        trial = json.loads(done.stdout)
        self.assertEqual(self.ok("import", self.book, "--map", self.map, "--dry-run", "--skip-bad-rows")["skipped_rows"], 2)
        self.assertEqual(trial["skipped_rows"], 2)
        self.assertEqual([one["place"] for one in trial["skipped"]],
                         ["kunden.csv, line 4, column 7 (E-Mail)", "kunden.csv, line 5, column 8 (Geb.)"])
        self.assertTrue(all(one["why"] for one in trial["skipped"]))
        self.refused(22, "import", self.book, "--map", self.map)
        kept = self.ok("import", self.book, "--map", self.map, "--skip-bad-rows")
        self.assertEqual(kept["imported_customers"], 2)

    def test_an_address_that_was_an_id_does_not_outlive_its_correction(self):
        self.make_book("--profile", "gdpr")
        people = self.folder / "people.csv"
        people.write_text("First name,Last name,Email\nAna,Ray,old@example.com\n", encoding="utf-8")
        self.ok("map", people, "-o", self.map)
        self.ok("import", self.book, "--map", self.map)
        self.ok("edit", self.book, "shop:old@example.com", "--drop", "emails=old@example.com", "--email", "new@example.com")
        shown = json.dumps(self.ok("show", self.book, "shop:old@example.com", "--purpose", "customer_order_management"))
        self.assertIn("new@example.com", shown)
        self.assertNotIn("old@example.com", shown)

    def test_vcards(self):
        self.make_book("--profile", "gdpr")
        cards = self.folder / "cards.vcf"
        cards.write_text("BEGIN:VCARD\nVERSION:3.0\nUID:7\nN:Ray;Ana;;;\nEMAIL:ana@example.com\nEND:VCARD\n",
                         encoding="utf-8")
        done = self.ok("import", self.book, "--vcards", cards, "--system", "phone")
        self.assertEqual(done["imported_customers"], 1)
        shown = self.ok("show", self.book, "phone:7", "--purpose", "customer_order_management")
        self.assertIn("Ray", json.dumps(shown))
        self.refused(1, "import", self.book)
        self.refused(6, "import", self.book, "--vcards", self.list)

    def test_a_known_export_goes_in_as_it_is(self):
        self.make_book("--profile", "gdpr")
        shop = self.folder / "customers_export.csv"
        shop.write_text("Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Total Spent\n"
                        "'71,Ana,Ray,ana@example.com,no,1.00\n", encoding="utf-8")
        done = self.ok("import", self.book, shop)
        self.assertEqual((done["imported_customers"], done["imported_directives"]), (1, 1))
        self.ok("show", self.book, "shopify:71", "-p", "customer_order_management")
        again = self.ok("import", self.book, shop, "--update")
        self.assertEqual((again["imported_customers"], again["changed_customers"]), (0, 0))
        cards = self.folder / "cards.vcf"
        cards.write_text("BEGIN:VCARD\nVERSION:3.0\nUID:7\nFN:Bo Li\nEMAIL:bo@example.com\nEND:VCARD\n",
                         encoding="utf-8")
        self.ok("import", self.book, cards, "--system", "phone")
        self.ok("show", self.book, "phone:7", "-p", "customer_order_management")

    def test_what_is_unsure_is_not_imported_and_the_two_commands_are_said(self):
        self.make_book("--profile", "gdpr")
        said = self.refused(23, "import", self.book, self.list)
        first = f"clientbook map {self.list} -o map.json"
        second = f"clientbook import {self.book} --map map.json"
        self.assertIn(f"`{first}`, then `{second}`", said)
        self.assertEqual(self.ok("stats", self.book)["customers"], 0)
        self.refused(1, "import", self.book)
        self.refused(1, "import", self.book, self.list, "--map", self.map)

    def test_an_error_names_the_line(self):
        broken = self.folder / "broken.csv"
        for text, code in (("id,name,email\n1,\"Ana,a@example.com\n", 25), ("id,name\n1,A\0na\n", 20)):
            broken.write_text(text, encoding="utf-8")
            self.assertIn("broken.csv, line 2: ", self.refused(code, "map", broken))
            self.make_book_once()
            self.assertIn("broken.csv, line 2: ", self.refused(code, "import", self.book, broken))

    def make_book_once(self):
        if not self.book.exists():
            self.make_book("--profile", "gdpr")

    def test_lists_of_consent_need_no_customers_beside_them(self):
        self.make_book("--profile", "gdpr")
        left = self.folder / "unsubscribed.csv"
        left.write_text("Email Address,UNSUB_TIME\ntom@example.net,2024-05-01 10:00:00\n", encoding="utf-8")
        self.assertEqual(self.ok("consent", "import", self.book, "--export", left)["remembered"], 1)
        cleaned = self.folder / "cleaned.csv"
        cleaned.write_text("Email Address,CLEAN_TIME\ntom@example.net,2024-05-01 10:00:00\n", encoding="utf-8")
        self.assertIn("no word of anybody", self.refused(23, "consent", "import", self.book, "--export", cleaned))
        self.ok("map", self.list, "-o", self.map)
        self.ok("import", self.book, "--map", self.map)
        own = self.folder / "newsletter.csv"
        own.write_text("Nr.;Datum;Was\n1;04.11.2025 10:15;Abmeldung\n2;05.11.2025 10:15;vielleicht\n"
                       + "2;06.11.2025 10:15;Anmeldung\n" * 4, encoding="utf-8")
        self.assertIn("--system", self.refused(23, "consent", "import", self.book, "--export", own))
        done = self.ok("consent", "import", self.book, "--export", own, "--system", "shop")
        self.assertEqual((done["recorded"], done["left_out"]), (1, 1))
        self.assertEqual([one["place"] for one in done["remarks"]], ["newsletter.csv, line 3, column 3 (Was)"])

    def known(self, *more):
        self.make_book("--profile", "gdpr")
        return self.ok("add", self.book, "--given", "Ann", "--email", "ann@x.example", "--phone", "+491713920021",
                       "-p", "customer_order_management", *more)["customer"]

    def taken(self, text, *more):
        file = self.folder / "left.csv"
        file.write_text(text, encoding="utf-8")
        self.map.unlink(missing_ok=True)
        self.call("map", file, "-o", self.map, *more)
        return self.ok("import", self.book, "--map", self.map, "--add", "-p", "customer_order_management")

    def noes_of(self, who):
        directives = self.ok("consent", "history", self.book, who)
        return json.dumps(directives)

    def test_what_cannot_be_read_among_noes_is_told_though_none_can(self):
        self.known()
        for header, cell in (("Keine Anrufe", "4.91713920021E+11"), ("Unsubscribed", "ann (at) x.example"),
                             ("Opt-out", "491713920021.00"), ("Keine Anrufe", "1713920021"),
                             ("Keine Anrufe", "0171-3920O21"), ("Keine Anrufe", "0171 3920021")):
            with self.subTest(cell=cell):
                done = self.taken(f"id,first name,{header}\n77,Bo,{cell}\n78,Cy,{cell}\n")
                self.assertEqual([one["place"] for one in done["remarks"]],
                                 [f"left.csv, line {line}, column 3 ({header})" for line in (2, 3)])
                self.assertIn("cannot be read", done["remarks"][0]["why"])
        self.assertIn("in 2 rows an address or number may be meant",
                      json.loads(self.call("map", self.folder / "left.csv").stdout)["customers"]["unsure"]["Keine Anrufe"])

    def test_noes_alone_are_recorded_and_it_is_said(self):
        self.make_book("--profile", "gdpr")
        self.ok("map", self.list, "-o", self.map)
        self.ok("import", self.book, "--map", self.map)
        self.map.unlink()
        file = self.folder / "left.csv"
        file.write_text("Nr.;E-Mail;Abgemeldet\n1;ana@example.de;ja\n", encoding="utf-8")
        self.ok("map", file, "-o", self.map)
        said = self.call("import", self.book, "--map", self.map, "--skip-known").stdout
        self.assertIn("decisions were recorded, and nothing else changed", said)
        self.assertNotIn("nothing changed", said)
        said = self.call("import", self.book, "--map", self.map, "--skip-known").stdout
        self.assertIn("nothing changed", said)

    def test_an_order_in_two_files_is_one_purchase(self):
        self.make_book("--profile", "gdpr")
        line = "id,order,day,store,total,article,price\n1,R1,2026-01-01,North,10.00,scarf,10.00\n"
        (self.folder / "people.csv").write_text("id,name\n1,Ann Weber\n", encoding="utf-8")
        for name in ("p1.csv", "p2.csv"):
            (self.folder / name).write_text(line, encoding="utf-8")
        columns = {"id": "external_id", "order": "purchase.order", "day": "purchase.day", "store": "purchase.store",
                   "total": "purchase.total", "article": "purchase.line.description", "price": "purchase.line.unit_price"}
        self.map.write_text(json.dumps({
            "format": "clientbook column map 1", "system": "t",
            "customers": {"file": "people.csv", "columns": {"id": "external_id", "name": "name.family"}},
            "details": [{"file": name, "columns": columns, "constants": {"purchase.currency": "EUR"}}
                        for name in ("p1.csv", "p2.csv")]}), encoding="utf-8")
        for known in ((), ("--add",)):
            done = self.ok("import", self.book, "--map", self.map, "-p", "customer_order_management", *known)
            self.assertEqual(done["repeated_receipts"], 2 if known else 1)
            shown = self.ok("show", self.book, "t:1", "-p", "customer_order_management")["fields"]["purchases"]["value"]
            self.assertEqual(len(shown), 1)
            self.assertEqual(json.dumps(shown).count("scarf"), 1)

    def test_a_no_without_a_way_closes_all(self):
        for text in ("Phone,Status\n+491713920021,STOP\n+491713920022,STOP\n",
                     "Phone,State\n+491713920021,unsubscribed\n", "Phone,Unsubscribed\n+491713920021,yes\n",
                     "E-Mail,Status\nann@x.example,STOP\nbo@x.example,ok\ncy@x.example,active\n",
                     "STOP\nann@x.example\n", "Stop list\n+491713920021\n", "Robinson\nann@x.example\n",
                     "Sperrliste\nann@x.example\n", "Do not contact\nann@x.example\n", "Gesperrte\nann@x.example\n"):
            with self.subTest(text=text):
                self.setUp()
                ann = self.known()
                self.taken(text)
                self.assertIn("direct_marketing", self.noes_of(ann))

    def test_the_map_alone_goes_to_standard_output(self):
        said = self.call("map", self.list)
        columns = json.loads(said.stdout)["customers"]["columns"]
        self.assertEqual(columns["E-Mail"], "emails[0].address")
        self.assertIn("not sure", said.stderr)
        self.assertNotIn("ana@example.de", said.stdout + said.stderr)

    def test_what_is_refused(self):
        self.ok("map", self.list, "-o", self.map)
        self.refused(5, "map", self.list, "-o", self.map)
        self.refused(4, "map", self.folder / "none.csv")
        self.refused(22, "map", self.list, "--region", "Germany")
        book = self.folder / "kunden.xlsx"
        book.write_bytes(b"PK\x03\x04....[Content_Types].xml")
        self.assertIn("Excel workbook", self.refused(6, "map", book))
        wide = self.folder / "wide.csv"
        wide.write_text(",".join(f"c{i}" for i in range(300_000)) + "\n", encoding="utf-8")
        self.assertIn("too many columns", self.refused(7, "map", wide))
        cars = self.folder / "cars.csv"
        cars.write_text("Year,Make\n1997,Ford\n", encoding="utf-8")
        self.assertIn("who a customer is", self.refused(23, "map", cars))

    def test_what_stands_beside_a_map_is_heard_or_refused(self):
        self.make_book("--profile", "gdpr")
        self.ok("map", self.list, "-o", self.map)
        self.refused(1, "import", self.book, "--map", self.map, "--region", "DE")
        self.refused(1, "import", self.book, self.list, "--from", self.folder)
        self.ok("import", self.book, "--map", self.map, "--system", "till")
        shown = self.ok("show", self.book, "till:1", "--purpose", "customer_order_management")
        self.assertIn("Jürgens", json.dumps(shown, ensure_ascii=False))


if __name__ == "__main__":
    unittest.main()
