//! Two things at the same time, where the system has a thread for it.

use std::panic::resume_unwind;
use std::thread::{self, Builder};

/// Does `aside` on a thread of its own and `here` on this one; one after the other where the system
/// has no thread left. A defect in `aside` is a defect here.
pub(super) fn both<A: Send, B>(
    builder: Builder,
    aside: impl Fn() -> A + Sync,
    here: impl FnOnce() -> B,
) -> (A, B) {
    thread::scope(|scope| {
        let running = builder.spawn_scoped(scope, &aside);
        let here = here();
        let aside = match running {
            Ok(running) => running
                .join()
                .unwrap_or_else(|defect| resume_unwind(defect)),
            Err(_no_thread) => aside(),
        };
        (aside, here)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_thread_is_left_both_are_done_on_this_one() {
        let this = thread::current().id();
        let where_it_ran = |builder| both(builder, || thread::current().id(), || "here");
        assert_ne!(where_it_ran(Builder::new()), (this, "here"));
        // No system has so much room for one stack.
        let impossible = Builder::new().stack_size(usize::MAX >> 1);
        assert_eq!(where_it_ran(impossible), (this, "here"));
    }
}
