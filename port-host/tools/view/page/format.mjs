// SPDX-License-Identifier: Apache-2.0 OR MIT
// Numbers for people.

export function grouped(number) {
    return number.toLocaleString("en", {maximumFractionDigits: 2});
}

export function bytes(number) {
    return `${grouped(number)} B`;
}

// The shorter of both, with three digits.
export function roughBytes(number) {
    const units = ["B", "KiB", "MiB", "GiB"];
    let unit = 0;
    while (number >= 1024 && unit < units.length - 1) {
        number /= 1024;
        unit++;
    }
    return `${number >= 100 || unit === 0 ? Math.round(number) : Number(number.toPrecision(3))} ${units[unit]}`;
}

export function counted(number, what) {
    return `${grouped(number)} ${what}${number === 1 ? "" : "s"}`;
}

export function hexadecimal(address) {
    return `0x${address.toString(16).padStart(4, "0")}`;
}
