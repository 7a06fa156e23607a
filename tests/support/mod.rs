//! What the tests share: hosts, runs of the binary, trees, faults.

#[allow(dead_code)]
pub mod fault;
pub mod hosts;
pub mod sandbox;
