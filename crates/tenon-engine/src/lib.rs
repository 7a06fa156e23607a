//! The engine: reads a host, plans changes, checks it against the rules of its pack, and writes.
//!
//! Knows no framework (that is the pack's) and prints nothing (that is the program's).
#![cfg_attr(test, allow(clippy::disallowed_methods))]

pub mod answers;
pub mod apply;
pub mod facts;
pub mod host;
pub mod plan;
pub mod rules;
pub mod settings;
pub mod trial;
