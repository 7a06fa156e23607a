//! Mutations of a member, each of which a check must find: a required file or an entry is missing, a method of a contract is
//! renamed. A [`Mutation`] says which files get which bytes; the caller writes them.

use std::collections::{BTreeMap, BTreeSet};

use crate::answers::Answers;
use crate::apply::{FileTree, Scratch};
use crate::host::{Host, HostPath};
use crate::plan::scope::{Iteration, Scope};
use crate::plan::{self, Change, Plan};
use tenon_pack::{Folder, Kind, Pack, RuleKind, Site};
use tenon_text::diag::Result;

use super::tools::{build, collect, facts_of, is_record};

/// A member that was made in a trial.
pub struct MadeMember<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// Its kind.
    pub kind: &'a Kind,
    /// The host before.
    pub pristine: &'a Scratch,
    /// The host now.
    pub scratch: &'a Scratch,
    /// The answers.
    pub answers: &'a Answers,
    /// The plan that made it.
    pub plan: &'a Plan,
    /// The files of the host now.
    pub after: &'a FileTree,
}

/// A change that breaks a member.
pub struct Mutation {
    /// Identifies it, independent of the answers.
    pub id: String,
    /// What is broken, for messages.
    pub what: String,
    /// The new contents of files; `None` removes the file.
    pub changes: BTreeMap<String, Option<Vec<u8>>>,
}

/// All mutations that are not `done`, and notes about those that no check can find.
pub fn all(made: &MadeMember<'_>, done: &BTreeSet<String>) -> Result<(Vec<Mutation>, Vec<String>)> {
    let mut notes = Vec::new();
    let declarations = made.pack.kind_members();
    let is_checked = |kinds: &[String]| declarations.iter().any(|declared| kinds.contains(&declared.kind));
    if declarations.is_empty() {
        notes.push(
            "no kind of the pack has a `home`: `validate-structure` sees nothing of what it makes, so nothing was broken"
                .to_owned(),
        );
        return Ok((vec![], notes));
    }
    let mut out = Vec::new();
    sites(made, done, &is_checked, &mut out, &mut notes)?;
    // Rendering fails only where planning fails, and the plan was carried out.
    let host = Host::open(made.pristine.root())?;
    let facts = facts_of(made.pack, &host)?;
    let answers = collect(made.pack, made.kind, &facts, made.answers)?;
    let style = plan::code_style(&host, made.pack)?;
    let mut scope = Scope::new(made.pack, made.kind, &facts, &answers, &style)?;
    let folders = made.pack.folders(&made.kind.id).enumerate();
    for (index, folder) in folders.filter(|(_, folder)| is_checked(&folder.for_kinds)) {
        for turn in scope.turns(
            folder.each.as_deref(),
            folder.row.as_deref(),
            folder.when.as_deref(),
        )? {
            if let Some(contract) = &folder.contract {
                scope.add_contract(&turn, contract)?;
            }
            if let Some(only_if) = &folder.only_if
                && !scope.holds(only_if, &turn)?
            {
                continue;
            }
            out.extend(files(made, index, folder, &turn, &mut scope)?);
        }
    }
    let mut seen = BTreeSet::new();
    out.retain(|broken| !done.contains(&broken.id) && seen.insert(broken.id.clone()));
    Ok((out, notes))
}

/// For each site: the host as it would be without its entries.
fn sites(
    made: &MadeMember<'_>,
    done: &BTreeSet<String>,
    is_checked: &dyn Fn(&[String]) -> bool,
    out: &mut Vec<Mutation>,
    notes: &mut Vec<String>,
) -> Result<()> {
    for (index, site) in made.pack.all_sites().iter().enumerate() {
        let id = format!("site {index}");
        let is_own = site.for_kinds.contains(&made.kind.id);
        if site.may || site.unchecked || !is_own || done.contains(&id) || !is_checked(&site.for_kinds) {
            continue;
        }
        if let Some(option) = unread(made, site) {
            notes.push(format!(
                "the entries of the site `{}` depend on the option `{option}`, which has no `read`: nothing can find that one is missing",
                site.id
            ));
            continue;
        }
        let less = made.pack.without_site(index);
        let host = Host::open(made.pristine.root())?;
        let facts = facts_of(&less, &host)?;
        // If the rest cannot be made without the site, nobody can leave it out.
        let Ok(answers) = collect(&less, made.kind, &facts, made.answers) else {
            continue;
        };
        let Ok(planned) = build(&less, made.kind, &host, &facts, &answers) else {
            continue;
        };
        let mut changes = BTreeMap::new();
        for path in made.plan.changes.keys().filter(|path| !is_record(path.as_str())) {
            let now = made.after.get(path.as_str());
            let then = match planned.plan.changes.get(path) {
                Some(Change::Create { after, .. } | Change::Modify { after, .. }) => Some(after.clone()),
                Some(Change::Delete { .. }) => None,
                None => match made.plan.changes.get(path) {
                    Some(Change::Modify { before, .. } | Change::Delete { before }) => Some(before.clone()),
                    _ => None,
                },
            };
            if now != then.as_ref() {
                changes.insert(path.as_str().to_owned(), then);
            }
        }
        if changes.is_empty() {
            continue;
        }
        let files: Vec<&str> = changes.keys().map(String::as_str).collect();
        let what = format!(
            "the entry of the site `{}` gone from {}",
            site.id,
            files.join(", ")
        );
        out.push(Mutation { id, what, changes });
    }
    Ok(())
}

