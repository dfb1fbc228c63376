"""Values of a customer's record. None of them shows what it holds in its repr().

A text or member that is None is not known and is not stored. Amounts are in minor units of their
currency: 12.34 EUR is Money(1234, "EUR"), which Money.of("12.34", "EUR") is too. Of a purchase an amount
may also be given as a Decimal, and `purchase.decimal(purchase.total)` is one.
"""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Any, ClassVar, Mapping, Union

from . import errors
from ._call import Call, Quiet, dumped, utf8
from ._codes import Code
from ._native import ffi, lib


class Personal(Quiet):
    """A value that names somebody: it does not print."""

    #: Number of each member in the library's formats (docs/format/record.md).
    _keys: ClassVar[Mapping[int, str]] = {}

    def to_json(self) -> dict[str, Any]:
        """Members by name, as docs/transfer.md has them."""
        out: dict[str, Any] = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if value is not None:
                out[field.name] = to_json(value)
        return out


@dataclasses.dataclass(frozen=True, repr=False)
class YearlessDate(Personal):
    """A day whose year the customer keeps to themself."""

    month: int
    day: int


Day = Union[datetime.date, YearlessDate]


@dataclasses.dataclass(frozen=True, repr=False)
class Name(Personal):
    given: str | None = None
    family: str | None = None
    middle: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    nickname: str | None = None
    phonetic: str | None = None
    salutation: str | None = None
    pronouns: str | None = None
    _keys = {1: "given", 2: "family", 3: "middle", 4: "prefix", 5: "suffix", 6: "nickname", 7: "phonetic",
             8: "salutation", 9: "pronouns"}


@dataclasses.dataclass(frozen=True, repr=False)
class Email(Personal):
    address: str | None = None
    label: str | None = None
    _keys = {1: "address", 2: "label"}


@dataclasses.dataclass(frozen=True, repr=False)
class Phone(Personal):
    number: str | None = None
    label: str | None = None
    extension: str | None = None
    _keys = {1: "number", 2: "label", 3: "extension"}


@dataclasses.dataclass(frozen=True, repr=False)
class Address(Personal):
    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    label: str | None = None
    _keys = {1: "label", 2: "line1", 3: "line2", 4: "line3", 5: "city", 6: "region", 7: "postal_code", 8: "country"}


@dataclasses.dataclass(frozen=True, repr=False)
class SpecialDay(Personal):
    kind: str | None = None
    day: Day | None = None
    label: str | None = None
    _keys = {1: "kind", 2: "day", 3: "label"}


@dataclasses.dataclass(frozen=True, repr=False)
class Size(Personal):
    kind: str | None = None
    system: str | None = None
    value: str | None = None
    brand: str | None = None
    measured: Day | None = None
    remark: str | None = None
    _keys = {1: "kind", 2: "system", 3: "value", 4: "brand", 5: "measured", 6: "remark"}


@dataclasses.dataclass(frozen=True, repr=False)
class ExternalId(Personal):
    system: str | None = None
    value: str | None = None
    _keys = {1: "system", 2: "value"}


@dataclasses.dataclass(frozen=True, repr=False)
class HouseholdLink(Personal):
    relation: str | None = None
    person: str | None = None
    customer: str | None = None
    _keys = {1: "relation", 2: "person", 3: "customer"}


@dataclasses.dataclass(frozen=True, repr=False)
class Demographics(Personal):
    gender: str | None = None
    marital_status: str | None = None
    income_band: str | None = None
    children: int | None = None
    children_at_home: int | None = None
    education: str | None = None
    occupation: str | None = None
    home_owner: bool | None = None
    cars_owned: int | None = None
    commute_distance: str | None = None
    _keys = {1: "gender", 2: "marital_status", 3: "income_band", 4: "children", 5: "children_at_home",
             6: "education", 7: "occupation", 8: "home_owner", 9: "cars_owned", 10: "commute_distance"}


@dataclasses.dataclass(frozen=True, repr=False)
class GovernmentId(Personal):
    country: str | None = None
    kind: str | None = None
    number: str | None = None
    _keys = {1: "country", 2: "kind", 3: "number"}


