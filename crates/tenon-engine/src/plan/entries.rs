//! Entries by example: what a member should have at a site, which entries are there, and the edits that add one or take one
//! away.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tenon_pack::{Form, Site, row_name};
use tenon_syntax::contract::Import;
use tenon_syntax::entry::{
    self, Candidate, Capture, Document, Match, NoScope, Placement, Refusal, Scope, Side, Syntax, Why,
};
use tenon_syntax::language::{Feature, PublicNames, Variable};
use tenon_text::diag::{Error, Result, Span, TextEdit, line_col};
use tenon_text::format::with_lf;
use tenon_text::names::normal;

/// Renders a template of the pack with the values of a member.
pub type Render<'r> = dyn FnMut(&str) -> Result<String> + 'r;

/// What a member should have at a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What the entry is called: the word in it that tells whose it is.
    pub name: String,
    /// In each form of the site.
    pub forms: Vec<WantedForm>,
    /// A sibling before which it goes.
    pub ahead_of: Option<String>,
    /// A sibling behind which it goes.
    pub behind: Option<String>,
    /// The names that the host gives.
    pub names: Vec<HostName>,
}

/// A name in an entry that the host gives.
#[derive(Clone, Debug, PartialEq)]
pub struct HostName {
    /// The placeholder: `_registry`.
    name: String,
    /// Types of the variable, functions whose result it is, or its names.
    of: Vec<String>,
    /// What is written where there is none.
    otherwise: Option<String>,
}

/// An entry in one form.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedForm {
    /// Its text.
    pub text: String,
    /// The place that `in` names.
    pub scope: Option<String>,
    /// The import statements that it needs.
    pub imports: Vec<String>,
    /// What its holes hold, by their number.
    pub values: Vec<String>,
}

/// An entry that is there.
#[derive(Clone, Debug)]
pub struct There {
    /// The form in which it is written.
    pub form: usize,
    /// What was read.
    pub found: Match,
    /// What it is called, as it is written.
    pub name: String,
    /// Where that stands.
    pub name_span: Span,
    /// Which of the wanted entries it is.
    pub wanted: Option<usize>,
}

/// What was read of a site in a file.
pub enum Reading {
    /// The entries, in the order of the text, and what the first one would stand behind if `in` names a place.
    Entries(Vec<There>, Option<Span>),
    /// `in` names nothing, or several places, that there are.
    NoPlace(Vec<Span>),
    /// The file cannot be read in this way, and why.
    NotUnderstood(String),
}

/// A site in a file: the file cut into tokens, and the forms of the site for its syntax.
pub struct EntryList<'s> {
    /// The site.
    pub site: &'s Site,
    /// The file.
    pub document: &'s Document,
    forms: Arc<Vec<Form>>,
}

/// What the member whose values `render` has should have at `site`, in a file of `syntax`.
///
/// # Errors
/// If a template cannot be rendered, or the entry is no example.
pub fn wanted(site: &Site, syntax: Syntax, render: &mut Render<'_>) -> Result<Wanted> {
    let forms = site.forms_in(syntax)?;
    let mut out = Wanted {
        name: String::new(),
        forms: Vec::with_capacity(forms.len()),
        ahead_of: pattern(site.ahead_of.as_deref(), render)?,
        behind: pattern(site.behind.as_deref(), render)?,
        names: Vec::with_capacity(site.names.len()),
    };
    let given = site
        .otherwise
        .keys()
        .filter(|name| !site.names.contains_key(*name));
    for name in site.names.keys().chain(given) {
        let of = site.names.get(name).map_or(&[][..], |of| &of.0);
        let otherwise = site.otherwise.get(name).map(|text| render(text));
        out.names.push(HostName {
            name: format!("_{name}"),
            // What the member has not may be in a name that its entry does not use.
            of: of.iter().filter_map(|of| render(of).ok()).collect(),
            otherwise: otherwise.transpose()?,
        });
    }
    for form in forms.iter() {
        let scope = pattern(form.raw.scope.as_deref(), render)?;
        let render = &mut |template: &str| render(&with_placeholders(template, false));
        let mut values = Vec::with_capacity(form.example.holes.len());
        for hole in &form.example.holes {
            // A hole of a condition that does not hold may speak of what the member has not.
            values.push(render(&hole.template).unwrap_or_default());
        }
        let text = with_lf(&render(&form.raw.entry)?);
        if text.trim().is_empty() {
            return Err(
                Error::new(format!("the entry of the site `{}` is empty", site.id))
                    .in_file("pack.toml")
                    .help("it would write nothing: give it a `when`"),
            );
        }
        // What conditions leave out no entry of this member has.
        let plain = without_placeholders(&text);
        let read = form.compiled.read(&plain);
        for (id, value) in values.iter_mut().enumerate() {
            let is_left_out = read
                .as_ref()
                .is_some_and(|read| !read.iter().any(|value| value.hole.id == id));
            if form.example.holes[id].conditional && is_left_out {
                value.clear();
            }
        }
        let mut imports = Vec::new();
        for import in &form.raw.imports {
            imports.push(render(import)?);
        }
        if out.name.is_empty() {
            out.name = called(form, &values, &plain, read.as_deref());
        }
        out.forms.push(WantedForm {
            scope,
            imports,
            text,
            values,
        });
    }
    Ok(out)
}

