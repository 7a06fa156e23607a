//! The kinds and fields of the grammar that this parser knows, and their numbers in the grammar.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::tree::Grammar;

macro_rules! kinds {
    (words { $($word:ident $word_text:literal)* }
     reserved { $($reserved:ident $reserved_text:literal)* }
     signs { $($sign:ident $sign_text:literal)* }
     named { $($named:ident $named_text:literal)* }) => {
        /// What a token or a node is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum K {
            /// Words that are names, too.
            $($word,)*
            /// Words that are names of properties only.
            $($reserved,)*
            /// Signs.
            $($sign,)*
            /// Kinds of nodes with a name of their own.
            $($named,)*
        }

        /// By position in [`K`]: the name in the grammar, and whether the kind is a named one.
        const KINDS: &[(&str, bool)] = &[
            $(($word_text, false),)*
            $(($reserved_text, false),)*
            $(($sign_text, false),)*
            $(($named_text, true),)*
        ];

        /// The words.
        const WORDS: &[(&[u8], K)] = &[
            $(($word_text.as_bytes(), K::$word),)*
            $(($reserved_text.as_bytes(), K::$reserved),)*
        ];
    };
}

kinds! {
    words {
        Abstract "abstract" Accessor "accessor" Any "any" As "as" Asserts "asserts" Async "async" Boolean "boolean"
        Declare "declare" From "from" Get "get" Global "global" Infer "infer" Is "is" Keyof "keyof"
        Let "let" Meta "meta" Module "module" Namespace "namespace" Never "never" Number "number" Object "object" Of "of"
        Override "override" Private "private" Protected "protected" Public "public" Readonly "readonly"
        Require "require" Satisfies "satisfies" Set "set" Static "static" StringWord "string" Symbol "symbol" Target "target"
        Type "type" Unique "unique" Unknown "unknown" Using "using"
    }
    reserved {
        Assert "assert" Await "await" Break "break" Case "case" Catch "catch" Class "class" Const "const"
        Continue "continue" Debugger "debugger" Default "default" Delete "delete" Do "do" Else "else" Enum "enum"
        Export "export" Extends "extends" FalseWord "false" Finally "finally" For "for" Function "function" If "if"
        Implements "implements" Import "import" In "in" Instanceof "instanceof" Interface "interface" New "new"
        NullWord "null" Return "return" SuperWord "super" Switch "switch" ThisWord "this" Throw "throw" TrueWord "true"
        Try "try" Typeof "typeof" UndefinedWord "undefined" Var "var" Void "void" While "while" With "with" Yield "yield"
    }
    signs {
        LeftBrace "{" RightBrace "}" LeftParen "(" RightParen ")" LeftBracket "[" RightBracket "]"
        Semicolon ";" Comma "," Less "<" Greater ">" LessEqual "<=" GreaterEqual ">=" EqualEqual "==" NotEqual "!="
        Same "===" NotSame "!==" Arrow "=>" Plus "+" Minus "-" Star "*" StarStar "**" Slash "/" Percent "%"
        PlusPlus "++" MinusMinus "--" ShiftLeft "<<" ShiftRight ">>" ShiftUnsigned ">>>" Ampersand "&" Bar "|" Caret "^"
        Bang "!" Tilde "~" And "&&" Or "||" Question "?" Coalesce "??" ChainSign "?." Dot "." Ellipsis "..." Colon ":"
        Equal "=" PlusEqual "+=" MinusEqual "-=" StarEqual "*=" SlashEqual "/=" PercentEqual "%=" CaretEqual "^="
        AmpersandEqual "&=" BarEqual "|=" ShiftRightEqual ">>=" ShiftUnsignedEqual ">>>=" ShiftLeftEqual "<<="
        StarStarEqual "**=" AndEqual "&&=" OrEqual "||=" CoalesceEqual "??=" At "@" Backtick "`" Substitution "${"
        SingleQuote "'" DoubleQuote "\"" OptionalColon "?:" AddingColon "+?:" OmittingColon "-?:" End "end"
    }
    named {
        Identifier "identifier" PrivateName "private_property_identifier" NumberLiteral "number" Comment "comment"
        StringLiteral "string" StringFragment "string_fragment" EscapeSequence "escape_sequence"
        TemplateString "template_string" TemplateSubstitution "template_substitution" Regex "regex"
        RegexPattern "regex_pattern" RegexFlags "regex_flags"
        This "this" Super "super" True "true" False "false" Null "null" Undefined "undefined" ImportName "import"
        PropertyIdentifier "property_identifier" TypeIdentifier "type_identifier"
        ShorthandProperty "shorthand_property_identifier" ShorthandPattern "shorthand_property_identifier_pattern"
        StatementIdentifier "statement_identifier"
        Program "program" HashBang "hash_bang_line" ImportAlias "import_alias" ImportStatement "import_statement" ImportClause "import_clause" NamedImports "named_imports"
        NamespaceImport "namespace_import" ImportSpecifier "import_specifier" ExportStatement "export_statement"
        ExportClause "export_clause" ExportSpecifier "export_specifier" NamespaceExport "namespace_export"
        ExpressionStatement "expression_statement" LexicalDeclaration "lexical_declaration"
        VariableDeclaration "variable_declaration" VariableDeclarator "variable_declarator"
        StatementBlock "statement_block" IfStatement "if_statement" ElseClause "else_clause"
        SwitchStatement "switch_statement" SwitchBody "switch_body" SwitchCase "switch_case"
        SwitchDefault "switch_default" ForStatement "for_statement" ForInStatement "for_in_statement"
        WhileStatement "while_statement" DoStatement "do_statement" TryStatement "try_statement"
        CatchClause "catch_clause" FinallyClause "finally_clause" BreakStatement "break_statement"
        ContinueStatement "continue_statement" ReturnStatement "return_statement" ThrowStatement "throw_statement"
        EmptyStatement "empty_statement"
        FunctionDeclaration "function_declaration" FunctionSignature "function_signature"
        GeneratorDeclaration "generator_function_declaration" FunctionExpression "function_expression"
        ArrowFunction "arrow_function" FormalParameters "formal_parameters" RequiredParameter "required_parameter"
        OptionalParameter "optional_parameter" RestPattern "rest_pattern" ObjectPattern "object_pattern"
        ArrayPattern "array_pattern" PairPattern "pair_pattern" AssignmentPattern "assignment_pattern"
        ObjectAssignmentPattern "object_assignment_pattern"
        ClassDeclaration "class_declaration" AbstractClass "abstract_class_declaration" ClassExpression "class"
        ClassHeritage "class_heritage" ExtendsClause "extends_clause" ImplementsClause "implements_clause"
        ClassBody "class_body" MethodDefinition "method_definition" MethodSignature "method_signature"
        AbstractMethod "abstract_method_signature" FieldDefinition "public_field_definition"
        IndexSignature "index_signature" StaticBlock "class_static_block" Decorator "decorator"
        Accessibility "accessibility_modifier" OverrideModifier "override_modifier"
        InterfaceDeclaration "interface_declaration" InterfaceBody "interface_body" ExtendsType "extends_type_clause"
        TypeAlias "type_alias_declaration" EnumDeclaration "enum_declaration" EnumBody "enum_body"
        EnumAssignment "enum_assignment" AmbientDeclaration "ambient_declaration" ModuleNode "module"
        InternalModule "internal_module" NestedIdentifier "nested_identifier"
        Parenthesized "parenthesized_expression" Sequence "sequence_expression" Assignment "assignment_expression"
        Augmented "augmented_assignment_expression" AwaitExpression "await_expression" Unary "unary_expression"
        Binary "binary_expression" Ternary "ternary_expression" Update "update_expression" NewExpression "new_expression"
        Call "call_expression" Member "member_expression" Subscript "subscript_expression" OptionalChain "optional_chain"
        NonNull "non_null_expression" AsExpression "as_expression" SatisfiesExpression "satisfies_expression"
        ObjectLiteral "object" ArrayLiteral "array" Pair "pair" Spread "spread_element" Arguments "arguments"
        ComputedName "computed_property_name" MetaProperty "meta_property"
        TypeArguments "type_arguments" TypeParameters "type_parameters" TypeParameter "type_parameter"
        Constraint "constraint" DefaultType "default_type" TypeAnnotation "type_annotation"
        AssertsAnnotation "asserts_annotation" AssertsNode "asserts" PredicateAnnotation "type_predicate_annotation"
        TypePredicate "type_predicate" OptingAnnotation "opting_type_annotation" AddingAnnotation "adding_type_annotation"
        OmittingAnnotation "omitting_type_annotation"
        PredefinedType "predefined_type" NestedType "nested_type_identifier" GenericType "generic_type"
        ObjectType "object_type" ArrayType "array_type" TupleType "tuple_type" TypeQuery "type_query"
        IndexTypeQuery "index_type_query" ThisType "this_type" LiteralType "literal_type" LookupType "lookup_type"
        ConditionalType "conditional_type" TemplateLiteralType "template_literal_type" TemplateType "template_type"
        IntersectionType "intersection_type" UnionType "union_type" FunctionType "function_type"
        ConstructorType "constructor_type" ReadonlyType "readonly_type" InferType "infer_type"
        ParenthesizedType "parenthesized_type" OptionalType "optional_type" RestType "rest_type"
        PropertySignature "property_signature" CallSignature "call_signature" ConstructSignature "construct_signature"
        MappedTypeClause "mapped_type_clause"
    }
}

