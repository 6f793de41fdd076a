# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The functions that port-tock/source/malloc.c defines."""

FOUR = ["malloc", "free", "calloc", "realloc"]
NEWLIBS = ["_malloc_r", "_free_r", "_calloc_r", "_realloc_r"]
REST = ["reallocarray", "memalign", "aligned_alloc", "posix_memalign", "malloc_usable_size", "malloc_trim",
        "_memalign_r", "_malloc_usable_size_r", "_malloc_trim_r"]
ALL = FOUR + NEWLIBS + REST
