#!/usr/bin/env python3
"""Makes the C++ tables of reading a shop's own files from src/exchange/data, while building.

usage: make_import_tables.py DATA_FOLDER TO_FOLDER

words.csv, consent_words.csv and countries.csv: what cells say; charsets.csv: the code pages that vCards name; column_names.csv: what the names of columns say; exports.json: the
exports that are known by their headers, each the part of a column map that fits it. Dialling codes are those of
the scanner's numbering plans, targets those of src/exchange/csv/targets.cpp, purposes those of the vocabulary.
What is wrong ends the making and is told by file and line.
"""
import csv
import json
import pathlib
import re
import sys

import json_lines

ROOT = pathlib.Path(__file__).resolve().parent.parent

LISTS = {"null": "null_words", "unknown": "unknown_words", "extension": "extension_words", "prefix": "name_prefixes",
         "suffix": "name_suffixes", "particle": "name_particles", "couple": "couple_words", "yes": "yes_words", "no": "no_words",
         "pending": "pending_words", "consent": "consent_parts", "subscribed": "subscribed_words", "false": "false_words", "phone": "phone_words", "between": "between_words",
         "when": "time_columns", "total": "total_columns", "told_by": "event_columns", "sum": "sum_words",
         "undone": "undone_words", "undone_when": "undone_columns", "order_state": "order_state_columns",
         "own": "own_qualifiers", "sent_to": "delivery_qualifiers", "joins": "joining_words",
         "customer": "customer_words", "number": "number_words", "link": "linking_letters",
         "receiver": "receiver_columns", "way_of_money": "money_way_columns", "money_out": "money_out_words", "gross": "gross_columns"}


