//! Regular expressions of packs, each compiled once in a thread: to compile one takes as long as to read several files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::Regex;

use crate::diag::{Error, Result};

/// So many are kept; a pack has fewer.
const KEPT: usize = 256;

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
        let regex = Regex::new(text).map(Rc::new).map_err(|error| {
            Error::new(format!("`{text}` is no regular expression"))
                .in_file("pack.toml")
                .because(error)
        })?;
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
    fn the_same_text_is_compiled_once() {
        assert!(Rc::ptr_eq(&regular("a+").unwrap(), &regular("a+").unwrap()));
        assert!(regular("a(").unwrap_err().message().contains("`a(`"));
        for n in 0..2 * KEPT {
            assert!(regular(&format!("^{n}$")).unwrap().is_match(&n.to_string()));
        }
    }
}
