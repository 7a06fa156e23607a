//! What holds for every document: generated in every style, and mangled at random.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// How a generated document looks.
#[derive(Clone, Debug)]
struct Style {
    unit: &'static str,
    eol: &'static str,
    bom: bool,
    final_newline: bool,
    one_line: bool,
    trailing_comma: bool,
    /// Bit n: a comment behind entry n; bit n + 8: a comment line above it.
    comments: u16,
    quote: &'static str,
}

fn style() -> impl Strategy<Value = Style> {
    let unit = prop_oneof![Just("  "), Just("    "), Just("\t"), Just("   ")];
    let quote = prop_oneof![Just("'"), Just("\"")];
    let eol = prop_oneof![Just("\n"), Just("\r\n")];
    (unit, eol, any::<[bool; 4]>(), any::<u16>(), quote).prop_map(|(unit, eol, flags, comments, quote)| {
        Style {
            unit,
            eol,
            bom: flags[0],
            final_newline: flags[1],
            one_line: flags[2],
            trailing_comma: flags[3],
            comments: if flags[2] { 0 } else { comments },
            quote,
        }
    })
}

impl Style {
    fn comment(&self, bit: usize, mark: &str) -> Option<String> {
        (self.comments >> (bit % 16) & 1 == 1).then(|| format!("{mark} c{bit}, ]}} \"x"))
    }

    /// `lines` at depth `depth` between brackets, or on one line.
    fn brackets(
        &self,
        [open, close]: [&str; 2],
        entries: &[String],
        depth: usize,
        mark: &str,
        trailing: bool,
    ) -> String {
        if self.one_line || entries.is_empty() {
            let end = if trailing && !entries.is_empty() && self.trailing_comma {
                ","
            } else {
                ""
            };
            return format!("{open}{}{end}{close}", entries.join(", "));
        }
        let (eol, inner) = (self.eol, self.unit.repeat(depth + 1));
        let mut out = open.to_owned();
        for (at, entry) in entries.iter().enumerate() {
            if let Some(comment) = self.comment(at + 8, mark) {
                out += &format!("{eol}{inner}{comment}");
            }
            let comma = at + 1 < entries.len() || (trailing && self.trailing_comma);
            out += &format!("{eol}{inner}{entry}{}", if comma { "," } else { "" });
            if let Some(comment) = self.comment(at, mark) {
                out += &format!(" {comment}");
            }
        }
        format!("{out}{eol}{}{close}", self.unit.repeat(depth))
    }

    fn finish(&self, text: String) -> String {
        let text = text.trim_end();
        format!(
            "{}{text}{}",
            if self.bom { "\u{feff}" } else { "" },
            if self.final_newline { self.eol } else { "" }
        )
    }

    fn json(&self, list: &[String], map: &[String]) -> String {
        let quoted: Vec<String> = list.iter().map(|text| json!(text).to_string()).collect();
        let members: Vec<String> = map
            .iter()
            .map(|name| format!("{}: [\"{name}\"]", json!(name)))
            .collect();
        let list = self.brackets(["[", "]"], &quoted, 1, "//", true);
        let map = self.brackets(["{", "}"], &members, 1, "//", true);
        let all = [
            format!("\"list\": {list}"),
            "\"n\": 1.50".to_owned(),
            format!("\"map\": {map}"),
        ];
        self.finish(self.brackets(["{", "}"], &all, 0, "//", true))
    }

    fn toml(&self, list: &[String], map: &[String]) -> String {
        let eol = self.eol;
        let quoted: Vec<String> = list
            .iter()
            .map(|text| format!("{q}{text}{q}", q = self.quote))
            .collect();
        let list = self.brackets(["[", "]"], &quoted, 0, "#", true);
        let mut out = format!("# top{eol}list = {list} # all{eol}n = 1_0{eol}");
        if self.one_line {
            let members: Vec<String> = map.iter().map(|name| format!("\"{name}\" = 1")).collect();
            out += &format!("map = {{ {} }}{eol}", members.join(", "));
        } else {
            out += &format!("{eol}[map]{eol}");
            for (at, name) in map.iter().enumerate() {
                out += &format!(
                    "\"{name}\"   = {{ x = 1 }} {}{eol}",
                    self.comment(at, "#").unwrap_or_default()
                );
            }
        }
        self.finish(format!("{out}{eol}# last{eol}[z.z]{eol}x = 1{eol}"))
    }

    fn xml(&self, list: &[String], map: &[String]) -> String {
        let (eol, open) = (self.eol, if self.one_line { "" } else { self.eol });
        let line = |depth: usize, text: &str| match self.one_line {
            true => text.to_owned(),
            false => format!("{eol}{}{text}", self.unit.repeat(depth)),
        };
        let comment = |bit: usize| self.comment(bit, "").map(|said| format!("<!--{said} -->"));
        let mut out = format!(
            "<?xml version=\"1.0\"?>{eol}<!-- top -->{eol}<root a={q}1{q}>",
            q = self.quote
        );
        out += &line(1, "<items>");
        for (at, text) in list.iter().enumerate() {
            out.extend(comment(at + 8).map(|said| line(2, &said)));
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            out += &line(2, &format!("<item>{}</item>", text.trim()));
            out.extend(comment(at).map(|said| format!(" {said}")));
        }
        out += &line(1, "</items>");
        out += &line(1, "<n>1.50</n>");
        out += &line(1, "<map>");
        for name in map {
            out += &line(2, &format!("<{name}>x</{name}>"));
        }
        out += &line(1, "</map>");
        self.finish(format!("{out}{open}</root>{eol}"))
    }

