/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "scan.h"

#ifdef EBB_DE_BRUIJN
const uint8_t ebb_bit_of_de_bruijn[32] = {0,  1,  28, 2,  29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4,  8,
                                          31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6,  11, 5,  10, 9};
#else
/* ISO C wants a translation unit to hold something. */
_Static_assert(sizeof(uint32_t) == 4, "the builtin scans 32 bits");
#endif
