// SPDX-License-Identifier: Apache-2.0 OR MIT

//! The heap: a global allocator over the functions of `ebb/heap.h`.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ffi::c_void;
use core::mem;
use core::ptr;
use core::sync::atomic::{compiler_fence, Ordering};

use crate::ffi;
use crate::policy::Policy;
use crate::statistics::Statistics;
use crate::store::Store;

/// Every block begins at a multiple of this, in every geometry of ebb.
const ALWAYS_ALIGNED: usize = 8;

/// A mistake of the heap's user or of its store. The faulty call has changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The pointer is misaligned, or outside the blocks of the heap.
    Foreign,
    /// The block is not in use: a double free.
    Freed,
    /// The layout has a size that the block does not have.
    Size,
    /// The header contradicts its surroundings: it was overwritten, or no block starts there.
    Corrupt,
    /// The store claims to have done what it was not asked for.
    Store,
}

struct State<S> {
    store: S,
    policy: Policy, // to start under; once it runs, the C side has it
    on_fault: Option<fn(Fault, *const u8)>,
    record: ffi::Store,
    heap: *mut ffi::Heap, // null: it does not run yet
}

/// A heap on a store. It starts at the first allocation; if there is no memory for that, a later one tries again.
///
/// For one thread: nothing here locks. That fits a Tock app, whose upcalls run only while it yields. A heap that has
/// started must stay where it is, as a `static` does: the store's record in it is known to the C side by its address.
pub struct Heap<S> {
    state: UnsafeCell<State<S>>,
}

// Safety: only for the sake of a static; see above.
unsafe impl<S> Sync for Heap<S> {}

impl<S: Store> Heap<S> {
    /// A heap under the default policy.
    ///
    /// # Safety
    ///
    /// One thread alone uses the heap, and it is not moved once it was used.
    pub const unsafe fn new(store: S) -> Self {
        Self::with_policy(store, Policy::DEFAULT)
    }

    /// A heap under a policy of one's own. If the policy is malformed, every allocation fails.
    ///
    /// # Safety
    ///
    /// As [`Heap::new`].
    pub const unsafe fn with_policy(store: S, policy: Policy) -> Self {
        let record = ffi::Store::NONE;
        Heap { state: UnsafeCell::new(State { store, policy, on_fault: None, record, heap: ptr::null_mut() }) }
    }

    /// Replaces the policy, and starts the heap under it if it does not run. False, and the old one stays, if it is
    /// malformed or cannot be kept, or the heap cannot be started: see `ebb_set_policy()` and `ebb_create()`.
    pub fn set_policy(&self, policy: Policy) -> bool {
        // Safety: `heap` is null or runs.
        unsafe {
            let state = self.state.get();
            if !(*state).heap.is_null() {
                return ffi::ebb_set_policy((*state).heap, &policy);
            }
            let old = mem::replace(&mut (*state).policy, policy);
            Self::start(state);
            if (*state).heap.is_null() {
                (*state).policy = old;
            }
            !(*state).heap.is_null()
        }
    }

    /// Makes what protects the headers of blocks at hardening level 2 depend on `secret`, which nobody should be able
    /// to guess, and starts the heap if it does not run; at other levels that is all. False, and nothing changes, if
    /// it cannot be started, or a header is damaged: see `ebb_set_secret()`.
    pub fn set_secret(&self, secret: u64) -> bool {
        // Safety: `heap` is null or runs.
        unsafe {
            let heap = self.running();
            !heap.is_null() && ffi::ebb_set_secret(heap, secret)
        }
    }

    /// Faults are told to `handler` from now on.
    ///
    /// # Safety
    ///
    /// `handler` is called in the middle of an allocation, and makes no use of the heap, nor does it unwind.
    pub unsafe fn on_fault(&self, handler: fn(Fault, *const u8)) {
        (*self.state.get()).on_fault = Some(handler);
    }

    /// Gives back all idle memory at the end of the heap, and returns how many bytes the store took. For an app that is
    /// about to use a driver for the first time, or whose driver has answered that there is no memory.
    pub fn trim(&self) -> usize {
        // Safety: `heap` is null or runs.
        unsafe {
            let heap = (*self.state.get()).heap;
            if heap.is_null() {
                0
            } else {
                ffi::ebb_trim(heap)
            }
        }
    }

    /// The figures of the heap; all zero before the first allocation.
    pub fn statistics(&self) -> Statistics {
        let mut figures = Statistics::default();
        // Safety: `heap` is null or runs.
        unsafe {
            let heap = (*self.state.get()).heap;
            if !heap.is_null() {
                ffi::ebb_get_statistics(heap, &mut figures);
            }
        }
        figures
    }

