// SPDX-License-Identifier: Apache-2.0 OR MIT

//! What `ebb/heap.h` and `ebb/store.h` declare, as far as it is used here; what users see of that has files of its own.

use core::ffi::c_void;
use core::ptr;

use crate::policy::Policy;
use crate::statistics::Statistics;

#[repr(C)]
pub struct Heap {
    opaque: [u8; 0],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Span {
    pub start: *mut c_void,
    pub size: usize,
}

pub type Grow = unsafe extern "C" fn(context: *mut c_void, size: usize) -> Span;
pub type Shrink = unsafe extern "C" fn(context: *mut c_void, size: usize) -> usize;

#[repr(C)]
pub struct Store {
    pub grow: Option<Grow>,
    pub shrink: Option<Shrink>,
    pub context: *mut c_void,
    pub granule: usize,
    pub fresh_is_zero: bool,
}

impl Store {
    /// No store yet. All zero, so that a static one takes no flash.
    pub const NONE: Store =
        Store { grow: None, shrink: None, context: ptr::null_mut(), granule: 0, fresh_is_zero: false };
}

pub type FaultHandler = unsafe extern "C" fn(context: *mut c_void, fault: u32, address: *const c_void);

extern "C" {
    pub fn ebb_create(store: *const Store, policy: *const Policy) -> *mut Heap;
    pub fn ebb_set_policy(heap: *mut Heap, policy: *const Policy) -> bool;
    pub fn ebb_set_secret(heap: *mut Heap, secret: u64) -> bool;
    pub fn ebb_set_fault_handler(heap: *mut Heap, handler: Option<FaultHandler>, context: *mut c_void);
    pub fn ebb_alloc(heap: *mut Heap, size: usize) -> *mut c_void;
    pub fn ebb_calloc(heap: *mut Heap, count: usize, size: usize) -> *mut c_void;
    pub fn ebb_aligned_alloc(heap: *mut Heap, alignment: usize, size: usize) -> *mut c_void;
    pub fn ebb_realloc(heap: *mut Heap, block: *mut c_void, size: usize) -> *mut c_void;
    pub fn ebb_free_sized(heap: *mut Heap, block: *mut c_void, size: usize);
    pub fn ebb_trim(heap: *mut Heap) -> usize;
    pub fn ebb_get_statistics(heap: *const Heap, statistics: *mut Statistics);
}
