//! The demo and the sandbox: everything that needs no platform.

use std::io::{self, Write, stdout};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use clap::{Args, ValueEnum};
use iced::Size;
use iced::keyboard::{Key, key};
use secrecy::SecretString;
use tempfile::TempDir;
use url::Url;

use super::launch::{self, Chosen};
use super::runtime::Runtime;
use super::story;
use super::{Common, Failure, SaleArgs};
use crate::config::key::Credential;
use crate::config::{self, Config};
use crate::display::band::{Act, Patron};
use crate::display::{Mode, NoScreen, Screen, Setup};
use crate::effects::Announcer;
use crate::journal::Journal;
use crate::sandbox::{self, Control, Options, Sandbox, Script};
use crate::signals::asked_to_end;

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// The amount of the demo's sale; without it you enter it
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    amount: Option<String>,

    /// Who plays the customer: one who pays after a few seconds, or you, by keys and by browser
    #[arg(long, value_enum, default_value_t = PatronArg::Auto)]
    patron: PatronArg,

    /// How long the automatic customer takes, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = super::seconds)]
    pays_after: Duration,

    /// Where the embedded platform listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// What the code's url begins with, so that a phone in the same network reaches this machine,
    /// such as http://192.168.1.20:8787 [default: the address listened at]
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,

    /// Draw the screens into pictures instead of a window
    #[arg(long)]
    headless: bool,

    /// Where the pictures go
    #[arg(long, value_name = "DIR", default_value = "patron-display-demo")]
    out: PathBuf,

    /// A window, or pictures, of this size
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = super::size)]
    windowed: Option<Size<u32>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PatronArg {
    Auto,
    Manual,
}

#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    listen: SocketAddr,

    /// What each request's url begins with [default: the address listened at]
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,

    /// Pay each request by itself, so many seconds after it was first read
    #[arg(long, value_name = "SECONDS", value_parser = super::seconds)]
    pays_after: Option<Duration>,

    /// What goes wrong with which call: a fault script, see docs/sandbox.md
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
}

/// What the demo's customer has to scan: long enough to look at every screen.
const EXPIRY_SECONDS: u32 = 120;

/// Plays a sale with both sides on this machine.
pub(super) fn demo(common: &Common, demo: &DemoArgs) -> Result<u8, Failure> {
    let shop = common.config.as_deref().map(shop).transpose()?;
    let runtime = Runtime::new()?;
    if demo.headless {
        return runtime.block_on(story::tell(&demo.out, demo.windowed, shop));
    }
    let screen = match Screen::find(None) {
        Ok(screen) => screen,
        // A screen that is there and cannot be used is no reason to look at something else.
        Err(why) if why != NoScreen::Nowhere => return Err(why.into()),
        Err(_) => {
            say("There is no screen here, so the demo is drawn into pictures.")?;

            return runtime.block_on(story::tell(&demo.out, demo.windowed, shop));
        }
    };
    let options = Options {
        listen: demo.listen,
        public_url: demo.public_url.clone(),
        patron: match demo.patron {
            PatronArg::Auto => sandbox::Patron::PaysAfter(demo.pays_after),
            PatronArg::Manual => sandbox::Patron::Manual,
        },
        ..Options::default()
    };
    let stage = runtime.block_on(Stage::build(options, shop))?;
    let sale = SaleArgs {
        amount: demo.amount.clone(),
        windowed: demo.windowed,
        ..SaleArgs::default()
    };
    let mode = launch::mode(sale.windowed, Some(&screen));
    let setup = stage.setup(
        &sale,
        EXPIRY_SECONDS,
        launch::announcer(common),
        mode,
        launch::room(mode, &screen),
        &Counter::fresh(),
    )?;

    let setup = Setup {
        // Only the customer who pays by himself comes with a cashier who types by herself.
        cashier: match demo.patron {
            PatronArg::Auto => amount_keys(),
            PatronArg::Manual => Vec::new(),
        },
        controls: launch::controls(common),
        ..setup
    };

    launch::run(setup, &screen, true)
}

/// How a shop's own configuration makes the screens look and what they speak. The rest of it has no
/// part in a demo, which neither asks its platform nor needs its key.
pub(super) struct Shop {
    display: config::Display,
    qr: config::Qr,
}

fn shop(path: &Path) -> Result<Shop, Failure> {
    let config = Config::load(Some(path))?;

    Ok(Shop {
        display: config.display,
        qr: config.qr,
    })
}

/// The keys for the amount that a demo sells for, and for showing its code.
pub(super) fn amount_keys() -> Vec<Key> {
    "12.50"
        .chars()
        .map(|figure| Key::Character(figure.to_string().into()))
        .chain([Key::Named(key::Named::Enter)])
        .collect()
}

