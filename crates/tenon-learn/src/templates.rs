//! The text of a new member's files: that of the smallest sound member, with holes for its name.

use std::collections::{BTreeMap, BTreeSet};

use tenon_engine::host::{Host, HostPath};
use tenon_syntax::Source;
use tenon_syntax::entry::learn::{NameIndex, Spelled, TemplateText, spelled};
use tenon_syntax::entry::{Document, Syntax};
use tenon_syntax::language::{Lang, PackageEntry};
use tenon_syntax::sources::ImportTarget;
use tenon_syntax::tree::error_count;
use tenon_text::diag::{Result, Span};
use tenon_text::names::in_dir;

use crate::found::LearntSite;
use crate::members::Members;
use crate::options::LearntOption;
use crate::own_files::OwnFile;
use crate::rules::LearntRule;

/// The share of members that must have a file for it to be required of all, in percent; those that have it not are exceptions.
const REQUIRED: usize = 75;

/// For how many of the best members the imports are followed.
const BEST: usize = 24;

/// A line that fewer than this part of the members have is special.
const SPECIAL: usize = 5;

/// How many members are asked how they write their names.
const MAX_HABITS: usize = 12;

/// A folder of templates.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// The directory in the host in which its files stand: a template; nothing for the home.
    pub dir: Option<String>,
    /// The option with which they are made, if not always.
    pub option: Option<String>,
    /// Its files: the name of each as a template, and its text.
    pub files: BTreeMap<String, String>,
    /// The files that nearly all members have: the name of each as a template, and the members that have it.
    pub required: BTreeMap<String, BTreeSet<usize>>,
}

impl Folder {
    /// Leaves out the file called `name`.
    pub fn drop(&mut self, name: &str) {
        self.files.remove(name);
        self.required.remove(name);
    }
}

/// The templates of what members have, and of what each of `options` adds. Files and options of which no template can be made are left
/// out of `options`.
///
/// # Errors
/// If a file of the host cannot be read.
pub fn make(
    host: &Host,
    found: &Members,
    own: &[OwnFile],
    options: &mut Vec<LearntOption>,
    (rules, sites): (&[LearntRule], &[LearntSite]),
) -> Result<Vec<Folder>> {
    let sample = sample(host, found, own, (rules, sites));
    let mut files: Vec<&OwnFile> = own.iter().collect();
    let mut out = folders(host, found, &mut files, &sample)?;
    for option in options.iter_mut() {
        let mut files: Vec<&OwnFile> = option.files.iter().collect();
        let made = folders(host, found, &mut files, &sample)?;
        // Who has one of them must have the others. A file elsewhere may be there before its member, and tells nothing.
        let count = files.iter().filter(|file| !file.is_elsewhere).count();
        for mut folder in made {
            folder.option = Some(option.id.clone());
            let is_required = count > 1 && folder.dir.is_none();
            let names = folder.files.keys().filter(|_| is_required);
            folder.required = names
                .map(|name| (name.clone(), option.members().clone()))
                .collect();
            out.push(folder);
        }
        option.files = files.into_iter().cloned().collect();
    }
    options.retain(|option| !option.files.is_empty());
    Ok(out)
}

/// The templates of `files`: those of the home, then those of each directory elsewhere. Of what is no text none is made: it is left out
/// of `files`.
fn folders(host: &Host, found: &Members, files: &mut Vec<&OwnFile>, sample: &[usize]) -> Result<Vec<Folder>> {
    let mut home = Folder::default();
    let mut elsewhere: BTreeMap<String, Folder> = BTreeMap::new();
    for file in std::mem::take(files) {
        let Some(text) = text(host, found, file, sample)? else {
            continue;
        };
        files.push(file);
        let having = file.exact.clone();
        // A member that is a file is none without it.
        let is_member = found.home.is_file && !file.is_elsewhere;
        let is_required = !is_member && having.len() * 100 >= found.all.len() * REQUIRED;
        if file.is_elsewhere || found.home.is_file {
            let template = if file.is_elsewhere {
                file.template.clone()
            } else {
                found.home.pattern().replace("{name}", "{{name}}")
            };
            let (dir, name) = in_dir(&template);
            let folder = elsewhere.entry(dir.to_owned()).or_insert_with(|| Folder {
                dir: Some(dir.to_owned()),
                ..Folder::default()
            });
            folder.files.insert(name.to_owned(), text);
            if is_required {
                folder.required.insert(name.to_owned(), having);
            }
        } else {
            home.files.insert(file.template.clone(), text);
            if is_required {
                home.required.insert(file.template.clone(), having);
            }
        }
    }
    let mut out = Vec::new();
    if !home.files.is_empty() {
        out.push(home);
    }
    out.extend(elsewhere.into_values());
    Ok(out)
}

