#!/usr/bin/env python3
"""A second evaluator of consent, written from docs/consent.md with plain sets.

Slow and obvious on purpose: it shares nothing with the library but the tables of facts
(src/consent/vocabulary.csv and the profiles that the other side prints). Reads cases on
standard input, one JSON value a line, decides them again and compares:

  {"profile": ...}                       the tables to judge by
  {"environment": ...}                   registry, notices, fields
  {"history": ..., "requests": [...]}    a case with the library's answers

usage: clientbook_consent_cases SEED COUNT | reference_evaluator.py
"""

import csv
import datetime
import json
import os
import sys
from functools import lru_cache

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIRST_PARTY = 32

# --- 1. Terms --------------------------------------------------------------------------------


class Graph:
    def __init__(self, rows):
        numbers = {row["term"]: int(row["number"]) for row in rows}
        self.all = frozenset(numbers.values())
        self.parents = {}
        self.barriers = set()
        self.denial_only = set()
        for row in rows:
            number = int(row["number"])
            named = row["parents"].split()
            self.parents[number] = [numbers.get(term) for term in named]  # None: not of here
            if row["flags"] == "b":
                self.barriers.add(number)
            if row["flags"] == "d":
                self.denial_only.add(number)
        self.depth = {number: self._depth(number) for number in self.all}
        self.denied = lru_cache(maxsize=None)(self._denied)
        self.granted = lru_cache(maxsize=None)(self._granted)

    def _depth(self, number):
        inside = [p for p in self.parents[number] if p is not None]
        return 1 + max(map(self._depth, inside)) if inside else 0

    def _denied(self, terms):
        out = set(terms)
        while True:
            more = {n for n in self.all if n not in out and any(p in out for p in self.parents[n])}
            if not more:
                return frozenset(out)
            out |= more

    def _granted(self, terms):
        out = set(terms) - self.denial_only
        while True:
            more = {
                n
                for n in self.all
                if n not in out
                and n not in self.barriers
                and self.parents[n]
                and all(p in out for p in self.parents[n])
            }
            if not more:
                return frozenset(out)
            out |= more


