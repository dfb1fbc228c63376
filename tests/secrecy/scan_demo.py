#!/usr/bin/env python3
"""Runs the demo on real input and looks for the customers in every file that it leaves.

usage: scan_demo.py clientbook|adventureworks --source DIR --program FILE --scan FILE

clientbook: the invented customers of examples/data. adventureworks: those of CLIENTBOOK_DATA,
else of ../shared/data; skipped with a line where they are not there. Also checks what the
demo promises of itself: its summary's counts, and that the scan finds what is planted.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

# What the demo's summary must say. Of AdventureWorks' e-mail flags: 0 none, 1 from us, 2 from us
# and selected partners.
EXPECTED = {
    "adventureworks": {
        "customers": 19972,
        "purchases": 121317,
        "permitted": {
            "email_marketing.self": 8814,
            "email_marketing.selected_partners": 3770,
            "email_marketing.data_broker": 0,
            "sale.third_party": 0,
        },
    },
    "clientbook": {"customers": 40},
}
FIGURES = ("permitted", "purchases", "import_seconds", "import_customers_per_second",
           "read_seconds", "read_customers_per_second", "book_bytes")


def check(condition, what):
    if not condition:
        sys.exit(f"scan_demo: {what}")


def scan(program, values, folder):
    return subprocess.run([program, values, folder], capture_output=True, text=True, check=False)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("system", choices=sorted(EXPECTED))
    for name in ("--source", "--program", "--scan"):
        arguments.add_argument(name, required=True)
    given = arguments.parse_args()
    source = pathlib.Path(given.source)
    environment = dict(os.environ, CLIENTBOOK_PROGRAM=given.program)
    if given.system == "adventureworks":
        data = pathlib.Path(os.environ.get("CLIENTBOOK_DATA") or source / "../shared/data")
        if not (data / "adventureworks").is_dir():
            print("skipped: no adventureworks in CLIENTBOOK_DATA")
            return
        environment["CLIENTBOOK_DATA"] = str(data)
        folder = data / "adventureworks"
    else:
        environment.pop("CLIENTBOOK_DATA", None)
        folder = source / "examples" / "data"

    with tempfile.TemporaryDirectory() as temporary:
        kept = pathlib.Path(temporary) / "kept"
        summary_file = pathlib.Path(temporary) / "summary.json"
        done = subprocess.run(
            [source / "examples" / "demo.sh", "--keep", kept, "--json", summary_file],
            env=environment, capture_output=True, text=True, check=False)
        check(done.returncode == 0, f"the demo failed ({done.returncode}):\n{done.stdout[-3000:]}"
                                    f"{done.stderr[-3000:]}")
        summary = json.loads(summary_file.read_text(encoding="utf-8"))
        for name, expected in EXPECTED[given.system].items():
            check(summary[name] == expected, f"{name} is {summary[name]}, not {expected}")
        for name in FIGURES:
            check(name in summary, f"the summary lacks {name}")

        values = pathlib.Path(temporary) / "values"
        with open(values, "wb") as out:
            subprocess.run([sys.executable, source / "tests" / "secrecy" / "values.py",
                            given.system, folder], stdout=out, check=True)
        found = scan(given.scan, values, kept)
        check(found.returncode == 0, f"a customer's value lies in the open:\n{found.stdout}"
                                     f"{found.stderr}")
        print(found.stdout.strip().splitlines()[-1])

        # The scan must find what is there, in each encoding, in the middle of noise.
        longest = max(values.read_text(encoding="utf-8").splitlines(), key=len)
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            planted = kept / "planted"
            planted.write_bytes(os.urandom(4096) + longest.encode(encoding) + os.urandom(4096))
            found = scan(given.scan, values, kept)
            check(found.returncode == 1, f"the scan missed a planted value in {encoding}")
            check(longest not in found.stdout, "the scan prints the value that it found")
            planted.unlink()


if __name__ == "__main__":
    main()
