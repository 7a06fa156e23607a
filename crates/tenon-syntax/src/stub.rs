//! How a stub of a method is written, in any language.

/// How a stub is printed.
#[derive(Clone, Copy, Debug)]
pub struct Stub<'a> {
    /// Levels of indentation of the method.
    pub depth: usize,
    /// Statements of the body, each line at its own indentation inside the body.
    pub body: &'a str,
    /// What stands before the name of a parameter that the body does not use; may be empty.
    pub unused_prefix: &'a str,
    /// Whether the documentation is printed above.
    pub doc: bool,
    /// Go: the name and type of the receiver.
    pub receiver: &'a str,
}

impl Default for Stub<'_> {
    fn default() -> Self {
        Self {
            depth: 1,
            body: "",
            unused_prefix: "_",
            doc: false,
            receiver: "",
        }
    }
}

impl Stub<'_> {
    /// The lines of the body, or those of `usual` if it says nothing, each behind a line end and indented by tabs.
    pub fn lines(&self, usual: &str) -> String {
        let body = Some(self.body).filter(|body| !body.trim().is_empty());
        let margin = "\t".repeat(self.depth + 1);
        let line = |line: &str| match line.trim().is_empty() {
            true => "\n".to_owned(),
            false => format!("\n{margin}{}", line.trim_end()),
        };
        body.unwrap_or(usual)
            .trim_matches('\n')
            .lines()
            .map(line)
            .collect()
    }
}
