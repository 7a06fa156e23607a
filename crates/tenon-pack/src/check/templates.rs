//! Every template of a pack is read: those in `pack.toml`, the names of files, the files; and every variable in them
//! must be one that something gives.

use crate::{FILE, Templates, row_name};
use tenon_text::diag::Error;
use tenon_text::names::nearest;

use super::variables::{Given, Names, Use, uses};
use super::{PackChecker, Place};

/// Reads all templates.
pub fn templates(checker: &mut PackChecker<'_>) {
    let raw = &checker.pack.raw;
    let names = &Names::new(checker.pack);
    folders(checker, names);
    for (index, kind) in raw.kinds.iter().enumerate() {
        let given = names.of(std::slice::from_ref(&kind.id));
        array(checker, &Place::of("kind", index).key("next"), &given, &kind.next);
    }
    for (index, option) in raw.options.iter().enumerate() {
        let given = names.of(&option.for_kinds);
        array(
            checker,
            &Place::of("option", index).key("follows"),
            &given,
            &option.follows,
        );
    }
    for (index, require) in raw.requires.iter().enumerate() {
        let at = Place::of("require", index);
        let mut given = names.of(&require.for_kinds);
        given.row(require.each.as_deref(), require.row.as_deref());
        condition(checker, &at.key("when"), &given, require.when.as_deref());
        condition(checker, &at.key("that"), &given, Some(&require.that));
        text(checker, &at.key("say"), &given, &require.say);
        text(checker, &at.key("help"), &given, &require.help);
    }
    sites(checker, names);
    for (index, declared) in raw.kind_members.iter().enumerate() {
        let mut given = names.of_members(std::slice::from_ref(&declared.kind));
        given.add("row");
        text(
            checker,
            &Place::of("members", index).key("dir"),
            &given,
            &declared.dir,
        );
    }
    for (index, read) in raw.reads.iter().enumerate() {
        let mut given = names.of_members(&read.for_kinds);
        given.row(read.each.as_deref(), read.row.as_deref());
        let all = [
            ("files", &read.files),
            ("file", &read.file),
            ("pointer", &read.pointer),
            ("containing", &read.containing),
        ];
        texts(checker, &Place::of("read", index), &given, &all);
    }
    pack_rules(checker, names);
}

fn folders(checker: &mut PackChecker<'_>, names: &Names<'_>) {
    let pack = checker.pack;
    for (index, folder) in pack.raw.folders.iter().enumerate() {
        let at = Place::of("folder", index);
        let mut given = names.of(&folder.for_kinds);
        given.row(folder.each.as_deref(), folder.row.as_deref());
        condition(checker, &at.key("when"), &given, folder.when.as_deref());
        texts(checker, &at, &given, &[("dir", &folder.dir)]);
        if folder.contract.is_some() {
            given.add("contract");
        }
        condition(checker, &at.key("only-if"), &given, folder.only_if.as_deref());
        for template in pack.templates(folder) {
            read(checker, &template.path, &template.becomes, &given);
            if template.rendered {
                match pack.files.text(&template.path) {
                    Ok(text) => read(checker, &template.path, text, &given),
                    Err(error) => checker.faults.push(error),
                }
            }
        }
        for (file, reason) in &folder.required {
            let at = at.key("required").key(file);
            given.members(pack, &folder.for_kinds);
            text(checker, &at, &given, file);
            text(checker, &at, &given, reason.why());
            array(checker, &at.key("or"), &given, reason.or());
        }
    }
}

fn sites(checker: &mut PackChecker<'_>, names: &Names<'_>) {
    let pack = checker.pack;
    for (index, site) in pack.raw.sites.iter().enumerate() {
        let at = Place::of("site", index);
        let mut given = names.of_members(&site.for_kinds);
        given.row(site.each.as_deref(), site.row.as_deref());
        condition(checker, &at.key("when"), &given, site.when.as_deref());
        let all = [
            ("file", &site.file),
            ("pointer", &site.pointer),
            ("key", &site.key),
            ("value", &site.value),
            ("json", &site.json),
            ("insert", &site.insert),
            ("entry", &site.text),
            ("in", &site.scope),
            ("ahead-of", &site.ahead_of),
            ("behind", &site.behind),
            ("why", &site.why),
            ("or-in", &site.or_in),
        ];
        texts(checker, &at, &given, &all);
        array(checker, &at.key("imports"), &given, &site.imports);
        for (name, of) in &site.names {
            array(checker, &at.key("names").key(name), &given, &of.0);
        }
        for (name, said) in &site.otherwise {
            text(checker, &at.key("otherwise").key(name), &given, said);
        }
        for (index, form) in site.forms.iter().enumerate() {
            let at = at.key("form").item(index);
            text(checker, &at.key("entry"), &given, &form.entry);
            texts(checker, &at, &given, &[("in", &form.scope)]);
            array(checker, &at.key("imports"), &given, &form.imports);
        }
        for (index, field) in site.fields.iter().enumerate() {
            let all = [
                ("is", &field.is),
                ("declared-in", &field.declared_in),
                ("exported-in", &field.exported_in),
            ];
            texts(checker, &at.key("field").item(index), &given, &all);
        }
        for (index, never) in site.nevers.iter().enumerate() {
            let at = at.key("never").item(index);
            text(checker, &at.key("say"), &given, &never.say);
            text(checker, &at.key("help"), &given, &never.help);
        }
    }
}

