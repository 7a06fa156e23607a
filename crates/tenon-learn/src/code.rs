//! What the members' sources declare: where each member has the same file, what it exports there, and its classes.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use tenon_engine::host::{Host, HostPath};
use tenon_syntax::Source;
use tenon_syntax::class::Class;
use tenon_syntax::language::{Lang, PackageEntry};
use tenon_syntax::languages::Opened;
use tenon_syntax::sources::{Export, ExportKind};
use tenon_text::names::extension;

use crate::members::Members;
use crate::own_files::OwnFile;

/// What stands in templates for the directory, or the file, of a member.
pub const HOME: &str = "{{home}}";
/// The largest source that is looked at.
const MAX_SIZE: u64 = 512 * 1024;

/// The sources of the members.
pub struct Code<'h> {
    /// The host.
    pub host: &'h Host,
    /// Their language.
    pub language: Lang,
    /// What reads them.
    pub sources: Opened<'h>,
    /// The files that most members have, in the order of their paths; where a package is a directory, the home.
    pub places: Vec<Place>,
}

/// A file, or package, that most members have.
pub struct Place {
    /// It, as rules of a pack name it: a template.
    pub file: String,
    /// Its sources, as rules of a pack name them: a template, and a pattern.
    pub pattern: String,
    /// Of each member that has it: the path that is asked for names, and the sources.
    pub of: BTreeMap<usize, (String, Vec<String>)>,
}

/// A class that a member exports.
#[derive(Clone)]
pub struct OwnClass {
    /// The name under which it is exported.
    pub name: String,
    /// The file that declares it.
    pub file: String,
    /// The class.
    pub class: Rc<Class>,
}

impl<'h> Code<'h> {
    /// Reads the sources of the members.
    pub fn read(host: &'h Host, language: Lang, found: &Members, own: &[OwnFile]) -> Self {
        let sources = language.open(host as &dyn Source, &PackageEntry::default());
        let mut out = Self {
            host,
            language,
            sources,
            places: vec![],
        };
        out.places = out
            .packages(found)
            .map_or_else(|| out.files(found, own), |package| vec![package]);
        out
    }

    /// The homes, where a package is a directory.
    fn packages(&self, found: &Members) -> Option<Place> {
        if found.home.is_file {
            return None;
        }
        let mut of = BTreeMap::new();
        for (number, member) in found.all.iter().enumerate() {
            if self.sources.own_exports(&member.home).is_empty() {
                continue;
            }
            let direct = member.files.iter().filter(|file| !file.contains('/'));
            let paths = direct.map(|file| format!("{}/{file}", member.home));
            of.insert(
                number,
                (
                    member.home.clone(),
                    paths.filter(|path| self.is_source(path)).collect(),
                ),
            );
        }
        let extension = self.language.source_extensions().first()?;
        (!of.is_empty()).then(|| Place {
            file: HOME.to_owned(),
            pattern: format!("{HOME}/*.{extension}"),
            of,
        })
    }

    /// The files of the members, where each is a module.
    fn files(&self, found: &Members, own: &[OwnFile]) -> Vec<Place> {
        let mut out = Vec::new();
        for file in own.iter().filter(|file| !file.is_elsewhere) {
            let of: BTreeMap<usize, (String, Vec<String>)> = file
                .members
                .iter()
                .filter(|(_, path)| self.is_source(path))
                .map(|(number, path)| (*number, (path.clone(), vec![path.clone()])))
                .collect();
            if of.len() * 2 < found.all.len() {
                continue;
            }
            let path = match found.home.is_file {
                true => HOME.to_owned(),
                false => format!("{HOME}/{}", file.template),
            };
            out.push(Place {
                file: path.clone(),
                pattern: path,
                of,
            });
        }
        out
    }

    /// Whether the file at `path` is code of the language that people wrote, and no test.
    fn is_source(&self, path: &str) -> bool {
        let is_code = extension(path).is_some_and(|own| self.language.source_extensions().contains(&own));
        is_code && {
            let is_small = HostPath::new(path)
                .ok()
                .and_then(|path| self.host.size(&path))
                .is_some_and(|size| size <= MAX_SIZE);
            is_small
                && self
                    .text(path)
                    .is_some_and(|text| !self.language.is_aside(path, &text))
        }
    }

    /// The text of a file of the host.
    pub fn text(&self, path: &str) -> Option<std::sync::Arc<str>> {
        (self.host as &dyn Source).text(path)
    }

    /// What the file or package at `path` exports.
    pub fn exports(&self, path: &str) -> Vec<(String, Export)> {
        let mut names = self.sources.own_exports(path);
        names.retain(|name| !name.starts_with('_'));
        let export = |name: String| Some((name.clone(), self.sources.export_of(path, &name)?));
        names.into_iter().filter_map(export).collect()
    }

    /// The classes that it exports.
    pub fn classes(&self, path: &str) -> Vec<OwnClass> {
        let all = self.exports(path).into_iter();
        let classes = all.filter(|(_, export)| is_class(export.kind));
        classes
            .filter_map(|(name, export)| {
                Some(OwnClass {
                    name,
                    class: self.sources.class(&export.file, &export.local)?,
                    file: export.file,
                })
            })
            .collect()
    }

    /// The sources of the host that are no member's, of those at `all`.
    pub fn of_host<'p>(&self, all: &'p [String], found: &Members) -> Vec<&'p String> {
        all.iter()
            .filter(|path| found.owner(path).is_none() && self.is_source(path))
            .collect()
    }

    /// The words of the sources of a place that begin with a capital, and in how many members each stands.
    pub fn words(&self, place: &Place) -> BTreeMap<String, usize> {
        let mut out: BTreeMap<String, usize> = BTreeMap::new();
        for (_, paths) in place.of.values() {
            let texts: Vec<_> = paths.iter().filter_map(|path| self.text(path)).collect();
            let words: BTreeSet<&str> = texts
                .iter()
                .flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_'))
                .filter(|word| word.starts_with(char::is_uppercase))
                .collect();
            for word in words {
                *out.entry(word.to_owned()).or_default() += 1;
            }
        }
        out
    }
}

/// Whether members may be classes of this kind.
pub fn is_class(kind: ExportKind) -> bool {
    matches!(kind, ExportKind::Class | ExportKind::AbstractClass)
}
