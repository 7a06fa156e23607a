//! Regular expressions of packs, each compiled once in a thread: to compile one takes as long as to read several files. How many steps they may take
//! is bounded, in a text and in a run.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use regex::{Regex, RegexBuilder};

use regex_syntax::hir::{Hir, HirKind};

use crate::diag::{Error, Result};

/// So many are kept; a pack has fewer.
const KEPT: usize = 256;
/// How large a compiled expression may be, in bytes. The time for each byte of a text grows with it.
const MAX_SIZE: usize = 256 << 10;
/// How many times something may be repeated by counting, all such repetitions in each other multiplied.
const MAX_REPEATED: u64 = 1_000;
/// How many steps one may take in a text: about a second, where it is in each of its states at each byte.
const MAX_STEPS: u64 = 200_000_000;
/// So many are free in a run, and so many more for each byte that is looked at.
const FREE_STEPS: u64 = 1_000_000_000;
const STEPS_PER_BYTE: u64 = 256;

/// The steps of this run so far, and the bytes that they were for.
static SPENT: Spent = Spent::new();

/// Steps, and the bytes that they were for.
struct Spent(AtomicU64, AtomicU64);

impl Spent {
    const fn new() -> Self {
        Self(AtomicU64::new(0), AtomicU64::new(0))
    }

    /// Whether an expression of so many states may be looked for in so many bytes; if so, that is counted.
    fn allows(&self, states: u64, bytes: u64) -> bool {
        let steps = bytes.saturating_mul(states);
        if steps > MAX_STEPS {
            return false;
        }
        let all = self.0.fetch_add(steps, Ordering::Relaxed).saturating_add(steps);
        let seen = self.1.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        all <= FREE_STEPS.saturating_add(seen.saturating_mul(STEPS_PER_BYTE))
    }
}

/// A regular expression of a pack.
#[derive(Debug)]
pub struct Regular {
    regex: Regex,
    /// The most steps that it takes at a byte.
    states: u64,
}

impl Regular {
    /// The expression, to be looked for in `text`; the steps of that are counted.
    ///
    /// # Errors
    /// If they may be too many, in `text` or in the whole run.
    pub fn on(&self, text: &str) -> Result<&Regex> {
        let bytes = text.len() as u64;
        if SPENT.allows(self.states, bytes) {
            return Ok(&self.regex);
        }
        let error = Error::new(format!(
            "the regular expression `{}` takes too many steps",
            self.regex.as_str()
        ));
        Err(error
            .because(format!(
                "it has {} states, and the text has {bytes} bytes",
                self.states
            ))
            .help("write a shorter one, or one that repeats less by counting"))
    }
}

/// The most steps that `hir` takes at a byte of a text: what it consists of, as often as it is repeated by counting.
fn states(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            let most = u64::from(repetition.max.unwrap_or(repetition.min).max(1));
            most.saturating_mul(states(&repetition.sub))
        }
        HirKind::Capture(capture) => states(&capture.sub),
        HirKind::Concat(all) | HirKind::Alternation(all) => all.iter().map(states).sum(),
        _ => 1,
    }
}

/// The most steps that the expression `text` takes at a byte; none if it is no expression.
pub fn steps_at_a_byte(text: &str) -> u64 {
    regex_syntax::parse(text).map_or(0, |parsed| states(&parsed))
}

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
pub fn regular(text: &str) -> Result<Rc<Regular>> {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Rc<Regular>>> = RefCell::default();
    }
    COMPILED.with(|compiled| {
        let mut compiled = compiled.borrow_mut();
        if let Some(known) = compiled.get(text) {
            return Ok(Rc::clone(known));
        }
        let regex = Rc::new(Regular {
            regex: self::compiled(text)?,
            states: steps_at_a_byte(text),
        });
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
            let (regex, text) = (regular(&format!("^{n}$")).unwrap(), n.to_string());
            assert!(regex.on(&text).unwrap().is_match(&text));
        }
    }

    #[test]
    fn what_takes_too_many_steps_in_a_text_is_refused() {
        let long = "ab".repeat(100_000);
        let regex = regular("[ab]*a[ab]{999}c").unwrap();
        let error = regex.on(&long).unwrap_err();
        assert!(error.message().ends_with("takes too many steps"), "{error}");
        assert!(!regex.on(&long[..2_000]).unwrap().is_match("c"));
        // In a run it may not take long again and again, and what people write may be looked for in each file of a large host.
        let (slow, usual) = (Spent::new(), Spent::new());
        assert!(!(0..100).all(|_| slow.allows(1_000, 150_000)));
        let states = steps_at_a_byte(r"^(?:\w+::)*(\w+)$");
        assert!((0..100_000).all(|_| usual.allows(states, 1 << 20)), "{states}");
    }
}
