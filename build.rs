//! How the program is linked.

use std::env;
use std::path::Path;
use std::process::Command;

/// The first glibc that reads packed relocations: a seventh of the size, and all of them are read at each
/// start.
const READS_PACKED_RELOCATIONS: (u32, u32) = (2, 36);

/// Which functions come behind all others.
const SELDOM: &str = "packaging/seldom.ld";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // What is built for another machine is for one whose library is not known here.
    let is_for_this_machine = env::var_os("HOST") == env::var_os("TARGET");
    let glibc = glibc().filter(|_| is_for_this_machine);
    if glibc.is_some_and(|version| version >= READS_PACKED_RELOCATIONS) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }

    println!("cargo::rerun-if-changed={SELDOM}");
    let is_linux = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if is_linux && is_release && !has_a_linker_of_its_own() {
        let root = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
        let seldom = Path::new(&root).join(SELDOM);
        println!("cargo::rustc-link-arg-bins=-T{}", seldom.display());
    }
}

/// Whether whoever builds has chosen a linker: lld and GNU ld read a script in addition to their own, and
/// one of them is there by default; mold and gold do not.
fn has_a_linker_of_its_own() -> bool {
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();

    env::var_os("RUSTC_LINKER").is_some() || flags.contains("linker") || flags.contains("fuse-ld")
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
