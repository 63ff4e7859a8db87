//! The configuration file. It is read and checked as a whole before anything is shown.
//!
//! A wrong setting can charge the wrong shop, so nothing is guessed. An unknown key or a wrong value is an error with its
//! place and what would be right.

mod address;
mod check;
mod document;
mod error;
mod hint;
pub mod key;
mod look;
mod merchant;
pub mod schema;
mod search;
mod syntax;
mod value;
mod wrong;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::colour::Colour;
use crate::domain::merchant::{Merchant, MerchantKey, ReferenceForm};
use crate::domain::payment::{PayHost, QrContent};
use crate::locale::Language;
use crate::sale::{Rules, Timing};
use crate::text::nearest::nearest;
pub use error::ConfigError;
pub use search::{Candidate, Origin};

/// Pattern of an id, which is sent in headers and addresses.
const ID: &str = "^[!-~]+$";
const DURATION: &str = r"^[0-9]+\s*(ms|s|m|h|d)$";
/// Pattern of a text with at least one visible character.
const VISIBLE: &str = r"\S";
/// Pattern of a path. Only a shell understands a tilde at the start.
const PATH: &str = "^[^~]";

/// The settings of the display.
//
// Each setting is one field. Its comment is also its text in the schema and in the sample. Its default is in the `Default`
// of its table. `example` is for the sample, and `deserialize_with` names the function that checks the value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(
    title = "The configuration of patron-display",
    extend(
        "required" = ["merchants"],
        "if" = { "properties": { "merchants": { "minProperties": 2 } } },
        "then" = { "required": ["default-merchant"] },
    )
)]
pub struct Config {
    /// The file that the settings come from.
    #[serde(skip)]
    pub path: PathBuf,
    /// The merchant of a sale that names none. It may be left out if there is only one.
    #[serde(
        default = "no_merchant",
        deserialize_with = "merchant::default_merchant"
    )]
    #[schemars(with = "String", regex(pattern = VISIBLE), example = &"cafe")]
    pub default_merchant: MerchantKey,
    /// The connection to the platform.
    #[serde(default)]
    pub api: Api,
    /// The counter's data for the platform.
    #[serde(default)]
    pub terminal: Terminal,
    /// One table for each shop that can be charged for. --merchant takes its name, which is "cafe" here.
    #[serde(default, deserialize_with = "merchant::merchants")]
    #[schemars(
        with = "BTreeMap<String, merchant::MerchantTable>",
        extend("minProperties" = 1, "propertyNames" = { "pattern": r"^\S+$" })
    )]
    pub merchants: BTreeMap<MerchantKey, Merchant>,
    /// The look of the screens and how long they stay.
    #[serde(default)]
    pub display: Display,
    /// The code that the customer scans.
    #[serde(default)]
    pub qr: Qr,
    /// The local API of the resident display, for tills that call it by HTTP.
    #[serde(default)]
    pub local_api: LocalApi,
}

fn no_merchant() -> MerchantKey {
    MerchantKey::new("")
}

/// `[api]`: the connection to the platform.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(extend(
    "not" = { "required": ["api-key-file", "authorization-file"] },
    "dependencies" = { "account": ["authorization-file"] },
))]
pub struct Api {
    /// The address of the platform. It is https, or http for this machine only (the sandbox).
    #[serde(deserialize_with = "address::base_url")]
    #[schemars(with = "String", regex(pattern = address::PATTERN), extend("default" = PLATFORM))]
    pub base_url: Url,
    /// The only hosts that a QR code may point to. Add the port if it is not the usual one.
    #[serde(deserialize_with = "address::pay_hosts")]
    #[schemars(
        with = "Vec<String>",
        length(min = 1),
        inner(regex(pattern = r"^[^\s/@*?#]+$")),
        extend("default" = [PAY_HOST])
    )]
    pub pay_hosts: Vec<PayHost>,
    /// The file with the API key, relative to this file. Only its owner may read it: chmod 600 centrapay.key
    /// A systemd credential named centrapay-api-key is used before this file. Without both, the key comes from the
    /// environment variable CENTRAPAY_API_KEY.
    #[serde(deserialize_with = "value::path")]
    #[schemars(with = "String", regex(pattern = PATH), example = &"centrapay.key")]
    pub api_key_file: Option<PathBuf>,
    /// Instead of a key: the file with a token for the Authorization header.
    #[serde(deserialize_with = "value::path")]
    #[schemars(with = "String", regex(pattern = PATH), example = &"centrapay.jwt")]
    pub authorization_file: Option<PathBuf>,
    /// The account that the token acts for. It is only for use with authorization-file.
    #[serde(deserialize_with = "value::identifier")]
    #[schemars(with = "String", regex(pattern = ID), example = &"C4QnjXvj8At6SMsEN4LRi9")]
    pub account: Option<String>,
    /// The root certificates that the platform's certificate is checked against: "system" for those of this machine,
    /// "bundled" for Mozilla's, which are built in, or the path of a PEM file that holds the only roots.
    #[serde(deserialize_with = "value::tls_roots")]
    #[schemars(schema_with = "value::tls_roots_schema", extend("default" = "system"))]
    pub tls_roots: TlsRoots,
    /// The proxy for all calls. The proxy variables of the environment are not used.
    #[serde(deserialize_with = "address::proxy")]
    #[schemars(with = "String", regex(pattern = address::PATTERN), example = &"http://proxy.example:3128")]
    pub proxy: Option<Url>,
    /// The time between two polls for a payment: 500ms to 10s. The platform asks for about 1s. A counter that is alone on its
    /// account may write "500ms". It then sees a payment sooner, and uses up to 120 of the account's 200 calls a minute.
    /// If it is left out, it is 1s, or longer if the number of counters needs it.
    #[serde(deserialize_with = "value::poll_every")]
    #[schemars(with = "String", regex(pattern = DURATION), extend("default" = POLL_EVERY))]
    pub poll_every: Duration,
    /// The number of counters that use this key's account. The platform allows an account 200 calls a minute. From the third counter
    /// on, each asks a little less often. With 25, each asks only every 10 s, so a payment is seen that much later.
    /// At most 100; a shop with so many should ask Centrapay for a higher limit.
    #[serde(deserialize_with = "value::counters")]
    #[schemars(range(min = *value::COUNTERS.start(), max = *value::COUNTERS.end()))]
    pub counters: u32,
}

