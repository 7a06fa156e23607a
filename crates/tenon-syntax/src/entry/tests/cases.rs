//! Faults that were found in lists, and what would have been right.

use tenon_text::diag::apply_edits;

use super::*;

const CALL: &str = "{{snake}}::register(all)?;";

#[test]
fn a_call_goes_before_the_value_of_the_function_and_never_into_a_branch() {
    let rust = site("lib.rs", "fn register(", CALL);
    for (before, after) in [
        (
            "    if std::env::var_os(\"X\").is_some() {\n        return Ok(0);\n    }\n",
            "    Ok(all.len())\n",
        ),
        (
            "    let Some(_f) = std::env::var_os(\"X\") else { return Ok(0); };\n",
            "    Ok(1)\n",
        ),
        ("    let n = 1;\n", "    if n > 0 { Ok(1) } else { Ok(0) }\n"),
        ("    let n = 1;\n", "    return Ok(n);\n"),
        ("    let n = 1;\n", "    loop {\n        all.wait();\n    }\n"),
    ] {
        let host = format!(
            "fn other() {{}}\n\nfn register(all: &mut Registry) -> Result<usize> {{\n{before}«    acme::register(all)?;\n»{after}}}\n"
        );
        rust.check(&host, &[], "acme");
    }
    for host in [
        "fn register(all: &mut R) -> Result<usize> {\n«    acme::register(all)?;\n\n»    // How many.\n    Ok(1)\n}\n",
        "fn register(all: &mut R) -> Result<usize> {\n    let n = 1;\n\n«    acme::register(all)?;\n\n»    Ok(n)\n}\n",
    ] {
        rust.check(host, &[], "acme");
    }
    rust.check(
        "fn register(all: &mut R) {\n    all.init();\n«    acme::register(all)?;\n»}\n",
        &[],
        "acme",
    );
    let python = site("apps.py", "def ready(self)", "{{snake}}.connect()");
    python.check(
        "class A:\n    def ready(self):\n        x()\n«        acme.connect()\n»        return\n",
        &[],
        "acme",
    );
    python.check("class A:\n    def ready(self) -> None:\n        x()\n«        acme.connect()\n»        while True:\n            y()\n", &[], "acme");
    python.check("class A:\n    def ready(self):\n        if x:\n            return\n        y()\n«        acme.connect()\n»\n    def other(self):\n        pass\n", &[], "acme");
    python.check("class A:\n    def ready(self):\n        x()\n\n        y()\n«\n        acme.connect()\n»\n    def other(self):\n        pass\n", &[], "acme");
    let go = site("main.go", "func main()", "{{flat}}.Add(mgr)");
    go.check("package main\n\nfunc main() {\n\tif x {\n\t\treturn\n\t}\n\tmgr := New()\n«\tacme.Add(mgr)\n»\tfor {\n\t\tmgr.Run()\n\t}\n}\n", &[], "acme");
    let js = site("a.js", "async function start(app)", "app.use({{camel}}());");
    js.check("export async function start(app, more) {\n  if (more) {\n    return;\n  } else {\n    more();\n  }\n«  app.use(acme());\n»  return app;\n}\n", &[], "acme");
}

#[test]
fn a_place_is_found_however_many_entries_it_holds() {
    let entries: String = (0..1_000)
        .map(|n| format!("    {{ name: 'part-{n}' }},\n"))
        .collect();
    let host = format!("export const other = [];\nexport const parts = [\n{entries}];\n");
    let site = site("a.ts", "const parts = []", "{ name: '{{kebab}}' }");
    assert_eq!(
        site.members(&host, &["part-0", "part-999"]),
        ["part-0", "part-999"]
    );
    let (after, _) = site.insert(&host, &[], "part-a").unwrap();
    assert_eq!(after.lines().count(), host.lines().count() + 1);
}

#[test]
fn entries_of_a_branch_are_not_the_list_of_the_function() {
    let python = site("a.py", "def initialize(self)", "Hook(self, {{pascal}})");
    let host = "class A:\n    def initialize(self):\n        if debug:\n            Hook(self, Foo)\n            Hook(self, Bar)\n        else:\n            user()\n«        Hook(self, Acme)\n»";
    python.check(host, &["foo", "bar"], "acme");
    let rust = site("lib.rs", "fn register(", CALL);
    let host = "fn register(all: &mut R) -> Result<()> {\n    foo::register(all)?;\n«    acme::register(all)?;\n»    if x {\n        bar::register(all)?;\n    } else {\n        user_code();\n    }\n    Ok(())\n}\n";
    rust.check(host, &["foo", "bar"], "acme");
}

