//! What the members' own files have in common beside that they are there: exports, classes, declarations, calls, values of manifests.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tenon_engine::host::Host;
use tenon_syntax::declared;
use tenon_syntax::entry::learn::NameIndex;
use tenon_syntax::language::Lang;
use tenon_syntax::sources::{ExportKind, ImportTarget};
use tenon_syntax::tree::Node;
use tenon_text::manifest::{self, ManifestFormat};
use tenon_text::names::in_dir;

use crate::alike::{self, Alike};
use crate::code::{Code, HOME, OwnClass, Place};
use crate::contracts::{Interfaces, LearntContract};
use crate::found::SharedFile;
use crate::members::Members;
use crate::own_files::OwnFile;

/// The share of members that may lack something in their files for it to be a rule all the same, in percent: they are exceptions. One may
/// always.
const EXCEPTIONS: usize = 10;
/// Fewer members show no rule.
const LEAST: usize = 3;
/// Fewer members do not show that a value that has nothing to do with their names is the same in all.
const LEAST_CONSTANT: usize = 5;
/// The longest text of a call's function.
const MAX_CALL: usize = 60;

/// What members have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearntRule {
    /// What it is.
    pub what: What,
    /// The file, as a pack names it: a template.
    pub file: String,
    /// The members that have it.
    pub members: BTreeSet<usize>,
    /// The members of which it is not expected.
    pub except: BTreeSet<usize>,
}

/// The kinds of rules that are learnt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Names that the file exports, each a template, and what each is.
    Exports(BTreeMap<String, &'static str>),
    /// The class that it exports under this name fulfils a contract, and has these decorators.
    Class(String, LearntContract, Vec<String>),
    /// Names that the file, or one of several, declares.
    Declares(BTreeSet<String>),
    /// A call: its text as a pattern, and what is called.
    Calls(String, String),
    /// What the sources use is declared in the manifest, at one of these pointers.
    Dependencies(&'static [&'static str]),
    /// A value of a manifest: its pointer and its text, both templates.
    Value(String, String),
}

impl What {
    /// Words that stand in the files of a member that has it.
    pub fn words(&self) -> Vec<&str> {
        let is_word = |name: &&str| !name.contains(['{', '*', ' ']);
        match self {
            Self::Exports(names) => names.keys().map(String::as_str).filter(is_word).collect(),
            Self::Class(name, ..) => std::iter::once(name.as_str()).filter(is_word).collect(),
            Self::Declares(names) => names.iter().map(String::as_str).collect(),
            Self::Calls(_, called) => vec![called],
            Self::Dependencies(_) | Self::Value(..) => vec![],
        }
    }

    /// It, for people.
    pub fn shown(&self) -> String {
        match self {
            Self::Exports(names) => {
                let names: Vec<String> = names.keys().map(|name| format!("`{name}`")).collect();
                names.join(", ")
            }
            Self::Class(export, contract, decorators) => {
                let decorators: Vec<String> =
                    decorators.iter().map(|name| format!(" with `{name}`")).collect();
                format!("`{export}` as a `{}`{}", contract.symbol, decorators.concat())
            }
            Self::Declares(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                names.join(", ")
            }
            Self::Calls(_, called) => format!("call of `{called}`"),
            Self::Dependencies(_) => "what its sources use".to_owned(),
            Self::Value(pointer, value) => format!("`{value}` at {pointer}"),
        }
    }
}

/// What the rules are learnt from.
pub struct Given<'g> {
    /// The host.
    pub host: &'g Host,
    /// Its members.
    pub found: &'g Members,
    /// Their files.
    pub own: &'g [OwnFile],
    /// All files of the host.
    pub all: &'g [String],
    /// The files in which members are listed.
    pub shared: &'g [SharedFile],
    /// The names of the members.
    pub index: &'g NameIndex,
}

/// The rules that hold for nearly all members.
pub fn find(given: &Given<'_>, code: &Code<'_>) -> Vec<LearntRule> {
    let names = given.found.names();
    let mut out = values(given, &names);
    let total = names.len();
    let counts = |place: &&Place| place.of.len() * 4 >= total * 3 && !is_test(in_dir(&place.file).1);
    for place in code.places.iter().filter(counts) {
        let mut known = BTreeSet::new();
        out.extend(classes(given, code, place, &names, &mut known));
        let exports = exports(given, code, place, &names);
        for rule in &exports {
            if let What::Exports(names) = &rule.what {
                known.extend(names.keys().cloned());
            }
        }
        out.extend(exports);
        out.extend(declarations(code, place, &known));
        out.extend(calls(given, code, place));
    }
    out.extend(dependencies(given, code));
    out.retain(|rule| rule.members.len() >= LEAST);
    out
}

