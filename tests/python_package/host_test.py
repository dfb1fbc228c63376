"""What hosts do beside a day at the counter: items one by one and as columns, tables in, files redacted, finders and root
cells of their own, exports of consents, laws and fields."""

import dataclasses
import datetime
import io
import pathlib
import re
import tempfile
import threading
import time
import unittest
from decimal import Decimal

import clientbook
from clientbook import (Address, Code, Directive, ExternalId, Money, Name, Note, Purchase, PurchaseLine, Purpose, Role,
                        State)

try:
    import pyarrow
except ImportError:
    pyarrow = None

ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT
NEWS = Purpose.EMAIL_MARKETING


def shop(profile="gdpr"):
    book = clientbook.in_memory(profile)
    session = book.session(7, Role.OWNER)
    session.add_notice("news", "We write.", purposes=[NEWS], recipients=["self"], categories=["email_address", "name", "note"])
    return book, session


def ken(session, number="L-1"):
    return session.put({"name": Name(given="Ken"), "external_ids": [ExternalId("loyalty", number)]}, ORDER).customer


GRANT = Directive("grant", purposes=[NEWS], recipients=["self"], categories=["email_address", "name", "note"],
                  notice="news", evidence="form 17", channel="paper")
#: What it opens comes without personal data in texts.
MASKED = dataclasses.replace(GRANT, conditions={"obligations": ["mask"], "mask": "redact_text"})


class Items(unittest.TestCase):
    def setUp(self):
        self.book, self.session = shop()
        self.ken = ken(self.session)
        for i in range(3):
            self.session.append_purchase(self.ken, Purchase(
                day=datetime.date(2026, 3, 1 + i), order=f"A-{i}", currency="EUR", total=Decimal("49.90") + i,
                lines=(PurchaseLine(sku="S", quantity=1, unit_price=Decimal("49.90")), PurchaseLine(sku="T"))), ORDER)

    def test_one_at_a_time_they_are_the_same(self):
        one_by_one = list(self.session.iter_purchases(self.ken, ORDER))
        self.assertEqual(tuple(one_by_one), self.session.purchases(self.ken, ORDER).items)
        self.assertEqual([one.order for one in one_by_one], ["A-0", "A-1", "A-2"])
        self.assertEqual([one.order for one in self.session.iter_purchases(self.ken, ORDER, most=1)], ["A-2"])
        self.assertEqual(one_by_one[0].lines[0].unit_price, 4990)

    def test_withheld_there_are_none(self):
        self.assertEqual(list(self.session.iter_purchases(self.ken, NEWS)), [])
        self.assertEqual(list(self.session.iter_notes(self.ken, ORDER)), [])

    def test_notes_too(self):
        self.session.record(self.ken, GRANT)
        self.session.append_note(self.ken, Note(text="likes tea", kind="service"), NEWS)
        self.assertEqual(list(self.session.iter_notes(self.ken, NEWS)), list(self.session.notes(self.ken, NEWS)))
        self.assertEqual(len(self.session.notes_without(self.ken, NEWS, [self.ken])), 1)

    @unittest.skipIf(pyarrow is None, "no pyarrow")
    def test_columns_of_everybody(self):
        other = ken(self.session, "L-2")
        self.session.append_purchase(other, Purchase(day=datetime.date(2026, 4, 1), currency="EUR", total=1), ORDER)
        table = pyarrow.table(self.session.items_to_arrow(ORDER, batch=1))
        rows = table.to_pylist()
        self.assertEqual([row["sequence"] for row in rows], [1, 2, 3, 1])
        self.assertEqual([row["customer"] for row in rows], [self.ken.bytes] * 3 + [other.bytes])
        self.assertEqual(rows[0]["lines"][0]["unit_price"], 4990)
        self.assertEqual([line["sku"] for line in rows[1]["lines"]], ["S", "T"])
        self.assertEqual(rows[3]["day"], datetime.date(2026, 4, 1))
        self.assertEqual(pyarrow.table(self.session.items_to_arrow(NEWS)).num_rows, 0)
        self.assertEqual(pyarrow.table(self.session.items_to_arrow(ORDER, "notes")).num_rows, 0)
        with self.assertRaises(ValueError):
            self.session.items_to_arrow(ORDER, "views")


