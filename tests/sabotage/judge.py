"""How cases of a doctest executable end, for must_fail.py and must_pass.py.

It is run once a sabotage: what it imports, all of them wait for.
"""

import os
import re
import subprocess
import sys


def run(executable, cases, sabotage=None, *options, timeout=300):
    """What doctest prints and its exit code for the cases, with that sabotage or none."""
    environment = dict(os.environ)
    environment.pop("CLIENTBOOK_SABOTAGE", None)
    if sabotage:
        environment["CLIENTBOOK_SABOTAGE"] = sabotage
    # A comma separates filters and may stand in a name; "?" matches any character.
    filters = ",".join(case.replace(",", "?") for case in cases)
    done = subprocess.run(
        [executable, "--no-colors", f"--test-case={filters}", *options],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        env=environment,
        check=False,
    )
    return done.stdout, done.stderr, done.returncode


def totals(out, err):
    """(cases that ran, cases that failed); ends the program where there is no verdict."""
    found = re.search(r"test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed", out)
    if not found:
        sys.exit(f"no verdict from doctest:\n{out[-2000:]}{err[-2000:]}")
    return int(found[1]), int(found[3])
