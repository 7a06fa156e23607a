//! The shapes of lists that public repositories have.

use super::site;

#[test]
fn go_imports_fields_cases_maps_and_calls() {
    site("a.go", "", "_ \"example.com/plugins/{{kebab}}\"").check(
        "package all\n\nimport (\n\t_ \"example.com/plugins/alpha\"\n«\t_ \"example.com/plugins/beta-two\"\n»\t_ \"example.com/plugins/cat\" // why\n)\n",
        &["alpha", "cat"],
        "beta-two",
    );
    site("config.go", "type Config struct", "// {{pascal}} is the configuration of {{flat}}\n{{pascal}} *{{flat}}.AlertProvider `yaml:\"{{flat}},omitempty\"`").check(
        "package c\n\ntype Config struct {\n\t// Slack is the configuration of slack\n\tSlack *slack.AlertProvider `yaml:\"slack,omitempty\"`\n«\n\t// Teams is the configuration of teams\n\tTeams *teams.AlertProvider `yaml:\"teams,omitempty\"`\n»\n\t// Zulip is the configuration of zulip\n\tZulip *zulip.AlertProvider `yaml:\"zulip,omitempty\"`\n}\n\ntype Other struct {\n\tSlack string\n}\n",
        &["slack", "zulip"],
        "teams",
    );
    site("a.go", "", "case Type{{pascal}}:\n\treturn new{{pascal}}(cfg)").check(
        "package a\n\nfunc build(t string) T {\n\tswitch t {\n\tcase TypeA1:\n\t\treturn newA1(cfg)\n\tcase TypeB2:\n\t\treturn newB2(cfg)\n«\tcase TypeC3:\n\t\treturn newC3(cfg)\n»\tdefault:\n\t\treturn nil\n\t}\n}\n",
        &["a1", "b2"],
        "c3",
    );
    site("a.go", "", "\"{{kebab}}\": {{flat}}.New,").check(
        "package a\n\nvar all = map[string]F{\n\t\"aws\":   aws.New,\n«\t\"gcp\":   gcp.New,\n»\t\"plain\": plain.New,\n}\n",
        &["aws", "plain"],
        "gcp",
    );
    site("a.go", "func setup(", "register(r, {{flat}}.New())").check(
        "package a\n\nfunc setup(r *R) error {\n\tr.Init()\n\tregister(r, one.New())\n«\tregister(r, two.New())\n»\treturn nil\n}\n",
        &["one"],
        "two",
    );
}

#[test]
fn python_lists_imports_pairs_and_calls() {
    site("settings.py", "INSTALLED_APPS = [ ]", "\"shop.{{snake}}\",").check(
        "INSTALLED_APPS: list[str] = [\n    'other.admin',\n    'shop.carts',  # first\n    'shop.orders',\n«    'shop.tickets',\n»]\n\nOTHER = ['shop.other']\n",
        &["carts", "orders"],
        "tickets",
    );
    site("a.py", "def initialize(self)", "IntegrationHook(self, {{pascal}}Integration)").check(
        "class E(Extension):\n    def initialize(self) -> None:\n        \"\"\"Say.\"\"\"\n        IntegrationHook(self, AsanaIntegration)\n        IntegrationHook(self, MattermostIntegration)\n        IntegrationHook(self, SlackIntegration)\n«        IntegrationHook(self, TravisIntegration)\n»        return\n",
        &["asana", "mattermost", "slack"],
        "travis",
    );
    site("a.py", "integrations = [ ]", "{{pascal}}Integration").check(
        "class E:\n    integrations = [\n        AsanaIntegration,\n«        BeeIntegration,\n»        SlackIntegration,\n    ]\n    others = [AsanaIntegration]\n",
        &["asana", "slack"],
        "bee",
    );
    site("a.py", "", "'redash.query_runner.{{snake}}'").check(
        "default = [\n    'redash.query_runner.athena',\n    'redash.query_runner.big_query'«,\n    'redash.query_runner.pg'»\n]\n",
        &["athena", "big_query"],
        "pg",
    );
    site("a.py", "", "from .{{snake}} import {{pascal}}").check(
        "from .alpha import Alpha\n«from .beta import Beta\n»from .gamma import Gamma\n\nprint(Alpha)\n",
        &["alpha", "gamma"],
        "beta",
    );
    site("a.py", "", "'{{kebab}}': {{pascal}}Handler,").check(
        "H = {'a-b': ABHandler, «'c-d': CDHandler, »'e-f': EFHandler}\n",
        &["a-b", "e-f"],
        "c-d",
    );
}

