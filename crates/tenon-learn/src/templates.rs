//! The text of a new member's files: that of the smallest sound member, with holes for its name.

use std::collections::{BTreeMap, BTreeSet};

use tenon_engine::host::{Host, HostPath};
use tenon_syntax::entry::learn::{NameIndex, TemplateText, spelled};
use tenon_text::diag::Result;
use tenon_text::names::in_dir;

use crate::members::Members;
use crate::own_files::OwnFile;

/// The share of members that must have a file for it to be required of all, in percent; those that have it not are exceptions.
const REQUIRED: usize = 75;

/// A folder of templates.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// The directory in the host in which its files stand: a template; nothing for the home.
    pub dir: Option<String>,
    /// Its files: the name of each as a template, and its text.
    pub files: BTreeMap<String, String>,
    /// The files that nearly all members have: the name of each as a template, and the members that have it.
    pub required: BTreeMap<String, BTreeSet<usize>>,
}

/// The templates of what members have: those of the home, then those of each directory elsewhere.
///
/// # Errors
/// If a file of the host cannot be read.
pub fn make(host: &Host, found: &Members, own: &[OwnFile]) -> Result<Vec<Folder>> {
    let mut home = Folder::default();
    let mut elsewhere: BTreeMap<String, Folder> = BTreeMap::new();
    let sample = sample(host, found, own);
    for file in own {
        let Some(text) = text(host, found, file, &sample)? else {
            continue;
        };
        let having: BTreeSet<usize> = file.members.keys().copied().collect();
        let is_required = having.len() * 100 >= found.all.len() * REQUIRED;
        if file.is_elsewhere || found.home.is_file {
            let template = if file.is_elsewhere { file.template.clone() } else { found.home.pattern().replace("{name}", "{{name}}") };
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

/// Members in the order in which they are taken as examples: those that have most of the files first, and of these the smallest.
fn sample(host: &Host, found: &Members, own: &[OwnFile]) -> Vec<usize> {
    let mut out: Vec<(usize, u64, usize)> = (0..found.all.len())
        .map(|number| {
            let files: Vec<&String> = own.iter().filter_map(|file| file.members.get(&number)).collect();
            let paths = files.iter().filter_map(|path| HostPath::new(path).ok());
            let size: u64 = paths.filter_map(|path| host.size(&path)).sum();
            (own.len() - files.len(), size, number)
        })
        .collect();
    out.sort_unstable();
    out.into_iter().map(|(.., number)| number).collect()
}

/// The text of the file as the first of `sample` that has it shows it; nothing if it is no text.
fn text(host: &Host, found: &Members, file: &OwnFile, sample: &[usize]) -> Result<Option<String>> {
    let Some((number, path)) = sample.iter().find_map(|number| Some((*number, file.members.get(number)?))) else {
        return Ok(None);
    };
    let Some(bytes) = host.read_bytes(&HostPath::new(path)?)? else {
        return Ok(None);
    };
    let Ok(text) = String::from_utf8(bytes) else {
        return Ok(None);
    };
    let name = &found.all[number].name;
    let index = NameIndex::new([name.as_str()]);
    let mut out = TemplateText::default();
    let mut done = 0;
    for it in index.find(&text) {
        out.plain(&text[done..it.span.start]);
        out.expression(&spelled([(name.as_str(), &text[it.span.range()])]).expression());
        done = it.span.end;
    }
    out.plain(&text[done..]);
    Ok(Some(out.finish()))
}
