//! A raw TCP server in front of the platform that lets calls through, loses their answers below
//! HTTP, or is not there at all.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use patron_display::sandbox::Call;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

/// The connections that a gate takes, and the calls on each.
const MOST: usize = 200;
/// How long a connection may last.
const LONGEST: Duration = Duration::from_secs(90);
const END_OF_HEAD: &[u8] = b"\r\n\r\n";
/// Where a call never reached the platform, this is what half of its answer is made of.
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
    Content-Length: 40\r\n\r\n{\"type\":\"cancellation\",\"status\":\"cancelled";

/// How an answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The connection is reset.
    Reset,
    /// The answer breaks off in the middle of its body, and the connection closes.
    Half,
    /// Nothing comes, and the connection stays.
    Silence,
}

impl Loss {
    pub(crate) const ALL: [Self; 3] = [Self::Reset, Self::Half, Self::Silence];
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy)]
struct Fate {
    loss: Loss,
    /// Whether the platform gets it.
    arrives: bool,
}

/// Where the display calls instead of the platform.
pub(crate) struct Gate {
    address: SocketAddr,
    platform: SocketAddr,
    rules: Arc<Mutex<Rules>>,
    listening: JoinHandle<()>,
}

#[derive(Default)]
struct Rules {
    fates: Vec<(Call, VecDeque<Fate>)>,
    /// What a call says is replaced by something of the same length.
    instead: Option<(&'static str, &'static str)>,
}

impl Gate {
    /// A gate that lets everything through.
    pub(crate) async fn open(platform: SocketAddr) -> Self {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(free).await.unwrap();
        let address = listener.local_addr().unwrap();
        let rules = Arc::<Mutex<Rules>>::default();

        Self {
            address,
            platform,
            listening: tokio::spawn(listen(listener, platform, Arc::clone(&rules))),
            rules,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The answers to the next calls of this kind are lost like this.
    pub(crate) fn loses(&self, call: Call, arrives: bool, losses: impl IntoIterator<Item = Loss>) {
        let fates = losses.into_iter().map(|loss| Fate { loss, arrives });
        self.rules
            .lock()
            .unwrap()
            .fates
            .push((call, fates.collect()));
    }

    /// Each call that says this says that instead, which is as long.
    pub(crate) fn replaces(&self, this: &'static str, that: &'static str) {
        assert_eq!(this.len(), that.len());
        self.rules.lock().unwrap().instead = Some((this, that));
    }

    /// Whether no loss is left.
    pub(crate) fn is_done(&self) -> bool {
        let rules = self.rules.lock().unwrap();

        rules.fates.iter().all(|(_, fates)| fates.is_empty())
    }

    /// Nobody listens there any more, and no connection is left.
    pub(crate) async fn shut(&mut self) {
        self.listening.abort();
        let _ = (&mut self.listening).await;
    }

    /// Listens again, at the same address.
    pub(crate) async fn reopen(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let rules = Arc::clone(&self.rules);
        self.listening = tokio::spawn(listen(listener, self.platform, rules));
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Rules {
    fn fate(&mut self, call: Call) -> Option<Fate> {
        let (_, fates) = self.fates.iter_mut().find(|(kind, _)| *kind == call)?;

        fates.pop_front()
    }
}

/// Its connections end with it.
async fn listen(listener: TcpListener, platform: SocketAddr, rules: Arc<Mutex<Rules>>) {
    let mut connections = JoinSet::new();
    for _ in 0..MOST {
        let Ok((caller, _)) = listener.accept().await else {
            return;
        };
        let rules = Arc::clone(&rules);
        connections.spawn(timeout(LONGEST, async move {
            // A caller that has gone has its own failure to tell.
            let _ = serve(caller, platform, &rules).await;
        }));
    }
    connections.join_all().await;
}

async fn serve(
    mut caller: TcpStream,
    platform: SocketAddr,
    rules: &Mutex<Rules>,
) -> io::Result<()> {
    for _ in 0..MOST {
        let Some(asked) = message(&mut caller).await? else {
            return Ok(());
        };
        let (asked, fate) = {
            let mut rules = rules.lock().unwrap();

            (replaced(&asked, rules.instead), rules.fate(kind(&asked)))
        };
        let answer = match fate {
            Some(Fate { arrives: false, .. }) => ANSWER.to_vec(),
            _ => forward(platform, &asked).await?,
        };
        match fate.map(|fate| fate.loss) {
            None => caller.write_all(&answer).await?,
            Some(Loss::Reset) => return caller.set_zero_linger(),
            Some(Loss::Half) => {
                let head = end_of_head(&answer).unwrap();
                let half = usize::midpoint(head, answer.len());
                caller.write_all(&answer[..half]).await?;

                return caller.shutdown().await;
            }
            Some(Loss::Silence) => {
                // Until the caller has had enough.
                while caller.read(&mut [0; 64]).await? > 0 {}

                return Ok(());
            }
        }
    }

    Ok(())
}

async fn forward(platform: SocketAddr, asked: &[u8]) -> io::Result<Vec<u8>> {
    let mut platform = TcpStream::connect(platform).await?;
    platform.write_all(asked).await?;

    message(&mut platform)
        .await?
        .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// A whole request or answer; `None` where none comes any more.
async fn message(from: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut whole = None;
    while whole.is_none_or(|whole| bytes.len() < whole) {
        if from.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        if let (None, Some(head)) = (whole, end_of_head(&bytes)) {
            whole = Some(head + length(&bytes[..head]));
        }
    }

    Ok(Some(bytes))
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let starts = bytes
        .windows(END_OF_HEAD.len())
        .position(|part| part == END_OF_HEAD)?;

    Some(starts + END_OF_HEAD.len())
}

fn length(head: &[u8]) -> usize {
    String::from_utf8_lossy(head)
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.trim().parse().unwrap())
}

fn replaced(asked: &[u8], instead: Option<(&str, &str)>) -> Vec<u8> {
    let Some((this, that)) = instead else {
        return asked.to_vec();
    };

    String::from_utf8_lossy(asked)
        .replace(this, that)
        .into_bytes()
}

fn kind(asked: &[u8]) -> Call {
    let line = asked.split(|byte| *byte == b'\r').next().unwrap();
    let line = String::from_utf8_lossy(line);
    let path = line.split(' ').nth(1).unwrap_or_default();
    match line {
        _ if path.ends_with("/void") => Call::Void,
        _ if path.ends_with("/activities") => Call::Activities,
        _ if line.starts_with("POST ") => Call::Create,
        _ => Call::Read,
    }
}
