"""The forty invented customers of examples/data, in a book in memory, for the examples that need some."""

import datetime
import os
import pathlib

import clientbook
from clientbook import Role

#: The day on which the examples take place: what expires has expired then, whenever they are run.
TODAY = datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.timezone.utc)


def folder() -> pathlib.Path:
    """The examples of the source tree: what CLIENTBOOK_SOURCE names, else where this file lies."""
    source = os.environ.get("CLIENTBOOK_SOURCE")
    return pathlib.Path(source) / "examples" if source else pathlib.Path(__file__).resolve().parent.parent


def shop() -> clientbook.Book:
    book = clientbook.in_memory(profile="gdpr", clock=lambda: TODAY)
    session = book.session(actor=1, role=Role.OWNER)
    for notice in ("house-rules-2025", "newsletter-2025"):
        session.add_notice(notice, (folder() / "import/notice.txt").read_text(encoding="utf-8"), purposes=["all"],
                           recipients=["self", "selected_partner"], categories=["all"])
    session.import_customers((folder() / "import/clientbook.json").read_text(encoding="utf-8"), folder() / "data")
    session.close()
    return book
