//! A site as it is seen by rules: the entries that should be there, and those that are.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::plan::entries::{There, Wanted};
use crate::plan::scope::Row;
use tenon_pack::{Site, SiteKind};
use tenon_syntax::language::{Feature, Lang};
use tenon_syntax::sources::{Definition, ImportTarget};
use tenon_text::diag::{LineCol, Place, Span};
use tenon_text::names::{nearest, normal, unquoted};

use super::context::Context;

/// An entry that should be there.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The member whose entry it is.
    pub member: String,
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
    /// The pointer of the list in a manifest, where that is another one for each member or row.
    pub pointer: Option<String>,
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
    /// Its fields, in the order of the site's; of a site by example those of its form.
    pub fields: Vec<Vec<Is>>,
    /// How many fields the forms before its own have.
    pub first_field: usize,
    /// For a manifest: in which of the containers it stands.
    pub container: usize,
    /// The item on whose wrong side it stands, if its site says where it belongs; whether it belongs behind it.
    pub misplaced: Option<(Span, bool)>,
    /// As it was read, if it is one by example.
    pub there: Option<There>,
}

impl Actual {
    /// What its fields must say if it is `expected`.
    pub fn wants<'e>(&self, expected: &'e Expected) -> &'e [Want] {
        expected.fields.get(self.first_field..).unwrap_or_default()
    }
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

/// A site in one file.
pub struct SiteView<'p> {
    /// The site.
    pub site: &'p Site,
    /// The file.
    pub path: String,
    /// The pointer of the list in a manifest; empty for others.
    pub pointer: String,
    /// What is there.
    pub state: State,
    /// What should be.
    pub expected: Vec<Expected>,
    /// Names of entries that nothing asks for and that may stand there all the same.
    pub allowed: HashSet<String>,
    /// Whether it is not known of some member what it has here: an entry may be its.
    pub is_partly_known: bool,
    /// What is looked up for each entry that is missing.
    names: OnceCell<Names>,
}

/// The names at a site, in their normal forms.
struct Names {
    /// Of the entries that are there, with the first one of each.
    there: HashMap<String, usize>,
    /// The entries that nothing asks for.
    strays: Vec<usize>,
    /// What other sites list in which nothing differs between members.
    everybodys: HashSet<String>,
}

/// Among so many entries that nothing asks for, one is looked for whose fields are those of a missing one.
const MAX_STRAYS: usize = 1_000;
/// The same where only names tell.
const MAX_NEAR: usize = 100;

impl<'p> SiteView<'p> {
    /// A site in one file.
    pub fn new(site: &'p Site, path: String, state: State, expected: Vec<Expected>) -> Self {
        let rendered = expected.iter().find_map(|expected| expected.pointer.clone());
        Self {
            site,
            path,
            pointer: rendered.or_else(|| site.pointer.clone()).unwrap_or_default(),
            state,
            expected,
            allowed: HashSet::new(),
            is_partly_known: false,
            names: OnceCell::new(),
        }
    }

    /// The entries; none if the site could not be read.
    pub fn entries(&self) -> &[Actual] {
        match &self.state {
            State::Open(entries, _) => entries,
            _ => &[],
        }
    }

