//! Types as documents, laid out as a formatter would. Input is the text of a type; broken text stays as it is.

use crate::style::Style;
use crate::tree::Node;

use super::doc::{Doc, concat, group, if_break, indent, join, nil, text, will_break};
use super::grammar::GRAMMAR;
use super::nodes::annotated;
use super::nodes::has_child;
use super::type_facts::{
    flatten, has_errors, hugs_union, is_object, named, needs_parens, should_hug, squeezed, tight,
};

/// Below this nesting a type is printed as it stands.
pub(super) const MAX_DEPTH: usize = 48;

/// A type as a document, and what its neighbours ask about it.
pub(super) struct Laid {
    pub doc: Doc,
    /// An object or mapped type.
    pub is_object: bool,
}

/// The type `ty`.
pub(super) fn lay(ty: &str, style: &Style) -> Laid {
    if let Some(doc) = plain(ty) {
        return Laid {
            doc,
            is_object: false,
        };
    }
    let source = format!("function _(): {ty} {{}}");
    let tree = GRAMMAR.parse(&source);
    let root = tree.root();
    let node = root
        .named_children()
        .next()
        .and_then(|function| function.field("return_type"));
    match node.as_ref().and_then(annotated) {
        Some(node) if !has_errors(&root) => Laid {
            doc: Layer { style }.ty(&node, 0),
            is_object: is_object(&node),
        },
        _ => Laid {
            doc: text(squeezed(ty)),
            is_object: false,
        },
    }
}

/// A dotted name, or one with a single dotted name in brackets: most types are such, and nothing in them can be
/// broken or spaced otherwise, so that nothing needs to be parsed.
fn plain(ty: &str) -> Option<Doc> {
    let is_path = |text: &str| {
        text.split('.').all(|name| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        })
    };
    let plain = match ty.split_once('<') {
        None => is_path(ty),
        Some((name, rest)) => {
            let arg = rest.strip_suffix('>')?;
            // Of the literals only these two stay with their brackets whatever happens.
            let literal = matches!(arg, "true" | "false");
            is_path(name) && is_path(arg) && !literal
        }
    };
    plain.then(|| text(ty))
}

/// The type parameters `generics`, with their brackets.
pub(super) fn lay_generics(generics: &str, style: &Style) -> Doc {
    let source = format!("function _{generics}() {{}}");
    let tree = GRAMMAR.parse(&source);
    let root = tree.root();
    match root
        .named_children()
        .next()
        .and_then(|function| function.field("type_parameters"))
    {
        Some(list) if !has_errors(&root) => Layer { style }.type_params(&list, 0),
        _ => text(squeezed(generics)),
    }
}

/// How many type parameters there are, and whether one has a constraint or a default.
pub(super) fn generics_shape(generics: &str) -> (usize, bool) {
    let tree = GRAMMAR.parse(&format!("function _{generics}() {{}}"));
    let root = tree.root();
    let Some(list) = root
        .named_children()
        .next()
        .and_then(|function| function.field("type_parameters"))
    else {
        return (0, false);
    };
    let params: Vec<Node<'_>> = list
        .named_children()
        .filter(|child| child.kind() == "type_parameter")
        .collect();
    (
        params.len(),
        params.iter().any(|param| param.named_children().count() > 1),
    )
}

pub(super) struct Layer<'s> {
    pub style: &'s Style,
}

