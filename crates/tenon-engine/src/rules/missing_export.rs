//! `missing-export`: a file does not export what others import from it, or exports something else under that name.

use crate::plan::scope::Iteration;
use tenon_pack::{ExportedKind, PackRule, RuleKind};
use tenon_syntax::sources::{Definition, ExportKind, ImportTarget};
use tenon_text::diag::{Diagnostic, Place, Result, RuleInfo, Span};
use tenon_text::names::nearest;

use super::context::Context;
use super::entry_fields::{ExpectedField, expected_fields};
use super::missing_part;
use super::rule::Rule;
use super::site::{Is, SiteView, Want, meets};
use super::slot::{Holder, SlotView};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-export",
    summary: "a file does not export what others import from it",
    page: include_str!(concat!(env!("TENON_PAGES"), "/missing-export.md")),
};

/// See its page.
pub struct MissingExport;

impl Rule for MissingExport {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Exports => check(context, pack_rule),
            _ => Ok(()),
        }
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        fields(context, view);
        Ok(())
    }

    fn check_slot(&self, context: &Context<'_, '_>, view: &SlotView<'_>) -> Result<()> {
        if let Holder::Member(entry) = &view.holder {
            fields(context, entry);
        }
        Ok(())
    }
}

/// Reports what the files of `pack_rule` should export and do not.
fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    for turn in context.turns_of(pack_rule)? {
        let path = context.render(&pack_rule.file, &turn)?;
        if !context.sound(&path) {
            continue;
        }
        context.applied(RULE.id);
        for finding in passed_on(context, &path, pack_rule) {
            context.report(finding.severity(pack_rule.severity));
        }
        for (wanted, kind) in &pack_rule.exports {
            let name = context.render(wanted, &turn)?;
            if let Some(mut finding) = one(context, &path, &name, *kind) {
                if finding.at.path == path && !context.exists(&path) {
                    finding.at = within(context, &path, pack_rule, &turn)?;
                }
                let why = context.render(&pack_rule.why, &turn)?;
                context.report(finding.because(why, None).severity(pack_rule.severity));
            }
        }
    }
    Ok(())
}

/// Where in a package something is missed: at what is there of the same rule of the pack, else in the file by which the member
/// is known.
fn within(context: &Context<'_, '_>, dir: &str, pack_rule: &PackRule, turn: &Iteration) -> Result<Place> {
    for other in pack_rule.exports.keys() {
        if let Some(export) = context.code.export_of(dir, &context.render(other, turn)?) {
            return Ok(Place::span(&*export.file, export.span));
        }
    }
    Ok(Place::file(&*context.member.path))
}

fn one(context: &Context<'_, '_>, path: &str, name: &str, kind: ExportedKind) -> Option<Diagnostic> {
    let Some(export) = context.code.export_of(path, name) else {
        // What stands in no file of its own may have stood in one that is gone.
        let own = format!("{}/", context.member.dir);
        if name.contains(' ') && context.reported(missing_part::RULE.id, |path| path.starts_with(&own)) {
            return None;
        }
        return Some(not_exported(context, path, name, kind));
    };
    let statement = context.code.export_statement(path, name);
    let place = statement.map_or(Place::file(path), |span| Place::span(path, span));
    if export.local.is_empty() {
        return leads_nowhere(context, path, name, statement);
    }
    let (fits, what) = match kind {
        ExportedKind::Any => (true, ""),
        ExportedKind::Namespace => (export.kind == ExportKind::Namespace, "a namespace"),
        ExportedKind::Class => (export.kind == ExportKind::Class, "a class"),
        ExportedKind::Const => (export.kind == ExportKind::Const, "a constant"),
        ExportedKind::Function => (export.kind == ExportKind::Function, "a function"),
    };
    // What another package declares cannot be seen from here.
    if fits || export.kind == ExportKind::Unknown {
        return None;
    }
    let (is, what) = match (kind, export.kind) {
        (ExportedKind::Class, ExportKind::AbstractClass) => ("an abstract class", "one that can be made"),
        (_, other) => (shown(other), what),
    };
    let declared = Place::span(&*export.file, export.span);
    Some(
        context
            .finding(RULE.id, place, format!("`{name}` is {is}, not {what}"))
            .label("exported here")
            .because(
                "it is declared here",
                Some(declared).filter(|place| place.path != path && context.exists(path)),
            )
            .help(format!("export {what} as `{name}`")),
    )
}

