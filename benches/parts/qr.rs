//! Measures the code: making it, proving it by reading it back, and drawing it.

use std::hint::black_box;
use std::sync::Arc;

use criterion::Criterion;
use patron_display::config::QrLogo;
use patron_display::logo;
use patron_display::qr::{self, Code, Drawing};

const PAYLOAD: &str = "https://app.centrapay.com/pay/MhocUmpxxmgdHjr7DgKoKw";
/// The side of a code on a screen of 1920 by 1080, in pixels.
const ROOM: u32 = 900;

pub(crate) fn benches(criterion: &mut Criterion) {
    let code = Code::proven(PAYLOAD).expect("a code");
    let mut group = criterion.benchmark_group("qr");
    group.bench_function("made and proven", |bencher| {
        bencher.iter(|| Code::proven(black_box(PAYLOAD)).expect("a code"));
    });
    let logo = logo::of_code(&QrLogo::Mark).expect("the mark");
    let drawing = Drawing {
        logo: logo.map(Arc::new),
        room: Some(ROOM),
    };
    group.bench_function("made and proven with a logo", |bencher| {
        bencher.iter(|| Code::proven_as(black_box(PAYLOAD), &drawing).expect("a code"));
    });
    let small = code.picture(qr::FEWEST_PIXELS);
    group.bench_function("the proof's picture", |bencher| {
        bencher.iter(|| code.picture(black_box(qr::FEWEST_PIXELS)));
    });
    group.bench_function("the proof's reading", |bencher| {
        bencher.iter(|| qr::read(black_box(&small)).expect("a code"));
    });
    group.bench_function("runs to draw", |bencher| {
        bencher.iter(|| black_box(&code).dark_runs().count());
    });
    group.finish();
}
