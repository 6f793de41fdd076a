// SPDX-License-Identifier: Apache-2.0 OR MIT

//! The heap on the break of a Tock process, before a kernel that follows Tock's rules for it: the same C code as in an
//! app, but for the instruction that enters the kernel.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;

use ebb::{Heap, Policy, Store, Strategy, TockBreak};

const BLOCK: usize = 65536;
const STATIC: usize = 4000;

/// What the kernel has not done.
const REFUSED: usize = usize::MAX;

/// The process of this thread: each test is a thread of its own.
struct Process {
    block: Cell<usize>,
    app_break: Cell<usize>,
    pinned: Cell<usize>,
    grants: Cell<usize>,
}

thread_local! {
    static PROCESS: Process = const {
        Process { block: Cell::new(0), app_break: Cell::new(0), pinned: Cell::new(0), grants: Cell::new(0) }
    };
}

fn start_process() {
    PROCESS.with(|process| {
        let memory = vec![0xa5a5_a5a5_a5a5_a5a5u64; BLOCK / 8 + 8192].leak();
        let block = (memory.as_ptr() as usize + BLOCK - 1) / BLOCK * BLOCK;
        let block = if block + BLOCK > memory.as_ptr_range().end as usize { memory.as_ptr() as usize } else { block };
        process.block.set(block);
        process.app_break.set(block + STATIC);
        process.pinned.set(block);
        process.grants.set(block + BLOCK - 1024);
    });
}

impl Process {
    fn brk(&self, new_break: usize) -> bool {
        let fits = new_break >= self.pinned.get() && new_break <= self.grants.get();
        if fits {
            self.app_break.set(new_break);
        }
        fits
    }

    /// A driver's first use.
    fn take_grant(&self, bytes: usize) -> bool {
        let start = self.grants.get() - bytes;
        let fits = start >= self.app_break.get();
        if fits {
            self.grants.set(start);
        }
        fits
    }
}

#[no_mangle]
pub extern "C" fn ebb_tock_memop(operation: u32, argument: usize) -> usize {
    PROCESS.with(|process| {
        let old = process.app_break.get();
        let (success, value) = match operation {
            0 => (process.brk(argument), 0),
            1 => (process.brk(old.wrapping_add(argument)), old),
            2 => (true, process.block.get()),
            3 => (true, process.block.get() + BLOCK),
            6 => (true, process.grants.get()),
            _ => (false, 0),
        };
        if success {
            value
        } else {
            REFUSED
        }
    })
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, 8).unwrap()
}

fn heap() -> Box<Heap<TockBreak>> {
    start_process();
    Box::new(unsafe { Heap::new(TockBreak::new(false)) })
}

extern "C" {
    static __bss_start: u8;
}

static IN_STATIC_MEMORY: Heap<TockBreak> = unsafe { Heap::new(TockBreak::new(false)) };

/// What is not zero has to lie in an app's flash as well, to be copied at the start.
#[test]
fn a_heap_that_has_not_started_is_zero() {
    let heap = std::ptr::addr_of!(IN_STATIC_MEMORY);
    assert_eq!(IN_STATIC_MEMORY.statistics().live_bytes, 0);
    let zeroed = unsafe { &__bss_start as *const u8 };
    assert!(heap as usize >= zeroed as usize);
}

#[test]
fn what_is_freed_can_be_a_grant() {
    let heap = heap();
    PROCESS.with(|process| unsafe {
        let start = process.app_break.get();
        let block = heap.alloc(layout(50_000));
        assert!(!block.is_null());
        block.write_bytes(1, 50_000);
        assert!(process.app_break.get() > start + 50_000);
        assert!(!process.take_grant(20_000));
        heap.dealloc(block, layout(50_000));
        heap.trim();
        assert!(process.take_grant(20_000));
        assert!(heap.alloc(layout(50_000)).is_null());
    });
}