/// How many places there are for words, of which there are about ninety.
const PLACES: usize = 1024;
/// The longest word.
const LONGEST: usize = 10;

/// Where a word is looked for first.
#[inline(always)]
fn place(text: &[u8]) -> usize {
    let (first, last) = (usize::from(text[0]), usize::from(text[text.len() - 1]));
    (first * 37 + usize::from(text[1]) * 11 + last * 3 + text.len()) % PLACES
}

/// The word that `text` is; [`K::Identifier`] if it is none that means anything.
pub fn word(text: &[u8]) -> K {
    static TABLE: OnceLock<[u8; PLACES]> = OnceLock::new();
    if text.len() < 2 || text.len() > LONGEST || !text[0].is_ascii_lowercase() {
        return K::Identifier;
    }
    let table = TABLE.get_or_init(|| {
        let mut table = [u8::MAX; PLACES];
        for (number, (text, _)) in (0..).zip(WORDS) {
            let mut at = place(text);
            while table[at] != u8::MAX {
                at = (at + 1) % PLACES;
            }
            table[at] = number;
        }
        table
    });
    let mut at = place(text);
    while let Some((known, kind)) = WORDS.get(usize::from(table[at])) {
        if *known == text {
            return *kind;
        }
        at = (at + 1) % PLACES;
    }
    K::Identifier
}

