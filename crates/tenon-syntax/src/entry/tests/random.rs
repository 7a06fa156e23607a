//! Random small changes of host files: an edit is right or refused, never wrong. The judge is the parser, and where the list stands.

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;
use crate::tree::error_count;

/// A language's way to write one list.
struct Shape {
    path: &'static str,
    within: &'static str,
    entry: &'static str,
    /// What begins and ends the list; entries stand on lines of their own, indented by `indent`.
    open: &'static str,
    close: &'static str,
    indent: &'static str,
    /// Whether entries end with a comma, and whether the last one may.
    comma: bool,
    last_comma: bool,
    comment: &'static str,
    /// What stands above and below: a second list and a string that looks like one, with an entry of `decoy`.
    above: &'static str,
    below: &'static str,
}

const SHAPES: &[Shape] = &[
    Shape {
        path: "a.py",
        within: "APPS = [ ]",
        entry: "'shop.{{snake}}',",
        open: "APPS = [",
        close: "]",
        indent: "    ",
        comma: true,
        last_comma: true,
        comment: "#",
        above: "OTHER = [\n    'shop.decoy',\n]\nTEXT = \"\"\"\nAPPS = [\n    'shop.decoy',\n]\n\"\"\"\n",
        below: "\nMORE = ['shop.decoy']\n",
    },
    Shape {
        path: "b.py",
        within: "def ready(self)",
        entry: "connect({{pascal}}, '{{kebab}}')",
        open: "class A:\n    def ready(self):",
        close: "        return None",
        indent: "        ",
        comma: false,
        last_comma: false,
        comment: "#",
        above: "def other():\n    connect(Decoy, 'decoy')\n\n\n",
        below: "\n\ndef more():\n    if x:\n        connect(Decoy, 'decoy')\n",
    },
    Shape {
        path: "a.ts",
        within: "@Module({ imports: [ ] })",
        entry: "{{pascal}}Module",
        open: "@Module({\n  imports: [",
        close: "  ],\n})\nclass A {}",
        indent: "    ",
        comma: true,
        last_comma: true,
        comment: "//",
        above: "const others = {\n  imports: [DecoyModule],\n};\nconst text = `\n@Module({ imports: [DecoyModule] })`;\n",
        below: "\nexport class B {\n  x = [DecoyModule];\n}\n",
    },
    Shape {
        path: "a.js",
        within: "module.exports = { }",
        entry: "{{camel}}: require('./{{kebab}}'),",
        open: "module.exports = {",
        close: "};",
        indent: "  ",
        comma: true,
        last_comma: true,
        comment: "//",
        above: "const other = {\n  decoy: require('./decoy'),\n};\n",
        below: "\nconst s = \"decoy: require('./decoy'),\";\n",
    },
    Shape {
        path: "a.go",
        within: "var all = map[string]F{ }",
        entry: "\"{{kebab}}\": {{flat}}.New,",
        open: "package a\n\nvar all = map[string]F{",
        close: "}",
        indent: "\t",
        comma: true,
        last_comma: true,
        comment: "//",
        above: "",
        below: "\nvar other = map[string]F{\n\t\"decoy\": decoy.New,\n}\n\nconst text = `\nvar all = map[string]F{\n\t\"decoy\": decoy.New,\n}`\n",
    },
    Shape {
        path: "b.go",
        within: "func main()",
        entry: "{{flat}}.Register(r)",
        open: "package a\n\nfunc main() {",
        close: "\tfor {\n\t\tr.Run()\n\t}\n}",
        indent: "\t",
        comma: false,
        last_comma: false,
        comment: "//",
        above: "",
        below: "\nfunc other() {\n\tdecoy.Register(r)\n\tif x {\n\t\tdecoy.Register(r)\n\t}\n}\n",
    },
    Shape {
        path: "a.rs",
        within: "fn register(",
        entry: "{{snake}}::register(all)?;",
        open: "fn register(all: &mut R) -> Result<usize> {",
        close: "    Ok(all.len())\n}",
        indent: "    ",
        comma: false,
        last_comma: false,
        comment: "//",
        above: "fn other(all: &mut R) -> Result<()> {\n    decoy::register(all)?;\n    Ok(())\n}\n\n",
        below: "\nconst TEXT: &str = \"decoy::register(all)?;\";\n",
    },
    Shape {
        path: "b.rs",
        within: "enum Kind",
        entry: "{{pascal}},",
        open: "pub enum Kind {",
        close: "}",
        indent: "    ",
        comma: true,
        last_comma: true,
        comment: "//",
        above: "enum Other {\n    Decoy,\n}\n\n",
        below: "\nfn f() -> Kind {\n    Kind::Decoy\n}\n",
    },
    Shape {
        path: "A.java",
        within: "void configure(",
        entry: "binder.bind({{pascal}}Plugin.class).to(\"{{kebab}}\");",
        open: "package a;\n\nclass A {\n    @Override\n    protected void configure(Binder binder) {",
        close: "        return;\n    }\n}",
        indent: "        ",
        comma: false,
        last_comma: false,
        comment: "//",
        above: "/* binder.bind(DecoyPlugin.class).to(\"decoy\"); */\n",
        below: "\n\nclass B {\n    void other(Binder binder) {\n        binder.bind(DecoyPlugin.class).to(\"decoy\");\n        if (x) {\n            binder.bind(DecoyPlugin.class).to(\"decoy\");\n        }\n    }\n\n    String text = \"\"\"\n        binder.bind(DecoyPlugin.class).to(\"decoy\");\n        \"\"\";\n}\n",
    },
    Shape {
        path: "B.java",
        within: "return List.of",
        entry: "new {{pascal}}Plugin(\"{{kebab}}\")",
        open: "package a;\n\nclass A {\n    List<Plugin> all() {\n        return List.of(",
        close: "        );\n    }\n}",
        indent: "                ",
        comma: true,
        last_comma: false,
        comment: "//",
        above: "",
        below: "\n\nclass B {\n    Plugin other = new DecoyPlugin(\"decoy\");\n    String text = \"List.of(new DecoyPlugin())\";\n}\n",
    },
    Shape {
        path: "C.java",
        within: "String[] NAMES = { }",
        entry: "\"{{kebab}}\"",
        open: "package a;\n\nclass A {\n    static final String[] NAMES = {",
        close: "    };\n}",
        indent: "        ",
        comma: true,
        last_comma: true,
        comment: "//",
        above: "",
        below: "\n\nclass B {\n    String[] others = {\"decoy\"};\n}\n",
    },
    Shape {
        path: "D.java",
        within: "enum Kind",
        entry: "{{constant}}(\"{{kebab}}\")",
        open: "package a;\n\npublic enum Kind {",
        close: "    ;\n\n    Kind(String name) {}\n}",
        indent: "    ",
        comma: true,
        last_comma: true,
        comment: "//",
        above: "",
        below: "\n\nenum Other {\n    DECOY(\"decoy\")\n}\n",
    },
    Shape {
        path: "E.java",
        within: "switch (name)",
        entry: "case \"{{kebab}}\":\n    return new {{pascal}}Plugin();",
        open: "package a;\n\nclass A {\n    Plugin make(String name) {\n        switch (name) {",
        close: "            default:\n                return null;\n        }\n    }\n}",
        indent: "            ",
        comma: false,
        last_comma: false,
        comment: "//",
        above: "",
        below: "\n\nclass B {\n    Plugin make(String name) {\n        switch (other) {\n            case \"decoy\":\n                return new DecoyPlugin();\n            default:\n                return null;\n        }\n    }\n}\n",
    },
    Shape {
        path: "F.java",
        within: "@Plugins({ })",
        entry: "{{pascal}}Plugin.class",
        open: "package a;\n\n@Plugins({",
        close: "})\nclass A {}",
        indent: "    ",
        comma: true,
        last_comma: true,
        comment: "//",
        above: "",
        below: "\n\n@Others({DecoyPlugin.class})\nclass B {}\n",
    },
    Shape {
        path: "G.java",
        within: "List<Plugin> all(",
        entry: ".add(new {{pascal}}Plugin())",
        open: "package a;\n\nclass A {\n    List<Plugin> all() {\n        return ImmutableList.<Plugin>builder()",
        close: "                .build();\n    }\n}",
        indent: "                ",
        comma: false,
        last_comma: false,
        comment: "//",
        above: "",
        below: "\n\nclass B {\n    Object other = builder().add(new DecoyPlugin()).build();\n}\n",
    },
    Shape {
        path: "a.rb",
        within: "NAMES = %w[ ]",
        entry: "{{snake}}",
        open: "module A\n  NAMES = %w[",
        close: "  ].freeze\nend",
        indent: "    ",
        comma: false,
        last_comma: false,
        comment: "",
        above: "OTHER = %w[\n  decoy\n].freeze\nTEXT = <<~WORDS\n  NAMES = %w[\n    decoy\n  ]\nWORDS\n",
        below: "\nMORE = %w[decoy]\n",
    },
    Shape {
        path: "b.rb",
        within: "ALL = [ ]",
        entry: "Gates::{{pascal}},",
        open: "ALL = [",
        close: "].freeze",
        indent: "  ",
        comma: true,
        last_comma: true,
        comment: "#",
        above: "OTHER = [\n  Gates::Decoy,\n].freeze\n=begin\nALL = [\n  Gates::Decoy,\n]\n=end\n",
        below: "\nMORE = [Gates::Decoy]\n",
    },
    Shape {
        path: "c.rb",
        within: "class Registry",
        entry: "register :{{snake}}, {{pascal}}",
        open: "module A\n  class Registry < Base[1]",
        close: "  end\nend",
        indent: "    ",
        comma: false,
        last_comma: false,
        comment: "#",
        above: "class Other\n  register :decoy, Decoy\nend\n\n",
        below: "\ndef more\n  register :decoy, Decoy if x\nend\n",
    },
    Shape {
        path: "d.rb",
        within: "def self.all",
        entry: "list << {{pascal}}.new",
        open: "class A\n  def self.all\n    list = []",
        close: "    list\n  end\nend",
        indent: "    ",
        comma: false,
        last_comma: false,
        comment: "#",
        above: "class B\n  def self.other\n    list << Decoy.new\n  end if x\nend\n\n",
        below: "\nTEXT = 'list << Decoy.new'\n",
    },
    Shape {
        path: "e.rb",
        within: "BY_NAME = T.let({ }",
        entry: "'{{kebab}}' => {{pascal}},",
        open: "BY_NAME = T.let({",
        close: "}.freeze, T::Hash[String, Class])",
        indent: "  ",
        comma: true,
        last_comma: true,
        comment: "#",
        above: "OTHER = {\n  'decoy' => Decoy,\n}\n",
        below: "\nMORE = { 'decoy' => Decoy }\n",
    },
    Shape {
        path: "a.gemspec",
        within: "Gem::Specification.new do |spec|",
        entry: "spec.add_dependency \"shop-{{kebab}}\", VERSION",
        open: "Gem::Specification.new do |spec|",
        close: "end",
        indent: "  ",
        comma: false,
        last_comma: false,
        comment: "#",
        above: "others.each do |spec|\n  spec.add_dependency \"shop-decoy\", VERSION\nend\n\n",
        below: "\n# spec.add_dependency \"shop-decoy\", VERSION\n",
    },
    Shape {
        path: "f.rb",
        within: "case name",
        entry: "when \"{{kebab}}\" then {{pascal}}",
        open: "def for(name)\n  case name\n  when nil then nil",
        close: "  else raise \"unknown\"\n  end\nend",
        indent: "  ",
        comma: false,
        last_comma: false,
        comment: "#",
        above: "def other(kind)\n  case kind\n  when \"decoy\" then Decoy\n  end\nend\n\n",
        below: "\n# when \"decoy\" then Decoy\n",
    },
    Shape {
        path: "g.rb",
        within: "module Gates",
        entry: "autoload :{{pascal}}, \"shop/gates/{{snake}}\"",
        open: "module Shop\n  module Gates",
        close: "  end\nend",
        indent: "    ",
        comma: false,
        last_comma: false,
        comment: "#",
        above: "module Other\n  autoload :Decoy, \"shop/gates/decoy\"\nend\n\n",
        below: "\nTEXT = <<~'WORDS'\n  autoload :Decoy, \"shop/gates/decoy\"\nWORDS\n",
    },
    Shape {
        path: "a.json",
        within: "/list",
        entry: "{ \"name\": \"{{kebab}}\" }",
        open: "{\n  \"other\": [{ \"name\": \"decoy\" }],\n  \"list\": [",
        close: "  ],\n  \"text\": \"{ \\\"name\\\": \\\"decoy\\\" }\"\n}",
        indent: "    ",
        comma: true,
        last_comma: false,
        comment: "//",
        above: "",
        below: "\n",
    },
    Shape {
        path: "a.xml",
        within: "/project/modules",
        entry: "<module>plugins/{{kebab}}</module>",
        open: "<project>\n    <!-- <module>plugins/decoy</module> -->\n    <modules>",
        close: "    </modules>\n    <module>plugins/decoy</module>\n</project>",
        indent: "        ",
        comma: false,
        last_comma: false,
        comment: "<!--",
        above: "<?xml version=\"1.0\"?>\n",
        below: "\n",
    },
    Shape {
        path: "b.xml",
        within: "/project/dependencies",
        entry: "<dependency>\n    <groupId>shop</groupId>\n    <artifactId>{{kebab}}</artifactId>\n</dependency>",
        open: "<project>\n    <dependencies>",
        close: "    </dependencies>\n    <plugins>\n        <dependency>\n            <groupId>shop</groupId>\n            <artifactId>decoy</artifactId>\n        </dependency>\n    </plugins>\n</project>",
        indent: "        ",
        comma: false,
        last_comma: false,
        comment: "<!--",
        above: "",
        below: "\n",
    },
    Shape {
        path: "a.toml",
        within: "/a/list",
        entry: "\"parts/{{kebab}}\"",
        open: "[a]\nlist = [",
        close: "]",
        indent: "  ",
        comma: true,
        last_comma: true,
        comment: "#",
        above: "",
        below: "\n[b]\nlist = [\"parts/decoy\"]\n",
    },
    Shape {
        path: "a.yaml",
        within: "/list",
        entry: "- name: {{kebab}}\n  path: ./{{kebab}}",
        open: "list:",
        close: "more: 1",
        indent: "  ",
        comma: false,
        last_comma: false,
        comment: "#",
        above: "other:\n  - name: decoy\n    path: ./decoy\n",
        below: "\n",
    },
    Shape {
        path: "a.md",
        within: "## Members",
        entry: "- [{{title}}](./{{kebab}})",
        open: "## Members\n",
        close: "\n## More",
        indent: "",
        comma: false,
        last_comma: false,
        comment: "",
        above: "# T\n\n- [Decoy](./decoy)\n\n",
        below: "\n- [Decoy](./decoy)\n\n```\n- [Decoy](./decoy)\n```\n",
    },
    Shape {
        path: "a.txt",
        within: "[members]",
        entry: "{{kebab}} = parts/{{kebab}}",
        open: "[members]",
        close: "[end]",
        indent: "",
        comma: false,
        last_comma: false,
        comment: "#",
        above: "[other]\ndecoy = parts/decoy\n\n",
        below: "\ndecoy = parts/decoy\n",
    },
];

