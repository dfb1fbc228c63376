"""examples/python/fastapi_desk.py in a headless browser: find, show for a purpose, record consent, who has my data."""

import html
import importlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

EXAMPLES = pathlib.Path(os.environ.get("CLIENTBOOK_SOURCE", pathlib.Path(__file__).parents[2])) / "examples/python"
sys.path.insert(0, str(EXAMPLES))
sys.dont_write_bytecode = True
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
try:
    import uvicorn
    import fastapi  # noqa: F401
except ImportError:
    uvicorn = None


@unittest.skipIf(uvicorn is None, "skipped: no fastapi and uvicorn")
@unittest.skipIf(BROWSER is None, "skipped: no chromium")
class Desk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.module = importlib.import_module("fastapi_desk")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            cls.port = free.getsockname()[1]
        cls.server = uvicorn.Server(uvicorn.Config(cls.module.desk, host="127.0.0.1", port=cls.port, log_level="error"))
        cls.thread = threading.Thread(target=cls.server.run, daemon=True)
        cls.thread.start()
        deadline = time.monotonic() + 30
        while not cls.server.started:
            if time.monotonic() > deadline:
                raise AssertionError("the desk does not start")
            time.sleep(0.05)

    @classmethod
    def tearDownClass(cls):
        cls.server.should_exit = True
        cls.thread.join(10)
        cls.module.book.close()

    def dom(self, address):
        with tempfile.TemporaryDirectory() as folder:
            shown = subprocess.run(
                [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}",
                 "--virtual-time-budget=8000", "--dump-dom", address],
                capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(shown.returncode, 0, shown.stderr[-500:])
        return shown.stdout

    def at(self, path):
        return self.dom(f"http://127.0.0.1:{self.port}{path}")

    def press(self, path, choice):
        """Another page opens the desk's, presses one of its buttons, and shows where that leads: of one origin, by the desk itself."""
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "press.html"
            page.write_text(f"<form method='post' action='http://127.0.0.1:{self.port}{path}/consent'>"
                            f"<button name='choice' value='{choice}'></button></form>"
                            "<script>document.querySelector('button').click()</script>", encoding="utf-8")
            return self.dom(page.as_uri())

    def found(self, typed):
        return re.findall(r'href="(/customer/[0-9a-f]{32})"', self.at(f"/?q={typed}"))

    def row(self, dom, field):
        got = re.search(rf'<tr class="(\w+)" data-field="{field}"><th>[^<]*</th><td>(.*?)</td>', dom)
        return got and (got[1], html.unescape(re.sub("<[^>]*>", "", got[2])))

    def test_a_customer_is_found_and_shown_what_each_purpose_needs(self):
        who, = self.found("Amelia+Hartwell")
        order, news = self.at(who), self.at(f"{who}?purpose=email_marketing")
        self.assertIn("Hartwell", self.row(order, "name")[1])
        self.assertEqual(self.row(news, "emails")[0], "shown")
        self.assertEqual(self.row(news, "phones"), ("withheld", "no_basis"))
        self.assertNotIn("7946", news)
        self.assertIn("0 found", self.at("/?q=Nobodyatall"))

    def test_consent_is_heard_at_once(self):
        who, = self.found("Lindqvist")
        path = f"{who}?purpose=birthday_greeting"
        self.assertEqual(self.row(self.at(path), "birth_date")[0], "shown")
        self.assertEqual(self.row(self.press(who, "no"), "birth_date"), ("withheld", "withdrawn"))
        self.assertEqual(self.row(self.press(who, "yes"), "birth_date")[0], "shown")
        told = self.at(f"{who}/ledger")
        self.assertIn("consent given", told)
        self.assertIn("consent withdrawn", told)

    def test_nonsense_is_told_and_quotes_nothing(self):
        for path in ("/customer/xyz", "/customer/" + "0" * 32, "/?q=%", "/customer/" + "0" * 32 + "?purpose=spying"):
            dom = self.at(path)
            self.assertIn('id="error"', dom, path)
            self.assertNotIn("Traceback", dom)
        script = self.at("/?q=%3Cscript%3Ealert(1)%3C/script%3E")
        self.assertNotIn("<script>alert", script)


if __name__ == "__main__":
    unittest.main()
