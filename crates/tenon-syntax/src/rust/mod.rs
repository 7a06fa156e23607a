//! Rust: the modules of a crate and what they make public, traits read as contracts, `impl` blocks read as classes, `use`
//! declarations read and edited as rustfmt leaves them. Parsing goes through `crate::tree`; other files come through
//! `crate::Source`.

pub mod imports;
pub mod package;
pub mod print;

mod fit;
mod krate;
mod module;
mod traits;
mod types;
mod use_order;
mod use_read;
mod use_tree;

/// Crates that need not be declared.
pub const BUILT_IN: [&str; 5] = ["std", "core", "alloc", "proc_macro", "test"];

pub use use_read::{import_statement, read_imports};
#[cfg(test)]
mod tests;
