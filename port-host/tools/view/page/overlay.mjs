// SPDX-License-Identifier: Apache-2.0 OR MIT
// What moves with the pointer, on a canvas above the picture: the operation chosen, the block chosen or pointed at.
import {heightOf, placeOf} from "./layout.mjs";

// All lives of the block that a life is a part of, oldest first.
export function livesOfBlock(history, life) {
    const lives = [];
    for (let next = history.lives.first[life]; next >= 0; next = history.nextOf[next]) {
        lives.push(next);
    }
    return lives;
}

export function drawOverlay(context, layout, viewer, colours) {
    const {view, history, operation, life, pointed} = viewer;
    context.clearRect(0, 0, layout.width, layout.height);
    drawOperation(context, layout, view, operation, colours);
    if (life >= 0) {
        livesOfBlock(history, life).forEach((each) =>
            outline(context, layout.map, view, history, each, colours, each === life ? 2.5 : 1));
    }
    if (pointed >= 0 && pointed !== life) {
        outline(context, layout.map, view, history, pointed, colours, 1.5);
    }
    if (viewer.rectangle) {
        drawRectangle(context, viewer.rectangle, colours.accent);
    }
}

// A line through all parts of the picture, as wide as the operation where that can be seen.
function drawOperation(context, {map, moves, curves, overview}, view, operation, colours) {
    const left = placeOf(view, map, operation);
    const wide = placeOf(view, map, operation + 1) - left;
    context.save();
    context.beginPath();
    context.rect(map.left, 0, map.width, overview.bottom);
    context.clip();
    context.fillStyle = colours.selected;
    context.globalAlpha = wide > 6 ? 0.12 : 0.75;
    [map, moves, curves].forEach((box) => context.fillRect(left, box.top, Math.max(wide, 1), box.height));
    context.globalAlpha = 0.9;
    context.beginPath();
    context.moveTo(left + wide / 2 - 5, map.top - 8);
    context.lineTo(left + wide / 2 + 5, map.top - 8);
    context.lineTo(left + wide / 2, map.top - 1);
    context.fill();
    context.restore();
}

// With a rim, so that it is seen on blocks of any colour.
function outline(context, box, view, history, life, colours, width) {
    const {start, end, low, high} = history.lives;
    const left = placeOf(view, box, start[life]);
    const top = heightOf(view, box, high[life]);
    const right = Math.max(placeOf(view, box, end[life]), left + 2);
    const tall = Math.max(heightOf(view, box, low[life]) - top, 2);
    context.save();
    context.beginPath();
    context.rect(box.left - 1, box.top - 1, box.width + 2, box.height + 2);
    context.clip();
    // Far outside of what is shown, a line would be cut off by the canvas's own limits.
    const from = Math.max(left, box.left - 10);
    const to = Math.min(right, box.right + 10);
    const upper = Math.max(top, box.top - 10);
    const lower = Math.min(top + tall, box.bottom + 10);
    for (const [colour, wide] of [[colours.page, width + 2.5], [colours.selected, width]]) {
        context.strokeStyle = colour;
        context.lineWidth = wide;
        context.strokeRect(from, upper, to - from, lower - upper);
    }
    context.restore();
}

function drawRectangle(context, {left, top, right, bottom}, colour) {
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.setLineDash([4, 3]);
    context.strokeRect(left, top, right - left, bottom - top);
    context.setLineDash([]);
}
