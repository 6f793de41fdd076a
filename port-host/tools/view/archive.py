# SPDX-License-Identifier: Apache-2.0 OR MIT
"""archive.py FOLDER PROGRAM: makes one executable file of the Python packages in a folder.

What zipapp does, but for the times in it: the same sources make the same file.
"""

import os
import sys
import zipfile
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
MAIN = "import sys\nfrom ebb_view.__main__ import main\nsys.exit(main())\n"


def add(archive, name, content):
    archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)


def main():
    folder, program = Path(sys.argv[1]), sys.argv[2]
    with open(program, "wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
        with zipfile.ZipFile(file, "w") as archive:
            add(archive, "__main__.py", MAIN)
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    add(archive, path.relative_to(folder).as_posix(), path.read_bytes())
    os.chmod(program, 0o755)


if __name__ == "__main__":
    main()
