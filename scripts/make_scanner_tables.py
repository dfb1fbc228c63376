#!/usr/bin/env python3
"""Makes the C++ tables of the text scanner from src/scanner/data/*.csv, while building.

usage: make_scanner_tables.py DATA_FOLDER TO_FOLDER

Each data file has a header of its columns; lines that begin with # are remarks. A row that is wrong
ends the making and is told by file and line. The same data always gives the same bytes, and a table
that stays the same is not written again.

Every table is made twice: in the namespace `full` from all rows, words as they are spelled; in the
namespace `brief` from the rows that say firmware, words as numbers made of them. extent.hpp says which
of them a build takes.
"""

import csv
import pathlib
import re
import sys
import unicodedata

import make_unicode_tables

LISTS = ["cards", "dates", "emails", "goods", "names", "phones", "post_boxes", "streets", "towns", "units"]
KINDS = ["card", "code", "expiry", "phone", "birth", "id", "document", "order", "address", "imei", "vehicle", "account"]
# In the place of a country: how a word of ids counts (context_words.cpp).
MANNERS = ["XC", "XM", "XN", "XP", "XR", "XS", "XT", "XV", "XX"]
GROUPING = {"together": "together", "space": "by_space", "dash": "by_dash", "dot": "by_dot",
            "slash": "by_slash", "word": "needs_word", "grouped_or_word": "grouped_or_word"}
TRUNKS = ["", "0", "1", "8", "06"]  # What is dialled before national numbers; find_phones.cpp.
LONGEST_WORD = 24  # Bytes; folded_word of context_words.hpp.
GOLDEN = 0x9E3779B1  # Of the hashes; the same in word_lists.hpp and street_words.hpp.
MASK = 0xFFFFFFFF


# --- reading ------------------------------------------------------------------------------------


class Wrong(Exception):
    """A row that is wrong, with its place."""


class Row(dict):
    """Cells by column; knows where it stands."""

    def __init__(self, file, line, cells):
        super().__init__(cells)
        self.file, self.line = file, line

    def wrong(self, why):
        return Wrong(f"{self.file.name}:{self.line}: {why}")

    def one_of(self, column, allowed):
        if self[column] not in allowed:
            raise self.wrong(f"{column} is {self[column]!r}, not one of {', '.join(allowed)}")
        return self[column]

    def matching(self, column, pattern, what):
        if not re.fullmatch(pattern, self[column]):
            raise self.wrong(f"{column} is {self[column]!r}, not {what}")
        return self[column]

    def country(self, column, countries):
        code = self.matching(column, "[A-Z]{2}", "two capital letters")
        if code not in countries:
            raise self.wrong(f"no such country: {code}")
        return code

    def firmware(self):
        return self.one_of("firmware", ["yes", "no"]) == "yes"


