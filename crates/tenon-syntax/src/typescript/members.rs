//! Members of classes and interfaces as they are written: one walk over a body, no other file.

use crate::contract::{Accessor, Visibility};
use crate::tree::Node;
use tenon_text::diag::Span;

/// A method, signature, getter or constructor.
pub(super) struct RawMethod<'t> {
    pub name: String,
    pub doc: Vec<String>,
    pub type_params: Option<Node<'t>>,
    pub params: Vec<RawParam<'t>>,
    pub returns: Option<Node<'t>>,
    pub is_async: bool,
    pub is_static: bool,
    pub is_abstract: bool,
    pub optional: bool,
    pub has_body: bool,
    pub visibility: Visibility,
    pub accessor: Option<Accessor>,
    pub decorators: Vec<String>,
    pub span: Span,
}

/// A parameter.
pub(super) struct RawParam<'t> {
    pub name: String,
    pub ty: Option<Node<'t>>,
    pub optional: bool,
    pub rest: bool,
    pub default: Option<Node<'t>>,
    /// Set when the parameter is also a field.
    pub field: Option<(Visibility, bool)>,
    pub decorators: Vec<String>,
    pub span: Span,
}

/// A field.
pub(super) struct RawField<'t> {
    pub name: String,
    pub doc: Vec<String>,
    pub ty: Option<Node<'t>>,
    pub optional: bool,
    pub readonly: bool,
    pub is_abstract: bool,
    pub is_static: bool,
    pub visibility: Visibility,
    pub decorators: Vec<String>,
    pub span: Span,
}

/// One member.
pub(super) enum Member<'t> {
    Method(RawMethod<'t>),
    Field(RawField<'t>),
}

/// The members of a `class_body`, `interface_body` or `object_type`, in order; what has no name is left out.
pub(super) fn members<'t>(body: &Node<'t>) -> Vec<Member<'t>> {
    let mut out = vec![];
    let mut decorators: Vec<Node<'t>> = vec![];
    for child in body.named_children() {
        let kind = child.kind();
        match &*kind {
            "decorator" => {
                decorators.push(child.clone());
                continue;
            }
            "comment" => continue,
            "method_definition" | "method_signature" | "abstract_method_signature" => {
                out.extend(method(&child, &decorators).map(Member::Method));
            }
            "public_field_definition" | "property_signature" => {
                out.extend(field(&child, &decorators).map(Member::Field));
            }
            _ => {}
        }
        decorators.clear();
    }
    out
}

/// The words and parts of a member, gathered in one walk over its children: there are many members.
#[derive(Default)]
struct Parts<'t> {
    get: bool,
    set: bool,
    is_async: bool,
    is_static: bool,
    is_abstract: bool,
    readonly: bool,
    optional: bool,
    visibility: Option<Visibility>,
    type_params: Option<Node<'t>>,
    params: Option<Node<'t>>,
    /// The annotation behind the colon.
    annotation: Option<Node<'t>>,
    body: bool,
    decorators: Vec<String>,
}

impl<'t> Parts<'t> {
    fn of(node: &Node<'t>) -> Self {
        let mut out = Self::default();
        for child in node.children() {
            match &*child.kind() {
                "get" => out.get = true,
                "set" => out.set = true,
                "async" => out.is_async = true,
                "static" => out.is_static = true,
                "abstract" => out.is_abstract = true,
                "readonly" => out.readonly = true,
                "?" => out.optional = true,
                "accessibility_modifier" => out.visibility = Some(access(&child)),
                "type_parameters" => out.type_params = Some(child),
                "formal_parameters" => out.params = Some(child),
                "type_annotation" | "asserts_annotation" | "type_predicate_annotation" => {
                    out.annotation = Some(child);
                }
                "statement_block" => out.body = true,
                "decorator" => out.decorators.push(child.text().into_owned()),
                _ => {}
            }
        }
        out
    }
}

fn access(modifier: &Node<'_>) -> Visibility {
    match &*modifier.text() {
        "private" => Visibility::Private,
        "protected" => Visibility::Protected,
        _ => Visibility::Public,
    }
}

