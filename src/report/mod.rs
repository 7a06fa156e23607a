//! Everything that is printed. Results go to standard output, everything else to standard error.

mod colour;
mod escape;
pub mod findings;
mod json_text;
pub mod list;
mod outputs;
mod page;
mod plan;
mod printer;
mod progress;

pub use colour::ColourChoice;
pub use findings::{Format, count, render};
pub use outputs::{HumanFormat, LearnFormat, PlainFormat, format, outputs};
pub use plan::plan_json;
pub use printer::{Report, error_json};
