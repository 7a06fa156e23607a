//! The variables and helpers that a template uses, and those that there are.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use handlebars::template::{BlockParam, HelperTemplate, Parameter, Template, TemplateElement};
use handlebars::{Path, PathSeg};

use crate::Pack;
use tenon_text::diag::LineCol;

/// The names that templates of a section see at the top.
#[derive(Clone, Debug)]
pub struct Given {
    /// Those of all sections of the same kinds.
    shared: Rc<BTreeSet<String>>,
    own: BTreeSet<String>,
}

/// Which kinds a section is about, and whether it is about members that are there.
type Section = (Vec<String>, bool);

/// What is given to the templates of a pack: made once for the sections of the same kinds.
pub struct Names<'p> {
    pack: &'p Pack,
    known: RefCell<BTreeMap<Section, Rc<BTreeSet<String>>>>,
}

impl<'p> Names<'p> {
    /// Those of `pack`.
    pub fn new(pack: &'p Pack) -> Self {
        Self {
            pack,
            known: RefCell::default(),
        }
    }

    /// What the templates of what `kinds` make see.
    pub fn of(&self, kinds: &[String]) -> Given {
        self.given(kinds, false)
    }

    /// What the templates of what is checked see: the member is there.
    pub fn of_members(&self, kinds: &[String]) -> Given {
        self.given(kinds, true)
    }

    fn given(&self, kinds: &[String], of_members: bool) -> Given {
        let mut known = self.known.borrow_mut();
        let shared = known.entry((kinds.to_vec(), of_members)).or_insert_with(|| {
            let mut out = names(self.pack, kinds);
            if of_members {
                out.extend(members(self.pack, kinds));
            }
            Rc::new(out)
        });
        Given {
            shared: Rc::clone(shared),
            own: BTreeSet::new(),
        }
    }
}

fn names(pack: &Pack, kinds: &[String]) -> BTreeSet<String> {
    let mut out = BTreeSet::from(["name".to_owned(), "facts".to_owned()]);
    // What no kind uses, or a kind that there is not, is told elsewhere.
    let all: Vec<String> = pack.kinds().iter().map(|it| it.id.clone()).collect();
    let is_known = !kinds.is_empty() && kinds.iter().all(|id| all.contains(id));
    let kinds = if is_known { kinds } else { &all };
    for kind in kinds {
        out.extend(pack.answered(kind).map(|option| option.id.clone()));
        let Ok(found) = pack.kind(kind) else {
            continue;
        };
        if found.home.is_some() {
            out.insert("home".to_owned());
        }
        if found.name.one_of.is_some() {
            out.insert("subject".to_owned());
        }
    }
    out
}

/// What is known of a member that is there.
fn members(pack: &Pack, kinds: &[String]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for kind in kinds {
        let mut declarations = pack.raw.kind_members.iter();
        if declarations.any(|declared| declared.kind == *kind) {
            out.extend(["home".to_owned(), "row".to_owned()]);
        }
        out.extend(pack.reads(kind).filter_map(|it| it.rest.clone()));
    }
    out
}

impl Given {
    /// Adds what is known of a member that is there.
    pub fn members(&mut self, pack: &Pack, kinds: &[String]) {
        self.own.extend(members(pack, kinds));
    }

    /// Adds one name.
    pub fn add(&mut self, name: &str) {
        self.own.insert(name.to_owned());
    }

    /// Whether `name` is one of them.
    pub fn has(&self, name: &str) -> bool {
        self.shared.contains(name) || self.own.contains(name)
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let all: BTreeSet<&str> = self.shared.iter().chain(&self.own).map(String::as_str).collect();
        all.into_iter()
    }
}

/// A variable or a helper in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Its name; of a path the first part.
    pub name: String,
    /// Whether it is a helper.
    pub is_helper: bool,
    /// Where the tag stands in which it is used.
    pub at: LineCol,
}

/// The variables that `template` takes from its top, and the helpers that it calls, in order.
pub fn uses(template: &Template) -> Vec<Use> {
    let mut search = Search {
        out: Vec::new(),
        at: LineCol { line: 1, column: 1 },
        scopes: 0,
        own: Vec::new(),
    };
    search.template(template);
    search.out
}

struct Search {
    out: Vec<Use>,
    at: LineCol,
    /// In how many blocks that see something else than the top.
    scopes: usize,
    /// Names that such blocks give themselves: `as |row|`.
    own: Vec<String>,
}

