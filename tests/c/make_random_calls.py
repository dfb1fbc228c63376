#!/usr/bin/env python3
"""Writes a C program that calls the functions of clientbook.h in random order with random arguments.

usage: make_random_calls.py CLIENTBOOK_H OUT_C

Arguments are drawn from what a host might hand in by mistake or on purpose: handles that are open,
closed and made up, NULL, texts of every kind in buffers of exactly their size, numbers from everywhere.
No call may crash, answer with something that is no code, or touch an out-parameter when it fails.
CLIENTBOOK_RANDOM_CALLS says how many (CLIENTBOOK_SOAK_EVENTS, else 1,000,000), CLIENTBOOK_RANDOM_SEED (CLIENTBOOK_SOAK_SEED)
where to begin (1).
"""

import sys

import header

# Functions that make files, and what a program does once.
RARE = {"clientbook_root_cell_create_file", "clientbook_root_cell_open_file", "clientbook_book_create",
        "clientbook_book_open", "clientbook_book_create_with_cell", "clientbook_book_open_with_cell",
        "clientbook_context_create", "clientbook_session_verify", "clientbook_key_file_create",
        "clientbook_session_add_key_slot", "clientbook_session_change_key_slot",
        "clientbook_session_begin_as", "clientbook_session_carve", "clientbook_session_enrol_credential", "clientbook_session_change_credential"}

HEAD = r"""/* Written by make_random_calls.py. */
#include "random_world.h"
"""


def base(parameter):
    return parameter.type.replace("const ", "").removesuffix("*").strip()


def draw(function, index):
    """Lines that draw a parameter into a_<name>, and what the call gets for it."""
    parameter = function.parameters[index]
    name, kind = parameter.name, parameter.type
    null = "draw(16) == 0"
    if kind == "clientbook_context*":
        return [], f"({null} ? NULL : context)"
    if kind in ("const char*", "const uint8_t*"):
        return [f"  struct text a_{name} = draw_text();"], f"(const {base(parameter)}*)a_{name}.data"
    before = function.parameters[index - 1] if index else None
    if kind == "size_t" and before and before.type in ("const char*", "const uint8_t*"):
        return [], f"a_{before.name}.size"
    if not parameter.is_pointer:
        drawn = {"clientbook_handle": "draw_handle()", "uint8_t": "(uint8_t)draw_number()",
                 "uint32_t": "(uint32_t)draw_number()", "uint64_t": "draw_number()", "int64_t": "(int64_t)draw_number()",
                 "int32_t": "(int32_t)draw_number()", "size_t": "(size_t)draw_number()"}[kind]
        return [], drawn
    if kind == "clientbook_context**":
        return [f"  clientbook_context* a_{name} = NULL;"], f"({null} ? NULL : &a_{name})"
    if kind.startswith("const"):
        return [f"  {base(parameter)} a_{name};", f"  draw_{base(parameter)}(&a_{name});"], \
            f"({null} ? NULL : &a_{name})"
    return [f"  {base(parameter)} a_{name};", f"  memset(&a_{name}, 0x5a, sizeof a_{name});"], \
        f"({null} ? NULL : &a_{name})"


def call(function, number):
    lines = [f"static void call_{number}(void) {{ /* {function.name} */"]
    locals_, arguments = [], []
    for index in range(len(function.parameters)):
        drawn, argument = draw(function, index)
        locals_ += drawn
        arguments.append(argument)
    lines += [line for line in locals_ if "(&a_" not in line]
    lines += ["  clientbook_status said = 0;"]
    lines += [line for line in locals_ if "(&a_" in line]
    lines.append(f"  said = {function.name}({', '.join(arguments)});")
    lines.append("  known_code(said);")
    for parameter in function.parameters:
        name = parameter.name
        if parameter.type in ("const char*", "const uint8_t*"):
            lines.append(f"  free(a_{name}.data);")
        elif parameter.type == "clientbook_context**":
            lines.append(f"  clientbook_context_destroy(a_{name});")
        elif parameter.is_pointer and not parameter.type.startswith("const") \
                and parameter.type != "clientbook_context*" and name != "error":
            lines.append(f"  took_{base(parameter)}(said, &a_{name}, {1 if name == 'where' else 0});")
    return lines + ["}", ""]


def main():
    fallible = [f for f in header.functions(sys.argv[1]) if f.result == "clientbook_status"]
    lines = [HEAD]
    for number, function in enumerate(fallible):
        lines += call(function, number)
    lines += ["static void (*const usual[])(void) = {"]
    lines += [f"    call_{n}," for n, f in enumerate(fallible) if f.name not in RARE]
    lines += ["};", "static void (*const rare[])(void) = {"]
    lines += [f"    call_{n}," for n, f in enumerate(fallible) if f.name in RARE]
    lines += ["};", "", "int main(void) {", "  unsigned long i = 0;",
              "  const unsigned long calls = setting(\"CLIENTBOOK_RANDOM_CALLS\", setting(\"CLIENTBOOK_SOAK_EVENTS\", 1000000));",
              "  furnish_world();",
              "  for (i = 0; i < calls; ++i) {",
              "    if (i % 100 == 0) revive_world();",
              "    if (draw(400) == 0) {",
              "      rare[draw(sizeof rare / sizeof rare[0])]();",
              "    } else {",
              "      usual[draw(sizeof usual / sizeof usual[0])]();",
              "    }",
              "  }",
              "  clientbook_context_destroy(context);",
              "  return report_world(calls);", "}", ""]
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write("\n".join(lines))


if __name__ == "__main__":
    main()
