//! Colours of the terminal, and whether to use them.

/// The value of `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColourChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColourChoice {
    /// Whether to colour a stream; `terminal` says whether it is a terminal. `NO_COLOR`, `CLICOLOR_FORCE` and
    /// `TERM=dumb` count as on <https://no-color.org> and <https://bixense.com/clicolors>.
    pub fn enabled(self, terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto if set("NO_COLOR") => false,
            Self::Auto if set("CLICOLOR_FORCE") => true,
            Self::Auto => terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
        }
    }
}

/// Adds colours to text, or leaves it as it is.
pub struct Paint(bool);

impl Paint {
    /// Adds colours if `enabled`.
    pub fn new(enabled: bool) -> Self {
        Self(enabled)
    }

    /// Whether it adds colours.
    pub fn enabled(&self) -> bool {
        self.0
    }

    fn with(&self, style: anstyle::Style, text: &str) -> String {
        if self.0 {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Errors, deletions.
    pub fn red(&self, text: &str) -> String {
        self.with(anstyle::AnsiColor::Red.on_default().bold(), text)
    }

    /// Additions.
    pub fn green(&self, text: &str) -> String {
        self.with(anstyle::AnsiColor::Green.on_default(), text)
    }

    /// Warnings, changes.
    pub fn yellow(&self, text: &str) -> String {
        self.with(anstyle::AnsiColor::Yellow.on_default().bold(), text)
    }

    /// Positions in files.
    pub fn blue(&self, text: &str) -> String {
        self.with(anstyle::AnsiColor::Blue.on_default().bold(), text)
    }

    /// Help, hunk headers.
    pub fn cyan(&self, text: &str) -> String {
        self.with(anstyle::AnsiColor::Cyan.on_default(), text)
    }

    /// Less important text.
    pub fn dim(&self, text: &str) -> String {
        self.with(anstyle::Style::new().dimmed(), text)
    }

    /// Headings and summaries.
    pub fn bold(&self, text: &str) -> String {
        self.with(anstyle::Style::new().bold(), text)
    }
}
