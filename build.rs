//! How the program is linked.

use std::env;
use std::process::Command;

/// The first glibc that reads packed relocations: a seventh of the size, and all of them are read at each
/// start.
const READS_PACKED_RELOCATIONS: (u32, u32) = (2, 36);

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // What is built for another machine is for one whose library is not known here.
    let is_for_this_machine = env::var_os("HOST") == env::var_os("TARGET");
    let glibc = glibc().filter(|_| is_for_this_machine);
    if glibc.is_some_and(|version| version >= READS_PACKED_RELOCATIONS) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// This machine's version of it; `None` where there is another library.
fn glibc() -> Option<(u32, u32)> {
    let told = Command::new("getconf")
        .arg("GNU_LIBC_VERSION")
        .output()
        .ok()?;
    let told = String::from_utf8(told.stdout).ok()?;
    let (major, minor) = told.trim().strip_prefix("glibc ")?.split_once('.')?;

    Some((major.parse().ok()?, minor.parse().ok()?))
}
