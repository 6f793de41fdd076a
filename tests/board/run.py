#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Runs a board app under QEMU: shows its console and returns its exit code."""

import argparse
import re
import subprocess
import sys
import threading

CORTEX_M = ["qemu-system-arm", "-semihosting-config", "enable=on,target=native", "-M"]
MACHINES = {
    "microbit": CORTEX_M + ["microbit"],
    "mps2-an385": CORTEX_M + ["mps2-an385"],
    "mps2-an386": CORTEX_M + ["mps2-an386"],
    "mps2-an500": CORTEX_M + ["mps2-an500"],
    "mps2-an505": CORTEX_M + ["mps2-an505"],
    "virt32": ["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
    "virt64": ["qemu-system-riscv64", "-M", "virt", "-bios", "none"],
}

# One emulated instruction takes 2 to this power nanoseconds. Counts on Cortex-M come from a timer: see
# board_instructions(). On RISC-V the processor counts by itself.
COUNTING = {machine: "0" if machine.startswith("virt") else "7" for machine in MACHINES}

# Where the kernel looks for a number for the app.
ARGUMENT_ADDRESS = {machine: 0x80f00000 if machine.startswith("virt") else 0x20000000 for machine in MACHINES}

TIMED_OUT = 124
NOT_RUN = 125
APP_FAULT = 120


def parse_arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--machine", required=True, choices=sorted(MACHINES))
    parser.add_argument("--timeout", type=float, default=60, help="seconds until the emulator is ended (default: 60)")
    parser.add_argument("--uncounted", action="store_true", help="faster, but instructions cannot be counted")
    parser.add_argument("--expect-fault", action="store_true",
                        help="succeed if and only if the app faults at the address that it announced last, "
                             "in a line 'touching ADDRESS'")
    parser.add_argument("--expect-exit", type=int, metavar="CODE", help="succeed if and only if it exits with CODE")
    parser.add_argument("--argument", type=int, metavar="NUMBER", help="a number that the app can ask for, 32 bits")
    parser.add_argument("--beside", metavar="FILE@ADDRESS", help="bytes that are loaded as well")
    parser.add_argument("elf", help="app and kernel, one image")
    return parser.parse_args(words)


def emulator_command(arguments):
    counting = [] if arguments.uncounted else ["-icount", "shift=" + COUNTING[arguments.machine]]
    argument = []
    if arguments.argument is not None:
        address = ARGUMENT_ADDRESS[arguments.machine]
        argument = ["-device", f"loader,addr={address:#x},data={arguments.argument},data-len=4"]
    if arguments.beside is not None:
        file, _, address = arguments.beside.rpartition("@")
        argument += ["-device", f"loader,file={file},addr={address},force-raw=on"]
    console = ["-display", "none", "-monitor", "none", "-serial", "stdio"]
    return MACHINES[arguments.machine] + counting + argument + console + ["-kernel", arguments.elf]


def run(command, timeout):
    """Passes the console on as it comes; returns the exit code and all that was said."""
    try:
        emulator = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    except OSError as error:
        print(f"run.py: cannot start {command[0]}: {error.strerror}", file=sys.stderr)
        return NOT_RUN, ""
    said = []
    overdue = threading.Event()

    def end():
        overdue.set()
        emulator.kill()

    timer = threading.Timer(timeout, end)
    timer.start()
    try:
        for line in emulator.stdout:
            text = line.decode("utf-8", "replace")
            said.append(text)
            # As it came: an app may put out more than text.
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        code = emulator.wait()
    finally:
        timer.cancel()
        if emulator.poll() is None:
            emulator.kill()
            emulator.wait()
    if overdue.is_set():
        print(f"run.py: ended after {timeout:g} s", file=sys.stderr)
        return TIMED_OUT, "".join(said)
    # A negative code: the emulator itself was ended by a signal.
    return (NOT_RUN if code < 0 else code), "".join(said)


def judge_fault(code, said):
    """0 if the app ended by the fault that it announced."""
    announced = re.findall(r"^touching (0x[0-9a-f]+)", said, re.MULTILINE)
    reported = re.findall(r"^kernel: fault: .* at (0x[0-9a-f]+), by", said, re.MULTILINE)
    if code == APP_FAULT and announced and reported and int(announced[-1], 16) == int(reported[-1], 16):
        print("run.py: faulted where it should")
        return 0
    print(f"run.py: expected a fault at {announced[-1:] or 'an announced address'}, "
          f"got {reported[-1:] or 'none'}, exit code {code}", file=sys.stderr)
    return 1


def main():
    arguments = parse_arguments()
    code, said = run(emulator_command(arguments), arguments.timeout)
    if arguments.expect_fault:
        return judge_fault(code, said)
    if arguments.expect_exit is not None:
        if code != arguments.expect_exit:
            print(f"run.py: expected exit code {arguments.expect_exit}, got {code}", file=sys.stderr)
        return int(code != arguments.expect_exit)
    return code


if __name__ == "__main__":
    sys.exit(main())
