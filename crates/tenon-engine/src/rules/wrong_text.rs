//! `wrong-text`: a text does not say what it must, says it in another order, or shows other code than a file.

use std::ops::Range;
use std::sync::Arc;

use crate::plan::scope::Iteration;
use tenon_pack::{PackRule, RuleKind};
use tenon_text::diag::{Applicability, Diagnostic, FileFix, Fix, Place, Result, RuleInfo, TextEdit};
use tenon_text::format::{Eol, indent_at, with_lf};
use tenon_text::names::extension;
use tenon_text::sections::{ANYTHING, CodeBlock, Sections, heading_level, words};

use super::context::Context;
use super::coverage::Cause;
use super::rule::Rule;
use super::soundness::Fault;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "wrong-text",
    summary: "a text lacks what it must say, or says it otherwise",
    page: include_str!(concat!(env!("TENON_PAGES"), "/wrong-text.md")),
};

/// So many places are looked at that a text is below.
const MAX_PLACES: usize = 100;

/// See its page.
pub struct WrongText;

impl Rule for WrongText {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_pack_rule(&self, context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
        match pack_rule.kind {
            RuleKind::Text => check(context, pack_rule),
            _ => Ok(()),
        }
    }
}

/// What a rule asks of a text, for one member.
struct Wanted<'w> {
    /// The file.
    path: &'w str,
    /// The lines of it in which it must be; of the heading above them, its number.
    within: Range<usize>,
    heading: Option<usize>,
    pack_rule: &'w PackRule,
}

/// A text that must stand there.
struct Passage {
    /// As it is written.
    text: String,
    /// Its lines, without empty ones, as they are looked for.
    lines: Vec<String>,
}

fn check(context: &Context<'_, '_>, pack_rule: &PackRule) -> Result<()> {
    for turn in context.turns_of(pack_rule)? {
        let scope = pack_rule.scope.as_ref();
        let scope = scope.map(|scope| context.render(scope, &turn)).transpose()?;
        let mut passages = Vec::new();
        for text in &pack_rule.text.0 {
            passages.push(passage(context, text, &turn)?);
        }
        for path in context.files(&context.render(&pack_rule.file, &turn)?) {
            let Some(sections) = context.sections(&path) else {
                absent(context, pack_rule, &path);
                continue;
            };
            context.applied(RULE.id);
            let found = match &scope {
                None => vec![(None, 0..sections.count())],
                Some(scope) => {
                    let found = sections.below(scope).into_iter().take(MAX_PLACES);
                    found.map(|(heading, within)| (Some(heading), within)).collect()
                }
            };
            // Of several places any will do, and the first is spoken of.
            let mut first: Option<Vec<Diagnostic>> = None;
            for (heading, within) in &found {
                let wanted = Wanted {
                    path: &path,
                    within: within.clone(),
                    heading: *heading,
                    pack_rule,
                };
                let is_one = found.len() == 1;
                let wrong = match &pack_rule.same_as {
                    Some(file) => code(context, &sections, &wanted, &context.render(file, &turn)?, is_one),
                    None => lines(context, &sections, &wanted, &passages, is_one),
                };
                let is_right = wrong.is_empty();
                first = match is_right {
                    true => Some(wrong),
                    false => first.or(Some(wrong)),
                };
                if is_right {
                    break;
                }
            }
            let wrong = first.unwrap_or_else(|| {
                let scope = scope.clone().unwrap_or_default();
                let message = format!("`{path}` has no `{scope}`, below which something must stand");
                let finding = context.finding(RULE.id, Place::file(&*path), message);
                vec![finding.help(format!("write `{scope}` where it belongs"))]
            });
            let why = context.render(&pack_rule.why, &turn)?;
            for finding in wrong {
                context.report(finding.because(&*why, None).severity(pack_rule.severity));
            }
        }
    }
    Ok(())
}

