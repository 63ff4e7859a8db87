use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::Stream;
use futures_util::stream;
use tokio::io::{AsyncWriteExt, BufReader, split};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::timeout;

use super::place::{self, Place, Stream as Connection};
use super::wire::{Greeting, LONGEST_LINE, LONGEST_REQUEST, Said, line, text, value};
use super::{Caller, Saying};
use crate::control::Allowance;

/// So many calls, and so many sayings of each, wait to be taken in.
const WAITING: usize = 16;
/// Sayings that are taken at once, and those that are taken a second from then on. Each is logged.
const MOST_SAYINGS: f64 = 64.0;
const SAYINGS_A_SECOND: f64 = 4.0;
/// How long a caller may take to say what it wants.
const TO_ASK: Duration = Duration::from_secs(5);
/// After a connection could not be taken, as when too many files are open.
const PAUSE: Duration = Duration::from_millis(200);

/// Who calls the stand, as they come. Clones share it, and one of them takes it.
#[derive(Debug, Clone)]
pub struct Calls {
    place: Arc<Mutex<Option<Place>>>,
}

/// Somebody calls.
#[derive(Debug)]
pub struct Call {
    /// Who.
    pub caller: Caller,
    /// What for.
    pub request: Request,
    /// What is said meanwhile.
    pub sayings: Sayings,
}

/// What a caller wants.
#[derive(Debug)]
pub enum Request {
    /// This, in words that are its own.
    Text(String),
    /// It is another version of the program: this one is not the one that is installed any more.
    OtherVersion(String),
}

/// What a caller says meanwhile, as it comes. It ends with [`Saying::Leave`] where the caller is gone.
#[derive(Debug)]
pub struct Sayings(Receiver<Saying>);

impl Calls {
    /// The calls at this place.
    pub fn at(place: Place) -> Self {
        Self {
            place: Arc::new(Mutex::new(Some(place))),
        }
    }

    /// Who calls from here on. Only the first to ask gets anything. To be polled within a runtime.
    pub fn take(&self) -> impl Stream<Item = Call> + Send + 'static + use<> {
        let mut place = self
            .place
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let mut inbox: Option<Receiver<Call>> = None;

        stream::poll_fn(move |context| {
            if let Some(place) = place.take() {
                let (calls, taken) = mpsc::channel(WAITING);
                tokio::spawn(listen(place, calls));
                inbox = Some(taken);
            }
            match &mut inbox {
                Some(inbox) => inbox.poll_recv(context),
                None => std::task::Poll::Ready(None),
            }
        })
    }
}

impl Sayings {
    /// What is said from here on.
    pub fn stream(mut self) -> impl Stream<Item = Saying> + Send + 'static {
        stream::poll_fn(move |context| self.0.poll_recv(context))
    }
}

async fn listen(place: Place, calls: Sender<Call>) {
    loop {
        tokio::select! {
            // Nobody takes calls any more: the place is given back.
            () = calls.closed() => return,
            accepted = place::accept(&place) => match accepted {
                Ok(Some(connection)) => {
                    tokio::spawn(served(connection, calls.clone()));
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(%error, "a call could not be taken");
                    tokio::time::sleep(PAUSE).await;
                }
            },
        }
    }
}

async fn served(connection: Connection, calls: Sender<Call>) {
    if let Err(error) = serve(connection, calls).await {
        tracing::info!(%error, "a caller is gone");
    }
}

async fn serve(connection: Connection, calls: Sender<Call>) -> io::Result<()> {
    let (reader, mut writer) = split(connection);
    let mut reader = BufReader::new(reader);
    writer.write_all(&line(&Greeting::own())?).await?;
    let asked = timeout(TO_ASK, request(&mut reader)).await;
    let Some(request) = asked.map_err(|_| io::ErrorKind::TimedOut)?? else {
        return Ok(());
    };
    let caller = Caller::new();
    let (sayings, heard) = mpsc::channel(WAITING);
    let call = Call {
        caller: caller.clone(),
        request,
        sayings: Sayings(heard),
    };
    if calls.send(call).await.is_err() {
        return Ok(());
    }
    let done = tokio::select! {
        written = caller.write_to(writer) => written,
        said = listened(&mut reader, &sayings) => said,
        () = caller.has_had_its_time() => Err(io::ErrorKind::TimedOut.into()),
    };
    caller.lose();
    if done.is_err() {
        // That it is gone may be found out by telling it something, before anything is heard of it.
        let _ = sayings.send(Saying::Leave).await;
    }

    done
}

async fn request(
    reader: &mut (impl tokio::io::AsyncBufRead + Unpin),
) -> io::Result<Option<Request>> {
    let Some(greeting) = value::<Greeting>(reader, LONGEST_LINE).await? else {
        return Ok(None);
    };
    if !greeting.is_ours() {
        return Ok(Some(Request::OtherVersion(greeting.version)));
    }
    let request = text(reader, LONGEST_REQUEST).await?;

    Ok(request.map(Request::Text))
}

/// Hands on what is said. Whoever is gone without a word, or talks nonsense, leaves.
async fn listened(
    reader: &mut (impl tokio::io::AsyncBufRead + Unpin),
    sayings: &Sender<Saying>,
) -> io::Result<()> {
    let mut allowance = Allowance::new(MOST_SAYINGS, SAYINGS_A_SECOND);
    let ended = loop {
        match value::<Said>(reader, LONGEST_LINE).await {
            Ok(Some(said)) => {
                // This program holds its till back itself, so whoever says more is not this program.
                if said != Said::Leave && !allowance.take_one() {
                    continue;
                }
                // Where nobody listens any more it is over.
                let _ = sayings.send(said.into()).await;
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    let _ = sayings.send(Saying::Leave).await;

    ended
}
