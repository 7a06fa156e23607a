//! Writes to the standard streams: results to standard output, everything else to standard error.

use std::io::{ErrorKind, IsTerminal, Write};

use serde_json::{Value, json};

use tenon_text::diag::{Error, Result};

use super::colour::{ColourChoice, Paint};
use super::escape::{clean, clean_painted};
use super::json_text::json_text;

/// Prints results, messages and errors, with colours or without.
pub struct Report {
    pub(super) out: Paint,
    pub(super) err: Paint,
    quiet: bool,
    json: bool,
    offline: bool,
}

impl Report {
    /// Decides for each stream whether it is coloured. `quiet` leaves out everything but results and errors; with `json` results
    /// are JSON.
    pub fn new(colour: ColourChoice, quiet: bool, json: bool) -> Self {
        Self {
            out: Paint::new(colour.enabled(std::io::stdout().is_terminal())),
            err: Paint::new(colour.enabled(std::io::stderr().is_terminal())),
            quiet,
            json,
            offline: false,
        }
    }

    /// For completions, which print nothing but candidates and must not wait for a network.
    pub fn of_completions() -> Self {
        Self {
            offline: true,
            ..Self::new(ColourChoice::Never, true, false)
        }
    }

    /// Says that something is fetched, unless quiet.
    ///
    /// # Errors
    /// While a shell completes a word: nothing is fetched then.
    pub fn fetches(&self, what: &str) -> Result<()> {
        if self.offline {
            return Err(Error::new("nothing is fetched while a word is completed"));
        }
        self.say(what);
        Ok(())
    }

    /// Whether results are JSON.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether nothing but results and errors is printed.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Whether a person may read standard error.
    pub fn is_watched(&self) -> bool {
        !self.offline && std::io::stderr().is_terminal()
    }

    /// Whether standard error is coloured.
    pub fn has_colour(&self) -> bool {
        self.err.enabled()
    }

    /// Prints a result as text.
    pub fn result(&self, text: &str) {
        out(&clean(text));
    }

    /// Prints a result as JSON.
    pub fn json(&self, value: &Value) {
        out(&json_text(value));
    }

    /// Prints a result without making control characters visible: a completion script, a manual page.
    pub fn raw(&self, text: &str) {
        out(text);
    }

    /// Prints a message, unless quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            err(&format!("{}\n", clean(text)));
        }
    }

    /// Prints the summary in bold, unless quiet.
    pub fn summary(&self, text: &str) {
        if !self.quiet {
            err(&format!("{}\n", self.err.bold(&clean(text))));
        }
    }

    /// Prints a warning, unless quiet.
    pub fn warn(&self, text: &str) {
        if self.quiet {
            return;
        }
        err(&format!("{} {}\n", self.err.yellow("warning:"), clean(text)));
    }

    /// Prints what the parser of the command line returns instead of arguments: help, the version, or an error.
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
            if self.json {
                let text = text.to_string();
                let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                let message = lines.next().unwrap_or_default().trim_start_matches("error: ");
                let error = lines.fold(Error::new(message), |error, line| error.help(line));
                self.json(&json!({ "version": 1, "error": error_json(&error) }));
            }
        } else {
            out(&look(&self.out));
        }
    }

    /// Prints an error; with JSON also as the result.
    pub fn error(&self, error: &Error) {
        self.error_text(error);
        if self.json {
            self.json(&json!({ "version": 1, "error": error_json(error) }));
        }
    }

    /// Prints an error as text.
    pub fn error_text(&self, error: &Error) {
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

/// An error as JSON; see `docs/schema/output.schema.json`.
pub fn error_json(error: &Error) -> Value {
    let mut out = json!({ "message": error.message(), "because": error.causes(), "help": error.helps() });
    if let Some(at) = error.location() {
        out["path"] = at.path.as_str().into();
        if let Some(line) = at.line {
            out["line"] = line.into();
        }
        if let Some(column) = at.column {
            out["column"] = column.into();
        }
    }
    out
}

/// Writes to standard output. If its reader is gone, the program ends quietly, as other tools do; if it cannot be written for
/// another reason, such as a full disk, the program ends with an error.
pub fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let Err(error) = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) else {
        return;
    };
    if error.kind() == ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    err(&format!(
        "error: standard output cannot be written\n  because: {error}\n"
    ));
    std::process::exit(2);
}

/// Writes to standard error. If that fails, there is no way to report it.
pub fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
