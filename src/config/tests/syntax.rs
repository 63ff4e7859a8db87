//! Tests of files that are not TOML.

use super::LEAST;
use super::refusals::refused;

#[test]
fn toml_errors_are_explained() {
    for (text, sentence) in [
        (
            "",
            "1:1: the file is empty; start from the sample, which `patron-display config example` prints",
        ),
        (
            " \n\n",
            "1:1: the file is empty; start from the sample, which `patron-display config example` prints",
        ),
        (
            "a = 1\na = 2",
            "2:1: \"a\" is written twice; keep one of the two",
        ),
        (
            "[qr]\n[api]\n[qr]",
            "3:2: \"qr\" is written twice; keep one of the two",
        ),
        (
            "theme = ",
            "1:9: a value is missing here; write one, text in double quotes",
        ),
        (
            "é = 1",
            "1:1: a name with such characters needs double quotes, as in [merchants.\"name\"]",
        ),
        (
            "[merchants.café]",
            "1:15: a name with such characters needs double quotes, as in [merchants.\"name\"]",
        ),
        (
            "name = Corner Café",
            "1:8: this value is not understood; write text in double quotes, as in \"text\"",
        ),
        (
            "name = nobody",
            "1:8: this value is not understood; write text in double quotes, as in \"text\"",
        ),
        (
            "name = \"a\nb = 1",
            "1:10: the text is not closed; end it with a double quote",
        ),
        (
            "config-id: \"a\"",
            "1:12: an equals sign is missing; write each setting as key = value",
        ),
        (
            "[qr\n",
            "1:4: the heading is not closed; end it with ], and put a name with spaces in double quotes",
        ),
        (
            "name = tru",
            "1:8: this value is not understood; write text in double quotes, as in \"text\"",
        ),
        (
            "name = 'a",
            "1:10: the text is not closed; end it with a single quote, as it began",
        ),
        (
            "[api]\npay-hosts = [\"a\"\n[qr]",
            "3:1: the list is not closed before this; end it with ], and put commas between its elements",
        ),
        (
            "pay-hosts = [\"a\",",
            "1:18: the list is not closed before this; end it with ]",
        ),
        (
            "name = \"a\" b",
            "1:12: the line goes on after its value; begin a new line, or a comment with #",
        ),
        (
            "file = \"C:\\users\"",
            "1:13: a backslash stands for itself only in single quotes; write such text as 'text'",
        ),
        (
            "{}",
            "1:1: this is not valid TOML (invalid key-value pair, expected key); compare it with the sample",
        ),
        (
            "file = \"C:\\keys\"",
            "1:12: a backslash stands for itself only in single quotes; write such text as 'text'",
        ),
    ] {
        assert_eq!(refused(text), sentence, "{text:?}");
    }
}

#[test]
fn pasted_secret_is_not_quoted() {
    for text in [
        "[api]\napi-key = \"s3cret\"",
        "[api]\napi-key = s3cret",
        "[api]\napi-key-file = \"s3cret",
        "[api]\nbase-url = \"https://s3cret@service.centrapay.com\"",
    ] {
        let sentence = refused(&format!("{text}\n{LEAST}"));

        assert!(!sentence.contains("s3cret"), "{sentence}");
    }
}
