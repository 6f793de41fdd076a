/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* Uses the module heap.wasm; `print` takes one line of text. The same in Node.js and in a browser. */

/* Puts a text into the module's memory, calls `use` with its address and size, and takes it out again. */
function withText(module, text, use) {
    const bytes = new TextEncoder().encode(text);
    const address = module.allocate(bytes.length);
    if (address === 0) {
        throw new RangeError("no memory for the text");
    }
    /* The view is made anew each time: it ends when the memory grows. */
    new Uint8Array(module.memory.buffer, address, bytes.length).set(bytes);
    try {
        return use(address, bytes.length);
    } finally {
        module.release(address);
    }
}

function capitalize(module, text) {
    return withText(module, text, (address, size) => {
        const result = module.capitalize(address, size);
        if (result === 0) {
            throw new RangeError("no memory for the result");
        }
        const answer = new TextDecoder().decode(new Uint8Array(module.memory.buffer, result, size));
        module.release(result);
        return answer;
    });
}

export async function demonstrate(binary, print) {
    const { instance } = await WebAssembly.instantiate(binary);
    const module = instance.exports;
    const pages = () => module.memory.buffer.byteLength / 65536;

    const pagesAtStart = pages();
    print(capitalize(module, "a heap in a module"));
    print(`Nothing more is held for that: ${pages() === pagesAtStart}.`);

    const large = module.allocate(300000);
    print(`300000 bytes are ${large !== 0 ? "there" : "refused"}, in ${pages() - pagesAtStart} more pages.`);

    /* Somebody else takes a page; the heap goes on above it and leaves it alone. */
    const foreign = module.memory.grow(1) * 65536;
    new Uint8Array(module.memory.buffer, foreign, 65536).fill(42);
    const larger = module.allocate(300000);
    print(`300000 more are above somebody else's page: ${larger > foreign}.`);
    new Uint8Array(module.memory.buffer, larger, 300000).fill(0);
    const untouched = new Uint8Array(module.memory.buffer, foreign, 65536).every((byte) => byte === 42);
    print(`That page is ${untouched ? "untouched" : "overwritten"}.`);

    print(`As much as the memory may ever have is ${module.allocate(2 ** 30) === 0 ? "refused" : "there"}.`);
    module.release(large);
    module.release(larger);
    print(`In use at the end: ${module.bytes_in_use()} bytes. The heap is ${module.is_sound() ? "sound" : "damaged"}.`);
}