#[test]
fn typescript_unions_pairs_arrays_exports_and_requires() {
    site("a.ts", "", "| '{{kebab}}'").check(
        "export type Kind =\n  | 'alpha' // one\n  | 'beta'\n«  | 'gamma'\n»  | 'zeta';\n",
        &["alpha", "beta", "zeta"],
        "gamma",
    );
    site("a.ts", "", "'{{kebab}}'").check(
        "type Kind = 'alpha' | 'beta'« | 'gamma'»;\n",
        &["alpha", "beta"],
        "gamma",
    );
    site("a.ts", "@Module({ imports: [ ] })", "{{pascal}}Module").check(
        "@Module({\n  imports: [\n    HttpModule.registerAsync({ imports: [ConfigModule] }),\n    CartsModule,\n    OrdersModule,\n«    TicketsModule,\n»  ],\n  exports: [CartsModule],\n})\nexport class AppModule {}\n",
        &["carts", "orders"],
        "tickets",
    );
    site("a.js", "module.exports = { }", "{{camel}}: require('./{{kebab}}'),").check(
        "module.exports = {\n  aOne: require(\"./a-one\"),\n«  bTwo: require(\"./b-two\"),\n»  cThree: require(\"./c-three\"),\n};\n",
        &["a-one", "c-three"],
        "b-two",
    );
    site("index.ts", "", "export * from './{{kebab}}';").check(
        "export * from './a';\n«export * from './b';\n»export * from './c';\n",
        &["a", "c"],
        "b",
    );
    site("a.ts", "", "export { {{pascal}} } from './{{kebab}}'").check(
        "export { A } from './a'\nexport { B } from './b'\n«export { C } from './c'\n»",
        &["a", "b"],
        "c",
    );
    site("a.ts", "", "if (kind === Kind.{{pascal}} || {{_}}) {}").example();
    site("a.ts", "", "x === Kind.{{pascal}}").check(
        "const is = x === Kind.Aa || x === Kind.Bb« || x === Kind.Cc»;\n",
        &["aa", "bb"],
        "cc",
    );
}

#[test]
fn what_words_chain_and_what_no_brackets_hold() {
    let known = site("a.py", "def is_known(name)", "name == '{{kebab}}'");
    known.check(
        "def is_known(name):\n    return «name == 'a' or »name == 'b' or name == 'order'\n",
        &["b", "order"],
        "a",
    );
    known.check(
        "def is_known(name):\n    return name == 'a' or name == 'b'« or name == 'order'»\n",
        &["a", "b"],
        "order",
    );
    for within in ["type Kind", "export type Kind ="] {
        site("a.ts", within, "'{{kebab}}'").check(
            "type Level = 'aa' | 'zz';\nexport type Kind = 'alpha' | 'beta'« | 'gamma'»;\n",
            &["alpha", "beta"],
            "gamma",
        );
    }
    site("a.go", "import ()", "_ \"example.com/plugins/{{kebab}}\"").check(
        "package all\n\nimport (\n\t_ \"example.com/plugins/alpha\"\n«\t_ \"example.com/plugins/beta\"\n»)\n",
        &["alpha"],
        "beta",
    );
}