/// What a person is told to write for an entry of `site`.
///
/// # Errors
/// Those of [`wanted`].
pub fn by_hand(site: &Site, syntax: Syntax, render: &mut Render<'_>) -> Result<String> {
    let wanted = wanted(site, syntax, render)?;
    let text = wanted.forms.first().map_or("", |form| form.text.trim());
    Ok(without_placeholders(text))
}

/// What a person writes by hand for an entry: its imports, and its text.
pub fn form_by_hand(form: &WantedForm) -> String {
    let imports = form.imports.iter().filter(|import| !import.trim().is_empty());
    let imports: String = imports.map(|import| format!("{import}\n")).collect();
    format!("{imports}{}", without_placeholders(form.text.trim()))
}

/// What stands in a rendered text for `{{_name}}`, which `in` finds in the file.
fn placeholder(name: &str) -> String {
    format!("\u{e000}{name}\u{e001}")
}

/// The template with a placeholder for each `{{_name}}`, and for each `{{_}}` if these are to stay.
fn with_placeholders(template: &str, keeps_gaps: bool) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{_") {
        out.push_str(before);
        match behind.split_once("}}") {
            Some((name, after)) if keeps_gaps || !name.is_empty() => {
                out.push_str(&placeholder(&format!("_{name}")));
                rest = after;
            }
            _ => {
                out.push_str("{{_");
                rest = behind;
            }
        }
    }
    out + rest
}

/// Renders a text that reads what stands in the file: its gaps stay.
fn pattern(template: Option<&str>, render: &mut Render<'_>) -> Result<Option<String>> {
    let Some(template) = template else {
        return Ok(None);
    };
    let text = render(&with_placeholders(template, true))?;
    Ok(Some(text.replace('\u{e000}', "{{").replace('\u{e001}', "}}")))
}

/// The name of a placeholder that nothing filled, and where it stands.
fn left_open(text: &str) -> Option<(&str, usize)> {
    let start = text.find('\u{e000}')?;
    let inner = &text[start + '\u{e000}'.len_utf8()..];
    Some((inner.split('\u{e001}').next().unwrap_or_default(), start))
}

/// The text with the names of placeholders for what they stand for.
fn without_placeholders(text: &str) -> String {
    text.replace("\u{e000}_", "")
        .replace(['\u{e000}', '\u{e001}'], "")
}

/// The word of the rendered `text` that holds what names the entry.
fn called(form: &Form, values: &[String], text: &str, read: Option<&[Capture]>) -> String {
    let Some(key) = form.example.named else {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '}');
        let line = text.trim().lines().next().unwrap_or_default();
        return line.trim_matches(|c| !is_part(c)).to_owned();
    };
    match read.and_then(|read| read.iter().find(|value| value.hole.id == key)) {
        Some(value) => text[word_around(text, value.span).range()].to_owned(),
        None => values[key].clone(),
    }
}

