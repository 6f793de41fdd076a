// SPDX-License-Identifier: Apache-2.0 OR MIT

//! The break of a Tock process, moved by the store of `ebb/tock_store.h`.

use core::ffi::c_void;
use core::ptr;

use crate::ffi;
use crate::heap::Heap;
use crate::store::{Span, Store, Traits};

/// `struct ebb_tock_store`; `tests/rust/record.c` does not compile if that becomes another.
#[repr(C)]
struct Record {
    store: ffi::Store,
    end: usize,
    lowest: usize,
    highest: usize,
}

extern "C" {
    fn ebb_tock_store_init(record: *mut Record);
    fn ebb_tock_store_reserve(record: *mut Record, bytes: usize) -> bool;
}

/// The store of a Tock process: what is not held can be had by grants. It knows that a kernel may refuse any move, that
/// shared buffers pin the break, and that others may move it too.
pub struct TockBreak {
    record: Record,
    fresh_is_zero: bool,
}

impl TockBreak {
    /// `fresh_is_zero`: whether the kernel clears all memory that it adds, as kernels after April 2026 do. If in doubt,
    /// false.
    ///
    /// # Safety
    ///
    /// Runs in a Tock process, once: another heap on the same break would be taken for somebody else.
    pub const unsafe fn new(fresh_is_zero: bool) -> Self {
        TockBreak { record: Record { store: ffi::Store::NONE, end: 0, lowest: 0, highest: 0 }, fresh_is_zero }
    }

    /// The C functions find the record where it is now.
    fn context(&mut self) -> *mut c_void {
        ptr::addr_of_mut!(self.record).cast()
    }
}

// Safety: memory between the break as it was and as it is, is the process's.
unsafe impl Store for TockBreak {
    fn start(&mut self) -> Traits {
        // Safety: the record is valid for writing.
        unsafe { ebb_tock_store_init(ptr::addr_of_mut!(self.record)) };
        Traits { granule: self.record.store.granule, fresh_is_zero: self.fresh_is_zero }
    }

    fn grow(&mut self, size: usize) -> Option<Span> {
        let grow = self.record.store.grow?;
        // Safety: the callback is that of this record.
        let span = unsafe { grow(self.context(), size) };
        (span.size != 0).then(|| Span { start: span.start.cast(), size: span.size })
    }

    fn shrink(&mut self, size: usize) -> usize {
        match self.record.store.shrink {
            // Safety: the callback is that of this record.
            Some(shrink) => unsafe { shrink(self.context(), size) },
            None => 0,
        }
    }
}

impl Heap<TockBreak> {
    /// Reserves `bytes` for the grants of drivers that the app uses for the first time from now on, giving back idle
    /// memory if it has to, and starts the heap first if it does not run. The heap leaves that much free, measured as
    /// the board's memory protection rounds its end, until grants take it: a reserve of what all drivers to come need
    /// is used up when they all have come. Replaces an earlier reserve; 0 ends it.
    ///
    /// Returns whether that much is free now. If not, the heap does not grow; what is in use stays. Also false if the
    /// heap could not be started.
    pub fn reserve(&self, bytes: usize) -> bool {
        let store = self.running_store();
        if store.is_null() {
            return false;
        }
        // Safety: the record is that of a store that has started, and the heap does not use it meanwhile.
        let reserve = || unsafe { ebb_tock_store_reserve(ptr::addr_of_mut!((*store).record), bytes) };
        // Asked again, because it is not the heap alone that may be in the way.
        reserve() || {
            self.trim();
            reserve()
        }
    }
}
