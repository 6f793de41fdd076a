// SPDX-License-Identifier: Apache-2.0 OR MIT

//! The heap on a store in Rust: on a break that a closure moves, in memory that may not all be had.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::os::raw::c_char;
use std::rc::Rc;

use ebb::{Fault, Heap, Policy, Sbrk, Span, Statistics, Store, Strategy, Traits};

const ARENA: usize = 1 << 20;

/// A break in memory of its own, and who else has moved it.
struct Arena {
    memory: Box<[u128]>,
    used: Cell<usize>,
    limit: Cell<usize>,
    calls: Cell<usize>,
}

impl Arena {
    fn new() -> Rc<Arena> {
        let memory = vec![u128::MAX; ARENA / 16].into_boxed_slice();
        Rc::new(Arena { memory, used: Cell::new(0), limit: Cell::new(ARENA), calls: Cell::new(0) })
    }

    fn start(&self) -> *mut u8 {
        self.memory.as_ptr() as *mut u8
    }

    fn sbrk(&self, bytes: isize) -> Option<*mut u8> {
        self.calls.set(self.calls.get() + 1);
        let old = self.used.get();
        let new = usize::try_from(isize::try_from(old).unwrap() + bytes).ok()?;
        if new > self.limit.get() && bytes > 0 {
            return None;
        }
        self.used.set(new);
        Some(self.start().wrapping_add(old))
    }
}

fn heap_on(arena: &Rc<Arena>, policy: Policy) -> Box<Heap<impl Store>> {
    let arena = Rc::clone(arena);
    // In a box, it stays where it is.
    Box::new(unsafe { Heap::with_policy(Sbrk::new(move |bytes| arena.sbrk(bytes)), policy) })
}

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).unwrap()
}

unsafe fn is_all(block: *const u8, size: usize, value: u8) -> bool {
    std::slice::from_raw_parts(block, size).iter().all(|&byte| byte == value)
}

extern "C" {
    fn ebb_version() -> *const c_char;
}

#[test]
fn crate_and_library_are_of_one_version() {
    let library = unsafe { CStr::from_ptr(ebb_version()) };
    assert_eq!(library.to_str(), Ok(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_secret_starts_the_heap_and_may_come_at_any_time() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    arena.limit.set(0);
    assert!(!heap.set_secret(1));
    arena.limit.set(ARENA);
    assert!(heap.set_secret(1));
    assert!(arena.used.get() > 0);
    unsafe {
        let block = heap.alloc(layout(20, 8));
        assert!(!block.is_null());
        assert!(heap.set_secret(2));
        heap.dealloc(block, layout(20, 8));
    }
    assert_eq!(heap.statistics().live_bytes, 0);
}

#[test]
fn nothing_is_taken_before_the_first_allocation() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    assert_eq!(heap.statistics(), Statistics::default());
    assert_eq!(heap.trim(), 0);
    assert_eq!(arena.calls.get(), 0);
}

#[test]
fn blocks_have_size_and_alignment_and_go_back() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    let mut blocks = Vec::new();
    for round in 0..400usize {
        let layout = layout(1 + round * 37 % 700, 1 << (round % 9));
        let block = unsafe { heap.alloc(layout) };
        assert!(!block.is_null());
        assert_eq!(block as usize % layout.align(), 0);
        unsafe { block.write_bytes(round as u8, layout.size()) };
        blocks.push((block, layout, round as u8));
    }
    for &(block, layout, value) in &blocks {
        assert!(unsafe { is_all(block, layout.size(), value) });
    }
    for (block, layout, _) in blocks {
        unsafe { heap.dealloc(block, layout) };
    }
    assert_eq!(heap.statistics().live_bytes, 0);
    assert_eq!(heap.statistics().failed_requests, 0);
    heap.trim();
    assert!(arena.used.get() < 4096, "{} bytes are still held", arena.used.get());
}

#[test]
fn zeroed_is_zero_where_others_have_written() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    unsafe {
        let fresh = heap.alloc_zeroed(layout(3000, 8));
        assert!(is_all(fresh, 3000, 0));
        heap.dealloc(fresh, layout(3000, 8));
    }
    for align in [1, 8, 64, 1024] {
        let layout = layout(3000, align);
        unsafe {
            let dirty = heap.alloc(layout);
            dirty.write_bytes(0xee, 3000);
            heap.dealloc(dirty, layout);
            let clean = heap.alloc_zeroed(layout);
            assert!(is_all(clean, 3000, 0));
            assert_eq!(clean as usize % align, 0);
            heap.dealloc(clean, layout);
        }
    }
}

