//! Prompts on a terminal. Only used when standard input and standard error both are one.

use std::collections::BTreeSet;
use std::io::{ErrorKind, IsTerminal};

use dialoguer::console::{self, Term};
use dialoguer::theme::ColorfulTheme;
use dialoguer::{Confirm, FuzzySelect};
use inquire::list_option::ListOption;
use inquire::ui::{RenderConfig, Styled};
use inquire::validator::Validation;
use inquire::{InquireError, MultiSelect, Text};

use super::{Asker, Choice};
use tenon_text::diag::{Error, Result, is_unsafe};

/// Choices that are shown at a time.
const PAGE: usize = 12;

/// Columns that a question leaves to its answer.
const ANSWER: usize = 24;

/// Asks on standard error: with dialoguer, and with inquire what dialoguer cannot do, which is to filter where several
/// are chosen, and to cancel or to show a line of help where text is typed.
pub struct Terminal {
    theme: ColorfulTheme,
    look: RenderConfig<'static>,
}

impl Terminal {
    /// An asker, if a person is there to answer.
    pub fn open(colour: bool) -> Option<Self> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        // Ctrl-C raises the signal, whose default leaves the cursor hidden. A second handler cannot be set; then the first
        // one does the same.
        let _ = ctrlc::set_handler(|| interrupted());
        console::set_colors_enabled_stderr(colour);
        // inquire styles as if for standard output.
        console::set_colors_enabled(colour);
        let look = if colour {
            RenderConfig::default_colored()
        } else {
            RenderConfig::empty()
        };
        let answered = Styled {
            content: "✔",
            ..look.answered_prompt_prefix
        };
        let active = Styled {
            content: "❯",
            ..look.highlighted_option_prefix
        };
        let look = look
            .with_answered_prompt_prefix(answered)
            .with_highlighted_option_prefix(active);
        let theme = ColorfulTheme::default();
        Some(Self { theme, look })
    }

    /// Yes or no; `default` is what Enter means.
    ///
    /// # Errors
    /// If the person cancels, or the terminal is gone.
    pub fn confirm(&self, prompt: &str, default: bool) -> Result<bool> {
        // Enter ends the answer, as in every other prompt: after a bare `y` it would answer the next question.
        Confirm::with_theme(&self.theme)
            .with_prompt(self.asked(prompt)?)
            .default(default)
            .wait_for_newline(true)
            .interact_opt()
            .map_err(lost)?
            .ok_or_else(cancelled)
    }

    /// `question` for the row of the answer. One without room there is written above it, and the row has none: of a
    /// question that takes two rows, dialoguer clears the second only.
    fn asked(&self, question: &str) -> Result<String> {
        if console::measure_text_width(question) + ANSWER <= columns() {
            return Ok(question.to_owned());
        }
        let line = format!("{} {question}", self.theme.prompt_prefix);
        screen().write_line(&line).map_err(closed)?;
        Ok(String::new())
    }
}

/// Where questions are drawn.
fn screen() -> Term {
    Term::stderr()
}

fn columns() -> usize {
    usize::from(screen().size().1)
}

/// Exits as shells expect, 128 + 2, with the cursor shown.
fn interrupted() -> ! {
    let _ = screen().show_cursor();
    std::process::exit(130)
}

fn cancelled() -> Error {
    Error::new("cancelled, nothing was changed").help("run the command again")
}

/// A prompt of dialoguer that ended without an answer.
fn lost(dialoguer::Error::IO(cause): dialoguer::Error) -> Error {
    closed(cause)
}

/// A prompt of inquire that ended without an answer.
fn ended(error: InquireError) -> Error {
    match error {
        InquireError::OperationInterrupted => interrupted(),
        InquireError::OperationCanceled => cancelled(),
        InquireError::IO(cause) => closed(cause),
        error => closed(std::io::Error::other(error)),
    }
}

/// Neither a key nor the screen is there any more, or an interrupt came, which this thread may notice before its handler does.
fn closed(cause: std::io::Error) -> Error {
    if cause.kind() == ErrorKind::Interrupted {
        interrupted();
    }
    let _ = screen().show_cursor();
    Error::new("the terminal was closed while a question was open")
        .because(cause)
        .help("give the answers as flags instead")
}