/// Says of a file that is nobody's own and is not there that nothing in it was checked; of a member's own, who must have it says so.
fn absent(context: &Context<'_, '_>, pack_rule: &PackRule, path: &str) {
    if !context.exists(path) && !context.is_own(path) {
        let what = format!("the rule `text` of `{}`", pack_rule.file);
        context.not_checked(what, (format!("there is no `{path}`"), Cause::Member), vec![]);
    }
}

/// A text of the pack for the context's member.
fn passage(context: &Context<'_, '_>, template: &str, turn: &Iteration) -> Result<Passage> {
    let text = context.render(template, turn)?;
    let anything = ANYTHING.to_string();
    let looked_for = context.render(&with_gaps(template, &anything), turn)?;
    let lines = looked_for.lines().map(words).filter(|line| !line.is_empty());
    Ok(Passage {
        text: text.trim_matches(['\n', '\r']).to_owned(),
        lines: lines.collect(),
    })
}

/// `template` with `gap` in place of each `{{_}}`, and of `{{#_}}…{{/_}}` with what it holds.
fn with_gaps(template: &str, gap: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{#_}}") {
        out.extend([before, gap]);
        rest = after.split_once("{{/_}}").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace("{{_}}", gap)
}

/// What is wrong with the passages that must stand one behind the other.
fn lines(
    context: &Context<'_, '_>,
    sections: &Sections,
    wanted: &Wanted<'_>,
    passages: &[Passage],
    may_fix: bool,
) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut from = wanted.within.start;
    let mut before: Option<(&Passage, Range<usize>)> = None;
    for (index, passage) in passages.iter().enumerate() {
        if let Some(found) = sections.find(&passage.lines, from..wanted.within.end) {
            from = found.end;
            before = Some((passage, found));
            continue;
        }
        let first = passage
            .text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let shown = format!("`{}`", first.trim());
        let earlier = sections.find(&passage.lines, wanted.within.clone());
        if let (Some(found), Some((above, at))) = (earlier, &before) {
            let other = above
                .text
                .lines()
                .find(|line| !line.trim().is_empty())
                .unwrap_or_default();
            let place = Place::span(wanted.path, sections.span(found.start));
            let finding = context
                .finding(
                    RULE.id,
                    place,
                    format!("{shown} belongs behind `{}`", other.trim()),
                )
                .label("too early")
                .because(
                    "it stands here",
                    Some(Place::span(wanted.path, sections.span(at.start))),
                )
                .help("move it");
            out.push(finding);
            continue;
        }
        let fix = wanted.heading.filter(|_| may_fix).and_then(|heading| {
            let behind = passages[index + 1..].iter();
            let mut next = behind.filter_map(|next| sections.find(&next.lines, from..wanted.within.end));
            let next = next.next().map(|next| next.start);
            let above = before.as_ref().map(|(_, found)| found.end - 1);
            let at = place(sections, &passage.text, wanted, (heading, above, next));
            insertion(sections, wanted.path, (heading, at), passage)
        });
        let below = wanted.heading.map(|heading| below(sections, heading));
        let message = format!(
            "`{}` does not have {shown}{}",
            wanted.path,
            below.unwrap_or_default()
        );
        let at = wanted.heading.map_or(Place::file(wanted.path), |heading| {
            Place::span(wanted.path, sections.span(heading))
        });
        let help = match fix {
            Some(_) => "write it there".to_owned(),
            None => format!("write there: {}", passage.text.trim()),
        };
        out.push(context.finding(RULE.id, at, message).help(help).fix(fix));
    }
    out
}

/// ` below `## Heading``.
fn below(sections: &Sections, heading: usize) -> String {
    let span = sections.span(heading);
    format!(" below `{}`", sections.text()[span.start..span.end].trim())
}

