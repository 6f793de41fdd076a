# SPDX-License-Identifier: Apache-2.0 OR MIT

"""doc_commands.py FOLDER PAGE...: do the commands work that the documentation shows?

Those of each block of shell commands that stands behind a line <!-- run --> are run, one block after the other, at the
top of a copy of the sources that is made anew in FOLDER. The first that fails ends the run.
"""

import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^<!-- run -->\n```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def main():
    folder, *pages = sys.argv[1:]
    blocks = [(page, block) for page in pages for block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]
    if not blocks:
        print(f"No command is to be run in {', '.join(pages)}.")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns("build", ".git"), symlinks=True)
    for page, block in blocks:
        print(f"---- {page}\n{block}----", flush=True)
        status = subprocess.run(["sh", "-e", "-c", block], cwd=folder, check=False).returncode
        if status != 0:
            print(f"{page}: exit code {status}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
