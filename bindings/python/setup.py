"""Builds the package: a module over clientbook.h, with the library it calls beside it.

Where the library comes from, the first of these that is there:
  CLIENTBOOK_LIBRARY  a libclientbook.so that was built already (the tests do that)
  pkg-config          an installed one (clientbook-c)
  the source tree     built with CMake; takes some minutes
CLIENTBOOK_PROGRAM, a built program `clientbook`, is bundled for `python -m clientbook`.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_py import build_py

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
# build_native.py is run by cffi, in this process: it reads what was found here.
sys.path.insert(0, str(HERE))


def version() -> str:
    text = (SOURCE / "include/clientbook/version.hpp").read_text(encoding="utf-8")
    found = re.search(r'define CLIENTBOOK_VERSION_STRING "([0-9.]+)"', text)
    assert found is not None
    return found[1]


def installed_library() -> "pathlib.Path | None":
    if shutil.which("pkg-config") is None:
        return None
    asked = subprocess.run(["pkg-config", "--variable=libdir", "clientbook-c"], check=False,
                           capture_output=True, text=True)
    library = pathlib.Path(asked.stdout.strip() or "/nowhere") / "libclientbook.so"
    return library if asked.returncode == 0 and library.exists() else None


def built_library() -> pathlib.Path:
    build = SOURCE / "build/python"
    subprocess.run(["cmake", "-S", str(SOURCE), "-B", str(build), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    "-DCLIENTBOOK_TESTS=OFF", "-DCLIENTBOOK_EXAMPLES=OFF", "-DCLIENTBOOK_BENCHMARKS=OFF"],
                   check=True)
    subprocess.run(["cmake", "--build", str(build), "--parallel", "--target", "clientbook_c"], check=True)
    return build / "bindings/c/libclientbook.so"


def library() -> pathlib.Path:
    given = os.environ.get("CLIENTBOOK_LIBRARY")
    found = pathlib.Path(given) if given else installed_library() or built_library()
    if not found.exists():
        sys.exit(f"setup.py: there is no library at {found}")
    os.environ["CLIENTBOOK_LIBRARY"] = str(found)
    return found.resolve()


class BuildWithLibrary(build_py):
    """Puts the library, and the program if there is one, into the package."""

    def run(self) -> None:
        super().run()
        package = pathlib.Path(self.build_lib) / "clientbook"
        package.mkdir(parents=True, exist_ok=True)
        found = library()
        # By the name that the loader asks for: libclientbook.so.<ABI version>.
        shutil.copy2(found, package / soname(found))
        program = os.environ.get("CLIENTBOOK_PROGRAM")
        if program:
            if not pathlib.Path(program).exists():
                sys.exit(f"setup.py: there is no program at {program}")
            shutil.copy2(program, package / "program")


def soname(of: pathlib.Path) -> str:
    told = subprocess.run(["readelf", "-d", str(of)], check=True, capture_output=True, text=True)
    found = re.search(r"SONAME.*\[(.+)\]", told.stdout)
    assert found is not None
    return found[1]


beside = library()
fast = Extension(
    "clientbook._fast", sources=["src/fast.c", "src/view.c", "src/arrow.c"], depends=["src/fast.h"], include_dirs=[str(HERE.parent / "c/include")],
    library_dirs=[str(beside.parent)], libraries=["clientbook"], extra_compile_args=["-std=c11"],
    extra_link_args=["-Wl,-rpath,$ORIGIN"], py_limited_api=True)
setup(version=version(), cmdclass={"build_py": BuildWithLibrary}, ext_modules=[fast],
      cffi_modules=["build_native.py:builder"])
