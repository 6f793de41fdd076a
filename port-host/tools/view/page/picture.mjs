// SPDX-License-Identifier: Apache-2.0 OR MIT
// All that is drawn for a view: map, moves, curves, overview and their axes, on one canvas.
import {byteTicks, operationTicks} from "./axis.mjs";
import {Extremes} from "./extremes.mjs";
import {grouped} from "./format.mjs";
import {heightOf, placeOf} from "./layout.mjs";
import {HeapMap} from "./map.mjs";
import {Marks} from "./marks.mjs";
import {drawSteps, fillSteps, stretches} from "./steps.mjs";

// What a curve looks like, in the order of drawing.
export const CURVES = [
    {name: "region", colour: "region", width: 1.8},
    {name: "top", colour: "top", width: 1.3, dashes: [6, 3]},
    {name: "largest_free", colour: "largest", width: 1.3, dashes: [2, 2]},
    {name: "payload", colour: "payload", width: 1.2},
];

const FONT = '12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';

export class Picture {
    constructor(history, whole) {
        this.history = history;
        this.whole = whole;
        this.map = new HeapMap(history, whole);
        this.marks = new Marks(history);
        this.extremes = {};
        for (const {name} of CURVES) {
            this.extremes[name] = new Extremes(history.series[name], history.operations);
        }
        this.ends = new Extremes(history.series.top.map((top) => top - history.header), history.operations);
    }

    // Says how much there was to do: {lives, cells, images, stretches, marks}. `exact`: however much that is.
    draw(context, layout, view, colours, exact) {
        context.font = FONT;
        context.fillStyle = colours.page;
        context.fillRect(0, 0, layout.width, layout.height);
        const work = {...this.drawMap(context, layout.map, view, colours, exact), stretches: 0};
        work.marks = this.drawMarks(context, layout.moves, view, colours);
        work.stretches += this.drawCurves(context, layout.curves, view, colours);
        work.stretches += this.drawOverview(context, layout.overview, view, colours);
        this.drawOperations(context, layout, view, colours);
        return work;
    }

    clipped(context, box, draw) {
        context.save();
        context.beginPath();
        context.rect(box.left, box.top, box.width, box.height);
        context.clip();
        const result = draw();
        context.restore();
        return result;
    }

    drawMap(context, box, view, colours, exact) {
        this.drawByteAxis(context, box, view, colours, "address");
        const work = this.clipped(context, box, () => this.drawRegion(context, box, view, colours, exact));
        this.drawFrame(context, box, colours);
        return work;
    }

    // What is not in use, then the blocks, then the end of the region.
    drawRegion(context, box, view, colours, exact) {
        const scale = {low: view.low, high: view.high};
        const region = stretches(this.extremes.region, view, box);
        const top = stretches(this.ends, view, box);
        fillSteps(context, region, scale, box, colours.idle);
        fillSteps(context, top, scale, box, colours.hole);
        const floor = heightOf(view, box, this.history.floor);
        context.fillStyle = colours.control;
        context.fillRect(box.left, floor, box.width, Math.max(box.bottom - floor, 0));
        const work = this.map.draw(context, box, view, colours.page, exact);
        drawSteps(context, region, scale, box, {colour: colours.region, width: 1.8});
        return work;
    }

    drawMarks(context, box, view, colours) {
        this.drawLabel(context, box.left - 8, box.top + box.height / 2 - 6, "grows", "right", colours.region);
        this.drawLabel(context, box.left - 8, box.top + box.height / 2 + 8, "returns", "right", colours.top);
        return this.clipped(context, box, () => this.marks.draw(context, box, view, colours));
    }

    drawCurves(context, box, view, colours) {
        const scale = {from: view.from, to: view.to, low: 0, high: this.whole.high};
        context.fillStyle = colours.outside;
        context.fillRect(box.left, box.top, box.width, box.height);
        this.drawByteAxis(context, box, scale, colours, "bytes");
        const drawn = this.clipped(context, box, () => {
            const payload = stretches(this.extremes.payload, view, box);
            let count = fillSteps(context, payload, scale, box, colours["payload-at-times"]);
            for (const {name, colour, ...style} of CURVES) {
                const parts = name === "payload" ? payload : stretches(this.extremes[name], view, box);
                count += drawSteps(context, parts, scale, box, {colour: colours[colour], ...style});
            }
            return count;
        });
        this.drawFrame(context, box, colours);
        return drawn;
    }

    // The whole time, however far the rest is zoomed in, and which part of it that shows.
    drawOverview(context, box, view, colours) {
        const {whole} = this;
        context.fillStyle = colours.outside;
        context.fillRect(box.left, box.top, box.width, box.height);
        let drawn = 0;
        for (const [name, colour] of [["region", "hole"], ["payload", "payload"]]) {
            drawn += fillSteps(context, stretches(this.extremes[name], whole, box), whole, box, colours[colour]);
        }
        const left = placeOf(whole, box, view.from);
        const right = Math.max(placeOf(whole, box, view.to), left + 2);
        context.save();
        context.fillStyle = colours.page;
        context.globalAlpha = 0.6;
        context.fillRect(box.left, box.top, left - box.left, box.height);
        context.fillRect(right, box.top, box.right - right, box.height);
        context.restore();
        context.strokeStyle = colours.accent;
        context.lineWidth = 2;
        context.strokeRect(left, box.top, right - left, box.height);
        return drawn;
    }

    drawByteAxis(context, box, view, colours, what) {
        const {unit, ticks} = byteTicks(view.low, view.high, box.height, 34);
        if (what === "address") {
            context.fillStyle = colours.outside;
            context.fillRect(box.left, box.top, box.width, box.height);
        }
        for (const {bytes, label} of ticks) {
            const height = Math.round(heightOf(view, box, bytes)) + 0.5;
            context.fillStyle = colours.grid;
            context.fillRect(box.left, height - 0.5, box.width, 1);
            this.drawLabel(context, box.left - 8, height, label, "right", colours.quiet);
        }
        const title = what === "address" ? `address, ${unit} from the heap's start` : `sizes, ${unit}`;
        this.drawUpright(context, 14, box.top + box.height / 2, title, colours.quiet);
    }

    drawOperations(context, layout, view, colours) {
        const box = layout.curves;
        for (const tick of operationTicks(view.from, view.to, box.width, 84)) {
            const place = placeOf(view, box, tick + 0.5);
            const label = grouped(tick + this.history.firstIndex);
            context.fillStyle = colours.frame;
            context.fillRect(place - 0.5, box.bottom, 1, 5);
            if (place > box.left - 1 && place < box.right - 10) {
                this.drawLabel(context, place, box.bottom + 14, label, "center", colours.quiet);
            }
        }
        this.drawLabel(context, (box.left + box.right) / 2, box.bottom + 30, "operations", "center", colours.quiet);
    }

    drawFrame(context, box, colours) {
        context.strokeStyle = colours.frame;
        context.lineWidth = 1;
        context.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
    }

    drawLabel(context, x, y, text, align, colour) {
        context.textAlign = align;
        context.textBaseline = "middle";
        context.fillStyle = colour;
        context.fillText(text, x, y);
    }

    drawUpright(context, x, y, text, colour) {
        context.save();
        context.translate(x, y);
        context.rotate(-Math.PI / 2);
        this.drawLabel(context, 0, 0, text, "center", colour);
        context.restore();
    }
}
