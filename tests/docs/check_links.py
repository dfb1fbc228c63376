"""Follows the relative links of README.md, CONTRIBUTING.md and docs/**/*.md, anchors of headings
included, and looks whether each file or function that they name as code is there.

usage: check_links.py PROJECT
"""

import pathlib
import re
import sys


def anchors(page):
    """As headings are linked: lower case, words joined by dashes, nothing else."""
    for heading in re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# A path of this project named as code: `src/book/session.cpp`, `profiles/*.json`.
NAMED = re.compile(
    r"`((?:src|include|tests|profiles|docs|scripts|cmake|examples|benchmarks|bindings)/[\w./*-]+)`")


def missing_files(root, text):
    for path in NAMED.findall(text):
        if not any(root.glob(path.rstrip("/"))):
            yield path


def main():
    root = pathlib.Path(sys.argv[1])
    pages = [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
    broken = links = 0
    for page in pages:
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            links += 1
            path, _, anchor = target.partition("#")
            to = (page.parent / path).resolve() if path else page
            if not to.exists() or (anchor and anchor not in anchors(to)):
                broken += 1
                print(f"{page.relative_to(root)}: {target} leads nowhere")
        for path in missing_files(root, text):
            broken += 1
            print(f"{page.relative_to(root)}: there is no {path}")
    print(f"{links} links in {len(pages)} pages")
    sys.exit(1 if broken or links == 0 else 0)


if __name__ == "__main__":
    main()