/// What is written in one piece around `span`: a word, a path, a dotted name.
fn word_around(text: &str, span: Span) -> Span {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '@' | '#');
    let before = &text[..span.start];
    let start = before
        .rfind(|c| !is_part(c))
        .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
    let after = &text[span.end..];
    let end = span.end + after.find(|c| !is_part(c)).unwrap_or(after.len());
    let start = start + (span.start - start).min(if text[start..].starts_with("./") { 2 } else { 0 });
    let word = text[start..end].trim_end_matches(['.', '/']);
    Span::new(start, (start + word.len()).max(span.end))
}

impl<'s> EntryList<'s> {
    /// The list of `site` in `document`.
    ///
    /// # Errors
    /// If an entry of the site is no example.
    pub fn new(site: &'s Site, document: &'s Document) -> Result<Self> {
        let forms = site.forms_in(document.syntax())?;
        Ok(Self {
            site,
            document,
            forms,
        })
    }

    /// The form with this number.
    pub fn form(&self, number: usize) -> &Form {
        &self.forms[number]
    }

    /// Reads the entries; `wanted` are those of which it is to be told whose they are.
    pub fn read(&self, wanted: &[Wanted]) -> Reading {
        if let Some(problem) = self.document.problem() {
            return Reading::NotUnderstood(problem.to_owned());
        }
        let mut out: Vec<There> = Vec::new();
        let (mut place, mut lost, mut open) = (None, Vec::new(), false);
        for number in 0..self.forms.len() {
            let scopes = match self.scopes(number, wanted) {
                Ok(scopes) => scopes,
                Err(Lost::Places(places)) => {
                    lost.extend(places);
                    continue;
                }
            };
            open = true;
            for scope in &scopes {
                place = place.or(scope
                    .as_ref()
                    .filter(|scope| scope.is_enclosed())
                    .map(|scope| scope.end(self.document)));
                match self.entries(number, scope.as_ref(), wanted) {
                    Some(entries) => out.extend(entries),
                    None => {
                        let site = &self.site.id;
                        let why = format!("the entries of the site `{site}` can be read in too many ways");
                        return Reading::NotUnderstood(why);
                    }
                }
            }
        }
        if !open {
            return Reading::NoPlace(lost);
        }
        // In code a text says the same where the list is put together, or added to; in a manifest another pointer means something else,
        // but for few.
        let is_code = self.document.syntax().is_code();
        for (number, form) in self.forms.iter().enumerate() {
            let is_found = |of: &Option<usize>| of.is_none() || out.iter().any(|entry| entry.wanted == *of);
            let Some(named) = &form.raw.scope else { continue };
            if (0..wanted.len()).all(|of| is_found(&Some(of))) {
                continue;
            }
            let places = match is_code && form.compiled.is_text() {
                true => vec![None],
                false => self.document.twins(named).into_iter().map(Some).collect(),
            };
            let read = |scope: Option<Scope>| self.entries(number, scope.as_ref(), wanted);
            let mut elsewhere: Vec<There> = places.into_iter().filter_map(read).flatten().collect();
            elsewhere.retain(|entry| !is_found(&entry.wanted));
            out.append(&mut elsewhere);
        }
        out.sort_by_key(|entry| (entry.found.extent.start, entry.wanted.is_none()));
        out.dedup_by_key(|entry| entry.found.extent.start);
        // A form may be a part of another one. What holds an entry begins before it.
        let mut outer: Option<(usize, Span)> = None;
        out.retain(|entry| {
            let this = entry.found.extent;
            let is_part = outer.is_some_and(|(form, other)| {
                form != entry.form && this.start < other.end && this.end <= other.end && this != other
            });
            if !is_part && outer.is_none_or(|(_, other)| other.end <= this.end) {
                outer = Some((entry.form, this));
            }
            !is_part
        });
        Reading::Entries(out, place)
    }

