// SPDX-License-Identifier: Apache-2.0 OR MIT
// How much of each cell of a grid of times and addresses blocks cover, and in which colour. A block that is smaller
// than a cell counts as much as it covers: nothing is missed, and nothing looks larger than it is.

const CHANNELS = 4; // coverage, and red, green, blue weighted with it

// A grid holds, for each channel of each cell, the difference to the cell before, so that a block costs the same
// however long it lives. Two cells more in each row take what is added right of the last one.
export class Coverage {
    constructor(columns, rows) {
        this.columns = columns;
        this.rows = rows;
        this.stride = (columns + 2) * CHANNELS;
        this.differences = new Float32Array(rows * this.stride);
        this.blocks = 0;
    }

    // Adds a rectangle in cells, row 0 on top.
    add(left, right, top, bottom, colour) {
        for (let row = Math.floor(top); row < bottom; row++) {
            const part = Math.min(bottom, row + 1) - Math.max(top, row);
            this.addSpan(row * this.stride, left, right, part, colour);
        }
        this.blocks++;
    }

    addSpan(offset, left, right, part, colour) {
        const first = Math.floor(left);
        const last = Math.floor(right);
        const from = offset + first * CHANNELS;
        const to = offset + last * CHANNELS;
        this.addCell(from, (first + 1 - left) * part, colour);
        this.addCell(from + CHANNELS, (left - first) * part, colour);
        this.addCell(to, (right - last - 1) * part, colour);
        this.addCell(to + CHANNELS, (last - right) * part, colour);
    }

    addCell(place, weight, colour) {
        const {differences} = this;
        differences[place] += weight;
        differences[place + 1] += weight * (colour >> 16);
        differences[place + 2] += weight * ((colour >> 8) & 0xff);
        differences[place + 3] += weight * (colour & 0xff);
    }

    // Red, green, blue and opacity of each cell, for an ImageData.
    asPixels() {
        const pixels = new Uint8ClampedArray(4 * this.columns * this.rows);
        for (let row = 0; row < this.rows; row++) {
            this.sumRow(row * this.stride, pixels, 4 * this.columns * row);
        }
        return pixels;
    }

    sumRow(source, pixels, target) {
        const {differences} = this;
        let [covered, red, green, blue] = [0, 0, 0, 0];
        for (const end = target + 4 * this.columns; target < end; target += 4, source += CHANNELS) {
            covered += differences[source];
            red += differences[source + 1];
            green += differences[source + 2];
            blue += differences[source + 3];
            if (covered > 1 / 510) { // less is what rounding left
                const scale = 1 / covered;
                pixels[target] = red * scale;
                pixels[target + 1] = green * scale;
                pixels[target + 2] = blue * scale;
                pixels[target + 3] = 255 * covered;
            }
        }
    }
}

// The coverage of a view, with from, to (operations) and low, high (bytes). `colours` has 0xrrggbb for each life.
export function cover(history, view, columns, rows, colours) {
    const grid = new Coverage(columns, rows);
    const {start, end, low, high} = history.lives;
    const across = columns / (view.to - view.from);
    const up = rows / (view.high - view.low);
    history.visitLives(view.from, view.to, (life) => {
        const top = Math.max((view.high - high[life]) * up, 0);
        const bottom = Math.min((view.high - low[life]) * up, rows);
        if (bottom > top) {
            const left = Math.max((start[life] - view.from) * across, 0);
            const right = Math.min((end[life] - view.from) * across, columns);
            grid.add(left, right, top, bottom, colours[life]);
        }
    });
    return grid;
}
