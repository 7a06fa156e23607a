//! [`RemovalPlanner`]: everything that the steps of a removal read and change.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::answers::Given;
use crate::facts::{Facts, field};
use crate::host::{Host, HostPath};
use tenon_pack::{Kind, KindMembers, OptionKind, Pack};
use tenon_syntax::style::Style;
use tenon_text::diag::{Error, Result};
use tenon_text::format::Indent;
use tenon_text::names::nearest;

use super::super::overlay::Overlay;
use super::super::read_back::{Choices, Member, OptionReader, Slot, members_of, slots};
use super::super::record::{self, Record};
use super::super::scope::Scope;
use super::super::tables::tables_in_checks;
use super::super::{code_style, new_file_format};

use super::handover::Handover;

/// What to remove.
pub struct RemoveRequest<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The host.
    pub host: &'a Host,
    /// Facts of that host.
    pub facts: &'a Facts<'a>,
    /// The kind that makes such members, or adds to them.
    pub kind: &'a Kind,
    /// The name of the member.
    pub name: &'a str,
    /// By option, the answers to remove; if empty, the whole member is removed.
    pub rows: &'a BTreeMap<String, Vec<String>>,
    /// Whether changed and added files are removed too.
    pub force: bool,
    /// The member that takes over slots without an earlier holder.
    pub instead: Option<&'a str>,
}

/// The state of a removal while it is planned.
pub(super) struct RemovalPlanner<'a> {
    pub(super) request: &'a RemoveRequest<'a>,
    pub(super) style: Style,
    pub(super) scope: Scope<'a>,
    pub(super) choices: Choices,
    pub(super) members: Vec<Member>,
    pub(super) slots: Vec<Slot>,
    pub(super) overlay: Overlay<'a>,
    pub(super) record: Record,
    /// The kinds and names under which the member is recorded.
    pub(super) recorded_as: Vec<(String, String)>,
    /// The member as found in the host; `None` if only the record has it.
    pub(super) member: Option<Member>,
    /// The answers that would make the member.
    pub(super) values: Map<String, Value>,
    /// The answers that would make what remains; `None` if the whole member is removed.
    pub(super) remaining: Option<Map<String, Value>>,
}

/// The declaration of the members that `kind` makes or adds to.
fn declared<'p>(pack: &'p Pack, kind: &Kind) -> Option<&'p KindMembers> {
    let declarations = pack.kind_members();
    let own = declarations.iter().find(|declared| declared.kind == kind.id);
    own.or_else(|| {
        let table = kind.name.one_of.as_ref()?;
        declarations.iter().find(|declared| declared.rows == *table)
    })
}

impl<'a> RemovalPlanner<'a> {
    pub(super) fn new(request: &'a RemoveRequest<'a>) -> Result<Self> {
        let RemoveRequest {
            pack,
            host,
            facts,
            kind,
            name,
            ..
        } = *request;
        let style = code_style(host, pack)?;
        let mut scope = Scope::of_members(pack, facts, &style, &tables_in_checks(pack))?;
        let mut all_members = Vec::new();
        for declared in pack.kind_members() {
            all_members.extend(members_of(declared, facts, &mut scope)?);
        }
        let choices = Choices::read(pack, facts)?;
        let slots = slots(pack, host, &choices, &all_members, &mut scope)?;
        let lock = HostPath::new(record::FILE)?;
        let record = Record::read(host.read(&lock)?.as_deref().unwrap_or_default())?;
        let declared = declared(pack, kind);
        let of_kind = |member: &&Member| declared.is_some_and(|declared| declared.kind == member.kind);
        let member = all_members
            .iter()
            .filter(of_kind)
            .find(|member| member.name == name);
        let mut planner = Self {
            request,
            style,
            scope,
            choices,
            slots,
            overlay: Overlay::new(host),
            record,
            recorded_as: vec![],
            member: member.cloned(),
            values: Map::from_iter([("name".to_owned(), json!(name))]),
            remaining: None,
            members: all_members,
        };
        if let Some(member) = planner.member.clone() {
            planner.values = planner.member_values(&member)?;
        }
        planner.remaining = planner.remaining_values(declared)?;
        planner.recorded_as = planner.recorded_names(declared);
        if planner.member.is_none() && planner.recorded_as.is_empty() {
            return Err(planner.no_such_member(declared));
        }
        Ok(planner)
    }

