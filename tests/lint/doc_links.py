# SPDX-License-Identifier: Apache-2.0 OR MIT

"""doc_links.py: does every link from one page of the project lead to a file, and to a heading, that is there?"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


def pages():
    """All pages but those of a build."""
    found = [path for path in ROOT.rglob("*.md") if not {"build", ".git"} & set(path.relative_to(ROOT).parts)]
    return sorted(found)


def anchors(page):
    """What the headings of a page are called in links, as GitHub does it."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in HEADING.findall(text)}


def mistakes(page):
    """The links of a page that lead nowhere."""
    for link in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = page if path == "" else page.parent / path
        if not target.exists():
            yield f"{page.relative_to(ROOT)}: {link}: there is no such file"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{page.relative_to(ROOT)}: {link}: there is no such heading"


def main():
    found = [mistake for page in pages() for mistake in mistakes(page)]
    print("\n".join([*found, f"The links of {len(pages())} pages looked at."]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
