//! A bounded queue for a reader that is slow or does not read. Writers never wait.
//!
//! If the queue is full, new items are dropped. The newest event is always kept, because the last event of a sale
//! is its outcome. The journal has the other events.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The most items that wait. A sale has some ten events, so only a reader that does not read loses any.
const MOST: usize = 512;
/// The most bytes that wait. A larger item may wait if no other item waits.
const MOST_BYTES: usize = 1024 * 1024;

/// The importance of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Matters for a moment, such as a note. May fill half of the queue.
    Passing,
    /// Reports what happened.
    Event,
}

/// The waiting items, oldest first.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    waiting: VecDeque<(T, usize)>,
    bytes: usize,
    /// The newest event that found no room.
    newest: Option<T>,
    left_out: u64,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
            bytes: 0,
            newest: None,
            left_out: 0,
        }
    }
}

impl<T> Queue<T> {
    pub(crate) fn push(&mut self, item: T, size: usize, weight: Weight) {
        let share = match weight {
            Weight::Passing => 2,
            Weight::Event => 1,
        };
        let has_room = self.waiting.len() < MOST / share
            && self.bytes.saturating_add(size) <= MOST_BYTES / share;
        if self.newest.is_none() && (has_room || self.waiting.is_empty()) {
            self.bytes += size;
            self.waiting.push_back((item, size));
            return;
        }
        match weight {
            Weight::Passing => self.left_out += 1,
            Weight::Event => self.left_out += u64::from(self.newest.replace(item).is_some()),
        }
    }

    pub(crate) fn pop(&mut self) -> Option<T> {
        let Some((item, size)) = self.waiting.pop_front() else {
            return self.newest.take();
        };
        self.bytes -= size;

        Some(item)
    }

    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }
}

/// Hands items to a thread that writes them. The thread ends when the outbox is dropped and all items are written.
pub(crate) struct Outbox<T> {
    shared: Arc<OutboxShared<T>>,
}

struct OutboxShared<T> {
    state: Mutex<OutboxState<T>>,
    news: Condvar,
}

struct OutboxState<T> {
    queue: Queue<T>,
    closed: bool,
    done: bool,
}

impl<T: Send + 'static> Outbox<T> {
    /// Starts the thread. It ends early if `write` returns false, which means that the reader is gone.
    pub(crate) fn start(
        mut write: impl FnMut(T) -> bool + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(OutboxShared {
            state: Mutex::new(OutboxState {
                queue: Queue::default(),
                closed: false,
                done: false,
            }),
            news: Condvar::new(),
        });
        let guard = DoneGuard(shared.clone());
        thread::Builder::new()
            .name("outbox".to_owned())
            .spawn(move || while guard.0.next().is_some_and(&mut write) {})?;

        Ok(Self { shared })
    }

    /// Adds an item of this many bytes, or leaves it out. Never waits.
    pub(crate) fn tell(&self, item: T, size: usize, weight: Weight) {
        let mut state = self.shared.state();
        if !state.closed && !state.done {
            state.queue.push(item, size, weight);
            drop(state);
            self.shared.news.notify_all();
        }
    }
}

impl<T> Outbox<T> {
    /// Closes the queue, waits up to `patience` until everything is written, and returns whether it is.
    pub(crate) fn finish(&self, patience: Duration) -> bool {
        self.close();
        let end = Instant::now() + patience;
        let mut state = self.shared.state();
        while !state.done {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.shared.news.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }

        true
    }

    fn close(&self) {
        let left_out = {
            let mut state = self.shared.state();
            if state.closed {
                return;
            }
            state.closed = true;

            state.queue.left_out()
        };
        self.shared.news.notify_all();
        if left_out > 0 {
            tracing::warn!(left_out, "the till did not read all its events");
        }
    }
}

impl<T> Drop for Outbox<T> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<T> fmt::Debug for Outbox<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

impl<T> OutboxShared<T> {
    /// Waits for the next item; `None` after the last one.
    fn next(&self) -> Option<T> {
        let mut state = self.state();
        loop {
            if let Some(item) = state.queue.pop() {
                return Some(item);
            }
            if state.closed {
                return None;
            }
            state = self
                .news
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn state(&self) -> MutexGuard<'_, OutboxState<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks the outbox as done when the thread ends, even by a panic.
struct DoneGuard<T>(Arc<OutboxShared<T>>);

impl<T> Drop for DoneGuard<T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.done = true;
        state.queue = Queue::default();
        drop(state);
        self.0.news.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(queue: &mut Queue<u32>) -> Vec<u32> {
        std::iter::from_fn(|| queue.pop()).collect()
    }

    #[test]
    fn f70_unread_events_keep_the_last() {
        for size in [1, 100_000] {
            let mut queue = Queue::default();
            for number in 0..100_000 {
                queue.push(number, size, Weight::Event);
            }
            let kept = kept(&mut queue);
            let most = MOST.min(MOST_BYTES / size);
            assert_eq!(kept.len(), most + 1);
            assert_eq!((kept[0], kept[most]), (0, 99_999));
            assert_eq!(queue.left_out() as usize, 100_000 - most - 1);
        }
    }

    #[test]
    fn f70_unread_notes_leave_room_for_events() {
        let mut queue = Queue::default();
        for number in 0..1000 {
            queue.push(number, 1, Weight::Passing);
        }
        for number in 1000..1100 {
            queue.push(number, 1, Weight::Event);
        }
        let kept = kept(&mut queue);
        assert_eq!(kept.len(), MOST / 2 + 100);
        assert_eq!(kept.last(), Some(&1099));
    }

    #[test]
    fn f70_one_oversized_event_is_kept() {
        let mut queue = Queue::default();
        queue.push(1, 10 * MOST_BYTES, Weight::Event);
        queue.push(2, 1, Weight::Event);
        assert_eq!(kept(&mut queue), [1, 2]);
        queue.push(3, 1, Weight::Event);
        assert_eq!(kept(&mut queue), [3]);
    }
}