const NAMES: [&str; 9] = [
    "aa", "acme", "acme-pay", "bb-two", "cc", "dd", "mm-nn", "yy", "zeta",
];

#[derive(Clone, Debug)]
struct Variation {
    /// Which members the list has, in this order.
    members: Vec<usize>,
    sorted: bool,
    inline: bool,
    last_comma: bool,
    crlf: bool,
    /// For each line: a comment behind, a comment above, a decoy in a comment above, an empty line above.
    extras: Vec<u8>,
    above: bool,
    new: usize,
}

fn variations() -> impl Strategy<Value = Variation> {
    let members =
        proptest::sample::subsequence((0..NAMES.len() - 1).collect::<Vec<_>>(), 0..6).prop_shuffle();
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    let extras = proptest::collection::vec(0_u8..12, 10);
    (members, flags, extras, 0..NAMES.len()).prop_map(
        |(members, (sorted, inline, last_comma, crlf, above), extras, new)| Variation {
            members,
            sorted,
            inline,
            last_comma,
            crlf,
            extras,
            above,
            new,
        },
    )
}

/// The host, and where its list begins and ends.
fn host(shape: &Shape, of: &Variation) -> (String, usize, usize) {
    let mut members = of.members.clone();
    members.retain(|member| *member != of.new);
    if of.sorted {
        members.sort_unstable();
    }
    let mut text = if of.above {
        shape.above.to_owned()
    } else {
        String::new()
    };
    text.push_str(shape.open);
    let start = text.len();
    let inline = of.inline && shape.comma;
    let entry = |member: usize| {
        let said = rendered(shape.entry, NAMES[member]);
        said.trim_end_matches(',')
            .replace('\n', &format!("\n{}", shape.indent))
    };
    for (number, member) in members.iter().enumerate() {
        let comma = shape.comma
            && (number + 1 < members.len() || (of.last_comma && shape.last_comma) || shape.path == "a.go");
        let extra = of.extras[number % of.extras.len()];
        if inline {
            let comma = shape.comma && number + 1 < members.len();
            text.push_str(&format!(
                "{}{}{}",
                if number > 0 { " " } else { "" },
                entry(*member),
                if comma { "," } else { "" }
            ));
            continue;
        }
        text.push('\n');
        let comment = if shape.comment.is_empty() {
            None
        } else {
            Some(shape.comment)
        };
        let end = if shape.comment == "<!--" { " -->" } else { "" };
        match (extra, comment) {
            (0, Some(mark)) => text.push_str(&format!("{}{mark} Some words.{end}\n", shape.indent)),
            (1, Some(mark)) => text.push_str(&format!(
                "{}{mark} {}{end}\n",
                shape.indent,
                rendered(shape.entry, "decoy").replace('\n', " ")
            )),
            (2, _) if number > 0 && !shape.path.ends_with(".md") => text.push('\n'),
            _ => {}
        }
        text.push_str(&format!(
            "{}{}{}",
            shape.indent,
            entry(*member),
            if comma { "," } else { "" }
        ));
        if let (3, Some(mark)) = (extra, comment)
            && shape.path != "a.txt"
        {
            text.push_str(&format!("  {mark} why{end}"));
        }
    }
    if inline {
        text.push_str(shape.close.trim_start());
    } else {
        text.push('\n');
        text.push_str(shape.close);
    }
    let end = text.len();
    text.push_str(shape.below);
    if of.crlf {
        let returns = |text: &str| text.matches('\n').count();
        let (start, end) = (start + returns(&text[..start]), end + returns(&text[..end]));
        return (text.replace('\n', "\r\n"), start, end);
    }
    (text, start, end)
}

