// SPDX-License-Identifier: Apache-2.0 OR MIT
// The strip between map and curves: each move of the end as a bar, up if the region grew and down if it gave back, and
// each request that failed as a cross. Of several in one pixel the largest is drawn.
import {placeOf} from "./layout.mjs";
import {firstAtLeast} from "./sorted.mjs";

export class Marks {
    constructor(history) {
        this.moves = history.moves;
        this.failures = history.failures;
        this.largest = 1;
        for (let move = 0; move < this.moves.count; move++) {
            this.largest = Math.max(this.largest, Math.abs(this.moves.new[move] - this.moves.old[move]));
        }
    }

    // The largest growth and return for each pixel that has any.
    byPixel(view, box) {
        const pixels = new Map();
        const first = firstAtLeast(this.moves.index, view.from - 1);
        for (let move = first; move < this.moves.count && this.moves.index[move] < view.to; move++) {
            const place = Math.round(placeOf(view, box, this.moves.index[move] + 0.5));
            const change = this.moves.new[move] - this.moves.old[move];
            const pixel = pixels.get(place) ?? {grown: 0, given: 0};
            pixel.grown = Math.max(pixel.grown, change);
            pixel.given = Math.max(pixel.given, -change);
            pixels.set(place, pixel);
        }
        return pixels;
    }

    draw(context, box, view, colours) {
        const middle = box.top + box.height / 2;
        const pixels = this.byPixel(view, box);
        const thick = pixels.size > box.width / 8 ? 1 : 3;
        const tall = (bytes) => (bytes > 0 ? 2 + Math.sqrt(bytes / this.largest) * (box.height / 2 - 2) : 0);
        context.fillStyle = colours.frame;
        context.fillRect(box.left, middle - 0.5, box.width, 1);
        pixels.forEach(({grown, given}, place) => {
            context.fillStyle = colours.region;
            context.fillRect(place - thick / 2, middle - tall(grown), thick, tall(grown));
            context.fillStyle = colours.top;
            context.fillRect(place - thick / 2, middle, thick, tall(given));
        });
        return pixels.size + this.drawFailures(context, box, view, colours);
    }

    drawFailures(context, box, view, colours) {
        const places = new Set();
        const first = firstAtLeast(this.failures.index, view.from);
        for (let failure = first; failure < this.failures.count && this.failures.index[failure] < view.to; failure++) {
            places.add(Math.round(placeOf(view, box, this.failures.index[failure] + 0.5)));
        }
        context.strokeStyle = colours.bad;
        context.lineWidth = 2;
        context.beginPath();
        for (const place of places) {
            context.moveTo(place - 3, box.top + 1);
            context.lineTo(place + 3, box.top + 7);
            context.moveTo(place + 3, box.top + 1);
            context.lineTo(place - 3, box.top + 7);
        }
        context.stroke();
        return places.size;
    }
}
