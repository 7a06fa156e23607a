//! Go: packages read from the files of their directories, interfaces read into contracts, types with their method sets,
//! imports and stubs printed as `gofmt` leaves them. Parsing goes through `crate::tree`; other files come through
//! `crate::Source`.

pub mod file;
pub mod imports;
pub mod locals;
pub mod names;
pub mod print;
pub mod ty;

mod contract;
mod decl;
mod fit;
pub mod methods;
pub mod module;
pub mod sources;
pub mod tree;

#[cfg(test)]
mod tests;
