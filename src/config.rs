//! The configuration file: typed, checked as a whole before anything is shown, refused with the place and the remedy.
//!
//! A wrong setting here means a charge to the wrong shop or a code that leads elsewhere, so nothing is guessed: unknown
//! keys, odd values and second-best places are errors, never defaults.

mod document;
mod error;
pub mod key;
mod keys;
mod look;
mod read;
pub mod schema;
mod search;
mod syntax;
mod value;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::colour::Colour;
use crate::locale::Language;
use crate::money::Currency;

pub use crate::payment::Liveness;
pub use error::ConfigError;
pub(crate) use keys::hint as nearest;
pub use search::{Candidate, Origin};

/// Everything the display is told by its configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The file this was read from.
    pub path: PathBuf,
    /// The merchant of a sale that names none.
    pub default_merchant: MerchantKey,
    /// How to reach the platform, and as whom.
    pub api: Api,
    /// What the platform is told about this counter.
    pub terminal: Terminal,
    /// The shops that can be charged for, by the name of their table; never empty.
    pub merchants: BTreeMap<MerchantKey, Merchant>,
    /// How the screens look and how long they stay.
    pub display: Display,
    /// What the QR code says.
    pub qr: Qr,
}

/// The name of a merchant within the configuration: `cafe` in `[merchants.cafe]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MerchantKey(String);

impl MerchantKey {
    /// A key of this name; whether a merchant has it is for [`Config::merchant`] to say.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name as written in the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MerchantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for MerchantKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// `[api]`: how to reach the platform, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Api {
    /// Where the calls go: https, or http to this machine. Without credentials, query, fragment, or a slash at the end
    /// of its path (the `/` of a bare host is the URL's own).
    pub base_url: Url,
    /// The only hosts a QR code may point to; never empty.
    pub pay_hosts: Vec<PayHost>,
    /// The file that holds the API key; a relative path was resolved against the configuration file.
    pub api_key_file: Option<PathBuf>,
    /// The file that holds a token for the `Authorization` header, used instead of an API key. Never set together with
    /// [`Api::api_key_file`].
    pub authorization_file: Option<PathBuf>,
    /// The account the token acts for (`X-Centrapay-Account`); only with [`Api::authorization_file`].
    pub account: Option<String>,
    /// Whose word a server's certificate is believed on.
    pub tls_roots: TlsRoots,
    /// The proxy that every call goes through; those of the environment are never used.
    pub proxy: Option<Url>,
    /// How many counters share the account's calls, this one included; at least 1.
    pub counters: u32,
}

/// Where the root certificates come from that a server's certificate has to lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsRoots {
    /// What this system trusts.
    System,
    /// Mozilla's list, as built into this program.
    Bundled,
    /// This PEM file and nothing else.
    File(PathBuf),
}

/// A host that a QR code may point to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PayHost {
    /// The host in the form [`Url::host_str`] has it: lower case, IPv6 in brackets.
    pub host: String,
    /// The port, as [`Url::port`] has it: `None` for the default port of https, whether or not it was written.
    pub port: Option<u16>,
}

impl fmt::Display for PayHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => f.write_str(&self.host),
        }
    }
}

/// `[terminal]`: what the platform is told about this counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// The name of the counter, sent as `terminalId`.
    pub terminal_id: Option<String>,
    /// The serial number of the hardware, sent as `deviceId`.
    pub device_id: Option<String>,
    /// Whether the cashier answers payment conditions. If not, the platform cancels what needs an answer.
    pub conditions: bool,
    /// Whether every create allows a payment in parts, as the platform requires of integrations.
    pub part_payments: bool,
    /// What the platform is told as `externalRef`.
    pub external_ref: ReferenceForm,
    /// How long a reference stands for one sale. Later it stands for another one.
    pub reference_lifetime: Duration,
}

/// What the platform is told as `externalRef`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReferenceForm {
    /// The till's reference with a token drawn at random: no other counter has it, so a look-up finds only one's own.
    #[default]
    Unique,
    /// The till's reference as it is. Another counter may use the same one, so a look-up proves nothing.
    AsGiven,
}

impl Default for Terminal {
    fn default() -> Self {
        Self {
            terminal_id: None,
            device_id: None,
            conditions: true,
            part_payments: false,
            external_ref: ReferenceForm::default(),
            reference_lifetime: read::REFERENCE_LIFETIME,
        }
    }
}

/// `[merchants.NAME]`: one shop that can be charged for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Merchant {
    /// The merchant config of the platform, without the prefix `mc_` whether or not it was written with one.
    pub config_id: String,
    /// The name of the shop as its customers know it.
    pub name: String,
    /// The currency of every amount; it has a minor unit.
    pub currency: Currency,
    /// Whether payments are real; an answer of the other kind is refused.
    pub liveness: Liveness,
    /// How long a payment request can be paid, in seconds.
    pub expiry_seconds: u32,
    /// The account that owns the merchant; with it a request can be looked up by its `externalRef`.
    pub account_id: Option<String>,
}