def rows_of(file, columns):
    lines = [(i, line) for i, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
             if not line.startswith("#")]
    if not lines or lines[0][1] != columns:
        at = lines[0][0] if lines else 1
        sys.exit(f"make_import_tables: {file.name}:{at}: the columns are {columns}")
    for i, line in lines[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != columns.count(",") + 1:
            sys.exit(f"make_import_tables: {file.name}:{i}: want {columns}")
        yield i, cells


def word(file, i, text):
    if not re.fullmatch(r"[^\s\"\\A-Z]+( [^\s\"\\A-Z]+)*", text):
        sys.exit(f"make_import_tables: {file.name}:{i}: a name is small words with a blank between them")
    return text


def words(folder):
    file = folder / "words.csv"
    lists, months, homes, currencies, signs = {name: [] for name in LISTS}, [], [], [], []
    for i, (name, text, number) in rows_of(file, "list,word,number"):
        if name == "month":
            if number not in [str(n) for n in range(1, 13)]:
                sys.exit(f"make_import_tables: {file.name}:{i}: a month is 1 to 12")
            months.append((word(file, i, text), number))
        elif name == "home":
            homes.append((word(file, i, text), number))
        elif name == "currency":
            if not re.fullmatch("[A-Z]{3}", number):
                sys.exit(f"make_import_tables: {file.name}:{i}: a currency is three capitals")
            currencies.append((word(file, i, text).upper(), number))
        elif name == "sign":
            if not re.fullmatch("[A-Z]{3}( [A-Z]{3})*", number):
                sys.exit(f"make_import_tables: {file.name}:{i}: a sign's currencies are three capitals each")
            signs.append((word(file, i, text), number))
        elif name in lists:
            lists[name].append(word(file, i, text))
        else:
            sys.exit(f"make_import_tables: {file.name}:{i}: no such list: {name}")
    out = []
    for name, table in LISTS.items():
        inside = ", ".join(f'"{each}"' for each in lists[name])
        out.append(f"inline constexpr std::string_view {table}[] = {{{inside}}};\n")
    out.append("struct named_month {\n  std::string_view word;\n  unsigned number;\n};\n"
               "inline constexpr named_month named_months[] = {\n"
               + "".join(f'    {{"{text}", {number}}},\n' for text, number in months) + "};\n")
    out.append("struct home_word {\n  std::string_view word;\n  std::string_view region;\n};\n"
               "inline constexpr home_word home_words[] = {\n"
               + "".join(f'    {{"{text}", "{region}"}},\n' for text, region in homes) + "};\n")
    out.append("struct home_currency {\n  std::string_view region;\n  std::string_view currency;\n};\n"
               "inline constexpr home_currency home_currencies[] = {\n"
               + "".join(f'    {{"{region}", "{code}"}},\n' for region, code in currencies) + "};\n")
    out.append("struct named_sign {\n  std::string_view sign;\n  std::string_view currencies;\n};\n"
               "inline constexpr named_sign currency_signs[] = {\n"
               + "".join(f'    {{"{sign}", "{codes}"}},\n' for sign, codes in signs) + "};\n")
    return "".join(out)


PARTS = ("topic", "subject", "channel", "either", "agree", "confirmed", "time", "neutral", "pending", "not", "strong", "weak")
WAYS = ("", "email", "sms", "post", "phone", "all")


def consent_words(folder):
    file = folder / "consent_words.csv"
    out, seen = [], set()
    for i, (part, way, text) in rows_of(file, "part,way,word"):
        if part not in PARTS or way not in WAYS or text in seen:
            sys.exit(f"make_import_tables: {file.name}:{i}: no such part or way, or a word twice")
        seen.add(text)
        word(file, i, text.removesuffix("*"))
        out.append((text, part, way or "none"))
    return ("enum class word_part : std::uint8_t { " + ", ".join(f"{each}_" for each in PARTS) + " };\n"
            "enum class word_way : std::uint8_t { none, " + ", ".join(WAYS[1:]) + " };\n"
            "struct consent_word {\n  std::string_view word;  // Sorted; `*` at the end: a beginning.\n  word_part part;\n"
            "  word_way way;\n};\n"
            "inline constexpr consent_word consent_words[] = {\n"
            + "".join(f'    {{"{text}", word_part::{part}_, word_way::{way}}},\n' for text, part, way in sorted(out))
            + "};\n")


CODE_PAGES = {"windows_1252": "cp1252", "windows_1250": "cp1250", "windows_1254": "cp1254", "windows_1257": "cp1257",
              "mac_roman": "mac_roman"}


def code_pages(folder):
    """What each byte from 0x80 on is, and which letters beyond ASCII the languages of a code page have."""
    out = ["struct code_page {\n  text_encoding encoding;\n  std::array<char16_t, 128> letters;  // 0: none.\n};\n"
           "inline constexpr code_page code_pages[] = {\n"]
    for name, codec in CODE_PAGES.items():
        letters = []
        for byte in range(0x80, 0x100):
            try:
                letters.append(f"0x{ord(bytes([byte]).decode(codec)):04X}")
            except UnicodeDecodeError:
                letters.append("0")
        out.append(f"    {{text_encoding::{name}, {{{', '.join(letters)}}}}},\n")
    out.append("};\nstruct language_letters {\n  text_encoding encoding;\n  std::string_view regions;  // ISO 3166-1, a blank between.\n"
               "  std::u16string_view letters;  // Small ones.\n};\n"
               "inline constexpr language_letters languages[] = {\n")
    file = folder / "languages.csv"
    for i, (encoding, language, regions, letters) in rows_of(file, "encoding,language,regions,letters"):
        if encoding not in CODE_PAGES or letters != letters.lower():
            sys.exit(f"make_import_tables: {file.name}:{i}: no such encoding, or letters that are not small")
        escaped = "".join(f"\\u{ord(each):04X}" for each in letters)
        out.append(f'    {{text_encoding::{encoding}, "{regions}", u"{escaped}"}},  // {language}\n')
    out.append("};\n")
    return "".join(out)


LEADS = [*range(0x81, 0xA0), *range(0xE0, 0xFD)]  # Of two bytes the first,
TRAILS = [*range(0x40, 0x7F), *range(0x80, 0xFD)]  # and the second.


def letters_of(codec, all_bytes):
    """What each of these is, as numbers; 0: nothing, or no single sign."""
    for each in all_bytes:
        letter = each.decode(codec, errors="ignore")
        yield f"0x{ord(letter):04X}" if len(letter) == 1 and ord(letter) < 0x10000 else "0"


def charsets(folder):
    """The code pages that a vCard may name. One of them has letters of two bytes."""
    file = folder / "charsets.csv"
    names, pages, wide = [], [], None
    for i, (name, codec) in rows_of(file, "charset,codec"):
        if not re.fullmatch("[a-z0-9]+", name) or name in [each for each, _ in names]:
            sys.exit(f"make_import_tables: {file.name}:{i}: a charset is small letters and digits, and stands once")
        try:
            "".encode(codec)
        except LookupError:
            sys.exit(f"make_import_tables: {file.name}:{i}: no such codec: {codec}")
        if codec not in pages:
            pages.append(codec)
        names.append((name, pages.index(codec)))
    out = ["struct named_charset {\n  std::string_view name;  // Small letters and digits.\n  std::uint8_t page;\n};\n"
           "inline constexpr named_charset named_charsets[] = {\n",
           *(f'    {{"{name}", {page}}},\n' for name, page in names),
           "};\n// Each byte from 0x80 on; 0: none.\ninline constexpr std::array<char16_t, 128> charset_pages[] = {\n"]
    for at, codec in enumerate(pages):
        out.append("    {" + ", ".join(letters_of(codec, [bytes([byte]) for byte in range(0x80, 0x100)])) + "},\n")
        if codec == "cp932":
            wide = at
    if wide is None:
        sys.exit(f"make_import_tables: {file.name}: no charset of cp932, which has letters of two bytes")
    pairs = [bytes([lead, trail]) for lead in LEADS for trail in TRAILS]
    out.append(f"}};\ninline constexpr std::uint8_t wide_page = {wide};  // The one with letters of two bytes:\n"
               f"inline constexpr std::size_t wide_trails = {len(TRAILS)};  // so many begin with one byte.\n"
               "inline constexpr char16_t wide_letters[] = {" + ", ".join(letters_of("cp932", pairs)) + "};\n")
    return "".join(out)


def countries(folder):
    file = folder / "countries.csv"
    out, seen = [], set()
    for i, (code, name) in rows_of(file, "code,name"):
        if not re.fullmatch("[A-Z]{2}", code) or name in seen:
            sys.exit(f"make_import_tables: {file.name}:{i}: no code, or a name twice")
        seen.add(name)
        out.append(f'    {{"{code}", "{word(file, i, name)}"}},\n')
    return ("struct named_country {\n  std::string_view code;\n  std::string_view name;\n};\n"
            "inline constexpr named_country named_countries[] = {\n" + "".join(out) + "};\n")


def plans():
    file = ROOT / "src/scanner/data/phone_plans.csv"
    out = []
    for _, (code, region, trunk, runs) in rows_of(file, "calling_code,region,trunk,runs"):
        if region:
            out.append(f'    {{"{region}", "{code}", "{trunk}", "{runs}"}},\n')
    return ("struct dialling_plan {\n  std::string_view region;\n  std::string_view code;\n"
            "  std::string_view trunk;  // Dialled before numbers at home.\n"
            "  std::string_view runs;   // `09:6+7 12:-`: up to these two first digits, how many digits.\n};\n"
            "inline constexpr dialling_plan dialling_plans[] = {\n" + "".join(out) + "};\n")


class Targets:
    """What a column can fill, as the sources say it."""

    def __init__(self):
        source = (ROOT / "src/exchange/csv/targets.cpp").read_text(encoding="utf-8")
        table = re.search(r"constexpr target targets\[\] = \{(.*?)\n\};", source, re.DOTALL)[1]
        self.names = set(re.findall(r'[({]\s*"([a-z_.1-9\[\]]+)"', table))
        self.names |= set(re.findall(r'constexpr std::string_view \w+_name = "([a-z.]+)";', source))
        lanes = (ROOT / "src/exchange/csv/lanes.hpp").read_text(encoding="utf-8")
        self.slots = int(re.search(r"max_slots = (\d+);", lanes)[1])

    def has(self, name):
        slot = re.search(r"\[(\d+)\]", name)
        if slot and int(slot[1]) >= self.slots:
            return False
        return "[]" not in name and re.sub(r"\[\d+\]", "[]", name, count=1) in self.names


MARKETINGS = {f"{says}.{way}" for says in ("consent", "refusal") for way in (*WAYS[1:], "mail")}


def column_names(folder):
    file = folder / "column_names.csv"
    targets = Targets()
    out, seen = [], set()
    for i, (target, name) in rows_of(file, "target,name"):
        if not targets.has(target) and target not in MARKETINGS | {"external_id", "ignore"}:
            sys.exit(f"make_import_tables: {file.name}:{i}: no such target: {target}")
        if name in seen:
            sys.exit(f"make_import_tables: {file.name}:{i}: {name} stands twice")
        seen.add(name)
        out.append(f'    {{"{target}", "{word(file, i, name)}"}},\n')
    return ("struct named_column {\n  std::string_view target;\n  std::string_view name;\n};\n"
            "inline constexpr named_column named_columns[] = {\n" + "".join(out) + "};\n")


MEMBERS = {"about", "role", "marks", "region", "id", "columns", "ignore", "constants", "consent", "alone",
           "system", "repeated", "unknown", "unsure", "rows", "no_purchase"}


def purposes():
    with open(ROOT / "src/consent/vocabulary.csv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["name"] for row in rows if row["kind"] == "purpose"}


class Exports:
    """The checks of exports.json: what is wrong is told by its line."""

    def __init__(self, file):
        self.file = file
        self.targets = Targets()
        self.purposes = purposes()

    def stop(self, line, text):
        sys.exit(f"make_import_tables: {self.file.name}:{line}: {text}")

    def of(self, form, node, what):
        return json_lines.of(form, node, what, self.stop)

    def check(self, node):
        one = self.of(dict, node, "an export")
        for name, each in one.items():
            if name not in MEMBERS:
                self.stop(each.line, f"no such member: {name}")
        if "marks" not in one or not self.of(list, one["marks"], "marks"):
            self.stop(node.line, "an export has marks")
        if "role" not in one or one["role"].value not in ("customers", "details"):
            self.stop(one["role"].line if "role" in one else node.line, "the role is customers or details")
        columns = self.of(dict, one["columns"], "columns") if "columns" in one else {}
        for each in self.of(list, one["ignore"], "ignore") if "ignore" in one else []:
            if self.of(str, each, "ignore") in columns:
                self.stop(each.line, f"mapped and ignored: {each.value}")
        for each in columns.values():
            self.target(each)
        for values in self.of(dict, one["no_purchase"], "no_purchase").values() if "no_purchase" in one else ():
            for each in self.of(list, values, "no_purchase"):
                self.of(str, each, "no_purchase")
        for name, each in self.of(dict, one["constants"], "constants").items() if "constants" in one else ():
            if not self.targets.has(name):
                self.stop(each.line, f"no such target: {name}")
        for cells in self.of(dict, one["consent"], "consent").values() if "consent" in one else ():
            for says in self.of(dict, cells, "consent").values():
                for directive in self.of(list, says, "consent"):
                    self.directive(directive)

    def target(self, node):
        """A target, several of one column, or `to` with how its cells are read."""
        if isinstance(node.value, list):
            for each in node.value:
                self.target(each)
        elif isinstance(node.value, dict):
            if "to" not in node.value:
                self.stop(node.line, "a column without `to`")
            self.target(node.value["to"])
        elif node.value != "external_id" and not self.targets.has(self.of(str, node, "a target")):
            self.stop(node.line, f"no such target: {node.value}")

    def directive(self, node):
        said = self.of(dict, node, "consent")
        for each in self.of(list, said["purposes"], "purposes") if "purposes" in said else []:
            if self.of(str, each, "purposes") not in self.purposes:
                self.stop(each.line, f"no such purpose: {each.value}")


def exports(folder):
    file = folder / "exports.json"
    checks = Exports(file)
    try:
        document = json_lines.read(file)
    except json_lines.Malformed as wrong:
        checks.stop(*wrong.args)
    for one in checks.of(list, document, "the file"):
        checks.check(one)
    text = json.dumps(json_lines.plain(document), ensure_ascii=False, separators=(",", ":"))
    pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)]  # Compilers bound a literal's length.
    return ("inline constexpr std::string_view known_exports_json =\n"
            + "\n".join(f'    R"~({piece})~"' for piece in pieces) + ";\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, to = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    to.mkdir(parents=True, exist_ok=True)
    head = "// Made by make_import_tables.py from src/exchange/data; not to be edited.\n#pragma once\n"
    space = "namespace clientbook::exchange {\n"
    for name, body in (("import_words.inc", words(folder) + countries(folder) + plans()),
                       ("import_columns.inc", column_names(folder) + exports(folder)),
                       ("import_consent_words.inc", consent_words(folder)),
                       ("import_charsets.inc", charsets(folder)),
                       ("import_code_pages.inc", code_pages(folder))):
        content = head + space + body + "}  // namespace clientbook::exchange\n"
        file = to / name
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            file.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
