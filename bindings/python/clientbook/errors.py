"""What the library raises: an exception for each thing a caller would do differently.

Every one is a clientbook.Error with `code` (clientbook.Code), `at` (a field number, a byte, ...: what the
call documents) and `where` (a JSON pointer into what was given, or empty). None quotes a value.
"""

from __future__ import annotations

from ._codes import Code


class Error(Exception):
    """Something that the library refused or could not do."""

    def __init__(self, code: Code, text: str, at: int = 0, where: str = "") -> None:
        super().__init__(code, text, at, where)
        self.code = code
        self.text = text
        self.at = at
        self.where = where

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else f" (at {self.at})" if self.at else ""
        return f"{self.code.name.lower()}: {self.text}{place}"


class NotFound(Error):
    """No such customer, entry or book."""


class Erased(Error):
    """The customer's key was destroyed."""


class Denied(Error):
    """The customer or the law does not permit it."""


class NoBasis(Error):
    """A field without a consent or another lawful basis; `at` is its number."""


class RoleDenied(Error):
    """The actor's role may not do this: roles() says who may."""


class CaseRequired(Error):
    """Under this purpose an open case must name the customer: open_case()."""


class NotInPortfolio(Error):
    """While portfolios are in force: somebody else's customer, nobody's, or one who was erased."""


class BudgetSpent(Error):
    """The actor has seen as many customers as its budget allows."""


class InvalidInput(Error):
    """What was given is not what the call takes; `where` or `at` says which part."""


class UnknownField(InvalidInput, KeyError):
    """A field, or another name, that there is not; also a KeyError, which does not say which."""


class InvalidState(Error):
    """Closed, in use by another thread, of the parent process, or not possible now."""


class Cancelled(InvalidState):
    """The host has stopped this call: Session.cancel()."""


class ViewClosed(InvalidState, ValueError):
    """The view's bytes are wiped."""


class StorageFailed(Error):
    """The storage, or the place of the root key, failed or is damaged."""


#: What the library says of a call that was stopped; it has the code of what cannot be done now.
_STOPPED = "the host has stopped this call"
#: What this package says of a view that is closed (src/view.c).
_VIEW_CLOSED = "the view is closed"
_CLASSES: dict[Code, type[Error]] = {
    Code.NOT_FOUND: NotFound,
    Code.KEY_ERASED: Erased,
    Code.DENIED: Denied,
    Code.OBLIGATION_UNSUPPORTED: Denied,
    Code.NO_BASIS: NoBasis,
    Code.ROLE_DENIED: RoleDenied,
    Code.CASE_REQUIRED: CaseRequired,
    Code.BUDGET_SPENT: BudgetSpent,
    Code.NOT_IN_PORTFOLIO: NotInPortfolio,
    Code.INVALID_STATE: InvalidState,
    Code.INVALID_HANDLE: InvalidState,
    Code.UNKNOWN_FIELD: UnknownField,
    **{code: InvalidInput for code in (
        Code.INVALID_ARGUMENT, Code.INVALID_ENCODING, Code.INVALID_VALUE,
        Code.MISSING_FIELD, Code.WRONG_TYPE, Code.TRUNCATED, Code.CARD_DATA_REFUSED,
        Code.IDENTITY_NUMBER_REFUSED, Code.UNKNOWN_NOTICE, Code.BACK_DATED)},
    **{code: StorageFailed for code in (
        Code.IO_ERROR, Code.DISK_FULL, Code.OLDER_FORMAT, Code.NOT_A_BOOK, Code.DAMAGED, Code.LOCKED,
        Code.KEY_UNAVAILABLE, Code.AUTHENTICATION_FAILED, Code.WRONG_KEY, Code.VERSION_MISMATCH,
        Code.ROW_MISSING, Code.ROLLED_BACK)},
}


def of(status: int, text: str, at: int, where: str = "") -> Error:
    """The exception for a code."""
    try:
        code = Code(status)
    except ValueError:  # of a newer library
        code = Code.INTERNAL_ERROR
    kind = _CLASSES.get(code, Error)
    if code is Code.INVALID_STATE:
        kind = {_STOPPED: Cancelled, _VIEW_CLOSED: ViewClosed}.get(text, kind)
    return kind(code, text, at, where)
