//! A listing with everything in it, and with hostile names, in every format.

use std::path::Path;

use serde_json::Value;

use super::json::Document;
use super::*;
use tenon_engine::rules::coverage::{Cover, Wire};

const SCHEMA: &str = "docs/schema/list.schema.json";

fn row(name: &str) -> Row {
    let methods = [
        ("get", State::Implemented),
        ("list", State::Stubbed),
        ("base", State::Inherited),
        ("drop", State::Missing),
    ];
    Row {
        kind: "integration".into(),
        name: name.into(),
        path: format!("packages/{name}/package.json"),
        made_by: Some("shop 1.0.0".into()),
        sites: BTreeMap::from([("active".into(), vec!["tickets".into()])]),
        coverage: Coverage {
            costs: BTreeMap::new(),
            counts: BTreeMap::new(),
            covers: vec![Cover {
                of: Some("tickets".into()),
                contract: "service".into(),
                symbol: "Tickets.Service".into(),
                class: "TicketsService".into(),
                path: format!("packages/{name}/service.ts"),
                line: 7,
                methods: methods.map(|(name, state)| (name.to_owned(), state)).to_vec(),
            }],
            wires: vec![Wire {
                member: name.into(),
                site: "config".into(),
                path: "src/index.ts".into(),
                entry: "tickets".into(),
                there: false,
            }],
            marks: vec![],
        },
        findings: vec![Found {
            rule: "missing-method".into(),
            severity: Severity::Error,
            message: format!("`{name}` has no method `drop`"),
            path: format!("packages/{name}/service.ts"),
            line: Some(7),
        }],
    }
}

fn listing(rows: Vec<Row>) -> Listing {
    Listing {
        pack: "shop 1.0.0".into(),
        host: "bench".into(),
        pack_name: "shop".into(),
        rows,
        findings: vec![Found {
            rule: "stale-entry".into(),
            severity: Severity::Warning,
            message: "there is no `gone`".into(),
            path: "index.ts".into(),
            line: None,
        }],
    }
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Document)).unwrap();
    schema.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA);
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    assert_eq!(schema, std::fs::read_to_string(&path).unwrap());
}

#[test]
fn json_is_valid_by_the_published_schema() {
    let schema = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMA)).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for listing in [listing(vec![row("acme")]), listing(vec![]), Listing::default()] {
        let mut value: Value = serde_json::from_str(&render(&listing, ListFormat::Json)).unwrap();
        let wrong: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| error.to_string())
            .collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        value["summary"] = Value::Null;
        assert!(!validator.is_valid(&value));
    }
}

#[test]
fn the_line_says_what_is_left_to_do() {
    assert_eq!(
        render(&listing(vec![row("acme")]), ListFormat::Human),
        "acme  tenon    active: tickets  methods: 2 of 4 (1 stub, 1 missing)  not listed in: config  findings: 1 error\n"
    );
}

#[test]
fn markdown_is_a_table_and_its_findings() {
    let text = render(&listing(vec![row("acme")]), ListFormat::Md);
    assert_eq!(
        text,
        "# shop 1.0.0\n\n1 integration; 2 of 4 methods implemented (1 stub, 1 missing); 1 not registered; 2 findings\n\n\
         ## integration\n\n\
         | name | made by | registered | findings | tickets | listed in |\n\
         | --- | --- | --- | --- | --- | --- |\n\
         | **acme** | tenon | no: config | 1 error | 2 of 4 (1 stub, 1 missing) | active: tickets |\n\n\
         ## Findings\n\n\
         - **acme** error `missing-method`: `acme` has no method `drop` (packages/acme/service.ts:7)\n\
         - **the host** warning `stale-entry`: there is no `gone` (index.ts)\n"
    );
}

#[test]
fn hostile_names_stay_names() {
    let hostile =
        "<script>alert(1)</script>\" onmouseover='x' | a`b **c** &amp; \u{202e}\u{1b}[2J {{pack}}\nx";
    let listing = listing(vec![row(hostile)]);
    let html = render(&listing, ListFormat::Html);
    assert_eq!(html.matches("<script>").count(), 1, "only its own");
    for wrong in [
        "onmouseover='",
        "\u{202e}",
        "\u{1b}",
        "alert(1)</script>",
        "&amp; \u{202e}",
    ] {
        assert!(!html.contains(wrong), "{wrong:?}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onmouseover=&#39;x&#39;"));
    assert!(html.contains("{{pack}}"), "a name is no template");
    let md = render(&listing, ListFormat::Md);
    assert!(!md.contains("<script>") && !md.contains('\u{1b}'), "{md}");
    let table: Vec<&str> = md.lines().filter(|line| line.starts_with('|')).collect();
    for line in table {
        let bars = line.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 7, "{line}");
    }
}

#[test]
fn the_page_is_self_contained() {
    let html = render(&listing(vec![row("acme"), row("b")]), ListFormat::Html);
    for wrong in ["http:", "https:", "src=", "href=", "url(", "@import"] {
        assert!(!html.contains(wrong), "{wrong}");
    }
    assert!(html.contains("default-src 'none'"));
    // The host is its title, and each site has a column of its own.
    assert!(html.contains("<title>bench: integrations</title>"));
    assert!(html.contains("<button type=\"button\">active</button>"), "{html}");
    assert!(html.contains("prefers-color-scheme: dark"));
    assert!(html.contains("2 of 4"), "{html}");
}
