#!/usr/bin/env python3
"""Looks for keys and customers in what a core dump of the program would hold.

usage: core_dump.py --source DIR --program FILE

A shell holds a book open, as a till does for a day. What the kernel would write of it is read
from /proc/PID/mem: every mapping that is not marked as left out (VmFlags `dd`). The root key must
be nowhere there, before and after an erasure, of a book whose key lies in clear and of a sealed
one; and it must be found in what is left out, else this search would prove nothing. Of a customer
who was shown, noted and erased nothing is there once the next command has answered.
"""
import argparse
import os
import pathlib
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

ROOT_AT = 32  # The current root key in a cell of format 1 (docs/format/root_cell.md).


def check(condition, what):
    if not condition:
        sys.exit(f"core_dump: {what}")


class Shell:
    """The program's shell, one line at a time."""

    def __init__(self, program, book, arguments):
        self.process = subprocess.Popen(
            [program, "shell", book, "--json", "--keep-going", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def line(self, text):
        """What it answers; an answer is one line of JSON."""
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        answer = b""
        end = time.monotonic() + 120
        while not answer.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], end - time.monotonic())
            check(ready, f"no answer to: {text.split()[0]}")
            got = os.read(self.process.stdout.fileno(), 1 << 20)
            check(got, f"the shell ended at: {text.split()[0]}")
            answer += got
        time.sleep(0.2)  # Until it waits for the next line.
        return answer.decode()

    def holds(self, values):
        """Which values are there: in what a core dump has, and in what it has not."""
        dumped, left_out = set(), set()
        place = None
        mappings = []
        for one in pathlib.Path(f"/proc/{self.process.pid}/smaps").read_text().splitlines():
            head = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", one)
            if head and ":" not in head.group(0):
                place = [int(head[1], 16), int(head[2], 16), head[3]]
            elif one.startswith("VmFlags:") and place:
                mappings.append((*place, "dd" in one.split()))
        with open(f"/proc/{self.process.pid}/mem", "rb", buffering=0) as memory:
            for start, end, rights, out in mappings:
                if "r" not in rights or end - start > 1 << 31:
                    continue
                try:
                    content = os.pread(memory.fileno(), end - start, start)
                except OSError:
                    continue
                for name, value in values.items():
                    if value in content:
                        (left_out if out else dumped).add(name)
        return dumped, left_out

    def close(self):
        self.process.stdin.close()
        check(self.process.wait(60) == 0, "the shell failed")


def run(program, *arguments, **more):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, **more)
    check(done.returncode == 0, f"{arguments[0]} failed ({done.returncode}): {done.stderr[-500:]}")


def nothing(shell, values, when):
    dumped, _ = shell.holds(values)
    check(not dumped, f"{when}: {', '.join(sorted(dumped))} would be in a core dump")


def root_of_a_copy(program, book, cell, sealed_with):
    """What a sealed cell has in it: a copy of it, with a copy of the book, is put in clear."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        shutil.copytree(cell.parent, folder / "keys")
        shutil.copytree(book, folder / "b")
        copy = folder / "keys" / cell.name
        run(program, "key", "unseal", str(folder / "b"), "--key", str(copy), "--key-identity", str(sealed_with))
        return copy.read_bytes()[ROOT_AT:ROOT_AT + 32]


def look(program, book, cell, sealed_with):
    arguments = ["--key", str(cell)]
    if sealed_with:
        run(program, "key", "add", book, "--key", str(cell), "--new-key-file", str(sealed_with))
        arguments += ["--key-identity", str(sealed_with)]
        root = root_of_a_copy(program, book, cell, sealed_with)
        check(root not in cell.read_bytes(), "the key was not sealed")
    else:
        root = cell.read_bytes()[ROOT_AT:ROOT_AT + 32]
    shell = Shell(program, book, arguments)
    shell.line("stats")
    keys = {"the root key": root}
    dumped, left_out = shell.holds(keys)
    check(not dumped, "the root key would be in a core dump")
    check(left_out, "the root key is nowhere: the search proves nothing")

    # Somebody of whom nothing else in the book has the same words.
    person = {"the e-mail": b"amelia.hartwell", "the address": b"Saltmarsh"}
    shown = shell.line("show clientbook:C-1001 -p client_care")
    check("amelia.hartwell" in shown, "the customer was not shown")
    shell.line('note clientbook:C-1001 "PLANTED' + 'MARKER77"')
    shell.line("stats")
    nothing(shell, person | {"the note": b"PLANTEDMARKER77"}, "after another command")
    # A question makes an index of everybody, and the newest customer is the last one in it.
    found = shell.line("find amelia.hartwell -p customer_order_management")
    check("C-1001" in found, "the customer was not found")
    shell.line("stats")
    newest = {"the newest one's e-mail": b"ale@example.com", "their number": b"340000000040"}
    nothing(shell, person | newest, "after a question")
    shell.line("erase clientbook:C-1001 --reason other")
    shell.line("stats")
    if not sealed_with:
        keys["the next root key"] = cell.read_bytes()[ROOT_AT:ROOT_AT + 32]
    nothing(shell, keys | person, "after an erasure")
    shell.close()


def main():
    arguments = argparse.ArgumentParser()
    for name in ("--source", "--program"):
        arguments.add_argument(name, required=True)
    given = arguments.parse_args()
    if not pathlib.Path("/proc/self/smaps").exists():
        print("skipped: no /proc/PID/smaps")
        return
    source = pathlib.Path(given.source)
    for sealed in (False, True):
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            (folder / "keys").mkdir(mode=0o700)
            (folder / "slots").mkdir(mode=0o700)
            cell, book = folder / "keys" / "k", str(folder / "b")
            run(given.program, "init", book, "--key", str(cell), "--profile", "gdpr", "-q")
            for notice in ("house-rules-2025", "newsletter-2025"):
                run(given.program, "-q", "notice", "add", book, notice, "--key", str(cell),
                    "--file", str(source / "examples" / "import" / "notice.txt"),
                    "--purpose", "email_marketing", "client_care", "--to", "self",
                    "--category", "all")
            run(given.program, "-q", "import", book, "--key", str(cell), "--map",
                str(source / "examples" / "import" / "clientbook.json"), "--from",
                str(source / "examples" / "data"))
            look(given.program, book, cell, folder / "slots" / "one" if sealed else None)
            print("sealed:" if sealed else "in clear:", "nothing found")


if __name__ == "__main__":
    main()
