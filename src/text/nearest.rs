//! Suggestions for a misspelt word.

/// Suggests the word of `known` that is nearest to `written`, or all of them if none is near.
pub(crate) fn nearest<'a>(written: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    /// Below this similarity the nearest word has nothing to do with the written one.
    const NEAR: f64 = 0.8;
    // People often mix up upper and lower case, and `_` and `-`. These differences do not count.
    let written = written.to_lowercase().replace('_', "-");
    let found = known
        .clone()
        .map(|word| (strsim::jaro_winkler(&written, &word.to_lowercase()), word))
        .max_by(|a, b| a.0.total_cmp(&b.0));

    match found {
        Some((similarity, word)) if similarity >= NEAR => format!("did you mean {word:?}?"),
        _ => format!("write {}", either(known)),
    }
}

/// Returns `"a", "b" or "c"`.
pub(crate) fn either<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words: Vec<String> = words.map(|word| format!("{word:?}")).collect();
    let Some(last) = words.pop() else {
        return "nothing".to_owned();
    };
    if words.is_empty() {
        return last;
    }

    format!("{} or {last}", words.join(", "))
}
