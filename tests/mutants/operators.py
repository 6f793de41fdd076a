# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The small changes: all of them that a C source offers, found in its text, without a list of places."""

import bisect
import dataclasses
import re

OPERATORS = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
    "&&": ("||",), "||": ("&&",), "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("/",),
    "&": ("|",), "|": ("&",), "<<": (">>",), ">>": ("<<",), "+=": ("-=",), "-=": ("+=",), "|=": ("&=",),
    "&=": ("|=",), "*=": ("/=",), ">>=": ("<<=",), "<<=": (">>=",),
}
# Binary operators stand between spaces, as clang-format puts them; those of pointers, signs and addresses do not.
LONGEST_FIRST = sorted(OPERATORS, key=len, reverse=True)
BINARY = re.compile(r"(?<= )(" + "|".join(re.escape(operator) for operator in LONGEST_FIRST) + r")(?= )")
STEP = re.compile(r"\+\+|--")
NOT = re.compile(r"!(?=[\w(])")
NUMBER = re.compile(r"(?<![\w.])(\d+)([uU]?[lL]*)(?![\w.])")
TRUTH = re.compile(r"\b(true|false)\b")
CONDITION = re.compile(r"\b(if|while) \(")
RETURN = re.compile(r"\breturn ([^;]+);")
PLACE = r"(?:[*+\-]*[A-Za-z_][\w.\[\]]*(?:->[\w.\[\]]+)*|\*?\([^=]*\)\S*)"
CALL_OR_ASSIGNMENT = re.compile(PLACE + r"\s*(?:\(.*\)|[-+*/|&<>]*=(?!=).*)?", re.DOTALL)
DECLARATION = re.compile(r"(?:\w+[\s*]+)+\w+\s*(?:=(?!=)|\[|$)")
NOT_TO_BE_CHANGED = (
    r"/\*.*?\*/", r"//[^\n]*",
    r'"(?:\\.|[^"\\\n])*"', r"'(?:\\.|[^'\\\n])*'",
    r"^[ \t]*#(?!define\b)(?:\\\n|[^\n])*", r"#define \w+",
    r"\b_Static_assert\s*\([^;]*\)(?=;)",
    r"__attribute__\s*\(\([^;{]*?\)\)\)?",
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
    """A file, and where its lines begin."""

    def __init__(self, name, text):
        self.name, self.text, self.code = name, text, masked(text)
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


def operators(source):
    for found in BINARY.finditer(source.code):
        for other in OPERATORS[found[1]]:
            yield source.mutant(found.start(1), found.end(1), other)
    for found in STEP.finditer(source.code):
        yield source.mutant(found.start(), found.end(), "--" if found[0] == "++" else "++")


def constants(source):
    for found in NUMBER.finditer(source.code):
        number = int(found[1], 8 if found[1].startswith("0") and found[1] != "0" else 10)
        for other in (number + 1, number - 1):
            if other >= 0:
                yield source.mutant(found.start(), found.end(), f"{other}{found[2]}")
    for found in TRUTH.finditer(source.code):
        yield source.mutant(found.start(), found.end(), "false" if found[0] == "true" else "true")


def conditions(source):
    for found in NOT.finditer(source.code):
        yield source.mutant(found.start(), found.end(), "")
    for found in CONDITION.finditer(source.code):
        end = closing(source.code, found.end() - 1)
        for always in ("true", "false") if found[1] == "if" else ("false",):
            yield source.mutant(found.end(), end, always)


def results(source):
    """What is returned, off by one."""
    for found in RETURN.finditer(source.code):
        if found[1] not in ("true", "false", "NULL"):
            yield source.mutant(found.start(1), found.end(1), f"({source.text[found.start(1):found.end(1)]}) + 1")


def statements(source):
    """Each call and each assignment, left out."""
    begin, parentheses, braces = 0, 0, 0
    for place, character in enumerate(source.code):
        if character in "()":
            parentheses += 1 if character == "(" else -1
        elif character in "{}":
            braces += 1 if character == "{" else -1
            begin = place + 1
        elif character == ";" and parentheses == 0:
            text = source.code[begin:place].strip()
            start = begin + len(source.code[begin:place]) - len(source.code[begin:place].lstrip())
            begin = place + 1
            if braces > 0 and is_statement(text):
                yield source.mutant(start, place + 1, "")


def is_statement(text):
    if not text or DECLARATION.match(text) or re.match(r"(return|break|continue|goto|typedef)\b", text):
        return False
    return CALL_OR_ASSIGNMENT.fullmatch(text) is not None and re.search(r"[(=]|\+\+|--", text) is not None


def all_mutants(name, text):
    """Every mutant of a file, in the order of the text, none twice."""
    source = Source(name, text)
    found = {}
    for kind in (operators, constants, conditions, results, statements):
        for mutant in kind(source):
            found.setdefault((mutant.start, mutant.end, mutant.text), mutant)
    return sorted(found.values(), key=lambda mutant: (mutant.start, mutant.end, mutant.text))
