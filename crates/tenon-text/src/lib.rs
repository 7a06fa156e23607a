//! Text: spans and edits, line ends, names in their cases, and manifests (JSON, TOML, YAML) that are read and edited as text.
//!
//! Knows no programming language, no pack and no file system.

pub mod diag;
pub mod format;
pub mod guard;
pub mod manifest;
pub mod names;
pub mod regular;
pub mod toml_json;
pub mod typed_toml;