/// Behind which line a text goes: the one before it in the order that is asked for, or before the next; else the last one of its section,
/// which for what is no heading ends where another heading begins.
fn place(
    sections: &Sections,
    text: &str,
    wanted: &Wanted<'_>,
    (heading, above, next): (usize, Option<usize>, Option<usize>),
) -> usize {
    let is_heading = heading_level(text.trim_start()) > 0;
    let mut own = wanted.within.clone();
    let inner = own.find(|line| sections.level(*line) > 0).filter(|_| !is_heading);
    let end = inner.unwrap_or(wanted.within.end);
    match (above, next) {
        (Some(above), _) => above,
        (None, Some(next)) => next - 1,
        (None, None) => end.max(heading + 1) - 1,
    }
}

/// The fix that writes a passage behind the line `at`, below the heading; nothing if it would not be found there afterwards: between the
/// fences of code or in a comment, or because it ends the section itself.
fn insertion(
    sections: &Sections,
    path: &str,
    (heading, at): (usize, usize),
    passage: &Passage,
) -> Option<Fix> {
    let whole = sections.text();
    let is_markdown = sections.is_markdown();
    let new = Sections::of(Arc::from(&*passage.text), is_markdown);
    let last = new.count().checked_sub(1)?;
    let level = match sections.level(heading) {
        0 => usize::from(is_markdown) * 7,
        level => level,
    };
    let ends = (0..=last).any(|line| (1..=level).contains(&new.level(line)));
    let is_found = new.find(&passage.lines, 0..new.count()).is_some();
    if sections.leaves_open(at) || new.leaves_open(last) || ends || !is_found {
        return None;
    }
    let eol = Eol::detect(whole).as_str();
    let above = sections.span(at);
    // Elements of a list and rows of a table stand together.
    let own = element(&passage.text);
    let joins = own > 0 && own == element(&whole[above.start..above.end]);
    let blank = if is_markdown && !joins { eol } else { "" };
    let below = whole[above.end..].lines().nth(1).unwrap_or_default();
    let is_apart = below.trim().is_empty() || own > 0 && own == element(below);
    let after = if is_markdown && !is_apart { eol } else { "" };
    let indent = if joins || !is_markdown {
        indent_at(whole, above.start)
    } else {
        ""
    };
    let lines = passage.text.lines().map(|line| match line.trim().is_empty() {
        true => eol.to_owned(),
        false => format!("{eol}{indent}{line}"),
    });
    let written: String = lines.collect();
    let edit = TextEdit::insert(above.end, format!("{blank}{written}{after}"));
    Some(Fix {
        title: format!("write it into `{path}`"),
        applicability: Applicability::Safe,
        files: vec![(path.to_owned(), FileFix::Edit(vec![edit]))],
    })
}

/// What kind of element a line of Markdown is: of a list, of a numbered list, or a row; 0 if none.
fn element(line: &str) -> u8 {
    let line = line.trim_start();
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    match line {
        _ if ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark)) => 1,
        _ if behind.len() < line.len() && behind.starts_with(". ") => 2,
        _ if line.starts_with('|') => 3,
        _ => 0,
    }
}

