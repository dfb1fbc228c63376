"""Runs one doctest case of a sabotaged build and passes only if an assertion of it fails.

usage: must_fail.py EXECUTABLE "TEST CASE" [SABOTAGE]

SABOTAGE is chosen among those that the executable holds; without it the executable is one. A crash,
a time-out or a case that does not exist proves nothing and counts as a failure.
"""

import sys

import judge


def main():
    executable, case, *sabotage = sys.argv[1:]
    out, err, status = judge.run(executable, [case], *sabotage)
    ran, failed = judge.totals(out, err)
    if ran == 0:
        sys.exit(f'no such test case: "{case}"')
    if failed == 0:
        sys.exit(f'the sabotage was not noticed by "{case}"')
    if status != 1 or "CRASHED" in out or "NOT correct!" not in out:
        sys.exit(f"it failed, but not by an assertion:\n{out[-2000:]}")
    print(next(line for line in out.splitlines() if "NOT correct!" in line))


if __name__ == "__main__":
    main()
