//! The modules of a Python program, as names are followed through them: from a file to what its imports lead to, in the
//! host and in an environment inside of it.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::Source;
use crate::class::{Class, Declared};
use crate::contract::{Contract, Import, ImportKind, Method};
use crate::sources::{
    Against, Definition, Export, ExportKind, Files, First, ImportTarget, Mismatch, Sources, Used, contract_of,
};
use crate::tree::{Node, Tree};
use tenon_text::diag::{Error, Result, Span};
use tenon_text::names::literal;

use super::class;
use super::grammar::GRAMMAR;
use super::imports::{around, is_for_types, read_imports_of};
use super::statement::Statement;

/// How many steps a name is followed.
const MAX_STEPS: usize = 24;
/// Where packages stand below the root of a host.
const ROOTS: [&str; 2] = ["", "src/"];

/// The modules below the directory that holds a package.
pub struct Modules<'s> {
    source: &'s dyn Source,
    /// The directory of the package's entry, and the name by which it is imported; both empty for those of the host.
    entry: String,
    specifier: String,
    files: Files<File>,
}

/// A file, each part of it read when it is asked for.
struct File {
    tree: Rc<Tree>,
    imports: OnceCell<Vec<Import>>,
    top: OnceCell<Top>,
}

impl File {
    fn imports(&self) -> &[Import] {
        self.imports.get_or_init(|| read_imports_of(&self.tree))
    }

    fn top(&self) -> &Top {
        self.top.get_or_init(|| Top::read(&self.tree))
    }
}

/// What a file declares at its top, by name; of several that are called alike the first.
#[derive(Default)]
struct Top {
    classes: HashMap<String, Rc<Class>>,
    others: HashMap<String, (ExportKind, Span)>,
    /// The names of the classes, in the order of the text.
    names: Vec<String>,
}

impl Top {
    fn read(tree: &Tree) -> Self {
        let mut out = Self::default();
        for class in class::all(tree) {
            out.names.push(class.name.clone());
            out.classes
                .entry(class.name.clone())
                .or_insert_with(|| Rc::new(class));
        }
        for node in tree.root().children() {
            let inner = match &*node.kind() {
                "decorated_definition" => node.field("definition"),
                "expression_statement" => node.child(0),
                _ => Some(node.clone()),
            };
            let Some(inner) = inner else { continue };
            let (field, kind) = match &*inner.kind() {
                "function_definition" => ("name", ExportKind::Function),
                "assignment" => ("left", ExportKind::Const),
                _ => continue,
            };
            if let Some(known) = inner.field(field) {
                let name = known.text().into_owned();
                out.others
                    .entry(name)
                    .or_insert_with(|| (kind, node.range().into()));
            }
        }
        out
    }
}

impl<'s> Modules<'s> {
    /// The modules of `source`; those of the package `specifier`, if `entry` is its `__init__.py`.
    pub fn new(source: &'s dyn Source, entry: &str, specifier: &str) -> Self {
        let dir = entry.rsplit_once('/').map_or("", |(dir, _)| dir);
        Self {
            source,
            entry: dir.to_owned(),
            specifier: specifier.to_owned(),
            files: Files::default(),
        }
    }

    fn file_at(&self, path: &str) -> Option<Rc<File>> {
        self.files.get(self.source, path, |text| File {
            tree: Rc::new(GRAMMAR.parse(text)),
            imports: OnceCell::new(),
            top: OnceCell::new(),
        })
    }

    /// The absolute name of `module` as the file at `path` writes it.
    fn absolute(&self, path: &str, module: &str) -> String {
        let dots = module.len() - module.trim_start_matches('.').len();
        if dots == 0 {
            return module.to_owned();
        }
        let mut dir: Vec<&str> = path.split('/').collect();
        for _ in 0..dots {
            dir.pop();
        }
        let mut dir = dir.join("/");
        if !self.entry.is_empty()
            && let Some(rest) = dir.strip_prefix(self.entry.as_str())
        {
            dir = format!("{}{rest}", self.specifier);
        }
        let dir = dir.strip_prefix("src/").unwrap_or(&dir);
        let below = &module[dots..];
        let joint = if dir.is_empty() || below.is_empty() {
            ""
        } else {
            "."
        };
        format!("{}{joint}{below}", dir.replace('/', "."))
    }