/// Members in the order in which they are taken as examples. First those that lack the fewest files, rules and usual list entries, and
/// whose files import the fewest files that a new member would not have. Then those whose name stands in the fewest unusual lines: the
/// name may also be that of a library, or an abbreviation that is spelt in another way. Then the smallest.
fn sample(
    host: &Host,
    found: &Members,
    own: &[OwnFile],
    (rules, sites): (&[LearntRule], &[LearntSite]),
) -> Vec<usize> {
    let usual: Vec<&LearntSite> = sites
        .iter()
        .filter(|site| site.members.len() * 2 >= found.all.len())
        .collect();
    let texts: Vec<Vec<(usize, String)>> = (0..found.all.len())
        .map(|number| {
            let files = own.iter().enumerate();
            let paths = files.filter_map(|(at, file)| Some((at, file.members.get(&number)?)));
            paths
                .filter_map(|(at, path)| Some((at, read(host, path).ok()??)))
                .collect()
        })
        .collect();
    let lines: Vec<BTreeSet<(usize, String)>> = texts
        .iter()
        .enumerate()
        .map(|(number, texts)| lines_of(&found.all[number].name, texts))
        .collect();
    let mut having: BTreeMap<&(usize, String), usize> = BTreeMap::new();
    for line in lines.iter().flatten() {
        *having.entry(line).or_default() += 1;
    }
    let mut out: Vec<(usize, usize, usize, usize)> = (0..found.all.len())
        .map(|number| {
            let count = own
                .iter()
                .filter(|file| file.members.contains_key(&number))
                .count();
            let size: usize = texts[number].iter().map(|(_, text)| text.len()).sum();
            // What stands in a file that only this member has, the files of a new one will lack.
            let says = |word: &str| texts[number].iter().any(|(_, text)| text.contains(word));
            let has = |rule: &&LearntRule| {
                !rule.except.contains(&number) && rule.what.words().into_iter().all(says)
            };
            let lacks = rules.len() - rules.iter().filter(has).count();
            let unlisted = usual
                .iter()
                .filter(|site| !site.members.contains(&number))
                .count();
            let is_special = |line: &&(usize, String)| having[line] * SPECIAL < found.all.len();
            let special = lines[number].iter().filter(is_special).count();
            (own.len() - count + lacks + unlisted, special, size, number)
        })
        .collect();
    out.sort_unstable();
    for best in out.iter_mut().take(BEST) {
        best.0 += imports_without_template(host, found, own, best.3);
    }
    let checked = out.len().min(BEST);
    out[..checked].sort_unstable();
    out.into_iter().map(|(.., number)| number).collect()
}

/// How many files of the member `number` its template files import that are no template files themselves: a new member would lack them.
fn imports_without_template(host: &Host, found: &Members, own: &[OwnFile], number: usize) -> usize {
    let paths: BTreeSet<&String> = own.iter().filter_map(|file| file.members.get(&number)).collect();
    let mut used = BTreeSet::new();
    for path in &paths {
        let Some(language) = Lang::of_path(path) else {
            continue;
        };
        let sources = language.open(host as &dyn Source, &PackageEntry::default());
        for import in sources.used(path) {
            if let ImportTarget::File(file) = sources.import_target(path, &import.specifier)
                && found.owner(&file) == Some(number)
                && !paths.contains(&file)
            {
                used.insert(file);
            }
        }
    }
    used.len()
}

