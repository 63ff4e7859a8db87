//! Whether a benchmark shall measure at all.

/// `cargo bench` says `--bench`. `cargo test --benches` does not, and `cargo bench -- --test` says both: they
/// only ask whether it still runs.
pub(crate) fn is_asked_for() -> bool {
    let says = |word: &str| std::env::args().any(|argument| argument == word);

    !says("--bench") || says("--test")
}
