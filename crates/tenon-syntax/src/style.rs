//! How a host writes its code: what its formatter is configured to do. Data only; printers follow it.

use unicode_width::UnicodeWidthChar;

/// Where a trailing comma stands after the last element of a broken list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailingCommas {
    /// Wherever the language allows one.
    All,
    /// In literals, imports and exports, not in parameter lists.
    Es5,
    /// Nowhere.
    None,
}

/// Whether the single plain parameter of an arrow function has parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrowParens {
    /// `(x) => x`
    Always,
    /// `x => x`
    Avoid,
}

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
    /// Whether braces of objects and imports have spaces inside.
    pub bracket_spacing: bool,
    /// Where trailing commas stand.
    pub trailing_commas: TrailingCommas,
    /// Whether `x => x` gets parentheses.
    pub arrow_parens: ArrowParens,
    /// Groups of imports in order, as regular expressions on the module name; what matches none stands first.
    /// Empty: imports are one group in the order given by their author.
    pub import_groups: Vec<String>,
    /// Whether a blank line stands between groups.
    pub separate_groups: bool,
    /// Whether imports that bind nothing are sorted with the others; if not, they stay where they are.
    pub sort_side_effects: bool,
    /// Whether the names inside an import are sorted.
    pub sort_specifiers: bool,
    /// Whether imports are sorted without regard to case.
    pub case_insensitive: bool,
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
            bracket_spacing: true,
            trailing_commas: TrailingCommas::All,
            arrow_parens: ArrowParens::Always,
            import_groups: vec![],
            separate_groups: true,
            sort_side_effects: true,
            sort_specifiers: false,
            case_insensitive: false,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_fill_two_columns() {
        let style = Style {
            tab_width: 4,
            ..Style::default()
        };
        assert_eq!(style.columns("a\t漢e\u{301}"), 1 + 4 + 2 + 1);
    }
}
