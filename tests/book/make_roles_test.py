"""The script that makes the table of what each role may do: what is wrong is told by file and line.

usage: make_roles_test.py SCRIPT DATA_FOLDER
"""

import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import wrong_rows  # noqa: E402  (its folder is known only now)

# (file, text that is replaced, what stands there instead, what is told)
WRONG = [
    ("roles.json", "\"version\": 7", "\"version\": five", "neither a text"),
    ("roles.json", "\"version\": 7", "\"version\": \"5\"", "the version is a number"),
    ("roles.json", "\"version\": 7", "\"versions\": 7", "the members are version"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"one\": [\"read\", \"review\", \"keep\"]}", "associate, desk: no action here, or one that stands twice: review"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"one\": [\"read\", \"read\"]}", "one that stands twice: read"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"one\": [\"find\"]}", "no action here, or one that stands twice: find"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"one\": [\"list\"]}", "a list and a table are of many"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"two\": [\"read\"]}", "no such reach: two"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"disk\": {\"one\": [\"read\"]}", "no such group: disk"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"one\": \"read\"}", "associate, desk: no list"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"one\": [[\"read\"]]}", "associate, desk: no text"),
    ("roles.json", "\"own\": [\"list\"]}", "\"own\": [\"tabulate\"]}", "one's own are listed, and nothing else"),
    ("roles.json", "\"own\": [\"list\"]}", "\"one\": [\"list\"]}", "is there twice"),
    ("roles.json", "\"desk\": {\"one\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"one\": [\"read\"], \"own\": [\"list\"]}", "associate, desk: one's own are listed"),
    ("roles.json", "\"case\": {\n        \"named\"", "\"case\": {\n        \"one\"", "purposes of cases reach those whom a case names"),
    ("roles.json", "\"desk\": {\"store\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"store\": [\"disclose\"]}", "nothing it may do, or one that stands twice: disclose"),
    ("roles.json", "\"desk\": {\"store\": [\"read\", \"preview\", \"keep\"]}", "\"desk\": {\"shop\": [\"read\"]}", "no such reach or group: desk, shop"),
    ("roles.json", "\"budget\": {\"customers_an_hour\": 60", "\"budget\": {\"customers_an_hour\": -60", "associate: the budget is"),
    ("roles.json", "\"associate\": {", "\"assistant\": {", "the roles are not those of actor.hpp"),
    ("roles.json", "\"account_management\"", "\"account_mismanagement\"", "no purpose, or one that stands twice: account_mismanagement"),
    ("roles.json", "\"tax\": [\"tax_record_keeping\"]", "\"taxes\": [\"tax_record_keeping\"]", "no such kind of case: taxes"),
    ("roles.json", "[\"consent_record_keeping\", \"tax_record_keeping\"]", "[\"marketing\"]", "kept_without_a_case names purposes of cases: marketing"),
]


def main():
    script, data = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        faults, tables = wrong_rows.faults_of(script, data, folder, WRONG)
    print("\n".join(faults) if faults else f"{len(WRONG)} wrong places told, {tables} tables the same twice")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
