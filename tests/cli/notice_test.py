"""Notices for people: text and page, in five languages, and the page in a real browser."""
import html.parser
import json
import re
import shutil
import subprocess
import unittest

from program import ProgramTest

LANGUAGES = ("en", "de", "fr", "es", "it")
HOSTILE = '<script>alert("1")</script> & \'quoted\' <b>'
# Runs in the browser: contrast of every text, the outline, what the table tells a screen reader.
PROBE = """
const page = document.getElementById('page').contentDocument;
function luminance(c) {
  const [r, g, b] = c.match(/[0-9.]+/g).map(Number).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function background(node) {
  for (; node; node = node.parentElement) {
    const c = getComputedStyle(node).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)') return c;
  }
  return 'rgb(255, 255, 255)';
}
let least = 21, texts = 0;
for (const node of page.body.querySelectorAll('*')) {
  if (![...node.childNodes].some(c => c.nodeType === 3 && c.data.trim())) continue;
  const a = luminance(getComputedStyle(node).color), b = luminance(background(node));
  least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
  texts++;
}
document.getElementById('answer').textContent = JSON.stringify({
  contrast: least, texts,
  outline: [...page.querySelectorAll('h1,h2,h3')].map(h => h.tagName).join(' '),
  unnamed: [...page.querySelectorAll('th')].filter(h => !h.getAttribute('scope')).length,
  caption: page.querySelectorAll('table').length === page.querySelectorAll('caption').length,
  lang: page.documentElement.lang,
  scripts: page.scripts.length, width: page.documentElement.scrollWidth});
"""


class Page(html.parser.HTMLParser):
    void = {"meta", "br", "hr", "img", "link", "input"}

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.wrong, self.loads = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.loads += [name for name, _ in attributes if name in ("src", "href", "srcset", "action")]
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