    /// The places that `in` names in the form, one for each that is wanted; none named is the whole file.
    fn scopes(&self, number: usize, wanted: &[Wanted]) -> std::result::Result<Vec<Option<Scope>>, Lost> {
        let Some(raw) = &self.forms[number].raw.scope else {
            return Ok(vec![None]);
        };
        let mut texts: Vec<&str> = wanted
            .iter()
            .filter_map(|wanted| wanted.forms.get(number)?.scope.as_deref())
            .collect();
        if texts.is_empty() {
            // Where the place depends on the member, entries of others may stand anywhere.
            if raw.replace("{{_", "").contains("{{") {
                return Ok(vec![None]);
            }
            texts.push(raw);
        }
        texts.sort_unstable();
        texts.dedup();
        let (mut out, mut lost) = (Vec::new(), Vec::new());
        for text in texts {
            match self.place(text) {
                Ok(scope) => out.push(Some(scope)),
                Err(NoScope::Several(all)) => lost.extend(all.iter().map(|scope| scope.span)),
                Err(NoScope::NotThere | NoScope::NoText) => {}
            }
        }
        if out.is_empty() {
            Err(Lost::Places(lost))
        } else {
            Ok(out)
        }
    }

    /// The place that `text` names: `before` and `behind` name what stands beside it, nothing is the whole file.
    fn place(&self, text: &str) -> std::result::Result<Scope, NoScope> {
        if let Some(text) = text.strip_prefix("before ") {
            return self.document.beside(text, Side::Before);
        }
        if let Some(text) = text.strip_prefix("behind ") {
            return self.document.beside(text, Side::Behind);
        }
        match (text, self.document.syntax()) {
            ("", Syntax::Json | Syntax::Toml | Syntax::Yaml | Syntax::Xml) => self.document.scope(text),
            ("", _) => Ok(self.document.whole()),
            _ => self.document.scope(text),
        }
    }

    /// The entries of one form in `scope`; nothing if the search was given up.
    fn entries(&self, number: usize, scope: Option<&Scope>, wanted: &[Wanted]) -> Option<Vec<There>> {
        let form = &self.forms[number];
        let found = self.document.find(&form.compiled, scope);
        if !found.complete {
            return None;
        }
        let mut matches = found.matches;
        let (candidates, members) = self.candidates(number, wanted);
        entry::assign(&mut matches, &candidates);
        let public = self.public_names(form);
        if let Some(public) = &public {
            let mut owners: HashMap<String, usize> = HashMap::new();
            for (index, wanted) in wanted.iter().enumerate() {
                owners.entry(normal(&wanted.name)).or_insert(index);
            }
            for found in &mut matches {
                let name = public.of(&self.name(number, found, None).0);
                found.member = owners.get(&normal(&name)).copied();
            }
        }
        // What is no member's is an entry only in the list that the members have.
        let lists = entry::lists(self.document, &matches, scope);
        let main: HashSet<usize> = lists
            .first()
            .map(|list| list.entries.iter().map(|entry| entry.extent.start).collect())
            .unwrap_or_default();
        let out = matches.into_iter().filter_map(|found| {
            // Where nothing in it differs the entry is everybody's.
            let everybodys = form.example.key.is_none() && !wanted.is_empty();
            let of = match public {
                Some(_) => found.member,
                None if everybodys => Some(0),
                None => found.member.map(|candidate| members[candidate]),
            };
            if of.is_none() && !main.contains(&found.extent.start) {
                return None;
            }
            let (mut name, name_span) = self.name(number, &found, of.map(|of| &wanted[of]));
            if let Some(public) = &public {
                let is_spelt = of.is_some_and(|of| wanted[of].name == name);
                name = if is_spelt { name } else { public.of(&name) };
            }
            Some(There {
                form: number,
                wanted: of,
                found,
                name,
                name_span,
            })
        });
        Some(out.collect())
    }

    /// How names are followed through the imports of the file to what everyone calls them, in languages that qualify names by their
    /// modules; nothing elsewhere, and where an entry needs no import.
    fn public_names(&self, form: &Form) -> Option<PublicNames> {
        let Syntax::Code(grammar) = self.document.syntax() else {
            return None;
        };
        let is_followed = grammar.has(Feature::QualifiesNames) && !form.raw.imports.is_empty();
        is_followed.then(|| grammar.public_names(self.document.text()))
    }

