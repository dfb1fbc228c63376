#!/usr/bin/env python3
"""Runs a file where install_package.py has installed the package.

usage: run_in_project.py PROJECT FILE

A *.test.js by node's test runner, a *.test.ts by TypeScript's compiler, anything else as a program in an empty folder.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def compile_types(project, file):
    compiler = project / "node_modules/typescript/bin/tsc"
    if not compiler.exists():
        skip("no TypeScript")
    return subprocess.run(["node", compiler, "--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022",
                           "--lib", "es2022,esnext.disposable", "--module", "node16", "--moduleResolution", "node16",
                           file], check=False, cwd=project).returncode


def main():
    project, source = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    if not (project / "node_modules/clientbook").exists():
        skip("the package was not installed")
    # Node looks for packages in the folders above the file.
    file = pathlib.Path(shutil.copy(source, project / source.name))
    if file.name.endswith(".test.ts"):
        sys.exit(compile_types(project, file))
    if file.name.endswith(".test.js"):
        sys.exit(subprocess.run(["node", "--test", file], check=False, cwd=project).returncode)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["node", file], check=False, cwd=folder, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="")
    expected = source.with_suffix(".expected")
    if done.returncode == 0 and expected.exists() and done.stdout != expected.read_text(encoding="utf-8"):
        sys.exit(f"this is not what {expected.name} says")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
