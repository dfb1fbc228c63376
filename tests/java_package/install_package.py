#!/usr/bin/env python3
"""Builds the Java package with the library in its jar, runs its tests, and installs it where Maven looks.

usage: install_package.py FOLDER SOURCE_OF_CLIENTBOOK

CLIENTBOOK_LIBRARY names the library that was built. Ends with 77, which is "skipped", where there is no JDK of 17 or newer or no
Maven, or where that cannot get what it needs.
"""

import os
import pathlib
import platform
import shutil
import sys

import maven

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "aarch64"}


def main():
    folder, source = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    maven.need_tools()
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source / "bindings/java", folder, ignore=shutil.ignore_patterns("target"))
    machine = ARCHITECTURES.get(platform.machine(), platform.machine())
    place = folder / f"src/main/resources/clientbook/native/linux-{machine}"
    place.mkdir(parents=True)
    shutil.copy2(os.environ["CLIENTBOOK_LIBRARY"], place / "libclientbook.so")
    newest = "FfmMachine" if maven.java_version() >= 22 else "JnaMachine"
    # The tests of the classes as they are compiled; those of the jar are the quickstart's and java.foreign.
    print(maven.maven(f"-Drevision={maven.version_of(folder)}", "install", cwd=folder,
                      # Java takes names of files by the locale.
                      env={**os.environ, "LC_ALL": "C.UTF-8", "CLIENTBOOK_SOURCE": str(source)}))
    for report in sorted((folder / "target/surefire-reports").glob("*.txt")):
        print(report.read_text(encoding="utf-8").splitlines()[-1])
    print(f"Java {maven.java_version()}: the jar takes {newest}")


if __name__ == "__main__":
    main()
