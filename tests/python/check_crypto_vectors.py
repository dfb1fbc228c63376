"""Checks tests/vectors/crypto with an implementation of its own.

usage: check_crypto_vectors.py DIR

Written from docs/format/sealing.md over hashlib's BLAKE2b and the AEADs of the package
`cryptography` (Debian: python3-cryptography); XChaCha20 and SipHash are here. Every vector
must open to what it says, or fail with the error it says.
"""

import hashlib
import hmac
import json
import pathlib
import struct
import sys

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
except ImportError:
    sys.exit("needs the Python package cryptography (Debian: apt install python3-cryptography)")

CHACHA, GCM = 1, 2
MASK32, MASK64 = (1 << 32) - 1, (1 << 64) - 1


class Refused(Exception):
    def __init__(self, code, at=0):
        super().__init__(code)
        self.code, self.at = code, at


# --- primitives -------------------------------------------------------------------------------


def blake2b(key, data, size):
    return hashlib.blake2b(data, key=key, digest_size=size).digest()


def hchacha20(key, nonce16):
    """draft-irtf-cfrg-xchacha-03, 2.2."""
    state = list(struct.unpack("<4I8I4I", b"expand 32-byte k" + key + nonce16))

    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = (state[x] + state[y]) & MASK32
            mixed = state[z] ^ state[x]
            state[z] = ((mixed << turn) | (mixed >> (32 - turn))) & MASK32

    for _ in range(10):
        for i in range(4):
            quarter(i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *state[:4], *state[12:])


