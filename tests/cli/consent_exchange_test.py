"""Consent that comes from elsewhere and goes there, previews and explanations."""
import base64
import json
import unittest

from program import SOURCE, ProgramTest

WHO = "clientbook:C-1001"  # agreed to e-mail from the shop and its partners


class ConsentExchange(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()

    def permitted(self, purpose="email_marketing", who=WHO):
        shown = self.ok("show", self.book, who, "--purpose", purpose)["fields"]
        return {key for key, field in shown.items() if "value" in field}

    def directives(self, who=WHO):
        return self.ok("consent", "history", self.book, who)["directives"]

    def test_a_signal_only_tightens(self):
        before = {purpose: self.permitted(purpose)
                  for purpose in ("email_marketing", "client_care", "personalised_advertising")}
        for signal in (("--gpc", "1, 1"), ("--usp", "1YYN"), ("--gpp", "DBABLA~CVVqGGGGGACA.QA")):
            self.assertGreater(self.ok("consent", "import", self.book, WHO, *signal)["recorded"], 0)
            for purpose, fields in before.items():
                self.assertLessEqual(self.permitted(purpose), fields)

    def test_what_is_no_signal_says_nothing(self):
        for value in ("0", "01", "true", "0, 0"):
            self.assertEqual(
                self.ok("consent", "import", self.book, WHO, "--gpc", value)["recorded"], 0)

    def test_a_string_that_cannot_be_read_changes_nothing(self):
        count = len(self.directives())
        for option, value, code in (("--usp", "1YY", 25), ("--gpp", "garbage", 6),
                                    ("--tcf", "CAAA", 25)):
            said = self.refused(code, "consent", "import", self.book, WHO, option, value)
            self.assertNotIn(value, said)
        self.assertEqual(len(self.directives()), count)

    def test_a_signal_of_100_kilobytes_opens_nothing(self):
        before = {purpose: self.permitted(purpose) for purpose in ("email_marketing", "client_care")}
        file = self.folder / "long.json"
        file.write_text('{"@id": "' + "x" * 100_000 + '"}', encoding="utf-8")
        for option, value in (("--gpc", "1" * 100_000), ("--gpp", "DBABLA~" + "C" * 100_000),
                              ("--gpp", "DBABLA~CVVqGGGGGACA.QA" * 4_500), ("--gpp", "D" * 100_000),
                              ("--tcf", "C" + "A" * 100_000), ("--usp", "1YYN" + "N" * 100_000),
                              ("--record", file)):
            with self.subTest(option, begins=str(value)[:12]):
                count = len(self.directives())
                done = self.call("--json", "consent", "import", self.book, WHO, option, value, "--notice",
                                 "newsletter-2025")
                self.assertLess(len(done.stderr), 1_000)
                if done.returncode:
                    self.assertEqual(len(self.directives()), count)
                else:  # resolved to the stricter
                    self.assertTrue(all(one["kind"] in ("deny", "refuse", "object", "withdraw")
                                        for one in self.directives()[count:]))
                for purpose, fields in before.items():
                    self.assertLessEqual(self.permitted(purpose), fields)

    def test_a_term_that_nobody_knows_is_refused_and_nothing_is_recorded(self):
        count = len(self.directives())
        good = {"-p": "email_marketing", "--to": "self", "--category": "name", "--operation": "use",
                "--by": "subject", "--channel": "web", "--strength": "explicit", "--notice": "newsletter-2025"}
        for option in good:
            call = [part for pair in dict(good, **{option: "no_such_word"}).items() for part in pair]
            said = self.call("consent", "grant", self.book, WHO, *call)
            self.assertNotEqual(said.returncode, 0, option)
            self.assertTrue(said.stderr, option)
        self.assertEqual(len(self.directives()), count)

    def test_a_record_of_days_alone_leaves_nothing_open_that_was_taken_back_that_day(self):
        record = json.loads(self.export("27560").stdout)
        record["dct:identifier"] = record["dpv:hasIdentifier"] = ["days-1"]
        record["@id"] = "urn:days-1"
        given = record["dpv:hasConsentStatus"][0]
        given["dpv:isIndicatedAtTime"] = ["2025-03-01T10:00:00Z"]
        taken = dict(given, **{"@type": ["dpv:ConsentWithdrawn"], "dpv:isIndicatedAtTime": ["2025-03-01"]})
        file = self.folder / "days.json"
        for events in ([given, taken], [taken, given]):
            record["dpv:hasConsentStatus"] = events
            file.write_text(json.dumps(record), encoding="utf-8")
            self.ok("consent", "import", self.book, WHO, "--record", file, "--notice", "newsletter-2025")
            self.assertEqual(self.permitted("client_care"), set())

    def test_a_consent_from_elsewhere_needs_the_notice(self):
        file = self.folder / "shopify.csv"
        real = SOURCE / ".." / "shared" / "data" / "consent-exports" / "shopify-customers.csv"
        if not real.is_file():
            self.skipTest("no consent-exports in CLIENTBOOK_DATA")
        file.write_text(real.read_text(encoding="utf-8"), encoding="utf-8")
        done = self.ok("consent", "import", self.book, "--export", file, "--system", "clientbook")
        self.assertEqual(done["recorded"], 0)
        self.assertGreater(done["unknown_customers"], 0)
        self.refused(23, "consent", "import", self.book, "--export", file)

    def test_a_gpp_string_says_what_was_denied(self):
        quiet = self.ok("consent", "export", self.book, WHO, "--format", "gpp")["gpp"]
        self.ok("consent", "import", self.book, WHO, "--gpc", "1")
        loud = self.ok("consent", "export", self.book, WHO, "--format", "gpp")["gpp"]
        self.assertNotEqual(quiet, loud)
        # Given back to the book, the string denies again.
        self.assertGreater(
            self.ok("consent", "import", self.book, "clientbook:C-1005", "--gpp", loud)["recorded"],
            0)
        for section in ("usca", "usva", "usmd"):
            self.ok("consent", "export", self.book, WHO, "--format", "gpp", "--section", section)
        self.refused(21, "consent", "export", self.book, WHO, "--format", "gpp", "--section", "xx")

    def export(self, kind, *more):
        return self.call("--json", "consent", "export", self.book, WHO, "--format", kind,
                         "--directive", "1", "--controller", "Shop", "--address", "1 High Street",
                         "--contact", "privacy@shop.example", "--withdrawal", "the desk", *more)

    def test_a_record_goes_out_and_comes_back(self):
        done = self.export("27560")
        self.assertEqual(done.returncode, 0, done.stderr)
        record = json.loads(done.stdout)
        self.assertIn("@context", record)
        file = self.folder / "record.json"
        file.write_text(done.stdout, encoding="utf-8")
        self.assertGreater(self.ok("consent", "import", self.book, WHO, "--record",
                                   file)["left_out"], 0)
        # It names whose it is: nobody else of the book gets a consent by it.
        self.refused(22, "consent", "import", self.book, "clientbook:C-1009", "--record", file)
        self.refused(4, "consent", "export", self.book, WHO, "--directive", "99")

    def test_a_receipt_is_signed_with_a_key_that_is_named(self):
        done = json.loads(self.export("receipt").stdout)
        header, payload, signature = done["receipt"].split(".")
        pad = "=" * 3
        self.assertEqual(json.loads(base64.urlsafe_b64decode(header + pad))["alg"], "EdDSA")
        try:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        except ImportError:
            self.skipTest("no python3-cryptography")
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(done["key"]))
        key.verify(base64.urlsafe_b64decode(signature + pad), f"{header}.{payload}".encode())

    def test_a_preview_lists_what_the_grant_then_opens(self):
        who = "clientbook:C-1004"
        call = ("--purpose", "email_marketing", "--to", "self", "--category",
                "name,email_address", "--notice", "newsletter-2025")
        shown = self.ok("consent", "preview", self.book, who, *call)
        fields = {key for cell in shown["cells"] for key in cell["fields"].split(", ")}
        self.assertEqual(fields, {"name", "emails"})
        self.assertEqual(len(shown["hash"]), 64)
        self.assertEqual(self.permitted(who=who), set())
        self.ok("consent", "grant", self.book, who, *call)
        self.assertEqual(self.permitted(who=who), fields)
        self.assertEqual(self.ok("consent", "preview", self.book, who, *call)["cells"], [])
        # As weak as it would be said, it opens as little.
        weak = self.ok("consent", "preview", self.book, "clientbook:C-1005", *call, "--strength", "implied")
        self.assertEqual(weak["cells"], [])
        self.refused(21, "consent", "preview", self.book, who, *call, "--strength", "firm")

    def test_an_explanation_names_the_rule_and_speaks_five_languages(self):
        why = self.ok("consent", "explain", self.book, WHO, "-p", "email_marketing", "--field",
                      "emails")
        self.assertEqual((why["decision"], why["code"]), ("permit", "GRANTED_BY"))
        self.assertEqual(why["directive"]["notice"]["title"], "newsletter-2025")
        self.assertIn("no lawyer", why["profile"]["unverified"])
        said = {self.ok("consent", "explain", self.book, WHO, "-p", "sell_data_to_third_parties",
                        "--to", "data_broker", "--operation", "sell", "--field", "emails",
                        "--language", language)["text"] for language in ("en", "de", "fr", "es", "it")}
        self.assertEqual(len(said), 5)


if __name__ == "__main__":
    unittest.main()
