// SPDX-License-Identifier: Apache-2.0 OR MIT
// The map: which addresses were in use when. Work for a frame is bounded by what the picture can show, not by how much
// happened: few blocks are drawn one by one; more are summed up cell by cell; and where that would be too many as well,
// a picture of the whole history is stretched, made once in several widths.
import {cover} from "./coverage.mjs";
import {heightOf, placeOf} from "./layout.mjs";
import {textOf} from "./palette.mjs";

const MOST_DRAWN = 3000;
const MOST_COVERED = 40000;
const MOST_VISITED = 400000; // to see which of them are among the addresses shown takes a hundredth of drawing them
const WHOLE_COLUMNS = 8192;
const WHOLE_ROWS = 512;
const LEAST_TO_SEPARATE = 4; // pixels that a block must have both ways for an edge around it

function canvasOf(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    return canvas;
}

function canvasOfGrid(grid) {
    const canvas = canvasOf(grid.columns, grid.rows);
    const image = new ImageData(grid.asPixels(), grid.columns, grid.rows);
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
}

function halved(canvas) {
    const half = canvasOf(Math.ceil(canvas.width / 2), canvas.height);
    half.getContext("2d").drawImage(canvas, 0, 0, half.width, half.height);
    return half;
}

export class HeapMap {
    constructor(history, whole) {
        this.history = history;
        this.whole = whole; // the view that shows everything
        this.colours = null;
        this.pictures = [];
    }

    setColours(lives) {
        this.colours = lives;
        this.pictures = [];
    }

    // Of the whole history, each half as wide as the one before; made when one is first needed.
    wholePictures() {
        if (this.pictures.length === 0) {
            const columns = Math.min(this.history.operations, WHOLE_COLUMNS);
            this.pictures.push(canvasOfGrid(cover(this.history, this.whole, columns, WHOLE_ROWS, this.colours)));
            while (this.pictures.at(-1).width > 512) {
                this.pictures.push(halved(this.pictures.at(-1)));
            }
        }
        return this.pictures;
    }

    // How many lives meet the times of the view.
    livesDuring(view) {
        const {history} = this;
        const begin = history.begunBefore(view.from);
        let there = 0;
        history.visitLives(view.from, view.from + 1e-9, () => there++);
        return history.begunBefore(view.to) - begin + there;
    }

    // Those of them that are among its addresses too.
    livesIn(view) {
        const {low, high} = this.history.lives;
        let lives = 0;
        this.history.visitLives(view.from, view.to, (life) => {
            lives += low[life] < view.high && high[life] > view.low ? 1 : 0;
        });
        return lives;
    }

    // Says what it did: {lives, cells, images}. `exact` sums up cell by cell, however many blocks that takes.
    draw(context, box, view, page, exact) {
        const lives = exact || this.livesDuring(view) <= MOST_VISITED ? this.livesIn(view) : Infinity;
        if (lives <= MOST_DRAWN) {
            return this.drawEach(context, box, view, page);
        }
        const covers = exact || lives <= MOST_COVERED;
        return covers ? this.drawCovered(context, box, view) : this.drawWhole(context, box, view);
    }

    drawEach(context, box, view, page) {
        const groups = new Map();
        let lives = 0;
        this.history.visitLives(view.from, view.to, (life) => {
            const rectangle = this.rectangleOf(box, view, life);
            if (rectangle[3] > 0) {
                const colour = this.colours[life];
                groups.set(colour, groups.get(colour) ?? []);
                groups.get(colour).push(rectangle);
                lives++;
            }
        });
        groups.forEach((rectangles, colour) => this.fill(context, rectangles, textOf(colour)));
        this.separate(context, [...groups.values()].flat(), page);
        return {lives, cells: 0, images: 0};
    }

    // Left, top, width and height of a life in the picture, cut at the box.
    rectangleOf(box, view, life) {
        const {start, end, low, high} = this.history.lives;
        const left = Math.max(placeOf(view, box, start[life]), box.left);
        const right = Math.min(placeOf(view, box, end[life]), box.right);
        const top = Math.max(heightOf(view, box, high[life]), box.top);
        const bottom = Math.min(heightOf(view, box, low[life]), box.bottom);
        return [left, top, right - left, bottom - top];
    }

    fill(context, rectangles, colour) {
        context.fillStyle = colour;
        context.beginPath();
        rectangles.forEach((rectangle) => context.rect(...rectangle));
        context.fill();
    }

    separate(context, rectangles, page) {
        context.strokeStyle = page;
        context.lineWidth = 1;
        context.beginPath();
        for (const [left, top, width, height] of rectangles) {
            if (width >= LEAST_TO_SEPARATE && height >= LEAST_TO_SEPARATE) {
                context.rect(left, top, width, height);
            }
        }
        context.stroke();
    }

    drawCovered(context, box, view) {
        const columns = Math.max(Math.round(box.width), 1);
        const rows = Math.max(Math.round(box.height), 1);
        const grid = cover(this.history, view, columns, rows, this.colours);
        context.drawImage(canvasOfGrid(grid), box.left, box.top, box.width, box.height);
        return {lives: grid.blocks, cells: columns * rows, images: 1};
    }

    drawWhole(context, box, view) {
        const pictures = this.wholePictures();
        const part = (view.to - view.from) / this.history.operations;
        const fine = pictures.findLastIndex((picture) => picture.width * part >= box.width);
        const picture = pictures[Math.max(fine, 0)];
        const across = picture.width / this.history.operations;
        const up = picture.height / (this.whole.high - this.whole.low);
        context.drawImage(
            picture, view.from * across, (this.whole.high - view.high) * up, (view.to - view.from) * across,
            (view.high - view.low) * up, box.left, box.top, box.width, box.height,
        );
        return {lives: 0, cells: 0, images: 1};
    }
}
