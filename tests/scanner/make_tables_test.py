"""The script that makes the scanner's tables: wrong rows are told by file and line.

usage: make_tables_test.py SCRIPT DATA_FOLDER DOCS_TEXT

Each of WRONG changes one line of a copy of the data; the script must refuse and name the place. And
the same data gives the same bytes, a table that stays the same is not written again, and what firmware
leaves out stands in docs/text.md as extent.csv says it.
"""

import csv
import pathlib
import shutil
import subprocess
import sys
import tempfile

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


def made(script, data, to):
    return subprocess.run([sys.executable, script, data, to], capture_output=True, text=True, check=False)


def refused(script, data, folder, change):
    """Nothing, or what is wrong with how the script took a wrong line."""
    name, line, instead, told = change
    copy = folder / "data"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    text = (copy / name).read_text(encoding="utf-8")
    # A line is given whole, or by its beginning where it is long.
    at = ("\n" + text).find("\n" + line)
    if at < 0:
        return f"{name} has no line {line!r}"
    text = text[:at] + instead + text[at + len(line):]
    (copy / name).write_text(text, encoding="utf-8")
    first = text.count("\n", 0, at) + 1
    result = made(script, copy, folder / "tables")
    places = [f"{name}:{number}: " for number in range(first, first + instead.count("\n") + 2)]
    if result.returncode == 0 or told not in result.stderr or not any(p in result.stderr for p in places):
        return f"{name}:{first}: {instead!r} gave {result.returncode}: {result.stderr.strip() or 'nothing'}"
    return None


def rows_of_docs(docs):
    """The table under "In firmware": what is left out, and what firmware has."""
    text = docs.read_text(encoding="utf-8").split("\n## In firmware\n")[1].split("\n## ")[0]
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [tuple(cell.strip() for cell in cells) for cells in lines[2:]]


def main():
    script, data, docs = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        faults += filter(None, (refused(script, data, folder, change) for change in WRONG))
        for to in ["once", "again"]:
            result = made(script, data, folder / to)
            if result.returncode != 0:
                sys.exit(f"the data itself is refused: {result.stderr}")
        tables = sorted((folder / "once").iterdir())
        for table in tables:
            if table.read_bytes() != (folder / "again" / table.name).read_bytes():
                faults.append(f"{table.name} differs from one run to the next")
        before = {table: table.stat().st_mtime_ns for table in tables}
        made(script, data, folder / "once")
        faults += [f"{table.name} was written again" for table in tables
                   if table.stat().st_mtime_ns != before[table]]
    with open(data / "extent.csv", newline="", encoding="utf-8") as file:
        lines = (line for line in file if not line.startswith("#"))
        extent = [(row["what"], row["firmware"]) for row in csv.DictReader(lines)]
    if rows_of_docs(docs) != extent:
        faults.append("docs/text.md, In firmware: not the rows of extent.csv: "
                      f"{set(rows_of_docs(docs)) ^ set(extent) or 'another order'}")
    print("\n".join(faults) if faults else f"{len(WRONG)} wrong rows told, {len(tables)} tables the same twice")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
