#!/usr/bin/env python3
"""Makes the C++ table of what each role may do from src/book/data/roles.json, while building.

usage: make_roles.py DATA_FOLDER TO_FOLDER

Purposes come in groups; those of `cases` are the group `case`, each under its kind of case; what no
group names is `other`. A role lists by group, and under `book` for what has no purpose, which actions it
may take and for whom: one customer at a time, all, those whom an open case names, or of a list its own, which
are nobody before portfolios are in force; under `portfolios`, whose customers of these it reaches while they are:
those of its stores, or its own. What stands nowhere is refused. A file that is wrong ends the making and is told by line.
"""

import csv
import pathlib
import re
import sys

import json_lines

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = ROOT / "include/clientbook/book/actor.hpp"
GROUPS = ("desk", "care", "marketing", "whole", "case", "other", "book")
MEMBERS = ["version", "groups", "cases", "kept_without_a_case", "roles"]
BUDGET = ["customers_an_hour", "customers_a_day", "look_ups_an_hour", "tables_a_month", "block"]


def stop(line, text):
    sys.exit(f"make_roles: roles.json:{line}: {text}")


def of(form, node, what):
    return json_lines.of(form, node, what, stop)


def words_of(enumeration):
    """The enumerators of a type of actor.hpp, in their order."""
    body = re.search(rf"enum class {enumeration} [^{{]*\{{(.*?)\n\}};", HEADER.read_text(encoding="utf-8"), re.DOTALL)
    return re.findall(r"^\s*(\w+) = \d+,", body[1], re.MULTILINE)


def purposes():
    with open(ROOT / "src/consent/vocabulary.csv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["name"]: int(row["number"]) for row in rows if row["kind"] == "purpose"}


def groups_of(roles, known):
    """By purpose: its group, and the kind of case that it needs."""
    out = {}
    for group, kind, names in ([(group, "none", names) for group, names in of(dict, roles["groups"], "groups").items()] +
                               [("case", kind, names) for kind, names in of(dict, roles["cases"], "cases").items()]):
        if group not in ("desk", "care", "marketing", "whole", "case"):
            stop(names.line, f"no such group: {group}")
        if kind != "none" and kind not in words_of("case_kind"):
            stop(names.line, f"no such kind of case: {kind}")
        for name in of(list, names, group):
            if of(str, name, group) not in known or name.value in out:
                stop(name.line, f"no purpose, or one that stands twice: {name.value}")
            out[name.value] = (group, kind)
    return out


def purpose_rows(roles, known):
    groups = groups_of(roles, known)
    kept = set()
    for name in of(list, roles["kept_without_a_case"], "kept_without_a_case"):
        if groups.get(of(str, name, "kept_without_a_case"), ("", ""))[0] != "case":
            stop(name.line, f"kept_without_a_case names purposes of cases: {name.value}")
        kept.add(name.value)
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
    actions = words_of("action")
    with_purpose = actions[:actions.index("reverse") + 1]
    rows, limits, budgets = [], [], []
    by_role = of(dict, roles["roles"], "roles")
    known = words_of("actor_role")
    if sorted(by_role) != sorted(known):
        wrong = next((each for name, each in by_role.items() if name not in known), roles["roles"])
        stop(wrong.line, "the roles are not those of actor.hpp")
    for role, says in by_role.items():
        if "budget" not in of(dict, says, role):
            stop(says.line, f"{role} has no budget")
        for group, by_reach in says.value.items():
            if group == "budget":
                budgets.append(budget_row(role, by_reach))
            elif group == "portfolios":
                limits += portfolio_rows(role, says.value)
            elif group not in GROUPS:
                stop(by_reach.line, f"{role}: no such group: {group}")
            else:
                rows += cells_of(role, group, by_reach, actions, with_purpose, own_portfolio(says.value, group))
    return rows, limits, budgets


def budget_row(role, says):
    most = of(dict, says, f"{role}: budget")
    if list(most) != BUDGET or not all(type(one.value) is int and one.value >= 0 for one in most.values()):
        stop(says.line, f"{role}: the budget is {', '.join(BUDGET)}")
    return f"    {{actor_role::{role}, {{{', '.join(str(most[one].value) for one in BUDGET)}}}}},"


def own_portfolio(says, group):
    """What the portfolios of a role limit to its own in a group; its form is checked where its rows are made."""
    for name in ("portfolios", group, "own"):
        says = says.get(name) if isinstance(says, dict) else None
        says = says and says.value
    return {one.value for one in says} if isinstance(says, list) else set()


def cells_of(role, group, by_reach, actions, with_purpose, own_portfolio):
    rows, seen = [], set()
    for reach, names in of(dict, by_reach, f"{role}: {group}").items():
        if reach not in ("one", "all", "named", "own"):
            stop(names.line, f"{role}: no such reach: {reach}")
        listed = of(list, names, f"{role}, {group}")
        if group == "case" and reach != "named" and [one.value for one in listed] != ["reverse"]:
            stop(names.line, f"{role}: purposes of cases reach those whom a case names")
        for one in listed:
            name = of(str, one, f"{role}, {group}")
            if name not in actions or (name in with_purpose) != (group != "book") or name in seen:
                stop(one.line, f"{role}, {group}: no action here, or one that stands twice: {name}")
            if reach == "own" and (name != "list" or name not in own_portfolio):
                stop(one.line, f"{role}, {group}: one's own are listed, and nothing else, by a portfolio of one's own: {name}")
            if reach == "one" and name in ("list", "tabulate"):
                stop(one.line, f"{role}, {group}: a list and a table are of many, not of one: {name}")
            seen.add(name)
            rows.append(f"    {{actor_role::{role}, {group_word(group)}, action::{name}, reach::{reach}}},")
    return rows


def portfolio_rows(role, says):
    rows = []
    for group, by_reach in of(dict, says["portfolios"], f"{role}: portfolios").items():
        may = set()
        for names in of(dict, says[group], f"{role}: {group}").values() if group in GROUPS and group in says else ():
            may |= {of(str, one, f"{role}, {group}") for one in of(list, names, f"{role}, {group}")}
        seen = set()
        for reach, names in of(dict, by_reach, f"{role}: portfolios, {group}").items():
            if reach not in ("store", "own") or group not in GROUPS:
                stop(names.line, f"{role}: portfolios: no such reach or group: {group}, {reach}")
            for one in of(list, names, f"{role}: portfolios, {group}"):
                name = of(str, one, f"{role}: portfolios, {group}")
                if name not in may or name in seen:
                    stop(one.line, f"{role}: portfolios, {group}: nothing it may do, or one that stands twice: {name}")
                seen.add(name)
                rows.append(f"    {{actor_role::{role}, {group_word(group)}, action::{name}, portfolio_reach::{reach}}},")
    return rows


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, to = map(pathlib.Path, sys.argv[1:])
    try:
        document = json_lines.read(folder / "roles.json")
    except json_lines.Malformed as wrong:
        stop(*wrong.args)
    roles = of(dict, document, "the file")
    if list(roles) != MEMBERS:
        wrong = next((each for name, each in roles.items() if name not in MEMBERS), document)
        stop(wrong.line, f"the members are {', '.join(MEMBERS)}, in this order")
    if type(roles["version"].value) is not int:
        stop(roles["version"].line, "the version is a number")
    cells, limits, budgets = role_rows(roles)
    text = ("// Made by scripts/make_roles.py from src/book/data/roles.json.\n#pragma once\n\n"
            "#include <clientbook/book/actor.hpp>\n\n"
            "namespace clientbook {\n"
            f"inline constexpr unsigned version_of_roles = {roles['version'].value};\n"
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
