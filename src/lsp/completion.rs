//! Completion in `pack.toml`.

use serde_json::{Value, json};

use super::text::{Encoding, Lines};

/// What may stand at `offset`.
pub fn at(_lines: &Lines, _offset: usize, _encoding: Encoding) -> Value {
    json!([])
}
