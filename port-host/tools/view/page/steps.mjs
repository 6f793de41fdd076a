// SPDX-License-Identifier: Apache-2.0 OR MIT
// A figure after each operation as a line of steps. Where a pixel is more than an operation it shows the least and the
// most within it: a few rectangles a pixel, whatever happened. Rectangles, because to stroke a long path takes
// a browser without a graphics processor many times as long.
import {heightOf, placeOf} from "./layout.mjs";

// The stretches that the line is made of: left, right, and the least and the most in them.
export function stretches(extremes, view, box) {
    const perPixel = (view.to - view.from) / box.width;
    return perPixel > 1 ? byPixel(extremes, view, box, perPixel) : byOperation(extremes, view, box);
}

// Adds a stretch; where nothing changes the one before becomes longer.
function append(found, left, right, {least, most}) {
    const before = found.at(-1);
    if (before && least === most && before.least === least && before.most === most) {
        before.right = right;
    } else {
        found.push({left, right, least, most});
    }
}

function byPixel(extremes, view, box, perPixel) {
    const found = [];
    for (let column = 0; column < box.width; column++) {
        const from = Math.floor(view.from + column * perPixel);
        const to = Math.min(Math.max(Math.floor(view.from + (column + 1) * perPixel), from + 1), extremes.count);
        if (from < to) {
            append(found, box.left + column, box.left + column + 1, extremes.over(from, to));
        }
    }
    return found;
}

function byOperation(extremes, view, box) {
    const found = [];
    for (let operation = Math.floor(view.from); operation < Math.min(view.to, extremes.count); operation++) {
        const left = Math.max(placeOf(view, box, operation), box.left);
        const right = Math.min(placeOf(view, box, operation + 1), box.right);
        append(found, left, right, extremes.over(operation, operation + 1));
    }
    return found;
}

// Calls draw(left, right) for the dashes of a level line. They stay where they are however the stretch is cut.
function dashed(left, right, [dash, gap], draw) {
    const period = dash + gap;
    for (let start = Math.floor(left / period) * period; start < right; start += period) {
        const from = Math.max(left, start);
        const to = Math.min(right, start + dash);
        if (to > from) {
            draw(from, to);
        }
    }
}

const SOLID = [1 << 20, 0];

// Says how many stretches it has.
export function drawSteps(context, parts, scale, box, {colour, width = 1.5, dashes = SOLID}) {
    context.fillStyle = colour;
    let before = null;
    for (const {left, right, least, most} of parts) {
        const top = heightOf(scale, box, most) - width / 2;
        const bottom = heightOf(scale, box, least) + width / 2;
        if (least === most) {
            dashed(left, right, dashes, (from, to) => context.fillRect(from, top, to - from, width));
        } else {
            context.fillRect(left, top, right - left, bottom - top);
        }
        if (before && (before.top > bottom || before.bottom < top)) { // the step between them
            const [from, to] = before.top > bottom ? [bottom - width, before.bottom] : [before.top, top + width];
            context.fillRect(left - width / 2, from, width, to - from);
        }
        before = {top, bottom};
    }
    return parts.length;
}

// From the lower end of the scale to the most; from whole pixel to whole pixel, or else seams would show.
export function fillSteps(context, parts, scale, box, colour) {
    const base = heightOf(scale, box, scale.low);
    context.fillStyle = colour;
    for (const {left, right, most} of parts) {
        const top = heightOf(scale, box, most);
        if (top < base) {
            context.fillRect(Math.round(left), top, Math.round(right) - Math.round(left), base - top);
        }
    }
    return parts.length;
}
