//! One member of a host, or the host as a whole, with everything that rules ask about it: texts, trees, manifests,
//! the graph of its sources. A file is read and parsed at most once; what cannot be read is itself a finding.

use std::cell::{Cell, Ref, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};

use crate::answers::Answers;
use crate::facts::Facts;
use crate::host::{Found, Host, HostPath, is_called_like_a_file};
use crate::plan::read_back::{Member, OptionReader};
use crate::plan::scope::{Iteration, Scope};
use tenon_pack::{PackOption, PackRule};
use tenon_syntax::Source;
use tenon_syntax::entry::{Document, Syntax};
use tenon_syntax::language::Lang;
use tenon_syntax::languages::Opened;
use tenon_syntax::rule::Pattern;
use tenon_syntax::tree::{Tree, first_error, too_much};
use tenon_text::diag::{Diagnostic, Place, Result, Span};
use tenon_text::manifest::{ManifestFormat, Parsed};
use tenon_text::sections::Sections;

use super::coverage::{Cause, Counted, Cover, Coverage, Mark, Unchecked, Wire};
use super::implementation::Implementation;
use super::index::HostIndex;
use super::shared_files::{Hit, Hits};
use super::soundness::{self, Fault};
use super::texts::Texts;

/// How much text may be edited to find out how findings can be fixed, in bytes. Each fix takes another look at its
/// whole file: with very many findings in a very large file the later ones come without.
const MAX_FIXED: usize = 2 << 20;
/// The same where the fixes will be applied: with few at a time there would be many checks.
const MAX_APPLIED: usize = 64 << 20;
/// How many files are kept that entries were looked for in.
const DOCUMENTS: usize = 4;
/// Deepest directory of sources that is looked into.
const MAX_DEPTH: usize = 16;

/// The files that a part makes, by path.
pub type RenderedFiles = BTreeMap<String, String>;

/// The answers of a member by its name and kind, and whether those are wanted too that only fixes need.
pub type AnswersOf<'a> = &'a dyn Fn(&str, &str, bool) -> Option<Arc<Map<String, Value>>>;

/// What a context is for, and what it shares with others of its thread.
pub struct Context<'r, 's> {
    /// What is known of the host.
    pub index: &'r HostIndex<'s>,
    /// The member; of the host as a whole, one without a name.
    pub member: &'r Member,
    /// The answers that would have made it.
    pub values: Arc<Map<String, Value>>,
    /// The facts of the host, for fixes.
    pub facts: &'s Facts<'s>,
    /// The graph of its sources.
    pub code: Opened<'r>,
    /// The classes that were looked up, by file and export.
    pub classes: RefCell<HashMap<String, Option<Rc<Implementation>>>>,
    texts: &'r Texts<'r>,
    scope: &'r RefCell<Scope<'s>>,
    /// What templates of the kind see, once something was to be made.
    makes: &'r RefCell<Option<Scope<'s>>>,
    /// The files of a part that were rendered to mend that one is missing.
    rendered: RefCell<HashMap<String, Rc<RenderedFiles>>>,
    /// The answers of other members, where they are known.
    answers_of: Option<AnswersOf<'r>>,
    sound: RefCell<HashMap<String, bool>>,
    faults: RefCell<Vec<(String, Fault)>>,
    /// Whether a file was looked at.
    inspected: Cell<bool>,
    /// Whether something that is not this member's cannot be parsed.
    uncertain: bool,
    manifests: RefCell<HashMap<String, Option<Arc<Parsed>>>>,
    /// The last files that entries were looked for in.
    documents: RefCell<VecDeque<(String, Rc<Document>)>>,
    below: RefCell<HashMap<String, Rc<Vec<String>>>>,
    found: RefCell<Vec<Diagnostic>>,
    /// The paths of what was found, by rule.
    found_at: RefCell<HashMap<String, Vec<String>>>,
    applied: RefCell<Vec<&'static str>>,
    mended: Cell<usize>,
    unchecked: RefCell<Vec<Unchecked>>,
    coverage: RefCell<Option<Coverage>>,
}

