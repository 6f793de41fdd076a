# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Changes core in small ways, and looks whether the unit tests fail.

Each change that they do not find survives: it is printed with its place. A change that cannot be found, because core
does the same with it, is to be explained in explained.txt.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import queue
import random
import resource
import shutil
import subprocess
import sys
import time

import mixups
import operators
import source

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORE = ROOT / "core/source"
HEADERS = ROOT / "core/include"
EXPLAINED = pathlib.Path(__file__).with_name("explained.txt")
FAST, SMALL = "-O1", "-Os"


@dataclasses.dataclass(frozen=True)
class Geometry:
    """One way to compile core, and which tests it is run with."""

    bits: int
    granule: int
    level: int = 1
    optimisation: str = FAST
    best_fit: int = 0

    def tests(self):
        """They are compiled as their core is; with best fit, only those say more that are about where blocks lie."""
        return "fit" if self.best_fit else "small" if self.optimisation == SMALL else "fast"


# The first two differ most. What survives both is tried in the others too, but not by the test that takes longest.
GEOMETRIES = (
    Geometry(16, 8),
    Geometry(32, 16),
    Geometry(16, 8, optimisation=SMALL),
    Geometry(16, 8, level=2),
    Geometry(32, 16, level=2),
    Geometry(16, 16),
    Geometry(32, 8),
    Geometry(16, 8, level=0),
    Geometry(16, 8, best_fit=1),
)
THOROUGH = GEOMETRIES[:2]
TESTS = sorted({geometry.tests() for geometry in GEOMETRIES})
KINDS = operators.KINDS + mixups.KINDS
# What the project does not compile with: who exchanges a number and an address is told by the compiler, not by a test.
REFUSED = ("incompatible-pointer-types", "int-conversion", "discarded-qualifiers", "implicit-function-declaration")
FLOOR = 95.0
MEMORY = 2 << 30
ANYTHING = "(anything)"
NOT_VIABLE, SAME_CODE, KILLED, SURVIVED = "does not compile", "same code", "killed", "survived"
EXPLAINED_BEFORE = "explained"


class Failure(Exception):
    """What keeps this script from doing its work."""


@dataclasses.dataclass
class Verdict:
    """What became of a mutant: `by` names the test that found it."""

    mutant: source.Mutant
    outcome: str
    by: str = ""


class Core:
    """A copy of core's sources in a folder of its own, in which a file can be changed, to be compiled in one go."""

    def __init__(self, folder):
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(CORE, folder / "source")
        names = sorted(path.name for path in CORE.glob("*.c"))
        (folder / "core.c").write_text("".join(f'#include "source/{name}"\n' for name in names), encoding="utf-8")

    def write(self, file, text):
        (self.folder / "source" / file).write_text(text, encoding="utf-8")

    def compile(self, geometry):
        """The bytes of the object file, or None if this is no C that the project would have."""
        command = ["gcc", "-std=c11", geometry.optimisation, "-ffreestanding", "-fno-builtin-malloc",
                   "-fno-builtin-calloc", "-fPIC", "-fno-semantic-interposition",
                   f"-DEBB_NUMBER_BITS={geometry.bits}", f"-DEBB_GRANULE={geometry.granule}",
                   f"-DEBB_HARDENING={geometry.level}", f"-DEBB_BEST_FIT={geometry.best_fit}",
                   *(f"-Werror={warning}" for warning in REFUSED), "-Isource",
                   f"-I{HEADERS}", "-c", "core.c", "-o", "core.o"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, check=False)
        return (self.folder / "core.o").read_bytes() if done.returncode == 0 else None

    def link(self):
        subprocess.run(["gcc", "-shared", "core.o", "-o", "libebb-core.so"], cwd=self.folder, check=True)


