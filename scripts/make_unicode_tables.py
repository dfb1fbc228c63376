#!/usr/bin/env python3
"""Makes the tables of src/unicode: fold_table.inc, what letters are when case, accents and widths do not
count; nfc_table.inc, which signs are written in one code point or in several; digit_table.inc, the
zeros of all scripts; grapheme_table.inc, what joins and parts signs as a reader sees them (UAX #29).

usage: make_unicode_tables.py [--check] [FOLDER]

Graphemes are made from Unicode's own files in FOLDER (default /usr/share/unicode, Debian's package
unicode-data), since Python does not know them; the rest from the Unicode data that Python has
(unicodedata). The version stands in each table's head. A letter is
decomposed (NFKD), loses its marks and its case (full case folding), and where Unicode calls what is left
a letter WITH something, it is that letter. SPELLED are the few that people write as others although
Unicode holds them apart.

The tables are kept in the tree, so that every build folds alike. --check writes nothing and fails if a
table is not what this script makes from the same version of Unicode; where that version is not at hand
there is nothing to compare (exit code 77).
"""

import pathlib
import re
import sys
import unicodedata

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "src" / "unicode"
# Name, first code point and end of each table: Latin, Greek, Cyrillic, Armenian; Latin and Greek with more
# accents.
RANGES = [("letters", 0x00C0, 0x0590), ("accented_letters", 0x1E00, 0x2000)]
SMALL_END = 0x0180  # Of the table that firmware has.
SPELLED = {"æ": "ae", "œ": "oe", "ĳ": "ij", "ß": "ss", "þ": "th", "ð": "d", "đ": "d", "ŋ": "n", "ĸ": "k",
           "ŉ": "n", "ŀ": "l", "ı": "i"}
# One sign for each of them in firmware's table: fold.cpp of firmware spells them.
PAIRS = ["ae", "ss", "oe", "ij", "th"]
PAIR = 0xE000  # Entries from here on are places in the table of pairs.
WITH = re.compile(r"(LATIN|GREEK|CYRILLIC|ARMENIAN) SMALL (LETTER|LIGATURE) (.+?) WITH ")


def plain(letter):
    """One step: without marks, case, and what Unicode's name says it has."""
    if letter in SPELLED:
        return SPELLED[letter]
    out = ""
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", letter).casefold()):
        if unicodedata.combining(part) or unicodedata.category(part) in ("Mn", "Me"):
            continue
        named = WITH.match(unicodedata.name(part, ""))
        if named:
            try:
                part = unicodedata.lookup(f"{named[1]} SMALL {named[2]} {named[3]}")
            except KeyError:
                pass  # Unicode has no such letter without.
        out += part
    return out


def fold(letter):
    """Until nothing changes; signs are not folded, and nothing folds to more than two."""
    if not unicodedata.category(letter).startswith(("L", "M")):
        return letter
    out = letter
    while True:
        then = "".join(map(plain, out))
        if then == out:
            break
        out = then
    out = "".join(part for part in out if unicodedata.category(part).startswith("L"))
    return out if len(out) <= 2 and all(ord(part) < PAIR for part in out) else letter


