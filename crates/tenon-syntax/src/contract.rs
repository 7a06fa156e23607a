//! What a host asks of an integration: an interface, abstract class, protocol or trait, read into data.
//!
//! Shared by all languages. Types are text in the language they were read from, rewritten so that they resolve
//! from the integration's file; the imports they need for that stand beside them. Knows nothing of syntax.

use serde::{Deserialize, Serialize};

use tenon_text::diag::Span;

/// The kind of declaration a contract was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContractKind {
    /// A class that can be instantiated.
    Class,
    /// A class with abstract members.
    AbstractClass,
    /// An interface, protocol or trait.
    #[default]
    Interface,
}

/// A declaration that integrations implement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contract {
    /// The declared name, which may differ from the public one.
    pub name: String,
    /// What it was read from.
    pub kind: ContractKind,
    /// The documentation, dedented lines without comment marks.
    pub doc: Vec<String>,
    /// Type parameters as written, with the brackets.
    pub generics: Option<String>,
    /// Own and inherited methods, own first, in source order.
    pub methods: Vec<Method>,
    /// Own and inherited fields.
    pub properties: Vec<Property>,
    /// Parameters of the own or inherited constructor.
    pub constructor: Option<Vec<Param>>,
    /// What the constructor's types need.
    pub constructor_imports: Vec<Import>,
    /// The full names of what it is built on, directly or not, as far as they are known.
    pub bases: Vec<String>,
    /// Base types that stand in other packages, so that their members are not known.
    pub unread_bases: Vec<String>,
    /// The file that declares it.
    pub file: String,
    /// The declaration in that file.
    pub span: Span,
}

impl Contract {
    /// The methods an implementation must have.
    pub fn required(&self) -> impl Iterator<Item = &Method> {
        self.methods.iter().filter(|method| method.required)
    }

    /// The method called `name`.
    pub fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.name == name)
    }
}

/// Who may call a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Visibility {
    /// Everyone.
    #[default]
    Public,
    /// The class and its subclasses.
    Protected,
    /// The class alone.
    Private,
}

/// Whether a method is read or assigned like a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Accessor {
    /// Read like a field.
    Get,
    /// Assigned like a field.
    Set,
}

/// One parameter list with its result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// Type parameters, with the brackets.
    pub generics: Option<String>,
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The result type.
    pub returns: Option<String>,
}

/// A method of a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Method {
    /// The name as written; a computed or quoted one with its brackets or quotes.
    pub name: String,
    /// The documentation, dedented lines without comment marks.
    pub doc: Vec<String>,
    /// Type parameters, with the brackets.
    pub generics: Option<String>,
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The result type.
    pub returns: Option<String>,
    /// What stands behind the result or the parameters: `where T: Clone`, `throws IOException`.
    pub bounds: Option<String>,
    /// What a statement above it says of its types, in a language that has that apart.
    pub signature: Option<String>,
    /// Whether the declaration says `async`, or the result is the language's own promise type.
    pub is_async: bool,
    /// Whether an implementation must have it: abstract, or an interface member that is not optional.
    pub required: bool,
    /// Whether it belongs to the class rather than to instances.
    pub is_static: bool,
    /// Who may call it.
    pub visibility: Visibility,
    /// Set for getters and setters.
    pub accessor: Option<Accessor>,
    /// All signatures of an overloaded method; empty when there is one only.
    pub overloads: Vec<Signature>,
    /// The host's own types that occur in the result, below the contract's namespace.
    pub models: Vec<Model>,
    /// What the types need.
    pub imports: Vec<Import>,
    /// The file it was read from; differs from the contract's for an inherited member.
    pub file: String,
    /// The declaration in that file.
    pub span: Span,
}

impl Method {
    /// The types that its head speaks of, as written.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        let params = self.params.iter().filter_map(|param| param.ty.as_ref());
        let all = params
            .chain(&self.returns)
            .chain(&self.bounds)
            .chain(&self.generics);
        all.map(String::as_str)
    }
}

/// A field of a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Property {
    /// The name as written.
    pub name: String,
    /// The documentation, dedented lines without comment marks.
    pub doc: Vec<String>,
    /// The type.
    pub ty: Option<String>,
    /// Whether it may be absent.
    pub optional: bool,
    /// Whether it cannot be assigned.
    pub readonly: bool,
    /// Whether an implementation must have it.
    pub required: bool,
    /// Whether it belongs to the class rather than to instances.
    pub is_static: bool,
    /// Who may use it.
    pub visibility: Visibility,
    /// What the type needs.
    pub imports: Vec<Import>,
    /// The declaration in its file.
    pub span: Span,
}

impl Property {
    /// Whether an implementation has to say what it is: an associated type or constant without a default.
    pub fn is_asked(&self) -> bool {
        self.required && self.is_static
    }
}

/// A parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Param {
    /// The name, without marks.
    pub name: String,
    /// The type.
    pub ty: Option<String>,
    /// Whether it is marked optional.
    pub optional: bool,
    /// Whether it takes all further arguments.
    pub rest: bool,
    /// The default value as written.
    pub default: Option<String>,
}

/// A type of the host that a method returns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Model {
    /// Its last name: `Ticket`.
    pub name: String,
    /// The type as it is written outside: `Tickets.Model.Ticket`.
    pub ty: String,
    /// Type parameters that a function needs to name the type: `<T>`.
    pub generics: Option<String>,
}

/// How an import binds its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ImportKind {
    /// One exported name.
    #[default]
    Named,
    /// The module's default export.
    Default,
    /// The whole module under one name.
    Namespace,
}

/// One name that a file has to import.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Import {
    /// The module specifier.
    pub module: String,
    /// The exported name; for a default or namespace import the local one.
    pub name: String,
    /// The local name where it differs.
    pub alias: Option<String>,
    /// How the name is bound.
    pub kind: ImportKind,
    /// Whether only types may be used through it.
    pub type_only: bool,
}

impl Import {
    /// A plain named import.
    pub fn named(module: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            module: module.into(),
            name: name.into(),
            ..Self::default()
        }
    }

    /// The name it has in the importing file.
    pub fn local(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}