/// `lines`, none of them longer than `room`: dialoguer clears too much after those that take two rows.
fn cut(lines: Vec<String>, room: usize) -> Vec<String> {
    let end = room.saturating_sub('…'.len_utf8());
    let cut = |line: &String| match line.len() > room {
        true => format!("{}…", &line[..line.floor_char_boundary(end)]),
        false => line.clone(),
    };
    let short: Vec<String> = lines.iter().map(cut).collect();
    // It knows a choice by its line, so each has to be another.
    let distinct: BTreeSet<&String> = short.iter().collect();
    if distinct.len() == lines.len() {
        short
    } else {
        lines
    }
}

/// Each choice with what it means, in a column.
fn lines(choices: &[Choice]) -> Vec<String> {
    let width = choices
        .iter()
        .filter(|choice| choice.means.is_some())
        .map(|choice| choice.value.chars().count())
        .max()
        .unwrap_or(0);
    let line = |choice: &Choice| match &choice.means {
        Some(means) => format!("{:width$}  {means}", choice.value),
        None => choice.value.clone(),
    };
    let shown = |text: String| text.replace(is_unsafe, "\u{fffd}");
    choices.iter().map(|choice| shown(line(choice))).collect()
}

impl Asker for Terminal {
    fn many(&mut self, prompt: &str, choices: &[Choice], required: bool) -> Result<Vec<usize>> {
        let lines = lines(choices);
        let values: Vec<String> = choices.iter().map(|choice| choice.value.clone()).collect();
        let names = |chosen: &[ListOption<&String>]| {
            let chosen = chosen.iter().map(|line| values[line.index].as_str());
            chosen.collect::<Vec<_>>().join(", ")
        };
        let answer = MultiSelect::new(prompt, lines)
            .with_page_size(PAGE)
            .with_keep_filter(false)
            .with_help_message("type to filter, space selects, → all, ← none, enter confirms")
            .with_formatter(&names)
            .with_validator(move |chosen: &[ListOption<&String>]| {
                Ok(if required && chosen.is_empty() {
                    Validation::Invalid("at least one is required: select it with space".into())
                } else {
                    Validation::Valid
                })
            })
            .with_render_config(self.look)
            .raw_prompt()
            .map_err(ended)?;
        Ok(answer.into_iter().map(|line| line.index).collect())
    }

    fn one(&mut self, prompt: &str, choices: &[Choice], required: bool) -> Result<Option<usize>> {
        let mut lines = lines(choices);
        if !required {
            lines.insert(0, "(none)".to_owned());
        }
        let chosen = FuzzySelect::with_theme(&self.theme)
            .with_prompt(self.asked(&format!("{prompt} (type to filter)"))?)
            .items(cut(lines, columns().saturating_sub(2)))
            .default(0)
            .max_length(PAGE)
            .interact_opt()
            .map_err(lost)?
            .ok_or_else(cancelled)?;
        Ok(if required {
            Some(chosen)
        } else {
            chosen.checked_sub(1)
        })
    }

    fn flag(&mut self, prompt: &str, about: Option<&str>) -> Result<bool> {
        if let Some(about) = about {
            screen().write_line(about).map_err(closed)?;
        }
        self.confirm(prompt, false)
    }

    fn text(
        &mut self,
        prompt: &str,
        about: Option<&str>,
        check: &dyn Fn(&str) -> Result<()>,
    ) -> Result<String> {
        let (mut typed, mut wrong) = (String::new(), None::<String>);
        loop {
            let mut question = Text::new(prompt)
                .with_initial_value(&typed)
                .with_render_config(self.look);
            if let Some(text) = wrong.as_deref().or(about) {
                question = question.with_help_message(text);
            }
            let mut answer = question.prompt().map_err(ended)?;
            // A key with Ctrl is a character too, which is not shown.
            answer.retain(|c| !c.is_control());
            let Err(error) = check(answer.trim()) else {
                return Ok(answer.trim().to_owned());
            };
            // inquire keeps a checker only if it owns it. So the text is asked for again, to be edited.
            let help = error.helps().join("; ");
            wrong = Some(match help.as_str() {
                "" => error.to_string(),
                help => format!("{error} ({help})"),
            });
            typed = answer;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn lines_are_cut_to_the_room_unless_two_would_be_one() {
        let lines = |all: [&str; 2]| all.map(str::to_owned).to_vec();
        assert_eq!(cut(lines(["modules", "äöüäöü"]), 8), ["modules", "äö…"]);
        assert_eq!(
            cut(lines(["modules/a", "modules/b"]), 8),
            ["modules/a", "modules/b"]
        );
        assert_eq!(cut(lines(["a", "b"]), 0), ["a", "b"]);
    }
}