impl Layer<'_> {
    fn comma(&self) -> Doc {
        if_break(text(","), nil())
    }

    pub fn ty(&self, node: &Node<'_>, depth: usize) -> Doc {
        if depth > MAX_DEPTH {
            return text(squeezed(&node.text()));
        }
        let sub = |child: &Node<'_>| self.ty(child, depth + 1);
        let kids = || named(node);
        match &*node.kind() {
            "parenthesized_type" => match kids().first() {
                Some(inner) if needs_parens(inner, node) => concat([text("("), sub(inner), text(")")]),
                Some(inner) => sub(inner),
                None => nil(),
            },
            "union_type" => self.union(node, depth),
            "intersection_type" => self.intersection(node, depth),
            "generic_type" => match kids().as_slice() {
                [name, args] => concat([text(name.text()), self.type_args(args, depth)]),
                _ => text(squeezed(&node.text())),
            },
            "array_type" => match kids().first() {
                Some(element) => concat([sub(element), text("[]")]),
                None => nil(),
            },
            "tuple_type" => self.tuple(node, depth),
            "lookup_type" => match kids().as_slice() {
                [object, index] => concat([sub(object), text("["), sub(index), text("]")]),
                _ => text(squeezed(&node.text())),
            },
            "readonly_type" | "index_type_query" | "type_query" | "infer_type" | "optional_type"
            | "rest_type" | "type_predicate" | "asserts" | "literal_type" | "constraint" | "default_type" => {
                self.in_place(node, depth)
            }
            "function_type" | "constructor_type" => self.function(node, depth),
            "conditional_type" => self.conditional(node, depth),
            "object_type" => self.object(node, depth),
            "type_arguments" => self.type_args(node, depth),
            "type_parameters" => self.type_params(node, depth),
            "string" => text(self.string(&node.text())),
            "number" => text(node.text().to_ascii_lowercase()),
            _ => text(tight(&node.text())),
        }
    }

    /// Words and marks as they stand with single spaces, types inside laid out.
    fn in_place(&self, node: &Node<'_>, depth: usize) -> Doc {
        let mut out: Vec<Doc> = vec![];
        let mut end: Option<usize> = None;
        for child in node.children().filter(|child| child.kind() != "comment") {
            if end.is_some_and(|end| end < child.range().start) {
                out.push(text(" "));
            }
            end = Some(child.range().end);
            out.push(if child.is_named() {
                self.ty(&child, depth + 1)
            } else {
                text(child.text())
            });
        }
        if out.is_empty() {
            text(node.text())
        } else {
            concat(out)
        }
    }

    fn union(&self, node: &Node<'_>, depth: usize) -> Doc {
        let types = flatten(node, "union_type");
        let hug = hugs_union(&types);
        let docs = types.iter().map(|ty| {
            let doc = self.ty(ty, depth + 1);
            if hug { doc } else { Doc::Align(2, Box::new(doc)) }
        });
        if hug {
            return join(&text(" | "), docs);
        }
        let parent = node.parent();
        let parent_kind = parent
            .as_ref()
            .map(|parent| parent.kind().into_owned())
            .unwrap_or_default();
        let should_indent = !matches!(parent_kind.as_str(), "type_arguments" | "tuple_type");
        let code = concat([
            if_break(
                concat([if should_indent { Doc::Line } else { nil() }, text("| ")]),
                nil(),
            ),
            join(&concat([Doc::Line, text("| ")]), docs),
        ]);
        let in_parens = parent
            .as_ref()
            .is_some_and(|parent| parent.kind() == "parenthesized_type" && needs_parens(node, parent));
        if in_parens {
            return group(concat([indent(code), Doc::Soft]));
        }
        if parent_kind == "tuple_type" && parent.is_some_and(|parent| named(&parent).len() > 1) {
            let code = concat([if_break(concat([text("("), Doc::Soft]), nil()), group(code)]);
            return group(concat([indent(code), Doc::Soft, if_break(text(")"), nil())]));
        }
        group(if should_indent { indent(code) } else { code })
    }

    fn intersection(&self, node: &Node<'_>, depth: usize) -> Doc {
        let types = flatten(node, "intersection_type");
        let mut out = vec![];
        let mut was_indented = false;
        for (at, ty) in types.iter().enumerate() {
            let doc = self.ty(ty, depth + 1);
            if at == 0 {
                out.push(doc);
                continue;
            }
            match (is_object(&types[at - 1]), is_object(ty)) {
                (true, true) => out.push(concat([
                    text(" & "),
                    if was_indented { indent(doc) } else { doc },
                ])),
                (false, false) => out.push(indent(concat([text(" &"), Doc::Line, doc]))),
                _ => {
                    was_indented |= at > 1;
                    out.push(concat([text(" & "), if at > 1 { indent(doc) } else { doc }]));
                }
            }
        }
        group(concat(out))
    }

    fn type_args(&self, node: &Node<'_>, depth: usize) -> Doc {
        let args = named(node);
        let docs: Vec<Doc> = args.iter().map(|arg| self.ty(arg, depth + 1)).collect();
        let hugs = matches!(args.as_slice(), [only] if should_hug(only));
        if docs.is_empty() || hugs {
            return concat([text("<"), concat(docs), text(">")]);
        }
        let list = join(&concat([text(","), Doc::Line]), docs);
        group(concat([
            text("<"),
            indent(concat([Doc::Soft, list])),
            Doc::Soft,
            text(">"),
        ]))
    }

    pub fn type_params(&self, node: &Node<'_>, depth: usize) -> Doc {
        let params: Vec<Node<'_>> = named(node);
        let simple = matches!(params.as_slice(), [only] if named(only).len() == 1);
        let docs = params.iter().map(|param| {
            let mut out = vec![];
            for child in param.children().filter(|child| child.kind() != "comment") {
                match &*child.kind() {
                    "constraint" | "default_type" => {
                        let word = child
                            .child(0)
                            .map(|word| word.text().into_owned())
                            .unwrap_or_default();
                        let ty = named(&child).first().map_or(nil(), |ty| self.ty(ty, depth + 1));
                        out.push(text(format!(" {word} ")));
                        out.push(ty);
                    }
                    "const" | "in" | "out" => out.push(text(format!("{} ", child.text()))),
                    _ => out.push(text(child.text())),
                }
            }
            group(concat(out))
        });
        if simple {
            return concat([text("<"), concat(docs), text(">")]);
        }
        let list = join(&concat([text(","), Doc::Line]), docs);
        group(concat([
            text("<"),
            indent(concat([Doc::Soft, list])),
            self.comma(),
            Doc::Soft,
            text(">"),
        ]))
    }

    fn tuple(&self, node: &Node<'_>, depth: usize) -> Doc {
        let elements = named(node);
        if elements.is_empty() {
            return text("[]");
        }
        let rest_last = elements.last().is_some_and(|last| last.text().starts_with("..."));
        let docs = elements.iter().map(|element| {
            group(match &*element.kind() {
                "required_parameter" | "optional_parameter" => self.param(element, depth + 1).0,
                _ => self.ty(element, depth + 1),
            })
        });
        let list = join(&concat([text(","), Doc::Line]), docs);
        let comma = if rest_last { nil() } else { self.comma() };
        group(concat([
            text("["),
            indent(concat([Doc::Soft, list, comma])),
            Doc::Soft,
            text("]"),
        ]))
    }

    /// A parameter and whether its type is an object.
    fn param(&self, node: &Node<'_>, depth: usize) -> (Doc, bool) {
        let mut out = vec![];
        for child in node.children() {
            match &*child.kind() {
                "type_annotation" => {
                    let ty = annotated(&child);
                    out.push(text(": "));
                    out.extend(ty.as_ref().map(|ty| self.ty(ty, depth + 1)));
                }
                "accessibility_modifier" | "readonly" => out.push(text(format!("{} ", child.text()))),
                "comment" => {}
                _ => out.push(text(child.text())),
            }
        }
        let ty = node.field("type").and_then(|annotation| annotated(&annotation));
        (concat(out), ty.is_some_and(|ty| is_object(&ty)))
    }

    /// `(a: A, b: B)` of a type.
    pub fn params(&self, list: &Node<'_>, depth: usize) -> Doc {
        let params = named(list);
        let rest = params.last().is_some_and(|last| last.text().starts_with("..."));
        let docs: Vec<(Doc, bool)> = params.iter().map(|param| self.param(param, depth + 1)).collect();
        parameters(docs, rest)
    }

    fn function(&self, node: &Node<'_>, depth: usize) -> Doc {
        let mut out = vec![];
        for word in ["abstract", "new"] {
            if has_child(node, word) {
                out.push(text(format!("{word} ")));
            }
        }
        let generics = node.field("type_parameters");
        out.extend(generics.as_ref().map(|list| self.type_params(list, depth + 1)));
        let returns = node.field("return_type").or_else(|| node.field("type"));
        let doc = returns.as_ref().map_or(nil(), |ty| self.ty(ty, depth + 1));
        if let Some(list) = node.field("parameters") {
            let params = self.params(&list, depth);
            let constrained = generics.is_some_and(|list| {
                let params = named(&list);
                params.len() > 1 || params.iter().any(|param| named(param).len() > 1)
            });
            let alone = !constrained
                && named(&list).len() == 1
                && (returns.as_ref().is_some_and(is_object) || will_break(&doc));
            out.push(if alone { group(params) } else { params });
        }
        out.push(text(" => "));
        out.push(doc);
        group(concat(out))
    }

    fn conditional(&self, node: &Node<'_>, depth: usize) -> Doc {
        let part = |name: &str| node.field(name).map_or(nil(), |ty| self.ty(&ty, depth + 1));
        let is_chain = |name: &str| {
            let mut branch = node.field(name);
            while let Some(parens) = branch
                .as_ref()
                .filter(|branch| branch.kind() == "parenthesized_type")
            {
                branch = named(parens).first().cloned();
            }
            branch.is_some_and(|branch| branch.kind() == "conditional_type")
        };
        let mut outer = node.clone();
        while let Some(parens) = outer
            .parent()
            .filter(|parent| parent.kind() == "parenthesized_type")
        {
            outer = parens;
        }
        let parent = outer
            .parent()
            .filter(|parent| parent.kind() == "conditional_type");
        let is_in = |name: &str| {
            let branch = parent.as_ref().and_then(|parent| parent.field(name));
            branch.is_some_and(|branch| branch.node_id() == outer.node_id())
        };
        let in_chain = is_in("alternative");
        // A condition inside a branch breaks together with its parent.
        let nested = is_chain("consequence");
        let mark = |mark: &str| {
            if nested {
                if_break(nil(), text(mark))
            } else {
                nil()
            }
        };
        let consequence = part("consequence");
        let consequence = if nested {
            consequence
        } else {
            Doc::Align(2, Box::new(consequence))
        };
        let alternative = Doc::Align(2, Box::new(part("alternative")));
        let branches = concat([
            Doc::Line,
            text("? "),
            mark("("),
            consequence,
            mark(")"),
            Doc::Line,
            text(": "),
            alternative,
        ]);
        let code = concat([
            part("left"),
            text(" extends "),
            part("right"),
            if in_chain { branches } else { indent(branches) },
        ]);
        if in_chain || is_in("consequence") {
            code
        } else {
            group(code)
        }
    }
}

