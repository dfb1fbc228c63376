"""Runs cases of an executable that holds sabotages with none of them chosen, and passes if they do.

usage: must_pass.py EXECUTABLE FILE-WITH-A-CASE-A-LINE

That a case fails with a sabotage proves something only if it passes without.
"""

import fnmatch
import pathlib
import re
import sys

import judge


def is_meant(name, case):
    """As doctest compares them: "*" and "?" stand for others, capitals do not count."""
    return fnmatch.fnmatchcase(name.lower(), case.lower().replace("[", "[[]"))


def run(executable, cases):
    """(cases that ran, cases that failed, names of those and maybe of others, what doctest says)"""
    out, err, status = judge.run(executable, cases, timeout=580)
    ran, failed = judge.totals(out, err)
    names = dict.fromkeys(re.findall(r"^TEST CASE:  (.*)$", out, re.MULTILINE))
    if len(names) < failed or (status == 0) != (failed == 0):
        sys.exit(f"no clear verdict:\n{out[-4000:]}")
    return ran, failed, list(names), out


def main():
    executable, file = sys.argv[1:]
    cases = pathlib.Path(file).read_text(encoding="utf-8").splitlines()
    listed = judge.run(executable, cases, None, "--list-test-cases")[0].splitlines()
    for case in cases:
        if not any(is_meant(name, case) for name in listed):
            sys.exit(f'no such test case: "{case}"')
    ran, failed, names, out = run(executable, cases)
    if failed:
        # A case may measure time, beside others that run: whether it can pass is the question here, and
        # whether it always does that of the test itself.
        again, failed, _, out = run(executable, names)
        if failed or again < len(names):
            sys.exit(f"it fails with nothing sabotaged:\n{out[-4000:]}")
    print(f"{ran} cases pass with nothing sabotaged")


if __name__ == "__main__":
    main()
