//! Lists that are put together from several: `[…] + NAME`, `NAME += […]`, `NAME = BASE + OTHERS`.

use crate::tree::Node;

/// How far names are followed.
const MAX_DEPTH: usize = 8;

/// The lists and tuples that `node`, the value of a name, is put together from; nothing if it is one itself or no such
/// value.
pub fn of<'t>(node: &Node<'t>) -> Vec<Node<'t>> {
    if !matches!(
        &*node.kind(),
        "binary_operator" | "identifier" | "parenthesized_expression"
    ) || !is_python(node)
    {
        return vec![];
    }
    let mut out = Vec::new();
    literals(node, 0, &mut out);
    out
}

/// The other lists that make up the same value as `node`.
pub fn beside<'t>(node: &Node<'t>) -> Vec<Node<'t>> {
    if !matches!(&*node.kind(), "list" | "tuple") || !is_python(node) {
        return vec![];
    }
    let Some(root) = node.ancestors().last() else {
        return vec![];
    };
    // The names that have it as a value, and the names that those are put together to.
    let mut names = Vec::new();
    let mut at = node.clone();
    for _ in 0..MAX_DEPTH {
        let Some(name) = assigned_to(&at) else { break };
        if names.contains(&name) {
            break;
        }
        let user = root.dfs().find(|node| {
            node.kind() == "identifier"
                && node.text() == *name
                && assigned_to(node).is_some_and(|to| to != name)
        });
        names.push(name);
        match user {
            Some(user) => at = user,
            None => break,
        }
    }
    let mut out: Vec<Node<'t>> = Vec::new();
    for name in &names {
        for value in values(&root, name) {
            literals(&value, 0, &mut out);
        }
    }
    out.retain(|other| other.range() != node.range());
    out
}

/// The name that a value is part of, where it is put together with `+`.
fn assigned_to(node: &Node<'_>) -> Option<String> {
    let mut below = node.range();
    for above in node.ancestors() {
        match &*above.kind() {
            "binary_operator" | "parenthesized_expression" => {}
            "assignment" | "augmented_assignment" => {
                let is_value = above.field("right").is_some_and(|right| right.range() == below);
                return above
                    .field("left")
                    .filter(|_| is_value)
                    .map(|left| left.text().into_owned());
            }
            _ => return None,
        }
        below = above.range();
    }
    None
}

fn literals<'t>(node: &Node<'t>, depth: usize, out: &mut Vec<Node<'t>>) {
    if depth > MAX_DEPTH {
        return;
    }
    match &*node.kind() {
        "list" | "tuple" if out.iter().any(|known| known.range() == node.range()) => {}
        "list" | "tuple" => out.push(node.clone()),
        "binary_operator" | "parenthesized_expression" => {
            for child in node.children().filter(|child| child.is_named()) {
                literals(&child, depth + 1, out);
            }
        }
        "identifier" => {
            if let Some(root) = node.ancestors().last() {
                for value in values(&root, &node.text()) {
                    literals(&value, depth + 1, out);
                }
            }
        }
        _ => {}
    }
}

/// What is assigned and added to `name` at the top of the file.
fn values<'t>(root: &Node<'t>, name: &str) -> Vec<Node<'t>> {
    let statements = root
        .children()
        .filter(|node| node.kind() == "expression_statement");
    let assignments = statements.filter_map(|node| node.child(0)).filter(|node| {
        matches!(&*node.kind(), "assignment" | "augmented_assignment")
            && node.field("left").is_some_and(|left| left.text() == *name)
    });
    assignments.filter_map(|node| node.field("right")).collect()
}

fn is_python(node: &Node<'_>) -> bool {
    node.ancestors()
        .last()
        .is_some_and(|root| root.kind() == "module")
}
