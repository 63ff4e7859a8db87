//! Tests of the syntax of scripts.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::sandbox::{ApiCall, Fault, FaultAnswer, RetryAfter, Script, ScriptError};

const SAMPLE: &str = include_str!("../../../../config/sandbox-faults.toml");
const MANUAL: &str = include_str!("../../../../docs/sandbox.md");

fn toml(text: &str) -> Result<Script, ScriptError> {
    Script::from_toml(text, Path::new("faults.toml"))
}

/// The error of a TOML script, in one line.
fn refusal(text: &str) -> String {
    let said = toml(text).expect_err(text).to_string();
    assert!(!said.contains('\n'), "{said}");

    said
}

/// The manual's code blocks in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    MANUAL
        .split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .collect()
}

fn every_fault() -> Vec<Fault> {
    let wait = Duration::from_millis(5);
    let answer = FaultAnswer::status(500).header("X-A", "b");
    vec![
        Fault::pass(),
        Fault::delay(wait),
        Fault::delay(wait).after_effect().times(2),
        Fault::drop_before(),
        Fault::drop_after(),
        Fault::status(500),
        Fault::answer(answer.clone().body("text")),
        Fault::answer(answer.body(json!({ "a": [1, null] }))).after_effect(),
        Fault::refusal(403, "FORBIDDEN"),
        Fault::html(),
        Fault::empty(),
        Fault::wrong_content_type("text/plain"),
        Fault::truncated(),
        Fault::drip(wait),
        Fault::huge(3),
        Fault::throttle(None),
        Fault::throttle(RetryAfter::Seconds(5)),
        Fault::throttle(RetryAfter::Date { seconds: 5 }),
        Fault::throttle(RetryAfter::Text("soon".to_owned())),
        Fault::redirect(308, "/elsewhere"),
        Fault::edit(json!({ "id": null, "value": { "amount": "1" } })),
        Fault::never().forever(),
    ]
}

#[test]
fn every_fault_survives_a_round_trip() {
    let script = Script::default().on(ApiCall::Read, every_fault());
    let written = serde_json::to_vec(&script).unwrap();
    assert_eq!(Script::from_json(&written).unwrap(), script);
}

#[test]
fn toml_and_json_are_equivalent() {
    let from_toml = toml(
        "[[create]]\n\
         fault = \"drop-after\"\n\
         [[read]]\n\
         fault = \"throttle\"\n\
         retry-after = { date-in = 5 }\n\
         after-effect = true\n\
         times = 3\n\
         [[read]]\n\
         fault = \"edit\"\n\
         patch = { value = { amount = \"1\" } }\n\
         remove = [\"/id\"]\n\
         forever = true\n",
    );
    let from_json = Script::from_json(
        br#"{
            "create": [{ "fault": "drop-after" }],
            "read": [
                { "fault": "throttle", "retry-after": { "date-in": 5 },
                  "after-effect": true, "times": 3 },
                { "fault": "edit", "patch": { "value": { "amount": "1" } },
                  "remove": ["/id"], "forever": true }
            ]
        }"#,
    );
    assert_eq!(from_toml.unwrap(), from_json.unwrap());
}

#[test]
fn missing_fields_have_defaults() {
    let script = toml(
        "[[read]]\nfault = \"drip\"\n\
         [[read]]\nfault = \"huge\"\n\
         [[read]]\nfault = \"never\"\n\
         [[read]]\nfault = \"wrong-content-type\"\n\
         [[read]]\nfault = \"redirect\"\nlocation = \"/\"\n",
    )
    .unwrap();
    let expected = Script::default().on(
        ApiCall::Read,
        [
            Fault::drip(Duration::from_millis(100)),
            Fault::huge(64),
            Fault::never(),
            Fault::wrong_content_type("text/plain"),
            Fault::redirect(307, "/"),
        ],
    );
    assert_eq!(script, expected);
}

