// SPDX-License-Identifier: Apache-2.0 OR MIT
// What the page knows: lives of blocks and figures of the heap. Operations are counted from 0; a life is there after
// operation `start` and before operation `end`, so in pictures it covers [start, end).
import {unpackAll} from "./columns.mjs";
import {grouped} from "./format.mjs";
import {firstAtLeast} from "./sorted.mjs";

const CHUNK = 128;
const KIND_NAMES = {a: "malloc", c: "calloc", l: "aligned_alloc", r: "realloc"};

export class History {
    static async read(content) {
        const history = new History();
        Object.assign(history, content);
        history.lives = await unpackAll(content.lives);
        history.series = await unpackAll(content.series);
        history.moves = await unpackAll(content.moves);
        history.failures = await unpackAll(content.failures);
        history.derive();
        return history;
    }

    derive() {
        this.series.used = this.sumOfLives((life) => this.lives.size[life]);
        this.series.blocks = this.sumOfLives(() => 1);
        this.lives.low = this.lives.address.map((address) => address - this.header);
        this.lives.high = this.lives.low.map((low, life) => low + this.lives.size[life]);
        this.begunAt = this.livesByOperation(this.lives.start);
        this.endedAt = this.livesByOperation(this.lives.end);
        this.nextOf = this.successors();
        this.chunkEnds = this.endsOfChunks();
        this.mostBytes = this.series.region.reduce((most, bytes) => Math.max(most, bytes), 1);
    }

    // After each operation, what the lives that are there then come to.
    sumOfLives(amountOf) {
        const sum = new Float64Array(this.operations + 1);
        const {start, end, count} = this.lives;
        for (let life = 0; life < count; life++) {
            sum[start[life]] += amountOf(life);
            sum[end[life]] -= amountOf(life);
        }
        for (let operation = 1; operation < sum.length; operation++) {
            sum[operation] += sum[operation - 1];
        }
        return sum;
    }

    livesByOperation(column) {
        const lives = new Int32Array(this.operations + 1).fill(-1);
        for (let life = 0; life < this.lives.count; life++) {
            lives[column[life]] = life;
        }
        return lives;
    }

    // The life that a realloc made of each, -1 if none.
    successors() {
        const next = new Int32Array(this.lives.count).fill(-1);
        for (let life = 0; life < this.lives.count; life++) {
            const before = this.endedAt[this.lives.start[life]];
            if (before >= 0 && this.lives.start[life] < this.operations) {
                next[before] = life;
            }
        }
        return next;
    }

    // Lives are in order of their start. So that those at a time are found without looking at all, each CHUNK of them
    // says when its last one ends.
    endsOfChunks() {
        const ends = new Float64Array(Math.ceil(this.lives.count / CHUNK));
        for (let life = 0; life < this.lives.count; life++) {
            const chunk = Math.floor(life / CHUNK);
            ends[chunk] = Math.max(ends[chunk], this.lives.end[life]);
        }
        return ends;
    }

    // How many lives begin before a time.
    begunBefore(time) {
        return firstAtLeast(this.lives.start, time);
    }

    // Calls visit(life) for all that meet the times [from, to), in order of their start.
    visitLives(from, to, visit) {
        const {end} = this.lives;
        const stop = this.begunBefore(to);
        for (let chunk = 0; chunk * CHUNK < stop; chunk++) {
            if (this.chunkEnds[chunk] <= from) {
                continue;
            }
            const last = Math.min(stop, (chunk + 1) * CHUNK);
            for (let life = chunk * CHUNK; life < last; life++) {
                if (end[life] > from) {
                    visit(life);
                }
            }
        }
    }

    // The lives that are there after an operation, by address.
    livesAfter(operation) {
        const found = [];
        this.visitLives(operation, operation + 1, (life) => found.push(life));
        return found.sort((one, other) => this.lives.low[one] - this.lives.low[other]);
    }

