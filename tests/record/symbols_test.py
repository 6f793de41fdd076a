#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""symbols_test.py NM RECORDER CORE: is all state of the recorder the caller's, but for the pointer that the wrapped
calls go by; does it need anything but the core; and does the core know nothing of it?"""

import subprocess
import sys

STATE = "bBcCdDgGsS"
MEMORY = {"memcpy", "memmove", "memset"}


def symbols(nm, archive):
    """(object, name, kind) of each symbol in an archive."""
    listing = subprocess.run([nm, "-A", "-P", archive], stdout=subprocess.PIPE, check=True, text=True).stdout
    for line in listing.splitlines():
        place, name, kind = line.split()[:3]
        yield place.rpartition("[")[2].partition(".")[0], name, kind


def main():
    nm, recorder, core = sys.argv[1:]
    ours = list(symbols(nm, recorder))
    theirs = list(symbols(nm, core))
    mistakes = []
    state = [(unit, name) for unit, name, kind in ours if kind in STATE]
    if [unit for unit, _ in state] != ["wrap"]:
        mistakes.append(f"the recorder's state is {state}, not one pointer in wrap.c")
    known = {name for _, name, kind in ours + theirs if kind != "U"} | MEMORY | {"_GLOBAL_OFFSET_TABLE_"}
    needed = {name for _, name, kind in ours if kind == "U" and not name.startswith("__real_ebb_")}
    if needed - known:
        mistakes.append(f"the recorder needs {sorted(needed - known)}")
    if any("record" in name for _, name, _ in theirs):
        mistakes.append("the core knows of the recorder")
    print("\n".join(mistakes) or f"One pointer of state. Needed of the core: {sorted(needed & known)}")
    return int(bool(mistakes))


if __name__ == "__main__":
    sys.exit(main())