#[test]
fn removal_takes_the_call_and_never_the_statement_around_it() {
    let rust = site("lib.rs", "", CALL);
    let host = "fn r(all: &mut R) -> Result<()> {\n    if x {\n        acme::register(all)?;\n    } else {\n        user_code();\n    }\n    Ok(())\n}\n";
    let wanted = host.replace("        acme::register(all)?;\n", "");
    assert_eq!(rust.remove(host, "acme", None).unwrap(), wanted);
    let rust = site("lib.rs", "", "{{snake}}::register(all)");
    for line in [
        "if acme::register(all).is_ok() { user_code(); }",
        "let n = acme::register(all);",
        "foo(1 + acme::register(all))?;",
    ] {
        let host = format!("fn r(all: &mut R) {{\n    {line}\n}}\n");
        let refusal = rust.remove(&host, "acme", None).unwrap_err();
        assert!(matches!(refusal.why, Why::NoElement(_)), "{line}: {refusal}");
        assert!(
            refusal.text.starts_with("acme::register(all)"),
            "{}",
            refusal.text
        );
    }
    let module = site("a.ts", "", "{{pascal}}Module");
    let host = "@Module({\n  imports: [...(process.env.T ? [AcmeModule] : [])],\n})\nclass A {}\nconst x = f(y ? AcmeModule : B);\n";
    let doc = Document::new(host, Syntax::of("a.ts"));
    let mut found = doc.find(&module.example(), None).matches;
    assign(&mut found, &[candidate("acme")]);
    let last = found.iter().rev().find(|entry| entry.member.is_some()).unwrap();
    assert!(matches!(
        remove(&doc, &module.example(), &found, last, None)
            .unwrap_err()
            .why,
        Why::NoElement(_)
    ));
}

#[test]
fn what_stands_round_the_place_is_no_obstacle() {
    let entry = "'shop.{{snake}}',";
    let place = "INSTALLED_APPS = []";
    for host in [
        "INSTALLED_APPS: list[str] = [\n    'a',\n«    'shop.acme',\n»]\n",
        "INSTALLED_APPS = [\n    'a',\n    *CONTRIB,\n«    'shop.acme',\n»]\n",
        "INSTALLED_APPS = [  # see docs\n    'a',\n«    'shop.acme',\n»] + MORE\n",
        "if True:\n    INSTALLED_APPS = [\n        'a'«,\n        'shop.acme'»\n    ]\n",
        "INSTALLED_APPS = (\n    'a',\n«    'shop.acme',\n»)\n",
        "INSTALLED_APPS = BASE + [\n    'a',\n«    'shop.acme',\n»]\nINSTALLED_APPS += ['b']\n",
        "INSTALLED_APPS = list(BASE) + (\n    'a',\n«    'shop.acme',\n»)\n",
        "INSTALLED_APPS = ['a'«, 'shop.acme'»]\n",
    ] {
        site("settings.py", place, entry).check(host, &[], "acme");
    }
    let entry = "{{camel}}: new {{pascal}}()";
    for (place, host) in [
        (
            "export const all = { }",
            "export const all: Record<string, T> = {\n  b: 1,\n«  acme: new Acme(),\n»} as const;\n",
        ),
        (
            "const all = { }",
            "export const all = {\n  b: 1,\n«  acme: new Acme(),\n»} satisfies T;\n",
        ),
        (
            "export default { }",
            "export default {\n  b: 1,\n«  acme: new Acme(),\n»};\n",
        ),
    ] {
        site("a.ts", place, entry).check(host, &[], "acme");
    }
    let fields = site("a.go", "type Config struct", "{{pascal}} *{{flat}}.Provider");
    fields.check("package a\n\ntype (\n\tOther struct{}\n\n\tConfig struct {\n\t\tBase\n«\t\tAcme *acme.Provider\n»\t}\n)\n", &[], "acme");
}

#[test]
fn only_the_place_itself_is_meant() {
    let module = site("a.ts", "@Module({ imports: [ ] })", "{{pascal}}Module");
    module.check(
        "@Module({\n  providers: [],\n  imports: [HttpModule.registerAsync({ imports: [ConfigModule], useFactory: f })«, AcmeModule»],\n  exports: [AcmeModule2],\n})\nexport class A {}\n",
        &[],
        "acme",
    );
    let doc = Document::new(
        "@Module({ imports: [] })\nclass A {}\n@Module({ imports: [] })\nclass B {}\n",
        Syntax::of("a.ts"),
    );
    assert!(matches!(doc.scope("@Module({ imports: [ ] })"), Err(NoScope::Several(all)) if all.len() == 2));
    assert_eq!(doc.scope("@Module({ exports: [ ] })"), Err(NoScope::NotThere));
    let doc = Document::new(
        "foo({ imports: [] })\n// @Module({ imports: [] })\nconst x = '@Module({ imports: [ ] })';\n",
        Syntax::of("a.ts"),
    );
    assert_eq!(doc.scope("@Module({ imports: [ ] })"), Err(NoScope::NotThere));
}

