//! What is promised of everything that is read from outside, whatever it says.
//!
//! Each target takes any bytes, reads them as the program does, and panics where a promise is
//! broken. The tests below call them with what they make up, and the fuzz targets in `fuzz/` with
//! what a fuzzer finds. Where a promise is about what was written, the text is read a second time
//! here, in another and simpler way.

pub(crate) mod amount;
pub(crate) mod config;
pub(crate) mod control;
pub(crate) mod pay_url;
pub(crate) mod shop;
pub(crate) mod text;

#[cfg(test)]
pub(crate) mod made_up;
#[cfg(test)]
mod tests;
