//! `missing-entry`: a site does not list what it should.

use std::collections::HashSet;

use serde_json::{Map, Value};

use tenon_syntax::language::Lang;
use tenon_text::diag::{FileFix, Place, Result, RuleInfo, Span, TextEdit};
use tenon_text::names::normal;

use super::context::Context;
use super::coverage::Wire;
use super::entry_list;
use super::fix;
use super::rule::Rule;
use super::site::{Expected, SiteView, State};
use super::slot::{Holder, SlotView};
use super::unrecognised;

/// What people are told about the rule.
pub const RULE: RuleInfo = RuleInfo {
    id: "missing-entry",
    summary: "a site lacks an entry",
    page: include_str!(concat!(env!("TENON_PAGES"), "/missing-entry.md")),
};

/// See its page.
pub struct MissingEntry;

impl Rule for MissingEntry {
    fn info(&self) -> RuleInfo {
        RULE
    }

    fn check_site(&self, context: &Context<'_, '_>, view: &SiteView<'_>) -> Result<()> {
        check(context, view);
        Ok(())
    }

    fn check_slot(&self, context: &Context<'_, '_>, view: &SlotView<'_>) -> Result<()> {
        if let Holder::Nothing = view.holder {
            empty_slot(context, view);
        }
        Ok(())
    }
}

/// Reports what `view` should list and does not.
fn check(context: &Context<'_, '_>, view: &SiteView<'_>) {
    context.applied(RULE.id);
    let wired = |expected: &Expected, there: bool| {
        context.wire(|| Wire {
            member: expected.member.clone(),
            site: view.site.id.clone(),
            path: view.path.clone(),
            entry: expected.name.clone(),
            there,
        });
    };
    if !matches!(view.state, State::Open(..)) {
        view.expected.iter().for_each(|expected| wired(expected, false));
        return;
    }
    if context.is_covering() {
        let wanted = view.wanted();
        for entry in view.entries() {
            if let Some(expected) = wanted.get(&normal(&entry.name)) {
                let to = context.target(&expected.member, expected.row.as_deref());
                context.mark(&view.path, entry.span, to);
            }
        }
    }
    let mut reported: HashSet<&str> = HashSet::new();
    let unrecognised = unrecognised::unrecognised(context, view);
    let mentioned: HashSet<usize> = unrecognised.mentions.iter().map(|(own, _)| *own).collect();
    for (index, expected) in view.expected.iter().enumerate() {
        let by_name = view.entry(context, &expected.name).is_some();
        let misspelled = !by_name && view.misspelled(context, expected).is_some();
        let is_there = by_name || (!misspelled && stands_elsewhere(context, view, expected));
        // What is named there in a way that nobody knows is not claimed to be missing.
        let named = unrecognised.is_whole_list || mentioned.contains(&index);
        wired(expected, is_there);
        if is_there || named || misspelled || !reported.insert(&expected.name) {
            continue;
        }
        let kind = view.site.for_kinds.first().map_or("", String::as_str);
        let answers = context.answers_of(&expected.member, kind);
        context.report(missing(context, view, expected, answers.as_ref()));
    }
}

/// Whether the entry stands in another source, where that will do.
fn stands_elsewhere(context: &Context<'_, '_>, view: &SiteView<'_>, expected: &Expected) -> bool {
    let Some(dir) = &expected.or_in else {
        return false;
    };
    if let Some(wanted) = &expected.entry {
        return context
            .sources(dir)
            .iter()
            .any(|path| entry_list::has(context, view.site, path, wanted));
    }
    let Some(entry) = &view.site.entry else {
        return false;
    };
    let var = view.site.var.as_deref().unwrap_or_default();
    context.sources(dir).iter().any(|path| {
        let named = context
            .text(path)
            .is_some_and(|text| text.contains(&expected.name));
        let (true, Some(grammar)) = (named, Lang::of_path(path)) else {
            return false;
        };
        let (Some(tree), Ok(rule)) = (context.tree(path), entry.rule(grammar)) else {
            return false;
        };
        let Ok(found) = rule.find_all(&tree.root()) else {
            return false;
        };
        let names = found.iter().filter_map(|found| found.var(var));
        names
            .into_iter()
            .any(|name| normal(&name.text()) == normal(&expected.name))
    })
}

