"""A key in a PKCS#11 token (SoftHSM) in the place of a key file: of the book, and of who acts."""
import os
import shutil
import subprocess
import unittest

import program

PIN = "493817"
PHRASE = "correct horse battery staple"


def module_path():
    for folder in ("/usr/lib/softhsm", "/usr/lib64/softhsm", "/usr/local/lib/softhsm", "/usr/lib64/pkcs11"):
        if os.path.exists(os.path.join(folder, "libsofthsm2.so")):
            return os.path.join(folder, "libsofthsm2.so")
    return None


@unittest.skipUnless(module_path() and shutil.which("softhsm2-util"), "SoftHSM is not installed")
class TokenTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        tokens = self.folder / "tokens"
        tokens.mkdir()
        settings = self.folder / "softhsm2.conf"
        settings.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(settings)
        self.addCleanup(os.environ.pop, "SOFTHSM2_CONF", None)
        self.token("Shop")
        self.pin = self.folder / "pin"
        self.pin.write_text(PIN + "\n")
        self.pin.chmod(0o600)

    def softhsm(self, *arguments):
        subprocess.run(["softhsm2-util", *map(str, arguments)], check=True, capture_output=True)

    def token(self, label):
        self.softhsm("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "87654321")

    def address(self, name="clientbook", token="Shop", pin=None, **more):
        path = "".join(f";{key}={value}" for key, value in more.items())
        return (f"pkcs11:token={token};object={name}{path}?module-path={module_path()}"
                f"&pin-source=file:{pin or self.pin}")

    def sealed(self, address=None):
        return self.ok("init", self.book, "--profile", "gdpr", "--key-file", address or self.address())

    def opens(self, address):
        return self.ok("stats", self.book, "--key-identity", address)

    def test_a_key_made_in_the_token_opens_the_book_and_files_alone_do_not(self):
        made = self.sealed()
        self.assertEqual([(one["kind"], one["proven"]) for one in made["key"]["slots"]], [("key file", True)])
        self.assertEqual(self.opens(self.address())["customers"], 0)
        self.assertIn("sealed", self.refused(86, "stats", self.book))
        # Another token with a key of the same name, and another key of the same token.
        self.token("Other")
        self.ok("init", self.folder / "other.book", "--profile", "gdpr", "--key-file", self.address(token="Other"),
                key=self.folder / "other" / "root.key")
        self.refused(61, "stats", self.book, "--key-identity", self.address(token="Other"))
        # What is made once is not made again over it.
        self.refused(5, "key", "add", self.book, "--new-key-file", self.address(), "--key-identity", self.address())

    def test_slots_are_added_and_taken_away_as_others(self):
        phrase = self.folder / "phrase"
        phrase.write_text(PHRASE)
        phrase.chmod(0o600)
        self.ok("init", self.book, "--profile", "gdpr", "--passphrase", "--passphrase-file", phrase, "--stretch", "8")
        self.ok("key", "add", self.book, "--new-key-file", self.address(), "--label", "card of the owner",
                "--passphrase-file", phrase)
        self.assertEqual(self.opens(self.address())["customers"], 0)
        self.ok("key", "remove", self.book, "1", "--key-identity", self.address())
        self.refused(61, "stats", self.book, "--passphrase-file", phrase)
        self.assertEqual(self.opens(self.address())["customers"], 0)

    def test_a_key_of_rsa_does_too(self):
        pem = self.folder / "rsa.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", pem],
                       check=True, capture_output=True)
        self.softhsm("--import", pem, "--token", "Shop", "--label", "signing", "--id", "a1", "--pin", PIN)
        phrase = self.folder / "phrase"
        phrase.write_text(PHRASE)
        phrase.chmod(0o600)
        self.ok("init", self.book, "--profile", "gdpr", "--passphrase", "--passphrase-file", phrase, "--stretch", "8")
        self.ok("key", "add", self.book, "--new-identity", self.address("signing"), "--passphrase-file", phrase)
        self.opens(self.address("signing"))
        self.opens(self.address("signing", type="private"))
        self.assertIn("no key", self.refused(4, "stats", self.book, "--key-identity",
                                            self.address("signing", type="secret-key")))

    def test_who_acts_is_shown_by_a_token(self):
        self.ok("init", self.book, "--profile", "gdpr")
        ann = ("--actor", "40", "--role", "security_officer")
        made = self.ok("credential", "enrol", self.book, 40, "--as", "security_officer", "--name", "Ann",
                       "--new-key-file", self.address("ann"), *ann)
        self.assertEqual(made["number"], 1)
        another = ("credential", "enrol", self.book, 41, "--as", "security_officer", "--name", "Kim")
        self.refused(57, *another, "--new-key-file", self.address("kim"), *ann)
        self.ok(*another, "--new-identity", self.address("kim"), *ann, "--credential-file", self.address("ann"))
        self.ok("credential", "list", self.book, *ann, "--credential-file", self.address("ann"))
        self.ok("init", self.folder / "x.book", "--profile", "gdpr", "--key-file", self.address("another"),
                key=self.folder / "x" / "root.key")
        self.refused(58, "credential", "list", self.book, *ann, "--credential-file", self.address("another"))

    def test_what_is_wrong_is_said_and_costs_one_try_of_the_pin(self):
        self.sealed()
        wrong = self.folder / "wrong"
        wrong.write_text("000000")
        wrong.chmod(0o600)
        self.assertIn("refuses the PIN",
                      self.refused(88, "stats", self.book, "--key-identity", self.address(pin=wrong)))
        self.opens(self.address())  # One try of several: it is not locked.
        wrong.chmod(0o644)
        self.assertIn("open to others",
                      self.refused(88, "stats", self.book, "--key-identity", self.address(pin=wrong)))
        self.assertIn("pin-source", self.refused(4, "stats", self.book, "--key-identity",
                                                self.address(pin=self.folder / "absent")))
        without = self.address().split("&")[0]
        self.assertIn("pin-source", self.refused(88, "stats", self.book, "--key-identity", without))
        said = self.refused(1, "stats", self.book, "--key-identity", without + "&pin-value=" + PIN)
        self.assertIn("seen by every user", said)
        self.assertNotIn(PIN, said)
        for code, address in ((4, self.address(token="Nobody")), (4, self.address("nothing")),
                              (1, "pkcs11:"), (1, "pkcs11:token=Shop"), (1, "pkcs11:object=%zz"),
                              (1, "pkcs11:object=x;colour=red"),
                              (6, "pkcs11:object=x?module-path=/nowhere.so")):
            with self.subTest(address):
                self.refused(code, "stats", self.book, "--key-identity", address)

    def test_two_keys_of_one_name_are_told_apart_by_their_id(self):
        for number in ("b1", "b2"):
            pem = self.folder / f"{number}.pem"
            subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", pem],
                           check=True, capture_output=True)
            self.softhsm("--import", pem, "--token", "Shop", "--label", "twin", "--id", number, "--pin", PIN)
        self.ok("init", self.book, "--profile", "gdpr", "--key-file", self.address("first"))
        self.assertIn("more than one", self.refused(1, "key", "add", self.book, "--new-identity", self.address("twin"),
                                                    "--key-identity", self.address("first")))
        self.ok("key", "add", self.book, "--new-identity", self.address("twin", id="%B1"), "--key-identity",
                self.address("first"))
        self.opens(self.address("twin", id="%B1"))
        self.refused(61, "stats", self.book, "--key-identity", self.address("twin", id="%B2"))


if __name__ == "__main__":
    unittest.main()
