//! The program `tenon`: command line, output and language server. Everything else is in the crates that it depends on.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod cli;
mod lsp;
pub mod report;

pub use cli::run;
