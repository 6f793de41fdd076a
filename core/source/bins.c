/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "bins.h"

#define TWICE(class) class, class
#define FOUR_TIMES(class) TWICE(class), TWICE(class)
#define EIGHT_TIMES(class) FOUR_TIMES(class), FOUR_TIMES(class)
#define SIXTEEN_TIMES(class) EIGHT_TIMES(class), EIGHT_TIMES(class)

const uint8_t ebb_class_table[EBB_CLASS_TABLE_SIZE] = {
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7, /* below 8: one class for each size; there is no size 0 */
    FOUR_TIMES(8),
    FOUR_TIMES(9), /* below 16 */
    EIGHT_TIMES(10),
    EIGHT_TIMES(11), /* below 32 */
    SIXTEEN_TIMES(12),
    SIXTEEN_TIMES(13),
};
