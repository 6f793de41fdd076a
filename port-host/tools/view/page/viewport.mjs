// SPDX-License-Identifier: Apache-2.0 OR MIT
// What is shown: operations [from, to) and addresses [low, high). It stays within what there is.

const FEWEST_OPERATIONS = 6;
export const FEWEST_BYTES = 64;

// [start, end) moved, and cut if need be, to lie within [least, most), and no shorter than `shortest`.
function within(start, end, least, most, shortest) {
    const length = Math.min(Math.max(end - start, Math.min(shortest, most - least)), most - least);
    const middle = (start + end) / 2;
    const from = Math.min(Math.max(middle - length / 2, least), most - length);
    return [from, from + length];
}

export class Viewport {
    constructor(operations, bytes) {
        this.operations = operations;
        this.bytes = bytes;
        this.fit();
    }

    fit() {
        this.set({from: 0, to: this.operations, low: 0, high: this.bytes});
    }

    set({from = this.from, to = this.to, low = this.low, high = this.high}) {
        [this.from, this.to] = within(from, to, 0, this.operations, FEWEST_OPERATIONS);
        [this.low, this.high] = within(low, high, 0, this.bytes, FEWEST_BYTES);
    }

    // Around an operation and an address that stay where they are in the picture.
    zoom(times, operation, address, addressTimes = 1) {
        this.set({
            from: operation - (operation - this.from) * times,
            to: operation + (this.to - operation) * times,
            low: address - (address - this.low) * addressTimes,
            high: address + (this.high - address) * addressTimes,
        });
    }

    pan(operations, bytes) {
        this.set({
            from: this.from + operations,
            to: this.to + operations,
            low: this.low + bytes,
            high: this.high + bytes,
        });
    }

    // So that an operation is in it, with some around it.
    reveal(operation) {
        const margin = (this.to - this.from) * 0.1;
        if (operation < this.from + margin) {
            this.pan(operation - margin - this.from, 0);
        } else if (operation + 1 > this.to - margin) {
            this.pan(operation + 1 + margin - this.to, 0);
        }
    }

    showsAll() {
        return this.from === 0 && this.to === this.operations && this.low === 0 && this.high === this.bytes;
    }
}
