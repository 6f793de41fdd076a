// SPDX-License-Identifier: Apache-2.0 OR MIT
// The panel beside the picture: the operation and the block chosen, places worth going to, the legend.
import {button, element, find, rows} from "./dom.mjs";
import {factsOf, nameOf} from "./facts.mjs";
import {bytes, counted, grouped, roughBytes} from "./format.mjs";
import {CURVES} from "./picture.mjs";

// In the order of the bar and the table; the colours are those of the map.
const SHARES = [
    ["payload", "payload", "payload"],
    ["overhead", "headers, rounding", "overhead"],
    ["control", "control block", "control"],
    ["holes", "holes", "hole"],
    ["idle", "idle at the end", "idle"],
];

// Below it: a series, and what it is called.
const LINES = [
    ["region", "region, the sum"],
    ["top", "top"],
    ["largest_free", "largest request that fits"],
];

const MOST_SITES = 12;

function sign(colour, className = "") {
    return element("span", {className: `sign ${className}`, style: {background: `var(--${colour})`}});
}

function lineSign({colour, dashes}) {
    const kind = !dashes ? "" : dashes[0] > 3 ? "dashed" : "dotted";
    return element("span", {className: `sign line ${kind}`, style: {"border-color": `var(--${colour})`}});
}

function labelled(mark, text) {
    return element("span", {}, mark, text);
}

export function showOperation(viewer) {
    const {history, operation} = viewer;
    const {series} = history;
    const shares = history.shares(operation);
    find("now-title").textContent = `Operation ${grouped(operation + history.firstIndex)}`;
    find("now-what").textContent = history.describe(operation);
    find("operation").value = operation + history.firstIndex;
    find("shares").replaceChildren(...SHARES.map(([name, title, colour]) => element("div", {
        title: `${title}: ${bytes(shares[name])}`,
        style: {flex: `${shares[name]} 1 0`, background: `var(--${colour})`},
    })));
    find("figures").replaceChildren(...rows([
        ...SHARES.map(([name, title, colour]) => [labelled(sign(colour), title), bytes(shares[name])]),
        ...LINES.map(([name, title]) => [
            labelled(lineSign(CURVES.find((curve) => curve.name === name)), title), bytes(series[name][operation])]),
        ["blocks", grouped(series.blocks[operation])],
    ]));
    find("hole").textContent = holeNow(history, operation);
}

// Who holds what after the operation chosen. A site leads to its largest block.
export function showSites(viewer) {
    const {history, operation} = viewer;
    find("sites-section").hidden = history.sites.length === 0;
    if (history.sites.length === 0) {
        return;
    }
    const all = history.liveBySite(operation);
    const amount = (entries) => {
        const sum = (name) => entries.reduce((total, each) => total + each[name], 0);
        const text = `${bytes(sum("bytes"))} in ${counted(sum("blocks"), "block")}`;
        return element("div", {className: "quiet", text});
    };
    const shown = all.slice(0, MOST_SITES).map((entry) => {
        const name = entry.site > 0 ? history.sites[entry.site - 1] : "not known";
        const link = button(name, () => viewer.showLife(entry.largest), "link");
        link.title = "Go to the largest block";
        return element("li", {}, link, amount([entry]));
    });
    const rest = all.slice(MOST_SITES);
    if (rest.length > 0) {
        shown.push(element("li", {}, counted(rest.length, "other site"), amount(rest)));
    }
    find("sites").replaceChildren(...shown);
}

// How much it is, and how little keeps it from going back.
function holeNow(history, operation) {
    const {size, above, used} = history.largestHole(operation);
    return size === 0 ? "No hole." : `Largest hole: ${bytes(size)}, below ${counted(above, "block")}, ${bytes(used)}.`;
}

export function showBlock(viewer) {
    const {history, life} = viewer;
    const box = find("block");
    if (life < 0) {
        box.replaceChildren(element("p", {className: "quiet", text: "None chosen. Click one, or press ↑ or ↓."}));
        return;
    }
    const table = element("table", {}, ...rows(factsOf(history, life, viewer.operation)));
    box.replaceChildren(
        element("strong", {text: nameOf(history, life)}), table,
        element("div", {className: "jumps"},
            button("its beginning", () => viewer.goTo(history.birthOf(life))),
            button("all of it", () => viewer.zoomToLife(life))),
    );
}

export function showJumps(viewer) {
    const {history} = viewer;
    const {series, moves, failures} = history;
    const [payload, region] = ["payload", "region"].map((name) => history.peakOf(name));
    const jumps = [
        [`Payload's peak, ${roughBytes(series.payload[payload])}`, () => viewer.goTo(payload)],
        [`Region's peak, ${roughBytes(series.region[region])}`, () => viewer.goTo(region)],
        [`Next of ${counted(moves.count, "move")}`, () => viewer.goToNext(moves.index, 1)],
    ];
    if (failures.count > 0) {
        jumps.push([`Next of ${counted(failures.count, "failure")}`, () => viewer.goToNext(failures.index, 1)]);
    }
    find("jumps").replaceChildren(...jumps.map(([text, act]) => button(text, act)));
}

export function showPins(viewer) {
    const {history} = viewer;
    find("pins-section").hidden = history.pins.length === 0;
    find("pins").replaceChildren(...rows(history.pins.map(({life, cost}) => {
        const what = `${nameOf(history, life)}, ${roughBytes(history.lives.size[life])}`;
        const [caller] = history.siteOf(life).split("\n");
        const where = caller ? ` from ${caller}` : "";
        return [button(what + where, () => viewer.showLife(life), "link"), roughBytes(cost)];
    })));
}

export function showLegend(viewer) {
    const {entries, ends} = viewer.lifeColours;
    const blocks = ends
        ? [element("div", {text: `Blocks, ${find("colour").selectedOptions[0].text}`}),
            element("div", {className: "ramp"}),
            element("div", {className: "ends"}, element("span", {text: ends[0]}), element("span", {text: ends[1]}))]
        : entries.map(([name, colour]) =>
            element("div", {className: "entry"},
                element("span", {className: "sign", style: {background: colour}}), name));
    find("legend").replaceChildren(
        ...blocks,
        element("div", {}, sign("region"), "the end moves up: the region grows"),
        element("div", {}, sign("top"), "the end moves down: it gives back"),
        element("div", {}, element("span", {text: "✕ ", style: {color: "var(--bad)"}}), "a request that failed"),
    );
}

// One line on the whole.
export function showFacts(history) {
    const {series, operations, moves, failures} = history;
    const region = series.region.reduce((sum, each) => sum + each, 0) / operations;
    const payload = series.payload[history.peakOf("payload")];
    const facts = [
        counted(operations, "operation"),
        `payload up to ${roughBytes(payload)}`,
        `region up to ${roughBytes(history.mostBytes)}, ${roughBytes(region)} on average`,
        counted(moves.count, "move"),
    ];
    if (history.maximum) {
        facts.push(`limit ${roughBytes(history.maximum)}`);
    }
    if (failures.count > 0) {
        facts.push(counted(failures.count, "failure"));
    }
    if (history.geometry) {
        facts.push(`geometry ${history.geometry}`);
    }
    find("facts").textContent = facts.join(" · ");
}
