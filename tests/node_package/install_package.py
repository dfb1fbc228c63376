#!/usr/bin/env python3
"""Packs the package and installs it into an empty npm project, as a shop does.

usage: install_package.py PROJECT SOURCE_OF_CLIENTBOOK

CLIENTBOOK_LIBRARY names the library that was built. Ends with 77, which is "skipped", where there is no Node.js 20, npm
or compiler's header. TypeScript, which only the test of the types needs, is left out where npm cannot get it.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def node_version():
    if shutil.which("node") is None or shutil.which("npm") is None:
        skip("no node and npm (scripts/install-dependencies node)")
    told = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout
    version = int(re.match(r"v(\d+)", told)[1])
    if version < 20:
        skip(f"Node.js {version} is older than 20 (scripts/install-dependencies node)")


def npm(*arguments, cwd):
    return subprocess.run(["npm", *arguments, "--no-audit", "--no-fund", "--loglevel=error"], check=False, cwd=cwd).returncode == 0


def main():
    project, source = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    node_version()
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir(parents=True)
    (project / "package.json").write_text(json.dumps({"name": "shop", "private": True}), encoding="utf-8")
    # What is built stays out of the source folder.
    copy = project.parent / "package"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source / "bindings/node", copy, ignore=shutil.ignore_patterns("prebuilds", "node_modules"))
    shutil.copytree(source / "bindings/c/include", copy / "include")
    here = pathlib.Path(shutil.which("node")).resolve().parent.parent / "include/node/node_api.h"
    if not here.exists() and not npm("install", "--no-save", "--ignore-scripts", "node-api-headers@1", cwd=copy):
        skip("no node_api.h, and npm cannot get node-api-headers")
    subprocess.run(["node", "scripts/build.js"], check=True, cwd=copy, env=os.environ)
    shutil.rmtree(copy / "node_modules", ignore_errors=True)
    packed = subprocess.run(["npm", "pack", "--silent"], check=True, cwd=copy, capture_output=True, text=True)
    archive = copy / packed.stdout.strip().splitlines()[-1]
    if not npm("install", str(archive), cwd=project):
        sys.exit("npm install failed")
    subprocess.run(["node", "-p", "'clientbook ' + require('clientbook').version"], check=True, cwd=project)
    if not npm("install", "--no-save", "typescript@5", "@types/node@20", cwd=project):
        print("npm cannot get TypeScript: its test will be skipped")


if __name__ == "__main__":
    main()
