//! What differs between languages, as data: kinds of nodes and words of statements.

/// Nodes that hold statements, items or values one after the other, without brackets of their own. The file itself is one as well.
pub(super) const CONTAINERS: &[&str] = &[
    "statement_list",
    "block",
    "body_statement",
    "block_body",
    "begin",
    "then",
    "else",
    "do",
    "$array",
    "$object",
    "document",
];

/// Nodes that hold the statements of a function, a branch or a loop. The file itself is one as well.
pub(super) const BLOCKS: &[&str] = &[
    "block",
    "statement_block",
    "constructor_body",
    "statement_list",
    "body_statement",
    "block_body",
    "begin",
    "then",
    "else",
    "do",
];

/// What follows the statements of a block and belongs to it.
pub(super) const CLAUSES: &[&str] = &["rescue", "ensure", "else"];

/// Lists whose elements are parted by space alone.
pub(super) const SPACED: &[&str] = &["string_array", "symbol_array"];

/// Whether nodes of this kind hold statements.
pub fn holds_statements(kind: &str) -> bool {
    BLOCKS.contains(&kind)
}

/// Words in the kinds of nodes whose bodies are no branch of something else.
pub(super) const FUNCTIONS: &[&str] = &[
    "func",
    "method",
    "closure",
    "class",
    "impl",
    "trait",
    "mod",
    "constructor",
    "initializer",
    "lambda",
    "block",
];

/// Operators: one node for two operands, the left one of which may be such a node.
pub(super) const CHAINS: &[&str] = &[
    "binary_expression",
    "boolean_operator",
    "binary_operator",
    "binary",
    "union_type",
    "intersection_type",
    "or_pattern",
    "alternative_pattern",
    "union_pattern",
    "type_elem",
];

/// What stands round a call or a name without being more than it.
pub(super) const WRAPPERS: &[&str] = &[
    "expression_statement",
    "await_expression",
    "await",
    "try_expression",
    "non_null_expression",
    "as_expression",
    "satisfies_expression",
];

/// What may stand before a declaration and belongs to it.
pub(super) const DECORATIONS: &[&str] = &[
    "decorator",
    "attribute_item",
    "visibility_modifier",
    "accessibility_modifier",
    "export",
    "default",
    "abstract",
    "modifiers",
];

/// What stands above a declaration as a node of its own and belongs to it.
pub(super) const ATTRIBUTES: &[&str] = &["attribute_item"];

/// Nodes in brackets whose children are no entries.
pub(super) const NO_LISTS: &[&str] = &[
    "parenthesized_expression",
    "subscript_expression",
    "index_expression",
    "subscript",
    "element_reference",
    "parenthesized_statements",
    "ERROR",
];

/// Statements that hold cases, one after the other.
pub(super) const SWITCHES: &[&str] = &[
    "expression_switch_statement",
    "type_switch_statement",
    "select_statement",
    "switch_body",
    "switch_block",
    "case",
    "case_match",
];

/// Cases whose kinds do not say so.
pub(super) const CASES: &[&str] = &["when", "in_clause"];

/// Lists in braces whose entries end with commas. All lists in other brackets do.
pub(super) const COMMA_BRACES: &[&str] = &[
    "object",
    "hash",
    "object_pattern",
    "named_imports",
    "export_clause",
    "enum_body",
    "literal_value",
    "dictionary",
    "set",
    "match_block",
    "enum_variant_list",
    "field_initializer_list",
    "use_list",
    "token_tree",
    "array_initializer",
    "element_value_array_initializer",
];

/// Lists in parentheses whose entries stand on lines of their own.
pub(super) const NO_COMMAS: &[&str] = &[
    "import_spec_list",
    "var_spec_list",
    "const_declaration",
    "type_declaration",
];

/// Go's constants and variables, whose types and values stand in columns.
pub(super) const SPECS: &[&str] = &["const_declaration", "var_spec_list", "var_declaration"];

/// Rust's fields end with commas, Go's do not, and both are called `field_declaration_list`.
pub(super) const FIELDS: &str = "field_declaration_list";

/// The words with which statements begin behind which nothing is reached.
pub(super) const TERMINATORS: &[&[&str]] = &[
    &["return"],
    &["throw"],
    &["raise"],
    &["for", "{"],
    &["while", "True", ":"],
    &["while", "1", ":"],
    &["while", "(", "true", ")"],
    &["for", "(", ")"],
    &["loop", "{"],
    &["loop", "do"],
    &["select", "{", "}"],
];

/// Nodes that are strings in quotes.
pub(super) const STRINGS: &[&str] = &[
    "string",
    "template_string",
    "interpreted_string_literal",
    "raw_string_literal",
    "rune_literal",
    "string_literal",
    "char_literal",
    "character_literal",
    "subshell",
    "heredoc_body",
];

/// What parts two entries, beside space.
pub(super) const MARKS: &[&str] = &[",", ";", "||", "&&", "|", "or", "and", "&"];
