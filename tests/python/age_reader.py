#!/usr/bin/env python3
"""Opens files of age (age-encryption.org/v1) for one X25519 identity: from the specification, no package.

usage: age_reader.py IDENTITY < FILE
"""

import base64
import hashlib
import hmac
import struct
import sys

P = 2**255 - 19
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


class Wrong(Exception):
    """It does not open, and why."""


def x25519(scalar, point):
    """RFC 7748, section 5."""
    k = int.from_bytes(scalar, "little") & ~7 & ((1 << 255) - 1) | 1 << 254
    u = int.from_bytes(point, "little") & ((1 << 255) - 1)
    x2, z2, x3, z3, swap = 1, 0, u, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb = d * a % P, c * b % P
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        aa, bb = a * a % P, b * b % P
        e = aa - bb
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def rotated(value, by):
    return (value << by | value >> 32 - by) & 0xFFFFFFFF


def chacha_block(key, counter, nonce):
    """RFC 8439, section 2.3."""
    start = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, *struct.unpack("<8I", key), counter,
             *struct.unpack("<3I", nonce)]
    s = list(start)
    rounds = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12),
              (2, 7, 8, 13), (3, 4, 9, 14))
    for _ in range(10):
        for a, b, c, d in rounds:
            s[a] = s[a] + s[b] & 0xFFFFFFFF
            s[d] = rotated(s[d] ^ s[a], 16)
            s[c] = s[c] + s[d] & 0xFFFFFFFF
            s[b] = rotated(s[b] ^ s[c], 12)
            s[a] = s[a] + s[b] & 0xFFFFFFFF
            s[d] = rotated(s[d] ^ s[a], 8)
            s[c] = s[c] + s[d] & 0xFFFFFFFF
            s[b] = rotated(s[b] ^ s[c], 7)
    return struct.pack("<16I", *(x + y & 0xFFFFFFFF for x, y in zip(s, start)))


def chacha_open(key, nonce, sealed):
    if len(sealed) < 16:
        raise Wrong("cut off")
    text, tag = sealed[:-16], sealed[-16:]
    one_time = chacha_block(key, 0, nonce)[:32]
    r = int.from_bytes(one_time[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    padded = text + bytes(-len(text) % 16) + struct.pack("<QQ", 0, len(text))
    total = 0
    for i in range(0, len(padded), 16):
        total = (total + int.from_bytes(padded[i:i + 16] + b"\x01", "little")) * r % ((1 << 130) - 5)
    wanted = (total + int.from_bytes(one_time[16:], "little")) & (1 << 128) - 1
    if not hmac.compare_digest(wanted.to_bytes(16, "little"), tag):
        raise Wrong("altered, or not for this identity")
    out = bytearray()
    for i in range(0, len(text), 64):
        block = chacha_block(key, 1 + i // 64, nonce)
        out += bytes(x ^ y for x, y in zip(text[i:i + 64], block))
    return bytes(out)


def hkdf(key, salt, info):
    pseudorandom = hmac.new(salt or bytes(32), key, hashlib.sha256).digest()
    return hmac.new(pseudorandom, info + b"\x01", hashlib.sha256).digest()


def bech32(prefix, data):
    digits = [int(bits, 2) for bits in map("".join, zip(*[iter("".join(f"{one:08b}" for one in data) + "0000")] * 5))]

    def polymod(values):
        check = 1
        for value in values:
            top = check >> 25
            check = (check & 0x1ffffff) << 5 ^ value
            for i, one in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
                check ^= one if top >> i & 1 else 0
        return check
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    sums = polymod(head + digits + [0] * 6) ^ 1
    return prefix + "1" + "".join(BECH32[one] for one in digits + [sums >> 5 * (5 - i) & 31 for i in range(6)])


def recipient_of(identity):
    return bech32("age", x25519(identity, bytes([9]) + bytes(31)))


def unpadded(text):
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def opened(file, identity):
    """The plaintext; `identity`: 32 bytes."""
    lines = file.split(b"\n", 4)
    if len(lines) != 5 or lines[0] != b"age-encryption.org/v1" or not lines[1].startswith(b"-> X25519 "):
        raise Wrong("no file of age for X25519")
    share, body = unpadded(lines[1][10:].decode()), unpadded(lines[2].decode())
    mine = x25519(identity, bytes([9]) + bytes(31))
    wrap = hkdf(x25519(identity, share), share + mine, b"age-encryption.org/v1/X25519")
    file_key = chacha_open(wrap, bytes(12), body)
    if lines[3][:4] != b"--- ":
        raise Wrong("no end of the header")
    signed = b"\n".join(lines[:3]) + b"\n---"
    if hmac.new(hkdf(file_key, b"", b"header"), signed, hashlib.sha256).digest() != unpadded(lines[3][4:].decode()):
        raise Wrong("the header was altered")
    nonce, rest = lines[4][:16], lines[4][16:]
    key, out, number = hkdf(file_key, nonce, b"payload"), b"", 0
    while True:
        part, rest = rest[:65536 + 16], rest[65536 + 16:]
        out += chacha_open(key, number.to_bytes(11, "big") + (b"\x00" if rest else b"\x01"), part)
        number += 1
        if not rest:
            return out


if __name__ == "__main__":
    sys.stdout.buffer.write(opened(sys.stdin.buffer.read(), bytes.fromhex(sys.argv[1])))
