//! Diagnostics, spans and text edits: data only.
//!
//! Knows nothing of files, colours or frameworks. Every other module speaks of positions and refusals in
//! these words; `report/` turns them into text.

mod diagnostic;
mod draft;
mod edit;
mod error;
mod findings;
mod position;
mod visible;

pub use diagnostic::{Applicability, Diagnostic, FileFix, Fix, Place, Reason, Severity};
pub use draft::Draft;
pub use edit::{Span, TextEdit, apply_edits};
pub use error::{Error, Result};
pub use findings::{Findings, Inspected, Part, RuleInfo, Stat};
pub use position::{LineCol, line_col};
pub use visible::is_unsafe;
