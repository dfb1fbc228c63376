"""Runs one doctest case of a sabotaged build and passes only if an assertion of it fails.

usage: must_fail.py EXECUTABLE "TEST CASE"

A crash, a time-out or a case that does not exist proves nothing and counts as a failure.
"""

import re
import subprocess
import sys


def main():
    executable, case = sys.argv[1:]
    # A comma separates filters and may stand in a name; "?" matches any character.
    done = subprocess.run(
        [executable, "--no-colors", f"--test-case={case.replace(',', '?')}"],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
    )
    totals = re.search(r"test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed", done.stdout)
    if not totals:
        sys.exit(f"no verdict from doctest:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    ran, _, failed = map(int, totals.groups())
    if ran == 0:
        sys.exit(f'no such test case: "{case}"')
    if failed == 0:
        sys.exit(f'the sabotage was not noticed by "{case}"')
    if done.returncode != 1 or "CRASHED" in done.stdout or "NOT correct!" not in done.stdout:
        sys.exit(f"it failed, but not by an assertion:\n{done.stdout[-2000:]}")
    print(next(line for line in done.stdout.splitlines() if "NOT correct!" in line))


if __name__ == "__main__":
    main()
