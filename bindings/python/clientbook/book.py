"""Books and sessions."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
import json
import operator
import os
import struct
import time
import weakref
from enum import IntEnum
from typing import Any, Callable, Iterator, Mapping, Optional, Protocol, Sequence, TypeVar, Union, cast

from . import _arrow_in, _fast, _items, errors
from ._call import Call, Quiet, callback, of_thread, options, utf8
from ._codes import Code
from ._native import ffi, lib
from .arrow import ITEMS, Rows, columns, item_columns
from .terms import Category, Operation, Purpose, Recipient
from .values import Note, Purchase, as_json, in_minor_units, note_of, purchase_of, to_json
from .view import CustomerId, Fields, State, View

_JSON = lib.CLIENTBOOK_JSON
_CBOR = lib.CLIENTBOOK_CBOR
_FLAT = lib.CLIENTBOOK_FLAT

#: Fields by the keys of the schema, such as {"name": Name(given="Ann")}; or a record as CBOR.
Record = Union[Mapping[str, Any], bytes]
PathLike = Union[str, "os.PathLike[str]"]
#: What something is kept for: one purpose, or several of which one must permit it; none: the shop's.
Purposes = Union[Purpose, str, Sequence[Union[Purpose, str]]]
Customer = Union[CustomerId, str, bytes]


class Role(IntEnum):
    """What an actor may do at all."""

    ASSOCIATE = 1
    MANAGER = 2
    PRIVACY_OFFICER = 3
    SECURITY_OFFICER = 4
    AUDITOR = 5
    SERVICE = 6
    #: A shop of one.
    OWNER = 7
    #: Lists of those who agreed, and nothing else.
    MARKETING = 8


class ErasureReason(IntEnum):
    SUBJECT_REQUEST = 1
    RETENTION_END = 2
    UNLAWFUL = 3
    OTHER = 4


class Mentions(IntEnum):
    """What an erasure does about the customer's values in notes of others."""

    IGNORED = 0
    REPORTED = 1
    #: By labels, in the transaction that erases.
    REPLACED = 2


class SearchPath(IntEnum):
    """What answers a search: every customer looked at, what lies folded in memory of this process, or the index at
    rest for this question alone."""

    AUTOMATIC = 0
    SCAN = 1
    MEMORY = 2
    SEALED = 3


class NumberInNote(IntEnum):
    """What becomes of a card or identity number in a note."""

    REFUSED = 0
    REPLACED = 1
    KEPT = 2


@dataclasses.dataclass(frozen=True, repr=False)
class Directive(Quiet):
    """What a customer, or a law, has decided. Parties and notices are named as the book does.

    What is left out means: of a grant, ordinary data, and to collect, store, use and disclose; of all
    others, everything and everybody.
    """

    kind: str
    #: Every kind but a move has some.
    purposes: Sequence[Union[Purpose, str]] | None = None
    recipients: Sequence[Union[Recipient, str]] | None = None
    categories: Sequence[Union[Category, str]] | None = None
    operations: Sequence[Union[Operation, str]] | None = None
    notice: str | None = None
    channel: str | None = None
    by: str | None = None
    strength: str | None = None
    #: Of a grant: False is said of somebody of whom nobody knows that they were informed; it opens nothing.
    informed: bool | None = None
    #: Of a grant that is no consent: the lawful basis, "contract".
    basis: str | None = None
    evidence: str | None = None
    at: datetime.datetime | None = None
    not_before: datetime.datetime | None = None
    not_after: datetime.datetime | None = None
    #: Ids of earlier decisions that it overrides, as directives() gives them.
    supersedes: Sequence[str] | None = None
    #: Pairs of field and value, ("phones", "+49 30 1234567"): it is about these alone.
    contacts: Sequence[tuple[str, str]] | None = None
    #: Of a grant: {"obligations": ["mask"], "mask": "redact_text"}, what holds of whatever it opens.
    conditions: Mapping[str, Any] | None = None
    #: Of a move: the law of where they live, the state whose ages hold, whether they work for the shop.
    law: str | None = None
    state: str | None = None
    works_here: bool | None = None

    def to_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            if field.name in _TERMS:
                value = [_word(term, _TERMS[field.name]) for term in value]
            if field.name == "contacts":
                value = [{"field": key, "value": text} for key, text in value]
            if field.name == "supersedes":
                value = list(value)
            out[field.name] = to_json(value)
        return out


@dataclasses.dataclass(frozen=True, repr=False)
class CustomerPage(Quiet):
    """The page for a customer, and the entry of the ledger that says that they got it."""

    html: str
    #: None: there was nothing to hand over.
    ledger_index: int | None


@dataclasses.dataclass(frozen=True, repr=False)
class LedgerEntry(Quiet):
    """Where a customer's information went, or what was done with it."""

    index: int
    sequence: int
    event: str
    at: datetime.datetime
    purpose: str
    recipient: str
    recipient_class: str
    fields: tuple[str, ...]
    actor: int
    entry: str
    #: Of not_delivered: index of the entry of what did not get out.
    about: int | None = None
    #: Until when the recipient may keep it, where that was said.
    until: datetime.datetime | None = None
    #: Of onward: who passed it on to the recipient, where that one is reached, and on which day it was.
    passed_on_by: str = ""
    contact: str = ""
    on: datetime.date | None = None
    #: It is of a time when this customer and another were taken for one, was done with the other, and may have been
    #: about this one too.
    of_both: bool = False

    def __repr__(self) -> str:
        return f"<LedgerEntry {self.index}>"


@dataclasses.dataclass(frozen=True, repr=False)
class Disclosure(Quiet):
    """What left, and its evidence."""

    content: View
    ledger_index: int
    entry: str


@dataclasses.dataclass(frozen=True, repr=False)
class Items(Quiet):
    """Purchases or notes as a reader gets to see them, oldest first."""

    state: State
    items: tuple[Any, ...]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __repr__(self) -> str:
        return f"<{len(self.items)} items, {self.state.name.lower()}>"


@dataclasses.dataclass(frozen=True)
class Kept:
    """Who was put into the book."""

    customer: CustomerId
    #: Keys of fields that were left out for want of a basis.
    left_out: tuple[str, ...] = ()


#: Members that are lists of terms, and of which kind.
_TERMS: dict[str, type[IntEnum]] = {"purposes": Purpose, "recipients": Recipient, "categories": Category,
                                    "operations": Operation}


def _refuse_others(term: Any, kind: type[IntEnum]) -> None:
    """A role that is given as a purpose is a mistake, even if a purpose has its number or its name."""
    if isinstance(term, IntEnum) and not isinstance(term, kind):
        raise errors.of(Code.INVALID_ARGUMENT, f"a {kind.__name__.lower()} is needed, not a {type(term).__name__}", 0)


def _word(term: Any, kind: type[IntEnum]) -> str:
    _refuse_others(term, kind)
    return term.name.lower() if isinstance(term, IntEnum) else str(term)


def _number(term: Any, kind: type[IntEnum], words: int) -> int:
    """Of a term, its word, or a number that is one already."""
    if isinstance(term, str):
        return term_number(words, term)
    _refuse_others(term, kind)
    number = operator.index(term)
    if not 0 <= number <= 255:
        raise errors.of(Code.INVALID_ARGUMENT, f"no number of a {kind.__name__.lower()}", 0)
    return number


def _purpose(purpose: Union[Purpose, str, int]) -> int:
    return _number(purpose, Purpose, lib.CLIENTBOOK_TERM_PURPOSE)


def _age_proof(document: str, born: datetime.date | None, at_least: int | None, reference: str | None,
               hash: str | None) -> bytes:
    members = {"document": document, "born": None if born is None else born.isoformat(), "at_least": at_least,
               "reference": reference, "hash": hash}
    return as_json({key: value for key, value in members.items() if value is not None})


def _purposes(purposes: Purposes) -> bytes:
    each: Sequence[Union[Purpose, str]] = [purposes] if isinstance(purposes, (str, int)) else purposes
    return bytes(_purpose(one) for one in each)


def term_number(kind: int, word: str) -> int:
    call = Call()
    out = ffi.new("uint8_t*")
    text = utf8(word)
    call.check(lib.clientbook_term_find(kind, text, len(text), out, call.error))
    return int(out[0])


def _path(path: PathLike) -> bytes:
    name = os.fspath(path)
    try:
        return os.fsencode(name)
    except UnicodeError:
        pass
    raise errors.of(Code.INVALID_ENCODING, "a path that the file system has no name for", 0)


class Book:
    """A store of customers, open in this process; may be shared between threads.

    After fork() the child opens the book anew: the parent's raises InvalidState there.
    """

    def __init__(self, context: Any, handle: int, borrowed: Any = None) -> None:
        self._context = context
        self._handle = handle
        self._borrowed = borrowed  # what the library calls back
        self._process = os.getpid()
        #: Who is in a call: meanwhile the context must live.
        self._gate = _fast.Gate()
        # Destroys what is left when the program forgets to close it.
        self._end = weakref.finalize(self, _destroy, context, borrowed, self._gate)

    def session(self, actor: int, role: Role = Role.ASSOCIATE, *, passphrase: str | None = None,
                identity: PathLike | None = None) -> "Session":
        """The book, opened by an actor that the host has authenticated; `actor` is not 0. With the actor's
        credential, a `passphrase` or the key file `identity`, by whoever shows that they are that actor.

        A session belongs to one thread at a time: a second one at the same time gets InvalidState. Raises Error
        with CREDENTIAL_REQUIRED, CREDENTIAL_INVALID, CREDENTIAL_EXPIRED, or LIMIT_EXCEEDED (five wrong ones within
        an hour; `at`: seconds until one is taken again).
        """
        if not self._end.alive:
            raise errors.of(Code.INVALID_STATE, "the book is closed", 0)
        call = Call()
        out = ffi.new("clientbook_handle*")
        with self._gate:
            if passphrase is None and identity is None:
                call.check(lib.clientbook_session_begin(self._context, self._handle, actor, role, out, call.error))
            else:
                shown, _kept = _credential(passphrase, identity)
                call.check(lib.clientbook_session_begin_as(self._context, self._handle, actor, role, shown, out,
                                                           call.error))
        return Session(self, int(out[0]))

    def close(self) -> None:
        """Closes the book with its sessions. Waits a second for who is in a call; raises InvalidState, and changes
        nothing, if that takes longer or somebody has a transaction."""
        patience = time.monotonic() + _PATIENCE
        try:
            while self._end.alive and self._process == os.getpid() and not self._gate.close():
                if time.monotonic() > patience:
                    raise errors.of(Code.INVALID_STATE, "a session of the book is in a call or a transaction", 0)
                time.sleep(0.001)
        except BaseException:
            self._gate.reopen()
            raise
        self._end()

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Book, {'open' if self._end.alive else 'closed'}>"


def _destroy(context: Any, _borrowed: Any, gate: _fast.Gate) -> None:
    """The callbacks of a book live until it is gone."""
    if gate.close():  # not at the end of a program of which a thread is still in a call
        lib.clientbook_context_destroy(context)


#: How long close() waits for calls to end, in seconds.
_PATIENCE = 1.0
_Method = TypeVar("_Method", bound=Callable[..., Any])
_Class = TypeVar("_Class", bound=type)


def _within(method: _Method) -> _Method:
    """A method during which its book cannot be closed."""

    @functools.wraps(method)
    def call(self: Any, *given: Any, **named: Any) -> Any:
        with self._gate:  # no interrupt comes between its counting and this
            former = _fast.under_way(self._address, self._handle)
            try:
                return method(self, *given, **named)
            finally:
                _fast.under_way(*former)

    return cast(_Method, call)


def _gated(kind: _Class) -> _Class:
    """All methods of a class that call the library, so that none is forgotten."""
    for name, member in list(vars(kind).items()):
        if name.startswith("_") or name in ("close", "read"):
            continue
        if isinstance(member, property) and member.fget is not None:
            setattr(kind, name, property(_within(member.fget), doc=member.__doc__))
        elif callable(member) and not isinstance(member, (staticmethod, classmethod)):
            setattr(kind, name, _within(member))
    return kind


#: Tells the time, with a time zone. What it raises comes out of the call, which is undone; until then the library is told
#: 1970, so that no consent holds.
Clock = Callable[[], datetime.datetime]


def _borrowed(given: str | PathLike | None, name: str) -> tuple[dict[str, Any], Any]:
    """Members of a struct for a text that may be absent, and what they borrow."""
    if given is None:
        return {}, None
    kept = ffi.from_buffer(_path(given) if isinstance(given, os.PathLike) else _utf8(given))
    return {name: ffi.cast("const char*", kept), f"{name}_size": len(kept)}, kept


def _utf8(given: Any) -> bytes:
    return given if isinstance(given, bytes) else utf8(given)


class RootCell(Protocol):
    """Where the key of the root lies when it is not a file: a key manager, a secure element. Keys are 32 bytes.

    Each compares the epoch and changes the keys in one step that no other process comes between. What it raises is
    raised by the call of the book, or is KEY_UNAVAILABLE where the library goes on. They must not call the book.
    """

    def load(self) -> tuple[tuple[int, bytes] | None, tuple[int, bytes] | None]:
        """The current key with its epoch, and the one that is staged; None: there is no such key."""

    def stage(self, epoch: int, key: bytes) -> None:
        """Keeps a key of a later epoch beside the current one."""

    def promote(self, epoch: int) -> None:
        """Makes the staged key of that epoch the current one; one that is of that epoch already stays."""

    def drop(self, epoch: int) -> None:
        """Forgets the staged key of that epoch."""


def _guarded(raised: list[BaseException], work: Callable[[], None]) -> int:
    """A code for the library; what was raised is kept for whoever has called it."""
    try:
        work()
        return 0
    except errors.Error as what:
        raised.append(what)
        return int(what.code)
    except Exception as what:  # noqa: BLE001: carried to the caller
        raised.append(what)
        return int(Code.KEY_UNAVAILABLE)


def _cell_functions(cell: RootCell, raised: list[BaseException]) -> tuple[Any, Any]:
    """The struct of a cell's functions, and what it borrows."""

    @callback("int32_t(void*, uint64_t*, uint8_t*, uint64_t*, uint8_t*)", error=int(Code.KEY_UNAVAILABLE))  # type: ignore[untyped-decorator, unused-ignore]
    def load(_context: Any, current: Any, current_key: Any, staged: Any, staged_key: Any) -> int:
        def work() -> None:
            for told, epoch, key in zip(cell.load(), (current, staged), (current_key, staged_key)):
                epoch[0] = 0 if told is None else told[0]
                if told is not None:
                    if len(told[1]) != 32:
                        raise ValueError("a root key has 32 bytes")
                    ffi.memmove(key, told[1], 32)

        return _guarded(raised, work)

    @callback("int32_t(void*, uint64_t, uint8_t*)", error=int(Code.KEY_UNAVAILABLE))  # type: ignore[untyped-decorator, unused-ignore]
    def stage(_context: Any, epoch: int, key: Any) -> int:
        return _guarded(raised, lambda: cell.stage(epoch, bytes(ffi.buffer(key, 32))))

    @callback("int32_t(void*, uint64_t)", error=int(Code.KEY_UNAVAILABLE))  # type: ignore[untyped-decorator, unused-ignore]
    def promote(_context: Any, epoch: int) -> int:
        return _guarded(raised, lambda: cell.promote(epoch))

    @callback("int32_t(void*, uint64_t)", error=int(Code.KEY_UNAVAILABLE))  # type: ignore[untyped-decorator, unused-ignore]
    def drop(_context: Any, epoch: int) -> int:
        return _guarded(raised, lambda: cell.drop(epoch))

    made = options("clientbook_root_cell_functions", load=load, stage=ffi.cast("int32_t(*)(void*, uint64_t, const uint8_t*)", stage),
                   promote=promote, drop=drop)
    return made, (load, stage, promote, drop)