const PLATFORM: &str = "https://service.centrapay.com";
const PAY_HOST: &str = "app.centrapay.com";
const POLL_EVERY: &str = "1s";

impl Default for Api {
    fn default() -> Self {
        Self {
            base_url: Url::parse(PLATFORM)
                .unwrap_or_else(|_| unreachable!("the platform's address is a URL")),
            pay_hosts: vec![PayHost {
                host: PAY_HOST.to_owned(),
                port: None,
            }],
            api_key_file: None,
            authorization_file: None,
            account: None,
            tls_roots: TlsRoots::System,
            proxy: None,
            poll_every: value::parse_duration(POLL_EVERY).unwrap_or_default(),
            counters: 1,
        }
    }
}

/// The root certificates that a server's certificate is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsRoots {
    /// The roots of this system.
    System,
    /// Mozilla's list, which is built into this program.
    Bundled,
    /// The roots in this PEM file.
    File(PathBuf),
}

/// `[terminal]`: what the platform is told about this counter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Terminal {
    /// The name of the counter, so that its payments can be found again.
    #[serde(deserialize_with = "value::terminal_id")]
    #[schemars(with = "String", regex(pattern = VISIBLE), example = &"COUNTER-1")]
    pub terminal_id: Option<String>,
    /// The serial number of the hardware.
    #[serde(deserialize_with = "value::device_id")]
    #[schemars(with = "String", regex(pattern = VISIBLE), example = &"SN-0042")]
    pub device_id: Option<String>,
    /// Whether the cashier answers the platform's questions, such as one for a proof of age. Write false only for a counter
    /// without a cashier: the platform then cancels each payment that needs an answer.
    pub conditions: bool,
    /// true: every sale may be paid in parts, as Centrapay requires of integrations. A sale that ends in part (exit code
    /// 10) needs a decision: the rest is paid another way, or the part is paid back.
    pub part_payments: bool,
    /// The externalRef for Centrapay. "unique": the till's reference, a dot and ten random characters. No other
    /// counter's payment is ever taken for this one's. "as-given": the till's reference alone, for a shop that must have
    /// it there. Then a request whose creation was interrupted cannot be looked up.
    pub external_ref: ReferenceForm,
    /// The time for which a reference means one sale: 1d to 3660d, with the unit h or d. If a paid sale is asked for again in that
    /// time, with the same amount and merchant, it is reported as paid and not sold twice. Later the reference means
    /// another sale.
    #[serde(deserialize_with = "value::reference_lifetime")]
    #[schemars(with = "String", regex(pattern = DURATION), extend("default" = REFERENCE_LIFETIME))]
    pub reference_lifetime: Duration,
}

const REFERENCE_LIFETIME: &str = "30d";

impl Default for Terminal {
    fn default() -> Self {
        Self {
            terminal_id: None,
            device_id: None,
            conditions: true,
            part_payments: false,
            external_ref: ReferenceForm::default(),
            reference_lifetime: value::parse_duration(REFERENCE_LIFETIME).unwrap_or_default(),
        }
    }
}

