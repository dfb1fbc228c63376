#!/usr/bin/env python3
"""Lists every personal value of an import folder, one a line, for marker_scan.

    values.py adventureworks|clientbook DIR > VALUES
"""
import csv
import gzip
import pathlib
import sys

# Of AdventureWorks: names, e-mails, phones, addresses, products and notes.
ADVENTUREWORKS = {
    "customers.csv": ("first_name", "middle_name", "last_name", "email", "phone", "company",
                      "account_number"),
    "addresses.csv": ("line1", "line2", "city", "state"),
    "products.csv": ("name", "product_number"),
    "contact_notes.csv": ("text",),
}


def rows(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("adventureworks", "clientbook"):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[2])
    values = set()
    if sys.argv[1] == "adventureworks":
        for name, columns in ADVENTUREWORKS.items():
            for row in rows(folder / name):
                values.update(row[column] for column in columns)
    else:
        for path in sorted(folder.glob("*.csv")):
            for row in rows(path):
                values.update(row.values())
    for value in sorted(value for value in values if value and "\n" not in value):
        print(value)


if __name__ == "__main__":
    main()
