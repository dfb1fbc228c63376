"""The vectors that C++, C and Python share: the same bytes and the same codes.

usage: vectors_test.py            hold the package against tests/vectors/bindings
       vectors_test.py --write    fill in what a step that expects nothing yet gives; look at it before it is kept
"""

import json
import os
import pathlib
import sys
import unittest

import clientbook
from clientbook import Role
from clientbook._call import Call, options
from clientbook._native import ffi, lib
from clientbook.book import _purpose, term_number

FOLDER = pathlib.Path(os.environ.get("CLIENTBOOK_SOURCE", ".")) / "tests/vectors/bindings"


class Runner:
    """Runs the steps of a file; through the package's own calls wherever it has one that gives bytes."""

    def __init__(self, case):
        import datetime

        now = datetime.datetime.fromtimestamp(case["now"], datetime.timezone.utc)
        self.book = clientbook.in_memory(case["profile"], clock=lambda: now)
        self.session = self.book.session(7, Role.OWNER)
        self.who = {}

    def step(self, step):
        try:
            told = getattr(self, step["call"])(step) or {}
        except clientbook.Error as error:
            return {"code": int(error.code), "at": error.at, "where": error.where}
        return {"code": 0, **told}

    def add_notice(self, step):
        self.raw(lib.clientbook_session_add_notice, step["notice"], "uint32_t*")

    def add_recipient(self, step):
        self.raw(lib.clientbook_session_add_recipient, step["party"], "uint8_t*")

    def raw(self, function, document, kind):
        text = json.dumps(document).encode()
        self.session._check(function(self.session._context, self.session._handle, text, len(text), ffi.new(kind),
                                     self.session._call.error))

    def put(self, step):
        said = [Verbatim(one) for one in step.get("directives", ())]
        self.who[step["who"]] = self.session.put(step["record"], step["purpose"], said).customer

    def update(self, step):
        self.session.update(self.who[step["who"]], step["record"], step["purpose"])

    def remove(self, step):
        self.session.remove(self.who[step["who"]], step["field"])

    def record(self, step):
        self.session.record(self.who[step["who"]], Verbatim(step["directive"]))

    def append_note(self, step):
        text = json.dumps(step["note"]).encode()
        session = self.session
        session._check(lib.clientbook_session_append_note(
            session._context, session._handle, self.who[step["who"]]._c, lib.CLIENTBOOK_JSON, text, len(text),
            bytes([_purpose(step["purpose"])]), 1, ffi.NULL, ffi.new("uint32_t*"), session._call.error))

    @staticmethod
    def flat(view):
        block = bytearray(view._block())
        block[16:32] = bytes(16)  # ids are random
        return {"flat": block.hex(), "shown": [key for key in view if view.state(key) in (2, 3)]}

    def read(self, step):
        return self.flat(self.session.read(self.who[step["who"]], step["purpose"]))

    def preview(self, step):
        return self.flat(self.session.preview(self.who[step["who"]], step["purpose"], step["recipient"],
                                              step["operation"]))

    def explain(self, step):
        return {"text": self.session.explain(self.who[step["who"]], step["purpose"], step["field"],
                                             step["language"])}

    def evaluate(self, step):
        call, where, text = Call(), Call(), json.dumps(step["document"]).encode()
        status = lib.clientbook_evaluate(text, len(text), call.bytes, where.bytes, call.error)
        call.check(status, where.text() if status else "")
        return {"text": call.text()}

    def scan_text(self, step):
        call, text = Call(), step["text"].encode()
        call.check(lib.clientbook_scan_text(text, len(text), ffi.NULL, call.bytes, call.error))
        return {"text": call.text()}

    def check_proof(self, step):
        return self.checked(lib.clientbook_check_proof, step["proof"], step["log"])

    def check_evidence(self, step):
        return self.checked(lib.clientbook_check_evidence, step["evidence"], step["log"])

    @staticmethod
    def checked(function, *texts):
        call = Call()
        one, log = (text.encode() for text in texts)
        call.check(function(one, len(one), log, len(log), call.bytes, call.error))
        return {"text": call.text()}

    def redact_text(self, step):
        return {"text": clientbook.redact(step["text"]).text}


class Verbatim:
    def __init__(self, members):
        self.members = members

    def to_json(self):
        return self.members


def files():
    return sorted(FOLDER.glob("*.json"))


class Vectors(unittest.TestCase):
    def test_all(self):
        self.assertEqual([file.stem for file in files()], ["decisions", "proofs", "records", "refusals"])
        steps = 0
        for file in files():
            case = json.loads(file.read_text(encoding="utf-8"))
            runner = Runner(case)
            for number, step in enumerate(case["steps"]):
                with self.subTest(file=file.stem, step=number):
                    self.assertTrue(step["expect"])
                    self.assertEqual(runner.step(step), step["expect"])
                steps += 1
        self.assertGreater(steps, 40)


def write():
    for file in files():
        case = json.loads(file.read_text(encoding="utf-8"))
        runner = Runner(case)
        for step in case["steps"]:
            told = runner.step(step)
            step["expect"] = step["expect"] or told
        file.write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
