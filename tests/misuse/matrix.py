# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Results as tables for people to read, in Markdown."""

from results import BAD, percent


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


def row(cells):
    """A line of a table."""
    return "| " + " | ".join(cells) + " |"


def of_group(misuses, results):
    """One row for each misuse, one column for each subject."""
    lines = [row(["", *results]), "|---" * (len(results) + 1) + "|"]
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
    lines = [row(["of the misuses that apply", *results]), "|---" * (len(results) + 1) + "|"]
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
    return "Trials of what is random: " + ", ".join(f"{name} {count}" for name, count in counts.items()) + "."


def everything(groups, results):
    """All tables."""
    parts = [sums(results), trials(results)]
    for title, misuses in groups:
        parts += [f"#### {title}", of_group(misuses, results)]
    return "\n\n".join(parts)
