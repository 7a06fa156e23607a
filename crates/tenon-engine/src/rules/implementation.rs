//! A class that fulfils a contract, with what it inherits.

use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use tenon_syntax::class::{Class, Declared};

use super::index::Known;

/// What a class is built on, as far as its contract goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The contract, or a class that fulfils it.
    Right,
    /// Something else of the same interface.
    Other,
    /// Nothing at all.
    Nothing,
    /// It cannot be told.
    Unknown,
}

/// A class and its contract.
pub struct Implementation {
    /// The file that declares it.
    pub file: String,
    /// The class.
    pub class: Rc<Class>,
    /// Whether it is built on its contract.
    pub base: Base,
    /// Its methods and those that it inherits from classes of the same package, with their files; own ones first.
    pub methods: Vec<(Method, Rc<str>)>,
    /// The member whose class it extends, which answers for everything that this one inherits.
    pub heir_of: Option<String>,
    /// Whether something that it is built on is broken, so that it cannot be told what it inherits.
    pub uncertain: bool,
    /// Whether more may belong to the class itself, not to its instances, than can be read.
    pub extended: bool,
    /// Names that it has otherwise: fields, what another package's class gives it.
    pub names: Vec<String>,
    /// The contract's public path.
    pub symbol: String,
    /// The specifier of the package that declares the contract.
    pub specifier: String,
    /// The contract; nothing if the host does not have it.
    pub contract: Option<Arc<Known>>,
}

/// A method of a class.
pub struct Method {
    pub(super) of: Rc<Class>,
    pub(super) at: usize,
}

impl Method {
    /// Whether `class` itself declares it.
    pub fn is_of(&self, class: &Rc<Class>) -> bool {
        Rc::ptr_eq(&self.of, class)
    }
}

impl Deref for Method {
    type Target = Declared;

    fn deref(&self) -> &Declared {
        &self.of.methods[self.at]
    }
}

impl Implementation {
    /// Whether the class `local` in `file` is the contract itself.
    pub(super) fn is_contract(&self, file: &str, local: &str) -> bool {
        let Some(known) = &self.contract else { return false };
        known.contract.file == file && self.symbol.rsplit('.').next() == Some(local)
    }
}
