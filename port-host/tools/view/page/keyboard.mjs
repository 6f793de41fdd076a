// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the keys do while the picture has the focus; the help is made from the same table.
import {element, find} from "./dom.mjs";

// [keys, what to call them, what they do, in words, and in deed]. A capital letter is one with the shift key.
const KEYS = [
    [["ArrowLeft"], "←", "the operation before", (viewer) => viewer.step(-1)],
    [["ArrowRight"], "→", "the next operation", (viewer) => viewer.step(1)],
    [["ArrowUp"], "↑", "the block above, at this operation", (viewer) => viewer.stepBlock(1)],
    [["ArrowDown"], "↓", "the block below", (viewer) => viewer.stepBlock(-1)],
    [["PageUp"], "Page Up", "a screen back", (viewer) => viewer.turnPage(-1)],
    [["PageDown"], "Page Down", "a screen on", (viewer) => viewer.turnPage(1)],
    [["Home"], "Home", "the first operation", (viewer) => viewer.goTo(0)],
    [["End"], "End", "the last one", (viewer) => viewer.goTo(viewer.history.operations - 1)],
    [["+", "="], "+", "zoom in around the operation", (viewer) => viewer.zoomAtOperation(1 / 2)],
    [["-"], "−", "zoom out", (viewer) => viewer.zoomAtOperation(2)],
    [["]"], "]", "zoom in on addresses, around the block", (viewer) => viewer.zoomAtOperation(1, 1 / 2)],
    [["["], "[", "zoom out on addresses", (viewer) => viewer.zoomAtOperation(1, 2)],
    [["Enter"], "Enter", "zoom to the block's whole life", (viewer) => viewer.zoomToLife(viewer.life)],
    [["1"], "1", "zoom to the single operation", (viewer) => viewer.zoomToOperation()],
    [["0"], "0", "show everything", (viewer) => viewer.fit()],
    [["m"], "M", "the next move of the end", (viewer) => viewer.goToNext(viewer.history.moves.index, 1)],
    [["M"], "Shift M", "the move of the end before", (viewer) => viewer.goToNext(viewer.history.moves.index, -1)],
    [["x"], "X", "the next request that failed", (viewer) => viewer.goToNext(viewer.history.failures.index, 1)],
    [["c"], "C", "colour blocks by something else", (viewer) => viewer.nextColour()],
    [["t"], "T", "light, dark, or as the system", (viewer) => viewer.nextTheme()],
    [["Escape"], "Escape", "choose no block", (viewer) => viewer.chooseLife(-1)],
    [["?"], "?", "this help", () => find("help").showModal()],
];

const MOUSE = [
    ["wheel", "zoom in time; with Alt in addresses, with Shift move sideways"],
    ["drag", "move; with Shift zoom to a rectangle"],
    ["click", "choose operation and block"],
    ["double click", "zoom to a block's whole life, or show everything"],
    ["two fingers", "zoom in time as they part across, in addresses as they part up; one finger is as the mouse"],
    ["lowest strip", "the whole time: drag the window"],
];

export function listenToKeys(viewer, canvas) {
    canvas.addEventListener("keydown", (event) => {
        const entry = KEYS.find(([keys]) => keys.includes(event.key));
        if (!entry || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        event.preventDefault();
        entry[3](viewer);
    });
}

export function fillHelp() {
    const line = (key, text) => element("tr", {}, element("td", {text: key}), element("td", {text}));
    find("keys").replaceChildren(
        ...MOUSE.map(([key, text]) => line(key, text)),
        ...KEYS.map(([, key, text]) => line(key, text)),
    );
}
