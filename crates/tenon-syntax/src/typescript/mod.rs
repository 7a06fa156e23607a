//! TypeScript: the public API of a package, contracts read from it, stubs and imports printed as a formatter
//! would. Parsing goes through `lang::tree`; other files come through `lang::Source`.

pub mod config;
pub mod declare;
pub mod graph;
pub mod imports;
pub mod package;
pub mod print;
pub mod restyle;

mod barrel;
mod doc;
mod fit;
mod import_edit;
mod import_list;
mod import_order;
mod import_read;
mod import_types;
mod locals;
mod members;
pub mod module;
mod names;
mod overloads;
mod parts;
mod public;
pub mod quick;
mod read;
mod read_members;
mod resolve;
mod rewrite;
mod type_facts;
mod type_objects;
mod types;

pub use import_read::read_imports;
#[cfg(test)]
mod tests;
