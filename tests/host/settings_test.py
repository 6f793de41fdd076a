# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What libebb-malloc.so shows of itself: its symbols, its settings, and what it does under limits of the system."""

import os
import re
import subprocess
import sys
import tempfile

from preload import Process, Runner, main, require

MEBIBYTE = 1024 * 1024
HELLO = [sys.executable, "-S", "-c", "print('hello')"]

INTERFACE = """
    aligned_alloc calloc free free_aligned_sized free_sized malloc malloc_trim malloc_usable_size memalign
    posix_memalign pvalloc realloc reallocarray valloc
""".split()

# Takes a mebibyte at a time until there is none left, then lets go of it and shows that it can go on.
FILL_UP = """
blocks = []
try:
    for _ in range(4096):
        blocks.append(bytearray(1024 * 1024))
    print("no end")
except MemoryError:
    count = len(blocks)
    del blocks
    again = [bytearray(1024 * 1024) for _ in range(count // 2)]
    print(count)
"""


def exports_nothing_else(runner):
    listing = subprocess.run(["nm", "--dynamic", "--defined-only", runner.library], capture_output=True, check=True)
    names = sorted(line.split()[-1].split("@")[0] for line in listing.stdout.decode().splitlines())
    require(names == INTERFACE, f"exports {names}")
    return f"{len(names)} functions and nothing else"


def statistics_to_standard_error(runner):
    done = runner.start(HELLO, EBB_STATISTICS="1")
    require(done.stdout == b"hello\n", f"printed {done.stdout!r}")
    process = Process(done.stderr.decode().rstrip("\n"))
    require(process.name == os.path.basename(sys.executable), f"is named {process.name}")
    require(0 < process["peak_live"] <= process["peak_region"], f"figures make no sense: {done.stderr!r}")
    return done.stderr.decode().strip()


def statistics_to_a_file(runner):
    runner.run(HELLO)
    runner.run(HELLO)
    pids = {process["pid"] for process in runner.processes()}
    require(len(pids) == 2, f"{len(pids)} lines of two processes")
    return "one line for each process"


def statistics_only_if_wanted(runner):
    for value in ("0", ""):
        done = runner.start(HELLO, EBB_STATISTICS=value)
        require((done.returncode, done.stdout, done.stderr) == (0, b"hello\n", b""), f"{value!r}: {done}")
    return "silent"


def statistics_file_cannot_be_written(runner):
    reasons = {"/nowhere/at/all": "No such file or directory", "/dev/full": "No space left on device"}
    for path, reason in reasons.items():
        done = runner.start(HELLO, EBB_STATISTICS=path)
        require((done.returncode, done.stdout) == (0, b"hello\n"), f"the program was disturbed: {done}")
        require(done.stderr.decode() == f"ebb: EBB_STATISTICS={path}: {reason}\n", f"said {done.stderr!r}")
    return "not there, or full: the program goes on, and the reason is said"


def refuses_settings_that_make_no_sense(runner):
    wrong = [("EBB_MAXIMUM", value) for value in ("", "0", "-1", "5x", "64m", "1 M", "M", "1MM", "99999999999999999999",
                                                  "99999999999999999G", "18446744073709551619G", "100")]
    wrong += [("EBB_STATISTICS", value) for value in ("relative", "/" + "x" * 4095, "/" + "x" * 5000)]
    for name, value in wrong:
        done = runner.start(HELLO, **{name: value})
        require(done.returncode == 127 and done.stdout == b"", f"{name}={value}: {done}")
        require(done.stderr.startswith(f"ebb: {name}={value}"[:400].encode()) and done.stderr.count(b"\n") == 1,
                f"{name}={value}: said {done.stderr!r}")
    return f"{len(wrong)} settings, each with a message and status 127"


def fill_up(runner, least, most, **settings):
    """Number of mebibytes that could be had, and the figures of the process."""
    output = runner.run([sys.executable, "-S", "-c", FILL_UP], **settings).decode().strip()
    require(re.fullmatch(r"\d+", output), f"said {output!r}")
    require(least <= int(output) <= most, f"{output} MiB could be had, not {least} to {most}")
    return int(output), runner.processes()[-1]


def maximum_holds(runner):
    count, process = fill_up(runner, 60, 64, EBB_MAXIMUM="64M", PYTHONMALLOC="malloc")
    require(process["peak_region"] <= 64 * MEBIBYTE, f"the region had {process['peak_region']} bytes")
    require(process["failed"] > 0, "no request failed")
    return f"{count} blocks of 1 MiB within 64 MiB"


def maximum_changes_nothing_else(runner):
    """What a move of the end costs on a host does not depend on whether there is a limit, if nothing comes near it."""
    script = "for _ in range(3):\n    blocks = [bytearray(i % 5000) for i in range(30000)]\n    del blocks\n"
    moves = []
    for settings in ({}, {"EBB_MAXIMUM": "4G"}):
        runner.run([sys.executable, "-S", "-c", script], PYTHONMALLOC="malloc", **settings)
        process = runner.processes()[-1]
        moves.append(process["grows"] + process["shrinks"])
    without, limited = moves
    require(limited <= 1.1 * without, f"{limited} moves of the end with a limit, {without} without")
    return f"{limited} moves of the end with a limit that nothing comes near, {without} without"


def limit_on_addresses_is_shared(runner):
    """Less is reserved then, and not all of it: threads and libraries need addresses as well."""
    limited = ["sh", "-c", f"ulimit -v {512 * 1024} && exec \"$@\"", "sh"]
    script = "import threading\nt = threading.Thread(target=print, args=('ran',))\nt.start()\nt.join()\n"
    output = runner.run(limited + [sys.executable, "-S", "-c", script])
    require(output == b"ran\n", f"said {output!r}")
    done = runner.start(limited + [sys.executable, "-S", "-c", FILL_UP])
    require(done.returncode == 0, f"ended with {done.returncode}: {done.stderr!r}")
    count = int(done.stdout)
    # Three quarters of what there is are reserved.
    require(370 <= count <= 384, f"{count} MiB of 512 MiB could be had")
    return f"{count} blocks of 1 MiB under a limit of 512 MiB of addresses"


def limit_on_data_is_survived(runner):
    """Here the addresses are there, but the system refuses the memory: every move of the end can fail."""
    limited = ["sh", "-c", f"ulimit -d {128 * 1024} && exec \"$@\"", "sh"]
    done = runner.start(limited + [sys.executable, "-S", "-c", FILL_UP])
    require(done.returncode == 0, f"ended with {done.returncode}: {done.stderr!r}")
    process = runner.processes()[-1]
    require(process["refusals"] > 0, "the system refused nothing")
    require(int(done.stdout) >= 112, f"{int(done.stdout)} MiB of 128 MiB could be had")
    return f"{int(done.stdout)} blocks of 1 MiB under a limit of 128 MiB of data, {process['refusals']} refusals"


CASES = {case.__name__: case for case in (
    exports_nothing_else,
    statistics_to_standard_error,
    statistics_to_a_file,
    statistics_only_if_wanted,
    statistics_file_cannot_be_written,
    refuses_settings_that_make_no_sense,
    maximum_holds,
    maximum_changes_nothing_else,
    limit_on_addresses_is_shared,
    limit_on_data_is_survived,
)}


def run_case(case, library, _project):
    with tempfile.TemporaryDirectory(prefix="ebb-") as folder:
        return case(Runner(folder, library))


if __name__ == "__main__":
    main(CASES, run_case)