def _opened_with_cell(cell: RootCell, function: Any, path: bytes, *arguments: Any, borrowed: Any) -> Book:
    """As _opened(), with the root key in the host's hands."""
    raised: list[BaseException] = []
    functions, kept = _cell_functions(cell, raised)
    call = Call()

    def within(context: Any, *rest: Any) -> int:
        handle = ffi.new("clientbook_handle*")
        call.check(lib.clientbook_root_cell_from_functions(context, functions, handle, call.error))
        status = int(function(context, path, len(path), handle[0], *rest))
        lib.clientbook_close(context, handle[0], ffi.NULL)
        return status

    try:
        return _opened(within, *arguments, borrowed=(borrowed, kept))
    except errors.Error:
        if raised:
            raise raised[0] from None
        raise


#: Told what happens in a book, as docs/c_abi.md has it: for the host's own log. It must not use the book.
Listener = Callable[[dict[str, Any]], None]


def _seconds(clock: Clock) -> int:
    """Raises TypeError, ValueError, and what the clock raises: no book runs by a clock that tells no time."""
    if not callable(clock):
        raise TypeError("a clock is a function that tells the time")
    now = clock()
    if not isinstance(now, datetime.datetime):
        raise TypeError("a clock tells a datetime")
    if now.tzinfo is None or now.utcoffset() is None:
        raise ValueError("a clock tells a datetime with a time zone")
    return int(now.timestamp())


def _how(clock: Clock | None, passphrase: str | None = None, identity: PathLike | None = None,
         on_event: Listener | None = None, most_scanned: int = 0) -> Any:
    """Options of a book, and what they borrow."""
    if clock is None and passphrase is None and identity is None and on_event is None and most_scanned == 0:
        return ffi.NULL, None
    phrase, kept_phrase = _borrowed(passphrase, "passphrase")
    file, kept_file = _borrowed(identity, "identity_file")
    functions: dict[str, Any] = {}
    if clock is not None:
        ask = clock
        _seconds(ask)

        @callback("int64_t(void*)", error=0)  # type: ignore[untyped-decorator, unused-ignore]
        def now(_context: Any) -> int:
            return _seconds(ask)

        functions["now"] = now
    if on_event is not None:
        tell = on_event
        if not callable(tell):
            raise TypeError("on_event is a function that is told what happens")

        @callback("void(void*, char*, size_t)")  # type: ignore[untyped-decorator, unused-ignore]
        def heard(_listener: Any, event: Any, size: int) -> None:
            tell(json.loads(bytes(ffi.buffer(event, size))))

        functions["heard"] = heard
    return options("clientbook_book_options", most_scanned=most_scanned, **functions, **phrase, **file), (functions, kept_phrase, kept_file)


def _opened(function: Any, *arguments: Any, borrowed: Any = None) -> Book:
    call = Call()
    place = ffi.new("clientbook_context**")
    call.check(lib.clientbook_context_create(lib.CLIENTBOOK_ABI_VERSION, place, call.error))
    context = place[0]
    try:
        out = ffi.new("clientbook_handle*")
        call.check(function(context, *arguments, out, call.error))
    except BaseException:
        lib.clientbook_context_destroy(context)
        raise
    return Book(context, int(out[0]), borrowed)


def _new_book(profile: str, purposes: Purposes, further_profiles: Sequence[str]) -> Any:
    name = ffi.from_buffer(utf8(profile))
    further = ffi.from_buffer(utf8(",".join(further_profiles)))
    numbers = ffi.from_buffer(_purposes(purposes))
    out = options("clientbook_new_book", profile=ffi.cast("const char*", name), profile_size=len(name),
                  purposes=ffi.cast("const uint8_t*", numbers), purposes_size=len(numbers),
                  further_profiles=ffi.cast("const char*", further), further_profiles_size=len(further))
    return out, (name, numbers, further)  # the struct borrows them


def open(path: PathLike, key: Union[PathLike, RootCell], clock: Clock | None = None, *,  # noqa: A001
         passphrase: str | None = None, identity: PathLike | None = None, on_event: Listener | None = None,
         most_scanned: int = 0) -> Book:
    """Opens the book in the folder `path`, whose root key is in the file `key`.

    A sealed key (key_slots) is opened with a `passphrase`, or with the file `identity`: a key file or
    one of age's identities. Python keeps a passphrase in memory for as long as it likes: a key file is
    the better secret for a program.

    `key` may also be a RootCell, where the root key lies elsewhere. `on_event` is told what happens: who looks at
    whom before anything is shown, each entry of the ledger once it is durable, each alarm; no value of a record. A question that would look at more
    than `most_scanned` customers one by one, since no index says anything of them, is refused (Error with
    LIMIT_EXCEEDED); 0: none is.

    Raises NotFound, StorageFailed (no key, another key, a copy from before an erasure, damage),
    InvalidState (this process has it open).
    """
    how, borrowed = _how(clock, passphrase, identity, on_event, most_scanned)
    if not isinstance(key, (str, os.PathLike)):
        return _opened_with_cell(key, lib.clientbook_book_open_with_cell, _path(path), how, borrowed=borrowed)
    book, root = _path(path), _path(key)
    return _opened(lib.clientbook_book_open, book, len(book), root, len(root), how, borrowed=borrowed)


def create(path: PathLike, key: Union[PathLike, RootCell], profile: str, purposes: Purposes = (),
           clock: Clock | None = None, further_profiles: Sequence[str] = (), *,
           passphrase: str | None = None, identity: PathLike | None = None, on_event: Listener | None = None) -> Book:
    """Makes a book in the folder `path` and its root key in the file `key`, which may not lie beside it.

    The key is sealed with a `passphrase` (12 characters or more), or with the file `identity`, which is
    there already (make_key_file); without either whoever has the file opens the book.

    `profile` is the law profile: strict, gdpr, us or us_ca. `purposes` are what the shop keeps data for
    where a call names none; empty: the usual ones. `further_profiles` are for customers who live elsewhere
    (Session.move). Raises Error with ALREADY_EXISTS.
    """
    what, _kept = _new_book(profile, purposes, further_profiles)
    how, borrowed = _how(clock, passphrase, identity, on_event)
    if not isinstance(key, (str, os.PathLike)):
        return _opened_with_cell(key, lib.clientbook_book_create_with_cell, _path(path), what, how, borrowed=borrowed)
    book, root = _path(path), _path(key)
    return _opened(lib.clientbook_book_create, book, len(book), root, len(root), what, how, borrowed=borrowed)


def key_slots(key: PathLike) -> dict[str, Any]:
    """What opens the root key in the file `key`: `sealed`, `renewal_due` and `slots`. Needs no secret."""
    root = _path(key)
    call = Call()
    call.check(lib.clientbook_key_slots(root, len(root), call.bytes, call.error))
    out: dict[str, Any] = call.json()
    return out


def make_key_file(path: PathLike, book: PathLike, key: PathLike) -> None:
    """Makes a key file for a slot of the root key `key`: 32 random bytes in a new file of mode 0600."""
    file, folder, root = _path(path), _path(book), _path(key)
    call = Call()
    call.check(lib.clientbook_key_file_create(file, len(file), folder, len(folder), root, len(root), call.error))


def _credential(passphrase: str | None, identity: PathLike | None) -> tuple[Any, list[Any]]:
    """The struct, and what it borrows."""
    kept: list[Any] = []
    out = options("clientbook_credential")
    for name, value in (("passphrase", None if passphrase is None else utf8(passphrase)),
                        ("identity_file", None if identity is None else _path(identity))):
        if value is None:
            continue
        kept.append(ffi.new("char[]", value))
        setattr(out, name, kept[-1])
        setattr(out, name + "_size", len(value))
    return out, kept


def _key_slot(label: str, passphrase: str | None, identity: PathLike | None, recipient: str | None,
              stretch_kibibytes: int) -> Any:
    parts = [_borrowed(label, "label"), _borrowed(passphrase, "passphrase"), _borrowed(identity, "identity_file"),
             _borrowed(recipient, "recipient")]
    members = {name: value for part, _kept in parts for name, value in part.items()}
    return options("clientbook_key_slot", stretch_kibibytes=stretch_kibibytes, **members), [kept for _part, kept in parts]


def upgrade(path: PathLike, key: PathLike, *, passphrase: str | None = None,
            identity: PathLike | None = None) -> tuple[int, int]:
    """Writes a book of an older format in the newest one: its formats before and after.

    They are equal if there was nothing to do. Raises as open().
    """
    book, root = _path(path), _path(key)
    call = Call()
    place = ffi.new("clientbook_context**")
    call.check(lib.clientbook_context_create(lib.CLIENTBOOK_ABI_VERSION, place, call.error))
    formats = ffi.new("uint32_t[2]")
    how, _kept = _how(None, passphrase, identity)
    try:
        call.check(lib.clientbook_book_upgrade(
            place[0], book, len(book), root, len(root), how, formats, formats + 1, call.error))
    finally:
        lib.clientbook_context_destroy(place[0])
    return formats[0], formats[1]


def _restored(call_of: Any, mirror: PathLike, backups: Sequence[PathLike], shares: Sequence[str], actor: int,
              role: str, places: dict[str, str]) -> dict[str, Any]:
    what = as_json({"mirror": os.fsdecode(mirror), "backups": [os.fsdecode(one) for one in backups],
                       "shares": list(shares), "actor": actor, "role": role, **places})
    call = Call()
    call.check(call_of(what, len(what), call.bytes, call.error))
    out: dict[str, Any] = call.json()
    return out


def restore(path: PathLike, key: PathLike, mirror: PathLike, backups: Sequence[PathLike], shares: Sequence[str],
            actor: int = 1, role: str = "owner") -> dict[str, Any]:
    """Makes a lost book anew, from a keyring mirror, one or two backups and shares of the recovery key.

    Who was erased since is not in it. The counts: `customers`, `erased`, `not_in_mirror` and `not_in_backup`
    (lost), `changed`, `unheard` (whose consents since are lost), and what was found when all of it was opened:
    `verified`, with `problems`, which is 0 or the book is to be looked at. On an error there is no book.
    """
    return _restored(lib.clientbook_book_restore, mirror, backups, shares, actor, role,
                     {"book": os.fsdecode(path), "key": os.fsdecode(key)})


def accept_pin(path: PathLike, key: PathLike, actor: int = 1, role: Role = Role.OWNER) -> None:
    """Takes an older copy of a book that was put there on purpose; what was done since is lost."""
    book, root = _path(path), _path(key)
    call = Call()
    call.check(lib.clientbook_book_accept_pin(book, len(book), root, len(root), actor, int(role), call.error))


def drill(mirror: PathLike, backups: Sequence[PathLike], shares: Sequence[str], scratch: PathLike,
          actor: int = 1, role: str = "owner") -> dict[str, Any]:
    """Tries a restore out in the folder `scratch`, and leaves nothing of it; also `verified`."""
    return _restored(lib.clientbook_book_drill, mirror, backups, shares, actor, role,
                     {"scratch": os.fsdecode(scratch)})


def in_memory(profile: str, purposes: Purposes = (), clock: Clock | None = None,
              further_profiles: Sequence[str] = (), *, on_event: Listener | None = None) -> Book:
    """A book that lives as long as this object: for tests and short-lived work."""
    what, _kept = _new_book(profile, purposes, further_profiles)
    how, borrowed = _how(clock, on_event=on_event)
    return _opened(lib.clientbook_book_create_in_memory, what, how, borrowed=borrowed)


#: Tells characters [begin, end) of what it finds in a text, in any order.
TextFinder = Callable[[str], "Iterator[tuple[int, int]] | Sequence[tuple[int, int]]"]


def _finder(find: TextFinder) -> Any:
    """As the library asks: places in bytes, of which it has room for so many."""
    if not callable(find):
        raise TypeError("a finder is a function of a text")
    failed: int = 2 ** (8 * ffi.sizeof("size_t")) - 1

    @callback("size_t(void*, char*, size_t, uint64_t*, size_t)", error=failed)  # type: ignore[untyped-decorator, unused-ignore]
    def look(_context: Any, text: Any, size: int, places: Any, most: int) -> int:
        try:
            content = bytes(ffi.buffer(text, size)).decode()
            found = list(find(content))
            if any(not 0 <= begin < end <= len(content) for begin, end in found):
                return failed
            for i, (begin, end) in enumerate(found[:most]):
                places[2 * i] = len(content[:begin].encode())
                places[2 * i + 1] = len(content[:end].encode())
            return len(found)
        except Exception:  # noqa: BLE001: the text is not shown
            return failed

    return look


