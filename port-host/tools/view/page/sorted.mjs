// SPDX-License-Identifier: Apache-2.0 OR MIT
// Columns of numbers in order.

// The place of the first number that is not below a value; behind the last one if all are.
export function firstAtLeast(sorted, value) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
