//! Starting once more, with what only the environment of a process can say.
//!
//! Three libraries can be told something by an environment variable alone, and a program has these from
//! whoever starts it: so it starts itself.
//!
//! * The table of compose sequences, such as how to type an e with an accent on a keyboard that has none.
//!   The window library has both of its keyboard libraries read its thousands of lines before there is a
//!   window, which takes as long as all else that it does. So they read a file in memory that has only the
//!   letters of names.
//! * The heaps of the C library. It has one for each of the threads that something is done on, most of it
//!   empty; and once it has given back a large piece it keeps such pieces, such as what a frame is drawn
//!   with, which is as large as the screen.
//! * The display server. The window library takes Wayland where a variable leads to it, and panics where no
//!   compositor is there, although an X server may be. So such a variable is removed.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::fs::{MemfdFlags, memfd_create};

use super::compose;
use super::failure::warn;
use crate::display::Screen;

/// Where the table of compose sequences is.
const SEQUENCES: &str = "XCOMPOSEFILE";

/// What is said of the heaps, where nobody has said anything else.
const HEAPS: [(&str, &str); 2] = [
    ("MALLOC_ARENA_MAX", "1"),
    // In bytes: the usual value, which stays as it is where it was said.
    ("MALLOC_MMAP_THRESHOLD_", "131072"),
];

/// Starts the program once more, in the same process, unless that is how it was started. Where it is not
/// possible it goes on as it is.
pub(super) fn restart(arguments: &[OsString]) {
    let [name, arguments @ ..] = arguments else {
        return;
    };
    let is_unsaid = |variable: &str| env::var_os(variable).is_none();
    // It is open until there is another program in this process, and in that as well.
    let sequences = is_unsaid(SEQUENCES).then(|| sequences().ok()).flatten();
    let unsaid: Vec<_> = HEAPS
        .into_iter()
        .filter(|(variable, _)| is_unsaid(variable))
        .map(|(variable, value)| (variable, value.to_owned()))
        .chain(sequences.as_ref().map(|file| {
            let path = format!("/proc/self/fd/{}", file.as_raw_fd());

            (SEQUENCES, path)
        }))
        .collect();
    let misleading = Screen::misleading_variables();
    if unsaid.is_empty() && misleading.is_empty() {
        return;
    }
    // Under a loader or an emulator what runs is that, and it would be given the wrong arguments.
    let is_itself = |own: &PathBuf| own.file_name() == Path::new(name).file_name();
    if let Some(own) = env::current_exe().ok().filter(is_itself) {
        let mut again = Command::new(own);
        again.arg0(name).args(arguments).envs(unsaid);
        for (variable, why) in misleading {
            // An empty one was not meant to lead anywhere.
            if env::var_os(variable).is_some_and(|value| !value.is_empty()) {
                warn(&format!("{why}; it is passed over"));
            }
            again.env_remove(variable);
        }
        // It comes back only when it has failed, and there is nothing that has to be done then.
        let _ = again.exec();
    }
}

/// The short table of sequences. It stays open in the program that is started.
fn sequences() -> io::Result<File> {
    let file = memfd_create("compose sequences", MemfdFlags::empty())?;
    let mut file = File::from(file);
    file.write_all(compose::table().as_bytes())?;

    Ok(file)
}
