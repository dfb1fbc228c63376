"""Closed and shared objects, forks, and that nothing prints a value."""

import datetime
import os
import pathlib
import subprocess
import tempfile
import threading
import traceback
import unittest

import clientbook
from clientbook import Address, Email, Name, Note, Purpose, Role

ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT
CARE = Purpose.CUSTOMER_CARE
SECRETS = ("Ottilie", "Quux", "ottilie@example.com", "7 Hidden Lane", "likes opals")


def shop(**options):
    book = clientbook.in_memory(profile="gdpr", **options)
    session = book.session(7, Role.OWNER)
    who = session.put({"name": Name(given="Ottilie", family="Quux"),
                       "emails": [Email("ottilie@example.com")],
                       "addresses": [Address(line1="7 Hidden Lane", country="DE")]}, ORDER).customer
    session.add_notice("care", "t", purposes=[CARE], recipients=["self"], categories=["note"])
    session.record(who, clientbook.Directive("grant", purposes=[CARE], recipients=["self"], categories=["note"],
                                             notice="care", evidence="e"))
    session.append_note(who, "likes opals", CARE)
    return book, session, who


class Closed(unittest.TestCase):
    def test_what_is_closed_says_so(self):
        book, session, who = shop()
        other = book.session(8, Role.OWNER)
        view = session.read(who, ORDER)
        session.close()
        session.close()
        with self.assertRaises(clientbook.InvalidState) as raised:
            session.read(who, ORDER)
        self.assertEqual(raised.exception.code, clientbook.Code.INVALID_HANDLE)
        walk = other.scan(ORDER)
        book.close()
        book.close()
        for use in (lambda: other.read(who, ORDER), lambda: book.session(7), other.figures, lambda: next(walk)):
            with self.assertRaises(clientbook.InvalidState):
                use()
        other.close()
        self.assertEqual(view.name.given, "Ottilie")  # a view is the reader's own
        view.close()
        with self.assertRaises(ValueError):
            view.name
        self.assertIn("closed", repr(view))

    def test_wrong_arguments(self):
        book, session, who = shop()
        with book:
            with self.assertRaises(clientbook.InvalidInput):
                book.session(0)
            with self.assertRaises(ValueError):
                session.read("00", ORDER)
            with self.assertRaises(clientbook.NotFound):
                session.read("00" * 16, ORDER)
            with self.assertRaises(KeyError):
                session.read(who, ORDER, ["no such field"])
            with self.assertRaises(ValueError):
                session.read(who, ORDER, [])
            with self.assertRaises(clientbook.RoleDenied):
                book.session(9, Role.AUDITOR).read(who, ORDER)
            with self.assertRaises(clientbook.NotFound):
                clientbook.in_memory(profile="no such")


class Threads(unittest.TestCase):
    def test_each_thread_has_a_session(self):
        book, _session, who = shop()
        failures = []

        def work():
            try:
                session = book.session(7)
                for _ in range(100):
                    assert session.read(who, ORDER).name.given == "Ottilie"
            except BaseException as what:
                failures.append(what)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        book.close()

    def test_a_transaction_stays_with_its_thread(self):
        book, session, who = shop()
        seen = []

        def work():
            try:
                session.read(who, ORDER)
            except clientbook.InvalidState as what:
                seen.append(what)

        with session.transaction():
            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
        self.assertEqual(len(seen), 1)
        book.close()

    def test_after_fork_the_child_is_told(self):
        book, session, who = shop()
        child = os.fork()
        if child == 0:
            good = False
            try:
                session.read(who, ORDER)
            except clientbook.InvalidState:
                own = clientbook.in_memory("strict")
                good = own.session(7).figures()["customers"] == 0
            finally:
                os._exit(0 if good else 1)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
        self.assertEqual(session.read(who, ORDER).name.given, "Ottilie")
        book.close()


class Silent(unittest.TestCase):
    def test_nothing_prints_a_value(self):
        book, session, who = shop()
        view = session.read(who, ORDER)
        shown = [repr(one) for one in (
            book, session, who, view, view.name, view.emails, view.addresses, session.notes(who, CARE),
            session.notes(who, CARE).items, Note("likes opals"), Name(given="Ottilie"),
            clientbook.redact("mail ottilie@example.com"), clientbook.YearlessDate(5, 17))]
        shown.append(str(view) + str(view.name) + f"{view.name}")
        for use in (lambda: session.put({"emails": [{"address": "ottilie@example.com", "x": "Quux"}]}, ORDER),
                    lambda: session.put({"name": {"given": 5}, "likes": "likes opals"}, ORDER),
                    lambda: session.find("Ottilie", "Quux"),
                    lambda: session.append_note(who, "likes opals, card 4111 1111 1111 1111", CARE)):
            try:
                use()
            except clientbook.Error as what:
                shown.append(repr(what) + str(what) + repr(what.args))
                shown += traceback.format_exception_only(type(what), what)
            else:
                self.fail("nothing was raised")
        for text in shown:
            for secret in (*SECRETS, "4111"):
                self.assertNotIn(secret, text)
        book.close()


class OlderBooks(unittest.TestCase):
    def test_an_older_book_is_refused_until_it_is_upgraded(self):
        rows = pathlib.Path(os.environ["CLIENTBOOK_SOURCE"]) / "tests/vectors/book/format_1.txt"
        with tempfile.TemporaryDirectory() as folder:
            book, key = pathlib.Path(folder) / "shop.book", pathlib.Path(folder) / "keys" / "root.key"
            key.parent.mkdir(mode=0o700)
            subprocess.run([os.environ["CLIENTBOOK_LAY_OLD_BOOK"], rows, book, key], check=True)
            with self.assertRaises(clientbook.StorageFailed) as raised:
                clientbook.open(book, key)
            self.assertEqual(raised.exception.code, clientbook.Code.OLDER_FORMAT)
            self.assertEqual(clientbook.upgrade(book, key), (1, 2))
            self.assertEqual(clientbook.upgrade(book, key), (2, 2))
            clientbook.open(book, key).close()


class Clocks(unittest.TestCase):
    def test_the_host_tells_the_time(self):
        now = [datetime.datetime(2027, 1, 15, tzinfo=datetime.timezone.utc)]
        book, session, who = shop(clock=lambda: now[0])
        session.add_notice("news", "t", purposes=["email_marketing"], recipients=["self"])
        until = datetime.datetime(2027, 2, 1, tzinfo=datetime.timezone.utc)
        session.record(who, clientbook.Directive("grant", purposes=["email_marketing"], recipients=["self"],
                                                 notice="news", evidence="e", not_after=until))
        self.assertTrue(session.read(who, "email_marketing").emails)
        self.assertEqual(session.read(who, "email_marketing").valid_until, until)
        now[0] = until
        self.assertIsNone(session.read(who, "email_marketing").emails)
        book.close()


if __name__ == "__main__":
    unittest.main()
