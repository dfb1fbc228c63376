#!/usr/bin/env python3
"""Writes a C program that calls every function with sizes that no object has, 2^63 and 2^64 - 1.

usage: make_size_calls.py CLIENTBOOK_H OUT_C

With all of a call's sizes impossible the answer is limit_exceeded, unless it is refused before anything is looked at; with
one of them it is refused. Nothing is read behind a pointer, and no answer is internal_error. Texts within structs too, and
a struct_size that cuts a member in half is refused with invalid_argument.
"""

import re
import sys

import header
import make_layout
from make_null_calls import is_options, value_type

HEAD = """/* Written by make_size_calls.py. */
#include "testing.h"

#include <clientbook.h>

static const size_t impossible[] = {SIZE_MAX / 2 + 1, SIZE_MAX};
static clientbook_context* context;
static clientbook_handle book, session, cursor, redactor, builder, cell;

static void refused(clientbook_status status, const char* call) {
  if (status != CLIENTBOOK_OK && status != CLIENTBOOK_INTERNAL_ERROR) {
    CHECK(1);
    return;
  }
  fprintf(stderr, "%s: %d\\n", call, (int)status);
  CHECK(0 && "an impossible size is refused");
}
static void too_large(clientbook_status status, const char* call) {
  if (status != CLIENTBOOK_LIMIT_EXCEEDED) fprintf(stderr, "%s: %d\\n", call, (int)status);
  CHECK(status == CLIENTBOOK_LIMIT_EXCEEDED);
}
"""
SETUP = """
static void begin(void) {
  clientbook_new_book what;
  memset(&what, 0, sizeof what);
  what.struct_size = sizeof what;
  what.profile = "gdpr";
  what.profile_size = 4;
  NEED(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, NULL) == CLIENTBOOK_OK);
  NEED(clientbook_book_create_in_memory(context, &what, NULL, &book, NULL) == CLIENTBOOK_OK);
  NEED(clientbook_session_begin(context, book, 7, CLIENTBOOK_ROLE_OWNER, &session, NULL) == CLIENTBOOK_OK);
  NEED(clientbook_session_scan(context, session, 16, 0, &cursor, NULL) == CLIENTBOOK_OK);
  NEED(clientbook_redactor_create(context, NULL, 0, NULL, &redactor, NULL) == CLIENTBOOK_OK);
  NEED(clientbook_builder_create(context, &builder, NULL) == CLIENTBOOK_OK);
}
"""
#: What refuses these before their sizes are looked at: another size than a key has, no function to write to, no cell.
BEFORE = {"clientbook_session_set_token_reversal", "clientbook_deletion_answer", "clientbook_session_export_customers",
          "clientbook_book_open_with_cell", "clientbook_book_create_with_cell"}
#: What refuses these before their options are looked at: no cell, a book in memory, a document that is none.
BEFORE_OPTIONS = {"clientbook_book_open_with_cell", "clientbook_book_create_with_cell", "clientbook_session_add_key_slot",
                  "clientbook_session_change_key_slot", "clientbook_session_enrol_credential"}


def sizes(function):
    """Names of the parameters that are the size of the pointer before them."""
    before = {p.name for p in function.parameters if p.is_pointer}
    return [p.name for p in function.parameters if p.type == "size_t" and p.name.removesuffix("_size") in before]


def scalar(parameter):
    if parameter.type == "clientbook_handle":
        return parameter.name if parameter.name in ("book", "session", "cursor", "redactor", "builder", "cell") else "session"
    if parameter.name == "abi_version":
        return "CLIENTBOOK_ABI_VERSION"
    return "0" if parameter.name == "born" else "1"


def call(function, impossible):
    out = []
    for p in function.parameters:
        if p.type == "clientbook_context*":
            out.append("context")
        elif p.is_pointer:
            out.append(p.name if p.type in ("const char*", "const uint8_t*") else "&" + p.name)
        elif p.name in sizes(function):
            out.append("impossible[i]" if p.name in impossible else "1")
        else:
            out.append(scalar(p))
    return f"{function.name}({', '.join(out)})"


def texts_of(structs, kind):
    """Names of the members of a struct that have a size."""
    members = [name for name, _ in structs.get(kind, [])]
    return [one for one in members if one + "_size" in members]


def calls(function, structs):
    given = sizes(function)
    options = [p for p in function.parameters if p.is_pointer and is_options(p)]
    if not given and not options:
        return None
    lines = [f"static void call_{function.name}(void) {{", "  size_t i;"]
    for p in function.parameters:
        if not p.is_pointer or p.type == "clientbook_context*":
            continue
        kind = value_type(p)
        if p.type in ("const char*", "const uint8_t*"):
            lines.append(f"  static const {kind} {p.name}[2] = {{'1', 0}};")
            continue
        lines += [f"  {kind} {p.name};", f"  memset(&{p.name}, 0, sizeof {p.name});"]
        if is_options(p):
            lines.append(f"  {p.name}.struct_size = sizeof {p.name};")
    lines += ["  for (i = 0; i < 2; ++i) {"]
    if given:
        how = "refused" if function.name in BEFORE else "too_large"
        lines.append(f'    {how}({call(function, given)}, "{function.name}");')
        if len(given) > 1:
            lines += [f'    refused({call(function, [one])}, "{function.name}, {one}");' for one in given]
    for p in options:
        cut = call(function, [])
        lines += [f"    {p.name}.struct_size = sizeof {p.name} - 1 - i;",
                  f'    refused({cut}, "{function.name}, struct_size");' if function.name in BEFORE_OPTIONS
                  else f"    CHECK({cut} == CLIENTBOOK_INVALID_ARGUMENT);",
                  f"    {p.name}.struct_size = sizeof {p.name};"]
        for member in texts_of(structs, value_type(p)):
            kind = dict(structs[value_type(p)])[member]
            letters = '"1"' if "char" in kind else '(const uint8_t*)"1"'
            lines += [f"    {p.name}.{member} = {letters};", f"    {p.name}.{member}_size = impossible[i];",
                      f'    refused({call(function, [])}, "{function.name}, {member}");',
                      f"    {p.name}.{member} = NULL;", f"    {p.name}.{member}_size = 0;"]
    return lines + ["  }", "}", ""]


def main():
    structs = dict(make_layout.structs(re.sub(r"(?m)^\s*#.*$", " ", make_layout.code_of(sys.argv[1]))))
    made = {f.name: calls(f, structs) for f in header.functions(sys.argv[1]) if f.result == "clientbook_status"}
    made = {name: lines for name, lines in made.items() if lines}
    lines = [HEAD] + [line for one in made.values() for line in one] + [SETUP, "int main(void) {", "  begin();"]
    lines += [f"  call_{name}();" for name in made]
    lines += ["  clientbook_context_destroy(context);", f'  return report("impossible sizes of {len(made)} functions");', "}", ""]
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write("\n".join(lines))


if __name__ == "__main__":
    main()
