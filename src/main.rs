//! `tenon`: creates integrations for a host framework and wires them in.
#![cfg_attr(test, allow(clippy::disallowed_methods))]

mod answers;
mod apply;
mod cli;
mod diag;
mod disk;
mod facts;
mod host;
mod lang;
mod lsp;
mod pack;
mod plan;
mod report;
mod rules;
mod settings;
mod trial;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// What that of the C library costs is in `docs/decisions/allocator.md`.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::run(
        std::env::args_os()
            .map(|arg| arg.to_string_lossy().into_owned())
            .collect(),
    )
}
