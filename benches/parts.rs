//! Measures each part of a sale by itself.
//!
//! ```text
//! cargo bench --profile dist --bench parts                     # all; a name, such as journal, chooses some
//! ```

#![allow(
    clippy::expect_used,
    reason = "a measurement that cannot be made has failed"
)]

#[path = "parts/api.rs"]
mod api;
#[path = "parts/brief.rs"]
mod brief;
#[path = "parts/journal.rs"]
mod journal;
#[path = "../tests/alone/growth/long_journal.rs"]
mod long_journal;
#[path = "parts/qr.rs"]
mod qr;
#[path = "parts/sale.rs"]
mod sale;
#[path = "parts/till.rs"]
mod till;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    sale::benches(&mut criterion);
    qr::benches(&mut criterion);
    api::benches(&mut criterion);
    journal::benches(&mut criterion);
    till::benches(&mut criterion);
    criterion.final_summary();
}