    /// What tells the entries of the wanted apart, and which wanted each candidate is. Entries that are called alike are one.
    fn candidates(&self, number: usize, wanted: &[Wanted]) -> (Vec<Candidate>, Vec<usize>) {
        let mut known: HashMap<String, usize> = HashMap::new();
        let (mut out, mut members) = (Vec::new(), Vec::new());
        let form = &self.forms[number];
        let Some(key) = form.example.key else {
            return (out, members);
        };
        // All of a text is its name.
        let is_part = |id: &usize| {
            let hole = &form.example.holes[*id];
            *id == key || (form.compiled.is_text() && hole.varies && hole.spelling.is_strict())
        };
        let keys: Vec<usize> = (0..form.example.holes.len()).filter(is_part).collect();
        for (index, wanted) in wanted.iter().enumerate() {
            let Some(form) = wanted.forms.get(number) else {
                continue;
            };
            let values: Vec<(usize, String)> =
                keys.iter().map(|id| (*id, form.values[*id].clone())).collect();
            let name: Vec<String> = values.iter().map(|(_, value)| normal(value)).collect();
            let is_empty = values.iter().any(|(_, value)| value.is_empty());
            if is_empty || known.insert(name.join(" "), index).is_some() {
                continue;
            }
            out.push(Candidate { values });
            members.push(index);
        }
        (out, members)
    }

    /// What an entry is called. A spelling that people choose themselves counts as the usual one.
    fn name(&self, number: usize, found: &Match, wanted: Option<&Wanted>) -> (String, Span) {
        let text = self.document.text();
        let example = &self.forms[number].example;
        let held = |hole: Option<usize>| found.values.iter().find(|value| Some(value.hole.id) == hole);
        let (Some(key), Some(named)) = (held(example.key), held(example.named).or(held(example.key))) else {
            let line = text[found.extent.range()]
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            return (wanted.map_or(line, |wanted| wanted.name.clone()), found.extent);
        };
        let bare = |text: &str| text.replace(['-', '_', '.', ' '], "");
        let is_spelt = |wanted: &Wanted| {
            let usual = wanted
                .forms
                .get(number)
                .and_then(|form| form.values.get(key.hole.id));
            !key.hole.spelling.is_strict() || usual.is_some_and(|usual| bare(usual) == bare(&key.text))
        };
        let spelt = wanted.filter(|wanted| is_spelt(wanted));
        // A spelling that is wrong is that of the key.
        let at = if wanted.is_some() && spelt.is_none() {
            key.span
        } else {
            named.span
        };
        let span = word_around(text, at);
        // The value of a variable stands before the entry.
        let is_inside = found.extent.start <= at.start && at.start < found.extent.end;
        let span = if is_inside {
            let end = span.end.min(found.extent.end.max(at.end));
            Span::new(span.start.max(found.extent.start), end)
        } else {
            span
        };
        match spelt {
            Some(wanted) => (wanted.name.clone(), span),
            None => (text[span.range()].to_owned(), span),
        }
    }

    /// Where the file names the entry that is wanted, although it is none of those that can be read: the name that an import gives
    /// it, its path, or how it begins. `others` are entries of other lists, whose names these are: sorted, none inside another.
    pub fn mention(&self, wanted: &Wanted, others: &[Span]) -> Option<Span> {
        let mut words: Vec<(&str, bool)> = Vec::new();
        for (form, wanted) in self.forms.iter().zip(&wanted.forms) {
            let bound = form.example.holes.iter().zip(&wanted.values);
            let bound =
                bound.filter(|(hole, value)| hole.bound.is_some() && hole.varies && !value.is_empty());
            words.extend(bound.map(|(_, value)| (value.as_str(), false)));
        }
        if wanted.name.contains(['/', '.']) {
            let imports = self.forms.iter().all(|form| form.raw.imports.is_empty());
            words.push((&wanted.name, imports));
        }
        let is_others = |span: &Span| {
            let behind = others.partition_point(|other| other.start <= span.start);
            others[..behind].last().is_some_and(|other| span.end <= other.end)
        };
        let mut found = words
            .into_iter()
            .flat_map(|(word, imports)| self.document.mentions(word, imports));
        found
            .find(|span| !is_others(span))
            .or_else(|| self.begun(wanted).filter(|span| !is_others(span)))
            .or_else(|| self.nameless(wanted))
    }

