//! From a pack, a host and answers to a plan: pure, nothing is written here.

mod change;

pub use change::{Change, Plan};
