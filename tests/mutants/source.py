# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The text of a C source, what of it may be changed, and one change of it."""

import bisect
import dataclasses
import re

NOT_TO_BE_CHANGED = (
    r"/\*.*?\*/", r"//[^\n]*",
    r'"(?:\\.|[^"\\\n])*"', r"'(?:\\.|[^'\\\n])*'",
    r"^[ \t]*#(?!define\b)(?:\\\n|[^\n])*", r"#define \w+",
    r"\b_Static_assert\s*\([^;]*\)(?=;)",
    r"__attribute__\s*\(\([^;{]*?\)\)\)?",
    # It hides something from the compiler, and changes nothing.
    r"\b(?P<name>\w+) = ebb_opaque\w*\((?P=name)\);",
)
MASKED = re.compile("|".join(NOT_TO_BE_CHANGED), re.DOTALL | re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One change: the text from `start` to `end` of a file becomes `text`."""

    file: str
    line: int
    start: int
    end: int
    text: str
    before: str  # the line, or lines, as they are, without indentation
    after: str   # and as they become

    def __str__(self):
        return f"{self.file}:{self.line}: {self.before}  =>  {self.after}"

    def apply(self, source):
        return source[: self.start] + self.text + source[self.end:]


def masked(source):
    """The source with blanks where no change makes sense: comments, strings, directives, assertions."""
    return MASKED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), source)


class Source:
    """A file, and where its lines begin; `siblings` says what each name of its fields and constants is mistaken for."""

    def __init__(self, name, text, siblings):
        self.name, self.text, self.code, self.siblings = name, text, masked(text), siblings
        self.begins = [0] + [found.end() for found in re.finditer("\n", text)]

    def mutant(self, start, end, text):
        first = bisect.bisect_right(self.begins, start) - 1
        from_here = self.begins[first]
        to_here = self.text.find("\n", end)
        to_here = len(self.text) if to_here < 0 else to_here
        before = self.text[from_here:to_here]
        after = self.text[from_here:start] + text + self.text[end:to_here]
        return Mutant(self.name, first + 1, start, end, text, one_line(before), one_line(after) or "(nothing)")


def one_line(text):
    return " ".join(text.split())


def closing(code, opening):
    """Where the parenthesis that opens at `opening` is closed."""
    depth = 0
    for place in range(opening, len(code)):
        depth += {"(": 1, ")": -1}.get(code[place], 0)
        if depth == 0:
            return place
    return len(code)


def end_of_part(code, place, ends):
    """Where the part of an expression that `place` lies in ends: at one of `ends`, or what closes a parenthesis."""
    depth = 0
    while place < len(code):
        if depth == 0 and (code[place] in ");,}" or code.startswith(ends, place)):
            break
        depth += {"(": 1, ")": -1}.get(code[place], 0)
        place += 1
    return place


def start_of_part(code, place, starts):
    """Where it starts: after one of `starts`, or what opens a parenthesis."""
    depth = 0
    while place > 0:
        if depth == 0 and (code[place - 1] in "(;,{}" or code.endswith(starts, 0, place)):
            break
        depth += {")": 1, "(": -1}.get(code[place - 1], 0)
        place -= 1
    return place + len(code[place:]) - len(code[place:].lstrip())