/// Where the first line of what `edit` inserts will stand: behind the line ends that are there already.
fn first_line(context: &Context<'_, '_>, view: &SiteView<'_>, edit: &TextEdit) -> usize {
    let text = context.text(&view.path).unwrap_or_default();
    let there = text.get(edit.span.end..).unwrap_or_default().bytes();
    let same = edit.text.bytes().zip(there);
    let same = same.take_while(|(new, old)| new == old && matches!(new, b'\r' | b'\n'));
    edit.span.start + same.count()
}

fn missing(
    context: &Context<'_, '_>,
    view: &SiteView<'_>,
    expected: &Expected,
    values: Option<&Map<String, Value>>,
) -> tenon_text::diag::Diagnostic {
    let fix = values.and_then(|values| fix::insert_entry(context, view.site, expected, values));
    let mut place = view.place();
    if place.span.is_none() {
        // Nothing stands there to point at: where the fix would put it.
        let edits = fix.iter().flat_map(|fix| &fix.files);
        let edits = edits.filter(|(path, _)| *path == view.path);
        let last = edits.filter_map(|(_, change)| match change {
            FileFix::Edit(edits) => edits.iter().map(|edit| first_line(context, view, edit)).max(),
            FileFix::Create(_) => None,
        });
        if let Some(at) = last.max() {
            place = Place::span(&*view.path, Span::at(at));
        }
    }
    context
        .finding(
            RULE.id,
            place,
            format!("`{}` does not list `{}`", view.path, expected.name),
        )
        .label("the entry belongs here")
        .because(&*expected.why, None)
        .help(match &fix {
            Some(_) => format!("add the entry `{}`", expected.name),
            None => format!("add an entry `{}` by hand, like its neighbours", expected.name),
        })
        .about(&expected.member)
        .fix(fix)
}