#[test]
fn an_empty_list_keeps_its_comment_and_gets_its_bytes_back() {
    let entry = "{{camel}}: {{pascal}}.default,";
    let place = "integrations: { }";
    for (host, wanted) in [
        (
            "const c = { integrations: { /* see docs */ } };\n",
            "const c = { integrations: { /* see docs */ acme: Acme.default } };\n",
        ),
        (
            "const c = {\n  integrations: {\n    // see docs\n  },\n};\n",
            "const c = {\n  integrations: {\n    // see docs\n    acme: Acme.default,\n  },\n};\n",
        ),
        (
            "const c = {\n  integrations: {},\n};\n",
            "const c = {\n  integrations: {\n    acme: Acme.default,\n  },\n};\n",
        ),
        (
            "const c = {\n  integrations: {\n  },\n};\n",
            "const c = {\n  integrations: {\n    acme: Acme.default,\n  },\n};\n",
        ),
    ] {
        let site = site("a.ts", place, entry);
        let (after, inserted) = site.insert(host, &[], "acme").unwrap();
        assert_eq!(after, wanted);
        assert_eq!(
            site.remove(&after, "acme", inserted.hollow.as_deref()).unwrap(),
            host
        );
    }
    for (path, place, entry, host, wanted) in [
        (
            "a.py",
            "all = [ ]",
            "{{pascal}}()",
            "all = []\n",
            "all = [Acme()]\n",
        ),
        (
            "a.py",
            "all = [ ]",
            "{{pascal}}()",
            "all = [\n]\n",
            "all = [\n    Acme(),\n]\n",
        ),
        (
            "a.go",
            "type C struct",
            "{{pascal}} string",
            "package a\n\ntype C struct{}\n",
            "package a\n\ntype C struct{\n\tAcme string\n}\n",
        ),
        (
            "a.rs",
            "fn f()",
            "{{snake}}();",
            "fn f() {}\n",
            "fn f() {\n    acme();\n}\n",
        ),
        (
            "a.json",
            "/a",
            "\"{{kebab}}\": 1",
            "{\n  \"a\": {}\n}\n",
            "{\n  \"a\": {\n    \"acme\": 1\n  }\n}\n",
        ),
        (
            "a.toml",
            "/a/b",
            "\"{{kebab}}\"",
            "[a]\nb = []\n",
            "[a]\nb = [\"acme\"]\n",
        ),
        (
            "a.ts",
            "export enum Kind",
            "{{pascal}} = '{{kebab}}',",
            "export enum Kind {}\n",
            "export enum Kind {\n  Acme = 'acme',\n}\n",
        ),
    ] {
        let site = site(path, place, entry);
        let (after, inserted) = site
            .insert(host, &[], "acme")
            .unwrap_or_else(|why| panic!("{host} {why:?}"));
        assert_eq!(after, wanted);
        assert_eq!(
            site.remove(&after, "acme", inserted.hollow.as_deref()).unwrap(),
            host
        );
    }
}

#[test]
fn decoys_are_no_entries() {
    let python = site("settings.py", "INSTALLED_APPS = [ ]", "'shop.{{snake}}',");
    let host = "TEXT = '''\nINSTALLED_APPS = [\n    'shop.acme',\n]\n'''\nOTHER_APPS = [\n    'shop.acme',\n]\nINSTALLED_APPS = [\n    # 'shop.acme',\n    'shop.aa',\n«    'shop.acme',\n»]\n";
    python.check(host, &["aa"], "acme");
    let typescript = site("a.ts", "", "use(app, {{camel}}());");
    let host = "// use(app, acme());\nconst text = `use(app, acme());`;\nuse(app, aa());\n«use(app, acme());\n»use(app, zz());\n";
    typescript.check(host, &["aa", "zz"], "acme");
    let markdown = site("README.md", "", "- [{{title}}](./{{kebab}})");
    markdown.check("# T\n\n```md\n- [Acme](./acme)\n```\n\n<!-- - [Acme](./acme) -->\n\n- [Aa](./aa)\n«- [Acme](./acme)\n»- [Zz](./zz)\n", &["aa", "zz"], "acme");
}

#[test]
fn comments_that_are_not_the_entry_s_stay() {
    let go = site("a.go", "", "_ \"x/{{kebab}}\"");
    let host = "package a\n\nimport (\n\t// Payments.\n\t_ \"x/aa\" // first\n\t// See acme's docs below.\n\t_ \"x/acme\" // why\n\t/* end */\n)\n";
    let wanted = host.replace("\t_ \"x/acme\" // why\n", "");
    assert_eq!(go.remove(host, "acme", None).unwrap(), wanted);
    go.check(
        "package a\n\nimport (\n\t// Payments.\n«\t_ \"x/aa\"\n»\t_ \"x/bb\" // first\n\t// The end.\n)\n",
        &["bb"],
        "aa",
    );
}

#[test]
fn two_members_added_and_removed_leave_no_blank_line() {
    for (path, entry, host) in [
        (
            "a.ts",
            "import { {{pascal}} } from './{{kebab}}';",
            "import { Zz } from './zz';\n\nfoo();\n",
        ),
        (
            "a.go",
            "_ \"x/{{kebab}}\"",
            "package a\n\nimport (\n\t\"fmt\"\n\n\t_ \"x/zz\"\n)\n",
        ),
        (
            "a.rs",
            "mod {{snake}};",
            "use std::fmt;\n\nmod zz;\n\nfn main() {}\n",
        ),
        (
            "a.py",
            "from .{{snake}} import {{pascal}}",
            "import os\n\nfrom .zz import Zz\n\n\nx = 1\n",
        ),
    ] {
        let site = site(path, "", entry);
        let (one, _) = site.insert(host, &["zz"], "acme").unwrap();
        let (two, _) = site.insert(&one, &["zz", "acme"], "bee").unwrap();
        let back = site
            .remove(&site.remove(&two, "acme", None).unwrap(), "bee", None)
            .unwrap();
        assert_eq!(back, host, "{two}");
    }
}

#[test]
fn line_ends_are_the_neighbour_s() {
    let python = site("a.py", "", "'shop.{{snake}}',");
    python.check(
        "A = [\r\n    'shop.a',\r\n«    'shop.b',\r\n»    'shop.c',\r\n]\r\n",
        &["a", "c"],
        "b",
    );
    python.check(
        "A = [\n    'shop.a',\r\n«    'shop.b',\r\n»    'shop.c',\n]\n",
        &["a", "c"],
        "b",
    );
    site("a.md", "", "- {{kebab}}").check("- a\r\n«- b\r\n»- c\r\n", &["a", "c"], "b");
    site("a.rs", "", "/// {{title}}.\npub mod {{snake}};").check(
        "/// Aa.\r\npub mod aa;\r\n«/// Bb.\r\npub mod bb;\r\n»/// Cc.\r\npub mod cc;\r\n",
        &["aa", "cc"],
        "bb",
    );
}

