//! Names that an edit writes and that nothing declares: the compiler refuses them.

use std::collections::BTreeSet;

use super::grammar::GRAMMAR;
use super::imports::read_imports;
use crate::tree::Node;

/// What every file knows.
const PREDECLARED: &[&str] = &[
    "_", "append", "any", "bool", "byte", "cap", "clear", "close", "complex", "copy", "delete", "error",
    "false", "float32", "float64", "imag", "int", "int16", "int32", "int64", "int8", "iota", "len", "make",
    "max", "min", "new", "nil", "panic", "print", "println", "real", "recover", "rune", "string", "true",
    "uint", "uint16", "uint32", "uint64", "uint8", "uintptr",
];

/// The names that stand in `after` and not in `before`, and that `after` neither declares nor imports.
pub fn undeclared(before: &str, after: &str) -> Vec<String> {
    let known = names(&GRAMMAR.parse(before).root(), &|_| true);
    let tree = GRAMMAR.parse(after);
    let new = names(&tree.root(), &|node| !is_key(node));
    let declared = names(&tree.root(), &is_declared);
    let imports = read_imports(after);
    // The name of a package need not be the last of its path.
    let is_imported = |name: &String| {
        let mut all = imports.iter();
        all.any(|import| import.local() == name || import.local() == "." || import.module.contains(&**name))
    };
    let out = new.into_iter().filter(|name| {
        !known.contains(name)
            && !declared.contains(name)
            && !PREDECLARED.contains(&&**name)
            && !is_imported(name)
    });
    out.collect()
}

/// The identifiers below `root` for which `is` holds.
fn names(root: &Node<'_>, is: &dyn Fn(&Node<'_>) -> bool) -> BTreeSet<String> {
    let found = root.dfs().filter(|node| node.kind() == "identifier" && is(node));
    found.map(|node| node.text().into_owned()).collect()
}

/// Whether an identifier names a field in a composite literal.
fn is_key(node: &Node<'_>) -> bool {
    let Some(element) = node.parent().filter(|parent| parent.kind() == "literal_element") else {
        return false;
    };
    let pair = element.parent().filter(|pair| pair.kind() == "keyed_element");
    pair.and_then(|pair| pair.child(0))
        .is_some_and(|key| key.range() == element.range())
}

/// Whether an identifier is the name that a declaration gives.
fn is_declared(node: &Node<'_>) -> bool {
    let Some(mut parent) = node.parent() else {
        return false;
    };
    let list = (parent.kind() == "expression_list").then(|| parent.range());
    if list.is_some() {
        let Some(above) = parent.parent() else {
            return false;
        };
        parent = above;
    }
    let is_left = || {
        let left = parent.field("left").or_else(|| parent.field("alias"));
        left.is_some_and(|left| left.range() == list.clone().unwrap_or_else(|| node.range()))
    };
    match &*parent.kind() {
        "short_var_declaration" | "range_clause" | "receive_statement" | "type_switch_statement" => is_left(),
        "var_spec"
        | "const_spec"
        | "parameter_declaration"
        | "variadic_parameter_declaration"
        | "function_declaration" => list.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::undeclared;

    #[test]
    fn a_name_that_nothing_declares_is_told() {
        let file = |body: &str, more: &str| {
            format!(
                "package main\n\nimport (\n\t\"a.org/pkg/go-acme\"\n)\n\nfunc main() {{\n\tall := new(acme.All)\n\tuse(all){body}\n}}\n{more}"
            )
        };
        let names = |body: &str| undeclared(&file("", ""), &file(body, ""));
        assert_eq!(names("\n\tothers.Add(acme.New(all))"), ["others"]);
        for body in [
            "\n\tc := acme.New(all, len(all))\n\tall.Add(c)",
            "\n\tif err := all.Add(acme.One{Field: all, Of: nil}); err != nil {\n\t\tpanic(err)\n\t}",
            "\n\tfor at, one := range all {\n\t\tuse(at, one)\n\t}",
            "\n\tvar many acme.Many\n\tuse(many, func(in string) { use(in) })",
        ] {
            assert_eq!(names(body), [""; 0], "{body}");
        }
    }
}
