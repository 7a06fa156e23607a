//! One Java file as data: its package, its imports, and the types that it declares, with positions.
//!
//! No other file is read and no name is resolved. Broken code gives what can be read of it.

use crate::class::{Base, Class, Declared, Field, Parameter};
use crate::contract::Visibility;
use crate::sources::ExportKind;
use crate::tree::{Node, Tree};
use tenon_text::diag::Span;

/// What a file declares.
#[derive(Debug, Default)]
pub struct File {
    /// The name behind `package`; empty without one.
    pub package: String,
    /// Where the statement of the package stands.
    pub package_span: Option<Span>,
    /// The import statements, in order.
    pub imports: Vec<Statement>,
    /// The types, each before those that are declared inside of it.
    pub types: Vec<Type>,
}

/// An import statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What stands before the last name; it begins with `static ` if the statement does.
    pub module: String,
    /// The last name, or `*`.
    pub name: String,
    /// From `import` to the semicolon.
    pub span: Span,
}

/// A class, an interface, a record, an enum or an annotation.
#[derive(Debug)]
pub struct Type {
    /// Its name with those of the types around it: `Map.Entry`.
    pub path: String,
    /// What it is.
    pub kind: ExportKind,
    /// The names of its type parameters.
    pub params: Vec<String>,
    /// Its documentation.
    pub doc: Vec<String>,
    /// What it consists of. Of an interface, what it extends stands with what it implements.
    pub class: Class,
    /// What its methods may throw, as written, in the order of the methods.
    pub throws: Vec<Option<String>>,
}

impl File {
    /// Reads a parsed file.
    pub fn read(tree: &Tree) -> Self {
        let mut out = Self::default();
        for node in tree.root().children() {
            match &*node.kind() {
                "package_declaration" => {
                    let name = node.named_children().filter(|child| is_name(child)).last();
                    out.package = name.map(|name| tight(&name.text())).unwrap_or_default();
                    out.package_span = Some(node.range().into());
                }
                "import_declaration" => out.imports.extend(statement(&node)),
                _ => types(&node, "", &mut out.types),
            }
        }
        out
    }

    /// The type with that name, or path of names.
    pub fn ty(&self, path: &str) -> Option<&Type> {
        self.types.iter().find(|ty| ty.path == path)
    }
}

fn is_name(node: &Node<'_>) -> bool {
    matches!(&*node.kind(), "identifier" | "scoped_identifier")
}

/// A name without the space inside of it.
fn tight(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A type as one line.
fn flat(node: &Node<'_>) -> String {
    node.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The import at `node`.
fn statement(node: &Node<'_>) -> Option<Statement> {
    let full = tight(&node.named_children().find(is_name)?.text());
    let has = |kind: &str| node.children().any(|child| child.kind() == kind);
    let (module, name) = match has("asterisk") {
        true => (full.as_str(), "*"),
        false => full.rsplit_once('.')?,
    };
    let mark = if has("static") { "static " } else { "" };
    Some(Statement {
        module: format!("{mark}{module}"),
        name: name.to_owned(),
        span: node.range().into(),
    })
}

/// The types that `node` declares, or holds if it is the body of one.
fn types(node: &Node<'_>, outer: &str, out: &mut Vec<Type>) {
    let kind = match &*node.kind() {
        "class_declaration" | "record_declaration" => ExportKind::Class,
        "interface_declaration" | "annotation_type_declaration" => ExportKind::Interface,
        "enum_declaration" => ExportKind::Enum,
        "enum_body_declarations" => {
            node.children().for_each(|child| types(&child, outer, out));
            return;
        }
        _ => return,
    };
    let (Some(name), Some(body)) = (node.field("name"), node.field("body")) else {
        return;
    };
    let class = class(node, &name, &body, kind);
    let path = match outer {
        "" => class.name.clone(),
        outer => format!("{outer}.{}", class.name),
    };
    let list = node.field("type_parameters");
    let params = list
        .iter()
        .flat_map(|list| list.named_children().collect::<Vec<_>>());
    let params = params.filter_map(|param| {
        param
            .named_children()
            .find(|child| child.kind() == "type_identifier")
    });
    out.push(Type {
        path: path.clone(),
        kind: match kind {
            ExportKind::Class if class.is_abstract => ExportKind::AbstractClass,
            kind => kind,
        },
        params: params.map(|name| name.text().into_owned()).collect(),
        doc: doc(node),
        class,
        throws: methods(&body).map(|method| throws(&method)).collect(),
    });
    body.children().for_each(|child| types(&child, &path, out));
}

/// The methods in a body, of an enum also those behind its constants.
fn methods<'t>(body: &Node<'t>) -> impl Iterator<Item = Node<'t>> {
    members(body).filter(|node| node.kind() == "method_declaration")
}