@unittest.skipIf(pyarrow is None, "no pyarrow")
class TablesIn(unittest.TestCase):
    def test_what_goes_in_comes_out(self):
        _book, session = shop()
        table = pyarrow.table({
            "name": [{"given": "Ann", "family": "Lee"}, {"given": "Bo", "family": None}],
            "emails": [[{"address": "ann@example.com"}], None],
            "external_ids": [[{"system": "crm", "value": "1"}], [{"system": "crm", "value": "2"}]]})
        kept = session.put_arrow(table, ORDER)
        self.assertEqual([session.read(one.customer, ORDER).name.given for one in kept], ["Ann", "Bo"])
        self.assertEqual(session.find("crm", "2"), kept[1].customer)
        again = pyarrow.table(session.to_arrow(ORDER, ["name", "emails", "external_ids"]))
        _other, fresh = shop()
        self.assertEqual(len(fresh.put_arrow(again.drop_columns(["customer"]), ORDER)), 2)

    def test_all_or_none_and_where(self):
        _book, session = shop()
        table = pyarrow.table({"name": [{"given": "Ann"}, {"given": "Bo"}], "emails": [None, [{"address": "no address"}]]})
        with self.assertRaises(clientbook.InvalidInput) as caught:
            session.put_arrow(table, ORDER)
        self.assertTrue(caught.exception.where.startswith("/1"), caught.exception.where)
        self.assertNotIn("no address", str(caught.exception))
        self.assertEqual(session.figures()["customers"], 0)
        with self.assertRaises(clientbook.InvalidInput):
            session.put_arrow(pyarrow.table({"hat": ["x"]}), ORDER)
        with self.assertRaises(ValueError):
            session.put_arrow(pyarrow.table({"likes": [1.5]}), ORDER)
        with self.assertRaises(TypeError):
            session.put_arrow([{"name": "Ann"}], ORDER)


class Amounts(unittest.TestCase):
    def test_decimals_are_exact(self):
        self.assertEqual(Money.of("12.34", "EUR"), Money(1234, "EUR"))
        self.assertEqual(Money.of(500, "JPY"), Money(500, "JPY"))
        self.assertEqual(Money(1234, "EUR").decimal, Decimal("12.34"))
        self.assertEqual(str(Money(1200, "EUR").decimal), "12.00")
        self.assertEqual(Money(5, "KWD").decimal, Decimal("0.005"))
        for amount, currency in (("12.345", "EUR"), ("0.5", "JPY"), ("NaN", "EUR")):
            with self.assertRaises(ValueError):
                Money.of(amount, currency)
        with self.assertRaises(clientbook.InvalidInput):
            Money.of(1, "XYZ")
        receipt = Purchase(currency="EUR", total=Decimal("1.50"), lines=(PurchaseLine(unit_price=Decimal("0.75")),))
        self.assertEqual(receipt.to_json(), {"currency": "EUR", "total": 150, "lines": [{"unit_price": 75}]})
        self.assertEqual(Purchase(currency="EUR", total=150).decimal(150), Decimal("1.50"))


