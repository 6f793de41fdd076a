# SPDX-License-Identifier: Apache-2.0 OR MIT
"""bundle.py SOURCES PAGE: makes one page out of the folder page/: its style sheet and its modules, inlined.

A page that is opened as a file may not load modules. So these become one script: each after those that it imports,
without "import" and "export". That is all there is to it as long as names at the top of modules differ, and a browser
refuses the page if two do not.
"""

import re
import sys
from pathlib import Path

IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z_]+\.mjs)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=async function |function |class |const )", re.MULTILINE)
LICENSE = re.compile(r"\A(?:// SPDX-License-Identifier: .*|/\* SPDX-License-Identifier: .* \*/)\n")


def in_order(folder, name, done):
    """The texts of a module and of all that it needs, these first, each once."""
    if name in done:
        return []
    done.add(name)
    text = (folder / name).read_text(encoding="utf-8")
    texts = [part for needed in IMPORT.findall(text) for part in in_order(folder, needed, done)]
    script = EXPORT.sub("", IMPORT.sub("", LICENSE.sub("", text)))
    left = re.search(r"^(import|export)\b.*", script, re.MULTILINE)
    if left:
        sys.exit(f"bundle.py: {folder / name}: cannot be bundled: {left.group()}")
    return [*texts, f"// {name}\n{script.strip()}\n"]


def bundle(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    style = LICENSE.sub("", (folder / "style.css").read_text(encoding="utf-8"))
    script = "\n".join(in_order(folder, "main.mjs", set()))
    page = page.replace('<link rel="stylesheet" href="style.css">', f"<style>\n{style}</style>")
    return page.replace('<script type="module" src="main.mjs">', f'<script type="module">\n{script}')


def main():
    folder, target = map(Path, sys.argv[1:])
    target.write_text(bundle(folder), encoding="utf-8")


if __name__ == "__main__":
    main()
