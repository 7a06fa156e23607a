//! Declarations read out of the tree of a Go file.

use crate::tree::{Node, Tree, first_error};
use tenon_text::diag::Span;
use tenon_text::names::unquoted;

use super::file::{File, Function, Parameter, Shape, Spec, TypeDecl, Value};
use super::grammar::GRAMMAR;
use super::ty::Ty;

impl File {
    /// Reads `text`.
    pub fn parse(text: &str) -> (Self, Tree) {
        let tree = GRAMMAR.parse(text);
        let mut out = read(&tree.root());
        out.error = first_error(&tree);
        (out, tree)
    }
}

/// Everything that the file at `root` declares.
fn read(root: &Node<'_>) -> File {
    let mut out = File::default();
    for node in root.children() {
        match &*node.kind() {
            "package_clause" => {
                if let Some(name) = node
                    .named_children()
                    .find(|child| child.kind() == "package_identifier")
                {
                    out.package = name.text().into_owned();
                    out.package_span = Some(name.range().into());
                }
            }
            "import_declaration" => out.imports.extend(
                node.dfs()
                    .filter(|node| node.kind() == "import_spec")
                    .filter_map(|node| spec(&node)),
            ),
            "type_declaration" => {
                let single = node
                    .named_children()
                    .filter(|child| child.kind() != "comment")
                    .count()
                    == 1;
                for child in node.named_children() {
                    if matches!(&*child.kind(), "type_spec" | "type_alias")
                        && let Some(found) = type_decl(&child, if single { &node } else { &child })
                    {
                        out.types.push(found);
                    }
                }
            }
            "function_declaration" | "method_declaration" => out.functions.extend(function(&node)),
            "const_declaration" | "var_declaration" => values(&node, &mut out.values),
            _ => {}
        }
    }
    out
}

/// The import at `node`, an `import_spec`.
pub fn spec(node: &Node<'_>) -> Option<Spec> {
    let path = node.field("path")?;
    Some(Spec {
        alias: node.field("name").map(|name| name.text().into_owned()),
        path: unquoted(&path.text()).to_owned(),
        span: node.range().into(),
        path_span: path.range().into(),
    })
}

fn type_decl(node: &Node<'_>, outer: &Node<'_>) -> Option<TypeDecl> {
    let name = node.field("name")?;
    let ty = node.field("type")?;
    let generics = node.field("type_parameters");
    let shape = match &*ty.kind() {
        _ if node.kind() == "type_alias" => Shape::Alias(Ty::read(&ty)),
        "interface_type" => interface(&ty),
        "struct_type" => structure(&ty),
        _ => Shape::Other,
    };
    Some(TypeDecl {
        name: name.text().into_owned(),
        name_span: name.range().into(),
        span: outer.range().into(),
        doc: doc(outer),
        params: generics.as_ref().map(parameter_names).unwrap_or_default(),
        generics: generics.map(|list| list.text().into_owned()),
        shape,
    })
}

fn interface(node: &Node<'_>) -> Shape {
    let (mut methods, mut embedded) = (vec![], vec![]);
    for child in node.named_children() {
        match &*child.kind() {
            "method_elem" => methods.extend(function(&child)),
            "type_elem" => {
                let mut types = child.named_children();
                // A union of types says which types there are, not which methods.
                if let (Some(only), None) = (types.next(), types.next()) {
                    embedded.push(Ty::read(&only));
                }
            }
            _ => {}
        }
    }
    Shape::Interface(methods, embedded)
}

fn structure(node: &Node<'_>) -> Shape {
    let list = node
        .named_children()
        .find(|child| child.kind() == "field_declaration_list");
    let fields = list.iter().flat_map(|list| list.named_children());
    let fields = fields
        .filter(|child| child.kind() == "field_declaration")
        .filter_map(|field| {
            let names: Vec<String> = field
                .children()
                .filter(|child| child.kind() == "field_identifier")
                .map(|name| name.text().into_owned())
                .collect();
            let ty = field.field("type")?;
            let mut read = Ty::read(&ty);
            if names.is_empty() && field.text().starts_with('*') {
                read.text.insert(0, '*');
                for (range, _) in &mut read.refs {
                    *range = range.start + 1..range.end + 1;
                }
            }
            Some((names, read, Span::from(field.range())))
        });
    let span = list.as_ref().unwrap_or(node).range().into();
    Shape::Struct(fields.collect(), span)
}

