# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The records that an app prints: lines "@kind key=value ...", and "@s" lines of numbers only."""

from dataclasses import dataclass, field

STRATEGIES = ("fixed", "grow-only", "grow-and-return")


@dataclass
class Sample:
    """What happened between the previous sample's last call and this one's; bytes, counted from the heap's start."""

    call: int
    payload_least: int
    payload_most: int
    region_least: int
    region_most: int
    grants: int


@dataclass
class Run:
    """One life of the app under one strategy: its samples, and its other records by kind."""

    strategy: str
    samples: list = field(default_factory=list)
    records: dict = field(default_factory=dict)


@dataclass
class Report:
    """All that one app said."""

    head: dict = field(default_factory=dict)
    runs: dict = field(default_factory=dict)
    searches: list = field(default_factory=list)
    good: bool = False


def number_or_text(text):
    return int(text) if text.isdigit() else text


def parse_fields(words):
    fields = {}
    for word in words:
        key, separator, value = word.partition("=")
        if not separator:
            raise ValueError(f"no key=value: {word!r}")
        fields[key] = number_or_text(value)
    return fields


def take_line(report, line, run):
    """Adds one line to the report and returns the run that lines now belong to."""
    kind, *words = line[1:].split()
    if kind == "s":
        run.samples.append(Sample(*map(int, words)))
    elif kind == "run":
        run = Run(parse_fields(words)["strategy"])
        report.runs[run.strategy] = run
    elif kind in ("trace", "scenario"):
        report.head = parse_fields(words)
    elif kind == "search":
        report.searches.append(parse_fields(words))
    elif kind == "end":
        report.good = parse_fields(words)["good"] == 1
    elif run is not None:
        run.records[kind] = parse_fields(words)
    return run


def parse_report(text):
    """Lines that are no records are somebody else's messages, and passed over."""
    report = Report()
    run = None
    for line in text.splitlines():
        if line.startswith("@"):
            run = take_line(report, line, run)
    return report
