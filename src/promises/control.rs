//! A line of the till is one command, plainly written, or a sentence that can be shown.

use serde_json::Value;

use crate::control::{ControlCommand, ControlLines, LONGEST_LINE};
use crate::promises::text::assert_steers_nothing;

/// What a refusal says beside what it quotes is shorter than this, in characters.
const LONGEST_REFUSAL: usize = 200;

/// Any bytes, written by the till.
pub(crate) fn hold(bytes: &[u8]) {
    let read: Vec<_> = ControlLines::new(bytes).collect();
    let by_hand: Vec<_> = lines(bytes).map(ControlCommand::parse).collect();
    assert_eq!(read, by_hand, "the lines are told apart");

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

/// The lines that have something in them.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| line.len() > LONGEST_LINE || !line.trim_ascii().is_empty())
}

/// The command of an object, read as any JSON.
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
