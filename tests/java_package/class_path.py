#!/usr/bin/env python3
"""Prints the class path of the package that install_package.py has built in a folder.

usage: class_path.py FOLDER_OF_INSTALL
"""

import pathlib
import sys

import maven

folder = pathlib.Path(sys.argv[1]).absolute()
version = maven.version_of(folder)
needed = maven.store() / "net/java/dev/jna/jna/5.14.0/jna-5.14.0.jar"
print(f"{folder}/target/clientbook-{version}.jar:{needed}")
