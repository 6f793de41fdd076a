// SPDX-License-Identifier: Apache-2.0 OR MIT

#![doc = include_str!("../README.md")]
#![no_std]
#![warn(missing_docs)]

mod ffi;
mod heap;
mod policy;
mod statistics;
mod store;
#[cfg(feature = "tock")]
mod tock_break;

pub use heap::{Fault, Heap};
pub use policy::{Policy, Strategy};
pub use statistics::Statistics;
pub use store::{BreakFunction, Sbrk, Span, Store, Traits};
#[cfg(feature = "tock")]
pub use tock_break::TockBreak;
