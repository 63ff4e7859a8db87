//! The program's file on disk. If a new version has replaced it, the process can start that version in its own place.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
#[cfg(unix)]
use std::{
    env, fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

#[cfg(unix)]
use super::process::wait_for_end;

/// The time in which an installer must have written the whole file.
#[cfg(unix)]
const TO_BE_WRITTEN: Duration = Duration::from_secs(2);
/// The longest wait for the new version to print its version.
#[cfg(unix)]
const TRIAL_PATIENCE: Duration = Duration::from_secs(10);

/// The running program and its file. Clones are the same.
#[derive(Debug, Clone)]
pub struct Program(Arc<ProgramStart>);

#[derive(Debug)]
#[cfg_attr(not(unix), allow(dead_code))]
struct ProgramStart {
    /// The path from which the process was started. It may be a link that an update changes.
    path: PathBuf,
    arguments: Vec<OsString>,
    running: FileIdentity,
    /// Work that must not be interrupted has a clone.
    work: Arc<()>,
    is_wanted: AtomicBool,
}

/// Tells two files apart, even if they have the same path or the same content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code))]
struct FileIdentity {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

/// Prevents the start of a new version while it exists.
#[derive(Debug)]
#[must_use]
pub(crate) struct UpdateGuard(#[allow(dead_code, reason = "its clones are counted")] Arc<()>);

impl Program {
    /// Returns the running program, which was started with these arguments; the first is its name. `None` if its file is not
    /// known, for example under an emulator.
    #[cfg(unix)]
    pub(crate) fn running(arguments: impl IntoIterator<Item = OsString>) -> Option<Self> {
        let arguments: Vec<_> = arguments.into_iter().collect();
        let name = Path::new(arguments.first()?);
        let running = FileIdentity::running()?;
        let path = candidates(name).find(|path| FileIdentity::of(path) == Some(running))?;

        Some(Self(Arc::new(ProgramStart {
            path,
            arguments,
            running,
            work: Arc::default(),
            is_wanted: AtomicBool::new(false),
        })))
    }

    /// Returns `None`, because this system cannot replace a process.
    #[cfg(not(unix))]
    pub(crate) fn running(_: impl IntoIterator<Item = OsString>) -> Option<Self> {
        None
    }

    /// The path of the file.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// Prevents the start of a new version until the guard is dropped.
    pub(crate) fn guard(&self) -> UpdateGuard {
        UpdateGuard(self.0.work.clone())
    }

    /// Whether no work runs that must not be interrupted.
    pub(crate) fn is_free(&self) -> bool {
        Arc::strong_count(&self.0.work) == 1
    }

    /// Asks for the new version in the place of this process, when the display has ended.
    pub(crate) fn want_new_version(&self) {
        self.0.is_wanted.store(true, Ordering::Release);
    }

    /// Whether the new version is to start.
    pub(crate) fn is_new_version_wanted(&self) -> bool {
        self.0.is_wanted.load(Ordering::Acquire)
    }

    /// Whether a new version has replaced the file, and can start. Call it on a thread that may wait.
    #[cfg(unix)]
    pub(crate) fn is_replaced(&self) -> bool {
        let Some(mut new) = self.replacement() else {
            return false;
        };
        // An installer may still be writing the file.
        loop {
            thread::sleep(TO_BE_WRITTEN);
            match self.replacement() {
                None => return false,
                Some(same) if same == new => break,
                Some(newer) => new = newer,
            }
        }
        match try_out(&self.0.path) {
            Ok(()) => true,
            Err(why) => {
                tracing::error!(
                    path = %self.0.path.display(), why,
                    "the new version of the program does not start, so the old one goes on; install it again"
                );

                false
            }
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn is_replaced(&self) -> bool {
        false
    }

    /// Replaces this process by the new version, with the same arguments and environment. Returns only if that fails.
    #[cfg(unix)]
    pub(crate) fn start_new_version(&self) -> io::Error {
        let mut arguments = self.0.arguments.iter();
        let mut command = Command::new(&self.0.path);
        if let Some(name) = arguments.next() {
            command.arg0(name);
        }

        command.args(arguments).exec()
    }

    #[cfg(not(unix))]
    pub(crate) fn start_new_version(&self) -> io::Error {
        io::ErrorKind::Unsupported.into()
    }

    /// Returns the file that has replaced the program. A file that is missing for a moment is no replacement.
    #[cfg(unix)]
    fn replacement(&self) -> Option<FileIdentity> {
        FileIdentity::of(&self.0.path).filter(|now| *now != self.0.running)
    }
}

#[cfg(unix)]
impl FileIdentity {
    /// Follows links: an update may change a link.
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;

        Some(Self {
            device: found.dev(),
            inode: found.ino(),
            size: found.size(),
            modified: (found.mtime(), found.mtime_nsec()),
        })
    }

    /// Returns the file of the running process, even if its path has another file by now.
    fn running() -> Option<Self> {
        if cfg!(target_os = "linux") {
            return Self::of(Path::new("/proc/self/exe"));
        }

        Self::of(&env::current_exe().ok()?)
    }
}

/// Returns the places where a program of this name can have been started from.
#[cfg(unix)]
fn candidates(name: &Path) -> impl Iterator<Item = PathBuf> {
    let is_path = name.components().count() > 1;
    let search = env::var_os("PATH").filter(|_| !is_path).unwrap_or_default();
    let named = is_path.then(|| name.to_owned());
    let found: Vec<_> = env::split_paths(&search)
        .map(|place| place.join(name))
        .collect();
    // Under a loader or an emulator, this is the loader or emulator, which takes other arguments.
    let own = env::current_exe().ok();
    let own = own.filter(|own| own.file_name() == name.file_name());

    named
        .into_iter()
        .chain(found)
        .chain(own)
        .filter_map(|path| path::absolute(path).ok())
}

/// Checks that the program at `path` starts. A half-written file, or one for another machine, does not.
#[cfg(unix)]
fn try_out(path: &Path) -> Result<(), String> {
    let mut trial = Command::new(path)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;

    wait_for_end(&mut trial, TRIAL_PATIENCE)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// Returns a program in this directory that was not replaced.
    fn program(directory: &Path) -> Program {
        let path = directory.join("program");
        install(&path, "exit 0");

        Program(Arc::new(ProgramStart {
            running: FileIdentity::of(&path).unwrap(),
            path,
            arguments: vec!["program".into()],
            work: Arc::default(),
            is_wanted: AtomicBool::new(false),
        }))
    }

    /// Puts a shell script in the place of the program, as a package manager does.
    fn install(path: &Path, script: &str) {
        let new = path.with_extension("new");
        fs::write(&new, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&new, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(new, path).unwrap();
    }

    #[test]
    fn same_or_missing_file_is_no_update() {
        let directory = tempfile::tempdir().unwrap();
        let program = program(directory.path());
        assert!(!program.is_replaced());
        fs::remove_file(program.path()).unwrap();
        assert!(!program.is_replaced());
    }

    #[test]
    fn same_bytes_in_another_file_are_an_update() {
        let directory = tempfile::tempdir().unwrap();
        let program = program(directory.path());
        install(program.path(), "exit 0");
        assert!(program.is_replaced());
    }

    #[test]
    fn version_that_does_not_start_is_no_update() {
        let directory = tempfile::tempdir().unwrap();
        let program = program(directory.path());
        install(program.path(), "exit 1");
        assert!(!program.is_replaced());
        // A file for another machine.
        fs::write(program.path(), b"\x7fELF").unwrap();
        assert!(!program.is_replaced());
    }

    #[test]
    fn half_written_version_is_waited_for() {
        let directory = tempfile::tempdir().unwrap();
        let program = program(directory.path());
        install(program.path(), "exit 1");
        let path = program.path().to_owned();
        let installer = thread::spawn(move || {
            thread::sleep(TO_BE_WRITTEN / 2);
            install(&path, "exit 0");
        });
        assert!(program.is_replaced());
        installer.join().unwrap();
    }

    #[test]
    fn changed_link_is_an_update() {
        let directory = tempfile::tempdir().unwrap();
        let program = program(directory.path());
        let next = directory.path().join("next");
        install(&next, "exit 0");
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(&next, &link).unwrap();
        fs::rename(link, program.path()).unwrap();
        assert!(program.is_replaced());
    }

    #[test]
    fn work_holds_the_update_up() {
        let directory = tempfile::tempdir().unwrap();
        let program = program(directory.path());
        let first = program.guard();
        let second = program.clone().guard();
        drop(first);
        assert!(!program.is_free());
        drop(second);
        assert!(program.is_free());
    }

    #[test]
    fn running_program_is_found() {
        let tests = env::current_exe().unwrap();
        let found = Program::running([tests.clone().into_os_string()]).unwrap();
        assert_eq!(found.path(), tests);
        assert!(!found.is_replaced());
        // Another program was started, and this one is its loader.
        assert!(Program::running(["/bin/sh".into()]).is_none());
    }
}
