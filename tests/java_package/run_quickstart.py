#!/usr/bin/env python3
"""Builds examples/java in an empty folder as a shop's own Maven project, and runs it.

usage: run_quickstart.py FOLDER_OF_INSTALL SOURCE_OF_CLIENTBOOK
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import maven


def main():
    folder, source = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    maven.need_tools()
    version = maven.version_of(folder)
    jars = maven.jars(version)
    with tempfile.TemporaryDirectory() as place:
        project = pathlib.Path(place) / "shop"
        shutil.copytree(source / "examples/java", project)
        maven.maven(f"-Dclientbook.version={version}", "package", cwd=project)
        empty = pathlib.Path(place) / "empty"
        empty.mkdir()
        done = subprocess.run(["java", "-Dfile.encoding=UTF-8", "-cp", f"{project}/target/classes{os.pathsep}{jars}", "Quickstart"],
                              check=False, cwd=empty, stdout=subprocess.PIPE, text=True)
    print(done.stdout, end="")
    if done.stdout != (source / "examples/java/quickstart.expected").read_text(encoding="utf-8"):
        sys.exit("this is not what quickstart.expected says")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
