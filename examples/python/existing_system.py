"""A shop that keeps its own customer table, in SQLite, and lets clientbook seal columns of it, decide and redact whenever
they are read, and write down what leaves: examples/cpp/existing_system in Python. docs/existing_system.md is the page."""

import pathlib
import sqlite3

import clientbook
from clientbook import Address, ExternalId, Name, Phone, Purpose, Recipient, Role

# What the shop had before.
rows = sqlite3.connect("shop.sqlite")
rows.execute("CREATE TABLE customer (id INTEGER PRIMARY KEY, since TEXT, name BLOB, phone BLOB, address BLOB)")
COLUMNS = {"name": "name", "phone": "phones", "address": "addresses"}  # the table's columns, and fields of the book


def log(event):
    """An event a line: to syslog, a file or a collector. No value of a record stands in it."""
    if event["kind"] == "entry":
        print(f"log: {event['event']}, entry {event['ledger_index']}, by actor {event['actor']}")


def known_as(number):
    """The customers of the book are those of the table, by their number."""
    return session.find("shop", str(number))


def seal(number, **values):
    for column, value in values.items():
        sealed = session.seal_column(known_as(number), COLUMNS[column], value, Purpose.CUSTOMER_ORDER_MANAGEMENT)
        rows.execute(f"UPDATE customer SET {column} = ? WHERE id = ?", (sealed, number))  # a name of ours, no input


def cells(number, *columns):
    found = rows.execute(f"SELECT {', '.join(columns)} FROM customer WHERE id = ?", (number,)).fetchone()
    return {COLUMNS[column]: content for column, content in zip(columns, found)}


with clientbook.create("consent.book", key="keys/shop.key", profile="gdpr", on_event=log) as book:
    session = book.session(actor=7, role=Role.OWNER)
    rows.execute("INSERT INTO customer (id, since) VALUES (17, '2019-06-01')")
    session.put({"external_ids": [ExternalId("shop", "17")]}, Purpose.CUSTOMER_ORDER_MANAGEMENT)
    seal(17, name=Name(given="Ken", family="Quandt"), phone=[Phone(number="+49 30 1234567")],
         address=[Address(line1="Elm Street 1", city="Bonn", country="DE")])
    rows.commit()

    ken, row = known_as(17), cells(17, "name", "phone", "address")
    order = session.read_columns(ken, Purpose.CUSTOMER_ORDER_MANAGEMENT, row)
    print(f"for an order: {order.name.given}, phone {order.state('phones').name.lower()}")
    news = session.read_columns(ken, Purpose.EMAIL_MARKETING, row)
    print(f"for a newsletter: phone {news.state('phones').name.lower()}, because {news.reason('phones').name.lower()}")

    parcels = session.add_recipient("parcel-co", Recipient.PARCEL_SERVICE, country="DE", contract="PC-1", onward="forbidden")
    left = session.disclose_columns(ken, Purpose.DELIVERY_OF_GOODS, parcels, cells(17, "name", "address"))
    print(f"the parcel service got {left.content.addresses[0].city}")

    session.erase(ken)
    try:
        session.read_columns(ken, Purpose.CUSTOMER_ORDER_MANAGEMENT, row)
    except clientbook.Erased as gone:
        print("after the erasure:", gone.code.name.lower())
rows.close()
content = pathlib.Path("shop.sqlite").read_bytes()
assert b"Quandt" not in content and b"Elm Street" not in content
print("in the table in clear: nothing")