def table():
    pairs, parts = [], []
    for name, first, end in RANGES:
        cells = []
        for code in range(first, end):
            folded = fold(chr(code))
            if len(folded) == 2 and folded not in pairs:
                pairs.append(folded)
            cells.append(PAIR + pairs.index(folded) if len(folded) == 2 else ord(folded) if folded else 0)
        rows = [", ".join(f"{cell:#06x}" for cell in cells[at:at + 12]) for at in range(0, len(cells), 12)]
        parts.append(f"// U+{first:04X} to U+{end - 1:04X}.\n"
                     f"constexpr std::array<std::uint16_t, {len(cells)}> {name} = {{{{\n    "
                     + ",\n    ".join(rows) + "}};")
    cells = ", ".join(f"{{{ord(a):#06x}, {ord(b):#06x}}}" for a, b in pairs)
    parts.append(f"constexpr std::uint16_t two_letters[][2] = {{{cells}}};")
    small = ""
    for code in range(RANGES[0][1], SMALL_END):
        folded = fold(chr(code))
        small += "." if folded == chr(code) else str(PAIRS.index(folded) + 1) if len(folded) == 2 else folded
    if not re.fullmatch(r"[a-z.1-5]*", small):
        sys.exit(f"make_unicode_tables: firmware's table cannot hold {small!r}")
    parts.append(f"// In one byte a letter, U+00C0 to U+{SMALL_END - 1:04X}: 1 {' 2 '.join(PAIRS[:2])} 3 oe 4 ij 5 th, "
                 f". itself.\nconstexpr std::string_view small_letters =\n    \"" + '"\n    "'.join(
                     small[at:at + 64] for at in range(0, len(small), 64)) + '";')
    return ("// Made by scripts/make_unicode_tables.py from Unicode "
            f"{unicodedata.unidata_version}: do not edit.\n// clang-format off\n\n" + "\n\n".join(parts) +
            "\n// clang-format on\n")


def rows_of(cells, width=8):
    return ",\n    ".join(", ".join(cells[at:at + width]) for at in range(0, len(cells), width))


def nfc_table():
    """Canonical decompositions (one step), which of them compose, and the classes of marks."""
    parts, composed, classes = [], [], []
    for code in range(sys.maxunicode + 1):
        if 0xAC00 <= code < 0xD7A4 or 0xD800 <= code < 0xE000:
            continue  # Hangul is reckoned; surrogates are no signs.
        letter = chr(code)
        found = unicodedata.decomposition(letter)
        if found and not found.startswith("<"):
            pieces = [int(piece, 16) for piece in found.split()]
            parts.append((code, *pieces, *[0] * (2 - len(pieces))))
            if len(pieces) == 2 and unicodedata.normalize("NFC", letter) == letter:
                composed.append((*pieces, code))
        mark = unicodedata.combining(letter)
        if mark and classes and classes[-1][1] == code - 1 and classes[-1][2] == mark:
            classes[-1] = (classes[-1][0], code, mark)
        elif mark:
            classes.append((code, code, mark))
    def cells(rows):
        return rows_of([f"{{{a:#x}, {b:#x}, {c:#x}}}" for a, b, c in rows], 5)
    return ("// Made by scripts/make_unicode_tables.py from Unicode "
            f"{unicodedata.unidata_version}: do not edit.\n// clang-format off\n\n"
            "// A sign, and the one or two that it is written with.\n"
            f"constexpr nfc_row decompositions[] = {{\n    {cells(parts)}}};\n\n"
            "// Two signs, and the one that they are.\n"
            f"constexpr nfc_row compositions[] = {{\n    {cells(sorted(composed))}}};\n\n"
            "// First and last mark of a class.\n"
            f"constexpr nfc_row mark_classes[] = {{\n    {cells(classes)}}};\n// clang-format on\n")


def digit_table():
    """Decimal digits stand in tens, zero first: the zeros, in planes 0 and 1."""
    zeros = [code for code in range(sys.maxunicode + 1)
             if unicodedata.category(chr(code)) == "Nd" and unicodedata.digit(chr(code)) == 0]
    for zero in zeros:
        if [unicodedata.digit(chr(zero + i), -1) for i in range(10)] != list(range(10)) or zero >= 0x20000:
            sys.exit(f"make_unicode_tables: the digits from U+{zero:04X} on are no ten in planes 0 and 1")
    parts = []
    for name, first in (("zeros", 0), ("zeros_of_plane_1", 0x10000)):
        cells = rows_of([f"{zero - first:#06x}" for zero in zeros if first <= zero < first + 0x10000], 12)
        parts.append(f"constexpr std::uint16_t {name}[] = {{\n    {cells}}};\n")
    return ("// Made by scripts/make_unicode_tables.py from Unicode "
            f"{unicodedata.unidata_version}: do not edit.\n// clang-format off\n\n" + "\n".join(parts) +
            "// clang-format on\n")


