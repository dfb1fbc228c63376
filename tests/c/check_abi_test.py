#!/usr/bin/env python3
"""The checkers of the ABI notice what breaks who was compiled before: each breach is planted in a copy of the header.

usage: check_abi_test.py CLIENTBOOK_H CLIENTBOOK_SYMBOLS STORED_FOLDER COMPILER
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

import check_abi

#: What is planted: (a name, what stands in the header, what stands there instead).
BREACHES = [
    ("a wider parameter", "clientbook_session_commit(clientbook_context* context, clientbook_handle session,",
     "clientbook_session_commit(clientbook_context* context, uint32_t session,"),
    ("another number", "CLIENTBOOK_NOT_FOUND = 4,", "CLIENTBOOK_NOT_FOUND = 14,"),
    ("a member between", "  uint64_t key_cache_nodes;", "  uint64_t between;\n  uint64_t key_cache_nodes;"),
    ("a narrower member", "  uint32_t longest_pause_days;", "  uint16_t longest_pause_days;"),
    ("another callback", "int64_t (*now)(void* clock);", "int32_t (*now)(void* clock);"),
    ("a function that went", "const char* clientbook_version(void);", "const char* clientbook_edition(void);"),
]


def judged(which, folder, arguments):
    script = pathlib.Path(__file__).with_name("check_abi.py")
    return subprocess.run([sys.executable, str(script), which, str(folder / "clientbook.h"), *arguments],
                          capture_output=True, text=True, check=False).returncode


def check_promises():
    before = "abi version 0\nint clientbook_a(int)\nint clientbook_b(int)\n"
    now = "abi version 0\nint clientbook_a(long)\nint clientbook_b(long)\n"
    assert check_abi.broken_promises(before, now, {"clientbook_a"}) == ["int clientbook_a(int)"]
    assert check_abi.broken_promises(before, now.replace("version 0", "version 1"), {"clientbook_a"}) == []


def main():
    path, *arguments = sys.argv[1:]
    text = pathlib.Path(path).read_text(encoding="utf-8")
    missed = []
    check_promises()
    checkers = ["ours"] + (["abidiff"] if shutil.which("abidiff") else [])
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        for what, there, instead in BREACHES:
            assert text.count(there) == 1, f"{what}: the header has no such line any more"
            (folder / "clientbook.h").write_text(text.replace(there, instead), encoding="utf-8")
            # A number of an anonymous enumeration is in no debugging information that a function leads to.
            missed += [f"{which}: {what}" for which in checkers
                       if judged(which, folder, arguments) != 1 and (which, what) != ("abidiff", "another number")]
    print("\n".join(missed) or f"{len(BREACHES)} breaches, seen by {' and '.join(checkers)}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
