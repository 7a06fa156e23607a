//! One Go file as data: its package, its imports, and what it declares, with positions.
//!
//! No other file is read and no name is resolved. Broken code gives what can be read of it.

use tenon_text::diag::Span;

use super::ty::Ty;

/// A file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The name in the package clause; empty if there is none.
    pub package: String,
    /// Where that name stands.
    pub package_span: Option<Span>,
    /// The imports, in source order.
    pub imports: Vec<Spec>,
    /// The types.
    pub types: Vec<TypeDecl>,
    /// Functions and methods.
    pub functions: Vec<Function>,
    /// Constants and variables of the package.
    pub values: Vec<Value>,
    /// Where the first syntax error stands.
    pub error: Option<Span>,
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The name before the path: a name, `.` or `_`.
    pub alias: Option<String>,
    /// The path, without quotes.
    pub path: String,
    /// Alias and path.
    pub span: Span,
    /// The path with its quotes.
    pub path_span: Span,
}

/// A declared type.
#[derive(Clone, Debug)]
pub struct TypeDecl {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The declaration.
    pub span: Span,
    /// The documentation, without comment marks.
    pub doc: Vec<String>,
    /// The names of type parameters.
    pub params: Vec<String>,
    /// Type parameters as written, with brackets.
    pub generics: Option<String>,
    /// What it is.
    pub shape: Shape,
}

/// What a type is.
#[derive(Clone, Debug)]
pub enum Shape {
    /// An interface: its methods, and what it embeds.
    Interface(Vec<Function>, Vec<Ty>),
    /// A struct: its fields; a field without a name is embedded.
    Struct(Vec<(Vec<String>, Ty, Span)>, Span),
    /// Another name for a type.
    Alias(Ty),
    /// A type of its own, made of another.
    Other,
}

/// A function, a method, or a method of an interface.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The documentation, without comment marks.
    pub doc: Vec<String>,
    /// The receiver's name and type; nothing for a function.
    pub receiver: Option<(String, Ty)>,
    /// Type parameters, with brackets.
    pub generics: Option<String>,
    /// The parameters, each name for itself.
    pub params: Vec<Parameter>,
    /// The results, each for itself.
    pub results: Vec<Parameter>,
    /// Where the results stand, with their parentheses.
    pub result_span: Option<Span>,
    /// The declaration without its documentation.
    pub span: Span,
}

/// A parameter or a result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameter {
    /// The name; empty if there is none.
    pub name: String,
    /// The type, without `...`.
    pub ty: Ty,
    /// Whether it takes all further arguments.
    pub variadic: bool,
    /// Where it stands.
    pub span: Span,
}

/// A constant or variable of the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The name.
    pub name: String,
    /// Where the declaration stands.
    pub span: Span,
    /// Whether it is a constant.
    pub is_const: bool,
    /// The value as written.
    pub value: Option<String>,
}

/// Whether a file is no part of what its package does: a test, or one that a program wrote.
pub fn is_aside(path: &str, text: &str) -> bool {
    path.ends_with("_test.go") || is_generated(text)
}

/// Whether a program wrote the file, as its head says.
pub fn is_generated(text: &str) -> bool {
    text.lines()
        .take_while(|line| !line.starts_with("package "))
        .any(|line| {
            let line = line.trim_end();
            line.starts_with("// Code generated ") && line.ends_with("DO NOT EDIT.")
        })
}
