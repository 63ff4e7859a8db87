//! Checks settings that depend on each other, and fills in values that follow from other settings.

use std::path::{Path, PathBuf};

use super::document::{Document, Item};
use super::{Api, Config, ConfigError, QrLogo, TlsRoots, value};
use crate::domain::merchant::MerchantKey;
use crate::sale::shortest_poll_interval;
use crate::text::nearest::nearest;

/// The offset of an error in the file, and its message.
type LocatedMessage = (usize, String);

pub(super) fn config(text: &str, path: &Path) -> Result<Config, ConfigError> {
    let document = Document::new(path, text);
    let root = document.parse()?;
    let top = Item::top(&root);
    let mut config: Config = document.read(&top)?;

    path.clone_into(&mut config.path);
    default_merchant(&config, &top)
        .map(|name| config.default_merchant = name)
        .and_then(|()| check_api(&top))
        .and_then(|()| check_poll_every(&config.api, &top))
        .and_then(|()| check_accent(&config, &top))
        .map_err(|(offset, message)| document.wrong(offset, message))?;
    if let Some(directory) = path.parent() {
        config.resolve_paths(directory);
    }

    Ok(config)
}

fn default_merchant(config: &Config, top: &Item<'_>) -> Result<MerchantKey, LocatedMessage> {
    let mut names = config.merchants.keys();
    let Some(first) = names.next() else {
        return Err((
            top.get("merchants").map_or(0, |table| table.key_offset),
            "there is no merchant to charge for; begin one with a line such as [merchants.cafe] and give it a config-id and a name".to_owned(),
        ));
    };

    match top.get("default-merchant") {
        None if names.next().is_none() => Ok(first.clone()),
        None => Err((
            0,
            format!(
                "there are {} merchants and none is the default; write default-merchant = {:?}, or another of them, at the top of the file",
                config.merchants.len(),
                first.as_str(),
            ),
        )),
        Some(_) if config.merchants.contains_key(&config.default_merchant) => {
            Ok(config.default_merchant.clone())
        }
        Some(item) => {
            let name = item.text();
            let hint = nearest(name, config.merchants.keys().map(MerchantKey::as_str));

            Err((
                item.offset,
                format!("there is no merchant {name:?}; {hint}"),
            ))
        }
    }
}

fn check_api(top: &Item<'_>) -> Result<(), LocatedMessage> {
    let get = |key| top.get("api")?.get(key);
    let (second, message) = match (
        get("api-key-file"),
        get("authorization-file"),
        get("account"),
    ) {
        (Some(_), Some(second), _) => (
            second,
            "\"api-key-file\" and \"authorization-file\" exclude each other; keep the one that you use",
        ),
        (_, None, Some(account)) => (
            account,
            "\"account\" is only for use with \"authorization-file\"; remove it, since an API key has its own account",
        ),
        _ => return Ok(()),
    };

    Err((second.key_offset, message.to_owned()))
}

/// Checks that a written interval of polls is not shorter than the number of counters allows. The default may be: it is
/// then made longer.
fn check_poll_every(api: &Api, top: &Item<'_>) -> Result<(), LocatedMessage> {
    let Some(item) = top.get("api").and_then(|table| table.get("poll-every")) else {
        return Ok(());
    };
    let shortest = shortest_poll_interval(api.counters);
    if api.poll_every >= shortest {
        return Ok(());
    }
    let counters = api.counters;
    let remedy = match value::shortest_poll_every(shortest) {
        Some(shortest) => format!("write {shortest:?} or more, or remove the line"),
        None => "remove the line, and each polls as often as it may".to_owned(),
    };

    Err((
        item.offset,
        format!(
            "\"poll-every\" is too short for {counters} counters, which share the calls of one account; {remedy}"
        ),
    ))
}

/// Checks that the accent differs from the ground of the theme enough for all customers to see it.
fn check_accent(config: &Config, top: &Item<'_>) -> Result<(), LocatedMessage> {
    const CONTRAST: f32 = 7.0;
    let item = top.get("display").and_then(|table| table.get("accent"));
    let (Some(item), Some(colour)) = (item, config.display.accent) else {
        return Ok(());
    };
    let ground = config.display.theme.ground();
    let contrast = colour.contrast(ground);
    if contrast >= CONTRAST {
        return Ok(());
    }

    Err((
        item.offset,
        format!(
            "{:?} has a contrast of {contrast:.1} to 1 with the theme's ground, and {CONTRAST} is needed to be seen by \
             everybody; the nearest colour that has it is \"{}\"",
            item.text(),
            colour.nearest_with_contrast(ground, CONTRAST)
        ),
    ))
}

impl Config {
    /// Makes relative paths start from the directory of the configuration file.
    fn resolve_paths(&mut self, directory: &Path) {
        let tls_roots = match &mut self.api.tls_roots {
            TlsRoots::File(path) => Some(path),
            TlsRoots::System | TlsRoots::Bundled => None,
        };
        let logo = match &mut self.qr.logo {
            QrLogo::File(path) => Some(path),
            QrLogo::None | QrLogo::Mark => None,
        };
        let paths: [Option<&mut PathBuf>; 5] = [
            self.api.api_key_file.as_mut(),
            self.api.authorization_file.as_mut(),
            tls_roots,
            self.display.shop_logo.as_mut(),
            logo,
        ];
        for path in paths.into_iter().flatten() {
            *path = directory.join(&*path);
        }
    }
}
