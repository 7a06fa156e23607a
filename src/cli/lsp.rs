//! `tenon lsp`: the language server.

use std::path::Path;

use crate::lsp::{self, Hooks, Opened};
use crate::report::{ColourChoice, Report};
use tenon_text::diag::Result;

use super::Outcome;
use super::check;
use super::context::Context;

/// Serves one editor until it disconnects.
pub fn run() -> Result<Outcome> {
    let hooks = Hooks {
        open,
        counting: check::counting,
    };
    let done = lsp::serve(std::io::stdin(), std::io::stdout(), hooks)?;
    // The protocol asks for exit code 1 if the editor left without a `shutdown` request.
    Ok(if done { Outcome::Done } else { Outcome::Findings })
}

fn open(dir: &Path) -> Result<Option<Opened>> {
    // Errors go to standard error, which editors keep as a log.
    let report = Report::new(ColourChoice::Never, true, false);
    let context = Context::around(dir, &report)?;
    if let Some(context) = &context {
        let log = Report::new(ColourChoice::Never, false, false);
        super::undo::warn_before_reading(&context.host, &log);
    }
    Ok(context.map(|context| Opened {
        pack: context.pack,
        host: context.host,
        settings: context.settings,
    }))
}
