// SPDX-License-Identifier: Apache-2.0 OR MIT
// The least and the most of a series over any stretch of operations, in a time that hardly depends on its length: each
// level holds the extremes of two entries of the level below.

export class Extremes {
    constructor(values, count) {
        this.count = count;
        this.levels = [{least: values, most: values}];
        while (count > 1) {
            count = Math.ceil(count / 2);
            this.levels.push(this.halve(this.levels.at(-1), count));
        }
    }

    halve(level, count) {
        const least = new Float64Array(count);
        const most = new Float64Array(count);
        const below = this.levels.length === 1 ? this.count : level.least.length;
        for (let place = 0; place < count; place++) {
            const other = Math.min(2 * place + 1, below - 1);
            least[place] = Math.min(level.least[2 * place], level.least[other]);
            most[place] = Math.max(level.most[2 * place], level.most[other]);
        }
        return {least, most};
    }

    // Over [from, to), which holds one entry at least.
    over(from, to) {
        let least = Infinity;
        let most = -Infinity;
        const take = (level, place) => {
            least = Math.min(least, level.least[place]);
            most = Math.max(most, level.most[place]);
        };
        for (const level of this.levels) {
            if (from >= to) {
                break;
            }
            if (from % 2 === 1) {
                take(level, from++);
            }
            if (to % 2 === 1) {
                take(level, --to);
            }
            from /= 2;
            to /= 2;
        }
        return {least, most};
    }
}
