//! Reads and writes a fault as a map.

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::behaviour::FaultKind;
use super::fault::{Fault, Repeat};

/// All fields of a fault are on one level: `{"fault": "answer", "status": 500, "times": 3}`.
impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::deserialize(deserializer)?;

        Self::from_fields(fields).map_err(D::Error::custom)
    }
}

impl Fault {
    fn from_fields(mut fields: Map<String, Value>) -> Result<Self, String> {
        let word: String = take(&mut fields, "fault")?
            .ok_or("fault is missing; write what goes wrong, such as fault = \"drop-after\"")?;
        let times = take(&mut fields, "times")?;
        let forever = take(&mut fields, "forever")?.unwrap_or(false);
        let after_effect = take(&mut fields, "after-effect")?.unwrap_or(false);
        if times.is_some() && forever {
            return Err("times and forever exclude each other; keep one".to_owned());
        }

        let fault = Self {
            behaviour: behaviour(&word, fields)?,
            after_effect,
            repeat: if forever {
                Repeat::Forever
            } else {
                Repeat::Times(times.unwrap_or(1))
            },
        };
        fault.check().map_err(|wrong| format!("{word}: {wrong}"))?;

        Ok(fault)
    }
}

fn take<T: DeserializeOwned>(
    fields: &mut Map<String, Value>,
    name: &str,
) -> Result<Option<T>, String> {
    fields
        .remove(name)
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| format!("{name}: {error}"))
}

fn behaviour(word: &str, fields: Map<String, Value>) -> Result<FaultKind, String> {
    let tagged = json!({ word: fields });

    serde_path_to_error::deserialize(tagged).map_err(|error| {
        let place = error.path().to_string();
        let wrong = error.inner().to_string();
        if wrong.starts_with("unknown field") {
            return format!(
                "{word}: {wrong}; every fault also has `times` and `forever`, and those that \
     replace the answer have `after-effect`"
            );
        }
        let field = place.strip_prefix(&format!("{word}."));

        match field {
            Some(field) => format!("{word}: {field}: {wrong}"),
            None if wrong.starts_with("unknown variant") => {
                wrong.replacen("unknown variant", "unknown fault", 1)
            }
            None => format!("{word}: {wrong}"),
        }
    })
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Value::Object(tagged) =
            serde_json::to_value(&self.behaviour).map_err(S::Error::custom)?
        else {
            return Err(S::Error::custom("a behaviour is a map"));
        };
        let mut all = Map::new();
        for (word, fields) in tagged {
            all.insert("fault".to_owned(), word.into());
            if let Value::Object(fields) = fields {
                all.extend(fields);
            }
        }
        if self.after_effect {
            all.insert("after-effect".to_owned(), true.into());
        }
        match self.repeat {
            Repeat::Times(1) => {}
            Repeat::Times(times) => drop(all.insert("times".to_owned(), times.into())),
            Repeat::Forever => drop(all.insert("forever".to_owned(), true.into())),
        }

        all.serialize(serializer)
    }
}