#[test]
fn a_pinned_break_is_no_failure() {
    let heap = heap();
    PROCESS.with(|process| unsafe {
        let first = heap.alloc(layout(30_000));
        process.pinned.set(process.app_break.get() - 4000);
        heap.dealloc(first, layout(30_000));
        heap.trim();
        assert!(process.app_break.get() >= process.pinned.get());
        let second = heap.alloc(layout(40_000));
        assert!(!second.is_null());
        heap.dealloc(second, layout(40_000));
        assert_eq!(heap.statistics().failed_requests, 0);
    });
}

#[test]
fn the_heap_ends_at_the_grants() {
    let heap = heap();
    PROCESS.with(|process| unsafe {
        let mut taken = 0;
        while !heap.alloc(layout(1000)).is_null() {
            taken += 1;
        }
        assert!(process.app_break.get() <= process.grants.get());
        assert!(taken >= (BLOCK - 1024 - STATIC) / 1008 - 1, "{taken} blocks");
    });
}

/// As many blocks as there is room for; returns the bytes that were left free below the grants.
fn fill(heap: &Heap<TockBreak>, process: &Process) -> usize {
    unsafe { while !heap.alloc(layout(200)).is_null() {} }
    process.grants.get() - process.app_break.get()
}

/// A sixteenth of the block: what lies within is not told apart by the board's memory protection.
#[test]
fn the_break_stops_where_the_protection_can() {
    let heap = heap();
    PROCESS.with(|process| unsafe {
        let kept = heap.alloc(layout(5000));
        let block = heap.alloc(layout(30_000));
        heap.dealloc(block, layout(30_000));
        heap.trim();
        assert_eq!(process.app_break.get() % (BLOCK / 16), 0);
        heap.dealloc(kept, layout(5000));
    });
}

#[test]
fn the_store_gives_something_or_none() {
    start_process();
    let mut store = unsafe { TockBreak::new(false) };
    store.start();
    assert!(store.grow(BLOCK).is_none());
    assert_eq!(store.grow(100).map(|span| span.size), Some(100));
}

#[test]
fn a_reserve_is_left_to_grants() {
    let heap = heap();
    PROCESS.with(|process| {
        assert!(heap.reserve(5000));
        assert!(fill(&heap, process) >= 5000);
        assert!(process.take_grant(3000));
        assert!(process.take_grant(2000));
        assert!(unsafe { heap.alloc(layout(200)) }.is_null());
    });
}

#[test]
fn a_reserve_that_is_ended_can_be_allocated() {
    let heap = heap();
    PROCESS.with(|process| {
        assert!(heap.reserve(20_000));
        let left = fill(&heap, process);
        assert!(left >= 20_000);
        assert!(heap.reserve(0));
        assert!(fill(&heap, process) < left - 15_000);
    });
}

#[test]
fn a_reserve_takes_back_what_is_idle() {
    let heap = heap();
    PROCESS.with(|process| unsafe {
        assert!(heap.set_policy(Policy { strategy: Strategy::GrowOnly, ..Policy::DEFAULT }));
        let block = heap.alloc(layout(50_000));
        heap.dealloc(block, layout(50_000));
        assert!(!process.take_grant(30_000));
        assert!(heap.reserve(30_000));
        assert!(process.take_grant(30_000));
    });
}

#[test]
fn a_reserve_that_is_free_moves_nothing() {
    let heap = heap();
    PROCESS.with(|process| unsafe {
        assert!(heap.set_policy(Policy { strategy: Strategy::GrowOnly, ..Policy::DEFAULT }));
        let block = heap.alloc(layout(20_000));
        heap.dealloc(block, layout(20_000));
        let high = process.app_break.get();
        assert!(heap.reserve(10_000));
        assert_eq!(process.app_break.get(), high);
    });
}

#[test]
fn what_is_in_use_cannot_be_reserved() {
    let heap = heap();
    PROCESS.with(|process| unsafe {
        let block = heap.alloc(layout(50_000));
        assert!(!heap.reserve(20_000));
        assert!(heap.alloc(layout(5000)).is_null());
        heap.dealloc(block, layout(50_000));
        assert!(heap.reserve(20_000));
        assert!(process.take_grant(20_000));
    });
}
