"""Cases that were written down elsewhere (CLIENTBOOK_CASES: a folder with consent.jsonl), answered by the program.

A step is a document for `evaluate`, or arguments of the program in a folder with the files of the case. Where the
folder is not named, nothing is asked, and the test says so.
"""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from program import PROGRAM, SOURCE, ProgramTest

FOLDER = os.environ.get("CLIENTBOOK_CASES", str(SOURCE.parent / "shared" / "cases"))


def at(document, pointer):
    """What a JSON pointer leads to; None if nothing."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(part)] if isinstance(document, list) else document[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return document


class Case:
    def __init__(self, one, folder):
        self.one = one
        self.folder = pathlib.Path(folder)
        self.said = []
        self.not_asked = 0
        for name, text in one.get("files", {}).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(text, dict):
                text = text["head"] + text["repeat"] * text["count"]
            path.write_text(text, encoding="utf-8")

    def run(self):
        environment = dict(os.environ, CLIENTBOOK_KEY="key/k")
        for step in self.one["steps"]:
            arguments, document = (step, None) if isinstance(step, list) else (["evaluate", "-"], json.dumps(step))
            self.said.append(subprocess.run([PROGRAM, *arguments], cwd=self.folder, env=environment, input=document,
                                            capture_output=True, text=True, check=False))
        return all([self.holds(test) for test in self.one["expect"]])

    def holds(self, test):
        if "any" in test:
            return any(self.holds(one) for one in test["any"])
        if "values_of" in test:  # of a reader that no command shows: tests/exchange has these
            self.not_asked += 1
            return True
        done = self.said[test["step"]]
        said = done.stdout + done.stderr
        if "rc" in test:
            return done.returncode != 0 if test["rc"] == "not 0" else done.returncode == test["rc"]
        if "same_as" in test:
            return done.stdout == self.said[test["same_as"]].stdout
        if "at" in test:
            try:
                found = at(json.loads(done.stdout), test["at"])
            except json.JSONDecodeError:
                return False
            return found == test["is"] if "is" in test else test["lacks"] not in str(found or "")
        return test["has"] in said if "has" in test else test["lacks"] not in said


class Cases(ProgramTest):
    def test_a_case_that_is_wrong_is_seen(self):
        one = {"files": {}, "steps": [["terms", "operations"], ["no-such-command"]],
               "expect": [{"step": 0, "rc": 0}, {"step": 1, "rc": "not 0"}, {"step": 0, "has": "disclose"}]}
        self.assertTrue(Case(one, self.folder).run())
        for wrong in ({"step": 0, "rc": 1}, {"step": 1, "rc": 0}, {"step": 0, "lacks": "disclose"},
                      {"step": 0, "at": "/a", "is": 1}, {"step": 1, "same_as": 0}):
            self.assertFalse(Case(dict(one, expect=[wrong]), self.folder).run(), wrong)

    def test_each_is_answered_as_it_must_be(self):
        path = pathlib.Path(FOLDER) / "consent.jsonl"
        if not FOLDER or not path.is_file():
            print("skipped: CLIENTBOOK_CASES names no folder with consent.jsonl")
            self.skipTest("no cases")
        lines = path.read_text(encoding="utf-8").splitlines()
        self.assertTrue(lines)
        right, wrong, left = 0, [], 0
        for line in lines:
            one = json.loads(line)
            with tempfile.TemporaryDirectory() as folder:
                case = Case(one, folder)
                good = case.run()
            left += case.not_asked
            right += good
            if not good:
                wrong.append(one["name"])
        print(f"cases: {right} of {len(lines)} right; {left} tests of readers without a command")
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
