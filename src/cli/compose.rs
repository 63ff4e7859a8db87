//! The table of compose sequences, which nothing here needs.
//!
//! The window library has both of its keyboard libraries read it before there is a window: thousands of
//! lines, such as how to type an e with an accent on a keyboard that has none. That takes as long as all
//! else that it does. Each of them can be told by an environment variable where the table is; and a
//! program has that from whoever starts it, so it starts itself once more.

use std::env;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Where the table is.
const VARIABLE: &str = "XCOMPOSEFILE";

/// Starts the program once more with an empty table, in the same process. Where somebody has said which
/// table there is, or where that is not possible, it goes on as it is.
pub(super) fn do_without(arguments: &[OsString]) {
    let [name, arguments @ ..] = arguments else {
        return;
    };
    if env::var_os(VARIABLE).is_some() {
        return;
    }
    if let Ok(own) = env::current_exe() {
        // It comes back only when it has failed, and there is nothing that has to be done then.
        let _ = Command::new(own)
            .arg0(name)
            .args(arguments)
            .env(VARIABLE, "/dev/null")
            .exec();
    }
}
