"""Nothing shows a value: no error about a text that is none, no repr() of what the library tells, no pickle."""

import copy
import dataclasses
import datetime
import importlib
import json
import pickle
import pkgutil
import traceback
import unittest

import clientbook
from clientbook import Directive, Email, ExternalId, Mark, Money, Name, Note, Purchase, PurchaseLine, Purpose, Recipient, Role

ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT
CARE = Purpose.CUSTOMER_CARE
SECRET = "Zebrafinch"
HALF = SECRET + "\ud800"
#: Of the schema, of a scanner's rules, of keys: they hold nobody's values.
TOLD_ALOUD = {"FieldInfo", "Find", "Kept"}


def everything_of(error):
    """What a log, a debugger or a program may print of it."""
    out = [repr(error), str(error), repr(error.args), repr(vars(error)), repr(getattr(error, "object", ""))]
    out += traceback.format_exception(type(error), error, None)
    for further in (error.__context__, error.__cause__):
        if further is not None:
            out += everything_of(further)
    return out


def shop():
    book = clientbook.in_memory("gdpr")
    session = book.session(7, Role.OWNER)
    who = session.put({"name": Name(given="Ken", family=SECRET), "external_ids": [ExternalId("till", "1")]}, ORDER).customer
    session.add_notice("care", "t", purposes=[CARE], recipients=["self"], categories=["note"])
    session.record(who, Directive("grant", purposes=[CARE], recipients=["self"], categories=["note"], notice="care", evidence="e"))
    return book, session, who


