//! Large buffers on large pages: a column of ten million doubles takes 40 faults in place of 20,000.
//!
//! Most of what a run takes are buffers of many megabytes, each touched once from end to end. With pages of 4 KiB the
//! system clears and maps them one by one, which was a quarter of the time of writing a large file.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, which asks for large pages where a buffer holds several of them.
///
/// It asks only where the system leaves the choice to programs, as Linux does (`madvise`); elsewhere, and where large
/// pages are switched off, it is the system's allocator and nothing else.
///
/// ```
/// use polyfeat_snapshot::LargePages;
///
/// #[global_allocator]
/// static ALLOCATOR: LargePages = LargePages;
///
/// let column = vec![1.0; 4 << 20];
/// assert_eq!(column.iter().sum::<f64>(), 4_194_304.0);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct LargePages;

// SAFETY: every call goes to `System` as it is; advice changes neither addresses nor contents.
unsafe impl GlobalAlloc for LargePages {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that `System` asks for.
        advised(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        advised(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(ptr, layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        advised(unsafe { System.realloc(ptr, layout, size) }, size)
    }
}

#[cfg(target_os = "linux")]
fn advised(start: *mut u8, size: usize) -> *mut u8 {
    /// What x86-64 and most others use.
    const PAGE: usize = 2 << 20;
    if size >= PAGE && !start.is_null() {
        let ahead = start.align_offset(PAGE);
        let whole = size.saturating_sub(ahead) / PAGE * PAGE;
        if whole > 0 {
            // SAFETY: the range lies within one allocation. That advice may be refused does not matter.
            unsafe { libc::madvise(start.add(ahead).cast(), whole, libc::MADV_HUGEPAGE) };
        }
    }
    start
}

#[cfg(not(target_os = "linux"))]
fn advised(start: *mut u8, _: usize) -> *mut u8 {
    start
}
