//! Injects faults at exact points of the journal's file access, without a hook in the program. See `shim.c`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A fault at a commit of the journal. Each launch counts its commits from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Killed before the commit is written.
    Write(u32),
    /// Killed when only a part of the commit is written.
    Torn(u32),
    /// Killed when the commit is written but not synced.
    Sync(u32),
    /// Killed when the commit is synced, before the program continues.
    Synced(u32),
    /// Killed after this many commits, while the write-ahead log is copied into the database.
    Checkpoint(u32),
    /// The disk is full from this commit on.
    Full(u32),
    /// The disk is read-only from this commit on.
    ReadOnly(u32),
    /// The disk is full at this commit only.
    FullOnce(u32),
    /// Killed at this write into a new journal, before the file gets its final name.
    Making(u32),
    /// Killed after this many syncs of a new journal, before the file gets its final name.
    Made(u32),
    /// Every sync fails from this commit on.
    Unsynced(u32),
}

impl Fault {
    fn spec(self) -> String {
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

/// Preloads the shim into the program, with this fault if there is one.
pub(crate) fn put_under(command: &mut Command, fault: Option<Fault>) {
    command.env("LD_PRELOAD", library());
    if let Some(fault) = fault {
        command.env("CRASH_AT", fault.spec());
    }
}

/// Returns the path of the shim, which is built once in this process.
fn library() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();

    BUILT.get_or_init(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("crash-shim.so");
        // Builds under another name first, because another test run may be using the old file.
        let fresh = path.with_extension(format!("{}.so", std::process::id()));
        let built = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
            .arg(&fresh)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/screen/crash/shim.c"
            ))
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
