#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value
)]

mod case;
mod creating;
mod faults;
mod http;
mod pages;
mod patrons;
mod refunds;
mod rules;
mod serving;
mod shop;
mod waiting;
