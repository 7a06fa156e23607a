//! What a formatter asks about a type before it lays it out: its shape, its parentheses, its quotes.

use crate::tree::Node;
pub(super) use crate::tree::has_errors;

use super::nodes::child_of_kind;

/// Whether prettier's rules treat the type as an object.
pub(super) fn is_object(node: &Node<'_>) -> bool {
    node.kind() == "object_type"
}

/// White space runs as one space.
pub(super) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `literal` in the quotes that need fewer escapes, `preferred` when equal.
pub(super) fn quoted(literal: &str, preferred: char) -> String {
    let inner = literal
        .get(1..literal.len().saturating_sub(1))
        .unwrap_or_default();
    let other = if preferred == '"' { '\'' } else { '"' };
    let count = |quote: char| inner.matches(quote).count();
    let quote = if count(preferred) > count(other) {
        other
    } else {
        preferred
    };
    let mut out = String::from(quote);
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(next) if (next == '\'' || next == '"') && next != quote => out.push(next),
                Some(next) => out.extend(['\\', next]),
                None => out.push('\\'),
            },
            c if c == quote => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

pub(super) fn named<'t>(node: &Node<'t>) -> Vec<Node<'t>> {
    node.named_children()
        .filter(|child| child.kind() != "comment")
        .collect()
}

pub(super) fn is_mapped(node: &Node<'_>) -> bool {
    named(node)
        .first()
        .is_some_and(|member| child_of_kind(member, "mapped_type_clause").is_some())
}

/// A single type argument that needs no line of its own.
pub(super) fn should_hug(node: &Node<'_>) -> bool {
    match &*node.kind() {
        "predefined_type" | "type_identifier" | "nested_type_identifier" | "object_type" | "this_type" => {
            true
        }
        // Of the literals, keywords alone are simple.
        "literal_type" => matches!(&*node.text(), "undefined" | "null"),
        "union_type" => hugs_union(&flatten(node, "union_type")),
        _ => false,
    }
}

/// The members of a nested binary type; parentheses end the nesting.
pub(super) fn flatten<'t>(node: &Node<'t>, kind: &str) -> Vec<Node<'t>> {
    let mut out = vec![];
    let mut stack = vec![node.clone()];
    while let Some(node) = stack.pop() {
        if node.kind() == kind {
            let mut children = named(&node);
            children.reverse();
            stack.extend(children);
        } else {
            out.push(node);
        }
    }
    out
}

/// Whether `inner` keeps the parentheses `parens` that stand round it.
pub(super) fn needs_parens(inner: &Node<'_>, parens: &Node<'_>) -> bool {
    let Some(parent) = parens.parent() else {
        return false;
    };
    let parent_kind = parent.kind();
    let at_object = parent
        .named_children()
        .next()
        .is_some_and(|first| first.node_id() == parens.node_id());
    let tight = matches!(
        &*parent_kind,
        "array_type" | "optional_type" | "rest_type" | "index_type_query" | "readonly_type"
    ) || (parent_kind == "lookup_type" && at_object);
    let joined = matches!(&*parent_kind, "union_type" | "intersection_type");
    let checked = parent_kind == "conditional_type"
        && ["left", "right"].iter().any(|name| {
            parent
                .field(name)
                .is_some_and(|part| part.node_id() == parens.node_id())
        });
    match &*inner.kind() {
        "function_type" | "constructor_type" | "conditional_type" => tight || joined || checked,
        "union_type" | "intersection_type" => tight || joined,
        "infer_type" | "index_type_query" | "readonly_type" => tight,
        "type_query" => matches!(&*parent_kind, "array_type") || (parent_kind == "lookup_type" && at_object),
        _ => false,
    }
}

/// Text of a name or literal without white space.
pub(super) fn tight(text: &str) -> String {
    if text.contains(['\'', '"', '`']) || text.starts_with("unique") {
        squeezed(text)
    } else {
        text.split_whitespace().collect()
    }
}

/// Whether a union is an object or name beside `null` or `void`, which keeps the line of what holds it.
pub(super) fn hugs_union(types: &[Node<'_>]) -> bool {
    let void = |node: &Node<'_>| matches!(&*node.text(), "void" | "null");
    let object_like = |node: &Node<'_>| {
        matches!(
            &*node.kind(),
            "object_type" | "type_identifier" | "nested_type_identifier" | "generic_type"
        ) && !is_mapped(node)
    };
    let first = types.iter().position(object_like);
    first.is_some_and(|first| types.iter().enumerate().all(|(at, ty)| at == first || void(ty)))
}
