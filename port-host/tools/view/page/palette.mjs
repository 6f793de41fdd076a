// SPDX-License-Identifier: Apache-2.0 OR MIT
// Colours: those of the style sheet, and one for each block.
import {bytes, counted} from "./format.mjs";

const NAMES = [
    "page", "text", "quiet", "grid", "frame", "outside", "idle", "hole", "control", "region", "top", "largest",
    "payload", "payload-at-times", "bad", "accent", "selected", "ramp-low", "ramp-middle", "ramp-high",
];

// Those that the colour-blind can tell apart, from Okabe and Ito, "Color Universal Design", 2008, without the orange,
// which is like that of holes here. Grey is for all others.
const SITES = [0x0072b2, 0x009e73, 0xcc79a7, 0x56b4e9, 0xd55e00, 0xf0e442, 0x7f3c8d];
const OTHER_SITES = 0x8c959f;

export function readColours() {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function numberOf(colour) {
    return parseInt(colour.slice(1), 16);
}

export function textOf(colour) {
    return `#${colour.toString(16).padStart(6, "0")}`;
}

function mix(one, other, part) {
    const channel = (shift) => {
        const from = (one >> shift) & 0xff;
        const to = (other >> shift) & 0xff;
        return Math.round(from + (to - from) * part) << shift;
    };
    return channel(16) | channel(8) | channel(0);
}

// Few enough that drawing can go colour by colour.
const STEPS = 32;

function ramp(colours) {
    const [low, middle, high] = ["ramp-low", "ramp-middle", "ramp-high"].map((name) => numberOf(colours[name]));
    return Array.from({length: STEPS}, (_, step) => {
        const part = (2 * step) / (STEPS - 1);
        return part < 1 ? mix(low, middle, part) : mix(middle, high, part - 1);
    });
}

// What each mode tells of a life, how that is written, and its smallest value; shown by its logarithm.
const MODES = {
    size: {of: ({lives}) => (life) => lives.size[life], write: bytes},
    lifetime: {
        of: ({lives}) => (life) => lives.end[life] - lives.start[life],
        write: (operations) => counted(operations, "operation"),
    },
    waste: {of: ({lives}) => (life) => Math.max(lives.size[life] - lives.requested[life], 0), write: bytes},
};

function colourBySite(history) {
    const colours = Int32Array.from(history.lives.site, (site) =>
        site > 0 && site <= SITES.length ? SITES[site - 1] : OTHER_SITES);
    const entries = history.sites.slice(0, SITES.length).map((name, place) => [name, textOf(SITES[place])]);
    const rest = history.sites.length - SITES.length;
    if (rest > 0) {
        entries.push([counted(rest, "other site"), textOf(OTHER_SITES)]);
    }
    return {colours, entries: entries.length > 0 ? entries : [["no site is known", textOf(OTHER_SITES)]]};
}

// {colours: 0xrrggbb for each life} with either entries [[what, colour]] for the legend or the ends of its ramp.
export function colourLives(history, mode, colours) {
    if (mode === "site") {
        return colourBySite(history);
    }
    const {of, write} = MODES[mode];
    const figure = of(history);
    let least = Infinity;
    let most = 1;
    for (let life = 0; life < history.lives.count; life++) {
        least = Math.min(least, figure(life));
        most = Math.max(most, figure(life));
    }
    least = Math.min(least, most);
    const steps = ramp(colours);
    const base = Math.log(least + 1);
    const scale = (STEPS - 1) / Math.max(Math.log(most + 1) - base, 1e-9);
    const each = new Int32Array(history.lives.count);
    for (let life = 0; life < each.length; life++) {
        each[life] = steps[Math.round((Math.log(figure(life) + 1) - base) * scale)];
    }
    return {colours: each, ends: [write(least), write(most)]};
}