class Texts(unittest.TestCase):
    IN = b"name,mail\nAnn Lee,ann@example.com\n" + b"Bo,bo@example.com\n" * 2000

    def test_a_file_in_pieces_is_as_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            source, target = pathlib.Path(folder) / "in.csv", pathlib.Path(folder) / "out.csv"
            source.write_bytes(self.IN)
            receipt = clientbook.redact_file(source, target, "csv")
            whole = clientbook.redact_form(self.IN.decode(), "csv")
            self.assertEqual(target.read_text(), whole.text)
            self.assertEqual(receipt, whole.receipt)
            with self.assertRaises(FileExistsError):
                clientbook.redact_file(source, target)
            source.write_bytes(b"a\xff")
            with self.assertRaises(clientbook.InvalidInput):
                clientbook.redact_file(source, pathlib.Path(folder) / "none")
            self.assertFalse((pathlib.Path(folder) / "none").exists())

    def test_pieces_of_any_size(self):
        whole = clientbook.redact_form(self.IN[:200].decode(), "csv").text.encode()
        for size in (1, 7, 200):
            out = io.BytesIO()
            with clientbook.Redactor("csv") as redactor:
                for at in range(0, 200, size):
                    out.write(redactor.write(self.IN[at:min(at + size, 200)]))
                out.write(redactor.finish()[0])
            self.assertEqual(out.getvalue(), whole)
        with self.assertRaises(clientbook.InvalidState):
            redactor.write(b"x")
        with self.assertRaises(clientbook.InvalidInput):
            clientbook.Redactor("tar")

    def test_a_finder_of_the_hosts_own(self):
        _book, session = shop()
        customer = ken(session)
        session.record(customer, MASKED)
        session.append_note(customer, "größe: asked for ticket T-4711, call +49 30 1234567", NEWS)
        shown = lambda: session.notes(customer, NEWS).items[0].text  # noqa: E731
        self.assertIn("T-4711", shown())
        pattern = re.compile(r"T-\d+")
        session.set_text_finder(lambda text: (found.span() for found in pattern.finditer(text)))
        self.assertNotIn("T-4711", shown())
        self.assertNotIn("1234567", shown())
        self.assertIn("ticket", shown())

        def broken(text):
            raise RuntimeError(text)

        for finder in (broken, lambda text: [(5, 4)], lambda text: [(0, 10**6)]):
            session.set_text_finder(finder)
            try:
                text = shown()
            except (clientbook.Error, IndexError):
                text = ""
            self.assertNotIn("ticket", text or "")
        session.set_text_finder(None)
        self.assertIn("T-4711", shown())
        session.set_text_regions(["DE"])
        with self.assertRaises(clientbook.Error):
            session.set_text_regions(["Germany"])


class Consents(unittest.TestCase):
    DETAILS = dict(controller="Shop", address="1 High Street", contact="privacy@example.com",
                   notice_url="https://example.com/notice", withdrawal_method="https://example.com/off")

    def test_records_and_receipts(self):
        _book, session = shop()
        customer = ken(session)
        number = session.record(customer, GRANT)
        told = session.export_consent(customer, "27560", number, **self.DETAILS)
        self.assertIn("Shop", told["text"])
        receipt = session.export_consent(customer, "receipt", number, **self.DETAILS)
        self.assertEqual(len(receipt["key"]), 64)
        with self.assertRaises(clientbook.NotFound):
            session.export_consent(customer, "27560", 99, **self.DETAILS)
        with self.assertRaises(clientbook.InvalidInput) as caught:
            session.export_consent(customer, "paper")
        self.assertEqual(caught.exception.where, "/format")


