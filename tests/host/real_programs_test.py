# SPDX-License-Identifier: Apache-2.0 OR MIT
"""
Real programs, unmodified, do the same with libebb-malloc.so preloaded as without.

Each case runs twice in a fresh folder of the same name, and everything it says and writes has to be the same, byte for
byte. That the library was in use, by every program and child of a program that the case names, is known from the lines
of figures that only the library writes; so is how much memory went through it.
"""

import glob
import hashlib
import os
import shutil
import sys
import tempfile
import textwrap

from preload import Failure, Runner, main, require

PYTHON = os.path.basename(sys.executable)
MEBIBYTE = 1024 * 1024


class Case:
    """`work(runner, project)` returns what has to be the same, by name."""

    def __init__(self, work, programs, least_peak, prepare=None):
        self.work = work
        self.prepare = prepare  # makes of the project, once, in a folder of its own, what both runs start from
        self.programs = programs  # names of the processes that must have been on the library
        self.least_peak = least_peak  # bytes that at least one of them must have had allocated at once


def content_of(folder, pattern):
    """Digests of the files that match, by path."""
    digests = {}
    for path in sorted(glob.glob(os.path.join(folder, pattern), recursive=True, include_hidden=True)):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                digests[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    require(digests, f"no file {pattern} was written")
    return digests


# ---- Python ----------------------------------------------------------------------------------------------------------

PYTHON_SCRIPT = textwrap.dedent("""
    import hashlib, json, zlib
    digest = hashlib.sha256()
    for step in range(3):
        rows = [{"name": "row %d" % i, "value": i * step, "tags": [str(i % n) for n in range(1, 5)]}
                for i in range(20000)]
        rows = [row for row in rows if row["value"] % 3]          # frees every third, here and there
        text = json.dumps(rows).encode()
        grown = bytearray()
        for start in range(0, len(text), 1000):                   # reallocates all along
            grown += text[start:start + 1000]
        blocks = [bytes([step]) * size for size in range(1, 3000)]
        packed = zlib.compress(bytes(grown) + b"".join(blocks), 6)
        digest.update(packed)
        print(step, len(rows), len(text), len(packed), digest.hexdigest())
        del rows, text, grown, blocks, packed                     # gives back tens of megabytes
    big = [bytearray(size * 100000) for size in range(1, 30)]
    print(sum(map(len, big)))
""")


def run_python(runner, _project):
    """Once as it is, with arenas of its own, and once with every object allocated singly."""
    command = [sys.executable, "-c", PYTHON_SCRIPT]
    return {"output": runner.run(command, PYTHONHASHSEED="0"),
            "output, no arenas": runner.run(command, PYTHONHASHSEED="0", PYTHONMALLOC="malloc")}


PYTHON_THREADS_SCRIPT = textwrap.dedent("""
    import hashlib, queue, threading, zlib
    jobs, results = queue.Queue(), {}
    def work():
        while (job := jobs.get()) is not None:
            data = b"".join(b"%d," % (i * job) for i in range(20000))
            packed = zlib.compress(data, 6)                       # these three let other threads run
            assert zlib.decompress(packed) == data
            results[job] = hashlib.sha256(packed).hexdigest()
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for job in range(1, 61):
        jobs.put(job)
    for _ in threads:
        jobs.put(None)
    for thread in threads:
        thread.join()
    print(*sorted(results.items()), sep="\\n")
""")


def run_python_threads(runner, _project):
    return {"output": runner.run([sys.executable, "-c", PYTHON_THREADS_SCRIPT], PYTHONMALLOC="malloc")}


# ---- SQLite ----------------------------------------------------------------------------------------------------------

SQLITE_SCRIPT = b"""
    PRAGMA cache_size = 5000;
    CREATE TABLE item (id INTEGER PRIMARY KEY, kind INTEGER, name TEXT, payload BLOB);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
        INSERT INTO item SELECT i, i % 97, printf('item %06d', i * 7919 % 40000), zeroblob(i % 200) FROM n;
    CREATE INDEX by_name ON item (name);
    CREATE INDEX by_kind ON item (kind, name);
    SELECT kind, count(*), min(name), max(name), sum(length(payload)) FROM item GROUP BY kind ORDER BY kind;
    SELECT a.name, b.name FROM item a JOIN item b ON b.id = a.id * 3 WHERE a.kind = 5 ORDER BY b.name LIMIT 200;
    DELETE FROM item WHERE id % 3 = 0;
    UPDATE item SET name = name || ' ' || upper(name) WHERE kind < 40;
    SELECT group_concat(name) FROM item WHERE kind = 11;
    VACUUM;
    PRAGMA integrity_check;
    SELECT count(*), sum(length(name)) FROM item;
"""


def run_sqlite(runner, _project):
    output = runner.run(["sqlite3", "-batch", "-bail", "test.db"], SQLITE_SCRIPT)
    return {"output": output, "database": content_of(runner.folder, "test.db")}


# ---- git -------------------------------------------------------------------------------------------------------------

GIT = ["git", "-c", "pack.threads=1", "-c", "gc.auto=0", "-c", "safe.directory=*"]


def commit_sources(git, project, folder):
    """A history for sources that come without one: each source file is a commit of its own."""
    git.run(GIT + ["init", "--quiet", "--initial-branch=main", folder])
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER")
           for part, value in (("NAME", "nobody"), ("EMAIL", "nobody@example.org"), ("DATE", "2000-01-01T00:00:00Z"))}
    for path in sorted(glob.glob(os.path.join(project, "*", "source", "*.c"))):
        shutil.copy(path, os.path.join(git.folder, folder))
        git.run(GIT + ["-C", folder, "add", "."])
        git.run(GIT + ["-C", folder, "commit", "--quiet", "-m", os.path.basename(path)], **who)