#[test]
fn realloc_keeps_content_and_alignment() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    for align in [4, 8, 32, 256] {
        unsafe {
            let mut block = heap.alloc(layout(100, align));
            block.write_bytes(7, 100);
            let in_the_way = heap.alloc(layout(24, 8));
            for (old, new) in [(100, 900), (900, 50), (50, 5000), (5000, 64)] {
                block = heap.realloc(block, layout(old, align), new);
                assert_eq!(block as usize % align, 0);
                assert!(is_all(block, old.min(new).min(50), 7));
            }
            heap.dealloc(block, layout(64, align));
            heap.dealloc(in_the_way, layout(24, 8));
        }
    }
    assert_eq!(heap.statistics().live_bytes, 0);
}

#[test]
fn failed_realloc_leaves_the_block() {
    let arena = Arena::new();
    arena.limit.set(8192);
    let heap = heap_on(&arena, Policy::DEFAULT);
    for align in [8, 128] {
        unsafe {
            let block = heap.alloc(layout(1000, align));
            block.write_bytes(9, 1000);
            assert!(heap.realloc(block, layout(1000, align), 100_000).is_null());
            assert!(is_all(block, 1000, 9));
            heap.dealloc(block, layout(1000, align));
        }
    }
    assert_eq!(heap.statistics().failed_requests, 2);
    assert_eq!(heap.statistics().live_bytes, 0);
}

#[test]
fn exhaustion_is_null_and_passes() {
    let arena = Arena::new();
    arena.limit.set(0);
    let heap = heap_on(&arena, Policy::DEFAULT);
    assert!(unsafe { heap.alloc(layout(8, 8)) }.is_null());
    assert!(unsafe { heap.alloc_zeroed(layout(8, 64)) }.is_null());
    arena.limit.set(4096);
    let block = unsafe { heap.alloc(layout(2000, 8)) };
    assert!(!block.is_null());
    assert!(unsafe { heap.alloc(layout(4000, 8)) }.is_null());
    assert!(unsafe { heap.alloc_zeroed(layout(4000, 64)) }.is_null());
    unsafe { heap.dealloc(block, layout(2000, 8)) };
}

#[test]
fn maximum_is_kept_and_can_be_changed() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy { maximum: 4096, ..Policy::DEFAULT });
    let block = unsafe { heap.alloc(layout(3000, 8)) };
    assert!(!block.is_null());
    assert!(unsafe { heap.alloc(layout(3000, 8)) }.is_null());
    assert!(!heap.set_policy(Policy { maximum: 1000, ..Policy::DEFAULT }));
    assert!(heap.set_policy(Policy { strategy: Strategy::GrowOnly, ..Policy::DEFAULT }));
    let other = unsafe { heap.alloc(layout(3000, 8)) };
    assert!(!other.is_null());
    unsafe {
        heap.dealloc(other, layout(3000, 8));
        heap.dealloc(block, layout(3000, 8));
    }
    assert!(heap.statistics().region_bytes > 6000, "it grows only");
    assert!(heap.trim() > 5000);
}

#[test]
fn a_malformed_policy_is_refused_before_the_start_too() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    assert!(!heap.set_policy(Policy { maximum: 8, ..Policy::DEFAULT }));
    assert!(!unsafe { heap.alloc(layout(100, 8)) }.is_null());
}

#[test]
fn a_policy_that_is_replaced_need_not_have_been_one() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy { maximum: 8, ..Policy::DEFAULT });
    assert!(unsafe { heap.alloc(layout(100, 8)) }.is_null());
    assert!(heap.set_policy(Policy { maximum: 4096, ..Policy::DEFAULT }));
    assert!(!unsafe { heap.alloc(layout(100, 8)) }.is_null());
    assert!(unsafe { heap.alloc(layout(5000, 8)) }.is_null());
}

/// The bytes at the break that stay after two blocks were allocated and freed.
fn kept_under(policy: Policy) -> usize {
    let arena = Arena::new();
    let heap = heap_on(&arena, policy);
    unsafe {
        for _ in 0..2 {
            let block = heap.alloc(layout(50_000, 8));
            assert!(!block.is_null());
            heap.dealloc(block, layout(50_000, 8));
        }
    }
    arena.used.get()
}

#[test]
fn every_part_of_the_policy_counts() {
    let quantum = Policy { quantum: 200_000, ..Policy::DEFAULT };
    assert!(kept_under(quantum) >= 200_000);
    let steps = Policy { quantum: 4096, return_above: 4096, ..Policy::DEFAULT };
    assert!(kept_under(steps) < 20_000);
    assert!(kept_under(Policy { return_above: 100_000, ..steps }) > 50_000);
    assert!(kept_under(Policy { move_price: 1, ..Policy::DEFAULT }) < 20_000);
    assert!(kept_under(Policy { move_price: u32::MAX, ..Policy::DEFAULT }) > 50_000);
}

