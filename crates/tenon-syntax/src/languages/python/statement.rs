//! One import statement of a Python file: what it brings in, and how it is laid out.

use crate::contract::{Import, ImportKind};
use crate::tree::Node;

/// An import statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The module as written, with the dots of a relative one; of `import a, b` the first.
    pub module: String,
    /// Whether it is written `from … import …`.
    pub from: bool,
    /// What it brings in; `*` for everything.
    pub names: Vec<Name>,
    /// The statement in the file.
    pub span: (usize, usize),
    /// The brackets around the names, if there are any.
    pub brackets: Option<(usize, usize)>,
}

/// One name that a statement brings in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name; of a plain import the module.
    pub name: String,
    /// The local name, where it differs.
    pub alias: Option<String>,
    /// Both in the file.
    pub span: (usize, usize),
}

impl Name {
    /// As it is written.
    pub fn text(&self) -> String {
        match &self.alias {
            None => self.name.clone(),
            Some(alias) => format!("{} as {alias}", self.name),
        }
    }
}

impl Statement {
    /// The statement that `node` is; nothing if it is another one.
    pub fn of(node: &Node<'_>) -> Option<Self> {
        let kind = node.kind();
        let from = match &*kind {
            "import_statement" => false,
            "import_from_statement" | "future_import_statement" => true,
            _ => return None,
        };
        let mut names = Vec::new();
        let mut brackets = (None, None);
        let mut module = match &*kind {
            "future_import_statement" => "__future__".to_owned(),
            _ => String::new(),
        };
        // The names stand behind the last keyword; what stands before is the module.
        let mut behind = !from;
        for child in node.children() {
            let range = child.range();
            match &*child.kind() {
                "import" => behind = true,
                "(" => brackets.0 = Some(range.start),
                ")" => brackets.1 = Some(range.start),
                "wildcard_import" => names.push(Name {
                    name: "*".into(),
                    alias: None,
                    span: (range.start, range.end),
                }),
                "dotted_name" | "relative_import" if !behind => module = squeezed(&child.text()),
                "dotted_name" => names.push(Name {
                    name: squeezed(&child.text()),
                    alias: None,
                    span: (range.start, range.end),
                }),
                "aliased_import" => names.push(Name {
                    name: squeezed(&child.field("name")?.text()),
                    alias: child.field("alias").map(|alias| alias.text().into_owned()),
                    span: (range.start, range.end),
                }),
                _ => {}
            }
        }
        if !from {
            module = names.first()?.name.clone();
        }
        let range = node.range();
        Some(Self {
            module,
            from,
            names,
            span: (range.start, range.end),
            brackets: brackets.0.zip(brackets.1),
        })
    }

    /// What it brings in, one by one.
    pub fn imports(&self, type_only: bool) -> Vec<Import> {
        self.names
            .iter()
            .map(|name| {
                let mut import = Import {
                    module: self.module.clone(),
                    name: name.name.clone(),
                    alias: name.alias.clone(),
                    kind: ImportKind::Named,
                    type_only,
                };
                if !self.from {
                    // `import a.b` binds `a`, `import a.b as c` binds `c`.
                    let first = name.name.split('.').next().unwrap_or_default();
                    import.module.clone_from(&name.name);
                    import.name = name.alias.clone().unwrap_or_else(|| first.to_owned());
                    import.alias = None;
                    import.kind = ImportKind::Namespace;
                }
                import
            })
            .collect()
    }
}

/// `text` without blanks: a name may be written over several lines.
fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\\')
        .collect()
}

/// The statement that brings in `import`, on one line.
pub fn line(import: &Import) -> String {
    let Import { module, name, .. } = import;
    match (import.kind, &import.alias) {
        (ImportKind::Named, Some(alias)) => format!("from {module} import {name} as {alias}"),
        (ImportKind::Named | ImportKind::Default, _) => format!("from {module} import {name}"),
        (ImportKind::Namespace, _) if module.split('.').next() == Some(import.local()) => {
            format!("import {module}")
        }
        (ImportKind::Namespace, _) => format!("import {module} as {}", import.local()),
    }
}
