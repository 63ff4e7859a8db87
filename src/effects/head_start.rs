//! A sale that begins before the window is there to own it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::future::BoxFuture;
use futures_util::poll;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{SetOnce, oneshot};

use super::Effects;
use crate::sale::{Command, Event, Sale, State};

/// A sale that goes on by itself until it has something to show or somebody takes it over, so that
/// creating the request and opening the window take place at the same time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HeadStart {
    ahead: Arc<Mutex<Option<Ahead>>>,
    shows: Arc<SetOnce<()>>,
}

#[derive(Debug)]
struct Ahead {
    take_over: oneshot::Sender<()>,
    begun: oneshot::Receiver<Begun>,
}

/// How far a sale has come.
#[derive(Debug)]
pub struct Begun {
    /// The sale.
    pub sale: Sale,
    /// What the work leads to that was under way.
    pub events: Events,
}

/// What work leads to.
#[derive(Debug)]
pub struct Events(UnboundedReceiver<Event>);

impl Events {
    /// The next one; `None` where there can be no more.
    pub async fn next(&mut self) -> Option<Event> {
        self.0.recv().await
    }
}

/// Takes what work leads to away from whoever listened, where that is gone. Clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Detour(Arc<OnceLock<UnboundedSender<Event>>>);

impl Detour {
    /// The event, unless it has gone this way.
    pub fn pass(&self, event: Event) -> Option<Event> {
        match self.0.get() {
            Some(detour) => {
                // Where nobody listens there either, the sale has ended.
                let _ = detour.send(event);

                None
            }
            None => Some(event),
        }
    }

    /// What goes this way from now on; nothing more where it was asked for before.
    pub fn open(&self) -> Events {
        let (tell, events) = unbounded_channel();
        let _ = self.0.set(tell);

        Events(events)
    }
}

impl HeadStart {
    /// Begins `sale` with `first`; its work is done on `runtime`. `asked_to_end`: the system wants the
    /// program to end, which it may want before there is a window to close.
    pub fn of(
        sale: Sale,
        first: Command,
        effects: Effects,
        asked_to_end: impl Future<Output = ()> + Send + 'static,
        runtime: &Handle,
    ) -> Self {
        let (take_over, taken_over) = oneshot::channel();
        let (hand_over, begun) = oneshot::channel();
        let shows = Arc::new(SetOnce::new());
        let has_come_far = shows.clone();
        let asked_to_end = Box::pin(asked_to_end);
        runtime.spawn(async move {
            let begun = go_on(sale, first, &effects, asked_to_end, taken_over).await;
            // Where nobody takes it any more, the program has ended.
            let _ = hand_over.send(begun);
            let _ = has_come_far.set(());
        });

        Self {
            ahead: Arc::new(Mutex::new(Some(Ahead { take_over, begun }))),
            shows,
        }
    }

    /// Whether it has something to show: its code, or what came in between.
    pub fn shows(&self) -> bool {
        self.shows.initialized()
    }

    /// Waits until it has something to show, or has been taken over.
    pub async fn until_it_shows(self) {
        self.shows.wait().await;
    }

    /// The sale as it stands now, and nothing goes on by itself any more; `None` where it was taken
    /// over before. Waits for a turn of the machine at most.
    pub fn take_over(&self) -> Option<Begun> {
        let ahead = self
            .ahead
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()?;
        // It may have ended meanwhile, and waits to be taken.
        let _ = ahead.take_over.send(());

        ahead.begun.blocking_recv().ok()
    }
}

async fn go_on(
    mut sale: Sale,
    first: Command,
    effects: &Effects,
    mut asked_to_end: BoxFuture<'static, ()>,
    mut taken_over: oneshot::Receiver<()>,
) -> Begun {
    let (tell, mut events) = unbounded_channel();
    // It is listened to before anything is done, and until the program ends.
    let asked_already = poll!(&mut asked_to_end).is_ready();
    let leave = tell.clone();
    tokio::spawn(async move {
        if !asked_already {
            asked_to_end.await;
        }
        let _ = leave.send(Event::Asked(Command::Leave));
    });
    let mut event = Event::Asked(first);
    loop {
        for effect in sale.handle(event) {
            let Some(work) = effects.start(effect) else {
                continue;
            };
            let tell = tell.clone();
            tokio::spawn(async move {
                let _ = tell.send(work.await);
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

    let events = Events(events);

    Begun { sale, events }
}
