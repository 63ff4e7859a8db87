//! Starts a sale beside the work of the window: before the window is open, or while it draws the sale's first frame.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use futures_util::poll;
use tokio::runtime::Handle;
use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::{SetOnce, oneshot};
use tokio::task::block_in_place;

use super::effects::{EffectEvents, Effects};
use crate::sale::{Command, Event, Sale, State};

/// A sale that runs by itself until it has something to show, or until the window takes it over. Cheap to clone.
#[derive(Debug, Clone)]
pub struct EarlyStart {
    running: Arc<Mutex<Option<RunningSale>>>,
    shows: Arc<SetOnce<()>>,
}

#[derive(Debug)]
struct RunningSale {
    take_over: oneshot::Sender<()>,
    begun: oneshot::Receiver<StartedSale>,
}

/// A sale that was taken over from its early start.
#[derive(Debug)]
pub struct StartedSale {
    /// The sale in its current state.
    pub sale: Sale,
    /// The events of its running effects.
    pub events: EffectEvents,
}

impl EarlyStart {
    /// Starts `sale` with `first` on `runtime`. `asked_to_end` resolves when the system asks the program to end, which may
    /// happen before the window opens; `None` if the window is open.
    pub fn of(
        sale: Sale,
        first: Command,
        effects: Effects,
        asked_to_end: Option<BoxFuture<'static, ()>>,
        runtime: &Handle,
    ) -> Self {
        let (take_over, taken_over) = oneshot::channel();
        let (hand_over, begun) = oneshot::channel();
        let shows = Arc::new(SetOnce::new());
        let shows_sender = shows.clone();
        runtime.spawn(async move {
            let begun = run(sale, first, &effects, asked_to_end, taken_over).await;
            // A failure means that the program has ended.
            let _ = hand_over.send(begun);
            let _ = shows_sender.set(());
        });

        Self {
            running: Arc::new(Mutex::new(Some(RunningSale { take_over, begun }))),
            shows,
        }
    }

    /// Whether the sale has something to show, such as its code.
    pub fn shows(&self) -> bool {
        self.shows.initialized()
    }

    /// Waits until the sale has something to show, or is taken over.
    pub async fn wait_until_shown(self) {
        self.shows.wait().await;
    }

    /// Stops the early start and returns the sale; `None` if it was taken over before. Waits for one step of the state machine
    /// at most.
    pub fn take_over(&self) -> Option<StartedSale> {
        let running = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()?;
        // If the task has ended already, this fails, and the result waits in the channel.
        let _ = running.take_over.send(());

        block_in_place(|| running.begun.blocking_recv()).ok()
    }
}

async fn run(
    mut sale: Sale,
    first: Command,
    effects: &Effects,
    asked_to_end: Option<BoxFuture<'static, ()>>,
    mut taken_over: oneshot::Receiver<()>,
) -> StartedSale {
    let (tell, mut events) = unbounded_channel();
    if let Some(mut asked_to_end) = asked_to_end {
        // The first poll starts listening for the signal before the first effect. The task below listens until the
        // program ends.
        let asked_already = poll!(&mut asked_to_end).is_ready();
        let leave = tell.clone();
        tokio::spawn(async move {
            if !asked_already {
                asked_to_end.await;
            }
            let _ = leave.send(Event::Asked(Command::Leave));
        });
    }
    let mut event = Event::Asked(first);
    loop {
        for effect in sale.handle(event) {
            let Some(work) = effects.start(effect) else {
                continue;
            };
            let tell = tell.clone();
            tokio::spawn(async move {
                tokio::select! {
                    event = work => drop(tell.send(event)),
                    // The display of the sale is gone.
                    () = tell.closed() => {}
                }
            });
        }
        if !matches!(sale.state(), State::Recalling | State::Creating(_)) {
            break;
        }
        event = tokio::select! {
            biased;
            _ = &mut taken_over => break,
            next = events.recv() => match next {
                Some(next) => next,
                None => break,
            },
        };
    }

    StartedSale { sale, events }
}
