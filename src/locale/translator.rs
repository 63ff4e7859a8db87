//! Translates texts.

use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use super::money::MoneyFormat;
use super::screen_text::{TextSource, TextValue};
use super::{Language, ScreenText};
use crate::domain::money::{Amount, Currency};

/// Translates into the languages of a display, of which the first is the main one. Cheap to clone.
#[derive(Clone)]
pub struct Translator {
    main: Arc<LocaleBundle>,
    others: Arc<[LocaleBundle]>,
}

/// A translated text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TranslatedText {
    /// The words.
    pub text: String,
    /// The text's language, which decides its font.
    pub language: Language,
}

struct LocaleBundle {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    money: MoneyFormat,
}

impl Translator {
    /// Returns a translator for `languages`, or for English if there are none.
    pub fn new(languages: &[Language]) -> Self {
        let (main, others) = languages.split_first().unwrap_or((&Language::EnNz, &[]));

        Self {
            main: Arc::new(LocaleBundle::new(*main)),
            others: others.iter().copied().map(LocaleBundle::new).collect(),
        }
    }

    fn locales(&self) -> impl Iterator<Item = &LocaleBundle> {
        std::iter::once(&*self.main).chain(&*self.others)
    }

    /// Translates into the first language.
    pub fn say(&self, said: &ScreenText) -> TranslatedText {
        self.main.say(said)
    }

    /// Translates into each language. Equal translations appear once.
    pub fn translate_all(&self, said: &ScreenText) -> Vec<TranslatedText> {
        let mut all: Vec<TranslatedText> = Vec::new();
        for words in self.locales().map(|locale| locale.say(said)) {
            if all.iter().all(|before| before.text != words.text) {
                all.push(words);
            }
        }

        all
    }

    /// Translates texts into the first language and joins them with commas.
    pub fn list(&self, said: &[ScreenText]) -> TranslatedText {
        self.main.written(self.main.list(said))
    }

    /// Writes a partly typed number, such as `12.5`, with the separators of the first language.
    pub fn figures(&self, typed: &str) -> TranslatedText {
        self.main.written(self.main.figures(typed))
    }

    /// The main language.
    pub fn first(&self) -> Language {
        self.main.language
    }
}

impl fmt::Debug for Translator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.locales().map(|locale| locale.language))
            .finish()
    }
}

impl Default for Translator {
    fn default() -> Self {
        Self::new(&[Language::EnNz])
    }
}

impl LocaleBundle {
    fn new(language: Language) -> Self {
        let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Some fonts draw isolation marks as boxes, and no language here is written from right to left.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(language.source().to_owned())
            .unwrap_or_else(|(resource, _)| resource);
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(
                ?errors,
                language = language.tag(),
                "duplicate message in the language file"
            );
        }
        let money = MoneyFormat::of(|id| format(&bundle, id, None));

        Self {
            language,
            bundle,
            money,
        }
    }

    fn written(&self, text: String) -> TranslatedText {
        TranslatedText {
            text,
            language: self.language,
        }
    }

    fn say(&self, said: &ScreenText) -> TranslatedText {
        self.written(self.text(said))
    }

    fn text(&self, said: &ScreenText) -> String {
        match &said.0 {
            TextSource::Verbatim(words) => words.clone(),
            TextSource::Amount(amount) => self.amount(*amount),
            TextSource::Phrase(phrase, values) => {
                let args: FluentArgs<'_> = values
                    .iter()
                    .map(|(name, value)| (*name, self.value(value)))
                    .collect();

                format(&self.bundle, &phrase.to_string(), Some(&args))
            }
        }
    }

    fn value(&self, value: &TextValue) -> String {
        match value {
            TextValue::Text(text) => text.clone(),
            TextValue::Names(names) => names.join(&format(&self.bundle, "list-separator", None)),
            TextValue::Amount(amount) => self.amount(*amount),
            TextValue::Figures(typed) => self.figures(typed),
            TextValue::Texts(said) => self.list(said),
        }
    }

    fn list(&self, said: &[ScreenText]) -> String {
        let texts: Vec<_> = said.iter().map(|said| self.text(said)).collect();

        texts.join(", ")
    }

    fn figures(&self, typed: &str) -> String {
        typed.replace('.', &self.money.decimal)
    }

    fn amount(&self, amount: Amount) -> String {
        let figures = self.money.figures(amount);
        // In New Zealand, `$` means the New Zealand dollar.
        let (id, name, sign) = if amount.currency() == Currency::NZD {
            ("money", "sign", "$")
        } else {
            ("money-with-code", "code", amount.currency().code())
        };
        let args: FluentArgs<'_> = [(name, sign.to_owned()), ("figures", figures)]
            .into_iter()
            .collect();

        format(&self.bundle, id, Some(&args))
    }
}

/// Formats a message. If the message is missing, returns its id; a test checks that no message is missing.
fn format(
    bundle: &FluentBundle<FluentResource>,
    id: &str,
    args: Option<&FluentArgs<'_>>,
) -> String {
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        tracing::error!(id, "message is missing in the language file");

        return id.to_owned();
    };
    let mut errors = Vec::new();
    let words = bundle.format_pattern(pattern, args, &mut errors);
    if !errors.is_empty() {
        tracing::error!(id, ?errors, "message has errors");
    }

    words.into_owned()
}