def read(folder, name, columns):
    """The rows of a file, which has exactly these columns."""
    file = folder / f"{name}.csv"
    rows, header = [], None
    with open(file, newline="", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                continue
            cells = next(csv.reader([line.rstrip("\r\n")], strict=True), [])
            if header is None:
                header = cells
                unknown = [cell for cell in cells if cell not in columns]
                if unknown:
                    raise Wrong(f"{file.name}:{number}: no such column: {unknown[0]}")
                if cells != columns:
                    raise Wrong(f"{file.name}:{number}: the columns are {','.join(columns)}")
                continue
            if len(cells) != len(columns):
                raise Wrong(f"{file.name}:{number}: {len(cells)} cells, not {len(columns)}")
            rows.append(Row(file, number, zip(columns, cells)))
    if not rows:
        raise Wrong(f"{file.name}:1: no rows")
    return rows


def in_order(rows, key, what):
    """No two rows have one key, and keys go up."""
    for before, row in zip(rows, rows[1:]):
        if key(row) == key(before):
            raise row.wrong(f"{what} is there twice, also on line {before.line}")
        if key(row) < key(before):
            raise row.wrong(f"{what} is not in order behind that of line {before.line}")


def folded(row, column, marked=False):
    """A word as it is compared: nothing that folding would change (fold.hpp) but final letters."""
    word = row[column].removesuffix("*") if marked else row[column]
    letters = "".join(c for c in word if unicodedata.category(c) not in ("Mc", "Mn"))  # Vowel signs of India.
    if not letters or word != word.lower() or not letters.isalnum():
        raise row.wrong(f"{column} is {row[column]!r}: small letters and digits only")
    plain = "".join(make_unicode_tables.fold(c) if any(first <= ord(c) < end for _, first, end in make_unicode_tables.RANGES)
                    else c for c in word)
    if word != plain:
        raise row.wrong(f"{column} is {row[column]!r}, which a text holds as {plain!r}: letters without marks")
    if len(word.encode()) > LONGEST_WORD:
        raise row.wrong(f"{column} is longer than {LONGEST_WORD} bytes: no word is read so far")
    return word


# --- writing ------------------------------------------------------------------------------------


def wrapped(cells, indent="    "):
    """Cells with commas, in lines of at most 100 characters."""
    lines, line = [], indent
    for cell in cells:
        if len(line) + len(cell) + 2 > 100:
            lines.append(line.rstrip())
            line = indent
        line += cell + ", "
    return "\n".join([*lines, line.rstrip()])


def array(of, name, cells):
    """A constant array; an empty one would not be one."""
    cells = [str(cell) for cell in cells] or ["{}"]
    return f"inline constexpr {of} {name}[] = {{\n{wrapped(cells)}\n}};"


def namespace(name, parts):
    body = "\n".join(parts)
    return f"namespace clientbook::scanner::{name} {{\n\n{body}\n\n}}  // namespace clientbook::scanner::{name}\n"


def hash_of(word):
    """The hash of hash_on()."""
    out = 0
    for byte in word.encode():
        out = (out + byte) * GOLDEN & MASK
    return out


# --- lists of words -----------------------------------------------------------------------------


def bucket(byte):
    """What a byte is by its letter: 0 to 25, 26 another; letter_of()."""
    return byte - ord("a") if ord("a") <= byte <= ord("z") else 26


def spelled(name, words):
    """The words by first letter, each with its size before it, and what there is of letters."""
    begins, sizes, seconds, last, used, text = [], [0] * 27, [0] * 27, [0] * 27, 0, []
    for first in range(27):
        begins.append(used)
        mine = [word for word in words if bucket(word.encode()[0]) == first]
        for word in mine:
            coded = word.encode()
            sizes[first] |= 1 << len(coded)
            seconds[first] |= 1 << (bucket(coded[1]) if len(coded) > 1 else 27)
            last[bucket(coded[-1])] |= 1 << (bucket(coded[-2]) if len(coded) > 1 else 27)
            used += len(coded) + 1
        if mine:
            text.append('    "' + "".join(f"\\{len(word.encode()):03o}{word}" for word in mine) + '"')
    begins.append(used)
    numbers = ",\n".join("    {" + wrapped(map(str, each)).strip() + "}"
                         for each in (begins, sizes, seconds, last))
    letters = "\n".join(text) or '    ""'
    return f"inline constexpr spelled_list {name} = {{\n{letters},\n{numbers}}};"


def hashed(name, rows):
    """The upper half of each word's hash, and 0."""
    cells = []
    for row in rows:
        cells.append(hash_of(row["word"]) >> 16)
        if cells[-1] == 0:
            raise row.wrong(f"the hash of {row['word']!r} is 0, which ends a list in firmware")
    return array("std::uint16_t", name, [f"{cell:#06x}" for cell in cells] + ["0"])


def lists_of(folder, name):
    """The lists of a file, in its order: name to rows."""
    lists = {}
    last = None
    for row in read(folder, name, ["list", "word", "firmware"]):
        which = row.matching("list", "[a-z_]+", "a name in small letters")
        folded(row, "word")
        row.one_of("firmware", ["yes", "no", "only"])
        if which != last and which in lists:
            raise row.wrong(f"the list {which} is not in one piece")
        lists.setdefault(which, []).append(row)
        last = which
    for rows in lists.values():
        in_order(rows, lambda row: row["word"].encode(), "the word")
    return lists


def word_lists(lists):
    full = [spelled(name, [row["word"] for row in rows if row["firmware"] != "only"])
            for name, rows in lists.items()]
    brief = [hashed(name, [row for row in rows if row["firmware"] != "no"])
             for name, rows in lists.items()]
    return namespace("full", full) + namespace("brief", brief)


# --- words of streets, for those who only ask ---------------------------------------------------


def letter_number(byte):
    """A 1, ... Z 26; 0 another."""
    return byte & 31 if bucket(byte) < 26 else 0


def first_letters(word):
    return sum(letter_number(byte) << 8 * i for i, byte in enumerate(word.encode()[:4]))


def hint_place(letters):
    return (letters * GOLDEN & MASK) >> 18


def street_hints(lists, months):
    """Of word_hint, street_endings and lead_words: filters, since most words are nothing."""
    def words(name):
        return [row["word"] for row in lists[name] if row["firmware"] != "only"]
    hints = [0] * 16384
    for name, bits in [("street_types", 1), ("street_types_capital", 1), ("name_follows", 2 | 4),
                       ("particles", 4), ("places", 4), ("unit_words", 8), ("numbered_words", 32)]:
        for word in words(name):
            hints[hint_place(first_letters(word))] |= bits
    for word, longer in months:
        # Longer words begin with it, whatever their fourth letter.
        for last in range(27 if longer and len(word.encode()) < 4 else 1):
            hints[hint_place(first_letters(word) | last << 24)] |= 16
    endings = [0] * 1024
    for word in words("name_endings") + words("name_endings_glued"):
        coded = [letter_number(byte) for byte in word.encode()]
        for first in range(27):
            if len(coded) > 2 and first != coded[-3]:
                continue
            bit = first << 10 | coded[-2] << 5 | coded[-1]
            endings[bit // 32] |= 1 << bit % 32
    pairs, keys = [0] * 32, [0] * 256
    for word in words("leads"):
        coded = word.encode()
        pairs[coded[0] & 31] |= 1 << (coded[1] & 31)
        key = int.from_bytes(coded[:8], "big")
        slot = (key * 0x9E3779B97F4A7C15 & (1 << 64) - 1) >> 56
        while keys[slot]:
            slot = (slot + 1) % 256
        keys[slot] = key
    return namespace("full", [
        array("std::uint8_t", "word_hints", hints),
        array("std::uint32_t", "street_endings", map(hex, endings)),
        array("std::uint32_t", "lead_pairs", map(hex, pairs)),
        array("std::uint64_t", "lead_keys", map(hex, keys))])


# --- context words ------------------------------------------------------------------------------


def kinds_of(row):
    """What a word speaks of, as C++ says it."""
    parts = []
    for kind in row["kinds"].split():
        if re.fullmatch("month:([1-9]|1[0-2])", kind):
            parts.append(f"month({kind[6:]})")
        elif kind in KINDS:
            parts.append(f"{kind}_word")
        else:
            raise row.wrong(f"no such kind of a word: {kind}")
    if not parts or len(set(parts)) != len(parts):
        raise row.wrong("kinds: each once, and one at least")
    return " | ".join(parts)


def context_words(folder, countries):
    """(word, whether longer ones begin so, kinds, country, firmware), in byte order."""
    rows = read(folder, "context_words", ["word", "kinds", "country", "firmware"])
    in_order(rows, lambda row: row["word"].removesuffix("*").encode(), "the word")
    out = []
    for row in rows:
        word = folded(row, "word", marked=True)
        longer = row["word"].endswith("*")
        if longer and len(word.encode()) < 3:
            raise row.wrong("a beginning has three bytes at least")
        of = row.country("country", {*countries, *MANNERS}) if row["country"] else ""
        if of and of != "XP" and "id" not in row["kinds"].split():
            raise row.wrong("only a word of ids has a country")
        out.append((word, longer, kinds_of(row), of, row.firmware()))
    return out


def country(code):
    return f"country('{code[0]}', '{code[1]}')" if code else "0"


def beginning_of(word):
    coded = word.encode()[:3]
    return int.from_bytes(coded, "little")


def filter_over(words):
    bits = [0] * 256
    for word in words:
        key = beginning_of(word)
        bit = ((key & 255) * 961 + (key >> 8 & 255) * 31 + (key >> 16) * 257) % 8192
        bits[bit // 32] |= 1 << bit % 32
    return map(hex, bits)


def meanings_of(words):
    meanings = {}
    for _, _, kinds, of, _ in words:
        meanings.setdefault((kinds, of), len(meanings))
    return meanings


def spelled_words(words):
    """A word is how many bytes it shares with the one before it, in the upper three bits, and how many
    follow; its meaning, with the highest bit where longer ones begin so; and the bytes that follow."""
    meanings = meanings_of(words)
    if len(meanings) > 128:
        raise Wrong("context_words.csv:1: more than 128 different meanings")
    packed, places, last = [], [(0, 0, 0)] * 2048, b""
    for word, longer, kinds, of, _ in words:
        coded = word.encode()
        if last and bucket(last[0]) != bucket(coded[0]):
            last = b""
        same = 0
        while same < min(len(last), len(coded), 7) and last[same] == coded[same]:
            same += 1
        key = beginning_of(word)
        at = (key * GOLDEN & MASK) >> 21
        while places[at][0] not in (0, key):
            at = (at + 1) % len(places)
        begin = places[at][1] if places[at][0] else len(packed)
        packed += [same << 5 | len(coded) - same, meanings[kinds, of] | (128 if longer else 0)]
        packed += coded[same:]
        places[at] = (key, begin, len(packed))
        last = coded
    months = [word for word, _, kinds, _, _ in words if "month" in kinds]
    return namespace("full", [
        array("std::uint8_t", "word_bytes", packed),
        array("std::uint16_t", "word_meanings", (kinds for kinds, _ in meanings)),
        array("std::uint16_t", "word_countries", (country(of) for _, of in meanings)),
        array("std::uint32_t", "word_filter", filter_over(word for word, *_ in words)),
        array("std::uint32_t", "month_filter", filter_over(months)),
        array("same_beginning", "beginnings", (f"{{{key:#x}, {begin}, {end}}}" for key, begin, end in places))])


def hashed_words(words):
    """Of a word nothing is kept but 23 bits of its hash, in the order of meanings."""
    # Firmware knows of no manner: of a month that is also an id (`dic`) the month is left.
    kept = [(word, longer, re.sub(r" \| id_word", "", kinds) if of in MANNERS and "month" in kinds else kinds,
             "" if of in MANNERS else of, True)
            for word, longer, kinds, of, firmware in words if firmware]
    meanings = meanings_of(kept)
    low, high, counts = [], [], []
    for kinds, of in meanings:
        mine = [(word, longer) for word, longer, its, country_of, _ in kept if (its, country_of) == (kinds, of)]
        counts.append(len(mine))
        for word, longer in mine:
            number = hash_of(word)
            low.append(number >> 9 & 0xFFFF)
            high.append(number >> 25 | (128 if longer else 0))
    return namespace("brief", [
        array("std::uint16_t", "word_low", low),
        array("std::uint8_t", "word_high", high),
        array("std::uint8_t", "meaning_counts", counts),
        array("std::uint16_t", "word_meanings", (kinds for kinds, _ in meanings)),
        array("std::uint16_t", "word_countries", (country(of) for _, of in meanings))])


# --- numbers ------------------------------------------------------------------------------------


def plans_of(folder):
    """(calling code, region, trunk, [(last pair, lengths as bits)]), in the order of codes."""
    rows = read(folder, "phone_plans", ["calling_code", "region", "trunk", "runs"])
    plans = []
    for row in rows:
        code = int(row.matching("calling_code", "[1-9][0-9]{0,2}", "a calling code"))
        region = row.matching("region", "([A-Z]{2})?", "two capital letters or nothing")
        row.one_of("trunk", TRUNKS)
        runs = []
        for run in row["runs"].split():
            match = re.fullmatch(r"([0-9]{2}):(-|[0-9]+(?:\+[0-9]+)*)", run)
            if not match:
                raise row.wrong(f"a run is {run!r}, not like 49:7+8")
            lengths = [] if match[2] == "-" else [int(each) for each in match[2].split("+")]
            if any(each < 4 or each > 15 for each in lengths):
                raise row.wrong(f"a run is {run!r}: numbers have 4 to 15 digits")
            if runs and int(match[1]) <= runs[-1][0]:
                raise row.wrong(f"the run {run!r} is not in order")
            runs.append((int(match[1]), sum(1 << each - 4 for each in set(lengths))))
        if not runs or runs[-1][0] != 99:
            raise row.wrong("runs end with 99")
        plans.append((code, region, row["trunk"], runs))
    in_order(rows, lambda row: (int(row["calling_code"]), row["region"]), "the plan")
    seen = {}
    for row in rows:
        if row["region"] and row["region"] in seen:
            raise row.wrong(f"the region {row['region']} is there twice, also on line {seen[row['region']]}")
        seen[row["region"]] = row.line
    return plans


def letters(text):
    return "{" + ", ".join(f"'{c}'" for c in text) + "}"


def phone_plans(plans):
    sets = sorted({lengths for *_, runs in plans for _, lengths in runs})
    runs_made, rows, all_lengths, packed = [], [], [], []
    by_region = [len(plans)] * (26 * 26)
    for number, (code, region, trunk, runs) in enumerate(plans):
        lengths = 0
        for _, some in runs:
            lengths |= some
        rows.append(f"{{{letters(region)}, {letters(trunk)}, {code}, {len(runs_made)}, {lengths:#06x}}}")
        runs_made += [f"{{{last}, {sets.index(some)}}}" for last, some in runs]
        if region:
            by_region[(ord(region[0]) - 65) * 26 + ord(region[1]) - 65] = number
        if lengths not in all_lengths:
            all_lengths.append(lengths)
        first, second = [ord(c) & 31 for c in region or "  "] if region else (0, 0)
        packed.append(f"{all_lengths.index(lengths) << 23 | TRUNKS.index(trunk) << 20 | code << 10 | first << 5 | second:#010x}")
    if len(plans) > 255 or len(sets) > 256:
        raise Wrong("phone_plans.csv:1: more plans or sets of lengths than a byte counts")
    full = [array("std::uint16_t", "length_sets", (f"{one:#06x}" for one in sets)),
            array("prefix_run", "prefix_runs", runs_made),
            array("numbering_plan", "plans", rows),
            array("std::uint8_t", "plan_of_region", by_region)]
    brief = [array("std::uint16_t", "length_sets", (f"{one:#06x}" for one in all_lengths)),
             array("std::uint32_t", "plans", packed)]
    return namespace("full", full) + namespace("brief", brief)


def iban_lengths(folder, countries):
    """Two bytes a country: five bits for each letter and for what the length is above 15."""
    rows = read(folder, "iban_lengths", ["country", "length"])
    cells = []
    for row in rows:
        code = row.country("country", countries)
        length = int(row.matching("length", "[0-9]{2}", "two digits"))
        if not 15 <= length <= 34:
            raise row.wrong(f"length is {length}: account numbers have 15 to 34 characters")
        cells.append(f"{length - 15 << 10 | (ord(code[0]) & 31) << 5 | ord(code[1]) & 31:#06x}")
    in_order(rows, lambda row: row["country"], "the country")
    return "namespace clientbook::scanner {\n\n" + array("std::uint16_t", "iban_lengths", cells) + \
        "\n\n}  // namespace clientbook::scanner\n"


def national_ids(folder, countries):
    """Rules of digits alone and with letters: each text is included where the checks are."""
    checked = r"[a-z]+[a-z0-9_]*"
    rows = read(folder, "national_ids", ["country", "digits", "grouping", "check", "firmware"])
    digits = []
    for before, row in zip([None, *rows], rows):
        code = row.country("country", countries)
        size = int(row.matching("digits", "9|1[0-9]|2[0-4]", "9 to 24"))
        if before and int(before["digits"]) < size:
            raise row.wrong("digits are not in order, the longest first")
        for word in row["grouping"].split():
            if word not in GROUPING:
                raise row.wrong(f"no such grouping: {word}")
        how = " | ".join(GROUPING[word] for word in row["grouping"].split()) or "0"
        check = row.matching("check", checked, "the name of a function")
        digits.append((f"{{{country(code)}, {size}, {how}, {check}}}", row.firmware()))
    unique(rows, ["country", "digits", "grouping", "check"])
    mixed = []
    rows = read(folder, "mixed_ids", ["country", "form", "word", "check", "firmware"])
    for row in rows:
        code = row.country("country", countries)
        form = row.matching("form", r"[A9*]{8,20}", "8 to 20 of A, 9 and *")
        word = "true" if row.one_of("word", ["yes", "no"]) == "yes" else "false"
        check = row.matching("check", checked, "the name of a function")
        mixed.append((f'{{{country(code)}, {word}, "{form}", {check}}}', row.firmware()))
    unique(rows, ["country", "form"])
    def made(of, name, rules):
        return "\n".join([array(of, f"all_{name}", (cell for cell, _ in rules)),
                          array(of, f"brief_{name}", (cell for cell, firmware in rules if firmware)), ""]
                         ).replace("inline constexpr", "constexpr")
    return {"national_ids.inc": made("id_rule", "rules", digits),
            "mixed_ids.inc": made("mixed_rule", "mixed_rules", mixed)}


def unique(rows, columns):
    seen = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        if key in seen:
            raise row.wrong(f"the same {', '.join(columns)} as on line {seen[key]}")
        seen[key] = row.line


# --- the rest -----------------------------------------------------------------------------------


def nicknames(folder):
    rows = read(folder, "nicknames", ["name", "called"])
    for row in rows:
        row.matching("name", "[a-z]+", "a name in small letters")
        row.matching("called", "[a-z]+( [a-z]+)*", "names in small letters with spaces between")
    in_order(rows, lambda row: row["name"], "the name")
    return namespace("full", [array("nickname", "nicknames_of",
                                    (f'{{"{row["name"]}", "{row["called"]}"}}' for row in rows))])


def extents(folder):
    rows = read(folder, "extent", ["trait", "what", "firmware"])
    traits = []
    for row in rows:
        row.matching("trait", "[a-z_]*", "a name in small letters or nothing")
        if not row["what"] or not row["firmware"] or "|" in row["what"] + row["firmware"]:
            raise row.wrong("what and firmware are texts for a table of docs/text.md")
        if row["trait"]:
            traits.append((row["trait"], row["what"]))
    unique(rows, ["what"])
    unique([row for row in rows if row["trait"]], ["trait"])
    return "".join(
        namespace(name, [f"inline constexpr bool {trait} = {value};  // {what}" for trait, what in traits])
        for name, value in [("full", "true"), ("brief", "false")])


def tables(folder):
    """Name to text of each table."""
    plans = plans_of(folder)
    countries = {region for _, region, *_ in plans}
    lists = {name: lists_of(folder, name) for name in LISTS}
    words = context_words(folder, countries)
    months = [(word, longer) for word, longer, kinds, *_ in words if "month" in kinds]
    all_lists = {}
    for mine in lists.values():
        for name, rows_of in mine.items():
            if name in all_lists:
                raise rows_of[0].wrong(f"the list {name} is also in {all_lists[name][0].file.name}")
            all_lists[name] = rows_of
    made = {"words": word_lists(all_lists)}
    made["street_hints"] = street_hints(all_lists, months)
    made["context_words"] = spelled_words(words) + hashed_words(words)
    made["phone_plans"] = phone_plans(plans)
    made["iban_lengths"] = iban_lengths(folder, countries)
    made["nicknames"] = nicknames(folder)
    made["extent"] = extents(folder)
    head = "// Made by scripts/make_scanner_tables.py from src/scanner/data.\n#pragma once\n\n#include <cstdint>\n\n"
    made = {f"{name}.inc": head + text for name, text in made.items()}
    return {**made, **national_ids(folder, countries)}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, to = map(pathlib.Path, sys.argv[1:])
    try:
        made = tables(folder)
    except (Wrong, OSError, UnicodeDecodeError, csv.Error) as why:
        sys.exit(f"make_scanner_tables: {why}")
    to.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        old = to / name
        if not old.exists() or old.read_text(encoding="utf-8") != text:
            old.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
