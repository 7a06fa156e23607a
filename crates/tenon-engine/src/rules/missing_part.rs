//! `missing-part`: a file that a member cannot do without is not there.

use crate::answers::Answers;
use crate::plan::overlay::Overlay;
use crate::plan::scope::Iteration;
use crate::plan::{Finish, Mode, add_folders};
use tenon_pack::{Folder, raw_check::RawReason};
use tenon_text::diag::{Applicability, Diagnostic, FileFix, Fix, Place, Result, RuleInfo};
use tenon_text::names::nearest;

use super::context::{Context, RenderedFiles};
use super::fix::full_row;
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-part",
    summary: "a required file is missing",
    page: include_str!(concat!(env!("TENON_PAGES"), "/missing-part.md")),
};

/// See its page.
pub struct MissingPart;

impl Rule for MissingPart {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_member(&self, context: &Context<'_, '_>) -> Result<()> {
        match context.lacks_an_answer() {
            Some(_) => Ok(()),
            None => check(context),
        }
    }
}

/// Reports every required file of the context's member that is not there.
fn check(context: &Context<'_, '_>) -> Result<()> {
    for folder in context.index.pack.folders(&context.member.kind) {
        if folder.required.is_empty() {
            continue;
        }
        context.applied(RULE.id);
        for turn in context.turns(
            folder.each.as_deref(),
            folder.row.as_deref(),
            folder.when.as_deref(),
        )? {
            let dir = context.render(folder.dir.as_deref().unwrap_or_default(), &turn)?;
            for (file, required) in &folder.required {
                if required.except().contains(&context.member.name) {
                    continue;
                }
                let path = format!("{dir}/{}", context.render(file, &turn)?);
                if !context.exists(&path) && !instead(context, &dir, required, &turn)? {
                    context.report(missing(context, folder, required, &turn, &path)?);
                }
            }
        }
    }
    Ok(())
}