    /// Where the file imports all names of a module of which an entry needs one: whose they are cannot be said.
    fn nameless(&self, wanted: &Wanted) -> Option<Span> {
        let Syntax::Code(grammar) = self.document.syntax() else {
            return None;
        };
        let text = self.document.text();
        let needed = wanted.forms.iter().flat_map(|form| &form.imports);
        let needed: Vec<Import> = needed.flat_map(|import| grammar.read_imports(import)).collect();
        let mut there = grammar
            .read_imports(text)
            .into_iter()
            .filter(|import| import.local() == ".");
        let found = there.find(|import| needed.iter().any(|needed| needed.module == import.module))?;
        let start = text.find(&found.module)?;
        Some(Span::new(start, start + found.module.len()))
    }

    /// Where the list has something that begins as the entry that is wanted does.
    fn begun(&self, wanted: &Wanted) -> Option<Span> {
        let alone = std::slice::from_ref(wanted);
        let row = self.site.each.as_deref();
        let row = row.map(|each| format!("{}.", row_name(each, self.site.row.as_deref())));
        let all = self.forms.iter().zip(&wanted.forms).enumerate();
        all.filter_map(|(number, (form, wanted))| {
            let named = form.example.named?;
            // The name of a member says nothing where it has several entries.
            let template = &form.example.holes[named].template;
            let is_own = row.as_ref().is_none_or(|row| template.contains(row));
            is_own.then_some((number, &wanted.text))
        })
        .find_map(|(number, text)| {
            let scopes = self.scopes(number, alone).unwrap_or_default();
            let mut scopes = scopes.into_iter().flatten();
            scopes.find_map(|scope| self.document.begun(&scope, text, &wanted.name))
        })
    }

    /// Where the list has something that begins as the entry that is wanted does, and is none: nothing is added there.
    pub fn begun_otherwise(&self, wanted: &Wanted) -> Option<Span> {
        let read = self.read(std::slice::from_ref(wanted));
        let is_there = match &read {
            Reading::Entries(entries, _) => entries.iter().any(|entry| entry.wanted.is_some()),
            _ => false,
        };
        self.begun(wanted).filter(|_| !is_there)
    }

    /// Whether the entry stands anywhere in the file, in any form.
    pub fn holds(&self, wanted: &Wanted) -> bool {
        let alone = std::slice::from_ref(wanted);
        (0..self.forms.len()).any(|number| {
            let entries = self.entries(number, None, alone).unwrap_or_default();
            entries.iter().any(|entry| entry.wanted.is_some())
        })
    }

    /// Whether there is a place for what is wanted, in one form at least.
    pub fn is_open(&self, wanted: &Wanted) -> bool {
        matches!(self.read(std::slice::from_ref(wanted)), Reading::Entries(..))
    }

    /// The matches with the siblings beside which the entry goes, and where that is.
    fn placed(&self, mut matches: Vec<Match>, wanted: &Wanted) -> (Vec<Match>, Placement) {
        let mut placement = if self.site.last {
            Placement::Last
        } else {
            Placement::Sorted
        };
        let Some(anchor) = self.anchors(wanted).into_iter().next() else {
            return (matches, placement);
        };
        let start = anchor.found.extent.start;
        placement = match anchor.side {
            Side::Before => Placement::Before(start),
            Side::Behind => Placement::Behind(start),
        };
        if !matches.iter().any(|found| found.extent.start == start) {
            matches.push(anchor.found);
            matches.sort_by_key(|found| found.extent.start);
        }
        (matches, placement)
    }

