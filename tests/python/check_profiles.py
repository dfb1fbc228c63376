"""Law profiles by a second implementation, written from docs/format/profile.md.

usage: check_profiles.py PROGRAM VOCABULARY PROFILES

Encodes every JSON file of the folder PROFILES and compares with what the program makes of it; takes a
signed file apart and checks its signature. Needs the package cryptography for Ed25519.
"""
import csv
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

STRENGTHS = ["none", "implied", "expressed", "explicit"]
KINDS = [None, "grant", "renew", "refuse", "deny", "withdraw", "object", "restrict", "lift", "revoke",
         "invalidate", "request", "defer", "basis_assertion"]
BY = [None, "subject", "guardian", "agent", "controller", "authority"]
BASES = ["none", "consent", "contract", "legal_obligation", "vital_interest", "public_task",
         "legitimate_interest", "business_purpose"]
OBLIGATIONS = ["ledger", "mask", "pseudonymise", "expire", "no_onward", "purpose_tag", "encrypt_for",
               "notify_subject", "attach_notice", "attach_opt_out", "human_review", "contract_on_file",
               "log_reason", "rate"]
OPERATORS = {None: 0, "generalise_date": 32, "generalise_zip": 36, "mask_phone": 64, "mask_email": 68,
             "mask_card": 72, "mask": 96, "drop": 255}
CONDITIONS = ["always", "transfer_without_basis", "child"]
DEADLINES = [None, "answer_request", "extend_request", "notify_breach", "honour_opt_out", "ask_again",
             "confirm_request"]
SIGNALS = [None, "gpc", "sale_opt_out", "sharing_opt_out", "targeted_advertising_opt_out"]
SERVICES = [None, "online", "in_shop"]
SECTIONS = [None] * 6 + "uspv1 usnat usca usva usco usut usct usfl usmt usor ustx usde usia usne usnh " \
    "usnj ustn usmn usmd usin usky usri".split()


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError(number)


def cbor(value):
    if value is True or value is False:
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(4, len(value)) + b"".join(cbor(one) for one in value)


def bits(names, table):
    return sum(1 << table.index(name) for name in names or ())


class Encoder:
    def __init__(self, vocabulary):
        self.terms = {(row["kind"], row["name"]): int(row["number"]) for row in vocabulary}

    def set(self, kind, names):
        if names == ["all"]:
            return True
        return sorted(self.terms[kind, name] for name in names or ())

    def scope(self, row):
        return [self.set("purpose", row["purposes"]), self.set("recipient", row["recipients"]),
                self.set("category", row["categories"]), self.set("operation", row["operations"])]

    @staticmethod
    def format(law):
        """The oldest format that can say it."""
        newer = any("direct_marketing" in row or "only_categories" in row for row in law["reach"])
        newer = newer or any(row.get("states") for row in law["ages"]) or law.get("opt_out")
        if any("hours" not in row for row in law["deadlines"]) or any(row.get("services") for row in law["ages"]):
            return 4
        return 3 if law.get("on_behalf") else 2 if newer else 1

    def reach(self, row, newer):
        out = [KINDS.index(row["kind"]), bits(row.get("by"), BY), bits(row["bases"], BASES),
               self.set("purpose", row.get("always")), self.set("purpose", row.get("except_purposes")),
               self.set("operation", row.get("except_operations"))]
        if newer:
            out += [self.set("purpose", row.get("direct_marketing")),
                    self.set("category", row.get("only_categories"))]
        return out + [row["law"]]

    def age(self, row, newer, newest):
        out = [row["below"], self.set("purpose", row["purposes"]), bits(row["by"], BY),
               STRENGTHS.index(row["strength"])]
        if newer:
            out.append(row.get("states", []))
        if newest:
            out.append(bits(row.get("services"), SERVICES))
        return out + [row["law"]]

    @staticmethod
    def deadline(row, newest):
        out = [DEADLINES.index(row["kind"]), row.get("hours", 0)]
        if newest:
            out += [row.get("months", 0), row.get("working_days", 0)]
        return out + [row["law"]]

    def profile(self, law):
        newer = self.format(law) >= 2
        opt_outs = [[[self.set("purpose", row["purposes"]), row["law"]]
                     for row in law.get("opt_out", [])]]
        on_behalf = [[[self.set("recipient", row["recipients"]), row["law"]]
                      for row in law.get("on_behalf", [])]]
        return cbor([
            self.format(law), law["id"], law["version"], law["name"], law["title"], law["unverified"],
            STRENGTHS.index(law["minimum_strength"]), law["child_below"],
            [[self.scope(row), CONDITIONS.index(row["when"]), row["law"]] for row in law["prohibit"]],
            [self.reach(row, newer) for row in law["reach"]],
            [[self.scope(row), BASES.index(row["basis"]), row["needs_assertion"], row["sensitive"],
              row["law"]] for row in law["basis"]],
            [[self.scope(row),
              [bits(row["required"], OBLIGATIONS), OPERATORS[row.get("mask")], 0,
               row.get("expire_seconds", 0), 0, 0, row.get("rate_count", 0),
               row.get("rate_seconds", 0)], row["law"]] for row in law["obligations"]],
            [[self.set("category", row["categories"]), STRENGTHS.index(row["strength"]), row["law"]]
             for row in law["sensitive"]],
            [self.age(row, newer, self.format(law) >= 4) for row in law["ages"]],
            [self.deadline(row, self.format(law) >= 4) for row in law["deadlines"]],
            [[SIGNALS.index(row["signal"]), bits(row.get("sections"), SECTIONS),
              self.set("purpose", row["purposes"]), self.set("recipient", row["recipients"]),
              row["law"]] for row in law["signals"]],
            law["adequate"]] + (opt_outs if newer else []) +
                    (on_behalf if self.format(law) >= 3 else []))


def main(program, vocabulary, profiles):
    def ask(*arguments):
        return json.loads(subprocess.run([program, "--json", "profile", *map(str, arguments)],
                                         capture_output=True, text=True, check=True).stdout)

    with open(vocabulary, encoding="utf-8", newline="") as file:
        encoder = Encoder(csv.DictReader(file))
    files = sorted(pathlib.Path(profiles).glob("*.json"))
    assert len(files) >= 4
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        public = bytes.fromhex(ask("new-key", folder / "key")["key"])
        for file in files:
            canonical = encoder.profile(json.loads(file.read_text(encoding="utf-8")))
            digest = hashlib.blake2b(canonical, digest_size=32).digest()
            assert ask("check", file)["digest"] == digest.hex(), file.name
            signed = folder / (file.stem + ".profile")
            ask("sign", file, "--signing-key", folder / "key", "--out", signed)
            content = signed.read_bytes()
            signature = content[-64:]
            assert content == cbor(["clientbook profile", canonical, public, signature]), file.name
            Ed25519PublicKey.from_public_bytes(public).verify(
                signature, b"clientbook profile signature 1" + digest)
    print(f"{len(files)} profiles have the bytes that docs/format/profile.md says")


if __name__ == "__main__":
    main(*sys.argv[1:])