/// What is wrong with the block of code that must show the file at `file`.
fn code(
    context: &Context<'_, '_>,
    sections: &Sections,
    wanted: &Wanted<'_>,
    file: &str,
    may_fix: bool,
) -> Vec<Diagnostic> {
    let what = || format!("the rule `text` of `{}`", wanted.pack_rule.file);
    let shown = match context.texts().get(file) {
        Ok(Some(text)) => with_lf(&text),
        Ok(None) => {
            context.not_checked(what(), (format!("there is no `{file}`"), Cause::Member), vec![]);
            return vec![];
        }
        Err(error) => {
            context.fault_at(file, Fault::Unreadable(error));
            return vec![];
        }
    };
    let language = wanted.pack_rule.language.as_deref();
    let fits = |block: &&CodeBlock| language.is_none_or(|language| language == block.language);
    let mut right = sections.code_saying(&shown).filter(fits);
    if right.any(|block| wanted.within.contains(&block.lines.start)) {
        return vec![];
    }
    let blocks: Vec<&CodeBlock> = sections.code(&wanted.within).iter().filter(fits).collect();
    let language = language.or(extension(file)).unwrap_or_default();
    let (message, at, fix) = match blocks.as_slice() {
        [] => {
            let fence = fence_around(&shown);
            let text = format!("{fence}{language}\n{}\n{fence}", shown.trim_end());
            let lines = text.lines().map(words).filter(|line| !line.is_empty());
            let passage = Passage {
                lines: lines.collect(),
                text,
            };
            let fix = wanted.heading.filter(|_| may_fix).and_then(|heading| {
                let at = place(sections, &passage.text, wanted, (heading, None, None));
                insertion(sections, wanted.path, (heading, at), &passage)
            });
            let place = wanted.heading.map_or(Place::file(wanted.path), |heading| {
                Place::span(wanted.path, sections.span(heading))
            });
            let below = wanted.heading.map(|heading| below(sections, heading));
            let message = format!(
                "`{}` has no block of code that shows `{file}`{}",
                wanted.path,
                below.unwrap_or_default()
            );
            (message, place, fix)
        }
        [block, others @ ..] => {
            let message = match others.len() {
                0 => format!("the block of code is not what `{file}` says"),
                _ => format!(
                    "none of {} blocks of code is what `{file}` says",
                    others.len() + 1
                ),
            };
            let fix = others
                .is_empty()
                .then(|| replacement(sections, wanted.path, block, &shown))
                .flatten();
            (message, Place::span(wanted.path, block.open), fix)
        }
    };
    vec![
        context
            .finding(RULE.id, at, message)
            .help(format!("copy `{file}` into it"))
            .fix(fix.filter(|_| context.may_fix(shown.len()))),
    ]
}

/// The fix that makes a block of code say `shown`; nothing if that would end it.
fn replacement(sections: &Sections, path: &str, block: &CodeBlock, shown: &str) -> Option<Fix> {
    let eol = Eol::detect(sections.text()).as_str();
    let open = &sections.text()[block.open.start..block.open.end];
    let mark = open.chars().next()?;
    let length = open.len() - open.trim_start_matches(mark).len();
    let is_closed = sections.text()[block.inner.end..].trim_start().starts_with(mark);
    let ends = |line: &str| line.trim_start().starts_with(&mark.to_string().repeat(length));
    if !is_closed || shown.lines().any(ends) {
        return None;
    }
    let lines = shown.trim_end().lines().map(|line| match line.is_empty() {
        true => eol.to_owned(),
        false => format!("{}{line}{eol}", block.indent),
    });
    let edit = TextEdit::replace(block.inner, lines.collect::<String>());
    Some(Fix {
        title: "copy the file into it".to_owned(),
        applicability: Applicability::Unsafe,
        files: vec![(path.to_owned(), FileFix::Edit(vec![edit]))],
    })
}