/// The lines of `texts`, each with its number, that name the member, with a gap for the name and the letters in which it is written.
fn lines_of(name: &str, texts: &[(usize, String)]) -> BTreeSet<(usize, String)> {
    let index = NameIndex::new([name]);
    let mut out = BTreeSet::new();
    for (at, text) in texts {
        for it in index.find(text) {
            let begin = text[..it.span.start].rfind('\n').map_or(0, |at| at + 1);
            let end = text[it.span.end..]
                .find('\n')
                .map_or(text.len(), |at| it.span.end + at);
            let letters = Letters::of(&text[it.span.range()]);
            let line = format!(
                "{}\0{letters:?}{}",
                &text[begin..it.span.start],
                &text[it.span.end..end]
            );
            out.insert((*at, line.trim().to_owned()));
        }
    }
    out
}

/// The text of the file as the first of `sample` that has it, and whose text parses, shows it; nothing if it is no text.
fn text(host: &Host, found: &Members, file: &OwnFile, sample: &[usize]) -> Result<Option<String>> {
    let mut shown = None;
    for number in sample.iter().filter(|number| file.members.contains_key(*number)) {
        let path = &file.members[number];
        let Some(text) = read(host, path)? else {
            return Ok(None);
        };
        // What does not parse shows nothing.
        if Lang::of_path(path).is_none_or(|language| error_count(&language.parse(&text)) == 0) {
            shown = Some((*number, path, text));
            break;
        }
    }
    let Some((number, path, text)) = shown else {
        return Ok(None);
    };
    let habits = Habits::of(host, found, file)?;
    let name = &found.all[number].name;
    let spellings = named(&text, path, name).into_iter().map(|(span, context)| {
        let said = &text[span.range()];
        let usual = habits.helper(context, name, said);
        (span, usual.unwrap_or_else(|| spelled([(name.as_str(), said)])))
    });
    let mut out = TemplateText::default();
    out.piece(&text, Span::new(0, text.len()), spellings);
    Ok(Some(out.finish()))
}

fn read(host: &Host, path: &str) -> Result<Option<String>> {
    let bytes = host.read_bytes(&HostPath::new(path)?)?;
    Ok(bytes.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// Where a name stands, and in which letters it is written there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Context {
    /// Whether it is code, and neither a string nor a comment.
    is_code: bool,
    letters: Letters,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Letters {
    Small,
    Capital,
    First,
}

impl Letters {
    fn of(text: &str) -> Self {
        if text.chars().any(char::is_lowercase) {
            if text.starts_with(char::is_uppercase) {
                Self::First
            } else {
                Self::Small
            }
        } else if text.starts_with(char::is_uppercase) {
            Self::Capital
        } else {
            Self::Small
        }
    }
}

/// The places in `text`, the file at `path`, that name the member `name`.
fn named(text: &str, path: &str, name: &str) -> Vec<(Span, Context)> {
    let index = NameIndex::new([name]);
    let doc = Document::new(text, Syntax::of(path));
    index
        .find(text)
        .into_iter()
        .map(|it| {
            let context = Context {
                is_code: doc.is_code_at(it.span),
                letters: Letters::of(&text[it.span.range()]),
            };
            (it.span, context)
        })
        .collect()
}

/// How members whose names have several words write them: what a name of one word does not show.
#[derive(Debug, Default)]
struct Habits(BTreeMap<Context, Vec<(String, String)>>);

impl Habits {
    fn of(host: &Host, found: &Members, file: &OwnFile) -> Result<Self> {
        let mut out = Self::default();
        let mut count = 0;
        for (number, path) in &file.members {
            let name = &found.all[*number].name;
            if !name.contains(['-', '_']) || count >= MAX_HABITS {
                continue;
            }
            count += 1;
            let Some(text) = read(host, path)? else { continue };
            for (span, context) in named(&text, path, name) {
                out.0
                    .entry(context)
                    .or_default()
                    .push((name.clone(), text[span.range()].to_owned()));
            }
        }
        Ok(out)
    }

    /// The usual spelling at such a place, if it gives what `said` is for `name`.
    fn helper(&self, context: Context, name: &str, said: &str) -> Option<Spelled> {
        let known = self
            .0
            .get(&context)
            .map(|texts| spelled(texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))));
        // A name with hyphens is no identifier.
        let camel = Spelled {
            helper: Some("camel"),
            exact: 0,
        };
        let usual = known.filter(|usual| usual.exact > 0 && !(context.is_code && usual.helper.is_none()));
        let usual = usual.or((context.is_code && context.letters == Letters::Small).then_some(camel))?;
        (usual.write(name) == said).then_some(usual)
    }
}
