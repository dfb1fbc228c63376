#!/usr/bin/env python3
"""Writes a C program that calls every function with every pointer NULL, one at a time.

usage: make_null_calls.py CLIENTBOOK_H OUT_C

Where NULL is not allowed the answer is invalid_argument, and nothing is written through the other
pointers; where it is allowed it is not that. Handles are 0, so that a call with all its pointers is
refused for its handle.
"""

import sys

import header

HEAD = """/* Written by make_null_calls.py. */
#include "testing.h"

#include <clientbook.h>

/* What an untouched out-parameter looks like. */
static unsigned char before[64];
static void fill(void* to, size_t size) { memset(to, 0x5a, size); }
static void untouched(const void* at, size_t size) { CHECK(memcmp(at, before, size) == 0); }
"""


def value_type(parameter):
    return parameter.type.replace("const ", "").removesuffix("*").strip()


def is_options(parameter):
    return parameter.type.startswith("const clientbook_") and parameter.type != "const clientbook_id*"


def declare(parameter):
    """A local that a pointer can point to."""
    name, kind = parameter.name, value_type(parameter)
    if parameter.type == "clientbook_context*":
        return []
    if parameter.type in ("const char*", "const uint8_t*"):
        return [f"  const {kind} {name}[1] = {{0}};"]
    lines = [f"  {kind} {name};"]
    if is_options(parameter):
        lines += [f"  memset(&{name}, 0, sizeof {name});", f"  {name}.struct_size = sizeof {name};"]
    elif parameter.type == "const clientbook_id*":
        lines += [f"  memset(&{name}, 0, sizeof {name});"]
    else:
        lines += [f"  fill(&{name}, sizeof {name});"]
    return lines


def argument(parameter, null):
    if parameter.name == null:
        return "NULL"
    if not parameter.is_pointer:
        return "CLIENTBOOK_ABI_VERSION" if parameter.name == "abi_version" else "0"
    if parameter.type == "clientbook_context*":
        return "context"
    if parameter.type in ("const char*", "const uint8_t*"):
        return parameter.name
    return "&" + parameter.name


def outputs(function):
    return [p for p in function.parameters
            if p.is_pointer and not p.type.startswith("const") and p.name != "error"
            and p.type != "clientbook_context*"]


def calls(function):
    lines = [f"static void call_{function.name}(clientbook_context* context) {{"]
    for parameter in function.parameters:
        if parameter.is_pointer:
            lines += declare(parameter)
    lines.append("  (void)context;")
    handled = any(p.type == "clientbook_handle" for p in function.parameters)
    for parameter in function.parameters:
        if not parameter.is_pointer:
            continue
        arguments = ", ".join(argument(p, parameter.name) for p in function.parameters)
        call = f"{function.name}({arguments})"
        if not parameter.may_be_null:
            lines.append(f"  CHECK({call} == CLIENTBOOK_INVALID_ARGUMENT);")
            if any(p.name == "error" for p in function.parameters):
                lines.append("  CHECK(error.code == CLIENTBOOK_INVALID_ARGUMENT && error.text[0] != 0);")
            lines += [f"  untouched(&{p.name}, sizeof {p.name});" for p in outputs(function)]
        elif handled:
            lines.append(f"  CHECK({call} == CLIENTBOOK_INVALID_HANDLE);")
            lines += [f"  untouched(&{p.name}, sizeof {p.name});" for p in outputs(function)]
    return lines + ["}", ""]


def main():
    all_functions = header.functions(sys.argv[1])
    fallible = [f for f in all_functions if f.result == "clientbook_status"]
    lines = [HEAD]
    for function in fallible:
        lines += calls(function)
    lines += ["int main(void) {", "  clientbook_context* context = NULL;", "  fill(before, sizeof before);",
              "  CHECK(clientbook_context_create(CLIENTBOOK_ABI_VERSION, &context, NULL) == CLIENTBOOK_OK);"]
    lines += [f"  call_{f.name}(context);" for f in fallible]
    lines += ["  clientbook_bytes_free(NULL);", "  clientbook_context_destroy(NULL);",
              "  clientbook_context_destroy(context);",
              f'  return report("null calls of {len(fallible)} functions");', "}", ""]
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write("\n".join(lines))


if __name__ == "__main__":
    main()
