"""Calls into the library: errors become exceptions, bytes become Python's.

What the library hands out is wiped and freed when it is no longer used here. Python's own strings
cannot be wiped: a value that a program has looked at stays in its memory until Python uses it again.
"""

from __future__ import annotations

import copy
import json
import threading
from typing import Any

from . import _fast, errors
from ._codes import Code
from ._native import ffi, lib


def utf8(text: str) -> bytes:
    """Every text goes through here to the library. Raises InvalidInput (INVALID_ENCODING: half of a surrogate pair), without
    the exception of Python's that holds the whole text."""
    try:
        return text.encode()
    except UnicodeError:
        pass
    raise errors.of(Code.INVALID_ENCODING, "a text that is no UTF-8: half of a surrogate pair", 0)


def dumped(value: Any) -> bytes:
    """JSON of what json.dumps() takes. Raises InvalidInput (INVALID_VALUE: no number, or it holds itself)."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        text = None
    if text is None:
        raise errors.of(Code.INVALID_VALUE, "a number that is none, or a value that holds itself", 0)
    return utf8(text)


class Quiet:
    """What holds, or may hold, somebody's values: it does not print, and is not pickled, which would be a copy of them that
    nothing wipes or counts."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce_ex__(self, _protocol: Any) -> Any:
        raise TypeError(f"{type(self).__name__} may hold a customer's values: it is not pickled")

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, _memo: Any) -> Any:
        return self


class Told(dict[str, Any]):
    """What the library tells as JSON: a dictionary whose repr() names its members and shows no value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Told: {', '.join(map(str, self))}>"

    def __reduce_ex__(self, _protocol: Any) -> Any:
        raise TypeError("what the library tells may hold a customer's values: it is not pickled")

    def copy(self) -> "Told":
        return Told(self)

    __copy__ = copy

    def __deepcopy__(self, memo: Any) -> "Told":
        return Told((key, copy.deepcopy(value, memo)) for key, value in self.items())

    def __or__(self, other: Any) -> Any:
        return Told(dict(self) | other) if isinstance(other, dict) else NotImplemented


class Call:
    """Room for what a call answers; belongs to one thread."""

    __slots__ = ("error", "bytes", "number")

    def __init__(self) -> None:
        self.error = ffi.new("clientbook_error*")
        self.bytes = ffi.new("clientbook_bytes*")
        self.number = ffi.new("uint64_t*")

    def check(self, status: int, where: str = "") -> None:
        """Raises what went wrong: what a callback has raised before what the library says of it."""
        _fast.raise_failed()
        if status != 0:
            text = ffi.string(self.error.text).decode()
            raise errors.of(status, text, self.error.at, where)

    def take(self) -> bytes:
        """What the call has put into `bytes`; the library's own copy is wiped."""
        try:
            return bytes(ffi.buffer(self.bytes.data, self.bytes.size))
        finally:
            lib.clientbook_bytes_free(self.bytes)

    def text(self) -> str:
        """The same as a text."""
        return self.take().decode()

    def json(self) -> Any:
        return json.loads(self.text(), object_hook=Told)


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.call = Call()


_of_thread = _OfThread()


def of_thread() -> Call:
    """This thread's own: another one's answer is never mistaken for it."""
    out: Call = _of_thread.call
    if out.bytes.data != ffi.NULL:  # an interrupt came between an answer and its taking
        lib.clientbook_bytes_free(out.bytes)
    return out


def callback(kind: str, error: int | None = None) -> Any:
    """A function that the library calls. What it raises stops the call that is under way, of which it then comes out:
    nothing is written to stderr. `error`: what the library is told meanwhile."""
    return ffi.callback(kind, error=error, onerror=_fast.fail)


def options(kind: str, **members: Any) -> Any:
    """A struct of options with its size filled in."""
    out = ffi.new(kind + "*")
    out.struct_size = ffi.sizeof(kind)
    for name, value in members.items():
        setattr(out, name, value)
    return out
