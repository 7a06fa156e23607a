//! Prompts on a terminal. Only used when standard input and standard error both are one.

use std::io::IsTerminal;

use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, MultiSelect, Select};

use super::Asker;
use tenon_text::diag::{Error, Result};

/// Asks with dialoguer, on standard error.
pub struct Terminal {
    theme: Box<dyn Theme>,
}

impl Terminal {
    /// An asker, if a person is there to answer.
    pub fn open(colour: bool) -> Option<Self> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        restore_cursor_on_interrupt();
        let theme: Box<dyn Theme> = if colour {
            Box::new(ColorfulTheme::default())
        } else {
            Box::new(SimpleTheme)
        };
        Some(Self { theme })
    }

    /// Yes or no, with yes as what Enter means.
    pub fn confirm(&self, prompt: &str) -> Result<bool> {
        Confirm::with_theme(&*self.theme)
            .with_prompt(prompt)
            .default(true)
            .interact_opt()
            .map_err(lost)?
            .ok_or_else(cancelled)
    }
}

/// Shows the cursor again if the program is interrupted while a prompt has hidden it, and exits as shells
/// expect: 128 + 2.
fn restore_cursor_on_interrupt() {
    // A second handler cannot be set; then the first one does the same.
    let _ = ctrlc::set_handler(|| interrupted());
}

fn interrupted() -> ! {
    let _ = console::Term::stderr().show_cursor();
    std::process::exit(130)
}

/// A prompt that ended without an answer: by an interrupt, which this thread may notice before the handler does,
/// or because the terminal is gone.
fn lost(error: dialoguer::Error) -> Error {
    let dialoguer::Error::IO(cause) = &error;
    if cause.kind() == std::io::ErrorKind::Interrupted {
        interrupted();
    }
    let _ = console::Term::stderr().show_cursor();
    Error::new("the terminal went away while it was asked")
        .because(error)
        .help("give the answers as flags instead")
}

fn cancelled() -> Error {
    Error::new("cancelled, nothing was changed").help("run the command again to begin anew")
}

impl Asker for Terminal {
    fn name(&mut self, prompt: &str, check: &dyn Fn(&str) -> Result<()>) -> Result<String> {
        self.text(prompt, check)
    }

    fn many(&mut self, prompt: &str, choices: &[String], required: bool) -> Result<Vec<usize>> {
        let prompt = format!("{prompt} (space selects, a selects all, enter goes on)");
        loop {
            let chosen = MultiSelect::with_theme(&*self.theme)
                .with_prompt(&prompt)
                .items(choices)
                .interact_opt()
                .map_err(lost)?
                .ok_or_else(cancelled)?;
            if !required || !chosen.is_empty() {
                return Ok(chosen);
            }
        }
    }

    fn one(&mut self, prompt: &str, choices: &[String], required: bool) -> Result<Option<usize>> {
        let mut items: Vec<&str> = choices.iter().map(String::as_str).collect();
        if !required {
            items.insert(0, "(none)");
        }
        let chosen = Select::with_theme(&*self.theme)
            .with_prompt(prompt)
            .items(&items)
            .default(0)
            .interact_opt()
            .map_err(lost)?
            .ok_or_else(cancelled)?;
        Ok(if required {
            Some(chosen)
        } else {
            chosen.checked_sub(1)
        })
    }

    fn flag(&mut self, prompt: &str) -> Result<bool> {
        Confirm::with_theme(&*self.theme)
            .with_prompt(prompt)
            .default(false)
            .interact_opt()
            .map_err(lost)?
            .ok_or_else(cancelled)
    }

    fn text(&mut self, prompt: &str, check: &dyn Fn(&str) -> Result<()>) -> Result<String> {
        Input::<String>::with_theme(&*self.theme)
            .with_prompt(prompt)
            .allow_empty(true)
            .validate_with(|text: &String| {
                check(text.trim()).map_err(|error| {
                    let help = error.helps().join("; ");
                    if help.is_empty() {
                        error.to_string()
                    } else {
                        format!("{error} ({help})")
                    }
                })
            })
            .interact_text()
            .map(|text| text.trim().to_owned())
            .map_err(lost)
    }
}
