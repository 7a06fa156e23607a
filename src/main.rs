//! `tenon`: creates integrations in a host repository, and checks, fixes, updates and removes them.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// `docs/decisions/allocator.md` compares it with the allocator of the C library.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    tenon_cli::run(
        std::env::args_os()
            .map(|arg| arg.to_string_lossy().into_owned())
            .collect(),
    )
}
