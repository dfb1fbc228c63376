"""A book from Python: keep a customer, show what a purpose needs, pass it on, forget it."""

import clientbook
from clientbook import Address, Directive, Email, ExternalId, Name, Purpose, Recipient, Role, State

# The key of a real shop lies on another disk or in a key manager; never beside the book.
with clientbook.create("shop.book", key="keys/shop.key", profile="gdpr") as book:
    session = book.session(actor=7, role=Role.OWNER)
    session.add_notice("news", "We write to you by e-mail.", purposes=[Purpose.EMAIL_MARKETING],
                       recipients=[Recipient.SELF], categories=["email_address", "name"])
    parcel_service = session.add_recipient("parcel-co", Recipient.PARCEL_SERVICE, country="DE",
                                           contract="PC-1", onward="forbidden")

    agreed = Directive("grant", purposes=[Purpose.EMAIL_MARKETING], recipients=[Recipient.SELF],
                       categories=["email_address", "name"], notice="news", channel="paper",
                       evidence="form 17")
    ken = session.put(
        {
            "name": Name(given="Ken", family="Sánchez"),
            "emails": [Email("ken@example.com")],
            "addresses": [Address(line1="4350 Minute Dr.", city="Newport Hills", country="US")],
            "external_ids": [ExternalId("loyalty", "L-1")],
        },
        Purpose.CUSTOMER_ORDER_MANAGEMENT,
        [agreed],
    ).customer

    view = session.read(ken, Purpose.EMAIL_MARKETING)
    print(f"for a newsletter: {view.emails[0].address}, address {view.state('addresses').name.lower()}")

    left = session.disclose(ken, Purpose.DELIVERY_OF_GOODS, parcel_service)
    print(f"the parcel service got {left.content.addresses[0].city}; entry {left.ledger_index} of the ledger")

    session.record(ken, Directive("withdraw", purposes=[Purpose.EMAIL_MARKETING], channel="phone"))
    view = session.read(ken, Purpose.EMAIL_MARKETING)
    assert view.state("emails") is State.WITHHELD
    print("after the withdrawal:", session.explain(ken, Purpose.EMAIL_MARKETING, "emails"))

    session.erase(ken)
    try:
        session.read(ken, Purpose.CUSTOMER_ORDER_MANAGEMENT)
    except clientbook.Erased as gone:
        print("after the erasure:", gone.code.name.lower())
