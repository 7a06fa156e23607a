//! One Java file as data: its package, its imports, and the types that it declares, with positions.
//!
//! No other file is read and no name is resolved. Broken code gives what can be read of it.

use crate::class::{Base, Class, Declared, Field, Parameter};
use crate::contract::{Import, Visibility};
use crate::generics;
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
    /// The imports with their statements, in order.
    pub imports: Vec<(Import, Span)>,
    /// The types, each before those that are declared inside of it.
    pub types: Vec<Type>,
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
    /// What stands behind the parameters of its methods, `throws A, B`, in the order of the methods.
    pub throws: Vec<Option<String>>,
}

impl File {
    /// Reads a parsed file.
    pub fn read(tree: &Tree) -> Self {
        let mut out = Self::default();
        for node in tree.root().children() {
            match &*node.kind() {
                "package_declaration" => {
                    let name = node.named_children().find(is_name);
                    out.package = name.map(|name| flat(&name)).unwrap_or_default();
                    out.package_span = Some(node.range().into());
                }
                "import_declaration" => out.imports.extend(import(&node)),
                _ => types(&node, "", &mut out.types),
            }
        }
        out
    }

    /// The imports of types.
    pub fn imported_types(&self) -> impl Iterator<Item = &Import> {
        let all = self.imports.iter().map(|(import, _)| import);
        all.filter(|import| !import.module.starts_with("static "))
    }

    /// The type with that name, or path of names.
    pub fn ty(&self, path: &str) -> Option<&Type> {
        self.types.iter().find(|ty| ty.path == path)
    }
}

fn is_name(node: &Node<'_>) -> bool {
    matches!(&*node.kind(), "identifier" | "scoped_identifier")
}

/// A type as one line.
fn flat(node: &Node<'_>) -> String {
    node.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The import at `node`.
fn import(node: &Node<'_>) -> Option<(Import, Span)> {
    let full = flat(&node.named_children().find(is_name)?);
    let has = |kind: &str| node.children().any(|child| child.kind() == kind);
    let (module, name) = match has("asterisk") {
        true => (full.as_str(), "*"),
        false => full.rsplit_once('.')?,
    };
    let mark = if has("static") { "static " } else { "" };
    Some((
        Import::named(format!("{mark}{module}"), name),
        node.range().into(),
    ))
}

/// The types that `node` declares, or holds if it is the body of one.
fn types(node: &Node<'_>, outer: &str, out: &mut Vec<Type>) {
    let kind = match &*node.kind() {
        "class_declaration" | "record_declaration" if has_modifier(node, "abstract") => {
            ExportKind::AbstractClass
        }
        "class_declaration" | "record_declaration" => ExportKind::Class,
        "interface_declaration" | "annotation_type_declaration" => ExportKind::Interface,
        "enum_declaration" => ExportKind::Enum,
        _ => return,
    };
    let (Some(name), Some(body)) = (node.field("name"), node.field("body")) else {
        return;
    };
    let members: Vec<Node<'_>> = members(&body);
    let in_interface = kind == ExportKind::Interface;
    let methods = members.iter().filter_map(|member| method(member, in_interface));
    let (methods, throws) = methods.unzip();
    let base_lists = ["superclass", "super_interfaces", "extends_interfaces"].map(|list| bases(node, list));
    let [mut extends, implements, interfaces] = base_lists;
    let made = members
        .iter()
        .find(|member| member.kind() == "constructor_declaration")
        .unwrap_or(node);
    let generics = text(node, "type_parameters");
    let path = format!("{outer}.{}", name.text());
    let path = path.trim_start_matches('.').to_owned();
    out.push(Type {
        path: path.clone(),
        kind,
        params: generics.as_deref().map(generics::parameters).unwrap_or_default(),
        doc: doc(node),
        class: Class {
            name: name.text().into_owned(),
            name_span: name.range().into(),
            generics,
            extends: extends.pop(),
            implements: implements.into_iter().chain(interfaces).collect(),
            decorators: annotations(node),
            exported: true,
            is_abstract: matches!(kind, ExportKind::Interface | ExportKind::AbstractClass),
            methods,
            fields: members
                .iter()
                .flat_map(|field| fields(field, in_interface))
                .collect(),
            constructor: made.field("parameters").map(|list| parameters(&list)),
            body: body.range().into(),
            span: node.range().into(),
            ..Class::default()
        },
        throws,
    });
    members.iter().for_each(|member| types(member, &path, out));
}

/// What stands in the body of a type, of an enum also what stands behind its constants.
fn members<'t>(body: &Node<'t>) -> Vec<Node<'t>> {
    let all = body.children().flat_map(|child| match &*child.kind() {
        "enum_body_declarations" => child.children().collect::<Vec<_>>(),
        _ => vec![child],
    });
    all.collect()
}

