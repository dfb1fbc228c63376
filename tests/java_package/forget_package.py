#!/usr/bin/env python3
"""Takes what install_package.py has installed out of Maven's store again.

usage: forget_package.py FOLDER_OF_INSTALL SOURCE_OF_CLIENTBOOK
"""

import shutil
import sys

import maven

shutil.rmtree(maven.store() / "clientbook/clientbook" / maven.version_of(sys.argv[1]), ignore_errors=True)