#[test]
fn what_takes_the_rest_stays_last_and_the_head_of_a_table_first() {
    site("a.rs", "match name", "\"{{kebab}}\" => Some(1),").check(
        "fn open(name: &str) -> Option<u8> {\n    match name {\n«        \"a\" => Some(1),\n»        // no more\n        _ => None,\n    }\n}\n",
        &[],
        "a",
    );
    site("a.ts", "switch (name)", "case '{{kebab}}':\n    return new {{pascal}}();").check(
        "switch (name) {\n«    case 'a':\n        return new A();\n»    default:\n        throw new Error(name);\n}\n",
        &[],
        "a",
    );
    site("a.go", "switch name", "case \"{{kebab}}\":\n\treturn 1").check(
        "package a\n\nfunc f(name string) int {\n\tswitch name {\n«\tcase \"a\":\n\t\treturn 1\n»\tdefault:\n\t\treturn 0\n\t}\n}\n",
        &[],
        "a",
    );
    site("a.py", "match name", "case '{{kebab}}':\n    return 1").check(
        "def f(name):\n    match name:\n«        case 'a':\n            return 1\n»        case _:\n            return 0\n",
        &[],
        "a",
    );
    site("a.md", "## Plugins", "| {{title}} | {{_}} |").check(
        "## Plugins\n\n| name | since |\n|---|:-:|\n«| A |  |\n»\n## Other\n",
        &[],
        "a",
    );
    site("a.ts", "class R", "readonly {{camel}} = new {{pascal}}();").check(
        "class R {\n«    readonly a = new A();\n»    readonly b = new B();\n\n    start() {}\n}\n",
        &["b"],
        "a",
    );
}

#[test]
fn rust_modules_arms_variants_and_calls() {
    site("lib.rs", "", "pub mod {{snake}};").check(
        "//! Docs.\n\npub mod a;\n«pub mod b;\n»pub mod c;\n\nuse a::A;\n",
        &["a", "c"],
        "b",
    );
    site("lib.rs", "", "#[cfg(feature = \"{{kebab}}\")]\npub mod {{snake}};").check(
        "#[cfg(feature = \"a-x\")]\npub mod a_x;\n«#[cfg(feature = \"b-y\")]\npub mod b_y;\n»#[cfg(feature = \"c-z\")]\npub mod c_z;\n",
        &["a-x", "c-z"],
        "b-y",
    );
    site("lib.rs", "", "Kind::{{pascal}} => Box::new({{snake}}::Thing),").check(
        "fn f(k: Kind) -> B {\n    match k {\n        Kind::A => Box::new(a::Thing),\n«        Kind::B => Box::new(b::Thing),\n»        Kind::C => Box::new(c::Thing),\n        _ => panic!(),\n    }\n}\n",
        &["a", "c"],
        "b",
    );
    site("lib.rs", "", "/// The {{title}}.\n{{pascal}},").check(
        "enum Kind {\n    /// The Aa.\n    Aa,\n«    /// The Bb.\n    Bb,\n»    /// The Cc.\n    Cc,\n}\n",
        &["aa", "cc"],
        "bb",
    );
    site("lib.rs", "fn register(", "{{snake}}::register(registry)?;").check(
        "fn register(registry: &mut R) -> Result<usize> {\n    if std::env::var_os(\"X\").is_some() {\n        return Ok(0);\n    }\n«    parts::register(registry)?;\n»    Ok(registry.len())\n}\n",
        &[],
        "parts",
    );
}

