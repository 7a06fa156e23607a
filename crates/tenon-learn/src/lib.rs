//! Learns a pack from the members that a host has: what one consists of, and where it is listed.
//!
//! Comes in: a [`Host`] and where its members are. Goes out: [`Learnt`], the files of a pack and what was found. Reads only.
//!
//! | module | what it does |
//! |---|---|
//! | [`members`] | finds the members: siblings of one shape |
//! | `own_files` | the files that members have, by path |
//! | `shared` | the files of the host that name most members |
//! | `sites` | the entries in them: proposes examples, tries each |
//! | `templates` | the text of a new member's files |
//! | `pack_text` | writes `pack.toml` |
//! | `proof` | loads the pack, checks the host with it, makes a member; what does not hold is dropped |
#![cfg_attr(test, allow(clippy::disallowed_methods))]

pub mod members;
mod own_files;
mod pack_text;
mod proof;
mod report;
mod shared;
mod sites;
mod templates;

use std::collections::BTreeMap;

use tenon_engine::host::Host;
use tenon_text::diag::Result;

pub use report::{Outlier, Report, Seen};

/// What is asked of [`learn`].
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Where the members are: a member, a directory of members, or a path with `{name}`.
    pub place: String,
    /// What a member is called: the name of the kind.
    pub kind: String,
    /// The name of the pack.
    pub name: String,
    /// Siblings that are no members.
    pub except: Vec<String>,
}

/// What was learnt.
pub struct Learnt {
    /// The files of the pack, by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What was found.
    pub report: Report,
}

/// Reads the members of `host` and writes a pack.
///
/// # Errors
/// If there are no members of one shape, or the host cannot be read.
pub fn learn(host: &Host, request: &Request) -> Result<Learnt> {
    let all = host.all_below("");
    let found = members::find(&all, &request.place, &request.except)?;
    let names = found.names();
    let index = tenon_syntax::entry::learn::NameIndex::new(names.iter().map(String::as_str));
    let own = own_files::find(&found, &all, &index);
    let shared = shared::find(host, &found, &own, &all, &index)?;
    let mut sites = sites::find(&shared, &names, &index);
    let files = templates::make(host, &found, &own)?;
    let pack = pack_text::Draft {
        request,
        members: &found,
        own: &own,
        templates: &files,
        language: pack_text::language(&found),
    };
    proof::prove(host, &pack, &mut sites)?;
    Ok(Learnt {
        files: pack.files(&sites),
        report: report::of(&found, &own, &sites),
    })
}