impl<'r, 's> Context<'r, 's> {
    /// A context for `member`; `scope` is the thread's.
    pub fn new(
        index: &'r HostIndex<'s>,
        member: &'r Member,
        values: Arc<Map<String, Value>>,
        facts: &'s Facts<'s>,
        (texts, code): (&'r Texts<'r>, Opened<'r>),
        (scope, makes): (&'r RefCell<Scope<'s>>, &'r RefCell<Option<Scope<'s>>>),
    ) -> Self {
        scope.borrow_mut().speak_of(Arc::clone(&values));
        Self {
            index,
            member,
            values,
            facts,
            code,
            classes: RefCell::default(),
            texts,
            scope,
            makes,
            rendered: RefCell::default(),
            answers_of: None,
            sound: RefCell::default(),
            faults: RefCell::default(),
            inspected: Cell::default(),
            uncertain: !index.broken_interfaces.is_empty(),
            manifests: RefCell::default(),
            documents: RefCell::default(),
            below: RefCell::default(),
            found: RefCell::default(),
            found_at: RefCell::default(),
            applied: RefCell::default(),
            mended: Cell::default(),
            unchecked: RefCell::default(),
            coverage: RefCell::default(),
        }
    }

    /// The same, where the answers of all members are known.
    #[must_use]
    pub fn with_answers(self, of: AnswersOf<'r>) -> Self {
        Self {
            answers_of: Some(of),
            ..self
        }
    }

    /// The same, where something else cannot be parsed if `uncertain` is set.
    #[must_use]
    pub fn uncertain(mut self, uncertain: bool) -> Self {
        self.uncertain |= uncertain;
        self
    }

    /// Whether a file cannot be parsed that may ask for an entry: what nothing seems to ask for is then not known to be stale.
    pub fn is_uncertain(&self) -> bool {
        self.uncertain || self.is_faulty(|_| true)
    }

    /// The host, as this context reads it.
    pub fn host(&self) -> &'r Host {
        self.texts.host()
    }

    /// The texts that it reads.
    pub fn texts(&self) -> &'r Texts<'r> {
        self.texts
    }

