"""Calls into the library: errors become exceptions, bytes become Python's.

What the library hands out is wiped and freed when it is no longer used here. Python's own strings
cannot be wiped: a value that a program has looked at stays in its memory until Python uses it again.
"""

from __future__ import annotations

import json
import threading
from typing import Any

from . import errors
from ._native import ffi, lib


class Call:
    """Room for what a call answers; belongs to one thread."""

    __slots__ = ("error", "bytes", "number")

    def __init__(self) -> None:
        self.error = ffi.new("clientbook_error*")
        self.bytes = ffi.new("clientbook_bytes*")
        self.number = ffi.new("uint64_t*")

    def check(self, status: int, where: str = "") -> None:
        """Raises what went wrong."""
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
        return json.loads(self.text())


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


def options(kind: str, **members: Any) -> Any:
    """A struct of options with its size filled in."""
    out = ffi.new(kind + "*")
    out.struct_size = ffi.sizeof(kind)
    for name, value in members.items():
        setattr(out, name, value)
    return out