#[test]
fn several_lists_of_one_size_are_ambiguous_and_in_decides() {
    let host = "A = [\n    'x.a',\n    'x.b',\n]\nB = [\n    'x.c',\n    'x.d',\n«    'x.e',\n»]\n";
    let before = host.replace("«    'x.e',\n»", "");
    let refusal = site("a.py", "", "'x.{{snake}}',")
        .insert(&before, &["a", "b", "c", "d"], "e")
        .unwrap_err();
    assert!(matches!(refusal.why, Why::Ambiguous(lists) if lists.len() == 2));
    assert_eq!(refusal.text, "'x.e',");
    site("a.py", "B = [ ]", "'x.{{snake}}',").check(host, &["c", "d"], "e");
    let doc = Document::new(&*before, Syntax::of("a.py"));
    assert!(matches!(
        insert(
            &doc,
            &site("a.py", "", "y('{{snake}}')").example(),
            &[],
            None,
            "y('e')"
        ),
        Err(Refusal {
            why: Why::NoPlace,
            ..
        })
    ));
}

#[test]
fn what_is_there_is_not_added_again() {
    let python = site("a.py", "", "'x.{{snake}}',");
    let refusal = python
        .insert("A = [\n    \"x.a\",\n    \"x.b-c\",\n]\n", &["a"], "a")
        .unwrap_err();
    assert!(matches!(refusal.why, Why::Present(_)));
    let branch = site("a.py", "def ready(self)", "connect({{pascal}})");
    let host =
        "class A:\n    def ready(self):\n        if x:\n            connect(Acme)\n        connect(Bee)\n";
    assert!(matches!(
        branch.insert(host, &["acme", "bee"], "acme").unwrap_err().why,
        Why::Present(_)
    ));
}

#[test]
fn spellings_of_their_own_are_aliases_and_disagreement_is_no_member() {
    let site = site("a.go", "", "{{pascal}} *{{flat}}.Provider");
    let text = "package a\n\ntype C struct {\n\tPagerDuty *pagerduty.Provider\n\tSlack *slack.Provider\n\tOther *unknown.Provider\n}\n";
    let doc = Document::new(text, Syntax::of("a.go"));
    let mut found = doc.find(&site.example(), None).matches;
    let mut names = [candidate("pagerduty"), candidate("slack")];
    names[0].values.retain(|(id, _)| *id != 9);
    let (unassigned, aliases) = assign(&mut found, &names);
    assert_eq!(
        found.iter().map(|entry| entry.member).collect::<Vec<_>>(),
        [Some(0), Some(1), None]
    );
    assert_eq!(unassigned, [(2, Unassigned::Unknown)]);
    assert_eq!(aliases, []);
    let text = text.replace("PagerDuty", "Pager");
    let mut found = Document::new(text, Syntax::of("a.go"))
        .find(&site.example(), None)
        .matches;
    let (_, aliases) = assign(&mut found, &names);
    assert_eq!(
        aliases,
        [Alias {
            member: 0,
            hole: 5,
            text: "Pager".to_owned()
        }]
    );
    let both = super::site("a.ts", "", "import {{camel}} from './{{kebab}}';");
    let mut found = Document::new("import a from './b';\n", Syntax::of("a.ts"))
        .find(&both.example(), None)
        .matches;
    let (unassigned, _) = assign(&mut found, &[candidate("a"), candidate("b")]);
    assert_eq!(unassigned, [(0, Unassigned::Disagree)]);
}

#[test]
fn a_name_that_begins_another_is_another() {
    let site = site("a.txt", "", "./{{kebab}}");
    assert_eq!(
        site.members("./go\n./go-module\n./gopher\n", &["go", "gopher"]),
        ["go", "gopher"]
    );
    let python = super::site("a.py", "", "'redash.{{snake}}'");
    assert_eq!(
        python.members(
            "x = [\n  'redash.big_query',\n  'redash.big_query_gce',\n]\n",
            &["big_query"]
        ),
        ["big_query"]
    );
}

#[test]
fn an_entry_may_say_more_than_the_example_unless_it_is_exact() {
    let text = "class A:\n    def f(self):\n        Hook(self, Aa)\n        Hook(self, Bb, key='x')\n        Hook(self, Cc,\n             more=[1, 2])\n";
    let site = site("a.py", "", "Hook(self, {{pascal}})");
    let (_, found, _) = site.read(text, &["aa", "bb", "cc"]);
    assert_eq!(
        found.iter().map(|entry| entry.extra).collect::<Vec<_>>(),
        [false, true, true]
    );
    let exact = site.example().exact();
    assert_eq!(
        Document::new(text, Syntax::of("a.py"))
            .find(&exact, None)
            .matches
            .len(),
        1
    );
    let objects = super::site("a.ts", "", "{ id: '{{kebab}}', path: './{{kebab}}' }");
    let text = "x = [\n  { id: 'aa', path: './aa' },\n  { kind: 1, id: \"bb\", /* c */ title: 'B', path: './bb', more: [1, 2], },\n];\n";
    assert_eq!(objects.members(text, &["aa", "bb"]), ["aa", "bb"]);
}

