#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""An allocator of one's own: that a C file is measured as the others are, and that what cannot be measured is told."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BENCH = Path(__file__).resolve().parent

# Its only list is of all that is free, the newest first, of which it looks at no other.
SMALL = r"""
#include <string.h>

void *sbrk(ptrdiff_t increment);

static struct block {
    size_t size;
    struct block *next;
} *newest;

void *malloc(size_t size) {
    struct block *block = newest;
    if (block != NULL && block->size >= size) {
        newest = block->next;
        return &block->next;
    }
    block = sbrk((size + 15) / 8 * 8);
    if (block == (void *)-1) {
        return NULL;
    }
    block->size = size;
    return &block->next;
}

void free(void *freed) {
    if (freed != NULL) {
        struct block *block = (struct block *)((size_t *)freed - 1);
        block->next = newest;
        newest = block;
    }
}

void *calloc(size_t count, size_t size) {
    void *block = malloc(count * size);
    return block != NULL ? memset(block, 0, count * size) : NULL;
}

void *realloc(void *block, size_t size) {
    void *other = malloc(size);
    const size_t old = block != NULL ? ((size_t *)block)[-1] : 0;
    return other != NULL ? memcpy(other, block, old < size ? old : size) : NULL;
}

void *memalign(size_t alignment, size_t size) {
    return alignment <= sizeof(size_t) ? malloc(size) : NULL;
}
"""


class OwnMalloc(unittest.TestCase):
    """A small allocator."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def source(self, name, text=SMALL):
        """A file with an allocator in it."""
        path = self.folder / name
        path.write_text(text, encoding="ascii")
        return path

    def bench(self, *words):
        """Runs bench.py; returns its exit status, its output and its complaints."""
        command = [sys.executable, "-B", BENCH / "bench.py", "--build", self.folder / "build", "--jobs", 1, *words]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def rows(self, name, *words):
        """The cells of the rows that a measurement has for an allocator."""
        status, output, complaint = self.bench(*words)
        self.assertEqual(status, 0, complaint)
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in output.splitlines()]
        return [row[1:] for row in rows if row[0] == name]

    def assert_refused(self, reason, *words):
        """A measurement that was not made, for a reason that it names."""
        status, _, complaint = self.bench(*words)
        self.assertEqual(status, 1)
        self.assertIn(reason, complaint)

    def test_instructions(self):
        calls, memory = self.rows("own", "instructions", "--trace", "coap_pdus", "--subject", self.source("own.c"))
        free_mean = float(calls[5])
        self.assertLess(free_mean, 10)
        self.assertGreater(float(memory[0]), 1)

    def test_code_size(self):
        (code_small, code_fast, *_) = self.rows("own", "code-size", "--subject", self.source("own.c"))
        for row in (code_small, code_fast):
            self.assertTrue(all(cell.endswith((" + 4", " + 8")) for cell in row[1:]))

    def test_a_wrong_one(self):
        wrong = self.source("wrong.c", SMALL.replace("return &block->next", "return (char *)&block->next + 1"))
        self.assert_refused("aligned", "instructions", "--trace", "coap_pdus", "--subject", wrong)

    def test_what_is_none(self):
        self.assert_refused("there is no file", "code-size", "--subject", self.folder / "none.c")
        self.assert_refused("another subject has that name", "code-size", "--subject", self.source("newlib.c"))
        self.assert_refused("there is no subject 'nobody'", "code-size", "--subject", "nobody")
        without = self.source("part.c", SMALL.replace("calloc", "alloc"))
        self.assert_refused("no calloc", "code-size", "--subject", without)


if __name__ == "__main__":
    unittest.main()
