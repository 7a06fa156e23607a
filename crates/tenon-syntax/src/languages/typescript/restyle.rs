//! A snippet in the quotes and semicolons of the file that receives it.

use crate::style::{Style, usual_quote};

/// `snippet` written as `file` is: its quotes, and semicolons only if it has them.
///
/// A file that shows no preference leaves the snippet as it is.
pub fn like(snippet: &str, file: &str) -> String {
    let habits = Habits::of(file);
    let mut out = match habits.quote {
        Some(quote) => requote(snippet, quote),
        None => snippet.to_owned(),
    };
    if habits.semicolons == Some(false) {
        out = without_semicolons(&out);
    }
    out
}

/// Gives `style` the quotes and semicolons of `file`, as far as that shows any.
pub fn read(file: &str, style: &mut Style) {
    let habits = Habits::of(file);
    style.quote = habits.quote.unwrap_or(style.quote);
    style.semicolons = habits.semicolons.unwrap_or(style.semicolons);
}

/// `text` without the semicolons at the ends of its lines. Those stay that belong to a string or a comment, and those without
/// which the next line would go on with the statement.
fn without_semicolons(text: &str) -> String {
    let mut tokens = vec![];
    let mut at = 0;
    while let Some(found) = text[at..].find(['\'', '"', '`', '/']) {
        let start = at + found;
        at = start + token_end(&text[start..]);
        tokens.push(start..at);
    }
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let body = line.trim_end_matches(['\n', '\r']);
        let kept = body.trim_end_matches(';');
        let semicolon = start + kept.len();
        let next = text[end..].trim_start();
        let is_comment = next.starts_with("//") || next.starts_with("/*");
        let goes_on = !is_comment && next.starts_with(['(', '[', '`', '/', '+', '-']);
        if goes_on || tokens.iter().any(|token| token.contains(&semicolon)) {
            out.push_str(line);
        } else {
            out.push_str(kept);
            out.push_str(&line[body.len()..]);
        }
    }
    out
}

struct Habits {
    quote: Option<char>,
    semicolons: Option<bool>,
}

impl Habits {
    fn of(file: &str) -> Self {
        let mut marks = Vec::new();
        let mut rest = file;
        while let Some(at) = rest.find(['\'', '"', '`', '/']) {
            let tail = &rest[at..];
            let end = token_end(tail);
            marks.extend(tail.chars().next());
            rest = &tail[end..];
        }
        let quote = usual_quote(marks);
        let (with, without) =
            file.lines()
                .filter_map(ends_with_semicolon)
                .fold((0, 0), |(with, without), ends| {
                    if ends {
                        (with + 1, without)
                    } else {
                        (with, without + 1)
                    }
                });
        Self {
            quote,
            semicolons: (with + without > 0).then_some(with >= without),
        }
    }
}

/// Whether a line on which a statement surely ends, does so with a semicolon; nothing for other lines.
fn ends_with_semicolon(line: &str) -> Option<bool> {
    let line = line.split("//").next().unwrap_or_default().trim();
    let whole = ["import ", "export * ", "export {", "} from "]
        .iter()
        .any(|word| line.starts_with(word))
        && line.trim_end_matches(';').ends_with(['\'', '"']);
    let assigned = ["const ", "export const ", "let ", "return "]
        .iter()
        .any(|word| line.starts_with(word))
        && !line.ends_with(['{', '(', '[', ',', '=', '>', '|', '&', '+', '?', ':', '`']);
    (whole || assigned).then(|| line.ends_with(';'))
}

/// Strings of `snippet` in `quote`, but for those that hold that quote themselves. Comments stay.
fn requote(snippet: &str, quote: char) -> String {
    let other = if quote == '\'' { '"' } else { '\'' };
    let mut out = String::with_capacity(snippet.len());
    let mut rest = snippet;
    while let Some(at) = rest.find([quote, other, '`', '/']) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let end = token_end(tail);
        let token = &tail[..end];
        let inner = token
            .strip_prefix(other)
            .and_then(|token| token.strip_suffix(other));
        match inner {
            Some(inner) if !inner.contains([quote, '\\']) => {
                out.push(quote);
                out.push_str(inner);
                out.push(quote);
            }
            _ => out.push_str(token),
        }
        rest = &tail[end..];
    }
    out.push_str(rest);
    out
}

/// Where the string or comment that `text` begins with ends; after one character if it is neither.
fn token_end(text: &str) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return text.find("*/").map_or(text.len(), |at| at + 2);
    }
    let open = text.chars().next().unwrap_or('/');
    if open == '/' {
        return 1;
    }
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == open => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_semicolons_follow_the_file() {
        let snippet = "export * as A from './a';";
        assert_eq!(
            like(snippet, "import x from \"x\"\nconst b = 1\n"),
            "export * as A from \"./a\""
        );
        assert_eq!(like(snippet, "import x from 'x';\n"), snippet);
        assert_eq!(like(snippet, ""), snippet);
    }

    #[test]
    fn only_semicolons_that_end_statements_go() {
        for (snippet, written) in [
            ("a();\nb();;\n\n", "a()\nb()\n\n"),
            ("a();\r\nb();", "a()\r\nb()"),
            ("a = `x;\ny`; // z;\nb;", "a = `x;\ny`; // z;\nb"),
            ("a();\n[b] = c;", "a();\n[b] = c"),
        ] {
            assert_eq!(like(snippet, "const b = 1\n"), written);
            assert_eq!(like(written, "const b = 1\n"), written);
        }
    }

    #[test]
    fn a_style_is_that_of_the_file_as_far_as_it_shows_one() {
        let read = |file: &str| {
            let mut style = Style::default();
            super::read(file, &mut style);
            (style.quote, style.semicolons)
        };
        assert_eq!(read("import a from 'a'\nconst b = 'b'\n"), ('\'', false));
        assert_eq!(read("import a from 'a';\n"), ('\'', true));
        assert_eq!(read("import a from \"a\"\n"), ('"', false));
        assert_eq!(read("run()\n"), ('"', true));
    }

    #[test]
    fn strings_that_hold_the_other_quote_and_comments_stay() {
        let file = "const a = \"x\";\n";
        let snippet = "a: 'b', // it's\nc: 'say \"x\"',";
        assert_eq!(like(snippet, file), "a: \"b\", // it's\nc: 'say \"x\"',");
    }
}
