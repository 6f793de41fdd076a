// SPDX-License-Identifier: Apache-2.0 OR MIT
// What is said of a block, as pairs of a word and a text: in the tooltip and in the side panel.
import {bytes, counted, grouped, hexadecimal} from "./format.mjs";
import {livesOfBlock} from "./overlay.mjs";

export function nameOf(history, life) {
    return `Block of slot ${grouped(history.lives.slot[life])}`;
}

// At an operation, or as a whole if that is -1.
export function factsOf(history, life, operation) {
    const {lives, firstIndex} = history;
    const born = history.birthOf(life);
    const facts = [
        ["size", `${bytes(lives.size[life])}, for a request of ${grouped(lives.requested[life])}`],
        ["address", `${hexadecimal(lives.address[life])} (${grouped(lives.address[life])})`],
        ["from", `operation ${grouped(born + firstIndex)}, ${history.kindOf(lives.first[life])}`],
        ["to", endOf(history, life)],
    ];
    if (operation >= born && operation < lives.end[life]) {
        facts.push(["age", counted(operation - born, "operation")]);
    }
    const resized = livesOfBlock(history, life).length - 1;
    if (resized > 0) {
        facts.push(["resized", counted(resized, "time")]);
    }
    if (history.siteOf(life)) {
        facts.push(["site", history.siteOf(life)]);
    }
    return facts;
}

function endOf(history, life) {
    const last = livesOfBlock(history, life).at(-1);
    const end = history.lives.end[last];
    if (end === history.operations) {
        return "the end, never freed";
    }
    const age = counted(end - history.birthOf(life), "operation");
    return `operation ${grouped(end + history.firstIndex)}, after ${age}`;
}
