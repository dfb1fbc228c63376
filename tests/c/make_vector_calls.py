#!/usr/bin/env python3
"""Writes a C program that makes the calls of the shared vectors and holds the answers against them.

usage: make_vector_calls.py VECTOR.json... OUT_C
"""

import json
import pathlib
import sys

HEAD = """/* Written by make_vector_calls.py. */
#include "vector_calls.h"
"""


def quoted(text):
    """A C string, in pieces: C99 compilers need not take a long one, and an octal digit may follow."""
    out = []
    for byte in text.encode():
        out.append(chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}")
    pieces = ["".join(out[i:i + 400]) for i in range(0, len(out), 400)] or [""]
    return " ".join(f'"{piece}"' for piece in pieces)


def document(value):
    return quoted(json.dumps(value, ensure_ascii=False))


def call(step):
    """The line that makes a step's call; customers are numbered by their name."""
    who = quoted(step.get("who", ""))
    purpose = quoted(step.get("purpose", ""))
    kind = step["call"]
    if kind == "put":
        said = document(step["directives"]) if "directives" in step else "NULL"
        return f"do_put({who}, {document(step['record'])}, {purpose}, {said})"
    if kind == "update":
        return f"do_update({who}, {document(step['record'])}, {purpose})"
    if kind == "remove":
        return f"do_remove({who}, {quoted(step['field'])})"
    if kind == "record":
        return f"do_record({who}, {document(step['directive'])})"
    if kind == "append_note":
        return f"do_append_note({who}, {document(step['note'])}, {purpose})"
    if kind == "add_notice":
        return f"do_add_notice({document(step['notice'])})"
    if kind == "add_recipient":
        return f"do_add_recipient({document(step['party'])}, {quoted(step['name'])})"
    if kind == "read":
        return f"do_read({who}, {purpose})"
    if kind == "preview":
        return f"do_preview({who}, {purpose}, {quoted(step['recipient'])}, {quoted(step['operation'])})"
    if kind == "explain":
        return f"do_explain({who}, {purpose}, {quoted(step['field'])}, {quoted(step['language'])})"
    if kind in ("check_proof", "check_evidence"):
        return f"do_{kind}({quoted(step.get('proof', step.get('evidence')))}, {quoted(step['log'])})"
    if kind == "evaluate":
        return f"do_evaluate({document(step['document'])})"
    return f"do_{kind}({quoted(step['text'])})"


def main():
    lines = [HEAD, "int main(int count, char** arguments) {", "  (void)count;", "  (void)arguments;"]
    for name in sys.argv[1:-1]:
        case = json.loads(pathlib.Path(name).read_text(encoding="utf-8"))
        lines.append(f"  begin_case({quoted(pathlib.Path(name).stem)}, {quoted(case['profile'])}, {case['now']});")
        for step in case["steps"]:
            expect = step["expect"]
            lines.append(f"  {call(step)};")
            if expect["code"] != 0:
                lines.append(f"  refused({expect['code']}, {expect['at']}u, {quoted(expect['where'])});")
            elif "flat" in expect:
                lines.append(f"  gave_flat({quoted(expect['flat'])});")
            elif "text" in expect:
                lines.append(f"  gave_text({quoted(expect['text'])});")
            else:
                lines.append("  done();")
        lines.append("  end_case();")
    lines += ['  return report("shared vectors");', "}", ""]
    pathlib.Path(sys.argv[-1]).write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
