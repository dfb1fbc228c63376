#!/usr/bin/env python3
"""Makes the C++ tables of the forms of data from src/forms/data/*.csv, while building.

usage: make_form_tables.py DATA_FOLDER TO_FOLDER

field_names.csv: what the name of a column or member says about its values; person_names.csv: names of people
and the words that tell them; name_words.csv: words beside names. Entities are those of HTML
(the list of Python's html.entities, which is the W3C's). A row that is wrong ends the making and is told
by file and line.
"""

import html.entities
import pathlib
import sys

MEANINGS = ["payment_card", "card_expiry", "card_code", "iban", "bank_account", "national_id", "email_address",
            "phone_number", "ip_address", "url", "mac_address", "imei", "vehicle_id", "date_of_birth", "street",
            "postcode", "town", "person_name", "contact", "part", "goods", "qualifier"]


def rows_of(file, columns):
    """The rows below the head, each with its line."""
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = [(i, line) for i, line in enumerate(lines, 1) if not line.startswith("#")]
    if not rows or rows[0][1] != columns:
        sys.exit(f"make_form_tables: {file.name}:{rows[0][0] if rows else len(lines) + 1}: the columns are {columns}")
    return rows[1:]


def field_names(folder):
    out, seen = [], set()
    file = folder / "field_names.csv"
    rows = rows_of(file, "meaning,name")
    for i, line in rows:
        meaning, _, name = line.partition(",")
        if meaning not in MEANINGS:
            sys.exit(f"make_form_tables: {file.name}:{i}: no such meaning: {meaning}")
        if not name or '"' in name or "\\" in name or name != name.strip().lower():
            sys.exit(f"make_form_tables: {file.name}:{i}: a name is small words with a space between them")
        if (meaning == "qualifier", name) in seen:
            sys.exit(f"make_form_tables: {file.name}:{i}: {name} stands twice")
        seen.add((meaning == "qualifier", name))
        out.append(f'    {{field_meaning::{meaning}, "{name}"}},')
    return ("struct named_field {\n  field_meaning meaning;\n  std::string_view name;\n};\n"
            "inline constexpr named_field named_fields[] = {\n" + "\n".join(out) + "\n};\n")


LISTS = {"given": "is_given", "family": "is_family", "title": "is_title", "weak_title": "is_weak_title",
         "kin": "is_kin", "salutation": "is_salutation", "closing": "is_closing", "stop": "is_stop",
         "before": "is_before", "after": "is_after", "brand": "is_brand", "noun": "is_noun",
         "weak_kin": "is_weak_kin", "many_kin": "is_many_kin", "title_behind": "is_title_behind"}


def person_names(folder):
    file = folder / "person_names.csv"
    rows = rows_of(file, "list,word")
    out, seen = [], set()
    for i, line in rows:
        name, _, word = line.partition(",")
        if name not in LISTS:
            sys.exit(f"make_form_tables: {file.name}:{i}: no such list: {name}")
        if not word or '"' in word or "\\" in word or (name, word) in seen:
            sys.exit(f"make_form_tables: {file.name}:{i}: not a word, or twice")
        seen.add((name, word))
        out.append(f'    {{{LISTS[name]}, "{word}"}},')
    return ("struct listed_word {\n  std::uint16_t is;\n  std::string_view word;\n};\n"
            "inline constexpr listed_word listed_words[] = {\n" + "\n".join(out) + "\n};\n")


WORDS = {"particle": "particles", "verb": "small_verbs", "calling": "calling_words",
         "mail_header": "mail_headers", "honorific_chinese": "chinese_honorifics", "honorific_japanese": "japanese_honorifics",
         "honorific_korean": "korean_honorifics", "no_name": "no_names", "small_title": "small_titles",
         "goods_ending": "goods_endings", "and": "and_words", "short_mail_header": "short_mail_headers", "day_part": "day_parts",
         "possessive_brand": "possessive_brands", "brand_goods": "brand_goods", "people_list": "people_lists",
         "label_chinese": "chinese_labels", "label_japanese": "japanese_labels", "label_korean": "korean_labels",
         "kin_chinese": "chinese_kin", "weak_closing": "weak_closings", "other_header": "other_headers",
         "bank_code": "bank_code_words", "bank_code_join": "bank_code_joins", "number": "number_words", "is": "is_words",
         "country": "country_codes", "title_written_small": "titles_written_small",
         "title_uncased": "uncased_titles"}
FAMILIES = {"family_chinese": "chinese_families", "family_korean": "korean_families",
            "behind_name_chinese": "behind_chinese_names"}


def name_words(folder):
    file = folder / "name_words.csv"
    rows = rows_of(file, "list,word")
    words = {name: [] for name in WORDS | FAMILIES}
    for i, line in rows:
        name, _, word = line.partition(",")
        if name not in words:
            sys.exit(f"make_form_tables: {file.name}:{i}: no such list: {name}")
        if not word or '"' in word or "\\" in word or word in words[name] or (name in FAMILIES and len(word) != 1):
            sys.exit(f"make_form_tables: {file.name}:{i}: not a word, twice, or more than one sign")
        words[name].append(word)
    return "".join([f"inline constexpr std::string_view {table}[] = {{"
                    + ", ".join(f'"{word}"' for word in words[name]) + "};\n" for name, table in WORDS.items()]
                   + [f'inline constexpr std::u32string_view {table} = U"{"".join(words[name])}";\n'
                      for name, table in FAMILIES.items()])


def entities():
    open_names = {name for name in html.entities.html5 if not name.endswith(";")}
    rows = []
    for name in sorted((name[:-1] for name in html.entities.html5 if name.endswith(";")), key=str.encode):
        value = html.entities.html5[name + ";"]
        if len(value) == 1:
            rows.append(f'    {{"{name}", {ord(value):#x}, {"true" if name in open_names else "false"}}},')
    return ("struct named_entity {\n  std::string_view name;\n  char32_t value;\n"
            "  bool open;  // Also without a semicolon.\n};\n"
            "inline constexpr named_entity entities[] = {\n" + "\n".join(rows) + "\n};\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, to = map(pathlib.Path, sys.argv[1:])
    head = ("// Made by scripts/make_form_tables.py from src/forms/data.\n#pragma once\n\n"
            "#include <string_view>\n\n")
    to.mkdir(parents=True, exist_ok=True)
    for name, text in {"field_names": field_names(folder), "person_names": person_names(folder),
                       "name_words": name_words(folder), "entities": entities()}.items():
        old = to / f"{name}.inc"
        text = head + text
        if not old.exists() or old.read_text(encoding="utf-8") != text:
            old.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