    /// The same, for what only reads.
    pub fn source(&self) -> &'r dyn Source {
        self.texts
    }

    /// A finding at `at`.
    pub fn finding(&self, rule: &str, at: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rule, &self.member.name, at, message)
    }

    /// Adds a finding.
    pub fn report(&self, finding: Diagnostic) {
        let mut found_at = self.found_at.borrow_mut();
        let paths = found_at.entry(finding.rule.clone()).or_default();
        paths.push(finding.at.path.clone());
        self.found.borrow_mut().push(finding);
    }

    /// Whether anything was reported.
    pub fn has_found(&self) -> bool {
        !self.found.borrow().is_empty()
    }

    /// Whether a finding of `rule` was reported for a path for which `is` holds.
    pub fn reported(&self, rule: &str, is: impl Fn(&str) -> bool) -> bool {
        let found_at = self.found_at.borrow();
        found_at
            .get(rule)
            .is_some_and(|paths| paths.iter().any(|path| is(path)))
    }

    /// Notes that `what` is not checked for the context's member, why (and what causes it), and at which sites it is not
    /// known what the member has.
    pub fn not_checked(&self, what: impl Into<String>, (why, cause): (String, Cause), sites: Vec<String>) {
        self.unchecked.borrow_mut().push(Unchecked {
            what: what.into(),
            why,
            member: self.member.name.clone(),
            sites,
            cause,
        });
    }

    /// Whether another fix may be looked for; if so, one in so many bytes is.
    pub fn may_fix(&self, bytes: usize) -> bool {
        let mended = self.mended.get();
        self.mended.set(mended + bytes);
        let most = if self.index.fixing { MAX_APPLIED } else { MAX_FIXED };
        mended < most
    }

    /// Has what the member has of its contracts and sites noted.
    pub fn note_coverage(&self) {
        self.coverage.borrow_mut().get_or_insert_default();
    }

    /// Whether that is noted.
    pub fn is_covering(&self) -> bool {
        self.coverage.borrow().is_some()
    }

    /// Notes that a part of the pack saw `count` more.
    pub fn count(&self, what: impl FnOnce() -> Counted, count: usize) {
        if let Some(coverage) = self.coverage.borrow_mut().as_mut() {
            *coverage.counts.entry(what()).or_default() += count;
        }
    }

    /// Does something, and notes what that cost a part of the check.
    pub fn at_cost<T>(&self, what: impl FnOnce() -> Counted, run: impl FnOnce() -> T) -> T {
        if !self.is_covering() {
            return run();
        }
        let start = Instant::now();
        let out = run();
        if let Some(coverage) = self.coverage.borrow_mut().as_mut() {
            let cost = coverage.costs.entry(what()).or_default();
            cost.members = 1;
            cost.time += start.elapsed();
        }
        out
    }

    /// Notes a class and its contract, once.
    pub fn cover(&self, cover: Cover) {
        if let Some(coverage) = self.coverage.borrow_mut().as_mut()
            && !coverage.covers.contains(&cover)
        {
            coverage.covers.push(cover);
        }
    }

    /// Notes an entry that should be there.
    pub fn wire(&self, wire: impl FnOnce() -> Wire) {
        if let Some(coverage) = self.coverage.borrow_mut().as_mut() {
            coverage.wires.push(wire());
        }
    }

    /// Notes where something leads; to what is not in the host nothing does.
    pub fn mark(&self, path: &str, span: Span, to: Place) {
        if let Some(coverage) = self.coverage.borrow_mut().as_mut()
            && !to.path.is_empty()
        {
            let path = path.to_owned();
            coverage.marks.push(Mark { path, span, to });
        }
    }

    /// Where the class stands that the context's member has for the row `of`, else where `member` was found.
    pub fn target(&self, member: &str, of: Option<&Value>) -> Place {
        let coverage = self.coverage.borrow();
        let row = of.map(|row| crate::facts::field(row, "id"));
        let covers = coverage.iter().flat_map(|coverage| &coverage.covers);
        let mut own = covers.filter(|cover| row.is_some() && cover.of.as_deref() == row);
        if let Some(cover) = own.next() {
            return Place::file(&*cover.path);
        }
        let found = self.index.named(member).next();
        Place::file(found.map_or("", |found| &found.path))
    }

    /// Notes that a rule was applied: one that inspects nothing shall not look as if it had.
    pub fn applied(&self, rule: &'static str) {
        let mut applied = self.applied.borrow_mut();
        if !applied.iter().any(|known| std::ptr::eq(*known, rule)) {
            applied.push(rule);
        }
    }

    /// Whether the workspace has the package `name`, or may have it: what a manifest that cannot be parsed names is unknown.
    pub fn has_package(&self, name: &str) -> bool {
        let packages = self.index.packages(self.host());
        packages.names.contains(name) || !packages.unread.is_empty()
    }

    /// Whether the package that `specifier` names is installed in the host.
    pub fn is_installed(&self, specifier: &str) -> bool {
        let at = self.index.pack.language().installed_at(specifier);
        at.is_some_and(|at| self.host().exists_dir(&at))
    }

    /// The text of a file, without byte-order mark.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        self.texts.text(path)
    }

    /// As much of `span` as stands on its first line.
    pub fn first_line(&self, path: &str, span: Span) -> Span {
        let text = self.text(path).unwrap_or_default();
        let line = text
            .get(span.start..span.end)
            .and_then(|text| text.lines().next())
            .map_or(0, |line| line.trim_end().len());
        Span::new(span.start, span.start + line)
    }

    /// Whether a file stands at `path`.
    pub fn exists(&self, path: &str) -> bool {
        self.host().exists_file(path)
    }

    /// Whether anything stands at `path`: a file, or what is in its place.
    pub fn stands(&self, path: &str) -> bool {
        self.exists(path) || HostPath::new(path).is_ok_and(|path| self.host().exists(&path))
    }

    /// All paths that match a pattern.
    pub fn glob(&self, pattern: &str) -> Vec<Found> {
        self.host().glob(pattern)
    }

    /// The files that match a pattern; those of code that are no part of what their package does are left out.
    pub fn files(&self, pattern: &str) -> Vec<String> {
        if !pattern.contains('*') {
            return vec![pattern.to_owned()];
        }
        let found = self.glob(pattern).into_iter().map(|found| found.path);
        let is_part = |path: &String| {
            let text = self.text(path).unwrap_or_default();
            Lang::of_path(path).is_none_or(|grammar| !grammar.is_aside(path, &text))
        };
        found.filter(is_part).collect()
    }

    /// Whether the file can be read and parsed. What is wrong with it is reported once; other rules then leave it
    /// alone. A file that is not there is not sound either, and nothing is reported.
    pub fn sound(&self, path: &str) -> bool {
        if let Some(known) = self.sound.borrow().get(path) {
            return *known;
        }
        // What is called like a file and is none is no package.
        let sound = if !is_called_like_a_file(path) && self.host().exists_dir(path) && !self.exists(path) {
            // A package is a directory, and is as sound as its files.
            let files = self.files(&format!("{path}/*"));
            let language = self.index.pack.language();
            let code = files.iter().filter(|path| Lang::of_path(path) == Some(language));
            code.filter(|path| !self.sound(path)).count() == 0
        } else {
            self.inspect(path)
        };
        self.sound.borrow_mut().insert(path.to_owned(), sound);
        sound
    }

    fn inspect(&self, path: &str) -> bool {
        self.inspected.set(true);
        match self.fault(path) {
            Ok(is_there) => is_there,
            Err(fault) => {
                self.faults.borrow_mut().push((path.to_owned(), fault));
                false
            }
        }
    }

    /// Whether the file at `path` is the member's alone.
    pub fn is_own(&self, path: &str) -> bool {
        let dir = &self.member.dir;
        let below = path.strip_prefix(&**dir).filter(|_| !dir.is_empty());
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Parses the file, if it is there.
    fn fault(&self, path: &str) -> std::result::Result<bool, Fault> {
        let Some(text) = self.texts.get(path).map_err(Fault::Unreadable)? else {
            return Ok(false);
        };
        let is_own = self.is_own(path);
        let marker = || soundness::conflict_marker(&text);
        let marker = match is_own {
            true => marker(),
            false => self.index.shared.marker(path, marker),
        };
        if let Some(marker) = marker {
            return Err(Fault::Merge(marker));
        }
        if let Some(format) = ManifestFormat::of_path(path) {
            let parsed = if is_own {
                Parsed::parse(&text, format, path).map(Arc::new).map(Some)
            } else {
                HostPath::new(path).and_then(|path| self.host().manifest(&path, format))
            };
            let parsed = parsed.map_err(Fault::Manifest)?;
            self.manifests.borrow_mut().insert(path.to_owned(), parsed);
            return Ok(true);
        }
        let Some(grammar) = Lang::of_path(path) else {
            return Ok(true);
        };
        let find = || match grammar == self.index.pack.language() {
            true => self.code.error(path),
            false => self.tree_of(path).and_then(|tree| first_error(&tree)),
        };
        let error = match is_own {
            true => find(),
            false => self.index.shared.error(path, find),
        };
        let Some(at) = error else { return Ok(true) };
        let tree = self.tree_of(path);
        Err(match tree.and_then(|tree| too_much(&text, &tree)) {
            Some(what) => Fault::TooMuch(what),
            None => Fault::Code(at),
        })
    }

    /// Notes why the file at `path`, although it can be parsed, is not looked at.
    pub fn fault_at(&self, path: &str, fault: Fault) {
        self.faults.borrow_mut().push((path.to_owned(), fault));
    }

    /// The faults of the files that were looked at so far; nothing if none was looked at.
    pub fn faults(&self) -> Option<Ref<'_, Vec<(String, Fault)>>> {
        let faults = self.faults.borrow();
        (self.inspected.get() || !faults.is_empty()).then_some(faults)
    }

    /// Whether a file with a fault is at a path for which `is` holds.
    pub fn is_faulty(&self, is: impl Fn(&str) -> bool) -> bool {
        self.faults.borrow().iter().any(|(path, _)| is(path))
    }

    /// The tree of a file of code; nothing if it is none or broken.
    pub fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        if !self.sound(path) {
            return None;
        }
        self.tree_of(path)
    }

    fn tree_of(&self, path: &str) -> Option<Rc<Tree>> {
        match Lang::of_path(path)? {
            grammar if grammar == self.index.pack.language() => self.code.tree(path),
            grammar => Some(Rc::new(grammar.parse(&self.texts.text(path)?))),
        }
    }

    /// The file at `path`, cut into tokens; nothing if there is none. The last few are kept: sites, rules and fixes ask for the same.
    pub fn document(&self, path: &str) -> Option<Rc<Document>> {
        let mut documents = self.documents.borrow_mut();
        if let Some((_, known)) = documents.iter().find(|(own, _)| own == path) {
            return Some(Rc::clone(known));
        }
        let document = Rc::new(Document::new(&*self.text(path)?, Syntax::of(path)));
        documents.truncate(DOCUMENTS - 1);
        documents.push_front((path.to_owned(), Rc::clone(&document)));
        Some(document)
    }

    /// The lines of the text at `path`; nothing if there is none, or if it cannot be read.
    pub fn sections(&self, path: &str) -> Option<Arc<Sections>> {
        if !self.sound(path) {
            return None;
        }
        let read = || {
            let is_markdown = Syntax::of(path) == Syntax::Markdown;
            self.text(path)
                .map(|text| Arc::new(Sections::of(text, is_markdown)))
        };
        match self.is_own(path) {
            true => read(),
            false => self.index.shared.sections(path, read),
        }
    }

    /// The matches of `pattern` in the file at `path`, with what its variable `var` holds; nothing if that is no code, or broken.
    ///
    /// # Errors
    /// If the pattern is none of that language.
    pub fn hits(&self, pattern: &Pattern, var: Option<&str>, path: &str) -> Result<Hits> {
        let Some(grammar) = Lang::of_path(path).filter(|_| self.sound(path)) else {
            return Ok(None);
        };
        let find = || -> Result<Hits> {
            let Some(tree) = self.tree_of(path) else {
                return Ok(None);
            };
            let rule = pattern.rule(grammar)?;
            let found = match rule.find_all(&tree.root()) {
                Ok(found) => found,
                Err(error) => {
                    self.fault_at(path, Fault::Unreadable(error));
                    return Ok(None);
                }
            };
            let hits = found.iter().map(|found| {
                let node = var.and_then(|var| found.var(var));
                Hit {
                    span: found.node().range().into(),
                    var: node.map(|node| (node.text().into_owned(), node.range().into())),
                }
            });
            Ok(Some(Arc::new(hits.collect())))
        };
        match self.is_own(path) {
            true => find(),
            false => self
                .index
                .shared
                .hits(pattern, var.unwrap_or_default(), path, find),
        }
    }

    /// A manifest; nothing if it is none, or broken.
    pub fn manifest(&self, path: &str) -> Option<Arc<Parsed>> {
        if !self.sound(path) {
            return None;
        }
        self.manifests.borrow().get(path).cloned().flatten()
    }

    /// The turns of something that is repeated for each row of an answer.
    pub fn turns(&self, each: Option<&str>, row: Option<&str>, when: Option<&str>) -> Result<Vec<Iteration>> {
        self.scope.borrow_mut().turns(each, row, when)
    }

    /// The turns of a rule of the pack; none for a member that is excepted.
    pub fn turns_of(&self, pack_rule: &PackRule) -> Result<Vec<Iteration>> {
        if pack_rule.except.contains(&self.member.name) {
            return Ok(vec![]);
        }
        self.turns(
            pack_rule.each.as_deref(),
            pack_rule.row.as_deref(),
            pack_rule.when.as_deref(),
        )
    }

    /// A text of the pack, rendered.
    pub fn render(&self, template: &str, turn: &Iteration) -> Result<String> {
        self.scope.borrow_mut().text(template, turn)
    }

    /// The files of code below a directory, sorted.
    pub fn sources(&self, dir: &str) -> Rc<Vec<String>> {
        if let Some(known) = self.below.borrow().get(dir) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.host().files_below(
            dir,
            self.index.pack.language().source_extensions(),
            MAX_DEPTH,
        ));
        self.below.borrow_mut().insert(dir.to_owned(), Rc::clone(&found));
        found
    }

    /// The answers that would have made the member, with those that only fixes need.
    pub fn all_values(&self) -> Option<Map<String, Value>> {
        let reader = OptionReader {
            pack: self.index.pack,
            choices: &self.index.choices,
            slots: &self.index.slots,
            for_fixes: true,
        };
        let mut scope = self.scope.borrow_mut();
        let values = reader.values(self.member, self.host(), &mut scope).ok();
        scope.speak_of(Arc::clone(&self.values));
        values
    }

    /// The answers of the member `name` of `kind`, with those that only fixes need; nothing if they are not known.
    pub fn answers_of(&self, name: &str, kind: &str) -> Option<Map<String, Value>> {
        match self.answers_of {
            Some(of) => of(name, kind, true).map(Arc::unwrap_or_clone),
            None => self.all_values(),
        }
    }

    /// A required option to which the member has no answer: it was not made as the kind makes it.
    pub fn lacks_an_answer(&self) -> Option<&str> {
        let mut options = self.index.pack.options(&self.member.kind);
        let lacks = |id: &str| self.values.get(id).is_none_or(Value::is_null);
        let option = options.find(|option| option.required && lacks(&option.id));
        option.map(|option| option.id.as_str())
    }

    /// The required options of which something is read back, and nothing was found.
    pub fn found_empty(&self) -> impl Iterator<Item = &'r PackOption> {
        let pack = self.index.pack;
        let kind = &self.member.kind;
        pack.options(kind).filter(move |option| {
            let is_empty = match self.values.get(&option.id) {
                Some(Value::Array(rows)) => rows.is_empty(),
                Some(Value::String(text)) => text.is_empty(),
                _ => false,
            };
            let mut reads = pack.reads(kind);
            option.required && is_empty && reads.any(|read| read.option == option.id && !read.for_fixes)
        })
    }

    /// The version range that the host declares for a package elsewhere.
    pub fn version_of(&self, package: &str) -> Option<String> {
        self.index.versions(self.host()).get(package).cloned()
    }

    /// Does something with the thread's scope.
    pub fn in_scope<T>(&self, what: impl FnOnce(&mut Scope<'s>) -> T) -> T {
        what(&mut self.scope.borrow_mut())
    }

    /// Does something with a scope that sees all that templates of the kind see, for the member that `answers` would make; nothing
    /// if something of that cannot be read.
    pub fn as_made<T>(&self, answers: &Answers, what: impl FnOnce(&mut Scope<'s>) -> Option<T>) -> Option<T> {
        let kind = self.index.pack.kind(&self.member.kind).ok()?;
        let mut makes = self.makes.borrow_mut();
        match makes.as_mut() {
            Some(scope) => scope.switch_to(kind, answers).ok()?,
            None => {
                let style = &self.index.style;
                *makes = Some(Scope::new(self.index.pack, kind, self.facts, answers, style).ok()?);
            }
        }
        what(makes.as_mut()?)
    }

    /// The files that `render` makes for `key`, which is asked once.
    pub fn rendered(&self, key: String, render: impl FnOnce() -> Option<RenderedFiles>) -> Rc<RenderedFiles> {
        let mut rendered = self.rendered.borrow_mut();
        let files = rendered.entry(key);
        Rc::clone(files.or_insert_with(|| Rc::new(render().unwrap_or_default())))
    }

    /// Does something with the thread's scope as if `values` were those of the member.
    pub fn as_if<T>(&self, values: &Map<String, Value>, what: impl FnOnce(&mut Scope<'s>) -> T) -> T {
        let mut scope = self.scope.borrow_mut();
        scope.about(values);
        let out = what(&mut scope);
        scope.speak_of(Arc::clone(&self.values));
        out
    }

    /// What was found, the texts of the files that findings point into, the files that were read, the rules that were
    /// applied.
    pub fn collect(self) -> Collected {
        let diagnostics = self.found.into_inner();
        let mut sources = BTreeMap::new();
        for finding in &diagnostics {
            let reasons = finding.reasons.iter().filter_map(|reason| reason.at.as_ref());
            for place in reasons.chain([&finding.at]) {
                if place.span.is_some()
                    && let Some(text) = self.texts.text(&place.path)
                {
                    sources.insert(place.path.clone(), text);
                }
            }
            for (path, _) in finding.fix.iter().flat_map(|fix| &fix.files) {
                if let Some(text) = self.texts.text(path) {
                    sources.insert(path.clone(), text);
                }
            }
        }
        Collected {
            diagnostics,
            sources,
            files: self.texts.count(),
            applied: self.applied.into_inner(),
            unchecked: self.unchecked.into_inner(),
            coverage: self.coverage.into_inner(),
            faulty: self
                .faults
                .into_inner()
                .into_iter()
                .map(|(path, _)| path)
                .collect(),
        }
    }
}

/// What remains of a context.
#[derive(Default)]
pub struct Collected {
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of the files that findings point into.
    pub sources: BTreeMap<String, Arc<str>>,
    /// How many files were inspected.
    pub files: usize,
    /// The rules that were applied, each once.
    pub applied: Vec<&'static str>,
    /// What was not checked.
    pub unchecked: Vec<Unchecked>,
    /// What the member has of its contracts and sites, if that was noted.
    pub coverage: Option<Coverage>,
    /// The files that cannot be parsed.
    pub faulty: Vec<String>,
}