/// Runs the embedded platform until it is interrupted.
pub(super) fn sandbox(arguments: &SandboxArgs) -> Result<u8, Failure> {
    let script = match &arguments.faults {
        Some(file) => Script::read(file)?,
        None => Script::default(),
    };
    let runtime = Runtime::new()?;

    runtime.block_on(async {
        let sandbox = Sandbox::start(Options {
            listen: arguments.listen,
            public_url: arguments.public_url.clone(),
            patron: arguments
                .pays_after
                .map_or(sandbox::Patron::Manual, sandbox::Patron::PaysAfter),
            ..Options::default()
        })
        .await?;
        sandbox.control().set_script(script);
        say(&format!(
            "# The sandbox listens at {base}. No money moves. A configuration for it:\n\n{config}\n\
             # Any API key will do, for example CENTRAPAY_API_KEY=sandbox. What goes wrong is told,\n\
             # and set, at {base}/sandbox/faults. Ctrl-C ends it.",
            base = sandbox.base_url(),
            config = configuration(&sandbox, arguments.public_url.as_ref(), EXPIRY_SECONDS),
        ))?;
        asked_to_end().await;
        sandbox.shutdown().await;

        Ok(0)
    })
}

/// A line of what is going on.
pub(super) fn say(line: &str) -> Result<(), Failure> {
    match writeln!(stdout(), "{line}") {
        // Whoever reads has seen enough; what goes on goes on.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// What a sale needs around it when nothing is real: a platform, and a place for the journal.
pub(super) struct Stage {
    pub(super) sandbox: Sandbox,
    public_url: Option<url::Url>,
    directory: TempDir,
    shop: Option<Shop>,
}

impl Stage {
    pub(super) async fn build(options: Options, shop: Option<Shop>) -> Result<Self, Failure> {
        Ok(Self {
            public_url: options.public_url.clone(),
            sandbox: Sandbox::start(options).await?,
            directory: tempfile::Builder::new()
                .prefix("patron-display-demo-")
                .tempdir()?,
            shop,
        })
    }

    /// A display for one sale at this counter, with the customer's keys.
    pub(super) fn setup(
        &self,
        sale: &SaleArgs,
        expiry_seconds: u32,
        announcer: Announcer,
        mode: Mode,
        room: Option<u32>,
        counter: &Counter,
    ) -> Result<Setup, Failure> {
        let text = configuration(&self.sandbox, self.public_url.as_ref(), expiry_seconds);
        let mut config = Config::from_str(&text, &PathBuf::from("the demo's configuration"))?;
        if let Some(shop) = &self.shop {
            config.display = shop.display.clone();
            config.qr = shop.qr.clone();
        }
        let chosen: Chosen = launch::choose(&config, sale)?;
        let credential = Credential::ApiKey(SecretString::from("demo"));
        let journal = Journal::open(&self.directory.path().join(&counter.0))?;
        let setup = launch::setup(&config, &credential, journal, announcer, chosen, mode, room)?;

        Ok(Setup {
            patron: Some(Arc::new(SandboxPatron(self.sandbox.control()))),
            ..setup
        })
    }
}

/// A counter of the demo, by the name of its journal's directory. A display that is still open
/// keeps its counter; the next one there finds what it has left.
pub(super) struct Counter(String);

impl Counter {
    /// One that no display has had yet.
    pub(super) fn fresh() -> Self {
        static COUNTERS: AtomicU32 = AtomicU32::new(1);

        Self(format!(
            "counter-{}",
            COUNTERS.fetch_add(1, Ordering::Relaxed)
        ))
    }
}

fn configuration(sandbox: &Sandbox, public_url: Option<&url::Url>, expiry_seconds: u32) -> String {
    let pay_host = match public_url {
        Some(url) => {
            let host = url.host_str().unwrap_or_default();

            url.port()
                .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
        }
        None => sandbox.address().to_string(),
    };

    format!(
        r#"[api]
base-url = "{base_url}"
pay-hosts = ["{pay_host}"]

[merchants.cafe]
config-id = "5ee168e8597be5002af7b454"
name = "Centrapay Café"
liveness = "test"
expiry-seconds = {expiry_seconds}
"#,
        base_url = sandbox.base_url(),
    )
}

/// The customer of the demo: what the keys do happens at the sandbox, not on the screen.
#[derive(Debug)]
struct SandboxPatron(Control);

impl Patron for SandboxPatron {
    fn act(&self, act: Act) {
        let Some(id) = self.0.latest() else {
            return;
        };
        let acted = match act {
            Act::Pay => self.0.pay(&id),
            Act::Decline => self.0.decline(&id),
            Act::Expire => self.0.expire(&id),
        };
        if let Err(refusal) = acted {
            tracing::info!(%refusal, ?act, "the sandbox refused");
        }
    }
}

/// The size of the story's pictures, where nothing else is asked for.
pub(super) const PICTURE: Size<u32> = Size::new(1280, 800);
