// SPDX-License-Identifier: Apache-2.0 OR MIT

//! Where a heap gets its memory from.

/// Memory that a store has added: `size` bytes from `start`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The lowest address of it.
    pub start: *mut u8,
    /// Bytes, at least one.
    pub size: usize,
}

/// What a store's memory is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// The end of the region is best moved to multiples of this address, a power of two; 1 if any will do.
    pub granule: usize,
    /// Whether all memory that is added is zero, also where the region had been before.
    pub fresh_is_zero: bool,
}

impl Default for Traits {
    fn default() -> Self {
        Traits { granule: 1, fresh_is_zero: false }
    }
}

/// A backing store: it moves the end of one region. The contract is that of `ebb/store.h`.
///
/// # Safety
///
/// Memory that [`grow`](Store::grow) returns is nobody else's until [`shrink`](Store::shrink) has taken it back, or for
/// good. No function makes use of the heap that calls it, nor unwinds.
pub unsafe trait Store {
    /// Called before everything else: what the memory will be like. If the heap cannot be created then, it is called
    /// again before the next try.
    fn start(&mut self) -> Traits {
        Traits::default()
    }

    /// Adds at least `size` bytes at the end of the region and returns what was really added, less and more being
    /// fine too; `None` if nothing was. The start may lie above the old end, never below.
    fn grow(&mut self, size: usize) -> Option<Span>;

    /// Takes back at most `size` bytes from the end of the region and returns how many it took; 0 if it took none.
    fn shrink(&mut self, size: usize) -> usize;
}

/// Moves a break by a number of bytes, negative to give memory back and 0 to ask only, and returns the break as it was
/// before, or `None` if it refuses to move it.
pub type BreakFunction = fn(bytes: isize) -> Option<*mut u8>;

/// A store on a break that a [`BreakFunction`] moves, or a closure like it.
///
/// Nobody has to tell the heap if others move the break as well: a growth that starts elsewhere is taken as it comes,
/// and nothing is given back while somebody else's memory is on top.
///
/// Most breaks refuse to move by more than there is, and so do not move at all when they are asked for everything:
/// [`Strategy::Fixed`](crate::Strategy::Fixed) needs a maximum here.
pub struct Sbrk<F> {
    sbrk: F,
    end: usize,
}

impl<F: FnMut(isize) -> Option<*mut u8>> Sbrk<F> {
    /// A store on the break that `sbrk` moves.
    ///
    /// # Safety
    ///
    /// What lies between the old break and the new one, after `sbrk` has accepted a positive number, is the caller's.
    /// `sbrk` makes no use of the heap that it is for, nor does it unwind.
    pub const unsafe fn new(sbrk: F) -> Self {
        Sbrk { sbrk, end: 0 }
    }
}

// Safety: the one who called new() has answered for it.
unsafe impl<F: FnMut(isize) -> Option<*mut u8>> Store for Sbrk<F> {
    fn grow(&mut self, size: usize) -> Option<Span> {
        let start = (self.sbrk)(isize::try_from(size).ok()?)?;
        // A break that somebody has lowered into our region does not move the region's end.
        if start as usize >= self.end {
            // Of memory up to the last address, that is 0.
            self.end = (start as usize).wrapping_add(size);
        }
        Some(Span { start, size })
    }

    fn shrink(&mut self, size: usize) -> usize {
        let bytes = match isize::try_from(size) {
            Ok(bytes) => bytes,
            Err(_) => return 0,
        };
        // Somebody else's memory would be gone before an answer could tell.
        if (self.sbrk)(0).map(|end| end as usize) != Some(self.end) || (self.sbrk)(-bytes).is_none() {
            return 0;
        }
        self.end = self.end.wrapping_sub(size);
        size
    }
}
