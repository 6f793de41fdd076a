# SPDX-License-Identifier: Apache-2.0 OR MIT
"""manuals_test.py FOLDER TOOL...: whether the manual of each tool tells of the options that its --help has."""

import pathlib
import re
import subprocess
import sys


def options_in_help(tool):
    """Long options at the beginning of a line."""
    text = subprocess.run([tool, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^ +(?:-\w, )?--([a-z-]+)", text, re.MULTILINE))


def options_in_manual(path):
    """Long options that are items of a list."""
    return set(re.findall(r"^\.It .*Fl Fl ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def main():
    """Exits with 1 if one of them is not as it should be."""
    failed = False
    for tool in sys.argv[2:]:
        name = pathlib.Path(tool).name
        in_help, in_manual = options_in_help(tool), options_in_manual(pathlib.Path(sys.argv[1], name + ".1"))
        print(f"{name}: {len(in_help)} options")
        failed = failed or not in_help
        for option in sorted(in_help ^ in_manual):
            failed = True
            print(f"{name}: only {'the help' if option in in_help else 'the manual'} has --{option}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
