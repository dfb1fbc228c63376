"""The examples for Python that need the demo data or more than the package: a notebook, run cell by cell, and finders."""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import unittest

EXAMPLES = pathlib.Path(os.environ.get("CLIENTBOOK_SOURCE", pathlib.Path(__file__).parents[2])) / "examples/python"
sys.path.insert(0, str(EXAMPLES))
sys.dont_write_bytecode = True


class Notebook(unittest.TestCase):
    def test_every_cell_runs_in_order(self):
        notebook = json.loads((EXAMPLES / "birthday_mailing.ipynb").read_text(encoding="utf-8"))
        self.assertEqual(notebook["nbformat"], 4)
        names, told = {}, io.StringIO()
        for number, cell in enumerate(notebook["cells"]):
            # What was run is not kept in the file: no value of a run that nobody repeats.
            self.assertEqual(cell.get("outputs", []), [])
            if cell["cell_type"] != "code":
                continue
            with contextlib.redirect_stdout(told):
                exec(compile(cell["source"], f"cell {number}", "exec"), names)  # noqa: S102: the example itself
        lines = told.getvalue()
        self.assertRegex(lines, r"\d+ customers may be greeted")
        self.assertIn("after one withdrawal", lines)
        self.assertIn("NO_BASIS", lines)
        try:
            import matplotlib  # noqa: F401
        except ImportError:
            print("skipped: no matplotlib, the notebook has drawn nothing")
        else:
            self.assertIn("plotted: 2 plots", lines)
            self.assertGreater(pathlib.Path("birthdays.png").stat().st_size, 5000)


class NameFinder(unittest.TestCase):
    def test_it_hides_what_a_model_finds(self):
        done = subprocess.run([sys.executable, str(EXAMPLES / "name_finder.py")], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("with: came with <", done.stdout)
        if "a list" in done.stdout:
            print("skipped: no spaCy with a model, a list of names stands in")


if __name__ == "__main__":
    unittest.main()
