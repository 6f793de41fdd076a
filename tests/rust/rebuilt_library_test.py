#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Cargo notices when one of the C libraries is built anew: on one that is empty now, the crate's tests do not link."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

EMPTY_ARCHIVE = b"!<arch>\n"


def links(cargo, crate, directory):
    """Whether the crate's tests link with the libraries in this directory, and what cargo said."""
    command = [cargo, "test", "--no-run", "--offline", "--locked", "--features", "tock", "--test", "tock_break",
               "--manifest-path", crate / "Cargo.toml", "--target-dir", directory / "target"]
    environment = {**os.environ, "EBB_LIBRARY_DIRS": str(directory)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cargo", required=True)
    parser.add_argument("crate", type=Path)
    parser.add_argument("directory", type=Path, help="where to build; what is there is deleted")
    parser.add_argument("libraries", type=Path, nargs="+")
    arguments = parser.parse_args()
    directory = arguments.directory.resolve()
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    for library in arguments.libraries:
        shutil.copy(library, directory)
    for library in arguments.libraries:
        does, said = links(arguments.cargo, arguments.crate, directory)
        if not does:
            print(f"wrong: the crate does not link:\n{said}")
            return 1
        (directory / library.name).write_bytes(EMPTY_ARCHIVE)
        if links(arguments.cargo, arguments.crate, directory)[0]:
            print(f"wrong: the crate is linked with what {library.name} was before")
            return 1
        shutil.copy(library, directory)
    return 0


if __name__ == "__main__":
    sys.exit(main())