/// That packages declare what they use, where members are packages.
fn dependencies(given: &Given<'_>, code: &Code<'_>) -> Option<LearntRule> {
    let (manifest, pointers) = code.language.declares_in()?;
    let mut own = given.own.iter().filter(|file| !file.is_elsewhere);
    let file = own.find(|file| file.template == manifest)?;
    let members: BTreeSet<usize> = file.members.keys().copied().collect();
    (members.len() * 4 >= given.found.all.len() * 3).then(|| LearntRule {
        what: What::Dependencies(pointers),
        file: format!("{HOME}/{manifest}"),
        members,
        except: BTreeSet::new(),
    })
}

/// Whether `having` of `of` members are so many that the others are exceptions.
pub fn is_usual(having: usize, of: usize) -> bool {
    having >= LEAST && of - having <= (of * EXCEPTIONS / 100).max(1)
}

/// The rule that what `members` have of those in `place` is expected of all of these.
fn rule(place: &Place, file: &str, what: What, members: BTreeSet<usize>) -> LearntRule {
    LearntRule {
        what,
        file: file.to_owned(),
        except: place
            .of
            .keys()
            .filter(|number| !members.contains(number))
            .copied()
            .collect(),
        members,
    }
}

/// Names that are exported by nearly all.
fn exports(given: &Given<'_>, code: &Code<'_>, place: &Place, names: &[String]) -> Vec<LearntRule> {
    let mut kinds: BTreeMap<(usize, String), ExportKind> = BTreeMap::new();
    for (number, (path, _)) in &place.of {
        for (name, export) in code.exports(path) {
            kinds.insert((*number, name), export.kind);
        }
    }
    let texts = kinds.keys().map(|(number, name)| (*number, name.as_str()));
    let mut found: BTreeMap<BTreeSet<usize>, BTreeMap<String, &'static str>> = BTreeMap::new();
    for group in alike::groups(texts, names, given.index) {
        let members: BTreeSet<usize> = group.exact(names).into_iter().collect();
        if !is_usual(members.len(), place.of.len()) {
            continue;
        }
        let own: BTreeSet<&'static str> = members
            .iter()
            .filter_map(|number| kinds.get(&(*number, group.texts[number].clone())))
            .map(|kind| exported(*kind))
            .collect();
        let mut own = own.into_iter();
        let kind = own.next().filter(|_| own.next().is_none()).unwrap_or("any");
        found.entry(members).or_default().insert(group.template, kind);
    }
    let rules = found.into_iter();
    rules
        .map(|(members, names)| rule(place, &place.file, What::Exports(names), members))
        .collect()
}

/// The word of a pack for what is exported.
fn exported(kind: ExportKind) -> &'static str {
    match kind {
        ExportKind::Class => "class",
        ExportKind::Const => "const",
        ExportKind::Function => "function",
        ExportKind::Namespace => "namespace",
        _ => "any",
    }
}

