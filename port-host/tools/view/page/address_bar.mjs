// SPDX-License-Identifier: Apache-2.0 OR MIT
// The view in the page's address, so that a bookmark or a link leads to it again.
import {find} from "./dom.mjs";

const DELAY = 300; // milliseconds of rest before the address changes: browsers limit how often it may

function writeAddress(viewer) {
    const {view, history} = viewer;
    const parts = new URLSearchParams({op: viewer.operation + history.firstIndex});
    if (!view.showsAll()) {
        for (const name of ["from", "to", "low", "high"]) {
            parts.set(name, Number(view[name].toFixed(2)));
        }
    }
    if (viewer.life >= 0) {
        parts.set("block", viewer.life);
    }
    if (find("colour").selectedIndex > 0) {
        parts.set("colour", find("colour").value);
    }
    window.history.replaceState(null, "", `#${parts}`);
}

export function keepAddress(viewer) {
    let waiting = 0;
    viewer.onView = () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => writeAddress(viewer), DELAY);
    };
}

function numberIn(parts, name, fallback) {
    const number = Number(parts.get(name) ?? NaN);
    return Number.isFinite(number) ? number : fallback;
}

// Before the first frame. What the address says wrongly, it does not say.
export function readAddress(viewer) {
    const parts = new URLSearchParams(location.hash.slice(1));
    const {history, view} = viewer;
    const colour = [...find("colour").options].find((option) => option.value === parts.get("colour"));
    if (colour) {
        colour.selected = true;
    }
    const edges = ["from", "to", "low", "high"].map((name) => [name, numberIn(parts, name, view[name])]);
    view.set(Object.fromEntries(edges));
    const operation = Math.trunc(numberIn(parts, "op", viewer.operation + history.firstIndex)) - history.firstIndex;
    viewer.operation = Math.min(Math.max(operation, 0), history.operations - 1);
    const life = Math.trunc(numberIn(parts, "block", -1));
    viewer.life = life < history.lives.count ? Math.max(life, -1) : -1;
}
