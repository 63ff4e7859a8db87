//! Draws a logo in a separate process. The system limits its time and memory.
//!
//! A few bytes of SVG can need hours of time, or more memory than the machine has. A process that runs out of
//! memory ends, so it must not be the process with a sale.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read, Write, stdin, stdout};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::LogoFault;
use crate::qr::{LogoPixels, Room};

/// The first argument that makes this program a worker. The help does not list this argument.
const WORD: &str = "draw-a-logo";

/// The limit of processor time for drawing a logo, in seconds.
pub(super) const SECONDS: u64 = 2;

/// The longest wait for a logo; longer than the processor time, because the machine may have much else to do.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The limit of the address space for drawing a logo, in bytes.
#[cfg(unix)]
const MEMORY: u64 = 768 * 1024 * 1024;

const PANICKED: i32 = 101;

/// Whether this program has called [`serve`], so that it can run as its own worker.
static IS_THERE: AtomicBool = AtomicBool::new(false);

/// Draws a logo as a worker if the arguments say so, and returns the exit code; else `None`.
/// After this call, this program starts itself as a worker for each logo.
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
    match LogoPixels::from_file(&bytes, room) {
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

/// Sets no limits on this system. A worker that takes too long is killed, and one that takes too much memory ends
/// without harm to the sale.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as on the other systems")]
fn limit() -> io::Result<()> {
    Ok(())
}

/// Draws a logo from `bytes` in a worker; in this process if the program cannot run as a worker.
pub(super) fn draw(bytes: &[u8], room: Room) -> Result<LogoPixels, LogoFault> {
    if IS_THERE.load(Ordering::Relaxed) {
        by_worker(bytes.to_vec(), room)
    } else {
        LogoPixels::from_file(bytes, room)
    }
}

fn by_worker(bytes: Vec<u8>, room: Room) -> Result<LogoPixels, LogoFault> {
    let not_started = |error: io::Error| LogoFault::NotStarted(error.to_string());
    let mut child = Command::new(program().map_err(not_started)?)
        .args([
            WORD.to_owned(),
            room.width.to_string(),
            room.height.to_string(),
        ])
        // The worker needs no variables, and they may contain the API key.
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_started)?;
    let answer = answer(&mut child, bytes);
    let took_too_long = matches!(answer, Err(mpsc::RecvTimeoutError::Timeout));
    // A worker that has answered has nothing left to do, and ends by itself.
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
        Some((b'+', drawn)) => LogoPixels::of_bytes(drawn).ok_or_else(|| fault_of(ended)),
        Some((b'-', fault)) => {
            Err(serde_json::from_slice(fault).unwrap_or_else(|_| fault_of(ended)))
        }
        _ => Err(fault_of(ended)),
    }
}

/// Sends the bytes to the worker and waits for its answer.
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

/// Explains why a worker ended without an answer.
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

    // If the soft and the hard limit are equal, some systems send SIGXCPU, others SIGKILL.
    signal == Some(Signal::XCPU.as_raw()) || signal == Some(Signal::KILL.as_raw())
}

#[cfg(not(unix))]
fn ran_out_of_time(_: ExitStatus) -> bool {
    false
}

/// Returns the file of this program. On Linux this is the running program even after an update has replaced its
/// file.
fn program() -> io::Result<std::path::PathBuf> {
    if cfg!(target_os = "linux") {
        Ok("/proc/self/exe".into())
    } else {
        std::env::current_exe()
    }
}
