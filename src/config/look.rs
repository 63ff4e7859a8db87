//! Reads settings of `[display]` and `[qr]`.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::de::{Deserializer, Error};

use super::QrLogo;
use super::value::{
    Checked, any_of, list, parse_path, text_readers, visible, whole_number, word_or_path,
};
use super::wrong::KEY;
use crate::colour::Colour;
use crate::locale::Language;

text_readers! {
    monitor -> Option<String>, "the name of a monitor in quotes, such as \"HDMI-1\"", visible;
    accent -> Option<Colour>, "a colour in quotes, such as \"#0b4f6c\"", parse_colour;
    picture -> Option<PathBuf>, "the path of a file in quotes, such as \"centrapay.key\"", parse_picture;
    qr_logo -> QrLogo, "\"none\", \"mark\", or the path of an SVG or PNG file in quotes", parse_logo;
}

fn parse_colour(text: &str, expected: &str) -> Checked<Colour> {
    Colour::parse(text).ok_or_else(|| format!("{text:?} is not {expected}"))
}

fn named_twice(name: &str) -> String {
    format!("{name:?} is named twice; keep one of the two")
}

/// The size of text, in percent of the usual size. Larger text leaves too little room for the code.
pub(super) const TEXT_SIZE: RangeInclusive<u16> = 100..=150;

pub(super) fn text_size<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
    let expected = "of percent without quotes, such as 125";

    whole_number(from, expected, &TEXT_SIZE, ", in percent of the usual size")
}

/// Matches the name of a picture.
pub(super) const PICTURE: &str = r"\.([sS][vV][gG][zZ]?|[pP][nN][gG])$";

fn parse_picture(text: &str, _: &str) -> Checked<PathBuf> {
    let path = parse_path(text, "")?;
    let is_known = path.extension().is_some_and(|ending| {
        ["svg", "svgz", "png"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    });
    if !is_known {
        return Err(format!(
            "{KEY} must be an SVG or a PNG file, such as \"logo.svg\""
        ));
    }

    Ok(path)
}

fn parse_logo(text: &str, _: &str) -> Checked<QrLogo> {
    let words = [("none", QrLogo::None), ("mark", QrLogo::Mark)];
    let file = || parse_picture(text, "").map(QrLogo::File);

    word_or_path(
        text,
        words,
        "an SVG or PNG file, such as \"logo.svg\"",
        file,
    )
}

pub(super) fn logo_schema(_: &mut SchemaGenerator) -> Schema {
    any_of(&["none", "mark"], PICTURE)
}

/// Reads one language or two. More would leave no room for the code.
pub(super) fn locale<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Language>, D::Error> {
    let expected = "a language in quotes, such as \"en-NZ\", or a list of two";
    let is_empty = "is empty; name a language, such as \"en-NZ\"";

    list(from, [expected, expected, is_empty], true, parse_language)
}

const MOST_LANGUAGES: usize = 2;

fn parse_language(text: &str, before: &[Language]) -> Checked<Language> {
    let language = Language::of_tag(text).ok_or_else(|| {
        format!(
            "{text:?} is not a language that the display speaks; it speaks {}",
            Language::ALL.map(Language::tag).join(", ")
        )
    })?;
    if before.contains(&language) {
        return Err(named_twice(language.tag()));
    }
    if before.len() == MOST_LANGUAGES {
        return Err(format!(
            "{KEY} takes two languages at most, the first one largest; remove the others"
        ));
    }

    Ok(language)
}

/// The schema of `locale`. The reader also accepts other tags of the same languages, such as `zh-CN`.
pub(super) fn locale_schema(_: &mut SchemaGenerator) -> Schema {
    let one = any_of(
        &Language::ALL.map(Language::tag),
        "^[A-Za-z]{2}(-[0-9A-Za-z]+)*$",
    );

    json_schema!({ "anyOf": [one, {
        "type": "array",
        "items": one,
        "minItems": 1,
        "maxItems": MOST_LANGUAGES,
        "uniqueItems": true,
    }] })
}

/// More names do not fit next to the code.
pub(super) const MOST_APPS: usize = 3;

pub(super) fn apps<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    const LONGEST: usize = 20;
    let expected = "a list of one to three names, such as [\"Payap\"]";
    let is_empty = format!("has 0 names; write {expected}");
    let texts = [expected, expected, &is_empty];
    let apps = list(from, texts, false, |text, before: &[String]| {
        let app = visible(text, expected)?;
        if app.chars().count() > LONGEST {
            return Err(format!(
                "{app:?} is too long for the screen; write at most {LONGEST} characters"
            ));
        }
        if before.contains(&app) {
            return Err(named_twice(&app));
        }

        Ok(app)
    })?;
    let count = apps.len();
    if count > MOST_APPS {
        return Err(D::Error::custom(format_args!(
            "{KEY} has {count} names; write {expected}"
        )));
    }

    Ok(apps)
}

pub(super) fn tone_player<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let expected = "a program with its arguments as a list, such as [\"aplay\", \"-q\"]";
    let is_empty = format!("is empty; write {expected}");

    list(from, [expected, expected, &is_empty], false, |text, _| {
        Ok(text.to_owned())
    })
}
