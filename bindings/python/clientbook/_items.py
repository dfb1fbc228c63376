"""Purchases and notes out of the block that the library hands over, one at a time (docs/format/flat_view.md)."""

from __future__ import annotations

import datetime
import struct
from typing import Any, Iterator

from .values import Note, Purchase, PurchaseLine, YearlessDate
from .view import State

_HEADER = 40
_ENTRY = struct.Struct("<HBBHBBII")
_TEXT, _INTEGER, _BOOLEAN, _DATE, _TIMESTAMP, _BYTES, _LIST, _STRUCT = range(1, 9)


class Block:
    """A block of items; what it lends lives as long as it."""

    __slots__ = ("_bytes", "state", "_begin", "_count")

    def __init__(self, content: bytes) -> None:
        self._bytes = content
        if content[:4] != b"CBFV" or content[4:6] != b"\1\0":
            raise ValueError("no block of items")
        _number, state, _type, _reason, kind, _form, offset, length = _ENTRY.unpack_from(content, _HEADER)
        self.state = State(state)
        self._begin = offset
        self._count = length // _ENTRY.size if kind == _LIST else 0

    def __len__(self) -> int:
        return self._count

    def members(self, place: int) -> tuple[int, dict[int, Any]]:
        """The sequence of an item, and its members by number."""
        told = self._struct(self._begin + place * _ENTRY.size)
        return told[0], told[1]

    def _struct(self, at: int) -> dict[int, Any]:
        value: dict[int, Any] = self._value(_ENTRY.unpack_from(self._bytes, at))
        return value

    def _value(self, entry: tuple[int, ...]) -> Any:
        kind, offset, length = entry[4], entry[6], entry[7]
        content = self._bytes
        if kind == _TEXT:
            return content[offset:offset + length].decode()
        if kind in (_INTEGER, _TIMESTAMP):
            (number,) = struct.unpack_from("<q", content, offset)
            return number if kind == _INTEGER else datetime.datetime.fromtimestamp(number, datetime.timezone.utc)
        if kind == _BOOLEAN:
            return content[offset] == 1
        if kind == _DATE:
            year, month, day = struct.unpack_from("<hBB", content, offset)
            return YearlessDate(month, day) if year == 0 else datetime.date(year, month, day)
        if kind in (_LIST, _STRUCT):
            entries = [_ENTRY.unpack_from(content, offset + at) for at in range(0, length, _ENTRY.size)]
            values = {one[0]: self._value(one) for one in entries}
            return list(values.values()) if kind == _LIST else values
        return content[offset:offset + length]


def _named(kind: Any, members: dict[int, Any]) -> dict[str, Any]:
    """Without members of a newer version."""
    return {kind._keys[number]: value for number, value in members.items() if number in kind._keys}


def purchases(of: Block) -> Iterator[Purchase]:
    """Each is made when it is asked for."""
    for place in range(len(of)):
        _sequence, members = of.members(place)
        told = _named(Purchase, members)
        told["lines"] = tuple(PurchaseLine(**_named(PurchaseLine, line)) for line in told.get("lines", ()))
        yield Purchase(**told)


def notes(of: Block) -> Iterator[Note]:
    for place in range(len(of)):
        _sequence, members = of.members(place)
        yield Note(**_named(Note, members))