#[test]
fn statistics_tell_all_apart() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy { strategy: Strategy::GrowOnly, quantum: 4096, ..Policy::DEFAULT });
    unsafe {
        let small = heap.alloc(layout(1000, 8));
        let block = heap.alloc(layout(20_000, 8));
        heap.dealloc(block, layout(20_000, 8));
        let peak = arena.used.get();
        assert!(heap.trim() > 16_000);
        arena.limit.set(arena.used.get());
        assert!(heap.alloc(layout(9_000, 8)).is_null());
        let found = heap.statistics();
        assert!((1000..1100).contains(&found.live_bytes));
        assert!((21_000..21_100).contains(&found.peak_live_bytes));
        assert!(found.region_bytes <= arena.used.get() && arena.used.get() - found.region_bytes < 16);
        assert!(found.peak_region_bytes <= peak && peak - found.peak_region_bytes < 16);
        assert_eq!((found.largest_request, found.failed_requests), (20_000, 1));
        assert_eq!((found.grows, found.shrinks), (3, 1), "the heap's own record needs memory first");
        assert!(found.refusals >= 1 && found.refusals as usize <= arena.calls.get());
        heap.dealloc(small, layout(1000, 8));
    }
}

thread_local! {
    static FAULTS: RefCell<Vec<(Fault, usize)>> = const { RefCell::new(Vec::new()) };
}

fn remember(fault: Fault, address: *const u8) {
    FAULTS.with(|faults| faults.borrow_mut().push((fault, address as usize)));
}

#[test]
fn faults_are_told_and_change_nothing() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    unsafe { heap.on_fault(remember) };
    unsafe {
        let block = heap.alloc(layout(100, 8));
        let other = heap.alloc(layout(100, 8));
        let live = heap.statistics().live_bytes;
        heap.dealloc(block, layout(500, 8));
        heap.dealloc(block.add(1), layout(100, 1));
        assert_eq!(heap.statistics().live_bytes, live);
        heap.dealloc(block, layout(100, 8));
        heap.dealloc(block, layout(100, 8));
        heap.dealloc(other, layout(100, 8));
        let told = FAULTS.with(|faults| faults.borrow().clone());
        assert_eq!(
            told,
            [(Fault::Size, block as usize), (Fault::Foreign, block as usize + 1), (Fault::Freed, block as usize)]
        );
    }
}

#[test]
fn a_header_overwritten_is_told() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    unsafe { heap.on_fault(remember) };
    unsafe {
        let block = heap.alloc(layout(100, 8));
        block.sub(4).write_bytes(0xff, 4);
        heap.dealloc(block, layout(100, 8));
        let told = FAULTS.with(|faults| faults.borrow().clone());
        assert_eq!(told, [(Fault::Corrupt, block as usize)]);
    }
}

/// Says to have taken back more than it was offered.
struct Liar<S>(S);

unsafe impl<S: Store> Store for Liar<S> {
    fn grow(&mut self, size: usize) -> Option<Span> {
        self.0.grow(size)
    }

    fn shrink(&mut self, size: usize) -> usize {
        size + 8
    }
}

#[test]
fn a_store_that_lies_is_told() {
    let arena = Arena::new();
    let sbrk = unsafe { Sbrk::new(|bytes| arena.sbrk(bytes)) };
    let heap = Box::new(unsafe { Heap::new(Liar(sbrk)) });
    unsafe { heap.on_fault(remember) };
    unsafe {
        let block = heap.alloc(layout(5000, 8));
        heap.dealloc(block, layout(5000, 8));
    }
    heap.trim();
    let told = FAULTS.with(|faults| faults.borrow().clone());
    assert!(matches!(told[..], [(Fault::Store, _), ..]), "{told:?}");
}

#[test]
fn a_break_moves_by_no_more_than_half_of_all_addresses() {
    let arena = Arena::new();
    let mut store = unsafe { Sbrk::new(|bytes| arena.sbrk(bytes)) };
    assert_eq!(store.grow(1000), Some(Span { start: arena.start(), size: 1000 }));
    for size in [usize::MAX, usize::MAX - 99, usize::MAX / 2 + 1] {
        assert_eq!(store.grow(size), None);
        assert_eq!(store.shrink(size), 0);
    }
    assert_eq!(arena.used.get(), 1000);
    assert_eq!(store.shrink(600), 600);
    assert_eq!(arena.used.get(), 400);
}

