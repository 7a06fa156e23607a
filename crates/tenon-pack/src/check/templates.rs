//! Every template of a pack is read: those in `pack.toml`, the names of files, the files; and every variable in them
//! must be one that something gives.

use crate::{Templates, row_name};
use tenon_text::diag::Error;
use tenon_text::names::nearest;

use super::variables::{Given, Use, uses};
use super::{Desk, Section, place};

/// Reads all templates.
pub fn templates(desk: &mut Desk<'_>) {
    let raw = &desk.pack.raw;
    parts(desk);
    for (index, generator) in raw.generators.iter().enumerate() {
        let given = Given::of(desk.pack, std::slice::from_ref(&generator.id));
        let at = Section::of("generator", index);
        inline(desk, &at, &given, generator.next.iter());
    }
    for (index, question) in raw.questions.iter().enumerate() {
        let given = Given::of(desk.pack, &question.generators);
        inline(
            desk,
            &Section::of("question", index),
            &given,
            question.follows.iter(),
        );
    }
    for (index, require) in raw.requires.iter().enumerate() {
        let at = Section::of("require", index);
        let mut given = Given::of(desk.pack, &require.generators);
        given.row(require.each.as_deref(), require.row.as_deref());
        conditions(desk, &at, &given, [require.when.as_ref(), Some(&require.that)]);
        inline(desk, &at, &given, [&require.say, &require.help].into_iter());
    }
    sites(desk);
    for (index, subject) in raw.subjects.iter().enumerate() {
        let mut given = Given::of_things(desk.pack, std::slice::from_ref(&subject.generator));
        given.add("row");
        let at = Section::of("subject", index);
        inline(desk, &at, &given, std::iter::once(&subject.dir));
    }
    for (index, observe) in raw.observes.iter().enumerate() {
        let mut given = Given::of_things(desk.pack, &observe.generators);
        given.row(observe.each.as_deref(), observe.row.as_deref());
        let at = Section::of("observe", index);
        inline(
            desk,
            &at,
            &given,
            observe
                .files
                .iter()
                .chain(&observe.file)
                .chain(&observe.pointer)
                .chain(&observe.containing),
        );
    }
    expects(desk);
}

fn parts(desk: &mut Desk<'_>) {
    let pack = desk.pack;
    let mut required = 0;
    for (index, part) in pack.raw.parts.iter().enumerate() {
        let at = Section::of("part", index);
        let mut given = Given::of(pack, &part.generators);
        given.row(part.each.as_deref(), part.row.as_deref());
        conditions(desk, &at, &given, [part.when.as_ref(), None]);
        inline(desk, &at, &given, part.dir.iter());
        if part.contract.is_some() {
            given.add("contract");
        }
        conditions(desk, &at, &given, [part.only_if.as_ref(), None]);
        for template in pack.templates(part) {
            read(desk, &template.path, &template.becomes, &given);
            if template.rendered {
                match pack.files.text(&template.path) {
                    Ok(text) => read(desk, &template.path, &text, &given),
                    Err(error) => desk.faults.push(error),
                }
            }
        }
        for file in &part.required {
            let at = Section::of("part.required", required);
            required += 1;
            given.things(pack, &part.generators);
            inline(
                desk,
                &at,
                &given,
                [&file.file, &file.why].into_iter().chain(&file.or),
            );
        }
    }
}

fn sites(desk: &mut Desk<'_>) {
    let pack = desk.pack;
    let (mut fields, mut nevers) = (0, 0);
    for (index, site) in pack.raw.sites.iter().enumerate() {
        let at = Section::of("site", index);
        let mut given = Given::of_things(pack, &site.generators);
        given.row(site.each.as_deref(), site.row.as_deref());
        conditions(desk, &at, &given, [site.when.as_ref(), None]);
        let texts = [
            &site.file,
            &site.pointer,
            &site.key,
            &site.value,
            &site.json,
            &site.name,
            &site.insert,
            &site.ahead_of,
            &site.why,
            &site.or_in,
        ];
        inline(
            desk,
            &at,
            &given,
            texts.into_iter().flatten().chain(&site.imports),
        );
        for field in &site.fields {
            let at = Section::of("site.field", fields);
            fields += 1;
            let texts = [&field.is, &field.declared_in, &field.exported_in];
            inline(desk, &at, &given, texts.into_iter().flatten());
        }
        for never in &site.nevers {
            let at = Section::of("site.never", nevers);
            nevers += 1;
            inline(desk, &at, &given, [&never.say, &never.help].into_iter());
        }
    }
}

fn expects(desk: &mut Desk<'_>) {
    let pack = desk.pack;
    for (index, expect) in pack.raw.expects.iter().enumerate() {
        let at = Section::of("expect", index);
        let mut given = Given::of_things(pack, &expect.generators);
        given.row(expect.each.as_deref(), expect.row.as_deref());
        conditions(desk, &at, &given, [expect.when.as_ref(), None]);
        let texts = [
            &expect.value,
            &expect.pointer,
            &expect.say,
            &expect.export,
            &expect.compiler,
            &expect.sources,
            &expect.what,
        ];
        let texts = texts.into_iter().flatten();
        inline(desk, &at, &given, texts.chain([&expect.file, &expect.why]));
    }
}

/// Expressions of `pack.toml`: what may stand after `#if`.
fn conditions(desk: &mut Desk<'_>, at: &Section, given: &Given, all: [Option<&String>; 2]) {
    for text in all.into_iter().flatten() {
        let template = format!("{{{{#if {text}}}}}{{{{/if}}}}");
        one(desk, at, &template, text, given);
    }
}

/// Short templates of `pack.toml`.
fn inline<'t>(desk: &mut Desk<'_>, at: &Section, given: &Given, all: impl Iterator<Item = &'t String>) {
    for text in all {
        one(desk, at, text, text, given);
    }
}

/// A template of a section, and what of it stands there.
fn one(desk: &mut Desk<'_>, at: &Section, template: &str, written: &str, given: &Given) {
    match Templates::check("pack.toml", template) {
        Ok(read) => {
            for used in uses(&read) {
                if let Some(error) = unknown(&used, given) {
                    desk.faults
                        .push(error.at("pack.toml", place(desk.text, at, written)));
                }
            }
        }
        Err(error) => desk
            .faults
            .push(error.at("pack.toml", place(desk.text, at, written))),
    }
}

/// A template in a file of its own, or the name of one.
fn read(desk: &mut Desk<'_>, path: &str, text: &str, given: &Given) {
    match Templates::check(path, text) {
        Ok(read) => {
            for used in uses(&read) {
                if let Some(error) = unknown(&used, given) {
                    desk.faults.push(error.at(path, used.at));
                }
            }
        }
        Err(error) => desk.faults.push(error),
    }
}

fn unknown(used: &Use, given: &Given) -> Option<Error> {
    let (what, known) = if used.is_helper {
        ("helper", Templates::helpers())
    } else {
        ("variable", given.names().collect())
    };
    if known.contains(&used.name.as_str()) {
        return None;
    }
    let error = Error::new(match used.is_helper {
        true => format!("there is no helper `{}`", used.name),
        false => format!("no question and no fact gives `{}` here", used.name),
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