#[test]
fn a_gap_does_not_go_from_one_sibling_into_the_next() {
    let site = site("a.go", "", "{{pascal}} {{_}} `json:\"{{snake}}\"`");
    let text = "package a\n\ntype C struct {\n\tAa int\n\tBb map[string]int `json:\"bb\"`\n\tCc *c.C `json:\"cc\"`\n}\n";
    assert_eq!(site.members(text, &["aa", "bb", "cc"]), ["bb", "cc"]);
}

#[test]
fn conditions_are_read_both_ways() {
    let parts = [
        Part::Text("use({{".replace("{{", "")),
        Part::Hole(Hole {
            spelling: Spelling::Camel,
            id: 4,
        }),
        Part::Either(vec![Part::Text(", { lazy: true }".to_owned())], vec![]),
        Part::Text(")".to_owned()),
    ];
    let example = Example::new(&parts, Syntax::of("a.ts")).unwrap();
    let found = Document::new("use(aa, { lazy: true });\nuse(bb);\n", Syntax::of("a.ts"))
        .find(&example, None)
        .matches;
    assert_eq!(
        found
            .iter()
            .map(|entry| (entry.form, entry.value(4).unwrap()))
            .collect::<Vec<_>>(),
        [(0, "aa"), (1, "bb")]
    );
    // What stands there only under a condition, at the beginning.
    let parts = [
        Part::Either(vec![Part::Text("#[cfg(test)]\n".to_owned())], vec![]),
        Part::Hole(Hole {
            spelling: Spelling::Snake,
            id: 2,
        }),
        Part::Text("::register(all)?;".to_owned()),
    ];
    let example = Example::new(&parts, Syntax::of("a.rs")).unwrap();
    let text = "fn f(all: &mut R) {\n    #[cfg(test)]\n    aa::register(all)?;\n    bb::register(all)?;\n}\n";
    let found = Document::new(text, Syntax::of("a.rs"))
        .find(&example, None)
        .matches;
    let forms: Vec<usize> = found.iter().map(|entry| entry.form).collect();
    assert_eq!(forms, [0, 1]);
    let many = vec![Part::Either(vec![Part::Text("a".to_owned())], vec![Part::Text("b".to_owned())]); 5];
    assert_eq!(
        Example::new(&many, Syntax::of("a.ts")).unwrap_err(),
        ExampleError::TooMany
    );
    assert_eq!(
        Example::new(&[Part::Gap], Syntax::of("a.ts")).unwrap_err(),
        ExampleError::OnlyGaps
    );
    assert_eq!(
        Example::new(&[Part::Text("// x".to_owned())], Syntax::of("a.ts")).unwrap_err(),
        ExampleError::Empty
    );
}

#[test]
fn what_a_condition_adds_is_no_neighbour_s_to_leave_out() {
    let mut all = parts("{{camel}}: { service: {{pascal}}Service");
    all.push(Part::Either(
        vec![
            Part::Text(", imports: [".to_owned()),
            Part::Gap,
            Part::Text("]".to_owned()),
        ],
        vec![],
    ));
    all.push(Part::Text(" }".to_owned()));
    let example = Example::new(&all, Syntax::of("a.ts")).unwrap();
    let host = "const all = { alpha: { service: AlphaService } };\n";
    let doc = Document::new(host, Syntax::of("a.ts"));
    let mut found = doc.find(&example, None).matches;
    assign(&mut found, &[candidate("alpha")]);
    let entry = "beta: { service: BetaService, imports: [Alpha.Module] }";
    let inserted = insert(&doc, &example, &found, None, entry).unwrap();
    assert_eq!(
        apply_edits(host, &inserted.edits).unwrap(),
        format!("const all = {{ alpha: {{ service: AlphaService }}, {entry} }};\n")
    );
}

#[test]
fn text_that_is_not_understood_is_refused() {
    let site = site("a.json", "", "\"{{kebab}}\": 1");
    let refusal = site.insert("{ \"a\": 1,, }", &["a"], "b").unwrap_err();
    assert!(matches!(refusal.why, Why::NotUnderstood(_)), "{refusal}");
    let edits = insert(
        &Document::new("{}", Syntax::Json),
        &site.example(),
        &[],
        None,
        "\"b\": 2",
    );
    assert_eq!(edits.unwrap_err().why, Why::NoExample);
    assert!(apply_edits("", &[]).is_ok());
}

#[test]
fn a_list_in_segments_and_one_that_is_nearly_sorted() {
    let text = site("a.txt", "", "./{{kebab}}/");
    text.check("./aa/\n./ant/\n./anchor/\n./bee/\n./cat/\n./cow/\n./dog/\n./eel/\n./fox/\n./go/\n«./go-zap/\n»./gopher/\n./hen/\n", &["aa", "ant", "anchor", "bee", "cat", "cow", "dog", "eel", "fox", "go", "gopher", "hen"], "go-zap");
    let python = site("a.py", "", "'x.{{snake}}',");
    python.check(
        "A = [\n    'x.zz',\n\n    'x.aa',\n    'x.bb',\n«    'x.cc',\n»    'x.dd',\n]\n",
        &["zz", "aa", "bb", "dd"],
        "cc",
    );
}

