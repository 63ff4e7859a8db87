//! Tells whether a benchmark must measure, or only check that it runs.

/// Whether the benchmark must only check that it runs. `cargo bench` passes `--bench` and asks for a measurement.
/// `cargo test --benches` does not pass `--bench`. `cargo bench -- --test` passes both arguments.
pub(crate) fn is_asked_for() -> bool {
    let says = |word: &str| std::env::args().any(|argument| argument == word);

    !says("--bench") || says("--test")
}
