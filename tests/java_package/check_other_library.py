#!/usr/bin/env python3
"""A library of another ABI version, one that lacks functions, something that is no library, and none at all: UNSUPPORTED, from whatever is
called first, and the text says what is missing. What is copied out of the jar is gone when the program ends.

usage: check_other_library.py FOLDER_OF_INSTALL SOURCE_OF_CLIENTBOOK

run_foreign.py does the same by java.lang.foreign.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import maven

PROBE = """
import clientbook.*;
public class Probe {
  public static void main(String[] arguments) {
    for (int i = 0; i < 2; ++i) {
      try {
        Clientbook.inMemory(new NewBook("gdpr"));
        System.out.println("worked");
      } catch (ClientbookException refused) {
        System.out.println(refused.code() + " " + refused.getMessage());
      }
    }
  }
}
"""


def fake(functions):
    """A library in which every call says that the version is another one."""
    lines = ["#include <stdint.h>", "struct error { int32_t code; uint32_t reserved; const char *text; uint64_t at; };"]
    for function in functions:
        if function.name == "clientbook_context_create":
            lines += ["int32_t clientbook_context_create(uint32_t version, void **out, struct error *error) {", "  (void)out;",
                      '  error->code = 6; error->text = "another ABI version"; error->at = 77;', "  return version == 77 ? 0 : 6;", "}"]
        else:
            lines.append(f"int32_t {function.name}(void) {{ return 6; }}")
    return "\n".join(lines + [""])


def libraries(folder, source):
    """{what it is: (its file, what the text must say)}."""
    sys.path.insert(0, str(source / "tests/c"))
    import header

    functions = header.functions(source / "bindings/c/include/clientbook.h")
    half = functions[: len(functions) // 2]
    lacking = sorted(function.name for function in functions if function not in half)
    out = {"none": (folder / "none.so", "no file"), "no library": (folder / "text.so", "cannot be loaded"), "a folder": (folder, "no file"),
           "other": (folder / "other.so", "another ABI version"), "older": (folder / "older.so", "has no clientbook_")}
    out["no library"][0].write_text("not a library", encoding="utf-8")
    for name, of in (("other", functions), ("older", half)):
        code = (folder / name).with_suffix(".c")
        code.write_text(fake(of), encoding="utf-8")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", out[name][0], code], check=True)
    return out, lacking


def run(java, jars, probe, *options):
    done = subprocess.run([*java, *options, "-cp", jars, probe], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}")
    return done.stdout.splitlines()


def check(java, jars, source, needs_jna=True):
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        probe = place / "Probe.java"
        probe.write_text(PROBE, encoding="utf-8")
        found, lacking = libraries(place, source)
        for what, (file, expected) in found.items():
            said = run(java, jars, probe, f"-Dclientbook.native={file}")
            print(what, *said[:1])
            if len(said) != 2 or not all(line.startswith("UNSUPPORTED") and expected in line for line in said):
                sys.exit(f"a library that is {what} is not refused with what is missing")
            if what == "older" and not any(f"{one}:" in said[0] for one in lacking):
                sys.exit("the function that is missing is not named")
        if needs_jna:
            said = run(java, jars.split(os.pathsep)[0], probe)
            print("without JNA", *said[:1])
            if len(said) != 2 or not all(line.startswith("UNSUPPORTED") and "JNA" in line for line in said):
                sys.exit("without JNA the text does not say so")
        temporary = place / "temporary"
        temporary.mkdir()
        if run(java, jars, probe, f"-Djava.io.tmpdir={temporary}") != ["worked", "worked"]:
            sys.exit("the library of the jar does not work")
        left = [one.name for one in temporary.iterdir() if one.name.startswith("clientbook-")]
        if left:
            sys.exit(f"left behind: {left}")


def main():
    folder, source = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    maven.need_tools()
    check(["java"], maven.jars(maven.version_of(folder)), source)


if __name__ == "__main__":
    main()
