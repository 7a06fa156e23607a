//! What sources declare, as written, with positions: a class, a type with its method set, an implementation of a trait.
//!
//! Shared by all languages; one that has no such thing leaves a field empty. No type is resolved.

use tenon_text::diag::Span;

use super::contract::{Accessor, Method, Param, Visibility};

/// A class as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// The name; empty for an anonymous class.
    pub name: String,
    /// The name in the source.
    pub name_span: Span,
    /// Type parameters, with the brackets.
    pub generics: Option<String>,
    /// What it is built on first, without type arguments: `Tickets.Service`, `Base`.
    pub extends: Option<Base>,
    /// What else it is built on: the types behind `implements`, further bases, embedded types, the trait of an `impl`.
    pub implements: Vec<Base>,
    /// Decorators as written, with the `@`.
    pub decorators: Vec<String>,
    /// Whether the declaration is exported where it stands.
    pub exported: bool,
    /// Whether it is the default export.
    pub default: bool,
    /// Whether it is abstract.
    pub is_abstract: bool,
    /// Whether more may belong to the class itself, not to its instances, than it says.
    pub is_extended: bool,
    /// Methods, accessors and the constructor, in source order; overloads each for itself.
    pub methods: Vec<Declared>,
    /// Fields, and constructor parameters that are fields.
    pub fields: Vec<Field>,
    /// The constructor's parameters; `None` without a constructor.
    pub constructor: Option<Vec<Parameter>>,
    /// The body with its braces, if it has any.
    pub body: Span,
    /// Where the part begins that not everyone may call, in a language that parts classes so.
    pub section: Option<usize>,
    /// The class with decorators and `export`.
    pub span: Span,
}

#[cfg(test)]
impl Class {
    /// The first method called `name` that is not static.
    pub fn method(&self, name: &str) -> Option<&Declared> {
        self.methods
            .iter()
            .find(|method| method.name == name && !method.is_static)
    }
}

/// A type that a class is built on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The name, or the expression, without type arguments.
    pub name: String,
    /// Type arguments as written, with the brackets.
    pub args: Option<String>,
    /// The whole in the source.
    pub span: Span,
}

/// A method as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The name as written.
    pub name: String,
    /// Documentation, as lines; empty where a language reads it elsewhere.
    pub doc: Vec<String>,
    /// Type parameters, with the brackets.
    pub generics: Option<String>,
    /// The parameters.
    pub params: Vec<Parameter>,
    /// The result type as written.
    pub returns: Option<String>,
    /// What a statement above it says of its types, in a language that has that apart.
    pub signature: Option<String>,
    /// `async`
    pub is_async: bool,
    /// `static`
    pub is_static: bool,
    /// `abstract`
    pub is_abstract: bool,
    /// `?` behind the name.
    pub optional: bool,
    /// Whether it has a body.
    pub has_body: bool,
    /// `public`, `protected`, `private` or `#`.
    pub visibility: Visibility,
    /// `get` or `set`
    pub accessor: Option<Accessor>,
    /// Decorators as written.
    pub decorators: Vec<String>,
    /// The method with its decorators.
    pub span: Span,
}

impl Declared {
    /// What the method asks of an implementation, as the file at `path` has it; it has to be there if it is abstract.
    pub fn asked(&self, path: &str) -> Method {
        let params = self.params.iter().map(|param| Param {
            name: param.name.clone(),
            ty: param.ty.clone(),
            optional: param.optional,
            rest: param.rest,
            default: param.default.clone(),
        });
        Method {
            name: self.name.clone(),
            doc: self.doc.clone(),
            generics: self.generics.clone(),
            params: params.collect(),
            returns: self.returns.clone(),
            signature: self.signature.clone(),
            is_async: self.is_async,
            required: self.is_abstract,
            is_static: self.is_static,
            visibility: self.visibility,
            accessor: self.accessor,
            file: path.to_owned(),
            span: self.span,
            ..Method::default()
        }
    }
}

/// A parameter as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameter {
    /// The name or pattern.
    pub name: String,
    /// The type as written.
    pub ty: Option<String>,
    /// `?`
    pub optional: bool,
    /// `...`
    pub rest: bool,
    /// The default value as written.
    pub default: Option<String>,
    /// For a parameter property: who may use the field, and whether it is `readonly`.
    pub field: Option<(Visibility, bool)>,
    /// Decorators as written.
    pub decorators: Vec<String>,
    /// The parameter in the source.
    pub span: Span,
}

/// A field as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// The name.
    pub name: String,
    /// Documentation, as lines; empty where a language reads it elsewhere.
    pub doc: Vec<String>,
    /// The type as written.
    pub ty: Option<String>,
    /// `?` behind the name.
    pub optional: bool,
    /// `readonly`
    pub readonly: bool,
    /// `static`
    pub is_static: bool,
    /// `abstract`
    pub is_abstract: bool,
    /// Who may use it.
    pub visibility: Visibility,
    /// Decorators as written.
    pub decorators: Vec<String>,
    /// The field in the source.
    pub span: Span,
}