#[test]
fn manifests() {
    site("a.json", "/plugins", "\"./{{kebab}}\"").check(
        "{\n  \"name\": \"x\",\n  \"plugins\": [\n    \"./aa\",\n    \"./bb\"«,\n    \"./cc\"»\n  ]\n}\n",
        &["aa", "bb"],
        "cc",
    );
    site("a.json", "/paths", "\"@x/{{kebab}}\": [\"./packages/{{kebab}}/src\"]").check(
        "{\n  \"paths\": {\n    \"@x/aa\": [\"./packages/aa/src\"],\n«    \"@x/bb\": [\"./packages/bb/src\"],\n»    \"@x/cc\": [\"./packages/cc/src\"]\n  }\n}\n",
        &["aa", "cc"],
        "bb",
    );
    site("Cargo.toml", "/features", "{{kebab}} = [\"dep:parts-{{kebab}}\"]").check(
        "[features]\ndefault = []\naa = [\"dep:parts-aa\"]\n«bb-two = [\"dep:parts-bb-two\"]\n»cc = [\"dep:parts-cc\"]\n\n[dependencies]\nx = \"1\"\n",
        &["aa", "cc"],
        "bb-two",
    );
    site("Cargo.toml", "/workspace/members", "\"crates/{{kebab}}\",").check(
        "[workspace]\nmembers = [\"crates/aa\", \"crates/bb\"«, \"crates/cc\"»]\n",
        &["aa", "bb"],
        "cc",
    );
    site("a.toml", "", "[[plugins]]\nname = \"{{kebab}}\"\npath = \"./{{kebab}}\"").check(
        "title = \"x\"\n\n[[plugins]]\nname = \"aa\"\npath = \"./aa\"\n\n[[plugins]]\nname = \"bb\"\npath = \"./bb\"\n«\n[[plugins]]\nname = \"cc\"\npath = \"./cc\"\n»",
        &["aa", "bb"],
        "cc",
    );
    site("a.yaml", "", "- backend: \"{{flat}}\"\n  remote: \"Test{{pascal}}:\"").check(
        "tests:\n  - path: x\nbackends:\n - backend:  \"aa\"\n   remote:   \"TestAa:\"\n   fastlist: true\n - backend:  \"bb\"\n   remote:   \"TestBb:\"\n« - backend:  \"cc\"\n   remote:   \"TestCc:\"\n»other: 1\n",
        &["aa", "bb"],
        "cc",
    );
}

#[test]
fn markdown_contents_rows_and_headings_and_other_text() {
    site("README.md", "", "- [Configuring {{title}} alerts](#configuring-{{flat}}-alerts)").check(
        "# T\n\n  - [Configuring Aa alerts](#configuring-aa-alerts)\n  - [Configuring Bb alerts](#configuring-bb-alerts)\n«  - [Configuring Cc alerts](#configuring-cc-alerts)\n»\nText.\n",
        &["aa", "bb"],
        "cc",
    );
    site("README.md", "", "| {{title}} | [{{kebab}}](./{{kebab}}) | {{_}} |").check(
        "| Name   | Link           | Notes |\n|--------|----------------|-------|\n| Aa     | [aa](./aa)     |       |\n«| Bb     | [bb](./bb)     |       |\n»| Cc Dd  | [cc-dd](./cc-dd) |       |\n| Ee     | [ee](./ee)     |       |\n",
        &["aa", "cc-dd", "ee"],
        "bb",
    );
    site("README.md", "", "#### Configuring {{title}} alerts").check(
        "# T\n\n#### Configuring Aa alerts\n\nText.\n\n«#### Configuring Bb alerts\n\n»#### Configuring Cc alerts\n\nText.\n\n## End\n",
        &["aa", "cc"],
        "bb",
    );
    site("plugin.cfg", "", "{{flat}}:{{flat}}").check(
        "# The order has a meaning.\n\nroot:root\nmetadata:metadata\n#debug:debug\ngeoip:geoip\ncancel:cancel\n«acme:acme\n»",
        &["root", "metadata", "geoip", "cancel"],
        "acme",
    );
    site("all.txt", "", "/plugins/{{kebab}}/ @team").check(
        "/plugins/a/ @team\n«/plugins/b/ @team\n»/plugins/c/ @team\n",
        &["a", "c"],
        "b",
    );
    site("a.vue", "components: { }", "{{pascal}}Card,").check(
        "<template>\n  <div/>\n</template>\n<script>\nexport default {\n  components: {\n    AaCard,\n«    BbCard,\n»    CcCard,\n  },\n};\n</script>\n",
        &["aa", "cc"],
        "bb",
    );
}

