//! What a programming language must give, and the handle by which the rest of the program uses one without knowing which it is.
//!
//! Each language implements [`Language`] in its own folder; the one list of them is in `languages.rs`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use tenon_text::diag::{Draft, Result, TextEdit};
use tenon_text::format::{Format, Indent, indent_at, line_start, to_format};

use crate::Source;
use crate::build::Build;
use crate::class::Class;
use crate::contract::{Contract, Import, Method, Property, Visibility};
use crate::quotes;
use crate::sources::Sources;
use crate::stub::Stub;
use crate::style::Style;
use crate::tree::{Grammar, Notation, Tree, error_count};

/// What holds of some languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Code names a whole module by the word that its import binds.
    NamesModules,
    /// Each name of another module is written with that module's: its entry is known by both, however the file calls it.
    QualifiesNames,
    /// The compiler finds out what a method gives back that does not say so, or nothing asks for it.
    InfersResults,
    /// Callers pass arguments by the names of parameters.
    PassesByName,
    /// The name of a parameter that the body does not use stays as it is; elsewhere it begins with `_` then.
    KeepsUnused,
    /// What belongs to a class is called through its instances as well.
    CallsByInstance,
    /// A class may be built on classes of its host that are built on nothing, and what they have counts as its own.
    FollowsBases,
}

/// A programming language. What has a default is what most languages do, or what a language does not have.
pub trait Language: Sync {
    /// How it is parsed, and its words.
    fn grammar(&self) -> &'static Grammar;

