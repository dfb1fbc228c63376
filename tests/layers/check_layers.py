"""Finds includes outside their home.

usage: check_layers.py ROOT | --planted

Rules, each tried on a planted breach by --planted:
  - a third-party header is included only in its home (HOMES), a test library never in src or
    include, and nothing third-party in a public header
  - "x.hpp" is a private header of the same folder; public headers are
    <clientbook/room/x.hpp>
  - <tables/room/x.inc>, made while building, belongs to the sources of that room
  - the core includes nothing that needs a heap, threads, streams, files or a clock (x.cpp may where
    x_firmware.cpp stands in for it)
  - headers lie in include/clientbook/room or include/clientbook/internal/room, but for the three
    faces and the version, and have the guard of their path
  - an internal header that no public header includes may show what a source may include
  - bindings include public headers and clientbook.h, nothing internal and nothing third-party; packages for
    other languages include clientbook.h and the headers of their language
  - a source and a header open with a comment: what it is for
  - members of a public struct have a default, so that naming some of them is no warning (buffers,
    std::array, may be left as they are)
A file of more than 600 lines is reported and does no harm.
"""

import pathlib
import re
import sys
import tempfile

# Folders, and files where one alone may: what CLI11 has in headers is compiled in each file that
# includes it.
HOMES = {
    r"sodium(\.h|/.*)": ["src/crypto"],
    r"emmintrin\.h": ["src/scanner", "src/unicode"],
    r"lmdb\.h": ["src/adapters/lmdb"],
    r"zlib\.h": ["src/exchange"],
    r"openssl/.*": ["src/crypto"],
    r"psa/.*": ["src/crypto"],
    r"libpq-fe\.h": ["src/adapters/postgres"],
    r"spdlog/.*": ["src/adapters/spdlog", "src/cli"],
    r"re2/.*": ["src/adapters/re2"],
    r"p11-kit/.*": ["src/adapters/token"],
    r"CLI/.*": ["src/cli/command.cpp"],
    r"histedit\.h": ["src/cli"],
    r"qrcodegen/.*": ["src/cli"],
    r"malloc\.h": ["src/cli"],
    r"(doctest/|rapidcheck|benchmark/).*": [],
    r"nlohmann/.*": [],
    r"node_api\.h": ["bindings/node/src"],
    r"Python\.h": ["bindings/python/src"],
}
# The rooms that are compiled with clientbook_dep_boost, which renames its namespace.
BOOST_HOMES = ["src/exchange", "src/transfer", "src/rights", "src/cli"]
CORE = ["base", "unicode", "model", "crypto", "consent", "scanner", "redaction", "ledger", "till"]
TOP = ["core.hpp", "clientbook.hpp", "exchange.hpp", "version.hpp"]
# fmt: off
STANDARD = set("""
    algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono
    cinttypes climits clocale cmath compare complex concepts condition_variable coroutine csetjmp
    csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque
    exception execution filesystem format forward_list fstream functional future initializer_list
    iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
    memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex
    scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept
    stop_token streambuf string string_view syncstream system_error thread tuple type_traits
    typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
""".split())
NOT_IN_CORE = set("""
    any chrono condition_variable cstdio ctime deque exception filesystem format forward_list
    fstream future iomanip iostream istream list locale map memory_resource mutex ostream queue
    random regex semaphore set shared_mutex sstream stack stdexcept stop_token string syncstream
    system_error thread typeindex typeinfo unordered_map unordered_set vector
""".split())
# fmt: on
POSIX = re.compile(r"(sys/\w+|fcntl|unistd|poll|pthread|dirent|dlfcn|errno|signal|termios)\.h")
C_STANDARD = {"stddef.h", "stdint.h"}
C_OF_ADDONS = {"limits.h", "stdbool.h", "stdint.h", "stdlib.h", "string.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SUFFIXES = {".hpp", ".cpp", ".h", ".c"}


def inside(folder, home):
    return folder == home or folder.startswith(home + "/")


def third_party(name, folder, file):
    """What is wrong with `file` of `folder` including the third-party header `name`."""
    for pattern, homes in HOMES.items():
        if re.fullmatch(pattern, name):
            if any(inside(folder, home) or f"{folder}/{file.name}" == home for home in homes):
                return None
            return f"<{name}> belongs to {' and '.join(homes) or 'tests and benchmarks'} only"
    return None


def check_include(root, file, quote, name, unseen):
    folder = file.parent.relative_to(root).as_posix()
    shown = inside(folder, "include")
    public = shown and file not in unseen
    room = room_of(folder)
    core = room in CORE and not file.with_name(file.stem + "_firmware.cpp").exists()

    if quote == '"':
        if shown:
            return f'"{name}": a public header includes <clientbook/...> only'
        if "/" in name or not (file.parent / name).exists():
            return f'"{name}" is not a private header of this folder'
        return None
    if inside(folder, "bindings") and name.startswith("clientbook/internal/"):
        return f"<{name}>: bindings know public headers only"
    if name.startswith("clientbook/") and inside(folder, "bindings") and not inside(folder, "bindings/c"):
        return f"<{name}>: a package knows clientbook.h alone"
    # What forwards knows the stores, and not the other way round.
    header = room == "book" and not shown and file.suffix == ".hpp"
    if name == "clientbook/book/session.hpp" and header and file.name != "session_state.hpp":
        return f"<{name}>: no store includes the façade"
    if name in C_OF_ADDONS and (inside(folder, "bindings/node") or inside(folder, "bindings/python")):
        return None
    if name.startswith("clientbook/") or (inside(folder, "bindings") and name == "clientbook.h"):
        return None
    if name in C_STANDARD and (inside(folder, "bindings/c/include") or shown and file.suffix == ".h"):
        return None
    if name.startswith("tables/"):
        own = not shown and name.split("/")[1] == room
        return None if own else f"<{name}>: a table belongs to the sources of its room"
    home = folder.replace("include/clientbook/internal", "src") if not public else folder
    wrong = third_party(name, home, file)
    if wrong:
        return wrong
    if name.startswith("boost/"):
        if public or not any(inside(home, room) for room in BOOST_HOMES):
            return f"<{name}> belongs to {' and '.join(BOOST_HOMES)} only, and to no public header"
        return None
    if core and (name in NOT_IN_CORE or POSIX.fullmatch(name)):
        return f"<{name}>: the core has no heap, thread, stream, file or clock"
    if public and POSIX.fullmatch(name):
        return f"<{name}> in a public header"
    known = name in STANDARD or POSIX.fullmatch(name) or any(
        re.fullmatch(pattern, name) for pattern in HOMES
    )
    if not known:
        return f"<{name}> is a third-party header without a home: name it in HOMES"
    return None


MEMBER = re.compile(r"\s+(?!using\b|return\b|friend\b|static\b|std::array\b)"
                    r"((?:mutable )?[\w:]+(?:<[^;(){}=]*>)?\s+)(\w*[a-z0-9]);")


def members_without_default(lines):
    """(number, name) of the members of structs that have none. Scratch space is named workspace."""
    within = []  # of what the open braces are
    for number, line in enumerate(lines, 1):
        code = re.sub(r"//.*", "", line)
        member = MEMBER.match(code)
        if member and within and within[-1] == "struct" and "workspace" not in member[1]:
            yield number, member[2]
        for brace in re.finditer(r"[{}]", code):
            if brace[0] == "{":
                before = code[: brace.start()]
                within.append("struct" if re.search(r"\bstruct \w+", before) else "other")
            elif within:
                within.pop()


def room_of(folder):
    """The room that a folder of sources or headers belongs to."""
    parts = [part for part in folder.split("/") if part not in ("include", "clientbook", "internal")]
    if inside(folder, "src"):
        parts = parts[1:]
    return parts[0] if parts else None


def headers_unseen(root):
    """Internal headers that no public header includes, directly or through another."""
    base = root / "include"
    waiting = [file for file in base.rglob("*.hpp") if "internal" not in file.parts]
    seen = set(waiting)
    while waiting:
        text = waiting.pop().read_text(encoding="utf-8")
        for name in re.findall(r"#\s*include\s*<(clientbook/internal/[^>]+)>", text):
            needed = base / name
            if needed not in seen and needed.is_file():
                seen.add(needed)
                waiting.append(needed)
    return {file for file in base.rglob("*.hpp") if file not in seen}


def check(root):
    """Returns (breaches, remarks), each a list of lines."""
    breaches, remarks = [], []
    unseen = headers_unseen(root)
    for top in ["include", "src", "bindings"]:
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in SUFFIXES or not file.is_file():
                continue
            where = file.relative_to(root).as_posix()
            lines = file.read_text(encoding="utf-8").splitlines()
            if file.suffix in (".cpp", ".hpp") and not re.match(r"//.*\w", lines[0] if lines else ""):
                breaches.append(f"{where}:1: it does not open with a comment that says what it is for")
            if len(lines) > 600:
                remarks.append(f"{where}: {len(lines)} lines: better split it")
            for number, line in enumerate(lines, 1):
                match = INCLUDE.match(line)
                wrong = match and check_include(root, file, match[1], match[2], unseen)
                if wrong:
                    breaches.append(f"{where}:{number}: {wrong}")
            # A header in plain C, a port to a board, has no defaults.
            if top == "include" and "internal" not in file.parts and file.suffix != ".h":
                breaches += [f"{where}:{number}: member {name} has no default"
                             for number, name in members_without_default(lines)]
            if top == "include" and file.suffix == ".hpp":
                inner = file.relative_to(root / "include" / "clientbook")
                stem = re.sub(r"\W", "_", inner.as_posix()).upper()
                if f"#ifndef CLIENTBOOK_{stem}" not in lines:
                    breaches.append(f"{where}: its guard should be CLIENTBOOK_{stem}")
                place = inner.parts[:-1]
                if place[:1] == ("internal",):
                    place = place[1:]
                elif not place:
                    place = ("top",) if inner.name in TOP else ()
                if len(place) != 1:
                    breaches.append(f"{where}: headers lie in the folder of their room")
    return breaches, remarks


PLANTED = {
    "src/book/a.cpp": "#include <sodium.h>",
    "src/crypto/b.cpp": "#include <lmdb.h>",
    "src/adapters/memory/c.cpp": "#include <lmdb.h>",
    "src/book/d.cpp": '#include "../crypto/aead.hpp"',
    "src/book/e.cpp": '#include "aead.hpp"',
    "src/consent/f.cpp": "#include <vector>",
    "src/ledger/g.cpp": "  #  include <unistd.h>",
    "src/book/h.cpp": "#include <doctest/doctest.h>",
    "src/book/i.cpp": "#include <benchmark/benchmark.h>",
    "src/book/j.cpp": "#include <openssl/evp.h>",
    "src/cli/a_command.cpp": "#include <CLI/App.hpp>",
    "src/cli/program.hpp": "#include <CLI/App.hpp>",
    "src/book/command.cpp": "#include <CLI/App.hpp>",
    "src/book/psa.cpp": "#include <psa/crypto.h>",
    "src/vault/p.cpp": '#include "../book/policy_store.hpp"',
    "src/scanner/q.cpp": "#include <string>",
    "src/exchange/r.cpp": '#include "csv/arena.hpp"',
    "src/book/x.cpp": "#include <tables/scanner/words.inc>",
    "include/clientbook/ledger/k.hpp": "#ifndef CLIENTBOOK_LEDGER_K_HPP\n#include <boost/json.hpp>\n#endif",
    "include/clientbook/book/l.hpp": "#ifndef CLIENTBOOK_BOOK_L_HPP\n#include <sodium.h>\n#endif",
    "include/clientbook/base/m.hpp": "#ifndef CLIENTBOOK_M_HPP\n#endif",
    "include/clientbook/n.hpp": "#ifndef CLIENTBOOK_N_HPP\n#endif",
    "include/clientbook/book/deep/n.hpp": "#ifndef CLIENTBOOK_BOOK_DEEP_N_HPP\n#endif",
    "include/clientbook/book/o.hpp": '#ifndef CLIENTBOOK_BOOK_O_HPP\n#include "aead.hpp"\n#endif',
    "include/clientbook/model/s.hpp": "#ifndef CLIENTBOOK_MODEL_S_HPP\n#include <vector>\n#endif",
    "include/clientbook/internal/exchange/t.hpp": "#ifndef CLIENTBOOK_INTERNAL_EXCHANGE_T_HPP\n"
    "#include <boost/json/value.hpp>\n#endif",
    "bindings/c/src/a.cpp": "#include <clientbook/internal/vault/book_core.hpp>",
    "bindings/c/src/b.cpp": "#include <boost/json/value.hpp>",
    "bindings/c/src/c.cpp": "#include <lmdb.h>",
    "bindings/c/src/e.cpp": "#include <node_api.h>",
    "bindings/node/src/a.c": "#include <clientbook/book/book.hpp>",
    "bindings/node/src/b.c": "#include <sodium.h>",
    "bindings/node/src/d.c": "#include <Python.h>",
    "src/book/z.cpp": "#include <clientbook.h>",
    "src/book/w.cpp": "#include <boost/json/value.hpp>",
    "include/clientbook/base/result.hpp": "#ifndef CLIENTBOOK_BASE_RESULT_HPP\n"
    "#include <boost/system/result.hpp>\n#endif",
    "include/clientbook/book/x.hpp": "#ifndef CLIENTBOOK_BOOK_X_HPP\nstruct options {\n  int kept = 0;\n"
    "  std::optional<int> left;  ///< No default.\n};\n#endif",
    "include/clientbook/internal/vault/v.hpp": "#ifndef CLIENTBOOK_INTERNAL_VAULT_V_HPP\n"
    "#include <lmdb.h>\n#endif",
    "src/book/other_store.hpp": "#ifndef CLIENTBOOK_BOOK_OTHER_STORE_HPP\n#include <clientbook/book/session.hpp>\n"
    "#endif",
}
HEADLESS = {
    "src/book/headless.cpp": "#include <vector>\n// Too late.",
    "src/book/silent.cpp": "//\n#include <vector>",
    "src/consent/headless.hpp": "#ifndef CLIENTBOOK_CONSENT_HEADLESS_HPP\n#endif",
}
INNOCENT = {
    "bindings/c/include/clientbook.h": "#include <stddef.h>\n#include <stdint.h>",
    "bindings/node/src/c.c": "#include <clientbook.h>\n#include <node_api.h>\n#include <string.h>",
    "bindings/python/src/a.c": "#include <Python.h>\n#include <clientbook.h>\n#include <stdint.h>",
    "include/clientbook/adapters/p.h": "#include <stdint.h>\nstruct port {\n  int size;\n};",
    "bindings/c/src/d.cpp": "#include <clientbook.h>\n#include <clientbook/book/book.hpp>\n#include <vector>",
    "src/crypto/aead.hpp": "#include <sodium/core.h>",
    "src/cli/command.cpp": "#include <CLI/App.hpp>\n#include <CLI/Config.hpp>",
    "src/scanner/y.cpp": "#include <tables/scanner/words.inc>",
    "src/crypto/aead.cpp": '#include "aead.hpp"\n#include <sodium.h>\n#include <span>',
    "src/adapters/lmdb/store.cpp": "#include <lmdb.h>\n#include <unistd.h>\n#include <vector>",
    # Shown by a public header, so that t.hpp above may not show Boost; this one may.
    "include/clientbook/exchange/u.hpp": "#ifndef CLIENTBOOK_EXCHANGE_U_HPP\n"
    "#include <clientbook/internal/exchange/t.hpp>\n#endif",
    "include/clientbook/internal/exchange/w.hpp": "#ifndef CLIENTBOOK_INTERNAL_EXCHANGE_W_HPP\n"
    "#include <boost/json/value.hpp>\n#include <vector>\n#endif",
    "include/clientbook/core.hpp": "#ifndef CLIENTBOOK_CORE_HPP\n#endif",
    "src/base/stop.cpp": "#include <cstdio>",
    "src/base/stop_firmware.cpp": "#include <cstdint>",
    "src/exchange/csv/x.cpp": "#include <boost/unordered/unordered_flat_map.hpp>",
    "include/clientbook/book/y.hpp": "#ifndef CLIENTBOOK_BOOK_Y_HPP\nstruct options {\n  int kept = 0;\n"
    "  std::optional<int> named{};\n  std::array<char, 9> buffer;\n  int f(int a);\n};\n"
    "class other {\n  std::string text_;\n};\n#endif",
}


def check_planted():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        files = {name: "// Planted.\n" + text for name, text in {**PLANTED, **INNOCENT}.items()}
        for name, text in {**files, **HEADLESS}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + "\n", encoding="utf-8")
        planted = PLANTED.keys() | HEADLESS.keys()
        breaches, _ = check(root)
        found = {line.split(":")[0] for line in breaches}
        for name in planted - found:
            print(f"missed: {name}")
        for name in found - planted:
            print(f"accused wrongly: {name}")
        print(f"{len(planted)} planted, {len(found & planted)} found")
        return found == planted


def main():
    if sys.argv[1:] == ["--planted"]:
        sys.exit(0 if check_planted() else 1)
    breaches, remarks = check(pathlib.Path(sys.argv[1]).resolve())
    for line in remarks:
        print(f"remark: {line}")
    for line in breaches:
        print(line)
    print(f"{len(breaches)} includes out of place")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
