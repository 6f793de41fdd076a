/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* node run.mjs heap.wasm */
import { readFile } from "node:fs/promises";

import { demonstrate } from "./demonstrate.mjs";

readFile(process.argv[2]).then((binary) => demonstrate(binary, console.log));
