#!/usr/bin/env python3
"""Checks the evidence in a customer's page, with nothing but Python: no package, no network, no clientbook.

usage: verify.py FILE LOG [WITNESS...] [--require N]

FILE is the page as it was saved, or the evidence alone. LOG is the key of the shop's ledger,
`<origin>+<id>+<key>`: take it from somebody else than the page, such as the shop's web site or the
supervisory authority, since whoever forges a page forges the key on it too. What is borne out are the
entries that are printed, and no word of the page around them: compare. Each WITNESS is the key of one,
`<name>+<id>+<key>`, from them; without --require all of them must have cosigned the ledger.

Exit codes: 0 all is borne out; 1 something is not; 2 wrong usage.

docs/format/evidence.md and docs/format/ledger.md say what is checked: the signature of the checkpoint
(Ed25519, RFC 8032), each entry's place in the tree (RFC 9162), that each payload is the one that its
entry commits to (BLAKE2b, RFC 7693), and that payloads are numbered from 1 and name each other; of
witnesses, that the ledger goes on from what each has cosigned (C2SP tlog-cosignature).
"""

import base64
import binascii
import datetime
import hashlib
import sys


class Wrong(Exception):
    """What is not borne out, and why."""


# --- Ed25519 (RFC 8032, section 5.1), to verify: clear, not quick, and no secret is in it -----------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT % P
    if (x * x - square) % P != 0:
        return None
    return P - x if (x & 1) != sign else x