/// Reports a slot that holds nothing.
fn empty_slot(context: &Context<'_, '_>, view: &SlotView<'_>) {
    context.applied(RULE.id);
    let path = &view.slot.path;
    let entry = view.site.insert.as_deref().unwrap_or_default();
    context.report(
        context
            .finding(
                RULE.id,
                Place::file(path),
                format!("`{path}` does not say what serves it"),
            )
            .because(view.site.why.as_deref().unwrap_or_default(), None)
            .help(format!("write there: {}", entry.replace("{{name}}", "NAME"))),
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Shop, shop};
    use tenon_text::diag::{Applicability, FileFix};

    const UNITS: &str = "store/src/units.ts";

    #[test]
    fn an_entry_is_added_with_its_import_by_the_edits_that_it_is() {
        let shop = shop().with(
            UNITS,
            "import { Config as Alpha } from '@shop/alpha';\n\nexport const units = [Alpha];\n",
        );
        assert_eq!(
            shop.findings(),
            ["store/src/units.ts:3:23 missing-entry `store/src/units.ts` does not list `Beta`"]
        );
        let fix = shop.diagnostics().remove(0).fix.unwrap();
        let [(_, FileFix::Edit(edits))] = fix.files.as_slice() else {
            panic!("{fix:?}");
        };
        // The entry and the import: nothing of what is there is written again.
        let texts: Vec<&str> = edits.iter().map(|edit| edit.text.trim()).collect();
        assert_eq!(texts, ["import { Config as Beta } from '@shop/beta';", ", Beta"]);
        assert!(edits.iter().all(|edit| edit.span.start == edit.span.end));
        let right = super::super::testing::shop();
        assert_eq!(shop.fixed(Applicability::Safe).text(UNITS), right.text(UNITS));
    }

    #[test]
    fn the_name_of_an_entry_is_read_where_the_entry_has_it() {
        let pack = |language: &str, file: &str, site: &str| {
            format!(
                "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"A pack\"\nlanguage = \"{language}\"\n[host]\nfiles = [\"{file}\"]\n\
                 [kind.integration]\nsummary = \"One\"\nhome = \"plugins/{{{{name}}}}\"\n[kind.integration.site.list]\nfile = \"{file}\"\nwhy = \"it is read\"\n{site}"
            )
        };
        // A comment is not read: the name stands first in it.
        let fields = pack(
            "go",
            "config.go",
            "in = \"type C struct\"\nentry = \"\"\"\n// {{pascal name}} is {{name}}.\n{{pascal name}} *{{pascal name}}Options `yaml:\"{{name}}\"`\"\"\"\n",
        );
        let shop = Shop::of(
            &[("pack.toml", &fields)],
            &[
                (
                    "config.go",
                    "package c\n\ntype C struct {\n\t// Aa is aa.\n\tAa *AaOptions `yaml:\"aa\"`\n}\n",
                ),
                ("plugins/aa/about.txt", ""),
                ("plugins/bb/about.txt", ""),
            ],
        );
        assert_eq!(
            shop.findings(),
            ["config.go:5:2 missing-entry `config.go` does not list `Bb`"]
        );
        // The import gives the first name, so that the path names the member.
        let pairs = pack(
            "typescript",
            "a.ts",
            "in = \"const all = {}\"\nentry = \"{{camel name}}: { path: './{{name}}', start: {{camel name}} }\"\nimports = [\"import {{camel name}} from './{{name}}.js';\"]\n",
        );
        let shop = Shop::of(
            &[("pack.toml", &pairs)],
            &[
                (
                    "a.ts",
                    "import aa from './aa.js';\n\nconst all = { aa: { path: './aa', start: aa } };\n",
                ),
                ("aa.js", "export default 1;\n"),
                ("plugins/aa/about.txt", ""),
            ],
        );
        assert!(shop.findings().is_empty(), "{:?}", shop.findings());
        // Spellings that people choose themselves are theirs, and what a person reads is.
        let titles = pack(
            "typescript",
            "a.ts",
            "in = \"const all = {}\"\nentry = \"{{pascal name}}: { id: '{{name}}', title: '{{title name}}' }\"\n",
        );
        let shop = Shop::of(
            &[("pack.toml", &titles)],
            &[
                ("a.ts", "const all = { AA: { id: 'aa', title: 'The As' } };\n"),
                ("plugins/aa/about.txt", ""),
            ],
        );
        assert!(shop.findings().is_empty(), "{:?}", shop.findings());
        // Two forms: what one has the other need not have.
        let forms = pack(
            "python",
            "a.py",
            "[[kind.integration.site.list.form]]\nin = \"all = []\"\nentry = \"({{pascal name}}, '{{name}}')\"\n[[kind.integration.site.list.form]]\nin = \"def start()\"\nentry = \"add('{{name}}', {{pascal name}})\"\n",
        );
        let shop = Shop::of(
            &[("pack.toml", &forms)],
            &[
                ("a.py", "def start():\n    add('aa', Aa)\n"),
                ("plugins/aa/about.txt", ""),
            ],
        );
        assert!(shop.findings().is_empty(), "{:?}", shop.findings());
    }

    #[test]
    fn an_entry_of_a_manifest_is_added_to_its_table() {
        let store = "store/package.json";
        let shop = shop().edit(store, "        \"@shop/beta\": \"*\",\n", "");
        assert_eq!(
            shop.findings(),
            ["store/package.json:5:9 missing-entry `store/package.json` does not list `@shop/beta`"]
        );
        let right = super::super::testing::shop();
        assert_eq!(shop.fixed(Applicability::Safe).text(store), right.text(store));
    }

    #[test]
    fn each_member_may_have_a_list_of_its_own_in_one_manifest() {
        let pack = "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"A pack\"\nlanguage = \"typescript\"\n[host]\nfiles = [\"a.json\"]\n\
             [kind.unit]\nsummary = \"One\"\nhome = \"units/{{name}}\"\n\
             [kind.unit.site.list]\nkind = \"manifest\"\nfile = \"a.json\"\npointer = \"/tags/{{name}}\"\nvalue = \"unit-{{name}}\"\n";
        let of = |text: &str| {
            Shop::of(
                &[("pack.toml", pack)],
                &[
                    ("a.json", text),
                    ("units/aa/about.txt", ""),
                    ("units/bb/about.txt", ""),
                ],
            )
        };
        let sound = "{ \"tags\": { \"aa\": [\"unit-aa\"], \"bb\": [\"old\", \"unit-bb\"] } }\n";
        assert_eq!(of(sound).findings(), [""; 0]);
        let shop = of(&sound.replace(", \"unit-bb\"", ""));
        assert_eq!(
            shop.findings(),
            ["a.json:1:39 missing-entry `a.json` does not list `unit-bb`"]
        );
        assert_eq!(shop.fixed(Applicability::Safe).text("a.json"), sound);
    }

    #[test]
    fn an_entry_of_a_nested_list_is_added_there_or_nowhere() {
        let pack = |site: &str| {
            format!(
                "[pack]\nname = \"p\"\nversion = \"1.0.0\"\nsummary = \"A pack\"\nlanguage = \"typescript\"\n[host]\nfiles = [\"a.json\"]\n\
                 [kind.integration]\nsummary = \"One\"\nhome = \"units/{{{{name}}}}\"\n[kind.integration.site.list]\nfile = \"a.json\"\n{site}\n"
            )
        };
        let nested = |list: &str| {
            format!(
                "{{\n  \"name\": \"x\",\n  \"presets\": {{ \"auto\": {{ \"all\": {list} }} }},\n  \"more\": []\n}}\n"
            )
        };
        let object = "\"{{name}}\": { \"at\": \"units/{{name}}\" }";
        let item = "{ \"name\": \"{{name}}\", \"at\": \"units/{{name}}\" }";
        let place = "in = \"/presets/auto/all\"\n";
        let written = |entry: &str, name: &str| entry.replace("{{name}}", name);
        let aa = |entry: &str| written(entry, "aa");
        let both = |entry: &str| format!("{}, {}", aa(entry), written(entry, "bb"));
        let cases = [
            (
                "kind = \"manifest\"\npointer = \"/presets/auto/all\"\nvalue = \"{{name}}\"".to_owned(),
                "[\"aa\"]".to_owned(),
                Some("[\"aa\", \"bb\"]".to_owned()),
            ),
            (
                format!("{place}entry = '\"{{{{name}}}}\"'"),
                "[]".to_owned(),
                Some("[\"aa\", \"bb\"]".to_owned()),
            ),
            (
                format!("{place}entry = '{object}'"),
                format!("{{ {} }}", aa(object)),
                Some(format!("{{ {} }}", both(object))),
            ),
            (
                format!("entry = '{object}'"),
                format!("{{ {} }}", aa(object)),
                Some(format!("{{ {} }}", both(object))),
            ),
            (
                format!("entry = '{item}'"),
                format!("[{}]", aa(item)),
                Some(format!("[{}]", both(item))),
            ),
            // Nothing says where it belongs.
            (format!("entry = '{item}'"), "[]".to_owned(), None),
        ];
        for (site, before, after) in cases {
            let shop = Shop::of(
                &[("pack.toml", &pack(&site))],
                &[
                    ("a.json", &nested(&before)),
                    ("units/aa/about.txt", ""),
                    ("units/bb/about.txt", ""),
                ],
            );
            let fixed = shop.fixed(Applicability::Unsafe);
            let wanted = nested(after.as_ref().unwrap_or(&before));
            assert_eq!(fixed.text("a.json"), wanted, "{site}");
            assert_eq!(
                fixed.findings().is_empty(),
                after.is_some(),
                "{site}: {:?}",
                fixed.findings()
            );
        }
    }

    #[test]
    fn a_file_with_a_byte_order_mark_keeps_it() {
        let text =
            "\u{feff}import { Config as Alpha } from '@shop/alpha';\n\nexport const units = [Alpha];\n";
        let fixed = shop().with(UNITS, text).fixed(Applicability::Safe);
        let right = super::super::testing::shop();
        assert_eq!(fixed.text(UNITS), format!("\u{feff}{}", right.text(UNITS)));
    }

    #[test]
    fn an_entry_in_another_case_is_there() {
        assert_eq!(
            shop()
                .edit("units/alpha/src/unit.ts", "orders: {", "Orders: {")
                .findings()
                .len(),
            1
        );
    }

    #[test]
    fn a_slot_that_holds_nothing_is_found() {
        let serving = "store/src/serving/orders.ts";
        let shop = shop().with(serving, "export const Orders = 1;\n");
        assert_eq!(
            shop.findings(),
            [
                "store/src/serving/orders.ts missing-entry `store/src/serving/orders.ts` does not say what serves it"
            ]
        );
    }
}
