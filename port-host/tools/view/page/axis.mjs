// SPDX-License-Identifier: Apache-2.0 OR MIT
// Where the marks of an axis are, and what they say.
import {grouped} from "./format.mjs";

function ticksOf(low, high, step) {
    const ticks = [];
    for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
        ticks.push(tick);
    }
    return ticks;
}

// Operations: steps of 1, 2 and 5 times powers of ten, at most one mark in `room` of `pixels`.
export function operationTicks(low, high, pixels, room) {
    const least = Math.max(((high - low) * room) / pixels, 1);
    const power = 10 ** Math.floor(Math.log10(least));
    const step = [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= least);
    return ticksOf(low, high, step);
}

const UNITS = [["bytes", 1], ["KiB", 1024], ["MiB", 1024 ** 2], ["GiB", 1024 ** 3]];

// Bytes: steps of powers of two, in the largest unit that they are whole numbers of.
export function byteTicks(low, high, pixels, room) {
    const step = 2 ** Math.max(Math.ceil(Math.log2(((high - low) * room) / pixels)), 0);
    const [unit, size] = UNITS.findLast(([, bytes]) => step >= bytes);
    const ticks = ticksOf(low, high, step).map((bytes) => ({bytes, label: grouped(bytes / size)}));
    return {unit, ticks};
}
