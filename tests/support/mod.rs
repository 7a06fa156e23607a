//! What the tests share: hosts, runs of the binary, trees, faults, breaks.

#[allow(dead_code)]
pub mod breaks;
pub mod client;
#[allow(dead_code)]
pub mod fault;
pub mod hosts;
pub mod sandbox;