/// The function or method at `node`.
pub fn function(node: &Node<'_>) -> Option<Function> {
    let name = node.field("name")?;
    let receiver = node.field("receiver").and_then(|list| {
        let param = list
            .named_children()
            .find(|child| child.kind() == "parameter_declaration")?;
        let name = param.field("name").map(|name| name.text().into_owned());
        Some((name.unwrap_or_default(), Ty::read(&param.field("type")?)))
    });
    let generics = node.field("type_parameters");
    let result = node.field("result");
    let results = match &result {
        None => vec![],
        Some(list) if list.kind() == "parameter_list" => parameters(list),
        Some(ty) => vec![Parameter {
            ty: Ty::read(ty),
            span: ty.range().into(),
            ..Parameter::default()
        }],
    };
    Some(Function {
        name: name.text().into_owned(),
        name_span: name.range().into(),
        doc: doc(node),
        receiver,
        generics: generics.map(|list| list.text().into_owned()),
        params: node
            .field("parameters")
            .map(|list| parameters(&list))
            .unwrap_or_default(),
        results,
        result_span: result.map(|result| result.range().into()),
        span: node.range().into(),
    })
}

fn parameter_names(list: &Node<'_>) -> Vec<String> {
    let params = list.named_children();
    params
        .flat_map(|param| {
            param
                .children()
                .filter(|child| child.kind() == "identifier")
                .collect::<Vec<_>>()
        })
        .map(|name| name.text().into_owned())
        .collect()
}

fn parameters(list: &Node<'_>) -> Vec<Parameter> {
    let mut out = vec![];
    for node in list.named_children() {
        let Some(ty) = node.field("type") else { continue };
        let read = Parameter {
            name: String::new(),
            ty: Ty::read(&ty),
            variadic: node.kind() == "variadic_parameter_declaration",
            span: node.range().into(),
        };
        let names: Vec<_> = node
            .children()
            .filter(|child| child.kind() == "identifier")
            .collect();
        if names.is_empty() {
            out.push(read);
            continue;
        }
        for name in &names {
            out.push(Parameter {
                name: name.text().into_owned(),
                span: if names.len() == 1 {
                    read.span
                } else {
                    name.range().into()
                },
                ..read.clone()
            });
        }
    }
    out
}

fn values(node: &Node<'_>, out: &mut Vec<Value>) {
    let is_const = node.kind() == "const_declaration";
    for spec in node
        .dfs()
        .filter(|node| matches!(&*node.kind(), "const_spec" | "var_spec"))
    {
        let written = spec.field("value");
        let mut written = written
            .iter()
            .flat_map(|list| list.named_children().collect::<Vec<_>>());
        for name in spec.children().filter(|child| child.kind() == "identifier") {
            out.push(Value {
                name: name.text().into_owned(),
                span: spec.range().into(),
                is_const,
                value: written.next().map(|value| value.text().into_owned()),
            });
        }
    }
}

/// The comment lines directly above `node`, without their marks.
fn doc(node: &Node<'_>) -> Vec<String> {
    let mut comments = vec![];
    let mut below = node.clone();
    while let Some(above) = below.prev() {
        let gap = below.start_pos().line() - above.end_pos().line();
        if above.kind() != "comment" || gap != 1 {
            break;
        }
        // A comment behind other code on its line belongs to that.
        if above
            .prev()
            .is_some_and(|other| other.end_pos().line() == above.start_pos().line())
        {
            break;
        }
        comments.push(above.text().into_owned());
        below = above;
    }
    comments.reverse();
    comments.iter().flat_map(|comment| lines(comment)).collect()
}

fn lines(comment: &str) -> Vec<String> {
    if let Some(line) = comment.strip_prefix("//") {
        // Directives are for tools.
        if line.starts_with("go:") || line.starts_with("+build") || line.starts_with("nolint") {
            return vec![];
        }
        return vec![line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()];
    }
    let body = comment.trim_start_matches("/*").trim_end_matches("*/");
    let body = body.trim_matches(['\n', '\r']);
    body.lines()
        .map(|line| line.trim().trim_start_matches("* ").trim_end().to_owned())
        .collect()
}
