//! Go as it is read and written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Source;
use crate::languages::go::grammar::GRAMMAR;
use crate::rule::Rule;

mod contracts;
mod imports;

/// Files in memory.
pub struct Files(BTreeMap<String, Arc<str>>);

impl Files {
    pub fn of(files: &[(&str, &str)]) -> Self {
        let all = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Arc::from(*text)));
        Self(all.collect())
    }
}

impl Source for Files {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).cloned()
    }

    fn names(&self, dir: &str) -> Vec<String> {
        let inside = self.0.keys().filter_map(|path| match dir {
            "" => Some(path.as_str()),
            dir => path.strip_prefix(dir)?.strip_prefix('/'),
        });
        let mut out: Vec<String> = inside
            .map(|rest| rest.split('/').next().unwrap().to_owned())
            .collect();
        out.dedup();
        out
    }
}

#[test]
fn a_pattern_of_a_call_matches_calls() {
    let source = "package main\n\nfunc main() {\n\t{\n\t\tc := fuse.NewConsumer(a, b)\n\t\treg.Add(c)\n\t}\n\treg.Add(fuse.NewConsumer())\n}\n";
    let tree = GRAMMAR.parse(source);
    for (pattern, count) in [
        ("$_.Add($_)", 2),
        ("$_.Add($NEW($$$))", 1),
        ("$C := $NEW($$$)", 1),
        ("$NEW($$$)", 4),
    ] {
        let rule = format!("pattern = '{pattern}'").parse::<toml::Table>().unwrap();
        let rule = Rule::compile(crate::language::Lang(&crate::languages::go::Go), &rule).unwrap();
        assert_eq!(rule.find_all(&tree.root()).unwrap().len(), count, "{pattern}");
    }
}
