"""Rows of whatever tells itself by Arrow's C stream interface, as Python's values: no library of Arrow's is needed.

What is read is a table that somebody in this process hands over: its structs are trusted as such an interface asks,
its lengths and formats are not guessed.
"""

from __future__ import annotations

import ctypes
import datetime
from typing import Any, Callable, Iterator

from . import errors
from ._codes import Code

_EPOCH = datetime.date(1970, 1, 1)


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_void_p), ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.POINTER(_Schema)), ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))),
    ("private_data", ctypes.c_void_p)]
_Array._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))), ("dictionary", ctypes.POINTER(_Array)),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))), ("private_data", ctypes.c_void_p)]
_Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))), ("private_data", ctypes.c_void_p)]

_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype = ctypes.c_void_p
_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]

_INTEGERS: dict[str, Any] = {
    "c": ctypes.c_int8, "C": ctypes.c_uint8, "s": ctypes.c_int16, "S": ctypes.c_uint16, "i": ctypes.c_int32,
    "I": ctypes.c_uint32, "l": ctypes.c_int64, "L": ctypes.c_uint64}
#: Parts of a second by the letter of a timestamp's format.
_PARTS = {"s": 1, "m": 1_000, "u": 1_000_000, "n": 1_000_000_000}

_Read = Callable[[int], Any]


def _bit(address: int, place: int) -> bool:
    return bool(ctypes.c_uint8.from_address(address + place // 8).value >> (place % 8) & 1)


def _width(kind: Any, address: int, place: int) -> int:
    return int(kind.from_address(address + place * ctypes.sizeof(kind)).value)


def _bytes_of(address: int, begin: int, end: int) -> bytes:
    return ctypes.string_at(address + begin, end - begin) if end > begin else b""


def _text(content: bytes) -> str:
    """Raises InvalidInput (INVALID_ENCODING), without the exception of Python's that holds the value."""
    try:
        return content.decode()
    except UnicodeError:
        pass
    raise errors.of(Code.INVALID_ENCODING, "a text that is no UTF-8", 0)


def _texts(buffers: list[int], offset: Any, decode: bool) -> _Read:
    def read(place: int) -> Any:
        at = _width(offset, buffers[1], place)
        content = _bytes_of(buffers[2], at, _width(offset, buffers[1], place + 1))
        return _text(content) if decode else content

    return read


def _views(buffers: list[int], decode: bool) -> _Read:
    """Texts of which short ones lie in their place, and longer ones in one of several buffers."""
    inline = 12

    def read(place: int) -> Any:
        at = buffers[1] + 16 * place
        size = int(ctypes.c_int32.from_address(at).value)
        if size <= inline:
            content = ctypes.string_at(at + 4, size)
        else:
            which, begin = ctypes.c_int32.from_address(at + 8).value, ctypes.c_int32.from_address(at + 12).value
            content = ctypes.string_at(buffers[2 + which] + begin, size)
        return _text(content) if decode else content

    return read


def _lists(schema: Any, array: Any, buffers: list[int], offset: Any) -> _Read:
    element = _reader(schema.children[0].contents, array.children[0].contents)

    def read(place: int) -> Any:
        begin, end = _width(offset, buffers[1], place), _width(offset, buffers[1], place + 1)
        return [element(at) for at in range(begin, end)]

    return read


def _structs(schema: Any, array: Any) -> _Read:
    members = [(schema.children[i].contents.name.decode(), _reader(schema.children[i].contents, array.children[i].contents))
               for i in range(schema.n_children)]

    def read(place: int) -> Any:
        # `place` counts from the struct's own offset already; its children begin at that too.
        told = ((name, member(place)) for name, member in members)
        return {name: value for name, value in told if value is not None}

    return read


def _instants(buffers: list[int], parts: int) -> _Read:
    def read(place: int) -> Any:
        return datetime.datetime.fromtimestamp(_width(ctypes.c_int64, buffers[1], place) // parts, datetime.timezone.utc)

    return read


def _plain(schema: Any, array: Any, buffers: list[int]) -> _Read:
    """Of a value that is there. Raises ValueError of a format that no field of a book has."""
    form = schema.format.decode()
    if form in ("u", "U", "z", "Z"):
        return _texts(buffers, ctypes.c_int64 if form.isupper() else ctypes.c_int32, form in "uU")
    if form in ("vu", "vz"):
        return _views(buffers, form == "vu")
    if form in ("+l", "+L"):
        return _lists(schema, array, buffers, ctypes.c_int64 if form == "+L" else ctypes.c_int32)
    if form == "+s":
        return _structs(schema, array)
    if form in _INTEGERS:
        return lambda place: _width(_INTEGERS[form], buffers[1], place)
    if form == "b":
        return lambda place: _bit(buffers[1], place)
    if form == "tdD":
        return lambda place: _EPOCH + datetime.timedelta(days=_width(ctypes.c_int32, buffers[1], place))
    if form == "tdm":
        return lambda place: _EPOCH + datetime.timedelta(milliseconds=_width(ctypes.c_int64, buffers[1], place))
    if form[:2] == "ts" and form[2:3] in _PARTS and form[4:]:
        return _instants(buffers, _PARTS[form[2]])
    if form[:2] == "w:":
        size = int(form[2:])
        return lambda place: _bytes_of(buffers[1], place * size, (place + 1) * size)
    if form == "n":
        return lambda place: None
    raise ValueError(f"a column of Arrow's format {form} is of no field: cast it")


def _reader(schema: Any, array: Any) -> _Read:
    """Reads the value at a place of an array, from 0; None: there is none."""
    begin = int(array.offset)
    buffers = [array.buffers[i] or 0 for i in range(array.n_buffers)]
    if schema.dictionary:
        values = _reader(schema.dictionary.contents, array.dictionary.contents)
        index = _plain(schema, array, buffers)
        plain: _Read = lambda place: values(index(place))  # noqa: E731
    else:
        plain = _plain(schema, array, buffers)
    valid = buffers[0] if buffers and array.null_count != 0 else 0
    return lambda place: plain(begin + place) if not valid or _bit(valid, begin + place) else None


def rows(table: Any) -> Iterator[dict[str, Any]]:
    """Of a pyarrow table, a polars frame, whatever has __arrow_c_stream__; without members that are null.

    Raises TypeError (it has not), ValueError (a column that no field can hold, or a reader that failed).
    """
    if not hasattr(table, "__arrow_c_stream__"):
        raise TypeError("a table tells itself by Arrow's C stream interface (__arrow_c_stream__)")
    capsule = table.__arrow_c_stream__()
    stream = _Stream.from_address(_pointer(capsule, b"arrow_array_stream"))
    schema = _Schema()
    if stream.get_schema(stream, schema) != 0:
        raise ValueError("the table does not tell its schema")
    try:
        if schema.format != b"+s":
            raise ValueError("a table has columns")
        while True:
            array = _Array()
            if stream.get_next(stream, array) != 0:
                raise ValueError("the table does not tell its rows")
            if not array.release:
                return
            try:
                read = _reader(schema, array)
                for place in range(array.length):
                    yield read(place)
            finally:
                array.release(array)
    finally:
        schema.release(schema)
        del capsule  # the stream is its own to end
