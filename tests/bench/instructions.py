# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Instructions of every call, and memory, on an emulated RV32 machine that counts exactly."""

from toolchain import BENCH, TRACES, BenchError, compile_all, compile_file, link, run

QEMU = ["qemu-system-riscv32", "-M", "virt", "-bios", "none", "-nographic", "-monitor", "none", "-serial", "stdio",
        "-icount", "shift=0", "-m", "64"]
TIMEOUT = 900
HARNESS = ["replay.c", "histogram.c"]
BOARD = ["call.S", "start.S", "console.c", "instructions.c"]
LIBRARY = ["-specs=picolibc.specs", "-nostartfiles", "-T", BENCH / "board" / "virt.ld", "-Wl,--wrap=memcpy",
           "-Wl,--wrap=memmove", "-Wl,--wrap=memset"]


def build(subject, target, optimisation, traces, directory):
    """Builds the program that measures a subject, and returns its path."""
    source, subject_flags = subject.harness()
    trace_list = " ".join(f"TRACE({name})" for name in traces)
    flags = ["-O2", "-std=c11", "-Wall", "-Wextra", "-specs=picolibc.specs", "-I", BENCH, "-I", TRACES,
             f"-DEBB_TRACES={trace_list}", f'-DEBB_TRACE_DIRECTORY="{TRACES / "data"}"']
    sources = [*(BENCH / name for name in HARNESS), *(BENCH / "board" / name for name in BOARD),
               TRACES / "trace.c", TRACES / "embedded.c"]
    objects = compile_all(target, flags, sources, directory, "harness_")
    objects.append(compile_file(target, [*flags, *subject_flags], source, directory / "harness_subject.o"))
    objects += subject.objects(target, optimisation, directory)
    return link(target, LIBRARY, objects, directory / "bench.elf")


def parse(output):
    """Turns the program's lines into nested dictionaries."""
    results = {"traces": {}}
    for line in output.splitlines():
        words = line.split()
        if words[0] == "error":
            raise BenchError(line)
        names = {"subject": 0, "trace": 1, "footprint": 1, "memory": 2, "calls": 3, "done": 0}[words[0]]
        figures = dict(zip(words[1 + names::2], map(int, words[2 + names::2])))
        if words[0] == "subject":
            results["subject"] = figures
        elif words[0] == "trace":
            results["traces"][words[1]] = figures
        elif words[0] == "footprint":
            results["traces"][words[1]]["footprint"] = figures["bytes"]
        elif words[0] == "memory":
            results["traces"][words[2]].setdefault(words[1], {})["memory"] = figures
        elif words[0] == "calls":
            results["traces"][words[2]].setdefault(words[1], {})[words[3]] = figures
    return results


def measure(subject, target, optimisation, traces, directory):
    """Builds and runs the measurement of one subject."""
    program = build(subject, target, optimisation, traces, directory)
    cpu = ["-cpu", "rv32,zbb=true"] if "zbb" in target else []
    output = run([*QEMU, *cpu, "-kernel", program], timeout=TIMEOUT, stdin=-3)
    if not output.endswith("done\n"):
        raise BenchError(f"{subject.name}: the measurement broke off:\n{output[-500:]}")
    return parse(output)