#[test]
fn an_empty_yaml_value_becomes_a_list() {
    let yaml = site("a.yaml", "/list", "- name: {{kebab}}\n  path: ./{{kebab}}");
    yaml.check(
        "a: 1\nlist:\n«  - name: acme\n    path: ./acme\n»more: 1\n",
        &[],
        "acme",
    );
    yaml.check("list: # c\n«  - name: acme\n    path: ./acme\n»", &[], "acme");
}

#[test]
fn members_of_an_object_may_stand_in_any_order_and_style() {
    let yaml = site("a.yaml", "", "- name: {{kebab}}\n  path: ./{{kebab}}");
    let text = "list:\n  - name: aa\n    path: ./aa\n  - path: ./bb-x\n    more: [1, 2]\n    name: bb-x\n  - { path: './cc', name: cc }\n  - name: dd\n    path: ./other\n";
    assert_eq!(
        yaml.members(text, &["aa", "bb-x", "cc", "dd"]),
        ["aa", "bb-x", "cc"]
    );
    yaml.check(
        "list:\n  - { name: aa, path: ./aa }\n«  - { name: bb, path: ./bb }\n»  - { name: cc, path: ./cc }\n",
        &["aa", "cc"],
        "bb",
    );
    yaml.check(
        "list: [{ name: aa, path: ./aa }, «{ name: bb, path: ./bb }, »{ name: cc, path: ./cc }]\n",
        &["aa", "cc"],
        "bb",
    );
    let json = site(
        "a.json",
        "",
        "{ \"name\": \"{{kebab}}\", \"path\": \"./{{kebab}}\" }",
    );
    let text = "[\n  { \"path\": \"./aa\", \"x\": {}, \"name\": \"aa\" },\n  { \"name\": \"bb\", \"path\": \"./bb\" }\n]\n";
    assert_eq!(json.members(text, &["aa", "bb"]), ["aa", "bb"]);
    let json = site(
        "a.json",
        "",
        "\"{{kebab}}\": { \"a\": \"{{snake}}\", \"b\": true }",
    );
    assert_eq!(
        json.members("{ \"x-y\": { \"b\": true, \"a\": \"x_y\" } }", &["x-y"]),
        ["x-y"]
    );
    let toml = site(
        "a.toml",
        "",
        "[[plugins]]\nname = \"{{kebab}}\"\npath = \"./{{kebab}}\"",
    );
    assert_eq!(
        toml.members(
            "[[plugins]]\npath = \"./aa\"\nname = \"aa\"\n\n[[others]]\npath = \"./bb\"\nname = \"bb\"\n",
            &["aa", "bb"]
        ),
        ["aa"]
    );
    // YAML needs no quotes.
    let yaml = site("a.yaml", "", "- \"./{{kebab}}\"");
    assert_eq!(
        yaml.members("x:\n  - ./aa\n  - './bb'\n  - \"./cc\"\n", &["aa", "bb", "cc"]),
        ["aa", "bb", "cc"]
    );
}

#[test]
fn what_a_place_stands_beside_is_no_declaration_with_a_body() {
    let text = "mod a;\nmod b;\n\nuse x::Y;\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n";
    let doc = Document::new(text, Syntax::of("lib.rs"));
    let found = doc.siblings("mod {{_}};");
    let texts: Vec<&str> = found.iter().map(|found| &text[found.extent.range()]).collect();
    assert_eq!(texts, ["mod a;", "mod b;"]);
    let scope = doc.beside("mod {{_}};", Side::Behind).unwrap();
    assert_eq!(&text[scope.end(&doc).range()], "mod b;");
}

#[test]
fn a_line_that_is_broken_for_its_width_stays_broken_beside_a_short_one() {
    let host = "def ready(self):\n    get().register(Acme)\n";
    let entry = "get().register(\n    DataDogIntegration\n)";
    let after = |example: &Example| {
        let doc = Document::new(host, Syntax::of("a.py"));
        let mut found = doc.find(example, None).matches;
        assign(&mut found, &[candidate("acme")]);
        let inserted = insert(&doc, example, &found, None, entry).unwrap();
        apply_edits(host, &inserted.edits).unwrap()
    };
    let example = || Example::new(&parts("get().register({{pascal}})"), Syntax::of("a.py")).unwrap();
    assert_eq!(
        after(&example().fitted()),
        format!("{host}    get().register(\n        DataDogIntegration\n    )\n")
    );
    // Without a width the neighbour is the model.
    assert_eq!(
        after(&example()),
        format!("{host}    get().register(DataDogIntegration)\n")
    );
}

#[test]
fn a_new_entry_is_read_as_it_is_found_afterwards() {
    // What a loop of the template writes is read as a gap, and more than one turn of it is left over.
    let mut all = parts("{{camel}}: { service: {{pascal}}Service");
    let mut imports = vec![Part::Text(", imports: [".to_owned())];
    imports.extend(parts("...{{snake}}, "));
    imports.extend([Part::Gap, Part::Text("]".to_owned())]);
    all.push(Part::Either(imports, vec![]));
    all.push(Part::Text(" }".to_owned()));
    let example = Example::new(&all, Syntax::of("a.ts")).unwrap();
    let host = "const all = {};\n";
    let doc = Document::new(host, Syntax::of("a.ts"));
    let scope = doc.scope("const all = { }").unwrap();
    let entry = "beta: { service: BetaService, imports: [...beta, A.Module, B.Module, C.Module], extra: 1 }";
    let inserted = insert(&doc, &example, &[], Some(&scope), entry).unwrap();
    let text = apply_edits(host, &inserted.edits).unwrap();
    assert!(
        text.contains("imports: [...beta, A.Module, B.Module, C.Module]"),
        "{text}"
    );
}

