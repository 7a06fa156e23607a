//! The files that members have: below their homes, and elsewhere in the host under a path that has the name.

use std::collections::{BTreeMap, BTreeSet};

use tenon_syntax::entry::learn::NameIndex;

use crate::alike;
use crate::members::Members;

/// The least share of members, in percent, whose files become an option, and the least count.
const SOME: usize = 20;
const LEAST_SOME: usize = 3;
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
    /// Those of them whose path is exactly what the template makes of the name: a check looks for it there.
    pub exact: BTreeSet<usize>,
}

/// The files that at least half of the members have, or more than half of `recent`: what people make today counts, too. Beside them those
/// that some members have.
pub fn find(
    found: &Members,
    all: &[String],
    index: &NameIndex,
    recent: &[usize],
) -> (Vec<OwnFile>, Vec<OwnFile>) {
    let names = found.names();
    let mut below: Vec<(usize, &str)> = Vec::new();
    for (number, member) in found.all.iter().enumerate() {
        if found.home.is_file {
            below.push((number, ""));
        }
        below.extend(member.files.iter().map(|file| (number, file.as_str())));
    }
    let elsewhere = all.iter().filter(|path| found.owner(path).is_none());
    let elsewhere: Vec<(usize, &str)> = elsewhere
        .filter_map(|path| {
            let members: BTreeSet<usize> = index.find(path).iter().map(|it| it.member).collect();
            let mut members = members.into_iter();
            let only = members.next().filter(|_| members.next().is_none())?;
            Some((only, path.as_str()))
        })
        .collect();
    let half = found.all.len().div_ceil(2);
    let (mut out, mut some) = (Vec::new(), Vec::new());
    let groups = alike::groups(below, &names, index).into_iter();
    let groups = groups.map(|group| (false, group));
    let elsewhere = alike::groups(elsewhere, &names, index).into_iter();
    for (is_elsewhere, group) in groups.chain(elsewhere.map(|group| (true, group))) {
        let path = |(member, text): (usize, String)| {
            let home = &found.all[member].home;
            let path = match (is_elsewhere, found.home.is_file) {
                (true, _) => text,
                (false, true) => home.clone(),
                (false, false) => format!("{home}/{text}"),
            };
            (member, path)
        };
        let exact: BTreeSet<usize> = group.exact(&names).into_iter().collect();
        let template = group.template;
        let members: BTreeMap<usize, String> = group.texts.into_iter().map(path).collect();
        let recently = recent
            .iter()
            .filter(|member| members.contains_key(*member))
            .count();
        let is_of_today = recent.len() >= LEAST_RECENT
            && recently * 2 > recent.len()
            && members.len() * 4 >= found.all.len();
        let is_usual = members.len() >= half || is_of_today;
        let has_some = exact.len() >= LEAST_SOME && exact.len() * 100 >= found.all.len() * SOME;
        if !is_usual && !has_some {
            continue;
        }
        let list = if is_usual { &mut out } else { &mut some };
        list.push(OwnFile {
            template,
            is_elsewhere,
            members,
            exact,
        });
    }
    (out, some)
}
