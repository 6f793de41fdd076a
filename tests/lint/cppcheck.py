# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Runs cppcheck over the sources of a configured build."""

import json
import os
import pathlib
import subprocess
import sys

import compilations

# What the compiler says about the machine, which cppcheck does not know.
PREDEFINED = {
    "host": [],
    "arm": ["-D__arm__=1", "-D__thumb__=1", "-D__ARM_ARCH=7"],
    "riscv32": ["-D__riscv=1", "-D__riscv_xlen=32"],
    "riscv64": ["-D__riscv=1", "-D__riscv_xlen=64"],
}
PLATFORMS = {"host": "unix64", "arm": "unix32", "riscv32": "unix32", "riscv64": "unix64"}


def with_predefined(entry):
    compiler, arguments = entry["command"].split(" ", 1)
    return {**entry, "command": " ".join([compiler, *PREDEFINED[compilations.machine(entry)], arguments])}


def main():
    arguments = compilations.read_arguments(__doc__, cache="a folder for what cppcheck remembers between runs")
    entries = [with_predefined(entry) for entry in compilations.read(arguments.build, arguments.skipped)]
    cache = pathlib.Path(arguments.cache)
    cache.mkdir(parents=True, exist_ok=True)
    project = cache / "project.json"
    project.write_text(json.dumps(entries), encoding="utf-8")
    suppressions = compilations.ROOT / "tests/lint/cppcheck_suppressions.txt"
    command = [
        "cppcheck",
        f"--project={project}",
        f"--cppcheck-build-dir={cache}",
        f"--platform={PLATFORMS[compilations.machine(entries[0])]}",
        f"--suppressions-list={suppressions}",
        f"-j{os.cpu_count()}",
        "--std=c11",
        "--enable=warning,style,performance,portability",
        "--inline-suppr",
        "--error-exitcode=1",
        "--quiet",
    ]
    status = subprocess.run(command, check=False, cwd=compilations.ROOT).returncode
    print(f"cppcheck: {len(entries)} compilations checked, {'findings above' if status else 'nothing found'}.")
    return status


if __name__ == "__main__":
    sys.exit(main())
