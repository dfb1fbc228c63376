"""Runs tests of tests/cli with a sabotaged program, as must_fail.py and must_pass.py do it with cases
of doctest.

usage: program_cases.py must_fail PROGRAM "FILE CLASS.TEST" SABOTAGE
       program_cases.py must_pass PROGRAM FILE-WITH-A-CASE-A-LINE

CLIENTBOOK_SOURCE names the source tree. An error of a test, a time-out or a test that does not exist
proves nothing and counts as a failure.
"""

import os
import pathlib
import re
import subprocess
import sys


def run(program, case, sabotage=None):
    """(tests that ran, that failed by an assertion, that ended in an error, what was said)"""
    source = pathlib.Path(os.environ["CLIENTBOOK_SOURCE"])
    file, test = case.split()
    environment = dict(os.environ, CLIENTBOOK_PROGRAM=program)
    environment.pop("CLIENTBOOK_SABOTAGE", None)
    if sabotage:
        environment["CLIENTBOOK_SABOTAGE"] = sabotage
    done = subprocess.run([sys.executable, str(source / "tests/cli" / file), test], env=environment,
                          capture_output=True, text=True, errors="replace", timeout=250, check=False)
    said = done.stdout + done.stderr
    ran = re.search(r"^Ran (\d+) tests?", said, re.MULTILINE)
    counted = {word: int(number) for word, number in re.findall(r"(failures|errors)=(\d+)", said)}
    return int(ran[1]) if ran else 0, counted.get("failures", 0), counted.get("errors", 0), said


def must_fail(program, case, sabotage):
    ran, failed, wrong, said = run(program, case, sabotage)
    if ran != 1 or wrong:
        sys.exit(f'no verdict of "{case}":\n{said[-2000:]}')
    if failed == 0:
        sys.exit(f'the sabotage was not noticed by "{case}"')
    print(next(line for line in reversed(said.splitlines()) if line.startswith("AssertionError")))


def must_pass(program, file):
    cases = pathlib.Path(file).read_text(encoding="utf-8").splitlines()
    for case in cases:
        ran, failed, wrong, said = run(program, case)
        if ran != 1 or failed or wrong:
            sys.exit(f'"{case}" fails with nothing sabotaged:\n{said[-4000:]}')
    print(f"{len(cases)} cases pass with nothing sabotaged")


if __name__ == "__main__":
    {"must_fail": must_fail, "must_pass": must_pass}[sys.argv[1]](*sys.argv[2:])
