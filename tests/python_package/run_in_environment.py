#!/usr/bin/env python3
"""Runs a Python file where install_package.py has installed the package, in an empty folder.

usage: run_in_environment.py ENVIRONMENT FILE [ARGUMENT...]
"""

import pathlib
import subprocess
import sys
import tempfile


def main():
    environment, file = (pathlib.Path(name).absolute() for name in sys.argv[1:3])
    if not list(environment.glob("lib/python3*/site-packages/clientbook/_native*.so")):
        print("skipped: the package was not installed")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([environment / "bin/python", "-X", "dev", file.resolve(), *sys.argv[3:]], check=False, cwd=folder)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