/// A fence that is longer than every one in `text`.
fn fence_around(text: &str) -> String {
    let marks = text.lines().map(|line| line.trim_start());
    let longest = marks
        .map(|line| line.len() - line.trim_start_matches('`').len())
        .max();
    "`".repeat(longest.unwrap_or_default().max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};
    use tenon_text::diag::Applicability;

    const PAGE: &str = "units/alpha/README.md";

    /// The shop with one more rule for texts.
    fn with(rule: &str) -> Shop {
        shop().and_pack(&format!(
            "[[kind.unit.rule]]\nexpect = 'text'\nwhy = 'so'\n{rule}\n"
        ))
    }

    #[test]
    fn a_line_that_is_missing_is_written_below_its_heading() {
        let wrong = shop().edit(PAGE, "Alpha is a unit of the shop.\n\n", "");
        assert_eq!(
            wrong.findings(),
            [
                "units/alpha/README.md:1:1 wrong-text `units/alpha/README.md` does not have `Alpha is a unit of the shop.` below `# Alpha`"
            ]
        );
        let fixed = wrong.fixed(Applicability::Safe);
        assert_eq!(fixed.text(PAGE), shop().text(PAGE));
        assert_eq!(fixed.findings(), [""; 0]);
    }

    #[test]
    fn line_ends_and_space_do_not_count_and_stay() {
        let text = "# Alpha\r\n\r\n### Use\r\nAsk.\r\n";
        let with_crlf = |text: &str| shop().with(PAGE, text);
        let fixed = with_crlf(text).fixed(Applicability::Safe);
        assert_eq!(
            fixed.text(PAGE),
            "# Alpha\r\n\r\nAlpha is a unit of the shop.\r\n\r\n### Use\r\nAsk.\r\n"
        );
        assert_eq!(
            with_crlf("# Alpha\r\nAlpha  is a unit of the shop.  \r\n### Use\r\n").findings(),
            [""; 0]
        );
    }

    #[test]
    fn what_stands_too_early_is_found_and_not_moved() {
        let text = "# Alpha\n\n### Use\n\nAlpha is a unit of the shop.\n";
        let wrong = shop().with(PAGE, text);
        assert_eq!(
            wrong.findings(),
            ["units/alpha/README.md:3:1 wrong-text `### Use` belongs behind `Alpha is a unit of the shop.`"]
        );
        assert_eq!(wrong.fixed(Applicability::Unsafe).text(PAGE), text);
    }

    #[test]
    fn what_is_commented_out_or_code_is_no_heading() {
        for decoy in ["<!--\n### Use\n-->", "```md\n### Use\n```"] {
            let found = shop().edit(PAGE, "### Use", decoy).findings();
            assert_eq!(
                found,
                [
                    "units/alpha/README.md:1:1 wrong-text `units/alpha/README.md` does not have `### Use` below `# Alpha`"
                ],
                "{decoy}"
            );
        }
    }

    #[test]
    fn nothing_is_written_where_it_would_not_be_found() {
        for below in ["```\nAsk at the counter.\n", "<!--\nAsk at the counter.\n"] {
            let wrong = shop().with(PAGE, &format!("# Alpha\n\n{below}"));
            assert_eq!(wrong.findings().len(), 2, "{:?}", wrong.findings());
            assert_eq!(
                wrong.fixed(Applicability::Unsafe).changed(&wrong),
                [""; 0],
                "{below}"
            );
        }
        let ends = with("file = '{{home}}/README.md'\nin = '### Use'\ntext = '## Other'");
        let all = ends.diagnostics();
        assert_eq!(all.len(), 2);
        // None is offered that would be taken back.
        assert!(all.iter().all(|finding| finding.fix.is_none()));
    }

    #[test]
    fn a_line_of_a_plain_text_is_written_below_another_one() {
        let rule = "file = 'OWNERS'\nin = 'units:'\ntext = '/units/{{name}} @{{name}}'";
        let shop = with(rule).with("OWNERS", "store:\n  /store @s\nunits:\n  /units/z @z\n");
        let fixed = shop.fixed(Applicability::Safe);
        assert_eq!(
            fixed.text("OWNERS"),
            "store:\n  /store @s\nunits:\n  /units/z @z\n  /units/alpha @alpha\n  /units/beta @beta\n"
        );
        assert_eq!(fixed.findings(), [""; 0]);
    }

    #[test]
    fn a_heading_that_is_gone_is_said_and_nothing_is_written() {
        let wrong = shop().edit(PAGE, "# Alpha\n", "# Other\n");
        assert_eq!(
            wrong.findings(),
            [
                "units/alpha/README.md wrong-text `units/alpha/README.md` has no `# Alpha`, below which something must stand"
            ]
        );
        assert_eq!(wrong.fixed(Applicability::Unsafe).changed(&wrong), [""; 0]);
    }

    #[test]
    fn every_member_has_its_line_in_a_list_that_they_share() {
        let rule = "file = 'README.md'\nin = '## Units'\ntext = '- [{{title name}}](units/{{name}}): {{_}}'";
        let page = "# Shop\n\n## Units\n\nAll of them:\n\n- [Zeta](units/zeta): closed\n\n## More\n\nText.\n";
        let shop = with(rule).with("README.md", page);
        assert_eq!(
            shop.findings(),
            [
                "README.md:3:1 wrong-text `README.md` does not have `- [Alpha](units/alpha):` below `## Units`",
                "README.md:3:1 wrong-text `README.md` does not have `- [Beta](units/beta):` below `## Units`"
            ]
        );
        let fixed = shop.fixed(Applicability::Safe);
        assert_eq!(fixed.findings(), [""; 0]);
        let added = "- [Zeta](units/zeta): closed\n- [Alpha](units/alpha): \n- [Beta](units/beta): \n";
        assert_eq!(
            fixed.text("README.md"),
            page.replace("- [Zeta](units/zeta): closed\n", added)
        );
        let said = page.replace(
            "closed",
            "closed\n- [Beta](units/beta): b\n- [Alpha](units/alpha):   a b",
        );
        assert_eq!(with(rule).with("README.md", &said).findings(), [""; 0]);
    }

    #[test]
    fn of_a_shared_file_that_is_not_there_it_is_said_once() {
        let found = with("file = 'README.md'\ntext = '# Shop'").findings();
        assert_eq!(
            found,
            [
                "units/alpha/package.json empty-facts the rule `text` of `README.md` of `alpha` and 1 more: not checked, as there is no `README.md`"
            ]
        );
    }

    #[test]
    fn a_block_of_code_shows_a_file() {
        let rule =
            "file = '{{home}}/README.md'\nin = '### Use'\nsame-as = '{{home}}/use.sh'\nlanguage = 'sh'";
        let shop = with(rule).without("units/beta").edit(
            "store/package.json",
            "        \"@shop/beta\": \"*\",\n",
            "",
        );
        let shop = shop.edit(
            "store/src/units.ts",
            "import { Config as Beta } from '@shop/beta';\n",
            "",
        );
        let shop = shop.edit("store/src/units.ts", ", Beta", "");
        let text =
            "# Alpha\n\nAlpha is a unit of the shop.\n\n### Use\n\n```ts\nno\n```\n\n  ```sh\n  run\n  ```\n";
        let of = |file: &str| shop.clone().with(PAGE, text).with("units/alpha/use.sh", file);
        let of_text = |shop: &Shop| {
            let all = shop.findings().into_iter();
            all.filter(|line| line.contains("wrong-text")).collect::<Vec<_>>()
        };
        assert_eq!(of_text(&of("run\r\n")), [""; 0]);
        let wrong = of("run\n\nstop\n");
        assert_eq!(
            of_text(&wrong),
            ["units/alpha/README.md:11:3 wrong-text the block of code is not what `units/alpha/use.sh` says"]
        );
        assert_eq!(wrong.fixed(Applicability::Safe).text(PAGE), text);
        let fixed = wrong.fixed(Applicability::Unsafe);
        assert_eq!(fixed.text(PAGE), text.replace("  run\n", "  run\n\n  stop\n"));
        assert_eq!(of_text(&fixed), [""; 0]);
        let without = shop.clone().with("units/alpha/use.sh", "run ```\n");
        assert_eq!(
            of_text(&without),
            [
                "units/alpha/README.md:5:1 wrong-text `units/alpha/README.md` has no block of code that shows `units/alpha/use.sh` below `### Use`"
            ]
        );
        let fixed = without.fixed(Applicability::Safe);
        assert!(
            fixed
                .text(PAGE)
                .ends_with("Ask at the counter.\n\n```sh\nrun ```\n```\n"),
            "{}",
            fixed.text(PAGE)
        );
        assert_eq!(of_text(&fixed), [""; 0]);
    }
}