    /// The answers that would make `member`.
    pub(super) fn member_values(&mut self, member: &Member) -> Result<Map<String, Value>> {
        let reader = OptionReader {
            pack: self.request.pack,
            choices: &self.choices,
            slots: &self.slots,
            for_fixes: true,
        };
        reader.values(member, self.request.host, &mut self.scope)
    }

    /// The answers that would make what remains; `None` if the whole member is removed.
    fn remaining_values(&self, declared: Option<&KindMembers>) -> Result<Option<Map<String, Value>>> {
        let RemoveRequest {
            pack,
            kind,
            name,
            rows,
            ..
        } = *self.request;
        if rows.is_empty() {
            let adds = declared.is_some_and(|declared| declared.kind != kind.id);
            if !adds {
                return Ok(None);
            }
            let options = pack.options(&kind.id);
            let flags: Vec<String> = options
                .filter(|option| option.kind == OptionKind::Many)
                .map(|option| format!("`--{} A,B`", option.id))
                .collect();
            return Err(Error::new(format!("`{name}` has more than one {}", kind.id))
                .help(format!("say which of them go: {}", flags.join(" or "))));
        }
        let mut remaining = self.values.clone();
        for (option, ids) in rows {
            let there = remaining.get_mut(option).and_then(Value::as_array_mut);
            let Some(there) = there else { continue };
            for id in ids {
                if !there.iter().any(|row| field(row, "id") == id) {
                    let known: Vec<String> = there
                        .iter()
                        .map(|row| format!("`{}`", field(row, "id")))
                        .collect();
                    let error = Error::new(format!("`{name}` has no `{id}`"));
                    return Err(if known.is_empty() {
                        error.help(format!("it has none of `--{option}`"))
                    } else {
                        error.help(format!("it has {}", known.join(", ")))
                    });
                }
            }
            there.retain(|row| !ids.iter().any(|id| field(row, "id") == id));
        }
        for option in pack.options(&kind.id) {
            if let Some(within) = &option.within
                && rows.contains_key(within)
            {
                let left = remaining.get(within).and_then(Value::as_array).cloned();
                let left = left.unwrap_or_default();
                if let Some(own) = remaining.get_mut(&option.id).and_then(Value::as_array_mut) {
                    own.retain(|row| left.iter().any(|other| field(other, "id") == field(row, "id")));
                }
            }
        }
        Ok(Some(remaining))
    }

    /// The kinds and names under which the member is recorded: its own, those that add to it, and those whose files all lie
    /// in its directory.
    fn recorded_names(&self, declared: Option<&KindMembers>) -> Vec<(String, String)> {
        let RemoveRequest { pack, kind, name, .. } = *self.request;
        let adds = |id: &str| {
            let own = declared.is_some_and(|declared| declared.kind == id);
            let to = pack.kind(id).ok().and_then(|of| of.name.one_of.as_ref());
            own || to.is_some_and(|table| declared.is_some_and(|declared| declared.rows == *table))
        };
        let inside = |files: &BTreeMap<String, String>| {
            self.member.as_ref().is_some_and(|member| {
                let dir = format!("{}/", member.dir);
                !files.is_empty() && files.keys().all(|file| file.starts_with(&dir))
            })
        };
        let whole = self.remaining.is_none();
        self.record
            .iter()
            .filter(|(id, own, made)| {
                (*own == name && (*id == kind.id || adds(id))) || (whole && inside(&made.files))
            })
            .map(|(id, own, _)| (id.to_owned(), own.to_owned()))
            .collect()
    }