/// `[display]`: how the screens look and how long they stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Display {
    /// Languages to show, the first one largest; never empty, no duplicates, two at most.
    pub locale: Vec<Language>,
    /// The colours.
    pub theme: Theme,
    /// The shop's own colour for the main button and the time left. It is told apart from the theme's
    /// ground at 7:1.
    pub accent: Option<Colour>,
    /// The shop's logo, an SVG or a PNG file.
    pub shop_logo: Option<PathBuf>,
    /// How large text is, in percent of its usual size: 100 to 150.
    pub text_size: u16,
    /// Whether nothing moves that need not.
    pub reduced_motion: bool,
    /// Whether paid and not paid are heard as well.
    pub tones: bool,
    /// The program that plays a tone, with its arguments; it gets a WAV file on standard input. Empty:
    /// the sound server is spoken to.
    pub tone_player: Vec<String>,
    /// Whether the screen is kept from going dark while a sale is on.
    pub keep_awake: bool,
    /// The monitor to fill, by the name that the system has for it.
    pub monitor: Option<String>,
    /// How long the success screen stays.
    pub close_after: Duration,
    /// How long the other endings stay, the unknown one excepted; `None`: until a key.
    pub leave_after: Option<Duration>,
    /// Whether the idle screen of a display that stands has a clock.
    pub clock: bool,
    /// The apps that customers pay with, in the order in which the screen names them: one to three.
    pub apps: Vec<String>,
}

/// The app that customers of the platform know.
pub const USUAL_APP: &str = "Payap";

/// The colours of the screens. The code itself is black on white in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark text on a light ground.
    #[default]
    Light,
    /// Light text on a dark ground.
    Dark,
    /// The strongest contrast, for weak eyes and bright rooms.
    HighContrast,
}

impl Theme {
    /// The ground of the screens on which nothing has been decided.
    pub fn ground(self) -> Colour {
        match self {
            Self::Light => Colour::rgb(0xf4_f6_f8),
            Self::Dark => Colour::rgb(0x10_18_1f),
            Self::HighContrast => Colour::rgb(0),
        }
    }
}

/// `[qr]`: the code the customer scans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// What the code says.
    pub content: QrContent,
    /// What stands in its middle.
    pub logo: QrLogo,
}

/// What stands in the middle of a code. It costs reading distance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum QrLogo {
    /// Nothing: the code can be read from farthest away.
    None,
    /// This project's own neutral mark.
    Mark,
    /// An SVG or a PNG file.
    File(PathBuf),
}

/// What the QR code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QrContent {
    /// The `url` of the payment request, as the platform's current guide asks for.
    PaymentUrl,
    /// The endpoint that pays the request, as an older edition of the guide had it.
    PayEndpoint,
}

/// The sample, with a comment on every setting: the file `config/patron-display.toml`.
pub const SAMPLE: &str = include_str!("../config/patron-display.toml");

/// The places where [`Config::load`] looks, in order.
pub fn places(explicit: Option<&Path>) -> Vec<Candidate> {
    let directories = directories::ProjectDirs::from("", "", "patron-display");
    let user = directories.as_ref().map(|found| found.config_dir());
    let named = std::env::var_os(search::VARIABLE);

    search::candidates(explicit, named.as_deref(), user)
}

/// The one of `places` that [`Config::load_first`] reads.
///
/// # Errors
///
/// When none exists, or the first one that does cannot be read.
pub fn find(places: &[Candidate]) -> Result<&Path, ConfigError> {
    search::first(places).map(|(path, _)| path)
}

impl Config {
    /// Reads the configuration from the first place that applies: `explicit` (the `--config` option), the file named by
    /// `PATRON_DISPLAY_CONFIG`, `config.toml` in the user's configuration directory, the file for the whole machine.
    ///
    /// # Errors
    ///
    /// When there is no file, it cannot be read, or anything in it is not right. A file that was named but is missing is
    /// an error too: taking the next one could charge for another shop.
    pub fn load(explicit: Option<&Path>) -> Result<Self, ConfigError> {
        Self::load_first(&places(explicit))
    }

    /// Reads the first of `candidates` that exists.
    ///
    /// # Errors
    ///
    /// When none exists, or the first one that does cannot be used.
    pub fn load_first(candidates: &[Candidate]) -> Result<Self, ConfigError> {
        let (path, bytes) = search::first(candidates)?;
        let text = document::utf8(path, &bytes)?;
        let config = Self::from_str(text, path)?;
        tracing::info!(path = %path.display(), merchants = config.merchants.len(), "configuration read");

        Ok(config)
    }

    /// Reads a configuration from its text. `path` is where it came from: errors name it, and relative paths in the text
    /// start from its directory.
    ///
    /// # Errors
    ///
    /// When the text is not TOML, or says anything that is not right; the error names file, line and column.
    pub fn from_str(text: &str, path: &Path) -> Result<Self, ConfigError> {
        read::config(text, path)
    }

    /// The merchant of this key, or the default one when no key is given.
    ///
    /// # Errors
    ///
    /// When no merchant has the key; the error names those there are.
    pub fn merchant(&self, key: Option<&str>) -> Result<(&MerchantKey, &Merchant), ConfigError> {
        let key = key.unwrap_or(self.default_merchant.as_str());

        self.merchants
            .get_key_value(key)
            .ok_or_else(|| ConfigError::UnknownMerchant {
                path: self.path.clone(),
                given: key.to_owned(),
                hint: keys::hint(key, self.merchants.keys().map(MerchantKey::as_str)),
            })
    }
}

#[cfg(test)]
mod tests;
