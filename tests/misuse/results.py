# SPDX-License-Identifier: Apache-2.0 OR MIT

"""What came of a misuse, as misuse.c prints it."""

import math
import subprocess

# From best to worst, as scene.h says.
OUTCOMES = ["reported", "later", "aborted", "harmless", "crashed", "hung", "corrupted"]
BAD = ["crashed", "hung", "corrupted"]


class MisuseError(Exception):
    """Something that whoever runs this has to know; its text says what."""


class Result:
    """How often a misuse ended in which way."""

    def __init__(self, counts):
        self.counts = dict.fromkeys(["random", "trials", *OUTCOMES, "unsafe"], 0) | counts

    def present(self):
        """The counts that are not 0."""
        return {name: count for name, count in self.counts.items() if count}

    @property
    def trials(self):
        """Those that apply."""
        return self.counts["trials"]

    def count(self, *outcomes):
        """How often it ended in one of these."""
        return sum(self.counts[outcome] for outcome in outcomes)

    def text(self):
        """The outcomes that there were, with their share of the trials where there are several."""
        present = [outcome for outcome in OUTCOMES if self.counts[outcome]]
        if len(present) == 1:
            return present[0]
        return ", ".join(f"{outcome} {percent(self.counts[outcome], self.trials)}" for outcome in present) or "–"

    def is_worse_than(self, before):
        """Whether more is bad or unsafe than was, or less is reported; by more than chance, where there is any."""
        if (self.trials == 0) != (before.trials == 0):
            return self.trials == 0
        not_bad = [outcome for outcome in OUTCOMES if outcome not in BAD]
        for good in (["reported"], ["reported", "later"], not_bad):
            if self.exceeds(before, self.trials - self.count(*good), before.trials - before.count(*good)):
                return True
        # More of those reported, if there are more of these.
        return self.count(*BAD) >= before.count(*BAD) and self.exceeds(before, self.count("unsafe"),
                                                                       before.count("unsafe"))

    def exceeds(self, before, count, count_before):
        """Whether a share of the trials is larger than it was: by four standard deviations, where there is chance."""
        if not self.trials:
            return False
        share, was = count / self.trials, count_before / before.trials
        deviation = math.sqrt(was * (1 - was) / self.trials) if before.counts["random"] else 0
        return share > was + 4 * deviation + 1e-9


def percent(count, trials):
    """A share for people to read: never 0 or 100 where it is not."""
    share = 100 * count / trials
    if count in (0, trials):
        return f"{share:.0f} %"
    for digits in range(4):
        shown = f"{share:.{digits}f}"
        if 0 < float(shown) < 100:
            return f"{shown} %"
    return f"{shown} %"


def read_results(command, done):
    """{misuse: Result} of a program's output."""
    results = {}
    for line in done.stdout.splitlines():
        kind, *words = line.split()
        if kind == "error":
            raise MisuseError(f"{' '.join(command)}: {' '.join(words)}")
        results[words[0]] = Result(dict(zip(words[1::2], map(int, words[2::2]))))
    if done.returncode != 0 or not results:
        raise MisuseError(f"{' '.join(command)} ended with {done.returncode}\n{done.stderr[-1000:]}")
    return results


def read_list(program):
    """[(group, [(misuse, what is done)])]"""
    output = subprocess.run([program, "list"], capture_output=True, text=True, check=True).stdout
    groups = []
    for line in output.splitlines():
        kind, rest = line.split(" ", 1)
        if kind == "group":
            groups.append((rest, []))
        else:
            groups[-1][1].append(tuple(rest.split(" ", 1)))
    return groups
