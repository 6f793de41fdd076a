// SPDX-License-Identifier: Apache-2.0 OR MIT
// What is shown and chosen, and what may be done about it. Everything that changes asks for one new frame.
import {find} from "./dom.mjs";
import {nameOf} from "./facts.mjs";
import {bytes, grouped} from "./format.mjs";
import {bytesAt, layOut, operationAt} from "./layout.mjs";
import {drawOverlay} from "./overlay.mjs";
import {colourLives, readColours} from "./palette.mjs";
import {Picture} from "./picture.mjs";
import {showBlock, showLegend, showOperation, showSites} from "./side.mjs";
import {firstAtLeast} from "./sorted.mjs";
import {hideTooltip, showTooltip} from "./tooltip.mjs";
import {FEWEST_BYTES, Viewport} from "./viewport.mjs";

const THEMES = ["system", "light", "dark"];
const ROOM_ABOVE = 1.04; // of the largest region
const NEAR = 12; // operations shown around a single one
const REACH = 3; // pixels around the pointer in which a small block is found
const REST = 150; // milliseconds without a change of the view, after which it is drawn exactly

export class Viewer {
    constructor(history) {
        const most = Math.ceil(history.mostBytes * ROOM_ABOVE);
        this.history = history;
        this.view = new Viewport(history.operations, most);
        this.whole = {from: 0, to: history.operations, low: 0, high: most};
        this.picture = new Picture(history, this.whole);
        this.operation = history.peakOf("region");
        this.life = -1; // chosen
        this.pointed = -1; // under the pointer
        this.rectangle = null;
        this.work = null; // what the last frame had to do
        this.theme = "system";
        this.stale = new Set();
    }

    // ---- Drawing ----

    resize() {
        const {clientWidth, clientHeight} = find("plots");
        this.layout = layOut(clientWidth, clientHeight);
        const ratio = window.devicePixelRatio || 1;
        this.contexts = ["picture", "overlay"].map((id) => {
            const canvas = find(id);
            canvas.width = Math.round(clientWidth * ratio);
            canvas.height = Math.round(clientHeight * ratio);
            const context = canvas.getContext("2d");
            context.scale(ratio, ratio);
            return context;
        });
        this.refresh("picture", "overlay");
    }

    // What is out of date: "picture", "overlay" or "side"; "exact" is the picture at rest.
    refresh(...parts) {
        if (this.stale.size === 0) {
            requestAnimationFrame(() => this.drawFrame());
        }
        parts.forEach((part) => this.stale.add(part));
    }

    drawFrame() {
        const stale = this.stale;
        this.stale = new Set();
        if (stale.has("picture")) {
            this.work = this.picture.draw(this.contexts[0], this.layout, this.view, this.colours, stale.has("exact"));
        }
        if (stale.has("side")) {
            showOperation(this);
            showBlock(this);
            showSites(this);
        }
        drawOverlay(this.contexts[1], this.layout, this, this.colours);
    }

    // ---- Colours ----

    applyTheme() {
        const dark = matchMedia("(prefers-color-scheme: dark)").matches;
        const shown = this.theme === "system" ? (dark ? "dark" : "light") : this.theme;
        document.documentElement.dataset.theme = shown;
        find("theme").textContent = `Theme: ${this.theme}`;
        this.colours = readColours();
        this.applyColourMode();
    }

