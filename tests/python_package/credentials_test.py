"""Who shows who they are, from Python."""
import pathlib
import tempfile
import unittest

import clientbook
from clientbook import Code, Role

ANN = "correct horse battery staple"
VERA = "another horse in the stable"
NEXT = "a third horse, out in the rain"


class CredentialsTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        folder = pathlib.Path(temporary.name)
        self.kim = folder / "kim.key"
        clientbook.make_key_file(self.kim, folder / "b" / "shop.book", folder / "k" / "shop.key")
        self.book = clientbook.in_memory("gdpr")
        self.addCleanup(self.book.close)
        by_number = self.book.session(40, Role.SECURITY_OFFICER)
        self.assertEqual(by_number.enrol_credential(40, [Role.SECURITY_OFFICER], "Ann", passphrase=ANN), 1)
        self.officer = self.book.session(40, Role.SECURITY_OFFICER, passphrase=ANN)
        self.officer.enrol_credential(41, [Role.SECURITY_OFFICER], "Kim", identity=self.kim)
        self.deputy = self.book.session(41, Role.SECURITY_OFFICER, identity=self.kim)

    def refused(self, code, call, *arguments, **named):
        with self.assertRaises(clientbook.Error) as told:
            call(*arguments, **named)
        self.assertEqual(told.exception.code, code)
        return told.exception

    def test_one_enrols_another_confirms_and_a_session_ends_with_its_credential(self):
        number = self.officer.enrol_credential(12, [Role.ASSOCIATE], "Vera Holm", days=30, passphrase=VERA)
        self.refused(Code.CREDENTIAL_INVALID, self.book.session, 12, Role.ASSOCIATE, passphrase=VERA)
        self.refused(Code.SECOND_PERSON_REQUIRED, self.officer.confirm_credential, number)
        self.deputy.confirm_credential(number)
        till = self.book.session(12, Role.ASSOCIATE, passphrase=VERA)
        self.assertEqual([one["name"] for one in till.credentials()], ["Vera Holm"])
        till.change_credential(passphrase=VERA, new_passphrase=NEXT)
        self.refused(Code.CREDENTIAL_INVALID, self.book.session, 12, Role.ASSOCIATE, passphrase=VERA)
        self.officer.renew_credential(number, 60)
        self.officer.revoke_credential(number)
        self.refused(Code.CREDENTIAL_INVALID, till.credentials)
        listed = self.officer.credentials()
        self.assertEqual([one["state"] for one in listed], ["in_force", "in_force", "revoked"])
        self.assertEqual(listed[2]["confirmed_by"], 41)

    def test_everybody_shows_one_once_two_people_have_said_so(self):
        self.assertEqual(self.officer.credentials_taken(), {"use": "none"})
        number = self.officer.propose_credential_use("everybody")
        self.assertEqual(self.officer.credentials_taken()["proposed"]["use"], "everybody")
        self.refused(Code.SECOND_PERSON_REQUIRED, self.officer.approve_credential_use, number)
        self.deputy.approve_credential_use(number)
        self.refused(Code.CREDENTIAL_REQUIRED, self.book.session, 12, Role.ASSOCIATE)
        self.refused(Code.INVALID_ARGUMENT, self.officer.propose_credential_use, "all")

    def test_one_passphrase_is_of_one_person_and_five_wrong_ones_shut_out(self):
        told = self.refused(Code.ALREADY_EXISTS, self.officer.enrol_credential, 12, [Role.ASSOCIATE], "Vera",
                            passphrase=ANN)
        self.assertEqual(told.at, 1)
        self.refused(Code.INVALID_ARGUMENT, self.officer.enrol_credential, 12, [Role.ASSOCIATE], "Vera",
                     passphrase="short")
        # To be told that a passphrase is somebody's is a guess, and the first of five.
        for _ in range(4):
            self.refused(Code.CREDENTIAL_INVALID, self.book.session, 40, Role.SECURITY_OFFICER, passphrase=VERA)
        self.refused(Code.LIMIT_EXCEEDED, self.book.session, 40, Role.SECURITY_OFFICER, passphrase=ANN)


if __name__ == "__main__":
    unittest.main()
