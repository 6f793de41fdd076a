// SPDX-License-Identifier: Apache-2.0 OR MIT

//! The figures of a heap, laid out as the C side has them.

/// What a heap holds, and what it has done since it was created; the fields are those of `ebb/heap.h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
#[repr(C)]
pub struct Statistics {
    pub live_bytes: usize,
    pub peak_live_bytes: usize,
    pub region_bytes: usize,
    pub peak_region_bytes: usize,
    pub largest_request: usize,
    pub failed_requests: u32,
    pub grows: u32,
    pub shrinks: u32,
    pub refusals: u32,
}
