# SPDX-License-Identifier: Apache-2.0 OR MIT

"""checked_test.py TOOL PROGRAM [LIBRARY]: does the tool, "memcheck" or "asan", see each mistake that mistakes.c makes?

With a LIBRARY, the program's malloc is that one's, preloaded.
"""

import os
import re
import subprocess
import sys

# What memcheck and the sanitizer have to say; None: that this is not for them.
READS = ("Invalid read of size 1", "READ of size 1")
WRITES = ("Invalid write of size 1", "WRITE of size 1")
UNINITIALISED = ("depends on uninitialised value", None)
ANSWERS = {
    "overflow": (r"Invalid write of size 1\n.*Address 0x\w+ is 0 bytes after a block of size 20 ", r"WRITE of size 1"),
    "far_overflow": READS,
    "underflow": WRITES,
    "use_after_free": READS,
    "write_after_free": WRITES,
    "use_after_move": READS,
    "use_after_shrinking": READS,
    "overflow_of_grown": WRITES,
    "uninitialised": UNINITIALISED,
    "uninitialised_after_move": UNINITIALISED,
    "uninitialised_tail": UNINITIALISED,
    "uninitialised_again": UNINITIALISED,
    "leak": ("77 bytes in 1 blocks are definitely lost", None),
}
# With a library, what the library adds: all the rest is the same code.
ANSWERS_PRELOADED = ("overflow", "use_after_free", "uninitialised_after_move", "leak")
SEEN = 99
MEMCHECK = ["valgrind", f"--error-exitcode={SEEN}", "--leak-check=full", "--show-leak-kinds=definite",
            "--errors-for-leak-kinds=definite",
            # Not valgrind's own malloc in place of ebb's.
            "--soname-synonyms=somalloc=nouserintercepts"]


def run(tool, program, library, mistake):
    """Exit status and report."""
    environment = {**os.environ, "ASAN_OPTIONS": f"exitcode={SEEN}:detect_leaks=0"}
    if library:
        environment["LD_PRELOAD"] = library
    command = (MEMCHECK if tool == "memcheck" else []) + [program, mistake]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, re.sub(r"^==\d+== ?", "", done.stderr, flags=re.MULTILINE)


def complaint(tool, mistake, answer, status, report):
    """What is wrong with the tool's answer, or None."""
    if mistake == "none" and status != 0:
        return f"ended with {status} though there is no mistake"
    if mistake != "none" and status != SEEN:
        return f"ended with {status} and not {SEEN}: not seen"
    if answer and not re.search(answer, report, re.DOTALL):
        return f"says nothing like {answer!r}"
    if tool == "memcheck" and mistake != "none" and " errors from 1 contexts" not in report:
        return "sees more than the one mistake"
    return None


def main():
    if not 3 <= len(sys.argv) <= 4 or sys.argv[1] not in ("memcheck", "asan"):
        sys.exit(__doc__)
    tool, program, library = sys.argv[1], sys.argv[2], (sys.argv[3:] or [None])[0]
    failed = False
    for mistake, answers in [("none", ("", "")), *ANSWERS.items()]:
        answer = answers[tool == "asan"]
        if answer is None or (library and mistake not in ("none", *ANSWERS_PRELOADED)):
            continue
        status, report = run(tool, program, library, mistake)
        wrong = complaint(tool, mistake, answer, status, report)
        print(f"{mistake}: {'FAILED: ' + wrong if wrong else 'as it should be'}")
        if wrong:
            print(report)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
