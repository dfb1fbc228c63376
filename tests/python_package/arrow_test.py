"""Columns by Arrow's C stream interface, held against the views of the same walk; skipped where there is no pyarrow."""

import datetime
import gc
import threading
import unittest

import clientbook
from clientbook import Address, Email, Name, Purpose, Role, SpecialDay, State, YearlessDate

try:
    import pyarrow
except ImportError:
    pyarrow = None

ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT
CARE = Purpose.CUSTOMER_CARE
GREETING = Purpose.BIRTHDAY_GREETING
FIELDS = ("name", "emails", "phones", "addresses", "birth_date", "special_days", "likes", "language", "external_ids",
          "demographics", "household")


def shop(customers=40):
    book = clientbook.in_memory(profile="us")
    session = book.session(7, Role.OWNER)
    session.add_notice("care", "t", purposes=[CARE, GREETING], recipients=["self"])
    grant = clientbook.Directive("grant", purposes=[CARE, GREETING], recipients=["self"], notice="care", evidence="e")
    for i in range(customers):
        record = {"name": Name(given=f"Änne{i}", family="Quux" if i % 3 else None), "emails": [Email(f"a{j}@example.com") for j in range(i % 4)]}
        if i % 2:
            record["birth_date"] = YearlessDate(5, 17) if i % 4 == 1 else datetime.date(1905 + i % 100, 1 + i % 12, 1 + i % 28)
            record["likes"] = [f"opal {j}" for j in range(i % 5)]
            record["language"] = "de"
        if i % 5 == 0:
            record["addresses"] = [Address(line1="7 Lane", city="Trier", country="DE")]
            record["special_days"] = [SpecialDay(kind="wedding", day=datetime.date(2001, 2, 28)), SpecialDay(kind="name_day", day=YearlessDate(2, 29))]
            record["external_ids"] = [clientbook.ExternalId("crm", f"Q-{i}")]
        session.put({key: value for key, value in record.items() if value != []}, (ORDER, CARE, GREETING),
                    [grant] if i % 7 else [], leave_out=True)
    return book, session


def plain(value, within=False):
    """A view's value as pyarrow tells it."""
    if isinstance(value, tuple):
        return [plain(one, True) for one in value]
    if isinstance(value, YearlessDate):
        return f"--{value.month:02d}-{value.day:02d}" if within else None  # no day of a calendar
    if isinstance(value, datetime.date) and within and not isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, clientbook.values.Personal):
        return {name: plain(getattr(value, name), True) for name in value._keys.values()}
    return value


@unittest.skipIf(pyarrow is None, "no pyarrow")
class Columns(unittest.TestCase):
    def test_every_cell_is_what_the_view_shows(self):
        book, session = shop()
        seen = set()
        for purpose in (ORDER, CARE, GREETING, Purpose.EMAIL_MARKETING):
            for fields in (None, FIELDS, ("birth_date",), ("emails", "name")):
                for batch in (1, 7, 8192):
                    table = pyarrow.table(session.to_arrow(purpose, fields, reasons=True, batch=batch))
                    table.validate(full=True)
                    rows = {row["customer"].hex(): row for row in table.to_pylist()}
                    self.assertEqual(len(rows), 40)
                    self.compare(session, purpose, fields, rows, seen)
        self.assertLessEqual({"name", "emails", "addresses", "birth_date", "special_days", "likes", "language", "external_ids"}, seen)
        book.close()

    def compare(self, session, purpose, fields, rows, seen):
        for view in session.scan(purpose, fields):
            row = rows[str(view.customer)]
            for key in view:
                self.assertEqual(row[f"{key}.state"], view.state(key))
                self.assertEqual(row[f"{key}.reason"], view.reason(key))
                value = plain(view[key])
                if view.state(key) == State.SHOWN:
                    self.assertEqual(row[key], value, key)
                    seen.add(key)
                elif view.state(key) != State.REDACTED:
                    self.assertIsNone(row[key], key)
                if isinstance(view[key], YearlessDate):
                    self.assertEqual(row[f"{key}.other"], f"--{view[key].month:02d}-{view[key].day:02d}")
                elif view.state(key) == State.REDACTED and isinstance(value, str) and row[key] is None:
                    self.assertEqual(row[f"{key}.other"], value)

    def test_what_is_not_permitted_is_not_in_it(self):
        book, session = shop()
        table = pyarrow.table(session.to_arrow(Purpose.EMAIL_MARKETING))
        self.assertEqual(table.column("emails").null_count, 40)
        self.assertNotIn(b"example.com", b"".join(bytes(buffer) for batch in table.to_batches() for column in batch.columns
                                                  for buffer in column.buffers() if buffer is not None))
        book.close()

    def test_schema(self):
        book, session = shop(1)
        schema = pyarrow.RecordBatchReader.from_stream(session.to_arrow(ORDER, FIELDS)).schema
        self.assertEqual(schema.field("customer").type, pyarrow.binary(16))
        self.assertEqual(schema.field("emails").type, pyarrow.list_(pyarrow.struct({"address": "string", "label": "string"})))
        self.assertEqual(schema.field("birth_date").type, pyarrow.date32())
        self.assertEqual(schema.field("demographics").type.field("children").type, pyarrow.int64())
        book.close()

    def test_an_empty_book_and_wrong_arguments(self):
        with clientbook.in_memory("gdpr") as book:
            session = book.session(7, Role.OWNER)
            self.assertEqual(pyarrow.table(session.to_arrow(ORDER)).num_rows, 0)
            for batch in (0, -1, 65537):
                with self.assertRaises(ValueError):
                    session.to_arrow(ORDER, batch=batch)
            with self.assertRaises(KeyError):
                session.to_arrow(ORDER, ["no such"])
            for fields in (["purchases"], ["name", "notes"]):
                with self.assertRaises(ValueError):
                    session.to_arrow(ORDER, fields)

    def test_a_day_within_a_value_is_not_lost(self):
        book, session = shop(6)
        rows = pyarrow.table(session.to_arrow(CARE, ["special_days"])).to_pylist()
        days = {day["day"] for row in rows for day in row["special_days"] or ()}
        self.assertEqual(days, {"2001-02-28", "--02-29"})
        book.close()

    def test_who_may_not_read_gets_no_rows(self):
        book, _session = shop(3)
        with self.assertRaises((clientbook.RoleDenied, pyarrow.ArrowException, OSError)):
            pyarrow.table(book.session(9, Role.AUDITOR).to_arrow(ORDER))
        book.close()

    def test_a_closed_book_says_so_and_forgotten_streams_let_go(self):
        book, session = shop(30)
        rows = session.to_arrow(ORDER, batch=10)
        reader = pyarrow.RecordBatchReader.from_stream(rows)
        first = reader.read_next_batch()
        capsule = rows.__arrow_c_stream__()
        del capsule
        gc.collect()
        book.close()
        with self.assertRaises((OSError, pyarrow.ArrowException)) as raised:
            reader.read_next_batch()
        self.assertIn("closed", str(raised.exception))
        self.assertEqual(first.num_rows, 10)
        self.assertTrue(first.column("name").field("given")[0].as_py())  # what was read is the reader's
        del reader
        with self.assertRaises(clientbook.InvalidState):
            rows.__arrow_c_stream__()

    def test_threads_with_sessions_of_their_own(self):
        book, _session = shop(200)
        counts = []

        def work():
            session = book.session(7, Role.OWNER)
            for _ in range(5):
                counts.append(pyarrow.table(session.to_arrow(ORDER, batch=16)).num_rows)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(counts, [200] * 20)
        book.close()


if __name__ == "__main__":
    unittest.main()
