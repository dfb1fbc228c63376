"""Tables of figures are of the newest run that has them: scripts/figures-in-docs, tried on a page of its own.

usage: check_figures.py PROJECT
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

PAGE = "<!-- figures x: a.one, a.two -->\n<!-- end of figures -->\n"


def run(date, value, **more):
    figures = {"a.one": {"value": value, "unit": "us", "goal": "<= 1", "compared_with": "nothing"},
               "a.two": {"value": 7, "unit": "us", "goal": "", "compared_with": "nothing"}}
    return json.dumps({"date": date, "commit": "c", "machine": "m", "figures": {**figures, **more}})


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in ("scripts", "docs", "benchmarks/results"):
            (root / name).mkdir(parents=True)
        script = shutil.copy(pathlib.Path(sys.argv[1]) / "scripts" / "figures-in-docs", root / "scripts")
        page, results = root / "docs" / "page.md", root / "benchmarks" / "results"

        def told(*check):
            return subprocess.run([sys.executable, script, *check], capture_output=True, text=True, check=False)

        page.write_text(PAGE, encoding="utf-8")
        assert told().returncode != 0, "figures that nobody has measured"
        (results / "old.json").write_text(run("2026-01-01", 0.5), encoding="utf-8")
        assert told().returncode == 0 and "| 0.5 us | <= 1 | met |" in page.read_text(encoding="utf-8")
        assert told("--check").returncode == 0
        # Under whatever label, and beside runs that have not measured all of it.
        (results / "a-label.json").write_text(run("2026-01-02", 1.5), encoding="utf-8")
        (results / "part.json").write_text(json.dumps({"date": "2026-01-03", "figures": {"a.one": {}}}), encoding="utf-8")
        assert told("--check").returncode != 0, "a newer run"
        assert told().returncode == 0
        text = page.read_text(encoding="utf-8")
        assert "| 1.5 us | <= 1 | missed |" in text and "a-label.json" in text and "2026-01-02" in text, text


if __name__ == "__main__":
    main()
