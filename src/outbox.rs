//! A bounded queue for a reader that is slow or does not read. Writers never wait.
//!
//! If it is full, new items are dropped. The newest event is always kept, because the last event of a sale is its
//! outcome. The journal has the rest.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The most items that wait. A sale has some ten events, so only a reader that does not read loses any.
const MOST: usize = 512;
/// The most bytes that wait. A larger item may wait alone.
const MOST_BYTES: usize = 1024 * 1024;

/// How much an item matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Matters for a moment, such as a note. May fill half of the queue.
    Passing,
    /// Reports what happened.
    Event,
}

/// What waits, oldest first.
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
    /// Takes in an item of this many bytes, or leaves it out.
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

    /// The next item.
    pub(crate) fn pop(&mut self) -> Option<T> {
        let Some((item, size)) = self.waiting.pop_front() else {
            return self.newest.take();
        };
        self.bytes -= size;

        Some(item)
    }

    /// How many were left out.
    pub(crate) fn left_out(&self) -> u64 {
        self.left_out
    }
}

/// Hands items to a thread that writes them. It ends when this is dropped and all is written.
pub(crate) struct Outbox<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    state: Mutex<State<T>>,
    news: Condvar,
}

struct State<T> {
    queue: Queue<T>,
    /// Nothing follows.
    closed: bool,
    /// The thread has ended.
    done: bool,
}

impl<T: Send + 'static> Outbox<T> {
    /// Starts the thread. It ends early when `write` answers that there is nobody to write to any more.
    pub(crate) fn start(
        mut write: impl FnMut(T) -> bool + Send + 'static,
    ) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                queue: Queue::default(),
                closed: false,
                done: false,
            }),
            news: Condvar::new(),
        });
        let of_thread = Ended(shared.clone());
        thread::Builder::new()
            .name("outbox".to_owned())
            .spawn(move || while of_thread.0.next().is_some_and(&mut write) {})?;

        Ok(Self { shared })
    }

    /// Takes in an item of this many bytes, or leaves it out. Never waits.
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
    /// Takes nothing more, waits so long at most until all is written, and returns whether it was.
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
            tracing::warn!(left_out, "the till did not read what it was told");
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

impl<T> Shared<T> {
    /// Waits for the next item; `None` when nothing follows.
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

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that the thread has ended, however it ends.
struct Ended<T>(Arc<Shared<T>>);

impl<T> Drop for Ended<T> {
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
    fn f70_unread_events_are_bounded_and_the_last_stays() {
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
    fn f70_one_event_larger_than_the_room_is_kept() {
        let mut queue = Queue::default();
        queue.push(1, 10 * MOST_BYTES, Weight::Event);
        queue.push(2, 1, Weight::Event);
        assert_eq!(kept(&mut queue), [1, 2]);
        queue.push(3, 1, Weight::Event);
        assert_eq!(kept(&mut queue), [3]);
    }
}
