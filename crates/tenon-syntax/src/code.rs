//! What is done with code in any language: imports, stubs of methods, a snippet in the manner of a file. Each function goes
//! to the module of its language.

use std::borrow::Cow;

use tenon_text::diag::{Draft, Result, TextEdit};

use super::Source;
use super::class::Class;
use super::contract::{Import, Method, Property};
use super::stub::Stub;
use super::style::Style;
use super::tree::Grammar;
use super::{go, python, rust, typescript};
use tenon_text::format::{Format, Indent, indent_at, line_start, to_format};

/// Every name that the import statements of `text` bind, in order. Imports for their side effect bind none.
pub fn read_imports(grammar: Grammar, text: &str) -> Vec<Import> {
    match grammar {
        Grammar::TypeScript => typescript::read_imports(text),
        Grammar::Rust => rust::read_imports(text),
        Grammar::Go => go::imports::read_imports(text),
        Grammar::Python => python::imports::read_imports(text),
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
        Grammar::Rust => rust::imports::ensure_import(source, import, style),
        Grammar::Go => go::imports::ensure_import(source, import),
        Grammar::Python => python::imports::ensure_import(source, import, style, None),
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
        Grammar::Rust => Ok(rust::imports::remove_import(source, import, style)),
        Grammar::Go => Ok(go::imports::remove_import(source, import)),
        Grammar::Python => Ok(python::imports::remove_import(source, import.local())),
    }
}

/// The package that what sources write of it belongs to; nothing for what is no package, or what the language itself has.
pub fn package_of(grammar: Grammar, specifier: &str) -> Option<&str> {
    match grammar {
        Grammar::Rust => (!rust::BUILT_IN.contains(&specifier)).then_some(specifier),
        _ => typescript::graph::package_of(specifier),
    }
}

/// Pointers to what a manifest declares for some targets only; `keys` gives the keys at a pointer.
pub fn more_dependencies(grammar: Grammar, keys: &dyn Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut out = vec![];
    if grammar == Grammar::Rust {
        for target in keys("/target") {
            let target = target.replace('~', "~0").replace('/', "~1");
            for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
                out.push(format!("/target/{target}/{kind}"));
            }
        }
    }
    out
}

/// The name of a package of a manifest, as sources write it.
pub fn in_sources(grammar: Grammar, package: &str) -> Cow<'_, str> {
    match grammar {
        Grammar::Rust => Cow::Owned(package.replace('-', "_")),
        _ => Cow::Borrowed(package),
    }
}

/// Where a host keeps what it tells the language's formatter; the first that exists counts.
pub fn formatter_files(grammar: Grammar) -> &'static [&'static str] {
    match grammar {
        Grammar::Rust => &["rustfmt.toml", ".rustfmt.toml"],
        _ => &[],
    }
}

/// The longest line that the text of such a file asks for.
pub fn formatter_width(grammar: Grammar, text: &str) -> Option<usize> {
    let table: toml::Table = text.parse().ok().filter(|_| grammar == Grammar::Rust)?;
    table.get("max_width")?.as_integer()?.try_into().ok()
}

/// Removes the variables that only `removed`, which is no longer in the text, used, in a language that refuses those; everything
/// that is no longer in it.
pub fn remove_unused(grammar: Grammar, draft: &mut Draft, removed: &str) -> String {
    match grammar {
        Grammar::Go => go::locals::remove_unused(draft, removed),
        Grammar::TypeScript | Grammar::Python | Grammar::Rust => removed.to_owned(),
    }
}

/// Whether `source` uses `name` beside importing it.
pub fn uses(grammar: Grammar, source: &str, name: &str) -> bool {
    match grammar {
        Grammar::TypeScript => typescript::imports::used(source, name),
        Grammar::Rust => rust::imports::uses(source, name),
        Grammar::Go => go::imports::uses(source, name),
        Grammar::Python => python::imports::uses(source, name),
    }
}

/// A rendered file with its imports in order, and the number of syntax errors that it has.
pub fn organize(grammar: Grammar, source: &str, style: &Style) -> (String, usize) {
    match grammar {
        Grammar::TypeScript => typescript::imports::organize_counting(source, style),
        Grammar::Go => go::imports::organize(source),
        Grammar::Rust => rust::imports::organize(source, style),
        Grammar::Python => python::organize::organize(source, style),
    }
}