class Notice(ProgramTest):
    def setUp(self):
        super().setUp()
        self.ok("init", self.book, "--profile", "gdpr")
        self.ok("recipient", "add", self.book, "Sports & <Monthly>", "--class", "selected_partner",
                "--country", "DE", "--no-onward")
        (self.folder / "text").write_text(HOSTILE + "\n\nSecond paragraph.", encoding="utf-8")
        (self.folder / "offer").write_text("5 % off", encoding="utf-8")
        self.ok("notice", "add", self.book, "newsletter", "--file", self.folder / "text",
                "--offer", self.folder / "offer", "--purpose", "email_marketing", "--to",
                "self,selected_partner", "--category", "name,email_address",
                "--retention-days", "730")

    def page(self, language):
        file = self.folder / f"{language}.html"
        shown = self.ok("notice", "show", self.book, "newsletter", "--text", self.folder / "text",
                        "--offer", self.folder / "offer", "--controller", "Shop, Berlin",
                        "--language", language, "--html", file)
        return shown, file.read_text(encoding="utf-8")

    def test_page_and_text_hold_every_cell_and_nothing_from_elsewhere(self):
        for language in LANGUAGES:
            with self.subTest(language=language):
                shown, page = self.page(language)
                self.assertTrue(shown["cells_as_shown"])
                self.assertIn("5 % off", shown["text"])
                self.assertIn(shown["hash"], page)
                self.assertIn("730", page)
                self.assertIn("Sports &amp; &lt;Monthly&gt;", page)
                self.assertNotIn("<script", page)
                parsed = Page(page)
                self.assertEqual((parsed.wrong, parsed.open, parsed.loads), ([], [], []))
                self.assertEqual([parsed.tags.count(tag) for tag in ("h1", "main", "title")],
                                 [1, 1, 1])
                self.assertNotRegex(page, r"https?:|url\(|@import")

    def test_a_page_for_customers_is_whole(self):
        file = self.folder / "page.html"
        for given in (("--text", self.folder / "text"), ("--offer", self.folder / "offer"), ()):
            self.refused(23, "notice", "show", self.book, "newsletter", *given, "--html", file)
            self.assertFalse(file.exists())
        # On a terminal a place is left for what was not given, and none for what is not there.
        text = self.ok("notice", "show", self.book, "newsletter")["text"]
        self.assertIn("--offer FILE", text)
        self.assertIn("--text FILE", text)

    def test_a_page_is_made_for_people(self):
        (self.folder / "text").write_text(
            "We write to you:\r\n- news\r\n- offers of the <month>\r\n\r\nTwice a year\nby mail.\n"
            "1. First\n2. Second\n", encoding="utf-8")
        self.ok("notice", "add", self.book, "news_2026", "--file", self.folder / "text", "--offer",
                self.folder / "offer", "--purpose", "email_marketing,client_care", "--to",
                "self,selected_partner", "--category", "name,email_address", "--retention-days", "90")
        file = self.folder / "people.html"
        shown = self.ok("notice", "show", self.book, "news_2026", "--text", self.folder / "text",
                        "--offer", self.folder / "offer", "--controller", "Shop, Berlin", "--html", file)
        page = file.read_text(encoding="utf-8")
        self.assertEqual(Page(page).wrong, [])
        self.assertIn("<ul>\n<li>news</li>\n<li>offers of the &lt;month&gt;</li>\n</ul>", page)
        self.assertIn("<p>Twice a year<br>\nby mail.</p>\n<ol>\n<li>First</li>\n<li>Second</li>\n</ol>", page)
        # The title in words, and first what one gets.
        heading = re.search("<h1>(.*?)</h1>", page)[1]
        self.assertNotIn("news_2026", heading)
        self.assertRegex(heading, "Marketing")
        headings = re.findall("<h2>(.*?)</h2>", page)
        self.assertEqual(headings[0], "What you get in return")
        self.assertLess(page.index("5 % off"), page.index("Shop, Berlin"))
        self.assertLess(shown["text"].index("5 % off"), shown["text"].index("Shop, Berlin"))
        # Recipients by name, each row once.
        rows = re.findall("<tr>(<th scope=\"row\".*?)</tr>", page)
        self.assertEqual(len(rows), len(set(rows)))
        names = [re.search("<th scope=\"row\">(.*?)</th>", row)[1] for row in rows]
        self.assertIn("Shop", " ".join(names))
        self.assertNotIn("Berlin", " ".join(names))
        self.assertLess(len(rows), shown["cells"])
        for row in rows:
            self.assertEqual(row.count("data-label="), 5)

    def test_other_words_than_those_of_the_notice_are_refused(self):
        (self.folder / "text").write_text("changed", encoding="utf-8")
        self.refused(22, "notice", "show", self.book, "newsletter", "--text", self.folder / "text")
        self.refused(42, "notice", "show", self.book, "none such")

    def test_a_changed_notice_is_a_new_version_with_another_hash(self):
        first = self.ok("notice", "list", self.book)["notices"]
        again = self.ok("notice", "add", self.book, "newsletter", "--file", self.folder / "text",
                        "--purpose", "email_marketing", "--to", "self", "--category", "name")
        self.assertEqual(again["version"], 2)
        both = self.ok("notice", "list", self.book)["notices"]
        self.assertEqual(both[:1], first)
        self.assertNotEqual(both[0]["hash"], both[1]["hash"])

    def test_a_notice_that_is_withdrawn_ends_what_was_agreed_to_under_it(self):
        notice = self.folder / "short.txt"
        notice.write_text("We write to you.", encoding="utf-8")
        make = ("notice", "add", self.book, "short", "--file", notice, "--purpose", "email_marketing", "--to", "self",
                "--category", "all")
        self.ok(*make)
        who = self.ok("add", self.book, "--given", "Ann", "--email", "ann@example.com")["customer"]
        grant = ("consent", "grant", self.book, who, "-p", "email_marketing", "--notice", "short")
        self.assertTrue(self.ok(*grant)["opened"])
        state = lambda: self.ok("show", self.book, who, "-p", "email_marketing")["fields"]["emails"]["state"]
        self.assertEqual(state(), "shown")
        self.refused(42, "notice", "withdraw", self.book, "shrt")
        self.assertEqual(self.ok("notice", "withdraw", self.book, "short")["version"], 2)
        self.assertEqual(state(), "withheld")
        self.refused(5, "notice", "withdraw", self.book, "short")
        self.refused(42, *grant)
        self.refused(42, "notice", "show", self.book, "short")
        listed = [one["withdrawn"] for one in self.ok("notice", "list", self.book)["notices"] if one["title"] == "short"]
        self.assertEqual(listed, [False, True])
        self.assertIn("(withdrawn)", self.call("notice", "list", self.book).stdout)
        self.ok("consent", "compile", self.book)
        self.assertEqual(self.ok(*make)["version"], 3)
        self.assertEqual(state(), "withheld")
        self.assertTrue(self.ok(*grant)["opened"])
        self.assertEqual(state(), "shown")

    def test_in_a_browser(self):
        browser = shutil.which("chromium") or shutil.which("chromium-browser")
        if not browser:
            self.skipTest("no chromium")
        for language in LANGUAGES:
            _, page = self.page(language)
            outer = self.folder / "outer.html"
            quoted = page.replace("&", "&amp;").replace('"', "&quot;")
            outer.write_text(
                '<!DOCTYPE html><meta charset="utf-8">'
                f'<iframe id="page" width="360" srcdoc="{quoted}"></iframe><pre id="answer"></pre>'
                f"<script>document.getElementById('page').onload = () => {{{PROBE}}}</script>",
                encoding="utf-8")
            done = subprocess.run(
                [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                 f"--user-data-dir={self.folder / 'profile'}", "--enable-logging=stderr",
                 "--virtual-time-budget=4000", "--dump-dom", f"file://{outer}"],
                capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(done.returncode, 0, done.stderr[-500:])
            self.assertNotIn("CONSOLE", done.stderr)
            answer = re.search(r'<pre id="answer">(.+?)</pre>', done.stdout, re.DOTALL)
            self.assertTrue(answer, "the page did not load")
            seen = json.loads(answer[1])
            with self.subTest(language=language, seen=seen):
                self.assertGreaterEqual(seen["contrast"], 4.5)  # WCAG 2.2, 1.4.3
                self.assertGreater(seen["texts"], 20)
                self.assertRegex(seen["outline"], r"^H1( H2)+$")
                self.assertEqual((seen["unnamed"], seen["caption"], seen["scripts"]), (0, True, 0))
                self.assertEqual(seen["lang"], language)
                self.assertLessEqual(seen["width"], 360)  # 1.4.10: reflows, the table scrolls


if __name__ == "__main__":
    unittest.main()