/// Classes that fulfil a contract of the host. `known` gets the names of the methods that are asked for by one.
fn classes(
    given: &Given<'_>,
    code: &Code<'_>,
    place: &Place,
    names: &[String],
    known: &mut BTreeSet<String>,
) -> Vec<LearntRule> {
    let mut all: BTreeMap<(usize, String), OwnClass> = BTreeMap::new();
    for (number, (path, _)) in &place.of {
        all.extend(
            code.classes(path)
                .into_iter()
                .map(|own| ((*number, own.name.clone()), own)),
        );
    }
    // Where members are listed, or what is used there, may stand what they have to be.
    let used = given.shared.iter().flat_map(|file| {
        let used = code.sources.used(&file.path).into_iter();
        let targets = used.filter_map(
            |used| match code.sources.import_target(&file.path, &used.specifier) {
                ImportTarget::File(to) => Some(to),
                _ => None,
            },
        );
        targets.collect::<Vec<_>>()
    });
    let used = used.map(|to| match Lang::of_path(&to) {
        Some(_) => in_dir(&to).0.to_owned(),
        None => to,
    });
    let dirs: BTreeSet<String> = given
        .shared
        .iter()
        .map(|file| in_dir(&file.path).0)
        .chain([
            in_dir(given.found.home.before.trim_end_matches('/')).0,
            given.found.home.before.trim_end_matches('/'),
        ])
        .map(str::to_owned)
        .chain(used)
        .collect();
    let interfaces = Interfaces::of(code, (given.found, given.all), place, &dirs);
    let mut out = Vec::new();
    let texts = all.keys().map(|(number, name)| (*number, name.as_str()));
    for group in alike::groups(texts, names, given.index) {
        if !is_usual(group.texts.len(), place.of.len()) {
            continue;
        }
        let own: Vec<&OwnClass> = group
            .texts
            .iter()
            .filter_map(|(number, name)| all.get(&(*number, name.clone())))
            .collect();
        let Some(contract) = interfaces.contract(&own) else {
            continue;
        };
        // A contract asks for its methods only of classes that a pack can name.
        let Some(export) = name_of(&group, names) else {
            continue;
        };
        known.extend(contract.methods.iter().cloned());
        let members = group.texts.keys().copied().collect();
        let what = What::Class(export, contract, decorators(&own));
        out.push(rule(place, &place.file, what, members));
    }
    for (export, contract) in interfaces.implemented(place) {
        known.extend(contract.methods.iter().cloned());
        let members = place.of.keys().copied().collect();
        let what = What::Class(export, contract, vec![]);
        out.push(rule(place, &place.file, what, members));
    }
    out
}

/// The names of the decorators that all of `classes` have, as the first has them.
fn decorators(classes: &[&OwnClass]) -> Vec<String> {
    let of = |own: &&OwnClass| -> Vec<String> {
        let written = own.class.decorators.iter();
        let names = written.map(|text| text.trim_start_matches('@').trim_start());
        names
            .map(|text| {
                text.split(['(', '<', ' ', '\n'])
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect()
    };
    let mut out = classes.first().map(of).unwrap_or_default();
    out.retain(|name| !name.is_empty() && classes.iter().all(|own| of(own).contains(name)));
    out
}

/// The name of the classes of a group, as a pack has it: a template, or a pattern where people spell the names of members freely.
fn name_of(group: &Alike, names: &[String]) -> Option<String> {
    if group.exact(names).len() == group.texts.len() {
        return Some(group.template.clone());
    }
    let (before, rest) = group.template.split_once("{{")?;
    let (_, behind) = rest.split_once("}}")?;
    let says_something = !before.is_empty() || !behind.is_empty();
    (says_something && !behind.contains("{{")).then(|| format!("{before}*{behind}"))
}

/// Names that nearly all declare, but those of `known`.
fn declarations(code: &Code<'_>, place: &Place, known: &BTreeSet<String>) -> Vec<LearntRule> {
    let mut found: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (number, (_, paths)) in &place.of {
        for tree in paths.iter().filter_map(|path| code.sources.tree(path)) {
            for name in declared::names(&tree, &is_test).into_keys() {
                found.entry(name).or_default().insert(*number);
            }
        }
    }
    let mut by_members: BTreeMap<BTreeSet<usize>, BTreeSet<String>> = BTreeMap::new();
    for (name, members) in found {
        if is_usual(members.len(), place.of.len()) && !known.contains(&name) {
            by_members.entry(members).or_default().insert(name);
        }
    }
    by_members
        .into_iter()
        .map(|(members, names)| rule(place, &place.pattern, What::Declares(names), members))
        .collect()
}

/// Whether what is called so is a test.
fn is_test(name: &str) -> bool {
    let words = name.split(|c: char| !c.is_alphanumeric());
    words
        .into_iter()
        .any(|word| matches!(word, "test" | "tests" | "spec"))
}

/// Calls that nearly all have, and that name the member.
fn calls(given: &Given<'_>, code: &Code<'_>, place: &Place) -> Vec<LearntRule> {
    let mut found: BTreeMap<(String, usize), BTreeSet<usize>> = BTreeMap::new();
    each_node(code, place, &mut |number, node| {
        let Some(arguments) = node.field("arguments") else {
            return true;
        };
        let text = node.text();
        let called = text
            .get(..arguments.range().start.saturating_sub(node.range().start))
            .unwrap_or_default()
            .trim();
        let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':');
        let is_plain = (3..=MAX_CALL).contains(&called.len()) && called.chars().all(is_path);
        let names_it = |text: &str| given.index.find(text).iter().any(|it| it.member == number);
        // It takes the name itself, or something that is called by it; not a sentence in which it occurs.
        let is_name = |text: &str| match text.starts_with(['"', '\'', '`']) {
            true => given.index.member(text.trim_matches(['"', '\'', '`'])) == Some(number),
            false => !text.contains(char::is_whitespace) && !text.contains(['"', '\'']) && names_it(text),
        };
        let of: Vec<Node<'_>> = arguments.children().filter(|child| child.is_named()).collect();
        if is_plain && !names_it(called) && of.iter().any(|argument| is_name(&argument.text())) {
            found
                .entry((called.to_owned(), of.len()))
                .or_default()
                .insert(number);
        }
        true
    });
    let usual = found
        .into_iter()
        .filter(|(_, members)| is_usual(members.len(), place.of.len()));
    usual
        .map(|((called, count), members)| {
            let pattern = format!("{called}({})", vec!["$_"; count].join(", "));
            rule(place, &place.pattern, What::Calls(pattern, called), members)
        })
        .collect()
}

/// Calls `look` with the nodes of the sources of `place`, but those in tests, and those below nodes of which it says no.
fn each_node(code: &Code<'_>, place: &Place, look: &mut dyn FnMut(usize, &Node<'_>) -> bool) {
    for (number, (_, paths)) in &place.of {
        for path in paths {
            let Some(tree) = code.sources.tree(path) else {
                continue;
            };
            let mut open = vec![tree.root()];
            while let Some(node) = open.pop() {
                let name = node.field("name").filter(|_| node.field("body").is_some());
                let is_test = name.is_some_and(|name| is_test(&name.text()));
                if !is_test && look(*number, &node) {
                    open.extend(node.children());
                }
            }
        }
    }
}