    /// The file of a module.
    fn file(&self, module: &str) -> Option<String> {
        let path = module.replace('.', "/");
        let mut bases: Vec<String> = ROOTS.iter().map(|root| format!("{root}{path}")).collect();
        if !self.entry.is_empty()
            && let Some(rest) = path.strip_prefix(&self.specifier.replace('.', "/"))
        {
            bases.insert(0, format!("{}{rest}", self.entry));
        }
        bases
            .iter()
            .flat_map(|base| [format!("{base}.py"), format!("{base}/__init__.py")])
            .find(|path| self.source.exists(path))
    }

    /// Whether `module` belongs to a package that stands in the host.
    fn is_here(&self, module: &str) -> bool {
        let top = module.split('.').next().unwrap_or_default();
        ROOTS.iter().any(|root| {
            let base = format!("{root}{top}");
            self.source.exists(&format!("{base}/__init__.py")) || self.source.exists(&format!("{base}.py"))
        })
    }

    fn follow(&self, path: &str, name: &str, steps: usize) -> Definition {
        if steps == 0 {
            return Definition::Unknown;
        }
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        if rest.is_empty()
            && let Some((kind, span)) = self.declared(path, first)
        {
            return Definition::Declared {
                file: path.to_owned(),
                local: first.to_owned(),
                kind,
                span,
            };
        }
        let file = self.file_at(path);
        let imports = file.as_ref().map_or(&[][..], |file| file.imports());
        // What is imported for types only is imported for something else nowhere.
        let mut known = imports.iter().filter(|import| import.local() == first);
        let Some(import) = known
            .clone()
            .find(|import| !import.type_only)
            .or_else(|| known.next())
        else {
            return self.through_star(path, name, steps);
        };
        let module = self.absolute(path, &import.module);
        match import.kind {
            ImportKind::Namespace if import.name == module.split('.').next().unwrap_or_default() => {
                // `import a.b` binds `a`: what stands behind it is a path from there.
                self.in_module(name, steps)
            }
            ImportKind::Namespace => self.in_module(&joined(&module, rest), steps),
            _ => self.in_module(&joined(&joined(&module, &import.name), rest), steps),
        }
    }

    /// What the absolute path `name` stands for: the longest part of it that is a module, and what that has.
    fn in_module(&self, name: &str, steps: usize) -> Definition {
        let parts: Vec<&str> = name.split('.').collect();
        for cut in (1..=parts.len()).rev() {
            let module = parts[..cut].join(".");
            let Some(file) = self.file(&module) else { continue };
            return if cut == parts.len() {
                Definition::Module(file)
            } else {
                self.follow(&file, &parts[cut..].join("."), steps - 1)
            };
        }
        if self.is_here(name) {
            return Definition::Unknown;
        }
        Definition::Outside {
            module: parts[0].to_owned(),
            path: parts[1..].iter().map(|part| (*part).to_owned()).collect(),
        }
    }

    fn through_star(&self, path: &str, name: &str, steps: usize) -> Definition {
        let of = self.file_at(path);
        let imports = of.as_ref().map_or(&[][..], |file| file.imports());
        for import in imports.iter().filter(|import| import.name == "*") {
            let module = self.absolute(path, &import.module);
            if let Some(file) = self.file(&module) {
                let found = self.follow(&file, name, steps - 1);
                if found != Definition::Unknown {
                    return found;
                }
            }
        }
        Definition::Unknown
    }

    /// What the file at `path` declares as `name` at its top.
    fn declared(&self, path: &str, name: &str) -> Option<(ExportKind, Span)> {
        let file = self.file_at(path)?;
        let top = file.top();
        let class = top.classes.get(name).map(|class| (ExportKind::Class, class.span));
        class.or_else(|| top.others.get(name).copied())
    }

    /// The name by which the file at `path` is imported.
    fn module_of(&self, path: &str) -> String {
        let path = match path.strip_prefix(self.entry.as_str()) {
            Some(rest) if !self.entry.is_empty() => format!("{}{rest}", self.specifier.replace('.', "/")),
            _ => path.strip_prefix("src/").unwrap_or(path).to_owned(),
        };
        let path = path.trim_end_matches(".py");
        path.trim_end_matches("/__init__").replace('/', ".")
    }
}

/// Whether a statement stands where its failure is expected.
fn is_tried(node: &Node<'_>) -> bool {
    around(node).any(|above| above.kind() == "try_statement")
}

fn joined(module: &str, name: &str) -> String {
    match (module, name) {
        (_, "") => module.to_owned(),
        ("", _) => name.to_owned(),
        _ => format!("{module}.{name}"),
    }
}

