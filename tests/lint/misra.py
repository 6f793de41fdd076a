# SPDX-License-Identifier: Apache-2.0 OR MIT

"""misra.py: has every rule of MISRA C:2012 that core breaks, as cppcheck sees it, a reason in docs/misra.md?

And is no reason there in vain? Says no rule's text: that is not ours to publish.
"""

import collections
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import compilations

sys.path.append(str(compilations.ROOT / "tests/bench"))

from toolchain import core_sources, fixed_core_sources  # noqa: E402

PAGE = compilations.ROOT / "docs/misra.md"
ROW = re.compile(r"\| (\d+\.\d+) \| (?:required|advisory) \| \S.* \|")
FINDING = re.compile(r"(\S+:\d+): misra-c2012-(\d+\.\d+)")
# As a 32-bit machine compiles it, which is what core is for.
COMMAND = ["cppcheck", "--addon=misra", "--std=c11", "--platform=unix32", "--quiet", "--inline-suppr",
           "--template={file}:{line}: {id}", "-Icore/include", "-Icore/source",
           "-DEBB_NUMBER_BITS=16", "-DEBB_GRANULE=8", "-D__GNUC__=12"]


def said_of(sources):
    """What cppcheck says of these sources: of copies, as its addon keeps files beside them for as long as it runs."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(compilations.ROOT / "core", pathlib.Path(folder, "core"))
        command = COMMAND + [str(path.relative_to(compilations.ROOT)) for path in sources]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder).stderr.splitlines()


def findings():
    """For each rule that is broken, where."""
    places = collections.defaultdict(set)
    # What is in core/fixed is in place of some of the others: together they would be two of each.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        said = [line for lines in pool.map(said_of, (core_sources(), fixed_core_sources())) for line in lines]
    for line in said:
        found = FINDING.match(line)
        if not found:
            sys.exit(f"cppcheck says what is no finding of MISRA's: {line}")
        places[found[2]].add(found[1])
    return places


def main():
    explained = {row[1] for row in map(ROW.fullmatch, PAGE.read_text(encoding="utf-8").splitlines()) if row}
    places = findings()
    if not places:
        sys.exit("cppcheck's MISRA addon found nothing at all: it does not run")
    for rule in sorted(places.keys() - explained):
        print(f"Rule {rule} is broken, and docs/misra.md gives no reason:", *sorted(places[rule]), sep="\n  ")
    for rule in sorted(explained - places.keys()):
        print(f"Rule {rule} is not broken anywhere, but docs/misra.md gives a reason.")
    for rule, where in sorted(places.items(), key=lambda item: tuple(map(int, item[0].split(".")))):
        print(f"  {rule}: {len(where)} lines")
    return 0 if places.keys() == explained else 1


if __name__ == "__main__":
    sys.exit(main())