/// Values of manifests that follow from the name, paths that are the same in nearly all, and words that are the same in all.
fn values(given: &Given<'_>, names: &[String]) -> Vec<LearntRule> {
    let mut out = Vec::new();
    for file in given.own.iter().filter(|file| !file.is_elsewhere) {
        let Some(format) = ManifestFormat::of_path(&file.template) else {
            continue;
        };
        if file.members.len() * 4 < names.len() * 3 || given.found.home.is_file {
            continue;
        }
        let mut texts: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
        for (number, path) in &file.members {
            let Some(text) = (given.host as &dyn tenon_syntax::Source).text(path) else {
                continue;
            };
            let Ok(value) = manifest::read(&text, format, path) else {
                continue;
            };
            leaves(&value, "", &mut |pointer, text| {
                texts
                    .entry(pointer.to_owned())
                    .or_default()
                    .push((*number, text.to_owned()));
            });
        }
        for (pointer, texts) in texts {
            let all = texts.iter().map(|(number, text)| (*number, text.as_str()));
            for group in alike::groups(all, names, given.index) {
                let members: BTreeSet<usize> = group.exact(names).into_iter().collect();
                let is_path = group.template.contains('/') && !group.template.contains("://");
                let is_word = group.template.starts_with(char::is_alphabetic);
                let is_of_all = members.len() == names.len() && members.len() >= LEAST_CONSTANT;
                let says = group.is_named() || is_path || (is_word && is_of_all);
                if says
                    && !group.template.contains(char::is_whitespace)
                    && is_usual(members.len(), file.members.len())
                {
                    out.push(LearntRule {
                        what: What::Value(pointer.clone(), group.template),
                        file: format!("{HOME}/{}", file.template),
                        except: file
                            .members
                            .keys()
                            .filter(|number| !members.contains(number))
                            .copied()
                            .collect(),
                        members,
                    });
                }
            }
        }
    }
    out
}

/// Calls `look` with each text in `value`, and each yes or no, but those of arrays, and its pointer.
fn leaves(value: &Value, pointer: &str, look: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::String(text) => look(pointer, text),
        Value::Bool(true) => look(pointer, "true"),
        Value::Bool(false) => look(pointer, "false"),
        Value::Object(keys) => {
            for (key, value) in keys {
                let key = key.replace('~', "~0").replace('/', "~1");
                leaves(value, &format!("{pointer}/{key}"), look);
            }
        }
        _ => {}
    }
}
