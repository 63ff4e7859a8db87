use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The longest classification, in bytes of JSON.
pub(super) const LONGEST: usize = 1000;

/// A GS1 classification, as a JSON object or as text. The platform gets it exactly as the till wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Classification(Arc<str>);

impl Classification {
    /// Returns the classification in JSON.
    pub fn json(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Classification {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let json = raw.get();
        if !json.starts_with(['{', '"']) {
            return Err(D::Error::custom("an object or text is needed"));
        }
        if json.len() > LONGEST {
            return Err(D::Error::custom(format_args!(
                "at most {LONGEST} bytes are needed"
            )));
        }

        Ok(Self(json.into()))
    }
}

/// Reads an optional classification. `null` and `""` mean none.
pub(super) fn maybe<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Classification>, D::Error> {
    let classification = Option::<Classification>::deserialize(deserializer)?;

    Ok(classification.filter(|classification| classification.json() != "\"\""))
}

impl Serialize for Classification {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;

        raw.serialize(serializer)
    }
}