#[test]
fn columns_of_go_move_when_a_longer_entry_comes_and_goes() {
    let check = |entry: &str, host: &str, wanted: &str, members: &[&str]| {
        let site = site("a.go", "", entry);
        let (after, _) = site.insert(host, members, "longer-name").unwrap();
        assert_eq!(after, wanted);
        assert_eq!(site.remove(&after, "longer-name", None).unwrap(), host);
    };
    check(
        "\"{{kebab}}\": {{flat}}.New,",
        "package a\n\nvar all = map[string]F{\n\t\"aa\": aa.New,\n\t\"b\":  b.New,\n\n\t\"zz\": nil,\n}\n",
        "package a\n\nvar all = map[string]F{\n\t\"aa\":          aa.New,\n\t\"b\":           b.New,\n\t\"longer-name\": longername.New,\n\n\t\"zz\": nil,\n}\n",
        &["aa", "b"],
    );
    check(
        "{{pascal}} *{{flat}}.P `json:\"{{flat}}\"`",
        "package a\n\ntype C struct {\n\tAa *aa.P `json:\"aa\"`\n\tB  *b.P  `json:\"b\"`\n}\n",
        "package a\n\ntype C struct {\n\tAa         *aa.P         `json:\"aa\"`\n\tB          *b.P          `json:\"b\"`\n\tLongerName *longername.P `json:\"longername\"`\n}\n",
        &["aa", "b"],
    );
    check(
        "Kind{{pascal}} Kind = \"{{flat}}\"",
        "package a\n\nconst (\n\tKindA Kind = \"a\"\n)\n",
        "package a\n\nconst (\n\tKindA          Kind = \"a\"\n\tKindLongerName Kind = \"longername\"\n)\n",
        &["a"],
    );
}

#[test]
fn a_call_of_a_chain_is_an_entry() {
    let java = site("A.java", "", ".add(new {{pascal}}())");
    java.check(
        "class A {\n    Object all = List.<Plugin>builder()\n            .add(new Acme())\n«            .add(new Bell())\n»            .add(new Cord())\n            .build();\n}\n",
        &["acme", "cord"],
        "bell",
    );
    java.check(
        "class A {\n    Object all = builder().add(new Acme())«.add(new Bell())».build();\n}\n",
        &["acme"],
        "bell",
    );
    let rust = site("a.rs", "", ".with({{pascal}}::new())");
    rust.check(
        "fn all() -> All {\n    All::new()\n        .with(Acme::new())\n«        .with(Bell::new())\n»}\n",
        &["acme"],
        "bell",
    );
}

#[test]
fn an_element_may_say_more_and_in_another_order() {
    let entry =
        "<dependency>\n    <groupId>shop</groupId>\n    <artifactId>{{kebab}}</artifactId>\n</dependency>";
    site("pom.xml", "/project/dependencies", entry).check(
        "<project>\n    <dependencies>\n        <dependency>\n            <artifactId>acme</artifactId>\n            <groupId>shop</groupId>\n        </dependency>\n«        <dependency>\n            <artifactId>bell</artifactId>\n            <groupId>shop</groupId>\n        </dependency>\n»        <dependency>\n            <groupId>shop</groupId>\n            <artifactId>cord</artifactId>\n            <version>2</version>\n        </dependency>\n    </dependencies>\n</project>\n",
        &["acme", "cord"],
        "bell",
    );
}

#[test]
fn an_element_without_any_gets_its_first_and_its_bytes_back() {
    let module = site("pom.xml", "/project/modules", "<module>{{kebab}}</module>");
    for (hollow, attributes) in [
        ("/>", ""),
        ("  />", ""),
        ("\r\n  />", " a='>'"),
        ("></modules>", ""),
        (">\r\n  </modules>", " a=\"1\""),
    ] {
        let host = |inner: &str| {
            format!(
                "<project>\r\n  <!-- <modules/> -->\r\n  <modules{attributes}{inner}\r\n  <x/>\r\n</project>\r\n"
            )
        };
        let (after, inserted) = module.insert(&host(hollow), &[], "bell").unwrap();
        let wanted = host(">\r\n    <module>bell</module>\r\n  </modules>");
        assert_eq!(after, wanted);
        let restored = module.remove(&after, "bell", inserted.hollow.as_deref());
        assert_eq!(restored.unwrap(), host(hollow));
    }
}

