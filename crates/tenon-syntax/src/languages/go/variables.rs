//! The variables that are known at a place, with their types as far as the text says them.

use super::grammar::GRAMMAR;
use super::imports::public_names;
use crate::language::Variable;
use crate::tree::Node;

/// The variables that are known at a byte: those of the file, the parameters of the function there, and what its blocks declare before.
pub fn at(source: &str, at: usize) -> Vec<Variable> {
    let tree = GRAMMAR.parse(source);
    let mut found = Vec::new();
    collect(&tree.root(), at, true, &mut found);
    let public = public_names(source);
    for variable in &mut found {
        if !variable.of.is_empty() {
            variable.of = public.of(&variable.of);
        }
    }
    found
}

fn collect(node: &Node<'_>, at: usize, is_file: bool, found: &mut Vec<Variable>) {
    for child in node.children() {
        let range = child.range();
        let holds = range.start <= at && at <= range.end;
        match &*child.kind() {
            "short_var_declaration" if range.end <= at => short(&child, found),
            "var_declaration" if is_file || range.end <= at => specs(&child, found),
            "parameter_declaration" => declared(&child, found),
            "function_declaration" | "method_declaration" | "func_literal" if holds => {
                for list in ["receiver", "parameters"] {
                    if let Some(list) = child.field(list) {
                        collect(&list, at, false, found);
                    }
                }
                if let Some(body) = child.field("body") {
                    collect(&body, at, false, found);
                }
            }
            // A block that is closed has its variables for itself.
            _ if holds => collect(&child, at, false, found),
            _ => {}
        }
    }
}

fn specs(node: &Node<'_>, found: &mut Vec<Variable>) {
    for spec in node.dfs().filter(|node| node.kind() == "var_spec") {
        declared(&spec, found);
    }
}

/// Names with one type, or each with its value.
fn declared(node: &Node<'_>, found: &mut Vec<Variable>) {
    let names = node
        .children()
        .take_while(|child| matches!(&*child.kind(), "identifier" | ","))
        .filter(|child| child.kind() == "identifier");
    let of = node.field("type").map(|of| type_name(&of));
    let values = node.field("value").map_or(vec![], |value| results(&value));
    add(names, of, &values, found);
}

fn short(node: &Node<'_>, found: &mut Vec<Variable>) {
    let (Some(left), Some(right)) = (node.field("left"), node.field("right")) else {
        return;
    };
    let names = left.children().filter(|child| child.kind() == "identifier");
    add(names, None, &results(&right), found);
}

fn add<'t>(
    names: impl Iterator<Item = Node<'t>>,
    of: Option<String>,
    values: &[String],
    found: &mut Vec<Variable>,
) {
    for (number, name) in names.enumerate() {
        found.push(Variable {
            name: name.text().into_owned(),
            of: of.clone().or(values.get(number).cloned()).unwrap_or_default(),
        });
    }
}

fn results(list: &Node<'_>) -> Vec<String> {
    let values = list
        .children()
        .filter(|child| child.is_named() && child.kind() != "comment");
    values.map(|value| result(&value)).collect()
}

/// What an expression is a value of: its type, or the function that is called.
fn result(value: &Node<'_>) -> String {
    match &*value.kind() {
        "composite_literal" => value.field("type").map_or(String::new(), |of| type_name(&of)),
        "unary_expression" => value.field("operand").map_or(String::new(), |of| result(&of)),
        "call_expression" => {
            let function = value
                .field("function")
                .map_or(String::new(), |it| it.text().into_owned());
            let arguments = value.field("arguments");
            let argument = arguments.and_then(|list| list.children().find(Node::is_named));
            match (function.as_str(), argument) {
                ("new" | "make", Some(of)) => type_name(&of),
                _ => function,
            }
        }
        _ => String::new(),
    }
}

/// A type without what makes it a pointer.
fn type_name(of: &Node<'_>) -> String {
    of.text()
        .trim_start_matches(['*', '&', '('])
        .trim_end_matches(')')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_known_by_their_types_where_they_are_in_scope() {
        let source = "package p\n\nimport reg \"x/consumer\"\n\nvar late = &k8s.Client{}\n\nfunc other(z reg.Registry) {}\n\nfunc main(a, b *reg.Registry, n string) {\n\tc := new(reg.Registry)\n\tvar (\n\t\td reg.Registry\n\t\te = reg.Registry{}\n\t)\n\tf, g := reg.Registry{}, &y.Registry{}\n\t{\n\t\tgone := reg.Registry{}\n\t}\n\th, err := y.Open(n)\n\tif x := reg.Registry{}; true {\n\t\tHERE()\n\t}\n\tbehind := reg.Registry{}\n}\n";
        let found = at(source, source.find("HERE").unwrap());
        let said: Vec<String> = found.iter().map(|it| format!("{} {}", it.name, it.of)).collect();
        assert_eq!(
            said,
            [
                "late k8s.Client",
                "a consumer.Registry",
                "b consumer.Registry",
                "n string",
                "c consumer.Registry",
                "d consumer.Registry",
                "e consumer.Registry",
                "f consumer.Registry",
                "g y.Registry",
                "h y.Open",
                "err ",
                "x consumer.Registry",
            ]
        );
    }
}