    nextTheme() {
        this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length];
        this.applyTheme();
    }

    applyColourMode() {
        this.lifeColours = colourLives(this.history, find("colour").value, this.colours);
        this.picture.map.setColours(this.lifeColours.colours);
        showLegend(this);
        this.refresh("picture", "overlay", "side");
    }

    nextColour() {
        const menu = find("colour");
        menu.selectedIndex = (menu.selectedIndex + 1) % menu.options.length;
        this.applyColourMode();
    }

    // ---- The view ----

    changeView(change) {
        change(this.view);
        this.pointAt(null);
        this.refresh("picture", "overlay");
        this.drawExactlyAtRest();
        this.onView?.();
    }

    // While it moves, frames are to be cheap. The picture of everything is exact as it is.
    drawExactlyAtRest() {
        clearTimeout(this.resting);
        if (!this.view.showsAll()) {
            this.resting = setTimeout(() => this.refresh("picture", "exact"), REST);
        }
    }

    fit() {
        this.changeView((view) => view.fit());
    }

    panPixels(across, up) {
        const {map} = this.layout;
        this.changeView((view) =>
            view.pan((across / map.width) * (view.to - view.from), (up / map.height) * (view.high - view.low)));
    }

    zoomAt(times, x, y, addressTimes = 1) {
        const {map} = this.layout;
        const operation = operationAt(this.view, map, Math.min(Math.max(x, map.left), map.right));
        const address = bytesAt(this.view, map, Math.min(Math.max(y, map.top), map.bottom));
        this.changeView((view) => view.zoom(times, operation, address, addressTimes));
    }

    zoomAtOperation(times, addressTimes = 1) {
        const {lives} = this.history;
        const address = this.life >= 0 ? lives.address[this.life] : (this.view.low + this.view.high) / 2;
        this.changeView((view) => {
            view.reveal(this.operation);
            view.zoom(times, this.operation + 0.5, address, addressTimes);
        });
    }

    centre(operation) {
        this.changeView((view) => view.pan(operation - (view.from + view.to) / 2, 0));
    }

    turnPage(direction) {
        this.changeView((view) => view.pan(direction * 0.9 * (view.to - view.from), 0));
    }

    showRectangle(start, end) {
        this.rectangle = start && {
            left: Math.min(start.x, end.x), right: Math.max(start.x, end.x),
            top: Math.min(start.y, end.y), bottom: Math.max(start.y, end.y),
        };
        this.refresh("overlay");
    }

    zoomToRectangle(start, end) {
        const {map} = this.layout;
        const times = [start.x, end.x].map((x) => operationAt(this.view, map, x)).sort((one, other) => one - other);
        const addresses = [start.y, end.y].map((y) => bytesAt(this.view, map, y)).sort((one, other) => one - other);
        this.changeView((view) => view.set(
            {from: times[0], to: times[1], ...(start.inMap ? {low: addresses[0], high: addresses[1]} : {})}));
    }

    // A few operations around the one chosen, and what it did to the map.
    zoomToOperation() {
        const {history, operation} = this;
        const life = history.begunAt[operation] >= 0 ? history.begunAt[operation] : history.endedAt[operation];
        this.changeView((view) => {
            view.set({from: operation - NEAR, to: operation + NEAR + 1});
            if (life >= 0) {
                this.aroundLife(view, life);
            }
        });
        this.chooseLife(life);
    }

    aroundLife(view, life) {
        const {low, high} = this.history.lives;
        const room = Math.max(8 * (high[life] - low[life]), FEWEST_BYTES);
        view.set({low: low[life] - room, high: high[life] + room});
    }

    zoomToLife(life) {
        if (life < 0) {
            return;
        }
        const {start, end} = this.history.lives;
        const room = Math.max((end[life] - start[life]) * 0.15, 2);
        this.changeView((view) => {
            view.set({from: start[life] - room, to: end[life] + room});
            this.aroundLife(view, life);
        });
    }

    // ---- What is chosen ----

    goTo(operation) {
        this.operation = Math.min(Math.max(operation, 0), this.history.operations - 1);
        this.view.reveal(this.operation);
        this.changeView(() => {});
        this.refresh("side");
        const name = `Operation ${grouped(this.operation + this.history.firstIndex)}`;
        this.say(`${name}: ${this.history.describe(this.operation)}`);
    }

    step(by) {
        this.goTo(this.operation + by);
    }

    // The next of some operations, or the one before; around the end it goes on at the beginning.
    goToNext(operations, direction) {
        if (operations.length === 0) {
            this.say("There is none.");
            return;
        }
        const place = direction > 0
            ? firstAtLeast(operations, this.operation + 1)
            : firstAtLeast(operations, this.operation) - 1;
        this.goTo(operations[(place + operations.length) % operations.length]);
    }

    chooseLife(life) {
        this.life = life;
        this.refresh("overlay", "side");
        if (life >= 0) {
            const {size, address} = this.history.lives;
            this.say(`${nameOf(this.history, life)}, ${bytes(size[life])} at ${grouped(address[life])}`);
        }
        this.onView?.();
    }

    choose(place) {
        this.pointAt(place);
        const life = this.pointed;
        this.operation = place.operation;
        this.chooseLife(life);
    }

    // The whole life of a block, and that block chosen at its beginning.
    showLife(life) {
        this.operation = this.history.lives.start[life];
        this.chooseLife(life);
        this.zoomToLife(life);
    }

    // To the block above or below the one chosen, among those that are there now.
    stepBlock(direction) {
        const there = this.history.livesAfter(this.operation);
        if (there.length === 0) {
            this.say("There is no block now.");
            return;
        }
        const {low} = this.history.lives;
        const from = this.life >= 0 ? low[this.life] : -1;
        const after = there.findIndex((life) => low[life] > from);
        const before = there.findLastIndex((life) => low[life] < from);
        const place = direction > 0 ? (after < 0 ? there.length - 1 : after) : Math.max(before, 0);
        this.chooseLife(there[place]);
    }

    // ---- The pointer ----

    // `place` as pointer.mjs has it; null: nowhere.
    pointAt(place) {
        const before = this.pointed;
        this.pointed = place?.inMap ? this.lifeAround(place) : -1;
        if (place?.operation !== undefined && place.y >= this.layout.map.top) {
            showTooltip(this, place);
        } else {
            hideTooltip();
        }
        if (before !== this.pointed) {
            this.refresh("overlay");
        }
    }

    // The block right under the pointer, or else the one that covers most of the pixels around it.
    lifeAround({time, address}) {
        const exact = this.history.lifeAt(time, time + 1e-6, address, address + 1e-6);
        if (exact >= 0) {
            return exact;
        }
        const {map} = this.layout;
        const across = ((this.view.to - this.view.from) / map.width) * REACH;
        const up = ((this.view.high - this.view.low) / map.height) * REACH;
        return this.history.lifeAt(time - across, time + across, address - up, address + up);
    }

    say(text) {
        find("spoken").textContent = text;
    }
}