def point(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def add(a, b):
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, d - c, d + c, t + s
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(scalar, one):
    out = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            out = add(out, one)
        one = add(one, one)
        scalar >>= 1
    return out


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def signed_by(key, message, signature):
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- the checkpoint (C2SP tlog-checkpoint and signed-note) ------------------------------------------


def decode(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Wrong("not base64") from error
    if base64.b64encode(data).decode() != text:
        raise Wrong("base64 with bits left over")
    return data


def number_of(text):
    if not (text.isascii() and text.isdigit() and len(text) < 20) or str(int(text)) != text:
        raise Wrong("a number is none")
    return int(text)


def log_of(text, kind=1):
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise Wrong("a key is <name>+<id>+<key>")
    name, key = parts[0], decode(parts[2])
    if len(key) != 33 or key[0] != kind:
        raise Wrong("a key is not of its kind: a log's (1) or a witness's (4)")
    number = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if number.hex() != parts[1]:
        raise Wrong("a key is not the one of its id")
    return name, key[1:], number


def signatures_of(text):
    for line in text.removesuffix("\n").split("\n"):
        words = line.split(" ")
        if len(words) != 3 or words[0] != "\u2014" or not words[1] or "+" in words[1]:
            raise Wrong("a line of the checkpoint is no signature")
        data = decode(words[2])
        if len(data) < 5:
            raise Wrong("a line of the checkpoint is no signature")
        yield words[1], data


def cosigned_at(note, witness):
    """When that witness has cosigned the checkpoint, 0 if it has not."""
    name, key, number = witness
    body, _, signatures = note.partition("\n\n")
    newest = 0
    for signer, data in signatures_of(signatures):
        if signer != name or data[:4] != number or len(data) != 76:
            continue
        at = int.from_bytes(data[4:12], "big")
        if not 0 < at < 253402300800 or not signed_by(key, f"cosignature/v1\ntime {at}\n{body}\n".encode(), data[12:]):
            raise Wrong("a witness's signature is wrong")
        newest = max(newest, at)
    return newest


def checkpoint_of(note, log):
    origin, key, number = log
    try:
        if len(note.encode()) > 16384 or any(one < " " and one != "\n" for one in note):
            raise Wrong("the checkpoint is no signed note")
    except UnicodeEncodeError as error:
        raise Wrong("the checkpoint is not UTF-8") from error
    body, cut, signatures = note.partition("\n\n")
    lines = body.split("\n")
    if not cut or len(lines) != 3 or lines[0] != origin:
        raise Wrong("the checkpoint is another log's, or none")
    size, root = number_of(lines[1]), decode(lines[2])
    good = False
    for name, data in signatures_of(signatures):
        if name != origin or data[:4] != number or len(data) != 68:
            continue  # Somebody else's, such as a witness's.
        if not signed_by(key, (body + "\n").encode(), data[4:]):
            raise Wrong("the checkpoint's signature is wrong")
        good = True
    if not good or len(root) != 32:
        raise Wrong("the checkpoint is not signed by that log")
    return size, root


# --- the tree (RFC 9162, section 2.1.3.2) -----------------------------------------------------------


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def in_tree(entry, index, size, path, root):
    if index >= size:
        return False
    place, last, value = index, size - 1, hashlib.sha256(b"\x00" + entry).digest()
    for other in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            value = node(other, value)
            while not place & 1 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            value = node(value, other)
        place, last = place >> 1, last >> 1
    return last == 0 and value == root


def goes_on(old_size, old_root, size, root, path):
    """RFC 9162, section 2.1.4.2."""
    if old_size == size:
        return not path and old_root == root
    if not 0 < old_size < size or not path:
        return False
    rest = list(path)
    if old_size & (old_size - 1) == 0:
        rest.insert(0, old_root)
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = rest[0]
    for other in rest[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node(other, before), node(other, after)
            while not place & 1 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            after = node(after, other)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == root


# --- entries and payloads (docs/format/ledger.md) ---------------------------------------------------

EVENTS = ["", "disclosure", "export", "consent given", "consent withdrawn", "erasure", "key rotation", "restore",
          "break glass", "refusal", "import", "policy change", "correction", "reversal", "not delivered",
          "jurisdiction", "portfolio", "alarm", "request", "recipient told",
          "legal hold", "onward", "merge", "unmerge", "pruning", "epoch"]
# By number, from 1: what the library calls fields and purposes. A field of the shop's own is told by its number.
FIELDS = """
    name emails phones addresses birth_date special_days purchases sizes likes dislikes notes language time_zone
    external_ids employer household demographics government_ids payment_cards tasks contacts tags tier wishes reach
""".split()
PURPOSES = """
    academic_research account_management advertising age_verification combat_climate_change commercial_purpose
    commercial_research communication_for_customer_care communication_management counter_money_laundering
    counterterrorism customer_care customer_claims_management customer_management customer_order_management
    customer_relationship_management customer_solvency_monitoring data_altruism delivery_of_goods direct_marketing
    dispute_management enforce_access_control enforce_security establish_contractual_agreement
    fraud_prevention_and_detection fulfilment_of_contractual_obligation fulfilment_of_obligation
    human_resource_management identity_authentication identity_verification improve_existing_products_and_services
    improve_healthcare improve_internal_crm_processes improve_public_services improve_transport_mobility
    increase_service_robustness internal_resource_optimisation legal_compliance maintain_fraud_database marketing
    member_partner_management misuse_prevention_and_detection non_commercial_purpose non_commercial_research
    optimisation_for_consumer optimisation_for_controller optimise_user_interface organisation_compliance_management
    organisation_governance organisation_risk_management payment_management personalisation personalised_advertising
    personalised_benefits personnel_behaviour_monitoring personnel_hiring personnel_management personnel_monitoring
    personnel_offboarding personnel_onboarding personnel_payment personnel_performance_evaluation
    personnel_performance_management personnel_performance_monitoring personnel_performance_prediction
    personnel_promotion_management personnel_termination_management personnel_workload_management political_campaign
    protection_of_ipr protection_of_national_security protection_of_public_security provide_event_recommendations
    provide_official_statistics provide_personalised_recommendations provide_product_recommendations public_benefit
    public_policy_making public_relations purpose record_management recruitment_advertising
    recruitment_applicant_background_check recruitment_applicant_criminal_background_check
    recruitment_applicant_information_authentication recruitment_applicant_selection recruitment_application_analysis
    recruitment_application_management recruitment_application_screening recruitment_interview_analysis
    recruitment_interview_assessment recruitment_interview_management recruitment_interview_scheduling
    recruitment_management recruitment_targeted_advertising repair_impairments requested_service_provision
    research_and_development rights_fulfilment scientific_research search_functionalities sector
    sell_data_to_third_parties sell_insights_from_data sell_products sell_products_to_data_subject
    service_access_determination service_management service_monitoring service_optimisation service_personalisation
    service_provision service_registration service_usage_analytics social_media_marketing targeted_advertising
    technical_service_provision user_interface_personalisation vendor_management vendor_payment
    vendor_records_management vendor_selection_assessment verification client_care birthday_greeting
    special_day_reminder loyalty_programme email_marketing text_message_marketing telephone_marketing postal_marketing
    cross_context_behavioural_advertising data_enrichment onward_research tax_record_keeping breach_notification
    product_recall consent_record_keeping
""".split()
SIZES = [1, 1, 4, 16, 1, 1, 1, 16, 4, 32]


def parts_of(entry):
    out = []
    for size in SIZES:
        if not entry or entry[0] != size or len(entry) <= size:
            raise Wrong("an entry of the ledger is none that this program knows")
        out.append(entry[1:1 + size])
        entry = entry[1 + size:]
    if entry or out[0] not in (b"\x01", b"\x02"):
        raise Wrong("an entry of the ledger is none that this program knows")
    return out


def item(data, at, depth=0):
    """One item of CBOR from `at`: what a payload may have of it, and where the next one begins."""
    if at >= len(data) or depth > 3:
        raise Wrong("a payload is cut off")
    kind, value = data[at] >> 5, data[at] & 31
    at += 1
    if value >= 24:
        size = {24: 1, 25: 2, 26: 4, 27: 8}.get(value, 0)
        if size == 0 or at + size > len(data):
            raise Wrong("a payload is cut off")
        value, at = int.from_bytes(data[at:at + size], "big"), at + size
    if kind in (0, 1):
        return (value if kind == 0 else -1 - value), at
    if kind in (2, 3):
        if at + value > len(data):
            raise Wrong("a payload is cut off")
        text = data[at:at + value]
        return (text if kind == 2 else text.decode(errors="replace")), at + value
    if kind not in (4, 5) or value > 64:
        raise Wrong("a payload has what no payload has")
    out = []
    for _ in range(value * (kind - 3)):
        one, at = item(data, at, depth + 1)
        out.append(one)
    if kind == 4:
        return out, at
    if not all(isinstance(key, int) for key in out[::2]):
        raise Wrong("a payload has what no payload has")
    return dict(zip(out[::2], out[1::2])), at


def payload_of(entry, data):
    parts = parts_of(entry)
    said, end = item(data, 0)
    if end != len(data) or not isinstance(said, dict) or not {1, 2, 3, 5, 6, 7, 10} <= set(said):
        raise Wrong("a payload is none")
    if not isinstance(said[1], int) or not isinstance(said[10], bytes) or len(said[10]) != 32:
        raise Wrong("a payload is none")
    if hashlib.blake2b(data, key=said[10], digest_size=32).digest() != parts[9]:
        raise Wrong("a payload is not what its entry commits to")
    if said[1] // 86400 != int.from_bytes(parts[2], "big", signed=True):
        raise Wrong("a payload is of another day than its entry")
    return parts, said


# --- all of it --------------------------------------------------------------------------------------


def witnessed(lines, log, witnesses, size, root):
    """What witnesses have seen: (entries, when) of each that has cosigned; `lines` come behind the evidence."""
    if "clientbook-witnessed v1" not in lines:
        return []
    lines = lines[lines.index("clientbook-witnessed v1") + 1:]
    if "end of witnessed" not in lines:
        raise Wrong("what witnesses have cosigned is cut off")
    lines, seen = lines[:lines.index("end of witnessed")], {}
    while lines:
        words = lines[0].split(" ")
        if words[0] != "cosigned" or "end of cosigned" not in lines or len(words) > 65:
            raise Wrong("what witnesses have cosigned is cut off")
        end = lines.index("end of cosigned")
        note, path = "\n".join(lines[1:end]) + "\n", [decode(word) for word in words[1:]]
        lines = lines[end + 1:]
        old_size, old_root = checkpoint_of(note, log)
        if any(len(one) != 32 for one in path) or not goes_on(old_size, old_root, size, root, path):
            raise Wrong("the ledger does not go on from what a witness has seen")
        for number, witness in enumerate(witnesses):
            at = cosigned_at(note, witness)
            if at and old_size >= seen.get(number, (0, 0))[0]:
                seen[number] = (old_size, at)
    return sorted(seen.values(), reverse=True)


def check(text, log, witnesses=()):
    """What is borne out: the ledger's size, of each entry (index, event, payload); how many are gone; what witnesses saw."""
    lines = text.replace("\r\n", "\n").split("\n")
    if "clientbook-evidence v1" not in lines:
        raise Wrong("there is no evidence in it")
    lines = lines[lines.index("clientbook-evidence v1") + 1:]
    if "end of evidence" not in lines or not lines[0].startswith("log "):
        raise Wrong("the evidence is cut off")
    behind = lines[lines.index("end of evidence") + 1:]
    lines = lines[:lines.index("end of evidence")]
    if "checkpoint" not in lines:
        raise Wrong("the evidence is cut off")
    cut = lines.index("checkpoint")
    size, root = checkpoint_of("\n".join(lines[cut + 1:]) + "\n", log)
    out, before, gone, below = [], None, 0, 0
    entries = lines[1:cut]
    if entries and entries[0].startswith("pruned"):
        words = entries.pop(0).split(" ")
        gone, below = (number_of(one) for one in words[1:]) if len(words) == 3 else (0, 0)
        if words[0] != "pruned" or not 0 < gone <= below or below % 256:
            raise Wrong("what was pruned is not told as it must be")
    for line in entries:
        words = line.split(" ")
        if not 4 <= len(words) <= 68 or words[0] != "entry":
            raise Wrong("a line is no entry")
        index, entry, data = number_of(words[1]), decode(words[2]), decode(words[3])
        path = [decode(word) for word in words[4:]]
        if any(len(one) != 32 for one in path):
            raise Wrong("a hash is none")
        if not in_tree(entry, index, size, path, root):
            raise Wrong(f"entry {index} is not in the signed ledger")
        parts, said = payload_of(entry, data)
        if out and said[2] != out[0][2][2]:
            raise Wrong(f"entry {index} is about somebody else")
        if gone and not out and said.get(8, below) < below:
            before = said[8]
        if said[7] != gone + len(out) + 1 or said.get(8) != before or index < below:
            raise Wrong(f"an entry before {index} is missing")
        before = index
        said["purpose"] = parts[4][0]
        out.append((index, parts[1][0], said))
    if not out:
        raise Wrong("there is no entry in it: a page is one itself")
    return size, out, gone, witnessed(behind, log, witnesses, size, root)


def name_in(names, number):
    return names[number - 1] if 0 < number <= len(names) else f"#{number}"


def shown(index, event, said, purpose):
    """A line for somebody who compares it with what the page says."""
    when = datetime.datetime.fromtimestamp(said[1], datetime.timezone.utc)
    what = EVENTS[event] if event < len(EVENTS) else f"event {event}"
    fields = ", ".join(name_in(FIELDS, one[0]) for one in said[5])
    why = name_in(PURPOSES, purpose) if purpose else ""
    return f"{index:8}  {when:%Y-%m-%d %H:%M}  {what:18} {said.get(4, '')}  {why}: {fields}"


def main():
    given = sys.argv[1:]
    require = None
    if "--require" in given and given[-2] == "--require" and given[-1].isdigit():
        require, given = int(given[-1]), given[:-2]
    if len(given) < 2 or "--require" in given or (require or 0) > len(given) - 2:
        print(__doc__.strip().split("\n\n")[1], file=sys.stderr)
        return 2
    try:
        witnesses = [log_of(one, 4) for one in given[2:]]
        if len({key for _, key, _ in witnesses}) != len(witnesses):
            raise Wrong("a witness stands twice")
        require = len(witnesses) if require is None else require
        with open(given[0], encoding="utf-8", errors="surrogateescape", newline="") as file:
            size, entries, gone, seen = check(file.read(), log_of(given[1]), witnesses)
        if len(seen) < require:
            raise Wrong(f"{len(seen)} of the witnesses have cosigned, {require} are required")
    except (Wrong, OSError) as error:
        print(f"NOT borne out: {error}")
        return 1
    for index, event, said in entries:
        print(shown(index, event, said, said["purpose"]))
    print(f"All {len(entries)} entries are in the signed ledger of {size}; none is missing between the first and the last.")
    if gone:
        print(f"Before the first there were {gone}, which the shop has pruned: nothing shows what they said.")
    if require:
        size, at = seen[require - 1][0], max(when for _, when in seen[:require])
        when = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
        print(f"{require} witnesses have seen the first {size} entries of the ledger by {when:%Y-%m-%d %H:%M}.")
    print("The page says what these entries say, or it was changed: compare them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