    /// The siblings on one side of which the entry has to stand: the first of those that it goes before, the last of those that it
    /// goes behind.
    pub fn anchors(&self, wanted: &Wanted) -> Vec<Anchor> {
        let siblings = |text: &String| match text.trim() {
            "" => vec![],
            text => self.document.siblings(text),
        };
        let before = wanted.ahead_of.iter().flat_map(siblings).next();
        let behind = wanted.behind.iter().flat_map(siblings).last();
        let of = |side| move |found| Anchor { found, side };
        before
            .map(of(Side::Before))
            .into_iter()
            .chain(behind.map(of(Side::Behind)))
            .collect()
    }

    /// Adds what is wanted, and says in which form; nothing if it is there.
    ///
    /// # Errors
    /// If the place is not there or not understood, with the text to write by hand.
    pub fn add(&self, path: &str, wanted: &Wanted) -> Result<Option<Added>> {
        let alone = std::slice::from_ref(wanted);
        if let Reading::Entries(entries, _) = self.read(alone)
            && entries.iter().any(|entry| entry.wanted.is_some())
        {
            return Ok(None);
        }
        if self.begun(wanted).is_some() {
            return Ok(None);
        }
        // What most entries are written in.
        let mut best: Option<(usize, Vec<Match>, Option<Scope>)> = None;
        let mut most = 0;
        let mut refusal: Option<(usize, Why)> = None;
        for number in 0..self.forms.len() {
            let scope = match self.scopes(number, alone) {
                Ok(scopes) => scopes.into_iter().next().flatten(),
                Err(Lost::Places(places)) => {
                    let why = if places.is_empty() {
                        Why::NoPlace
                    } else {
                        Why::Ambiguous(places)
                    };
                    refusal.get_or_insert((number, why));
                    continue;
                }
            };
            let found = self.document.find(&self.forms[number].compiled, scope.as_ref());
            let matches = self.document.outside_of_blocks(found.matches);
            let count = entry::lists(self.document, &matches, scope.as_ref())
                .first()
                .map_or(0, |list| list.members);
            if best.is_none() || count > most {
                most = count;
                best = Some((number, matches, scope));
            }
        }
        let Some((number, matches, scope)) = best else {
            let (number, why) = refusal.unwrap_or((0, Why::NoPlace));
            let text = wanted.forms[number].text.clone();
            return Err(self.refused(path, wanted, number, &Refusal { why, text }));
        };
        let form = &self.forms[number];
        let mut text = wanted.forms[number].text.trim_matches('\n').to_owned();
        for (name, value) in scope.iter().flat_map(|scope| &scope.names) {
            text = text.replace(&placeholder(name), value);
        }
        if let Some((name, _)) = left_open(&text)
            && wanted.names.iter().all(|known| known.name != name)
        {
            let error = Error::new(format!("`{path}` does not say what `{name}` is called there"));
            return Err(error.help("this is a fault of the pack: `in` or `names` has to give it"));
        }
        let (lists, whole) = (
            entry::lists(self.document, &matches, scope.as_ref()),
            self.document.text().len(),
        );
        let at = lists.first().map(|list| list.span().end);
        let at = at.or_else(|| Some(scope.as_ref()?.place())).unwrap_or(whole);
        for name in &wanted.names {
            if !text.contains(&placeholder(&name.name)) {
                continue;
            }
            let called = self.host_name(number, name, &matches, at).map_err(|why| {
                let refusal = Refusal {
                    why: Why::NoName(why),
                    text: text.clone(),
                };
                self.refused(path, wanted, number, &refusal)
            })?;
            text = text.replace(&placeholder(&name.name), &called);
        }
        let mut matches = matches;
        if let (true, Some(scope)) = (form.compiled.is_text(), &scope) {
            matches = self.document.texts_beside(&text, scope);
        }
        let (matches, placement) = self.placed(matches, wanted);
        match entry::insert_at(
            self.document,
            &form.compiled,
            &matches,
            scope.as_ref(),
            (&text, placement),
        ) {
            Ok(inserted) => Ok(Some(Added {
                form: number,
                edits: inserted.edits,
                hollow: inserted.hollow,
            })),
            Err(Refusal {
                why: Why::Present(_), ..
            }) => Ok(None),
            Err(refusal) => Err(self.refused(path, wanted, number, &refusal)),
        }
    }

