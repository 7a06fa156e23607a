//! The entries of a site: what should be there, and what is.

use crate::plan::entries::Wanted;
use crate::plan::scope::Row;
use tenon_syntax::sources::{Definition, ImportTarget};
use tenon_text::diag::{LineCol, Span};
use tenon_text::names::unquoted;

use super::context::Context;

/// An entry that should be there.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The member whose entry it is.
    pub thing: String,
    /// What names it.
    pub name: String,
    /// Whether any spelling of the name will do.
    pub loose: bool,
    /// The row that it is for; nothing if the site is not repeated.
    pub row: Option<Row>,
    /// Why it has to be there.
    pub why: String,
    /// What its fields must say, in the order of the site's.
    pub fields: Vec<Want>,
    /// The directory below which it may stand elsewhere.
    pub or_in: Option<String>,
    /// The entry itself, for a site by example.
    pub entry: Option<Wanted>,
}

/// What a field must say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Want {
    /// Its text.
    pub is: Option<String>,
    /// Where what it names must be declared.
    pub declared_in: Option<String>,
    /// The file that must export what it names.
    pub exported_in: Option<String>,
}

impl Want {
    /// Whether nothing is asked of the field here.
    pub fn is_idle(&self) -> bool {
        self.is.is_none() && self.declared_in.is_none() && self.exported_in.is_none()
    }

    /// Whether the field says it, as far as the entry itself goes.
    pub fn is_met(&self, is: &Is) -> bool {
        let inside = |dir: &String| is.declared.as_deref().is_some_and(|file| meets(file, dir));
        self.is.as_ref().is_none_or(|right| is.text == *right) && self.declared_in.as_ref().is_none_or(inside)
    }
}

/// An entry that is there.
#[derive(Clone, Debug)]
pub struct Actual {
    /// What names it.
    pub name: String,
    /// The entry.
    pub span: Span,
    /// The name in it.
    pub name_span: Span,
    /// Where its module specifier stands and whether it leads to a file.
    pub leads: Option<(Span, bool)>,
    /// Its fields, in the order of the site's.
    pub fields: Vec<Vec<Is>>,
    /// Of a site by example: the form in which it is written.
    pub form: usize,
    /// For a manifest: in which of the containers it stands.
    pub container: usize,
    /// The item on whose wrong side it stands, if its site says where it belongs; whether it belongs behind it.
    pub misplaced: Option<(Span, bool)>,
}

/// A field that is there.
#[derive(Clone, Debug)]
pub struct Is {
    /// Its text, without quotes.
    pub text: String,
    /// Where.
    pub span: Span,
    /// The file that declares what it names.
    pub declared: Option<String>,
}

/// What was found of the site.
#[derive(Clone, Debug)]
pub enum State {
    /// Its entries, and the list they stand in (nothing for a whole file).
    Open(Vec<Actual>, Option<Span>),
    /// The file is there, and the site is not in it.
    NoPlace(Vec<LineCol>),
    /// There is no such file.
    NoFile,
    /// The file is broken, which was reported.
    Broken,
}

/// The file in which a name is declared, or to which a specifier leads.
pub fn declared(context: &Context<'_, '_>, path: &str, text: &str) -> Option<String> {
    if text.starts_with(['\'', '"']) {
        return match context.code.import_target(path, &bare(text)) {
            ImportTarget::File(file) => Some(file),
            _ => None,
        };
    }
    match context.code.definition(path, text) {
        Definition::Declared { file, .. } | Definition::Module(file) => Some(file),
        Definition::Outside { .. } | Definition::Unknown => None,
    }
}

/// Whether `path` is `dir` or lies below it.
pub fn meets(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A literal without its quotes.
pub fn bare(text: &str) -> String {
    unquoted(text).to_owned()
}
