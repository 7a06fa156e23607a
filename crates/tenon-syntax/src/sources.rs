//! The sources of one package, as names are followed through them: what it exports, where a name comes from, which class
//! that is, and the contracts that can be read from it. One implementation for each language.
//!
//! Positions are those of the files; nothing is rewritten.

use std::any::{Any, type_name};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;
use tenon_text::diag::{Error, Result, Span};

use super::Source;
use super::class::{Class, Declared};
use super::contract::{Contract, ContractKind, Method, Property};
use super::recent::Recent;
use super::tree::{Tree, first_error};

/// How many files are remembered, for the next member that builds on them.
const REMEMBERED: usize = 256;
/// How long they may be together, in bytes.
const REMEMBERED_SIZE: usize = 2 << 20;

thread_local! {
    /// What was read of the last texts, by the type of what was read.
    static RECENT: RefCell<Recent<Rc<dyn Any>>> = const { RefCell::new(Recent::new(REMEMBERED, REMEMBERED_SIZE)) };
}

/// What is read of the files of a host, of each once. A type says what is read: of one text it is always the same.
pub struct Files<T>(RefCell<HashMap<String, Option<Rc<T>>>>);

impl<T> Default for Files<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: 'static> Files<T> {
    /// What `read` makes of the text at `path`, or made of it for another member; nothing if there is none.
    pub fn get(&self, source: &dyn Source, path: &str, read: impl FnOnce(&str) -> T) -> Option<Rc<T>> {
        if let Some(known) = self.0.borrow().get(path) {
            return known.clone();
        }
        let file = source.text(path).map(|text| {
            let known = RECENT.with_borrow_mut(|recent| recent.get(type_name::<T>(), &text));
            known.and_then(|known| known.downcast().ok()).unwrap_or_else(|| {
                let file = Rc::new(read(&text));
                RECENT.with_borrow_mut(|recent| recent.put(type_name::<T>(), &text, file.clone()));
                file
            })
        });
        self.0.borrow_mut().insert(path.to_owned(), file.clone());
        file
    }
}

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// A module under a name, or a namespace block.
    Namespace,
    /// A class.
    Class,
    /// An abstract class.
    AbstractClass,
    /// An interface.
    Interface,
    /// A type alias.
    TypeAlias,
    /// A variable.
    Const,
    /// A function.
    Function,
    /// An enum.
    Enum,
    /// Re-exported from a file that was not read yet, or from another package.
    Unknown,
}

/// One exported name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The public name.
    pub name: String,
    /// What it stands for.
    pub kind: ExportKind,
    /// The file that declares it; for a namespace the file it consists of; for a name of another package or one
    /// not followed yet, the file that exports it.
    pub file: String,
    /// The declared name.
    pub local: String,
    /// The declaration in `file`, or the export statement where `file` is the exporting one; for a namespace the beginning of its file.
    pub span: Span,
    /// Documentation of the export, else of the declaration.
    pub doc: Vec<String>,
}

/// What a name in a file stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Definition {
    /// A declaration in the package.
    Declared {
        /// The file.
        file: String,
        /// The declared name.
        local: String,
        /// What is declared.
        kind: ExportKind,
        /// The declaration.
        span: Span,
    },
    /// A file of the package as a whole.
    Module(String),
    /// Something of another package.
    Outside {
        /// What is written behind `from`.
        module: String,
        /// The path below it: `Tickets`, `Service`.
        path: Vec<String>,
    },
    /// It cannot be told: a global, or a name that leads nowhere.
    Unknown,
}

impl From<Export> for Definition {
    fn from(export: Export) -> Self {
        Self::Declared {
            file: export.file,
            local: export.local,
            kind: export.kind,
            span: export.span,
        }
    }
}

impl Definition {
    /// The same as an export called `name`; nothing for what is not declared in the package.
    pub fn export(self, name: &str) -> Option<Export> {
        match self {
            Self::Declared {
                file,
                local,
                kind,
                span,
            } => Some(Export {
                name: name.to_owned(),
                kind,
                file,
                local,
                span,
                doc: vec![],
            }),
            _ => None,
        }
    }
}

/// Where a module specifier leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportTarget {
    /// To this file.
    File(String),
    /// To another package.
    Package,
    /// To a module of the language's own runtime.
    BuiltIn,
    /// It cannot be told: a file that is made by a build, or a configuration that cannot be read.
    Unknown,
    /// To a file that is not there.
    Missing,
}