def make_origin(folder, project):
    """A clone that stays as it is, whatever happens to the project; of its latest commits, or it takes ever longer."""
    git = Runner(folder)
    if git.start(GIT + ["clone", "--quiet", "--depth=30", f"file://{project}", "origin"]).returncode != 0:
        print("the project has no history that can be cloned here; made one of its sources")
        commit_sources(git, project, "origin")
    return os.path.join(folder, "origin")


def make_clone(runner, origin):
    """Without the library: what is compared is the work on the clone."""
    Runner(runner.folder).run(GIT + ["clone", "--quiet", "--no-hardlinks", origin, "clone"])


def run_git_log(runner, origin):
    make_clone(runner, origin)
    git = GIT + ["-C", "clone", "--no-pager"]
    return {"log": runner.run(git + ["log", "--graph", "--stat", "--patch", "-M", "-C", "--all"]),
            "grep": runner.run(git + ["grep", "-n", "heap"])}


def run_git_gc(runner, origin):
    make_clone(runner, origin)
    git = GIT + ["-C", "clone"]
    output = runner.run(git + ["gc", "--aggressive", "--prune=now", "--quiet"])
    output += runner.run(git + ["fsck", "--full", "--strict", "--no-progress"])
    output += runner.run(git + ["cat-file", "--batch-all-objects", "--batch-check"])
    return {"output": output, "packs": content_of(runner.folder, "clone/.git/objects/**")}


# ---- GCC, Perl, xz ---------------------------------------------------------------------------------------------------

def run_gcc(runner, project):
    core = os.path.join(project, "core")
    sources = sorted(glob.glob(os.path.join(core, "source", "*.c")))
    require(sources, f"no sources in {core}")
    output = b""
    for source in sources:
        output += runner.run([
            "gcc", "-std=c11", "-O2", "-g", "-Wall", "-ffreestanding", f"-I{core}/include", "-DEBB_NUMBER_BITS=32",
            "-DEBB_GRANULE=16", "-c", source, "-o", os.path.basename(source) + ".o"])
    return {"warnings": output, "objects": content_of(runner.folder, "*.o")}


PERL_SCRIPT = textwrap.dedent(r"""
    use strict; use warnings;
    my %lines; my $text = '';
    for my $i (1 .. 60000) {
        my $word = join '', map { chr(97 + ($i * $_ * 7919) % 26) } 1 .. 3 + $i % 9;
        push @{$lines{$word}}, $i;
        $text .= "$word ";
    }
    printf "%d words, %d characters\n", scalar(keys %lines), length $text;
    my @longest = sort { length($b) <=> length($a) || $a cmp $b } keys %lines;
    print "$_: @{$lines{$_}}\n" for @longest[0 .. 99];
    delete $lines{$_} for grep { /[aeiou]{2}/ } keys %lines;
    (my $changed = $text) =~ s/([a-m]+)([n-z]+)/$2$1/g;
    my @parts = split / /, $changed;
    splice @parts, $_ * 3, 2, ('x' x $_) for 1 .. 2000;
    printf "%d left, %d parts, checksum %d\n", scalar(keys %lines), scalar(@parts), unpack '%32C*', join '|', @parts;
""")


