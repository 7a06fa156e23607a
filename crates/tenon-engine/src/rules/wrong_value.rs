//! `wrong-value`: a value of a manifest is none of those that it may be.

use std::borrow::Cow;

use serde_json::Value;

use crate::plan::read_back::Member;
use crate::plan::scope::Iteration;
use tenon_pack::{PackRule, RuleKind};
use tenon_syntax::roots::normalised;
use tenon_text::diag::{Diagnostic, Place, Result, RuleInfo, Span};
use tenon_text::names::{listed, nearest};
use tenon_text::regular::regular;

use super::context::Context;
use super::coverage::Cause;
use super::manifest_value::{Found, each, replacement, shown};
use super::rule::Rule;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "wrong-value",
    summary: "a value of a manifest is none of those that it may be",
    page: include_str!(concat!(env!("TENON_PAGES"), "/wrong-value.md")),
};

/// With more members nothing is suggested in place of a name: to compare every wrong one with all of them would take too long.
const MAX_SUGGESTED: usize = 4_000;

/// So many wrong texts of one value get a suggestion.
const SUGGESTIONS: usize = 20;

/// See its page.
pub struct WrongValue;

impl Rule for WrongValue {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        let is_about_value = pack_rule.kind == RuleKind::Value && pack_rule.find.is_none();
        if !is_about_value || !pack_rule.says_more() {
            return Ok(());
        }
        // Where it must be one text, that it is absent is said with that.
        let misses = pack_rule.value.is_none();
        each(context, pack_rule, (RULE.id, misses), |found, turn| {
            let wrong = wrong(context, pack_rule, found, turn)?;
            let why = context.render(&pack_rule.why, turn)?;
            for finding in wrong {
                context.report(finding.because(&*why, None).severity(pack_rule.severity));
            }
            Ok(())
        })
    }
}

/// What is wrong with a value.
fn wrong(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    found: &Found<'_>,
    turn: &Iteration,
) -> Result<Vec<Diagnostic>> {
    let mut out = Vec::new();
    let texts = texts(found);
    let mut choices = Vec::new();
    for choice in &pack_rule.one_of {
        choices.push(context.render(choice, turn)?);
    }
    let finding =
        |span: Span, message: String| context.finding(RULE.id, Place::span(found.path, span), message);
    let name = &found.name;
    let dir = pack_rule.exists.as_ref();
    let dir = dir.map(|dir| context.render(dir, turn)).transpose()?;
    for (text, span) in &texts {
        let suggests = out.len() < SUGGESTIONS;
        if !choices.is_empty() && !choices.iter().any(|choice| choice == text) {
            let quoted: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
            let near = nearest(text, choices.iter().map(String::as_str).filter(|_| suggests));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", listed(&quoted)),
            };
            out.push(
                finding(
                    *span,
                    format!("`{name}` is `{text}`, which is none of {}", listed(&quoted)),
                )
                .help(help),
            );
        }
        if let Some(regex) = &pack_rule.matching
            && !regular(regex)?.on(text)?.is_match(text)
        {
            let message = format!("`{name}` is `{text}`, which does not match `{regex}`");
            out.push(finding(*span, message).help("write a value that matches"));
        }
        if let Some(dir) = &dir
            && let Some(path) = path_of(dir, text).filter(|path| !context.stands(path))
        {
            let message = format!("`{name}` leads to `{path}`, and nothing is there");
            out.push(finding(*span, message).help("name a file or directory that exists"));
        }
        if let Some(kind) = &pack_rule.refers_to
            && let Some(named) = named(pack_rule, text)?
            && !names_one(context, kind, &named)
        {
            let mut all = context.index.members.iter().filter(|member| member.kind == *kind);
            let near = suggests.then(|| likely(all.clone(), &named)).flatten();
            let is_plain = named
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None if all.next().is_none() => format!("the host has no `{kind}`"),
                None if is_plain => format!("name one that exists, or make it: `tenon new {kind} {named}`"),
                None => "name one that exists".to_owned(),
            };
            out.push(
                finding(
                    *span,
                    format!("`{name}` names `{named}`, and there is no such `{kind}`"),
                )
                .help(help),
            );
        }
    }
    if pack_rule.sorted
        && let Some(pair) = texts
            .windows(2)
            .find(|pair| pair[1].0.to_lowercase() < pair[0].0.to_lowercase())
    {
        let message = format!("`{}` belongs before `{}`", pair[1].0, pair[0].0);
        let before = Place::span(found.path, pair[0].1);
        out.push(
            finding(pair[1].1, message)
                .label("out of order")
                .because(format!("`{name}` is sorted"), Some(before))
                .help("move it to its place"),
        );
    }
    if let Some(other) = &pack_rule.same_as {
        out.extend(differing(
            context,
            pack_rule,
            found,
            &context.render(other, turn)?,
        ));
    }
    Ok(out)
}

