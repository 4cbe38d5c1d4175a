//! Columns on their way to the file: started in order, finished in any, written in order, never more of
//! them in memory than there is room for.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::Result;

/// Finished columns that wait for an earlier one may take this much; more makes threads help it instead.
const MAX_WAITING: u64 = 64 << 20;

/// What a thread does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Work on this column.
    Take(usize),
    /// Nothing may be started yet.
    Wait,
    /// All columns are taken, or the run has failed.
    Done,
}

/// The columns of one file. `T` is a finished column, `W` what they are written to.
pub struct Queue<'a, T, W> {
    needs: Vec<u64>,
    memory: u64,
    state: Mutex<State<'a, T, W>>,
}

struct State<'a, T, W> {
    next: usize,
    in_work: u64,
    working: usize,
    written: usize,
    early: BTreeMap<usize, (T, u64)>,
    waiting: u64,
    stopped: bool,
    out: &'a mut W,
}

impl<'a, T, W> Queue<'a, T, W> {
    /// Columns that need `needs` bytes each while they are worked on, with room for `memory` bytes.
    pub fn new(needs: Vec<u64>, memory: u64, out: &'a mut W) -> Self {
        let state = State {
            next: 0,
            in_work: 0,
            working: 0,
            written: 0,
            early: BTreeMap::new(),
            waiting: 0,
            stopped: false,
            out,
        };
        Queue {
            needs,
            memory,
            state: Mutex::new(state),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<'a, T, W>> {
        // A panic elsewhere ends the run anyway; the state is only ever changed in small whole steps.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims the next column when it may be started.
    pub fn step(&self) -> Step {
        let mut s = self.lock();
        let Some(&need) = self.needs.get(s.next).filter(|_| !s.stopped) else {
            return Step::Done;
        };
        let room = s.in_work + s.waiting + need <= self.memory && s.waiting <= MAX_WAITING;
        if s.working > 0 && !room {
            return Step::Wait;
        }
        let i = s.next;
        s.next += 1;
        s.in_work += need;
        s.working += 1;
        Step::Take(i)
    }

    /// Hands in column `i`, which takes `bytes` until it is written; writes all that can be written in order.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn put(
        &self,
        i: usize,
        done: T,
        bytes: u64,
        mut write: impl FnMut(&mut W, usize, T) -> Result<()>,
    ) -> Result<()> {
        let mut s = self.lock();
        s.in_work -= self.needs[i];
        s.working -= 1;
        s.waiting += bytes;
        s.early.insert(i, (done, bytes));
        loop {
            let at = s.written;
            let Some((done, bytes)) = s.early.remove(&at) else {
                return Ok(());
            };
            write(s.out, at, done)?;
            s.waiting -= bytes;
            s.written += 1;
        }
    }

    /// The run has failed: nothing more is started.
    pub fn stop(&self) {
        self.lock().stopped = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_written_in_order_and_room_is_kept() {
        let mut out = Vec::new();
        let queue = Queue::new(vec![60, 60, 10, 10], 100, &mut out);
        let write = |out: &mut Vec<usize>, i, _: ()| {
            out.push(i);
            Ok(())
        };
        assert_eq!(queue.step(), Step::Take(0));
        assert_eq!(queue.step(), Step::Wait); // 60 + 60 > 100
        queue.put(0, (), 5, write).unwrap();
        assert_eq!(queue.step(), Step::Take(1));
        assert_eq!(queue.step(), Step::Take(2));
        queue.put(2, (), 40, write).unwrap(); // waits for 1
        assert_eq!(queue.step(), Step::Wait); // 60 + 40 + 10 > 100
        queue.put(1, (), 5, write).unwrap();
        assert_eq!(queue.step(), Step::Take(3));
        queue.put(3, (), 5, write).unwrap();
        assert_eq!(queue.step(), Step::Done);
        drop(queue);
        assert_eq!(out, [0, 1, 2, 3]);
    }

    #[test]
    fn a_column_larger_than_the_room_is_worked_on_alone() {
        let mut out = ();
        let queue: Queue<'_, (), ()> = Queue::new(vec![500, 1], 100, &mut out);
        assert_eq!(queue.step(), Step::Take(0));
        assert_eq!(queue.step(), Step::Wait);
        queue.stop();
        assert_eq!(queue.step(), Step::Done);
    }
}
