"""Prints how many microseconds of its own processor time a read with three texts takes from Python (bindings_bench runs it)."""

import random
import time

import clientbook
from clientbook import Email, Name, Phone, Purpose, Role

WHY = Purpose.CUSTOMER_ORDER_MANAGEMENT
FIELDS = ("name", "emails", "phones")


def main() -> None:
    with clientbook.in_memory(profile="gdpr") as book:
        session = book.session(7, Role.SERVICE)
        with session.transaction():
            ids = [session.put({"name": Name(given=f"Ken{i}", family="Sanchez"),
                                "emails": [Email(f"ken{i}@example.com")],
                                "phones": [Phone("+1 202 555 0142")]}, WHY).customer for i in range(2000)]
        drawn = random.Random(1).choices(ids, k=5000)
        size = 0
        best = float("inf")
        for _ in range(10):
            begin = time.process_time()
            for who in drawn:
                view = session.read(who, WHY, FIELDS)
                size += len(view.name.given) + len(view.emails[0].address) + len(view.phones[0].number)
            best = min(best, time.process_time() - begin)
        assert size
        print(best / len(drawn) * 1e6)


if __name__ == "__main__":
    main()
