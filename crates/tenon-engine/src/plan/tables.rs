//! Finds the fact tables that a check needs.

use tenon_pack::Pack;

/// The fact tables that expressions of folders, sites and rules for members use.
pub fn tables_in_checks(pack: &Pack) -> Vec<String> {
    let (mut texts, mut owned): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for declared in pack.kind_members() {
        for site in pack.sites(&declared.kind) {
            texts.extend(
                [
                    &site.file,
                    &site.when,
                    &site.key,
                    &site.value,
                    &site.json,
                    &site.insert,
                    &site.ahead_of,
                    &site.behind,
                ]
                .into_iter()
                .flatten()
                .chain(&site.imports)
                .map(String::as_str),
            );
        }
        for site in pack.sites(&declared.kind) {
            for form in site.written_forms() {
                owned.extend(form.imports);
                owned.extend(form.scope);
                owned.push(form.entry);
            }
            owned.extend(site.names.values().flat_map(|of| of.0.iter().cloned()));
            owned.extend(site.otherwise.values().cloned());
        }
        for pack_rule in pack.rules(&declared.kind) {
            texts.extend(pack_rule.when.as_deref());
        }
        for folder in pack.folders(&declared.kind) {
            texts.extend(folder.when.as_deref());
        }
    }
    texts.extend(owned.iter().map(String::as_str));
    let names = pack.facts().keys();
    names
        .filter(|name| texts.iter().any(|text| text.contains(&format!("facts.{name}"))))
        .cloned()
        .collect()
}
