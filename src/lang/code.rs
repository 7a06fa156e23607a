//! What is done with code in any language: imports, stubs of methods, a snippet in the manner of a file. Each function goes
//! to the module of its language.

use crate::diag::{Error, Result, TextEdit, apply_edits};

use super::class::Class;
use super::contract::{Import, Method};
use super::format::{Format, Indent, indent_at, line_start, to_format};
use super::style::Style;
use super::tree::{Grammar, error_count};
use super::{python, typescript};

/// How a stub is printed.
#[derive(Clone, Copy, Debug)]
pub struct Stub<'a> {
    /// Levels of indentation of the method.
    pub depth: usize,
    /// Statements of the body, each line at its own indentation inside the body.
    pub body: &'a str,
    /// What stands before the name of a parameter that the body does not use; may be empty.
    pub unused_prefix: &'a str,
    /// Whether the documentation is printed above.
    pub doc: bool,
}

impl Default for Stub<'_> {
    fn default() -> Self {
        Self {
            depth: 1,
            body: "",
            unused_prefix: "_",
            doc: false,
        }
    }
}

/// Every name that the import statements of `text` bind, in order. Imports for their side effect bind none.
pub fn read_imports(grammar: Grammar, text: &str) -> Vec<Import> {
    match grammar {
        Grammar::TypeScript => typescript::read_imports(text),
        Grammar::Python => python::imports::read_imports(text),
        Grammar::Go | Grammar::Rust => vec![],
    }
}

/// The edits that give `source` the import, where its neighbours would have it; none if it has it already.
///
/// # Errors
/// When the name is bound to something else in `source`, or its imports cannot be read.
pub fn ensure_import(
    grammar: Grammar,
    source: &str,
    import: &Import,
    style: &Style,
) -> Result<Vec<TextEdit>> {
    match grammar {
        Grammar::TypeScript => typescript::imports::ensure_import(source, import, style),
        Grammar::Python => python::imports::ensure_import(source, import, style, None),
        Grammar::Go | Grammar::Rust => Err(no_imports(grammar)),
    }
}

/// As [`ensure_import`], for what is used at byte `place`: a language with imports inside of functions has it there, if
/// that is where its neighbours are.
///
/// # Errors
/// Those of [`ensure_import`].
pub fn ensure_import_at(
    grammar: Grammar,
    source: &str,
    import: &Import,
    style: &Style,
    place: usize,
) -> Result<Vec<TextEdit>> {
    match grammar {
        Grammar::Python => python::imports::ensure_import(source, import, style, Some(place)),
        _ => ensure_import(grammar, source, import, style),
    }
}

/// The edits that take the import out of `source`; none if it does not have it.
///
/// # Errors
/// When the imports of `source` cannot be read.
pub fn remove_import(
    grammar: Grammar,
    source: &str,
    import: &Import,
    style: &Style,
) -> Result<Vec<TextEdit>> {
    match grammar {
        Grammar::TypeScript => typescript::imports::remove_import(source, import, style),
        Grammar::Python => Ok(python::imports::remove_import(source, import.local())),
        Grammar::Go | Grammar::Rust => Err(no_imports(grammar)),
    }
}

fn no_imports(grammar: Grammar) -> Error {
    Error::new(format!("imports cannot be edited in {} here", grammar.name()))
}

/// Whether `source` uses `name` beside importing it.
pub fn uses(grammar: Grammar, source: &str, name: &str) -> bool {
    match grammar {
        Grammar::TypeScript => typescript::imports::used(source, name),
        Grammar::Python => python::imports::uses(source, name),
        Grammar::Go | Grammar::Rust => true,
    }
}

/// A rendered file with its imports in order, and the number of syntax errors that it has.
pub fn organize(grammar: Grammar, source: &str, style: &Style) -> (String, usize) {
    match grammar {
        Grammar::TypeScript => typescript::imports::organize_counting(source, style),
        Grammar::Python => python::organize::organize(source, style),
        Grammar::Go | Grammar::Rust => (source.to_owned(), error_count(&grammar.parse(source))),
    }
}

/// `snippet` written as `file` is: its quotes, its semicolons.
pub fn like(grammar: Grammar, snippet: &str, file: &str) -> String {
    match grammar {
        Grammar::TypeScript => typescript::restyle::like(snippet, file),
        Grammar::Python => python::quotes::like(snippet, file),
        Grammar::Go | Grammar::Rust => snippet.to_owned(),
    }
}

/// The implementation of `method`, without a final line break.
pub fn stub(grammar: Grammar, method: &Method, style: &Style, how: &Stub<'_>) -> String {
    match grammar {
        Grammar::TypeScript => typescript::print::stub(method, style, how),
        Grammar::Python => python::print::stub(method, style, how),
        Grammar::Go | Grammar::Rust => String::new(),
    }
}

/// The head of `method` on one line, as a person would be told to write it.
pub fn shape(grammar: Grammar, method: &Method) -> String {
    match grammar {
        Grammar::TypeScript => typescript::print::shape(method),
        Grammar::Python => python::print::head(method),
        Grammar::Go | Grammar::Rust => method.name.clone(),
    }
}

/// The arguments of a call that passes the parameters of `method` on.
pub fn call_arguments(grammar: Grammar, method: &Method) -> String {
    match grammar {
        Grammar::TypeScript => typescript::print::call_arguments(method),
        Grammar::Go | Grammar::Python | Grammar::Rust => {
            let names: Vec<&str> = method.params.iter().map(|param| param.name.as_str()).collect();
            names.join(", ")
        }
    }
}

/// One import as a statement; [`organize`] merges them.
pub fn import_statement(grammar: Grammar, import: &Import) -> String {
    match grammar {
        Grammar::TypeScript => typescript::print::import_statement(import),
        Grammar::Python => python::imports::line(import),
        Grammar::Go | Grammar::Rust => String::new(),
    }
}

/// `text` with a stub of `method` at the end of `class`, and without the imports that it needs. `indent` is the unit of a
/// file that shows none. Nothing if the place cannot be told.
pub fn with_stub(
    grammar: Grammar,
    text: &str,
    class: &Class,
    (method, how): (&Method, &Stub<'_>),
    (style, indent): (&Style, Indent),
) -> Option<String> {
    let unit = Indent::detect(text).unwrap_or(indent);
    let look = Format {
        bom: false,
        indent: unit,
        ..Format::detect(text)
    };
    let outer = indent_at(text, line_start(text, class.span.start));
    let printed = like(grammar, &stub(grammar, method, style, how), text);
    let printed = to_format(&printed, Indent::Tab, &look);
    let eol = look.eol.as_str();
    let lines: Vec<String> = printed
        .lines()
        .map(|line| {
            if line.trim().is_empty() {
                String::new()
            } else {
                format!("{outer}{line}")
            }
        })
        .collect();
    if grammar == Grammar::Python {
        return python::print::with_method(text, class, &lines.join(eol), eol);
    }
    let close = class.body.end.checked_sub(1)?;
    let inside = text.get(class.body.start + 1..close)?;
    let gap = if inside.trim().is_empty() { "" } else { eol };
    let at = class.body.start + 1 + inside.trim_end().len();
    let insert = TextEdit::replace(at..close, format!("{eol}{gap}{}{eol}{outer}", lines.join(eol)));
    Some(apply_edits(text, &[insert]))
}