fn instead(context: &Context<'_, '_>, dir: &str, required: &RawReason, turn: &Iteration) -> Result<bool> {
    for pattern in required.or() {
        let pattern = format!("{dir}/{}", context.render(pattern, turn)?);
        if context
            .glob(&pattern)
            .iter()
            .any(|found| context.exists(&found.path))
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn missing(
    context: &Context<'_, '_>,
    folder: &Folder,
    required: &RawReason,
    turn: &Iteration,
    path: &str,
) -> Result<Diagnostic> {
    if let Some(unknown) = unknown_member(context, path) {
        return named_by_mistake(context, folder, &unknown, path);
    }
    let fix = rendered(context, folder, turn, path).map(|text| Fix {
        title: format!("make `{path}`"),
        applicability: Applicability::Safe,
        files: vec![(path.to_owned(), FileFix::Create(text))],
    });
    let help = match required.or() {
        [] => format!("make `{path}`"),
        or => format!(
            "make `{path}`, or a file that matches `{}` beside it",
            or.join("` or `")
        ),
    };
    Ok(context
        .finding(RULE.id, Place::file(path), format!("there is no `{path}`"))
        .because(context.render(required.why(), turn)?, None)
        .help(help)
        .fix(fix))
}

/// A member that there would be if the file at `path` were made: its name and its directory.
fn unknown_member(context: &Context<'_, '_>, path: &str) -> Option<(String, String)> {
    if super::site::meets(path, &context.member.dir) {
        return None;
    }
    let mut declarations = context.index.pack.kind_members().iter();
    declarations.find_map(|declared| {
        let (before, after) = declared.dir.split_once("{{name}}")?;
        let rest = path.strip_prefix(before)?;
        let (name, below) = rest.split_at(rest.find(['/', '.'])?);
        let is_home = !after.contains("{{") && below.strip_prefix(after)?.starts_with('/');
        let dir = format!("{before}{name}{after}");
        let is_known = context.index.named(name).next().is_some() || context.host().exists_dir(&dir);
        (is_home && !is_known).then(|| (name.to_owned(), dir))
    })
}

/// The finding for a file of a member that there is not: its name is wrong where it is read, and nobody asked to make it.
fn named_by_mistake(
    context: &Context<'_, '_>,
    folder: &Folder,
    (name, dir): &(String, String),
    path: &str,
) -> Result<Diagnostic> {
    let place = reference(context, folder.each.as_deref().unwrap_or_default(), name)?;
    let members = context.index.members.iter().map(|member| member.name.as_str());
    let help = match nearest(name, members) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name one that exists, or make it first".to_owned(),
    };
    Ok(context
        .finding(
            RULE.id,
            place.unwrap_or_else(|| Place::file(path)),
            format!("`{name}` is named, and there is no `{dir}`"),
        )
        .label("nothing of that name is there")
        .help(help))
}

/// Where the member says `id` as its answer to `option`.
fn reference(context: &Context<'_, '_>, option: &str, id: &str) -> Result<Option<Place>> {
    let reads = context.index.pack.reads(&context.member.kind);
    for read in reads.filter(|read| read.option == option) {
        let Some(file) = &read.file else { continue };
        let turn = Iteration::default();
        for path in context.files(&context.render(file, &turn)?) {
            let span = match (&read.pointer, &read.find, &read.var) {
                (Some(pointer), ..) => {
                    let pointer = context.render(pointer, &turn)?;
                    context.manifest(&path).and_then(|manifest| {
                        let entries = manifest.entries(&pointer).unwrap_or_default();
                        let entry = entries.into_iter().find(|entry| match &entry.key {
                            Some(key) => key == id,
                            None => entry.value.as_str() == Some(id),
                        });
                        let alone = || {
                            manifest
                                .get(&pointer)
                                .filter(|(value, _)| value.as_str() == Some(id))
                        };
                        entry
                            .map(|entry| entry.key_span.unwrap_or(entry.value_span))
                            .or_else(|| Some(alone()?.1))
                    })
                }
                (None, Some(find), Some(var)) => {
                    let hits = context.hits(find, Some(var), &path)?;
                    let vars = hits.iter().flat_map(|hits| hits.iter());
                    let mut vars = vars.filter_map(|hit| hit.var.clone());
                    vars.find(|(text, _)| text.contains(id)).map(|(_, span)| span)
                }
                _ => None,
            };
            if let Some(span) = span {
                return Ok(Some(Place::span(&*path, span)));
            }
        }
    }
    Ok(None)
}

/// The file as `tenon new` would make it; nothing if it cannot.
fn rendered(context: &Context<'_, '_>, folder: &Folder, turn: &Iteration, path: &str) -> Option<String> {
    let row = turn.row().map(|row| row.to_string()).unwrap_or_default();
    let key = format!("{folder:p} {row}");
    let files = context.rendered(key, || all_rendered(context, folder, turn));
    files.get(path).cloned()
}

/// The files of `folder` as `tenon new` would make them.
fn all_rendered(context: &Context<'_, '_>, folder: &Folder, turn: &Iteration) -> Option<RenderedFiles> {
    let index = context.index;
    let mut answers = Answers {
        name: context.member.name.clone(),
        values: context.all_values()?,
        words: std::collections::BTreeMap::new(),
    };
    if let (Some(each), Some(row)) = (&folder.each, turn.row()) {
        let row = full_row(&answers.values, each, &row);
        answers.values.insert(each.clone(), serde_json::json!([row]));
    }
    let mut overlay = Overlay::new(context.host());
    context.as_made(&answers, |scope| {
        add_folders(
            std::iter::once(folder),
            Mode::New(None),
            scope,
            &mut overlay,
            &Finish::new(&index.look, &index.style),
        )
        .ok()
    })?;
    let files = overlay.own();
    Some(
        files
            .map(|(path, text)| (path.to_string(), text.to_owned()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};
    use tenon_text::diag::Applicability;

    const SERVICE: &str = "units/alpha/src/jobs/orders/orders.service.ts";

    #[test]
    fn a_member_that_is_named_by_mistake_is_not_made() {
        let pack = "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"A pack\"\nlanguage = \"typescript\"\n[host]\nfiles = [\"a.json\"]\n\
                    [kind.integration]\nsummary = \"One\"\nhome = \"units/{{name}}\"\n\
                    [[kind.integration.files]]\ntemplates = \"unit\"\nrequired = { \"unit.json\" = \"it is read\" }\n\
                    [[kind.integration.files]]\nin = \"units/{{use.name}}/users\"\ntemplates = \"user\"\neach = \"uses\"\nas = \"use\"\n\
                    required = { \"{{name}}.txt\" = \"it says who uses it\" }\n\
                    [kind.integration.option.uses]\nkind = \"many\"\nfollows = [\"{{name}}\"]\nprompt = \"What?\"\n\
                    read = { file = \"{{home}}/unit.json\", pointer = \"/uses\" }\n";
        let pack = [
            ("pack.toml", pack),
            ("files/unit/unit.json.hbs", "{}\n"),
            ("files/user/{{name}}.txt.hbs", "used\n"),
        ];
        let shop = |uses: &str| {
            let host = [
                ("a.json", "{}\n"),
                ("units/alpha/unit.json", &format!("{{\"uses\": [\"{uses}\"]}}\n")),
                ("units/beta/unit.json", "{}\n"),
            ];
            Shop::of(&pack, &host)
        };
        let wrong = shop("bta");
        assert_eq!(
            wrong.findings(),
            ["units/alpha/unit.json:1:11 missing-part `bta` is named, and there is no `units/bta`"]
        );
        assert_eq!(wrong.diagnostics()[0].help, "did you mean `beta`?");
        assert_eq!(wrong.fixed(Applicability::Unsafe).paths(), wrong.paths());
        // What belongs to a member that there is can be made.
        let fixed = shop("beta").fixed(Applicability::Safe);
        assert_eq!(fixed.text("units/beta/users/alpha.txt"), "used\n");
    }

    #[test]
    fn a_file_that_is_gone_is_made_again() {
        let shop = shop().without(SERVICE);
        let found = "units/alpha/src/jobs/orders/orders.service.ts missing-part there is no `units/alpha/src/jobs/orders/orders.service.ts`";
        assert_eq!(shop.findings(), [found]);
        let fixed = shop.fixed(Applicability::Safe);
        assert_eq!(fixed.changed(&shop), [SERVICE]);
        assert_eq!(fixed.findings(), [""; 0]);
    }

    #[test]
    fn another_file_that_will_do_is_no_gap() {
        let text = shop().text(SERVICE).to_owned();
        let shop = shop()
            .without(SERVICE)
            .with("units/alpha/src/jobs/orders/other.service.ts", &text)
            .edit(
                "units/alpha/src/jobs/orders/index.ts",
                "./orders.service",
                "./other.service",
            );
        assert_eq!(shop.findings(), [""; 0]);
    }
}
