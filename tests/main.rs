//! What a person can see of the program, seen from outside: every test runs the built binary on a host of its
//! own and compares what it says and what it leaves on disk. `arch` reads the sources instead.
#![cfg(unix)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic, missing_docs)]

mod arch;
mod support;

mod suite {
    mod answers;
    mod breaks;
    mod breaks_go;
    mod broken;
    mod cargo;
    mod concurrency;
    #[cfg(target_os = "linux")]
    mod crash;
    mod create;
    mod djblets;
    mod examples;
    mod files_only;
    mod flags;
    mod foreign_state;
    mod git;
    mod go_hosts;
    mod histories;
    mod host_changes;
    mod hostile_check;
    mod hostile_git;
    mod hostile_packs;
    mod init;
    mod javac;
    mod learn;
    mod life;
    mod line_ends;
    mod links;
    mod lsp;
    mod modules;
    mod names;
    mod pack_problems;
    mod pack_sources;
    mod pack_tools;
    mod packs;
    mod packs_checked;
    mod prompts;
    mod properties;
    mod random_packs;
    mod remembered;
    mod removal;
    mod ruby;
    mod settings;
    mod shells;
    mod stories;
    mod survival;
    mod unread;
    mod update;
    mod values;
    mod workspaces;
}
