//! Escapes text from hosts and packs, so that no terminal and no CI runner takes a part of it for a command.

use tenon_text::diag::is_unsafe;

/// `text` with control characters and CI commands made visible.
pub fn clean(text: &str) -> String {
    escape(text, |c| is_unsafe(c) && c != '\n' && c != '\t')
}

/// As [`clean`], on one line.
pub fn clean_line(text: &str) -> String {
    escape(text, |c| is_unsafe(c) && c != '\t')
}

fn escape(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_escaped(c) {
            out.extend(c.escape_default());
        } else if opens_command(&out, c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether `c` after `before` completes a command of a CI runner: `::` at the start of a line, `##[` and `##vso[` anywhere.
pub fn opens_command(before: &str, c: char) -> bool {
    match c {
        '[' => before.ends_with("##") || before.ends_with("##vso"),
        ':' => before.strip_suffix(':').is_some_and(|before| {
            let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
            line.trim().is_empty()
        }),
        _ => false,
    }
}

/// As [`clean`], but escape sequences that set colours stay.
pub fn clean_painted(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = clean(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        out.push_str(if digits.starts_with('m') {
            "\u{1b}["
        } else {
            "\\u{1b}["
        });
        out.push_str(&clean(part));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_stay_and_other_sequences_become_visible() {
        assert_eq!(
            clean_painted("a\u{1b}[1;31mb\u{1b}[0m"),
            "a\u{1b}[1;31mb\u{1b}[0m"
        );
        assert_eq!(
            clean_painted("\u{1b}[2Ja\u{1b}]0;x\u{7}"),
            "\\u{1b}[2Ja\\u{1b}]0;x\\u{7}"
        );
    }

    #[test]
    fn escape_sequences_become_visible() {
        assert_eq!(clean("a\u{1b}[31mb\r\n"), "a\\u{1b}[31mb\\r\n");
        assert_eq!(clean("\u{9b}2J\u{202e}"), "\\u{9b}2J\\u{202e}");
        assert_eq!(clean_line("a\nb"), "a\\nb");
    }

    #[test]
    fn commands_to_runners_become_visible() {
        let text = "::error::x\n  ::b a::c\n##[error]x ##vso[y] #[z]";
        let expected = ":\\u{3a}error::x\n  :\\u{3a}b a::c\n##\\u{5b}error]x ##vso\\u{5b}y] #[z]";
        assert_eq!(clean(text), expected);
    }
}
