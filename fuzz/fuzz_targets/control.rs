#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| patron_display_fuzz::control(bytes));