/// One name that a file binds by an import or passes on by a re-export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// What is written behind `from`.
    pub specifier: String,
    /// The literal with its quotes; where a language has none, the statement.
    pub span: Span,
    /// What is taken from there, where the language says so.
    pub names: Vec<String>,
}

/// A name for a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// What it stands for: `Models.Pagination.Paginated<Tickets.Model.Ticket>`.
    pub ty: String,
    /// For a generic type, its arguments.
    pub args: Vec<String>,
}

/// What is known when a method is held against its contract.
pub struct Against<'a> {
    /// How others import the package that declares the contract.
    pub specifier: &'a str,
    /// The names that the contract speaks of.
    pub words: &'a BTreeSet<String>,
    /// The names that results are wrapped in.
    pub containers: &'a BTreeSet<String>,
}

/// What is wrong with a method that its contract asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
    /// Whether the language's compiler may take the method all the same: it compares what types consist of, and only their names are
    /// known here.
    pub may_fit: bool,
}

impl From<(Span, String)> for Mismatch {
    fn from((span, message): (Span, String)) -> Self {
        Self {
            span,
            message,
            may_fit: false,
        }
    }
}

/// The sources of one package.
///
/// Paths are those of files, or, where a language makes a package of a directory, of any file in it. What a language
/// does not have is found nowhere.
pub trait Sources {
    /// The tree of the file at `path`, which is parsed once.
    fn tree(&self, path: &str) -> Option<Rc<Tree>>;

    /// Where the first syntax error of the file at `path` stands.
    fn error(&self, path: &str) -> Option<Span> {
        first_error(&*self.tree(path)?)
    }

    /// All exports of the entry (`path` empty) or of a namespace, in source order.
    ///
    /// # Errors
    /// When the entry cannot be read, or `path` is not a namespace.
    fn exports(&self, path: &[&str]) -> Result<Vec<Export>> {
        Err(nothing_there(path))
    }

    /// The export at `path`, followed to its declaration.
    ///
    /// # Errors
    /// When there is no such export.
    fn export(&self, path: &[&str]) -> Result<Export> {
        Err(nothing_there(path))
    }

    /// What the class, interface, protocol or trait at `path` asks of an implementation.
    ///
    /// # Errors
    /// When there is none, or one of its types cannot be named from outside.
    fn contract(&self, path: &[&str]) -> Result<Contract> {
        Err(nothing_there(path))
    }

    /// What the type alias at `path` stands for; `None` if something else is declared there.
    ///
    /// # Errors
    /// When nothing is exported at `path`, or the type cannot be named from outside.
    fn alias_of(&self, path: &[&str]) -> Result<Option<Alias>> {
        self.export(path).map(|_| None)
    }

    /// What the contract at `path` is mainly about, among the models of `namespace`; null if that cannot be told. `others` are the names of
    /// another package's namespace that stands in place of this one.
    ///
    /// # Errors
    /// When there is no such contract.
    fn entity(&self, _path: &[&str], _namespace: &[&str], _others: Option<&[Export]>) -> Result<Value> {
        Ok(Value::Null)
    }

    /// The name `name` that the file at `path` exports, followed to its declaration.
    fn export_of(&self, _path: &str, _name: &str) -> Option<Export> {
        None
    }

    /// Everything that `name` stands for in the file at `path`. One in most languages; `impl Trait` is every
    /// implementation of a trait in the module of the file and those below it, tests aside.
    fn all_of(&self, path: &str, name: &str) -> Vec<Export> {
        self.export_of(path, name).into_iter().collect()
    }

    /// The statement by which the file at `path` exports `name`.
    fn export_statement(&self, _path: &str, _name: &str) -> Option<Span> {
        None
    }

    /// The names that the file at `path` exports itself.
    fn own_exports(&self, _path: &str) -> Vec<String> {
        vec![]
    }

    /// The same, each with its [`Sources::export_statement`], if it has one. It costs as much as the file is long.
    fn own_statements(&self, _path: &str) -> Vec<(String, Span)> {
        vec![]
    }

    /// What `name`, which may be a path of names, stands for in the file at `path`.
    fn definition(&self, _path: &str, _name: &str) -> Definition {
        Definition::Unknown
    }

    /// The name by which everyone knows what is defined there, if that can be told.
    fn full_name(&self, of: &Definition) -> Option<String> {
        match of {
            Definition::Declared { local, .. } => Some(local.clone()),
            _ => None,
        }
    }

