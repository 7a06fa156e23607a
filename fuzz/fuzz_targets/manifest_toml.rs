#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tenon_fuzz::measured(data, tenon_fuzz::manifest_toml));