impl Sources for Modules<'_> {
    fn tree(&self, path: &str) -> Option<Rc<Tree>> {
        Some(Rc::clone(&self.file_at(path)?.tree))
    }

    fn export(&self, path: &[&str]) -> Result<Export> {
        let name = joined(&self.specifier, &path.join("."));
        let own = path.last().copied().unwrap_or_default();
        let found = self.in_module(&name, MAX_STEPS).export(own);
        found.ok_or_else(|| Error::new(format!("there is no `{name}`")))
    }

    fn contract(&self, path: &[&str]) -> Result<Contract> {
        contract_of(self, self.export(path)?, First::Extended)
    }

    fn export_of(&self, path: &str, name: &str) -> Option<Export> {
        self.follow(path, name, MAX_STEPS).export(name)
    }

    fn own_exports(&self, path: &str) -> Vec<String> {
        self.file_at(path).map_or(vec![], |file| file.top().names.clone())
    }

    fn definition(&self, path: &str, name: &str) -> Definition {
        self.follow(path, name, MAX_STEPS)
    }

    fn full_name(&self, of: &Definition) -> Option<String> {
        match of {
            Definition::Declared { file, local, .. } => Some(joined(&self.module_of(file), local)),
            Definition::Outside { module, path } => Some(joined(module, &path.join("."))),
            Definition::Module(_) | Definition::Unknown => None,
        }
    }

    fn import_target(&self, path: &str, specifier: &str) -> ImportTarget {
        let module = self.absolute(path, specifier);
        match self.file(&module) {
            Some(file) => ImportTarget::File(file),
            None if self.is_here(&module) => ImportTarget::Missing,
            None => ImportTarget::Package,
        }
    }

    fn class(&self, path: &str, local: &str) -> Option<Rc<Class>> {
        self.file_at(path)?.top().classes.get(local).cloned()
    }

    fn constant(&self, _: &str, expression: &str) -> Option<String> {
        literal(expression).map(str::to_owned)
    }

    fn used(&self, path: &str) -> Vec<Used> {
        let Some(tree) = self.tree(path) else {
            return vec![];
        };
        let root = tree.root();
        root.dfs()
            .filter_map(|node| Some((Statement::of(&node)?, node)))
            .filter(|(_, node)| !is_for_types(node) && !is_tried(node))
            .map(|(statement, _)| statement)
            .map(|statement| Used {
                span: Span::new(statement.span.0, statement.span.1),
                names: if statement.from {
                    statement.names.into_iter().map(|name| name.name).collect()
                } else {
                    vec![]
                },
                specifier: statement.module,
            })
            .collect()
    }

    fn signature_mismatch(
        &self,
        _: &str,
        own: &Declared,
        method: &Method,
        _: &Against<'_>,
    ) -> Option<Mismatch> {
        signature_mismatch(own, method).map(Mismatch::from)
    }
}

/// What keeps a caller that knows `method` from calling `own`.
fn signature_mismatch(own: &Declared, method: &Method) -> Option<(Span, String)> {
    if method.accessor.is_some() || own.accessor.is_some() {
        return None;
    }
    let takes_all = |mark: &str| {
        own.params
            .iter()
            .any(|param| param.rest && param.name.starts_with(mark))
    };
    let (args, kwargs) = (
        own.params
            .iter()
            .any(|param| param.rest && !param.name.starts_with("**")),
        takes_all("**"),
    );
    let named = |name: &str| method.params.iter().any(|param| param.name == name);
    let is_mark = |name: &str| matches!(name, "*" | "/");
    for param in own
        .params
        .iter()
        .filter(|param| !param.rest && !is_mark(&param.name))
    {
        let others = method.params.iter().any(|param| param.rest);
        if param.default.is_none() && !named(&param.name) && !others {
            return Some((
                param.span,
                format!("`{}` needs `{}`, which callers do not pass", own.name, param.name),
            ));
        }
    }
    for param in method
        .params
        .iter()
        .filter(|param| !param.rest && !is_mark(&param.name))
    {
        let known = own.params.iter().any(|own| own.name == param.name);
        if param.default.is_none() && !known && !args && !kwargs {
            return Some((
                own.span,
                format!(
                    "`{}` does not take `{}`, which callers pass",
                    own.name, param.name
                ),
            ));
        }
    }
    if own.is_async != method.is_async {
        let how = if method.is_async { "is not" } else { "is" };
        return Some((own.span, format!("`{}` {how} `async`", own.name)));
    }
    None
}

#[cfg(test)]
#[path = "modules_tests.rs"]
mod tests;
