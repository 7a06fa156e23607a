//! TypeScript: the public API of a package, contracts read from it, stubs and imports printed as a formatter
//! would. Parsing goes through `lang::tree`; other files come through `lang::Source`.

pub mod package;

mod locals;
mod members;
mod module;
mod names;
mod public;
mod resolve;
mod rewrite;
mod read;
