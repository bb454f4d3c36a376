//! An allocator that counts, so that a target can hold an input to the memory it may ask for.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn add(size: usize) {
    let now = NOW.fetch_add(size, Relaxed) + size;
    MOST.fetch_max(now, Relaxed);
}

fn remove(size: usize) {
    NOW.fetch_sub(size, Relaxed);
}

// SAFETY: every call goes to the system's allocator as it came; only sizes are counted.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        remove(layout.size());
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(size);
        let moved = unsafe { System.realloc(pointer, layout, size) };
        remove(layout.size());
        moved
    }
}

/// Most memory that a reader may hold at once for an input.
#[derive(Clone, Copy)]
pub struct Bound {
    /// Bytes for each byte of the input.
    pub each: usize,
    /// Bytes besides.
    pub besides: usize,
}

impl Bound {
    /// Runs a reader over an input and fails if it held more at once.
    pub fn hold(self, input: usize, read: impl FnOnce()) {
        let before = NOW.load(Relaxed);
        MOST.store(before, Relaxed);
        read();
        let most = MOST.load(Relaxed) - before;
        let allowed = self.each * input + self.besides;
        assert!(most <= allowed, "{most} bytes at once for an input of {input}; {allowed} are allowed");
    }
}
