"""Prints how to_arrow() of 10,000 customers stands to the same walk through C, whose blocks are thrown away (bindings_bench runs it):
a ratio of processor time, the best of three of each, in turn."""

import time

import clientbook
import pyarrow
from clientbook import Email, Name, Phone, Purpose, Role
from clientbook._native import ffi, lib

WHY = Purpose.CUSTOMER_ORDER_MANAGEMENT
FIELDS = ("name", "emails", "phones")
CUSTOMERS = 10000
BATCH = 8192


def kept(book):
    session = book.session(7, Role.OWNER)
    with session.transaction():
        for i in range(CUSTOMERS):
            session.put({"name": Name(given=f"Ken{i}", family="Sanchez"), "emails": [Email(f"ken{i}@example.com")],
                         "phones": [Phone("+1 202 555 0142")]}, WHY)
    # What a walk has seen counts for an hour: each pass has an actor of its own.
    return [book.session(actor, Role.OWNER) for actor in range(100, 106)]


def by_arrow(session):
    return pyarrow.table(session.to_arrow(WHY, FIELDS, batch=BATCH)).num_rows


def by_c(session):
    cursor, out, count = ffi.new("clientbook_handle*"), ffi.new("clientbook_bytes*"), ffi.new("uint32_t*")
    session._check(lib.clientbook_session_scan(session._context, session._handle, WHY, session.fields.mask(FIELDS), cursor, session._call.error))
    rows = 0
    while True:
        session._check(lib.clientbook_cursor_next(session._context, cursor[0], BATCH, out, count, session._call.error))
        rows += count[0]
        lib.clientbook_bytes_free(out)
        if count[0] == 0:
            return rows


def took(walk, session):
    begin = time.process_time()
    assert walk(session) == CUSTOMERS
    return time.process_time() - begin


def main():
    with clientbook.in_memory(profile="us") as book:
        sessions = kept(book)
        times = [(took(by_c, sessions[2 * i]), took(by_arrow, sessions[2 * i + 1])) for i in range(3)]
        print(min(c for c, _ in times) / min(arrow for _, arrow in times))


if __name__ == "__main__":
    main()
