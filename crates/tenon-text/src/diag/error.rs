//! The one error type: a sentence, where, why, and what to do about it.

use std::fmt;

/// What every fallible function of the program returns.
pub type Result<T> = std::result::Result<T, Error>;

/// A file of the host or of a pack and, where known, the position in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Path as people know it: relative to the host or the pack, with `/`.
    pub path: String,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in characters, from 1.
    pub column: Option<usize>,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
        }
        Ok(())
    }
}

/// Why something could not be done. Exit code 2.
///
/// `message` is one plain sentence without a full stop, names in back-ticks; `help` says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    message: String,
    at: Option<Location>,
    causes: Vec<String>,
    help: Vec<String>,
}

impl Error {
    /// An error with one sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                message: message.into(),
                at: None,
                causes: vec![],
                help: vec![],
            }),
        }
    }

    /// Adds what to do about it; may be called more than once.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.inner.help.push(help.into());
        self
    }

    /// Adds an underlying cause, outermost first.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.inner.causes.push(cause.to_string());
        self
    }

    /// Says in which file.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.inner.at = Some(Location {
            path: path.into(),
            line: None,
            column: None,
        });
        self
    }

    /// Says at which position of which file.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, position: super::position::LineCol) -> Self {
        self.inner.at = Some(Location {
            path: path.into(),
            line: Some(position.line),
            column: Some(position.column),
        });
        self
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// Where, if it is known.
    pub fn location(&self) -> Option<&Location> {
        self.inner.at.as_ref()
    }

    /// The causes, outermost first.
    pub fn causes(&self) -> &[String] {
        &self.inner.causes
    }

    /// What to do about it.
    pub fn helps(&self) -> &[String] {
        &self.inner.help
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = &self.inner.at {
            write!(f, "{at}: ")?;
        }
        write!(f, "{}", self.inner.message)
    }
}

impl std::error::Error for Error {}
