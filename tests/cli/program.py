"""What the tests of the program share: a folder with a book, and a way to call it."""
import json
import os
import pathlib
import pty
import select
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["CLIENTBOOK_PROGRAM"]
SOURCE = pathlib.Path(os.environ["CLIENTBOOK_SOURCE"])
MAP = SOURCE / "examples" / "import" / "clientbook.json"


class ProgramTest(unittest.TestCase):
    """Each test has an empty folder, `self.folder`, that goes with it."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.book = self.folder / "shop.book"
        self.key = self.folder / "key" / "root.key"

    def call(self, *arguments, key=None, stdin=None):
        environment = dict(os.environ, CLIENTBOOK_KEY=str(key or self.key))
        return subprocess.run([PROGRAM, *map(str, arguments)], env=environment, input=stdin,
                              capture_output=True, text=True, check=False)

    def ok(self, *arguments, **options):
        done = self.call("--json", *arguments, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def at_a_terminal(self, lines, *arguments):
        """Calls the program with a terminal, types the lines one by one when it asks, returns code and screen."""
        ours, theirs = pty.openpty()
        environment = dict(os.environ, CLIENTBOOK_KEY=str(self.key))
        done = subprocess.Popen([PROGRAM, *map(str, arguments)], env=environment, stdin=theirs, stdout=theirs,
                                stderr=theirs)
        os.close(theirs)
        screen, waiting = "", list(lines)
        while True:
            ready, _, _ = select.select([ours], [], [], 20)
            self.assertTrue(ready, "the program waits for something: " + screen)
            try:
                more = os.read(ours, 4096).decode()
            except OSError:
                break
            if not more:
                break
            screen += more
            if waiting and screen.rstrip("\r\n").endswith((": ", ":")):
                os.write(ours, (waiting.pop(0) + "\n").encode())
        os.close(ours)
        return done.wait(20), screen

    def refused(self, code, *arguments, **options):
        """The program ends with that code and says so; returns all that it said."""
        done = self.call(*arguments, **options)
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, code, said)
        self.assertIn(f"[{code}]", said)
        return said

    def make_book(self, *options):
        self.ok("init", self.book, *options)
        notice = SOURCE / "examples" / "import" / "notice.txt"
        for title in ("house-rules-2025", "newsletter-2025"):
            self.ok("notice", "add", self.book, title, "--file", notice, "--purpose", "all",
                    "--to", "self,selected_partner", "--category", "all")

    def make_shop(self):
        """A book with the forty customers of examples/data."""
        self.make_book("--profile", "gdpr")
        return self.ok("import", self.book, "--map", MAP, "--from", SOURCE / "examples" / "data")

    def data_copy(self):
        """The files of examples/data, to be spoilt."""
        copy = self.folder / "data"
        shutil.copytree(SOURCE / "examples" / "data", copy)
        return copy
