"""A book of an older version, in the program."""
import os
import subprocess
import unittest

from program import SOURCE, ProgramTest


class Upgrade(ProgramTest):
    def lay(self):
        self.key.parent.mkdir(mode=0o700)
        subprocess.run([os.environ["CLIENTBOOK_LAY_OLD_BOOK"],
                        SOURCE / "tests/vectors/book/format_1.txt", self.book, self.key], check=True)

    def test_an_old_book_is_refused_upgraded_and_whole(self):
        self.lay()
        said = self.refused(89, "stats", self.book)
        self.assertIn("clientbook upgrade", said)
        self.assertEqual(self.ok("upgrade", self.book), {"from": 1, "to": 2})
        self.assertEqual(self.ok("stats", self.book)["customers"], 2)
        self.assertEqual(self.ok("verify", self.book)["problems"], 0)
        self.assertEqual(self.ok("upgrade", self.book), {"from": 2, "to": 2})
        self.assertIn("Nothing to do", self.call("upgrade", self.book).stdout)

    def test_nonsense(self):
        self.assertNotEqual(self.call("upgrade", self.folder / "nothing").returncode, 0)
        self.lay()
        other = self.folder / "other" / "root.key"
        self.ok("init", self.folder / "other.book", "--profile", "gdpr", key=other)
        self.refused(61, "upgrade", self.book, key=other)
        self.refused(89, "stats", self.book)


if __name__ == "__main__":
    unittest.main()
