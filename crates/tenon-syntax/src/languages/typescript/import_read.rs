//! Import statements as data: what a text imports.

use crate::contract::{Import, ImportKind};

use super::import_list::{parse, statements};

/// Every name that the import statements of `text` bind, in order. Imports for their side effect bind none.
pub fn read_imports(text: &str) -> Vec<Import> {
    let tree = parse(text);
    let mut out = Vec::new();
    for statement in statements(&tree) {
        let import = |name: &str, kind: ImportKind| Import {
            module: statement.module.clone(),
            name: name.to_owned(),
            alias: None,
            kind,
            type_only: statement.type_only,
        };
        out.extend(
            statement
                .default
                .as_deref()
                .map(|name| import(name, ImportKind::Default)),
        );
        out.extend(
            statement
                .namespace
                .as_deref()
                .map(|name| import(name, ImportKind::Namespace)),
        );
        for specifier in statement.named.iter().flatten() {
            out.push(Import {
                alias: specifier.alias.clone(),
                type_only: statement.type_only || specifier.type_only,
                ..import(&specifier.name, ImportKind::Named)
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let text =
            "import a, { B, C as D } from 'x';\nimport type { E } from 'y';\nimport * as F from 'z';\n";
        let names: Vec<String> = read_imports(text)
            .iter()
            .map(|import| import.local().to_owned())
            .collect();
        assert_eq!(names, ["a", "B", "D", "E", "F"]);
        assert!(read_imports("import 'x';\n").is_empty());
    }
}
