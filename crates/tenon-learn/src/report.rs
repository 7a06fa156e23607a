//! What was found, for people.

use serde::Serialize;

use crate::members::Members;
use crate::own_files::OwnFile;
use crate::sites::LearntSite;

/// What was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Where the members are: `plugins/{name}`.
    pub home: String,
    /// The names of the members.
    pub members: Vec<String>,
    /// Siblings that are no members.
    pub others: Vec<String>,
    /// The files that members have.
    pub files: Vec<Seen>,
    /// The lists that members stand in.
    pub sites: Vec<Seen>,
}

/// Something that most members have.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// What: a path, for a site with its entry.
    pub what: String,
    /// The entry of a site, as the pack has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// How many members have it.
    pub count: usize,
    /// Of how many.
    pub of: usize,
    /// The members that have it not.
    pub without: Vec<Outlier>,
}

/// A member that is not as the others.
#[derive(Clone, Debug, Serialize)]
pub struct Outlier {
    /// Its name.
    pub member: String,
}

/// The report about what was learnt.
pub(crate) fn of(found: &Members, own: &[OwnFile], sites: &[LearntSite]) -> Report {
    let names = found.names();
    let seen = |what: String, entry: Option<String>, has: &dyn Fn(usize) -> bool| {
        let without: Vec<Outlier> = (0..names.len())
            .filter(|number| !has(*number))
            .map(|number| Outlier { member: names[number].clone() })
            .collect();
        Seen {
            what,
            entry,
            count: names.len() - without.len(),
            of: names.len(),
            without,
        }
    };
    Report {
        home: found.home.pattern(),
        members: names.clone(),
        others: found.others.clone(),
        files: own
            .iter()
            .map(|file| seen(file.template.clone(), None, &|number| file.members.contains_key(&number)))
            .collect(),
        sites: sites
            .iter()
            .map(|site| seen(site.file.clone(), Some(site.entry.clone()), &|number| site.members.contains(&number)))
            .collect(),
    }
}
