// SPDX-License-Identifier: Apache-2.0 OR MIT

//! A whole program, the standard library's part of it too, on ebb.

use std::cell::UnsafeCell;
use std::collections::{BTreeMap, HashMap, VecDeque};

use ebb::{BreakFunction, Heap, Sbrk};

const ARENA: usize = 4 << 20;

#[repr(align(16))]
struct Arena {
    memory: UnsafeCell<[u8; ARENA]>,
    used: UnsafeCell<usize>,
}

// Safety: this program has one thread.
unsafe impl Sync for Arena {}

static ARENA_MEMORY: Arena = Arena { memory: UnsafeCell::new([0; ARENA]), used: UnsafeCell::new(0) };

fn sbrk(bytes: isize) -> Option<*mut u8> {
    // Safety: one thread, and no reference to either cell lives on.
    unsafe {
        let old = *ARENA_MEMORY.used.get();
        let new = (old as isize).checked_add(bytes)?;
        if new < 0 || new as usize > ARENA {
            return None;
        }
        *ARENA_MEMORY.used.get() = new as usize;
        Some(ARENA_MEMORY.memory.get().cast::<u8>().add(old))
    }
}

#[global_allocator]
static HEAP: Heap<Sbrk<BreakFunction>> = unsafe { Heap::new(Sbrk::new(sbrk)) };

#[repr(align(64))]
#[derive(Clone)]
struct Aligned(u64);

fn words(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("word {}", number * 7919 % 1000)).collect()
}

fn main() {
    let before = HEAP.statistics().live_bytes;
    assert!(before > 0, "the standard library has allocated something by now");

    let words = words(20_000);
    let mut counts = HashMap::new();
    for word in &words {
        *counts.entry(word.as_str()).or_insert(0usize) += 1;
    }
    assert_eq!(counts.len(), 1000);
    assert_eq!(counts.values().sum::<usize>(), 20_000);
    let sorted: BTreeMap<_, _> = counts.iter().map(|(word, count)| (word.to_string(), *count)).collect();
    assert_eq!(sorted.keys().next().unwrap(), "word 0");

    let aligned = vec![Aligned(5); 500];
    assert!(aligned.iter().all(|one| one as *const Aligned as usize % 64 == 0 && one.0 == 5));

    let mut queue = VecDeque::new();
    for round in 0..50_000u64 {
        queue.push_back(Box::new([round; 4]));
        if round % 3 != 0 {
            let front = queue.pop_front().unwrap();
            assert!(front.iter().all(|&number| number == front[0]));
        }
    }
    let text: String = words.iter().flat_map(|word| word.chars()).rev().collect();
    assert_eq!(text.len(), words.iter().map(String::len).sum());

    let peak = HEAP.statistics().peak_region_bytes;
    drop((sorted, counts, aligned, queue, text));
    drop(words);
    HEAP.trim();
    let after = HEAP.statistics();
    assert_eq!(after.live_bytes, before, "all that was allocated is free again");
    assert!(after.region_bytes < peak / 10, "{} of {peak} bytes are still held", after.region_bytes);
    assert_eq!(after.failed_requests, 0);
    println!("test global ... ok: at most {peak} bytes, {} at the end", after.region_bytes);
}