    /// What the host calls `name` at the byte `at`: as the entries there do, else by the variables that are known there.
    fn host_name(
        &self,
        number: usize,
        name: &HostName,
        matches: &[Match],
        at: usize,
    ) -> std::result::Result<String, String> {
        let variables = match self.document.syntax() {
            Syntax::Code(grammar) => grammar.variables(self.document.text(), at),
            _ => vec![],
        };
        if name.of.is_empty()
            && let Some(said) = &name.otherwise
        {
            return Ok(said.clone());
        }
        let template = format!("{{{{{}}}}}", name.name);
        let hole = self.forms[number]
            .example
            .holes
            .iter()
            .position(|hole| hole.template == template);
        let used = hole.and_then(|hole| matches.iter().rev().find_map(|entry| entry.value(hole)));
        let used = used.filter(|used| variables.iter().any(|variable| variable.name == *used));
        for of in &name.of {
            let is_it = |variable: &&Variable| match of.contains('.') {
                true => variable.of == *of,
                false => variable.name == *of,
            };
            let mut found: Vec<&str> = variables
                .iter()
                .filter(is_it)
                .map(|it| it.name.as_str())
                .collect();
            found.sort_unstable();
            found.dedup();
            match (found.as_slice(), used) {
                (_, Some(used)) if found.contains(&used) => return Ok(used.to_owned()),
                ([only], _) => return Ok((*only).to_owned()),
                ([], _) => {}
                (several, _) => return Err(format!("`{of}` may be any of `{}`", several.join("`, `"))),
            }
        }
        let known = used.map(str::to_owned).or_else(|| name.otherwise.clone());
        known.ok_or_else(|| match name.of.as_slice() {
            [] => format!("nothing says what `{}` is called", name.name),
            all => format!("no variable is a `{}` where the entry goes", all.join("`, or `")),
        })
    }

    /// Takes away one of the entries that were read.
    ///
    /// # Errors
    /// If it cannot be taken away alone.
    pub fn remove(&self, entry: &There, hollow: Option<&str>) -> std::result::Result<Vec<TextEdit>, Refusal> {
        let form = &self.forms[entry.form];
        let matches = self.document.find(&form.compiled, None).matches;
        entry::remove(self.document, &form.compiled, &matches, &entry.found, hollow)
    }

    fn refused(&self, path: &str, wanted: &Wanted, number: usize, refusal: &Refusal) -> Error {
        let form = &wanted.forms[number];
        let at = match &refusal.why {
            Why::Ambiguous(spans) => spans.first().copied(),
            Why::NoElement(span) | Why::Present(span) => Some(*span),
            _ => None,
        };
        let error = match &refusal.why {
            Why::NoPlace => match &form.scope {
                Some(place) => Error::new(format!("`{path}` has no `{place}`")),
                None => Error::new(format!("`{path}` has no list for the site `{}`", self.site.id)),
            },
            _ => Error::new(format!("`{path}`: {refusal}")),
        };
        let error = match at {
            Some(span) => error.at(path, line_col(self.document.text(), span.start)),
            None => error.in_file(path),
        };
        error.help(format!(
            "nothing was changed; write this by hand, then run again:\n{}",
            form_by_hand(form)
        ))
    }
}

/// A sibling on one side of which an entry has to stand.
pub struct Anchor {
    /// The sibling.
    pub found: Match,
    /// The side.
    pub side: Side,
}

/// An entry that can be added.
pub struct Added {
    /// Its form.
    pub form: usize,
    /// What is to be changed.
    pub edits: Vec<TextEdit>,
    /// What stood between brackets that were empty; it comes back when the entry goes.
    pub hollow: Option<String>,
}

/// The places that `in` names are none, or several.
enum Lost {
    Places(Vec<Span>),
}
