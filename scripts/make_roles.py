#!/usr/bin/env python3
"""Makes the C++ table of what each role may do from src/book/data/roles.json, while building.

usage: make_roles.py DATA_FOLDER TO_FOLDER

Purposes come in groups; those of `cases` are the group `case`, each under its kind of case; what no
group names is `other`. A role lists by group, and under `book` for what has no purpose, which actions it
may take and for whom: one customer at a time, all, or those whom an open case names; under `portfolios`, whose
customers of these it reaches while portfolios are in force: those of its stores, or its own. What stands nowhere
is refused. A file that is wrong ends the making and is told by what is wrong in it.
"""

import csv
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = ROOT / "include/clientbook/book/actor.hpp"
GROUPS = ("desk", "care", "marketing", "whole", "case", "other", "book")
BUDGET = ["customers_an_hour", "customers_a_day", "look_ups_an_hour", "tables_a_month", "block"]


def stop(text):
    sys.exit(f"make_roles: roles.json: {text}")


def words_of(enumeration):
    """The enumerators of a type of actor.hpp, in their order."""
    body = re.search(rf"enum class {enumeration} [^{{]*\{{(.*?)\n\}};", HEADER.read_text(encoding="utf-8"), re.DOTALL)
    return re.findall(r"^\s*(\w+) = \d+,", body[1], re.MULTILINE)


def purposes():
    with open(ROOT / "src/consent/vocabulary.csv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["name"]: int(row["number"]) for row in rows if row["kind"] == "purpose"}


def once(pairs):
    out = dict(pairs)
    if len(out) != len(pairs):
        stop("a member stands twice")
    return out


def groups_of(roles, known):
    """By purpose: its group, and the kind of case that it needs."""
    out = {}
    for group, kind, names in ([(group, "none", names) for group, names in roles["groups"].items()] +
                               [("case", kind, names) for kind, names in roles["cases"].items()]):
        if group not in ("desk", "care", "marketing", "whole", "case"):
            stop(f"no such group: {group}")
        if kind != "none" and kind not in words_of("case_kind"):
            stop(f"no such kind of case: {kind}")
        for name in names:
            if name not in known or name in out:
                stop(f"no purpose, or one that stands twice: {name}")
            out[name] = (group, kind)
    return out


def purpose_rows(roles, known):
    groups = groups_of(roles, known)
    kept = roles["kept_without_a_case"]
    if not all(groups.get(name, ("", ""))[0] == "case" for name in kept):
        stop("kept_without_a_case names purposes of cases")
    by_number = {number: name for name, number in known.items()}
    rows = []
    for number in range(max(by_number) + 1):
        name = by_number.get(number)
        group, kind = groups.get(name, ("other", "none")) if name else ("other", "none")
        rows.append(f"    {{purpose_group::{cpp(group)}, case_kind::{kind}, {str(name in kept).lower()}}},"
                    f"  // {name or '-'}")
    return rows


def cpp(group):
    return "of_case" if group == "case" else group


def group_word(group):
    return f"purpose_group::{'none' if group == 'book' else cpp(group)}"


def role_rows(roles):
    actions, with_purpose = words_of("action"), words_of("action")[:words_of("action").index("reverse") + 1]
    rows, limits, budgets = [], [], []
    if list(roles["roles"]) and sorted(roles["roles"]) != sorted(words_of("actor_role")):
        stop("the roles are not those of actor.hpp")
    for role, says in roles["roles"].items():
        for group, by_reach in says.items():
            if group == "budget":
                if list(by_reach) != BUDGET or not all(isinstance(one, int) and one >= 0 for one in by_reach.values()):
                    stop(f"{role}: the budget is {', '.join(BUDGET)}")
                budgets.append(f"    {{actor_role::{role}, {{{', '.join(str(by_reach[one]) for one in BUDGET)}}}}},")
                continue
            if group == "portfolios":
                limits += portfolio_rows(role, says)
                continue
            if group not in GROUPS:
                stop(f"{role}: no such group: {group}")
            seen = set()
            for reach, names in by_reach.items():
                if reach not in ("one", "all", "named"):
                    stop(f"{role}: no such reach: {reach}")
                if group == "case" and reach != "named" and names != ["reverse"]:
                    stop(f"{role}: purposes of cases reach those whom a case names")
                for name in names:
                    if name not in actions or (name in with_purpose) != (group != "book") or name in seen:
                        stop(f"{role}, {group}: no action here, or one that stands twice: {name}")
                    if reach == "one" and name in ("list", "tabulate"):
                        stop(f"{role}, {group}: a list and a table are of many, not of one: {name}")
                    seen.add(name)
                    rows.append(f"    {{actor_role::{role}, {group_word(group)}, action::{name}, reach::{reach}}},")
    if len(budgets) != len(roles["roles"]):
        stop("a role has no budget")
    return rows, limits, budgets


def portfolio_rows(role, says):
    rows = []
    for group, by_reach in says["portfolios"].items():
        may = sum(says.get(group, {}).values(), [])
        seen = set()
        for reach, names in by_reach.items():
            if reach not in ("store", "own") or group not in GROUPS:
                stop(f"{role}: portfolios: no such reach or group: {group}, {reach}")
            for name in names:
                if name not in may or name in seen:
                    stop(f"{role}: portfolios, {group}: nothing it may do, or one that stands twice: {name}")
                seen.add(name)
                rows.append(f"    {{actor_role::{role}, {group_word(group)}, action::{name}, portfolio_reach::{reach}}},")
    return rows


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, to = map(pathlib.Path, sys.argv[1:])
    roles = json.loads((folder / "roles.json").read_text(encoding="utf-8"), object_pairs_hook=once)
    if list(roles) != ["version", "groups", "cases", "kept_without_a_case", "roles"]:
        stop("the members are version, groups, cases, kept_without_a_case, roles")
    cells, limits, budgets = role_rows(roles)
    text = ("// Made by scripts/make_roles.py from src/book/data/roles.json.\n#pragma once\n\n"
            "#include <clientbook/book/actor.hpp>\n\n"
            "namespace clientbook {\n"
            f"inline constexpr unsigned version_of_roles = {int(roles['version'])};\n"
            "struct purpose_row {\n  purpose_group group;\n  case_kind kind;\n  bool kept_without_a_case;\n};\n"
            "inline constexpr purpose_row purpose_rows[] = {\n" + "\n".join(purpose_rows(roles, purposes())) + "\n};\n"
            "struct role_cell {\n  actor_role role;\n  purpose_group group;\n  action what;\n  reach whose;\n};\n"
            "inline constexpr role_cell role_cells[] = {\n" + "\n".join(cells) + "\n};\n"
            "struct portfolio_cell {\n  actor_role role;\n  purpose_group group;\n  action what;\n"
            "  portfolio_reach whose;\n};\n"
            "inline constexpr portfolio_cell portfolio_cells[] = {\n" + "\n".join(limits) + "\n};\n"
            "struct role_budget {\n  actor_role role;\n  budget most;\n};\n"
            "inline constexpr role_budget role_budgets[] = {\n" + "\n".join(budgets) + "\n};\n"
            "}  // namespace clientbook\n")
    to.mkdir(parents=True, exist_ok=True)
    old = to / "roles.inc"
    if not old.exists() or old.read_text(encoding="utf-8") != text:
        old.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
