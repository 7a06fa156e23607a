//! Diagnostics, spans and text edits: data only.
//!
//! Knows nothing of files, colours or frameworks. Every other module speaks of positions and refusals in
//! these words; `report/` turns them into text.

mod edit;
mod error;

pub use edit::{LineCol, Span, TextEdit, apply_edits, line_col};
pub use error::{Error, Result};
