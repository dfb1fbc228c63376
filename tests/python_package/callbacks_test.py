"""What a function of the host's raises comes out of the call that asked it, which is undone; nothing is printed of it."""

import datetime
import os
import tempfile
import unittest

import clientbook
from clientbook import Directive, ExternalId, Name, Purpose, Recipient, Role

ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT
CARE = Purpose.CUSTOMER_CARE
NOW = datetime.datetime(2027, 1, 15, tzinfo=datetime.timezone.utc)


class Failing:
    """Answers until it is armed."""

    def __init__(self, answer):
        self.answer, self.raises = answer, None

    def __call__(self, *_given):
        if self.raises is not None:
            raise self.raises
        return self.answer


class Callbacks(unittest.TestCase):
    def setUp(self):
        """All that is written to stderr, also by code that is not Python's."""
        self.clock, self.heard = Failing(NOW), Failing(None)
        self.written = tempfile.TemporaryFile()
        self.stderr = os.dup(2)
        os.dup2(self.written.fileno(), 2)
        self.book = clientbook.in_memory("gdpr", clock=self.clock, on_event=self.heard)
        self.session = self.book.session(7, Role.OWNER)
        self.who = self.session.put({"name": Name(given="Ken"), "external_ids": [ExternalId("till", "1")]}, ORDER).customer

    def tearDown(self):
        os.dup2(self.stderr, 2)
        os.close(self.stderr)
        self.written.seek(0)
        text = self.written.read()
        self.written.close()
        self.book.close()
        self.assertEqual(text, b"")

    def put(self, number):
        return self.session.put({"name": Name(given="A"), "external_ids": [ExternalId("till", number)]}, ORDER)

    def assert_nobody(self, number):
        self.clock.raises = self.heard.raises = None
        with self.assertRaises(clientbook.NotFound):
            self.session.find("till", number)
        self.assertEqual(self.session.read(self.who, ORDER).name.given, "Ken")

    def test_what_a_clock_raises_undoes_the_call(self):
        for kind in (KeyboardInterrupt, SystemExit, ZeroDivisionError):
            self.clock.raises = kind()
            for use in (lambda: self.put("2"), lambda: self.session.read(self.who, ORDER), lambda: list(self.session.scan(ORDER)),
                        lambda: self.session.purchases(self.who, ORDER), lambda: self.session.erase(self.who)):
                with self.assertRaises(kind) as raised:
                    use()
                self.assertIs(raised.exception, self.clock.raises)
            self.assert_nobody("2")

    def test_and_the_transaction_around_it(self):
        for of in (self.clock, self.heard):
            for kind in (KeyboardInterrupt, SystemExit, ZeroDivisionError):
                with self.assertRaises(kind):
                    with self.session.transaction():
                        self.put("3")
                        of.raises = kind()
                        self.session.read(self.who, ORDER)
                        self.put("4")
                self.assert_nobody("3")
                self.assert_nobody("4")

    def test_what_a_listener_raises_before_a_look_shows_nothing(self):
        self.heard.raises = KeyboardInterrupt()
        with self.assertRaises(KeyboardInterrupt):
            self.session.read(self.who, ORDER)
        self.heard.raises = None
        self.assertEqual(self.session.read(self.who, ORDER).name.given, "Ken")

    def test_what_a_finder_raises(self):
        self.session.add_notice("care", "t", purposes=[CARE], recipients=["self"], categories=["note"])
        self.session.record(self.who, Directive("grant", purposes=[CARE], recipients=["self"], categories=["note"],
                                                notice="care", evidence="e",
                                                conditions={"obligations": ["mask"], "mask": "redact_text"}))
        self.session.append_note(self.who, "likes opals", CARE)
        finder = Failing(())
        self.session.set_text_finder(finder)
        with self.assertRaises(TypeError):
            self.session.set_text_finder(5)
        finder.raises = ZeroDivisionError()
        with self.assertRaises(IndexError):
            self.session.notes(self.who, CARE).items[0]  # such a text is not shown, as documented
        finder.raises = KeyboardInterrupt()
        with self.assertRaises(KeyboardInterrupt):
            self.session.notes(self.who, CARE)

    def test_what_a_sink_raises_or_answers(self):
        self.session.add_recipient("parcel", Recipient.PARCEL_SERVICE, country="DE", contract="c", onward="forbidden")
        for write, kind in ((Failing(0), KeyboardInterrupt), (Failing(0), ZeroDivisionError), (Failing("x"), ValueError)):
            write.raises = None if kind is ValueError else kind()
            with self.assertRaises(kind):
                self.session.export_customers(Purpose.DELIVERY_OF_GOODS, "parcel", write)
        for answer in (-1, 10**30):
            self.session.export_customers(Purpose.DELIVERY_OF_GOODS, "parcel", Failing(answer))

    def test_a_clock_that_tells_no_time(self):
        for wrong in (5, "now"):
            with self.assertRaises(TypeError):
                clientbook.in_memory("gdpr", clock=wrong)
            with self.assertRaises(TypeError):
                clientbook.in_memory("gdpr", on_event=wrong)
        for answer, kind in ((5, TypeError), (None, TypeError), (NOW.replace(tzinfo=None), ValueError)):
            with self.assertRaises(kind):
                clientbook.in_memory("gdpr", clock=Failing(answer))
            self.clock.answer = answer
            with self.assertRaises(kind):
                self.put("5")
            self.clock.answer = NOW
            self.assert_nobody("5")

    def test_a_cell_that_is_interrupted(self):
        class Cell:
            def load(self):
                raise KeyboardInterrupt

            stage = promote = drop = load

        with tempfile.TemporaryDirectory() as folder, self.assertRaises(KeyboardInterrupt):
            clientbook.create(os.path.join(folder, "shop.book"), Cell(), "gdpr")


if __name__ == "__main__":
    unittest.main()