#[test]
fn empty_script_and_empty_sequence_are_empty() {
    assert!(toml("# nothing yet\n").unwrap().is_empty());
    let empty = Script::from_json(br#"{ "read": [] }"#).unwrap();
    assert!(empty.is_empty());
}

#[test]
fn sample_is_valid() {
    assert!(!toml(SAMPLE).unwrap().is_empty());
}

#[test]
fn manual_examples_are_valid() {
    let scripts = blocks("toml");
    assert!(!scripts.is_empty());
    for script in scripts {
        assert!(!toml(script).unwrap().is_empty(), "{script}");
    }

    let commands = blocks("sh").concat();
    let (_, after) = commands.split_once("-d '").unwrap();
    let (json, _) = after.split_once('\'').unwrap();
    assert!(!Script::from_json(json.as_bytes()).unwrap().is_empty());
}

#[test]
fn manual_lists_every_fault_and_call() {
    let names = |script: &Script| serde_json::to_value(script).unwrap();
    let script = names(&Script::default().on(ApiCall::Read, every_fault()));
    for fault in script["read"].as_array().unwrap() {
        let word = fault["fault"].as_str().unwrap();
        assert!(MANUAL.contains(&format!("| `{word}`")), "{word}");
    }
    for call in ApiCall::ALL.map(ApiCall::word) {
        assert!(MANUAL.contains(&format!("| `{call}`")), "{call}");
        let script = format!("[[{call}]]\nfault = \"pass\"\n");
        assert!(toml(&script).is_ok(), "{call}");
    }
}

#[test]
fn unknown_word_is_refused_with_line_and_hint() {
    for (script, expected) in [
        (
            "\n[[raed]]\nfault = \"pass\"\n",
            ["faults.toml:2: ", "`raed`", " read,"],
        ),
        (
            "[[read]]\nfault = \"pass\"\n\n[[read]]\nfault = \"dorp-after\"\n",
            ["faults.toml:4: ", "`dorp-after`", "`drop-after`"],
        ),
        (
            "[[read]]\nfault = \"pass\"\n[[read]]\nfault = \"html\"\ntims = 3\n",
            ["faults.toml:3: ", "`tims`", "`times`"],
        ),
        (
            "[[read]]\nfault = \"delay\"\nmilis = 3\n",
            ["faults.toml:1: ", "`milis`", "`millis`"],
        ),
        (
            "[[void]]\nfault = \"answer\"\nstatus = \"many\"\n",
            ["faults.toml:1: ", "void[0]: answer: status:", "u16"],
        ),
        (
            "[[void]]\nfault = \"answer\"\nstatus = 500\nheaders = { a = 1 }\n",
            ["faults.toml:1: ", "answer: headers.a:", "string"],
        ),
        (
            "[[read]]\nfault = \"throttle\"\nretry-after = true\n",
            ["faults.toml:1: ", "retry-after", "number of seconds"],
        ),
        (
            "[[read]]\ntimes = 3\n",
            ["faults.toml:1: ", "fault", "missing"],
        ),
        (
            "[read]\nfault = \"pass\"\n",
            ["faults.toml:1: ", "read", "[[read]]"],
        ),
        (
            "[[read]]\nfault = \"edit\"\n\npatch = { updatedAt = 2026-08-17T00:00:00Z }\n",
            ["faults.toml:4: ", "date", "quotes"],
        ),
        ("[[read]\n", ["faults.toml:1: ", "", ""]),
    ] {
        let said = refusal(script);
        for part in expected {
            assert!(said.contains(part), "{part:?} is not in {said:?}");
        }
    }
}

#[test]
fn invalid_value_is_refused_with_a_hint() {
    for (fault, expected) in [
        ("fault = \"pass\"\ntimes = 0", "1 or more"),
        ("fault = \"pass\"\ntimes = -1", "times"),
        ("fault = \"pass\"\ntimes = 2\nforever = true", "keep one"),
        (
            "fault = \"drip\"\nafter-effect = true",
            "remove after-effect",
        ),
        ("fault = \"delay\"\nmillis = 600001", "1 to 600000"),
        ("fault = \"drip\"\nmillis = 0", "1 to 600000"),
        ("fault = \"huge\"\nmebibytes = 1025", "1 to 1024"),
        ("fault = \"answer\"\nstatus = 100", "200 to 999"),
        ("fault = \"answer\"\nstatus = 1000", "200 to 999"),
        (
            "fault = \"answer\"\nstatus = 200\nheaders = { \"a b\" = \"c\" }",
            "\"a b\"",
        ),
        (
            "fault = \"answer\"\nstatus = 200\nheaders = { a = \"b\\nc\" }",
            "one line",
        ),
        (
            "fault = \"redirect\"\nstatus = 200\nlocation = \"/\"",
            "[301, 302, 303, 307, 308]",
        ),
        ("fault = \"redirect\"", "location"),
        ("fault = \"redirect\"\nlocation = \"a\\nb\"", "one line"),
        ("fault = \"throttle\"\nretry-after = \"a\\nb\"", "one line"),
        (
            "fault = \"wrong-content-type\"\ncontent-type = \"a\\nb\"",
            "one line",
        ),
        ("fault = \"edit\"\nremove = [\"id\"]", "\"/id\""),
        (
            "fault = \"pass\"\nforever = true\n[[read]]\nfault = \"pass\"",
            "never reached",
        ),
    ] {
        let said = refusal(&format!("[[read]]\n{fault}\n"));
        assert!(said.contains(expected), "{expected:?} is not in {said:?}");
    }
}

#[test]
fn json_error_has_path_and_line() {
    for (script, expected) in [
        (
            "{\n\"read\": [{ \"fault\": \"dorp\" }] }",
            ["read[0]", "line 2"],
        ),
        ("{ \"raed\": [] }", ["`raed`", " read,"]),
        ("{ \"read\": {} }", ["read", "a list of faults"]),
        ("{}\n{}", ["trailing", "line 2"]),
        ("", ["EOF", "line 1"]),
    ] {
        let said = Script::from_json(script.as_bytes())
            .unwrap_err()
            .to_string();
        for part in expected {
            assert!(said.contains(part), "{part:?} is not in {said:?}");
        }
    }
}

#[test]
fn missing_file_is_named() {
    let said = Script::read(Path::new("no/such/faults.toml")).unwrap_err();
    assert!(said.to_string().starts_with("no/such/faults.toml: "));
}
