// SPDX-License-Identifier: Apache-2.0 OR MIT
// Which part of the canvas is what, in CSS pixels.

const LEFT = 84;
const RIGHT = 14;
const TOP = 22;
const MOVES = 30;
const AXIS = 40;
const OVERVIEW = 44;
const GAP = 10;

export function layOut(width, height) {
    const left = LEFT;
    const right = Math.max(width - RIGHT, left + 40);
    const rest = height - TOP - MOVES - AXIS - OVERVIEW - 3 * GAP - 14;
    const curves = Math.max(Math.round(rest * 0.3), 70);
    const box = (top, tall) => ({left, right, top, bottom: top + tall, width: right - left, height: tall});
    const map = box(TOP, Math.max(rest - curves, 90));
    const moves = box(map.bottom + GAP, MOVES);
    const curve = box(moves.bottom + GAP, curves);
    const overview = box(curve.bottom + AXIS, OVERVIEW);
    return {width, height, map, moves, curves: curve, overview};
}

// Operations to places, and back, in a box.
export function placeOf(view, box, operation) {
    return box.left + ((operation - view.from) / (view.to - view.from)) * box.width;
}

export function operationAt(view, box, place) {
    return view.from + ((place - box.left) / box.width) * (view.to - view.from);
}

// Addresses, or bytes of a curve, to places, and back.
export function heightOf(view, box, bytes) {
    return box.bottom - ((bytes - view.low) / (view.high - view.low)) * box.height;
}

export function bytesAt(view, box, place) {
    return view.low + ((box.bottom - place) / box.height) * (view.high - view.low);
}

export function contains(box, x, y) {
    return x >= box.left && x < box.right && y >= box.top && y < box.bottom;
}