/// The end of what it holds is then beyond what an address can say: 0.
#[test]
fn a_break_may_come_to_the_end_of_all_addresses() {
    let end = Cell::new(0usize.wrapping_sub(100));
    let sbrk = |bytes: isize| Some(end.replace(end.get().wrapping_add(bytes as usize)) as *mut u8);
    let mut store = unsafe { Sbrk::new(sbrk) };
    let start = end.get() as *mut u8;
    assert_eq!(store.grow(100), Some(Span { start, size: 100 }));
    assert_eq!(end.get(), 0);
    assert_eq!(store.shrink(60), 60);
    assert_eq!(end.get(), 0usize.wrapping_sub(60));
    assert_eq!(store.shrink(40), 40);
}

#[test]
fn a_shrink_that_is_refused_takes_nothing() {
    let arena = Arena::new();
    let refusing = Cell::new(true);
    let mut store = unsafe { Sbrk::new(|bytes| if bytes < 0 && refusing.get() { None } else { arena.sbrk(bytes) }) };
    assert!(store.grow(1000).is_some());
    assert_eq!(store.shrink(600), 0);
    refusing.set(false);
    assert_eq!(store.shrink(600), 600);
    assert_eq!(arena.used.get(), 400);
}

#[test]
fn others_on_the_break_are_left_alone() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy::DEFAULT);
    unsafe {
        let block = heap.alloc(layout(5000, 8));
        let theirs = arena.sbrk(64).unwrap();
        theirs.write_bytes(0x55, 64);
        heap.dealloc(block, layout(5000, 8));
        let used = arena.used.get();
        assert_eq!(heap.trim(), 0);
        assert_eq!(arena.used.get(), used);
        let beyond = heap.alloc(layout(60_000, 8));
        assert!(!beyond.is_null());
        beyond.write_bytes(1, 60_000);
        assert!(is_all(theirs, 64, 0x55));
        heap.dealloc(beyond, layout(60_000, 8));
    }
}

#[test]
fn a_break_lowered_by_others_is_not_lowered_further() {
    let arena = Arena::new();
    let heap = heap_on(&arena, Policy { strategy: Strategy::GrowOnly, ..Policy::DEFAULT });
    unsafe {
        let block = heap.alloc(layout(5000, 8));
        let idle = heap.alloc(layout(4000, 8));
        heap.dealloc(idle, layout(4000, 8));
        arena.sbrk(-6000).unwrap();
        assert!(heap.alloc(layout(6000, 8)).is_null());
        let used = arena.used.get();
        assert_eq!(heap.trim(), 0);
        heap.dealloc(block, layout(5000, 8));
        assert_eq!(heap.trim(), 0);
        assert_eq!(arena.used.get(), used);
    }
}

/// Gives what it has in one piece, once, and says that it is zero.
struct OnePiece {
    span: Option<Span>,
    granted: usize,
}

unsafe impl Store for OnePiece {
    fn start(&mut self) -> Traits {
        Traits { granule: 64, fresh_is_zero: true }
    }

    fn grow(&mut self, size: usize) -> Option<Span> {
        assert!(size > 0);
        let span = self.span.take();
        self.granted += span.map_or(0, |span| span.size);
        span
    }

    fn shrink(&mut self, size: usize) -> usize {
        assert!(size <= self.granted);
        0
    }
}

/// A lie is believed, and shows that it was.
#[test]
fn memory_is_not_cleared_twice() {
    let mut memory = vec![u128::MAX; 1024];
    let span = Span { start: memory.as_mut_ptr().cast(), size: 16 * 1024 };
    let heap = Box::new(unsafe { Heap::new(OnePiece { span: Some(span), granted: 0 }) });
    unsafe {
        let block = heap.alloc_zeroed(layout(1000, 8));
        assert_eq!(*block.add(500), 0xff);
    }
}

#[test]
fn a_store_may_give_all_it_has_and_take_nothing_back() {
    let mut memory = vec![0u128; 1024];
    let span = Span { start: memory.as_mut_ptr().cast(), size: 16 * 1024 };
    let heap = Box::new(unsafe { Heap::new(OnePiece { span: Some(span), granted: 0 }) });
    unsafe {
        let block = heap.alloc_zeroed(layout(9000, 8));
        assert!(is_all(block, 9000, 0));
        assert!(heap.alloc(layout(9000, 8)).is_null());
        heap.dealloc(block, layout(9000, 8));
        assert_eq!(heap.trim(), 0);
        assert_eq!(heap.statistics().region_bytes, 16 * 1024);
    }
}
