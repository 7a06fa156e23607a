//! TypeScript: the public API of a package, contracts read from it, stubs and imports printed as a formatter
//! would. Parsing goes through `crate::tree`; other files come through `crate::Source`.

pub mod config;
pub mod graph;
pub mod imports;
pub mod package;
pub mod print;
pub mod restyle;

mod doc;
mod doc_comment;
mod fit;
mod import_edit;
mod import_list;
mod import_order;
mod import_read;
mod locals;
mod members;
mod names;
mod nodes;
pub mod outline;
mod overloads;
mod parse;
mod parts;
mod positions;
mod public;
mod read;
mod read_members;
mod resolve;
mod rewrite;
mod type_facts;
mod type_objects;
mod types;
mod used;

pub use import_read::read_imports;
#[cfg(test)]
mod tests;
