"""Without a book: personal data in texts, decisions about a case, proofs."""

from __future__ import annotations

import dataclasses
import datetime
import os
import weakref
from enum import IntEnum
from typing import Any, Optional, Sequence

from . import errors
from ._call import Call, Quiet, options, utf8
from ._codes import Code
from ._native import ffi, lib
from .values import as_json


class Mark(IntEnum):
    """What stands in the place of a find."""

    #: <EMAIL_ADDRESS>
    LABEL = 0
    #: <EMAIL_ADDRESS_1>: the same value gets the same number within a text.
    NUMBERED_LABEL = 1
    #: Four blocks, whatever the length.
    BLOCKS = 2


@dataclasses.dataclass(frozen=True)
class Find:
    """Characters [begin, end) of the text."""

    begin: int
    end: int
    type: str
    rule: str
    #: How sure, in percent.
    score: int
    #: A further piece of a value that tags or marks of quotation cut.
    goes_on: bool = False


@dataclasses.dataclass(frozen=True, repr=False)
class Redacted(Quiet):
    """A text without what was found, and how much of what kind that was."""

    text: str
    receipt: dict[str, Any]

    def __repr__(self) -> str:
        return f"<Redacted, {sum(self.receipt['hidden'].values())} hidden>"


def _options(regions: Sequence[str], mark: Mark) -> Any:
    text = ffi.from_buffer(utf8(",".join(regions)) or b"\0")
    out = options("clientbook_text_options", mark=mark)
    if regions:
        out.regions = ffi.cast("const char*", text)
        out.regions_size = len(text)
    return out, text  # the struct borrows the text


def scan(text: str, regions: Sequence[str] = ()) -> list[Find]:
    """What names somebody in a text. `regions`: countries (DE, US, ...) whose phone and identity numbers
    are looked for. Raises InvalidInput."""
    call = Call()
    content = utf8(text)
    how, _text = _options(regions, Mark.LABEL)
    call.check(lib.clientbook_scan_text(content, len(content), how, call.bytes, call.error))
    return _finds(call.json(), content, text)


def _finds(finds: Any, content: bytes, text: str) -> list[Find]:
    def character(byte: int) -> int:
        return byte if len(content) == len(text) else len(content[:byte].decode())

    return [Find(character(one["begin"]), character(one["end"]), one["type"], one["rule"], one["score"],
                 one.get("goes_on", False)) for one in finds]


def scan_form(text: str, form: str = "sniffed", regions: Sequence[str] = ()) -> list[Find]:
    """As scan(), of data that has a form: csv, json, json lines, html, xml, mail, log, plain; without one,
    what its first bytes show. Raises InvalidInput."""
    call = Call()
    content = utf8(text)
    said = utf8(form)
    how, _text = _options(regions, Mark.LABEL)
    call.check(lib.clientbook_scan_form(content, len(content), said, len(said), how, call.bytes, call.error))
    return _finds(call.json(), content, text)


def redact_form(text: str, form: str = "sniffed", regions: Sequence[str] = (), mark: Mark = Mark.LABEL) -> Redacted:
    """Data without what scan_form() finds in it, in the same form: rows, columns, members, tags and parts
    stay. Raises InvalidInput."""
    call = Call()
    receipt = Call()
    content = utf8(text)
    said = utf8(form)
    how, _text = _options(regions, mark)
    call.check(lib.clientbook_redact_form(content, len(content), said, len(said), how, call.bytes, receipt.bytes,
                                          call.error))
    return Redacted(call.text(), receipt.json())


def redact(text: str, regions: Sequence[str] = (), mark: Mark = Mark.LABEL) -> Redacted:
    """A text without what scan() finds in it. Raises InvalidInput."""
    call = Call()
    receipt = Call()
    content = utf8(text)
    how, _text = _options(regions, mark)
    call.check(lib.clientbook_redact_text(content, len(content), how, call.bytes, receipt.bytes, call.error))
    return Redacted(call.text(), receipt.json())


