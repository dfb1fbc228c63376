"""A day at the counter, from Python."""

import base64
import dataclasses
import datetime
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import clientbook
from clientbook import (Address, Code, Demographics, Directive, Email, ExternalId, Mark, Name, Note,
                        NumberInNote, Operation, Phone, Purchase, PurchaseLine, Purpose, Reason, Recipient,
                        Role, SpecialDay, State, YearlessDate)

ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT
NEWS = Purpose.EMAIL_MARKETING
KEN = {
    "name": Name(given="Ken", family="Sánchez"),
    "emails": [Email("ken@example.com", label="home")],
    "phones": [Phone("+1 202 555 0142")],
    "addresses": [Address(line1="4350 Minute Dr.", city="Newport Hills", postal_code="98006", country="US")],
    "external_ids": [ExternalId("loyalty", "L-1")],
}
GRANT = Directive("grant", purposes=[NEWS], recipients=[Recipient.SELF],
                  categories=["email_address", "name", "note"], notice="news", channel="paper", evidence="form 17")


def furnish(session):
    session.add_notice("news", "We write to you by e-mail.", purposes=[NEWS],
                       recipients=[Recipient.SELF, "selected_partner"], categories=["email_address", "name", "note"])
    return session.add_recipient("parcel-co", Recipient.PARCEL_SERVICE, country="DE", contract="PC-1",
                                 onward="forbidden")


