// SPDX-License-Identifier: Apache-2.0 OR MIT
// Columns of numbers out of text; ebb_view/pack.py makes them.

async function inflate(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

function bytesOf(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

// Numbers may exceed 32 bits, so no shifts.
function* differences(bytes) {
    let number = 0;
    let unit = 1;
    for (const byte of bytes) {
        number += (byte & 0x7f) * unit;
        unit *= 0x80;
        if (byte < 0x80) {
            yield number % 2 === 0 ? number / 2 : -(number + 1) / 2;
            number = 0;
            unit = 1;
        }
    }
}

export async function unpack(text) {
    const bytes = await inflate(bytesOf(text));
    const count = bytes.reduce((sum, byte) => sum + (byte < 0x80 ? 1 : 0), 0);
    const column = new Float64Array(count);
    let place = 0;
    let value = 0;
    for (const difference of differences(bytes)) {
        value += difference;
        column[place++] = value;
    }
    return column;
}

// The same object, with each text in place of the numbers that it stands for.
export async function unpackAll(packed) {
    const columns = {};
    for (const [name, value] of Object.entries(packed)) {
        columns[name] = typeof value === "string" ? await unpack(value) : value;
    }
    return columns;
}
