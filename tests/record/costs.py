#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Records programs on emulated boards: how many bytes and instructions that takes for each call, beside the same
program without a recorder. Leaves the traces in BUILD/record/PRESET, and pages that show them."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DECODER = ROOT / "port-host" / "tools" / "decode" / "ebb-decode"
BOARD_RUNNER = ROOT / "tests" / "board" / "run.py"


class Failure(Exception):
    """A program or a tool did not do what it should."""


def run_app(app, machine):
    command = [sys.executable, "-B", str(BOARD_RUNNER), "--machine", machine, str(app)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise Failure(f"{app} ended with {done.returncode}")
    return done.stdout


def instructions_for_call(output, name):
    """Of one of the runs that an app makes; its line has the number of calls, and the instructions of all."""
    calls, instructions = map(int, re.search(rf"@{name} (\d+) (\d+)".encode(), output).groups())
    return instructions / calls


def decode(recording, trace):
    command = [sys.executable, "-B", str(DECODER), "--verbose", "--output", str(trace)]
    done = subprocess.run(command, input=recording, stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode()
    if done.returncode != 0:
        raise Failure(f"{trace}: {said}")
    return int(re.search(r"(\d+) calls", said).group(1)), int(re.search(r"(\d+) bytes", said).group(1))


def draw(view, trace):
    """A page of the heap, beside its trace."""
    command = [str(view), str(trace), "--output", str(trace.with_suffix(".html"))]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise Failure(f"{view}: {done.stdout.decode()}")


def measure(folder, machine, program, trace):
    """Bytes of the recorder's record, and a line of the table."""
    recorded = run_app(folder / f"record_{program}.elf", machine)
    nothing = run_app(folder / f"record_nothing_{program}.elf", machine)
    calls, size = decode(recorded, trace)
    without = instructions_for_call(nothing, "idle")
    idle = instructions_for_call(recorded, "idle") - without
    recording = instructions_for_call(recorded, "recording") - without
    record = int(re.search(rb"@recorder (\d+)", recorded).group(1))
    line = f"| {program} | {calls} | {size / calls:.2f} | {without:.0f} | +{idle:.0f} | +{recording:.0f} |"
    return record, line


def sizes(library, size_tool, record):
    """What the recorder takes, all its objects together."""
    listing = subprocess.run([size_tool, "-t", str(library)], stdout=subprocess.PIPE, check=True, text=True)
    text, data, bss = map(int, listing.stdout.splitlines()[-1].split()[:3])
    return f"Code: {text} bytes, data: {data + bss}. The record of a recorder, which the app keeps: {record}.\n"


def show_board(build, preset):
    folder = build / preset / "tests" / "record"
    traces = build / "record" / preset
    traces.mkdir(parents=True, exist_ok=True)
    view = build / "host" / "port-host" / "tools" / "ebb-view"
    machine = (folder / "machine").read_text(encoding="ascii")
    print(f"\n{preset}\n")
    print("| program | calls | bytes a call | instructions a call, replay too | linked, not recording | recording |\n"
          "|---|---|---|---|---|---|")
    for app in sorted(folder.glob("record_nothing_*.elf")):
        program = app.stem.removeprefix("record_nothing_")
        record, line = measure(folder, machine, program, traces / f"{program}.mtr")
        print(line, flush=True)
        draw(view, traces / f"{program}.mtr")
    prefix = "arm-none-eabi-" if preset.startswith("cortex") else "riscv64-unknown-elf-"
    library = build / preset / "core" / "recorder" / "libebb_recorder_tock.a"
    print("\n" + sizes(library, prefix + "size", record))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="folder that holds the presets' build folders")
    parser.add_argument("presets", nargs="+", metavar="PRESET")
    arguments = parser.parse_args()
    try:
        for preset in arguments.presets:
            show_board(arguments.build, preset)
    except (Failure, OSError) as failure:
        print(f"costs.py: {failure}", file=sys.stderr)
        return 1
    print(f"Traces, and what the heaps looked like: {arguments.build}/record/PRESET/PROGRAM.mtr and .html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
