//! Sites by example: the text that a member has in a shared file is its pattern.
//!
//! An [`Example`] is that text with holes. A [`Document`] is a shared file, cut into tokens, with the tree of its syntax. Reading goes
//! by tokens: space, comments, the style of quotes and trailing commas do not count, holes capture. The tree then says what the
//! entry is as a whole ([`Match::extent`]) and which list holds it. [`insert()`] and [`remove()`] change the list by text edits and read
//! the outcome back: it is the old text plus or minus exactly the entry, or a [`Refusal`] with the text to write by hand.
//!
//! Pure functions over text. Knows no framework and opens no file. What differs between languages stands in `tables`.

mod assign;
mod beside;
mod body;
mod columns;
mod document;
mod example;
mod extent;
mod first;
mod form;
mod insert;
pub mod learn;
mod lists;
mod matching;
mod mention;
mod nodes;
mod order;
mod read_back;
mod refusal;
mod remove;
mod scope;
mod shape;
mod tables;
#[cfg(test)]
mod tests;
mod tokens;
mod variables;

pub use assign::{Alias, Candidate, Unassigned, assign};
pub use document::{Document, Syntax};
pub use example::{Example, ExampleError, Part};
pub use extent::{Capture, Match};
pub use first::Inserted;
pub use form::{Hole, Spelling};
pub use insert::{Placement, insert, insert_at};
pub use lists::{List, choose, lists};
pub use matching::Found;
pub use refusal::{Refusal, Why};
pub use remove::remove;
pub use scope::{NoScope, Scope, Side};
pub use tables::holds_statements;