fn members<'t>(body: &Node<'t>) -> impl Iterator<Item = Node<'t>> {
    body.children().flat_map(|child| match &*child.kind() {
        "enum_body_declarations" => child.children().collect::<Vec<_>>(),
        _ => vec![child],
    })
}

fn class<'t>(node: &Node<'t>, name: &Node<'t>, body: &Node<'t>, kind: ExportKind) -> Class {
    let is_interface = kind == ExportKind::Interface;
    let child = |kind: &str| node.children().find(|child| child.kind() == kind);
    let bases = |list: Option<Node<'_>>| -> Vec<Base> {
        let list = list.and_then(|list| list.children().find(|child| child.kind() == "type_list"));
        let all = list
            .iter()
            .flat_map(|list| list.named_children().collect::<Vec<_>>());
        all.filter_map(|ty| base(&ty)).collect()
    };
    let mut implements = bases(child("super_interfaces"));
    implements.extend(bases(child("extends_interfaces")));
    let superclass = child("superclass");
    let extends = superclass.and_then(|of| of.named_children().find_map(|ty| base(&ty)));
    let made = members(body).find(|node| node.kind() == "constructor_declaration");
    let record = node.field("parameters");
    let fields =
        members(body).filter(|node| matches!(&*node.kind(), "field_declaration" | "constant_declaration"));
    Class {
        name: name.text().into_owned(),
        name_span: name.range().into(),
        generics: node.field("type_parameters").map(|list| flat(&list)),
        extends,
        implements,
        decorators: annotations(node),
        exported: true,
        default: false,
        is_abstract: is_interface || has_modifier(node, "abstract"),
        methods: methods(body)
            .filter_map(|method| declared(&method, is_interface))
            .collect(),
        fields: fields
            .flat_map(|field| read_fields(&field, is_interface))
            .collect(),
        constructor: made
            .and_then(|made| made.field("parameters"))
            .or(record)
            .map(|list| parameters(&list)),
        body: body.range().into(),
        span: node.range().into(),
    }
}

/// What a class is built on: the name without its type arguments, and these.
fn base(ty: &Node<'_>) -> Option<Base> {
    let (name, args) = match &*ty.kind() {
        "generic_type" => {
            let args = ty.children().find(|child| child.kind() == "type_arguments");
            (ty.child(0)?, args)
        }
        "type_identifier" | "scoped_type_identifier" => (ty.clone(), None),
        "annotated_type" => return base(&ty.named_children().last()?),
        _ => return None,
    };
    Some(Base {
        name: tight(&name.text()),
        args: args.map(|args| flat(&args)),
        span: ty.range().into(),
    })
}

fn modifiers<'t>(node: &Node<'t>) -> Vec<Node<'t>> {
    let list = node.children().find(|child| child.kind() == "modifiers");
    list.map_or(vec![], |list| list.children().collect())
}

fn has_modifier(node: &Node<'_>, word: &str) -> bool {
    modifiers(node).iter().any(|modifier| modifier.kind() == word)
}

fn annotations(node: &Node<'_>) -> Vec<String> {
    let all = modifiers(node).into_iter();
    let all = all.filter(|modifier| modifier.kind().ends_with("annotation"));
    all.map(|annotation| annotation.text().into_owned()).collect()
}

/// Who may use a member. What says nothing of it may be used in its package: an heir may say `protected` as well.
fn visibility(node: &Node<'_>, in_interface: bool) -> Visibility {
    match () {
        () if has_modifier(node, "private") => Visibility::Private,
        () if in_interface || has_modifier(node, "public") => Visibility::Public,
        () => Visibility::Protected,
    }
}

fn declared(node: &Node<'_>, in_interface: bool) -> Option<Declared> {
    let has_body = node.field("body").is_some();
    let is_static = has_modifier(node, "static");
    let dimensions = node
        .field("dimensions")
        .map(|dimensions| tight(&dimensions.text()));
    Some(Declared {
        name: node.field("name")?.text().into_owned(),
        doc: doc(node),
        generics: node.field("type_parameters").map(|list| flat(&list)),
        params: parameters(&node.field("parameters")?),
        returns: Some(flat(&node.field("type")?) + dimensions.as_deref().unwrap_or_default()),
        is_async: false,
        is_static,
        is_abstract: !has_body && !has_modifier(node, "native"),
        optional: false,
        has_body,
        visibility: visibility(node, in_interface),
        accessor: None,
        decorators: annotations(node),
        span: node.range().into(),
    })
}

