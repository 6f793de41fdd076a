# SPDX-License-Identifier: Apache-2.0 OR MIT

"""check_output.py EXPECTED COMMAND...: runs an example. Does it end with 0 and print what the file EXPECTED holds?

In EXPECTED, <number> stands for digits that other versions of a library, or another size of pointers, may change, with
the blanks before them that align a table.
"""

import difflib
import pathlib
import re
import subprocess
import sys


def fits(expected, printed):
    """Whether a line printed is what was expected."""
    pattern = r"\s*\d+".join(re.escape(part) for part in re.split(r"\s*<number>", expected))
    return re.fullmatch(pattern, printed) is not None


def main():
    file, *command = sys.argv[1:]
    expected = pathlib.Path(file).read_text(encoding="utf-8").splitlines()
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    printed = result.stdout.splitlines()
    print(result.stdout, end="")
    if result.returncode != 0:
        print(f"\nThe exit code is {result.returncode}.")
        return 1
    # A line that fits counts as the one expected, so that only the others are shown.
    printed = [want if fits(want, line) else line for want, line in zip(expected, printed)] + printed[len(expected) :]
    if printed != expected:
        print("\n".join(["", *difflib.unified_diff(expected, printed, file, "printed", lineterm="")]))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
