//! `unparsable`: a file that rules need cannot be read or parsed.

use super::context::Context;
use super::rule::Rule;
use super::soundness::Fault;
use crate::host::HostPath;
use crate::plan::read_back::Member;
use tenon_text::diag::{Diagnostic, Error, Place, RuleInfo, Span};

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "unparsable",
    summary: "a file that a rule needs cannot be read or parsed",
    page: include_str!(concat!(env!("TENON_PAGES"), "/unparsable.md")),
};

/// See its page.
pub struct Unparsable;

impl Rule for Unparsable {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_files(&self, context: &Context<'_, '_>) {
        let Some(faults) = context.faults() else { return };
        context.applied(RULE.id);
        let member = &context.member.name;
        for (path, fault) in faults.iter() {
            context.report(match fault {
                Fault::Unreadable(error) => unreadable(member, path, error),
                Fault::Manifest(error) => {
                    let text = context.text(path).unwrap_or_default();
                    broken_manifest(member, path, &text, error)
                }
                Fault::Code(at) => broken_code(member, path, *at),
                Fault::TooMuch(what) => too_much(member, path, what),
                Fault::Merge(_) => continue,
            });
        }
    }
}

/// The file cannot be read at all.
fn unreadable(subject: &str, path: &str, error: &Error) -> Diagnostic {
    Diagnostic::new(RULE.id, subject, Place::file(path), error.message())
        .because("what cannot be read cannot be checked", None)
        .help(error.helps().first().cloned().unwrap_or_default())
}

/// A path of which the system cannot say what stands there.
pub fn unknown(subject: &str, path: &str, error: &Error) -> Diagnostic {
    let mut out = Diagnostic::new(RULE.id, subject, Place::file(path), error.message());
    for cause in error.causes() {
        out = out.because(cause, None);
    }
    out.help(error.helps().first().cloned().unwrap_or_default())
}

/// Something on disk whose name no path of a host can have, so that it was passed over.
pub fn passed_over(subject: &str, path: &str) -> Diagnostic {
    let why = HostPath::new(path).err();
    let why = why.map_or_else(String::new, |error| error.message().to_owned());
    Diagnostic::new(RULE.id, subject, Place::file(path), why)
        .because("what cannot be read cannot be checked", None)
        .help("rename it: nothing in it was checked")
}

/// A manifest with a syntax error.
fn broken_manifest(subject: &str, path: &str, text: &str, error: &Error) -> Diagnostic {
    let at = error.location().and_then(|at| Some((at.line?, at.column?)));
    let place = match at {
        Some((line, column)) => Place::span(path, Span::at(offset(text, line, column))),
        None => Place::file(path),
    };
    Diagnostic::new(
        RULE.id,
        subject,
        place,
        format!("the file is not valid: {}", error.message()),
    )
    .help("fix the syntax; nothing else in this file was checked")
}

/// Code with a syntax error.
fn broken_code(subject: &str, path: &str, at: Span) -> Diagnostic {
    Diagnostic::new(RULE.id, subject, Place::span(path, at), "there is a syntax error")
        .label("not understood from here")
        .help("fix the syntax; nothing else in this file was checked")
}

/// Code that is not looked at.
fn too_much(subject: &str, path: &str, what: &str) -> Diagnostic {
    Diagnostic::new(RULE.id, subject, Place::file(path), what)
        .because("what is not looked at cannot be checked", None)
        .help("split the file; nothing in it was checked")
}

/// The check of a member met a defect of the program, most likely in a parser.
pub fn defect(member: &Member, error: &Error) -> Diagnostic {
    let mut out = Diagnostic::new(RULE.id, &member.name, Place::file(&*member.dir), error.message());
    for cause in error.causes() {
        out = out.because(cause, None);
    }
    out.help("please report it with the files of this directory; the other findings do not depend on it")
}

/// The byte offset of a line and a column in characters, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let within: usize = rest.chars().take(column - 1).map(char::len_utf8).sum();
    start + within
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};
    use super::*;
    use tenon_text::diag::Applicability;
    use tenon_text::guard::guarded;

    #[test]
    fn entries_that_can_be_read_in_too_many_ways_are_said_to_be() {
        let pack = "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"A pack\"\nlanguage = \"typescript\"\n[host]\nfiles = [\"a.ts\"]\n\
                    [kind.integration]\nsummary = \"One\"\nhome = \"plugins/{{name}}\"\n[kind.integration.site.list]\nfile = \"a.ts\"\n\
                    why = \"it is read\"\nentry = \"all({{_}}, {{_}}, {{_}}, '{{name}}')\"\n";
        let host = format!("all({});\n", "1, ".repeat(200));
        let shop = Shop::of(
            &[("pack.toml", pack)],
            &[("a.ts", &host), ("plugins/aa/about.txt", "")],
        );
        assert_eq!(
            shop.findings(),
            ["a.ts unparsable the entries of the site `list` can be read in too many ways"]
        );
    }

    #[test]
    fn a_panic_of_a_parser_is_a_finding_that_asks_to_report_it() {
        let member = Member {
            kind: "integration".into(),
            name: "acme".into(),
            dir: "packages/acme".into(),
            path: "packages/acme/package.json".into(),
        };
        let error = guarded(|| -> tenon_text::diag::Result<()> { unreachable!("a state") }).unwrap_err();
        let finding = defect(&member, &error);
        assert_eq!(finding.at, Place::file("packages/acme"));
        assert!(finding.reasons[0].text.contains("a state"), "{finding:?}");
        assert!(finding.help.starts_with("please report it"));
    }

    #[test]
    fn a_file_that_cannot_be_parsed_is_one_finding() {
        for (path, text, at) in [
            (
                "store/src/units.ts",
                "export const units = [Alpha, Beta;\n",
                "1:34",
            ),
            ("store/package.json", "{{}", "1:2"),
        ] {
            let found = shop().with(path, text).findings();
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(
                found[0].starts_with(&format!("{path}:{at} unparsable ")),
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_syntax_error_anywhere_brings_no_other_finding_and_no_fix() {
        for path in shop().paths() {
            let text = shop().text(&path).to_owned();
            let broken = match path.ends_with(".json") {
                true => format!("{{{text}"),
                false => format!("{text}\nexport const = {{;\n"),
            };
            let shop = shop().with(&path, &broken);
            // Nothing asks for it.
            if path == "kit/src/served.ts" {
                continue;
            }
            let found = shop.findings();
            let expected = format!("{path}:");
            assert!(
                found.iter().any(|line| line.starts_with(&expected)),
                "{path}: {found:?}"
            );
            let others = found.iter().filter(|line| !line.contains(" unparsable "));
            let others: Vec<_> = others.filter(|line| !line.contains(" empty-facts ")).collect();
            assert!(others.is_empty(), "{path}: {others:?}");
            assert_eq!(
                shop.fixed(Applicability::Unsafe).changed(&shop),
                [""; 0],
                "{path}"
            );
        }
    }
}