/// `[display]`: the look of the screens and how long they stay.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Display {
    /// One language, or two at once, the first one largest: ["en-NZ", "mi"]. There are
    /// en-NZ, mi, zh-Hans, hi, sm, to, ko, ja, fr, de and es.
    #[serde(deserialize_with = "look::locale")]
    #[schemars(schema_with = "look::locale_schema", extend("default" = Language::EnNz.tag()))]
    pub locale: Vec<Language>,
    /// The colours: "light", "dark" or "high-contrast".
    pub theme: Theme,
    /// The shop's own colour for the main button and the time left. It must have a contrast of 7 to 1 with the theme's
    /// ground. If it has less, the error names the nearest colour that has enough.
    #[serde(deserialize_with = "look::accent")]
    #[schemars(with = "String", regex(pattern = "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"), example = &"#0b4f6c")]
    pub accent: Option<Colour>,
    /// The shop's logo, an SVG or a PNG file, relative to this file. Words in an SVG must be converted to paths.
    #[serde(deserialize_with = "look::picture")]
    #[schemars(with = "String", regex(pattern = look::PICTURE), example = &"shop.svg")]
    pub shop_logo: Option<PathBuf>,
    /// The size of text, in percent: 100 to 150.
    #[serde(deserialize_with = "look::text_size")]
    #[schemars(range(min = *look::TEXT_SIZE.start(), max = *look::TEXT_SIZE.end()))]
    pub text_size: u16,
    /// true: nothing moves that does not have to.
    pub reduced_motion: bool,
    /// true: a sound tells paid from not paid. It goes to the system's sound server (PulseAudio or PipeWire), or to
    /// tone-player.
    pub tones: bool,
    /// A program of your own that plays a sound, with its arguments. It gets a WAV file on standard input.
    #[serde(deserialize_with = "look::tone_player")]
    #[schemars(length(min = 1), extend("examples" = [["aplay", "-q"]]))]
    pub tone_player: Vec<String>,
    /// false: the screen may go dark during a sale. X11 only; Wayland kiosk compositors do not darken it.
    pub keep_awake: bool,
    /// The monitor to fill, by the system's name for it. patron-display check lists them. If it is left out, the primary
    /// one is used. X11 only: a Wayland compositor chooses itself (docs/kiosk.md).
    #[serde(deserialize_with = "look::monitor")]
    #[schemars(with = "String", regex(pattern = VISIBLE), example = &"HDMI-1")]
    pub monitor: Option<String>,
    /// The time that the success screen stays: a number with ms, s, m or h.
    #[serde(deserialize_with = "value::duration")]
    #[schemars(with = "String", regex(pattern = DURATION), extend("default" = CLOSE_AFTER))]
    pub close_after: Duration,
    /// The time that the other last screens stay, but not that of an unknown outcome. If it is left out, they stay until a key
    /// is pressed.
    #[serde(deserialize_with = "value::duration")]
    #[schemars(with = "String", regex(pattern = DURATION), example = &"60s")]
    pub leave_after: Option<Duration>,
    /// true: the idle screen of a resident display (patron-display stand) shows the time of day.
    pub clock: bool,
    /// The apps that customers scan the code with: one to three names, each of at most 20 characters. The screen says
    /// "with Payap or your phone's camera" in its own language.
    // Blanks around a name do not count for the reader, so the schema has no limit for its length.
    #[serde(deserialize_with = "look::apps")]
    #[schemars(
        length(min = 1, max = look::MOST_APPS),
        inner(regex(pattern = VISIBLE)),
        extend("uniqueItems" = true)
    )]
    pub apps: Vec<String>,
}

/// The app that customers of the platform know.
pub const USUAL_APP: &str = "Payap";

const CLOSE_AFTER: &str = "8s";

impl Default for Display {
    fn default() -> Self {
        Self {
            locale: vec![Language::EnNz],
            theme: Theme::Light,
            accent: None,
            shop_logo: None,
            text_size: *look::TEXT_SIZE.start(),
            reduced_motion: false,
            tones: false,
            tone_player: Vec::new(),
            keep_awake: true,
            monitor: None,
            close_after: value::parse_duration(CLOSE_AFTER).unwrap_or_default(),
            leave_after: None,
            clock: false,
            apps: vec![USUAL_APP.to_owned()],
        }
    }
}

/// The colours of the screens. The code itself is black on white in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
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
    /// Returns the background colour of screens without an outcome.
    pub fn ground(self) -> Colour {
        match self {
            Self::Light => Colour::rgb(0xf4_f6_f8),
            Self::Dark => Colour::rgb(0x10_18_1f),
            Self::HighContrast => Colour::rgb(0),
        }
    }
}

