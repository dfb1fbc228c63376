"""Names that a model finds are hidden in notes, beside what the library finds itself: spaCy's, where it is installed.

usage: name_finder.py [MODEL]      (default: en_core_web_sm; without spaCy or the model, a list of names stands in)
"""

import re
import sys

import clientbook
from clientbook import Directive, ExternalId, Name, Purpose, Role


def by_spacy(model):
    """Spans of the people that a pipeline of spaCy's finds; None where there is no such pipeline."""
    try:
        import spacy
        pipeline = spacy.load(model, disable=["lemmatizer", "tagger"])
    except (ImportError, OSError):
        return None
    return lambda text: [(one.start_char, one.end_char) for one in pipeline(text).ents if one.label_ == "PERSON"]


def by_list(names):
    """What stands in for a model: the same port, another finder."""
    pattern = re.compile("|".join(map(re.escape, names)))
    return lambda text: (found.span() for found in pattern.finditer(text))


find = by_spacy(sys.argv[1] if len(sys.argv) > 1 else "en_core_web_sm")
print("names by:", "a list" if find is None else "spaCy")

with clientbook.in_memory("gdpr") as book:
    session = book.session(actor=7, role=Role.OWNER)
    session.add_notice("news", "We write to you.", purposes=[Purpose.EMAIL_MARKETING], recipients=["self"], categories=["name", "note"])
    agreed = Directive("grant", purposes=[Purpose.EMAIL_MARKETING], recipients=["self"], categories=["name", "note"], notice="news",
                       channel="paper", evidence="form 17", conditions={"obligations": ["mask"], "mask": "redact_text"})
    ken = session.put({"name": Name(given="Ken"), "external_ids": [ExternalId("loyalty", "L-1")]}, Purpose.CUSTOMER_ORDER_MANAGEMENT).customer
    session.record(ken, agreed)
    session.append_note(ken, "came with Margaret Atwood, who wears the same size", Purpose.EMAIL_MARKETING)
    print("without:", session.notes(ken, Purpose.EMAIL_MARKETING).items[0].text)
    session.set_text_finder(find or by_list(["Margaret Atwood"]), names=True)
    shown = session.notes(ken, Purpose.EMAIL_MARKETING).items[0].text
    print("with:", shown)
    assert "Atwood" not in shown and "size" in shown
