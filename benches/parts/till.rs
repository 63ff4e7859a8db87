//! Measures writing the lines for the till and reading the till's lines.

use std::hint::black_box;
use std::io;

use criterion::Criterion;
use patron_display::domain::money::{Amount, Currency};
use patron_display::runtime::control::{ControlCommand, ControlLines};
use patron_display::runtime::effects::Announcer;
use patron_display::sale::{Announcement, PaidByLine, Sum};

pub(crate) fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("till");
    let outcome = outcome();
    group.bench_function("a line for the till", |bencher| {
        bencher.iter(|| serde_json::to_vec(black_box(&outcome)).expect("a line"));
    });
    group.bench_function("told to the last line, thread and all", |bencher| {
        bencher.iter(|| {
            let announcer = Announcer::json_lines(io::sink());
            announcer.tell(outcome.clone());
            announcer.finish();
        });
    });
    let written = b"{\"command\":\"cancel\"}\n".repeat(100);
    group.bench_function("a hundred lines of the till", |bencher| {
        bencher.iter(|| {
            let commands = ControlLines::new(black_box(written.as_slice()))
                .filter(|line| matches!(line, Ok(ControlCommand::Cancel)));
            assert_eq!(commands.count(), 100);
        });
    });
    group.finish();
}

fn outcome() -> Announcement {
    let sum = Sum::from(Amount::from_minor(1250, Currency::NZD));

    Announcement::Outcome {
        outcome: patron_display::domain::outcome::Outcome::Paid,
        id: Some("MhocUmpxxmgdHjr7DgKoKw".to_owned()),
        short_code: Some("CP-C7F-ZS5".to_owned()),
        external_ref: Some("A1".to_owned()),
        amount: Some(sum.clone()),
        paid_by: vec![PaidByLine {
            description: "Centrapay NZD".to_owned(),
            asset_type: Some("centrapay.nzd.main".to_owned()),
            total: Some(sum),
            line_items: Vec::new(),
        }],
        remaining: None,
        reason: None,
        repeated: None,
    }
}