def limit_memory():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(program, core, timeout):
    """Whether the test passes with this core."""
    environment = {**os.environ, "LD_LIBRARY_PATH": str(core.folder)}
    try:
        return subprocess.run([program], env=environment, timeout=timeout, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, preexec_fn=limit_memory, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def programs_in(folder, tests):
    """The programs of some tests: see Geometry.tests()."""
    programs = [str(path) for path in folder.glob(f"mutants_{tests}_*") if path.is_file()]
    if not programs:
        raise Failure(f"no tests are built in {folder}")
    return programs


class Judge:
    """The tests, what core compiles to as it is, and as many copies of it as there are jobs."""

    def __init__(self, folder, work, jobs, untried):
        self.untried = untried  # explanations that are believed
        self.cores = queue.SimpleQueue()
        for job in range(jobs):
            self.cores.put(Core(work / f"{job}"))
        self.texts = {path.name: path.read_text(encoding="utf-8") for path in CORE.iterdir()}
        self.objects = {}
        self.timeouts = {}
        self.programs = {tests: programs_in(folder, tests) for tests in TESTS}
        self.order_by_speed()

    def order_by_speed(self):
        """The fastest first, as most find most changes. All have to pass with core as it is, in every geometry."""
        took = dict.fromkeys(sum(self.programs.values(), []), 0.0)
        core = self.cores.get()
        for geometry in GEOMETRIES:
            self.objects[geometry] = core.compile(geometry)
            if self.objects[geometry] is None:
                raise Failure("core does not compile")
            core.link()
            for program in self.programs[geometry.tests()]:
                began = time.monotonic()
                if not run(program, core, 600):
                    raise Failure(f"{program} fails with core as it is, geometry {geometry}")
                took[program] = max(took[program], time.monotonic() - began)
        self.cores.put(core)
        # Long enough for a machine that has become ten times slower meanwhile.
        self.timeouts = {program: 2 + 10 * seconds for program, seconds in took.items()}
        for programs in self.programs.values():
            programs.sort(key=took.get)

    def judge(self, mutant):
        if key_of(mutant) in self.untried:
            return Verdict(mutant, EXPLAINED_BEFORE)
        core = self.cores.get()
        try:
            core.write(mutant.file, mutant.apply(self.texts[mutant.file]))
            return self.judge_changed(core, mutant)
        finally:
            core.write(mutant.file, self.texts[mutant.file])
            self.cores.put(core)

    def judge_changed(self, core, mutant):
        differs = False
        for geometry in GEOMETRIES:
            compiled = core.compile(geometry)
            if compiled is None:
                return Verdict(mutant, NOT_VIABLE)
            if compiled == self.objects[geometry]:
                continue
            differs = True
            core.link()
            programs = self.programs[geometry.tests()]
            for program in programs if geometry in THOROUGH else programs[:-1]:
                if not run(program, core, self.timeouts[program]):
                    return Verdict(mutant, KILLED, pathlib.Path(program).name)
        return Verdict(mutant, SURVIVED if differs else SAME_CODE)


# ---- Which mutants ----


def chosen(seed, only):
    """All mutants, in the order in which they are to be tried."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted([*CORE.glob("*.[ch]"), *HEADERS.rglob("*.h")])}
    siblings = mixups.siblings(texts.values())
    mutants = []
    for path, text in texts.items():
        if path.parent == CORE and (not only or path.name in only):
            mutants += mutants_of(source.Source(path.name, text, siblings))
    random.Random(seed).shuffle(mutants)
    return mutants


def mutants_of(file):
    """Every mutant of a file, in the order of the text, none twice."""
    found = {}
    for kind in KINDS:
        for mutant in kind(file):
            found.setdefault((mutant.start, mutant.end, mutant.text), mutant)
    return sorted(found.values(), key=lambda mutant: (mutant.start, mutant.end, mutant.text))


def explanations():
    """The reason for each change that core is the same with: by file and by what a line is and becomes."""
    _, *entries = EXPLAINED.read_text(encoding="utf-8").strip().split("\n\n")
    found = {}
    for entry in entries:
        lines = entry.replace(":\n", ": ", 1).split("\n")
        if len(lines) != 4 or lines[1] != "=>" or not lines[3].startswith("# ") or ": " not in lines[0]:
            raise Failure(f"{EXPLAINED.name}: not an entry of four lines: {entry}")
        found[f"{lines[0]}  =>  {lines[2]}"] = lines[3]
    return found


def stale(explained):
    """Explanations of what is no change of core any more."""
    mutants = chosen(0, [])
    return sorted(explained.keys() - set(map(key_of, mutants)) - set(map(key_of_line, mutants)))


def key_of(mutant):
    return f"{mutant.file}: {mutant.before}  =>  {mutant.after}"


def key_of_line(mutant):
    return f"{mutant.file}: {mutant.before}  =>  {ANYTHING}"


# ---- The run ----


class Tally:
    """What has become of the mutants so far."""

    def __init__(self, wanted, explained):
        self.wanted, self.explained = wanted, explained
        self.counts = dict.fromkeys((NOT_VIABLE, SAME_CODE, KILLED, SURVIVED), 0)
        self.equivalent = 0
        self.survivors = []
        self.refuted = []
        self.began = time.monotonic()

    def viable(self):
        return self.counts[KILLED] + self.counts[SURVIVED]

    def add(self, verdict):
        is_explained = not self.explained.keys().isdisjoint((key_of(verdict.mutant), key_of_line(verdict.mutant)))
        if is_explained and verdict.outcome in (SURVIVED, EXPLAINED_BEFORE):
            self.equivalent += 1
            return
        if is_explained and verdict.outcome == KILLED and key_of(verdict.mutant) in self.explained:
            self.refuted.append(verdict)
        self.counts[verdict.outcome] += 1
        if verdict.outcome == SURVIVED:
            self.survivors.append(verdict.mutant)

    def is_complete(self):
        return self.wanted is not None and self.viable() >= self.wanted

    def percent(self):
        return 100.0 * self.counts[KILLED] / self.viable() if self.viable() else 0.0

    def show_progress(self):
        if sys.stdout.isatty():
            of = "" if self.wanted is None else f" of {self.wanted}"
            print(f"\r{self.viable()}{of} mutants, {len(self.survivors)} survived, "
                  f"{time.monotonic() - self.began:.0f} s\033[K", end="", flush=True)

    def report(self):
        if sys.stdout.isatty():
            print("\r\033[K", end="")
        for survivor in sorted(self.survivors, key=lambda mutant: (mutant.file, mutant.start)):
            print(f"survived: core/source/{survivor}")
        for verdict in self.refuted:
            print(f"explained, but killed by {verdict.by}: core/source/{verdict.mutant}")
        for key in stale(self.explained):
            print(f"explained, but there is no such mutant: {key}")
        print(f"Not counted: {self.counts[NOT_VIABLE]} that do not compile, {self.counts[SAME_CODE]} that compile to "
              f"the same code, {self.equivalent} explained in {EXPLAINED.relative_to(ROOT)}.")
        print(f"{self.viable()} mutants, {self.counts[KILLED]} killed, {len(self.survivors)} survived: "
              f"{self.percent():.1f} % killed; at least {FLOOR:.0f} %{'' if self.is_enough() else ': TOO FEW'}")

    def is_enough(self):
        return self.viable() > 0 and self.percent() >= FLOOR


def judge_all(judge, mutants, tally, jobs, verbose):
    """In their order and no more than wanted, so that a seed always stands for the same mutants, whatever the jobs."""
    ahead = 2 * jobs
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        pending = [pool.submit(judge.judge, mutant) for mutant in mutants[:ahead]]
        for place in range(len(mutants)):
            verdict = pending.pop(0).result()
            tally.add(verdict)
            if verbose:
                print(f"{verdict.outcome}{' by ' + verdict.by if verdict.by else ''}: core/source/{verdict.mutant}",
                      flush=True)
            else:
                tally.show_progress()
            if tally.is_complete():
                pool.shutdown(cancel_futures=True)
                return
            if place + ahead < len(mutants):
                pending.append(pool.submit(judge.judge, mutants[place + ahead]))


def at_least_one(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {text}")
    return number


def arguments_of():
    parser = argparse.ArgumentParser(prog="cmake/run mutants", description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=at_least_one, default=os.cpu_count(), help=argparse.SUPPRESS)
    parser.add_argument("--count", type=at_least_one, default=400, help="mutants to try (default: %(default)s)")
    parser.add_argument("--all", action="store_true", help="try every mutant there is")
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn (default: %(default)s)")
    parser.add_argument("--file", action="append", default=[], help="of this file of core/source only, such as free.c")
    parser.add_argument("--explained", action="store_true", help="try those that are explained, too")
    parser.add_argument("--each", action="store_true", help="print what becomes of each mutant")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.file if not (CORE / name).is_file()]
    if unknown:
        parser.error(f"there is no file core/source/{unknown[0]}")
    return arguments


def main():
    arguments = arguments_of()
    mutants = chosen(arguments.seed, arguments.file)
    explained = explanations()
    tally = Tally(None if arguments.all else arguments.count, explained)
    print(f"Of {len(mutants)} mutants, {'all' if arguments.all else arguments.count} by seed {arguments.seed}, "
          f"{arguments.jobs} at once.", flush=True)
    judge = Judge(arguments.build / "host/tests/mutants", arguments.build / "mutants", arguments.jobs,
                  {} if arguments.explained else explained)
    judge_all(judge, mutants, tally, arguments.jobs, arguments.each)
    tally.report()
    return 0 if tally.is_enough() else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"mutants: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
