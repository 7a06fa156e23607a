//! How a host writes its code: what its formatter is configured to do. Data only; printers follow it.

use std::cmp::Ordering;

use unicode_width::UnicodeWidthChar;

/// The formatting of a host. Line ends are always `\n` here; who writes files converts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// One level of indentation.
    pub indent: String,
    /// How many columns a tab counts.
    pub tab_width: usize,
    /// Columns a line may fill.
    pub width: usize,
    /// The preferred quote of strings.
    pub quote: char,
    /// Whether statements end in `;`.
    pub semicolons: bool,
    /// Groups of imports in order, as regular expressions on the module name; what matches none stands first.
    /// Empty: imports are one group in the order given by their author.
    pub import_groups: Vec<String>,
    /// Whether a method has its types in a statement above it, in a language that may have them there.
    pub signatures: bool,
    /// Python: the packages of the host itself.
    pub own_packages: Vec<String>,
    /// Python: whether the names of an import that is broken over lines stand behind the bracket.
    pub aligned_imports: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            indent: "  ".to_owned(),
            tab_width: 2,
            width: 80,
            quote: '"',
            semicolons: true,
            import_groups: vec![],
            signatures: false,
            own_packages: vec![],
            aligned_imports: false,
        }
    }
}

impl Style {
    /// The columns that `text` fills.
    pub fn columns(&self, text: &str) -> usize {
        text.chars()
            .map(|c| match c {
                '\t' => self.tab_width,
                c => c.width().unwrap_or(0),
            })
            .sum()
    }
}

/// The quote that most strings begin with, whose first marks are `marks`; nothing if there are as many of either.
pub fn usual_quote(marks: impl IntoIterator<Item = char>) -> Option<char> {
    let (mut single, mut double) = (0, 0);
    for mark in marks {
        match mark {
            '\'' => single += 1,
            '"' => double += 1,
            _ => {}
        }
    }
    match single.cmp(&double) {
        Ordering::Greater => Some('\''),
        Ordering::Less => Some('"'),
        Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quote_of_most_strings_is_the_usual_one() {
        assert_eq!(usual_quote("'\"'".chars()), Some('\''));
        assert_eq!(usual_quote("\"`".chars()), Some('"'));
        assert_eq!(usual_quote("'\"".chars()), None);
    }

    #[test]
    fn wide_characters_fill_two_columns() {
        let style = Style {
            tab_width: 4,
            ..Style::default()
        };
        assert_eq!(style.columns("a\t漢e\u{301}"), 1 + 4 + 2 + 1);
    }
}
