//! Small steps over tree-sitter's nodes of TypeScript.

use crate::tree::Node;
use tenon_text::names::unquoted;

/// Whether `node` has a direct child that is the word or mark `token`.
pub(super) fn has_child(node: &Node<'_>, token: &str) -> bool {
    node.children().any(|child| child.kind() == token)
}

/// The first direct child of a kind.
pub(super) fn child_of_kind<'t>(node: &Node<'t>, kind: &str) -> Option<Node<'t>> {
    node.children().find(|child| child.kind() == kind)
}

/// The text of a name or of a plain string literal without its quotes.
pub(super) fn unquote(node: &Node<'_>) -> String {
    unquoted(&node.text()).to_owned()
}

/// The type behind the colon. A predicate (`x is T`, `asserts x`) stands for itself.
pub(super) fn annotated<'t>(annotation: &Node<'t>) -> Option<Node<'t>> {
    annotation
        .named_children()
        .find(|child| child.kind() != "comment")
}
