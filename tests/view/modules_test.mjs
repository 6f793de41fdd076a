// SPDX-License-Identifier: Apache-2.0 OR MIT
// The parts of the page that need no browser, each against a plain way to say the same.
import assert from "node:assert/strict";
import {test} from "node:test";

import {byteTicks, operationTicks} from "../../port-host/tools/view/page/axis.mjs";
import {unpack} from "../../port-host/tools/view/page/columns.mjs";
import {cover} from "../../port-host/tools/view/page/coverage.mjs";
import {Extremes} from "../../port-host/tools/view/page/extremes.mjs";
import {bytes, roughBytes} from "../../port-host/tools/view/page/format.mjs";
import {History} from "../../port-host/tools/view/page/history.mjs";
import {Marks} from "../../port-host/tools/view/page/marks.mjs";
import {drawSteps, stretches} from "../../port-host/tools/view/page/steps.mjs";
import {Viewport} from "../../port-host/tools/view/page/viewport.mjs";

// The same numbers every time: a linear congruential generator.
function chance(seed) {
    let state = seed;
    return (below) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
    };
}

// A history of rectangles that do not overlap: rows of addresses, cut at random times.
function someHistory(seed) {
    const random = chance(seed);
    const rectangles = [];
    for (let low = 0; low < 640; low += 16) {
        for (let time = random(40); time < 1000;) {
            const end = Math.min(time + 1 + random(random(2) === 0 ? 3 : 300), 1000);
            rectangles.push({start: time, end, low, high: low + 8 + 8 * random(2)});
            time = end + random(20);
        }
    }
    rectangles.sort((one, other) => one.start - other.start);
    const history = new History();
    const column = (name) => Float64Array.from(rectangles, (each) => each[name]);
    history.operations = 1000;
    history.lives = {count: rectangles.length, ...Object.fromEntries(
        ["start", "end", "low", "high"].map((name) => [name, column(name)]))};
    history.chunkEnds = history.endsOfChunks();
    return history;
}

const overlap = (from, to, start, end) => Math.max(Math.min(to, end) - Math.max(from, start), 0);

test("columns come out as ebb_view/pack.py put them in", async () => {
    // pack([0, 3, 2, 2**40, 2**40 - 200]), by that file.
    assert.deepEqual([...await unpack("eNpjYGP88x8I7PuZAR/4BdE=")], [0, 3, 2, 2 ** 40, 2 ** 40 - 200]);
});

test("coverage is the part of each cell that is covered, whatever the view", () => {
    const history = someHistory(1);
    const {start, end, low, high, count} = history.lives;
    const colours = Int32Array.from({length: count}, () => 0x804020);
    for (const view of [{from: 0, to: 1000, low: 0, high: 640}, {from: 313.7, to: 371.2, low: 100.5, high: 203}]) {
        const [columns, rows] = [25, 16];
        const pixels = cover(history, view, columns, rows, colours).asPixels();
        for (let cell = 0; cell < columns * rows; cell++) {
            const wide = (view.to - view.from) / columns;
            const tall = (view.high - view.low) / rows;
            const from = view.from + (cell % columns) * wide;
            const base = view.high - (Math.floor(cell / columns) + 1) * tall;
            let covered = 0;
            for (let life = 0; life < count; life++) {
                covered += overlap(from, from + wide, start[life], end[life]) *
                    overlap(base, base + tall, low[life], high[life]);
            }
            assert.ok(Math.abs(pixels[4 * cell + 3] - (255 * covered) / (wide * tall)) < 1, `opacity of ${cell}`);
            if (pixels[4 * cell + 3] > 30) {
                assert.ok(Math.abs(pixels[4 * cell] - 0x80) <= 1 && Math.abs(pixels[4 * cell + 2] - 0x20) <= 1);
            }
        }
    }
});

test("lives are found by time and place", () => {
    const history = someHistory(2);
    const {start, end, low, high, count} = history.lives;
    const random = chance(3);
    for (let round = 0; round < 300; round++) {
        const from = random(1000);
        const to = from + 1 + random(50);
        const expected = [...Array(count).keys()].filter((life) => start[life] < to && end[life] > from);
        const found = [];
        history.visitLives(from, to, (life) => found.push(life));
        assert.deepEqual(found, expected);
        const address = random(640);
        const there = expected.find((life) =>
            start[life] <= from && end[life] > from && low[life] <= address && high[life] > address) ?? -1;
        assert.equal(history.lifeAt(from, from + 1e-6, address, address + 1e-6), there);
    }
});

test("extremes are those of the stretch", () => {
    const random = chance(4);
    const values = Float64Array.from({length: 777}, () => random(1000));
    const extremes = new Extremes(values, values.length);
    for (let round = 0; round < 500; round++) {
        const from = random(777);
        const to = from + 1 + random(777 - from);
        const part = values.slice(from, to);
        assert.deepEqual(extremes.over(from, to), {least: Math.min(...part), most: Math.max(...part)});
    }
});

