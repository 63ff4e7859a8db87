//! What is measured.

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
    /// What has to be installed for it beside what every desktop has.
    pub(crate) disk_mb: f64,
}

/// How much of a sale a program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It only shows a code.
    None,
    /// It creates a request, shows its code and polls.
    Page,
    /// The same, with all that the display does beside; it ends when it is paid.
    Display,
}

/// All that are there, the display first.
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
    /// What it is started with.
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

/// The examples beside this benchmark's own executable.
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

/// How a shop's technician would start it; nothing that it does for itself at a first start counts, since
/// its profile stays from start to start.
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
            // The page is a file, and the platform another origin.
            "--disable-web-security",
            // Where there are no namespaces for it, as in a container; it would not start at all.
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

/// Of a file, or of all that is in a directory.
fn size_mb(path: &Path) -> f64 {
    fn bytes(path: &Path) -> u64 {
        match fs::read_dir(path) {
            Ok(entries) => entries.flatten().map(|entry| bytes(&entry.path())).sum(),
            Err(_) => fs::symlink_metadata(path).map_or(0, |file| file.len()),
        }
    }

    bytes(path) as f64 / 1e6
}