fn pack_rules(checker: &mut PackChecker<'_>, names: &Names<'_>) {
    let pack = checker.pack;
    for (index, pack_rule) in pack.raw.rules.iter().enumerate() {
        let at = Place::of("rule", index);
        let mut given = names.of_members(&pack_rule.for_kinds);
        given.row(pack_rule.each.as_deref(), pack_rule.row.as_deref());
        condition(checker, &at.key("when"), &given, pack_rule.when.as_deref());
        text(checker, &at.key("file"), &given, &pack_rule.file);
        text(checker, &at.key("why"), &given, &pack_rule.why);
        let all = [
            ("value", &pack_rule.value),
            ("pointer", &pack_rule.pointer),
            ("say", &pack_rule.say),
            ("export", &pack_rule.export),
            ("compiler", &pack_rule.compiler),
            ("sources", &pack_rule.sources),
            ("what", &pack_rule.what),
        ];
        texts(checker, &at, &given, &all);
    }
}

/// An expression of `pack.toml`: what may stand after `#if`.
fn condition(checker: &mut PackChecker<'_>, at: &Place, given: &Given, text: Option<&str>) {
    if let Some(expression) = text {
        self::text(
            checker,
            at,
            given,
            &format!("{{{{#if {expression}}}}}{{{{/if}}}}"),
        );
    }
}

/// Short templates of a table of `pack.toml`, by their keys.
fn texts(checker: &mut PackChecker<'_>, at: &Place, given: &Given, all: &[(&str, &Option<String>)]) {
    for (key, template) in all {
        if let Some(template) = template {
            text(checker, &at.key(key), given, template);
        }
    }
}

/// Short templates of an array.
fn array(checker: &mut PackChecker<'_>, at: &Place, given: &Given, all: &[String]) {
    for (index, template) in all.iter().enumerate() {
        text(checker, &at.item(index), given, template);
    }
}

/// A short template of `pack.toml`.
fn text(checker: &mut PackChecker<'_>, at: &Place, given: &Given, template: &str) {
    match Templates::check(FILE, template) {
        Ok(read) => {
            for used in uses(&read) {
                if let Some(error) = unknown(&used, given) {
                    checker.add(at, error);
                }
            }
        }
        Err(error) => checker.add(at, error),
    }
}

/// A template in a file of its own, or the name of one.
fn read(checker: &mut PackChecker<'_>, path: &str, text: &str, given: &Given) {
    match Templates::check(path, text) {
        Ok(read) => {
            for used in uses(&read) {
                if let Some(error) = unknown(&used, given) {
                    checker.faults.push(error.at(path, used.at));
                }
            }
        }
        Err(error) => checker.faults.push(error),
    }
}

fn unknown(used: &Use, given: &Given) -> Option<Error> {
    if !used.is_helper && given.has(&used.name) {
        return None;
    }
    let (what, known) = if used.is_helper {
        ("helper", Templates::helpers())
    } else {
        ("variable", given.names().collect())
    };
    // What `in` finds in the file.
    if known.contains(&used.name.as_str()) || (used.name.starts_with('_') && !used.is_helper) {
        return None;
    }
    let error = Error::new(match used.is_helper {
        true => format!("there is no helper `{}`", used.name),
        false => format!("no option and no fact gives `{}` here", used.name),
    });
    Some(match nearest(&used.name, known.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!(
            "there is as {what}: {}",
            tenon_text::names::listed(&known)
        )),
    })
}

impl Given {
    /// Adds the row of a repetition.
    fn row(&mut self, each: Option<&str>, row: Option<&str>) {
        if let Some(each) = each {
            self.add(row_name(each, row));
        }
    }
}