/// The head of `method` as an implementation has it: parameters without a name get one.
pub fn head(grammar: Grammar, method: &Method) -> String {
    match grammar {
        Grammar::Go => go::print::head(method),
        Grammar::TypeScript | Grammar::Python | Grammar::Rust => shape(grammar, method),
    }
}

/// The indentation of a language that has but one.
pub fn indent(grammar: Grammar) -> Option<Indent> {
    (grammar == Grammar::Go).then_some(Indent::Tab)
}

/// Whether a file is no part of what its package does: a test, or one that a program wrote.
pub fn is_aside(grammar: Grammar, path: &str, text: &str) -> bool {
    grammar == Grammar::Go && go::file::is_aside(path, text)
}

/// What the code of a host imports the host itself as; found out from a directory of it and what others import it as.
pub fn module_of(grammar: Grammar, source: &dyn Source, dir: &str) -> Option<String> {
    match grammar {
        Grammar::Go => go::module::Modules::read(source, dir).path_of(""),
        Grammar::TypeScript | Grammar::Python | Grammar::Rust => None,
    }
}

/// What others import the file or directory at `path` as, where that does not contain the path itself.
pub fn imported_as(grammar: Grammar, path: &str) -> Option<String> {
    (grammar == Grammar::Python).then(|| python::module_of(path))
}

/// `name`, as written in the file `text`, with the package that it is taken from as everyone calls it.
pub fn public_name(grammar: Grammar, text: &str, name: &str) -> String {
    match grammar {
        Grammar::Go => go::imports::public_name(text, name),
        Grammar::TypeScript | Grammar::Python | Grammar::Rust => name.to_owned(),
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
        Grammar::Rust => rust::print::stub(method, style, how),
        Grammar::Go => go::print::stub(method, how),
        Grammar::Python => python::print::stub(method, style, how),
    }
}

/// An associated type or constant of a contract, with the value `value`; nothing in languages that have none.
pub fn property_stub(grammar: Grammar, property: &Property, style: &Style, value: &str) -> String {
    match grammar {
        Grammar::Rust => rust::print::property_stub(property, style, value),
        Grammar::TypeScript | Grammar::Go | Grammar::Python => String::new(),
    }
}

/// The head of `method` on one line, as a person would be told to write it.
pub fn shape(grammar: Grammar, method: &Method) -> String {
    match grammar {
        Grammar::TypeScript => typescript::print::shape(method),
        Grammar::Rust => rust::print::shape(method),
        Grammar::Go => go::print::shape(method),
        Grammar::Python => python::print::head(method),
    }
}

/// The arguments of a call that passes the parameters of `method` on.
pub fn call_arguments(grammar: Grammar, method: &Method) -> String {
    match grammar {
        Grammar::TypeScript => typescript::print::call_arguments(method),
        Grammar::Rust => rust::print::call_arguments(method),
        Grammar::Go => go::print::call_arguments(method),
        Grammar::Python => {
            let names: Vec<&str> = method.params.iter().map(|param| param.name.as_str()).collect();
            names.join(", ")
        }
    }
}

/// One import as a statement; [`organize`] merges them.
pub fn import_statement(grammar: Grammar, import: &Import) -> String {
    match grammar {
        Grammar::TypeScript => typescript::print::import_statement(import),
        Grammar::Rust => rust::import_statement(import),
        Grammar::Go => go::print::import_statement(import),
        Grammar::Python => python::imports::line(import),
    }
}

/// The edit that adds a stub of `method` at the end of `class`, without the imports that it needs. `indent` is the unit of a
/// file that shows none. Nothing if the place cannot be told.
pub fn with_stub(
    grammar: Grammar,
    text: &str,
    class: &Class,
    (method, how): (&Method, &Stub<'_>),
    (style, indent): (&Style, Indent),
) -> Option<TextEdit> {
    if grammar == Grammar::Go {
        // Methods stand beside their type.
        return go::print::with_stub(text, &class.name, method, how);
    }
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
    let stub = format!("{eol}{gap}{}{eol}{outer}", lines.join(eol));
    Some(TextEdit::replace(at..close, stub))
}
