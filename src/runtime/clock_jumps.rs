//! Tells when the wall clock jumps: the machine has slept, or the clock was set.
//!
//! Timers stand still while a machine sleeps. A display that shows the time or waits for its next task must know when the machine
//! wakes up. The kernel reports this, so no timer of the program has to look.

use futures_util::Stream;
#[cfg(target_os = "linux")]
use futures_util::stream;

#[cfg(target_os = "linux")]
use timer::JumpTimer;

/// Returns an item after each jump of the wall clock. Poll it within a tokio runtime. On systems other than Linux no item comes.
#[cfg(target_os = "linux")]
pub(crate) fn clock_jumps() -> impl Stream<Item = ()> + Send + 'static {
    stream::unfold(None, async |timer| {
        let timer = match timer {
            Some(timer) => timer,
            None => JumpTimer::start()
                .inspect_err(|error| tracing::warn!(%error, "cannot watch the clock"))
                .ok()?,
        };
        timer
            .jumped()
            .await
            .inspect_err(|error| tracing::warn!(%error, "cannot watch the clock any more"))
            .ok()?;

        Some(((), Some(timer)))
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn clock_jumps() -> impl Stream<Item = ()> + Send + 'static {
    futures_util::stream::pending()
}

#[cfg(target_os = "linux")]
mod timer {
    use std::io;
    use std::os::fd::OwnedFd;

    use rustix::io::{Errno, read};
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// A timer that never expires, and that the kernel cancels when the clock jumps.
    pub(super) struct JumpTimer(AsyncFd<OwnedFd>);

    impl JumpTimer {
        pub(super) fn start() -> io::Result<Self> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Realtime, flags)?;
            #[allow(
                deprecated,
                reason = "its replacement is unsafe; an OwnedFd keeps its descriptor, which is all that it asks for"
            )]
            let timer = Self(AsyncFd::with_interest(timer, Interest::READABLE)?);
            timer.set()?;

            Ok(timer)
        }

        /// Waits for the next jump.
        pub(super) async fn jumped(&self) -> io::Result<()> {
            let read = self.0.async_io(Interest::READABLE, |timer| {
                Ok(read(timer, &mut [0; size_of::<u64>()])?)
            });
            match read.await {
                Err(error) if Errno::from_io_error(&error) == Some(Errno::CANCELED) => self.set(),
                // Not expected: the timer has expired.
                other => other.and_then(|_| self.set()),
            }
        }

        fn set(&self) -> io::Result<()> {
            const NEVER: Timespec = Timespec {
                tv_sec: i64::MAX,
                tv_nsec: 0,
            };
            const NOT_AGAIN: Timespec = Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
            let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
            let never = Itimerspec {
                it_interval: NOT_AGAIN,
                it_value: NEVER,
            };
            timerfd_settime(&self.0, flags, &never)?;

            Ok(())
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::pin::pin;
    use std::time::Duration;

    use futures_util::StreamExt;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn f28_steady_clock_wakes_nobody() {
        let mut jumps = pin!(clock_jumps());
        let jump = timeout(Duration::from_millis(200), jumps.next()).await;
        assert!(jump.is_err(), "{jump:?}");
    }
}