    /// The running heap; null if it cannot be started.
    unsafe fn running(&self) -> *mut ffi::Heap {
        let state = self.state.get();
        if (*state).heap.is_null() {
            Self::start(state);
        }
        (*state).heap
    }

    /// The store of the running heap; null if the heap cannot be started.
    #[cfg(feature = "tock")]
    pub(crate) fn running_store(&self) -> *mut S {
        // Safety: the state is that of this heap.
        unsafe {
            if self.running().is_null() {
                ptr::null_mut()
            } else {
                ptr::addr_of_mut!((*self.state.get()).store)
            }
        }
    }

    #[cold]
    unsafe fn start(state: *mut State<S>) {
        let traits = (*state).store.start();
        (*state).record = ffi::Store {
            grow: Some(grow::<S>),
            shrink: Some(shrink::<S>),
            context: ptr::addr_of_mut!((*state).store).cast(),
            granule: traits.granule,
            fresh_is_zero: traits.fresh_is_zero,
        };
        (*state).heap = ffi::ebb_create(ptr::addr_of!((*state).record), ptr::addr_of!((*state).policy));
        if !(*state).heap.is_null() {
            ffi::ebb_set_fault_handler((*state).heap, Some(report::<S>), state.cast());
        }
    }
}

/*
 * The end of the region moves in these two functions and nowhere else. They are called by ebb, through a pointer, and
 * ebb is called as a foreign function: to the compiler both may read and write all memory, so that it moves no access
 * to the heap across a call, even where the system call itself is declared not to touch memory. The fences keep it so
 * if a store is inlined here.
 */

unsafe extern "C" fn grow<S: Store>(context: *mut c_void, size: usize) -> ffi::Span {
    compiler_fence(Ordering::SeqCst);
    let added = (*context.cast::<S>()).grow(size);
    compiler_fence(Ordering::SeqCst);
    match added {
        Some(span) => ffi::Span { start: span.start.cast(), size: span.size },
        None => ffi::Span { start: ptr::null_mut(), size: 0 },
    }
}

unsafe extern "C" fn shrink<S: Store>(context: *mut c_void, size: usize) -> usize {
    compiler_fence(Ordering::SeqCst);
    let taken = (*context.cast::<S>()).shrink(size);
    compiler_fence(Ordering::SeqCst);
    taken
}

unsafe extern "C" fn report<S>(context: *mut c_void, fault: u32, address: *const c_void) {
    let fault = match fault {
        1 => Fault::Foreign,
        2 => Fault::Freed,
        3 => Fault::Size,
        5 => Fault::Store,
        _ => Fault::Corrupt,
    };
    if let Some(handler) = (*context.cast::<State<S>>()).on_fault {
        handler(fault, address.cast());
    }
}

// Safety: blocks are as large and as aligned as was asked for, nobody else's, and there until they are freed; nothing
// unwinds.
unsafe impl<S: Store> GlobalAlloc for Heap<S> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let heap = self.running();
        if heap.is_null() {
            return ptr::null_mut();
        }
        if layout.align() <= ALWAYS_ALIGNED {
            ffi::ebb_alloc(heap, layout.size()).cast()
        } else {
            ffi::ebb_aligned_alloc(heap, layout.align(), layout.size()).cast()
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let heap = self.running();
        if heap.is_null() {
            return ptr::null_mut();
        }
        if layout.align() <= ALWAYS_ALIGNED {
            return ffi::ebb_calloc(heap, 1, layout.size()).cast();
        }
        let block = self.alloc(layout);
        if !block.is_null() {
            block.write_bytes(0, layout.size());
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let heap = (*self.state.get()).heap;
        if !heap.is_null() {
            ffi::ebb_free_sized(heap, block.cast(), layout.size());
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let heap = self.running();
        if heap.is_null() {
            return ptr::null_mut();
        }
        // A smaller size always stays where it is, and so does the alignment.
        if layout.align() <= ALWAYS_ALIGNED || new_size <= layout.size() {
            return ffi::ebb_realloc(heap, block.cast(), new_size).cast();
        }
        let larger = self.alloc(Layout::from_size_align_unchecked(new_size, layout.align()));
        if !larger.is_null() {
            ptr::copy_nonoverlapping(block, larger, layout.size());
            self.dealloc(block, layout);
        }
        larger
    }
}