/// The id of an option that decides whether the site has an entry and that no `read` reads back.
fn unread<'p>(made: &MadeMember<'p>, site: &Site) -> Option<&'p str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let speaks = |text: &str, word: &str| {
        text.match_indices(word)
            .any(|(at, _)| !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part))
    };
    let texts: Vec<&String> = site.when.iter().chain(&site.each).collect();
    let declarations = made.pack.kind_members();
    let read = |id: &str| {
        let mut all = declarations
            .iter()
            .flat_map(|declared| made.pack.reads(&declared.kind));
        all.any(|read| read.option == id)
    };
    let mut asked = made.pack.options(&made.kind.id).map(|option| option.id.as_str());
    asked.find(|id| texts.iter().any(|text| speaks(text, id)) && !read(id))
}

/// For a folder of templates: each required file removed, and a method of its contract renamed.
fn files(
    made: &MadeMember<'_>,
    index: usize,
    folder: &Folder,
    turn: &Iteration,
    scope: &mut Scope<'_>,
) -> Result<Vec<Mutation>> {
    let mut out = Vec::new();
    let dir = scope.text(folder.dir.as_deref().unwrap_or_default(), turn)?;
    let below = |name: &str| match dir.is_empty() {
        true => name.to_owned(),
        false => format!("{dir}/{name}"),
    };
    let templates: Vec<_> = made.pack.templates(folder).collect();
    for template in templates {
        let path = below(&scope.text(&template.becomes, turn)?);
        let path = HostPath::new(&path)?.as_str().to_owned();
        let is_new = HostPath::new(&path).is_ok_and(|path| made.plan.changes.contains_key(&path));
        let Some(bytes) = made.after.get(&path).filter(|_| is_new) else {
            continue;
        };
        if let Some(required) = folder.required.get(&template.becomes) {
            let host = Host::open(made.scratch.root())?;
            let mut changes = BTreeMap::from([(path.clone(), None)]);
            for or in required.or() {
                let pattern = below(&scope.text(or, turn)?);
                let others = host.glob(&pattern).into_iter();
                changes.extend(others.map(|found| (found.path, None)));
            }
            out.push(Mutation {
                id: format!("file {index} {}", template.becomes),
                what: format!("`{path}` gone, which must be there: {}", required.why()),
                changes,
            });
        }
        if let Some(contract) = &folder.contract
            && fulfils(made, contract)
        {
            let methods = scope.text("{{#each contract.methods}}{{name}}\n{{/each}}", turn)?;
            let text = String::from_utf8_lossy(bytes);
            let method = methods
                .lines()
                .find_map(|method| Some((method, renamed(&text, method)?)));
            if let Some((method, renamed)) = method {
                out.push(Mutation {
                    id: format!("contract {index} {contract}"),
                    what: format!("the method `{method}` of the contract `{contract}` renamed in `{path}`"),
                    changes: BTreeMap::from([(path.clone(), Some(renamed.into_bytes()))]),
                });
            }
        }
    }
    Ok(out)
}

/// Whether a check looks for an implementation of the contract.
fn fulfils(made: &MadeMember<'_>, contract: &str) -> bool {
    let declarations = made.pack.kind_members().iter();
    let mut rules = declarations.flat_map(|declared| made.pack.rules(&declared.kind));
    rules
        .any(|pack_rule| pack_rule.kind == RuleKind::Class && pack_rule.contract.as_deref() == Some(contract))
}

/// `text` with the method renamed; `None` if it has no such method.
fn renamed(text: &str, method: &str) -> Option<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len() + 8);
    let mut last = 0;
    for (at, _) in text.match_indices(method) {
        let rest = &text[at + method.len()..];
        let is_call = rest.starts_with('(') || rest.starts_with('<');
        if text[..at].ends_with(is_part) || !is_call {
            continue;
        }
        out.push_str(&text[last..at]);
        out.push_str("other_");
        out.push_str(method);
        last = at + method.len();
    }
    out.push_str(&text[last..]);
    (last > 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_name_that_is_called_or_declared_is_renamed() {
        let text = "fn get() { self.get(); forget(); get; }";
        let other = "fn other_get() { self.other_get(); forget(); get; }";
        assert_eq!(renamed(text, "get").as_deref(), Some(other));
        assert_eq!(renamed(text, "put"), None);
    }
}