class Quiet(unittest.TestCase):
    def assert_refused(self, code, use):
        with self.assertRaises(clientbook.Error) as raised:
            use()
        self.assertEqual(raised.exception.code, code)
        for text in everything_of(raised.exception):
            self.assertNotIn(SECRET, text)
        return raised.exception

    def test_half_of_a_surrogate_pair_is_no_text(self):
        book, session, who = shop()
        no = Directive("deny", purposes=["email_marketing"], evidence=HALF)
        uses = {
            "put": lambda: session.put({"name": Name(given=HALF)}, ORDER),
            "put of a key": lambda: session.put({HALF: "x"}, ORDER),
            "put of directives": lambda: session.put({"name": Name(given="A")}, ORDER, [no]),
            "update": lambda: session.update(who, {"name": Name(given=HALF)}, ORDER),
            "edit": lambda: session.edit(who, add={"emails": [Email(HALF)]}, purposes=ORDER),
            "edit that drops": lambda: session.edit(who, drop={"emails": [HALF]}, purposes=ORDER),
            "find": lambda: session.find("till", HALF),
            "find in a system": lambda: session.find(HALF, "1"),
            "find_by_email": lambda: session.find_by_email(HALF, ORDER),
            "search": lambda: session.search(HALF, ORDER),
            "list_customers": lambda: session.list_customers(ORDER, likes=HALF),
            "append_note": lambda: session.append_note(who, HALF, ORDER),
            "append_purchase": lambda: session.append_purchase(who, Purchase(order=HALF), ORDER),
            "record": lambda: session.record(who, no),
            "read": lambda: session.read(who, HALF),
            "remembered": lambda: session.remembered({"emails": [Email(HALF)]}),
            "place_hold": lambda: session.place_hold(who, HALF),
            "confirm_consent": lambda: session.confirm_consent(who, 1, b"d", HALF),
            "add_notice": lambda: session.add_notice("n", HALF, purposes=["email_marketing"], recipients=["self"]),
            "redact": lambda: clientbook.redact(HALF, mark=Mark.LABEL),
            "scan": lambda: clientbook.scan(HALF),
            "scan of a form": lambda: clientbook.scan_form(HALF),
            "Money.of": lambda: Money.of("1", HALF),
            "evaluate": lambda: clientbook.evaluate(HALF),
            "evaluate of a case": lambda: clientbook.evaluate({"schema": HALF}),
            "check_proof": lambda: clientbook.check_proof(HALF, HALF),
            "seal": lambda: clientbook.seal(b"", HALF),
            "open": lambda: clientbook.open(HALF, key="k"),
            "a passphrase": lambda: book.session(8, Role.OWNER, passphrase=HALF),
        }
        for name, use in uses.items():
            with self.subTest(name):
                self.assert_refused(clientbook.Code.INVALID_ENCODING, use)
        self.assertEqual(session.read(who, ORDER).name.family, SECRET)
        book.close()

    def test_a_column_that_is_no_utf8(self):
        try:
            import pyarrow
        except ImportError:
            self.skipTest("no pyarrow")
        bad = SECRET.encode() + b"\xff"
        book, session, _who = shop()
        for kind in (pyarrow.utf8(), pyarrow.large_utf8()):
            texts = pyarrow.array([bad], kind.equals(pyarrow.utf8()) and pyarrow.binary() or pyarrow.large_binary()).view(kind)
            self.assert_refused(clientbook.Code.INVALID_ENCODING, lambda: session.put_arrow(pyarrow.table({"tier": texts}), ORDER))
        book.close()

    def test_what_no_record_can_hold(self):
        book, session, _who = shop()
        itself = {}
        itself["given"] = itself
        endless = []
        endless.append(endless)
        for record in ({"name": itself}, {"emails": endless}, {"name": {"given": float("nan")}}, {"tier": float("inf")}):
            self.assert_refused(clientbook.Code.INVALID_VALUE, lambda: session.put(record, ORDER))
        book.close()

    def test_an_unknown_field_is_told_without_its_name(self):
        book, session, who = shop()
        view = session.read(who, ORDER)
        sealed = session.seal_column(who, "name", Name(given="K"), ORDER)
        for use in (lambda: session.read(who, ORDER, [SECRET]), lambda: session.explain(who, ORDER, SECRET),
                    lambda: session.remove(who, SECRET, ORDER), lambda: session.count_permitted(ORDER, SECRET),
                    lambda: session.read_columns(who, ORDER, {SECRET: sealed}), lambda: session.to_arrow(ORDER, [SECRET]),
                    lambda: session.scan(ORDER, [SECRET]), lambda: view[SECRET]):
            error = self.assert_refused(clientbook.Code.UNKNOWN_FIELD, use)
            self.assertIsInstance(error, KeyError)
        view.close()
        self.assertIsInstance(self.assert_refused(clientbook.Code.INVALID_STATE, lambda: view.name), ValueError)
        book.close()

    def test_no_dataclass_of_the_package_prints_a_value(self):
        seen = 0
        for module in pkgutil.iter_modules(clientbook.__path__):
            if module.name.startswith("__"):
                continue
            for kind in vars(importlib.import_module(f"clientbook.{module.name}")).values():
                if not isinstance(kind, type) or not dataclasses.is_dataclass(kind) or kind.__name__ in TOLD_ALOUD:
                    continue
                value = object.__new__(kind)
                for field in dataclasses.fields(kind):
                    object.__setattr__(value, field.name, SECRET)
                for field, other in {"items": (SECRET,), "state": clientbook.State.SHOWN, "receipt": {"hidden": {SECRET: 1}}}.items():
                    if hasattr(value, field):
                        object.__setattr__(value, field, other)
                if kind is clientbook.LedgerEntry:
                    object.__setattr__(value, "index", 3)
                with self.subTest(kind.__name__):
                    self.assertNotIn(SECRET, repr(value) + str(value) + f"{[value]}")
                    with self.assertRaises(TypeError):
                        pickle.dumps(value)
                seen += 1
        self.assertGreater(seen, 20)

    def test_what_the_library_tells_prints_no_value(self):
        book, session, who = shop()
        session.append_note(who, Note(text=SECRET), CARE)
        session.append_purchase(who, Purchase(day=datetime.date(2026, 1, 2), order=SECRET), ORDER)
        session.add_recipient("parcel", Recipient.PARCEL_SERVICE, country="DE", contract="c", onward="forbidden")
        told = {
            "search": session.search("zebra", ORDER, fields=["name"]),
            "disclose_many": session.disclose_many([who], Purpose.DELIVERY_OF_GOODS, "parcel"),
            "list_customers": session.list_customers(ORDER, bought=SECRET, fields=["name"]),
            "figures_of": session.figures_of(who, ORDER), "kept_for": session.kept_for(who),
            "directives": session.directives(who), "notes": session.notes(who, CARE),
        }
        for name, value in told.items():
            with self.subTest(name):
                self.assertNotIn(SECRET, repr(value) + str(value) + f"{value}")
        self.assertIn(SECRET, json.dumps(told["search"]))
        same = json.loads(json.dumps(told["search"]))
        self.assertEqual(told["search"], same)
        self.assertEqual(type(same), dict)
        self.assertEqual(copy.deepcopy(told["search"]), same)
        for other in (told["search"].copy(), copy.copy(told["search"]), copy.deepcopy(told["search"]), told["search"] | {"x": SECRET}):
            self.assertNotIn(SECRET, repr(other))
        for value in (told["search"], told["disclose_many"], told["notes"], told["notes"].items[0],
                      session.purchases(who, ORDER).items[0], session.read(who, ORDER), Name(given="K")):
            with self.assertRaises(TypeError):
                pickle.dumps(value)
        book.close()

    def test_items_come_as_dictionaries_and_as_cbor_too(self):
        book, session, who = shop()
        session.append_purchase(who, {"day": datetime.date(2026, 1, 2), "order": "R2", "currency": "EUR", "total": clientbook.values.Decimal("1.50"),
                                      "lines": [PurchaseLine(sku="X", quantity=1)]}, ORDER)
        session.append_purchase(who, b"\xa2\x02\x1a" + (20260103).to_bytes(4, "big") + b"\x03\x62R3", ORDER)
        told = session.purchases(who, ORDER).items
        self.assertEqual([(one.order, one.total) for one in told], [("R2", 150), ("R3", None)])
        session.append_note(who, {"text": "a", "kind": "fit"}, CARE)
        session.append_note(who, b"\xa1\x03\x61b", CARE)
        self.assertEqual([one.text for one in session.notes(who, CARE)], ["a", "b"])
        book.close()

    def test_a_term_of_another_kind_is_no_purpose(self):
        book, session, who = shop()
        for wrong in (Recipient.PARCEL_SERVICE, Role.MARKETING):
            for use in (lambda: session.read(who, wrong), lambda: session.put({"name": Name(given="A")}, wrong),
                        lambda: session.put({"name": Name(given="A")}, [ORDER, wrong]), lambda: session.scan(wrong),
                        lambda: session.record(who, Directive("deny", purposes=[wrong])),
                        lambda: session.export_customers(wrong, "self", lambda file, data: len(data)),
                        lambda: session.tabulate(wrong, {"tier": None})):
                self.assert_refused(clientbook.Code.INVALID_ARGUMENT, use)
        with self.assertRaises(TypeError):
            session.read(who, 2.5)
        self.assert_refused(clientbook.Code.INVALID_ARGUMENT, lambda: session.read(who, 300))
        self.assertEqual(session.read(who, int(ORDER)).name.family, SECRET)
        book.close()

    def test_a_star_import_leaves_open_alone(self):
        names = {}
        exec("from clientbook import *", names)
        self.assertNotIn("open", names)
        self.assertIs(names["minor_units"], clientbook.minor_units)
        self.assertEqual(clientbook.minor_units("EUR"), 2)


if __name__ == "__main__":
    unittest.main()
