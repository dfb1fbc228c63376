#!/usr/bin/env python3
"""A small witness after C2SP tlog-witness, for tests: it shares no code with the library.

usage: tlog_witness.py FOLDER NAME LOG [PORT]

FOLDER keeps its key and what it has seen of each log; without PORT one request is read from standard
input and answered on standard output, status first. It stores what it signs before it answers, and signs no
second history: that is all there is to a witness.
"""

import base64
import hashlib
import http.server
import importlib.util
import os
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
_spec = importlib.util.spec_from_file_location("verify", HERE.parents[1] / "examples" / "verifier" / "verify.py")
verify = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(verify)


def compressed(one):
    z = pow(one[2], verify.P - 2, verify.P)
    x, y = one[0] * z % verify.P, one[1] * z % verify.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def expanded(seed):
    digest = hashlib.sha512(seed).digest()
    return int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254, digest[32:]


def public_of(seed):
    return compressed(verify.times(expanded(seed)[0], verify.BASE))


def sign(seed, message):
    """Ed25519, RFC 8032 section 5.1.6."""
    scalar, prefix = expanded(seed)
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % verify.L
    point = compressed(verify.times(nonce, verify.BASE))
    k = int.from_bytes(hashlib.sha512(point + public_of(seed) + message).digest(), "little") % verify.L
    return point + ((nonce + k * scalar) % verify.L).to_bytes(32, "little")


class Witness:
    """Of one log: what it has seen lies in a file, put there before it answers."""

    def __init__(self, folder, name, log):
        self.folder, self.name, self.log = pathlib.Path(folder), name, verify.log_of(log)
        self.folder.mkdir(exist_ok=True)
        seed = self.folder / "seed"
        if not seed.exists():
            seed.write_bytes(os.urandom(32))
        self.seed = seed.read_bytes()
        self.seen = self.folder / "seen"

    @property
    def id(self):
        return hashlib.sha256(self.name.encode() + b"\n\x04" + public_of(self.seed)).digest()[:4]

    @property
    def key(self):
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([4]) + public_of(self.seed)).decode()}"

    def cosign(self, note, at):
        body = note.partition("\n\n")[0] + "\n"
        signature = sign(self.seed, f"cosignature/v1\ntime {at}\n{body}".encode())
        line = base64.b64encode(self.id + at.to_bytes(8, "big") + signature).decode()
        return f"\u2014 {self.name} {line}\n"

    def add_checkpoint(self, request, at=None):
        """(status, body)"""
        head, cut, note = request.partition("\n\n")
        words = head.split("\n")
        try:
            old = verify.number_of(words[0].removeprefix("old "))
            path = [verify.decode(one) for one in words[1:]]
        except verify.Wrong:
            return 400, ""
        if not cut or not words[0].startswith("old ") or len(path) > 63:
            return 400, ""
        if note.split("\n")[0] != self.log[0]:
            return 404, ""
        try:
            size, root = verify.checkpoint_of(note, self.log)
        except verify.Wrong:
            return 403, ""
        seen_size, seen_root = self.last()
        if old > size:
            return 400, ""
        if old != seen_size:
            return 409, f"{seen_size}\n"
        if old == 0:
            if path:
                return 422, ""
        elif not verify.goes_on(old, seen_root, size, root, path):
            return 422, ""
        part = self.folder / "seen.part"
        part.write_text(f"{size} {root.hex()}", encoding="ascii")
        part.replace(self.seen)
        return 200, self.cosign(note, int(time.time()) if at is None else at)

    def last(self):
        if not self.seen.exists():
            return 0, b""
        size, root = self.seen.read_text(encoding="ascii").split(" ")
        return int(size), bytes.fromhex(root)


def serve(witness, port):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):  # noqa: N802: the name is the base's
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode(errors="replace")
            status, answer = witness.add_checkpoint(body) if self.path == "/add-checkpoint" else (404, "")
            self.send_response(status)
            self.send_header("Content-Type", "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, format, *arguments):  # noqa: A002: the base's
            pass

    http.server.HTTPServer(("localhost", port), Handler).serve_forever()


def main():
    if len(sys.argv) not in (4, 5):
        print(__doc__.strip().split("\n\n")[1], file=sys.stderr)
        return 2
    witness = Witness(*sys.argv[1:4])
    if len(sys.argv) == 5:
        print(witness.key, flush=True)
        serve(witness, int(sys.argv[4]))
    status, answer = witness.add_checkpoint(sys.stdin.read())
    print(f"{status}\n{answer}", end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