#[test]
fn what_ends_a_list_stays() {
    let kind = site("Kind.java", "enum Kind", "{{constant}}(\"{{kebab}}\")");
    kind.check(
        "enum Kind {\n    ACME(\"acme\"),\n«    BELL(\"bell\"),\n»    CORD(\"cord\");\n\n    Kind(String name) {}\n}\n",
        &["acme", "cord"],
        "bell",
    );
    kind.check(
        "enum Kind {\n    ACME(\"acme\")«,\n    BELL(\"bell\")»;\n\n    Kind(String name) {}\n}\n",
        &["acme"],
        "bell",
    );
    kind.check(
        "enum Kind {\n«    BELL(\"bell\"),\n»    ;\n\n    Kind(String name) {}\n}\n",
        &[],
        "bell",
    );
    kind.check(
        "enum Kind {\n    ACME(\"acme\"), // one\n    BELL(\"bell\")«,\n    CORD(\"cord\")»; // two\n\n    Kind(String name) {}\n}\n",
        &["acme", "bell"],
        "cord",
    );
}

#[test]
fn xml_that_declares_entities_has_lines() {
    site("a.xml", "<modules>", "<module>{{kebab}}</module>").check(
        "<!DOCTYPE a [<!ENTITY b \"x\">]>\n<modules>\n    <module>acme</module>\n«    <module>bell</module>\n»</modules>\n",
        &["acme"],
        "bell",
    );
}

#[test]
fn a_list_that_closes_behind_its_last_entry_grows() {
    let list = site("A.java", "", "new {{pascal}}Plugin()");
    for (host, members) in [
        (
            "class A {\n    List<P> all = List.of(\n            new AcmePlugin(),\n            new BellPlugin()«,\n            new CordPlugin()»);\n}\n",
            &["acme", "bell"][..],
        ),
        (
            "class A {\n    P[] all = {new AcmePlugin(), new BellPlugin()«, new CordPlugin()»};\n}\n",
            &["acme", "bell"],
        ),
        (
            "class A {\n    List<P> all() {\n        return Arrays.asList(new AcmePlugin()«, new CordPlugin()»);\n    }\n}\n",
            &["acme"],
        ),
        (
            "@Plugins({\n    @Plugin(new AcmePlugin())\n})\nclass A {\n    A() {\n        super(new BellPlugin(), // why\n«              new CordPlugin(),\n»              new DoorPlugin());\n    }\n}\n",
            &["bell", "door"],
        ),
    ] {
        list.check(host, members, "cord");
    }
    let calls = site("B.java", "void configure(", "install(new {{pascal}}Module());");
    calls.check(
        "class B {\n    @Override protected void configure() {\n        bind(X.class); install(new AcmeModule());\n«        install(new CordModule());\n»    }\n}\n",
        &["acme"],
        "cord",
    );
    let services = site(
        "META-INF/services/shop.Plugin",
        "",
        "shop.{{flat}}.{{pascal}}Plugin",
    );
    services.check(
        "# Plugins\nshop.acme.AcmePlugin # first\n«shop.bell.BellPlugin\n»shop.cord.CordPlugin\n",
        &["acme", "cord"],
        "bell",
    );
    let kotlin = site("settings.gradle.kts", "", "include(\":plugins:{{kebab}}\")");
    kotlin.check(
        "rootProject.name = \"shop\"\n\ninclude(\":core\")\ninclude(\":plugins:acme\")\n«include(\":plugins:bell\")\n»include(\":plugins:cord\")\n",
        &["acme", "cord"],
        "bell",
    );
    let gradle = site("settings.gradle", "", "include 'plugins:{{kebab}}'");
    gradle.check(
        "include 'core'\ninclude 'plugins:acme'\n«include 'plugins:bell'\n»",
        &["acme"],
        "bell",
    );
}