    /// The entry that is `expected` but for its name: nothing else asks for it, and either all its fields say what they
    /// should, or, where there are no fields to tell by, its name is nearly the right one.
    pub fn misspelled(&self, context: &Context<'_, '_>, expected: &Expected) -> Option<&Actual> {
        if expected.loose || self.entry(context, &expected.name).is_some() {
            return None;
        }
        let names = self.names(context);
        if names.strays.len() > MAX_STRAYS || self.is_partly_known {
            return None;
        }
        let mut strays = names.strays.iter().map(|at| &self.entries()[*at]);
        // Names that are followed through imports say where they come from.
        let is_followed = !self.site.imports.is_empty()
            && Lang::of_path(&self.path).is_some_and(|language| language.has(Feature::QualifiesNames));
        let by_fields = self.site.kind == SiteKind::Entry
            && !is_followed
            && expected.fields.iter().any(|want| !want.is_idle());
        if by_fields {
            let mut strays = strays.filter(|entry| !names.everybodys.contains(&normal(&entry.name)));
            return strays.find(|entry| {
                let fields = entry.fields.iter().zip(entry.wants(expected));
                let mut told = fields
                    .filter(|(there, want)| !want.is_idle() && !there.is_empty())
                    .peekable();
                told.peek().is_some() && told.all(|(there, want)| there.iter().all(|is| want.is_met(is)))
            });
        }
        if !self.site.fields.is_empty() {
            return strays.find(|entry| {
                let mut fields = entry.fields.iter().zip(entry.wants(expected));
                fields.all(|(there, want)| !there.is_empty() && there.iter().all(|is| want.is_met(is)))
            });
        }
        let values = self.site.kind == SiteKind::Manifest && self.site.key.is_none();
        if (!values && !is_followed) || names.strays.len() > MAX_NEAR {
            return None;
        }
        // What all names have in common says nothing.
        let frame = expected.name.split_once(&expected.member);
        let inner = |name: &str| -> Option<String> {
            let (before, after) = frame?;
            Some(name.strip_prefix(before)?.strip_suffix(after)?.to_owned())
        };
        let is_near = |entry: &&Actual| match inner(&entry.name) {
            Some(part) => {
                let alike = part.len().min(expected.member.len()) > 2
                    && (part.contains(&expected.member) || expected.member.contains(&part));
                (alike || nearest(&expected.member, [part.as_str()]).is_some())
                    && !context.index.has_another(&part, &expected.member)
            }
            None => nearest(&expected.name, [entry.name.as_str()]).is_some(),
        };
        let near: Vec<&Actual> = strays.filter(is_near).collect();
        let best = nearest(&expected.name, near.iter().map(|entry| entry.name.as_str()));
        let best = near.iter().find(|entry| Some(entry.name.as_str()) == best);
        best.or(near.first()).copied()
    }

    /// The first entry that is called `name`, in whatever spelling.
    pub fn entry(&self, context: &Context<'_, '_>, name: &str) -> Option<&Actual> {
        let at = self.names(context).there.get(&normal(name))?;
        Some(&self.entries()[*at])
    }

    fn names(&self, context: &Context<'_, '_>) -> &Names {
        self.names.get_or_init(|| {
            let wanted: HashSet<String> = self.expected.iter().map(|it| normal(&it.name)).collect();
            let (mut there, mut strays) = (HashMap::new(), Vec::new());
            for (at, entry) in self.entries().iter().enumerate() {
                let name = normal(&entry.name);
                if !wanted.contains(&name) && !self.allowed.contains(&entry.name) {
                    strays.push(at);
                }
                there.entry(name).or_insert(at);
            }
            Names {
                there,
                strays,
                everybodys: everybodys(context, self.site),
            }
        })
    }

    /// What should be here, by the normal forms of the names; of what is called alike the first.
    pub fn wanted(&self) -> HashMap<String, &Expected> {
        let all = self.expected.iter().rev();
        all.map(|expected| (normal(&expected.name), expected)).collect()
    }

    /// The members whose entries should be here, by the normal forms of their names.
    pub fn owners(&self) -> HashMap<String, &str> {
        let all = self.expected.iter().rev();
        all.map(|expected| (normal(&expected.name), expected.member.as_str()))
            .collect()
    }

    /// The entries that have only their names wrong, by where they begin.
    pub fn all_misspelled(&self, context: &Context<'_, '_>) -> HashSet<usize> {
        let all = self.expected.iter();
        all.filter_map(|expected| self.misspelled(context, expected))
            .map(|entry| entry.span.start)
            .collect()
    }

    /// Where something that is missing belongs.
    pub fn place(&self) -> Place {
        match &self.state {
            State::Open(entries, place) => match (entries.last(), place) {
                (Some(last), _) => Place::span(&*self.path, last.span),
                (None, Some(place)) => Place::span(&*self.path, *place),
                (None, None) => Place::file(&*self.path),
            },
            _ => Place::file(&*self.path),
        }
    }
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

/// What other sites list in which nothing differs between members, by the normal forms.
fn everybodys(context: &Context<'_, '_>, site: &Site) -> HashSet<String> {
    let sites = context.index.pack.all_sites().iter();
    let forms = sites
        .filter(|other| other.id != site.id)
        .flat_map(Site::written_forms);
    let texts = forms.map(|form| form.entry).filter(|text| !text.contains("{{"));
    texts.map(|text| normal(&text)).collect()
}
