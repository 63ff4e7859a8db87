//! Measures the journal: the records before a code is shown, and the cost of many old sales.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion};
use patron_display::journal::history::{HistoryQuery, history};
use patron_display::journal::refunds::RefundJournal;
use patron_display::journal::{Journal, JournalError};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use crate::{brief, long_journal};

/// The numbers of old sales: an empty journal, a month, and some years.
const SALES: [u32; 3] = [0, 10_000, 1_000_000];
/// The numbers of old sales for a check that the benchmark runs.
const BRIEFLY: [u32; 2] = [0, 100];

pub(crate) fn benches(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    before_a_code(criterion, &runtime);
    let sales: &[u32] = if brief::is_asked_for() {
        &BRIEFLY
    } else {
        &SALES
    };
    for &sales in sales {
        let directory = directory();
        runtime.block_on(long_journal::write(directory.path(), sales));
        after(criterion, &runtime, directory.path(), sales);
    }
}

/// Creates a directory on the disk of the build, because the usual temporary directory may be in memory.
fn directory() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory")
}

fn before_a_code(criterion: &mut Criterion, runtime: &Runtime) {
    let directory = directory();
    let journal = Journal::open(directory.path()).expect("a journal");
    let mut number = 0;
    criterion.bench_function("journal/W1 to W3", |bencher| {
        bencher.iter_custom(|times| {
            let mut took = Duration::ZERO;
            for _ in 0..times {
                number += 1;
                let reference = format!("B{number}");
                let begun = Instant::now();
                runtime.block_on(long_journal::shows(&journal, &reference));
                took += begun.elapsed();
                // Ends the sale, because the journal refuses a second open code.
                runtime.block_on(long_journal::ends(&journal, &reference));
            }

            took
        });
    });
}

fn after(criterion: &mut Criterion, runtime: &Runtime, directory: &Path, sales: u32) {
    let mut group = criterion.benchmark_group("journal after");
    group.bench_function(BenchmarkId::new("open and recall", sales), |bencher| {
        bencher.iter(|| {
            let journal = Journal::open(directory).expect("a journal");
            let left = runtime.block_on(journal.recall(Some("B1".to_owned())));
            journal.close();

            left.expect("it can be read")
        });
    });
    let mut number = 0;
    group.bench_function(BenchmarkId::new("a launch's work", sales), |bencher| {
        bencher.iter(|| {
            number += 1;
            runtime.block_on(long_journal::launch(directory, &format!("B{number}")));
        });
    });
    group.sample_size(10);
    group.bench_function(BenchmarkId::new("history of a sale", sales), |bencher| {
        bencher.iter(|| look_up(directory, "B1"));
    });
    let refunds =
        RefundJournal::open(directory, "https://service.centrapay.com/").expect("a journal");
    group.bench_function(BenchmarkId::new("short code looked up", sales), |bencher| {
        bencher.iter(|| refunds.requests_with("CP-0000077").expect("it can be read"));
    });
    group.bench_function(BenchmarkId::new("part payments", sales), |bencher| {
        bencher.iter(|| refunds.paid_in_part(None).expect("it can be read"));
    });
    group.finish();
}

fn look_up(directory: &Path, name: &str) {
    let query = HistoryQuery {
        name: Some(name.to_owned()),
        ..HistoryQuery::default()
    };
    let looked_up = history(directory, &query, |entry| {
        black_box(entry);

        Ok::<_, JournalError>(())
    });
    looked_up.expect("it can be read");
}
