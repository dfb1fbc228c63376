"""Tries a script that makes tables on data with one wrong place: it has to refuse, to write nothing and
to name file and line. And the data itself gives the same tables twice, without writing them again."""

import pathlib
import shutil
import subprocess
import sys


def made(script, data, to):
    return subprocess.run([sys.executable, "-B", script, data, to], capture_output=True, text=True, check=False)


def refused(script, data, folder, change):
    """Nothing, or what is wrong with how the script took a wrong place. A change is (file, text, what
    stands there instead, what is told): the text once in its file, or the beginning of one line."""
    name, text, instead, told = change
    copy, tables = folder / "data", folder / "tables"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.rmtree(tables, ignore_errors=True)
    shutil.copytree(data, copy)
    whole = (copy / name).read_text(encoding="utf-8")
    at = ("\n" + whole).find("\n" + text)
    if at < 0:
        at = whole.find(text)
    if at < 0:
        return f"{name} does not have {text!r}"
    whole = whole[:at] + instead + whole[at + len(text):]
    (copy / name).write_text(whole, encoding="utf-8")
    first = whole.count("\n", 0, at) + 1
    result = made(script, copy, tables)
    places = [f"{name}:{number}: " for number in range(first, first + instead.count("\n") + 2)]
    if result.returncode == 0 or told not in result.stderr or not any(p in result.stderr for p in places):
        return f"{name}:{first}: {instead!r} gave {result.returncode}: {result.stderr.strip() or 'nothing'}"
    if "Traceback" in result.stderr:
        return f"{name}:{first}: {instead!r} ended in a fault of the script itself"
    if tables.exists() and any(tables.iterdir()):
        return f"{name}:{first}: {instead!r} was refused and a table was written"
    return None


def faults_of(script, data, folder, changes):
    """What is wrong with a script, a line each; and how many tables it makes."""
    folder = pathlib.Path(folder)
    faults = list(filter(None, (refused(script, data, folder, change) for change in changes)))
    for to in ["once", "again"]:
        result = made(script, data, folder / to)
        if result.returncode != 0:
            sys.exit(f"the data itself is refused: {result.stderr}")
    tables = sorted((folder / "once").iterdir())
    for table in tables:
        if table.read_bytes() != (folder / "again" / table.name).read_bytes():
            faults.append(f"{table.name} differs from one run to the next")
    before = {table: table.stat().st_mtime_ns for table in tables}
    made(script, data, folder / "once")
    faults += [f"{table.name} was written again" for table in tables if table.stat().st_mtime_ns != before[table]]
    return faults, len(tables)
