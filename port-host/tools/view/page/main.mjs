// SPDX-License-Identifier: Apache-2.0 OR MIT
// The beginning: reads what the page brings along, and connects everything.
import {keepAddress, readAddress} from "./address_bar.mjs";
import {find} from "./dom.mjs";
import {History} from "./history.mjs";
import {fillHelp, listenToKeys} from "./keyboard.mjs";
import {Pointer} from "./pointer.mjs";
import {showFacts, showJumps, showPins} from "./side.mjs";
import {Viewer} from "./viewer.mjs";

function connectControls(viewer) {
    find("zoom-in").addEventListener("click", () => viewer.zoomAtOperation(1 / 2));
    find("zoom-out").addEventListener("click", () => viewer.zoomAtOperation(2));
    find("fit").addEventListener("click", () => viewer.fit());
    find("theme").addEventListener("click", () => viewer.nextTheme());
    find("show-help").addEventListener("click", () => find("help").showModal());
    find("colour").addEventListener("change", () => viewer.applyColourMode());
    find("controls").addEventListener("submit", (event) => event.preventDefault());
    find("operation").addEventListener("change", (event) => {
        viewer.goTo(Math.trunc(Number(event.target.value)) - viewer.history.firstIndex);
        viewer.zoomToOperation();
    });
}

function connectWindow(viewer) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => viewer.applyTheme());
    new ResizeObserver(() => viewer.resize()).observe(find("plots"));
}

async function start() {
    const history = await History.read(JSON.parse(find("history").textContent));
    const viewer = new Viewer(history);
    window.ebbView = viewer; // for scripts, and for whoever wants to ask the history in the browser's console
    readAddress(viewer);
    viewer.resize();
    viewer.applyTheme();
    showFacts(history);
    showJumps(viewer);
    showPins(viewer);
    connectControls(viewer);
    connectWindow(viewer);
    listenToKeys(viewer, find("overlay"));
    new Pointer(viewer, find("overlay"));
    keepAddress(viewer);
    fillHelp();
    document.documentElement.dataset.ready = "yes";
}

start().catch((error) => {
    find("trouble").hidden = false;
    find("trouble").textContent = `This page cannot be shown: ${error.message}. It needs a browser of 2023 or later.`;
    throw error;
});