class Columns(unittest.TestCase):
    def test_values_stay_in_the_hosts_table(self):
        _book, session = shop()
        parcels = session.add_recipient("parcel-co", "parcel_service", country="DE", contract="PC-1", onward="forbidden")
        customer = session.put({"external_ids": [ExternalId("shop", "17")]}, ORDER).customer
        row = {"name": session.seal_column(customer, "name", Name(given="Ken"), ORDER),
               "addresses": session.seal_column(customer, "addresses", [Address(line1="Elm Street 1", city="Bonn", country="DE")], ORDER)}
        self.assertNotIn(b"Ken", row["name"])
        self.assertEqual(session.read_columns(customer, ORDER, row).name, Name(given="Ken"))
        self.assertIs(session.read_columns(customer, NEWS, row).state("name"), State.WITHHELD)
        left = session.disclose_columns(customer, "delivery_of_goods", parcels, row)
        self.assertEqual(left.content.addresses[0].city, "Bonn")
        self.assertEqual(session.ledger(customer)[-1].index, left.ledger_index)
        with self.assertRaises(clientbook.Denied):
            session.disclose_columns(customer, NEWS, parcels, row)
        for wrong in ({"name": row["addresses"]}, {"name": row["name"][:-1]}, {"name": b""}):
            with self.assertRaises(clientbook.Error):
                session.read_columns(customer, ORDER, wrong)
        with self.assertRaises(clientbook.NoBasis):
            session.seal_column(customer, "demographics", {"gender": "x"}, ORDER)
        with self.assertRaises(clientbook.Error):
            session.read_columns(customer, ORDER, {})
        session.erase(customer)
        with self.assertRaises(clientbook.Erased):
            session.read_columns(customer, ORDER, row)


class Events(unittest.TestCase):
    def test_what_happens_is_told_without_values(self):
        told = []
        with clientbook.in_memory("gdpr", on_event=told.append) as book:
            session = book.session(7, Role.OWNER)
            customer = ken(session)
            session.read(customer, ORDER, ["name"])
            look = [one for one in told if one["kind"] == "look"][-1]
            self.assertEqual((look["actor"], look["role"], look["look"], look["purpose"], look["fields"], look["customer"]),
                             (7, "owner", "read", "customer_order_management", ["name"], str(customer)))
            with self.assertRaises(RuntimeError), session.transaction():
                session.record(customer, Directive("withdraw", purposes=[NEWS], channel="phone"))
                raise RuntimeError
            self.assertEqual([one for one in told if one["kind"] == "entry" and one["event"] == "consent_withdrawn"], [])
            session.erase(customer)
            self.assertEqual(told[-1]["event"], "erasure")
            self.assertNotIn("Ken", str(told))


class Cancelling(unittest.TestCase):
    def test_another_thread_stops_a_call(self):
        _book, session = shop()
        with session.transaction():
            for i in range(300):
                session.put({"name": Name(given=f"P{i}")}, ORDER)
        begun = threading.Event()

        def stop():
            begun.wait(10)
            session.cancel()

        def progress(done):
            begun.set()
            time.sleep(0.01)

        stopper = threading.Thread(target=stop)
        stopper.start()
        with self.assertRaises(clientbook.Cancelled) as caught:
            session.verify(progress)
        stopper.join()
        self.assertEqual(caught.exception.code, Code.INVALID_STATE)
        session.cancel()  # nothing is under way
        self.assertEqual(session.verify()["problems"], 0)

    def test_a_callback_stops_its_own_call(self):
        _book, session = shop()
        for i in range(20):
            session.put({"name": Name(given=f"P{i}")}, ORDER)
        calls = []

        def progress(done):
            calls.append(done)
            session.cancel()

        with self.assertRaises(clientbook.Cancelled):
            session.verify(progress)
        self.assertLess(len(calls), 3)


