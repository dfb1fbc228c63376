"""A view: what a purpose shows of a customer, and why. Read in place, value by value."""

from __future__ import annotations

import dataclasses
import datetime
import struct
from enum import IntEnum
from typing import Any, Iterator, Mapping, Sequence

from ._native import ffi, lib
from .values import STRUCTS, YearlessDate

_ENTRY = struct.Struct("<HBBHBBII")  # docs/format/flat_view.md
_HEADER = struct.Struct("<4sHHII16sq")
_INTEGER = struct.Struct("<q")
_DATE = struct.Struct("<hBB")
_FOREVER = 2**63 - 1
_MISSING = object()


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

    __slots__ = ("by_number", "by_key", "_masks")

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        fields = [FieldInfo(row["number"], row["key"], row["type"], row["list"]) for row in rows]
        self.by_number: Mapping[int, FieldInfo] = {field.number: field for field in fields}
        self.by_key: Mapping[str, FieldInfo] = {field.key: field for field in fields}
        self._masks: dict[tuple[str, ...], int] = {}

    def number(self, key: str) -> int:
        """Raises KeyError with the key, which is no personal data."""
        return self.by_key[key].number

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


class View:
    """What is shown of one customer.

    `view.name`, `view["name"]`: the value, in its redacted form where the purpose needs that; None if it
    is absent or withheld, which state() and reason() tell apart. A list field gives a tuple. A redacted
    value may be of another type than the field's: a text or a number. The bytes behind it are wiped at
    the end of its life, or by close().
    """

    __slots__ = ("_memory", "_data", "_fields", "_entries", "_values", "__weakref__")

    def __init__(self, memory: Any, data: Any, fields: Fields) -> None:
        self._memory = memory
        self._data = data
        self._fields = fields
        self._entries: dict[str, tuple[int, ...]] | None = None
        self._values: dict[str, Any] = {}

    def _table(self) -> dict[str, tuple[int, ...]]:
        table = self._entries
        if table is None:
            data = self._data
            if data is None:
                raise ValueError("the view is closed")
            count = _HEADER.unpack_from(data, 0)[2]
            by_number = self._fields.by_number
            table = {}
            for entry in _ENTRY.iter_unpack(data[40 : 40 + 16 * count]):
                known = by_number.get(entry[0])
                table[known.key if known is not None else f"#{entry[0]}"] = entry
            self._entries = table
        return table

    @property
    def customer(self) -> "CustomerId":
        return CustomerId(bytes(self._header()[5]))

    @property
    def valid_until(self) -> datetime.datetime | None:
        """When it must be decided anew; None: nothing that is known ends it."""
        seconds = self._header()[6]
        if seconds >= 253402300800:  # beyond what datetime holds
            return None
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)

    def _header(self) -> tuple[Any, ...]:
        if self._data is None:
            raise ValueError("the view is closed")
        return _HEADER.unpack_from(self._data, 0)

    def state(self, key: str) -> State:
        entry = self._table().get(key)
        return State.NOT_ASKED if entry is None else State(entry[1])

    def reason(self, key: str) -> Reason:
        entry = self._table().get(key)
        return Reason.NONE if entry is None else Reason(entry[3])

    def left_out(self, key: str) -> int:
        """How many e-mail addresses, numbers or addresses of a shown field are not there, since the customer spoke of
        them alone; at most 255."""
        entry = self._table().get(key)
        return entry[5] if entry is not None and entry[1] == State.SHOWN else 0

    def __getitem__(self, key: str) -> Any:
        value = self._values.get(key, _MISSING)
        if value is _MISSING:
            entry = self._table().get(key)
            if entry is None:
                raise KeyError(key)
            value = self._values[key] = _value(self._data, entry[4], entry[6], entry[7], entry[2])
        return value

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        try:
            return self[key]
        except KeyError:
            raise AttributeError(f"the view was not asked for a field {key!r}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._table())

    def __len__(self) -> int:
        return len(self._table())

    def close(self) -> None:
        """Wipes the bytes now."""
        self._data = None
        self._entries = None
        self._values = {}
        self._memory = None

    def __repr__(self) -> str:
        if self._data is None:
            return "<View, closed>"
        states = [entry[1] for entry in self._table().values()]
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


def _value(data: Any, kind: int, offset: int, length: int, type_: int) -> Any:
    if kind == 1:
        return str(data[offset : offset + length], "utf-8")
    if kind == 8:
        return _structure(data, offset, length, type_)
    if kind == 7:
        return tuple(_value(data, entry[4], entry[6], entry[7], type_)
                     for entry in _ENTRY.iter_unpack(data[offset : offset + length]))
    if kind == 2:
        return _INTEGER.unpack_from(data, offset)[0]
    if kind == 3:
        return data[offset] != 0
    if kind == 4:
        year, month, day = _DATE.unpack_from(data, offset)
        return YearlessDate(month, day) if year == 0 else datetime.date(year, month, day)
    if kind == 5:
        seconds = _INTEGER.unpack_from(data, offset)[0]
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    if kind == 6:
        return bytes(data[offset : offset + length]).hex()
    if kind == 9:
        return bytes(data[offset : offset + length])
    return None


def _structure(data: Any, offset: int, length: int, type_: int) -> Any:
    kind = STRUCTS.get(type_)
    members: dict[Any, Any] = {}
    keys: Mapping[int, str] = kind._keys if kind is not None else {}
    for entry in _ENTRY.iter_unpack(data[offset : offset + length]):
        key = keys.get(entry[0])
        if key is not None:
            members[key] = _value(data, entry[4], entry[6], entry[7], 0)
        elif kind is None:
            members[entry[0]] = _value(data, entry[4], entry[6], entry[7], 0)
    return members if kind is None else kind(**members)


def take(memory: Any, fields: Fields) -> View:
    """A view over what a call has put into a clientbook_bytes, whose life it takes over."""
    owned = ffi.gc(memory, lib.clientbook_bytes_free)
    return View(owned, memoryview(ffi.buffer(memory.data, memory.size)), fields)


def take_batch(memory: Any, count: int, fields: Fields) -> Iterator[View]:
    owned = ffi.gc(memory, lib.clientbook_bytes_free)
    data = memoryview(ffi.buffer(memory.data, memory.size))
    places = struct.unpack_from(f"<{count + 1}I", data, 4)
    for i in range(count):
        yield View(owned, data[places[i] : places[i + 1]], fields)
