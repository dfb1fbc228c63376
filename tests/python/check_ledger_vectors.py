#!/usr/bin/env python3
"""A second implementation of the ledger's formats, which shares no code with the library.

    check_ledger_vectors.py DIR

Checks every file of tests/vectors/ledger by docs/format/ledger.md: roots, tiles, log proofs,
consistency proofs, checkpoint, payloads and commitments, and that altered ones are refused.
Needs the package cryptography for Ed25519.
"""
import base64
import hashlib
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ORIGIN = "shop.example/clientbook/2026"
checks = 0


class Refused(Exception):
    pass


def need(condition, what):
    global checks
    checks += 1
    if not condition:
        raise Refused(what)


def sha256(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return sha256(b"\x01" + left + right)


def root_of(leaves):
    """RFC 6962 section 2.1, by recursion."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(root_of(leaves[:split]), root_of(leaves[split:]))


def root_by_path(leaf, index, size, path):
    """The root that a proof leads to, from the top down: another way than RFC 9162's loop."""
    need(0 <= index < size, "index is outside the tree")
    if size == 1:
        need(not path, "proof is too long")
        return leaf
    need(path, "proof is too short")
    split = 1
    while split * 2 < size:
        split *= 2
    if index < split:
        return node(root_by_path(leaf, index, split, path[:-1]), path[-1])
    return node(path[-1], root_by_path(leaf, index - split, size - split, path[:-1]))


def consistency_of(older, leaves, whole=True):
    """PROOF(m, D[n]) of RFC 6962 section 2.1.2."""
    if older == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if older <= split:
        return consistency_of(older, leaves[:split], whole) + [root_of(leaves[split:])]
    return consistency_of(older - split, leaves[split:], False) + [root_of(leaves[:split])]


def pairs(path):
    for line in path.read_text().splitlines():
        name, _, value = line.partition(": ")
        yield name.rstrip(":"), value


def read_vkey(text):
    name, key_id, key = text.strip().split("+", 2)
    raw = base64.b64decode(key, validate=True)
    need(raw[0] == 1 and len(raw) == 33, "not an Ed25519 key")
    need(sha256(name.encode() + b"\n" + raw)[:4].hex() == key_id, "key id")
    return name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(raw[1:])


def read_checkpoint(note, vkey):
    name, key_id, key = vkey
    body, _, signatures = note.partition("\n\n")
    body += "\n"
    lines = body.split("\n")
    need(len(lines) == 4 and lines[3] == "", "checkpoint has three lines")
    need(lines[0] == name, "origin")
    need(lines[1] == str(int(lines[1])), "size has one form")
    good = 0
    for line in signatures.splitlines():
        dash, signer, encoded = line.split(" ")
        need(dash == "\u2014", "signature line")
        raw = base64.b64decode(encoded, validate=True)
        if signer == name and raw[:4] == key_id:
            try:
                key.verify(raw[4:], body.encode())
            except InvalidSignature as error:
                raise Refused("signature") from error
            good += 1
    need(good == 1, "signed once by the log")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def check_proof(text, vkey):
    """A .tlog-proof file as a whole; returns the entry it proves."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1", "header")
    need(lines[1].startswith("extra ") and lines[2].startswith("index "), "entry and index")
    entry = base64.b64decode(lines[1][6:], validate=True)
    index = int(lines[2][6:])
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    size, root = read_checkpoint(note, vkey)
    need(root_by_path(sha256(b"\x00" + entry), index, size, path) == root, "root")
    return index, entry


def parts_of_entry(entry):
    parts = []
    at = 0
    while at < len(entry):
        length = entry[at]
        parts.append(entry[at + 1:at + 1 + length])
        need(len(parts[-1]) == length, "part is cut short")
        at += 1 + length
    need([len(part) for part in parts] == [1, 1, 4, 16, 1, 1, 1, 16, 4, 32], "parts of an entry")
    need(parts[0] in (b"\x01", b"\x02") and 1 <= parts[1][0] <= 13, "format and event")
    return parts


def read_cbor(data, at=0):
    """The few items of deterministic CBOR that a payload has; returns value and end."""
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    if info < 24:
        number = info
    else:
        width = {24: 1, 25: 2, 26: 4, 27: 8}[info]
        number = int.from_bytes(data[at:at + width], "big")
        need(number >= (24, 256, 65536, 2 ** 32)[info - 24], "shortest form")
        at += width
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        raw = data[at:at + number]
        need(len(raw) == number, "string is cut short")
        return (raw if major == 2 else raw.decode()), at + number
    if major == 4:
        out = []
        for _ in range(number):
            value, at = read_cbor(data, at)
            out.append(value)
        return out, at
    need(major == 5, "no other kind")
    out = {}
    for _ in range(number):
        key, at = read_cbor(data, at)
        need(not out or key > max(out), "keys ascend")
        out[key], at = read_cbor(data, at)
    return out, at


def blake2b(key, *parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32, key=key).digest()


def check_payload(path):
    fields = dict(pairs(path))
    payload, entry = bytes.fromhex(fields["payload"]), bytes.fromhex(fields["entry"])
    parts = parts_of_entry(entry)
    value, end = read_cbor(payload)
    need(end == len(payload), "nothing follows the payload")
    need({1, 2, 3, 5, 6, 7, 10} <= set(value) <= set(range(1, 14)), "parts of a payload")
    need(len(value[2]) == 16 and len(value[10]) == 32, "sizes of id and key")
    need((8 in value) == (value[7] > 1), "the first has none before it")
    numbers = [given[0] for given in value[5]]
    need(numbers == sorted(set(numbers)), "fields ascend")
    need(blake2b(value[10], payload) == parts[9], "commitment")
    need(value[1] // 86400 == int.from_bytes(parts[2], "big", signed=True), "day")
    origin = fields["origin"].encode()
    size = len(origin).to_bytes(8, "big")
    bound = (blake2b(b"", b"clientbook ledger payload", size, origin, parts[3], parts[9]) if parts[0] == b"\x01"
             else blake2b(b"", b"clientbook ledger payload 2", size, origin, entry))
    need(bound.hex() == fields["binding"], "binding")
    return value


def check_tags(path):
    fields = dict(pairs(path))
    key = bytes.fromhex(fields["key"])

    def tag(label, number):
        # Keyed BLAKE2b-256 over the parts, each after its length; the first 128 bits.
        parts = [len(part).to_bytes(8, "big") + part for part in (label, number)]
        return blake2b(key, *parts)[:16].hex()

    need(fields["actor_42"] == tag(b"ledger actor", (42).to_bytes(4, "big")), "actor tag")
    need(fields["subject_7"] == tag(b"ledger subject", (7).to_bytes(8, "big")), "subject tag")


def refused(check, *arguments):
    try:
        check(*arguments)
    except (Refused, ValueError, IndexError, KeyError, UnicodeDecodeError):
        return True
    return False


def main():
    folder = Path(sys.argv[1])
    entries = [bytes.fromhex(value) for _, value in pairs(folder / "entries.txt")]
    for entry in entries:
        parts_of_entry(entry)
    leaves = [sha256(b"\x00" + entry) for entry in entries]

    lines = list(pairs(folder / "roots.txt"))
    for (_, size), (_, root) in zip(lines[::2], lines[1::2]):
        need(root_of(leaves[:int(size)]).hex() == root, f"root of {size}")

    tiles = {"tile_0_000": leaves[:256], "tile_0_001.p_44": leaves[256:],
             "tile_1_000.p_1": [root_of(leaves[:256])]}
    need({path.stem for path in folder.glob("*.hex")} == set(tiles), "which tiles there are")
    for name, hashes in tiles.items():
        need((folder / f"{name}.hex").read_text().strip() == b"".join(hashes).hex(), name)

    vkey = read_vkey((folder / "log.vkey").read_text())
    need(vkey[0] == ORIGIN, "name of the key")
    note = (folder / "checkpoint.txt").read_text()
    need(read_checkpoint(note, vkey) == (len(leaves), root_of(leaves)), "checkpoint")
    need(refused(read_checkpoint, note.replace("300", "301"), vkey), "altered size is refused")

    proofs = sorted(folder.glob("*.tlog-proof"))
    need(len(proofs) == 6, "six log proofs")
    for path in proofs:
        text = path.read_text()
        index, entry = check_proof(text, vkey)
        need(entries[index] == entry, "the entry is the one")
        for at in range(0, len(text), 7):
            altered = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:]
            need(refused(check_proof, altered, vkey), "altered proof is refused")

    older = newer = 0
    path = []
    for name, value in pairs(folder / "consistency.txt"):
        if name == "older":
            older, path = int(value), []
        elif name == "newer":
            newer = int(value)
        elif name == "hash":
            path.append(bytes.fromhex(value))
        else:
            expected = consistency_of(older, leaves[:newer]) if older else []
            need(path == expected, f"consistency of {older} and {newer}")

    full = check_payload(folder / "payload_full.txt")
    need(full[4] == "Parcel Company" and full[7] == 2 and full[8] == 11, "content of a payload")
    check_payload(folder / "payload_first.txt")
    need(check_payload(folder / "payload_bound.txt") == full, "the same payload in format 2")
    check_tags(folder / "tags.txt")
    print(f"ledger vectors: {checks} checks passed")


if __name__ == "__main__":
    try:
        main()
    except Refused as what:
        sys.exit(f"ledger vectors: not as documented: {what}")
