//! `import('./a')` in types, hidden from the grammar, which does not know it inside type arguments.
//!
//! Each one is replaced by a name of the same length, so that all positions stay; compilers write such types
//! into the declarations they publish.

use std::borrow::Cow;

/// What a name that stands for one begins with; its number follows.
const MASK: &str = "$import";

/// One `import('…')` of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Masked {
    /// The name that stands for it.
    pub name: String,
    /// The module.
    pub specifier: String,
    /// How it was written.
    pub original: String,
}

/// `text` with each `import('…')` replaced by a name of the same length.
pub(super) fn mask(text: &str) -> (Cow<'_, str>, Vec<Masked>) {
    let mut found: Vec<Masked> = vec![];
    let mut out = String::new();
    let mut done = 0;
    for (at, word) in text.match_indices("import(") {
        let before = text[..at].chars().next_back();
        let is_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$' || c == '.');
        if at < done || is_word || found.len() > 9999 {
            continue;
        }
        let rest = &text[at + word.len()..];
        let Some((specifier, length)) = literal(rest) else {
            continue;
        };
        let original = &text[at..at + word.len() + length];
        let mut name = format!("{MASK}{}", found.len());
        while name.len() < original.len() {
            name.push('_');
        }
        if name.len() != original.len() {
            continue;
        }
        out.push_str(&text[done..at]);
        out.push_str(&name);
        done = at + original.len();
        found.push(Masked {
            name,
            specifier,
            original: original.to_owned(),
        });
    }
    if found.is_empty() {
        return (Cow::Borrowed(text), found);
    }
    out.push_str(&text[done..]);
    (Cow::Owned(out), found)
}

/// `text` as it was before [`mask`].
pub(super) fn unmask(text: String, masked: &[Masked]) -> String {
    if !text.contains(MASK) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(MASK) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let digits = rest[MASK.len()..].bytes().take_while(u8::is_ascii_digit).count();
        let number = rest[MASK.len()..MASK.len() + digits].parse::<usize>().ok();
        match number.and_then(|number| masked.get(number)) {
            Some(one) if rest.starts_with(&one.name) => {
                out.push_str(&one.original);
                rest = &rest[one.name.len()..];
            }
            _ => {
                out.push_str(MASK);
                rest = &rest[MASK.len()..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// The string in `'…')`, and how long all of it is.
fn literal(text: &str) -> Option<(String, usize)> {
    let start = text.len() - text.trim_start().len();
    let quote = text[start..].chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = &text[start + 1..];
    let end = inner
        .find([quote, '\n', '\\'])
        .filter(|end| inner[*end..].starts_with(quote))?;
    let behind = &inner[end + 1..];
    let gap = behind.len() - behind.trim_start().len();
    behind[gap..]
        .starts_with(')')
        .then(|| (inner[..end].to_owned(), start + 1 + end + 1 + gap + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_all_positions_and_come_off_again() {
        let text = "x: P<import('./a').B>, y: import( \"c\" ).D, z: my.import('./d'), w: import(e)";
        let (masked, found) = mask(text);
        assert_eq!(masked.len(), text.len());
        assert!(!masked.contains("./a") && masked.contains(".B>") && masked.contains("my.import('./d')"));
        let specifiers: Vec<&str> = found.iter().map(|one| one.specifier.as_str()).collect();
        assert_eq!(specifiers, ["./a", "c"]);
        assert_eq!(unmask(masked.into_owned(), &found), text);
    }
}
