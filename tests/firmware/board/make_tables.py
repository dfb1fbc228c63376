#!/usr/bin/env python3
"""Makes of the published vectors what a program without files reads: one text of C++, data only.

usage: make_tables.py [--planted] VECTORS OUT

  --planted   spoils one vector of each family, which a run must notice

VECTORS is tests/vectors. A number or a name that is missing, or an expectation that vectors.cpp does
not know, ends with exit code 1: a case is never left out.
"""

import json
import pathlib
import sys

parts = ["// Made by tests/firmware/board/make_tables.py from tests/vectors.\n"]
ERRORS = {"ok", "valid", "truncated", "invalid_encoding", "wrong_type", "invalid_value", "missing_field",
          "limit_exceeded", "unknown_field", "card_data_refused", "authentication_failed", "wrong_key",
          "version_mismatch", "newer_format", "suite_mismatch", "row_missing", "key_erased", "not_found"}
count = 0
planted = False


def blob(data, spoil=False):
    """A name for these bytes."""
    global count
    if spoil and planted:
        data = bytes([data[0] ^ 0xFF]) + data[1:]
    count += 1
    name = f"b{count}"
    values = ",".join(map(str, data)) or "0"
    parts.append(f"constexpr unsigned char {name}[] = {{{values}}};\n")
    return f"{{{name}, {len(data)}}}"


def hexed(text, spoil=False):
    return blob(bytes.fromhex(text), spoil)


def code(word):
    if word not in ERRORS:
        sys.exit(f"make_tables.py: the expectation {word} is unknown")
    return "errc::none" if word in ("ok", "valid") else f"errc::{word}"


def table(kind, name, rows):
    if not rows:
        sys.exit(f"make_tables.py: no {name}")
    parts.append(f"constexpr {kind} {name}[] = {{\n" + ",\n".join(rows) + "};\n")


def tests(vectors, name):
    document = json.loads((vectors / "crypto" / name).read_text(encoding="utf-8"))
    if len(document["tests"]) != document["numberOfTests"]:
        sys.exit(f"make_tables.py: {name} does not hold what it says")
    return document["tests"]


def outcome(test):
    word = test["result"] if test["result"] == "valid" else test["error"]
    return f"{code(word)}, {test.get('at', 0)}"


def place(test):
    return ", ".join([str(test["suite"]), hexed(test["key"], test["tcId"] == 1), hexed(test["book"]), str(test["table"]),
                      f"{test['customer']}u", f"{test['record']}u", f"{test['version']}u",
                      f"{test['keyVersion']}u", f"{test['schema']}u", hexed(test["schemaHash"])])


def crypto(vectors):
    rows = []
    for test in tests(vectors, "row_envelope.json"):
        fields = [f"{{{each['id']}, {hexed(each['plaintext'])}}}" for each in test.get("fields", [])]
        name = "no_fields"
        if fields:
            name = f"f{len(rows)}"
            parts.append(f"constexpr field_case {name}[] = {{{', '.join(fields)}}};\n")
        rows.append(f"{{{{{place(test)}}}, {test['kind']}, {hexed(test['row'])}, {name}, {len(fields)}, {outcome(test)}}}")
    table("row_case", "row_cases", rows)
    table("value_case", "value_cases", [
        f"{{{{{place(test)}}}, {test['field']}, {int(test['commitment'] == 'included')}, {hexed(test['sealed'])}, "
        f"{hexed(test.get('plaintext', ''))}, {outcome(test)}}}" for test in tests(vectors, "field_envelope.json")])
    rows = []
    for test in tests(vectors, "key_tree_node.json"):
        nodes = ", ".join(f"{{{node['level']}, {node['index']}u, {hexed(node['node'])}}}" for node in test["nodes"])
        parts.append(f"constexpr node_case n{len(rows)}[] = {{{nodes or '{0, 0, {}}'}}};\n")
        rows.append(f"{{{test['suite']}, {hexed(test['rootKey'], test['tcId'] == 1)}, {hexed(test['book'])}, {test['rootVersion']}u, "
                    f"{test['customer']}u, n{len(rows)}, {len(test['nodes'])}, {hexed(test.get('subjectKey', ''))}, "
                    f"{test.get('version', 0)}u, {outcome(test)}}}")
    table("tree_case", "tree_cases", rows)
    table("id_case", "id_cases", [
        f"{{{hexed(test['key'], test['tcId'] == 1)}, {hexed(test['id'])}, {test.get('customer', 0)}u, {outcome(test)}}}"
        for test in tests(vectors, "customer_id.json")])


def model(vectors):
    for name in ("cbor", "values", "schema", "record"):
        rows = []
        for each in json.loads((vectors / "model" / f"{name}.json").read_text(encoding="utf-8")):
            rows.append(f"{{{json.dumps(each.get('field', ''))}, {hexed(each['cbor_hex'], not rows)}, "
                        f"{code(each.get('expect', 'ok'))}}}")
        table("model_case", f"{name}_cases", rows)


def lines(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(": ")
        yield name.rstrip(":"), value.strip()


def ledger(vectors):
    folder = vectors / "ledger"
    entries = [value for _, value in lines(folder / "entries.txt")]
    table("bytes_of", "entry_cases", [hexed(value, value is entries[0]) for value in entries])
    values = [value for _, value in lines(folder / "roots.txt")]
    table("root_case", "root_cases", [f"{{{size}u, {hexed(root)}}}" for size, root in zip(values[::2], values[1::2])])
    table("text_of", "proof_cases", [blob(path.read_bytes(), True) for path in sorted(folder.glob("*.tlog-proof"))])
    parts.append(f"constexpr text_of log_key = {blob((folder / 'log.vkey').read_bytes().strip())};\n")
    parts.append(f"constexpr text_of log_head = {blob((folder / 'checkpoint.txt').read_bytes())};\n")


def main():
    global planted
    planted = sys.argv[1] == "--planted"
    vectors, out = map(pathlib.Path, sys.argv[-2:])
    crypto(vectors)
    model(vectors)
    ledger(vectors)
    out.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