impl Search {
    fn template(&mut self, template: &Template) {
        for (index, element) in template.elements.iter().enumerate() {
            if let Some(at) = template.mapping.get(index) {
                self.at = LineCol {
                    line: at.0,
                    column: at.1,
                };
            }
            match element {
                TemplateElement::Expression(call) | TemplateElement::HtmlExpression(call) => self.call(call),
                TemplateElement::HelperBlock(block) => self.block(block),
                _ => {}
            }
        }
    }

    fn call(&mut self, call: &HelperTemplate) {
        self.head(call);
        let params = call.params.iter().chain(call.hash.values());
        params.for_each(|param| self.param(param));
    }

    /// The name of a helper, or a variable alone.
    fn head(&mut self, call: &HelperTemplate) {
        match &call.name {
            Parameter::Name(name) if call.params.is_empty() && call.hash.is_empty() && !call.block => {
                self.variable(&[PathSeg::Named(name.clone())]);
            }
            Parameter::Name(name) => self.out.push(Use {
                name: name.clone(),
                is_helper: true,
                at: self.at,
            }),
            other => self.param(other),
        }
    }

    fn block(&mut self, block: &HelperTemplate) {
        self.call(block);
        let name = match &block.name {
            Parameter::Name(name) => name.as_str(),
            _ => "",
        };
        let inner = matches!(name, "each" | "with");
        let names: Vec<String> = match &block.block_param {
            Some(BlockParam::Single(one)) => vec![one],
            Some(BlockParam::Pair((one, two))) => vec![one, two],
            _ => vec![],
        }
        .into_iter()
        .filter_map(|param| match param {
            Parameter::Name(name) => Some(name.clone()),
            Parameter::Path(Path::Relative((_, raw))) => Some(raw.clone()),
            _ => None,
        })
        .collect();
        let added = names.len();
        self.scopes += usize::from(inner);
        self.own.extend(names);
        if let Some(template) = &block.template {
            self.template(template);
        }
        self.scopes -= usize::from(inner);
        self.own.truncate(self.own.len() - added);
        if let Some(template) = &block.inverse {
            self.template(template);
        }
    }

    fn param(&mut self, param: &Parameter) {
        match param {
            Parameter::Path(Path::Relative((segments, _))) => self.variable(segments),
            Parameter::Name(name) => self.variable(&[PathSeg::Named(name.clone())]),
            Parameter::Subexpression(inner) => match inner.element.as_ref() {
                TemplateElement::Expression(call) => self.call(call),
                TemplateElement::HelperBlock(block) => self.block(block),
                _ => {}
            },
            _ => {}
        }
    }

    /// A path: it is taken from the top if as many steps lead outwards as there are blocks.
    fn variable(&mut self, segments: &[PathSeg]) {
        let named = |segment: &PathSeg| matches!(segment, PathSeg::Named(_));
        let outwards = segments.iter().take_while(|segment| !named(segment)).count();
        let Some(PathSeg::Named(name)) = segments.get(outwards) else {
            return;
        };
        let is_own = self.own.contains(name);
        if outwards == self.scopes && !is_own && name != "this" {
            self.out.push(Use {
                name: name.clone(),
                is_helper: false,
                at: self.at,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let template = Template::compile(text).unwrap();
        let used = uses(&template).into_iter();
        used.map(|used| format!("{}{}", if used.is_helper { "!" } else { "" }, used.name))
            .collect()
    }

    #[test]
    fn variables_of_the_top_are_found_and_others_are_not() {
        assert_eq!(names("{{a}}{{b.c}}{{kebab d.e}}"), ["a", "b", "!kebab", "d"]);
        assert_eq!(
            names("{{#each a}}{{b}}{{../c}}{{@index}}{{this}}{{/each}}"),
            ["!each", "a", "c"]
        );
        assert_eq!(
            names("{{#each a as |b|}}{{b}}{{#with c}}{{d}}{{../../e}}{{/with}}{{/each}}{{f}}"),
            ["!each", "a", "!with", "e", "f"]
        );
        assert_eq!(
            names("{{#if (and a (not b))}}{{c}}{{else}}{{d}}{{/if}}"),
            ["!if", "!and", "a", "!not", "b", "c", "d"]
        );
    }

    #[test]
    fn a_use_stands_where_its_tag_stands() {
        let template = Template::compile("one\n  {{a}}").unwrap();
        assert_eq!(uses(&template)[0].at, LineCol { line: 2, column: 3 });
    }
}
