//! Properties that hold for any input from outside.
//!
//! Each `check` takes any bytes, reads them as the program does, and panics if a property fails. Tests call it
//! with generated input, and the fuzz targets in `fuzz/` with a fuzzer's input. To compare the result with the
//! text, a check also parses the text in a simpler way.

pub(crate) mod amount;
pub(crate) mod config;
pub(crate) mod control;
pub(crate) mod pay_url;
pub(crate) mod shop;
pub(crate) mod text;

#[cfg(test)]
pub(crate) mod generated;
#[cfg(test)]
mod tests;
