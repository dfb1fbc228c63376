"""Checks tests/vectors/root_cell with an implementation of its own.

usage: check_root_cell_vectors.py DIR

Written from docs/format/root_cell.md over hashlib's BLAKE2b and what the package `cryptography` (Debian:
python3-cryptography) has of X25519 and ChaCha20-Poly1305; XChaCha20 and Bech32 are here. Argon2id is that of
`cryptography`, or where it is too old for one, libsodium's. Every file must open by what it says and by nothing
else, to what it holds.
"""

import ctypes
import ctypes.util
import json
import pathlib
import struct
import sys
import unicodedata
import zlib

import check_crypto_vectors as sealing

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
except ImportError:
    sys.exit("needs the Python package cryptography (Debian: apt install python3-cryptography)")

KINDS = {1: "key file", 2: "passphrase", 3: "identity"}
RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
PASSPHRASE = "Cafe\u0301, six words that a die chose"  # as another keyboard writes it
IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
KEY_FILE = bytes(200 - i for i in range(32))
HELD = [(0, 0), (1, 2), (1, 2), (2, 0), (2, 3)]


def xchacha_open(key, nonce, sealed, bound):
    return ChaCha20Poly1305(sealing.hchacha20(key, nonce[:16])).decrypt(bytes(4) + nonce[16:], sealed, bound)


def argon2id(passphrase, salt, kibibytes, passes):
    try:
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
    except ImportError:
        sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
        assert sodium.sodium_init() >= 0
        out = ctypes.create_string_buffer(32)
        failed = sodium.crypto_pwhash(out, ctypes.c_ulonglong(32), passphrase, ctypes.c_ulonglong(len(passphrase)), salt,
                                      ctypes.c_ulonglong(passes), ctypes.c_size_t(kibibytes * 1024), 2)
        assert not failed
        return out.raw
    return Argon2id(salt=salt, length=32, iterations=passes, lanes=1, memory_cost=kibibytes).derive(passphrase)


def bech32(text):
    """The 32 bytes of age's texts."""
    digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    prefix, _, data = text.lower().rpartition("1")
    values = [digits.index(c) for c in data]
    check = 1
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, part in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= part if top >> i & 1 else 0
    assert check == 1
    number = 0
    for value in values[:-6]:
        number = number << 5 | value
    return (number >> 4).to_bytes(32, "big")


def private_key(kind, slot):
    if kind == "key file":
        return KEY_FILE
    if kind == "identity":
        return bech32(IDENTITY)
    kibibytes, passes = struct.unpack_from(">II", slot, 12)
    assert 8 * 1024 <= kibibytes <= 1 << 20 and 1 <= passes <= 16 and kibibytes * passes <= 4 << 20
    return argon2id(unicodedata.normalize("NFC", PASSPHRASE).encode(), slot[24:40], kibibytes, passes)


def open_box(private, bound, box):
    """A sealed box of docs/format/recovery.md."""
    key = X25519PrivateKey.from_private_bytes(private)
    public = key.public_key().public_bytes(*RAW)
    shared = key.exchange(X25519PublicKey.from_public_bytes(box[:32]))
    opened = sealing.derive(shared, b"clientbook sealed box 1", box[:32] + public)
    return xchacha_open(opened, bytes(24), box[32:], bound)


def open_cell(cell, kind):
    """(epoch, key) of the current and the staged key; nothing: `kind` opens no slot."""
    magic, form, count, crc = struct.unpack_from(">16sHHI", cell)
    assert magic == b"clientbook root\n" and crc == zlib.crc32(cell[24:])
    if form == 1:
        assert len(cell) == 112
        current, first, staged, second, rest = struct.unpack_from(">Q32sQ32sQ", cell, 24)
        assert count == 0 and rest == 0
        return (current, first), (staged, second)
    assert form == 2 and 1 <= count <= 16 and len(cell) == 176 + 256 * count
    following, zero, exposed, current, staged = struct.unpack_from(">IIQQQ", cell, 40)
    assert zero == 0 and exposed in (0, 1, 2)
    last = 0
    for at in range(176, len(cell), 256):
        slot = cell[at:at + 256]
        number = struct.unpack_from(">I", slot, 4)[0]
        assert last < number < following and slot[216:] == bytes(40) and slot[20:24] == bytes(4)
        last = number
        if KINDS[slot[0]] != kind:
            continue
        private = private_key(kind, slot)
        public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(*RAW)
        if public != slot[40:72]:
            continue
        assert kind != "identity" or public == bech32(RECIPIENT)
        bound = b"clientbook root cell slot 2" + cell[24:40] + slot[:1] + b"\0" + slot[2:72] + slot[152:]
        key = open_box(private, bound, slot[72:152])
        bound = b"clientbook root cell 2" + cell[:20] + cell[24:72] + cell[176:]
        plain = xchacha_open(key, cell[72:96], cell[96:176], bound)
        return (current, plain[:32]), (staged, plain[32:])
    return None


def main():
    cells = json.loads((pathlib.Path(sys.argv[1]) / "cells.json").read_text(encoding="utf-8"))
    assert len(cells) == len(HELD)
    opened = 0
    for one, held in zip(cells, HELD):
        cell = bytes.fromhex(one["file"])
        for kind in KINDS.values():
            try:
                got = open_cell(cell, kind)
            except (AssertionError, InvalidTag) as problem:
                sys.exit(f"{one['comment']}, {kind}: {problem!r}")
            if (got is not None) != (not one["opens"] or kind in one["opens"]):
                sys.exit(f"{one['comment']}: {kind} opens it, or does not")
            for (epoch, key), wanted in zip(got or (), held):
                right = bytes((epoch * 16 + i) % 256 for i in range(32)) if epoch else bytes(32)
                if epoch != wanted or key != right:
                    sys.exit(f"{one['comment']}: {kind} opens it to something else")
            opened += got is not None
    print(f"root cells: {len(cells)} files, opened {opened} times")


if __name__ == "__main__":
    main()
