"""Losing a book and getting it back, from Python."""

import pathlib
import shutil
import tempfile
import unittest

import clientbook
from clientbook import Code, ExternalId, Name, Purpose, Role

ORDER = Purpose.CUSTOMER_ORDER_MANAGEMENT


class Recovery(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.mirror = self.folder / "mirror"
        self.backup = self.folder / "full.backup"
        self.book = clientbook.create(self.folder / "shop.book", self.folder / "keys" / "shop.key", profile="gdpr")
        self.addCleanup(self.book.close)
        self.session = self.book.session(7, Role.OWNER)
        self.ids = [self.session.put({"name": Name(given=f"Customer {i}"), "external_ids": [ExternalId("loyalty", f"L-{i}")]},
                                     ORDER).customer for i in range(5)]
        self.shares = self.session.make_recovery_key()["shares"]
        self.session.add_mirror(self.mirror)

    def erase(self, customer):
        self.session.open_case("rights", [customer], "letter 7")
        return self.session.erase(customer)

    def restore(self, *backups, shares=None):
        return clientbook.restore(self.folder / "back.book", self.folder / "new" / "back.key", self.mirror, backups,
                                  shares or self.shares[1:4])

    def test_the_disk_is_lost(self):
        made = self.session.back_up(self.backup)
        self.assertEqual((made["customers"], made["full"]), (5, True))
        self.assertEqual([one["confirmed"] for one in self.erase(self.ids[2])["mirrors"]], [True])
        more = self.folder / "more.backup"
        self.assertFalse(self.session.back_up(more, since=self.backup)["full"])
        self.assertEqual(self.session.recovery()["reminders"], [])
        self.book.close()
        shutil.rmtree(self.folder / "shop.book")
        tried = clientbook.drill(self.mirror, [more, self.backup], self.shares[:3], self.folder)
        self.assertEqual((tried["customers"], tried["verified"]["problems"]), (4, 0))
        told = self.restore(self.backup)
        self.assertEqual((told["customers"], told["erased"], told["not_in_backup"]), (4, 1, 0))
        with clientbook.open(self.folder / "back.book", self.folder / "new" / "back.key") as back:
            session = back.session(7, Role.OWNER)
            self.assertEqual(session.read(self.ids[0], ORDER).name.given, "Customer 0")
            with self.assertRaises(clientbook.Erased):
                session.read(self.ids[2], ORDER)
            self.assertEqual(session.verify()["problems"], 0)

    def test_what_does_not_belong_together(self):
        self.session.back_up(self.backup)
        for shares, code in ((self.shares[:2], Code.INVALID_ARGUMENT), (self.shares[:1] * 3, Code.INVALID_ARGUMENT),
                             (["nonsense", *self.shares[:2]], Code.INVALID_ENCODING)):
            with self.assertRaises(clientbook.Error) as wrong:
                self.restore(self.backup, shares=shares)
            self.assertEqual(wrong.exception.code, code)
        with self.assertRaises(clientbook.Error) as wrong:
            self.session.back_up(self.backup)
        self.assertEqual(wrong.exception.code, Code.ALREADY_EXISTS)
        with self.assertRaises(clientbook.Error):
            self.session.make_recovery_key()
        former = self.shares
        self.shares = self.session.make_recovery_key(instead=True, shares=2, needed=2)["shares"]
        with self.assertRaises(clientbook.StorageFailed):
            self.restore(self.backup, shares=former[:3])
        self.assertFalse((self.folder / "back.book").exists())
        self.session.remove_mirror(self.mirror)
        self.assertEqual(self.session.refresh_mirrors(), [])
        self.assertEqual(self.restore(self.backup, shares=self.shares)["customers"], 5)

    def test_a_key_is_in_force_when_its_shares_are_out(self):
        self.session.back_up(self.backup)
        former = self.session.recovery()["number"]
        drawn = self.session.draw_recovery_key(instead=True)
        self.assertEqual(self.session.recovery()["number"], former)
        with clientbook.create(self.folder / "other.book", self.folder / "other" / "key", profile="gdpr") as other:
            with self.assertRaises(clientbook.Error) as wrong:
                other.session(7, Role.OWNER).use_recovery_key()
            self.assertEqual(wrong.exception.code, Code.INVALID_STATE)
        self.assertEqual([one["confirmed"] for one in self.session.use_recovery_key()], [True])
        self.assertEqual(self.session.recovery()["number"], drawn["number"])
        self.assertEqual([one["heard"] for one in self.session.mirrors_told()], [True])
        self.assertEqual(self.restore(self.backup, shares=drawn["shares"][2:5])["customers"], 5)


if __name__ == "__main__":
    unittest.main()
