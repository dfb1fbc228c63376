"""Looks at the vectors of ISO/IEC TS 27560 from outside: that each is what its name says.

A valid vector is JSON without a name given twice, and every term in it is one of the
vocabulary's or of the record's own. A refused one has the fault that its name begins with,
as far as JSON and the list of terms can tell.
"""

import csv
import json
import pathlib
import sys

RECORD_TERMS = set(
    """
    dpv:ConsentRecord dpv:ConsentNotice dpv:Process dpv:StorageLocation dpv:StorageDuration
    dpv:WithdrawConsent dpv:UntilTimeDuration dpv:TemporalDuration dpv:EndlessDuration
    dpv:ConsentRequested dpv:ConsentRefused dpv:ConsentGiven dpv:ConsentWithdrawn
    dpv:ExpressedConsent dpv:ExplicitlyExpressedConsent dpv:GuardianOfDataSubject
    dpv:hasDataSubject dpv:hasNotice dpv:hasProcess dpv:hasConsentStatus dpv:hasEntity
    dpv:hasIdentifier dpv:hasPurpose dpv:hasPersonalData dpv:hasProcessing dpv:hasLegalBasis
    dpv:hasDataController dpv:hasRecipient dpv:hasStorageCondition dpv:hasLocation
    dpv:hasJurisdiction dpv:hasConsentControl dpv:isExercisedAt dpv:isIndicatedAtTime
    dpv:hasDuration dpv:isIndicatedBy dpv:hasName cb:contentHash
    pd:Email dpv:hasLegalName dpv:WithdrawingFromActivity
    """.split()
)


class Twice(Exception):
    pass


def pairs(members):
    names = [name for name, _ in members]
    if len(names) != len(set(names)):
        raise Twice
    return dict(members)


def walk(value, found):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "@context":
                continue
            found.add(name)
            walk(inner, found)
    elif isinstance(value, list):
        for inner in value:
            walk(inner, found)
    elif isinstance(value, str):
        found.add(value)


def terms_of(document):
    found = set()
    walk(document, found)
    return {term for term in found if term.split(":")[0] in ("dpv", "pd", "cb")}


def fault(text, known):
    try:
        document = json.loads(text, object_pairs_hook=pairs)
    except Twice:
        return "already_exists"
    except json.JSONDecodeError:
        return "invalid_encoding"
    if terms_of(document) - known:
        return "unknown_field"
    return None


def main(vocabulary, folder):
    with open(vocabulary, encoding="utf-8", newline="") as file:
        known = {row["term"] for row in csv.DictReader(file)} | RECORD_TERMS
    wrong = 0
    seen = 0
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        got = fault(path.read_text(encoding="utf-8"), known)
        seen += 1
        if path.stem.startswith(("already_exists", "invalid_encoding")):
            good = got is not None and path.stem.startswith(got)
        elif path.stem.startswith(("unknown_field_purpose", "unknown_field_state", "unknown_field_rule")):
            good = got == "unknown_field"
        elif path.stem.startswith("unsupported"):
            good = got in (None, "unknown_field")
        else:
            good = got is None
        if not good:
            wrong += 1
            print(f"{path.name}: found {got}")
    print(f"{seen} vectors, {wrong} wrong")
    return 1 if wrong or seen < 12 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
