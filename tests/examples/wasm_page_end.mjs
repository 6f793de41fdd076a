/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* node wasm_page_end.mjs page_end.wasm: a module that starts without room for its heap's control block. */
import { readFile } from "node:fs/promises";

const { instance } = await WebAssembly.instantiate(await readFile(process.argv[2]));
const module = instance.exports;
const pages = () => module.memory.buffer.byteLength / 65536;

console.log(`${pages()} page at the start.`);
const block = module.allocate(100);
console.log(`The block is ${block > 0 && block < 65536 * 2 - 100 ? "there" : "nowhere"}; pages are ${pages()} now.`);
module.release(block);
console.log(`${module.bytes_in_use()} bytes in use. The heap is ${module.is_sound() ? "sound" : "damaged"}.`);