    fn yaml(&self, list: &[String], map: &[String]) -> String {
        let (eol, q) = (self.eol, self.quote);
        let unit = self.unit.replace('\t', "  ");
        let quoted: Vec<String> = list.iter().map(|text| format!("{q}{text}{q}")).collect();
        let pairs: Vec<String> = map.iter().map(|name| format!("{q}{name}{q}: x")).collect();
        if self.one_line {
            let (list, map) = (quoted.join(", "), pairs.join(", "));
            return self.finish(format!("list: [{list}] # l{eol}map: {{{map}}}{eol}n: 1{eol}"));
        }
        let flat = if self.trailing_comma { "" } else { &unit };
        let mut out = format!("# top{eol}list:{eol}");
        for (at, text) in quoted.iter().enumerate() {
            if let Some(comment) = self.comment(at + 8, "#") {
                out += &format!("{flat}{comment}{eol}");
            }
            out += &format!(
                "{flat}- {text} {}{eol}",
                self.comment(at, "#").unwrap_or_default()
            );
        }
        out += &format!("{eol}n: |{eol}{unit}a # b{eol}{unit} c{eol}map:{eol}");
        for pair in &pairs {
            out += &format!("{unit}{pair}{eol}");
        }
        self.finish(format!("{out}# end{eol}"))
    }
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let name = prop_oneof![4 => "[a-cA-C][a-c/*@.-]{0,3}", 1 => "[ -~&&[^'\"\\\\]]{1,4}", 1 => "[äß日]{1,2}"];
    (prop::collection::vec(name, 0..5), any::<bool>()).prop_map(|(mut names, sort)| {
        if sort {
            names.sort();
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(true)),
        any::<i32>().prop_map(|n| json!(n)),
        "[ -~\\n\\té]{0,6}".prop_map(|text| json!(text)),
        Just(json!([])),
        Just(json!({})),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z\\. ]{1,4}", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

/// Inserts, and checks everything that is promised. A refusal is an answer too, unless `must` forbids it.
fn promises(
    format: ManifestFormat,
    before: &str,
    pointer: &str,
    entry: &NewEntry,
    must: bool,
) -> std::result::Result<(), TestCaseError> {
    let first = match insert(before, format, "f", pointer, entry, &Order::Auto) {
        Ok(first) => first,
        Err(error) => {
            prop_assert!(!must, "{error} {:?}\n{before}", error.causes());
            return Ok(());
        }
    };
    if first.edits.is_empty() {
        return Ok(());
    }
    for edit in &first.edits {
        prop_assert!(
            before[edit.span.start..edit.span.end].trim().is_empty(),
            "only blanks are replaced"
        );
    }
    let after = apply_edits(before, &first.edits).unwrap();
    let old = entries(before, format, "f", pointer).unwrap().unwrap_or_default();
    let mut new = entries(&after, format, "f", pointer).unwrap().unwrap();
    let is_new = |it: &Entry| match entry {
        NewEntry::Item(value) => it.value == *value,
        NewEntry::Key(name, value) => it.key.as_ref() == Some(name) && it.value == *value,
    };
    let at = new.iter().position(is_new);
    prop_assert!(at.is_some(), "the entry is there:\n{after}");
    new.remove(at.unwrap_or_default());
    let said = |all: &[Entry]| {
        all.iter()
            .map(|it| (it.key.clone(), it.value.clone()))
            .collect::<Vec<_>>()
    };
    prop_assert_eq!(said(&old), said(&new), "the others are as they were:\n{}", after);
    let second = insert(&after, format, "f", pointer, entry, &Order::Auto).unwrap();
    prop_assert_eq!(
        second,
        Inserted::default(),
        "a second time changes nothing:\n{}",
        after
    );
    let selector = match entry {
        NewEntry::Item(value) => Selector::Item(value.clone()),
        NewEntry::Key(name, _) => Selector::Key(name.clone()),
    };
    let edits = match remove(&after, format, "f", pointer, &selector, &first.trace) {
        Ok(edits) => edits,
        Err(error) => {
            return Err(TestCaseError::fail(format!(
                "{error} {:?}\n{before}\n---\n{after}",
                error.causes()
            )));
        }
    };
    prop_assert_eq!(
        apply_edits(&after, &edits).unwrap(),
        before,
        "removal restores every byte, from:\n{}",
        after
    );
    Ok(())
}

/// Pointers of all containers.
fn containers(value: &Value, pointer: &str, out: &mut Vec<(String, bool)>) {
    match value {
        Value::Array(items) => {
            out.push((pointer.to_owned(), true));
            for (at, item) in items.iter().enumerate() {
                containers(item, &format!("{pointer}/{at}"), out);
            }
        }
        Value::Object(map) => {
            out.push((pointer.to_owned(), false));
            for (name, value) in map {
                let name = name.replace('~', "~0").replace('/', "~1");
                containers(value, &format!("{pointer}/{name}"), out);
            }
        }
        _ => {}
    }
}

const FORMATS: [ManifestFormat; 3] = [ManifestFormat::Json, ManifestFormat::Toml, ManifestFormat::Yaml];

const ALL_FORMATS: [ManifestFormat; 4] = [
    ManifestFormat::Json,
    ManifestFormat::Toml,
    ManifestFormat::Yaml,
    ManifestFormat::Xml,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_style_keeps_every_promise(
        style in style(),
        list in names(),
        map in names(),
        name in "[a-dA-C ][a-c./ -]{0,3}",
        value in value(),
    ) {
        let texts = [style.json(&list, &map), style.toml(&list, &map), style.yaml(&list, &map)];
        for (format, text) in FORMATS.into_iter().zip(&texts) {
            read(text, format, "f").map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            promises(format, text, "/list", &NewEntry::Item(json!(name)), true)?;
            promises(format, text, "/list", &NewEntry::Item(value.clone()), true)?;
            if !map.contains(&name) {
                promises(format, text, "/map", &NewEntry::Key(name.clone(), value.clone()), true)?;
                promises(format, text, "", &NewEntry::Key(name.clone(), value.clone()), true)?;
            }
            promises(format, text, "/new", &NewEntry::Item(json!(name)), true)?;
            promises(format, text, "/new/deep", &NewEntry::Item(value.clone()), true)?;
            promises(format, text, "/map/ /b~1c", &NewEntry::Key(name.clone(), value.clone()), !map.contains(&" ".to_owned()))?;
        }
    }

    #[test]
    fn xml_keeps_every_promise(
        style in style(),
        list in names(),
        map in names(),
        name in "[a-dA-C&<][a-c./ -]{0,3}x",
        tag in "[d-f][a-c._-]{0,3}",
        value in value(),
    ) {
        let list: Vec<String> = list.into_iter().filter(|text| !text.trim().is_empty()).collect();
        let is_free = |name: &String| name.chars().all(|c| c.is_ascii_alphabetic()) && *name != tag;
        let map: Vec<String> = map.into_iter().filter(is_free).collect();
        let text = &style.xml(&list, &map);
        let format = ManifestFormat::Xml;
        read(text, format, "f").map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        // A list without entries may have a comment in it.
        promises(format, text, "/root/items", &NewEntry::Item(json!(name)), !list.is_empty())?;
        promises(format, text, "/root/items", &NewEntry::Item(value.clone()), false)?;
        promises(format, text, "/root/map", &NewEntry::Key(tag.clone(), json!(name)), true)?;
        promises(format, text, "/root/map", &NewEntry::Key(tag.clone(), value.clone()), false)?;
        promises(format, text, "/root", &NewEntry::Key(tag.clone(), json!({ "k": name })), true)?;
        promises(format, text, "/root/deep/modules", &NewEntry::Item(json!(name)), true)?;
    }

    #[test]
    fn a_mangled_document_is_refused_or_keeps_every_promise(
        style in style(),
        list in names(),
        map in names(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..4, "[-\\[\\]{}:,#'\" \n\tax=.&*|<>!/\\\\]{0,3}"), 1..4),
    ) {
        let texts = [
            style.json(&list, &map),
            style.toml(&list, &map),
            style.yaml(&list, &map),
            style.xml(&list, &[]),
        ];
        for (format, text) in ALL_FORMATS.into_iter().zip(texts) {
            let mut chars: Vec<char> = text.chars().collect();
            for (at, count, with) in &cuts {
                let at = at.index(chars.len() + 1);
                let end = (at + count).min(chars.len());
                chars.splice(at..end, with.chars());
            }
            let text: String = chars.into_iter().collect();
            let Ok(value) = read(&text, format, "f") else { continue };
            let mut all = Vec::new();
            containers(&value, "", &mut all);
            for (pointer, is_array) in all {
                let entry = if is_array { item("new") } else { key("new", "x") };
                promises(format, &text, &pointer, &entry, false)?;
                promises(format, &text, &format!("{pointer}/a/b"), &item("new"), false)?;
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[-\\[\\]{}:,#'\"! \n\r\tax=.&*|>?%/\\\\0é\u{feff}]{0,40}") {
        for format in ALL_FORMATS {
            let _ = read(&text, format, "f");
            let _ = insert(&text, format, "f", "/a", &item("x"), &Order::Auto);
            let _ = insert(&text, format, "f", "", &key("x", 1), &Order::Append);
            let _ = remove(&text, format, "f", "", &Selector::Key("a".to_owned()), &Trace::default());
            let _ = remove(&text, format, "f", "/a", &Selector::Item(json!("x")), &Trace::default());
        }
    }
}
