// SPDX-License-Identifier: Apache-2.0 OR MIT
// Mouse, pen and fingers. Everything that is done to the view keeps what is under the pointer under the pointer.
import {bytesAt, contains, operationAt} from "./layout.mjs";

const STILL = 4; // pixels that a click may move
const WHEEL = 0.0016; // how much a notch of the wheel zooms
const APART = 24; // pixels that two fingers are taken to be apart at least, across as well as up

export class Pointer {
    constructor(viewer, canvas) {
        this.viewer = viewer;
        this.canvas = canvas;
        this.fingers = new Map(); // pointer's id -> where it is
        this.drag = null; // what is being dragged, from where
        canvas.addEventListener("pointerdown", (event) => this.press(event));
        canvas.addEventListener("pointermove", (event) => this.move(event));
        canvas.addEventListener("pointerup", (event) => this.release(event));
        canvas.addEventListener("pointercancel", (event) => this.release(event));
        canvas.addEventListener("pointerleave", () => viewer.pointAt(null));
        canvas.addEventListener("wheel", (event) => this.turn(event), {passive: false});
        canvas.addEventListener("dblclick", (event) => this.open(event));
    }

    // Where an event is: x and y, and if it is in a box that has them, operation and address.
    where(event) {
        const origin = this.canvas.getBoundingClientRect();
        const x = event.clientX - origin.left;
        const y = event.clientY - origin.top;
        const {layout, view, history} = this.viewer;
        const place = {x, y, inOverview: contains(layout.overview, x, y), inMap: contains(layout.map, x, y)};
        if (place.inOverview) {
            place.time = operationAt(this.viewer.whole, layout.overview, x);
        } else if (x >= layout.map.left && x < layout.map.right) {
            place.time = operationAt(view, layout.map, x);
            place.operation = Math.min(Math.max(Math.floor(place.time), 0), history.operations - 1);
        }
        if (place.inMap) {
            place.address = bytesAt(view, layout.map, y);
        }
        return place;
    }

    press(event) {
        if (event.button !== 0) {
            return;
        }
        this.canvas.focus({preventScroll: true});
        this.canvas.setPointerCapture(event.pointerId);
        const place = this.where(event);
        this.fingers.set(event.pointerId, place);
        this.drag = null;
        if (this.fingers.size === 1) {
            this.beginDrag(event, place);
        }
    }

    beginDrag(event, place) {
        const kind = place.inOverview ? "window" : event.shiftKey ? "rectangle" : "pan";
        this.drag = {kind, start: place, last: place, moved: false};
        if (kind === "window") {
            this.viewer.centre(place.time);
        }
    }

    move(event) {
        const place = this.where(event);
        if (!this.fingers.has(event.pointerId)) {
            this.viewer.pointAt(place);
            return;
        }
        if (this.fingers.size === 2) {
            this.pinch(event.pointerId, place);
        } else if (this.drag) {
            this.dragTo(place);
        }
        this.fingers.set(event.pointerId, place);
    }

    dragTo(place) {
        const {viewer, drag} = this;
        drag.moved ||= Math.hypot(place.x - drag.start.x, place.y - drag.start.y) > STILL;
        if (!drag.moved) {
            return;
        }
        viewer.pointAt(null);
        if (drag.kind === "window") {
            viewer.centre(operationAt(viewer.whole, viewer.layout.overview, place.x));
        } else if (drag.kind === "rectangle") {
            viewer.showRectangle(drag.start, place);
        } else {
            viewer.panPixels(drag.last.x - place.x, drag.start.inMap ? place.y - drag.last.y : 0);
        }
        drag.last = place;
    }

    // Two fingers: what is between them moves with them, and stretches as they part: in time across, in addresses up.
    pinch(id, place) {
        const [other] = [...this.fingers].filter(([each]) => each !== id).map(([, where]) => where);
        const before = this.fingers.get(id);
        const stretch = (axis) => {
            const apart = (one) => Math.max(Math.abs(one[axis] - other[axis]), APART);
            return apart(before) / apart(place);
        };
        const middle = (axis) => (before[axis] + other[axis]) / 2;
        this.viewer.zoomAt(stretch("x"), middle("x"), middle("y"), stretch("y"));
        this.viewer.panPixels((before.x - place.x) / 2, (place.y - before.y) / 2);
    }

    release(event) {
        const {viewer, drag} = this;
        this.fingers.delete(event.pointerId);
        this.drag = this.dragOfTheRest();
        if (!drag) {
            return;
        }
        if (drag.kind === "rectangle" && drag.moved) {
            viewer.zoomToRectangle(drag.start, this.where(event));
        } else if (drag.kind !== "window" && !drag.moved && drag.start.operation !== undefined) {
            viewer.choose(drag.start);
        }
        viewer.showRectangle(null);
    }

    // Of two fingers one is left: it goes on to move what is under it, and choosing is not what it came for.
    dragOfTheRest() {
        const [place] = this.fingers.values();
        return this.fingers.size === 1 ? {kind: "pan", start: place, last: place, moved: true} : null;
    }

    turn(event) {
        event.preventDefault();
        const {viewer} = this;
        const line = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
        const {x, y} = this.where(event);
        const turned = (event.deltaY || event.deltaX) * line;
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
            viewer.panPixels((event.deltaX || event.deltaY) * line, 0);
        } else if (event.altKey) {
            viewer.zoomAt(1, x, y, Math.exp(turned * WHEEL));
        } else {
            viewer.zoomAt(Math.exp(turned * WHEEL), x, y);
        }
    }

    // A double click goes to the whole life of a block, or to everything where there is none.
    open(event) {
        const place = this.where(event);
        this.viewer.pointAt(place);
        if (place.inMap && this.viewer.pointed >= 0) {
            this.viewer.showLife(this.viewer.pointed);
        } else if (place.inMap) {
            this.viewer.fit();
        }
    }
}
