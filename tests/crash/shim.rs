//! Puts faults under the journal at exact points, without a hook in the program: see `shim.c`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What goes wrong at a commit of the journal, counted from 1 in each launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Killed before anything of it is written.
    Write(u32),
    /// Killed when a part of it is written.
    Torn(u32),
    /// Killed when it is written and not synced.
    Sync(u32),
    /// Killed when it is on disk, before the program knows.
    Synced(u32),
    /// Killed after this many, when the log is copied into the database.
    Checkpoint(u32),
    /// The disk is full from this one on.
    Full(u32),
    /// The disk can only be read from this one on.
    ReadOnly(u32),
    /// The disk is full at this one, and has room again after it.
    FullOnce(u32),
    /// Killed at this write into a new journal, which has no name yet.
    Making(u32),
    /// Killed when a new journal was synced so often, before it gets its name.
    Made(u32),
    /// Nothing can be synced from this one on.
    Unsynced(u32),
}

impl Fault {
    fn told(self) -> String {
        let (mode, at) = match self {
            Self::Write(at) => ("write", at),
            Self::Torn(at) => ("torn", at),
            Self::Sync(at) => ("sync", at),
            Self::Synced(at) => ("synced", at),
            Self::Checkpoint(at) => ("checkpoint", at),
            Self::Full(at) => ("full", at),
            Self::ReadOnly(at) => ("readonly", at),
            Self::FullOnce(at) => ("once", at),
            Self::Making(at) => ("making", at),
            Self::Made(at) => ("made", at),
            Self::Unsynced(at) => ("unsynced", at),
        };

        format!("{mode}:{at}")
    }
}

/// Has the program run with the library under it, and with this fault where there is one.
pub(crate) fn put_under(command: &mut Command, fault: Option<Fault>) {
    command.env("LD_PRELOAD", library());
    if let Some(fault) = fault {
        command.env("CRASH_AT", fault.told());
    }
}

/// The library, built once in this process.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();

    BUILT.get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crash-shim.so");
        // Built beside it: another run of these tests may have it open.
        let fresh = path.with_extension(format!("{}.so", std::process::id()));
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .arg(&fresh)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/crash/shim.c"))
            .output()
            .expect("a C compiler called cc; on Debian: apt-get install gcc");
        assert!(
            built.status.success(),
            "{}",
            String::from_utf8_lossy(&built.stderr)
        );
        fs::rename(&fresh, &path).expect("the library in its place");

        path
    })
}