/// The member of `all` that was probably meant by `name`; none where there are too many to compare all of them.
fn likely<'m>(all: impl Iterator<Item = &'m Member>, name: &str) -> Option<&'m str> {
    let names: Vec<&str> = all
        .map(|member| member.name.as_str())
        .take(MAX_SUGGESTED + 1)
        .collect();
    match names.len() > MAX_SUGGESTED {
        true => None,
        false => nearest(name, names),
    }
}

/// The finding for a value that is not the same as the one that `other`, a file and a pointer, leads to. What that is is not known
/// where the other file cannot be read, or is not there.
fn differing(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    found: &Found<'_>,
    other: &str,
) -> Option<Diagnostic> {
    let (path, pointer) = other.split_once('#')?;
    if !context.exists(path) {
        let what = format!("the rule `value` of `{}`", pack_rule.file);
        context.not_checked(what, (format!("there is no `{path}`"), Cause::Member), vec![]);
        return None;
    }
    let manifest = context.manifest(path)?;
    let there = pointer.trim_start_matches('/');
    let Some((right, at)) = manifest.get(pointer) else {
        let message = format!(
            "`{}` cannot be the same as `{there}` of `{path}`, which has none",
            found.name
        );
        let finding = context.finding(RULE.id, Place::span(found.path, found.span), message);
        return Some(finding.help(format!("write `{there}` in `{path}`")));
    };
    if right == found.value {
        return None;
    }
    let plain = |value: &Value| !value.is_array() && !value.is_object();
    let (said, wanted) = (brief(&found.value), brief(&right));
    let fix = context
        .text(found.path)
        .filter(|_| plain(&right) && plain(&found.value))
        .and_then(|text| replacement((found.path, &text), &found.value, found.span, &shown(&right)));
    let message = format!(
        "`{}` is {said}, and `{there}` of `{path}` is {wanted}",
        found.name
    );
    let at = Place::span(path, context.first_line(path, at));
    Some(
        context
            .finding(
                RULE.id,
                Place::span(found.path, context.first_line(found.path, found.span)),
                message,
            )
            .because("the two must be the same", Some(at))
            .help(format!("write {wanted}"))
            .fix(fix),
    )
}

/// A value for people: a text, or what kind of value it is.
fn brief(value: &Value) -> Cow<'static, str> {
    match value {
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "a table".into(),
        value => format!("`{}`", shown(value)).into(),
    }
}

/// The texts that a value says, each with its place: itself, those of a list, the keys of a table.
fn texts(found: &Found<'_>) -> Vec<(String, Span)> {
    match &found.value {
        Value::Array(_) | Value::Object(_) => {
            let entries = found
                .manifest
                .entries(&found.pointer)
                .unwrap_or_default()
                .into_iter();
            entries
                .filter_map(|entry| match (entry.key, entry.key_span) {
                    (Some(key), Some(span)) => Some((key, span)),
                    _ if entry.value.is_array() || entry.value.is_object() => None,
                    _ => Some((shown(&entry.value), entry.value_span)),
                })
                .collect()
        }
        value => vec![(shown(value), found.span)],
    }
}