/// What a type names in one of the lists behind its own name.
fn bases(node: &Node<'_>, list: &str) -> Vec<Base> {
    let Some(list) = child(node, list) else {
        return vec![];
    };
    let types = child(&list, "type_list").unwrap_or(list);
    let all = types.named_children().filter_map(|ty| {
        let name = if ty.kind() == "generic_type" {
            ty.child(0)?
        } else {
            ty.clone()
        };
        Some(Base {
            name: flat(&name),
            args: child(&ty, "type_arguments").map(|args| flat(&args)),
            span: ty.range().into(),
        })
    });
    all.collect()
}

fn child<'t>(node: &Node<'t>, kind: &str) -> Option<Node<'t>> {
    node.children().find(|child| child.kind() == kind)
}

fn text(node: &Node<'_>, field: &str) -> Option<String> {
    node.field(field).map(|node| flat(&node))
}

fn modifiers<'t>(node: &Node<'t>) -> Vec<Node<'t>> {
    child(node, "modifiers").map_or(vec![], |list| list.children().collect())
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

/// The type of a member or parameter, with the brackets behind its name.
fn ty(node: &Node<'_>) -> Option<String> {
    Some(text(node, "type")? + &text(node, "dimensions").unwrap_or_default())
}

/// A method, and what stands behind its parameters.
fn method(node: &Node<'_>, in_interface: bool) -> Option<(Declared, Option<String>)> {
    let has_body = node.field("body").is_some();
    let node = (node.kind() == "method_declaration").then_some(node)?;
    let method = Declared {
        name: text(node, "name")?,
        doc: doc(node),
        generics: text(node, "type_parameters"),
        params: parameters(&node.field("parameters")?),
        returns: ty(node),
        is_static: has_modifier(node, "static"),
        is_abstract: !has_body && !has_modifier(node, "native"),
        has_body,
        visibility: visibility(node, in_interface),
        decorators: annotations(node),
        span: node.range().into(),
        ..Declared::default()
    };
    Some((method, child(node, "throws").map(|throws| flat(&throws))))
}

/// The parameters in a list, without the one that stands for the instance.
fn parameters(list: &Node<'_>) -> Vec<Parameter> {
    let all = list
        .named_children()
        .filter(|node| node.kind().ends_with("_parameter"));
    let all = all.filter_map(|node| {
        let rest = child(&node, "variable_declarator");
        // Its type has no field.
        let is_type = |child: &Node<'_>| child.kind().ends_with("type") || child.kind() == "type_identifier";
        let of_rest = node.named_children().find(is_type).map(|ty| flat(&ty));
        Some(Parameter {
            name: text(rest.as_ref().unwrap_or(&node), "name")?,
            ty: ty(&node).or(of_rest),
            rest: rest.is_some(),
            decorators: annotations(&node),
            span: node.range().into(),
            ..Parameter::default()
        })
    });
    all.collect()
}

fn fields(node: &Node<'_>, in_interface: bool) -> Vec<Field> {
    if !matches!(&*node.kind(), "field_declaration" | "constant_declaration") {
        return vec![];
    }
    let names = node.named_children().filter_map(|child| text(&child, "name"));
    names
        .map(|name| Field {
            name,
            ty: ty(node),
            readonly: in_interface || has_modifier(node, "final"),
            is_static: in_interface || has_modifier(node, "static"),
            visibility: visibility(node, in_interface),
            decorators: annotations(node),
            span: node.range().into(),
            ..Field::default()
        })
        .collect()
}

/// The comment that documents `node`, without its marks and tags.
fn doc(node: &Node<'_>) -> Vec<String> {
    let above = node
        .prev()
        .map(|above| above.text().into_owned())
        .unwrap_or_default();
    let body = above.strip_prefix("/**").and_then(|text| text.strip_suffix("*/"));
    let lines = body.unwrap_or_default().lines();
    let lines = lines.map(|line| line.trim().trim_start_matches('*').trim());
    let lines = lines
        .take_while(|line| !line.starts_with('@'))
        .skip_while(|line| line.is_empty());
    let mut out: Vec<String> = lines.map(str::to_owned).collect();
    while out.pop_if(|line| line.is_empty()).is_some() {}
    out
}
