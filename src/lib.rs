//! The program `tenon`: its command line, what it prints, and its language server. What it does is in the crates below it.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod cli;
mod lsp;
pub mod report;

pub use cli::run;
