//! Learns entries: what the members of a host have in common where a shared file names them.
//!
//! A [`NameIndex`] finds the names of members in any text, in whatever spelling. [`propose`] cuts a file into elements that name one member
//! each, and takes from elements that read alike the text that they share: an example with holes, as a person would write it.

mod common;
mod elements;
mod names;
mod places;
mod proposal;
mod sections;
mod spelling;

pub use names::{NameIndex, Named};
pub use proposal::{Proposal, propose};
pub use spelling::{Spelled, TemplateText, spelled};
