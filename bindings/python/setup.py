"""Builds the package: a module over clientbook.h, with the library it calls beside it.

Where the library comes from, the first of these that is there:
  CLIENTBOOK_LIBRARY  a libclientbook.so that was built already (the tests do that)
  pkg-config          an installed one (clientbook-c)
  the source tree     built with CMake; takes some minutes (not from an sdist, which has the package alone)
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
from setuptools.command.sdist import sdist

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
# build_native.py is run by cffi, in this process: it reads what was found here.
sys.path.insert(0, str(HERE))


def beside(name: str, in_the_tree: str) -> pathlib.Path:
    """A file of the source tree; an sdist has it in `include`."""
    packed = HERE / "include" / name
    return packed if packed.exists() else SOURCE / in_the_tree


def version() -> str:
    text = beside("version.hpp", "include/clientbook/version.hpp").read_text(encoding="utf-8")
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
    if not (SOURCE / "CMakeLists.txt").exists():
        sys.exit("setup.py: no library: set CLIENTBOOK_LIBRARY, or install it with pkg-config clientbook-c")
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


class WithHeader(sdist):
    """Packs what the package is compiled against."""

    def make_release_tree(self, base_dir: str, files: "list[str]") -> None:
        super().make_release_tree(base_dir, files)
        target = pathlib.Path(base_dir) / "include"
        target.mkdir(exist_ok=True)
        shutil.copy2(beside("clientbook.h", "bindings/c/include/clientbook.h"), target)
        shutil.copy2(beside("version.hpp", "include/clientbook/version.hpp"), target)


def soname(of: pathlib.Path) -> str:
    told = subprocess.run(["readelf", "-d", str(of)], check=True, capture_output=True, text=True)
    found = re.search(r"SONAME.*\[(.+)\]", told.stdout)
    assert found is not None
    return found[1]


# Nothing is compiled for an sdist: it is made where no library is.
found_library = library() if "sdist" not in sys.argv else pathlib.Path("/nowhere/libclientbook.so")
os.environ.setdefault("CLIENTBOOK_LIBRARY", str(found_library))
fast = Extension(
    "clientbook._fast", sources=["src/fast.c", "src/view.c", "src/arrow.c"], depends=["src/fast.h"], include_dirs=[str(beside("clientbook.h", "bindings/c/include/clientbook.h").parent)],
    library_dirs=[str(found_library.parent)], libraries=["clientbook"], extra_compile_args=["-std=c11"],
    extra_link_args=["-Wl,-rpath,$ORIGIN"], py_limited_api=True)
# Both modules are of the limited API: one wheel serves CPython 3.10 and all later ones.
setup(version=version(), cmdclass={"build_py": BuildWithLibrary, "sdist": WithHeader}, ext_modules=[fast],
      options={"bdist_wheel": {"py_limited_api": "cp310"}},
      cffi_modules=["build_native.py:builder"])
