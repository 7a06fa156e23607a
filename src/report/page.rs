//! Renders Markdown pages for a terminal, for `explain`.
//!
//! Supports the Markdown that the pages of this program use: headings, fenced code, inline code, bold, links, comments.
//! Everything else is printed as written.

use tenon_text::diag::RuleInfo;

use super::colour::Paint;
use super::escape::{clean, clean_line};
use super::printer::{Report, out};

impl Report {
    /// Prints a Markdown page as the result.
    pub fn page(&self, markdown: &str) {
        out(&page(markdown, &self.out));
    }

    /// Prints the rules as the result, one per line.
    pub fn rules(&self, rules: &[RuleInfo]) {
        out(&table(rules, &self.out));
    }
}

/// `markdown` without colours.
pub fn plain(markdown: &str) -> String {
    page(markdown, &Paint::new(false))
}

/// `markdown` with bold headings, and dim, indented code.
fn page(markdown: &str, paint: &Paint) -> String {
    let mut text = String::new();
    // The marks that close the open code block: at least as many as opened it.
    let mut fence: Option<String> = None;
    let mut in_comment = false;
    for line in clean(markdown).lines() {
        let start = line.trim_start();
        if let Some(marks) = &fence {
            if start.starts_with(marks.as_str()) && start.trim_end().trim_matches(['`', '~']).is_empty() {
                fence = None;
            } else {
                push(&mut text, &indented(line, paint));
            }
        } else if in_comment || start.starts_with("<!--") {
            in_comment = !line.contains("-->");
        } else if let Some(mark) = ['`', '~']
            .into_iter()
            .find(|&mark| start.starts_with(&mark.to_string().repeat(3)))
        {
            fence = Some(start.chars().take_while(|&c| c == mark).collect());
        } else if let Some(heading) = heading(line) {
            push(&mut text, &paint.bold(&inline(heading, &Paint::new(false))));
        } else {
            push(&mut text, &inline(line, paint));
        }
    }
    while text.ends_with("\n\n") {
        text.pop();
    }
    text
}

/// Adds a line, but never a second empty line.
fn push(text: &mut String, line: &str) {
    if line.is_empty() && (text.is_empty() || text.ends_with("\n\n")) {
        return;
    }
    text.push_str(line);
    text.push('\n');
}

fn indented(line: &str, paint: &Paint) -> String {
    if line.is_empty() {
        String::new()
    } else {
        format!("    {}", paint.dim(line))
    }
}

fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let text = rest.strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| text.trim())
}

/// A line with code dim, `**bold**` bold, links as their text and, where they lead out, their address.
fn inline(line: &str, paint: &Paint) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['`', '*', '[']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes()[0] {
            b'`' => between(rest, "`", "`").map(|(code, after)| (paint.dim(&format!("`{code}`")), after)),
            b'*' => between(rest, "**", "**").map(|(bold, after)| (paint.bold(bold), after)),
            _ => link(rest),
        };
        match taken {
            Some((shown, after)) => {
                out.push_str(&shown);
                rest = after;
            }
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The text between `open`, with which `text` starts, and the next `close`, and the text after it.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    let (inside, after) = text.strip_prefix(open)?.split_once(close)?;
    (!inside.is_empty()).then_some((inside, after))
}

fn link(text: &str) -> Option<(String, &str)> {
    let (label, after) = between(text, "[", "](")?;
    let (target, after) = after.split_once(')')?;
    let shown = if target.contains("://") {
        format!("{label} <{target}>")
    } else {
        label.to_owned()
    };
    Some((shown, after))
}

/// Ids and summaries in two columns.
fn table(rules: &[RuleInfo], paint: &Paint) -> String {
    let width = rules
        .iter()
        .map(|rule| rule.id.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        let id = clean_line(rule.id);
        let gap = " ".repeat(width.saturating_sub(id.chars().count()) + 2);
        text.push_str(&format!("{}{gap}{}\n", paint.bold(&id), clean_line(rule.summary)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# missing-entry\n\n<!-- run: x -->\n\nAn **entry** of `acme` is [missing](other.md), see\n[the book](https://example.com/a).\n\n\
        ## Example\n\n```toml title\n# no heading\n\na = `b` **c**\n```\n\nA lone ` and * and [stay].\n\n";

    #[test]
    fn a_page_is_plain_text_without_colours() {
        assert_eq!(
            plain(PAGE),
            "missing-entry\n\nAn entry of `acme` is missing, see\nthe book <https://example.com/a>.\n\nExample\n\n    \
             # no heading\n\n    a = `b` **c**\n\nA lone ` and * and [stay].\n"
        );
    }

    #[test]
    fn headings_are_bold_and_code_is_dim() {
        assert_eq!(
            page("# a `b`\n`c` **d**\n~~~\ne\n~~~\n", &Paint::new(true)),
            "\u{1b}[1ma `b`\u{1b}[0m\n\u{1b}[2m`c`\u{1b}[0m \u{1b}[1md\u{1b}[0m\n    \u{1b}[2me\u{1b}[0m\n"
        );
    }

    #[test]
    fn a_page_sends_nothing_to_the_terminal() {
        assert_eq!(plain("# \u{1b}[2J\n`\u{9b}`\n"), "\\u{1b}[2J\n`\\u{9b}`\n");
    }

    #[test]
    fn rules_are_listed_in_columns() {
        let rule = |id, summary| RuleInfo {
            id,
            summary,
            page: "",
        };
        let rules = [
            rule("missing-entry", "A site lacks it"),
            rule("stale", "It is gone"),
        ];
        assert_eq!(
            table(&rules, &Paint::new(false)),
            "missing-entry  A site lacks it\nstale          It is gone\n"
        );
        assert_eq!(table(&[], &Paint::new(false)), "");
    }
}
