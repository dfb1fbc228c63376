"""Requests and the ledger in forms that others read, held against what these forms say of themselves."""
import base64
import datetime
import hashlib
import json
import re
import sys
import unittest

from program import SOURCE, ProgramTest

sys.path.insert(0, str(SOURCE / "tests" / "python"))
import tlog_witness  # noqa: E402: Ed25519 that shares no code with the library

WHO = "clientbook:C-1001"
TODAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
# Data Rights Protocol, section 3.02: states, and which reasons each may have.
DRP_STATES = {"open": {None}, "in_progress": {None, "need_user_verification"}, "fulfilled": {None}, "revoked": {None},
              "expired": {None}, "denied": {"suspected_fraud", "insuf_verification", "no_match", "claim_not_covered",
                                            "outside_jurisdiction", "too_many_requests", "other"}}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def part(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verified(token, key):
    """Header and claims of a JWS in compact form (RFC 7515), EdDSA (RFC 8037)."""
    head, claims, signature = token.split(".")
    assert tlog_witness.verify.signed_by(key, f"{head}.{claims}".encode(), part(signature)), "signature"
    return json.loads(part(head)), json.loads(part(claims))


class Forms(ProgramTest):
    def setUp(self):
        super().setUp()
        self.make_shop()
        self.ok("recipient", "add", self.book, "Ads Ltd", "--class", "parcel_service", "--country", "DE",
                "--contract", "P-1")
        self.ok("disclose", self.book, WHO, "-p", "delivery_of_goods", "--to", "Ads Ltd")

    def opened(self, kind="erasure", *more):
        return self.ok("request", "open", self.book, WHO, "--kind", kind, "--received", TODAY, *more)["number"]

    def status(self, number, *more):
        told = self.ok("request", "drp-status", self.book, number, *more)
        self.assertIn("request_id", told)
        self.assertIn(told.get("reason"), DRP_STATES[told["status"]])
        self.assertRegex(told["received_at"], INSTANT)
        if told["status"] == "in_progress":
            self.assertRegex(told["expected_by"], INSTANT)
        return told

    def test_who_wanted_to_be_erased_is_for_whatever_reason(self):
        first, second = self.opened("erasure"), self.opened("erasure", "--reference", "again")
        access = self.opened("access", "--reference", "a copy")
        self.ok("request", "recipients", self.book, first)
        self.ok("request", "told", self.book, first, "Ads Ltd")
        self.ok("request", "identify", self.book, first, "--how", "seen")
        self.ok("request", "do", self.book, first)
        self.assertEqual(self.status(second)["status"], "fulfilled")
        self.assertEqual(self.status(access)["status"], "denied")

    def test_the_states_of_the_data_rights_protocol(self):
        number = self.opened("access", "--reference", "mail 7")
        told = self.status(number, "--request-id", "c789ff35", "--agent-request-id", "foo")
        self.assertEqual((told["status"], told["request_id"], told["agent_request_id"]), ("in_progress", "c789ff35", "foo"))
        self.assertIn("verified", told["processing_details"])
        self.assertNotIn("mail 7", json.dumps(told))
        self.ok("request", "identify", self.book, number, "--how", "answered from the known address")
        self.assertEqual(self.status(number)["status"], "in_progress")
        before = self.status(number)["expected_by"]
        self.ok("request", "extend", self.book, number, "--reason", "many records")
        extended = self.status(number)
        self.assertEqual(extended["processing_details"], "many records")
        self.assertGreater(extended["expected_by"], before)
        self.ok("request", "do", self.book, number, "--out", self.folder / "answer")
        self.assertEqual(self.status(number)["status"], "fulfilled")
        refused = self.opened("portability", "--identity", "seen")
        self.ok("request", "refuse", self.book, refused, "--reason", "no match")
        self.assertEqual(self.status(refused)["status"], "denied")
        withdrawn = self.opened("restriction", "--identity", "seen")
        self.ok("request", "withdraw", self.book, withdrawn)
        self.assertEqual(self.status(withdrawn)["status"], "revoked")
        self.refused(4, "request", "drp-status", self.book, 99)

    def test_a_deletion_request_of_the_framework(self):
        number = self.opened("erasure", "--identity", "seen")
        self.ok("request", "recipients", self.book, number)
        resource = self.ok("request", "dsrdelete", self.book, "--endpoint", "https://shop.example/deletion")
        self.assertEqual(set(resource), {"endpoint", "identifiers", "publicKey", "vendorScriptRequirement"})
        jwk, = resource["publicKey"]
        self.assertEqual((jwk["kty"], jwk["crv"]), ("OKP", "Ed25519"))
        wanted = json.dumps({one: jwk[one] for one in ("crv", "kty", "x")}, separators=(",", ":"), sort_keys=True)
        self.assertEqual(part(jwk["kid"]), hashlib.sha256(wanted.encode()).digest())  # RFC 7638
        value = hashlib.sha256(b"ken@example.com").hexdigest()
        asked = ("request", "deletion-token", self.book, number, "Ads Ltd", "--domain", "shop.example", "--type", "email",
                 "--format", "sha256", "--value", value)
        done = self.call(*asked)
        self.assertEqual(done.returncode, 0, done.stderr)
        head, claims = verified(done.stdout.strip(), part(jwk["x"]))
        self.assertEqual(head, {"typ": "JWT", "alg": "EdDSA", "kid": jwk["kid"]})
        self.assertEqual(set(claims), {"version", "idJWT", "jti", "iss", "sub", "iat"})
        _, origin = verified(claims["idJWT"], part(jwk["x"]))
        self.assertEqual(set(origin), {"version", "jti", "iss", "sub", "iat"})
        for one in (claims, origin):
            self.assertEqual((one["version"], one["iss"]), ("1.0", "shop.example"))
            self.assertEqual(one["sub"], {"identifierValue": value, "identifierType": "email", "identifierFormat": "sha256"})
            self.assertIsInstance(one["iat"], int)
        self.assertNotEqual(claims["jti"], origin["jti"])
        # Of a recipient that has got nothing, of another kind, of a domain that is none: refused.
        for code, call in ((4, asked[:4] + ("Nobody",) + asked[5:]), (22, asked[:6] + ("Shop Example",) + asked[7:])):
            self.refused(code, *call)
        other = self.opened("access", "--identity", "seen")
        self.refused(2, *asked[:3], other, *asked[4:])
        self.refused(22, "request", "dsrdelete", self.book, "--endpoint", "http://shop.example")

    def test_the_ledger_as_audit_events(self):
        self.call("disclose", self.book, WHO, "-p", "email_marketing", "--to", "Ads Ltd")
        bundle = self.ok("ledger", self.book, WHO, "--fhir")
        self.assertEqual((bundle["resourceType"], bundle["type"]), ("Bundle", "collection"))
        entries = self.ok("ledger", self.book, WHO)["entries"]
        self.assertEqual(len(bundle["entry"]), len(entries))
        for wrapped, entry in zip(bundle["entry"], entries):
            event = wrapped["resource"]
            # What R4 requires of an AuditEvent: type, recorded, agent.requestor, source.observer.
            self.assertEqual(event["resourceType"], "AuditEvent")
            self.assertLessEqual(set(event), {"resourceType", "id", "type", "subtype", "action", "recorded", "outcome",
                                              "purposeOfEvent", "agent", "source", "entity"})
            self.assertRegex(event["id"], r"^[A-Za-z0-9.-]{1,64}$")
            self.assertLessEqual({"system", "code"}, set(event["type"]))
            self.assertIn(event["action"], "CRUDE")
            self.assertIn(event["outcome"], ("0", "4", "8", "12"))
            self.assertEqual(event["recorded"], entry["at"])
            self.assertEqual([one["requestor"] for one in event["agent"]][0], True)
            self.assertTrue(all(isinstance(one["requestor"], bool) for one in event["agent"]))
            self.assertTrue(event["source"]["observer"]["display"])
            detail = event["entity"][0]["detail"]
            self.assertTrue(all({"type", "valueString"} == set(one) for one in detail))
        given = next(one["resource"] for one in bundle["entry"] if len(one["resource"]["agent"]) > 1)
        self.assertEqual(given["agent"][1]["name"], "Ads Ltd")
        self.assertEqual(given["purposeOfEvent"][0]["coding"][0]["code"], "DeliveryOfGoods")
        self.assertIn("4", {one["resource"]["outcome"] for one in bundle["entry"]})


if __name__ == "__main__":
    unittest.main()
