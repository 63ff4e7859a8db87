use std::io::{self, BufReader, Read};

use super::*;

fn parsed(line: &str) -> ControlLine {
    ControlCommand::parse(line.as_bytes())
}

fn read(input: impl AsRef<[u8]>) -> Vec<ControlLine> {
    ControlLines::new(input.as_ref()).collect()
}

#[test]
fn every_command_is_parsed() {
    for command in ControlCommand::ALL {
        let line = format!(r#"{{"command":"{}"}}"#, command.name());
        assert_eq!(parsed(&line), Ok(command), "{line}");
    }
}

#[test]
fn blanks_and_new_fields_are_ignored() {
    for line in [
        "{\"command\":\"cancel\"}\r\n",
        " {\t\"command\" : \"cancel\" } ",
        "\u{feff}{\"command\":\"cancel\"}",
        r#"{"at":"2026-08-17T04:06:27Z","command":"cancel","why":{"by":["x"]}}"#,
    ] {
        assert_eq!(parsed(line), Ok(ControlCommand::Cancel), "{line}");
    }
}

#[test]
fn unknown_command_lists_the_commands() {
    for word in ["Cancel", "CANCEL", "cancel ", "stop", ""] {
        let said = parsed(&format!(r#"{{"command":"{word}"}}"#))
            .unwrap_err()
            .to_string();
        assert!(said.contains("cancel, retry, close"), "{said}");
    }
}

#[test]
fn non_object_is_refused_with_example() {
    for line in [
        "cancel",
        "\"cancel\"",
        "[\"cancel\"]",
        "null",
        "{\"command\":\"cancel\"",
        "{\"command\":\"cancel\"} {\"command\":\"close\"}",
        "{'command':'cancel'}",
    ] {
        let error = parsed(line).unwrap_err();
        assert!(matches!(error, ControlError::NotAnObject(_)), "{error:?}");
        assert!(error.to_string().contains(EXAMPLE), "{error}");
    }
}

#[test]
fn missing_or_repeated_command_is_refused() {
    for line in [
        "{}",
        r#"{"cmd":"cancel"}"#,
        r#"{"command":null}"#,
        r#"{"command":["cancel"]}"#,
        r#"{"command":{"cancel":true}}"#,
        r#"{"command":"close","command":"cancel"}"#,
    ] {
        let error = parsed(line).unwrap_err();
        assert!(matches!(error, ControlError::NoCommand(_)), "{error:?}");
    }
}

#[test]
fn f54_quoted_line_is_clean_and_cut() {
    let steering = format!("{{\"command\":\"\\u001b[2J\\u202e{}\"}}", "x".repeat(1000));
    for line in [steering.as_str(), "\u{1b}[2J\u{202e}cancel"] {
        let said = parsed(line).unwrap_err().to_string();
        assert!(said.contains("[2J"), "{said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
        assert!(!said.contains('\u{202e}'), "{said:?}");
        assert!(said.chars().count() < 300, "{said}");
    }
}

#[test]
fn deeply_nested_line_is_refused() {
    let line = format!("{{\"command\":{}", "[".repeat(4000));
    assert!(parsed(&line).is_err());
}

#[test]
fn empty_lines_are_ignored() {
    let input = "\n{\"command\":\"retry\"}\r\n \t\r\n\n{\"command\":\"close\"}";
    assert_eq!(
        read(input),
        [Ok(ControlCommand::Retry), Ok(ControlCommand::Close)]
    );
}

#[test]
fn invalid_line_keeps_the_next() {
    let input = b"\xff\xfe\n{\"command\n{\"command\":\"close\"}\n";
    let read = read(input);
    assert_eq!(read[0], Err(ControlError::NotUtf8));
    assert!(matches!(read[1], Err(ControlError::NotAnObject(_))));
    assert_eq!(read[2..], [Ok(ControlCommand::Close)]);
}

#[test]
fn longest_line_is_accepted() {
    let command = r#"{"command":"close"}"#;
    let fits = format!("{command}{}", " ".repeat(LONGEST_LINE - command.len()));
    let close = || Ok(ControlCommand::Close);
    let too_long = || Err(ControlError::TooLong);
    assert_eq!(read(&fits), [close()]);
    assert_eq!(read(format!("{fits}\n{command}")), [close(), close()]);
    assert_eq!(read(format!("{fits} ")), [too_long()]);
    assert_eq!(read(format!("{fits} \n{command}")), [too_long(), close()]);
}

/// A reader of `left` bytes without a line break.
struct Endless {
    left: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let some = buffer.len().min(self.left);
        buffer[..some].fill(b'x');
        self.left -= some;

        Ok(some)
    }
}

#[test]
fn far_too_long_line_is_not_stored() {
    let endless = BufReader::new(Endless { left: 64 << 20 });
    let mut lines = ControlLines::new(endless);
    assert_eq!(lines.next(), Some(Err(ControlError::TooLong)));
    assert!(lines.capacity() <= 4 * LONGEST_LINE);
    assert_eq!(lines.next(), None);
}

#[test]
fn read_error_ends_the_commands() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    assert_eq!(ControlLines::new(BufReader::new(Broken)).next(), None);
}

#[test]
fn f70_many_invalid_lines_give_one_error() {
    let mut pace = LinePace::new();
    let kept: Vec<_> = (0..100_000)
        .filter_map(|_| pace.admit(Err(ControlError::NotUtf8)))
        .collect();
    assert_eq!(kept.len(), 21);
    assert_eq!(kept[20], Err(ControlError::TooMany));
    let cancel = Ok(ControlCommand::Cancel);
    assert_eq!(pace.admit(cancel.clone()), Some(cancel));
}