    /// Where a module specifier in the file at `path` leads.
    fn import_target(&self, _path: &str, _specifier: &str) -> ImportTarget {
        ImportTarget::Package
    }

    /// Whether a module specifier in the file at `path` names no package, by what the compiler's configuration or the runtime say.
    fn is_no_package(&self, _path: &str, _specifier: &str) -> bool {
        false
    }

    /// The class that the file at `path` declares as `local`.
    fn class(&self, _path: &str, _local: &str) -> Option<Rc<Class>> {
        None
    }

    /// Whether `class` of the file at `path` may have methods that cannot be read: it makes them when it runs, or has them from what is
    /// not there.
    fn may_have_more(&self, _path: &str, _class: &Class) -> bool {
        false
    }

    /// The modules that the file at `path` uses.
    fn used(&self, _path: &str) -> Vec<Used> {
        vec![]
    }

    /// Whether what has the methods of a contract fulfils it, without saying so anywhere.
    fn structural(&self) -> bool {
        false
    }

    /// The file that declares the method `own` of the class `class`, which the file at `path` declares.
    fn file_of<'p>(&self, path: &'p str, _class: &str, _own: &Declared) -> Cow<'p, str> {
        Cow::Borrowed(path)
    }

    /// The text that an expression in the file at `path` always stands for.
    fn constant(&self, _path: &str, _expression: &str) -> Option<String> {
        None
    }

    /// What is wrong with the method `own` of the file at `path`, whose contract is `method`, and where; nothing if it fits, or if
    /// that cannot be told.
    fn signature_mismatch(
        &self,
        _path: &str,
        _own: &Declared,
        _method: &Method,
        _against: &Against<'_>,
    ) -> Option<Mismatch> {
        None
    }
}

fn nothing_there(path: &[&str]) -> Error {
    Error::new(format!(
        "`{}` cannot be looked up: this language has no reader of packages here",
        path.join(".")
    ))
}

/// How many classes may be built on each other.
const MAX_BASES: usize = 24;

/// Which of the bases of a class count first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// The one that it extends.
    Extended,
    /// Those that it includes.
    Included,
}

/// What the class at `export` and what it is built on ask of an implementation, in a language that says little of types. What a class has
/// itself counts before what its bases have.
///
/// # Errors
/// If it is not a class.
pub fn contract_of(sources: &dyn Sources, export: Export, first: First) -> Result<Contract> {
    let class = sources.class(&export.file, &export.local);
    let class = class.ok_or_else(|| Error::new(format!("`{}` is not a class", export.name)))?;
    let mut out = Contract {
        name: export.local,
        kind: ContractKind::AbstractClass,
        file: export.file.clone(),
        span: class.name_span,
        ..Contract::default()
    };
    gather(
        sources,
        (&export.file, &class, 0),
        first,
        &mut (&mut out, HashSet::new()),
    );
    Ok(out)
}

fn gather(
    sources: &dyn Sources,
    (path, class, depth): (&str, &Class, usize),
    first: First,
    out: &mut (&mut Contract, HashSet<(String, Option<bool>)>),
) {
    // Of methods it is said whether they are static, of properties nothing.
    let (contract, known) = out;
    for method in &class.methods {
        if known.insert((method.name.clone(), Some(method.is_static))) {
            contract.methods.push(method.asked(path));
        }
    }
    for field in &class.fields {
        if known.insert((field.name.clone(), None)) {
            contract.properties.push(Property {
                name: field.name.clone(),
                ty: field.ty.clone(),
                optional: true,
                is_static: field.is_static,
                visibility: field.visibility,
                span: field.span,
                ..Property::default()
            });
        }
    }
    let extended = |is_first: bool| class.extends.iter().filter(move |_| is_first);
    let is_first = first == First::Extended;
    let bases = extended(is_first).chain(&class.implements);
    for base in bases.chain(extended(!is_first)) {
        let definition = sources.definition(path, &base.name);
        out.0.bases.extend(sources.full_name(&definition));
        match definition {
            Definition::Declared { file, local, .. } if depth < MAX_BASES => {
                if let Some(class) = sources.class(&file, &local) {
                    gather(sources, (&file, &class, depth + 1), first, out);
                }
            }
            _ => out.0.unread_bases.push(base.name.clone()),
        }
    }
}