    fn no_such_member(&self, declared: Option<&KindMembers>) -> Error {
        let RemoveRequest { kind, name, .. } = *self.request;
        let of = declared.map_or(kind.id.as_str(), |declared| declared.kind.as_str());
        let here: Vec<&str> = self
            .members
            .iter()
            .filter(|member| member.kind == of)
            .map(|member| member.name.as_str())
            .chain(
                self.record
                    .iter()
                    .filter(|(id, ..)| *id == kind.id)
                    .map(|(_, name, _)| name),
            )
            .collect();
        let error = Error::new(format!("there is no {of} `{name}` here"));
        match (nearest(name, here.iter().copied()), here.is_empty()) {
            (Some(near), _) => error.help(format!("did you mean `{near}`?")),
            (None, false) => error.help("`tenon list` shows what there is"),
            (None, true) => error.help(format!("this host has no {of}")),
        }
    }

    /// Removes the member from the record; an empty record is deleted.
    pub(super) fn write_record(&mut self, handover: &Handover) -> Result<()> {
        for (path, before, after) in self.overlay.edited()? {
            self.record.rewritten(path.as_str(), &before, &after);
        }
        let made = self.recorded_as.iter();
        let made = made.filter_map(|(kind, name)| self.record.get(kind, name));
        let digests: BTreeMap<String, String> = made.flat_map(|made| made.files.clone()).collect();
        if self.remaining.is_none() {
            for (kind, name) in &self.recorded_as {
                self.record.forget(kind, name);
            }
        } else {
            self.forget_removed_rows();
        }
        handover.pass_on(&mut self.record, &digests);
        let path = HostPath::new(record::FILE)?;
        if self.overlay.read(&path)?.is_none() {
            return Ok(());
        }
        if self.record.is_empty() {
            self.overlay.delete(path);
            return Ok(());
        }
        self.record.write(&mut self.overlay)
    }

    /// Removes answers from the record; an entry without other answers and files is removed.
    fn forget_removed_rows(&mut self) {
        let deleted = self.overlay.deleted();
        let rows = self.request.rows;
        let gone = self.removed_rows();
        for (kind, name) in self.recorded_as.clone() {
            let Some(made) = self.record.get_mut(&kind, &name) else {
                continue;
            };
            made.files.retain(|path, _| !deleted.contains(path));
            let mut is_empty = made.files.is_empty();
            for (option, given) in &mut made.answers {
                if let Given::Words(words) = given {
                    let gone = gone.get(option);
                    words.retain(|word| gone.is_none_or(|ids| !ids.contains(word)));
                    is_empty &= words.is_empty() || !rows.contains_key(option);
                }
            }
            let asked = rows.keys().any(|option| made.answers.contains_key(option));
            if is_empty && asked && kind != self.subject_id() {
                self.record.forget(&kind, &name);
            }
        }
    }

    /// The removed answers, by option.
    fn removed_rows(&self) -> BTreeMap<String, Vec<String>> {
        let ids = |values: &Map<String, Value>, option: &str| -> Vec<String> {
            let rows = values.get(option).and_then(Value::as_array);
            rows.into_iter()
                .flatten()
                .map(|row| field(row, "id").to_owned())
                .collect()
        };
        let Some(remaining) = &self.remaining else {
            return BTreeMap::new();
        };
        let gone = |option: &String| {
            let left = ids(remaining, option);
            let mut all = ids(&self.values, option);
            all.retain(|id| !left.contains(id));
            (option.clone(), all)
        };
        self.values.keys().map(gone).collect()
    }

    pub(super) fn subject_id(&self) -> &str {
        self.member.as_ref().map_or("", |member| member.kind.as_str())
    }

    /// The indentation of new files.
    pub(super) fn new_indent(&self) -> Result<Indent> {
        Ok(new_file_format(self.request.host, self.request.pack)?.indent)
    }
}
