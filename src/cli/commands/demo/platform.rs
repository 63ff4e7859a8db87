//! The embedded platform of the demo, and the displays that use it.

use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use iced::keyboard::{Key, key};
use secrecy::SecretString;
use tempfile::TempDir;
use url::{Position, Url};

use crate::app::demo::{Act, Patron};
use crate::app::{Mode, Setup};
use crate::cli::arguments::SaleArgs;
use crate::cli::failure::CommandError;
use crate::cli::launch;
use crate::cli::session::client;
use crate::config::Config;
use crate::config::key::Credential;
use crate::journal::Journal;
use crate::runtime::effects::Announcer;
use crate::sandbox::{Control, Options, Sandbox};

/// The embedded platform, and a directory for the journals of the demo.
pub(super) struct DemoPlatform {
    pub(super) sandbox: Sandbox,
    public_url: Option<Url>,
    directory: TempDir,
    /// A shop's own configuration, of which the demo uses only the look and the languages.
    look: Option<Config>,
}

impl DemoPlatform {
    pub(super) async fn start(
        options: Options,
        look: Option<Config>,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            public_url: options.public_url.clone(),
            sandbox: Sandbox::start(options).await?,
            directory: tempfile::Builder::new()
                .prefix("patron-display-demo-")
                .tempdir()?,
            look,
        })
    }

    /// Creates the data directory of a new counter.
    pub(super) fn new_counter(&self) -> Result<PathBuf, CommandError> {
        let directory = tempfile::Builder::new()
            .prefix("counter-")
            .tempdir_in(self.directory.path())?;

        Ok(directory.keep())
    }

    /// Builds the setup of one sale at this counter. The customer's keys act on the sandbox.
    pub(super) fn setup(
        &self,
        sale: &SaleArgs,
        expiry_seconds: u32,
        announcer: Announcer,
        mode: Mode,
        room: Option<u32>,
        counter: &Path,
    ) -> Result<Setup, CommandError> {
        let text = configuration(&self.sandbox, self.public_url.as_ref(), expiry_seconds);
        let mut config = Config::from_str(&text, Path::new("the demo's configuration"))?;
        if let Some(look) = &self.look {
            config.display = look.display.clone();
            config.qr = look.qr.clone();
        }
        let prepared = launch::prepare(&config, sale)?;
        let credential = Credential::ApiKey(SecretString::from("demo"));
        let journal = Journal::open(counter)?;
        let setup = launch::setup(
            &config,
            client(&config, &credential)?,
            journal,
            announcer,
            prepared,
            mode,
            room,
        );

        Ok(Setup {
            patron: Some(Arc::new(SandboxPatron(self.sandbox.control()))),
            ..setup
        })
    }
}

/// Returns the keys that enter the amount of the demo and show its code.
pub(super) fn amount_keys() -> Vec<Key> {
    "12.50"
        .chars()
        .map(|figure| Key::Character(figure.to_string().into()))
        .chain([Key::Named(key::Named::Enter)])
        .collect()
}

/// Prints a line.
pub(super) fn say(line: &str) -> Result<(), CommandError> {
    match writeln!(stdout(), "{line}") {
        // The reader, such as `head`, has closed the pipe: the demo goes on.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::Output(error)),
        _ => Ok(()),
    }
}

pub(super) fn configuration(
    sandbox: &Sandbox,
    public_url: Option<&Url>,
    expiry_seconds: u32,
) -> String {
    let pay_host = match public_url {
        Some(url) => url[Position::BeforeHost..Position::AfterPort].to_owned(),
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

/// The customer of the demo. The keys change the payment request at the sandbox, not the screen.
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
