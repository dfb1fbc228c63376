"""The script that makes the tables of reading a shop's own files: what is wrong is told by file and line.

usage: make_tables_test.py SCRIPT DATA_FOLDER
"""

import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import wrong_rows  # noqa: E402  (its folder is known only now)

# (file, text that is replaced, what stands there instead, what is told)
WRONG = [
    ("column_names.csv", "external_id,id", "nosuchtarget,id", "no such target: nosuchtarget"),
    ("column_names.csv", "external_id,id", "phones[].number,id", "no such target: phones[].number"),
    ("column_names.csv", "external_id,id", "phones[8].number,id", "no such target: phones[8].number"),
    ("column_names.csv", "external_id,id", "consent.fax,id", "no such target: consent.fax"),
    ("column_names.csv", "external_id,customer id", "external_id,id", "id stands twice"),
    ("column_names.csv", "external_id,id", "external_id,Id", "a name is small words"),
    ("column_names.csv", "external_id,id", "external_id", "want target,name"),
    ("column_names.csv", "target,name", "target,names", "the columns are target,name"),
    ("words.csv", "list,word,number", "list,word", "the columns are list,word,number"),
    ("countries.csv", "code,name", "code", "the columns are code,name"),
    ("charsets.csv", "windows1250,cp1250", "windows1250,cp1249", "no such codec: cp1249"),
    ("charsets.csv", "windows1250,cp1250", "windows-1250,cp1250", "a charset is small letters and digits"),
    ("charsets.csv", "latin2,iso8859_2", "latin1,iso8859_2", "stands once"),
    ("exports.json", "\"Customer ID\": \"external_id\"", "\"Customer ID\": \"nosuchtarget\"", "no such target: nosuchtarget"),
    ("exports.json", "\"Phone\": \"phones[0].number\"", "\"Phone\": [\"phones[0].number\", \"phones[9].number\"]", "no such target: phones[9].number"),
    ("exports.json", "\"to\": \"emails[0].address\"", "\"to\": \"emails[0].adress\"", "no such target: emails[0].adress"),
    ("exports.json", "\"external_ids[0].system\":", "\"external_ids[0].sistem\":", "no such target: external_ids[0].sistem"),
    ("exports.json", "\"Customer ID\": \"external_id\"", "\"Customer ID\": 7", "a target: no text"),
    ("exports.json", "\"Total Spent\",\n   \"Total Orders\"", "\"Email\",\n   \"Total Orders\"", "mapped and ignored: Email"),
    ("exports.json", "\"email_marketing\"", "\"email_marketting\"", "no such purpose: email_marketting"),
    ("exports.json", "\"role\": \"customers\"", "\"role\": \"people\"", "the role is customers or details"),
    ("exports.json", "\"system\": \"shopify\"", "\"sistem\": \"shopify\"", "no such member: sistem"),
    ("exports.json", "\"First Name\": \"name.given\"", "\"Customer ID\": \"name.given\"", "\"Customer ID\" is there twice"),
    ("exports.json", "\"system\": \"shopify\"", "\"system\": shopify", "neither a text"),
]


def main():
    script, data = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        faults, tables = wrong_rows.faults_of(script, data, folder, WRONG)
    print("\n".join(faults) if faults else f"{len(WRONG)} wrong places told, {tables} tables the same twice")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
