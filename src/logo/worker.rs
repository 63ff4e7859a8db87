//! Draws a logo in a process of its own, whose time and memory the system limits.
//!
//! A few bytes of SVG can ask for hours or for more memory than there is, and running out of memory ends a process.
//! That must not be the process with a sale in it.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write, stdin, stdout};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::drawn::Drawn;
use super::{LogoFault, Room};

/// The first argument that makes this program a worker. Not for people, so it is not in the help.
const WORD: &str = "draw-a-logo";

/// The processor time that drawing may take, in seconds.
pub(super) const SECONDS: u64 = 2;

/// The time that drawing may take on a machine that has much else to do.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The address space that drawing may take, in bytes.
#[cfg(unix)]
const MEMORY: u64 = 768 * 1024 * 1024;

/// What a process ends with that has panicked.
const PANICKED: i32 = 101;

/// Whether this program knows [`WORD`].
static IS_THERE: AtomicBool = AtomicBool::new(false);

/// Does a worker's work, if the arguments ask for that, and says which exit code to end with. From then on logos are
/// drawn by workers of this very program.
pub fn serve(arguments: &[OsString]) -> Option<u8> {
    IS_THERE.store(true, Ordering::Relaxed);
    let [_, word, width, height] = arguments else {
        return None;
    };
    if word != WORD {
        return None;
    }
    let side = |text: &OsStr| text.to_str()?.parse().ok();
    let room = side(width)
        .zip(side(height))
        .map(|(width, height)| Room { width, height })?;

    Some(u8::from(work(room).is_err()))
}

fn work(room: Room) -> io::Result<()> {
    limit()?;
    let mut bytes = Vec::new();
    stdin().lock().read_to_end(&mut bytes)?;
    let mut out = stdout().lock();
    match Drawn::from_bytes(&bytes, room) {
        Ok(drawn) => {
            out.write_all(b"+")?;
            out.write_all(&drawn.to_bytes())?;
        }
        Err(fault) => {
            out.write_all(b"-")?;
            serde_json::to_writer(&mut out, &fault)?;
        }
    }

    out.flush()
}

/// Limits what this process may take.
#[cfg(unix)]
fn limit() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let limits = [
        (Resource::Cpu, SECONDS),
        (Resource::As, MEMORY),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }

    Ok(())
}

/// Elsewhere a worker that takes too long is ended, and one that takes too much ends alone.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as on the other systems")]
fn limit() -> io::Result<()> {
    Ok(())
}

/// Draws what is in these bytes: by a worker, or where this program has none, right here.
pub(super) fn draw(bytes: &[u8], room: Room) -> Result<Drawn, LogoFault> {
    if IS_THERE.load(Ordering::Relaxed) {
        by_worker(bytes.to_vec(), room)
    } else {
        Drawn::from_bytes(bytes, room)
    }
}

fn by_worker(bytes: Vec<u8>, room: Room) -> Result<Drawn, LogoFault> {
    let not_started = |error: io::Error| LogoFault::NotStarted(error.to_string());
    let mut child = Command::new(program().map_err(not_started)?)
        .args([
            WORD.to_owned(),
            room.width.to_string(),
            room.height.to_string(),
        ])
        // It needs nothing, and the key may be in there.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_started)?;
    let answer = answer(&mut child, bytes);
    let took_too_long = matches!(answer, Err(mpsc::RecvTimeoutError::Timeout));
    // One that has answered ends by itself; nothing is left to it to do.
    let ended = if took_too_long {
        child.kill().and_then(|()| child.wait())
    } else {
        child.wait()
    };
    if took_too_long {
        return Err(LogoFault::TooSlow);
    }
    let answer = answer.unwrap_or_default();

    match answer.split_first() {
        Some((b'+', drawn)) => Drawn::of_bytes(drawn).ok_or_else(|| fault_of(ended)),
        Some((b'-', fault)) => {
            Err(serde_json::from_slice(fault).unwrap_or_else(|_| fault_of(ended)))
        }
        _ => Err(fault_of(ended)),
    }
}

/// Gives the worker its work and waits for what it says.
fn answer(child: &mut Child, bytes: Vec<u8>) -> Result<Vec<u8>, mpsc::RecvTimeoutError> {
    const LARGEST: u64 = 64 * 1024 * 1024;
    let (mut work, said) = (child.stdin.take(), child.stdout.take());
    let (tell, told) = mpsc::channel();
    let talk = move || {
        let mut answer = Vec::new();
        let _ = work.as_mut().map(|work| work.write_all(&bytes));
        drop(work);
        let _ = said.map(|said| said.take(LARGEST).read_to_end(&mut answer));
        let _ = tell.send(answer);
    };
    if thread::Builder::new()
        .name("logo worker".to_owned())
        .spawn(talk)
        .is_err()
    {
        return Err(mpsc::RecvTimeoutError::Disconnected);
    }

    told.recv_timeout(LONGEST_WAIT)
}

/// What became of a worker that has not answered.
fn fault_of(ended: io::Result<ExitStatus>) -> LogoFault {
    match ended {
        Ok(status) if ran_out_of_time(status) => LogoFault::TooSlow,
        Ok(status) if status.code().is_none_or(|code| code == PANICKED) => LogoFault::TooMuch,
        Ok(status) => LogoFault::NotStarted(format!("its process ended with {status}")),
        Err(error) => LogoFault::NotStarted(error.to_string()),
    }
}

#[cfg(unix)]
fn ran_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;

    use rustix::process::Signal;

    let signal = status.signal();

    // With both limits at the same second some systems send the one, some the other.
    signal == Some(Signal::XCPU.as_raw()) || signal == Some(Signal::KILL.as_raw())
}

#[cfg(not(unix))]
fn ran_out_of_time(_: ExitStatus) -> bool {
    false
}

/// This program; on Linux even where an update has put another in its place meanwhile.
fn program() -> io::Result<std::path::PathBuf> {
    if cfg!(target_os = "linux") {
        Ok("/proc/self/exe".into())
    } else {
        std::env::current_exe()
    }
}
