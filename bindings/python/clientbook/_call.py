"""Calls into the library: errors become exceptions, bytes become Python's.

What the library hands out is wiped and freed when it is no longer used here. Python's own strings
cannot be wiped: a value that a program has looked at stays in its memory until Python uses it again.
"""

from __future__ import annotations

import json
from typing import Any

from . import errors
from ._native import ffi, lib


class Call:
    """Room for what a call answers; belongs to one thread at a time."""

    __slots__ = ("error", "bytes")

    def __init__(self) -> None:
        self.error = ffi.new("clientbook_error*")
        self.bytes = ffi.new("clientbook_bytes*")

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


def options(kind: str, **members: Any) -> Any:
    """A struct of options with its size filled in."""
    out = ffi.new(kind + "*")
    out.struct_size = ffi.sizeof(kind)
    for name, value in members.items():
        setattr(out, name, value)
    return out
