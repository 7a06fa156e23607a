//! The imports of a file, read.

use crate::contract::Import;
use crate::tree::{Node, Tree};

use super::grammar::GRAMMAR;
pub use super::import_edit::{ensure_import, remove_import};
use super::layout::{Wrap, wrap_of};
use super::statement::Statement;
pub use super::statement::line;

/// Everything that the import statements of `text` bring in, wherever they stand.
pub fn read_imports(text: &str) -> Vec<Import> {
    read_imports_of(&GRAMMAR.parse(text))
}

/// As [`read_imports`], of a parsed file.
pub fn read_imports_of(tree: &Tree) -> Vec<Import> {
    tree.root()
        .dfs()
        .filter_map(|node| Some((Statement::of(&node)?, is_for_types(&node))))
        .flat_map(|(statement, types)| statement.imports(types))
        .collect()
}

/// Whether the first import of `source` that is broken over lines has its names behind the bracket.
pub fn breaks_aligned(source: &str) -> bool {
    wrap_of(source, Wrap::Hanging) == Wrap::Aligned
}

/// What stands around a statement. Nothing is around one at the margin, and to climb from it costs as much as there are others.
pub fn around<'t>(node: &Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let is_at_margin = node.start_pos().byte_point().1 == 0;
    node.ancestors().take_while(move |_| !is_at_margin)
}

/// Whether a statement stands below `if TYPE_CHECKING:`.
pub fn is_for_types(node: &Node<'_>) -> bool {
    around(node).any(|above| {
        above.kind() == "if_statement"
            && above
                .field("condition")
                .is_some_and(|condition| condition.text().ends_with("TYPE_CHECKING"))
    })
}

/// Whether `name` is used in `source` outside of import statements, also by `__all__` and annotations in quotes.
pub fn uses(source: &str, name: &str) -> bool {
    crate::imports::uses(&GRAMMAR.parse(source), name, &["identifier"], |node| {
        Statement::of(node).is_some()
    })
}