    /// What else holds of it.
    fn features(&self) -> &'static [Feature] {
        &[]
    }

    /// Whether this holds of it.
    fn has(&self, feature: Feature) -> bool {
        self.features().contains(&feature)
    }

    // Files and packages.

    /// The names of source files that have no extension.
    fn file_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// The extensions of the files that make up a package, if these are not all that can be parsed.
    fn source_extensions(&self) -> &'static [&'static str] {
        self.grammar().extensions
    }

    /// Names of directories that package managers and compilers fill: nothing in them is written by people.
    fn derived_dirs(&self) -> &'static [&'static str] {
        &[]
    }

    /// Files, beside those whose names say `lock`, in which a package manager pins what a host depends on.
    fn pinned_files(&self) -> &'static [&'static str] {
        &[]
    }

    /// The directory in which a host has the installed package that `specifier` names, if it has one for each package.
    fn installed_at(&self, _specifier: &str) -> Option<String> {
        None
    }

    /// The package that what sources write of it belongs to; nothing for what is no package, or what the language itself has.
    fn package_of<'t>(&self, specifier: &'t str) -> Option<&'t str>;

    /// The name of a package of a manifest, as sources write it.
    fn in_sources<'t>(&self, package: &'t str) -> Cow<'t, str> {
        Cow::Borrowed(package)
    }

    /// Another package that declares the types of `package`: who depends on it may use the package itself.
    fn types_of(&self, _package: &str) -> Option<String> {
        None
    }

    /// The file in which a package declares what it uses, and pointers to that, if the language has one file for it.
    fn declares_in(&self) -> Option<(&'static str, &'static [&'static str])> {
        None
    }

    /// Pointers to what a manifest declares for some targets only; `keys` gives the keys at a pointer.
    fn more_dependencies(&self, _keys: &dyn Fn(&str) -> Vec<String>) -> Vec<String> {
        vec![]
    }

    /// The file beside a manifest that configures the compiler.
    fn compiler_file(&self) -> Option<&'static str> {
        None
    }

    /// Where the build of the package in `dir` puts its sources, by the compiler's configuration at `config`.
    /// `imports` says whether a source below one of some directories imports something that begins with a prefix.
    fn build(
        &self,
        _source: &dyn Source,
        _dir: &str,
        _config: &str,
        _imports: &dyn Fn(&[String], &str) -> bool,
    ) -> Option<Build> {
        None
    }

    /// Whether a file is no part of what its package does: a test, or one that a program wrote.
    fn is_aside(&self, _path: &str, _text: &str) -> bool {
        false
    }

    /// What the code of a host imports the host itself as; found out from a directory of it and what others import it as.
    fn module_of(&self, _source: &dyn Source, _dir: &str) -> Option<String> {
        None
    }

    /// What others import the file or directory at `path` as, where that does not contain the path itself.
    fn imported_as(&self, _path: &str) -> Option<String> {
        None
    }

    // How a host writes its code.

    /// Where a host keeps what it tells the language's formatter; the first that exists counts.
    fn formatter_files(&self) -> &'static [&'static str] {
        &[]
    }

    /// The longest line that the text of such a file asks for.
    fn formatter_width(&self, _text: &str) -> Option<usize> {
        None
    }

    /// The indentation of a language that has but one.
    fn indent(&self) -> Option<Indent> {
        None
    }

    /// Patterns of files, with `{name}` for the host's own packages that imports tell from others.
    fn own_packages(&self) -> &'static [&'static str] {
        &[]
    }

    /// Sets in `style` what the file `like` shows.
    fn read_style(&self, _like: &str, _style: &mut Style) {}

    /// `snippet` written as `file` is: its quotes, its semicolons.
    fn like(&self, snippet: &str, file: &str) -> String {
        match self.grammar().both_quotes {
            true => quotes::like(self.grammar(), snippet, file),
            false => snippet.to_owned(),
        }
    }

    // Imports.

    /// Every name that the import statements of `text` bind, in order. Imports for their side effect bind none.
    fn read_imports(&self, text: &str) -> Vec<Import>;

    /// The edits that give `source` the import, where its neighbours would have it; none if it has it already. It is used at byte
    /// `place`, if that is given: a language with imports inside of functions has it there, if that is where its neighbours are.
    ///
    /// # Errors
    /// When the name is bound to something else in `source`, or its imports cannot be read.
    fn ensure_import(
        &self,
        source: &str,
        import: &Import,
        style: &Style,
        place: Option<usize>,
    ) -> Result<Vec<TextEdit>>;

    /// The edits that take the import out of `source`; none if it does not have it.
    ///
    /// # Errors
    /// When the imports of `source` cannot be read.
    fn remove_import(&self, source: &str, import: &Import, style: &Style) -> Result<Vec<TextEdit>>;

    /// One import as a statement; [`Language::organize`] merges them.
    fn import_statement(&self, import: &Import) -> String;

    /// A rendered file with its imports in order, and the number of syntax errors that it has. They stay as they are where a file may
    /// need what the one before has declared.
    fn organize(&self, source: &str, _style: &Style) -> (String, usize) {
        (source.to_owned(), error_count(&self.grammar().parse(source)))
    }

    /// Whether `source` uses `name` beside importing it.
    fn uses(&self, source: &str, name: &str) -> bool;

    /// The names that an edit which makes `after` of `before` writes, and that nothing in the file declares or imports; none in a
    /// language of which that cannot be told.
    fn undeclared(&self, _before: &str, _after: &str) -> Vec<String> {
        vec![]
    }

    /// Removes the variables that only `removed`, which is no longer in the text, used, in a language that refuses those; everything
    /// that is no longer in it.
    fn remove_unused(&self, _draft: &mut Draft, removed: &str) -> String {
        removed.to_owned()
    }

    /// The variables that are known at a byte of `source`, the nearest last.
    fn variables(&self, _source: &str, _at: usize) -> Vec<Variable> {
        vec![]
    }

    /// What the file `text` calls the packages that it imports.
    fn public_names(&self, _text: &str) -> PublicNames {
        PublicNames::default()
    }

    // Classes and methods.

    /// The head of `method` on one line, as a person would be told to write it.
    fn shape(&self, method: &Method) -> String;

    /// The head of `method` as an implementation has it: parameters without a name get one.
    fn head(&self, method: &Method) -> String {
        self.shape(method)
    }

    /// The implementation of `method`, without a final line break.
    fn stub(&self, method: &Method, style: &Style, how: &Stub<'_>) -> String;

    /// `method` of `contract` as `class` has to have it: with the types that the class gives for the contract's type parameters. Nothing
    /// if the class does not say which, and the method needs them.
    fn for_class(&self, method: &Method, _contract: &Contract, _class: &Class) -> Option<Method> {
        Some(method.clone())
    }

    /// An associated type or constant of a contract, with the value `value`; nothing in languages that have none.
    fn property_stub(&self, _property: &Property, _style: &Style, _value: &str) -> String {
        String::new()
    }

    /// The arguments of a call that passes the parameters of `method` on.
    fn call_arguments(&self, method: &Method) -> String {
        let names: Vec<&str> = method.params.iter().map(|param| param.name.as_str()).collect();
        names.join(", ")
    }

    /// The edit that adds a stub of `method` at the end of `class`, or of what everyone may call in it, without the imports that it needs.
    /// `indent` is the unit of a file that shows none. Nothing if the place cannot be told.
    fn with_stub(
        &self,
        text: &str,
        class: &Class,
        (method, how): (&Method, &Stub<'_>),
        (style, indent): (&Style, Indent),
    ) -> Option<TextEdit> {
        let printed = self.like(&self.stub(method, style, how), text);
        let (printed, outer, eol) = in_class(text, class, &printed, indent);
        let brace = usize::from(self.grammar().notation.block_end.is_none());
        let (start, close) = (class.body.start + brace, class.body.end.checked_sub(brace)?);
        let inside = text.get(start..close)?;
        let section = class.section.filter(|_| method.visibility == Visibility::Public);
        let section = section.map(|at| line_start(text, at)..at);
        if let Some(margin) = section.filter(|margin| text[margin.clone()].trim().is_empty()) {
            return Some(TextEdit::insert(margin.start, format!("{printed}{eol}{eol}")));
        }
        let is_empty = inside
            .trim_matches(|c: char| c == ';' || c.is_whitespace())
            .is_empty();
        let (kept, gap) = if is_empty {
            ("", "")
        } else {
            (inside.trim_end(), eol)
        };
        Some(TextEdit::replace(
            start + kept.len()..close,
            format!("{eol}{gap}{printed}{eol}{outer}"),
        ))
    }

    /// A member of a class on its own, as a file that parses.
    fn in_a_class(&self, member: &str) -> String;

    /// Whether the method with the text `method` does what `body`, which is not empty, says, and nothing else.
    fn does_only(&self, method: &str, body: &str) -> bool {
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        let (method, (open, close)) = (bare(method), self.around_body());
        let inside = method.strip_suffix(close);
        let rest = inside.and_then(|text| text.strip_suffix(&bare(body)));
        rest.is_some_and(|rest| open.iter().any(|open| rest.ends_with(open)))
    }

    /// How a decorator of a class is written, as far as that follows from its name.
    fn decorator(&self, name: &str) -> String {
        format!("@{name}()")
    }

    /// What is written before and behind the body of a method.
    fn around_body(&self) -> (&'static [&'static str], &'static str) {
        (&["{"], "}")
    }

    /// A method that no contract asks for: what makes an instance.
    fn constructor(&self) -> Option<&'static str> {
        None
    }
}

