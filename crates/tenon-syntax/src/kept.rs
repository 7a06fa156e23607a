//! What was read of a text, kept for the next file that says the same: the integrations of a host have many files in
//! common, but for where they stand.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::fast::Fast;
use super::typescript::config::Config;
use super::typescript::module::Body;
use tenon_text::diag::Result;
use tenon_text::manifest::{ManifestFormat, Parsed};

/// How many bytes of texts are kept before those that did not come again are forgotten.
const MAX_BYTES: usize = 1 << 19;

/// Names of modules, each with the package that it belongs to.
pub type Candidates = BTreeSet<(String, String)>;

/// Texts with what was read of them.
#[derive(Default)]
pub struct Kept {
    /// Those that came lately.
    texts: RefCell<Texts>,
    /// Those that came before them, and not again since.
    older: RefCell<Texts>,
    /// How many bytes have come lately.
    bytes: Cell<usize>,
}

type Texts = HashMap<Arc<str>, Rc<OfText>, Fast>;

/// What was read of one text.
#[derive(Default)]
pub struct OfText {
    module: OnceCell<Rc<Body>>,
    manifests: RefCell<Vec<(ManifestFormat, Rc<Parsed>)>>,
    config: OnceCell<Option<Config>>,
    candidates: OnceCell<Candidates>,
}

impl Kept {
    /// What is kept of `text`.
    pub fn of(&self, text: &Arc<str>) -> Rc<OfText> {
        let mut texts = self.texts.borrow_mut();
        if let Some(known) = texts.get(text) {
            return Rc::clone(known);
        }
        let mut older = self.older.borrow_mut();
        let known = older.remove(text).unwrap_or_default();
        let bytes = self.bytes.get() + text.len();
        if bytes > MAX_BYTES {
            *older = std::mem::take(&mut *texts);
            self.bytes.set(text.len());
        } else {
            self.bytes.set(bytes);
        }
        texts.insert(Arc::clone(text), Rc::clone(&known));
        known
    }
}

impl OfText {
    /// What the text says as a module of TypeScript.
    pub fn module(&self, read: impl FnOnce() -> Rc<Body>) -> Rc<Body> {
        Rc::clone(self.module.get_or_init(read))
    }

    /// What the text says as a manifest; what is broken is not kept.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn manifest(
        &self,
        format: ManifestFormat,
        read: impl FnOnce() -> Result<Parsed>,
    ) -> Result<Rc<Parsed>> {
        let known = self.manifests.borrow();
        if let Some((_, known)) = known.iter().find(|(of, _)| *of == format) {
            return Ok(Rc::clone(known));
        }
        drop(known);
        let new = Rc::new(read()?);
        self.manifests.borrow_mut().push((format, Rc::clone(&new)));
        Ok(new)
    }

    /// What could be the name of a module of another package in the text, with that package.
    pub fn candidates(&self, read: impl FnOnce() -> Candidates) -> &Candidates {
        self.candidates.get_or_init(read)
    }

    /// What the text says as the configuration of a compiler.
    pub fn config(&self, read: impl FnOnce() -> Option<Config>) -> Option<Config> {
        self.config.get_or_init(read).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_is_kept_once_and_as_long_as_it_comes_again() {
        let kept = Kept::default();
        let of = |text: &str| kept.of(&Arc::from(text));
        let (common, rare) = (of("a"), of("b"));
        assert!(Rc::ptr_eq(&common, &of("a")) && !Rc::ptr_eq(&common, &rare));
        for n in 0..4 {
            of(&n.to_string().repeat(MAX_BYTES));
            assert!(Rc::ptr_eq(&common, &of("a")));
        }
        assert!(!Rc::ptr_eq(&rare, &of("b")));
        assert!(kept.texts.borrow().len() + kept.older.borrow().len() < 5);
    }
}
