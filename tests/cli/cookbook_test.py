"""The commands of docs/cookbook.md, in their order, on the demo shop."""
import re
import shlex
import unittest

from program import SOURCE, ProgramTest


class Cookbook(ProgramTest):
    def test_each_command_answers(self):
        page = (SOURCE / "docs" / "cookbook.md").read_text(encoding="utf-8")
        lines = [line for block in re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
                 for line in block.splitlines() if line.startswith("clientbook ")]
        self.assertGreaterEqual(len(lines), 20)
        self.make_shop()
        for line in lines:
            here = {"shop.book": str(self.book), "answer-1": str(self.folder / "answer-1")}
            words = [here.get(word, word) for word in shlex.split(line)[1:]]
            with self.subTest(line):
                told = self.ok(*words)
                if words[0] == "find":
                    self.assertGreater(len(told["hits"]), 0)
                if words[0] in ("days", "list"):
                    self.assertIn("count", told)
                # As a person sees it too; what writes was done by then.
                if words[0] in ("find", "days", "list", "show"):
                    self.assertTrue(self.call(*words).stdout)


if __name__ == "__main__":
    unittest.main()
