"""The script that makes the tables of forms of data: what is wrong is told by file and line.

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
    ("field_names.csv", "meaning,name", "name,meaning", "the columns are meaning,name"),
    ("field_names.csv", "payment_card,bankkartya", "nothing,bankkartya", "no such meaning: nothing"),
    ("field_names.csv", "payment_card,bankkartya", "payment_card,Name", "a name is small words"),
    ("field_names.csv", "payment_card,bankkartyaszam", "payment_card,bankkartya", "stands twice"),
    ("person_names.csv", "list,word", "list,words", "the columns are list,word"),
    ("person_names.csv", "given,aada", "nobody,aada", "no such list: nobody"),
    ("person_names.csv", "given,aadhya", "given,aada", "not a word, or twice"),
    ("name_words.csv", "list,word", "word,list", "the columns are list,word"),
    ("name_words.csv", "particle,von", "nobody,von", "no such list: nobody"),
    ("name_words.csv", "particle,van", "particle,von", "not a word, twice, or more than one sign"),
    ("name_words.csv", "particle,von", "family_chinese,ab", "not a word, twice, or more than one sign"),
]


def main():
    script, data = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        faults, tables = wrong_rows.faults_of(script, data, folder, WRONG)
    print("\n".join(faults) if faults else f"{len(WRONG)} wrong places told, {tables} tables the same twice")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
