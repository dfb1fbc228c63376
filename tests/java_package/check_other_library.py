#!/usr/bin/env python3
"""A library of another ABI version, one that lacks functions, and none at all: UNSUPPORTED, from whatever is called first.

usage: check_other_library.py FOLDER_OF_INSTALL SOURCE_OF_CLIENTBOOK
"""

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
        System.out.println(refused.code());
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


def main():
    folder, source = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    maven.need_tools()
    jars = maven.jars(maven.version_of(folder))
    sys.path.insert(0, str(source / "tests/c"))
    import header

    functions = header.functions(source / "bindings/c/include/clientbook.h")
    with tempfile.TemporaryDirectory() as place:
        probe = pathlib.Path(place) / "Probe.java"
        probe.write_text(PROBE, encoding="utf-8")
        libraries = {"none": pathlib.Path(place) / "none.so"}
        for name, of in (("other", functions), ("older", functions[: len(functions) // 2])):
            libraries[name] = pathlib.Path(place) / f"{name}.so"
            code = libraries[name].with_suffix(".c")
            code.write_text(fake(of), encoding="utf-8")
            subprocess.run(["cc", "-shared", "-fPIC", "-o", libraries[name], code], check=True)
        for name, library in libraries.items():
            said = subprocess.run(["java", f"-Dclientbook.native={library}", "-cp", jars, probe], check=True, capture_output=True,
                                  text=True).stdout.split()
            print(name, *said)
            if said != ["UNSUPPORTED", "UNSUPPORTED"]:
                sys.exit(f"a library that is {name} is not refused")


if __name__ == "__main__":
    main()
