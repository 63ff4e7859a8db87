//! A line from the till is either one valid command or a readable error.

use serde_json::Value;

use crate::properties::text::assert_steers_nothing;
use crate::runtime::control::{ControlCommand, ControlLines, LONGEST_LINE};

/// The most characters of an error, without the part of the line that it quotes.
const LONGEST_REFUSAL: usize = 200;

pub(crate) fn check(bytes: &[u8]) {
    let read: Vec<_> = ControlLines::new(bytes).collect();
    let split: Vec<_> = lines(bytes).map(ControlCommand::parse).collect();
    assert_eq!(read, split, "the lines differ");

    for (line, read) in lines(bytes).zip(&read) {
        match read {
            Ok(command) => assert_eq!(written(line), Some(command.name().to_owned())),
            Err(refusal) => {
                let refusal = refusal.to_string();
                assert_steers_nothing(&refusal);
                assert!(
                    refusal.chars().count() <= LONGEST_REFUSAL + 40 * 8,
                    "{refusal}"
                );
            }
        }
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| line.len() > LONGEST_LINE || !line.trim_ascii().is_empty())
}

/// Returns the command in a JSON object, read without the program's own parser.
fn written(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line)
        .ok()?
        .trim_start_matches('\u{feff}');
    let object: Value = serde_json::from_str(text.trim()).ok()?;

    object
        .as_object()?
        .get("command")?
        .as_str()
        .map(str::to_owned)
}
