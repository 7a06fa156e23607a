//! The only reader of the host tree.

mod path;

pub use path::HostPath;
