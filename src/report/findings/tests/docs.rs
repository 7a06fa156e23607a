//! `docs/formats.md` shows what is printed.
//!
//! `<!-- sample: FORMAT POINTER -->` stands before a block with what the format prints for one finding; of JSON
//! only the part at the pointer, if there is one. `TENON_BLESS=1 cargo test report` rewrites the blocks.

use super::*;

fn one() -> Findings {
    let mut sample = sample();
    sample.diagnostics.remove(0);
    sample.diagnostics.truncate(1);
    sample.diagnostics[0].reasons.truncate(1);
    if let Some(fix) = &mut sample.diagnostics[0].fix {
        fix.files.truncate(1);
    }
    sample.suppressed = 0;
    sample
}

fn shown(format: &str, pointer: Option<&str>) -> String {
    let format = Format::from_str(format, false).unwrap();
    let text = render(&one(), format, false).replace(env!("CARGO_PKG_VERSION"), "…");
    match pointer {
        None => text,
        Some(pointer) => {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            format!("{:#}\n", value.pointer(pointer).unwrap())
        }
    }
}

#[test]
fn the_page_about_formats_shows_what_they_print() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/formats.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let mut out = String::new();
    let mut seen = vec![];
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once("<!-- sample: ") {
        let (marker, after) = after.split_once(" -->\n").unwrap();
        let mut words = marker.split(' ');
        let format = words.next().unwrap();
        seen.push(format.to_owned());
        let (fence, block) = after.split_once('\n').unwrap();
        let (_, after) = block.split_once("```\n").unwrap();
        let text = shown(format, words.next());
        out.push_str(&format!(
            "{before}<!-- sample: {marker} -->\n{fence}\n{text}```\n"
        ));
        rest = after;
    }
    out.push_str(rest);
    if std::env::var_os("TENON_BLESS").is_some() {
        std::fs::write(&path, &out).unwrap();
    }
    assert_eq!(out, std::fs::read_to_string(&path).unwrap());
    let all: Vec<String> = Format::value_variants().iter().map(|f| extension(*f)).collect();
    assert_eq!(seen, all, "left: formats with a sample; right: all");
}
