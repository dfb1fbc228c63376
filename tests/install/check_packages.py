"""scripts/packages makes a package of another language that has all it needs, and this library.

usage: check_packages.py PROJECT LIBRARY wheel | npm | jar [PROGRAM]

Ends with 77, which is "skipped", where a tool is missing, or what building needs cannot be had from a registry.
"""

import pathlib
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile

SKIPPED = 77
OUT_OF_REACH = re.compile(r"Temporary failure|Could not (?:transfer|find a version|fetch)|No matching distribution|"
                          r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|Unknown host|Network is unreachable")
MACHINE = {"x86_64": ("x64", "amd64"), "aarch64": ("arm64", "aarch64")}


def content_of(package):
    """Names, with what they hold."""
    if package.suffix == ".tgz":
        with tarfile.open(package) as held:
            return {one.name: held.extractfile(one).read() for one in held if one.isfile()}
    with zipfile.ZipFile(package) as held:
        return {name: held.read(name) for name in held.namelist() if not name.endswith("/")}


def wanted(kind, root, version, program):
    """The package's name, its library, and which other files are in it."""
    node, java = MACHINE.get(platform.machine(), (platform.machine(),) * 2)
    if kind == "wheel":
        sources = [f"clientbook/{one.name}" for one in (root / "bindings/python/clientbook").iterdir() if one.suffix in (".py", ".pyi", ".typed")]
        return (rf"clientbook-{version}-cp310-abi3-linux_\w+\.whl", "clientbook/libclientbook.so.0",
                [*sources, "clientbook/py.typed", "clientbook/_fast.abi3.so", "clientbook/_native.abi3.so",
                 *(["clientbook/program"] if program else [])])
    if kind == "npm":
        sources = [f"package/lib/{one.name}" for one in (root / "bindings/node/lib").iterdir()]
        prebuilt = f"package/prebuilds/linux-{node}"
        return (rf"clientbook-{version}\.tgz", f"{prebuilt}/libclientbook.so.0",
                [*sources, "package/package.json", "package/index.js", "package/index.d.ts", "package/include/clientbook.h",
                 f"{prebuilt}/clientbook.node"])
    sources = [f"clientbook/{one.stem}.class" for one in (root / "bindings/java/src/main/java/clientbook").glob("[A-Z]*.java")]
    return rf"clientbook-{version}\.jar", f"clientbook/native/linux-{java}/libclientbook.so", sources


def main():
    root, library, kind = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    program = [one for one in sys.argv[4:] if one]
    version = re.search(r'VERSION_STRING "([^"]+)"', (root / "include/clientbook/version.hpp").read_text(encoding="utf-8"))[1]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([root / "scripts" / "packages", "--only", kind, "--library", library,
                               *(["--program", program[0]] if program else []), folder],
                              capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        if ": left out" in said or (done.returncode != 0 and OUT_OF_REACH.search(said)):
            print("skipped:", next((line for line in said.splitlines() if ": left out" in line or OUT_OF_REACH.search(line))))
            sys.exit(SKIPPED)
        if done.returncode != 0:
            sys.exit(said)
        made = list(pathlib.Path(folder).iterdir())
        if kind == "wheel":  # And its source beside it.
            source = f"clientbook-{version}.tar.gz"
            if source not in [one.name for one in made]:
                sys.exit(f"made {[one.name for one in made]}, and no {source}")
            made = [one for one in made if one.name != source]
        name, library_within, files = wanted(kind, root, version, program)
        if len(made) != 1 or not re.fullmatch(name, made[0].name):
            sys.exit(f"made {[one.name for one in made]}, not {name}")
        content = content_of(made[0])
        missing = sorted({library_within, *files} - set(content))
        if missing:
            sys.exit(f"{made[0].name} lacks {missing}")
        if content[library_within] != library.read_bytes():
            sys.exit(f"{made[0].name} has another library")
        left = [one for one in content if re.search(r"__pycache__|node_modules|\.o$|\.egg-info|(^|/)build/", one)]
        if left:
            sys.exit(f"{made[0].name} has what building left: {left}")
        print(f"{made[0].name}: {len(content)} files")


if __name__ == "__main__":
    main()