/// What the file passes on, beside what `pack_rule` asks for, from files that are not there.
fn passed_on(context: &Context<'_, '_>, path: &str, pack_rule: &PackRule) -> Vec<Diagnostic> {
    let mut others = context.code.own_statements(path);
    others.retain(|(name, _)| !pack_rule.exports.contains_key(name));
    if others.is_empty() {
        return vec![];
    }
    let mut nowhere: Vec<Span> = context
        .code
        .used(path)
        .into_iter()
        .filter(|used| context.code.import_target(path, &used.specifier) == ImportTarget::Missing)
        .map(|used| used.span)
        .collect();
    nowhere.sort_unstable_by_key(|span| span.start);
    let is_broken = |all: Span| {
        let from = nowhere.partition_point(|span| span.start < all.start);
        nowhere.get(from).is_some_and(|first| first.end <= all.end)
    };
    others
        .iter()
        .filter(|(_, statement)| is_broken(*statement))
        .filter_map(|(name, statement)| leads_nowhere(context, path, name, Some(*statement)))
        .collect()
}

/// Reports what the fields of entries take from files that do not export it.
fn fields(context: &Context<'_, '_>, view: &SiteView<'_>) {
    for field in expected_fields(view) {
        for is in field.there {
            if !follows(context, is, field.want) {
                taken(context, view, is, &field);
            }
        }
    }
}

/// Whether nothing can be found where the entry takes it from because of something that is reported: that a file is not
/// there, cannot be parsed or does not export it.
pub fn follows(context: &Context<'_, '_>, is: &Is, want: &Want) -> bool {
    let Some(dir) = want.declared_in.as_deref().filter(|_| is.declared.is_none()) else {
        return false;
    };
    // A file takes what it passes on from the files beside it.
    let dir = match dir.rsplit_once('/') {
        Some((above, name)) if name.contains('.') => above,
        _ => dir,
    };
    let rules = [missing_part::RULE.id, RULE.id];
    let mut rules = rules.iter();
    context.is_faulty(|path| meets(path, dir))
        || rules.any(|rule| context.reported(rule, |path| meets(path, dir)))
}

/// Reports what a field takes from a file that does not export it.
fn taken(context: &Context<'_, '_>, view: &SiteView<'_>, is: &Is, field: &ExpectedField<'_>) {
    let Some(file) = field
        .want
        .exported_in
        .as_deref()
        .filter(|file| context.sound(file))
    else {
        return;
    };
    context.applied(RULE.id);
    // What every such file has to export is missed there.
    let mut rules = view
        .site
        .for_kinds
        .iter()
        .flat_map(|of| context.index.pack.rules(of));
    let said = rules.any(|pack_rule| pack_rule.exports.contains_key(&is.text));
    if said || context.code.export_of(file, &is.text).is_some() {
        return;
    }
    context.report(
        context
            .finding(
                RULE.id,
                Place::span(&*view.path, is.span),
                format!(
                    "`{}` is taken here from `{file}`, which does not export it",
                    is.text
                ),
            )
            .about(field.member)
            .because(field.why, None)
            .help(format!(
                "export `{}` there, or take it from somewhere else",
                is.text
            )),
    );
}