@_gated
class Session:
    """A book opened by an actor. Everything that reads says for which purpose.

    Every call can raise RoleDenied, NotFound (no such customer), Erased, StorageFailed, InvalidState.
    """

    def __init__(self, book: Book, handle: int) -> None:
        self._book = book  # keeps the context alive
        self._context = book._context
        self._address = int(ffi.cast("uintptr_t", book._context))
        self._handle = handle
        self._gate = book._gate
        self._known_fields: Fields | None = None
        self._known_port: _fast.Port | None = None
        self._finder: Any = None

    # --- how calls are made ---------------------------------------------------------------------

    @property
    def _call(self) -> Call:
        """What this thread's calls answer into."""
        return of_thread()

    def _check(self, status: int) -> None:
        _fast.raise_failed()
        if status != 0:
            self._call.check(status, self._where(status))

    def _where(self, status: int) -> str:
        """Where the JSON that was given is wrong; keeps the error as it is."""
        if status not in _ABOUT_INPUT:
            return ""
        call = Call()
        if lib.clientbook_session_where(self._context, self._handle, call.bytes, call.error) != 0:
            return ""
        return call.text()

    def _open(self) -> None:
        if not self._book._end.alive:
            raise errors.of(Code.INVALID_STATE, "the book is closed", 0)

    def _json(self, function: Any, *arguments: Any) -> Any:
        self._open()
        call = self._call
        self._check(function(self._context, self._handle, *arguments, call.bytes, call.error))
        return call.json()

    def _text(self, function: Any, *arguments: Any) -> str:
        self._open()
        call = self._call
        self._check(function(self._context, self._handle, *arguments, call.bytes, call.error))
        return call.text()

    @property
    def fields(self) -> Fields:
        """The schema of the book."""
        if self._known_fields is None:
            self._known_fields = Fields(self._json(lib.clientbook_session_fields))
        return self._known_fields

    # --- transactions ---------------------------------------------------------------------------

    @contextlib.contextmanager
    def transaction(self) -> Iterator["Session"]:
        """All calls within are one: committed at the end, undone by an exception. The book cannot be closed within."""
        with self._gate:
            refused = False
            try:
                status = lib.clientbook_session_begin_transaction(self._context, self._handle, self._call.error)
                refused = status != 0
                self._check(status)
                yield self
                self._check(lib.clientbook_session_commit(self._context, self._handle, self._call.error))
            except BaseException:  # an interrupt, too, wherever it comes
                if not refused:
                    lib.clientbook_session_rollback(self._context, self._handle, ffi.NULL)
                raise

    def cancel(self) -> None:
        """Stops the call that another thread, or a callback of the call itself, has under way with this session: it raises
        Cancelled, and nothing of it remains but that somebody looked. One that has committed goes on to its end; within a
        transaction only its undoing is left. Nothing under way: nothing happens."""
        self._open()
        call = Call()
        call.check(lib.clientbook_cancel(self._context, self._handle, call.error))

    # --- values in tables of the host's own -----------------------------------------------------

    def seal_column(self, customer: Customer, field: str, value: Any, purposes: Purposes = ()) -> bytes:
        """Seals a value of a field for a column of the host's own table: it opens by read_columns() of this book alone, and
        for as long as the customer is in it. Nothing is written. Raises NoBasis, InvalidInput."""
        self._open()
        form, content = _record({field: value})
        why = _purposes(purposes)
        call = self._call
        self._check(lib.clientbook_session_seal_column(
            self._context, self._handle, _id(customer), form, content, len(content), why, len(why), call.bytes, call.error))
        return call.take()

    def read_columns(self, customer: Customer, purpose: Union[Purpose, str], columns: Mapping[str, bytes]) -> View:
        """What the purpose shows of such cells, by field, as read() does of a record. Raises StorageFailed (of somebody else,
        changed, of another field), Erased."""
        self._open()
        cells = self._cells(columns)
        out = ffi.new("clientbook_bytes*")
        self._check(lib.clientbook_session_read_columns(
            self._context, self._handle, _id(customer), _purpose(purpose), cells, len(cells), _FLAT, out, self._call.error))
        return self._view(out)

    def disclose_columns(self, customer: Customer, purpose: Union[Purpose, str], recipient: Union[str, int],
                         columns: Mapping[str, bytes], fields: Sequence[str] | None = None,
                         country: str | None = None) -> Disclosure:
        """As disclose(), of such cells: the ledger first. All of them, or `fields`, or nothing. Raises Denied."""
        self._open()
        request = self._request(purpose, recipient, None, fields, country)
        cells = self._cells(columns)
        out, entry = ffi.new("clientbook_bytes*"), ffi.new("clientbook_id*")
        self._check(lib.clientbook_session_disclose_columns(
            self._context, self._handle, _id(customer), request, cells, len(cells), _FLAT, out, self._call.number, entry,
            self._call.error))
        return Disclosure(self._view(out), int(self._call.number[0]), bytes(ffi.buffer(entry)).hex())

    def _cells(self, columns: Mapping[str, bytes]) -> bytes:
        numbered = sorted((self.fields.number(key), content) for key, content in columns.items())
        return b"".join(struct.pack("<BI", number, len(content)) + content for number, content in numbered)

    # --- keeping --------------------------------------------------------------------------------

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What the shop keeps data for where a call names no purpose."""
        self._open()
        call = self._call
        self._check(lib.clientbook_session_purposes(self._context, self._handle, call.bytes, call.error))
        return tuple(Purpose(number) for number in call.take())

    def put(self, record: Record, purposes: Purposes = (), directives: Sequence[Directive] = (),
            leave_out: bool = False) -> Kept:
        """Adds a customer, with what they have just decided about it. A field is kept if one of the
        purposes permits it; none: those of the shop.

        Raises NoBasis (`at`: the field) unless `leave_out` says to keep the record without such fields;
        also then if nothing that names or reaches the customer may be kept. InvalidInput; Error with
        ALREADY_EXISTS (an external id of another customer).
        """
        self._open()
        form, content = _record(record)
        said = as_json([one.to_json() for one in directives]) if directives else ffi.NULL
        out = CustomerId(bytes(16))
        left_out = ffi.new("uint64_t*") if leave_out else ffi.NULL
        why = _purposes(purposes)
        self._check(lib.clientbook_session_put(
            self._context, self._handle, form, content, len(content), why, len(why), said,
            len(said) if directives else 0, left_out, out._c, self._call.error))
        keys = self._keys(left_out[0]) if leave_out else ()
        return Kept(CustomerId(bytes(ffi.buffer(out._c))), keys)

    def merge(self, customer: Customer, record: Record, purposes: Purposes = (),
              directives: Sequence[Directive] = (), renew: bool = False) -> dict[str, Any]:
        """What a file says of a customer whom the book has. What the book lacks is added; with `renew` what a file
        brought is replaced too, and no consent is widened. What somebody changed in the book stays. Keys of fields:
        `added`, `replaced`, `kept`, `conflicts`, `left_out` (with why), and how many directives were `recorded`,
        `repeated`, `back_dated`, `not_widened`."""
        form, content = _record(record)
        said = as_json([one.to_json() for one in directives]) if directives else ffi.NULL
        why = _purposes(purposes)
        out: dict[str, Any] = self._json(
            lib.clientbook_session_merge, _id(customer), form, content, len(content), why, len(why), said,
            len(said) if directives else 0, int(renew))
        return out

    def why_not_kept(self, customer: Customer, field: str, purposes: Purposes = ()) -> int:
        """Code of the decision by which a field of this customer would not be kept now; 0: it would."""
        self._open()
        why = _purposes(purposes)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_why_not_kept(
            self._context, self._handle, _id(customer), self.fields.number(field), why, len(why), out,
            self._call.error))
        return int(out[0])

    def kept_for(self, customer: Customer) -> dict[str, Any]:
        """What each field is kept for: by key, `purposes`, `since` and `by`."""
        out: dict[str, Any] = self._json(lib.clientbook_session_kept_for, _id(customer))
        return out

    def due(self) -> list[dict[str, Any]]:
        """Whose `fields` have outlived the last purpose that they are kept for. Nothing is removed."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_due)
        return out

    def may_collect(self, purposes: Purposes = (), directives: Sequence[Directive] = (),
                    born: datetime.date | None = None) -> tuple[str, ...]:
        """Keys of the fields that put() would keep of somebody born then."""
        self._open()
        why = _purposes(purposes)
        said = as_json([one.to_json() for one in directives]) if directives else ffi.NULL
        day = 0 if born is None else born.year * 10000 + born.month * 100 + born.day
        self._check(lib.clientbook_session_may_collect_born(
            self._context, self._handle, day, why, len(why), said, len(said) if directives else 0,
            self._call.number, self._call.error))
        return self._keys(self._call.number[0])

    def _keys(self, mask: int) -> tuple[str, ...]:
        return tuple(key for key, field in self.fields.by_key.items() if mask >> field.number & 1)

    def note_birth_date(self, customer: Customer, told: datetime.date) -> None:
        """Somebody said when the customer was born, and the record does not get it: of what was ever said the latest
        counts for what a consent is worth. Changes no field. Raises InvalidInput."""
        self._open()
        self._check(lib.clientbook_session_note_birth_date(
            self._context, self._handle, _id(customer), told.year * 10000 + told.month * 100 + told.day,
            self._call.error))

    def update(self, customer: Customer, record: Record, purposes: Purposes = ()) -> None:
        """Replaces these fields, keeps all others. Raises NoBasis, InvalidInput."""
        self._open()
        why = _purposes(purposes)
        form, content = _record(record)
        self._check(lib.clientbook_session_update(
            self._context, self._handle, _id(customer), form, content, len(content), why, len(why),
            self._call.error))

    def edit(self, customer: Customer, add: Mapping[str, Any] | None = None,
             drop: Mapping[str, Sequence[str]] | None = None, set: Mapping[str, Any] | None = None,  # noqa: A002
             remove: Sequence[str] = (), purposes: Purposes = (),
             change: Mapping[str, Sequence[tuple[Any, Any]]] | None = None, make_room: bool = False) -> tuple[str, ...]:
        """Adds elements to lists and members to a name, drops elements that say a text, replaces and
        removes whole fields, in one transaction; the keys of what changed.

        `change` gives an element of a list other members: {"tasks": [(seen, {"state": "done"})]}, where `seen` is the
        element as it was read; a member that is None is taken out. With `make_room` the oldest contacts and the
        oldest finished tasks go where a list would be too long.

        Raises Denied (`at`: a field that none of the purposes shows as it is), NotFound (nothing to drop, or nothing
        that is as it was seen), Error with ALREADY_EXISTS (nothing would change), NoBasis, InvalidInput.
        """
        self._open()
        why = _purposes(purposes)
        changes = None if change is None else {
            key: [{"seen": seen, "to": to} for seen, to in each] for key, each in change.items()}
        parts = {"add": add, "drop": drop, "change": changes, "set": set, "remove": list(remove) or None,
                 "make_room": make_room or None}
        content = as_json({key: to_json(value) for key, value in parts.items() if value is not None})
        self._check(lib.clientbook_session_edit(
            self._context, self._handle, _id(customer), content, len(content), why, len(why), self._call.number,
            self._call.error))
        return self._keys(self._call.number[0])

    def remove(self, customer: Customer, field: str, purposes: Purposes = ()) -> None:
        """Removes a field: what one of the purposes may alter, or what nothing keeps any more."""
        self._open()
        why = _purposes(purposes)
        self._check(lib.clientbook_session_remove(
            self._context, self._handle, _id(customer), self.fields.number(field), why, len(why), self._call.error))

    def append_purchase(self, customer: Customer, purchase: Union[Purchase, Record], purposes: Purposes = ()) -> int:
        """Appends a receipt, a Purchase, a dictionary by the names of its members, or CBOR; its number, from 1."""
        self._open()
        why = _purposes(purposes)
        form, content = _record(purchase if isinstance(purchase, (bytes, Purchase)) else in_minor_units(purchase))
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_append_purchase(
            self._context, self._handle, _id(customer), form, content, len(content), why, len(why), out,
            self._call.error))
        return int(out[0])

    def append_note(self, customer: Customer, note: Union[Note, str, Record], purposes: Purposes = (),
                    cards: NumberInNote = NumberInNote.REFUSED,
                    identity_numbers: NumberInNote = NumberInNote.REFUSED) -> int:
        """Appends a note; its place among the notes that this actor sees, from 1. A card number in it is refused or
        replaced, never kept: InvalidInput with CARD_DATA_REFUSED, IDENTITY_NUMBER_REFUSED. Raises also InvalidState (for
        the store, and neither the writer nor the customer has one), LimitExceeded (pinned, and as many are)."""
        self._open()
        why = _purposes(purposes)
        form, content = _record(Note(text=note) if isinstance(note, str) else note)
        policy = options("clientbook_note_policy", cards=cards, identity_numbers=identity_numbers)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_append_note(
            self._context, self._handle, _id(customer), form, content, len(content), why, len(why),
            policy, out, self._call.error))
        return int(out[0])

    def pin_note(self, customer: Customer, place: int, pinned: bool = True, purposes: Purposes = ()) -> None:
        """Pins a note, so that it warns whoever serves the customer, or no longer; `place` is its place in all of
        `notes()`, from 1. Raises NotFound (no such note that you see, or it is not pinned), Error with ALREADY_EXISTS (it
        is pinned), InvalidInput (it is not for all) and LIMIT_EXCEEDED (so many may be)."""
        self._open()
        why = _purposes(purposes)
        self._check(lib.clientbook_session_pin_note(
            self._context, self._handle, _id(customer), place, 1 if pinned else 0, why, len(why), self._call.error))

    # --- reading --------------------------------------------------------------------------------

    def read(self, customer: Customer, purpose: Union[Purpose, str],
             fields: Sequence[str] | None = None) -> View:
        """What the purpose shows of a customer; `fields` None: all."""
        # From the second time on the port does it: no frame of Python's stands before the call.
        self.read = self._port.show  # type: ignore[method-assign]
        view: View = self.read(customer, purpose, fields)
        return view

    @property
    def _port(self) -> _fast.Port:
        if self._known_port is None:
            known = self.fields
            self._known_port = _fast.Port(self._gate, int(ffi.cast("uintptr_t", self._context)), self._handle, View,
                                          known.attributes, known,
                                          {key: 1 << field.number for key, field in known.by_key.items()})
        return self._known_port

    def _view(self, taken: Any) -> View:
        """Over what a call has put into a clientbook_bytes."""
        out: View = self._port.take(int(ffi.cast("uintptr_t", taken)))
        return out

    def preview(self, customer: Customer, purpose: Union[Purpose, str],
                recipient: Union[Recipient, str, int] = Recipient.SELF,
                operation: Union[Operation, str] = Operation.USE,
                fields: Sequence[str] | None = None, country: str | None = None) -> View:
        """As another recipient would be shown it; nothing leaves and nothing is logged. `country`: where it
        would go ("US"), None: where the registry says that the recipient is."""
        self._open()
        request = self._request(purpose, recipient, operation, fields, country)
        out = ffi.new("clientbook_bytes*")
        self._check(lib.clientbook_session_preview(
            self._context, self._handle, _id(customer), request, _FLAT, out, self._call.error))
        return self._view(out)

    def purchases(self, customer: Customer, purpose: Union[Purpose, str], most: int = 0) -> Items:
        """The newest `most` receipts (0: all), oldest first."""
        told = self._json(lib.clientbook_session_purchases, _id(customer), _purpose(purpose), most)
        return _items_of(told, purchase_of)

    def figures_of(self, customer: Customer, purpose: Union[Purpose, str]) -> dict[str, Any]:
        """What the purchases that the purpose shows add up to: {"purchases", "first_purchase", "last_purchase",
        "last_visit", "returned_pieces", "without_amount", "spend": [{"currency", "spent", "returned"}]}, amounts in
        minor units. Computed, never stored. Raises Denied where they are not shown as they are."""
        out: dict[str, Any] = self._json(lib.clientbook_session_figures_of, _id(customer), _purpose(purpose))
        return out

    def notes(self, customer: Customer, purpose: Union[Purpose, str], most: int = 0) -> Items:
        """The newest `most` notes (0: all), oldest first, without what the purpose may not see. Those that the actor sees: of
        a note that is not for all its author, or who belongs to its store; under a purpose of a case all."""
        told = self._json(lib.clientbook_session_notes, _id(customer), _purpose(purpose), most)
        return _items_of(told, note_of)

    def pinned_notes(self, customer: Customer, purpose: Union[Purpose, str]) -> Items:
        """The pinned ones of these: what warns at the till."""
        return _items_of(self._json(lib.clientbook_session_pinned_notes, _id(customer), _purpose(purpose)), note_of)

    def iter_purchases(self, customer: Customer, purpose: Union[Purpose, str], most: int = 0) -> Iterator[Purchase]:
        """The same one at a time, out of one block: each is made when it is asked for. None where they are withheld."""
        return _items.purchases(self._item_block(customer, purpose, lib.CLIENTBOOK_PURCHASES, most))

    def iter_notes(self, customer: Customer, purpose: Union[Purpose, str], most: int = 0) -> Iterator[Note]:
        """The same of notes()."""
        return _items.notes(self._item_block(customer, purpose, lib.CLIENTBOOK_NOTES, most))

    def _item_block(self, customer: Customer, purpose: Union[Purpose, str], kind: int, most: int) -> _items.Block:
        self._open()
        call = self._call
        self._check(lib.clientbook_session_items(
            self._context, self._handle, _id(customer), _purpose(purpose), kind, most, _FLAT, call.bytes, call.error))
        return _items.Block(call.take())

    def notes_without(self, customer: Customer, purpose: Union[Purpose, str], hidden: Sequence[Customer],
                      most: int = 0) -> Items:
        """Notes without what names these customers too: a copy for the customer themselves, in which others shall not
        stand. Raises Error with LIMIT_EXCEEDED (more than 64 of them)."""
        ids = b"".join(_bytes(one) for one in hidden)
        told = self._json(lib.clientbook_session_notes_without, _id(customer), _purpose(purpose), ids, len(ids), most)
        return _items_of(told, note_of)

    # --- what is hidden in texts ----------------------------------------------------------------

    def set_text_regions(self, regions: Sequence[str]) -> None:
        """Countries of the shop (DE, US, ...), whose phone and identity numbers are looked for in texts of this session
        beside those of the customer's countries."""
        self._open()
        said = utf8(",".join(regions))
        self._check(lib.clientbook_session_set_text_regions(
            self._context, self._handle, said, len(said), self._call.error))

    def set_text_finder(self, find: TextFinder | None, names: bool = False) -> None:
        """What the host finds in a text is hidden wherever this session redacts one, beside what the library finds: its
        own numbers, `lambda text: (m.span() for m in pattern.finditer(text))`, or, with `names`, the names of people that
        a model knows. A text at which `find` raises is not shown. None: nothing more."""
        self._open()
        if find is None:
            self._check(lib.clientbook_session_set_text_finder(self._context, self._handle, ffi.NULL, self._call.error))
            self._finder = None
            return
        callback = _finder(find)
        what = options("clientbook_text_finder", find=callback, names=int(names))
        self._check(lib.clientbook_session_set_text_finder(self._context, self._handle, what, self._call.error))
        self._finder = callback  # the library calls it as long as the session lives

    def scan(self, purpose: Union[Purpose, str], fields: Sequence[str] | None = None,
             batch: int = 256) -> Iterator[View]:
        """Every customer, as the purpose shows them: whoever is in the book now and is not erased
        before their turn."""
        self._open()
        known = self.fields
        cursor = ffi.new("clientbook_handle*")
        self._check(lib.clientbook_session_scan(
            self._context, self._handle, _purpose(purpose),
            known.mask(fields), cursor, self._call.error))
        return self._batches(int(cursor[0]), batch)

    def _batches(self, cursor: int, most: int) -> Iterator[View]:
        port = self._port
        try:
            while True:
                views = port.next(cursor, most)
                if not views:
                    return
                yield from views
        finally:
            self._forget(cursor)

    def _forget(self, cursor: int) -> None:
        with contextlib.suppress(errors.InvalidState):  # the book is closed, and the cursor with it
            with self._gate:
                lib.clientbook_close(self._context, cursor, ffi.NULL)

    def to_arrow(self, purpose: Union[Purpose, str], fields: Sequence[str] | None = None, reasons: bool = False,
                 batch: int = 8192) -> Rows:
        """The same as columns, for pyarrow.table(), polars.DataFrame(), DuckDB, ...: `customer` (16 bytes) and each field in
        the type of the schema; days within lists and structs are ISO texts ("--02-29" without a year). What is absent, withheld or came out in another form (a redacted text in the place of a
        day, a day without a year) is null. `reasons`: with columns KEY.state and KEY.reason (numbers of State and
        Reason), and KEY.other, that other form as a text. `batch`: customers at a time, at most 65,536. Purchases
        and notes are no columns: ValueError where they are named.
        """
        if not 0 < batch <= 65536:
            raise ValueError("a batch is 1 to 65,536 customers")
        known, why = self.fields, _purpose(purpose)
        mask = known.mask(fields)
        asked = list(known.by_number.values()) if fields is None else [known.by_number[known.number(key)] for key in dict.fromkeys(fields)]
        if fields is not None and any(field.type in ITEMS for field in asked):
            raise ValueError("purchases and notes are no columns")
        table = columns(asked, reasons)

        def begin() -> Any:
            with self._gate:
                cursor = ffi.new("clientbook_handle*")
                self._check(lib.clientbook_session_scan(
                    self._context, self._handle, why, mask, cursor, self._call.error))
                try:
                    return self._port.arrow(int(cursor[0]), batch, table, self._forget)
                except BaseException:
                    self._forget(int(cursor[0]))
                    raise

        return Rows(begin)

    def items_to_arrow(self, purpose: Union[Purpose, str], kind: str = "purchases", batch: int = 1024) -> Rows:
        """Purchases or notes of every customer as columns: `customer` (16 bytes), `sequence`, and what each says, of
        receipts with their lines as a list. Who is withheld has no rows. `batch`: customers at a time."""
        if kind not in ("purchases", "notes"):
            raise ValueError("purchases or notes are columns of items")
        if not 0 < batch <= 65536:
            raise ValueError("a batch is 1 to 65,536 customers")
        why, table = _purpose(purpose), item_columns(kind.removesuffix("s"))
        which = int(lib.CLIENTBOOK_PURCHASES if kind == "purchases" else lib.CLIENTBOOK_NOTES)
        ids = self.fields.mask(("external_ids",))

        def begin() -> Any:
            with self._gate:
                cursor = ffi.new("clientbook_handle*")
                self._check(lib.clientbook_session_scan(
                    self._context, self._handle, why, ids, cursor, self._call.error))
                try:
                    return self._port.arrow(int(cursor[0]), batch, table, self._forget, which)
                except BaseException:
                    self._forget(int(cursor[0]))
                    raise

        return Rows(begin)

    def put_arrow(self, table: Any, purposes: Purposes = (), directives: Sequence[Directive] = (),
                  leave_out: bool = False) -> list[Kept]:
        """Adds a customer for each row of a table that tells itself by Arrow's C stream interface (pyarrow, polars, DuckDB,
        ...), all of them or none. Columns have the keys of fields, structs the names of members, as to_arrow() makes them;
        what is null is not there. `directives` are of each of them.

        Raises as put(), `where` then begins with the row, from 0; TypeError, ValueError (no table; a column of which no
        field is made).
        """
        out = []
        with self.transaction():
            for row, record in enumerate(_arrow_in.rows(table)):
                try:
                    out.append(self.put(record, purposes, directives, leave_out))
                except errors.Error as what:
                    raise type(what)(what.code, what.text, what.at, f"/{row}{what.where}") from None
        return out

    def find(self, system: str, value: str) -> CustomerId:
        """The customer with that external id. Raises NotFound."""
        self._open()
        out = CustomerId(bytes(16))
        a, b = utf8(system), utf8(value)
        self._check(lib.clientbook_session_find(
            self._context, self._handle, a, len(a), b, len(b), out._c, self._call.error))
        return CustomerId(bytes(ffi.buffer(out._c)))

    def search(self, typed: str, purpose: Union[Purpose, str], most: int = 20,
               fields: Sequence[str] | None = None, path: SearchPath = SearchPath.AUTOMATIC,
               as_typed: bool = False) -> dict[str, Any]:
        """Whoever answers to what somebody typed: words of names in any order, digits of phones, the beginning of
        an e-mail address, ids; best first. {"hits": [{"customer", "why": [{"field", "match"}], "fields"}],
        "matches", "path", "scanned", "unreadable"}. Nobody of whom the purpose may not query what answers.

        `as_typed`: without typing errors. Raises InvalidInput and Error with INVALID_ARGUMENT (less than two
        letters or three digits).
        """
        how = options("clientbook_search_options", most=most, path=int(path), as_typed=int(as_typed),
                      fields=0 if fields is None else self.fields.mask(fields))
        content = utf8(typed)
        out: dict[str, Any] = self._json(
            lib.clientbook_session_search, content, len(content), _purpose(purpose), how)
        return out

    def build_index(self, most: int = 10_000) -> int:
        """Builds the index at rest, or brings it up to date. One call is one transaction of about `most` customers and
        goes on where this session's last one ended. The customer numbers to go: call it from the background until
        that is 0. Answers are the same before, during and after; older versions of the library refuse the book from
        then on. Raises RoleDenied, InvalidState (inside a transaction)."""
        self._open()
        out = ffi.new("uint64_t*")
        self._check(lib.clientbook_session_build_index(self._context, self._handle, most, out, self._call.error))
        return int(out[0])

    def drop_index(self) -> None:
        """Takes the index at rest out of the book. Raises RoleDenied."""
        self._open()
        self._check(lib.clientbook_session_drop_index(self._context, self._handle, self._call.error))

    def index_plan(self) -> dict[str, Any]:
        """What lies at rest, and what each way to search tells who has the files or watches them: {"kind", "customers",
        "current", "buckets", "bytes", "plan": [{"kind", "bytes_at_rest", "bytes_in_memory", "at_rest",
        "to_a_watcher", "in_memory", "after_an_erasure"}]}. Raises RoleDenied."""
        out: dict[str, Any] = self._json(lib.clientbook_session_index_plan)
        return out

    def duplicates(self, purpose: Union[Purpose, str], of: Sequence[Customer] = (), most: int = 0) -> dict[str, Any]:
        """Who may be in the book twice: all pairs, or those with one of these customers, the first `most` (0: all).

        {"pairs": [{"first", "second", "shared": [{"field", "in_first", "in_second"}], "names", "same_postcode",
        "same_birth_date"}], "more", "not_same", "crowded", "unreadable"}: `names` is their likeness in hundredths,
        `crowded` how many values so many share that they tell nobody apart. Not inside a transaction.
        """
        request = as_json({"of": [str(one if isinstance(one, CustomerId) else CustomerId(one)) for one in of],
                              "most": most})
        out: dict[str, Any] = self._json(lib.clientbook_session_duplicates, request, len(request), _purpose(purpose))
        return out

    def note_not_same(self, one: Customer, other: Customer) -> None:
        """These two are two people, and are told of no more. Raises AlreadyExists."""
        self._open()
        self._check(lib.clientbook_session_note_not_same(self._context, self._handle, _id(one), _id(other),
                                                         self._call.error))

    def forget_not_same(self, one: Customer, other: Customer) -> None:
        """Raises NotFound: nobody has said so of them."""
        self._open()
        self._check(lib.clientbook_session_forget_not_same(self._context, self._handle, _id(one), _id(other),
                                                           self._call.error))

    def merge_customers(self, stays: Customer, goes: Customer, take: Sequence[str] = (),
                        only_tell: bool = False) -> dict[str, Any]:
        """Makes two customers one, or tells what would become of each field of the one who goes.

        {"fields": [{"field", "fate", "added", "alike", "why"}], "directives", "waiting", "associates", "closed",
        "receipt"}; `fate`: same, stays, taken, added, united, left_out. Of the fields in `take` the value of the one
        who goes stays. Both ids lead to the one who stays. Not inside a transaction. docs/duplicates.md.
        """
        request = as_json({"take": list(take), "only_tell": bool(only_tell)})
        out: dict[str, Any] = self._json(lib.clientbook_session_merge_customers, _id(stays), _id(goes), request,
                                         len(request))
        return out

    def unmerge(self, part: Customer) -> dict[str, Any]:
        """Two again, by the id that the part had: within 30 days. Raises NotFound, DeadlinePassed.

        {"restored", "as_they_are", "purchases", "notes", "noes", "receipt"}.
        """
        out: dict[str, Any] = self._json(lib.clientbook_session_unmerge, _id(part))
        return out

    def parts(self, customer: Customer) -> dict[str, Any]:
        """{"customer", "parts": [{"id", "since", "by", "until"}]}: whose id that is now, and who is a part of them."""
        out: dict[str, Any] = self._json(lib.clientbook_session_parts, _id(customer))
        return out

    def find_by_email(self, address: str, purpose: Union[Purpose, str]) -> list[CustomerId]:
        """Who has exactly this address, but for case. Raises NotFound: nobody whom the purpose may find by it."""
        return self._find_exactly("emails", "", address, purpose)

    def find_by_phone(self, number: str, purpose: Union[Purpose, str]) -> list[CustomerId]:
        """Who has this number, with or without its country's code. Raises NotFound."""
        return self._find_exactly("phones", "", number, purpose)

    def find_by_id(self, system: str, value: str, purpose: Union[Purpose, str]) -> list[CustomerId]:
        """Who has this external id. Raises NotFound."""
        return self._find_exactly("external_ids", system, value, purpose)

    def _find_exactly(self, field: str, system: str, value: str, purpose: Union[Purpose, str]) -> list[CustomerId]:
        self._open()
        of, content = utf8(system), utf8(value)
        call = self._call
        self._check(lib.clientbook_session_find_exactly(
            self._context, self._handle, self.fields.number(field), of, len(of), content, len(content),
            _purpose(purpose), call.bytes, call.error))
        ids = call.take()
        return [CustomerId(ids[at:at + 16]) for at in range(0, len(ids), 16)]

    def list_customers(self, purpose: Union[Purpose, str], days: int | None = None, first: datetime.date | None = None,
             kind: str | None = None, likes: str | None = None, size: str | None = None,
             size_kind: str | None = None, bought: str | None = None, bought_since: datetime.date | None = None,
             no_purchase_for_days: int | None = None, consent_ends_within_days: int | None = None,
             skip: int = 0, most: int = 100, fields: Sequence[str] | None = None,
             tasks_due_within_days: int | None = None, assigned: int | None = None,
             no_contact_for_days: int | None = None, tag: str | None = None, tier: str | None = None,
             bought_category: str | None = None, brand: str | None = None) -> dict[str, Any]:
        """Of whom all that is given holds: a birthday or special day within `days` of `first` (today), something
        they like, a size, something bought, no purchase for so many days, a consent that ends, an open task that is
        due (0: by today) or an actor's, no contact for so many days, a tag, a tier. {"count", "customers":
        [{"customer", "day", "kind", "years", "last_purchase", "consent_ends", "task", "task_due", "last_contact",
        "fields"}]}."""
        window = {"days": days, "first": first, "kind": kind}
        asked = {"days": {key: to_json(value) for key, value in window.items() if value is not None}
                 if days is not None else None,
                 "likes": likes, "size": size, "size_kind": size_kind, "bought": bought,
                 "bought_since": to_json(bought_since), "no_purchase_for_days": no_purchase_for_days,
                 "consent_ends_within_days": consent_ends_within_days, "skip": skip, "most": most,
                 "tasks_due_within_days": tasks_due_within_days, "assigned": assigned,
                 "no_contact_for_days": no_contact_for_days, "tag": tag, "tier": tier,
                 "bought_category": bought_category, "brand": brand}
        content = as_json({key: value for key, value in asked.items() if value is not None})
        out: dict[str, Any] = self._json(lib.clientbook_session_list_customers, content, len(content), _purpose(purpose),
                                         0 if fields is None else self.fields.mask(fields))
        return out

    def count_permitted(self, purpose: Union[Purpose, str], field: str,
                        recipient: Union[Recipient, str, int] = Recipient.SELF,
                        operation: Union[Operation, str] = Operation.USE, country: str | None = None) -> int:
        """How many customers may be reached: the field is permitted for that use."""
        self._open()
        request = self._request(purpose, recipient, operation, None, country)
        self._check(lib.clientbook_session_count_permitted(
            self._context, self._handle, request, self.fields.number(field), self._call.number, self._call.error))
        return int(self._call.number[0])

    # --- the customer decides -------------------------------------------------------------------

    def record(self, customer: Customer, directive: Directive) -> int:
        """Appends what the customer has decided; its number, from 1."""
        self._open()
        content = as_json(directive.to_json())
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_record(
            self._context, self._handle, _id(customer), content, len(content), out, self._call.error))
        return int(out[0])

    def record_at_age(self, customer: Customer, directive: Directive, from_age: int, below: int) -> int:
        """The same where a signal speaks of children of that age; 0: the customer is not known to be one."""
        self._open()
        content = as_json(directive.to_json())
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_record_at_age(
            self._context, self._handle, _id(customer), content, len(content), from_age, below, out,
            self._call.error))
        return int(out[0])

    def record_no(self, system: str, value: str, no: Directive) -> None:
        """A plain no of whoever has this external id, for whom find() finds nobody since the customer is somebody
        else's: nothing says whether there is such a customer. Raises NotFound to whoever reaches everybody."""
        self._open()
        whose, which, content = utf8(system), utf8(value), as_json(no.to_json())
        self._check(lib.clientbook_session_record_no(
            self._context, self._handle, whose, len(whose), which, len(which), content, len(content),
            self._call.error))

    def record_no_of(self, record: Record, no: Directive) -> None:
        """The same of everybody who has one of the record's ids, e-mail addresses or phone numbers."""
        self._open()
        form, who = _record(record)
        content = as_json(no.to_json())
        self._check(lib.clientbook_session_record_no_of(
            self._context, self._handle, form, who, len(who), content, len(content), self._call.error))

    def move(self, customer: Customer, law: str, known_by: str, evidence: str = "", *, state: str | None = None,
             works_here: bool | None = None) -> int:
        """Where a customer lives, in a book of several law profiles; the directive's number.

        `known_by`: address (opens nothing), customer (their own word) or officer (with evidence). `state`: whose
        ages hold ("AT"). `works_here`: consents count only if they are explicit and have evidence; that it is over
        says an officer. Raises NotFound (a law that the book does not follow), InvalidInput (an officer without
        evidence, an address with it), ValueError (another word for who knows it).
        """
        sources = {"address": lib.CLIENTBOOK_KNOWN_BY_ADDRESS, "customer": lib.CLIENTBOOK_KNOWN_BY_CUSTOMER,
                   "officer": lib.CLIENTBOOK_KNOWN_BY_OFFICER}
        if known_by not in sources:
            raise ValueError("known by address, customer or officer")
        if state is not None or works_here is not None:
            # As the library refuses it below: a directive without evidence cannot say who knows it.
            if known_by == "officer" and not evidence:
                raise errors.of(Code.MISSING_FIELD, "what an officer says needs evidence: where it lies", 0)
            if known_by == "address" and evidence:
                raise errors.of(Code.INVALID_ARGUMENT, "of an address nobody has evidence: say who confirms it", 0)
            return self.record(customer, Directive(
                "move", law=law, state=state, works_here=works_here, evidence=evidence or None,
                by="subject" if known_by == "customer" else "controller"))
        self._open()
        name, where = utf8(law), utf8(evidence)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_move(
            self._context, self._handle, _id(customer), name, len(name), sources[known_by], where, len(where), out,
            self._call.error))
        return int(out[0])

    def jurisdiction(self, customer: Customer) -> dict[str, Any]:
        """{"laws": names, "confirmed": name or None, "state": two letters or None, "employed": bool}: what all
        of the laws permit is permitted."""
        out: dict[str, Any] = self._json(lib.clientbook_session_jurisdiction, _id(customer))
        return out

    def record_and_tell(self, customer: Customer, directive: Directive) -> dict[str, Any]:
        """The same, and what it did: `sequence`, `opened`, `closed`, perhaps `opens_nothing_because`."""
        content = as_json(directive.to_json())
        out: dict[str, Any] = self._json(lib.clientbook_session_record_and_tell, _id(customer), content,
                                         len(content))
        return out

    def waiting(self, customer: Customer) -> list[dict[str, Any]]:
        """What of a customer's yes waits, since nobody but who noted it has said so: oldest first."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_waiting, _id(customer))
        return out

    def confirm_consent(self, customer: Customer, sequence: int, document: bytes,
                        reference: str = "") -> dict[str, Any]:
        """A second person has the document before them that shows it: the consent counts from now on.

        The book keeps the document's hash. Raises NotFound (nothing of that number waits), SecondPersonRequired
        (who has noted it), InvalidState (30 days are over, or the customer has said no since).
        """
        where = utf8(reference)
        out: dict[str, Any] = self._json(lib.clientbook_session_confirm_consent, _id(customer), sequence, document,
                                         len(document), where, len(where))
        return out

    def note_age_proof(self, customer: Customer, document: str, born: datetime.date | None = None,
                       at_least: int | None = None, reference: str | None = None, hash: str | None = None) -> int:
        """Somebody has a document before them that shows how old the customer is: noted, for a second person to
        see it too; its number. `document`: identity_card, passport, driving_licence, residence_permit,
        birth_certificate, other. The day or the age, not both. Changes nothing by itself."""
        self._open()
        content = _age_proof(document, born, at_least, reference, hash)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_note_age_proof(self._context, self._handle, _id(customer), content,
                                                          len(content), out, self._call.error))
        return int(out[0])

    def confirm_age_proof(self, customer: Customer, sequence: int, document: str, born: datetime.date | None = None,
                          at_least: int | None = None, reference: str | None = None,
                          hash: str | None = None) -> dict[str, Any]:
        """Another person has it before them, and says what they see: the customer counts as of that age for what
        is agreed to from then on. Nothing opens by itself.

        Raises NotFound (nothing of that number waits), SecondPersonRequired (who has noted it), InvalidValue (it is
        not what was noted), InvalidState (30 days are over, or a younger age was told since).
        """
        content = _age_proof(document, born, at_least, reference, hash)
        out: dict[str, Any] = self._json(lib.clientbook_session_confirm_age_proof, _id(customer), sequence, content,
                                         len(content))
        return out

    def age_proofs(self, customer: Customer) -> list[dict[str, Any]]:
        """Proofs of age that wait for a second person, oldest first; without the day."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_age_proofs, _id(customer))
        return out

    def ask_opt_in(self, customer: Customer, sequence: int) -> dict[str, Any]:
        """Double opt-in: {"token", "until"}, to be sent to an address of the customer's. Who has it speaks for them."""
        out: dict[str, Any] = self._json(lib.clientbook_session_ask_opt_in, _id(customer), sequence)
        return out

    def bring_opt_in(self, token: str) -> int:
        """The customer has brought it back: the consent counts from now on; its number. Raises NotFound."""
        self._open()
        content = utf8(token)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_bring_opt_in(self._context, self._handle, content, len(content), out,
                                                        self._call.error))
        return int(out[0])

    def import_consents(self, customer: Customer, gpc: str | None = None, gpp: str | None = None,
                        tcf: str | None = None, usp: str | None = None, record: str | None = None,
                        notice: str | None = None, evidence: str | None = None,
                        vendors: Sequence[dict[str, Any]] = ()) -> dict[str, int]:
        """Records what a signal or another system's record says; how much that was. A vendor is
        `{"vendor": 28, "recipient": "Example Ads", "legitimate_interests": [2, 7]}`."""
        members: dict[str, Any] = {"gpc": gpc, "gpp": gpp, "tcf": tcf, "usp": usp, "record": record,
                                   "notice": notice, "evidence": evidence, "vendors": list(vendors) or None}
        content = as_json({key: value for key, value in members.items() if value is not None})
        out: dict[str, int] = self._json(lib.clientbook_session_import_consents, _id(customer), content,
                                         len(content))
        return out

    def import_noes(self, system: str, value: str, gpc: str | None = None, gpp: str | None = None,
                    tcf: str | None = None, usp: str | None = None, evidence: str | None = None,
                    vendors: Sequence[dict[str, Any]] = ()) -> dict[str, int]:
        """The same of what signals of whoever has this external id say no to; what would open something is left
        out."""
        members: dict[str, Any] = {"gpc": gpc, "gpp": gpp, "tcf": tcf, "usp": usp, "evidence": evidence,
                                   "vendors": list(vendors) or None}
        content = as_json({key: one for key, one in members.items() if one is not None})
        whose, which = utf8(system), utf8(value)
        out: dict[str, int] = self._json(lib.clientbook_session_import_noes, whose, len(whose), which, len(which),
                                         content, len(content))
        return out

    def import_customers(self, map: str | None = None, folder: "str | os.PathLike[str]" = ".",
                         vcards: "str | os.PathLike[str] | None" = None, system: str = "", region: str = "",
                         purposes: Sequence[Union[Purpose, str]] = (), skip_bad_rows: bool = False,
                         known: str = "stop", dry_run: bool = False, notice: str = "",
                         files: "Sequence[str | os.PathLike[str]]" = (),
                         json_lines: "str | os.PathLike[str] | None" = None, take_erased: bool = False,
                         came_back: Sequence[str] = (), as_of: "datetime.date | str" = "") -> dict[str, Any]:
        """Customers of the files of a column map (its text), of `files` alone where they are a known export or wholly
        understood (`system` and `region` as propose_column_map() takes them), of a file of vCards, or of the lines of JSON
        that export_customers() wrote, all or none; `system`, of all but these, is whose ids they are: counts, and
        `skipped` and `remarks` with place and why. `known`: stop, skip, add or update. Of people whose erasure the book
        remembers those come in whose ids `came_back` names, or all (`take_erased`). `as_of`: the day that the files are
        of, so that an older one takes nothing back. Raises InvalidInput with `where`."""
        request: dict[str, Any] = {"skip_bad_rows": skip_bad_rows, "known": known, "dry_run": dry_run}
        if notice:
            request["notice"] = notice
        if take_erased:
            request["take_erased"] = True
        if came_back:
            request["came_back"] = list(came_back)
        if as_of:
            request["as_of"] = str(as_of)
        if purposes:
            request["purposes"] = [_word(one, Purpose) for one in purposes]
        if map is not None:
            request.update({"map": map, "folder": os.fspath(folder)})
        if vcards is not None:
            request["vcards"] = os.fspath(vcards)
        if json_lines is not None:
            request["json_lines"] = os.fspath(json_lines)
        if files:
            request.update({"files": [os.fspath(one) for one in files], "year": datetime.date.today().year})
        request.update({name: text for name, text in (("system", system), ("region", region)) if text})
        content = as_json(request)
        out: dict[str, Any] = self._json(lib.clientbook_session_import_customers, content, len(content))
        return out

    def directives(self, customer: Customer) -> list[dict[str, Any]]:
        """All that was decided, oldest first (docs/c_abi.md)."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_directives, _id(customer))
        return out

    def export_consent(self, customer: Customer, format: str = "27560", directive: int = 0,  # noqa: A002
                       **details: str) -> dict[str, Any]:
        """What a customer said, in a form that others read: {"format", "text"}, and of a receipt the `key` that checks it.

        `format`: "27560" (a record of ISO/IEC TS 27560), "receipt" (of it, signed), "kantara", "gpp". `directive` is its
        number. `details`: controller, address, contact, notice_language, notice_url, jurisdiction, storage_location,
        retention, withdrawal_method; of gpp section. Raises NotFound, InvalidInput.
        """
        request = as_json({"format": format, "directive": directive, **details})
        out: dict[str, Any] = self._json(lib.clientbook_session_export_consent, _id(customer), request, len(request))
        return out

    def explain(self, customer: Customer, purpose: Union[Purpose, str], field: str, language: str = "en",
                recipient: Union[Recipient, str, int] = Recipient.SELF,
                operation: Union[Operation, str] = Operation.USE, contact: str | None = None,
                country: str | None = None) -> str:
        """Why a field is shown or not, in a sentence or two: en, de, fr, es, it; `contact`: of this one alone."""
        tag = utf8(language)
        request = self._request(purpose, recipient, operation, None, country)
        if contact is not None:
            value = utf8(contact)
            return self._text(lib.clientbook_session_explain_contact, _id(customer), request,
                              self.fields.number(field), value, len(value), tag, len(tag))
        return self._text(lib.clientbook_session_explain, _id(customer), request, self.fields.number(field),
                          tag, len(tag))

    def preview_grant(self, customer: Customer, grant: Directive) -> dict[str, Any]:
        """What a consent of this customer would open: {"cells", "hash"}."""
        content = as_json(grant.to_json())
        out: dict[str, Any] = self._json(lib.clientbook_session_preview_grant, _id(customer), content, len(content))
        return out

    def preview_notice(self, notice: Mapping[str, Any]) -> dict[str, Any]:
        """What consent to a notice would open for somebody new."""
        content = as_json(_notice(notice))
        out: dict[str, Any] = self._json(lib.clientbook_session_preview_notice, content, len(content))
        return out

    def add_notice(self, title: str, text: str, purposes: Sequence[Union[Purpose, str]],
                   recipients: Sequence[Union[Recipient, str]],
                   categories: Sequence[Union[Category, str]] | None = None,
                   operations: Sequence[Union[Operation, str]] | None = None, language: str = "en",
                   offer: str | None = None, retention_days: int = 0) -> int:
        """Adds a notice, or the next version of one; its number. The book keeps hashes of the texts."""
        return int(self.add_notice_and_tell(title, text, purposes, recipients, categories, operations, language, offer,
                                            retention_days)["notice"])

    def add_notice_and_tell(self, title: str, text: str, purposes: Sequence[Union[Purpose, str]],
                            recipients: Sequence[Union[Recipient, str]],
                            categories: Sequence[Union[Category, str]] | None = None,
                            operations: Sequence[Union[Operation, str]] | None = None, language: str = "en",
                            offer: str | None = None, retention_days: int = 0) -> dict[str, Any]:
        """The same; the notice as it is stored, as one of notices()."""
        content = as_json(_notice({
            "title": title, "text": text, "purposes": purposes, "recipients": recipients,
            "categories": categories, "operations": operations, "language": language, "offer": offer,
            "retention_days": retention_days}))
        out: dict[str, Any] = self._json(lib.clientbook_session_add_notice_and_tell, content, len(content))
        return out

    def withdraw_notice(self, notice: int) -> dict[str, Any]:
        """What was agreed to under any version of it so far counts no more, for good; the version that says so.
        Raises NotFound, AlreadyExists."""
        out: dict[str, Any] = self._json(lib.clientbook_session_withdraw_notice, notice)
        return out

    def consents_under(self, notice: int) -> int | None:
        """How many customers' consents rest on it, which a withdrawal would end; None: some, and fewer than 5."""
        out: dict[str, int | None] = self._json(lib.clientbook_session_consents_under, notice)
        return out["customers"]

    def notices(self) -> list[dict[str, Any]]:
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_notices)
        return out

    def add_recipient(self, name: str, recipient_class: Union[Recipient, str], country: str | None = None,
                      contract: str | None = None, onward: str | None = None,
                      transfer: str | None = None) -> int:
        """Adds a party that may ever receive something; its number, for preview() and disclose(). What it lacks
        before anything may go there says `needs` of recipients()."""
        self._open()
        members = {"name": name, "class": _word(recipient_class, Recipient), "country": country, "contract": contract,
                   "onward": onward, "transfer": transfer}
        content = as_json({key: value for key, value in members.items() if value is not None})
        out = ffi.new("uint8_t*")
        self._check(lib.clientbook_session_add_recipient(
            self._context, self._handle, content, len(content), out, self._call.error))
        return int(out[0])

    def edit_recipient(self, number: int, name: str, recipient_class: Union[Recipient, str],
                       country: str | None = None, contract: str | None = None, onward: str | None = None,
                       transfer: str | None = None) -> None:
        """Another contract, country or safeguard; what is not given is then not there."""
        self._open()
        members = {"name": name, "class": _word(recipient_class, Recipient), "country": country, "contract": contract,
                   "onward": onward, "transfer": transfer}
        content = as_json({key: value for key, value in members.items() if value is not None})
        self._check(lib.clientbook_session_edit_recipient(
            self._context, self._handle, number, content, len(content), self._call.error))

    def set_recipient_contact(self, number: int, contact: str = "", acknowledgement_key: str = "") -> None:
        """How the party is reached (one line), and the key by which it acknowledges what it was told
        (`<name>+<key id>+<key>`, Ed25519), in place of what was known. Raises Error with NOT_FOUND, ALREADY_EXISTS
        (nothing changes), InvalidInput."""
        self._open()
        content = as_json({"contact": contact, "acknowledgement_key": acknowledgement_key})
        self._check(lib.clientbook_session_set_recipient_contact(
            self._context, self._handle, number, content, len(content), self._call.error))

    def retire_recipient(self, number: int) -> None:
        """The party gets nothing any more."""
        self._open()
        self._check(lib.clientbook_session_retire_recipient(
            self._context, self._handle, number, self._call.error))

    def tabulate(self, purpose: Union[Purpose, str], columns: Mapping[str, str | None], k: int = 10, small: str = "suppress",
                 noise_scale: int = 2) -> dict[str, Any]:
        """How many customers share each combination of values, with noise: {"rows": [{"values", "people"}], "suppressed",
        "ledger_index"}. `columns`: fields, each with an operator that makes it coarser (None: as the decision says). A
        combination of fewer than `k` people does not leave. Not inside a transaction. Raises Denied, InvalidInput, Error
        with GROUP_TOO_SMALL (`small`: "refuse")."""
        asked = [{"field": field, **({"by": by} if by is not None else {})} for field, by in columns.items()]
        request = as_json({"purpose": _word(purpose, Purpose), "columns": asked, "k": k, "small": small,
                              "noise_scale": noise_scale})
        out: dict[str, Any] = self._json(lib.clientbook_session_tabulate, request, len(request))
        return out

    # --- tokens ---------------------------------------------------------------------------------

    def set_token_reversal(self, public_key: bytes) -> None:
        """Whose private key turns back the tokens that this session shows (reversal_key): until then a field that a decision
        wants as a token is withheld."""
        self._open()
        self._check(lib.clientbook_session_set_token_reversal(
            self._context, self._handle, public_key, len(public_key), self._call.error))

    def reverse_token(self, token: str, field: str, purpose: Union[Purpose, str], secret: bytes) -> str:
        """Turns a token of this book, field and purpose back, for a privacy officer; the ledger says so before. Python keeps
        the secret and the value in memory for as long as it likes. Raises RoleDenied, StorageFailed (another key)."""
        content = utf8(token)
        return self._text(lib.clientbook_session_reverse_token, content, len(content), self.fields.number(field),
                          _purpose(purpose), secret, len(secret))

    # --- laws and fields ------------------------------------------------------------------------

    def policy(self) -> dict[str, Any]:
        """Which law profiles the book follows, whose signatures it trusts, what is proposed: {"profiles", "trusted_keys",
        "proposal"}; of a proposed profile also what it would open and close."""
        out: dict[str, Any] = self._json(lib.clientbook_session_policy)
        return out

    def propose_policy(self, kind: str, content: bytes) -> int:
        """Proposes a change, which nothing follows yet: a signed profile as a file ("profile", "add_profile"), or a key of 32
        bytes ("trust_key", "distrust_key"). Its number. Raises Error with SIGNATURE_INVALID, ALREADY_EXISTS."""
        self._open()
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_propose_policy(
            self._context, self._handle, _policy_kind(kind), content, len(content), out, self._call.error))
        return int(out[0])

    def propose_profile(self, kind: str, name: str) -> int:
        """The same of one of the library's own profiles ("gdpr", "us", ...), which the book signs itself."""
        self._open()
        out = ffi.new("uint32_t*")
        said = utf8(name)
        self._check(lib.clientbook_session_propose_profile(
            self._context, self._handle, _policy_kind(kind), said, len(said), out, self._call.error))
        return int(out[0])

    def effect_of(self, kind: str, profile: bytes) -> dict[str, Any]:
        """What a signed profile would open and close, for newcomers and for the customers of the book."""
        out: dict[str, Any] = self._json(lib.clientbook_session_effect_of, _policy_kind(kind), profile, len(profile))
        return out

    def approve_policy(self, number: int) -> int:
        """Puts a proposal of somebody else in force; the index of its entry of the ledger. compile_consents() follows.
        Raises NotFound, Error with SECOND_PERSON_REQUIRED."""
        self._open()
        self._check(lib.clientbook_session_approve_policy(
            self._context, self._handle, number, self._call.number, self._call.error))
        return int(self._call.number[0])

    def add_fields(self, fields: Sequence[Mapping[str, Any]]) -> None:
        """Adds fields of the shop's own: [{"number": 40, "key": "fitting", "type": "text", "list": False, "redaction": "drop",
        "categories": ["preference"]}], of which list and redaction may be left out. Raises InvalidInput, Error
        with ALREADY_EXISTS."""
        self._open()
        content = as_json(list(fields))
        self._check(lib.clientbook_session_add_fields(
            self._context, self._handle, content, len(content), self._call.error))
        self._known_fields = self._known_port = None
        self.__dict__.pop("read", None)  # of the former fields

    def carve(self, copy: PathLike) -> dict[str, Any]:
        """Tries every key that exists today on another store, such as a copy made before an erasure: {"records", "opened",
        "tree_opens", "unopened"}."""
        place = _path(copy)
        out: dict[str, Any] = self._json(lib.clientbook_session_carve, place, len(place))
        return out

    def add_built_in_fields(self) -> tuple[str, ...]:
        """Brings in the built-in fields that this version has and the book does not; their keys. Raises Error with
        ALREADY_EXISTS (`at`: one whose key a field of the shop's own has; nothing was added), RoleDenied."""
        self._open()
        self._check(lib.clientbook_session_add_built_in_fields(
            self._context, self._handle, self._call.number, self._call.error))
        added = self._call.number[0]
        self._known_fields = None
        return self._keys(added)

    def compile_consents(self, most: int = 1000) -> int:
        """After a change of parties, schema or law, which holds at once, decisions about a customer are slower until
        this has come to them. One call is one transaction of at most `most` steps (customers and their directives)
        and goes on where the last one ended. The customers to go: call it from the background until that is 0."""
        self._open()
        out = ffi.new("uint64_t*")
        self._check(lib.clientbook_session_compile_consents(
            self._context, self._handle, most, out, self._call.error))
        return int(out[0])

    def recipients(self) -> list[dict[str, Any]]:
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_recipients)
        return out

    # --- passing on and its evidence ------------------------------------------------------------

    def disclose(self, customer: Customer, purpose: Union[Purpose, str], recipient: Union[str, int],
                 fields: Sequence[str] | None = None, country: str | None = None) -> Disclosure:
        """Writes the ledger, then gives what left. `recipient` is a party's name or number; `fields`:
        all of these or nothing, None: whatever is permitted; `country`: where it goes ("US"), None: where the
        registry says that the recipient is. Raises Denied."""
        self._open()
        request = self._request(purpose, recipient, None, fields, country)
        out = ffi.new("clientbook_bytes*")
        entry = ffi.new("clientbook_id*")
        self._check(lib.clientbook_session_disclose(
            self._context, self._handle, _id(customer), request, _FLAT, out, self._call.number, entry,
            self._call.error))
        return Disclosure(self._view(out), int(self._call.number[0]), bytes(ffi.buffer(entry)).hex())

    def disclose_many(self, customers: Sequence[Customer], purpose: Union[Purpose, str], recipient: Union[str, int],
                      fields: Sequence[str] | None = None, country: str | None = None) -> list[dict[str, Any]]:
        """Passes on what of each (at most 1,000) the purpose permits, in one commit, the ledger first; purchases and
        notes too. In their order: `customer`, `permitted`, and where something left `ledger_index`, `entry`, `fields`,
        `purchases`, `notes`."""
        ids = b"".join(bytes(ffi.buffer(_id(one))) for one in customers)
        request = self._request(purpose, recipient, None, fields, country)
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_disclose_many, ids, len(ids), request)
        return out

    def not_delivered(self, customer: Customer, ledger_index: int) -> None:
        """Says in the ledger that what an entry tells of did not get out; the entry stays."""
        self._open()
        self._check(lib.clientbook_session_not_delivered(
            self._context, self._handle, _id(customer), ledger_index, self._call.error))

    def export_customers(self, purpose: Union[Purpose, str], to: str, write: Callable[[str, bytes], int],
                         finish: Callable[[], bool] | None = None, form: str = "csv",
                         fields: Sequence[str] = (), country: str = "") -> dict[str, Any]:
        """Passes on what of everybody a purpose permits to a party, the ledger first, as csv, one_csv, json_lines or
        vcards. `write(file, bytes)` says how many bytes got out; with `finish`, nothing has got out before that says
        so. Counts; `delivered` is False where not all got out, as the ledger then says too. An exception of either
        counts as nothing more got out, and is raised afterwards."""
        request: dict[str, Any] = {"purpose": _word(purpose, Purpose), "to": to, "form": form, "fields": list(fields)}
        if country:
            request["country"] = country
        content = as_json(request)
        raised: list[BaseException] = []

        def safely(call: Callable[[], int]) -> int:
            try:
                return 0 if raised else call()
            except BaseException as what:  # noqa: BLE001: carried to the caller
                raised.append(what)
                return 0

        @callback("size_t(void*, const char*, size_t, const char*, size_t)")  # type: ignore[untyped-decorator, unused-ignore]
        def put(_context: Any, file: Any, file_size: int, data: Any, size: int) -> int:
            name = bytes(ffi.buffer(file, file_size)).decode()
            return safely(lambda: max(0, min(size, int(write(name, bytes(ffi.buffer(data, size)))))))

        @callback("int(void*)")  # type: ignore[untyped-decorator, unused-ignore]
        def end(_context: Any) -> int:
            return safely(lambda: int(finish is not None and finish()))

        sink = options("clientbook_sink", write=put)
        if finish is not None:
            sink.finish = end
        out: dict[str, Any] = self._json(lib.clientbook_session_export_customers, content, len(content), sink)
        if raised:
            raise raised[0]
        return out

    def ledger(self, customer: Customer) -> list[LedgerEntry]:
        """Everybody's entry about the customer, oldest first."""
        rows = self._json(lib.clientbook_session_ledger, _id(customer))
        return [LedgerEntry(**{
            **row, "at": _instant(row["at"]), "fields": tuple(row["fields"]),
            "until": _instant(row["until"]) if "until" in row else None,
            "on": datetime.date.fromisoformat(row["on"]) if row.get("on") else None}) for row in rows]

    def prove(self, index: int) -> str:
        """Evidence that an entry is in the ledger, for check_proof()."""
        return self._text(lib.clientbook_session_prove, index)

    def checkpoint(self) -> str:
        """The newest checkpoint, a signed note."""
        return self._text(lib.clientbook_session_checkpoint)

    def log_identity(self) -> str:
        """What a verifier pins: origin and key of the book's ledger."""
        return self._text(lib.clientbook_session_log_identity)

    def ledger_file(self, path: str) -> bytes:
        """A file of the ledger as a log that others read (C2SP tlog-tiles): `checkpoint`, `tile/0/000.p/17`,
        `tile/entries/000.p/17`. Raises Error with NOT_FOUND."""
        content = utf8(path)
        self._open()
        call = self._call
        self._check(lib.clientbook_session_ledger_file(self._context, self._handle, content, len(content), call.bytes,
                                                       call.error))
        return call.take()

    def goes_on_from(self, checkpoint: str) -> int:
        """How many entries the ledger had at a checkpoint of it that somebody kept, and that it goes on from there.
        Raises Error with SIGNATURE_INVALID, ROLLED_BACK, PROOF_INVALID."""
        content = utf8(checkpoint)
        self._open()
        self._check(lib.clientbook_session_goes_on_from(self._context, self._handle, content, len(content),
                                                        self._call.number, self._call.error))
        return int(self._call.number[0])

    def witnesses(self) -> list[dict[str, Any]]:
        """Witnesses of the ledger, and what each has seen and cosigned last."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_witnesses)
        return [{**one, "at": _instant(one["at"]) if one["at"] else None} for one in out]

    def add_witness(self, key: str) -> None:
        """A witness, by its key `<name>+<id>+<key>`. Raises Error with ALREADY_EXISTS, InvalidInput."""
        content = utf8(key)
        self._open()
        self._check(lib.clientbook_session_add_witness(self._context, self._handle, content, len(content),
                                                       self._call.error))

    def remove_witness(self, name: str) -> None:
        """With what it has cosigned."""
        content = utf8(name)
        self._open()
        self._check(lib.clientbook_session_remove_witness(self._context, self._handle, content, len(content),
                                                          self._call.error))

    def witness_request(self, name: str) -> str:
        """What a witness is asked: post it to `<its address>/add-checkpoint`."""
        content = utf8(name)
        return self._text(lib.clientbook_session_witness_request, content, len(content))

    def take_witness_answer(self, name: str, request: str, status: int, answer: str = "") -> dict[str, Any]:
        """What it has answered; `cosigned` False: it has seen another size, ask again. Raises Error with NOT_FOUND
        (404), SIGNATURE_INVALID (403, or not by it), PROOF_INVALID (422), ROLLED_BACK, IO_ERROR."""
        content = utf8(name)
        said = as_json({"request": request, "status": status, "answer": answer})
        out: dict[str, Any] = self._json(lib.clientbook_session_take_witness_answer, content, len(content), said,
                                         len(said))
        return {**out, "at": _instant(out["at"]) if out["at"] else None}

    def end_epoch(self) -> dict[str, Any]:
        """Seals the ledger up to now with this epoch's key, which is destroyed, and begins the next one: `epoch`, `from`,
        `key`, which is to be written down outside the book."""
        out: dict[str, Any] = self._json(lib.clientbook_session_end_epoch)
        return out

    def seals(self) -> str:
        """All seals with all it takes to check them without the book, for check_seals()."""
        return self._text(lib.clientbook_session_seals)

    def evidence(self, customer: Customer) -> str:
        """Everybody's entries with all it takes to check them without the book, for check_evidence()."""
        return self._text(lib.clientbook_session_evidence, _id(customer))

    def customer_page(self, customer: Customer, language: str = "en", shop: str = "",
                      contact: str = "") -> CustomerPage:
        """"How far has my information gone?": a page of HTML for a customer who asked (open_case("rights")).

        That they got it is an entry of the ledger before this returns; where the page does not get
        out, tell not_delivered().
        """
        request = as_json({"language": language, "shop": shop, "contact": contact})
        index = ffi.new("uint64_t *")
        html = self._text(lib.clientbook_session_customer_page, _id(customer), request, len(request), index)
        return CustomerPage(html, None if index[0] == 2**64 - 1 else int(index[0]))

    def mentions(self, customer: Customer, purpose: Union[Purpose, str] = "rights_fulfilment",
                 replace: bool = False) -> dict[str, Any]:
        """Where values of this customer stand in notes of others; `replace` makes labels of them."""
        out: dict[str, Any] = self._json(
            lib.clientbook_session_mentions, _id(customer), _purpose(purpose), int(replace))
        return out

    def erase(self, customer: Customer, reason: ErasureReason = ErasureReason.SUBJECT_REQUEST,
              mentions: Mentions = Mentions.REPORTED, remembered_months: int = 24) -> dict[str, Any]:
        """Destroys the customer's key; complete when it returns, also against older copies. The receipt.

        For so many months (0: not at all) remembered() knows their ids, e-mails and phones.
        """
        out: dict[str, Any] = self._json(lib.clientbook_session_erase, _id(customer), int(reason), int(mentions),
                                         remembered_months)
        return out

    def erase_many(self, customers: Sequence[Customer], reason: ErasureReason = ErasureReason.SUBJECT_REQUEST,
                   mentions: Mentions = Mentions.REPORTED, remembered_months: int = 24,
                   law_kept_years: int = 0) -> list[dict[str, Any]]:
        """Erases several customers in one transaction, all of them or none, at most 1,000. Their receipts, in this
        order; the error's `at` tells which of them it is about, from 1. `law_kept_years`: what a law has the shop keep
        of them is kept apart for so many years; `retained` of the receipt names it."""
        apart = {"law_kept": "apart", "law_kept_years": law_kept_years} if law_kept_years else {}
        what = as_json({**apart, "customers": [str(one if isinstance(one, CustomerId) else CustomerId(one)) for one in customers],
                           "reason": ErasureReason(reason).name.lower(), "mentions": Mentions(mentions).name.lower(),
                           "remembered_months": remembered_months})
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_erase_many, what, len(what))
        return out

    def run_retention(self, only_tell: bool = False, most: int = 50, start: int = 0,
                      remembered_months: int = 24) -> dict[str, Any]:
        """Takes out what due() tells of at most `most` customers, in one transaction: `items` with `customer`,
        `fields` and `fate` (`erased`, `removed`, or why it stays), `receipts` of who was erased, and `next`, with which
        to `start` the next call; 0: all were looked at."""
        how = as_json({"only_tell": only_tell, "most": most, "from": start, "remembered_months": remembered_months})
        out: dict[str, Any] = self._json(lib.clientbook_session_run_retention, how, len(how))
        return out

    def prune_ledger(self, before: datetime.date, published: str = "", only_tell: bool = False) -> dict[str, Any]:
        """Takes the oldest entries out of the ledger, those of days before, in tiles of 256; later proofs stay. `from` and
        `until` are indexes, `kept` says what keeps the rest, and since which entry. `published` is a checkpoint that
        others hold, where there are no witnesses. What went is answered with PRUNED."""
        said: dict[str, Any] = {"before": before.isoformat(), "only_tell": only_tell}
        if published:
            said["published"] = published
        how = as_json(said)
        out: dict[str, Any] = self._json(lib.clientbook_session_prune_ledger, how, len(how))
        return out

    def pruned_of(self, customer: Customer) -> int:
        """So many of the customer's entries of the ledger were pruned: what they said nobody knows."""
        self._open()
        out = ffi.new("uint64_t*")
        self._check(lib.clientbook_session_pruned_of(self._context, self._handle, _id(customer), out, self._call.error))
        return int(out[0])

    def place_hold(self, customer: Customer, reason: str, reference: str = "",
                   until: datetime.datetime | None = None) -> int:
        """A legal hold: nothing takes the customer or a field of theirs out while it is in force. Its number."""
        self._open()
        said: dict[str, Any] = {"reason": reason, "reference": reference}
        if until is not None:
            said["until"] = _moment(until)
        what = as_json(said)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_place_hold(self._context, self._handle, _id(customer), what, len(what), out,
                                                      self._call.error))
        return int(out[0])

    def lift_hold(self, customer: Customer, hold: int) -> None:
        self._open()
        self._check(lib.clientbook_session_lift_hold(self._context, self._handle, _id(customer), hold, self._call.error))

    def retained(self) -> list[dict[str, Any]]:
        """What a law has the shop keep of people who were erased with `law_kept_years`, without values: `id`, `purpose`,
        `since`, `until`, `fields`, `purchases`, `directives`."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_retained)
        return out

    def read_retained(self, retained: Customer, purpose: Union[Purpose, str]) -> dict[str, Any]:
        """One of them with its values (`record`, `bought`, `said`), for what it is kept for, or for whom it is about."""
        out: dict[str, Any] = self._json(lib.clientbook_session_read_retained, _id(retained), _purpose(purpose))
        return out

    def holds(self) -> list[dict[str, Any]]:
        """Who is held: `customer`, `number`, `reason`, `reference`, `by`, `at`, `until`."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_holds)
        return out

    def confirm_clock(self) -> datetime.datetime:
        """Says that a clock which is further ahead than the book was ever left alone is right; the time."""
        self._open()
        out = ffi.new("uint64_t*")
        self._check(lib.clientbook_session_confirm_clock(self._context, self._handle, out, self._call.error))
        return datetime.datetime.fromtimestamp(out[0], datetime.timezone.utc)

    # --- recovery ---------------------------------------------------------------------------------

    def draw_recovery_key(self, shares: int = 5, needed: int = 3, instead: bool = False) -> dict[str, Any]:
        """Draws a recovery key: `number`, `needed`, `shares` as texts. The book keeps no copy of the shares, and
        nothing of the key is in force until `use_recovery_key()`: write or print them in between. `instead`:
        another key in the place of the one that there is."""
        out: dict[str, Any] = self._json(lib.clientbook_session_draw_recovery_key, shares, needed, int(instead))
        return out

    def use_recovery_key(self) -> list[dict[str, Any]]:
        """Puts the key in force that this session has drawn last; which mirrors have followed."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_use_recovery_key)
        return out

    def make_recovery_key(self, shares: int = 5, needed: int = 3, instead: bool = False) -> dict[str, Any]:
        """Both in one call, for a program that loses nothing which a call has given it: `number`, `needed`,
        `shares` as texts, `mirrors`."""
        out: dict[str, Any] = self._json(lib.clientbook_session_make_recovery_key, shares, needed, int(instead))
        return out

    def mirrors_told(self) -> list[dict[str, Any]]:
        """What the mirrors said to the last withdrawal, denial, objection or restriction of this session."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_mirrors_told)
        return out

    def add_key_slot(self, label: str, *, passphrase: str | None = None, identity: PathLike | None = None,
                     recipient: str | None = None, stretch_kibibytes: int = 0) -> int:
        """One more that opens the book: a passphrase, the file `identity`, or who has the secret of `recipient`.

        The first one seals a key in clear. Returns the slot's number. A security officer or an owner.
        """
        self._open()
        slot, _kept = _key_slot(label, passphrase, identity, recipient, stretch_kibibytes)
        number = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_add_key_slot(self._context, self._handle, slot, number, self._call.error))
        return int(number[0])

    def change_key_slot(self, number: int, label: str, *, passphrase: str | None = None,
                        identity: PathLike | None = None, recipient: str | None = None,
                        stretch_kibibytes: int = 0) -> int:
        """Another secret in a slot's place, and a new root key; returns its number."""
        self._open()
        slot, _kept = _key_slot(label, passphrase, identity, recipient, stretch_kibibytes)
        made = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_change_key_slot(self._context, self._handle, number, slot, made,
                                                           self._call.error))
        return int(made[0])

    def remove_key_slot(self, number: int) -> None:
        """Takes a slot away, and gives the book a new root key. Never the last that anybody has opened."""
        self._open()
        self._check(lib.clientbook_session_remove_key_slot(self._context, self._handle, number, self._call.error))

    def renew_root_key(self) -> None:
        """A new root key, which erases nobody."""
        self._open()
        self._check(lib.clientbook_session_renew_root_key(self._context, self._handle, self._call.error))

    def unseal_root_key(self) -> None:
        """Back to a file that is the key itself: whoever has it opens the book."""
        self._open()
        self._check(lib.clientbook_session_unseal_root_key(self._context, self._handle, self._call.error))

    def add_mirror(self, folder: PathLike) -> None:
        """Makes a keyring mirror, on another disk, which follows the book from now on."""
        self._open()
        path = _path(os.path.abspath(folder))
        self._check(lib.clientbook_session_add_mirror(self._context, self._handle, path, len(path), self._call.error))

    def remove_mirror(self, folder: PathLike) -> None:
        """Forgets a mirror; what lies there is not touched."""
        self._open()
        path = _path(os.path.abspath(folder))
        self._check(lib.clientbook_session_remove_mirror(self._context, self._handle, path, len(path),
                                                         self._call.error))

    def refresh_mirrors(self) -> list[dict[str, Any]]:
        """Brings every mirror to the newest commit: `path`, `confirmed`, `holds_all`, `problem`."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_refresh_mirrors)
        return out

    def recovery(self) -> dict[str, Any]:
        """Recovery key, mirrors, newest backup, and `reminders` of what is missing."""
        now = int(datetime.datetime.now(datetime.timezone.utc).timestamp())
        out: dict[str, Any] = self._json(lib.clientbook_session_recovery, now)
        return out

    def pin(self) -> dict[str, Any]:
        """What is written down of the book beside its key: `kept`, `pinned_version`, `version`, ledger sizes."""
        out: dict[str, Any] = self._json(lib.clientbook_session_pin)
        return out

    def back_up(self, file: PathLike,
                since: Optional[PathLike] = None) -> dict[str, Any]:
        """Writes a backup into a new file, while others go on; `since` a full one: what differs from it."""
        path = _path(file)
        base = _path(since) if since is not None else b""
        out: dict[str, Any] = self._json(lib.clientbook_session_back_up, path, len(path),
                                         base if base else ffi.NULL, len(base))
        return out

    # --- who looked -------------------------------------------------------------------------------

    def who_looked(self, customer: Customer) -> list[dict[str, Any]]:
        """Who looked at a customer, oldest first: `actor`, `day`, `purpose`, `times`, `fields`, `first`, `last`."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_who_looked, _id(customer))
        return out

    def seen_by(self, actor: int, since: datetime.date, until: datetime.date) -> dict[str, Any]:
        """What an actor has seen from one day to another, both included: `days`, `customers`, `tables`, `unnamed`."""
        first, last = ((day - datetime.date(1970, 1, 1)).days * 86400 for day in (since, until))
        out: dict[str, Any] = self._json(lib.clientbook_session_seen_by, actor, first, last)
        return out

    def budget_left(self) -> dict[str, int]:
        """How many customers, look-ups and tables this actor has left."""
        out: dict[str, int] = self._json(lib.clientbook_session_budget_left)
        return out

    def raise_budget(self, actor: int, customers: int) -> None:
        """So many customers more for another actor, for the rest of the day."""
        self._open()
        self._check(lib.clientbook_session_raise_budget(self._context, self._handle, actor, customers,
                                                        self._call.error))

    # --- canaries and alarms ---------------------------------------------------------------------

    def set_canaries(self, customers: Sequence[Customer]) -> None:
        """These are the canaries from now on: whoever looks at one raises an alarm."""
        what = {"customers": [str(one if isinstance(one, CustomerId) else CustomerId(one)) for one in customers]}
        self._open()
        text = as_json(what)
        self._check(lib.clientbook_session_set_canaries(self._context, self._handle, text, len(text), self._call.error))

    def canaries(self) -> list[str]:
        """Who they are, for who may set budgets."""
        out: list[str] = self._json(lib.clientbook_session_canaries)
        return out

    def alarms(self) -> list[dict[str, Any]]:
        """The newest alarms, oldest first: `kind`, `at`, `actor`, `role`, `purpose`; `customer` of
        a canary, `recipient` of `fan_out`."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_alarms)
        return out

    def alarm_limits(self) -> dict[str, Any]:
        """From when on there is one: `customers_to_one_recipient` within an hour (0: never), and
        `quiet`, hours in UTC: `{"from": "22:00", "until": "06:00"}`."""
        out: dict[str, Any] = self._json(lib.clientbook_session_alarm_limits)
        return out

    def set_alarm_limits(self, **changed: Any) -> None:
        """Of `alarm_limits()` those members that are to change; `quiet=None` ends quiet hours."""
        self._open()
        text = as_json(changed)
        self._check(lib.clientbook_session_set_alarm_limits(self._context, self._handle, text, len(text),
                                                            self._call.error))

    # --- the table of roles ----------------------------------------------------------------------

    def roles(self) -> dict[str, Any]:
        """The table of roles that the book follows: by role and group, for whom which actions."""
        out: dict[str, Any] = self._json(lib.clientbook_session_roles)
        return out

    def propose_roles(self, table: Mapping[str, Any]) -> int:
        """Proposes another table, whole and as roles() gives it; its number. Somebody else approves it."""
        self._open()
        text = as_json(table)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_propose_roles(self._context, self._handle, text, len(text), out,
                                                         self._call.error))
        return int(out[0])

    def proposed_roles(self) -> dict[str, Any]:
        """What waits to be approved, with what it would change; empty if nothing does."""
        out: dict[str, Any] = self._json(lib.clientbook_session_proposed_roles)
        return out

    def approve_roles(self, number: int) -> int:
        """Puts a proposal of somebody else in force; the index of its entry in the ledger."""
        self._open()
        out = ffi.new("uint64_t*")
        self._check(lib.clientbook_session_approve_roles(self._context, self._handle, number, out, self._call.error))
        return int(out[0])

    # --- credentials ------------------------------------------------------------------------------

    def enrol_credential(self, actor: int, roles: Sequence[Role], name: str, *, days: int = 0,
                         passphrase: str | None = None, identity: PathLike | None = None) -> int:
        """A credential for somebody: a `passphrase`, or the key file `identity` (make_key_file()). Its number.

        Somebody else confirms it with a credential of theirs, but while there are no two people with one. `days` is
        its lease, 0 without an end.
        """
        self._open()
        what = as_json({"actor": actor, "roles": [Role(one).name.lower() for one in roles], "name": name,
                           "days": days})
        secret, _kept = _credential(passphrase, identity)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_enrol_credential(self._context, self._handle, what, len(what), secret, out,
                                                            self._call.error))
        return int(out[0])

    def confirm_credential(self, number: int) -> None:
        """Confirms what somebody else has enrolled for a third."""
        self._open()
        self._check(lib.clientbook_session_confirm_credential(self._context, self._handle, number, self._call.error))

    def revoke_credential(self, number: int) -> None:
        """It opens nothing from the next call of its sessions on, for good."""
        self._open()
        self._check(lib.clientbook_session_revoke_credential(self._context, self._handle, number, self._call.error))

    def renew_credential(self, number: int, days: int) -> None:
        """Another lease of somebody else's, from now on; 0: without an end."""
        self._open()
        self._check(lib.clientbook_session_renew_credential(self._context, self._handle, number, days,
                                                            self._call.error))

    def change_credential(self, *, passphrase: str | None = None, identity: PathLike | None = None,
                          new_passphrase: str | None = None, new_identity: PathLike | None = None) -> None:
        """Another passphrase or key file in place of the one that this session was begun with, which is shown once
        more."""
        self._open()
        held, _kept = _credential(passphrase, identity)
        wanted, _kept_too = _credential(new_passphrase, new_identity)
        self._check(lib.clientbook_session_change_credential(self._context, self._handle, held, wanted,
                                                             self._call.error))

    def credentials(self) -> list[dict[str, Any]]:
        """Who has which, oldest first: `number`, `actor`, `roles`, `name`, `kind`, `state`, ..."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_credentials)
        return out

    def credentials_taken(self) -> dict[str, Any]:
        """What takes one: `use` (`none`, `second_persons`, `everybody`), `since`, and what is `proposed`."""
        out: dict[str, Any] = self._json(lib.clientbook_session_credentials_taken)
        return out

    def propose_credential_use(self, use: str) -> int:
        """Proposes that `none`, `second_persons` or `everybody` takes one; its number. Somebody else approves it."""
        self._open()
        uses = ("none", "second_persons", "everybody")
        if use not in uses:
            raise errors.of(Code.INVALID_ARGUMENT, "credentials are taken of none, second_persons or everybody", 0)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_propose_credential_use(self._context, self._handle, uses.index(use), out,
                                                                  self._call.error))
        return int(out[0])

    def approve_credential_use(self, number: int) -> int:
        """Puts a proposal of somebody else in force; the index of its entry in the ledger."""
        self._open()
        out = ffi.new("uint64_t*")
        self._check(lib.clientbook_session_approve_credential_use(self._context, self._handle, number, out,
                                                                  self._call.error))
        return int(out[0])

    # --- portfolios -------------------------------------------------------------------------------

    def assign(self, customers: Sequence[Customer], store: int = 0, primary: int = 0, further: Sequence[int] = ()) -> None:
        """Says whose these customers are from now on: a store, its associate and further ones, by number."""
        what = {"customers": [str(one if isinstance(one, CustomerId) else CustomerId(one)) for one in customers],
                "store": store, "primary": primary, "further": list(further)}
        self._open()
        text = as_json(what)
        self._check(lib.clientbook_session_assign(self._context, self._handle, text, len(text), self._call.error))

    def reassign(self, former: int, to: int) -> dict[str, int]:
        """Handover: `to` takes the place of `former` with their customers, at most 1,000 in a call: `moved`, `left`."""
        out: dict[str, int] = self._json(lib.clientbook_session_reassign, former, to)
        return out

    def portfolio_of(self, customer: Customer) -> dict[str, Any]:
        """Whose customer somebody is: `store`, `associates` with `actor`, `rank`, `since`."""
        out: dict[str, Any] = self._json(lib.clientbook_session_portfolio_of, _id(customer))
        return out

    def customers_of(self, actor: int) -> list[dict[str, Any]]:
        """Customers of an associate, one's own or those whom one may assign; of 0 those who have no store. A look-up."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_customers_of, actor)
        return out

    def set_stores(self, actor: int, stores: Sequence[int]) -> None:
        """To which stores somebody else belongs; none: to no one any more."""
        self._open()
        text = as_json({"actor": actor, "stores": list(stores)})
        self._check(lib.clientbook_session_set_stores(self._context, self._handle, text, len(text), self._call.error))

    def use_portfolios(self, in_force: bool) -> bool:
        """Puts portfolios in force or ends them, which takes somebody else's call too; whether they hold then."""
        self._open()
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_use_portfolios(self._context, self._handle, int(in_force), out,
                                                          self._call.error))
        return bool(out[0])

    def portfolio_settings(self) -> dict[str, Any]:
        """Whether portfolios are in force, and to which stores who belongs: `in_force`, `actors`, `by`, `since`, `ends`."""
        out: dict[str, Any] = self._json(lib.clientbook_session_portfolio_settings)
        return out

    # --- cases ------------------------------------------------------------------------------------

    def open_case(self, kind: str, customers: Sequence[Customer], reference: str,
                  evidence: Optional[str] = None, until: Optional[datetime.datetime] = None) -> int:
        """Opens a case, `rights`, `breach`, `recall`, `tax`, `claims`, `fraud` or `records`; its number. For fraud,
        claims or more than 10 customers a second person confirms it."""
        what: dict[str, Any] = {"kind": kind, "reference": reference,
                                "customers": [str(one if isinstance(one, CustomerId) else CustomerId(one)) for one in customers]}
        if evidence is not None:
            what["evidence"] = evidence
        if until is not None:
            what["until"] = _moment(until)
        self._open()
        text = as_json(what)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_open_case(self._context, self._handle, text, len(text), out,
                                                     self._call.error))
        return int(out[0])

    def confirm_case(self, number: int) -> None:
        """Puts a case that somebody else has opened in force."""
        self._open()
        self._check(lib.clientbook_session_confirm_case(self._context, self._handle, number, self._call.error))

    def close_case(self, number: int) -> None:
        """Nobody is reached by it any more; it stays in the book."""
        self._open()
        self._check(lib.clientbook_session_close_case(self._context, self._handle, number, self._call.error))

    def cases(self) -> list[dict[str, Any]]:
        """All that there ever were, oldest first."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_cases)
        return out

    # --- requests: what customers ask for by right --------------------------------------------------

    def open_request(self, customer: Customer, kind: str, received: datetime.date, channel: str = "mail",
                     reference: str = "", identity: str = "", next_working_day: bool = False) -> int:
        """Writes down what a customer asks for: `access`, `portability`, `rectification`, `restriction`, `objection`
        or `erasure`, with the deadline that their law says. Its number."""
        what = as_json({"kind": kind, "received": received.isoformat(), "channel": channel, "reference": reference,
                           "identity": identity, "next_working_day": next_working_day})
        self._open()
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_open_request(self._context, self._handle, _id(customer), what, len(what),
                                                        out, self._call.error))
        return int(out[0])

    def change_request(self, number: int, **step: Union[str, bool]) -> None:
        """One step of a request: `identity=`, `extend=`, `refuse=`, `confirm=True`, `withdraw=True`, `close=True`,
        `list=True` (recipients, from the ledger) or `tell=` a recipient with `state=` or `acknowledgement=` (the
        notice, signed by it), and `class=` (in a dictionary: `**{"class": ...}`) where two are of that name."""
        what = as_json(step)
        self._open()
        self._check(lib.clientbook_session_change_request(self._context, self._handle, number, what, len(what),
                                                          self._call.error))

    def answer_request(self, number: int, **how: Any) -> dict[str, Any]:
        """Does what a request asks for: `language`, `shop`, `contact`, `edit`, `corrected`, `purposes`, `law_kept`
        ("elsewhere", or "apart" with `law_kept_years`), `mentions` ("ignored", "reported", "replaced": notes of others); one of another kind of request is InvalidInput.
        What it did, and the files for the customer; where those do not get out, tell not_delivered()."""
        what = as_json(how)
        out: dict[str, Any] = self._json(lib.clientbook_session_answer_request, number, what, len(what))
        return out

    def recipient_notice(self, number: int, recipient: str, recipient_class: Union[Recipient, str, None] = None,
                         reference: str = "") -> str:
        """What is sent to a recipient on the list of a request, and what it signs when it has done it. `reference`:
        what it knows the customer by. Raises Error with NOT_FOUND, INVALID_ARGUMENT (two of that name)."""
        who: dict[str, str] = {"recipient": recipient, "reference": reference}
        if recipient_class is not None:
            who["class"] = _word(recipient_class, Recipient)
        content = as_json(who)
        return self._text(lib.clientbook_session_recipient_notice, number, content, len(content))

    def drp_status(self, number: int, request_id: str = "", agent_request_id: str = "") -> dict[str, Any]:
        """The state of a request as the Data Rights Protocol has it (Exercise Status)."""
        how = as_json({"request_id": request_id, "agent_request_id": agent_request_id})
        out: dict[str, Any] = self._json(lib.clientbook_session_drp_status, number, how, len(how))
        return out

    def deletion_request(self, number: int, domain: str, recipient: str, identifier: dict[str, str]) -> str:
        """A signed rqJWT (Data Deletion Request Framework 1.0) for a recipient on the list of a request of erasure;
        `identifier`: type, format and value, as the recipient knows it."""
        what = as_json({"domain": domain, "recipient": recipient, "identifier": identifier})
        return self._text(lib.clientbook_session_deletion_request, number, what, len(what))

    def deletion_resource(self, endpoint: str) -> dict[str, Any]:
        """dsrdelete.json, with the key that signs deletion_request()."""
        what = as_json({"endpoint": endpoint})
        out: dict[str, Any] = self._json(lib.clientbook_session_deletion_resource, what, len(what))
        return out

    def ledger_fhir(self, customer: Customer) -> dict[str, Any]:
        """Everybody's entries as a Bundle of FHIR AuditEvents (R4)."""
        out: dict[str, Any] = self._json(lib.clientbook_session_ledger_fhir, _id(customer))
        return out

    def request_mail(self, number: int, **how: str) -> str:
        """The text of a mail about a request: `language`, `kind` (confirmation, extension, answer or refusal; else
        what its state asks for), `shop`, `contact`."""
        what = as_json(how)
        return self._text(lib.clientbook_session_request_mail, number, what, len(what))

    def request(self, number: int) -> dict[str, Any]:
        """One request, with what is sealed of it."""
        out: dict[str, Any] = self._json(lib.clientbook_session_request, number)
        return out

    def requests(self) -> list[dict[str, Any]]:
        """All that there ever were, oldest first, without what is sealed."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_requests)
        return out

    def breach(self, **what: Any) -> dict[str, Any]:
        """Whom a breach concerns and with which data, for certain or possibly, who is to be told by when, and what
        nobody can know: of an `actor=` (a number), a `recipient=` (a name) or a `copy=` ("data", "book", "backup",
        "recovery"); `since=`, `until=`, `key_at=`, `aware=` are days or instants, `case=` opens cases that name them,
        `letter=` ({"language", "shop", "contact"}) drafts one."""
        said = {name: _moment(value) for name, value in what.items()}
        text = as_json(said)
        out: dict[str, Any] = self._json(lib.clientbook_session_breach, text, len(text))
        return out

    def answer_hash_lists(self, lists: Mapping[str, str], work: str = "look", recipients_told: bool = False,
                          law_kept: str | None = None, law_kept_years: int = 0) -> dict[str, Any]:
        """Answers lists of hashes from outside, such as California's DROP hands out: of a kind (`email`, `phone`,
        `name_birth_zip`) the text of its file. `look` changes nothing; `opt_out` opts everybody on them out of sale and
        sharing; `erase` erases who alone has an identifier, once recipients were told. A status for every row."""
        said: dict[str, Any] = {"lists": [{"kind": kind, "text": text} for kind, text in lists.items()],
                                "work": work, "recipients_told": recipients_told}
        if law_kept is not None:
            said |= {"law_kept": law_kept, "law_kept_years": law_kept_years}
        text = as_json(said)
        out: dict[str, Any] = self._json(lib.clientbook_session_answer_hash_lists, text, len(text))
        return out

    def expired(self) -> list[dict[str, Any]]:
        """What recipients are to delete, since its time is over or the consent was taken back, and of which nobody has
        told them."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_expired)
        return out

    def tell_expired(self, customer: Customer, recipient: str) -> int:
        """A recipient was told to delete what has expired of a customer; of how many disclosures."""
        self._open()
        name = utf8(recipient)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_tell_expired(self._context, self._handle, _id(customer), name, len(name),
                                                        out, self._call.error))
        return int(out[0])

    def report_onward(self, customer: Customer, from_: str, to: str, party_class: str = "",
                      contact: str = "", fields: Sequence[str] = (), on: datetime.date | None = None) -> int:
        """What a recipient says of whom it passed a customer's data on to; the index of its entry in the ledger.
        Without a class: that of the registry, or third_party."""
        said: dict[str, Any] = {"from": from_, "to": to}
        if party_class:
            said["class"] = party_class
        if contact:
            said["contact"] = contact
        if fields:
            said["fields"] = list(fields)
        if on is not None:
            said["on"] = on.isoformat()
        what = as_json(said)
        self._open()
        out = ffi.new("uint64_t*")
        self._check(lib.clientbook_session_report_onward(self._context, self._handle, _id(customer), what, len(what),
                                                         out, self._call.error))
        return int(out[0])

    # --- who said no and is no customer -----------------------------------------------------------

    def remembered(self, record: Record) -> list[dict[str, Any]]:
        """What is remembered of somebody with such a record, for imports: who was erased, or unsubscribed
        before the book knew them; `kind`, `by`, `on`, `until`."""
        form, content = _record(record)
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_remembered, form, content, len(content))
        return out

    def remember_unsubscribed(self, record: Record, when: datetime.datetime) -> None:
        """Remembers for 24 months that somebody who is no customer unsubscribed then."""
        self._open()
        form, content = _record(record)
        self._check(lib.clientbook_session_remember_unsubscribed(
            self._context, self._handle, form, content, len(content), int(when.timestamp()), self._call.error))

    def remember_no(self, record: Record, no: Directive) -> None:
        """The same of a no of any kind: more than one to e-mail is remembered as one to all marketing."""
        self._open()
        form, who = _record(record)
        content = as_json(no.to_json())
        self._check(lib.clientbook_session_remember_no(
            self._context, self._handle, form, who, len(who), content, len(content), self._call.error))

    def forget_remembered(self, record: Record, kind: str | None = None) -> int:
        """Forgets what is remembered of these values; `kind`: only erased or unsubscribed. How many values."""
        self._open()
        form, content = _record(record)
        out = ffi.new("uint32_t*")
        self._check(lib.clientbook_session_forget_remembered(
            self._context, self._handle, form, content, len(content), (None, "erased", "unsubscribed").index(kind),
            out, self._call.error))
        return int(out[0])

    def refusal_periods(self) -> list[dict[str, Any]]:
        """The months whose keys live: `number`, `since`, `until`, `refusals`."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_refusal_periods)
        return out

    def drop_refusals(self, period: int) -> int:
        """Destroys the key of a period: its refusals are forgotten, in copies too. How many they were."""
        self._open()
        self._check(lib.clientbook_session_drop_refusals(
            self._context, self._handle, period, self._call.number, self._call.error))
        return int(self._call.number[0])

    # --- the book -------------------------------------------------------------------------------

    def figures(self) -> dict[str, Any]:
        out: dict[str, Any] = self._json(lib.clientbook_session_figures)
        return out

    def profile(self) -> dict[str, Any]:
        """The law profile in force, with what was not verified by a lawyer."""
        out: dict[str, Any] = self._json(lib.clientbook_session_profile)
        return out

    def profiles(self) -> list[dict[str, Any]]:
        """All law profiles that the book follows, profile() first."""
        out: list[dict[str, Any]] = self._json(lib.clientbook_session_profiles)
        return out

    def verify(self, progress: Any = None) -> dict[str, Any]:
        """Opens everything and holds it against the manifests and the ledger; `progress` is called now
        and then with how many customers are done. An exception of it is raised afterwards."""
        if progress is None:
            return self._verify(ffi.NULL)
        raised: list[BaseException] = []

        @callback("void(void*, uint64_t)")  # type: ignore[untyped-decorator, unused-ignore]
        def tell(_context: Any, done: int) -> None:
            try:
                if not raised:
                    progress(done)
            except BaseException as what:  # noqa: BLE001: carried to the caller
                raised.append(what)

        out = self._verify(options("clientbook_progress", done=tell))
        if raised:
            raise raised[0]
        return out

    def _verify(self, progress: Any) -> dict[str, Any]:
        out: dict[str, Any] = self._json(lib.clientbook_session_verify, progress)
        return out

    def _request(self, purpose: Union[Purpose, str], recipient: Union[Recipient, str, int],
                 operation: Union[Operation, str, None], fields: Sequence[str] | None,
                 country: str | None = None) -> Any:
        out = options("clientbook_request", purpose=_purpose(purpose), recipient=self._recipient(recipient))
        if operation is not None:
            out.operation = _number(operation, Operation, lib.CLIENTBOOK_TERM_OPERATION)
            out.has_operation = 1
        if fields is not None:
            out.fields = self.fields.mask(fields)
        if country is not None:
            letters = utf8(country)
            if len(letters) != 2:
                raise errors.of(Code.INVALID_ARGUMENT, "a country has two letters (ISO 3166-1), as in US", 0)
            out.country = letters
        return out

    def _recipient(self, recipient: Union[Recipient, str, int]) -> int:
        if not isinstance(recipient, str):
            return _number(recipient, Recipient, lib.CLIENTBOOK_TERM_RECIPIENT)
        for party in self.recipients():
            if party["name"] == recipient:
                return int(party["number"])
        return term_number(lib.CLIENTBOOK_TERM_RECIPIENT, recipient)

    def close(self) -> None:
        """Ends the session; an open transaction is undone."""
        if self._handle and self._book._end.alive:
            call = Call()
            with self._gate:
                call.check(lib.clientbook_close(self._context, self._handle, call.error))
        self._handle = 0

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Session, {'open' if self._handle and self._book._end.alive else 'closed'}>"


_ABOUT_INPUT = frozenset((
    Code.INVALID_ENCODING, Code.UNKNOWN_FIELD, Code.INVALID_VALUE, Code.MISSING_FIELD, Code.WRONG_TYPE,
    Code.ALREADY_EXISTS, Code.UNKNOWN_NOTICE, Code.LIMIT_EXCEEDED))


def _read_slowly(port: _fast.Port, known: Fields, customer: Customer, purpose: Union[Purpose, str],
                 fields: Sequence[str] | None) -> View:
    """What Session.read() does where its arguments are not the usual ones."""
    view: View = port.read(_bytes(customer), _purpose(purpose), known.mask(fields))
    return view


_fast.read_by(_read_slowly, Purpose)


def _policy_kind(kind: str) -> int:
    kinds = ("profile", "trust_key", "distrust_key", "add_profile")
    if kind not in kinds:
        raise ValueError(f"a proposal is one of: {', '.join(kinds)}")
    return 1 + kinds.index(kind)


def _bytes(customer: Customer) -> bytes:
    return customer.bytes if isinstance(customer, CustomerId) else CustomerId(customer).bytes


def _id(customer: Customer) -> Any:
    return customer._c if isinstance(customer, CustomerId) else CustomerId(customer)._c


def _moment(when: Any) -> Any:
    """A day or an instant as the library reads it; whatever else it is, as it is."""
    if isinstance(when, datetime.datetime):
        return when.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return when.isoformat() if isinstance(when, datetime.date) else when


def _record(record: Union[Record, Purchase, Note]) -> tuple[int, bytes]:
    if isinstance(record, bytes):
        return _CBOR, record
    return _JSON, as_json(record)


def _notice(notice: Mapping[str, Any]) -> dict[str, Any]:
    out = {}
    for key, value in notice.items():
        if value is None:
            continue
        if key in _TERMS:
            value = [_word(term, _TERMS[key]) for term in value]
        out[key] = value
    return out


def _items_of(told: dict[str, Any], make: Any) -> Items:
    state = State[told["state"].upper().replace(" ", "_")]
    items = tuple(make(one) for one in told.get("value", ()))
    return Items(state, items)


def _instant(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
