//! The names that a source declares, in any language: functions, methods and classes with their bodies, and the fields of classes.
//!
//! Told by the fields of nodes, which grammars call alike: `name`, `body`, `parameters`.

use std::collections::BTreeMap;

use tenon_text::diag::Span;

use crate::tree::{Node, Tree};

/// The names that `tree` declares outside of the bodies of functions, and where each is first. What stands in a declaration called as
/// `skipped` says is left out.
pub fn names(tree: &Tree, skipped: &dyn Fn(&str) -> bool) -> BTreeMap<String, Span> {
    let mut out = BTreeMap::new();
    let mut add = |name: &Node<'_>| {
        let (text, range) = (name.text(), name.range());
        if !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_') {
            out.entry(text.into_owned())
                .or_insert(Span::new(range.start, range.end));
        }
    };
    let mut open = vec![tree.root()];
    while let Some(node) = open.pop() {
        let body = node.field("body");
        if let (Some(name), Some(body)) = (node.field("name"), &body) {
            if skipped(&name.text()) {
                continue;
            }
            add(&name);
            if node.field("parameters").is_some() {
                continue;
            }
            for statement in body.children() {
                fields(&statement, &mut add);
            }
        } else if node.field("parameters").is_some() {
            continue;
        }
        // The first of several is the one that counts.
        let mut inner: Vec<Node<'_>> = node.children().collect();
        inner.reverse();
        open.extend(inner);
    }
    out
}

/// Adds the field that a statement in the body of a class declares: `name: T`, `name = value`.
fn fields(statement: &Node<'_>, add: &mut dyn FnMut(&Node<'_>)) {
    let inner = statement.children().filter(|child| child.is_named());
    for node in std::iter::once(statement.clone()).chain(inner) {
        if node.field("body").is_some() || node.field("parameters").is_some() {
            continue;
        }
        if let Some(name) = node.field("name").or_else(|| node.field("left")) {
            add(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::language::Lang;

    fn of(path: &str, text: &str) -> Vec<String> {
        let tree = Lang::of_path(path).unwrap().parse(text);
        names(&tree, &|name| name == "tests").into_keys().collect()
    }

    #[test]
    fn functions_classes_and_their_fields_are_declared() {
        let python = "class A(B):\n    name = 'a'\n    size: int = 1\n\n    @classmethod\n    def make(cls):\n        local = 1\n\n        def inner():\n            pass\n\ndef top():\n    pass\n";
        assert_eq!(of("a.py", python), ["A", "make", "name", "size", "top"]);
        let typescript = "export class A {\n    name = 'a';\n    go(): void {\n        const x = 1;\n    }\n}\nfunction f() {}\n";
        assert_eq!(of("a.ts", typescript), ["A", "f", "go", "name"]);
        let go = "package a\n\nfunc (p *P) Run() error {\n\tx := func() {}\n\tx()\n\treturn nil\n}\n\nfunc init() {\n}\n";
        assert_eq!(of("a.go", go), ["Run", "init"]);
        let rust = "impl A for B {\n    fn go(&self) {\n        fn inner() {}\n    }\n}\nmod tests {\n    fn it_goes() {}\n}\n";
        assert_eq!(of("a.rs", rust), ["go"]);
    }
}
