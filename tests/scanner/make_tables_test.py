"""The script that makes the scanner's tables: wrong rows are told by file and line.

usage: make_tables_test.py SCRIPT DATA_FOLDER DOCS_TEXT

Each of WRONG changes one line of a copy of the data; the script must refuse and name the place. And
the same data gives the same bytes, a table that stays the same is not written again, and what firmware
leaves out stands in docs/text.md as extent.csv says it.
"""

import csv
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import wrong_rows  # noqa: E402  (its folder is known only now)

# (file, line that is replaced, what stands there instead, what is told)
WRONG = [
    ("streets.csv", "list,word,firmware", "list,word,firmwear", "no such column: firmwear"),
    ("streets.csv", "list,word,firmware", "list,word", "the columns are list,word,firmware"),
    ("streets.csv", "street_types,ave,yes", "street_types,ave", "2 cells, not 3"),
    ("streets.csv", "street_types,ave,yes", "street_types,av,yes", "the word is there twice"),
    ("streets.csv", "street_types,ave,yes", "street_types,zzz,yes\nstreet_types,ave,yes", "is not in order"),
    ("streets.csv", "street_types,ave,yes", "street_types,Ave,yes", "small letters and digits only"),
    ("streets.csv", "street_types,ave,yes", "street_types,ave,maybe", "not one of yes, no, only"),
    ("streets.csv", "street_types,ave,yes", "places,ave,yes\nstreet_types,avf,yes", "not in one piece"),
    ("units.csv", "additions,bis,yes", "places,bis,yes", "the list places is also in"),
    ("context_words.csv", "abita,address,,yes", "abita,adress,,yes", "no such kind of a word: adress"),
    ("context_words.csv", "abita,address,,yes", "abita,month:13,,yes", "no such kind of a word: month:13"),
    ("context_words.csv", "abita,address,,yes", "abita,id,ZZ,yes", "no such country: ZZ"),
    ("context_words.csv", "abita,address,,yes", "abita,id,it,yes", "not two capital letters"),
    ("context_words.csv", "abita,address,,yes", "abita,address,IT,yes", "only a word of ids has a country"),
    ("context_words.csv", "aadhaar*,id,IN,no", "aa*,id,IN,no", "three bytes at least"),
    ("context_words.csv", "abita,address,,yes", "abitaaaaaaaaaaaaaaaaaaaaa,address,,yes", "longer than 24 bytes"),
    ("iban_lengths.csv", "AD,24", "AQ,24", "no such country: AQ"),
    ("iban_lengths.csv", "AD,24", "AD,48", "15 to 34 characters"),
    ("iban_lengths.csv", "AD,24", "YE,24", "is not in order"),
    ("national_ids.csv", "HR,11,together space dash dot,hr_oib,no", "HR,19,together,hr_oib,no", "the longest first"),
    ("national_ids.csv", "HR,11,together space dash dot,hr_oib,no", "HR,11,apart,hr_oib,no", "no such grouping: apart"),
    ("mixed_ids.csv", "MX,AAAA999999AAAAAA*9,no,mx_curp,yes", "MX,AAAA999999BBBBBB*9,no,mx_curp,yes", "8 to 20 of A, 9"),
    ("nicknames.csv", "alexander,alex xander sasha lex", "alexander,alex  lex", "names in small letters"),
    ("phone_plans.csv", "30,GR,,", "30,G1,,", "not two capital letters"),
    ("phone_plans.csv", "30,GR,,", "30,GR,9,", "trunk is '9'"),
    ("phone_plans.csv", "30,GR,,", "30,GR,,10:16 ", "4 to 15 digits"),
    ("phone_plans.csv", "30,GR,,", "7,GR,,", "is not in order"),
    ("extent.csv", "nicknames,known values,", "Nicknames,known values,", "a name in small letters"),
]


def rows_of_docs(docs):
    """The table under "In firmware": what is left out, and what firmware has."""
    text = docs.read_text(encoding="utf-8").split("\n## In firmware\n")[1].split("\n## ")[0]
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in cells) for cells in lines[2:]]


def main():
    script, data, docs = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        faults, tables = wrong_rows.faults_of(script, data, folder, WRONG)
    with open(data / "extent.csv", newline="", encoding="utf-8") as file:
        lines = (line for line in file if not line.startswith("#"))
        extent = [(row["what"], row["firmware"]) for row in csv.DictReader(lines)]
    if rows_of_docs(docs) != extent:
        faults.append("docs/text.md, In firmware: not the rows of extent.csv: "
                      f"{set(rows_of_docs(docs)) ^ set(extent) or 'another order'}")
    print("\n".join(faults) if faults else f"{len(WRONG)} wrong rows told, {tables} tables the same twice")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
