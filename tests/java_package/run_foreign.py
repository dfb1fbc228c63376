#!/usr/bin/env python3
"""The same tests by java.lang.foreign, from a multi-release jar: where there is a Java of 22 or newer.

usage: run_foreign.py FOLDER_OF_INSTALL SOURCE_OF_CLIENTBOOK

CLIENTBOOK_JAVA22 is the home of one; else the one in PATH is asked. It needs no compiler of its own: where it has none, Eclipse's (from
Maven) compiles against it.
"""

import os
import pathlib
import shutil
import subprocess
import sys

import check_other_library
import maven

ECJ = ("org.eclipse.jdt", "ecj", "3.39.0")
CONSOLE = ("org.junit.platform", "junit-platform-console-standalone", "1.10.2")


def artifact(group, name, version):
    maven.maven("dependency:get", f"-Dartifact={group}:{name}:{version}", cwd=".")
    return maven.store() / group.replace(".", "/") / name / version / f"{name}-{version}.jar"


def home():
    given = os.environ.get("CLIENTBOOK_JAVA22")
    here = [pathlib.Path(given)] if given else [pathlib.Path(shutil.which("java")).resolve().parent.parent,
                                                *sorted(pathlib.Path("/usr/lib/jvm").glob("*"))]
    there = [one for one in here if (one / "bin/java").exists() and maven.java_version(str(one / "bin/java")) >= 22]
    found = there[0] if there else None
    if found is None:
        skip = "no Java of 22 or newer: CLIENTBOOK_JAVA22 names the home of one"
        maven.skip(skip)
    return found


def main():
    folder, source = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    maven.need_tools()
    newer = home()
    jars = maven.jars(maven.version_of(folder)).split(os.pathsep)
    work = folder.parent / "foreign"
    shutil.rmtree(work, ignore_errors=True)
    versions = work / "META-INF/versions/22"
    versions.mkdir(parents=True)
    sources = sorted(map(str, (folder / "src/main/java22/clientbook").glob("*.java")))
    compiler = ([str(newer / "bin/javac"), "--release", "22"] if (newer / "bin/javac").exists()
                else ["java", "-jar", str(artifact(*ECJ)), "--release", "22", "--system", str(newer)])
    subprocess.run([*compiler, "-d", str(versions), "-cp", jars[0], *sources], check=True)
    jar = work / "clientbook.jar"
    shutil.copy2(jars[0], jar)
    subprocess.run(["jar", "uf", str(jar), "-C", str(work), "META-INF/versions"], check=True)
    check_other_library.check([str(newer / "bin/java"), "--enable-native-access=ALL-UNNAMED"], f"{jar}{os.pathsep}{jars[1]}", source, needs_jna=False)
    done = subprocess.run(
        [newer / "bin/java", "--enable-native-access=ALL-UNNAMED", "-Dclientbook.test.machine=FfmMachine", "-jar", artifact(*CONSOLE), "execute",
         "-cp", f"{jar}{os.pathsep}{folder}/target/test-classes", "--scan-classpath", f"{folder}/target/test-classes", "--details=none",
         "--disable-banner"], check=False,
        # Where the locale is C, Java takes no path with a letter beyond ASCII.
        env={**os.environ, "LC_ALL": "C.UTF-8", "CLIENTBOOK_SOURCE": str(source)})
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
