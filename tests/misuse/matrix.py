# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Results as tables for people to read, in Markdown."""

import re

from results import BAD, percent

# Tables are for the small geometry and its peers, and once more for ebb in the wide one.
WIDE = "ebb_32_16"
PEERS = ["glibc", "picolibc", "newlib", "newlib-nano"]


def cell(result):
    """One misuse of one subject. What a program would suffer by is set in bold."""
    if not result.trials:
        return "–"
    bad = result.count(*BAD) == result.trials
    text = f"**{result.text()}**" if bad else result.text()
    # A report does not undo what was written: so of some it is said that the heap could not go on.
    reported = result.count("reported", "later")
    if result.counts["unsafe"]:
        text += f" ({percent(result.counts['unsafe'], reported)} of these unsafe)"
    return text


def heading(subject):
    """What stands above the column of a subject."""
    name = re.fullmatch(r"ebb_\d+_\d+(?:_level(\d))?", subject)
    return f"ebb, level {name[1] or 1}" if name else subject


def in_order(subjects):
    """Levels from 0 on, then the others."""
    return sorted(subjects, key=lambda name: (PEERS.index(name) + 1 if name in PEERS else 0, heading(name)))


def row(cells):
    """A line of a table."""
    return "| " + " | ".join(cells) + " |"


def of_group(misuses, results):
    """One row for each misuse, one column for each subject."""
    lines = [row(["", *map(heading, results)]), "|---" * (len(results) + 1) + "|"]
    for name, text in misuses:
        lines.append(row([f"{text} (`{name}`)", *(cell(of_one[name]) for of_one in results.values())]))
    return "\n".join(lines)


def sums(results):
    """How many misuses end well with each subject."""
    kinds = {
        "always reported by the wrong call, or by the first that meets the damage": lambda r: r.count("reported"),
        "always reported or aborted, at last": lambda r: r.count("reported", "later", "aborted"),
        "never more than harmless": lambda r: r.count("reported", "later", "aborted", "harmless"),
    }
    lines = [row(["of the misuses that apply", *map(heading, results)]), "|---" * (len(results) + 1) + "|"]
    for text, count in kinds.items():
        cells = []
        for of_one in results.values():
            applying = [result for result in of_one.values() if result.trials]
            good = sum(count(result) == result.trials for result in applying)
            cells.append(f"{good} of {len(applying)}")
        lines.append(row([text, *cells]))
    return "\n".join(lines)


def trials(results):
    """How often what is random was tried."""
    counts = {name: max(result.trials for result in of_one.values()) for name, of_one in results.items()}
    return "Trials of what is random: " + "; ".join(f"{heading(name)}: {count}" for name, count in counts.items()) + "."


def tables(groups, results):
    """All tables of some subjects."""
    parts = [sums(results), trials(results)]
    for title, misuses in groups:
        parts += [f"#### {title}", of_group(misuses, results)]
    return parts


def everything(groups, results):
    """All tables of all subjects."""
    wide = {name: results[name] for name in in_order(results) if name.startswith(WIDE)}
    others = {name: results[name] for name in in_order(results) if name not in wide}
    parts = []
    if others:
        parts += ["### Compact geometry, and other allocators", *tables(groups, others)]
    if wide:
        parts += ["### Wide geometry, 64-bit machine", *tables(groups, wide)]
    return "\n\n".join(parts)
