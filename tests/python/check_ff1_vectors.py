"""Checks tests/vectors/ff1 with an implementation of its own, or writes its file of our own.

usage: check_ff1_vectors.py DIR | --make > DIR/own.txt

Written from SP 800-38G over whole numbers of any size and AES of the package `cryptography`
(Debian: python3-cryptography).
"""

import pathlib
import random
import sys

try:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
except ImportError:
    sys.exit("needs the Python package cryptography (Debian: apt install python3-cryptography)")

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def aes(key, data):
    engine = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return engine.update(data) + engine.finalize()


def prf(key, data):
    state = bytes(16)
    for at in range(0, len(data), 16):
        state = aes(key, bytes(a ^ b for a, b in zip(state, data[at : at + 16])))
    return state


def text_of(number, radix, size):
    out = ""
    for _ in range(size):
        number, numeral = divmod(number, radix)
        out = ALPHABET[numeral] + out
    return out


def encrypt(key, radix, tweak, text):
    n, u = len(text), len(text) // 2
    v = n - u
    a, b_text = text[:u], text[u:]
    b = ((radix**v - 1).bit_length() + 7) // 8
    d = 4 * ((b + 3) // 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([10, u % 256])
    p += n.to_bytes(4, "big") + len(tweak).to_bytes(4, "big")
    for i in range(10):
        q = tweak + bytes((-len(tweak) - b - 1) % 16) + bytes([i])
        q += int(b_text, radix).to_bytes(b, "big")
        r = prf(key, p + q)
        s = r
        for j in range(1, (d + 15) // 16):
            s += aes(key, bytes(x ^ y for x, y in zip(r, j.to_bytes(16, "big"))))
        m = u if i % 2 == 0 else v
        number = (int(a, radix) + int.from_bytes(s[:d], "big")) % radix**m
        a, b_text = b_text, text_of(number, radix, m)
    return a + b_text


def make():
    rng = random.Random(20240501)
    print("# Made by tests/python/check_ff1_vectors.py --make. Columns as in nist.txt.")
    for radix in [2, 3, 10, 16, 26, 35, 36]:
        least = next(n for n in range(2, 64) if radix**n >= 1_000_000)
        for size in sorted({least, least + 1, (least + 64) // 2, 63, 64}):
            for tweak_size in [0, 1, 15, 16, 40]:
                key = rng.randbytes(rng.choice([16, 24, 32]))
                tweak = rng.randbytes(tweak_size)
                text = "".join(rng.choice(ALPHABET[:radix]) for _ in range(size))
                sealed = encrypt(key, radix, tweak, text)
                print(key.hex(), radix, tweak.hex() or "-", text, sealed)


def main():
    if sys.argv[1] == "--make":
        return make()
    count = 0
    for file in sorted(pathlib.Path(sys.argv[1]).glob("*.txt")):
        for line in file.read_text(encoding="ascii").splitlines():
            if line.startswith("#"):
                continue
            key, radix, tweak, text, sealed = line.split()
            tweak = bytes.fromhex("" if tweak == "-" else tweak)
            if encrypt(bytes.fromhex(key), int(radix), tweak, text) != sealed:
                sys.exit(f"{file.name}: {line}")
            count += 1
    print(f"{count} vectors of FF1")
    if count < 9:
        sys.exit("too few")


if __name__ == "__main__":
    main()