#[test]
fn an_entry_by_way_of_a_variable_is_that_entry() {
    let go = site("a.go", "func main", "all.Add({{snake}}.New({{_}}))");
    let host = "package p\n\nfunc main() {\n\t{\n\t\t// Acme.\n\t\tc := acme.New(1)\n\t\tall.Add(c)\n\t}\n\tall.Add(nova.New())\n\td := other()\n\tall.Add(d)\n\tdelta.New()\n}\n";
    assert_eq!(go.members(host, &["acme", "nova", "delta"]), ["acme", "nova"]);
    let rust = site("a.rs", "fn main", "all.add({{snake}}::new());");
    let host = "fn main() {\n    let c = acme::new();\n    all.add(c);\n    let _d = delta::new();\n}\n";
    assert_eq!(rust.members(host, &["acme", "delta"]), ["acme"]);
}

#[test]
fn entries_in_blocks_of_their_own_count_as_these_blocks() {
    let go = site("a.go", "", "all.Add({{snake}}.New({{_}}))");
    let host = "package p\n\nfunc main() {\n\t{\n\t\t// Acme.\n\t\tc := acme.New(1)\n\t\tall.Add(c)\n\t}\n\n\tif x {\n\t\tall.Add(nova.New())\n\t}\n}\n";
    let (doc, found, _) = go.read(host, &["acme", "nova"]);
    let outside = doc.outside_of_blocks(found);
    let said: Vec<&str> = outside.iter().map(|entry| &host[entry.extent.range()]).collect();
    assert!(said[0].starts_with("{\n\t\t// Acme."), "{said:?}");
    assert_eq!(said[1], "all.Add(nova.New())");
}

#[test]
fn a_place_beside_a_statement_is_in_the_body_of_its_function() {
    let begins = |body: &str, begins: &str| {
        let host = format!("package p\n\nfunc main() {{\n\tfirst()\n{body}\tlast()\n}}\n");
        let doc = Document::new(host.as_str(), Syntax::of("a.go"));
        let place = doc.beside("{{_}}.New({{_}})", Side::Before).unwrap().place();
        assert!(host[place..].starts_with(begins), "{}", &host[place..]);
    };
    begins("\tr := all.New(x)\n", "r := all");
    begins("\tr = all.New(x)\n", "r = all");
    begins("\tif y {\n\t\tr = all.New(x)\n\t}\n", "if y");
    begins(
        "\tfor {\n\t\tif y {\n\t\t\treturn all.New(x)\n\t\t}\n\t}\n",
        "for {",
    );
    begins("\trun(func() {\n\t\tr = all.New(x)\n\t})\n", "r = all");
}

#[test]
fn a_block_that_ends_with_a_word_is_filled_and_emptied_again() {
    let call = |path, within| site(path, within, "register :{{snake}}, {{pascal}}");
    let class = call("a.rb", "class Registry");
    for host in [
        "module A\n  class Registry < Struct.new(:a)\n«    register :acme, Acme\n»  end\nend\n",
        "class Registry\n«  register :acme, Acme\n»end\n",
        "class Registry\r\n«  register :acme, Acme\r\n»end\r\n",
        "class Registry\n  extend Kit\n«  register :acme, Acme\n»end\n",
        "class Registry\n  extend Kit\n  register :aa, Aa\n«  register :acme, Acme\n»  register :zeta, Zeta, beta: true\n\n  def x; end\nend\n",
    ] {
        let known: Vec<&str> = ["aa", "zeta"]
            .into_iter()
            .filter(|name| host.contains(&format!(":{name}")))
            .collect();
        class.check(host, &known, "acme");
    }
    let one_line = class.insert("class Registry; end\n", &[], "acme").unwrap();
    assert_eq!(one_line.0, "class Registry\n  register :acme, Acme\nend\n");
    let back = class.remove(&one_line.0, "acme", one_line.1.hollow.as_deref());
    assert_eq!(back.unwrap(), "class Registry; end\n");
    let block = site("a.gemspec", "Spec.new do |spec|", "spec.add \"{{kebab}}\"");
    for host in [
        "Spec.new do |spec|\n«  spec.add \"acme\"\n»end\n",
        "Spec.new do |spec|\n  spec.name = [\"x\"]\n«  spec.add \"acme\"\n»end\n",
        "Spec.new do |spec|\n  spec.text = <<~END\n    words\n  END\n«  spec.add \"acme\"\n»end\n",
    ] {
        block.check(host, &[], "acme");
    }
    let braces = site("a.rb", "kit.configure", "add :{{snake}}");
    braces.check("kit.configure { |k|\n  k.x\n«  add :acme\n»}\n", &[], "acme");
    let method = site("a.rb", "def self.load_all", "load_one {{pascal}}");
    for host in [
        "def self.load_all(list = [])\n«  load_one Acme\n»end\n",
        "def self.load_all\n  return unless enabled?\n  x()\n«  load_one Acme\n»end\n",
        "def self.load_all\n  x()\n«  load_one Acme\n»  raise \"never\"\nend\n",
        "def self.load_all\n  x()\n«  load_one Acme\n»  list\nend\n",
        "def self.load_all\n  x()\n«  load_one Acme\n»rescue LoadError\n  y()\nend\n",
        "def self.load_all\n  x()\n«  load_one Acme\n»  loop do\n    y()\n  end\nend\n",
    ] {
        method.check(host, &[], "acme");
    }
}

