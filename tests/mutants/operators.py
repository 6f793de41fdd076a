# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The small changes of how something is said: all of them that a source offers, without a list of places."""

import re

from source import closing, end_of_part, start_of_part

OPERATORS = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
    "&&": ("||",), "||": ("&&",), "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("/",),
    "&": ("|",), "|": ("&",), "<<": (">>",), ">>": ("<<",), "+=": ("-=",), "-=": ("+=",), "|=": ("&=",),
    "&=": ("|=",), "*=": ("/=",), ">>=": ("<<=",), "<<=": (">>=",),
}
EQUAL_AT_THE_LIMIT = ({"<", "<="}, {">", ">="})
# Binary operators stand between spaces, as clang-format puts them; those of pointers, signs and addresses do not.
LONGEST_FIRST = sorted(OPERATORS, key=len, reverse=True)
BINARY = re.compile(r"(?<= )(" + "|".join(re.escape(operator) for operator in LONGEST_FIRST) + r")(?=\s)")
STEP = re.compile(r"\+\+|--")
NOT = re.compile(r"!(?=[\w(])")
NUMBER = re.compile(r"(?<![\w.])(\d+)([uU]?[lL]*)(?![\w.])")
TRUTH = re.compile(r"\b(true|false)\b")
CONDITION = re.compile(r"\b(if|while) \(")
LOOP = re.compile(r"\bfor \([^;]*; ([^;]*);")
CLAUSE = re.compile(r"\s(&&|\|\|)\s")
CHOICE = re.compile(r"\s\?\s")
CAST = re.compile(r"\((?:\w+_t|ebb_number|ebb_key_part)\)(?=[\w(~-])")
RETURN = re.compile(r"\breturn ([^;]+);")
EXIT = re.compile(r"\b(return\b[^;]*|break|continue);")
# Where a part of a condition or of a choice ends, and what is right before one.
ENDS = (" &&", " ||", " ? ", " : ")
STARTS = (" = ", "return ", "&& ", "|| ", "&&\n", "||\n", " ? ", " : ")
PLACE = r"(?:[*+\-]*[A-Za-z_][\w.\[\]]*(?:->[\w.\[\]]+)*|\*?\([^=]*\)\S*)"
CALL_OR_ASSIGNMENT = re.compile(PLACE + r"\s*(?:\(.*\)|[-+*/|&<>]*=(?!=).*)?", re.DOTALL)
DECLARATION = re.compile(r"(?:\w+[\s*]+)+\w+\s*(?:=(?!=)|\[|$)")


def operators(source):
    for found in BINARY.finditer(source.code):
        for other in OPERATORS[found[1]]:
            if {found[1], other} not in EQUAL_AT_THE_LIMIT or not chooses_between_its_sides(source.code, found):
                yield source.mutant(found.start(1), found.end(1), other)
    for found in STEP.finditer(source.code):
        yield source.mutant(found.start(), found.end(), "--" if found[0] == "++" else "++")


def chooses_between_its_sides(code, comparison):
    """Whether it is that of `one < other ? one : other`, which is the same if both are."""
    choice = end_of_part(code, comparison.end(), ENDS)
    if not code.startswith(" ? ", choice):
        return False
    colon = end_of_part(code, choice + 3, ENDS)
    one = code[start_of_part(code, comparison.start() - 1, STARTS): comparison.start()].strip()
    other = code[comparison.end(): choice].strip()
    sides = (code[choice + 3: colon].strip(), code[colon + 3: end_of_part(code, colon + 3, ENDS)].strip())
    return sides in ((one, other), (other, one))


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
    for found in LOOP.finditer(source.code):
        yield source.mutant(found.start(1), found.end(1), "false")


def clauses(source):
    """Each part of a condition, as if it had been forgotten."""
    for found in CLAUSE.finditer(source.code):
        holds_anyway = "true" if found[1] == "&&" else "false"
        end = end_of_part(source.code, found.end(), ENDS)
        yield source.mutant(found.end(), end, holds_anyway)
        start = start_of_part(source.code, found.start(), STARTS)
        if not source.code[:start].rstrip().endswith(("&&", "||")):
            yield source.mutant(start, found.start(), holds_anyway)


def choices(source):
    """Of `condition ? one : other`, the one whatever the condition says, or the other."""
    for found in CHOICE.finditer(source.code):
        colon = end_of_part(source.code, found.end(), (" :", "\n"))
        if not source.code[colon:].lstrip().startswith(": "):
            continue
        one = (found.end(), colon)
        other = (source.code.index(": ", colon) + 2, end_of_part(source.code, source.code.index(": ", colon), (";",)))
        yield source.mutant(*one, source.text[slice(*other)])
        yield source.mutant(*other, source.text[slice(*one)])


def casts(source):
    """Each cast to another number, left out."""
    for found in CAST.finditer(source.code):
        yield source.mutant(found.start(), found.end(), "")


def results(source):
    """What is returned, off by one, or nothing."""
    for found in RETURN.finditer(source.code):
        if found[1] not in ("true", "false", "NULL"):
            yield source.mutant(found.start(1), found.end(1), f"({source.text[found.start(1):found.end(1)]}) + 1")
            yield source.mutant(found.start(1), found.end(1), "0")


def exits(source):
    """Each early return, break or continue, left out, unless that is all that depends on its condition."""
    for found in EXIT.finditer(source.code):
        is_alone = source.code[: found.start()].rstrip().endswith("{")
        is_last = source.code.startswith("\n}", found.end())
        if not is_alone and not is_last:
            yield source.mutant(found.start(), found.end(), "")


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


KINDS = (operators, constants, conditions, clauses, choices, casts, results, exits, statements)