def read_vocabulary():
    with open(os.path.join(ROOT, "src/consent/vocabulary.csv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        kind: Graph([row for row in rows if row["kind"] == kind])
        for kind in ("purpose", "recipient", "category", "operation")
    }


VOCABULARY = read_vocabulary()
PURPOSES = VOCABULARY["purpose"]
RECIPIENTS = VOCABULARY["recipient"]
CATEGORIES = VOCABULARY["category"]
OPERATIONS = VOCABULARY["operation"]

# Stages in the order in which they deny, of several categories of a field.
DENYING = (0, 1, 2, 3, 4, 7)
CONFLICT = {"encrypt_for": 0xFF, "attach_notice": 0xFFFFFFFF, "contract": 0xFFFFFFFF}
NOTHING = {
    "required": 0,
    "mask": 0,
    "encrypt_for": 0,
    "expire": 0,
    "attach_notice": 0,
    "contract": 0,
    "rate_count": 0,
    "rate_seconds": 0,
}
SELF = 2
WORKING_CLASSES = (6, 7, 13)  # processor, subprocessor, contractor
STORE, USE = 1, 2
HANDED_OVER = frozenset((11, 13, 14))  # disclose, transfer, cross_border_transfer
DIRECT_MARKETING = 20
CONTRACT_ON_FILE = 1 << 11
NO_ONWARD = 1 << 4
UNDECIDING = ("request", "defer", "move", "proof_of_age")
SERVICES = {
    "web": "online",
    "signal_gpc": "online",
    "signal_gpp": "online",
    "signal_tcf": "online",
    "store": "in_shop",
    "paper": "in_shop",
}
STRENGTH = {"none": 0, "implied": 1, "expressed": 2, "explicit": 3}


def meet(a, b):
    out = {
        "required": a["required"] | b["required"],
        "mask": max(a["mask"], b["mask"]),
        "rate_seconds": max(a["rate_seconds"], b["rate_seconds"]),
    }
    for name in ("expire", "rate_count"):
        wishes = [x[name] for x in (a, b) if x[name]]
        out[name] = min(wishes) if wishes else 0
    for name, conflict in CONFLICT.items():
        wishes = {x[name] for x in (a, b) if x[name]}
        out[name] = conflict if len(wishes) > 1 else wishes.pop() if wishes else 0
    return out


def sets(scope):
    return {name: frozenset(scope[name]) for name in scope}


class Scope:
    """What a directive or a row covers: a product of four sets."""

    def __init__(self, purposes, recipients, categories, operations):
        self.purposes = purposes
        self.recipients = recipients
        self.categories = categories
        self.operations = operations
        self.working = frozenset()  # who stands there for the shop
        self.working_operations = frozenset()

    def covers(self, cell):
        purpose, recipient, category, operation = cell
        if purpose not in self.purposes or category not in self.categories:
            return False
        if recipient in self.recipients and operation in self.operations:
            return True
        return recipient in self.working and operation in self.working_operations

    def work_for(self, parties):
        """These stand where the shop stands, and are handed what they work with."""
        self.working = frozenset(parties)
        self.working_operations = self.operations
        if self.operations & {USE, STORE}:
            self.working_operations = self.operations | HANDED_OVER


# --- what is the same for all customers ------------------------------------------------------


class Environment:
    def __init__(self, profile, facts):
        self.profile = profile
        self.version = facts["version"]
        self.parties = {p["id"]: p for p in facts["parties"]}
        self.known = {r for r in RECIPIENTS.all}
        self.known |= {p["id"] for p in facts["parties"] if p["removed"] == 0}
        self.notices = facts["notices"]
        self.fields = {int(f): tuple(c) for f, c in facts["fields"].items()}

        self.prohibitions = [
            (self.denied(sets(row["scope"])), row["condition"]) for row in profile["prohibitions"]
        ]
        self.bases = [
            (self.granted(sets(row["scope"]), self.version), row) for row in profile["bases"]
        ]
        self.obligations = [
            (self.denied(sets(row["scope"])), row["required"]) for row in profile["obligations"]
        ]
        self.sensitive = [
            (CATEGORIES.denied(frozenset(row["categories"])), row["strength"])
            for row in profile["sensitive"]
        ]
        self.basis_of = {purpose: "consent" for purpose in PURPOSES.all}
        for scope, row in self.bases:
            for purpose in scope.purposes & PURPOSES.all:
                self.basis_of[purpose] = row["basis"]

    def denied(self, scope):
        classes = RECIPIENTS.denied(scope["recipients"])
        members = {p["id"] for p in self.parties.values() if p["class"] in classes}
        return Scope(
            PURPOSES.denied(scope["purposes"]),
            classes | members,
            CATEGORIES.denied(scope["categories"]),
            OPERATIONS.denied(scope["operations"]),
        )

    def recipients_shown(self, recipients, shown):
        classes = {r for r in RECIPIENTS.granted(recipients) if r < FIRST_PARTY}
        members = {
            p["id"]
            for p in self.parties.values()
            if (p["class"] in classes or p["id"] in recipients) and p["added"] <= shown
        }
        return classes | members

    def granted(self, scope, shown):
        out = Scope(
            PURPOSES.granted(scope["purposes"]),
            self.recipients_shown(scope["recipients"], shown),
            CATEGORIES.granted(scope["categories"]),
            OPERATIONS.granted(scope["operations"]),
        )
        out.work_for(self.under_contract(out.recipients, shown))
        return out

    def under_contract(self, recipients, shown):
        if SELF not in recipients:
            return ()
        return {
            p["id"]
            for p in self.parties.values()
            if p["class"] in WORKING_CLASSES and p["contract"] and p["added"] <= shown
        }

    def denied_by(self, said):
        """What somebody's no covers: also who works for those it covers."""
        out = self.denied(said)
        out.work_for(
            p["id"]
            for p in self.parties.values()
            if p["class"] in WORKING_CLASSES and (SELF in out.recipients or p["id"] in out.recipients)
        )
        return out

    def reach(self, kind, by):
        """The row of the reach table for such an event, or None: it reaches everything."""
        for row in self.profile["reaches"]:
            if row["kind"] == kind and (not row["by"] or by in row["by"]):
                return row
        return None

    def reached_purposes(self, row):
        purposes = {p for p, basis in self.basis_of.items() if basis in row["bases"]}
        purposes |= PURPOSES.denied(frozenset(row["always"]))
        return purposes - PURPOSES.denied(frozenset(row["except_purposes"]))

    def cut_to_reach(self, scope, row):
        if row is None:
            return
        if DIRECT_MARKETING in scope.purposes:
            scope.purposes = scope.purposes | PURPOSES.denied(frozenset(row["direct_marketing"]))
        scope.purposes = scope.purposes & self.reached_purposes(row)
        scope.operations = scope.operations - set(row["except_operations"])
        scope.working_operations = scope.working_operations - set(row["except_operations"])
        if row["only_categories"]:
            scope.categories = scope.categories & CATEGORIES.denied(frozenset(row["only_categories"]))

    def needs_more(self, category, strength):
        return any(
            category in covered and strength < asked for covered, asked in self.sensitive
        )


# --- 2. and 3. directives and decisions of one customer --------------------------------------


def day_of(seconds):
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=seconds // 86400)


def years_between(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def came_of_age(born, below, at):
    """When; of an earlier year than that of `at`, the end of that year."""
    reached = datetime.date(born.year + below, born.month, born.day)  # no 29 February here
    if datetime.date(reached.year + 1, 1, 1) <= day_of(at):
        reached = datetime.date(reached.year + 1, 1, 1)
    return (reached - datetime.date(1970, 1, 1)).days * 86400


class Event:
    def __init__(self, facts):
        self.__dict__.update(facts)
        self.scope = sets(facts["scope"])
        self.order = self.sequence
        self.believed = None
        if facts["believed"]:
            self.believed = datetime.date.fromisoformat(facts["believed"])


class Case:
    def __init__(self, environment, history, age, residence, as_of):
        self.world = environment
        self.age = age
        self.residence = residence
        self.as_of = as_of
        self.events = sorted((Event(facts) for facts in history), key=lambda e: e.order)
        deciding = [e for e in self.events if e.kind not in UNDECIDING]
        self.named_by = {
            e.id: [x for x in deciding if e.id in x.supersedes and x.sequence > e.sequence]
            for e in self.events
        }
        # A proof of age counts if it names another: the second person's.
        self.proofs = [e for e in self.events if e.kind == "proof_of_age" and e.supersedes]
        self.grants = [
            (e, self.effective(e))
            for e in self.events
            if e.kind in ("grant", "renew") and self.counts(e)
        ]
        self.endings = [
            (e, environment.denied_by(e.scope))
            for e in self.events
            if e.kind in ("withdraw", "revoke", "invalidate")
        ]
        self.lifts = [
            (e, environment.denied_by(e.scope))
            for e in self.events
            if e.kind == "lift" and self.stands(e) and e.evidence
        ]
        self.assertions = [
            (e, environment.granted(e.scope, e.registry_version))
            for e in self.events
            if e.kind == "basis_assertion"
            and self.stands(e)
            and e.evidence
            and e.by in ("controller", "authority")
            and e.registry_version <= environment.version
        ]
        self.denials = []
        for e in self.events:
            if e.kind not in ("restrict", "object", "deny", "refuse"):
                continue
            scope = environment.denied_by(e.scope)
            environment.cut_to_reach(scope, environment.reach(e.kind, e.by))
            self.denials.append((e, scope))
        row = environment.reach("withdraw", "subject")
        self.withdraw_reach = PURPOSES.all, OPERATIONS.all
        if row is not None:
            self.withdraw_reach = (
                environment.reached_purposes(row),
                OPERATIONS.all - set(row["except_operations"]),
            )

    # --- what counts --------------------------------------------------------------------------

    def stands(self, e):
        back_dated = any(
            x.sequence < e.sequence and x.event_at > e.event_at
            for x in self.events
            if x.kind not in UNDECIDING
        )
        return not back_dated and not self.named_by[e.id]

    def notice(self, e):
        for notice in self.world.notices:
            if e.notice == notice["reference"] and e.notice[2]:
                return notice
        return None

    def counts(self, e):
        return (
            self.stands(e)
            and e.informed
            and e.strength >= self.world.profile["minimum_strength"]
            and e.by in ("subject", "guardian", "agent")
            and (not self.employed_before(e) or (e.strength == STRENGTH["explicit"] and e.evidence))
            and self.notice(e) is not None
            and e.registry_version <= self.world.version
        )

    def effective(self, e):
        notice = self.notice(e)
        mine = self.world.granted(e.scope, e.registry_version)
        announced = self.world.granted(sets(notice["announced"]), notice["registry_version"])
        purposes = (mine.purposes & announced.purposes) - self.too_young_for(e)
        categories = {
            c
            for c in mine.categories & announced.categories
            if not self.world.needs_more(c, e.strength)
        }
        out = Scope(
            purposes,
            mine.recipients & announced.recipients,
            categories,
            mine.operations & announced.operations,
        )
        shown = min(e.registry_version, notice["registry_version"])
        out.work_for(self.world.under_contract(out.recipients, shown))
        return out

    def too_young_for(self, e):
        """Purposes that a grant of somebody of that age, in that way, does not count for."""
        out = frozenset()
        for row in self.world.profile["ages"]:
            if not self.is_about(row, e):
                continue
            if self.is_child(row["below"], e.event_at, e.sequence):
                if not (e.by in row["by"] and e.strength >= row["strength"]):
                    out = out | PURPOSES.denied(frozenset(row["purposes"]))
        return out

    # --- ages ---------------------------------------------------------------------------------

    @staticmethod
    def proven_after(proof, sequence, at):
        return proof.sequence > sequence or at < proof.event_at

    def born_for(self, sequence, at):
        """What a later proof of age has overruled still counts for what was said, or written down, before it."""
        later = [p.believed for p in self.proofs if self.proven_after(p, sequence, at) and p.believed]
        return max(later, default=None)

    def is_child(self, below, at, sequence):
        born = self.born_for(sequence, at)
        if born is not None and years_between(born, day_of(at)) < below:
            return True
        return self.age is not None and self.age < below

    def age_alone(self):
        named = [
            row["below"]
            for row in self.world.profile["ages"]
            if "guardian" in row["by"] and "subject" not in row["by"]
        ]
        return max([self.world.profile["child_below"], *named])

    def outgrew(self, standing, later):
        if standing.by != "guardian" or later.by != "subject":
            return False
        then, alone = self.born_for(standing.sequence, standing.event_at), self.age_alone()
        if then is None or years_between(then, day_of(standing.event_at)) >= alone:
            return False
        now = self.born_for(later.sequence, later.event_at)
        if now is not None:
            return years_between(now, day_of(later.event_at)) >= alone
        proven = any(
            p is not later and not self.proven_after(p, later.sequence, later.event_at) for p in self.proofs
        )
        return proven and not self.is_child(alone, later.event_at, later.sequence)

    def came_of_age_for(self, e):
        """From when on a word holds that counts for the age it was said at; None: nobody was too young."""
        born, out = self.born_for(e.sequence, e.event_at), []
        if born is None:
            return None
        if e.kind in ("grant", "renew") and self.counts(e):
            announced = sets(self.notice(e)["announced"])
            named = PURPOSES.granted(e.scope["purposes"]) & PURPOSES.granted(announced["purposes"])
            for row in self.world.profile["ages"]:
                enough = e.by in row["by"] and e.strength >= row["strength"]
                young = self.is_child(row["below"], e.event_at, e.sequence)
                about = self.is_about(row, e)
                if about and not enough and young:
                    named = named - PURPOSES.denied(frozenset(row["purposes"]))
                elif about and not enough and named & PURPOSES.denied(frozenset(row["purposes"])):
                    out.append(came_of_age(born, row["below"], e.event_at))
        counts = e.kind == "lift" or self.counts(e)
        if counts and e.by == "subject" and any(
            self.outgrew(x, e) for x in self.events if x.id in e.supersedes and x.sequence < e.sequence
        ):
            out.append(came_of_age(born, self.age_alone(), e.event_at))
        return max(out, default=None)

    def prohibited_as_child(self, cell, opening, now, trusted):
        below = self.world.profile["child_below"]
        if self.age is not None and self.age < below:
            return True
        overruled = [p for p in self.proofs if p.believed]
        if not overruled:
            return False
        born = max(p.believed for p in overruled)
        if trusted and years_between(born, day_of(now)) >= below:
            return False
        last = overruled[-1]
        return all(self.proven_after(last, e.sequence, e.event_at) for e in opening)

    def counts_for(self, e, cell):
        """A grant that counts may be too young or too weak for a part of what it names."""
        purpose, _, category, _ = cell
        return (
            self.counts(e)
            and purpose not in self.too_young_for(e)
            and not self.world.needs_more(category, e.strength)
        )

    def moves_before(self, e):
        """Those that were known, as they were said; cases have no instants of recording."""
        known = [x for x in self.events if x.kind == "move" and x.sequence < e.sequence]
        return sorted(known, key=lambda x: (x.event_at, x.sequence))

    @staticmethod
    def confirmed(move):
        return move.evidence or move.by in ("subject", "guardian", "agent")

    def employed_before(self, e):
        """When it was said, or when it was written down."""
        moves = self.moves_before(e)
        then = [x for x in moves if x.event_at <= e.event_at]
        return self.employed_after(moves) or self.employed_after(then)

    @staticmethod
    def employed_after(moves):
        """The last word on it; that it ended, only by an officer or an authority with evidence."""
        said = [
            x.works_here
            for x in moves
            if x.works_here == "yes"
            or (x.works_here == "no" and x.evidence and x.by in ("controller", "authority"))
        ]
        return bool(said) and said[-1] == "yes"

    def lived_where(self, e):
        """Where for sure when something was said; empty: not known."""
        moves = self.moves_before(e)
        now = self.lives_after(moves)
        return now if now == self.lives_after([x for x in moves if x.event_at <= e.event_at]) else ""

    def lives_after(self, moves):
        law = self.world.profile["id"]
        lives, last = self.residence, law
        for x in moves:
            if x.works_here and not x.residence and x.jurisdiction == last:
                continue
            here = x.residence if x.jurisdiction == law else ""
            if self.confirmed(x):
                lives, last = here, x.jurisdiction
            elif here != lives:
                lives = ""
        return lives

    def is_about(self, row, e):
        """Whether a row of the age table is about this grant; of what is not known all are."""
        kind = SERVICES.get(e.channel)

        def of_service(each):
            return not each["services"] or kind is None or kind in each["services"]

        lives = self.lived_where(e)
        named = any(of_service(r) and lives in r["states"] for r in self.world.profile["ages"])
        return of_service(row) and (not row["states"] or not named or lives in row["states"])

    def begins(self, e):
        opens = e.kind in ("grant", "renew", "lift", "basis_assertion")
        ahead = [e.event_at] if opens and e.event_at > self.as_of else []
        if e.kind in ("grant", "renew", "lift") and (of_age := self.came_of_age_for(e)) is not None:
            ahead.append(of_age)
        return max(ahead + ([] if e.not_before is None else [e.not_before]), default=None)

    def limited(self, e):
        return self.begins(e) is not None or e.not_after is not None

    def holds(self, e, now, trusted, permit):
        if not self.limited(e):
            return True
        if not trusted:
            return not permit
        begins = self.begins(e)
        return (begins is None or begins <= now) and (e.not_after is None or now < e.not_after)

    def ended(self, grant, cell):
        return any(w.order > grant.order and s.covers(cell) for w, s in self.endings)

    def may_end(self, standing, later):
        if standing.kind == "restrict" and later.kind == "lift":
            if later.by in ("controller", "authority"):
                return True
        if self.outgrew(standing, later):
            return True
        if standing.by in ("subject", "agent"):
            return later.by in ("subject", "guardian")
        return later.by == standing.by

    def standing_denial(self, e, scope, cell, now, trusted):
        if not scope.covers(cell) or not self.holds(e, now, trusted, permit=False):
            return False
        for later in self.named_by[e.id]:
            if not later.evidence or not self.may_end(e, later):
                continue
            for lift, its_scope in self.lifts:
                if lift is later and its_scope.covers(cell) and self.holds(lift, now, trusted, True):
                    return False
            for grant, its_scope in self.grants:
                if grant is not later or not its_scope.covers(cell):
                    continue
                if self.holds(grant, now, trusted, permit=True) and not self.ended(grant, cell):
                    return False
        return True

    def specificity(self, e):
        recipients = [255 if r >= FIRST_PARTY else RECIPIENTS.depth[r] for r in e.scope["recipients"]]
        return (
            min(recipients),
            min(PURPOSES.depth[p] for p in e.scope["purposes"]),
            min(CATEGORIES.depth[c] for c in e.scope["categories"]),
            -len(e.scope["operations"]),
            e.sequence,
        )

    # --- stages -------------------------------------------------------------------------------

    def decide_cell(self, cell, now, trusted):
        """(stage, code, source, which): stages 1 to 7, and 0 for want of a clock."""
        purpose, recipient, category, operation = cell
        opening = [
            e
            for e, scope in self.grants
            if scope.covers(cell)
            and self.holds(e, now, trusted, permit=True)
            and not self.ended(e, cell)
        ]
        for number, (scope, condition) in enumerate(self.world.prohibitions):
            if not scope.covers(cell):
                continue
            if condition == "child" and not self.prohibited_as_child(cell, opening, now, trusted):
                continue
            if condition == "transfer_without_basis":
                party = self.world.parties.get(recipient)
                if party is None or party["transfer"] != 0:
                    continue
                if party["country"] in self.world.profile["adequate"]:
                    continue
            return 1, "LEGAL_PROHIBITION", "profile", number

        def latest(kinds):
            found = [
                e
                for e, scope in self.denials
                if e.kind in kinds and self.standing_denial(e, scope, cell, now, trusted)
            ]
            return found[-1] if found else None

        for kinds, code in ((("restrict",), "RESTRICTED"), (("object",), "OBJECTED")):
            if e := latest(kinds):
                return 2, code, "directive", e.sequence

        # A permit that might hold, if only there were a clock.
        waiting = not trusted and any(
            scope.covers(cell) and self.limited(e) and not self.ended(e, cell)
            for e, scope in self.grants
        )
        waiting = waiting or (
            not trusted
            and any(
                row["needs_assertion"]
                and self.row_covers(scope, row, cell)
                and any(
                    a.basis == row["basis"] and s.covers(cell) and self.limited(a)
                    for a, s in self.assertions
                )
                for scope, row in self.world.bases
            )
        )
        endings = [e for e, scope in self.endings if scope.covers(cell)]
        purposes, operations = self.withdraw_reach
        if endings and not opening and purpose in purposes and operation in operations:
            if waiting:
                return 0, "UNKNOWN_CLOCK", "none", 0
            return 3, "WITHDRAWN", "directive", endings[-1].sequence

        if e := latest(("deny", "refuse")):
            return 4, "DENIED_BY", "directive", e.sequence
        if opening:
            return 5, "GRANTED_BY", "directive", max(opening, key=self.specificity).sequence
        for number, (scope, row) in enumerate(self.world.bases):
            if not self.row_covers(scope, row, cell):
                continue
            if row["needs_assertion"] and not any(
                a.basis == row["basis"] and s.covers(cell) and self.holds(a, now, trusted, True)
                for a, s in self.assertions
            ):
                continue
            return 6, "BASIS", "profile", number
        if waiting:
            return 0, "UNKNOWN_CLOCK", "none", 0
        return 7, "NO_BASIS", "none", 0

    def row_covers(self, scope, row, cell):
        if not scope.covers(cell):
            return False
        return row["sensitive"] or not self.world.needs_more(cell[2], 0)

    def words(self, cell, stage, now, trusted):
        """What was asked in return elsewhere that binds this permit."""
        total = NOTHING
        newest = max(
            (
                e.sequence
                for e, scope in self.grants
                if scope.covers(cell)
                and self.holds(e, now, trusted, True)
                and not self.ended(e, cell)
            ),
            default=0,
        )
        for e in self.events:
            if e.kind not in ("grant", "renew") or e.conditions == NOTHING:
                continue
            if not self.world.granted(e.scope, self.world.version).covers(cell):
                continue
            if any(
                x in self.named_by[e.id]
                and s.covers(cell)
                and self.holds(x, now, trusted, True)
                and not self.ended(x, cell)
                for x, s in self.grants
            ):
                continue
            if stage == 5:
                later = any(w.sequence > e.sequence and s.covers(cell) for w, s in self.endings)
                if self.counts_for(e, cell):
                    before = 0
                else:
                    before = min((x.sequence for x in self.named_by[e.id]), default=1 << 16)
                if later or not (newest < before or (not trusted and self.limited(e))):
                    continue
            total = meet(total, e.conditions)
        return total

    def obligations(self, cells, decided, recipient, now, trusted):
        total = NOTHING
        party = self.world.parties.get(recipient)
        for scope, required in self.world.obligations:
            if not any(scope.covers(cell) for cell in cells):
                continue
            bits = required["required"]
            if party is None or party["contract"]:
                bits &= ~CONTRACT_ON_FILE
            if party is None or party["onward"] != 0:
                bits &= ~NO_ONWARD
            total = meet(total, dict(required, required=bits))
        by_sequence = {e.sequence: e for e in self.events}
        for cell, (stage, _, _, which) in zip(cells, decided):
            if stage == 5:
                total = meet(total, by_sequence[which].conditions)
            total = meet(total, self.words(cell, stage, now, trusted))
        return total

    def decide(self, request, field):
        """(permitted, stage, code, source, which, obligations)"""
        purpose, recipient, operation = (
            request["purpose"],
            request["recipient"],
            request["operation"],
        )
        if purpose not in PURPOSES.all:
            return False, 0, "UNKNOWN_PURPOSE", "none", 0, None
        if recipient not in self.world.known:
            return False, 0, "UNKNOWN_RECIPIENT", "none", 0, None
        if operation not in OPERATIONS.all:
            return False, 0, "UNKNOWN_OPERATION", "none", 0, None
        if request["country"]:
            party = self.world.parties.get(recipient)
            if party is None or party["country"] != request["country"]:
                return False, 0, "UNKNOWN_COUNTRY", "none", 0, None
        if field not in self.world.fields:
            return False, 0, "UNKNOWN_FIELD", "none", 0, None

        cells = [(purpose, recipient, c, operation) for c in self.world.fields[field]]
        decided = [self.decide_cell(c, request["now"], request["trusted"]) for c in cells]
        for stage in DENYING:
            for one in decided:
                if one[0] == stage:
                    return (False, *one, None)
        one = next((d for d in decided if d[0] == 6), decided[0])
        total = self.obligations(
            cells, decided, recipient, request["now"], request["trusted"]
        )
        conflict = any(total[name] == value for name, value in CONFLICT.items())
        if conflict or total["required"] & ~request["discharges"]:
            return False, 8, "OBLIGATION_UNSUPPORTED", one[2], one[3], total
        return (True, *one, total)


# --- comparison --------------------------------------------------------------------------------


def compare(case, request):
    """The first difference between our decisions and the library's, or None."""
    required = NOTHING
    for field, theirs in request["answers"]:
        permitted, stage, code, source, which, total = case.decide(request, field)
        ours = {"permitted": permitted, "stage": stage, "code": code, "source": source, "which": which}
        if total is not None:
            ours["obligations"] = total
        if ours != theirs:
            return f"field {field}: ours {ours}, theirs {theirs}"
        mask = total["mask"] if permitted else 0
        if mask != request["operators"].get(str(field), 0):
            return f"field {field}: our redaction {mask}, theirs {request['operators']}"
        if permitted:
            required = meet(required, total)
    required = dict(required, mask=0)
    if required != request["required"]:
        return f"obligations of the record: ours {required}, theirs {request['required']}"
    return None


def main():
    profile = environment = None
    requests = decisions = cases = 0
    for number, line in enumerate(sys.stdin, 1):
        value = json.loads(line)
        if "profile" in value:
            profile = value["profile"]
        elif "environment" in value:
            environment = Environment(profile, value["environment"])
        else:
            case = Case(
                environment, value["history"], value["age"], value["residence"], value["as_of"]
            )
            cases += 1
            for request in value["requests"]:
                difference = compare(case, request)
                if difference:
                    print(f"line {number}: {difference}", file=sys.stderr)
                    print(line, file=sys.stderr)
                    sys.exit(1)
                requests += 1
                decisions += len(request["answers"])
    if not requests:
        sys.exit("no cases")
    print(f"{cases} histories, {requests} requests, {decisions} decisions on fields: 0 differences")


if __name__ == "__main__":
    main()
