# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The mix-ups: an argument, a variable, a field or a constant where another one of its kind belongs."""

import re

from source import end_of_part, masked

CALL = re.compile(r"\b(?!(?:if|while|for|switch|return|sizeof)\b)\w+\(")
FUNCTION = re.compile(r"^[a-zA-Z][^;{}#]*\) \{\n.*?^\}", re.DOTALL | re.MULTILINE)
VARIABLE = re.compile(r"(?<![\w.>])(?!return|else|goto)((?:const )?(?:struct |enum )?[a-z]\w* \*?)(\w+)(?=\s*[=;,)\[])")
FIELD = re.compile(r"(?:->|(?<=\w)\.)(?P<name>\w+)\b")
CONSTANT = re.compile(r"\b(?P<name>EBB_[A-Z_]+)\b")


def arguments(source):
    """Two arguments side by side, exchanged."""
    for function in FUNCTION.finditer(source.code):
        body = source.code.index("{", function.start())
        for found in CALL.finditer(source.code, body, function.end()):
            parts = parts_of(source.code, found.end())
            for one, other in zip(parts, parts[1:]):
                between = source.text[one[1]:other[0]]
                exchanged = source.text[slice(*other)] + between + source.text[slice(*one)]
                yield source.mutant(one[0], other[1], exchanged)


def parts_of(code, start):
    """From where to where each argument goes of a call whose parenthesis is opened right before `start`."""
    parts = []
    while True:
        end = end_of_part(code, start, (",",))
        parts.append((start, end))
        if end >= len(code) or code[end] != ",":
            return parts
        start = end + 1 + len(code[end + 1:]) - len(code[end + 1:].lstrip())


def variables(source):
    """In place of each variable, the next one of the function that has the same type and is known there."""
    for function in FUNCTION.finditer(source.code):
        declared = {}
        for found in VARIABLE.finditer(source.code, *function.span()):
            known_from = re.compile(r"[;{]").search(source.code, found.end()).start()
            declared.setdefault(found[1].replace("const ", ""), {}).setdefault(found[2], (found.start(2), known_from))
        for of_type in declared.values():
            uses = re.compile(r"(?<![\w.>])(" + "|".join(of_type) + r")\b")
            for found in uses.finditer(source.code, *function.span()):
                if found.start() > of_type[found[1]][1]:
                    known = [name for name in of_type if of_type[name][1] < found.start()]
                    for other in neighbours(known).get(found[1], ()):
                        yield source.mutant(found.start(), found.end(), other)


def neighbours(names):
    """To each name another one, the next; none if there is but one."""
    return dict(zip(names, ([name] for name in names[1:] + names[:1]))) if len(names) > 1 else {}


def names(source):
    """In place of each field and of each constant, the next one of the same structure and type, or enumeration."""
    for pattern in (FIELD, CONSTANT):
        for found in pattern.finditer(source.code):
            for other in sorted(source.siblings.get(found["name"], ())):
                yield source.mutant(*found.span("name"), other)


def siblings(texts):
    """To each name of a field or a constant in `texts`, all sources and headers, what else it could be mistaken for."""
    found = {}
    for code in map(masked, texts):
        for structure in re.finditer(r"^struct \w+ \{\n(.*?)^\};", code, re.DOTALL | re.MULTILINE):
            by_type = {}
            for kind, name in re.findall(r"^ +([\w ]+?[ *]+)(\w+)(?:\[\w+\])?;", structure[1], re.MULTILINE):
                by_type.setdefault(kind, []).append(name)
            for of_type in by_type.values():
                add_neighbours(found, of_type)
        for enumeration in re.finditer(r"\benum(?: \w+)? \{([^}]*)\}", code):
            add_neighbours(found, re.findall(r"(\bEBB_[A-Z_]+)\b\s*=(?!=)", enumeration[1]))
    return found


def add_neighbours(found, names_of_one_kind):
    for name, others in neighbours(names_of_one_kind).items():
        found.setdefault(name, set()).update(others)


KINDS = (arguments, variables, names)