@dataclasses.dataclass(frozen=True, repr=False)
class PaymentCard(Personal):
    """The processor's token and the last four digits; never a card number."""

    token: str | None = None
    last_four: str | None = None
    brand: str | None = None
    expiry_year: int | None = None
    expiry_month: int | None = None
    _keys = {1: "token", 2: "last_four", 3: "brand", 4: "expiry_year", 5: "expiry_month"}


@dataclasses.dataclass(frozen=True, repr=False)
class Task(Personal):
    """Something to be done for the customer. No state is open; `assigned` is the number of an actor."""

    text: str | None = None
    due: Day | None = None
    lead_days: int | None = None
    kind: str | None = None
    state: str | None = None
    assigned: int | None = None
    _keys = {1: "text", 2: "due", 3: "lead_days", 4: "kind", 5: "state", 6: "assigned"}


@dataclasses.dataclass(frozen=True, repr=False)
class Contact(Personal):
    """One time that shop and customer were in touch; `direction` is "in" or "out"."""

    at: datetime.datetime | None = None
    channel: str | None = None
    direction: str | None = None
    author: str | None = None
    outcome: str | None = None
    text: str | None = None
    _keys = {1: "at", 2: "channel", 3: "direction", 4: "author", 5: "outcome", 6: "text"}


@dataclasses.dataclass(frozen=True, repr=False)
class Wish(Personal):
    what: str | None = None
    day: Day | None = None
    brand: str | None = None
    size: str | None = None
    colour: str | None = None
    for_whom: str | None = None
    until: Day | None = None
    _keys = {1: "what", 2: "day", 3: "brand", 4: "size", 5: "colour", 6: "for_whom", 7: "until"}


@dataclasses.dataclass(frozen=True, repr=False)
class Reach(Personal):
    """How the customer would be spoken to, and from when until when not: "21:00", "08:00"."""

    channel: str | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None
    _keys = {1: "channel", 2: "quiet_from", 3: "quiet_until"}


@dataclasses.dataclass(frozen=True, repr=False)
class Money(Personal):
    minor: int | None = None
    currency: str | None = None
    _keys = {1: "minor", 2: "currency"}

    @staticmethod
    def of(amount: Union[Decimal, str, int], currency: str) -> "Money":
        """12.34 of a currency. Raises InvalidInput (no such currency), ValueError (smaller than its minor unit)."""
        return Money(minor_of(Decimal(amount), currency), currency)

    @property
    def decimal(self) -> Decimal | None:
        """The amount as people write it; None if it, or its currency, is not known."""
        return decimal_of(self.minor, self.currency)


@dataclasses.dataclass(frozen=True, repr=False)
class PurchaseLine(Personal):
    sku: str | None = None
    description: str | None = None
    quantity: int | None = None
    unit_price: Union[int, Decimal, None] = None
    size: str | None = None
    colour: str | None = None
    brand: str | None = None
    category: str | None = None
    department: str | None = None
    season: str | None = None
    for_whom: str | None = None
    _keys = {1: "sku", 2: "description", 3: "quantity", 4: "unit_price", 5: "size", 6: "colour", 7: "brand",
             8: "category", 9: "department", 10: "season", 11: "for_whom"}


@dataclasses.dataclass(frozen=True, repr=False)
class Purchase(Personal):
    """One receipt. Amounts are in minor units of `currency`, or are given as Decimals in it; a negative quantity was
    returned."""

    at: datetime.datetime | None = None
    day: datetime.date | None = None
    order: str | None = None
    store: str | None = None
    associate: str | None = None
    channel: str | None = None
    currency: str | None = None
    total: Union[int, Decimal, None] = None
    lines: tuple[PurchaseLine, ...] = ()
    _keys = {1: "at", 2: "day", 3: "order", 4: "store", 5: "associate", 6: "channel", 7: "currency", 8: "total",
             9: "lines"}

    def decimal(self, amount: Union[int, Decimal, None]) -> Decimal | None:
        """An amount of this receipt, such as its total or a line's unit_price, as people write it."""
        return amount if isinstance(amount, Decimal) else decimal_of(amount, self.currency)

    def to_json(self) -> dict[str, Any]:
        out = super().to_json()
        return in_minor_units(out)