test("a line has no more stretches than pixels, and loses no peak", () => {
    const box = {left: 0, right: 300, top: 0, bottom: 100, width: 300, height: 100};
    for (const count of [1000, 200000]) {
        const values = Float64Array.from({length: count}, (_, operation) => 5 + (operation % 7));
        values[count / 2 + 1] = 90;
        const parts = stretches(new Extremes(values, count), {from: 0, to: count}, box);
        assert.ok(parts.length <= 300);
        assert.equal(Math.max(...parts.map((part) => part.most)), 90);
        assert.equal(Math.min(...parts.map((part) => part.least)), 5);
    }
});

test("there are no more marks than pixels", () => {
    const box = {left: 0, right: 300, top: 0, bottom: 30, width: 300, height: 30};
    const random = chance(5);
    const each = (of) => Float64Array.from({length: 50000}, of);
    const index = each((_, place) => place * 2);
    const marks = new Marks({
        moves: {count: 50000, index, old: each(() => random(9000)), new: each(() => random(9000))},
        failures: {count: 50000, index},
    });
    const view = {from: 10000, to: 90000};
    assert.ok(marks.byPixel(view, box).size <= 301);
    const context = {fillRect() {}, beginPath() {}, moveTo() {}, lineTo() {}, stroke() {}};
    assert.ok(marks.draw(context, box, view, {}) <= 602);
});

test("a line is connected", () => {
    const box = {left: 0, right: 40, top: 0, bottom: 100, width: 40, height: 100};
    const values = Float64Array.from([10, 90, 20, 20]);
    const drawn = [];
    const context = {fillRect: (...rectangle) => drawn.push(rectangle)};
    const parts = stretches(new Extremes(values, 4), {from: 0, to: 4}, box);
    drawSteps(context, parts, {low: 0, high: 100}, box, {colour: "", width: 2});
    assert.deepEqual(drawn, [
        [0, 89, 10, 2], [10, 9, 10, 2], [9, 9, 2, 82], [20, 79, 20, 2], [19, 9, 2, 72],
    ]);
});

test("a view stays within what there is", () => {
    const view = new Viewport(1000, 4096);
    view.zoom(1e-9, 999.5, 4000);
    assert.ok(view.to - view.from >= 6 && view.to <= 1000 && view.from >= 0);
    view.pan(1e9, 1e9);
    assert.equal(view.to, 1000);
    view.zoom(1e9, 500, 100, 1e9);
    assert.ok(view.showsAll());
    const tiny = new Viewport(2, 10);
    tiny.zoom(0.1, 1, 5, 0.1);
    assert.ok(tiny.showsAll());
});

test("zooming keeps what is under the pointer there", () => {
    const view = new Viewport(1000, 4096);
    view.zoom(0.5, 250, 1024, 0.5);
    assert.deepEqual([view.from, view.to, view.low, view.high], [125, 625, 512, 2560]);
});

test("axes have round marks, not too many", () => {
    assert.deepEqual(operationTicks(0, 100, 500, 80), [0, 20, 40, 60, 80, 100]);
    assert.deepEqual(operationTicks(7, 9.5, 500, 80), [7, 8, 9]);
    assert.deepEqual(byteTicks(0, 4096, 100, 30), {unit: "KiB", ticks: [
        {bytes: 0, label: "0"}, {bytes: 2048, label: "2"}, {bytes: 4096, label: "4"}]});
    assert.equal(byteTicks(0, 100, 100, 30).unit, "bytes");
});

test("numbers are written for people", () => {
    assert.equal(bytes(1234567), "1,234,567 B");
    assert.deepEqual([512, 1024, 54366, 3 << 20].map(roughBytes), ["512 B", "1 KiB", "53.1 KiB", "3 MiB"]);
});

test("what is live by site is what a count of all lives says", () => {
    const history = someHistory(5);
    const random = chance(6);
    const {start, end, count} = history.lives;
    history.lives.site = Float64Array.from({length: count}, () => random(4));
    history.lives.requested = Float64Array.from({length: count}, () => 1 + random(100));
    for (const operation of [0, 17, 500, 999]) {
        const found = history.liveBySite(operation);
        for (let site = 0; site < 4; site++) {
            const there = [...start.keys()].filter((life) => history.lives.site[life] === site &&
                start[life] <= operation && end[life] > operation);
            const entry = found.find((each) => each.site === site);
            assert.equal(entry?.blocks ?? 0, there.length);
            const sizes = there.map((life) => history.lives.requested[life]);
            assert.equal(entry?.bytes ?? 0, sizes.reduce((sum, size) => sum + size, 0));
            assert.equal(entry ? history.lives.requested[entry.largest] : 0, Math.max(0, ...sizes));
        }
        assert.ok(found.every((entry, place) => place === 0 || entry.bytes <= found[place - 1].bytes));
    }
});
