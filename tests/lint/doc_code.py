# SPDX-License-Identifier: Apache-2.0 OR MIT

"""doc_code.py [--write]: is the code that the documentation shows the code of the files that it names?

In a page, a line <!-- code: FILE REGION --> stands before a fenced block. The block shows what stands in FILE between
the comments "begin: REGION" and "end: REGION", or, without a REGION, all of FILE but its licence. In docs/, a page with
such a line has no other block of a language that is compiled or run. --write puts into the pages what the files say.
"""

import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARKER = re.compile(r"<!-- code: (\S+)(?: (\S+))? -->")
FENCE = re.compile(r"```(\w*)")
CODE = {"c", "cpp", "js", "python"}


class Mistake(Exception):
    """Something that only a person can put right."""


def region_of(file, name):
    """The lines of a region of a file, without the indentation that all have; regions of others in it are not shown."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    if name is None:
        lines = lines[1:]
    else:
        begins = [i for i, line in enumerate(lines) if re.search(rf"\bbegin: {name}\b", line)]
        ends = [i for i, line in enumerate(lines) if re.search(rf"\bend: {name}\b", line)]
        if len(begins) != 1 or len(ends) != 1 or begins > ends:
            raise Mistake(f"{file} does not have exactly one region '{name}'")
        lines = lines[begins[0] + 1 : ends[0]]
    shown = [line for line in lines if not re.search(r"\b(begin|end): \w+ \*/$", line)]
    return textwrap.dedent("\n".join(shown)).strip("\n").splitlines()


def renewed(page):
    """The text of a page with the code of the files that it names."""
    given = page.read_text(encoding="utf-8").splitlines()
    all_named = page.parent != ROOT and any(MARKER.fullmatch(line) for line in given)
    result = []
    i = 0
    while i < len(given):
        line = given[i]
        fence = FENCE.fullmatch(line)
        marker = MARKER.fullmatch(given[i - 1]) if i > 0 else None
        result.append(line)
        i += 1
        if fence is None:
            if i < len(given) and MARKER.fullmatch(line) and not FENCE.match(given[i]):
                raise Mistake(f"{page.relative_to(ROOT)}:{i + 1}: a block of code should begin here")
            continue
        end = given.index("```", i)
        if marker is not None:
            result += region_of(*marker.groups())
        elif all_named and fence.group(1) in CODE:
            raise Mistake(f"{page.relative_to(ROOT)}:{i}: code that names no file")
        else:
            result += given[i:end]
        result.append("```")
        i = end + 1
    return "\n".join(result) + "\n"


def main():
    status = 0
    count = 0
    for page in sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")]):
        try:
            text = renewed(page)
        except (Mistake, OSError, ValueError) as mistake:
            print(mistake)
            status = 1
            continue
        count += len(MARKER.findall(text))
        if text == page.read_text(encoding="utf-8"):
            continue
        if "--write" in sys.argv[1:]:
            page.write_text(text, encoding="utf-8")
            print(f"{page.relative_to(ROOT)}: renewed.")
        else:
            print(f"{page.relative_to(ROOT)} shows other code than the files it names. 'cmake/run format' renews it.")
            status = 1
    print(f"{count} pieces of code in the documentation looked at.")
    return status


if __name__ == "__main__":
    sys.exit(main())
