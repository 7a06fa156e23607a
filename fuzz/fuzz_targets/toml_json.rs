#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tenon_fuzz::toml_json(data));