/// The path that `text` is below `dir`; nothing if it is a pattern or an address, or leads out of the host.
fn path_of(dir: &str, text: &str) -> Option<String> {
    let is_path = !text.starts_with('/') && !text.contains(['*', '{', '?', ':']);
    normalised(&normalised("", dir)?, text).filter(|_| is_path)
}

/// The name that `text` has; nothing if it names no member.
fn named(pack_rule: &PackRule, text: &str) -> Result<Option<String>> {
    let Some(regex) = &pack_rule.regex else {
        return Ok(Some(text.to_owned()));
    };
    let regex = regular(regex)?;
    let group = regex.on(text)?.captures(text).and_then(|groups| groups.get(1));
    Ok(group.map(|group| group.as_str().to_owned()))
}

/// Whether a member of `kind` has this name, whatever its case and separators. Where members are known by what files say, and one of
/// these cannot be read, it may have.
fn names_one(context: &Context<'_, '_>, kind: &str, name: &str) -> bool {
    if context.index.has_member(kind, name) {
        return true;
    }
    let mut declared = context.index.pack.kind_members().iter();
    let table = declared.find(|declared| declared.kind == kind);
    let fact = table.and_then(|declared| context.index.pack.facts().get(&declared.rows));
    let by_text = fact.is_some_and(|fact| fact.find.is_some() || fact.matching.is_some());
    by_text && !context.host().doubtful().is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};
    use tenon_text::diag::Applicability;

    const ALPHA: &str = "units/alpha/package.json";

    /// The shop with this said of a value, and `alpha` saying that.
    fn with(rule: &str, said: &str) -> Shop {
        let table = format!(
            "[kind.unit.values.\"{{{{home}}}}/package.json\"]\n\"/shelf\" = {{ optional = true, why = 'so', {rule} }}\n"
        );
        shop()
            .pack("[kind.unit.values.\"{{home}}/package.json\"]\n", &table)
            .edit(
                ALPHA,
                "\"counter\": \"alpha\"",
                &format!("\"counter\": \"alpha\",\n    \"shelf\": {said}"),
            )
    }

    fn found(rule: &str, said: &str) -> Vec<String> {
        with(rule, said).findings()
    }

    #[test]
    fn a_reference_names_a_member_that_exists() {
        let rule = "refers-to = 'unit'";
        assert_eq!(found(rule, "[\"beta\", \"Beta\"]"), [""; 0]);
        assert_eq!(
            found(rule, "[\"beta\", \"bta\"]"),
            ["units/alpha/package.json:4:23 wrong-value `shelf` names `bta`, and there is no such `unit`"]
        );
        let help = |said: &str| with(rule, said).diagnostics()[0].help.clone();
        assert_eq!(help("\"bta\""), "did you mean `beta`?");
        assert_eq!(
            help("\"z\""),
            "name one that exists, or make it: `tenon new unit z`"
        );
        // The keys of a table are names as well.
        assert_eq!(
            found(rule, "{\"beta\": 1, \"gamma\": 2}"),
            ["units/alpha/package.json:4:26 wrong-value `shelf` names `gamma`, and there is no such `unit`"]
        );
        let wrong = with(rule, "\"bta\"");
        assert_eq!(wrong.fixed(Applicability::Unsafe).changed(&wrong), [""; 0]);
    }

    #[test]
    fn of_a_text_only_a_part_may_be_the_name() {
        let rule = "refers-to = 'unit', regex = '^@shop/(.+)$'";
        assert_eq!(
            found(rule, "[\"@shop/beta\", \"react\", \"@shop/bta\"]"),
            ["units/alpha/package.json:4:38 wrong-value `shelf` names `bta`, and there is no such `unit`"]
        );
    }

    #[test]
    fn a_value_is_one_of_several_and_matches() {
        let rule = "one-of = ['top', '{{name}}'], matching = '^[a-z]+$'";
        assert_eq!(found(rule, "\"alpha\""), [""; 0]);
        assert_eq!(
            found(rule, "\"tap\""),
            ["units/alpha/package.json:4:14 wrong-value `shelf` is `tap`, which is none of `top`, `alpha`"]
        );
        assert_eq!(
            found("matching = '^[a-z]+$'", "\"A\""),
            ["units/alpha/package.json:4:14 wrong-value `shelf` is `A`, which does not match `^[a-z]+$`"]
        );
    }

    #[test]
    fn a_path_exists_below_a_directory() {
        let rule = "exists = '{{home}}'";
        assert_eq!(
            found(
                rule,
                "[\"./src/unit.ts\", \"src\", \"../beta\", \"https://a\", \"../../../x\"]"
            ),
            [""; 0]
        );
        assert_eq!(
            found(rule, "\"src/none.ts\""),
            [
                "units/alpha/package.json:4:14 wrong-value `shelf` leads to `units/alpha/src/none.ts`, and nothing is there"
            ]
        );
        assert_eq!(found("exists = '.'", "\"units/beta\""), [""; 0]);
    }

    #[test]
    fn a_value_is_the_same_as_another_one() {
        let rule = "same-as = 'store/package.json#/name'";
        assert_eq!(found(rule, "\"@shop/store\""), [""; 0]);
        let wrong = with(rule, "\"@shop/stor\"");
        assert_eq!(
            wrong.findings(),
            [
                "units/alpha/package.json:4:14 wrong-value `shelf` is `@shop/stor`, and `name` of `store/package.json` is `@shop/store`"
            ]
        );
        let fixed = wrong.fixed(Applicability::Unsafe);
        assert_eq!(fixed.findings(), [""; 0]);
        assert!(fixed.text(ALPHA).contains("\"shelf\": \"@shop/store\""));
        assert_eq!(
            found("same-as = 'store/package.json#/none'", "1"),
            [
                "units/alpha/package.json:4:14 wrong-value `shelf` cannot be the same as `none` of `store/package.json`, which has none"
            ]
        );
        // What is not known is not wrong.
        let gone = found("same-as = 'store/none.json#/name'", "1");
        assert_eq!(gone.len(), 1, "{gone:?}");
        assert!(
            gone[0].ends_with("not checked, as there is no `store/none.json`"),
            "{gone:?}"
        );
        let broken = with("same-as = 'broken.json#/name'", "1")
            .with("broken.json", "{")
            .findings();
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(broken[0].contains("broken.json:1:1 unparsable"), "{broken:?}");
    }

    #[test]
    fn texts_are_in_order() {
        let rule = "sorted = true";
        assert_eq!(found(rule, "[\"a\", \"B\", \"c\"]"), [""; 0]);
        assert_eq!(
            found(rule, "{\"a\": 1, \"c\": 1, \"B\": 1}"),
            ["units/alpha/package.json:4:31 wrong-value `B` belongs before `c`"]
        );
    }

    #[test]
    fn a_star_stands_for_every_value_and_what_is_absent_is_missed_elsewhere() {
        let rule = "\"/shelves/*/of\" = { why = 'so', refers-to = 'unit' }\n\"/door\" = { why = 'so', one-of = ['a'] }\n";
        let table = "[kind.unit.values.\"{{home}}/package.json\"]\n";
        let shop = shop().pack(table, &format!("{table}{rule}"));
        let said = "\"counter\": \"alpha\",\n    \"door\": \"a\",\n    \"shelves\": [{\"of\": \"beta\"}, {}, {\"of\": \"x\"}]";
        let found = shop.edit(ALPHA, "\"counter\": \"alpha\"", said).findings();
        assert_eq!(
            found,
            [
                "units/alpha/package.json:5:44 wrong-value `shelves/2/of` names `x`, and there is no such `unit`",
                "units/beta/package.json wrong-value `units/beta/package.json` has no `door`"
            ]
        );
    }

    #[test]
    fn what_a_broken_manifest_says_is_not_known() {
        let broken = with("refers-to = 'unit'", "\"bta\" \"").findings();
        assert!(
            broken.iter().all(|line| !line.contains("wrong-value")),
            "{broken:?}"
        );
        assert!(
            broken.iter().any(|line| line.contains("unparsable")),
            "{broken:?}"
        );
    }
}
