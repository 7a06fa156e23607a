//! The JSON schema of `pack.toml`, for editors.
//!
//! It is made from the types in [`super::raw`] by a test, which also compares: the program only has the text.

#[cfg(test)]
mod tests;

#[cfg(test)]
pub use tests::Rule;

/// The schema, as it is published in `docs/schema/pack.schema.json`. Definitions are called as the types without `Raw`.
pub const SCHEMA: &str = include_str!(concat!(env!("TENON_SCHEMA"), "/pack.schema.json"));