fn method<'t>(node: &Node<'t>, before: &[Node<'t>]) -> Option<RawMethod<'t>> {
    let first = before.first().unwrap_or(node);
    let name = node.field("name")?;
    let parts = Parts::of(node);
    Some(RawMethod {
        name: name.text().into_owned(),
        doc: doc_before(first),
        type_params: parts.type_params,
        params: parts.params.map(|list| params(&list)).unwrap_or_default(),
        returns: parts.annotation.and_then(|annotation| annotated(&annotation)),
        is_async: parts.is_async,
        is_static: parts.is_static,
        is_abstract: parts.is_abstract || node.kind() == "abstract_method_signature",
        optional: parts.optional,
        has_body: parts.body,
        visibility: if name.kind() == "private_property_identifier" {
            Visibility::Private
        } else {
            parts.visibility.unwrap_or_default()
        },
        accessor: match (parts.get, parts.set) {
            (true, _) => Some(Accessor::Get),
            (_, true) => Some(Accessor::Set),
            _ => None,
        },
        decorators: before.iter().map(|node| node.text().into_owned()).collect(),
        span: Span::new(first.range().start, node.range().end),
    })
}

/// The parameters of a `formal_parameters` node.
pub(super) fn params<'t>(list: &Node<'t>) -> Vec<RawParam<'t>> {
    let is_param = |node: &Node<'_>| matches!(&*node.kind(), "required_parameter" | "optional_parameter");
    list.named_children()
        .filter(is_param)
        .map(|node| param(&node))
        .collect()
}

fn param<'t>(node: &Node<'t>) -> RawParam<'t> {
    let pattern = node.field("pattern");
    let rest = pattern
        .as_ref()
        .is_some_and(|pattern| pattern.kind() == "rest_pattern");
    let name = match &pattern {
        Some(pattern) if rest => pattern
            .named_children()
            .next()
            .map_or(String::new(), |inner| inner.text().into_owned()),
        Some(pattern) => pattern.text().into_owned(),
        None => String::new(),
    };
    let parts = Parts::of(node);
    RawParam {
        name,
        ty: parts.annotation.and_then(|annotation| annotated(&annotation)),
        optional: node.kind() == "optional_parameter",
        rest,
        default: node.field("value"),
        field: (parts.visibility.is_some() || parts.readonly)
            .then(|| (parts.visibility.unwrap_or_default(), parts.readonly)),
        decorators: parts.decorators,
        span: node.range().into(),
    }
}

fn field<'t>(node: &Node<'t>, before: &[Node<'t>]) -> Option<RawField<'t>> {
    let first = before.first().unwrap_or(node);
    let name = node.field("name")?;
    let parts = Parts::of(node);
    let mut decorators: Vec<String> = before.iter().map(|node| node.text().into_owned()).collect();
    decorators.extend(parts.decorators);
    Some(RawField {
        name: name.text().into_owned(),
        doc: doc_before(first),
        ty: parts.annotation.and_then(|annotation| annotated(&annotation)),
        optional: parts.optional,
        readonly: parts.readonly,
        is_abstract: parts.is_abstract,
        is_static: parts.is_static,
        visibility: if name.kind() == "private_property_identifier" {
            Visibility::Private
        } else {
            parts.visibility.unwrap_or_default()
        },
        decorators,
        span: Span::new(first.range().start, node.range().end),
    })
}

/// The decorators that are children of `node`, as text.
pub(super) fn decorators_in(node: &Node<'_>) -> Vec<String> {
    node.named_children()
        .filter(|child| child.kind() == "decorator")
        .map(|child| child.text().into_owned())
        .collect()
}

/// The type behind the colon. A predicate (`x is T`, `asserts x`) stands for itself.
pub(super) fn annotated<'t>(annotation: &Node<'t>) -> Option<Node<'t>> {
    annotation
        .named_children()
        .find(|child| child.kind() != "comment")
}

/// The documentation comment that stands directly before `node`, as dedented lines.
pub(super) fn doc_before(node: &Node<'_>) -> Vec<String> {
    // Asking a tree for what stands before takes longer than a look at the text.
    let before = node.get_doc().source().get(..node.range().start);
    if !before.is_some_and(|text| text.trim_end().ends_with("*/")) {
        return vec![];
    }
    match node.prev() {
        Some(comment) if comment.kind() == "comment" && comment.text().starts_with("/**") => {
            doc_lines(&comment.text())
        }
        _ => vec![],
    }
}

/// `/** … */` as its lines, without marks, common indentation and blank lines round them.
pub(super) fn doc_lines(comment: &str) -> Vec<String> {
    let inner = comment.trim_start_matches("/**").trim_end_matches("*/");
    let mut lines: Vec<&str> = inner
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let line = line.trim_end();
            if at == 0 {
                return line.trim_start();
            }
            let trimmed = line.trim_start();
            trimmed
                .strip_prefix('*')
                .map_or(trimmed, |rest| rest.strip_prefix(' ').unwrap_or(rest))
        })
        .collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blank);
    lines.into_iter().map(str::to_owned).collect()
}
