//! Finds the fact tables that a check needs.

use tenon_pack::Pack;

/// The fact tables that expressions of parts, sites and expectations of members use.
pub fn tables_in_checks(pack: &Pack) -> Vec<String> {
    let mut texts: Vec<&str> = Vec::new();
    for subject in pack.subjects() {
        for site in pack.sites(&subject.generator) {
            texts.extend(
                [
                    &site.file,
                    &site.when,
                    &site.name,
                    &site.key,
                    &site.value,
                    &site.json,
                    &site.insert,
                ]
                .into_iter()
                .flatten()
                .chain(&site.imports)
                .map(String::as_str),
            );
        }
        for expect in pack.expects(&subject.generator) {
            texts.extend(expect.when.as_deref());
        }
        for part in pack.parts(&subject.generator) {
            texts.extend(part.when.as_deref());
        }
    }
    let names = pack.facts().keys();
    names
        .filter(|name| texts.iter().any(|text| text.contains(&format!("facts.{name}"))))
        .cloned()
        .collect()
}
