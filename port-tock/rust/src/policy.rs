// SPDX-License-Identifier: Apache-2.0 OR MIT

//! When the end of the region moves, laid out as the C side has it.

/// Which way the end of the region may move, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Strategy {
    /// Grow when needed, give back what stays idle at the end.
    GrowAndReturn = 0,
    /// Grow when needed, give back only on [`Heap::trim`](crate::Heap::trim).
    GrowOnly = 1,
    /// Take everything at the start, and never move the end again.
    Fixed = 2,
}

/// When the end of the region moves: the fields are explained in `ebb/heap.h`. 0 means the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Policy {
    /// Which way it may move.
    pub strategy: Strategy,
    /// The region never exceeds this many bytes.
    pub maximum: usize,
    /// The region grows by this many bytes at a time.
    pub quantum: usize,
    /// With a quantum: the bytes that may stay idle at the end.
    pub return_above: usize,
    /// Without a quantum: the price of one move, in bytes idle for one call.
    pub move_price: u32,
}

impl Policy {
    /// Grow and return, as the heap sees fit, without a limit.
    pub const DEFAULT: Policy =
        Policy { strategy: Strategy::GrowAndReturn, maximum: 0, quantum: 0, return_above: 0, move_price: 0 };
}

impl Default for Policy {
    fn default() -> Self {
        Policy::DEFAULT
    }
}