fn not_exported(context: &Context<'_, '_>, path: &str, name: &str, kind: ExportedKind) -> Diagnostic {
    let own = context.code.own_exports(path);
    let near = nearest(name, own.iter().map(String::as_str)).or_else(|| {
        // The only export of the kind that is asked for.
        let fits = |own: &&String| match kind {
            ExportedKind::Class => {
                context.code.export_of(path, own).map(|of| of.kind) == Some(ExportKind::Class)
            }
            ExportedKind::Const => {
                context.code.export_of(path, own).map(|of| of.kind) == Some(ExportKind::Const)
            }
            ExportedKind::Any | ExportedKind::Namespace | ExportedKind::Function => false,
        };
        let mut all = own.iter().filter(fits);
        all.next().filter(|_| all.next().is_none()).map(String::as_str)
    });
    if name.contains(' ') {
        let span = near.and_then(|near| context.code.export_statement(path, near));
        let place = span.map_or(Place::file(path), |span| {
            Place::span(path, context.first_line(path, span))
        });
        return context
            .finding(
                RULE.id,
                place,
                format!("nothing that `{path}` leads to says `{name}`"),
            )
            .help(format!("write `{name}` for the type that others take"));
    }
    let (span, label, help) = match (near, context.code.definition(path, name)) {
        (Some(near), _) => (
            context.code.export_statement(path, near),
            "exported under another name",
            format!("did you mean `{near}`? export it as `{name}`"),
        ),
        (None, Definition::Declared { file, span, .. }) if file == path => (
            Some(span),
            "declared, and not exported",
            format!("export `{name}`"),
        ),
        _ => (None, "", format!("export `{name}` there")),
    };
    // A statement may be long: its first line says which one it is.
    let place = span.map_or(Place::file(path), |span| {
        Place::span(path, context.first_line(path, span))
    });
    context
        .finding(RULE.id, place, format!("`{path}` does not export `{name}`"))
        .label(label)
        .help(help)
}

fn leads_nowhere(
    context: &Context<'_, '_>,
    path: &str,
    name: &str,
    statement: Option<Span>,
) -> Option<Diagnostic> {
    // That a file is not there was said; what hangs on it is no second fault.
    let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
    if context.reported(missing_part::RULE.id, |path| path.starts_with(dir)) {
        return None;
    }
    let place = statement.map_or(Place::file(path), |span| Place::span(path, span));
    Some(
        context
            .finding(RULE.id, place, format!("the export `{name}` leads nowhere"))
            .label("what it names is not there")
            .help("name a file and an export of it that exist"),
    )
}

fn shown(kind: ExportKind) -> &'static str {
    match kind {
        ExportKind::Namespace => "a namespace",
        ExportKind::Class => "a class",
        ExportKind::AbstractClass => "an abstract class",
        ExportKind::Interface => "an interface",
        ExportKind::TypeAlias => "a type",
        ExportKind::Const => "a constant",
        ExportKind::Function => "a function",
        ExportKind::Enum => "an enum",
        ExportKind::Unknown => "something else",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::shop;

    const UNIT: &str = "units/alpha/src/unit.ts";

    #[test]
    fn what_others_import_is_exported() {
        let shop = shop().edit(UNIT, "export const Config", "const Config");
        assert!(shop.findings().iter().any(|line| line == "units/alpha/src/unit.ts:5:7 missing-export `units/alpha/src/unit.ts` does not export `Config`"), "{:?}", shop.findings());
    }

    #[test]
    fn what_is_inside_of_another_package_leads_somewhere() {
        let of = |alias: &str| {
            let shop = shop().edit(UNIT, "export const Config", "const Own");
            let shop = shop.edit(
                UNIT,
                "};\n",
                &format!("}};\n\nimport {{ Models }} from 'elsewhere';\n\n{alias}\n"),
            );
            let found = shop.findings().into_iter();
            found
                .filter(|line| line.contains(" missing-export "))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of("export import Config = Models.Config;"),
            <[String; 0]>::default()
        );
        let found = of("export import Config = Nothing.Config;");
        assert!(
            found
                .iter()
                .any(|line| line.contains("the export `Config` leads nowhere")),
            "{found:?}"
        );
    }

    #[test]
    fn it_may_be_exported_below() {
        let shop = shop().edit(UNIT, "export const Config", "const Config").edit(
            UNIT,
            "};\n",
            "};\n\nexport { Config };\n",
        );
        assert!(
            shop.findings()
                .iter()
                .all(|line| !line.contains("missing-export")),
            "{:?}",
            shop.findings()
        );
    }
}
