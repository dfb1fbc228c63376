"""Columns of many customers, by Arrow's C stream interface: pyarrow, polars, DuckDB and others read it in place."""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Sequence

from .values import STRUCTS, Note, Purchase, PurchaseLine

_VALUE, _STATE, _REASON, _OTHER, _SEQUENCE = range(5)  # what a column holds of its field: src/arrow.c
_SCALARS = {"text": "u", "language": "u", "time_zone": "u", "integer": "l", "boolean": "b", "date": "tdD",
            "timestamp": "tss:UTC"}
#: A day within another value may have no year, which no date of Arrow's can say: it is a text.
_MEMBERS = {"str": "u", "int": "l", "bool": "b", "Day": "u", "datetime.datetime": "tss:UTC"}
#: Values with members, by the name of their type in the schema.
_STRUCTS = {"money": 6, "person_name": 16, "email": 17, "phone": 18, "address": 19, "special_day": 20, "size": 21,
            "external_id": 22, "household_link": 23, "demographics": 24, "government_id": 25, "payment_card": 26,
            "task": 27, "contact": 28, "wish": 29, "reach": 30}
ITEMS = ("purchase", "note")

Column = tuple[str, str, int, int, tuple[Any, ...]]


def _members(type_: int) -> tuple[Column, ...]:
    kind = STRUCTS[type_]
    formats = {field.name: _MEMBERS[str(field.type).removesuffix(" | None")] for field in dataclasses.fields(kind)}  # type: ignore[arg-type, unused-ignore]
    return tuple((formats[name], name, number, _VALUE, ()) for number, name in sorted(kind._keys.items()))


def _value(name: str, number: int, type_: str, is_list: bool) -> Column:
    if is_list:
        return "+l", name, number, _VALUE, (("u", "item", 0, _VALUE, ()) if type_ == "date" else _value("item", 0, type_, False),)
    if type_ in _STRUCTS:
        return "+s", name, number, _VALUE, _members(_STRUCTS[type_])
    return _SCALARS.get(type_, "u"), name, number, _VALUE, ()


def columns(fields: Sequence[Any], reasons: bool) -> Column:
    """Of the fields that a walk asks for; purchases and notes are in no view."""
    out: list[Column] = [("w:16", "customer", 0, _VALUE, ())]
    for field in fields:
        if field.type in ITEMS:
            continue
        out.append(_value(field.key, field.number, field.type, field.is_list))
        if reasons:
            out += [("C", f"{field.key}.state", field.number, _STATE, ()),
                    ("S", f"{field.key}.reason", field.number, _REASON, ()),
                    ("u", f"{field.key}.other", field.number, _OTHER, ())]
    return "+s", "", 0, _VALUE, tuple(out)


#: Formats of the members of items, which may have none in the schema.
_OF_ITEMS = {"at": "tss:UTC", "day": "tdD", "quantity": "l", "unit_price": "l", "total": "l", "pinned": "b", "by": "l"}


def item_columns(kind: str) -> Column:
    """Of purchases, a row a receipt with its lines as a list; or of notes, a row a note."""
    def members(of: Any) -> list[Column]:
        own = dict(_OF_ITEMS, store="l") if of is Note else _OF_ITEMS
        return [(own.get(name, "u"), name, number, _VALUE, ()) for number, name in sorted(of._keys.items())
                if name != "lines"]

    out: list[Column] = [("w:16", "customer", 0, _VALUE, ()), ("l", "sequence", 0, _SEQUENCE, ())]
    if kind == "note":
        return "+s", "", 0, _VALUE, tuple(out + members(Note))
    line: Column = ("+s", "item", 0, _VALUE, tuple(members(PurchaseLine)))
    lines: Column = ("+l", "lines", 9, _VALUE, (line,))
    return "+s", "", 0, _VALUE, tuple(out + members(Purchase) + [lines])


class Rows:
    """What a purpose shows of every customer, as a table. Each reader walks over the book anew, while the session is open."""

    __slots__ = ("_begin",)

    def __init__(self, begin: Callable[[], Any]) -> None:
        self._begin = begin

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        """A PyCapsule "arrow_array_stream". Another schema than this one's is not made: the reader casts."""
        return self._begin()

    def __repr__(self) -> str:
        return "<Rows>"