#[test]
fn lists_of_words_are_parted_by_space() {
    let words = site("a.rb", "NAMES = %w[ ]", "{{snake}}");
    for (host, known) in [
        ("NAMES = %w[«acme»].freeze\n", vec![]),
        ("NAMES = %w[aa« acme»].freeze\n", vec!["aa"]),
        ("NAMES = %w[aa« acme» zeta]\n", vec!["aa", "zeta"]),
        (
            "NAMES = %w[\n  aa\n«  acme\n»  zeta\n].freeze\n",
            vec!["aa", "zeta"],
        ),
    ] {
        words.check(host, &known, "acme");
    }
    let symbols = site("a.rb", "def names", ":{{snake}}");
    symbols.check(
        "def names\n  [:aa,« :acme,» :zeta].freeze\nend\n",
        &["aa", "zeta"],
        "acme",
    );
    let paths = site("a.rb", "FILES = %w( )", "{{snake}}/kit-{{snake}}.gemspec");
    paths.check(
        "FILES = %w(\n  aa/kit-aa.gemspec\n«  acme/kit-acme.gemspec\n»  zeta/kit-zeta.gemspec\n).freeze\n",
        &["aa", "zeta"],
        "acme",
    );
}

#[test]
fn a_case_is_a_list_of_its_cases() {
    let case = site("a.rb", "case name", "when \"{{kebab}}\"\n  {{pascal}}.new");
    for host in [
        "def a(name)\n  case name\n  when \"aa\"\n    Aa.new\n«  when \"acme\"\n    Acme.new\n»  else\n    raise \"no\"\n  end\nend\n",
        "def a(name)\n  case name\n  when \"aa\"\n    Aa.new\n«  when \"acme\"\n    Acme.new\n»  # The last one.\n  when \"zeta\"\n    Zeta.new\n  end\nend\n",
        "case name\nwhen nil then 1\n«when \"acme\"\n  Acme.new\n»end\n",
        "case name\nwhen nil then 1\n«when \"acme\"\n  Acme.new\n»else 2\nend\n",
    ] {
        let known: Vec<&str> = ["aa", "zeta"]
            .into_iter()
            .filter(|name| host.contains(&format!("\"{name}\"")))
            .collect();
        case.check(host, &known, "acme");
    }
}

#[test]
fn what_stands_under_a_condition_or_in_a_text_of_several_lines_is_left_alone() {
    let call = site("a.rb", "class Registry", "register :{{snake}}, {{pascal}}");
    let host =
        "class Registry\n  TEXT = <<~WORDS\n    register :aa, Aa\n  WORDS\n  register :bb, Bb if x\nend\n";
    assert_eq!(call.members(host, &["aa", "bb"]), ["bb"]);
    let refusal = call.remove(host, "bb", None).unwrap_err();
    assert!(matches!(refusal.why, Why::NoElement(_)), "{refusal}");
    let host = "register(:aa, Aa, <<~WORDS)\n  words\nWORDS\n";
    let list = site("a.rb", "", "register(:{{snake}}, {{pascal}}, {{_}})");
    let after = list.insert(host, &["aa"], "zeta");
    assert!(after.is_err(), "{after:?}");
}

#[test]
fn attributes_belong_to_what_stands_below_them() {
    let field = site("lib.rs", "struct All", "{{snake}}: {{snake}}::Config,");
    let members = ["bb", "dd"];
    let bb = "    #[serde(borrow)]\n    bb: bb::Config,\n";
    let dd = "    #[serde(borrow)]\n    #[serde(default)]\n    /// Its own.\n    dd: dd::Config,\n";
    for (new, text) in [
        // What is above one alone is no habit.
        ("aa", format!("«    aa: aa::Config,\n»{bb}{dd}")),
        ("cc", format!("{bb}«    cc: cc::Config,\n»{dd}")),
        ("ee", format!("{bb}{dd}«    ee: ee::Config,\n»")),
        (
            "ee",
            format!(
                "{bb}{}«    #[serde(borrow)]\n    ee: ee::Config,\n»",
                bb.replace("bb", "dd")
            ),
        ),
    ] {
        field.check(&format!("struct All {{\n{text}}}\n"), &members, new);
    }
    let both = format!("struct All {{\n{bb}{dd}}}\n");
    for (name, rest) in [("bb", dd), ("dd", bb)] {
        assert_eq!(
            field.remove(&both, name, None).unwrap(),
            format!("struct All {{\n{rest}}}\n")
        );
    }
    let module = site("lib.rs", "", "pub mod {{snake}};");
    let text = "#[cfg(unix)]\npub mod bb;\npub mod dd;\n";
    module.check(&format!("«pub mod aa;\n»{text}"), &members, "aa");
    assert_eq!(module.remove(text, "bb", None).unwrap(), "pub mod dd;\n");
    // One that is part of the entry has others above it, too.
    let both = site(
        "lib.rs",
        "",
        "#[cfg(feature = \"{{kebab}}\")]\npub mod {{snake}};",
    );
    let text = "#[doc(hidden)]\n#[cfg(feature = \"bb\")]\npub mod bb;\n";
    both.check(
        &format!("«#[cfg(feature = \"aa\")]\npub mod aa;\n»{text}"),
        &["bb"],
        "aa",
    );
}