def run_perl(runner, _project):
    return {"output": runner.run(["perl", "-e", PERL_SCRIPT], PERL_HASH_SEED="0", PERL_PERTURB_KEYS="0")}


def run_xz(runner, _project):
    data = b"".join(b"%d %x;" % (i, i * i * 7919) for i in range(200000))
    with open(os.path.join(runner.folder, "data"), "wb") as file:
        file.write(data)
    xz = ["xz", "--threads=2"]
    runner.run(xz + ["-1", "--block-size=512KiB", "--keep", "data"])
    os.rename(os.path.join(runner.folder, "data.xz"), os.path.join(runner.folder, "packed.xz"))
    runner.run(xz + ["--decompress", "--keep", "packed.xz"])
    with open(os.path.join(runner.folder, "packed"), "rb") as file:
        require(file.read() == data, "what was unpacked is not what was packed")
    return {"packed": content_of(runner.folder, "packed.xz")}


# ---- The comparison --------------------------------------------------------------------------------------------------

CASES = {
    "python": Case(run_python, [PYTHON], 20 * MEBIBYTE),
    "python_threads": Case(run_python_threads, [PYTHON], 4 * MEBIBYTE),
    "sqlite": Case(run_sqlite, ["sqlite3"], 4 * MEBIBYTE),
    "git_log": Case(run_git_log, ["git"], MEBIBYTE // 4, make_origin),
    "git_gc": Case(run_git_gc, ["git"], MEBIBYTE // 4, make_origin),
    "gcc": Case(run_gcc, ["gcc", "cc1", "as"], MEBIBYTE),
    "perl": Case(run_perl, ["perl"], 10 * MEBIBYTE),
    "xz": Case(run_xz, ["xz"], 10 * MEBIBYTE),
}


def work_in(folder, case, project, library):
    """In a folder that is made for this, because some programs write its name into what they make."""
    os.mkdir(folder)
    runner = Runner(folder, library)
    results = case.work(runner, project)
    processes = runner.processes()
    shutil.rmtree(folder)
    return results, processes


def first_difference(one, other):
    if isinstance(one, dict):
        return ", ".join(name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name))
    lines = zip(one.splitlines() + [b"(end)"], other.splitlines() + [b"(end)"])
    return next((f"{a[:200]!r} became {b[:200]!r}" for a, b in lines if a != b), "")


def check_processes(case, processes):
    names = {process.name for process in processes}
    missing = [name for name in case.programs if name not in names]
    require(not missing, f"the library was not in use in {', '.join(missing)}, only in {sorted(names)}")
    peak = max(process["peak_live"] for process in processes if process.name in case.programs)
    require(peak >= case.least_peak, f"only {peak} bytes went through the library at once")
    failed = sum(process["failed"] for process in processes)
    require(failed == 0, f"{failed} requests failed")


def run_case(case, library, project):
    with tempfile.TemporaryDirectory(prefix="ebb-") as scratch:
        folder = os.path.join(scratch, "work")
        if case.prepare:
            project = case.prepare(scratch, project)
        expected, none = work_in(folder, case, project, None)
        require(not none, "the library was in use in the run without it")
        results, processes = work_in(folder, case, project, library)
    for name, result in expected.items():
        if results[name] != result:
            raise Failure(f"{name} differs: {first_difference(result, results[name])}")
    check_processes(case, processes)
    largest = max(processes, key=lambda process: process["peak_region"])
    return (f"the same with the library, in {len(processes)} processes; the largest, {largest.name}, had "
            f"{largest['peak_live']} bytes allocated at its peak in a region of {largest['peak_region']}, "
            f"grew {largest['grows']} times, shrank {largest['shrinks']} times, and ended with {largest['region']}")


if __name__ == "__main__":
    main(CASES, run_case)
