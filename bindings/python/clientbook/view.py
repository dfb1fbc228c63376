"""A view: what a purpose shows of a customer, and why. Read in place, value by value."""

from __future__ import annotations

import dataclasses
import datetime
from enum import IntEnum
from typing import Any, Iterator, Mapping, Sequence

from . import _fast, errors
from ._call import Quiet
from ._codes import Code
from ._native import ffi
from .values import STRUCTS, YearlessDate


class State(IntEnum):
    """How a field came out."""

    NOT_ASKED = 0
    #: Permitted, but the record has no such field.
    ABSENT = 1
    SHOWN = 2
    #: In the form that the purpose needs.
    REDACTED = 3
    #: Not permitted; says nothing of whether the record has it.
    WITHHELD = 4


class Reason(IntEnum):
    """Why a field came out as it did."""

    NONE = 0
    UNKNOWN_SUBJECT = 1
    UNKNOWN_PURPOSE = 2
    UNKNOWN_RECIPIENT = 3
    UNKNOWN_OPERATION = 4
    UNKNOWN_FIELD = 5
    UNKNOWN_COUNTRY = 6
    UNKNOWN_CLOCK = 7
    LEGAL_PROHIBITION = 16
    RESTRICTED = 32
    OBJECTED = 33
    WITHDRAWN = 48
    DENIED_BY = 64
    GRANTED_BY = 80
    BASIS = 96
    NO_BASIS = 112
    OBLIGATION_UNSUPPORTED = 128


@dataclasses.dataclass(frozen=True)
class FieldInfo:
    """A field of the book's schema."""

    number: int
    key: str
    type: str
    is_list: bool


class Fields:
    """The schema of a book, by number and by key."""

    __slots__ = ("by_number", "by_key", "attributes", "_masks")

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        fields = [FieldInfo(row["number"], row["key"], row["type"], row["list"]) for row in rows]
        self.by_number: Mapping[int, FieldInfo] = {field.number: field for field in fields}
        self.by_key: Mapping[str, FieldInfo] = {field.key: field for field in fields}
        #: Numbers of the fields that are attributes of a view: a field called like a method is reached by its key.
        self.attributes = {field.key: field.number for field in fields if not hasattr(View, field.key)}
        self._masks: dict[tuple[str, ...], int] = {}

    def number(self, key: str) -> int:
        """Raises UnknownField, which does not quote the key: a program may have mixed it up with a value."""
        field = self.by_key.get(key)
        if field is None:
            raise errors.of(Code.UNKNOWN_FIELD, "the book has no such field", 0)
        return field.number

    def mask(self, keys: Sequence[str] | None) -> int:
        """Bit n for field n; None: 0, which calls take as all. Raises ValueError if there are none."""
        if keys is None:
            return 0
        asked = tuple(keys)
        mask = self._masks.get(asked)
        if mask is None:
            if not asked:
                raise ValueError("no field is asked for")
            mask = self._masks[asked] = sum({1 << self.number(key) for key in asked})
        return mask


class View(Quiet, _fast.View):
    """What is shown of one customer.

    `view.name`, `view["name"]`: the value, in its redacted form where the purpose needs that; None if it
    is absent or withheld, which state() and reason() tell apart. A list field gives a tuple. A redacted
    value may be of another type than the field's: a text or a number. It is made when it is asked for. The bytes
    behind it are wiped at the end of its life, or by close().
    """

    __slots__ = ("__weakref__",)

    def _number(self, key: str) -> int:
        """Of a field; -1: there is none. What the schema does not know has its number for a key."""
        field = self._fields.by_key.get(key)
        if field is not None:
            number: int = field.number
            return number
        return int(key[1:]) if key[:1] == "#" and key[1:].isdecimal() and len(key) < 7 else -1

    def _found(self, key: str) -> "tuple[int, int, int, int] | None":
        number = self._number(key)
        if number < 0:
            self._header()  # of a view that is closed: says so
            return None
        return self._entry(number)

    @property
    def customer(self) -> "CustomerId":
        return CustomerId(self._header()[0])

    @property
    def valid_until(self) -> datetime.datetime | None:
        """When it must be decided anew; None: nothing that is known ends it."""
        seconds = self._header()[1]
        if seconds >= 253402300800:  # beyond what datetime holds
            return None
        return _instant(seconds)

    def state(self, key: str) -> State:
        entry = self._found(key)
        return State.NOT_ASKED if entry is None else State(entry[0])

    def reason(self, key: str) -> Reason:
        entry = self._found(key)
        return Reason.NONE if entry is None else Reason(entry[1])

    def left_out(self, key: str) -> int:
        """How many e-mail addresses, numbers or addresses of a shown field are not there, since the customer spoke of
        them alone; at most 255."""
        entry = self._found(key)
        return entry[2] if entry is not None and entry[0] == State.SHOWN else 0

    def __getitem__(self, key: str) -> Any:
        if self._found(key) is None:
            raise errors.of(Code.UNKNOWN_FIELD, "the view has no such field", 0)
        return self._value(self._number(key))

    def _keys(self) -> list[str]:
        by_number = self._fields.by_number
        return [by_number[one].key if one in by_number else f"#{one}" for one in self._numbers()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._numbers())

    def __repr__(self) -> str:
        if self._closed:
            return "<View, closed>"
        states = [entry[0] for entry in map(self._entry, self._numbers()) if entry is not None]
        return (f"<View of {self.customer}: {states.count(2)} shown, {states.count(3)} redacted,"
                f" {states.count(4)} withheld>")


class CustomerId:
    """The public id of a customer: shows nothing of them."""

    __slots__ = ("bytes", "_c")

    def __init__(self, value: "bytes | str") -> None:
        self.bytes = bytes.fromhex(value) if isinstance(value, str) else value
        if len(self.bytes) != 16:
            raise ValueError("an id has 16 bytes")
        self._c = ffi.new("clientbook_id*")
        ffi.memmove(self._c, self.bytes, 16)

    def __str__(self) -> str:
        return self.bytes.hex()

    def __repr__(self) -> str:
        return f"CustomerId('{self}')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CustomerId) and other.bytes == self.bytes

    def __hash__(self) -> int:
        return hash(self.bytes)


def _day(year: int, month: int, day: int) -> "datetime.date | YearlessDate":
    return YearlessDate(month, day) if year == 0 else datetime.date(year, month, day)


def _instant(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


_fast.setup(errors.of, _day, _instant, {number: (kind, dict(kind._keys)) for number, kind in STRUCTS.items()})