    // The largest hole after an operation: its size, and the blocks above it, their number and bytes.
    largestHole(operation) {
        const {low, high, size} = this.lives;
        const there = this.livesAfter(operation);
        let largest = {size: 0, place: 0};
        let end = this.floor;
        there.forEach((life, place) => {
            if (low[life] - end > largest.size) {
                largest = {size: low[life] - end, place};
            }
            end = high[life];
        });
        const above = there.slice(largest.place);
        return {size: largest.size, above: above.length, used: above.reduce((sum, life) => sum + size[life], 0)};
    }

    // The life that covers most of a rectangle of times and addresses, -1 if there is none.
    lifeAt(from, to, low, high) {
        const {lives} = this;
        let best = -1;
        let most = 0;
        this.visitLives(from, to, (life) => {
            const time = Math.min(to, lives.end[life]) - Math.max(from, lives.start[life]);
            const bytes = Math.min(high, lives.high[life]) - Math.max(low, lives.low[life]);
            if (bytes > 0 && time * bytes > most) {
                most = time * bytes;
                best = life;
            }
        });
        return best;
    }

    // The first operation after which a series is at its highest.
    peakOf(name) {
        const values = this.series[name];
        let peak = 0;
        for (let operation = 1; operation < this.operations; operation++) {
            peak = values[operation] > values[peak] ? operation : peak;
        }
        return peak;
    }

    kindOf(life) {
        return KIND_NAMES[this.kinds[this.lives.kind[life]]];
    }

    siteOf(life) {
        return this.lives.site[life] > 0 ? this.sites[this.lives.site[life] - 1] : "";
    }

    // What is live after an operation, by site, the most bytes first: {site, bytes as requested, blocks, largest life}.
    // The site is its number, 0 for all that are not known.
    liveBySite(operation) {
        const {site, requested} = this.lives;
        const found = new Map();
        this.visitLives(operation, operation + 1, (life) => {
            const entry = found.get(site[life]) ?? {site: site[life], bytes: 0, blocks: 0, largest: life};
            entry.bytes += requested[life];
            entry.blocks += 1;
            entry.largest = requested[life] > requested[entry.largest] ? life : entry.largest;
            found.set(site[life], entry);
        });
        return [...found.values()].sort((one, other) => other.bytes - one.bytes || one.site - other.site);
    }

    // When the block was allocated that this life is a part of: a realloc makes it no younger.
    birthOf(life) {
        return this.lives.start[this.lives.first[life]];
    }

    failureAt(operation) {
        return this.failures.index.indexOf(operation);
    }

    // What an operation did, in words.
    describe(operation) {
        const begun = this.begunAt[operation];
        const ended = this.endedAt[operation];
        const failed = this.failureAt(operation);
        if (failed >= 0) {
            const site = this.failures.site[failed];
            const from = site > 0 ? `, from\n${this.sites[site - 1]}` : "";
            return `a request of ${grouped(this.failures.requested[failed])} bytes failed${from}`;
        }
        if (begun >= 0) {
            const call = `${this.kindOf(begun)}(${grouped(this.lives.requested[begun])})`;
            return ended >= 0 ? `${call}, ${this.howResized(ended, begun)}` : call;
        }
        return ended >= 0 ? `free of ${grouped(this.lives.requested[ended])} bytes` : "nothing to free";
    }

    howResized(before, after) {
        const where = this.lives.address[before] === this.lives.address[after] ? "in place" : "moved";
        return `${where}, before ${grouped(this.lives.requested[before])}`;
    }

    // Where the bytes of the region are after an operation; the sum is the region.
    shares(operation) {
        const {region, top, payload, used} = this.series;
        const end = top[operation] - this.header; // of the highest block
        const control = Math.min(this.floor, region[operation]);
        return {
            control,
            payload: payload[operation],
            overhead: used[operation] - payload[operation],
            holes: Math.max(end - control - used[operation], 0),
            idle: Math.max(region[operation] - Math.max(end, control), 0),
        };
    }
}
