/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* node wasm_page_taken.mjs heap.wasm: somebody else takes a page before the module allocates for the first time. */
import { readFile } from "node:fs/promises";

const { instance } = await WebAssembly.instantiate(await readFile(process.argv[2]));
const module = instance.exports;

const foreign = module.memory.grow(1) * 65536;
new Uint8Array(module.memory.buffer, foreign, 65536).fill(42);
for (let count = 0; count < 200; count++) {
    const block = module.allocate(1000);
    new Uint8Array(module.memory.buffer, block, 1000).fill(1);
}
const untouched = new Uint8Array(module.memory.buffer, foreign, 65536).every((byte) => byte === 42);
console.log(`That page is ${untouched ? "untouched" : "overwritten"}.`);
console.log(`The heap is ${module.is_sound() ? "sound" : "damaged"}.`);