/// `[qr]`: the code that the customer scans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Qr {
    /// The content of the code. "payment-url" is what the platform asks for; "pay-endpoint" is the form of its older guide.
    pub content: QrContent,
    /// The picture in the middle of the code: "none", "mark" for this project's own neutral mark, or an SVG or PNG file,
    /// relative to this file. A logo costs reading distance: docs/scanning.md.
    #[serde(deserialize_with = "look::qr_logo")]
    #[schemars(schema_with = "look::logo_schema", extend("default" = "none"))]
    pub logo: QrLogo,
}

/// The picture in the middle of a code. It costs reading distance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum QrLogo {
    /// No picture: the code can be read from farthest away.
    #[default]
    None,
    /// This project's own neutral mark.
    Mark,
    /// An SVG or a PNG file.
    File(PathBuf),
}

/// `[local-api]`: the local API of the resident display.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LocalApi {
    /// The address and port that tills call. Only addresses of this machine are allowed: 127.0.0.1 or `[::1]`.
    /// If it is left out, or the port is 0, the system chooses a free port at each start.
    #[serde(deserialize_with = "address::listen")]
    #[schemars(with = "String", regex(pattern = address::LISTEN), example = &"127.0.0.1:8790")]
    pub listen: Option<SocketAddr>,
}

/// Returns the places where [`Config::load`] searches, in order.
pub fn places(explicit: Option<&Path>) -> Vec<Candidate> {
    let directories = directories::ProjectDirs::from("", "", "patron-display");
    let user = directories.as_ref().map(|found| found.config_dir());
    let named = std::env::var_os(search::VARIABLE);

    search::candidates(explicit, named.as_deref(), user)
}

/// Returns the place that [`Config::load_first`] reads.
///
/// # Errors
///
/// If no file exists, or the first one cannot be read.
pub fn find(places: &[Candidate]) -> Result<&Path, ConfigError> {
    read_first(places).map(|(path, _)| path)
}

impl Config {
    /// Reads the first of these files that exists: `explicit` (the `--config` option), the file named by
    /// `PATRON_DISPLAY_CONFIG`, `config.toml` in the user's configuration directory, the file for the whole
    /// machine.
    ///
    /// # Errors
    ///
    /// If there is no file, it cannot be read, or a part of it is wrong. If `explicit` or the variable names a
    /// file, that file must exist: another file could charge for another shop.
    pub fn load(explicit: Option<&Path>) -> Result<Self, ConfigError> {
        Self::load_first(&places(explicit))
    }

    /// Reads the first of `candidates` that exists.
    ///
    /// # Errors
    ///
    /// If no file exists, or the first one cannot be used.
    pub fn load_first(candidates: &[Candidate]) -> Result<Self, ConfigError> {
        let (path, bytes) = read_first(candidates)?;
        let text = document::utf8(path, &bytes)?;
        let config = Self::from_str(text, path)?;
        tracing::info!(path = %path.display(), merchants = config.merchants.len(), "configuration read");

        Ok(config)
    }

    /// Reads a configuration from its text. Errors name `path`, and relative paths in the text start from its directory.
    ///
    /// # Errors
    ///
    /// If the text is not TOML, or a setting is wrong. The error names the file, the line and the column.
    pub fn from_str(text: &str, path: &Path) -> Result<Self, ConfigError> {
        check::config(text, path)
    }

    /// Returns the merchant of this key. Without a key, returns the default one.
    ///
    /// # Errors
    ///
    /// If no merchant has the key. The error names the merchants.
    pub fn merchant(&self, key: Option<&str>) -> Result<(&MerchantKey, &Merchant), ConfigError> {
        let key = key.unwrap_or(self.default_merchant.as_str());

        self.merchants
            .get_key_value(key)
            .ok_or_else(|| ConfigError::UnknownMerchant {
                path: self.path.clone(),
                given: key.to_owned(),
                hint: nearest(key, self.merchants.keys().map(MerchantKey::as_str)),
            })
    }
}

impl From<&Config> for Rules {
    fn from(config: &Config) -> Self {
        Self {
            base_url: config.api.base_url.clone(),
            pay_hosts: config.api.pay_hosts.clone(),
            content: config.qr.content,
        }
    }
}

impl From<&Config> for Timing {
    fn from(config: &Config) -> Self {
        Self {
            close_after: config.display.close_after,
            leave_after: config.display.leave_after,
            poll_every: config.api.poll_every,
            counters: config.api.counters,
            reference_lifetime: config.terminal.reference_lifetime,
            outcome_at_once: false,
        }
    }
}

/// Returns the first candidate that exists, and its content.
fn read_first(candidates: &[Candidate]) -> Result<(&Path, Vec<u8>), ConfigError> {
    match search::first(candidates) {
        Some((path, Ok(bytes))) => Ok((path, bytes)),
        Some((path, Err(error))) => Err(ConfigError::unreadable(path, &error)),
        None => Err(ConfigError::NotFound {
            looked_at: candidates.to_vec(),
        }),
    }
}

#[cfg(test)]
mod tests;
