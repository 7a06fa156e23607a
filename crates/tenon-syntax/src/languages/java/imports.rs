//! Imports of Java files. A static import is one of a module that begins with `static `; those stand in groups of their own.

use crate::contract::{Import, ImportKind};
use crate::imports::dotted::{Conventions, Dotted};
use crate::imports::first;
use crate::style::Style;
use crate::tree::{Tree, error_count};
use tenon_text::diag::{Error, Result, Span, TextEdit};

use super::file::File;
use super::grammar::GRAMMAR;
use super::print::import_statement;

/// How they are written.
static CONVENTIONS: Conventions = Conventions {
    print: import_statement,
    is_first: |import| import.module.starts_with("static "),
    part: '.',
    comment: "//",
};

/// The imports of a parsed file.
fn dotted<'s>(source: &'s str, file: &File) -> Dotted<'s> {
    Dotted::new(
        source,
        Span::new(0, source.len()),
        file.imports.clone(),
        &CONVENTIONS,
    )
}

/// Every import of `text`, in order.
pub fn read_imports(text: &str) -> Vec<Import> {
    let file = File::read(&GRAMMAR.parse(text));
    file.imports.into_iter().map(|(import, _)| import).collect()
}

/// Whether a file names `name` beside importing it, in code or in what documents it.
pub fn uses(tree: &Tree, name: &str) -> bool {
    // What is imported from everywhere has no name.
    if name == "*" {
        return true;
    }
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let root = tree.root();
    let mut nodes = root.children().filter(|node| node.kind() != "import_declaration");
    nodes.any(|node| {
        node.dfs().any(|node| match &*node.kind() {
            "identifier" | "type_identifier" => node.text() == name,
            "block_comment" => node.text().split(|c| !is_part(c)).any(|word| word == name),
            _ => false,
        })
    })
}

/// The edits that give `source` the import; none if it has it, or needs none.
///
/// # Errors
/// When the name is that of another import or of a type of the file.
pub fn ensure_import(source: &str, import: &Import) -> Result<Vec<TextEdit>> {
    let tree = GRAMMAR.parse(source);
    let file = File::read(&tree);
    let (module, name) = (&import.module, &import.name);
    let refused = |why: String| {
        let message = format!("`{name}` cannot be imported from `{module}`: {why}");
        Err(Error::new(message).help("write its full name where it is used, or rename what is in the way"))
    };
    if import.kind != ImportKind::Named || import.local() != name {
        return refused("an import gives no other name".to_owned());
    }
    let all = || file.imports.iter().map(|(known, _)| known);
    if all().any(|known| known.module == *module && known.name == *name) {
        return Ok(vec![]);
    }
    if !module.starts_with("static ") && name != "*" {
        if let Some(other) = file.imported_types().find(|known| known.name == *name) {
            return refused(format!("the file imports that of `{}`", other.module));
        }
        if *module == file.package || module == "java.lang" {
            return Ok(vec![]);
        }
        if file.ty(name).is_some() {
            return refused("the file declares one itself".to_owned());
        }
    }
    if all().any(|known| known.module == *module && known.name == "*") {
        return Ok(vec![]);
    }
    let line = import_statement(import);
    let edit = dotted(source, &file).add(import, &line, None).unwrap_or_else(|| {
        let code = tree
            .root()
            .children()
            .find(|node| !node.kind().contains("comment"));
        let code = code.map(|node| {
            let doc = node.prev().filter(|above| above.text().starts_with("/**"));
            doc.unwrap_or(node).range().start
        });
        let head = file.package_span.map(|span| span.end);
        first(source, head, code, 1, &line)
    });
    Ok(vec![edit])
}

/// The edits that take the import out; none if it is not there.
pub fn remove_import(source: &str, import: &Import) -> Vec<TextEdit> {
    dotted(source, &File::read(&GRAMMAR.parse(source))).remove(import)
}

/// A rendered file with its imports in order, without those that nothing names, and the number of its syntax errors.
pub fn organize(source: &str, style: &Style) -> (String, usize) {
    let tree = GRAMMAR.parse(source);
    let errors = error_count(&tree);
    if errors > 0 {
        return (source.to_owned(), errors);
    }
    let file = File::read(&tree);
    let is_needed = |import: &Import| {
        let is_here = import.module == file.package || import.module == "java.lang";
        !is_here && uses(&tree, &import.name)
    };
    (dotted(source, &file).organized(style, is_needed), errors)
}