macro_rules! fields {
    ($($field:ident $text:literal)*) => {
        /// What a node is to its parent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum F {
            /// Nothing that has a name.
            None,
            $(#[doc = $text] $field,)*
        }
        const FIELDS: &[&str] = &["", $($text,)*];
    };
}

fields! {
    Alias "alias" Alternative "alternative" Argument "argument" Arguments "arguments" Body "body" Condition "condition"
    Consequence "consequence" Constraint "constraint" Constructor "constructor" Declaration "declaration"
    Decorator "decorator" Finalizer "finalizer" Flags "flags" Function "function" Handler "handler"
    Increment "increment" Index "index" IndexType "index_type" Initializer "initializer" Key "key" Kind "kind" Label "label"
    Left "left" Module "module" Name "name" Object "object" Operator "operator" OptionalChain "optional_chain"
    Parameter "parameter" Parameters "parameters" Pattern "pattern" Property "property" ReturnType "return_type"
    Right "right" Sign "sign" Source "source" Type "type" TypeArguments "type_arguments"
    TypeParameters "type_parameters" Value "value"
}

/// Numbers in the grammar; 0 for what it does not have.
pub struct Numbers {
    /// By [`K`].
    pub kinds: Vec<u16>,
    /// By [`F`].
    pub fields: Vec<u16>,
}

/// The numbers of all kinds and fields.
pub fn numbers() -> &'static Numbers {
    static NUMBERS: OnceLock<Numbers> = OnceLock::new();
    NUMBERS.get_or_init(look_up)
}

fn look_up() -> Numbers {
    let language = Grammar::TypeScript.language();
    let mut known: HashMap<(&str, bool), u16> = HashMap::new();
    for (kind, id) in Grammar::TypeScript.kinds().iter().zip(0..) {
        if language.node_kind_is_visible(id) {
            // Of several with one name, nodes have one; asking for each would take longer than to read a file.
            let (name, named) = *kind;
            let entry = known.entry(*kind);
            entry
                .and_modify(|known| *known = language.id_for_node_kind(name, named))
                .or_insert(id);
        }
    }
    let kinds = KINDS.iter().map(|kind| known.get(kind).copied());
    let fields = FIELDS.iter().map(|name| Grammar::TypeScript.field_number(name));
    Numbers {
        kinds: kinds.map(Option::unwrap_or_default).collect(),
        fields: fields.map(Option::unwrap_or_default).collect(),
    }
}

/// What the grammar does not have.
#[cfg(test)]
pub fn missing() -> Vec<&'static str> {
    let numbers = numbers();
    let kinds = KINDS
        .iter()
        .zip(&numbers.kinds)
        .map(|((name, _), id)| (*name, *id));
    let fields = FIELDS.iter().zip(&numbers.fields).map(|(name, id)| (*name, *id));
    kinds
        .chain(fields)
        .filter(|(_, id)| *id == 0)
        .map(|(name, _)| name)
        .collect()
}

impl K {
    /// Whether a token is a word, and so the name of a property.
    #[inline(always)]
    pub fn is_word(self) -> bool {
        self < Self::LeftBrace || self == Self::Identifier
    }

    /// Whether a token is the name of a variable.
    #[inline(always)]
    pub fn is_name(self) -> bool {
        self < Self::Assert || self == Self::Identifier
    }
}
