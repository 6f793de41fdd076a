// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the pointer is at, beside the pointer.
import {element, find, rows} from "./dom.mjs";
import {factsOf, nameOf} from "./facts.mjs";
import {bytes, grouped, hexadecimal} from "./format.mjs";

const AWAY = 14; // pixels from the pointer

export function hideTooltip() {
    find("tooltip").hidden = true;
}

// `at` has x, y, operation, and address if it is on the map.
export function showTooltip(viewer, at) {
    const box = find("tooltip");
    const {history} = viewer;
    const head = element("strong", {text: headOf(viewer, at)});
    const facts = viewer.pointed >= 0 ? factsOf(history, viewer.pointed, at.operation) : figuresOf(history, at);
    box.replaceChildren(head, element("table", {}, ...rows(facts)));
    box.hidden = false;
    place(box, at);
}

function headOf({history, pointed}, at) {
    if (pointed >= 0) {
        return nameOf(history, pointed);
    }
    const operation = `after operation ${grouped(at.operation + history.firstIndex)}`;
    return at.address === undefined ? operation : `${partAt(history, at)}, ${operation}`;
}

// What is at an address where no block is.
function partAt(history, {operation, address}) {
    if (address < history.floor) {
        return "Control block";
    }
    if (address < history.series.top[operation] - history.header) {
        return "A hole";
    }
    return address < history.series.region[operation] ? "Idle" : "Not the heap's";
}

function figuresOf({series}, {operation, address}) {
    const facts = [
        ["region", bytes(series.region[operation])],
        ["payload", bytes(series.payload[operation])],
        ["largest fit", bytes(series.largest_free[operation])],
    ];
    if (address !== undefined) {
        facts.unshift(["address", `${hexadecimal(Math.floor(address))} (${grouped(Math.floor(address))})`]);
    }
    return facts;
}

function place(box, {x, y}) {
    const room = box.parentElement.getBoundingClientRect();
    const left = x + AWAY + box.offsetWidth < room.width ? x + AWAY : Math.max(x - AWAY - box.offsetWidth, 0);
    const top = Math.min(y + AWAY, room.height - box.offsetHeight - 4);
    box.style.left = `${left}px`;
    box.style.top = `${Math.max(top, 0)}px`;
}
