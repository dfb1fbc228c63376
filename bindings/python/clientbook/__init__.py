"""A retailer's client book, kept so that the customer decides.

    import clientbook
    from clientbook import Email, Name, Purpose, Role

    with clientbook.open("shop.book", key="/secure/keys/shop.key") as book:
        session = book.session(actor=7, role=Role.ASSOCIATE)
        ken = session.find("loyalty", "L-1")
        view = session.read(ken, Purpose.CUSTOMER_ORDER_MANAGEMENT)
        print(view.name.given)

docs/python.md is the guide. What goes wrong raises a clientbook.Error with a `code`. No repr() and no
exception shows a value of a record.
"""

from ._codes import Code
from .book import (Book, CustomerPage, Directive, Disclosure, ErasureReason, Items, Kept, LedgerEntry, Mentions,
                   NumberInNote, Role, RootCell, SearchPath, Session, accept_pin, create, drill, in_memory, key_slots,
                   make_key_file, open, restore, upgrade)
from .errors import (BudgetSpent, Cancelled, CaseRequired, Denied, Erased, Error, InvalidInput, InvalidState, NoBasis,
                     NotFound, NotInPortfolio, RoleDenied, StorageFailed, UnknownField, ViewClosed)
from .terms import Category, Operation, Purpose, Recipient
from .texts import (Find, Mark, Redacted, Redactor, check_evidence, check_proof, check_seals, deletion_answer, evaluate,
                    library_version,
                    propose_column_map, redact, redact_file, redact_form, reversal_key, roles, scan, scan_form, seal, terms)
from .values import (Address, Contact, Demographics, Email, ExternalId, GovernmentId, HouseholdLink, Money, Name,
                     Note, PaymentCard, Phone, Purchase, PurchaseLine, Reach, Size, SpecialDay, Task, Wish,
                     YearlessDate, minor_units)
from .view import CustomerId, FieldInfo, Reason, State, View

__version__ = library_version()

__all__ = [
    "Address", "Book", "BudgetSpent", "Cancelled", "CaseRequired", "Category", "Code", "Contact", "CustomerId", "CustomerPage", "Demographics",
    "Denied", "Directive",
    "Disclosure", "Email", "Erased", "ErasureReason", "Error", "ExternalId", "FieldInfo", "Find",
    "GovernmentId", "HouseholdLink", "InvalidInput", "InvalidState", "Items", "Kept", "LedgerEntry",
    "Mark", "Mentions", "Money", "Name", "NoBasis", "NotFound", "NotInPortfolio", "Note", "NumberInNote", "Operation",
    "PaymentCard", "Phone", "Purchase", "PurchaseLine", "Purpose", "Reach", "Reason", "Recipient", "Redacted",
    "Redactor", "Role", "RoleDenied", "RootCell", "SearchPath", "Session", "Size", "SpecialDay", "State", "StorageFailed", "Task",
    "UnknownField", "View", "ViewClosed", "Wish", "YearlessDate", "accept_pin", "check_evidence", "check_proof", "check_seals", "create", "deletion_answer", "drill", "evaluate", "in_memory",
    "key_slots", "library_version", "make_key_file", "minor_units", "propose_column_map", "redact", "redact_file", "redact_form", "restore", "reversal_key", "roles",
    "scan", "scan_form", "seal", "terms", "upgrade",
]
