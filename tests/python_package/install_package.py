#!/usr/bin/env python3
"""Installs the package into a virtual environment of its own, as `pip install ./bindings/python` does.

usage: install_package.py ENVIRONMENT PACKAGE_SOURCE

CLIENTBOOK_LIBRARY (and CLIENTBOOK_PROGRAM) name what was built. Ends with 77, which is "skipped", where
Python has no venv or pip, no compiler's headers, or the package index cannot be reached.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def main():
    environment, source = map(pathlib.Path, sys.argv[1:])
    if not (pathlib.Path(sysconfig.get_paths()["include"]) / "Python.h").exists():
        skip("no Python.h (python3-dev)")
    shutil.rmtree(environment, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(environment)], check=False)
    if made.returncode != 0:
        skip("no venv (python3-venv)")
    python = environment / "bin/python"
    needed = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "setuptools>=68",
                             "wheel", "cffi>=1.16", "mypy"], check=False)
    if needed.returncode != 0:
        skip("pip cannot get setuptools, cffi and mypy")
    for what, names in (("columns", ["pyarrow"]), ("plots", ["matplotlib"]), ("a desk in a browser", ["fastapi", "uvicorn"]),
                        ("the reference", ["sphinx"])):
        if subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *names], check=False).returncode != 0:
            print(f"pip cannot get {' and '.join(names)}: the test of {what} will be skipped")
    # What setuptools leaves in the source folder would stay there: build from a copy. The header is
    # where it is in the tree.
    copy = environment / "source/bindings/python"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__"))
    shutil.copytree(source.parent / "c", copy.parent / "c")
    for header in ("include/clientbook/version.hpp",):
        target = environment / "source" / header
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source.parent.parent / header, target)
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-build-isolation",
                    str(copy)], check=True, env=os.environ)
    subprocess.run([python, "-c", "import clientbook; print('clientbook', clientbook.__version__)"], check=True,
                   cwd=environment)


if __name__ == "__main__":
    main()
