//! Finds the members of a host: siblings of one shape below one directory.

use std::collections::{BTreeMap, BTreeSet};

use tenon_text::diag::{Error, Result};
use tenon_text::names::{extension, in_case, in_dir, normal};

/// What stands in a pattern for the name of a member.
pub const NAME: &str = "{name}";
/// Fewer members show no shape.
const LEAST: usize = 3;

/// Where members are: what stands before and behind their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// What stands before the name.
    pub before: String,
    /// What stands behind it: the extension if a member is a file.
    pub behind: String,
    /// Whether a member is a file.
    pub is_file: bool,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its directory or file.
    pub home: String,
    /// Its files, relative to the home; a member that is a file has none.
    pub files: Vec<String>,
}

/// The members of a host.
#[derive(Clone, Debug)]
pub struct Members {
    /// Where they are.
    pub home: Home,
    /// They, sorted by name.
    pub all: Vec<Member>,
    /// The names of siblings that are none.
    pub others: Vec<String>,
    /// The files of these, relative to their homes.
    pub other_files: BTreeMap<String, Vec<String>>,
}

impl Home {
    /// The home as a pattern: `plugins/{name}`.
    pub fn pattern(&self) -> String {
        format!("{}{NAME}{}", self.before, self.behind)
    }

    /// The name of the member that the file at `path` belongs to, and the rest of the path behind its home.
    fn split<'p>(&self, path: &'p str) -> Option<(&'p str, &'p str)> {
        let rest = path.strip_prefix(self.before.as_str())?;
        if self.is_file {
            let name = rest.strip_suffix(self.behind.as_str())?;
            return (!name.contains('/')).then_some((name, ""));
        }
        let (name, rest) = rest.split_once('/')?;
        Some((name.strip_suffix(self.behind.as_str())?, rest))
    }

    /// What a member is called: the last word of the directory, in the singular.
    pub fn kind(&self) -> String {
        let is_word = |part: &&str| part.chars().any(char::is_alphanumeric);
        let word = in_case("kebab", self.before.rsplit('/').find(is_word).unwrap_or("member"));
        if let Some(stem) = word.strip_suffix("ies") {
            return format!("{stem}y");
        }
        let singular = word
            .strip_suffix('s')
            .filter(|stem| stem.len() > 2 && !stem.ends_with('s'));
        singular.unwrap_or(&word).to_owned()
    }

    /// The name of the sibling whose file `path` is.
    pub fn name_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.split(path)
            .map(|(name, _)| name)
            .filter(|name| is_name(name))
    }
}

impl Members {
    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.all.iter().map(|member| member.name.clone()).collect()
    }

    /// The number of the member whose file `path` is.
    pub fn owner(&self, path: &str) -> Option<usize> {
        let name = self.home.name_of(path)?;
        self.all
            .binary_search_by(|member| member.name.as_str().cmp(name))
            .ok()
    }

    /// The number from which on something is usual: a third of the members, at least two.
    pub fn usual(&self) -> usize {
        (self.all.len() * 34).div_ceil(100).max(2)
    }
}

/// Whether a directory or file of this name can be a member.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(char::is_alphanumeric) && normal(name).len() > 1
}

