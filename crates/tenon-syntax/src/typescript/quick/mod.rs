//! A quick parser of TypeScript as it is usually written.
//!
//! It makes the very tree that tree-sitter makes, in a fraction of the time, or none: whatever is broken, rare, or read by the
//! grammar in a way of its own is given up, and tree-sitter reads it. So it decides nothing: no error is found and no code is
//! accepted here, and a file of another dialect only takes longer. That both trees are the same is tested on every
//! source that is at hand, on those sources with bytes changed, and by fuzzing.
//!
//! Why there is a parser of our own: docs/decisions/quick-parser.md.

mod chains;
mod classes;
mod expressions;
mod functions;
mod kinds;
mod lexer;
mod literals;
mod modules;
mod objects;
mod parser;
mod statements;
mod type_members;
mod types;

#[cfg(test)]
mod tests;

use crate::flat::Entry;

/// The longest text that is tried.
const MAX_SIZE: usize = 512 * 1024;

/// The nodes of `source`; nothing if it is for the other parser.
pub fn parse(source: &str) -> Option<Vec<Entry>> {
    if source.len() > MAX_SIZE || has_rarities(source.as_bytes()) {
        return None;
    }
    let mut parser = parser::Parser::new(source)?;
    parser.program()?;
    parser.entries(kinds::numbers())
}

/// Whether there is anything that ends or begins comments and files in ways of its own.
fn has_rarities(source: &[u8]) -> bool {
    let is_rare = |text: &[u8]| memchr::memmem::find(source, text).is_some();
    memchr::memchr(0, source).is_some()
        || is_rare(b"<!--")
        || is_rare(b"-->")
        || is_rare(b"\xe2\x80\xa8")
        || is_rare(b"\xe2\x80\xa9")
}
