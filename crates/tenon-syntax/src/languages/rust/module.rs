//! One source file of a crate: its modules, with what each declares, imports and implements. No other file is read.

use std::rc::Rc;

use crate::sources::ExportKind;
use crate::tree::{Node, Tree};
use tenon_text::diag::Span;

use super::use_read::is_inner_doc;
use super::use_tree::{Leaf, UseTree};

/// A module: a file, or a block in one.
#[derive(Clone, Debug, Default)]
pub(super) struct Module {
    /// What it declares, submodules among it.
    pub items: Vec<Item>,
    /// What it imports.
    pub uses: Vec<Use>,
    /// Its submodules.
    pub mods: Vec<Mod>,
    /// The implementations in it.
    pub impls: Vec<Impl>,
    /// Whether it is there for tests only.
    pub test: bool,
}

/// A declaration.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ExportKind,
    /// Whether others may use it.
    pub public: bool,
    /// Its documentation.
    pub doc: Vec<String>,
    /// The declaration, without documentation and attributes.
    pub span: Span,
}

/// A name that a module imports.
#[derive(Clone, Debug)]
pub(super) struct Use {
    /// The name.
    pub leaf: Leaf,
    /// Whether it is passed on.
    pub public: bool,
    /// The declaration.
    pub span: Span,
}

/// A submodule.
#[derive(Clone, Debug)]
pub(super) struct Mod {
    /// Its name.
    pub name: String,
    /// The file that an attribute names.
    pub path: Option<String>,
    /// Whether it is there for tests only.
    pub test: bool,
    /// Its content, if that stands here.
    pub inline: Option<Rc<Module>>,
}

/// An implementation of a trait.
#[derive(Clone, Debug)]
pub(super) struct Impl {
    /// The path of the trait, without arguments.
    pub of: String,
    /// The type, without arguments.
    pub ty: String,
    /// The whole block.
    pub span: Span,
}

impl Impl {
    /// What names it: `impl Trait for Type`.
    pub fn local(&self) -> String {
        format!("impl {} for {}", self.of, self.ty)
    }
}

/// Deepest nesting of modules in one file.
const MAX_DEPTH: usize = 16;

/// Reads the file whose tree is given.
pub(super) fn read(tree: &Tree) -> Module {
    module(&tree.root(), 0)
}

fn module(node: &Node<'_>, depth: usize) -> Module {
    let mut out = Module::default();
    let mut head = Head::default();
    for child in node.children() {
        match &*child.kind() {
            "line_comment" | "block_comment" => head.comment(&child.text()),
            "attribute_item" => head.attributes.push(child.text().into_owned()),
            "{" | "}" | ";" => {}
            _ => {
                let own = std::mem::take(&mut head);
                add(&mut out, &child, own, depth);
            }
        }
    }
    out
}

/// What stands above a declaration.
#[derive(Default)]
pub(super) struct Head {
    /// The documentation.
    pub doc: Vec<String>,
    /// The attributes as written.
    pub attributes: Vec<String>,
}

impl Head {
    /// Takes a comment above the declaration in.
    pub fn comment(&mut self, text: &str) {
        if let Some(line) = text.strip_prefix("///").filter(|line| !line.starts_with('/')) {
            let line = line.trim_end_matches(['\n', '\r']);
            self.doc.push(line.strip_prefix(' ').unwrap_or(line).to_owned());
        } else if let Some(block) = text.strip_prefix("/**").and_then(|text| text.strip_suffix("*/")) {
            let lines = block.lines().map(|line| {
                let line = line.trim();
                line.strip_prefix('*').map_or(line, str::trim).to_owned()
            });
            self.doc.extend(lines.filter(|line| !line.is_empty()));
        } else if !is_inner_doc(text) {
            self.doc.clear();
        }
    }

    fn test(&self) -> bool {
        let is_test =
            |text: &String| text.contains("cfg(") && text.contains("test") && !text.contains("not(test");
        self.attributes.iter().any(is_test)
    }

    fn path(&self) -> Option<String> {
        let text = self.attributes.iter().find_map(|text| {
            let rest = text.trim_start_matches("#[").trim_start().strip_prefix("path")?;
            rest.trim_start().strip_prefix('=')
        })?;
        let text = text.split('"').nth(1)?;
        Some(text.to_owned())
    }
}

fn add(out: &mut Module, node: &Node<'_>, head: Head, depth: usize) {
    let public = node.children().any(|child| child.kind() == "visibility_modifier");
    let span = Span::from(node.range());
    let kind = match &*node.kind() {
        "use_declaration" => {
            let text = node
                .field("argument")
                .map(|node| node.text().into_owned())
                .unwrap_or_default();
            let leaves = UseTree::parse(&text)
                .map(|tree| tree.leaves())
                .unwrap_or_default();
            out.uses
                .extend(leaves.into_iter().map(|leaf| Use { leaf, public, span }));
            return;
        }
        "extern_crate_declaration" => return,
        "impl_item" => {
            let path = |field: &str| node.field(field).map(|node| bare(&node.text()));
            if let (Some(of), Some(ty)) = (path("trait"), path("type")) {
                out.impls.push(Impl { of, ty, span });
            }
            return;
        }
        "mod_item" => ExportKind::Namespace,
        "trait_item" => ExportKind::Interface,
        "struct_item" | "union_item" => ExportKind::Class,
        "enum_item" => ExportKind::Enum,
        "type_item" => ExportKind::TypeAlias,
        "const_item" | "static_item" => ExportKind::Const,
        "function_item" => ExportKind::Function,
        _ => return,
    };
    let Some(name) = node.field("name").map(|name| name.text().into_owned()) else {
        return;
    };
    if kind == ExportKind::Namespace {
        let body = node.field("body");
        let inline = body
            .filter(|_| depth < MAX_DEPTH)
            .map(|body| Rc::new(module(&body, depth + 1)));
        out.mods.push(Mod {
            name: name.clone(),
            path: head.path(),
            test: head.test(),
            inline,
        });
    }
    out.items.push(Item {
        name,
        kind,
        public,
        doc: head.doc,
        span,
    });
}

/// A path without arguments and blanks: `a::B` of `a :: B<'c, D>`.
pub(super) fn bare(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    let mut last = ' ';
    for c in text.chars() {
        match c {
            '<' => depth += 1,
            '>' if last != '-' => depth = depth.saturating_sub(1),
            c if depth == 0 && !c.is_whitespace() => out.push(c),
            _ => {}
        }
        last = c;
    }
    out.trim_end_matches(':').to_owned()
}
