//! Values of `[display]` and `[qr]`: what the screens speak and look like.

use std::path::PathBuf;

use super::document::Item;
use super::{ConfigError, QrLogo, Theme, value};
use crate::colour::Colour;
use crate::locale::Language;

/// Text of the size that the screens are designed with, in percent.
pub(super) const USUAL_TEXT_SIZE: u16 = 100;

/// Text larger than this, in percent, leaves too little room for the code.
pub(super) const LARGEST_TEXT_SIZE: u16 = 150;

/// More would leave no room for the code.
pub(super) const MOST_LANGUAGES: usize = 2;

/// One language or two.
pub(super) fn locales(item: &Item<'_>) -> Result<Vec<Language>, ConfigError> {
    let items = item.list().unwrap_or_else(|| vec![*item]);
    if items.is_empty() {
        return Err(item.wrong(format!(
            "{:?} is empty; name a language, such as \"en-NZ\"",
            item.key
        )));
    }

    let mut languages: Vec<Language> = Vec::with_capacity(items.len());
    for item in items {
        let language = locale(&item)?;
        if languages.contains(&language) {
            return Err(item.wrong(format!(
                "{:?} is named twice; keep one of the two",
                language.tag()
            )));
        }
        if languages.len() == MOST_LANGUAGES {
            return Err(item.wrong(format!(
                "{:?} takes two languages at most, the first one largest; remove the others",
                item.key
            )));
        }
        languages.push(language);
    }

    Ok(languages)
}

fn locale(item: &Item<'_>) -> Result<Language, ConfigError> {
    let text = item.text("a language in quotes, such as \"en-NZ\", or a list of two")?;

    Language::of_tag(text).ok_or_else(|| {
        let tags: Vec<_> = Language::ALL
            .iter()
            .map(|language| language.tag())
            .collect();

        item.wrong(format!(
            "{text:?} is not a language that the display speaks; it speaks {}",
            tags.join(", ")
        ))
    })
}

/// A colour that can be told apart from the ground of the theme, so that everybody sees what is drawn in it.
pub(super) fn accent(item: &Item<'_>, theme: Theme) -> Result<Colour, ConfigError> {
    const CONTRAST: f32 = 7.0;
    const WRITE: &str = "a colour in quotes, such as \"#0b4f6c\"";
    let text = item.text(WRITE)?;
    let colour =
        Colour::parse(text).ok_or_else(|| item.wrong(format!("{text:?} is not {WRITE}")))?;
    let ground = theme.ground();
    let contrast = colour.contrast(ground);
    if contrast >= CONTRAST {
        return Ok(colour);
    }

    Err(item.wrong(format!(
        "{text:?} has a contrast of {contrast:.1} to 1 with the theme's ground, and {CONTRAST} is needed to be seen by \
         everybody; the nearest colour that has it is \"{}\"",
        colour.nearest_with_contrast(ground, CONTRAST)
    )))
}

/// A picture that can be drawn at any size or is large enough. Whether it exists is seen when it is used.
pub(super) fn picture(item: &Item<'_>) -> Result<PathBuf, ConfigError> {
    let path = value::path(item)?;
    let is_known = path.extension().is_some_and(|ending| {
        ["svg", "svgz", "png"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    if !is_known {
        return Err(item.wrong(format!(
            "{:?} must be an SVG or a PNG file, such as \"logo.svg\"",
            item.key
        )));
    }

    Ok(path)
}

/// What stands in the middle of the code.
pub(super) fn qr_logo(item: &Item<'_>) -> Result<QrLogo, ConfigError> {
    let text = item.text("\"none\", \"mark\", or the path of an SVG or PNG file in quotes")?;

    match text {
        "none" => Ok(QrLogo::None),
        "mark" => Ok(QrLogo::Mark),
        word if !word.contains(['.', '/', '\\']) => Err(item.wrong(format!(
            "{:?} cannot be {word:?}; write \"none\", \"mark\", or the path of an SVG or PNG file, such as \"logo.svg\"",
            item.key
        ))),
        _ => picture(item).map(QrLogo::File),
    }
}

/// How large text is, in percent.
pub(super) fn text_size(item: &Item<'_>) -> Result<u16, ConfigError> {
    let percent = item.integer("a whole number of percent without quotes, such as 125")?;

    percent
        .and_then(|percent| u16::try_from(percent).ok())
        .filter(|percent| (USUAL_TEXT_SIZE..=LARGEST_TEXT_SIZE).contains(percent))
        .ok_or_else(|| {
            item.wrong(format!(
                "{:?} must be from {USUAL_TEXT_SIZE} to {LARGEST_TEXT_SIZE}, in percent of the usual size",
                item.key
            ))
        })
}

/// More names than this do not fit beside the code.
pub(super) const MOST_APPS: usize = 3;

/// The longest name of an app, in characters.
pub(super) const LONGEST_APP: usize = 20;

/// The names of the apps that customers pay with.
pub(super) fn apps(item: &Item<'_>) -> Result<Vec<String>, ConfigError> {
    const LIST: &str = "a list of one to three names, such as [\"Payap\"]";
    let items = item.list().ok_or_else(|| item.expected(LIST))?;
    if items.is_empty() || items.len() > MOST_APPS {
        return Err(item.wrong(format!(
            "{:?} has {} names; write {LIST}",
            item.key,
            items.len()
        )));
    }
    let mut apps: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        let app = value::words(&item, LIST)?;
        if app.chars().count() > LONGEST_APP {
            return Err(item.wrong(format!(
                "{app:?} is too long for the screen; write at most {LONGEST_APP} characters"
            )));
        }
        if apps.contains(&app) {
            return Err(item.wrong(format!("{app:?} is named twice; keep one of the two")));
        }
        apps.push(app);
    }

    Ok(apps)
}

/// A program and its arguments.
pub(super) fn player(item: &Item<'_>) -> Result<Vec<String>, ConfigError> {
    const LIST: &str = "a program with its arguments as a list, such as [\"aplay\", \"-q\"]";
    let Some(items) = item.list() else {
        return Err(item.expected(LIST));
    };
    if items.is_empty() {
        return Err(item.wrong(format!("{:?} is empty; write {LIST}", item.key)));
    }

    items
        .iter()
        .map(|item| Ok(item.text(LIST)?.to_owned()))
        .collect()
}
