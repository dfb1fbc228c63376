"""What opens a book: passphrases, key files and recipients, from Python."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import clientbook
from clientbook import Code, Role

PHRASE = "correct horse battery staple"
NEXT = "another horse in the stable"
RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX\n"
CHEAP = 8 * 1024  # KiB: tests guess often
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"


class KeysTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.book = self.folder / "shop.book"
        self.key = self.folder / "keys" / "shop.key"
        self.till = self.folder / "stick" / "till.key"
        self.till.parent.mkdir()

    def refused(self, code, **how):
        with self.assertRaises(clientbook.Error) as told:
            clientbook.open(self.book, self.key, **how).close()
        self.assertEqual(told.exception.code, code)

    @unittest.skipUnless(os.path.exists(SOFTHSM) and shutil.which("softhsm2-util"), "SoftHSM is not installed")
    def test_a_key_in_a_token_stands_where_a_key_file_does(self):
        tokens, pin, settings = self.folder / "tokens", self.folder / "pin", self.folder / "softhsm2.conf"
        tokens.mkdir()
        pin.write_text("493817")
        pin.chmod(0o600)
        settings.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(settings)
        self.addCleanup(os.environ.pop, "SOFTHSM2_CONF", None)
        subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "Shop", "--pin", "493817", "--so-pin",
                        "87654321"], check=True, capture_output=True)
        address = f"pkcs11:token=Shop;object=shop?module-path={SOFTHSM}&pin-source=file:{pin}"
        clientbook.make_key_file(address, self.book, self.key)
        clientbook.create(self.book, self.key, "gdpr", identity=address).close()
        clientbook.open(self.book, self.key, identity=address).close()
        self.refused(Code.KEY_UNAVAILABLE)
        self.refused(Code.NOT_FOUND, identity=address.replace("object=shop", "object=other"))
        pin.write_text("111111")
        self.refused(Code.PERMISSION_DENIED, identity=address)

    def test_a_book_is_sealed_with_a_key_file_and_slots_come_and_go(self):
        clientbook.make_key_file(self.till, self.book, self.key)
        with clientbook.create(self.book, self.key, "gdpr", identity=self.till) as book:
            with book.session(actor=1, role=Role.OWNER) as session:
                self.assertEqual(session.add_key_slot("Kim", passphrase=PHRASE, stretch_kibibytes=CHEAP), 2)
                self.assertEqual(session.add_key_slot("Ann", recipient=RECIPIENT), 3)
        self.refused(Code.KEY_UNAVAILABLE)
        self.refused(Code.WRONG_KEY, passphrase=NEXT)
        self.refused(Code.INVALID_ARGUMENT, passphrase=PHRASE, identity=self.till)
        slots = clientbook.key_slots(self.key)
        self.assertTrue(slots["sealed"])
        self.assertEqual([(one["number"], one["kind"], one["proven"]) for one in slots["slots"]],
                         [(1, "key file", True), (2, "passphrase", True), (3, "recipient", False)])
        self.assertEqual(slots["slots"][2]["recipient"], RECIPIENT)
        with clientbook.open(self.book, self.key, passphrase=PHRASE) as book:
            with book.session(actor=1, role=Role.SECURITY_OFFICER) as session:
                session.remove_key_slot(1)
                self.assertEqual(session.change_key_slot(2, "Kim", passphrase=NEXT, stretch_kibibytes=CHEAP), 4)
                with self.assertRaises(clientbook.InvalidState):
                    session.remove_key_slot(4)  # nobody has shown that slot 3 opens
                session.renew_root_key()
        self.refused(Code.WRONG_KEY, identity=self.till)
        self.refused(Code.WRONG_KEY, passphrase=PHRASE)
        anns = self.folder / "stick" / "ann.txt"
        anns.write_text(IDENTITY)
        anns.chmod(0o600)
        with clientbook.open(self.book, self.key, identity=str(anns)) as book:
            with book.session(actor=1, role=Role.OWNER) as session:
                session.remove_key_slot(4)
                session.unseal_root_key()
        self.assertFalse(clientbook.key_slots(self.key)["sealed"])
        clientbook.open(self.book, self.key).close()

    def test_a_key_in_clear_is_sealed_by_its_first_slot(self):
        with clientbook.create(self.book, self.key, "gdpr") as book:
            with book.session(actor=1, role=Role.OWNER) as session:
                session.add_key_slot("the shop", passphrase=PHRASE, stretch_kibibytes=CHEAP)
        self.assertFalse(clientbook.key_slots(self.key)["renewal_due"])
        self.refused(Code.KEY_UNAVAILABLE)
        clientbook.open(self.book, self.key, passphrase=PHRASE + "\n").close()

    def test_who_may_not_and_what_no_slot_is(self):
        with clientbook.create(self.book, self.key, "gdpr") as book:
            for role in (Role.ASSOCIATE, Role.MANAGER, Role.PRIVACY_OFFICER, Role.AUDITOR, Role.SERVICE):
                with book.session(actor=2, role=role) as session:
                    with self.assertRaises(clientbook.RoleDenied):
                        session.add_key_slot("mine", passphrase=PHRASE, stretch_kibibytes=CHEAP)
                    with self.assertRaises(clientbook.RoleDenied):
                        session.renew_root_key()
            with book.session(actor=1, role=Role.OWNER) as session:
                for wrong in ({"passphrase": "too short"}, {"passphrase": "   "}, {}, {"recipient": "age1"}):
                    with self.assertRaises(clientbook.Error):
                        session.add_key_slot("the shop", **wrong)
        self.assertFalse(clientbook.key_slots(self.key)["sealed"])
        memory = clientbook.in_memory("gdpr")
        with memory.session(actor=1, role=Role.OWNER) as session:
            with self.assertRaises(clientbook.Error) as told:
                session.add_key_slot("the shop", passphrase=PHRASE)
            self.assertEqual(told.exception.code, Code.UNSUPPORTED)


if __name__ == "__main__":
    unittest.main()