/// How the packages of a language are read. It stands beside [`Language`] as each reader is a type of its own: in a box it could not borrow
/// from what is dropped at the same time.
pub trait Opens {
    /// The sources of one package.
    type Sources<'s>: Sources + 's;

    /// The sources of `source` that are entered so.
    fn open<'s>(source: &'s dyn Source, entry: &PackageEntry<'_>) -> Self::Sources<'s>;
}

/// How a package is entered; the default is a host, which others do not import.
#[derive(Clone, Copy, Debug, Default)]
pub struct PackageEntry<'e> {
    /// The file by which it is entered; empty for none.
    pub file: &'e str,
    /// What others import it as.
    pub specifier: &'e str,
    /// Prefixes of specifiers, and the folders that they stand for.
    pub aliases: &'e [(String, String)],
}

/// A variable, and what says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its type, or the function whose result it is, with the package as everyone calls it: `pkg.Type`. Empty if neither is said.
    pub of: String,
}

/// What a file calls the packages that it imports, and what everyone does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicNames {
    /// The public name of each package, by its name in the file.
    pub packages: HashMap<String, String>,
    /// The package that is imported with a dot, so that its names need no prefix, if there is exactly one.
    pub opened: Option<String>,
}

impl PublicNames {
    /// `name`, as written in the file, with the package that it is taken from as everyone calls it: `f.New` of `f "x/fuse"` is `fuse.New`.
    pub fn of(&self, name: &str) -> String {
        let public = match name.split_once('.') {
            Some((package, rest)) => self.packages.get(package).map(|public| (public, rest)),
            None => self.opened.as_ref().map(|public| (public, name)),
        };
        public.map_or_else(|| name.to_owned(), |(public, rest)| format!("{public}.{rest}"))
    }
}

/// The lines of `printed`, which is a member of `class` in `text`, indented as there; the indentation of the class, and the line end
/// of the file. `indent` is the unit of a file that shows none.
pub fn in_class<'t>(
    text: &'t str,
    class: &Class,
    printed: &str,
    indent: Indent,
) -> (String, &'t str, &'static str) {
    let look = Format {
        bom: false,
        indent: Indent::detect(text).unwrap_or(indent),
        ..Format::detect(text)
    };
    let outer = indent_at(text, line_start(text, class.span.start));
    let eol = look.eol.as_str();
    let printed = to_format(printed, Indent::Tab, &look);
    let lines: Vec<String> = printed
        .lines()
        .map(|line| match line.trim().is_empty() {
            true => String::new(),
            false => format!("{outer}{line}"),
        })
        .collect();
    (lines.join(eol), outer, eol)
}

/// A language, as values hold it. Two are equal if they have one name.
#[derive(Clone, Copy)]
pub struct Lang(pub &'static dyn Language);

impl Lang {
    /// The word for it in `pack.toml` and on the command line.
    pub fn name(self) -> &'static str {
        self.0.grammar().name
    }

    /// What is known of its notation without parsing.
    pub fn notation(self) -> &'static Notation {
        &self.grammar().notation
    }

    /// Parses `source`. The last texts are remembered, with their trees.
    pub fn parse(self, source: &str) -> Tree {
        self.0.grammar().parse(source)
    }

    /// Whether `word` cannot be a name.
    pub fn reserves(self, word: &str) -> bool {
        let mut words = self.0.grammar().reserved.split_ascii_whitespace();
        words.any(|reserved| reserved == word)
    }
}

impl Deref for Lang {
    type Target = dyn Language;

    fn deref(&self) -> &Self::Target {
        self.0
    }
}

impl PartialEq for Lang {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Lang {}

impl Hash for Lang {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
