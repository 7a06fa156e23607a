//! `tenon`: creates integrations for a host framework and registers them.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// What that of the C library costs is in `docs/decisions/allocator.md`.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    tenon_cli::run(
        std::env::args_os()
            .map(|arg| arg.to_string_lossy().into_owned())
            .collect(),
    )
}