/// How many errors the parser of the language finds.
fn errors(path: &str, text: &str) -> usize {
    match Syntax::of(path) {
        Syntax::Code(grammar) => error_count(&grammar.parse(text)),
        other => usize::from(
            other
                .manifest()
                .is_some_and(|format| tenon_text::manifest::read(text, format, path).is_err()),
        ),
    }
}

fn tried(shape: &Shape, of: &Variation) -> Result<bool, TestCaseError> {
    let (before, start, end) = host(shape, of);
    prop_assert_eq!(errors(shape.path, &before), 0, "the host is sound:\n{}", before);
    let mut members: Vec<&str> = of
        .members
        .iter()
        .filter(|member| **member != of.new)
        .map(|member| NAMES[*member])
        .collect();
    if of.sorted {
        members.sort_by_key(|name| NAMES.iter().position(|other| other == name));
    }
    let site = site(shape.path, shape.within, shape.entry);
    let doc = Document::new(&*before, Syntax::of(shape.path));
    if doc.scope(shape.within).is_err() {
        prop_assert!(members.is_empty(), "{}", before);
        return Ok(false);
    }
    prop_assert_eq!(&site.members(&before, &NAMES), &members, "{}", before);
    let new = NAMES[of.new];
    let Ok((after, inserted)) = site.insert(&before, &members, new) else {
        return Ok(false);
    };
    for edit in &inserted.edits {
        prop_assert!(
            start <= edit.span.start + 2 && edit.span.end <= end,
            "outside of the list:\n{}",
            after
        );
        prop_assert!(
            edit.span.start == edit.span.end || before[edit.span.start..edit.span.end].trim().is_empty(),
            "{}",
            after
        );
    }
    prop_assert_eq!(errors(shape.path, &after), 0, "{}", after);
    prop_assert_eq!(
        after.matches("\r\n").count(),
        if of.crlf { after.matches('\n').count() } else { 0 },
        "line ends:\n{}",
        after
    );
    let mut all = site.members(&after, &NAMES);
    prop_assert_eq!(all.len(), members.len() + 1, "{}", after);
    let at = all.iter().position(|name| *name == new);
    prop_assert!(at.is_some(), "{}", after);
    all.remove(at.unwrap_or_default());
    prop_assert_eq!(&all, &members, "{}", after);
    let removed = site.remove(&after, new, inserted.hollow.as_deref());
    prop_assert_eq!(
        removed.map_err(|why| format!("{why:?}\n{after}")),
        Ok(before.clone()),
        "{}",
        after
    );
    // Each entry that was there can go; what remains is the others.
    for name in &members {
        if let Ok(rest) = site.remove(&before, name, None) {
            prop_assert_eq!(errors(shape.path, &rest), 0, "{}", rest);
            let kept: Vec<&str> = members.iter().copied().filter(|other| other != name).collect();
            if Document::new(&*rest, Syntax::of(shape.path))
                .scope(shape.within)
                .is_ok()
            {
                prop_assert_eq!(site.members(&rest, &NAMES), kept, "{}", rest);
            }
            prop_assert_eq!(
                rest.matches("decoy").count(),
                before.matches("decoy").count(),
                "{}",
                rest
            );
            prop_assert_eq!(
                rest.matches("Some words").count(),
                before.matches("Some words").count(),
                "{}",
                rest
            );
        }
    }
    Ok(true)
}

#[test]
fn edits_of_changed_hosts_are_right_or_refused() {
    let count = std::env::var("TENON_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(40);
    let mut wrong = Vec::new();
    for shape in SHAPES {
        let (mut right, mut all) = (0, 0);
        let config = ProptestConfig {
            cases: count,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let mut runner = proptest::test_runner::TestRunner::new(config);
        let outcome = runner.run(&variations(), |of| tried(shape, &of).map(|_| ()));
        if let Err(why) = outcome {
            wrong.push(format!("{}: {why}", shape.path));
            continue;
        }
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for _ in 0..count {
            let of = variations().new_tree(&mut runner).unwrap().current();
            // Where a chain of calls gets its first one cannot be told.
            if shape.entry.starts_with('.') && of.members.iter().all(|member| *member == of.new) {
                continue;
            }
            all += 1;
            right += u32::from(tried(shape, &of).unwrap_or(false));
        }
        println!("{}: {right} of {all} inserted", shape.path);
        assert!(right * 10 >= all * 9, "{}: {right} of {all}", shape.path);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
