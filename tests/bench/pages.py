# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Puts what was printed into pages of the documentation."""

from toolchain import BenchError


def put_between(page, begin, end, text):
    """Makes `text` what stands in a page between two lines that mark its place."""
    before, found_begin, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        raise BenchError(f"{page} has no lines '{begin}' and '{end}'")
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
