//! Text: spans and edits, line ends, names in their cases, and manifests (JSON, TOML, YAML) that are read and edited as text.
//!
//! Knows no programming language and no pack. [`disk`] opens regular files, and nothing else here looks at the file system.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

pub mod diag;
pub mod disk;
pub mod format;
pub mod guard;
pub mod manifest;
pub mod names;
pub mod regular;
pub mod sections;
pub mod typed_toml;
