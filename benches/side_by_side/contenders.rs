//! The programs that the benchmark compares.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shop::{Home, KEY};

pub(crate) const DISPLAY: &str = "patron-display";
pub(crate) const BARE_WINDOW: &str = "bare iced window";
pub(crate) const PAGE: &str = "Chromium page";

/// A program that shows a code.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    pub(crate) flow: Flow,
    /// The size of the program's files, in MB, without those that a usual desktop has anyway.
    pub(crate) disk_mb: f64,
}

/// The part of a sale that a program carries out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// The program only shows a code.
    None,
    /// The program creates a request, shows its code and polls.
    Page,
    /// The program carries out the whole sale and ends after the payment.
    Display,
}

/// Returns the installed programs. The display is the first.
pub(crate) fn all() -> Vec<Contender> {
    let display = Path::new(env!("CARGO_BIN_EXE_patron-display"));
    let mut all = vec![
        built(DISPLAY, display.to_owned(), Flow::Display),
        built(BARE_WINDOW, example("bare_window"), Flow::None),
        built("bare X11 window", example("bare_x11"), Flow::None),
    ];
    match chromium() {
        Some(chromium) => all.push(chromium),
        None => println!("no chromium on PATH: the page is left out (apt-get install chromium)"),
    }

    all
}

impl Contender {
    /// Adds the program's arguments to the command.
    pub(crate) fn arguments(
        &self,
        home: &Home,
        platform: SocketAddr,
        reference: &str,
        command: &mut Command,
    ) {
        match self.flow {
            Flow::None => {}
            Flow::Display => {
                command
                    .args(["sale", "--amount", "12.50", "--ref", reference])
                    .args(home.options());
            }
            Flow::Page => {
                command.args(kiosk(home)).arg(page(platform, reference));
            }
        }
    }
}

fn built(name: &'static str, program: PathBuf, flow: Flow) -> Contender {
    Contender {
        disk_mb: size_mb(&program),
        name,
        program,
        flow,
    }
}

/// Returns the path of an example. It is next to the benchmark's own executable.
fn example(name: &str) -> PathBuf {
    let own = env::current_exe().expect("its own path");
    let directory = own.parent().and_then(Path::parent).expect("a directory");
    let path = directory.join("examples").join(name);
    assert!(
        path.exists(),
        "start it by benches/side-by-side, which builds {name}"
    );

    path
}

fn chromium() -> Option<Contender> {
    let path = env::var_os("PATH")?;
    let program = env::split_paths(&path)
        .map(|directory| directory.join("chromium"))
        .find(|program| program.exists())?;

    Some(Contender {
        name: PAGE,
        program,
        flow: Flow::Page,
        disk_mb: size_mb(Path::new("/usr/lib/chromium"))
            + size_mb(Path::new("/usr/share/chromium")),
    })
}

/// Returns the arguments that a shop's technician would use. All runs share a profile, so that only a warm-up
/// does the work of a first start.
fn kiosk(home: &Home) -> Vec<OsString> {
    let mut profile = OsString::from("--user-data-dir=");
    profile.push(home.path().join("chromium"));
    let mut arguments = vec![profile];
    arguments.extend(
        [
            "--kiosk",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-extensions",
            "--disable-component-update",
            "--disable-background-networking",
            "--disable-gpu",
            "--password-store=basic",
            // The page is a file, so the browser sees the platform as another origin.
            "--disable-web-security",
            // With the sandbox, Chromium does not start in a container without namespaces.
            "--no-sandbox",
            "--window-position=0,0",
            "--window-size=1920,1080",
        ]
        .map(OsString::from),
    );

    arguments
}

fn page(platform: SocketAddr, reference: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/side_by_side/page.html");
    let reference = reference.replace(' ', "-");

    format!(
        "--app=file://{}?api=http://{platform}&key={KEY}&ref={reference}",
        page.display()
    )
}

/// Returns the size of a file or of a directory's whole content, in MB.
fn size_mb(path: &Path) -> f64 {
    fn bytes(path: &Path) -> u64 {
        match fs::read_dir(path) {
            Ok(entries) => entries.flatten().map(|entry| bytes(&entry.path())).sum(),
            Err(_) => fs::symlink_metadata(path).map_or(0, |file| file.len()),
        }
    }

    bytes(path) as f64 / 1e6
}
