"""The module clientbook._native: clientbook.h as cffi reads it, compiled against the library."""

import os
import pathlib
import re

from cffi import FFI

HERE = pathlib.Path(__file__).resolve().parent
PACKED = HERE / "include/clientbook.h"  # of an sdist
HEADER = PACKED if PACKED.exists() else HERE.parent / "c/include/clientbook.h"


def declarations() -> str:
    """The header without what only a preprocessor understands."""
    text = HEADER.read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    text = text.replace('extern "C" {', " ")
    text = re.sub(r"#ifdef __cplusplus.*?#endif", " ", text, flags=re.DOTALL)
    text = re.sub(r"^\s*#.*$", " ", text, flags=re.MULTILINE)
    return text.replace("CLIENTBOOK_MAY_BE_NULL", " ") + "\n#define CLIENTBOOK_ABI_VERSION ...\n"


library = pathlib.Path(os.environ["CLIENTBOOK_LIBRARY"])
builder = FFI()
builder.cdef(declarations())
builder.set_source(
    "clientbook._native",
    "#include <clientbook.h>",
    include_dirs=[str(HEADER.parent)],
    library_dirs=[str(library.parent)],
    libraries=["clientbook"],
    extra_link_args=["-Wl,-rpath,$ORIGIN"],
)
