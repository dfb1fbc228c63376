"""Closed and shared objects, forks, and that nothing prints a value."""

import contextlib
import datetime
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import unittest
import unittest.mock

import clientbook
from clientbook import Address, Email, Name, Note, Purpose, Role
from clientbook._call import Call

ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT
CARE = Purpose.CUSTOMER_CARE
SECRETS = ("Ottilie", "Quux", "ottilie@example.com", "7 Hidden Lane", "likes opals")


@contextlib.contextmanager
def patched_days(day):
    """Another maker of days, as the module in C calls it."""
    from clientbook import _fast, errors, view
    structs = {number: (kind, dict(kind._keys)) for number, kind in view.STRUCTS.items()}
    _fast.setup(errors.of, day, view._instant, structs)
    try:
        yield
    finally:
        _fast.setup(errors.of, view._day, view._instant, structs)


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

    def test_a_view_that_is_closed_while_a_value_is_made_lives_until_it_is(self):
        book = clientbook.in_memory("gdpr")
        session = book.session(7, Role.OWNER)
        session.add_notice("care", "t", purposes=[CARE], recipients=["self"])
        grant = clientbook.Directive("grant", purposes=[CARE], recipients=["self"], notice="care", evidence="e")
        days = [clientbook.SpecialDay(kind=f"k{i}", day=datetime.date(2001, 2, 1 + i)) for i in range(20)]
        who = session.put({"name": Name(given="Ottilie"), "special_days": days}, (ORDER, CARE), [grant]).customer
        for views in (lambda: session.read(who, CARE), lambda: next(iter(list(session.scan(CARE))))):
            view = views()
            made = []

            def day(year, month, number, of=view, to=made):
                of.close()
                to.append(number)
                return datetime.date(year, month, number)

            with patched_days(day):
                self.assertEqual(view.special_days, tuple(days))
            self.assertEqual(len(made), 20)
            self.assertIn("closed", repr(view))
            with self.assertRaises(ValueError):
                view.special_days
        book.close()

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
            with self.assertRaises(ValueError):
                clientbook.terms("no such")
            self.assertIn("customer_care", [row["word"] for row in clientbook.terms("purpose")])


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

    def test_two_threads_in_one_session_never_see_each_others_answers(self):
        book, session, ottilie = shop()
        zoe = session.put({"name": Name(given="Zoe"), "external_ids": [{"system": "crm", "value": "Z-1"}]}, ORDER).customer
        expected = {who: (len(session.ledger(who)), len(session.directives(who)), name)
                    for who, name in ((ottilie, "Ottilie"), (zoe, "Zoe"))}
        self.assertNotEqual(expected[ottilie][1], expected[zoe][1])
        wrong, good = [], [0]
        take = Call.take

        def slowly(call):  # between an answer and its taking another thread comes in
            time.sleep(0.0005)
            return take(call)

        def work(who):
            for _ in range(40):
                try:
                    seen = (len(session.ledger(who)), len(session.directives(who)), session.read(who, ORDER).name.given)
                except clientbook.InvalidState:
                    continue
                except BaseException as what:
                    wrong.append(what)
                    return
                good[0] += 1
                if seen != expected[who]:
                    wrong.append(seen)

        threads = [threading.Thread(target=work, args=(who,)) for who in (ottilie, zoe) * 3]
        with unittest.mock.patch.object(Call, "take", slowly):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(wrong, [])
        self.assertGreater(good[0], 0)
        book.close()

    def test_a_book_is_not_closed_under_a_thread(self):
        for _ in range(10):
            book, _session, who = shop()
            wrong = []
            begun = threading.Semaphore(0)

            def work():
                try:
                    session = book.session(7, Role.OWNER)
                    begun.release()
                    while session.read(who, ORDER).name.given == "Ottilie":
                        session.figures()
                        for view in session.scan(ORDER):
                            view.name
                except clientbook.InvalidState:
                    pass
                except BaseException as what:
                    wrong.append(what)

            threads = [threading.Thread(target=work) for _ in range(3)]
            for thread in threads:
                thread.start()
            for _ in threads:
                begun.acquire()
            while True:
                try:
                    book.close()
                    break
                except clientbook.InvalidState:
                    pass
            for thread in threads:
                thread.join()
            self.assertEqual(wrong, [])

    def test_a_book_is_not_closed_within_a_call_or_a_transaction(self):
        book, session, who = shop()
        seen = []

        def close(_done):
            try:
                book.close()
            except clientbook.InvalidState as what:
                seen.append(what)

        session.verify(close)
        self.assertEqual(len(seen), 1)
        with session.transaction():
            with self.assertRaises(clientbook.InvalidState):
                book.close()
        self.assertEqual(session.read(who, ORDER).name.given, "Ottilie")
        book.close()

    def test_a_close_that_is_refused_stops_nobody(self):
        book, session, who = shop()
        ended, seen = threading.Event(), []

        def work():
            mine = book.session(8, Role.OWNER)
            while not ended.is_set():
                try:
                    seen.append(mine.read(who, ORDER).name.given)
                except clientbook.Error as what:
                    seen.append(what)
                    return

        thread = threading.Thread(target=work)
        thread.start()
        while not seen:
            pass
        with session.transaction():
            with self.assertRaises(clientbook.InvalidState):
                book.close()
        read = len(seen)
        while len(seen) == read and thread.is_alive():
            pass
        ended.set()
        thread.join()
        self.assertEqual(set(seen), {"Ottilie"})
        book.close()

    def test_a_program_may_end_while_a_thread_is_in_a_call(self):
        script = """
import sys, threading, time
sys.path.insert(0, sys.argv[1])
import clientbook
book = clientbook.in_memory("gdpr")
session = book.session(7, clientbook.Role.OWNER)
for i in range(50):
    session.put({"name": clientbook.Name(given="A")}, "customer_order_management")
def work():
    while True:
        session.verify()
threading.Thread(target=work, daemon=True).start()
time.sleep(0.1)
"""
        source = pathlib.Path(clientbook.__file__).parent.parent
        for _ in range(5):
            done = subprocess.run([sys.executable, "-c", script, str(source)], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_an_interrupt_leaves_a_session_usable(self):
        script = """
import signal, sys
sys.path.insert(0, sys.argv[1])
import clientbook
book = clientbook.in_memory("gdpr")
session = book.session(7, clientbook.Role.OWNER)
who = session.put({"name": clientbook.Name(given="A")}, "customer_order_management").customer
signal.signal(signal.SIGALRM, signal.default_int_handler)
interrupted = 0
for i in range(300):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0001 + 0.00001 * (i % 40))
        while True:
            session.read(who, "customer_order_management").name
            session.figures()
            with session.transaction():
                session.update(who, {"name": clientbook.Name(given="A")}, "customer_order_management")
    except KeyboardInterrupt:
        interrupted += 1
assert session.read(who, "customer_order_management").name.given == "A"
assert session.verify()["problems"] == 0
book.close()
print(interrupted)
"""
        source = pathlib.Path(clientbook.__file__).parent.parent
        done = subprocess.run([sys.executable, "-c", script, str(source)], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "300\n", ""))

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