class Laws(unittest.TestCase):
    def test_two_people_change_them(self):
        book, session = shop()
        number = session.propose_profile("add_profile", "us")
        waits = session.policy()["proposal"]
        self.assertEqual((waits["number"], waits["kind"], waits["by"]), (number, "add_profile", 7))
        self.assertEqual(waits["effect"]["customers_opened"], 0)  # what all laws permit is permitted
        with self.assertRaises(clientbook.Error) as caught:
            session.approve_policy(number)
        self.assertEqual(caught.exception.code, Code.SECOND_PERSON_REQUIRED)
        book.session(8, Role.PRIVACY_OFFICER).approve_policy(number)
        self.assertEqual([law["name"] for law in session.policy()["profiles"]], ["gdpr", "us"])
        with self.assertRaises(ValueError):
            session.propose_policy("law", b"")
        for call in (session.propose_policy, session.effect_of):
            with self.assertRaises(clientbook.Error):
                call("profile", b"no profile")

    def test_fields_of_the_shops_own(self):
        _book, session = shop()
        customer = ken(session)
        session.add_fields([{"number": 40, "key": "fitting", "type": "text", "categories": ["preference"]}])
        self.assertEqual(session.fields.by_key["fitting"].number, 40)
        self.assertIsNotNone(session.read(customer, ORDER).state("fitting"))
        with self.assertRaises(clientbook.InvalidInput) as caught:
            session.add_fields([{"number": 41, "key": "x", "type": "texts", "categories": []}])
        self.assertEqual(caught.exception.where, "/0/type")

    def test_tables_and_tokens(self):
        _book, session = shop()
        ken(session)
        try:
            self.assertEqual(session.tabulate(ORDER, {"name": "label"})["rows"], [])
        except clientbook.Denied:
            pass
        with self.assertRaises(clientbook.InvalidInput) as caught:
            session.tabulate(ORDER, {"hat": None})
        self.assertEqual(caught.exception.where, "/columns/0/field")
        session.set_token_reversal(clientbook.reversal_key(b"k" * 31 + b"l"))
        with self.assertRaises(clientbook.Error):
            session.set_token_reversal(b"short")
        with self.assertRaises(clientbook.Error):
            clientbook.reversal_key(bytes(32))
        with self.assertRaises(clientbook.Error):
            session.reverse_token("abc", "emails", ORDER, b"k" * 32)


class Cell:
    """A root key in the memory of a key manager."""

    def __init__(self):
        self.current = self.staged = None
        self.broken = False

    def load(self):
        if self.broken:
            raise ConnectionError("the key manager is away")
        return self.current, self.staged

    def stage(self, epoch, key):
        self.staged = (epoch, key)

    def promote(self, epoch):
        if self.current is not None and self.current[0] >= epoch:
            return
        assert self.staged is not None and self.staged[0] == epoch
        self.current, self.staged = self.staged, None

    def drop(self, epoch):
        if self.staged is not None and self.staged[0] == epoch:
            self.staged = None


class RootCells(unittest.TestCase):
    def test_the_key_is_in_the_hosts_hands(self):
        with tempfile.TemporaryDirectory() as folder:
            cell, place = Cell(), pathlib.Path(folder) / "shop.book"
            with clientbook.create(place, cell, "gdpr") as book:
                session = book.session(7, Role.OWNER)
                customer = ken(session)
                first = cell.current[1]
                session.erase(customer)
                self.assertNotEqual(cell.current[1], first)
            with clientbook.open(place, cell) as book:
                with self.assertRaises(clientbook.Erased):
                    book.session(7, Role.OWNER).read(customer, ORDER)
            cell.current = (cell.current[0], first)
            with self.assertRaises(clientbook.Error):
                clientbook.open(place, cell)
            cell.broken = True
            with self.assertRaises(ConnectionError):
                clientbook.open(place, cell)

    def test_an_older_copy_opens_no_more(self):
        import shutil
        with tempfile.TemporaryDirectory() as folder:
            cell, place = Cell(), pathlib.Path(folder) / "shop.book"
            with clientbook.create(place, cell, "gdpr") as book:
                customer = ken(book.session(7, Role.OWNER))
            shutil.copytree(place, pathlib.Path(folder) / "copy.book")
            with clientbook.open(place, cell) as book:
                session = book.session(7, Role.OWNER)
                self.assertEqual(session.carve(pathlib.Path(folder) / "copy.book")["opened"], 1)
                session.erase(customer)
                found = session.carve(pathlib.Path(folder) / "copy.book")
                self.assertEqual((found["opened"], found["tree_opens"]), (0, False))
                self.assertEqual(found["unopened"], [str(customer)])


if __name__ == "__main__":
    unittest.main()
