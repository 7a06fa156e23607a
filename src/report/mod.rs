//! The only place that prints. Results go to standard output, everything else to standard error.

mod colour;
pub(crate) mod findings;
pub mod list;
mod outputs;
mod page;
mod plan;

use std::io::{IsTerminal, Write};

use serde_json::Value;

use tenon_text::diag::{Error, is_unsafe};

pub use colour::ColourChoice;
pub use findings::{Format, render};
pub use outputs::outputs;

use colour::Paint;

/// Prints in one look.
pub struct Report {
    out: Paint,
    err: Paint,
    quiet: bool,
    json: bool,
}

impl Report {
    /// A report; colours as chosen, for each stream by itself.
    pub fn new(colour: ColourChoice, quiet: bool, json: bool) -> Self {
        Self {
            out: Paint::new(colour.enabled(std::io::stdout().is_terminal())),
            err: Paint::new(colour.enabled(std::io::stderr().is_terminal())),
            quiet,
            json,
        }
    }

    /// Whether results are JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether standard error is coloured.
    pub fn has_colour(&self) -> bool {
        self.err.enabled()
    }

    /// A result.
    pub fn result(&self, text: &str) {
        out(&clean(text));
    }

    /// A result for programs.
    pub fn json(&self, value: &Value) {
        out(&format!("{value:#}\n"));
    }

    /// Raw bytes that are the result: a completion script, a manual page.
    pub fn raw(&self, text: &str) {
        out(text);
    }

    /// A sentence on the way, unless quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            err(&format!("{}\n", clean(text)));
        }
    }

    /// What it came to, in bold, unless quiet.
    pub fn summary(&self, text: &str) {
        if !self.quiet {
            err(&format!("{}\n", self.err.bold(&clean(text))));
        }
    }

    /// A warning, unless quiet.
    pub fn warn(&self, text: &str) {
        if self.quiet {
            return;
        }
        err(&format!("{} {}\n", self.err.yellow("warning:"), clean(text)));
    }

    /// What the grammar of the command line has to say: help and version as results, or the mistake in it.
    pub fn grammar(&self, error: &clap::Error) {
        let text = error.render();
        let look = |paint: &Paint| {
            if paint.enabled() {
                clean_painted(&text.ansi().to_string())
            } else {
                clean(&text.to_string())
            }
        };
        if error.use_stderr() {
            err(&look(&self.err));
        } else {
            out(&look(&self.out));
        }
    }

    /// The one error that ends the program.
    pub fn error(&self, error: &Error) {
        let mut text = format!("{} {}\n", self.err.red("error:"), clean(error.message()));
        if let Some(at) = error.location() {
            text.push_str(&format!(
                "  {} {}\n",
                self.err.blue("-->"),
                clean(&at.to_string())
            ));
        }
        for cause in error.causes() {
            text.push_str(&format!("  {} {}\n", self.err.dim("because:"), clean(cause)));
        }
        for help in error.helps() {
            text.push_str(&format!("{} {}\n", self.err.cyan("help:"), clean(help)));
        }
        err(&text);
    }
}

/// Writes to standard output. A reader that went away ends the program quietly, as other tools do.
fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    if stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .is_err()
    {
        std::process::exit(0);
    }
}

/// Writes to standard error; if that is gone there is nobody to tell.
fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// `text` with control characters made visible, so that no host or pack can send commands to a terminal.
fn clean(text: &str) -> String {
    escape(text, |c| is_unsafe(c) && c != '\n' && c != '\t')
}

/// As [`clean`], on one line.
fn clean_line(text: &str) -> String {
    escape(text, |c| is_unsafe(c) && c != '\t')
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_escaped(c) {
            out.extend(c.escape_default());
        } else if opens_command(&out, c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether `c` behind `before` completes what runners of workflows take for a command: `::` where a line begins, `##[`
/// and `##vso[` wherever they stand.
fn opens_command(before: &str, c: char) -> bool {
    match c {
        '[' => before.ends_with("##") || before.ends_with("##vso"),
        ':' => before.strip_suffix(':').is_some_and(|before| {
            let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
            line.trim().is_empty()
        }),
        _ => false,
    }
}

/// As [`clean`], for text in which colours are wanted: what sets them stays.
fn clean_painted(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = clean(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        out.push_str(if digits.starts_with('m') {
            "\u{1b}["
        } else {
            "\\u{1b}["
        });
        out.push_str(&clean(part));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_stay_and_other_sequences_become_visible() {
        assert_eq!(
            clean_painted("a\u{1b}[1;31mb\u{1b}[0m"),
            "a\u{1b}[1;31mb\u{1b}[0m"
        );
        assert_eq!(
            clean_painted("\u{1b}[2Ja\u{1b}]0;x\u{7}"),
            "\\u{1b}[2Ja\\u{1b}]0;x\\u{7}"
        );
    }

    #[test]
    fn escape_sequences_become_visible() {
        assert_eq!(clean("a\u{1b}[31mb\r\n"), "a\\u{1b}[31mb\\r\n");
        assert_eq!(clean("\u{9b}2J\u{202e}"), "\\u{9b}2J\\u{202e}");
        assert_eq!(clean_line("a\nb"), "a\\nb");
    }

    #[test]
    fn commands_to_runners_become_visible() {
        let text = "::error::x\n  ::b a::c\n##[error]x ##vso[y] #[z]";
        let expected = ":\\u{3a}error::x\n  :\\u{3a}b a::c\n##\\u{5b}error]x ##vso\\u{5b}y] #[z]";
        assert_eq!(clean(text), expected);
    }
}