@dataclasses.dataclass(frozen=True, repr=False)
class Note(Personal):
    """`kind` is a word (general, service, fit, complaint, warning); `visibility` "own", "store" or "all" (None: all).
    `by` and `store` of a note that is not for all say who wrote it, and where: the session fills them in."""

    text: str | None = None
    author: str | None = None
    at: datetime.datetime | None = None
    kind: str | None = None
    visibility: str | None = None
    pinned: bool | None = None
    by: int | None = None
    store: int | None = None
    _keys = {1: "at", 2: "author", 3: "text", 4: "kind", 5: "visibility", 6: "pinned", 7: "by", 8: "store"}


def minor_units(currency: str) -> int:
    """Digits behind the point of a currency's minor unit: 2 of EUR. Raises InvalidInput (no such currency)."""
    call = Call()
    out = ffi.new("uint32_t*")
    name = utf8(currency)
    call.check(lib.clientbook_minor_units(name, len(name), out, call.error))
    return int(out[0])


def minor_of(amount: Decimal, currency: str) -> int:
    """Minor units of a currency. Raises ValueError of an amount that is no whole number of them: nothing is rounded."""
    scaled = amount.scaleb(minor_units(currency))
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError("an amount is a whole number of its currency's minor units")
    return int(scaled)


def in_minor_units(purchase: Mapping[str, Any]) -> dict[str, Any]:
    """A purchase as a dictionary, with its Decimals in minor units of its currency."""
    out: dict[str, Any] = to_json(purchase)
    lines = out.get("lines")
    for place in (out, *(lines if isinstance(lines, list) else ())):
        for name in ("total", "unit_price"):
            if isinstance(place, dict) and isinstance(place.get(name), Decimal):
                place[name] = minor_of(place[name], str(out.get("currency") or ""))
    return out


def decimal_of(minor: int | None, currency: str | None) -> Decimal | None:
    """And back: with as many digits behind the point as the currency has."""
    return None if minor is None or not currency else Decimal(minor).scaleb(-minor_units(currency))


#: Numbers of field types (docs/format/record.md) whose values are structs.
STRUCTS: Mapping[int, type[Personal]] = {
    6: Money, 16: Name, 17: Email, 18: Phone, 19: Address, 20: SpecialDay, 21: Size, 22: ExternalId,
    23: HouseholdLink, 24: Demographics, 25: GovernmentId, 26: PaymentCard,
    27: Task, 28: Contact, 29: Wish, 30: Reach}


def to_json(value: Any) -> Any:
    """What json.dumps() takes, in the forms of docs/transfer.md."""
    if isinstance(value, YearlessDate):
        return f"--{value.month:02d}-{value.day:02d}"
    if isinstance(value, Personal):
        return value.to_json()
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(member) for member in value]
    return value


def as_json(value: Any) -> bytes:
    """What the library reads. Raises InvalidInput (INVALID_ENCODING, INVALID_VALUE)."""
    try:
        forms = to_json(value)
    except RecursionError:
        forms = None
    if forms is None:
        raise errors.of(Code.INVALID_VALUE, "a value that holds itself", 0)
    return dumped(forms)


def instant_of(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)


def purchase_of(members: dict[str, Any]) -> Purchase:
    members = dict(members)
    if "at" in members:
        members["at"] = instant_of(members["at"])
    if "day" in members:
        members["day"] = datetime.date.fromisoformat(members["day"])
    members["lines"] = tuple(PurchaseLine(**_known(PurchaseLine, line)) for line in members.get("lines", ()))
    return Purchase(**_known(Purchase, members))


def note_of(members: dict[str, Any]) -> Note:
    members = dict(members)
    if "at" in members:
        members["at"] = instant_of(members["at"])
    return Note(**_known(Note, members))


def _known(kind: type[Any], members: dict[str, Any]) -> dict[str, Any]:
    """Without members of a newer version."""
    names = {field.name for field in dataclasses.fields(kind)}
    return {name: value for name, value in members.items() if name in names}
