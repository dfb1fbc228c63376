"""The package's types, by mypy --strict."""

import pathlib
import subprocess
import sys
import tempfile
import unittest


USE = """\
import clientbook

from clientbook import Purpose, Role

with clientbook.in_memory("gdpr") as book:
    session = book.session(7, Role.ASSOCIATE)
    view = session.read("00" * 16, Purpose.CUSTOMER_CARE)
    reveal_type(session.find("a", "b"))
    reveal_type(view.state("name"))
"""
WRONG = "import clientbook\nclientbook.in_memory('gdpr').session('seven')\n"


class Types(unittest.TestCase):
    def mypy(self, *arguments):
        return subprocess.run([sys.executable, "-m", "mypy", "--strict", *arguments], capture_output=True, text=True)

    def test_the_package_is_strict(self):
        done = self.mypy("-p", "clientbook")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_who_uses_it_is_helped(self):
        with tempfile.TemporaryDirectory() as folder:
            use = pathlib.Path(folder) / "use.py"
            use.write_text(USE)
            done = self.mypy(str(use))
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("CustomerId", done.stdout)
            use.write_text(WRONG)
            self.assertNotEqual(self.mypy(str(use)).returncode, 0)


if __name__ == "__main__":
    unittest.main()
