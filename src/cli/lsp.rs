//! `tenon lsp`: what `validate-structure` finds, in an editor.

use std::path::Path;

use crate::lsp::{self, Hooks, Opened};
use crate::report::{ColourChoice, Report};
use tenon_text::diag::Result;

use super::Outcome;
use super::check;
use super::context::Context;

/// Serves an editor until it says that it is enough.
pub fn run() -> Result<Outcome> {
    let hooks = Hooks {
        open,
        counting: check::counting,
    };
    let done = lsp::serve(std::io::stdin(), std::io::stdout(), hooks)?;
    // The protocol wants exit code 1 where nobody asked to shut down.
    Ok(if done { Outcome::Done } else { Outcome::Findings })
}

fn open(dir: &Path) -> Result<Option<Opened>> {
    // Its words go to standard error, which editors keep as a log.
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
