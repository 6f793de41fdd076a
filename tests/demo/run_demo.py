#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Runs the demo: recorded programs and the scenario of the grant on both boards, then a real program on this machine.

Exits with 0 if every replay went through with sound payloads, the driver's grant was refused and given as it should be,
and the real program did the same as without ebb.
"""

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import real_program
from memory_chart import draw_chart
from pictures import replay_chart, scenario_chart
from records import STRATEGIES, parse_report
from tables import replay_summary, replay_table, scenario_table

HERE = Path(__file__).resolve().parent
BOARD_RUNNER = HERE.parent / "board" / "run.py"
TRACES = HERE.parent / "trace" / "data"

BOARDS = (
    ("cortex-m3", "Cortex-M3 (QEMU mps2-an385, MPU)"),
    ("rv32imac", "RISC-V RV32IMAC (QEMU virt, PMP)"),
)
SCENARIO = "grant_scenario"
TIMEOUT = 120


class Output:
    """Standard output, and a log that keeps all of it and more."""

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.log = path.open("w", encoding="utf-8")

    def keep(self, text):
        self.log.write(text + "\n")
        self.log.flush()

    def say(self, text=""):
        print(text, flush=True)
        self.keep(text)


class Job:
    """One app on one board."""

    def __init__(self, build, board, name):
        self.preset, self.board = board
        self.name = name
        self.folder = build / self.preset / "tests" / "demo"
        self.report = None
        self.said = ""
        self.status = None
        self.seconds = 0.0

    def run(self):
        begun = time.monotonic()
        machine = (self.folder / "machine").read_text(encoding="ascii")
        command = [sys.executable, str(BOARD_RUNNER), "--machine", machine, "--timeout", str(TIMEOUT), str(self.image)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.said = done.stdout.decode("utf-8", "replace")
        self.status = done.returncode
        self.report = parse_report(self.said)
        self.seconds = time.monotonic() - begun
        return self

    @property
    def image(self):
        return self.folder / f"demo_{self.name}.elf"

    @property
    def good(self):
        return self.status == 0 and self.report.good and set(self.report.runs) == set(STRATEGIES)

    def describe(self):
        if not self.good:
            return f"FAILED, exit status {self.status}"
        if self.name == SCENARIO:
            answers = [self.report.runs[strategy].records["driver"]["given"] for strategy in STRATEGIES]
            return "grant " + ", ".join("given" if given else "refused" for given in answers)
        return f"{self.report.head['operations']:,} calls under each strategy, payloads intact"


def run_jobs(jobs, count, output):
    with ThreadPoolExecutor(count) as pool:
        for number, job in enumerate(pool.map(Job.run, jobs), 1):
            output.say(
                f"  [{number:2}/{len(jobs)}] {job.preset:10} {job.name:15} {job.seconds:5.1f} s  {job.describe()}"
            )
            output.keep(job.said)
            if not job.good:
                output.say("\n".join("      " + line for line in job.said.splitlines() if not line.startswith("@s")))


def draw(job, chart, folder):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{job.name}.svg"
    path.write_text(draw_chart(chart), encoding="utf-8")
    return path


def show_board(board, jobs, folder, output):
    preset, title = board
    replays = [job for job in jobs if job.preset == preset and job.name != SCENARIO and job.good]
    if not replays:
        return
    reports = [job.report for job in replays]
    output.say(f"\n{title}: recorded programs in an unprivileged app\n")
    output.say("\n".join(replay_table(reports) + replay_summary(reports)))
    for job in replays:
        draw(job, replay_chart(job.report, title), folder / preset)


def show_scenario(jobs, folder, output):
    output.say("\nAn app takes in records until memory is full, frees them, and only then uses a driver, whose grant")
    output.say("comes out of the same RAM. All numbers are bytes, places are counted from the heap's start.")
    for job in jobs:
        if job.name == SCENARIO and job.good:
            output.say(f"\n{job.board}: {job.report.runs['grow-only'].records['room']['records']} records\n")
            output.say("\n".join(scenario_table(job.report)))
            draw(job, scenario_chart(job.report, job.board), folder / job.preset)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True, help="folder that holds the presets' build folders")
    parser.add_argument("--jobs", type=int, default=2, help="emulators to run at once (default: 2)")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    build = arguments.build.resolve()
    folder = build / "demo"
    names = sorted(path.stem for path in TRACES.glob("*.mtr")) + [SCENARIO]
    jobs = [Job(build, board, name) for board in BOARDS for name in names]
    missing = [str(job.image) for job in jobs if not job.image.is_file()]
    if missing:
        print(f"run_demo.py: {len(missing)} apps are not built, such as {missing[0]}", file=sys.stderr)
        return 2
    output = Output(build / "log" / "demo.log")
    begun = time.monotonic()
    output.say(f"{len(jobs)} apps on two emulated boards")
    run_jobs(jobs, max(arguments.jobs, 1), output)
    for board in BOARDS:
        show_board(board, jobs, folder, output)
    show_scenario(jobs, folder, output)
    good = all(job.good for job in jobs)
    good = real_program.show(build / "host", output) and good
    output.say(f"\nPictures of memory over time: {folder}/<board>/<trace>.svg and {SCENARIO}.svg")
    output.say(f"All output: {output.log.name}")
    output.say(f"{'All went well' if good else 'SOMETHING FAILED'}, {time.monotonic() - begun:.0f} s.")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
