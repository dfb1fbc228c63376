"""What the tests of the Java package share: tools, the version that they install, calls of Maven."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77
# What Maven says when it cannot reach what it needs.
UNREACHABLE = re.compile(r"Could not transfer|Unknown host|Network is unreachable|Connection (refused|timed out)|offline mode")


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def java_version(java="java"):
    """0: there is none."""
    if shutil.which(java) is None:
        return 0
    told = subprocess.run([java, "-version"], check=True, capture_output=True, text=True).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


def need_tools():
    for tool in ("javac", "mvn"):
        if shutil.which(tool) is None:
            skip(f"no {tool} (scripts/install-dependencies java)")
    if java_version() < 17:
        skip("Java is older than 17 (scripts/install-dependencies java)")


def version_of(folder):
    """A version of its own for each build folder: Maven's store is the user's."""
    return "0.1.0-" + hashlib.sha256(str(pathlib.Path(folder).absolute()).encode()).hexdigest()[:12]


def maven(*arguments, cwd, env=None):
    done = subprocess.run(["mvn", "-q", "-B", *arguments], check=False, cwd=cwd, env=env or os.environ, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        print(done.stdout[-8000:])
        if UNREACHABLE.search(done.stdout):
            skip("Maven cannot get what it needs")
        sys.exit(f"mvn {' '.join(arguments)} failed")
    return done.stdout


def store():
    """Where Maven keeps what was installed."""
    return pathlib.Path(os.environ.get("CLIENTBOOK_MAVEN_STORE", pathlib.Path.home() / ".m2/repository"))


def jars(version):
    """The package and what it needs."""
    found = [store() / f"clientbook/clientbook/{version}/clientbook-{version}.jar",
             *sorted(store().glob("net/java/dev/jna/jna/5.14.0/jna-5.14.0.jar"))]
    if len(found) < 2 or not all(file.exists() for file in found):
        skip("the package was not installed")
    return os.pathsep.join(map(str, found))
