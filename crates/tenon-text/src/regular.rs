//! Regular expressions of packs, each compiled once in a thread: to compile one takes as long as to read several files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::{Regex, RegexBuilder};

use regex_syntax::hir::{Hir, HirKind};

use crate::diag::{Error, Result};

/// So many are kept; a pack has fewer.
const KEPT: usize = 256;
/// How large a compiled expression may be, in bytes. The time for each byte of a text grows with it.
const MAX_SIZE: usize = 256 << 10;
/// How many times something may be repeated by counting, all such repetitions in each other multiplied.
const MAX_REPEATED: u64 = 1_000;

/// `text` as a regular expression, bounded in size.
///
/// # Errors
/// If it is none, can match nothing, or would be too slow.
pub fn compiled(text: &str) -> Result<Regex> {
    let no = |why: &dyn std::fmt::Display| {
        Error::new(format!("`{text}` is not a regular expression"))
            .in_file("pack.toml")
            .because(why)
    };
    let parsed = regex_syntax::parse(text).map_err(|error| no(&error))?;
    if parsed.properties().minimum_len().is_none() {
        return Err(
            Error::new(format!("the regular expression `{text}` can match nothing"))
                .in_file("pack.toml")
                .help("say what it is to match"),
        );
    }
    if repeated(&parsed) > MAX_REPEATED {
        return Err(
            Error::new(format!("the regular expression `{text}` counts too far"))
                .in_file("pack.toml")
                .because(format!(
                    "repetitions in each other come to more than {MAX_REPEATED}"
                ))
                .help("write `*` or `+` in place of large numbers"),
        );
    }
    RegexBuilder::new(text)
        .size_limit(MAX_SIZE)
        .dfa_size_limit(2 << 20)
        .build()
        .map_err(|error| no(&error))
}

/// How often the part that is repeated most often is, by counting.
fn repeated(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            let most = u64::from(repetition.max.unwrap_or(repetition.min).max(1));
            most.saturating_mul(repeated(&repetition.sub))
        }
        HirKind::Capture(capture) => repeated(&capture.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => all.iter().map(repeated).max().unwrap_or(1),
        _ => 1,
    }
}

/// `text` as a regular expression of `pack.toml`.
///
/// # Errors
/// If it is none.
pub fn regular(text: &str) -> Result<Rc<Regex>> {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Rc<Regex>>> = RefCell::default();
    }
    COMPILED.with(|compiled| {
        let mut compiled = compiled.borrow_mut();
        if let Some(known) = compiled.get(text) {
            return Ok(Rc::clone(known));
        }
        let regex = Rc::new(self::compiled(text)?);
        if compiled.len() >= KEPT {
            compiled.clear();
        }
        compiled.insert(text.to_owned(), Rc::clone(&regex));
        Ok(regex)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_or_matches_nothing_is_refused() {
        for (text, said) in [
            ("(((a{1,100}){1,100}){1,100})b", "counts too far"),
            ("[a-z]{5000}", "counts too far"),
            (r"\w{900}", "not a regular expression"),
            (r"[^\s\S]", "can match nothing"),
            ("a[a&&b]", "can match nothing"),
        ] {
            let error = compiled(text).unwrap_err();
            assert!(error.message().contains(said), "{text}: {error}");
        }
        for text in [
            "",
            "^$",
            r"^v\d{1,3}(\.\d{1,3}){2}$",
            r"(?i)\b(a|b)\b",
            r"^[\w.]*Field\(",
        ] {
            compiled(text).unwrap();
        }
    }

    #[test]
    fn the_same_text_is_compiled_once() {
        assert!(Rc::ptr_eq(&regular("a+").unwrap(), &regular("a+").unwrap()));
        assert!(regular("a(").unwrap_err().message().contains("`a(`"));
        for n in 0..2 * KEPT {
            assert!(regular(&format!("^{n}$")).unwrap().is_match(&n.to_string()));
        }
    }
}
