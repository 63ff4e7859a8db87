//! Puts what is said into words.

use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use super::money::MoneyFormat;
use super::said::{Saying, Value};
use super::{Language, Said};
use crate::money::Amount;

/// The languages that a display speaks, the first one loudest. Cheap to clone.
#[derive(Clone)]
pub struct Tongue {
    voices: Arc<[Voice]>,
}

/// Something put into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Their language, which decides what they are drawn with.
    pub language: Language,
}

/// One language.
struct Voice {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    money: MoneyFormat,
}

impl Tongue {
    /// A tongue for `languages`; English where there is none.
    pub fn new(languages: &[Language]) -> Self {
        let languages = match languages {
            [] => &[Language::EnNz],
            languages => languages,
        };

        Self {
            voices: languages.iter().copied().map(Voice::new).collect(),
        }
    }

    /// What is said, in the first language.
    pub fn say(&self, said: &Said) -> Words {
        self.voices
            .first()
            .map_or_else(|| untranslated(said), |voice| voice.say(said))
    }

    /// What is said, in each language; words that are the same in all of them stand there once.
    pub fn say_in_all(&self, said: &Said) -> Vec<Words> {
        let mut all: Vec<Words> = Vec::with_capacity(self.voices.len());
        for words in self.voices.iter().map(|voice| voice.say(said)) {
            if all.iter().all(|before| before.text != words.text) {
                all.push(words);
            }
        }

        all
    }

    /// What is said one after the other, with commas between, in the first language.
    pub fn list(&self, said: &[Said]) -> Words {
        let text: Vec<_> = said.iter().map(|said| self.say(said).text).collect();

        Words {
            text: text.join(", "),
            language: self.first(),
        }
    }

    /// A number on its way to an amount, such as `12.5`, as the first language writes it.
    pub fn figures(&self, typed: &str) -> Words {
        Words {
            text: self
                .voices
                .first()
                .map_or_else(|| typed.to_owned(), |voice| voice.figures(typed)),
            language: self.first(),
        }
    }

    /// The first language.
    pub fn first(&self) -> Language {
        self.voices
            .first()
            .map_or(Language::EnNz, |voice| voice.language)
    }
}

impl fmt::Debug for Tongue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.voices.iter().map(|voice| voice.language))
            .finish()
    }
}

impl Default for Tongue {
    fn default() -> Self {
        Self::new(&[Language::EnNz])
    }
}

impl Voice {
    fn new(language: Language) -> Self {
        let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // The marks that would isolate a variable's direction are drawn as boxes by some fonts, and
        // no language here is written from the right.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(language.source().to_owned())
            .unwrap_or_else(|(resource, _)| resource);
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, language = language.tag(), "a message stands twice");
        }
        let money = MoneyFormat::of(|id| format(&bundle, id, None));

        Self {
            language,
            bundle,
            money,
        }
    }

    fn say(&self, said: &Said) -> Words {
        Words {
            text: self.text(said),
            language: self.language,
        }
    }

    fn text(&self, said: &Said) -> String {
        match &said.0 {
            Saying::Verbatim(words) => words.clone(),
            Saying::Amount(amount) => self.amount(*amount),
            Saying::Phrase(phrase, values) => {
                let args: FluentArgs<'_> = values
                    .iter()
                    .map(|(name, value)| (*name, self.value(value)))
                    .collect();

                format(&self.bundle, phrase.id(), Some(&args))
            }
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Names(names) => names.join(&format(&self.bundle, "list-separator", None)),
            Value::Amount(amount) => self.amount(*amount),
            Value::Figures(typed) => self.figures(typed),
            Value::Said(said) => {
                let texts: Vec<_> = said.iter().map(|said| self.text(said)).collect();

                texts.join(", ")
            }
        }
    }

    fn figures(&self, typed: &str) -> String {
        typed.replace('.', &self.money.decimal)
    }

    fn amount(&self, amount: Amount) -> String {
        let figures = self.money.figures(amount);
        let (id, name, sign) = match MoneyFormat::sign(amount.currency()) {
            Some(sign) => ("money", "sign", sign),
            None => ("money-with-code", "code", amount.currency().code()),
        };
        let args: FluentArgs<'_> = [(name, sign.to_owned()), ("figures", figures)]
            .into_iter()
            .collect();

        format(&self.bundle, id, Some(&args))
    }
}

/// A message in words. One that is not there shows its id; a test sees to it that all are there.
fn format(
    bundle: &FluentBundle<FluentResource>,
    id: &str,
    args: Option<&FluentArgs<'_>>,
) -> String {
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        tracing::error!(id, "there are no words for this");

        return id.to_owned();
    };
    let mut errors = Vec::new();
    let words = bundle.format_pattern(pattern, args, &mut errors);
    if !errors.is_empty() {
        tracing::error!(id, ?errors, "something is missing in these words");
    }

    words.into_owned()
}

fn untranslated(said: &Said) -> Words {
    Words {
        text: match &said.0 {
            Saying::Verbatim(words) => words.clone(),
            Saying::Amount(amount) => amount.to_string(),
            Saying::Phrase(phrase, _) => phrase.id().to_owned(),
        },
        language: Language::EnNz,
    }
}
