//! `missing-export`: a file does not export what others take from it, or exports something else under that name.

use crate::diag::{Diagnostic, Place, Result, RuleInfo};
use crate::lang::names::nearest;
use crate::lang::typescript::package::ExportKind;
use crate::pack::{Expect, ExportedKind};

use super::missing_part;
use super::room::Room;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-export",
    summary: "a file does not export what others take from it",
    page: include_str!("../../docs/rules/missing-export.md"),
};

/// Reports what the files of `expect` should export and do not.
pub fn check(room: &Room<'_, '_>, expect: &Expect) -> Result<()> {
    for turn in room.turns(
        expect.each.as_deref(),
        expect.row.as_deref(),
        expect.when.as_deref(),
    )? {
        let path = room.say(&expect.file, &turn)?;
        if !room.sound(&path) {
            continue;
        }
        room.applied(RULE.id);
        for wanted in &expect.exports {
            if let Some(finding) = one(room, &path, &wanted.name, wanted.kind) {
                let why = room.say(&expect.why, &turn)?;
                room.report(finding.because(why, None).severity(expect.severity));
            }
        }
    }
    Ok(())
}

fn one(room: &Room<'_, '_>, path: &str, name: &str, kind: ExportedKind) -> Option<Diagnostic> {
    let Some(export) = room.code.export_of(path, name) else {
        let own = room.code.own_exports(path);
        let help = match nearest(name, own.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`? export it as `{name}`"),
            None => format!("export `{name}` there"),
        };
        return Some(
            room.finding(
                RULE.id,
                Place::file(path),
                format!("`{path}` does not export `{name}`"),
            )
            .help(help),
        );
    };
    let statement = room.code.export_statement(path, name);
    let place = statement.map_or(Place::file(path), |span| Place::span(path, span));
    if export.local.is_empty() {
        // That a file is not there was said; what hangs on it is no second fault.
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        if room.reported(missing_part::RULE.id, |path| path.starts_with(dir)) {
            return None;
        }
        return Some(
            room.finding(RULE.id, place, format!("the export `{name}` leads nowhere"))
                .label("what it names is not there")
                .help("name a file and an export of it that exist"),
        );
    }
    let (fits, what) = match kind {
        ExportedKind::Any => (true, ""),
        ExportedKind::Namespace => (export.kind == ExportKind::Namespace, "a namespace"),
        ExportedKind::Class => (
            matches!(export.kind, ExportKind::Class | ExportKind::AbstractClass),
            "a class",
        ),
        ExportedKind::Const => (export.kind == ExportKind::Const, "a constant"),
    };
    // What another package declares cannot be seen from here.
    if fits || export.kind == ExportKind::Unknown {
        return None;
    }
    let is = shown(export.kind);
    let declared = Place::span(&*export.file, export.span);
    Some(
        room.finding(RULE.id, place, format!("`{name}` is {is}, not {what}"))
            .label("exported here")
            .because(
                "it is declared here",
                Some(declared).filter(|place| place.path != path),
            )
            .help(format!("export {what} as `{name}`")),
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