def siphash(key, data):
    """SipHash-2-4, its eight bytes read as a big-endian number."""
    k0, k1 = struct.unpack("<2Q", key)
    v = [
        k0 ^ 0x736F6D6570736575,
        k1 ^ 0x646F72616E646F6D,
        k0 ^ 0x6C7967656E657261,
        k1 ^ 0x7465646279746573,
    ]

    def turn(value, bits):
        return ((value << bits) | (value >> (64 - bits))) & MASK64

    def rounds(count):
        for _ in range(count):
            v[0] = (v[0] + v[1]) & MASK64
            v[1] = turn(v[1], 13) ^ v[0]
            v[0] = turn(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK64
            v[3] = turn(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK64
            v[3] = turn(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK64
            v[1] = turn(v[1], 17) ^ v[2]
            v[2] = turn(v[2], 32)

    whole = len(data) // 8 * 8
    last = data[whole:].ljust(7, b"\0") + bytes([len(data) & 255])
    for at in range(0, whole, 8):
        (word,) = struct.unpack_from("<Q", data, at)
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    (word,) = struct.unpack("<Q", last)
    v[3] ^= word
    rounds(2)
    v[0] ^= word
    v[2] ^= 0xFF
    rounds(4)
    return int.from_bytes(struct.pack("<Q", v[0] ^ v[1] ^ v[2] ^ v[3]), "big")


def open_aead(suite, key, nonce, sealed, ad):
    """The plaintext, or None."""
    cipher = AESGCM(key) if suite == GCM else ChaCha20Poly1305(key)
    try:
        return cipher.decrypt(nonce, sealed, ad)
    except InvalidTag:
        return None


def open_value(suite, key, nonce, bound, sealed):
    """One value under a key that seals many. The plaintext, or None."""
    if suite == GCM:
        return open_aead(GCM, blake2b(key, bound, 64)[:32], bytes(12), sealed, None)
    return open_aead(CHACHA, hchacha20(key, nonce[:16]), bytes(4) + nonce[16:], sealed, bound)


def derive(key, label, context):
    data = struct.pack(">Q", len(label)) + label + struct.pack(">Q", len(context)) + context
    return blake2b(key, data, 32)


# --- row envelope -----------------------------------------------------------------------------


def open_row(test, row):
    if not row:
        raise Refused("truncated")
    if row[0] > 1:
        raise Refused("newer_format")
    if len(row) < 80:
        raise Refused("truncated")
    layout, suite, flags, count, key_version, schema, version, check = struct.unpack_from(
        ">BBBBIIQI", row
    )
    if layout == 0 or flags != 0 or count > 64:
        raise Refused("invalid_encoding")
    if len(row) < 80 + 4 * count:
        raise Refused("truncated")
    directory = row[80 : 80 + 4 * count]
    entries, last, at = [], -1, 80 + 4 * count
    for number, size in struct.iter_unpack(">HH", directory):
        field, padding = number & 63, number >> 14
        multiple = (1, 8, 16, 32)[padding]
        if number & 0x3FC0 or size % multiple or (padding and size == 0) or field <= last:
            raise Refused("invalid_encoding")
        entries.append((field, padding, at, size, struct.pack(">HH", number, size)))
        last, at = field, at + size + 16
    if len(row) != at:
        raise Refused("truncated" if len(row) < at else "invalid_encoding")
    if suite != test["suite"]:
        raise Refused("suite_mismatch")
    if (version, schema, key_version) != (test["version"], test["schema"], test["keyVersion"]):
        raise Refused("version_mismatch")

    place = (
        bytes.fromhex(test["book"])
        + struct.pack(">BBQQ", test["table"], test["kind"], test["customer"], test["record"])
        + bytes.fromhex(test["schemaHash"])
    )
    if siphash(bytes(16), place + directory) >> 32 != check:
        raise Refused("authentication_failed")
    made = blake2b(
        bytes.fromhex(test["key"]), b"clientbook row 1" + row[:48] + place + directory, 64
    )
    if not hmac.compare_digest(made[32:], row[48:80]):
        raise Refused("wrong_key")
    fields = []
    for field, padding, at, size, entry in entries:
        nonce = bytes(11) + bytes([field])
        plain = open_aead(suite, made[:32], nonce, row[at : at + size + 16], entry)
        if plain is None:
            raise Refused("authentication_failed", field)
        if padding:
            plain = plain.rstrip(b"\0")
            if not plain.endswith(b"\x80"):
                raise Refused("invalid_encoding", field)
            plain = plain[:-1]
        fields.append({"id": field, "plaintext": plain.hex()})
    return fields


def check_row(test):
    if open_row(test, bytes.fromhex(test["row"])) != test["fields"]:
        raise Refused("opens to something else")


# --- field envelope ---------------------------------------------------------------------------


def check_field(test):
    sealed = bytes.fromhex(test["sealed"])
    committed = test["commitment"] == "included"
    body = 62 if committed else 30
    if not sealed:
        raise Refused("truncated")
    if sealed[0] > 1:
        raise Refused("newer_format")
    if len(sealed) < body + 16:
        raise Refused("truncated")
    if sealed[0] == 0 or bool(sealed[1] & 0x80) != committed:
        raise Refused("invalid_encoding")
    suite = sealed[1] & 0x7F
    if suite != test["suite"]:
        raise Refused("suite_mismatch")
    if struct.unpack_from(">I", sealed, 2)[0] != test["keyVersion"]:
        raise Refused("version_mismatch")
    key = bytes.fromhex(test["key"])
    bound = (
        b"clientbook val 1"
        + sealed[:30]
        + bytes.fromhex(test["book"])
        + struct.pack(
            ">BBQQQI",
            test["table"],
            test["field"],
            test["customer"],
            test["record"],
            test["version"],
            test["schema"],
        )
        + bytes.fromhex(test["schemaHash"])
    )
    if committed and not hmac.compare_digest(blake2b(key, bound, 64)[32:], sealed[30:62]):
        raise Refused("wrong_key")
    plain = open_value(suite, key, sealed[6:30], bound, sealed[body:])
    if plain is None:
        raise Refused("authentication_failed")
    if plain.hex() != test["plaintext"]:
        raise Refused("opens to something else")


# --- key tree ---------------------------------------------------------------------------------

ROOT_LEVEL, LEAF, INNER = 5, 16, 32


def open_node(test, nodes, level, index, key, version):
    node = nodes.get((level, index))
    if node is None:
        raise Refused("row_missing", level)
    if not node:
        raise Refused("truncated", level)
    if node[0] > 1:
        raise Refused("newer_format", level)
    if len(node) < 44 + 8 + 16:
        raise Refused("truncated", level)
    layout, suite, its_level, _, its_index, its_version = struct.unpack_from(">BBBBQQ", node)
    if suite != test["suite"]:
        raise Refused("suite_mismatch", level)
    if layout == 0 or (its_level, its_index) != (level, index):
        raise Refused("authentication_failed", level)
    if its_version != version:
        raise Refused("version_mismatch", level)
    bound = b"clientbook nod 1" + node[:44] + bytes.fromhex(test["book"])
    plain = open_value(suite, key, node[20:44], bound, node[44:])
    if plain is None:
        raise Refused("wrong_key" if level == ROOT_LEVEL else "authentication_failed", level)
    present, erased = struct.unpack_from(">II", plain)
    size = 88 if level == 0 else 40
    entries, at = {}, 8
    for position in range(32):
        if present >> position & 1:
            entries[position] = plain[at : at + size]
            at += size
    if at != len(plain):
        raise Refused("damaged", level)
    return entries, erased


def check_tree(test):
    nodes = {(n["level"], n["index"]): bytes.fromhex(n["node"]) for n in test["nodes"]}
    leaf = test["customer"] // LEAF
    key, version = bytes.fromhex(test["rootKey"]), test["rootVersion"]
    for level in range(ROOT_LEVEL, 0, -1):
        entries, _ = open_node(test, nodes, level, leaf // INNER**level, key, version)
        entry = entries.get(leaf // INNER ** (level - 1) % INNER)
        if entry is None:
            raise Refused("not_found")
        version, key = int.from_bytes(entry[:8], "big"), entry[8:]
    entries, erased = open_node(test, nodes, 0, leaf, key, version)
    position = test["customer"] % LEAF
    if erased >> position & 1:
        raise Refused("key_erased")
    if position not in entries:
        raise Refused("not_found")
    entry = entries[position]
    numbers = struct.unpack_from(">IIQIIIIIIQQ", entry)
    names = "keyVersion schema version purchases notes directives disclosures consentState"
    wanted = [test[name] for name in names.split()] + [0, test["lastLedgerIndex"], 0]
    if list(numbers) != wanted or entry[56:].hex() != test["subjectKey"]:
        raise Refused("opens to something else")


# --- customer ids -----------------------------------------------------------------------------


def check_id(test):
    key = bytes.fromhex(test["key"])
    keys = b"".join(derive(key, b"clientbook customer id", bytes([i])) for i in range(3))
    left, right = struct.unpack(">QQ", bytes.fromhex(test["id"]))
    for at in range(80, -1, -16):
        left, right = right ^ siphash(keys[at : at + 16], struct.pack(">Q", left)), left
    if left != 0 or right == 0:
        raise Refused("not_found")
    if right != test["customer"]:
        raise Refused("opens to something else")


def main():
    folder = pathlib.Path(sys.argv[1])
    failures = 0
    for name, check in (
        ("row_envelope", check_row),
        ("field_envelope", check_field),
        ("key_tree_node", check_tree),
        ("customer_id", check_id),
    ):
        tests = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["tests"]
        for test in tests:
            try:
                check(test)
                got = ("valid", 0)
            except Refused as refused:
                got = (refused.code, refused.at)
            wanted = (test.get("error", "valid"), test.get("at", 0))
            if got != wanted:
                failures += 1
                print(f"{name} {test['tcId']} ({test['comment']}): {got}, should be {wanted}")
        print(f"{name}: {len(tests)} vectors")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
