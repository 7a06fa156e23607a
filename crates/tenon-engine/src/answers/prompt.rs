//! Prompts on a terminal. Only used when standard input and standard error both are one.

use std::io::IsTerminal;

use inquire::list_option::ListOption;
use inquire::ui::RenderConfig;
use inquire::validator::Validation;
use inquire::{Confirm, InquireError, MultiSelect, Select, Text};

use super::{Asker, Choice};
use tenon_text::diag::{Error, Result, is_unsafe};

/// Choices that are shown at a time.
const PAGE: usize = 12;

/// Asks with inquire, on standard error.
pub struct Terminal {
    look: RenderConfig<'static>,
}

impl Terminal {
    /// An asker, if a person is there to answer.
    pub fn open(colour: bool) -> Option<Self> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        let look = if colour {
            RenderConfig::default_colored()
        } else {
            RenderConfig::empty()
        };
        Some(Self { look })
    }

    /// Yes or no; `default` is what Enter means.
    ///
    /// # Errors
    /// If the person cancels, or the terminal is gone.
    pub fn confirm(&self, prompt: &str, default: bool) -> Result<bool> {
        Confirm::new(prompt)
            .with_default(default)
            .with_error_message("answer y or n")
            .with_render_config(self.look)
            .prompt()
            .map_err(ended)
    }
}

/// A prompt that ended without an answer. Ctrl-C exits as shells expect: 128 + 2.
fn ended(error: InquireError) -> Error {
    match error {
        InquireError::OperationInterrupted => std::process::exit(130),
        InquireError::OperationCanceled => {
            Error::new("cancelled, nothing was changed").help("run the command again")
        }
        error => Error::new("the terminal was closed while a question was open")
            .because(error)
            .help("give the answers as flags instead"),
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
            .with_help_message("type to filter, space selects, → all, ← none, enter goes on")
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
        let chosen = Select::new(prompt, lines)
            .with_page_size(PAGE)
            .with_help_message("type to filter, enter selects")
            .with_render_config(self.look)
            .raw_prompt()
            .map_err(ended)?
            .index;
        Ok(if required {
            Some(chosen)
        } else {
            chosen.checked_sub(1)
        })
    }

    fn flag(&mut self, prompt: &str, about: Option<&str>) -> Result<bool> {
        let mut question = Confirm::new(prompt)
            .with_default(false)
            .with_error_message("answer y or n")
            .with_render_config(self.look);
        if let Some(about) = about {
            question = question.with_help_message(about);
        }
        question.prompt().map_err(ended)
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
            let answer = question.prompt().map_err(ended)?;
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