fn throws(node: &Node<'_>) -> Option<String> {
    let found = node.children().find(|child| child.kind() == "throws")?;
    let types = found.named_children().map(|ty| flat(&ty));
    Some(types.collect::<Vec<_>>().join(", "))
}

/// The parameters in a list, without the one that stands for the instance.
fn parameters(list: &Node<'_>) -> Vec<Parameter> {
    let all = list.named_children();
    all.filter_map(|node| {
        let rest = node.kind() == "spread_parameter";
        let (name, ty) = match &*node.kind() {
            "formal_parameter" => (node.field("name")?, node.field("type")?),
            "spread_parameter" => {
                let is_type = |child: &Node<'_>| {
                    !matches!(&*child.kind(), "modifiers" | "variable_declarator")
                        && !child.kind().ends_with("annotation")
                };
                let declarator = node
                    .children()
                    .find(|child| child.kind() == "variable_declarator")?;
                (declarator.field("name")?, node.named_children().find(is_type)?)
            }
            _ => return None,
        };
        let dimensions = node
            .field("dimensions")
            .map(|dimensions| tight(&dimensions.text()));
        Some(Parameter {
            name: name.text().into_owned(),
            ty: Some(flat(&ty) + dimensions.as_deref().unwrap_or_default()),
            optional: false,
            rest,
            default: None,
            field: None,
            decorators: annotations(&node),
            span: node.range().into(),
        })
    })
    .collect()
}

fn read_fields(node: &Node<'_>, in_interface: bool) -> Vec<Field> {
    let ty = node.field("type").map(|ty| flat(&ty));
    let declarators = node
        .named_children()
        .filter(|child| child.kind() == "variable_declarator");
    let names = declarators.filter_map(|declarator| declarator.field("name"));
    names
        .map(|name| Field {
            name: name.text().into_owned(),
            doc: doc(node),
            ty: ty.clone(),
            optional: false,
            readonly: in_interface || has_modifier(node, "final"),
            is_static: in_interface || has_modifier(node, "static"),
            is_abstract: false,
            visibility: visibility(node, in_interface),
            decorators: annotations(node),
            span: node.range().into(),
        })
        .collect()
}

/// The comment that documents `node`, without its marks and tags.
fn doc(node: &Node<'_>) -> Vec<String> {
    let Some(above) = node.prev().filter(|above| above.kind() == "block_comment") else {
        return vec![];
    };
    let text = above.text();
    let Some(body) = text.strip_prefix("/**").and_then(|text| text.strip_suffix("*/")) else {
        return vec![];
    };
    let lines = body
        .lines()
        .map(|line| line.trim().trim_start_matches('*').trim());
    let mut out: Vec<String> = lines
        .take_while(|line| !line.starts_with('@'))
        .map(str::to_owned)
        .skip_while(String::is_empty)
        .collect();
    while out.pop_if(|line| line.is_empty()).is_some() {}
    out
}

/// The names in a type as written that lead to types: of `Map<K, a.B[]>` these are `Map`, `K` and `a.B`.
pub fn names_in(ty: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let words = ty.split(|c| !is_part(c)).map(|word| word.trim_matches('.'));
    let is_type = |word: &&str| {
        !matches!(
            *word,
            "" | "extends"
                | "super"
                | "void"
                | "boolean"
                | "byte"
                | "short"
                | "int"
                | "long"
                | "char"
                | "float"
                | "double"
        )
    };
    words.filter(is_type).map(str::to_owned).collect()
}

/// A type as written, with other types in place of type parameters.
pub fn substituted(ty: &str, arguments: &[(String, String)]) -> String {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let mut out = String::new();
    let mut rest = ty;
    while let Some(start) = rest.find(is_part) {
        let word = &rest[start..];
        let word = &word[..word.find(|c| !is_part(c)).unwrap_or(word.len())];
        let known = arguments.iter().find(|(name, _)| name == word);
        out.push_str(&rest[..start]);
        out.push_str(known.map_or(word, |(_, with)| with));
        rest = &rest[start + word.len()..];
    }
    out + rest
}

/// The types between the brackets of `<A, Map<B, C>>`.
pub fn arguments(list: &str) -> Vec<String> {
    let inner = list.trim().trim_start_matches('<');
    let inner = inner.strip_suffix('>').unwrap_or(inner);
    let (mut depth, mut start, mut out) = (0_usize, 0, vec![]);
    for (at, c) in inner.char_indices() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                out.push(inner[start..at].trim().to_owned());
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = inner[start..].trim();
    out.extend((!last.is_empty()).then(|| last.to_owned()));
    out
}