/// The members that `place` means among the files `all` of a host, but those called as `except` says.
///
/// # Errors
/// If there are too few.
pub fn find(all: &[String], place: &str, except: &[String]) -> Result<Members> {
    let place = place.trim_start_matches("./").trim_end_matches('/');
    let place = if place == "." { "" } else { place };
    let is_there = |path: &String| {
        path.strip_prefix(place)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if !place.contains(NAME) && !place.is_empty() && !all.iter().any(is_there) {
        return Err(
            Error::new(format!("there is no file at `{}`", place.escape_debug()))
                .because("where there is git, only files that it tracks count")
                .help("without WHERE, `tenon learn` lists where members may be"),
        );
    }
    let homes = homes(all, place);
    let mut best: Option<Members> = None;
    for home in homes {
        let found = of_home(all, home, except);
        if best.as_ref().is_none_or(|best| found.all.len() > best.all.len()) {
            best = Some(found);
        }
    }
    match best.filter(|best| best.all.len() >= LEAST) {
        Some(best) => Ok(best),
        None => Err(Error::new(format!("there are no members at `{}`", place.escape_debug()))
            .because(format!("{LEAST} directories or files of one shape are needed to learn from"))
            .help("name a member (`plugins/mail`), the directory of the members (`plugins`), or a path with a hole (`packages/plugin-{name}`)")),
    }
}

/// Where the members may be that `place` means.
fn homes(all: &[String], place: &str) -> Vec<Home> {
    let home = |before: String, behind: &str, is_file: bool| Home {
        before,
        behind: behind.to_owned(),
        is_file,
    };
    if let Some((before, behind)) = place.split_once(NAME) {
        return [false, true]
            .map(|is_file| home(before.to_owned(), behind, is_file))
            .into();
    }
    let dir = |path: &str| {
        if path.is_empty() {
            String::new()
        } else {
            format!("{path}/")
        }
    };
    let below = dir(place);
    let inside = || all.iter().filter_map(|path| path.strip_prefix(below.as_str()));
    let mut out = vec![home(below.clone(), "", false)];
    let extensions: BTreeSet<&str> = inside()
        .filter(|path| !path.contains('/'))
        .filter_map(extension)
        .collect();
    out.extend(
        extensions
            .into_iter()
            .map(|extension| home(below.clone(), &format!(".{extension}"), true)),
    );
    let is_directory_of_members = out
        .iter()
        .any(|home| of_home(all, home.clone(), &[]).all.len() >= LEAST);
    if !is_directory_of_members {
        // It is a member.
        let (parent, name) = in_dir(place);
        out = match extension(name) {
            Some(extension) if all.iter().any(|path| path == place) => {
                vec![home(dir(parent), &format!(".{extension}"), true)]
            }
            _ => vec![home(dir(parent), "", false)],
        };
    }
    out
}

fn of_home(all: &[String], home: Home, except: &[String]) -> Members {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for path in all {
        // A file that is called by what stands behind the names is no sibling.
        let Some((name, rest)) = home.split(path).filter(|(name, _)| !name.is_empty()) else {
            continue;
        };
        let files = found.entry(name).or_default();
        if !home.is_file {
            files.push(rest.to_owned());
        }
    }
    // `mail_test.go` beside `mail.go` is a file of the member.
    let names: BTreeSet<&str> = found.keys().copied().collect();
    let belongs = |name: &str| {
        let ends = ["_test", ".test", ".spec", "-test", "-spec", "_spec", ".d"];
        ends.iter()
            .filter_map(|end| name.strip_suffix(end))
            .any(|name| names.contains(name))
    };
    let no_member = |name: &str| !is_name(name) || (home.is_file && (belongs(name) || is_of_all(name)));
    let mut others: Vec<String> = found
        .keys()
        .filter(|name| no_member(name))
        .map(|name| (*name).to_owned())
        .collect();
    if !home.is_file {
        // What has no file that most of them have is no member.
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (name, files) in found.iter().filter(|(name, _)| is_name(name)) {
            let shapes: BTreeSet<String> = files.iter().map(|file| shape(file, name)).collect();
            for shape in shapes {
                *counts.entry(shape).or_default() += 1;
            }
        }
        let half = found.len().div_ceil(2);
        let is_usual = |file: &String, name: &str| counts.get(&shape(file, name)) >= Some(&half);
        let has_usual = counts.values().any(|count| *count >= half);
        let is_member =
            |name: &str, files: &[String]| !has_usual || files.iter().any(|file| is_usual(file, name));
        others.extend(
            found
                .iter()
                .filter(|(name, files)| !is_member(name, files))
                .map(|(name, _)| (*name).to_owned()),
        );
    }
    others.extend(
        found
            .keys()
            .filter(|name| except.iter().any(|other| other == *name))
            .map(|name| (*name).to_owned()),
    );
    others.sort_unstable();
    others.dedup();
    let other_files = found
        .iter()
        .filter(|(name, _)| others.iter().any(|other| other == *name))
        .map(|(name, files)| ((*name).to_owned(), files.clone()))
        .collect();
    let all = found
        .into_iter()
        .filter(|(name, _)| !others.iter().any(|other| other == name))
        .map(|(name, files)| Member {
            name: name.to_owned(),
            home: format!("{}{name}{}", home.before, home.behind),
            files,
        })
        .collect();
    Members {
        home,
        all,
        others,
        other_files,
    }
}

/// Names of files that speak of all others in their directory.
pub fn is_of_all(name: &str) -> bool {
    matches!(
        name,
        "index"
            | "mod"
            | "main"
            | "lib"
            | "init"
            | "base"
            | "types"
            | "utils"
            | "util"
            | "helpers"
            | "common"
    )
}

/// A path with the name of its member taken out.
fn shape(file: &str, name: &str) -> String {
    file.replace(name, NAME)
}