/// A parameter list from its parameters, each with whether its type is an object.
pub(super) fn parameters(params: Vec<(Doc, bool)>, rest_last: bool) -> Doc {
    if params.is_empty() {
        return text("()");
    }
    if let [(_, true)] = params.as_slice()
        && !rest_last
    {
        let only = params.into_iter().map(|(doc, _)| ungrouped(doc));
        return concat([text("("), concat(only), text(")")]);
    }
    let list = join(
        &concat([text(","), Doc::Line]),
        params.into_iter().map(|(doc, _)| doc),
    );
    let comma = if !rest_last {
        if_break(text(","), nil())
    } else {
        nil()
    };
    concat([
        text("("),
        indent(concat([Doc::Soft, list])),
        comma,
        Doc::Soft,
        text(")"),
    ])
}

/// A hugged object breaks together with the list round it.
fn ungrouped(doc: Doc) -> Doc {
    match doc {
        Doc::Concat(mut docs) => {
            if let Some(Doc::Group(..)) = docs.last()
                && let Some(Doc::Group(inner, _)) = docs.pop()
            {
                docs.push(match *inner {
                    // It does not keep the line breaks of its author, either.
                    Doc::Concat(parts) => concat(parts.into_iter().filter(|part| *part != Doc::BreakParent)),
                    other => other,
                });
            }
            Doc::Concat(docs)
        }
        other => other,
    }
}
