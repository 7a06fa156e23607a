//! `missing-part`: a file that a thing cannot do without is not there.

use crate::answers::Answers;
use crate::facts::Facts;
use crate::plan::overlay::Overlay;
use crate::plan::scope::{Scope, Turn};
use crate::plan::{Finish, Mode, add_parts};
use tenon_pack::{Part, raw_check::RawRequired};
use tenon_text::diag::{Applicability, Diagnostic, FileFix, Fix, Place, Result, RuleInfo};

use super::fix::full_row;
use super::room::Room;

/// The rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-part",
    summary: "a file that an integration cannot do without is not there",
    page: include_str!("../../../../docs/rules/missing-part.md"),
};

/// Reports every required file of the room's thing that is not there.
pub fn check(room: &Room<'_, '_>) -> Result<()> {
    for part in room.survey.pack.parts(&room.thing.generator) {
        if part.required.is_empty() {
            continue;
        }
        room.applied(RULE.id);
        for turn in room.turns(part.each.as_deref(), part.row.as_deref(), part.when.as_deref())? {
            let dir = room.say(part.dir.as_deref().unwrap_or_default(), &turn)?;
            for required in &part.required {
                let path = format!("{dir}/{}", room.say(&required.file, &turn)?);
                if !room.exists(&path) && !instead(room, &dir, required, &turn)? {
                    room.report(missing(room, part, required, &turn, &path)?);
                }
            }
        }
    }
    Ok(())
}

fn instead(room: &Room<'_, '_>, dir: &str, required: &RawRequired, turn: &Turn) -> Result<bool> {
    for pattern in &required.or {
        let pattern = format!("{dir}/{}", room.say(pattern, turn)?);
        if room.glob(&pattern).iter().any(|found| room.exists(&found.path)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn missing(
    room: &Room<'_, '_>,
    part: &Part,
    required: &RawRequired,
    turn: &Turn,
    path: &str,
) -> Result<Diagnostic> {
    let fix = rendered(room, part, turn, path).map(|text| Fix {
        title: format!("make `{path}`"),
        applicability: Applicability::Safe,
        files: vec![(path.to_owned(), FileFix::Create(text))],
    });
    let help = match required.or.as_slice() {
        [] => format!("make `{path}`"),
        or => format!(
            "make `{path}`, or a file that matches `{}` beside it",
            or.join("` or `")
        ),
    };
    Ok(room
        .finding(RULE.id, Place::file(path), format!("there is no `{path}`"))
        .because(room.say(&required.why, turn)?, None)
        .help(help)
        .fix(fix))
}

/// The file as the generator would make it; nothing if it cannot.
fn rendered(room: &Room<'_, '_>, part: &Part, turn: &Turn, path: &str) -> Option<String> {
    let survey = room.survey;
    let generator = survey.pack.generator(&room.thing.generator).ok()?;
    let mut answers = Answers {
        name: room.thing.name.clone(),
        values: room.all_values()?,
        words: std::collections::BTreeMap::new(),
    };
    if let (Some(each), Some(row)) = (&part.each, turn.row()) {
        let row = full_row(&answers.values, each, &row);
        answers.values.insert(each.clone(), serde_json::json!([row]));
    }
    let tables = survey.tables.clone();
    let facts = Facts::with_tables(room.host(), survey.pack, survey.style.clone(), tables);
    let mut scope = Scope::new(survey.pack, generator, &facts, &answers, &survey.style).ok()?;
    let mut overlay = Overlay::new(room.host());
    add_parts(
        std::iter::once(part),
        Mode::New(None),
        &mut scope,
        &mut overlay,
        &Finish::new(&survey.look, &survey.style),
    )
    .ok()?;
    let text = overlay.own().find(|(own, _)| own.as_str() == path)?.1.to_owned();
    Some(text)
}