def property_ranges(file, wanted):
    """First and last code point of what has one of the wanted values, joined where they touch."""
    codes = []
    for line in (unicode_folder / file).read_text(encoding="utf-8").splitlines():
        row = line.split("#")[0].split(";")
        if len(row) == 2 and row[1].strip() in wanted:
            first, _, last = row[0].strip().partition("..")
            codes.append((int(first, 16), int(last or first, 16)))
    if not codes:
        sys.exit(f"make_unicode_tables: {file} has no {'/'.join(wanted)}")
    joined = []
    for first, last in sorted(codes):
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


BREAKS, PICTURES = "auxiliary/GraphemeBreakProperty.txt", "emoji/emoji-data.txt"
GRAPHEMES = (("extending", BREAKS, ("Extend",)), ("spacing_marks", BREAKS, ("SpacingMark",)),
             ("prepended", BREAKS, ("Prepend",)), ("controls", BREAKS, ("CR", "LF", "Control")),
             ("pictures", PICTURES, ("Extended_Pictographic",)))


def grapheme_version():
    try:
        head = (unicode_folder / BREAKS).read_text(encoding="utf-8").splitlines()[0]
    except OSError:
        return None
    return re.search(r"-([0-9.]+)\.txt", head)[1]


def grapheme_table():
    """A plane a table: two bytes a code point. What is above plane 1 (tags, selectors) is one range."""
    parts = []
    for name, file, wanted in GRAPHEMES:
        ranges = property_ranges(file, wanted)
        high = [row for row in ranges if row[0] >= 0x20000]
        if any(row[0] < 0xE0000 or row[1] > 0xE0FFF for row in high):
            sys.exit(f"make_unicode_tables: {wanted} has code points between planes 1 and 14")
        for suffix, base in (("", 0), ("_of_plane_1", 0x10000), ("_of_plane_14", 0xE0000)):
            cells = rows_of([f"{{{a - base:#06x}, {b - base:#06x}}}" for a, b in ranges
                             if base <= a < base + 0x10000], 6)
            if cells:
                parts.append(f"constexpr range {name}{suffix}[] = {{\n    {cells}}};\n")
    return (f"// Made by scripts/make_unicode_tables.py from Unicode {grapheme_version()}: do not edit.\n"
            "// clang-format off\n\n" + "\n".join(parts) + "// clang-format on\n")


def python_version():
    return unicodedata.unidata_version


TABLES = {"fold_table.inc": (table, python_version), "nfc_table.inc": (nfc_table, python_version),
          "digit_table.inc": (digit_table, python_version),
          "grapheme_table.inc": (grapheme_table, grapheme_version)}
unicode_folder = pathlib.Path("/usr/share/unicode")


def main():
    global unicode_folder
    given = [word for word in sys.argv[1:] if word != "--check"]
    if len(given) > 1 or any(word.startswith("-") for word in given):
        sys.exit(__doc__)
    if given:
        unicode_folder = pathlib.Path(given[0])
    skipped = False
    for name, (make, version) in TABLES.items():
        if "--check" not in sys.argv[1:]:
            if version() is None:
                sys.exit(f"make_unicode_tables: {unicode_folder / BREAKS} is not there (package unicode-data)")
            (FOLDER / name).write_text(make(), encoding="utf-8")
        elif not is_as_made(FOLDER / name, make, version()):
            skipped = True
    sys.exit(77 if skipped else 0)


def is_as_made(path, make, here):
    """Whether the table could be compared; ends the program where it differs."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    version = re.search(r"from Unicode ([0-9.]+):", old)
    if not version:
        sys.exit(f"{path.name}:1: the head names no version of Unicode")
    if version[1] != here:
        print(f"skipped: {path.name} is of Unicode {version[1]}, here is {here or 'none'}")
        return False
    for number, (has, makes) in enumerate(zip(old.splitlines() + [""], make().splitlines() + [""]), 1):
        if has != makes:
            sys.exit(f"{path.name}:{number}: not what make_unicode_tables.py makes")
    print(f"{path.name}: as made from Unicode {version[1]}")
    return True


if __name__ == "__main__":
    main()