class Redactor:
    """Redaction of data that comes in pieces, in bounded memory: a context manager, of one thread at a time. What write()
    gives for each piece is written on, and then what finish() gives, with its receipt."""

    def __init__(self, form: str = "sniffed", regions: Sequence[str] = (), mark: Mark = Mark.LABEL) -> None:
        call = Call()
        place = ffi.new("clientbook_context**")
        call.check(lib.clientbook_context_create(lib.CLIENTBOOK_ABI_VERSION, place, call.error))
        self._context = place[0]
        self._end = weakref.finalize(self, lib.clientbook_context_destroy, self._context)
        out = ffi.new("clientbook_handle*")
        said = utf8(form)
        how, _text = _options(regions, mark)
        call.check(lib.clientbook_redactor_create(self._context, said, len(said), how, out, call.error))
        self._handle = int(out[0])

    def write(self, piece: bytes) -> bytes:
        """What has become certain, perhaps nothing. Raises InvalidInput (`at`: byte of the whole input), and InvalidState
        after an error."""
        self._open()
        call = Call()
        call.check(lib.clientbook_redactor_write(self._context, self._handle, piece, len(piece), call.bytes, call.error))
        return call.take()

    def finish(self) -> tuple[bytes, dict[str, Any]]:
        """The rest, and how much of what kind was hidden. The redactor can then take the next input."""
        self._open()
        call, receipt = Call(), Call()
        call.check(lib.clientbook_redactor_finish(self._context, self._handle, call.bytes, receipt.bytes, call.error))
        return call.take(), receipt.json()

    def _open(self) -> None:
        if not self._end.alive:
            raise errors.of(Code.INVALID_STATE, "the redactor is closed", 0)

    def close(self) -> None:
        self._end()

    def __enter__(self) -> "Redactor":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()


def redact_file(source: "str | os.PathLike[str]", target: "str | os.PathLike[str]", form: str = "sniffed",
                regions: Sequence[str] = (), mark: Mark = Mark.LABEL) -> dict[str, Any]:
    """Writes a new file without what is found in another one; how much of what kind was hidden. Memory is bounded,
    whatever the file holds. Of an error nothing stays. Raises FileExistsError, InvalidInput."""
    with open(source, "rb") as read, open(target, "xb") as write, Redactor(form, regions, mark) as redactor:
        try:
            while piece := read.read(65536):
                write.write(redactor.write(piece))
            rest, receipt = redactor.finish()
            write.write(rest)
        except BaseException:
            os.unlink(target)
            raise
    return receipt


def reversal_key(secret: bytes) -> bytes:
    """The public key of a secret of 32 bytes or more, for Session.set_token_reversal(). Raises Error with WEAK_KEY."""
    call = Call()
    call.check(lib.clientbook_reversal_key(secret, len(secret), call.bytes, call.error))
    return call.take()


def evaluate(case: "dict[str, Any] | str") -> Any:
    """Every decision of a whole case (docs/evaluate.md), without a book. Raises InvalidInput with
    `where`, a JSON pointer."""
    call = Call()
    where = Call()
    document = utf8(case) if isinstance(case, str) else as_json(case)
    status = lib.clientbook_evaluate(document, len(document), call.bytes, where.bytes, call.error)
    if status != 0:
        call.check(status, where.text() if where.bytes.owner != ffi.NULL else "")
    return call.json()


def propose_column_map(files: "Sequence[str | os.PathLike[str]]", system: str = "", region: str = "",
                       year: int | None = None, encoding: str = "") -> dict[str, Any]:
    """A column map for CSV files (docs/import.md): {"map", "files", "unsure"}; `map` is its text. `region`
    is the shop's country, `year` what two digits cannot be later than (this one), `encoding` how letters are
    written, as a map says it (default: as the files tell). Raises NotFound,
    InvalidInput with `where`."""
    call = Call()
    where = Call()
    request = as_json({"files": [os.fspath(each) for each in files], "system": system, "region": region,
                          "encoding": encoding, "year": year or datetime.date.today().year})
    status = lib.clientbook_propose_column_map(request, len(request), call.bytes, where.bytes, call.error)
    if status != 0:
        call.check(status, where.text() if where.bytes.owner != ffi.NULL else "")
    out: dict[str, Any] = call.json()
    return out


