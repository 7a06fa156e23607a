//! The files that members have: below their homes, and elsewhere in the host under a path that has the name.

use std::collections::{BTreeMap, BTreeSet};

use tenon_syntax::entry::learn::{NameIndex, TemplateText, spelled};

use crate::members::Members;

/// Fewer members that were added lately do not show what is usual today.
const LEAST_RECENT: usize = 3;

/// A file that many members have.
#[derive(Clone, Debug)]
pub struct OwnFile {
    /// Its path as a template: below the home, or in the host if it is elsewhere.
    pub template: String,
    /// Whether it is not below the home.
    pub is_elsewhere: bool,
    /// The members that have it, and the path in the host that it has there.
    pub members: BTreeMap<usize, String>,
}

/// The files that at least half of the members have, or two fifths of those of `recent`: what people make today counts, too.
pub fn find(found: &Members, all: &[String], index: &NameIndex, recent: &[usize]) -> Vec<OwnFile> {
    let names = found.names();
    let mut shapes: BTreeMap<(bool, String), Vec<Place>> = BTreeMap::new();
    for (number, member) in found.all.iter().enumerate() {
        if found.home.is_file {
            shapes.entry((false, String::new())).or_default().push(Place {
                member: number,
                path: member.home.clone(),
                named: vec![],
            });
        }
        for file in &member.files {
            let path = format!("{}/{file}", member.home);
            let (shape, named) = masked(file, number, index);
            shapes.entry((false, shape)).or_default().push(Place {
                member: number,
                path,
                named,
            });
        }
    }
    for path in all.iter().filter(|path| found.owner(path).is_none()) {
        let members: BTreeSet<usize> = index.find(path).iter().map(|it| it.member).collect();
        if members.len() != 1 {
            continue;
        }
        for member in members {
            let (shape, named) = masked(path, member, index);
            shapes.entry((true, shape)).or_default().push(Place {
                member,
                path: path.clone(),
                named,
            });
        }
    }
    let half = found.all.len().div_ceil(2);
    let mut out = Vec::new();
    for ((is_elsewhere, shape), places) in shapes {
        let members: BTreeMap<usize, String> = places
            .iter()
            .map(|place| (place.member, place.path.clone()))
            .collect();
        let recently = recent
            .iter()
            .filter(|member| members.contains_key(*member))
            .count();
        let is_of_today =
            recent.len() >= LEAST_RECENT && recently * 5 >= recent.len() * 2 && members.len() >= LEAST_RECENT;
        if members.len() < half && !is_of_today {
            continue;
        }
        out.push(OwnFile {
            template: template(&shape, &places, &names),
            is_elsewhere,
            members,
        });
    }
    out
}

/// A file of a member.
struct Place {
    member: usize,
    path: String,
    /// The texts in the path that name the member.
    named: Vec<String>,
}

/// `path` with a mark for each name of `member`, and the texts that name it.
fn masked(path: &str, member: usize, index: &NameIndex) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut named = Vec::new();
    let mut done = 0;
    for it in index.find(path).iter().filter(|it| it.member == member) {
        out.push_str(&path[done..it.span.start]);
        out.push('\u{0}');
        named.push(path[it.span.range()].to_owned());
        done = it.span.end;
    }
    out.push_str(&path[done..]);
    (out, named)
}

fn template(shape: &str, places: &[Place], names: &[String]) -> String {
    let mut out = TemplateText::default();
    for (number, text) in shape.split('\u{0}').enumerate() {
        if number > 0 {
            let texts = places.iter().filter_map(|place| {
                Some((
                    names[place.member].as_str(),
                    place.named.get(number - 1)?.as_str(),
                ))
            });
            out.expression(&spelled(texts).expression());
        }
        out.plain(text);
    }
    out.finish()
}
