"""What is installed beside the library: pages, examples, manual page, completion.

usage: check_files.py PREFIX SOURCE
"""

import pathlib
import re
import subprocess
import sys


def same(one, other):
    return one.is_file() and one.read_bytes() == other.read_bytes()


def complaints(prefix, source):
    wrong = []
    share = prefix / "share"
    documents = share / "doc" / "clientbook"
    pages = [source / "README.md", source / "LICENSE", *(source / "docs").rglob("*.md"),
             *(source / "examples" / "import").iterdir(), *(source / "examples" / "data").iterdir()]
    for page in pages:
        name = page.relative_to(source)
        if not same(documents / name, page):
            wrong.append(f"{name}: not installed as it is")
    # A link between pages that leads nowhere once they are installed.
    for page in documents.rglob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            if target.endswith(".md") and not (page.parent / target).exists():
                wrong.append(f"{page.relative_to(documents)}: leads to {target}, not installed")
    program = prefix / "bin" / "clientbook"
    if program.exists():
        for arguments, file in [(["manual"], "man/man1/clientbook.1"),
                                (["completion", "bash"], "bash-completion/completions/clientbook"),
                                (["completion", "zsh"], "zsh/site-functions/_clientbook")]:
            said = subprocess.run([program, *arguments], capture_output=True, check=True).stdout
            if not (share / file).is_file() or (share / file).read_bytes() != said:
                wrong.append(f"{file}: not what the installed program says")
    if list(prefix.rglob("*[Bb]oost*")):
        wrong.append("something of Boost is installed")
    for file in [*prefix.rglob("*.cmake"), *prefix.rglob("*.pc")]:
        if "boost" in file.read_text(encoding="utf-8").lower():
            wrong.append(f"{file.relative_to(prefix)}: names Boost")
    return wrong


def main():
    wrong = complaints(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
    print("\n".join(wrong))
    print(f"{len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
