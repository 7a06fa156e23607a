//! `tenon`: creates integrations for a host framework, wires them in, and checks that they still fit.
#![allow(dead_code)]

mod apply;
mod diag;
mod host;
mod lang;
mod pack;
mod plan;

fn main() {}