class Day(unittest.TestCase):
    def setUp(self):
        self.book = clientbook.in_memory(profile="gdpr")
        self.session = self.book.session(7, Role.OWNER)
        furnish(self.session)
        self.ken = self.session.put(KEN, ORDER, [GRANT]).customer

    def tearDown(self):
        self.book.close()

    def test_what_is_said_is_answered(self):
        told = self.session.record_and_tell(self.ken, Directive("withdraw", [NEWS]))
        self.assertEqual(told["opened"], [])
        self.assertIn(("self", "email_marketing"), {(one["recipient"], one["purpose"]) for one in told["closed"]})
        self.assertGreater(self.session.import_consents(self.ken, gpc="1")["recorded"], 0)
        self.assertEqual(self.session.import_consents(self.ken, gpc="1")["recorded"], 0)
        with self.assertRaises(clientbook.Error):
            self.session.import_consents(self.ken, usp="1YY")

    def test_a_proof_of_age_takes_two_people(self):
        till, deputy = self.book.session(30, Role.ASSOCIATE), self.book.session(40, Role.MANAGER)
        self.session.note_birth_date(self.ken, datetime.date(2019, 5, 1))
        self.assertFalse(self.session.read(self.ken, NEWS).emails)
        born = datetime.date(1984, 2, 29)
        number = till.note_age_proof(self.ken, "passport", born=born, reference="desk 3")
        self.assertEqual([one["sequence"] for one in deputy.age_proofs(self.ken)], [number])
        with self.assertRaises(clientbook.Error):
            till.confirm_age_proof(self.ken, number, "passport", born=born)
        for wrong in ({"born": datetime.date(1984, 3, 1)}, {"at_least": 18}, {"born": born, "at_least": 18}, {}):
            with self.assertRaises(clientbook.Error):
                deputy.confirm_age_proof(self.ken, number, "passport", **wrong)
        with self.assertRaises(clientbook.Error):
            till.note_age_proof(self.ken, "napkin", born=born)
        with self.assertRaises(clientbook.Error):
            till.note_age_proof(self.ken, "passport", at_least=131)
        self.assertEqual(deputy.confirm_age_proof(self.ken, number, "passport", born=born)["opened"], [])
        self.assertEqual(deputy.age_proofs(self.ken), [])
        self.assertFalse(self.session.read(self.ken, NEWS).emails)

    def test_what_rests_on_a_notice_is_counted(self):
        notice = self.session.notices()[0]["notice"]
        self.assertIsNone(self.session.consents_under(notice))  # some, and fewer than five
        self.session.record(self.ken, Directive("withdraw", [NEWS]))
        self.assertEqual(self.session.consents_under(notice), 0)
        with self.assertRaises(clientbook.Error):
            self.session.consents_under(99)

    def test_a_yes_on_somebodys_word_waits(self):
        self.session.record(self.ken, Directive("withdraw", [NEWS]))
        till, deputy = self.book.session(30, Role.ASSOCIATE), self.book.session(40, Role.MANAGER)
        noted = till.record_and_tell(self.ken, GRANT)
        self.assertEqual((noted["opened"], noted["waiting"]), ([], ["email_marketing"]))
        self.assertEqual([one["sequence"] for one in deputy.waiting(self.ken)], [noted["sequence"]])
        with self.assertRaises(clientbook.Error):
            till.confirm_consent(self.ken, noted["sequence"], b"signed")
        with self.assertRaises(clientbook.Error):
            deputy.confirm_consent(self.ken, noted["sequence"], b"")
        told = deputy.confirm_consent(self.ken, noted["sequence"], b"signed", "binder 3")
        self.assertIn("email_marketing", {one["purpose"] for one in told["opened"]})
        self.session.record(self.ken, Directive("withdraw", [NEWS]))
        again = till.record(self.ken, GRANT)
        token = self.book.session(70, Role.SERVICE).ask_opt_in(self.ken, again)["token"]
        with self.assertRaises(clientbook.NotFound):
            till.bring_opt_in("0" * 64)
        self.assertGreater(till.bring_opt_in(token), again)
        self.assertEqual(deputy.waiting(self.ken), [])
        self.assertTrue(self.session.read(self.ken, NEWS).emails)

    def test_files_of_a_shop_are_imported(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "list.csv"
            file.write_text("id;mail\n1;cy@example.com\n2;dee@example.com\n", encoding="utf-8")
            proposed = clientbook.propose_column_map([file])["map"]
            trial = self.session.import_customers(proposed, folder, dry_run=True)
            self.assertEqual(trial["customers"], 2)
            self.assertEqual(self.session.import_customers(proposed, folder)["customers"], 2)
            again = self.session.import_customers(proposed, folder, known="add")
            self.assertEqual((again["customers"], again["known"], again["completed"]), (0, 2, 0))
            file.write_text("id;mail\n1;cy@new.example\n2;dee@example.com\n", encoding="utf-8")
            newer = self.session.import_customers(proposed, folder, known="update")
            self.assertEqual((newer["customers"], newer["updated_fields"]), (0, {"emails": 1}))
            self.assertEqual(self.session.import_customers(proposed, folder, known="update")["changed"], 0)
            with self.assertRaises(clientbook.Error):
                self.session.import_customers(proposed, folder)
            cards = pathlib.Path(folder) / "cards.vcf"
            cards.write_text("BEGIN:VCARD\nUID:7\nFN:Ed\nEMAIL:ed@example.com\nEND:VCARD\n", encoding="utf-8")
            self.assertEqual(self.session.import_customers(vcards=cards)["customers"], 1)
            plain = pathlib.Path(folder) / "plain.csv"
            plain.write_text("id,first name,email\n8,Fi,fi@example.com\n", encoding="utf-8")
            self.assertEqual(self.session.import_customers(files=[plain], system="till")["customers"], 1)
            plain.write_text("id,first name,email,riddle\n9,Gu,gu@example.com,x\n", encoding="utf-8")
            with self.assertRaises(clientbook.Error):
                self.session.import_customers(files=[plain], system="till")

    def test_what_is_permitted_is_exported(self):
        kept = {}

        def write(file, data):
            kept[file] = kept.get(file, b"") + data
            return len(data)

        done = self.session.export_customers("delivery_of_goods", "parcel-co", write, lambda: True)
        self.assertEqual((done["exported"], done["delivered"]), (1, True))
        self.assertIn(b"4350 Minute Dr.", kept["customers.csv"])
        self.assertIn("map.json", kept)
        lost = self.session.export_customers("delivery_of_goods", "parcel-co", lambda file, data: 0, form="vcards")
        self.assertEqual((lost["delivered"], lost["not_delivered"]), (False, 1))
        last = self.session.ledger(self.ken)[-1]
        self.assertEqual(last.event, "not_delivered")
        self.assertEqual(last.about, self.session.ledger(self.ken)[-2].index)
        with self.assertRaises(ZeroDivisionError):
            self.session.export_customers("delivery_of_goods", "parcel-co", lambda file, data: 1 // 0)
        self.assertEqual(self.session.ledger(self.ken)[-1].event, "not_delivered")
        lines = self.session.export_customers("delivery_of_goods", "parcel-co", write, form="json_lines")
        self.assertEqual(lines["exported"], 1)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "customers.jsonl"
            file.write_bytes(kept["customers.jsonl"])
            trial = self.session.import_customers(json_lines=file, known="add", dry_run=True)
            self.assertEqual((trial["skipped"], trial["customers"] + trial["known"]), ([], 1))
            with self.assertRaises(clientbook.Error):
                self.session.import_customers(json_lines=file, system="till")
        given = self.session.disclose(self.ken, "delivery_of_goods", "parcel-co")
        self.session.not_delivered(self.ken, given.ledger_index)
        with self.assertRaises(clientbook.Error):
            self.session.not_delivered(self.ken, given.ledger_index)

    def test_many_are_passed_on_at_once(self):
        both = self.session.disclose_many([self.ken, self.ken], "delivery_of_goods", "parcel-co", ["addresses"])
        self.assertEqual([one["permitted"] for one in both], [True, True])
        self.assertEqual(both[0]["fields"]["addresses"][0]["city"], "Newport Hills")
        self.assertNotIn("emails", both[0]["fields"])
        self.assertEqual(self.session.ledger(self.ken)[-1].index, both[1]["ledger_index"])
        no = self.session.disclose_many([self.ken], NEWS, "parcel-co")
        self.assertEqual(no, [{"customer": str(self.ken), "permitted": False}])

    def test_what_a_file_says_is_merged(self):
        first = self.session.merge(self.ken, {"name": {"given": "Kenneth"}, "language": "de"})
        self.assertEqual((first["kept"], first["replaced"]), (["name"], []))
        self.assertEqual(self.session.read(self.ken, "customer_order_management").name.given, "Ken")
        again = self.session.merge(self.ken, {"name": {"given": "Kenneth"}}, renew=True)
        self.assertEqual(again["replaced"], [])

    def test_recipients_are_edited_and_retired(self):
        number = self.session.add_recipient("Ads", "advertising_network", country="DE")
        self.session.edit_recipient(number, "Ads", "advertising_network", country="DE", contract="A-1")
        one = {party["name"]: party for party in self.session.recipients()}["Ads"]
        self.assertEqual(one["contract"], "A-1")
        self.session.retire_recipient(number)
        with self.assertRaises(clientbook.NotFound):
            self.session.retire_recipient(number)

    def test_consents_are_compiled_anew_in_steps(self):
        self.session.add_recipient("Ads", "advertising_network", country="DE")
        left = self.session.figures()["consents_outdated"]
        self.assertGreater(left, 0)
        self.assertEqual(self.session.compile_consents(1), left - 1)
        while left:
            left = self.session.compile_consents()
        self.assertEqual(self.session.figures()["consents_outdated"], 0)
        with self.assertRaises(clientbook.Error):
            self.session.compile_consents(0)

    def test_a_purpose_shows_what_it_needs(self):
        view = self.session.read(self.ken, NEWS)
        self.assertEqual(view.customer, self.ken)
        self.assertEqual(view.emails, (Email("ken@example.com", label="home"),))
        self.assertEqual(view.name.family, "Sánchez")
        self.assertEqual(view.state("emails"), State.SHOWN)
        self.assertEqual(view.reason("emails"), Reason.GRANTED_BY)
        self.assertIsNone(view.addresses)
        self.assertEqual(view.state("addresses"), State.WITHHELD)
        self.assertEqual(view.reason("addresses"), Reason.NO_BASIS)
        order = self.session.read(self.ken, "customer_order_management", fields=["addresses"])
        self.assertEqual(order["addresses"][0].line1, "4350 Minute Dr.")
        self.assertEqual(list(order), ["addresses"])
        self.assertEqual(order.state("name"), State.NOT_ASKED)
        with self.assertRaises(AttributeError):
            order.name
        with self.assertRaises(KeyError):
            order["no such"]

    def test_fields_need_a_basis(self):
        record = {"demographics": Demographics(gender="x")}
        with self.assertRaises(clientbook.NoBasis) as raised:
            self.session.put(record, ORDER)
        self.assertEqual(raised.exception.code, Code.NO_BASIS)
        self.assertEqual(raised.exception.at, 17)
        kept = self.session.put({"name": Name(given="Ann"), **record}, ORDER, leave_out=True)
        self.assertEqual(kept.left_out, ("demographics",))
        self.assertNotIn("demographics", self.session.may_collect(ORDER))
        self.assertIn("name", self.session.may_collect(ORDER))

    def test_a_field_is_kept_for_any_of_several_purposes(self):
        record = {"name": Name(given="Ann"), "likes": ["linen"]}
        with self.assertRaises(clientbook.NoBasis):
            self.session.put(record, Purpose.CLIENT_CARE)
        kept = self.session.put(record, [Purpose.CLIENT_CARE, "customer_order_management"], leave_out=True)
        self.assertEqual(kept.left_out, ("likes",))
        self.assertEqual(self.session.why_not_kept(kept.customer, "likes"), Reason.NO_BASIS)
        self.assertEqual(self.session.why_not_kept(kept.customer, "name"), 0)
        self.assertIn(ORDER, self.session.purposes)
        with self.assertRaises(clientbook.NoBasis):  # nobody could say whose it is
            self.session.put({"likes": ["linen"]}, leave_out=True)
        with clientbook.in_memory("gdpr", purposes=["client_care"]) as book:
            session = book.session(7, Role.MANAGER)
            self.assertEqual(session.purposes, (Purpose.CLIENT_CARE,))
            with self.assertRaises(clientbook.NoBasis):
                session.put(record)
        with self.assertRaises(TypeError):
            clientbook.in_memory()

    def test_a_purpose_of_a_case_reaches_whom_one_names(self):
        rights = Purpose.RIGHTS_FULFILMENT
        with self.assertRaises(clientbook.CaseRequired):
            self.session.read(self.ken, rights)
        number = self.session.open_case("rights", [self.ken], "letter 7", evidence="please tell me all")
        self.assertEqual(self.session.read(self.ken, rights).name.given, "Ken")
        with self.book.session(8, Role.ASSOCIATE) as till, self.assertRaises(clientbook.RoleDenied):
            till.read(self.ken, rights)
        fraud = self.session.open_case("fraud", [str(self.ken)], "file 9")
        with self.assertRaises(clientbook.Error) as alone:
            self.session.confirm_case(fraud)
        self.assertEqual(alone.exception.code, clientbook.Code.SECOND_PERSON_REQUIRED)
        with self.book.session(9, Role.PRIVACY_OFFICER) as second:
            second.confirm_case(fraud)
        self.session.close_case(number)
        self.assertEqual([(one["kind"], one["in_force"]) for one in self.session.cases()],
                         [("rights", False), ("fraud", True)])
        self.assertEqual(self.session.confirm_clock().tzinfo, datetime.timezone.utc)
        roles = {one["role"]: one for one in clientbook.roles()["roles"]}
        self.assertEqual(len(roles), len(Role))
        with self.assertRaises(clientbook.InvalidInput) as wrong:
            self.session.open_case("curiosity", [self.ken], "x")
        self.assertEqual(wrong.exception.where, "/kind")

    def test_a_canary_tells_who_looked(self):
        self.session.set_canaries([self.ken])
        self.assertEqual(self.session.canaries(), [str(self.ken)])
        with self.book.session(30, Role.ASSOCIATE) as till:
            till.read(self.ken, ORDER)
            with self.assertRaises(clientbook.RoleDenied):
                till.alarms()
            self.assertEqual([(one["actor"], one["customer"], one["purpose"]) for one in self.session.alarms()],
                             [(30, str(self.ken), "customer_order_management")])
            self.assertEqual([one["kind"] for one in self.session.alarms()], ["canary"])
            self.assertEqual(self.session.alarm_limits(), {"customers_to_one_recipient": 20})
            self.session.set_alarm_limits(quiet={"from": "20:30", "until": "06:00"})
            self.session.set_alarm_limits(customers_to_one_recipient=0)
            self.assertEqual(self.session.alarm_limits(),
                             {"customers_to_one_recipient": 0, "quiet": {"from": "20:30", "until": "06:00"}})
            with self.assertRaises(clientbook.Error):
                self.session.set_alarm_limits(quiet={"from": "8:30", "until": "06:00"})
            self.session.set_alarm_limits(quiet=None)
            self.assertNotIn("quiet", self.session.alarm_limits())

    def test_the_table_of_roles_is_changed_by_two(self):
        table = self.session.roles()
        table["roles"]["associate"]["book"]["all"].remove("see_looks")
        del table["roles"]["associate"]["portfolios"]["book"]
        with self.book.session(40, Role.PRIVACY_OFFICER) as officer, self.book.session(30, Role.ASSOCIATE) as till:
            number = officer.propose_roles(table)
            self.assertTrue(all(one["role"] == "associate" for one in officer.proposed_roles()["changes"]))
            till.who_looked(self.ken)
            with self.assertRaises(clientbook.Error) as alone:
                officer.approve_roles(number)
            self.assertEqual(alone.exception.code, Code.SECOND_PERSON_REQUIRED)
            self.session.approve_roles(number)
            self.assertEqual(self.session.proposed_roles(), {})
            with self.assertRaises(clientbook.RoleDenied):
                till.who_looked(self.ken)
            with self.assertRaises(clientbook.InvalidInput):
                officer.propose_roles({"roles": {"owner": {"book": {"all": ["administer"]}}}})

    def test_portfolios_say_whose_customers_an_associate_reaches(self):
        self.session.set_stores(30, [1])
        self.session.set_stores(31, [2])
        with self.assertRaises(clientbook.InvalidState):
            self.session.use_portfolios(True)
        self.session.assign([self.ken], store=1, primary=30)
        self.assertTrue(self.session.use_portfolios(True))
        whose = self.session.portfolio_of(self.ken)
        self.assertEqual((whose["store"], whose["associates"][0]["actor"], whose["associates"][0]["rank"]), (1, 30, "primary"))
        with self.book.session(30, Role.ASSOCIATE) as own, self.book.session(31, Role.ASSOCIATE) as other:
            self.assertEqual(own.read(self.ken, ORDER).name.given, "Ken")
            self.assertEqual([one["customer"] for one in own.customers_of(30)], [str(self.ken)])
            care = Purpose.CLIENT_CARE
            self.assertEqual([view.customer for view in own.scan(care)], [self.ken])
            self.assertEqual(list(other.scan(care)), [])
            own.list_customers(care, no_contact_for_days=90)
            with self.assertRaises(clientbook.RoleDenied):
                list(own.scan(ORDER))
            with self.assertRaises(clientbook.NotInPortfolio):
                other.read(self.ken, ORDER)
            with self.assertRaises(clientbook.RoleDenied):
                other.reassign(30, 31)
        self.assertEqual(self.session.reassign(30, 31), {"moved": 0, "left": 1})
        with self.assertRaises(ValueError):
            self.session.assign(["x"], store=1)
        self.assertTrue(self.session.use_portfolios(False))
        with self.book.session(40, Role.PRIVACY_OFFICER) as second:
            self.assertFalse(second.use_portfolios(False))
            self.assertEqual(second.portfolio_settings()["actors"],
                             [{"actor": 30, "stores": [1]}, {"actor": 31, "stores": [2]}])

    def acknowledge_nothing(self, number):
        party = self.session.add_recipient("Tailor & Co", Recipient.PROCESSOR, "DE")
        self.session.set_recipient_contact(party, "privacy@tailor.example")
        told = [one for one in self.session.recipients() if one["number"] == party]
        self.assertEqual([(one["contact"], one["acknowledgement_key"]) for one in told],
                         [("privacy@tailor.example", "")])
        with self.assertRaises(clientbook.Error) as same:
            self.session.set_recipient_contact(party, "privacy@tailor.example")
        self.assertEqual(same.exception.code, Code.ALREADY_EXISTS)
        for call in (lambda: self.session.recipient_notice(number, "Tailor & Co", Recipient.PROCESSOR, "17"),
                     lambda: self.session.change_request(number, tell="Tailor & Co", acknowledgement="signed")):
            with self.assertRaises(clientbook.Error) as unlisted:
                call()
            self.assertEqual(unlisted.exception.code, Code.NOT_FOUND)

    def test_a_request_from_the_letter_to_the_receipt(self):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        number = self.session.open_request(self.ken, "erasure", today, reference="letter 7")
        with self.assertRaises(clientbook.Error) as unknown:
            self.session.answer_request(number)
        self.assertEqual(unknown.exception.code, clientbook.Code.IDENTITY_UNVERIFIED)
        self.assertIn("15", self.session.request_mail(number, language="de", shop="Boutique 15"))
        self.session.change_request(number, identity="passport seen")
        self.assertEqual(self.session.request(number)["reference"], "letter 7")
        self.session.change_request(number, list=True)
        self.acknowledge_nothing(number)
        for one in self.session.request(number)["recipients"]:
            self.session.change_request(number, tell=one["recipient"], state="told")
        for wrong in ({"language": "de"}, {"mentions": "burnt"}):
            with self.assertRaises(clientbook.Error) as refused:
                self.session.answer_request(number, **wrong)
            self.assertIn(refused.exception.code, (Code.INVALID_ARGUMENT, Code.INVALID_VALUE))
        answer = self.session.answer_request(number, mentions="reported")
        self.assertEqual(len(answer["receipt"]["signature"]), 128)
        self.assertIn("notes_searched", answer["receipt"]["others"])
        self.session.change_request(number, close=True)
        self.assertEqual([one["state"] for one in self.session.requests()], ["closed"])
        with self.assertRaises(clientbook.InvalidInput) as wrong:
            self.session.open_request(self.ken, "curiosity", today)
        self.assertEqual(wrong.exception.where, "/kind")

    def test_whom_a_breach_concerns(self):
        told = self.session.breach(copy="book", until=datetime.datetime.now(datetime.timezone.utc), letter={"language": "it"})
        self.assertEqual((told["opens"], told["certain"]), ("yes", 0))
        self.assertIn(str(self.ken), [one["customer"] for one in told["customers"]])
        self.assertEqual(told["deadlines"][0]["rule"], "GDPR 33(1)")
        self.assertIn("Gentile cliente", told["letter"])
        self.assertEqual(self.session.breach(copy="data", until=datetime.datetime.now(datetime.timezone.utc).date())["opens"], "no")
        with self.assertRaises(clientbook.Error) as nobody:
            self.session.breach(recipient="Nobody")
        self.assertEqual(nobody.exception.code, clientbook.Code.NOT_FOUND)
        with self.assertRaises(clientbook.InvalidInput) as wrong:
            self.session.breach(copy="paper")
        self.assertEqual(wrong.exception.where, "/copy")
        with self.assertRaises(clientbook.InvalidInput):
            self.session.breach()

    def test_lists_of_hashes_are_answered(self):
        digest = base64.b64encode(hashlib.sha256(b"ken@example.com").digest()).decode()
        rows = f"ID,Hash\r\nAAAAAAAAAAA1,{digest}\r\nAAAAAAAAAAA2,KA18MT/ph6IHYjzT9zwETySDQyvSh87YuoSBpOQtkhE=\r\n"
        looked = self.session.answer_hash_lists({"email": rows})
        self.assertEqual((looked["customers"], looked["statuses"]["deleted"], looked["lists"]), (1, 1, []))
        told = self.session.answer_hash_lists({"email": rows}, work="opt_out")
        self.assertEqual(told["lists"][0]["statuses"], "Id,Status\r\nAAAAAAAAAAA1,2\r\nAAAAAAAAAAA2,5\r\n")
        self.session.disclose(self.ken, Purpose.DELIVERY_OF_GOODS, "parcel-co")
        waits = self.session.answer_hash_lists({"email": rows}, work="erase")
        self.assertEqual((waits["erased"], waits["lists"]), (0, []))
        self.assertEqual(waits["recipients"], [{"recipient": "parcel-co", "customers": 1}])
        done = self.session.answer_hash_lists({"email": rows}, work="erase", recipients_told=True)
        self.assertEqual(done["lists"][0]["statuses"], "Id,Status\r\nAAAAAAAAAAA1,3\r\nAAAAAAAAAAA2,5\r\n")
        with self.assertRaises(clientbook.Error) as gone:
            self.session.read(self.ken, ORDER)
        self.assertEqual(gone.exception.code, Code.KEY_ERASED)
        with self.assertRaises(clientbook.InvalidInput) as broken:
            self.session.answer_hash_lists({"email": rows + "ken@example.com,x\r\n"})
        self.assertEqual((broken.exception.where, broken.exception.at), ("/lists/0/text", 4))
        self.assertNotIn("ken", str(broken.exception))

    def test_what_recipients_still_have(self):
        self.session.disclose(self.ken, Purpose.DELIVERY_OF_GOODS, "parcel-co")
        self.assertEqual(self.session.expired(), [])
        with self.assertRaises(clientbook.NotFound):
            self.session.tell_expired(self.ken, "parcel-co")
        index = self.session.report_onward(self.ken, "parcel-co", "Bikes & Co", contact="privacy@bikes.example",
                                           fields=["addresses"], on=datetime.datetime.now(datetime.timezone.utc).date())
        last = self.session.ledger(self.ken)[-1]
        self.assertEqual((last.index, last.event, last.passed_on_by, last.recipient, last.fields),
                         (index, "onward", "parcel-co", "Bikes & Co", ("addresses",)))
        self.assertEqual((last.contact, last.on), ("privacy@bikes.example", self.session.confirm_clock().date()))
        with self.assertRaises(clientbook.Error) as again:
            self.session.report_onward(self.ken, "parcel-co", "Bikes & Co", contact="privacy@bikes.example",
                                       fields=["addresses"],
                                       on=datetime.datetime.now(datetime.timezone.utc).date())
        self.assertEqual(again.exception.code, Code.ALREADY_EXISTS)
        with self.assertRaises(clientbook.NotFound):
            self.session.report_onward(self.ken, "nobody", "Bikes & Co")

    def test_who_looks_is_told_and_counted(self):
        with self.book.session(30, Role.ASSOCIATE) as till:
            till.read(self.ken, ORDER)
            self.assertEqual(till.budget_left()["customers_this_hour"], 59)
            self.assertEqual(till.budget_left()["tables_this_month"], 0)
            self.assertEqual(len(till.directives(self.ken)), 1)
        today = self.session.confirm_clock().date()
        looks = [one for one in self.session.who_looked(self.ken) if one["actor"] == 30]
        self.assertCountEqual([(one.get("purpose"), one["times"]) for one in looks],
                              [("customer_order_management", {"read": 1}), (None, {"consents": 1})])
        report = self.session.seen_by(30, today, today)
        self.assertEqual({one["customer"] for one in report["customers"]}, {str(self.ken)})
        self.assertEqual(report["tables"], [])
        with self.assertRaises(clientbook.Error) as young:
            self.session.mentions(self.ken)
        self.assertEqual(young.exception.code, Code.CASE_REQUIRED)
        self.session.open_case("rights", [self.ken], "letter 7")
        with self.assertRaises(clientbook.Denied) as young:
            self.session.mentions(self.ken)
        self.session.raise_budget(30, 10)
        with self.book.session(30, Role.ASSOCIATE) as till:
            self.assertEqual(till.budget_left()["customers_this_hour"], 69)

    def test_an_erased_person_is_remembered_for_imports(self):
        self.assertEqual(self.session.remembered(KEN), [])
        self.assertEqual(self.session.kept_for(self.ken)["addresses"]["purposes"], ["customer_order_management"])
        self.assertEqual(self.session.due(), [])
        receipt = self.session.erase(self.ken)
        known = self.session.remembered({"emails": [Email("KEN@example.com")]})
        self.assertEqual([(one["kind"], one["by"], one["until"]) for one in known],
                         [("erased", "emails", receipt["remembered_until"])])
        bo = {"emails": [Email("bo@example.com")]}
        self.session.remember_unsubscribed(bo, datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc))
        self.assertEqual(self.session.remembered(bo)[0]["on"], "2025-01-01")
        self.assertEqual(self.session.forget_remembered(bo, "erased"), 0)
        self.assertEqual(self.session.forget_remembered(bo), 1)
        periods = self.session.refusal_periods()
        self.assertEqual([one["refusals"] for one in periods], [3])
        self.assertEqual(self.session.drop_refusals(periods[0]["number"]), 3)
        self.assertEqual(self.session.remembered(KEN), [])
        with self.assertRaises(clientbook.Erased):
            self.session.drop_refusals(periods[0]["number"])
        again = self.session.put(KEN, ORDER).customer
        self.assertIsNone(self.session.erase(again, remembered_months=0)["remembered_until"])

    def test_an_older_file_takes_nothing_back(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "list.csv"

            def bring(mail, **of):
                file.write_text(f"id,first name,email\n1,Cy,{mail}\n", encoding="utf-8")
                return self.session.import_customers(files=[file], system="till", known="update", **of)

            bring("new@example.com", as_of=datetime.date(2026, 1, 31))
            self.assertEqual(bring("old@example.com", as_of="2025-12-31")["older"], 1)
            self.assertEqual(bring("newer@example.com")["updated"], 1)
            with self.assertRaises(clientbook.InvalidInput):
                bring("x@example.com", as_of="soon")

    def test_whoever_was_erased_comes_back_where_one_says_so(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "list.csv"
            file.write_text("id,first name,email\n1,Cy,cy@example.com\n2,Dee,dee@example.com\n3,Eve,eve@example.com\n",
                            encoding="utf-8")
            people = {"files": [file], "system": "till"}
            self.assertEqual(self.session.import_customers(**people)["customers"], 3)
            for number in ["1", "2", "3"]:
                self.session.erase(self.session.find("till", number))
            nobody = self.session.import_customers(**people)
            self.assertEqual((nobody["customers"], nobody["erased_before"], len(nobody["skipped"])), (0, 3, 3))
            with self.assertRaises(clientbook.NotFound):
                self.session.import_customers(**people, skip_bad_rows=True, came_back=["1", "4"])
            self.assertEqual(self.session.figures()["customers"], 1)
            one = self.session.import_customers(**people, skip_bad_rows=True, came_back=["2"])
            self.assertEqual((one["customers"], one["erased_before"]), (1, 2))
            self.assertEqual([each["place"] for each in one["skipped"]], ["list.csv, line 2", "list.csv, line 4"])
            self.assertIsNotNone(self.session.find("till", "2"))
            rest = self.session.import_customers(**people, known="skip", take_erased=True)
            self.assertEqual((rest["customers"], rest["known"], rest["erased_before"]), (2, 1, 0))

    def test_what_an_import_may_not_keep_is_counted(self):
        self.session.remember_unsubscribed({"emails": [Email("cy@example.com")]},
                                           datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc))
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "list.csv"
            file.write_text("id,first name,email,likes\n1,Cy,cy@example.com,silk\n2,Dee,dee@example.com,\n",
                            encoding="utf-8")
            counts = self.session.import_customers(files=[file], system="till")
            self.assertEqual((counts["customers"], counts["unsubscribed_before"]), (2, 1))
            self.assertEqual(counts["not_collected"], {"likes": 1})

    def test_many_are_erased_in_one_transaction(self):
        two = [self.ken, self.session.put({"name": clientbook.Name(given="Bo")}, ORDER).customer]
        with self.assertRaises(clientbook.Error) as refused:
            self.session.erase_many(two + [two[0]])
        self.assertEqual((refused.exception.code, refused.exception.at), (Code.INVALID_ARGUMENT, 3))
        self.assertEqual(self.session.figures()["erased"], 0)
        receipts = self.session.erase_many(two, clientbook.ErasureReason.RETENTION_END, remembered_months=0)
        self.assertEqual([one["customer"] for one in receipts], [str(one) for one in two])
        self.assertEqual(len({one["epoch_after"] for one in receipts}), 1)
        self.assertEqual(self.session.figures()["erased"], 2)

    def test_old_entries_go_and_are_told_as_gone(self):
        now = [datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)]
        with clientbook.in_memory("gdpr", clock=lambda: now[0]) as book, \
                book.session(7, Role.OWNER) as session:
            session.add_recipient("parcel-co", "parcel_service", country="DE", contract="C-1")
            jo = session.put({"name": {"given": "Jo"}}, purposes="customer_order_management").customer
            for _ in range(300):
                session.disclose(jo, "delivery_of_goods", "parcel-co")
            now[0] = datetime.datetime(2027, 6, 1, tzinfo=datetime.timezone.utc)
            session.confirm_clock()
            seen, before = session.checkpoint(), datetime.date(2027, 1, 1)
            told = session.prune_ledger(before, published=seen, only_tell=True)
            self.assertEqual((told["from"], told["until"], session.pruned_of(jo)), (0, 256, 0))
            self.assertEqual(session.prune_ledger(before, published=seen)["last"], "2026-01-02")
            self.assertEqual((session.pruned_of(jo), len(session.ledger(jo))), (255, 45))  # One entry is not theirs.
            with self.assertRaises(clientbook.Error) as gone:
                session.prove(0)
            self.assertEqual(gone.exception.code, Code.PRUNED)
            shown = clientbook.check_evidence(session.evidence(jo), session.log_identity())
            self.assertEqual(shown["pruned"], {"entries": 255, "below": 256})

    def test_the_ledger_is_sealed_in_epochs(self):
        with clientbook.in_memory(profile="gdpr") as unsaid:
            with self.assertRaises(clientbook.Error) as empty:
                unsaid.session(7, Role.OWNER).end_epoch()
        self.assertEqual(empty.exception.code, Code.INVALID_STATE)
        self.session.erase(self.session.put({"name": {"given": "Jo"}}, purposes="customer_order_management").customer)
        first = self.session.end_epoch()
        self.assertEqual(first["epoch"], 1)
        self.session.end_epoch()
        seals, log = self.session.seals(), self.session.log_identity()
        self.assertEqual([one["epoch"] for one in clientbook.check_seals(seals, log, first["key"])["sealed"]], [0, 1])
        self.assertEqual(clientbook.check_seals(seals, log)["epoch"], 2)
        with self.assertRaises(clientbook.Error) as unknown:
            clientbook.check_seals(seals, log, log)
        self.assertEqual(unknown.exception.code, Code.SIGNATURE_INVALID)

    def test_what_is_due_goes_and_who_is_held_stays(self):
        until = datetime.datetime(2090, 1, 1, tzinfo=datetime.timezone.utc)
        self.assertEqual(self.session.place_hold(self.ken, "claim announced", reference="file 7", until=until), 1)
        held = self.session.holds()
        self.assertEqual([(one["customer"], one["reason"], one["until"]) for one in held],
                         [(str(self.ken), "claim announced", "2090-01-01T00:00:00Z")])
        with self.assertRaises(clientbook.Error) as refused:
            self.session.erase(self.ken)
        self.assertEqual((refused.exception.code, refused.exception.at), (Code.KEPT_BY_LAW, 1))
        told = self.session.run_retention(only_tell=True)
        self.assertEqual(told, {"items": [], "receipts": [], "next": 0})
        self.assertEqual(self.session.run_retention()["receipts"], [])
        self.session.lift_hold(self.ken, 1)
        self.assertEqual(self.session.holds(), [])
        with self.assertRaises(clientbook.Error) as unknown:
            self.session.lift_hold(self.ken, 1)
        self.assertEqual(unknown.exception.code, Code.NOT_FOUND)

    def test_what_a_law_names_is_kept_apart(self):
        who = self.session.put({"name": clientbook.Name(given="Bo")}, "tax_record_keeping").customer
        receipt, = self.session.erase_many([who], clientbook.ErasureReason.OTHER, law_kept_years=10)
        kept, = receipt["retained"]
        self.assertEqual(kept["purpose"], "tax_record_keeping")
        self.assertTrue(kept["until"].endswith("-12-31"))
        self.assertEqual([(one["id"], one["fields"]) for one in self.session.retained()], [(kept["id"], ["name"])])
        with self.assertRaises(clientbook.Error) as refused:
            self.session.read_retained(kept["id"], "tax_record_keeping")
        self.assertEqual(refused.exception.code, Code.CASE_REQUIRED)
        self.session.open_case("tax", [kept["id"]], "audit 7")
        read = self.session.read_retained(kept["id"], "tax_record_keeping")
        self.assertEqual(read["record"]["name"]["given"], "Bo")
        with self.assertRaises(clientbook.Denied):
            self.session.read_retained(kept["id"], "client_care")
        with self.assertRaises(clientbook.Error) as unknown:
            self.session.read(kept["id"], "tax_record_keeping")
        self.assertEqual(unknown.exception.code, Code.NOT_FOUND)

    def test_what_is_wrong_says_where(self):
        with self.assertRaises(clientbook.InvalidInput) as raised:
            self.session.put({"emails": [{"adress": "ken@example.com"}]}, ORDER)
        self.assertEqual(raised.exception.where, "/emails/0")
        with self.assertRaises(clientbook.Error) as raised:
            self.session.put(KEN, ORDER)
        self.assertEqual(raised.exception.code, Code.ALREADY_EXISTS)
        with self.assertRaises(clientbook.InvalidInput):
            self.session.put(b"\xa1\x01", ORDER)
        with self.assertRaises(clientbook.InvalidInput):
            self.session.read(self.ken, "no_such_purpose")

    def test_changes_and_transactions(self):
        with self.assertRaises(ZeroDivisionError):
            with self.session.transaction() as session:
                session.update(self.ken, {"phones": [Phone("+1 202 555 0199")]}, ORDER)
                raise ZeroDivisionError
        self.assertEqual(self.session.read(self.ken, ORDER).phones[0].number, "+1 202 555 0142")
        with self.session.transaction() as session:
            session.update(self.ken, {"phones": [Phone("+1 202 555 0199")]}, ORDER)
            session.remove(self.ken, "addresses")
        view = self.session.read(self.ken, ORDER)
        self.assertEqual(view.phones[0].number, "+1 202 555 0199")
        self.assertEqual(view.state("addresses"), State.ABSENT)

    def test_a_record_is_edited_by_hand(self):
        changed = self.session.edit(self.ken, add={"phones": [Phone("+1 202 555 0199")], "name": Name(nickname="Kenny")},
                                    drop={"emails": ["ken@example.com"]}, purposes=ORDER)
        self.assertEqual(set(changed), {"phones", "name", "emails"})
        view = self.session.read(self.ken, ORDER)
        self.assertEqual([one.number for one in view.phones], ["+1 202 555 0142", "+1 202 555 0199"])
        self.assertEqual((view.name.given, view.name.nickname), ("Ken", "Kenny"))
        self.assertEqual(view.state("emails"), State.ABSENT)
        with self.assertRaises(clientbook.Error) as raised:
            self.session.edit(self.ken, add={"phones": [Phone("+1 202 555 0199")]}, purposes=ORDER)
        self.assertEqual(raised.exception.code, Code.ALREADY_EXISTS)
        with self.assertRaises(clientbook.NoBasis):
            self.session.edit(self.ken, add={"phones": [Phone("+1 202 555 0198")]}, purposes=NEWS)
        with self.assertRaises(clientbook.InvalidInput) as raised:
            self.session.edit(self.ken, set={"emails": [{"adress": "x"}]}, purposes=ORDER)
        self.assertEqual(raised.exception.where, "/set/emails/0")
        self.session.edit(self.ken, remove=["phones"], purposes=ORDER)
        self.assertEqual(self.session.read(self.ken, ORDER).state("phones"), State.ABSENT)

    def test_who_may_be_there_twice(self):
        other = self.session.put({"name": Name(given="Lou", family="Young"), "emails": [Email("KEN@example.com")]},
                                 purposes=ORDER).customer
        told = self.session.duplicates(ORDER)
        self.assertEqual(told["pairs"], [{
            "first": str(self.ken), "second": str(other), "names": 0, "same_postcode": False, "same_birth_date": False,
            "shared": [{"field": "emails", "in_first": 1, "in_second": 1}]}])
        self.assertEqual((told["more"], told["not_same"], told["crowded"], told["unreadable"]), (False, 0, 0, 0))
        self.assertEqual(self.session.duplicates(ORDER, of=[self.ken, str(other)], most=1)["more"], True)
        self.assertEqual(self.session.duplicates(NEWS, of=[other])["pairs"], [])
        self.session.note_not_same(self.ken, other)
        with self.assertRaises(clientbook.Error) as raised:
            self.session.note_not_same(other, self.ken)
        self.assertEqual(raised.exception.code, Code.ALREADY_EXISTS)
        self.assertEqual(self.session.duplicates(ORDER)["not_same"], 1)
        self.session.forget_not_same(self.ken, other)
        with self.assertRaises(clientbook.NotFound):
            self.session.forget_not_same(self.ken, other)
        with self.assertRaises(clientbook.NotFound):
            self.session.duplicates(ORDER, of=[bytes(16)])

    def test_two_customers_are_one_and_two_again(self):
        other = self.session.put({"name": Name(given="Kenny", family="Sanchez"), "emails": [Email("kenny@y.example")]},
                                 purposes=ORDER).customer
        told = self.session.merge_customers(self.ken, other, only_tell=True)
        fates = {one["field"]: (one["fate"], one["added"]) for one in told["fields"]}
        self.assertEqual((fates["name"], fates["emails"]), (("stays", 0), ("united", 1)))
        self.assertIsNone(told["receipt"])
        done = self.session.merge_customers(self.ken, other, take=["name"])
        self.assertEqual((done["receipt"]["stays"], done["receipt"]["goes"]), (str(self.ken), str(other)))
        self.assertEqual(self.session.read(other, ORDER)["name"].given, "Kenny")
        self.assertEqual(self.session.parts(other)["customer"], str(self.ken))
        with self.assertRaises(clientbook.Error) as raised:
            self.session.merge_customers(self.ken, other)
        self.assertEqual(raised.exception.code, Code.ALREADY_EXISTS)
        with self.assertRaises(clientbook.Error) as raised:
            self.session.merge_customers(self.ken, self.ken)
        self.assertEqual(raised.exception.code, Code.INVALID_ARGUMENT)
        self.session.disclose(self.ken, "delivery_of_goods", "parcel-co")
        back = self.session.unmerge(other)
        self.assertEqual(back["restored"], ["name", "emails"])
        # What went out while the two were one may have been of either.
        self.assertEqual([one.of_both for one in self.session.ledger(other) if one.event == "disclosure"], [True])
        self.assertFalse(any(one.of_both for one in self.session.ledger(self.ken)))
        self.assertEqual(self.session.parts(self.ken)["parts"], [])
        with self.assertRaises(clientbook.NotFound):
            self.session.unmerge(other)
        with self.assertRaises(clientbook.Error) as raised:
            self.session.merge_customers(self.ken, other, take=["nosuch"])
        self.assertEqual((raised.exception.code, raised.exception.where), (Code.UNKNOWN_FIELD, "/take/0"))

    def test_the_index_at_rest_answers_as_the_records_do(self):
        sealed = clientbook.SearchPath.SEALED
        self.assertEqual(self.session.search("ken", ORDER, path=sealed)["path"], "scan")
        while self.session.build_index(100):
            pass
        told = self.session.search("ken", ORDER, path=sealed)
        self.assertEqual((told["path"], told["scanned"], told["hits"][0]["customer"]), ("sealed", 0, str(self.ken)))
        plan = self.session.index_plan()
        self.assertEqual((plan["kind"], plan["current"]), ("sealed", plan["customers"]))
        self.assertEqual([one["kind"] for one in plan["plan"]], ["scan", "memory", "sealed"])
        self.session.drop_index()
        self.assertEqual(self.session.index_plan()["buckets"], 0)
        with self.assertRaises(clientbook.Error) as raised:
            self.session.build_index(0)
        self.assertEqual(raised.exception.code, Code.INVALID_ARGUMENT)

    def test_somebody_is_found_by_what_they_say(self):
        for typed in ("sanch", "KEN sánchez", "0142", "ken@", "loyalty:L-1", "Snachez"):
            told = self.session.search(typed, ORDER)
            self.assertEqual([one["customer"] for one in told["hits"]], [str(self.ken)], typed)
        self.assertEqual(told["hits"][0]["why"], [{"field": "name", "match": "nearly"}])
        self.assertEqual((told["path"], told["matches"]), ("memory", 1))
        self.assertEqual(self.session.search("ken", ORDER, path=clientbook.SearchPath.SCAN)["path"], "scan")
        self.assertEqual(self.session.search("Snachez", ORDER, as_typed=True)["hits"], [])
        self.assertEqual(self.session.search("ken", Purpose.CLIENT_CARE)["hits"], [])
        shown = self.session.search("ken", ORDER, fields=["name"])["hits"][0]["fields"]
        self.assertEqual(list(shown), ["name"])
        with self.assertRaises(clientbook.Error) as raised:
            self.session.search("%", ORDER)
        self.assertEqual(raised.exception.code, Code.INVALID_ARGUMENT)
        self.assertEqual(self.session.find_by_email("KEN@example.com", ORDER), [self.ken])
        self.assertEqual(self.session.find_by_phone("0012025550142", ORDER), [self.ken])
        self.assertEqual(self.session.find_by_id("loyalty", "L-1", ORDER), [self.ken])
        with self.assertRaises(clientbook.NotFound):
            self.session.find_by_email("ken@example.com", Purpose.CLIENT_CARE)

    def test_lists(self):
        day = datetime.date(2026, 3, 14)
        self.session.append_purchase(self.ken, Purchase(day=day, lines=(PurchaseLine("S-1", "silk scarf"),)), ORDER)
        told = self.session.list_customers(ORDER, bought="scarf", bought_since=datetime.date(2026, 1, 1))
        self.assertEqual(told["count"], 1)
        self.assertEqual(told["customers"][0]["customer"], str(self.ken))
        self.assertEqual(told["customers"][0]["last_purchase"], "2026-03-14")
        self.assertEqual(self.session.list_customers(ORDER, bought="boots")["count"], 0)
        self.assertEqual(self.session.list_customers(ORDER, days=14)["count"], 0)
        with self.assertRaises(clientbook.Error) as raised:
            self.session.list_customers(ORDER)
        self.assertEqual(raised.exception.code, Code.INVALID_ARGUMENT)

    def test_tasks_contacts_and_tags(self):
        care = Purpose.CLIENT_CARE
        self.session.add_notice("care", "What we keep.", purposes=[care], recipients=[Recipient.SELF],
                                categories=["name", "note", "communications_metadata", "loyalty_id", "like", "preference",
                                            "clothing_size"],
                                operations=[Operation.COLLECT, Operation.STORE, Operation.USE, Operation.QUERY])
        self.session.record(self.ken, Directive("grant", purposes=[care], recipients=[Recipient.SELF],
                                                categories=["name", "note", "communications_metadata", "loyalty_id",
                                                            "like", "preference", "clothing_size"],
                                                operations=["collect", "store", "use", "query"],
                                                notice="care", channel="paper", evidence="form 18"))
        task = clientbook.Task("Call about the hem", due=datetime.date(2020, 3, 1), lead_days=2, assigned=7)
        at = datetime.datetime(2020, 3, 14, 9, 30, tzinfo=datetime.timezone.utc)
        contact = clientbook.Contact(at, "phone", "out", outcome="reached")
        wish = clientbook.Wish("Silk scarf", colour="red", until=YearlessDate(12, 24))
        reach = clientbook.Reach("phone", "21:00", "08:00")
        changed = self.session.edit(self.ken, add={"tasks": [task], "contacts": [contact], "tags": ["bridal"],
                                                   "tier": "gold", "wishes": [wish], "reach": reach}, purposes=care)
        self.assertEqual(set(changed), {"tasks", "contacts", "tags", "tier", "wishes", "reach"})
        seen = self.session.read(self.ken, care)
        self.assertEqual((seen.tasks, seen.contacts, seen.tags), ((task,), (contact,), ("bridal",)))
        self.assertEqual((seen.tier, seen.wishes, seen.reach), ("gold", (wish,), reach))
        self.assertNotIn("hem", repr(seen.tasks) + repr(seen.contacts))
        told = self.session.list_customers(care, tasks_due_within_days=0, assigned=7, tag="bridal", tier="Gold",
                                           no_contact_for_days=30)
        self.assertEqual(told["count"], 1)
        self.assertEqual((told["customers"][0]["task"], told["customers"][0]["last_contact"]),
                         ("Call about the hem", "2020-03-14"))
        self.assertEqual(self.session.edit(self.ken, change={"tasks": [(task, {"state": "done"})]}, purposes=care),
                         ("tasks",))
        with self.assertRaises(clientbook.NotFound):
            self.session.edit(self.ken, change={"tasks": [(task, {"state": "dropped"})]}, purposes=care)
        self.assertEqual(self.session.list_customers(care, tasks_due_within_days=0)["count"], 0)
        self.assertEqual(self.session.add_built_in_fields(), ())
        with self.assertRaises(clientbook.RoleDenied):
            self.book.session(30, Role.ASSOCIATE).add_built_in_fields()
        with self.assertRaises(clientbook.InvalidInput):
            self.session.edit(self.ken, add={"tasks": [clientbook.Task("SSN 536-22-1234")]}, purposes=care)

    def test_purchases_and_notes(self):
        day = datetime.date(2026, 3, 14)
        receipt = Purchase(day=day, order="A-1", currency="EUR", total=4990,
                           lines=(PurchaseLine("S-1", "scarf", 1, 4990),))
        self.assertEqual(self.session.append_purchase(self.ken, receipt, ORDER), 1)
        self.assertEqual(list(self.session.purchases(self.ken, ORDER)), [receipt])
        figures = self.session.figures_of(self.ken, ORDER)
        self.assertEqual((figures["purchases"], figures["last_visit"], figures["spend"]),
                         (1, "2026-03-14", [{"currency": "EUR", "spent": 4990, "returned": 0}]))
        with self.assertRaises(clientbook.Denied):
            self.session.figures_of(self.ken, NEWS)
        at = datetime.datetime(2026, 3, 14, 9, 30, tzinfo=datetime.timezone.utc)
        self.session.append_note(self.ken, Note("likes the blue scarf", author="Lee", at=at), NEWS)
        with self.assertRaises(clientbook.InvalidInput) as raised:
            self.session.append_note(self.ken, "card 4111 1111 1111 1111", NEWS)
        self.assertEqual(raised.exception.code, Code.CARD_DATA_REFUSED)
        self.session.append_note(self.ken, "card 4111 1111 1111 1111", NEWS, cards=NumberInNote.REPLACED)
        notes = self.session.notes(self.ken, NEWS)
        self.assertEqual(len(notes), 2)
        self.assertNotIn("4111", "".join(note.text for note in notes))
        self.assertEqual(self.session.notes(self.ken, ORDER).state, State.WITHHELD)

    def test_notes_are_for_whom_they_are_for(self):
        self.session.set_stores(30, [1])
        self.session.assign([self.ken], store=1, primary=30)
        fit = Note("sits tight", kind="fit", visibility="own")
        self.assertEqual(self.session.append_note(self.ken, fit, NEWS), 1)
        self.assertEqual(self.session.append_note(self.ken, Note("asks for Vera", visibility="store"), NEWS), 2)
        own = next(iter(self.session.notes(self.ken, NEWS)))
        self.assertEqual((own.kind, own.visibility, own.by, own.pinned), ("fit", "own", 7, None))
        with self.book.session(8, Role.OWNER) as other:
            self.assertEqual(other.notes(self.ken, NEWS).state, State.ABSENT)
            self.assertEqual(other.append_note(self.ken, Note("bell", pinned=True, visibility="all"), NEWS), 1)
            self.assertEqual([note.text for note in other.pinned_notes(self.ken, NEWS)], ["bell"])
            other.pin_note(self.ken, 1, False, NEWS)
            with self.assertRaises(clientbook.NotFound):
                other.pin_note(self.ken, 2, purposes=NEWS)
        self.assertEqual(list(self.session.pinned_notes(self.ken, NEWS)), [])
        self.session.pin_note(self.ken, 3, purposes=NEWS)
        self.assertEqual([(note.text, note.pinned) for note in self.session.pinned_notes(self.ken, NEWS)], [("bell", True)])
        for bad, code in ((Note("x", visibility="team"), Code.INVALID_VALUE), (Note("x", kind="Two Words"), Code.INVALID_VALUE),
                          (Note("x", visibility="own", by=99), Code.INVALID_VALUE), (Note("x", visibility="own", pinned=True), Code.INVALID_VALUE)):
            with self.assertRaises(clientbook.Error) as raised:
                self.session.append_note(self.ken, bad, NEWS)
            self.assertEqual(raised.exception.code, code)
        found = self.session.search("sanchez", NEWS)["hits"][0]
        self.assertEqual([note["text"] for note in found["pinned_notes"]["value"]], ["bell"])

    def test_finding_and_walking(self):
        self.assertEqual(self.session.find("loyalty", "L-1"), self.ken)
        with self.assertRaises(clientbook.NotFound):
            self.session.find("loyalty", "L-2")
        for i in range(20):
            self.session.put({"name": Name(given=f"N{i}")}, ORDER)
        names = [view.name.given for view in self.session.scan(ORDER, ["name"], batch=6)]
        self.assertEqual(names, ["Ken"] + [f"N{i}" for i in range(20)])
        walk = self.session.scan(ORDER)
        next(walk)
        walk.close()
        self.assertEqual(self.session.count_permitted(NEWS, "emails"), 1)
        self.assertEqual(self.session.count_permitted(NEWS, "emails", "data_broker", Operation.DISCLOSE), 0)

    def test_a_recipient_says_what_it_lacks(self):
        self.session.add_recipient("handshake", Recipient.PROCESSOR, country="US")
        needs = {party["name"]: party["needs"] for party in self.session.recipients()}
        self.assertEqual(needs, {"parcel-co": [], "handshake": ["contract", "transfer"]})

    def test_passing_on_writes_the_ledger_first(self):
        with self.assertRaises(clientbook.Denied):
            self.session.disclose(self.ken, NEWS, "parcel-co")
        left = self.session.disclose(self.ken, Purpose.DELIVERY_OF_GOODS, "parcel-co")
        self.assertEqual(left.content.addresses[0].city, "Newport Hills")
        entries = self.session.ledger(self.ken)
        self.assertEqual([entry.event for entry in entries][-2:], ["refusal", "disclosure"])
        self.assertEqual(entries[-1].recipient, "parcel-co")
        self.assertEqual(entries[-1].entry, left.entry)
        proof = self.session.prove(left.ledger_index)
        log = self.session.log_identity()
        self.assertEqual(clientbook.check_proof(proof, log)["purpose"], "delivery_of_goods")
        broken = proof[:-20] + ("A" if proof[-20] != "A" else "B") + proof[-19:]
        with self.assertRaises(clientbook.Error):
            clientbook.check_proof(broken, log)
        self.assertIn("\n", self.session.checkpoint())

    def test_where_it_goes_is_said_with_the_call(self):
        to = {"purpose": Purpose.DELIVERY_OF_GOODS, "recipient": "parcel-co"}
        self.assertTrue(self.session.disclose(self.ken, **to, country="DE").content.addresses)
        passing = {**to, "operation": Operation.DISCLOSE}
        self.assertTrue(self.session.preview(self.ken, **passing, country="DE").addresses)
        self.assertIsNone(self.session.preview(self.ken, **passing, country="US").addresses)
        german = self.session.explain(self.ken, field="addresses", **passing, country="DE")
        foreign = self.session.explain(self.ken, field="addresses", **passing, country="US")
        self.assertNotEqual(german, foreign)
        for country, reached in (("DE", 1), ("US", 0)):
            self.assertEqual(self.session.count_permitted(field="addresses", **passing, country=country), reached)
        with self.assertRaises(clientbook.Denied):
            self.session.disclose(self.ken, **to, country="US")
        for call in (self.session.disclose, self.session.preview):
            with self.assertRaises(clientbook.Error) as raised:
                call(self.ken, **to, country="DEU")
            self.assertEqual(raised.exception.code, Code.INVALID_ARGUMENT)

    def test_who_was_not_informed_has_agreed_to_nothing(self):
        bo = self.session.put({**KEN, "external_ids": [ExternalId("loyalty", "L-2")]}, ORDER).customer
        self.session.record(bo, dataclasses.replace(GRANT, informed=False, basis="consent"))
        said = self.session.directives(bo)[-1]
        self.assertIs(said["informed"], False)
        self.assertEqual(said["basis"], "consent")
        self.assertIsNone(self.session.read(bo, NEWS).emails)
        self.session.record(bo, dataclasses.replace(GRANT, informed=True))
        self.assertTrue(self.session.read(bo, NEWS).emails)

    def test_how_far_has_my_information_gone(self):
        self.session.disclose(self.ken, Purpose.DELIVERY_OF_GOODS, "parcel-co")
        with self.assertRaises(clientbook.CaseRequired):
            self.session.customer_page(self.ken)
        self.session.open_case("rights", [self.ken], "letter 8")
        page = self.session.customer_page(self.ken, language="fr", shop="Boutique", contact="a@example.com")
        self.assertIn("Jusqu’où sont allées vos données", page.html)
        self.assertIn("parcel-co", page.html)
        self.assertNotIn("parcel-co", repr(page))
        log = self.session.log_identity()
        shown = clientbook.check_evidence(page.html, log)
        self.assertEqual([one["recipient"] for one in shown["entries"]][-2:], ["parcel-co", "The customer"])
        self.assertEqual(shown["entries"][-1]["index"], page.ledger_index)
        evidence = self.session.evidence(self.ken)
        self.assertEqual(clientbook.check_evidence(evidence, log)["entries"], shown["entries"])
        for broken, code in ((evidence[:-30], clientbook.Code.INVALID_ENCODING),
                             (evidence.replace("entry 0 A", "entry 0 B", 1), None)):
            with self.assertRaises(clientbook.Error) as wrong:
                clientbook.check_evidence(broken, log)
            if code is not None:
                self.assertEqual(wrong.exception.code, code)
        with self.assertRaises(clientbook.InvalidInput):
            self.session.customer_page(self.ken, language="pt")
        self.session.not_delivered(self.ken, page.ledger_index)

    def test_the_ledger_is_shown_to_others(self):
        self.session.disclose(self.ken, Purpose.DELIVERY_OF_GOODS, "parcel-co")
        key = "auditor.example+6de3fdcc+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
        self.session.add_witness(key)
        self.assertEqual([(one["name"], one["size"], one["at"]) for one in self.session.witnesses()],
                         [("auditor.example", 0, None)])
        request = self.session.witness_request("auditor.example")
        self.assertTrue(request.startswith("old 0\n\nclientbook/"), request)
        for status, answer, code in ((404, "", clientbook.Code.NOT_FOUND), (422, "", clientbook.Code.PROOF_INVALID),
                                     (200, "", clientbook.Code.SIGNATURE_INVALID),
                                     (409, "99999\n", clientbook.Code.ROLLED_BACK)):
            with self.assertRaises(clientbook.Error) as wrong:
                self.session.take_witness_answer("auditor.example", request, status, answer)
            self.assertEqual(wrong.exception.code, code)
        told = self.session.take_witness_answer("auditor.example", request, 409, "1\n")
        self.assertEqual(told, {"cosigned": False, "size": 1, "at": None})
        checkpoint = self.session.ledger_file("checkpoint").decode()
        size = int(checkpoint.split("\n")[1])
        self.assertEqual(self.session.goes_on_from(checkpoint), size)
        self.assertEqual(len(self.session.ledger_file(f"tile/0/000.p/{size}")), 32 * size)
        evidence, log = self.session.evidence(self.ken), self.session.log_identity()
        shown = clientbook.check_evidence(evidence, log, [key], 0)
        self.assertEqual((shown["witnesses"], shown["witnessed_at"]), (0, None))
        with self.assertRaises(clientbook.Error) as wrong:
            clientbook.check_evidence(evidence, log, [key])
        self.assertEqual(wrong.exception.code, clientbook.Code.SIGNATURE_INVALID)
        self.session.remove_witness("auditor.example")
        self.assertEqual(self.session.witnesses(), [])
        sealed = clientbook.seal(b"x", "age13aqvttdk3ujkyjh9kg2w5an6dmy5mq5a84a4uxk3hfhnugfc9p0sy5p2wh")
        self.assertTrue(sealed.startswith(b"age-encryption.org/v1\n-> X25519 "))
        with self.assertRaises(clientbook.Error) as wrong:
            clientbook.seal(b"x", "age1")
        self.assertEqual(wrong.exception.code, clientbook.Code.UNSUPPORTED)

    def test_where_a_customer_lives_says_which_laws_hold(self):
        with clientbook.in_memory(profile="us-ca", further_profiles=["gdpr"]) as book:
            session = book.session(7, Role.OWNER)
            self.assertEqual([one["name"] for one in session.profiles()], ["us-ca", "gdpr"])
            ken = session.put({"name": Name(given="Ken")}, ORDER).customer
            self.assertEqual(session.jurisdiction(ken),
                             {"laws": ["us-ca", "gdpr"], "confirmed": None, "state": None, "employed": False})
            session.move(ken, "us-ca", "customer")
            self.assertEqual(session.jurisdiction(ken)["laws"], ["us-ca"])
            session.move(ken, "gdpr", "address")
            self.assertEqual(session.jurisdiction(ken),
                             {"laws": ["us-ca", "gdpr"], "confirmed": "us-ca", "state": None, "employed": False})
            for more in ({}, {"state": "AT"}, {"works_here": False}):
                with self.assertRaises(clientbook.InvalidInput) as officer:
                    session.move(ken, "gdpr", "officer", **more)
                with self.assertRaises(clientbook.Error) as address:
                    session.move(ken, "gdpr", "address", evidence="letter 3", **more)
                self.assertEqual((officer.exception.code, address.exception.code),
                                 (Code.MISSING_FIELD, Code.INVALID_ARGUMENT))
            with self.assertRaises(clientbook.NotFound):
                session.move(ken, "strict", "customer")
            with self.assertRaises(ValueError):
                session.move(ken, "gdpr", "hearsay")
            session.move(ken, "gdpr", "officer", evidence="letter 3")
            self.assertEqual(session.jurisdiction(ken),
                             {"laws": ["gdpr"], "confirmed": "gdpr", "state": None, "employed": False})
            self.assertEqual([one["law"] for one in session.directives(ken)], ["us-ca", "gdpr", "gdpr"])
            session.move(ken, "gdpr", "customer", state="AT", works_here=True)
            told = session.jurisdiction(ken)
            self.assertEqual((told["state"], told["employed"]), ("AT", True))
            self.assertEqual(session.directives(ken)[-1]["state"], "AT")
            with self.assertRaises(clientbook.InvalidInput):
                session.move(ken, "gdpr", "customer", state="Austria")
            with self.assertRaises(clientbook.InvalidInput):
                session.move(ken, "gdpr", "customer", works_here=False)
            with self.assertRaises(clientbook.InvalidInput):
                session.move(ken, "gdpr", "officer", works_here=False)
            session.move(ken, "gdpr", "officer", "leaver 4", works_here=False)
            self.assertFalse(session.jurisdiction(ken)["employed"])

    def test_one_address_is_closed_and_another_is_not(self):
        self.session.update(self.ken, {"emails": [Email("ken@example.com"), Email("ken@work.example")]}, ORDER)
        self.assertEqual(len(self.session.read(self.ken, NEWS).emails), 2)
        self.session.record(self.ken, Directive("withdraw", [NEWS], contacts=[("emails", "Ken@Example.com")]))
        seen = self.session.read(self.ken, NEWS)
        self.assertEqual([one.address for one in seen.emails], ["ken@work.example"])
        self.assertEqual((seen.left_out("emails"), seen.left_out("name")), (1, 0))
        self.assertEqual(self.session.directives(self.ken)[-1]["contacts"][0]["field"], "emails")
        with self.assertRaises(clientbook.NotFound):
            self.session.record(self.ken, Directive("deny", [NEWS], contacts=[("emails", "kem@example.com")]))
        self.assertIn("withdrawn", self.session.explain(self.ken, NEWS, "emails", contact="ken@example.com"))
        with self.assertRaises(clientbook.NotFound):
            self.session.explain(self.ken, NEWS, "emails", contact="kem@example.com")

    def test_children_and_notices(self):
        no = Directive("deny", [NEWS])
        self.assertEqual(self.session.record_at_age(self.ken, no, 0, 16), 0)
        self.assertEqual(len(self.session.directives(self.ken)), 1)
        self.assertIn("emails", self.session.may_collect(NEWS, [GRANT], born=datetime.date(1980, 1, 1)))
        child = datetime.date(datetime.date.today().year - 6, 1, 1)
        self.assertNotIn("emails", self.session.may_collect(NEWS, [GRANT], born=child))
        with self.assertRaises(clientbook.InvalidInput):
            self.session.note_birth_date(self.ken, datetime.date(1700, 1, 1))
        self.assertEqual(self.session.read(self.ken, NEWS).emails[0].address, "ken@example.com")
        self.session.note_birth_date(self.ken, child)
        self.assertIsNone(self.session.read(self.ken, NEWS).emails)
        told = self.session.add_notice_and_tell("calls", "We call.", [Purpose.TELEPHONE_MARKETING], [Recipient.SELF])
        self.assertEqual((told["title"], told["version"]), ("calls", 1))
        self.assertEqual(told, self.session.notices()[-1])
        end = self.session.withdraw_notice(told["notice"])
        self.assertEqual((end["version"], end["withdrawn"], told["withdrawn"]), (2, True, False))
        with self.assertRaises(clientbook.Error) as raised:
            self.session.withdraw_notice(told["notice"])
        self.assertEqual(raised.exception.code, Code.ALREADY_EXISTS)

    def test_a_no_is_taken_of_whoever_has_the_id_or_the_address(self):
        no = Directive("deny", [NEWS])
        with self.assertRaises(clientbook.NotFound):
            self.session.record_no("loyalty", "nobody", no)
        with self.assertRaises(clientbook.NotFound):
            self.session.import_noes("loyalty", "nobody", gpc="1")
        self.session.record_no_of({"emails": [Email("KEN@example.com")]}, no)
        self.assertEqual([one["kind"] for one in self.session.directives(self.ken)], ["grant", "deny"])
        with self.assertRaises(clientbook.InvalidInput):
            self.session.record_no_of({"emails": [Email("KEN@example.com")]}, GRANT)
        bo = {"emails": [Email("bo@example.com")]}
        self.session.remember_no(bo, Directive("deny", ["direct_marketing"]))
        self.assertEqual(len(self.session.remembered(bo)), 1)

    def test_the_customer_changes_their_mind(self):
        self.session.record(self.ken, Directive("withdraw", purposes=[NEWS], channel="phone"))
        view = self.session.read(self.ken, NEWS)
        self.assertEqual(view.reason("emails"), Reason.WITHDRAWN)
        self.assertIsNone(view.emails)
        self.assertEqual([one["kind"] for one in self.session.directives(self.ken)], ["grant", "withdraw"])
        self.assertTrue(self.session.explain(self.ken, NEWS, "emails", "de"))
        with self.assertRaises(clientbook.InvalidInput) as raised:
            self.session.record(self.ken, Directive("grant", purposes=[NEWS], recipients=["self"], notice="none"))
        self.assertEqual(raised.exception.code, Code.UNKNOWN_NOTICE)
        self.assertEqual(raised.exception.where, "/notice")
        self.assertTrue(self.session.preview_grant(self.ken, GRANT)["cells"])

    def test_erasing(self):
        receipt = self.session.erase(self.ken)
        self.assertEqual(len(receipt["signature"]), 128)
        with self.assertRaises(clientbook.Erased):
            self.session.read(self.ken, ORDER)
        seen = []
        self.assertEqual(self.session.verify(seen.append)["problems"], 0)
        self.assertEqual(self.session.figures()["erased"], 1)

    def test_every_kind_of_value_comes_back(self):
        days = [SpecialDay("name_day", YearlessDate(2, 29), "x"), SpecialDay("wedding_anniversary",
                                                                           datetime.date(2019, 6, 1))]
        record = {
            "name": Name("A", "B", "C", "Dr.", "Jr.", "D", "E"),
            "phones": [Phone("+49 30 901820", "work", "12")],
            "addresses": [Address("a", "b", "c", "d", "e", "10117", "DE", "home")],
            "birth_date": datetime.date(1984, 5, 17), "special_days": days,
            "sizes": [clientbook.Size("shoe", "EU", "42")], "likes": ["tea", "blue"], "language": "de",
            "time_zone": "Europe/Berlin", "employer": "F", "external_ids": [ExternalId("erp", "9")],
            "household": [clientbook.HouseholdLink("spouse", "G")],
        }
        everything = Directive("grant", purposes=["customer_care"], recipients=["self"], categories=["all"],
                               notice="care", strength="explicit", evidence="form 18")
        self.session.add_notice("care", "We look after you.", purposes=["customer_care"],
                                recipients=["self"], categories=["all"])
        who = self.session.put(record, "customer_care", [everything], leave_out=True)
        self.assertEqual(who.left_out, ())
        view = self.session.read(who.customer, "customer_care")
        for key, given in record.items():
            if view.state(key) == State.SHOWN:
                want = tuple(given) if isinstance(given, list) else given
                self.assertEqual(view[key], want, key)
        shown = [key for key in record if view.state(key) == State.SHOWN]
        self.assertGreaterEqual(len(shown), 8, shown)


class OnDisk(unittest.TestCase):
    def test_a_book_outlives_its_process(self):
        with tempfile.TemporaryDirectory() as folder:
            place, key = pathlib.Path(folder) / "shop.book", pathlib.Path(folder) / "keys/shop.key"
            with self.assertRaises(clientbook.NotFound):
                clientbook.open(place, key)
            with clientbook.create(place, key, profile="gdpr") as book:
                with self.assertRaises(clientbook.InvalidState):
                    clientbook.open(place, key)
                with book.session(7, Role.MANAGER) as session:
                    ken = session.put(KEN, ORDER).customer
            with clientbook.open(place, key) as book:
                self.assertEqual(book.session(7).read(str(ken), ORDER).name.given, "Ken")
                self.assertEqual(book.session(7).profile()["name"], "gdpr")
            with self.assertRaises(clientbook.Error) as raised:
                clientbook.create(place, key, profile="gdpr")
            self.assertEqual(raised.exception.code, Code.ALREADY_EXISTS)


class WithoutABook(unittest.TestCase):
    def test_texts(self):
        text = "Grüße an ken@example.com"
        find = clientbook.scan(text)[0]
        self.assertEqual((text[find.begin:find.end], find.type), ("ken@example.com", "email_address"))
        redacted = clientbook.redact(text, mark=Mark.NUMBERED_LABEL)
        self.assertEqual(redacted.text, "Grüße an <EMAIL_ADDRESS_1>")
        self.assertEqual(redacted.receipt["hidden"], {"email_address": 1})
        self.assertTrue(clientbook.scan("ruf 030 901820 an", regions=["DE"]))
        with self.assertRaises(clientbook.InvalidInput):
            clientbook.scan(text, regions=["germany"])

    def test_data_that_has_a_form(self):
        rows = "id,ssn\n1,531 07\n"
        find = clientbook.scan_form(rows)[0]
        self.assertEqual((rows[find.begin:find.end], find.type, find.goes_on), ("531 07", "national_id", False))
        self.assertEqual(clientbook.redact_form(rows, "csv").text, "id,ssn\n1,<NATIONAL_ID>\n")
        self.assertEqual(clientbook.redact_form('{"tel": 5550147}').text, '{"tel": "<PHONE_NUMBER>"}')
        with self.assertRaises(clientbook.InvalidInput):
            clientbook.redact_form(rows, "tree")

    def test_a_map_for_a_spreadsheet(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "list.csv"
            file.write_text("id;mail;geb\n1;ana@example.com;31.12.1980\n", encoding="utf-8")
            proposed = clientbook.propose_column_map([file], region="DE")
            self.assertEqual(json.loads(proposed["map"])["customers"]["columns"]["mail"], "emails[0].address")
            self.assertEqual(proposed["files"][0]["delimiter"], ";")
            self.assertNotIn("ana@", proposed["map"])
            said = clientbook.propose_column_map([file], encoding="windows-1250")["map"]
            self.assertEqual(json.loads(said)["customers"]["format"]["encoding"], "windows-1250")
            with self.assertRaises(clientbook.InvalidInput):
                clientbook.propose_column_map([file], encoding="latin")
            with self.assertRaises(clientbook.NotFound):
                clientbook.propose_column_map([pathlib.Path(folder) / "none.csv"])

    def test_cases(self):
        with self.assertRaises(clientbook.InvalidInput) as raised:
            clientbook.evaluate({"requests": [{"purpose": "no such"}]})
        self.assertEqual(raised.exception.where, "/requests/0/purpose")
        case = {"requests": [{"purpose": "email_marketing", "now": "2026-01-01"}]}
        self.assertTrue(clientbook.evaluate(case))

    @unittest.skipUnless("CLIENTBOOK_PROGRAM" in os.environ, "no program was built")
    def test_the_program(self):
        done = subprocess.run([sys.executable, "-m", "clientbook", "--version"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0)
        self.assertIn(clientbook.__version__, done.stdout)


if __name__ == "__main__":
    unittest.main()
