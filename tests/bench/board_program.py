# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Programs that replay traces on an emulated board: how they are built and run."""

import traces
from toolchain import ARM, BENCH, TARGETS, TRACE_READER, TRACES, BenchError, compile_all, compile_file, link, run

TIMEOUT = 1800
HARNESS = ["replay.c", "histogram.c"]
BOARD = ["call.c", "console.c", "each_trace.c"]
WRAPPED = [f"-Wl,--wrap={name}" for name in ("memcpy", "memmove", "memset")]
EMULATORS = {
    # Every instruction is a nanosecond, and counted.
    "riscv": ["qemu-system-riscv32", "-M", "virt", "-bios", "none", "-m", "64", "-icount", "shift=0",
              "-serial", "stdio"],
    # Every instruction is eight nanoseconds; with less, the machine's timers can stall the emulator.
    "arm": ["qemu-system-arm", "-M", "mps2-an385", "-icount", "shift=3", "-chardev", "stdio,id=console",
            "-semihosting-config", "enable=on,target=native,chardev=console", "-serial", "null"],
}


def machine(target):
    """The folder of the machine that runs what is built for a target."""
    return "arm" if TARGETS[target][0] == ARM else "riscv"


def build(main, subject, target, optimisation, chosen, directory):
    """Builds the program `main` for a subject, with the traces that were chosen, and returns its path."""
    source, subject_flags = subject.harness()
    board = BENCH / "board"
    embedded = directory / "traces"
    trace_list = " ".join(f"TRACE({name})" for name in traces.gather(chosen, TRACES / "data", embedded))
    flags = ["-O2", "-std=c11", "-Wall", "-Wextra", "-specs=picolibc.specs", "-I", BENCH, "-I", TRACES,
             "-I", TRACE_READER, f"-DEBB_TRACES={trace_list}",
             f'-DEBB_TRACE_DIRECTORY="{embedded.resolve()}"']
    sources = [*(BENCH / name for name in HARNESS), *(board / name for name in BOARD), board / main,
               *(board / machine(target) / name for name in ("counted_call.S", "start.S", "machine.c")),
               TRACE_READER / "trace.c", TRACES / "embedded.c"]
    objects = compile_all(target, flags, sources, directory, "harness_")
    objects.append(compile_file(target, [*flags, *subject_flags], source, directory / "harness_subject.o"))
    objects += subject.objects(target, optimisation, directory)
    library = ["-specs=picolibc.specs", "-nostartfiles", "-T", board / machine(target) / "machine.ld", *WRAPPED]
    return link(target, library, objects, directory / "bench.elf")


def execute(program, target):
    """Runs a program on its board and returns the lines that it printed, as words."""
    cpu = ["-cpu", "rv32,zbb=true"] if target.endswith("_zbb") else []
    command = [*EMULATORS[machine(target)], *cpu, "-display", "none", "-monitor", "none", "-kernel", program]
    output = run(command, timeout=TIMEOUT)
    lines = [line.split() for line in output.splitlines()]
    for words in lines:
        if words[0] == "error":
            raise BenchError(" ".join(words))
    if not lines or lines[-1] != ["done"]:
        raise BenchError(f"{program}: the measurement broke off:\n{output[-500:]}")
    return lines[:-1]


def fields(words):
    """The pairs of name and number that a line ends with."""
    return dict(zip(words[::2], map(int, words[1::2])))