def check_proof(proof: str, log_identity: str) -> dict[str, Any]:
    """What a proof shows, checked without the book. Raises Error with PROOF_INVALID, SIGNATURE_INVALID."""
    call = Call()
    a, b = utf8(proof), utf8(log_identity)
    call.check(lib.clientbook_check_proof(a, len(a), b, len(b), call.bytes, call.error))
    out: dict[str, Any] = call.json()
    return out


def check_evidence(evidence: str, log_identity: str, witnesses: Sequence[str] = (),
                   required: Optional[int] = None) -> dict[str, Any]:
    """What a customer's evidence, or a page that has it, shows; checked without the book.

    `witnesses`: keys, `<name>+<id>+<key>`, of which `required` (else all) must have cosigned the ledger;
    "witnessed_size" then tells how many entries they have seen. Raises Error with PROOF_INVALID,
    SIGNATURE_INVALID (also: fewer witnesses than are required), ROW_MISSING (an entry in between).
    """
    call = Call()
    a, b = utf8(evidence), utf8(log_identity)
    if not witnesses and not required:
        call.check(lib.clientbook_check_evidence(a, len(a), b, len(b), call.bytes, call.error))
    else:
        said: dict[str, Any] = {"witnesses": list(witnesses)}
        if required is not None:
            said["required"] = required
        policy = as_json(said)
        call.check(lib.clientbook_check_evidence_witnessed(a, len(a), b, len(b), policy, len(policy), call.bytes,
                                                           call.error))
    out: dict[str, Any] = call.json()
    return out


def check_seals(seals: str, log_identity: str, known: str = "") -> dict[str, Any]:
    """What the seals of a ledger's epochs show; checked without the book. `known`: the key of an epoch that was written
    down when it was new; without one whoever stole the log's own key may have made them all. Raises Error with
    SIGNATURE_INVALID, PROOF_INVALID (a gap, twice, another history), InvalidInput."""
    call = Call()
    a, b, c = utf8(seals), utf8(log_identity), utf8(known)
    call.check(lib.clientbook_check_seals(a, len(a), b, len(b), c, len(c), call.bytes, call.error))
    out: dict[str, Any] = call.json()
    return out


def deletion_answer(answer: str, request: str, key: bytes) -> dict[str, Any]:
    """What a partner has answered, an acJWT to that rqJWT (Data Deletion Request Framework 1.0), under its key of 32
    bytes; code 0: it has taken the request. Raises Error with SIGNATURE_INVALID, InvalidInput (to another one)."""
    call = Call()
    a, b = utf8(answer), utf8(request)
    call.check(lib.clientbook_deletion_answer(a, len(a), b, len(b), key, len(key), call.bytes, call.error))
    out: dict[str, Any] = call.json()
    return out


def seal(data: bytes, key: str) -> bytes:
    """Sealed to somebody's key, `age1...` (X25519), as a file that age and other programs of its format open."""
    call = Call()
    to = utf8(key)
    call.check(lib.clientbook_seal(to, len(to), data, len(data), call.bytes, call.error))
    return call.take()


def roles() -> dict[str, Any]:
    """What each role may do, with whose customers and under which purposes: docs/actors.md."""
    call = Call()
    call.check(lib.clientbook_roles(call.bytes, call.error))
    out: dict[str, Any] = call.json()
    return out


def library_version() -> str:
    """The version of the library behind the package."""
    out: str = ffi.string(lib.clientbook_version()).decode()
    return out


def terms(kind: str) -> list[dict[str, Any]]:
    """All words of a kind, as they are told to people: purpose, recipient, category or operation."""
    kinds = {"purpose": lib.CLIENTBOOK_TERM_PURPOSE, "recipient": lib.CLIENTBOOK_TERM_RECIPIENT,
             "category": lib.CLIENTBOOK_TERM_CATEGORY, "operation": lib.CLIENTBOOK_TERM_OPERATION}
    if kind not in kinds:
        raise ValueError("a kind is purpose, recipient, category or operation")
    call = Call()
    call.check(lib.clientbook_terms(kinds[kind], call.bytes, call.error))
    out: list[dict[str, Any]] = call.json()
    return out
