//! What one TypeScript file declares, as written: classes, their members, their decorators, with positions.
//!
//! No other file is read and no type is resolved. Broken code gives what can be read of it.

use crate::class::{Base, Class, Declared, Field, Parameter};
use crate::contract::Visibility;
use crate::tree::Node;
use tenon_text::diag::Span;

use super::members::{Member, RawField, RawMethod, RawParam, decorators_in, members};
use super::module::{child_of_kind, has_child};

/// All classes of a file, nested ones too, in source order.
#[cfg(test)]
pub fn classes(source: &str) -> Vec<Class> {
    let tree = crate::tree::Grammar::TypeScript.parse(source);
    let root = tree.root();
    let mut out = vec![];
    for node in root.dfs() {
        let is_class = matches!(
            &*node.kind(),
            "class_declaration" | "abstract_class_declaration" | "class"
        );
        if is_class
            && node.is_named()
            && let Some(body) = node.field("body")
        {
            out.push(class_of(&node, &body));
        }
    }
    out
}

/// The class at `node`, whose body is `body`.
pub(super) fn class_of(node: &Node<'_>, body: &Node<'_>) -> Class {
    let mut outer = node.clone();
    let mut exported = false;
    let mut default = false;
    let mut decorators = decorators_in(node);
    while let Some(parent) = outer.parent() {
        match &*parent.kind() {
            "ambient_declaration" => {}
            "export_statement" => {
                exported = true;
                default = has_child(&parent, "default");
                decorators.extend(decorators_in(&parent));
            }
            _ => break,
        }
        outer = parent;
    }
    let name = node.field("name");
    let (mut methods, mut fields, mut constructor) = (vec![], vec![], None);
    for member in members(body) {
        match member {
            Member::Method(raw) => {
                let method = declared(&raw);
                if raw.name == "constructor" {
                    let of = |param: &RawParam<'_>, access: (Visibility, bool)| field_of(param, access);
                    fields.extend(
                        raw.params
                            .iter()
                            .filter_map(|param| Some(of(param, param.field?))),
                    );
                    if constructor.is_none() || raw.has_body {
                        constructor = Some(method.params.clone());
                    }
                }
                methods.push(method);
            }
            Member::Field(raw) => fields.push(field(&raw)),
        }
    }
    let heritage = child_of_kind(node, "class_heritage");
    let clause = |kind: &str| {
        heritage
            .as_ref()
            .and_then(|heritage| child_of_kind(heritage, kind))
    };
    Class {
        name: name
            .as_ref()
            .map(|name| name.text().into_owned())
            .unwrap_or_default(),
        name_span: name.map_or(Span::at(node.range().start), |name| name.range().into()),
        generics: node.field("type_parameters").map(|list| list.text().into_owned()),
        extends: clause("extends_clause").and_then(|clause| bases(&clause).into_iter().next()),
        implements: clause("implements_clause")
            .map(|clause| bases(&clause))
            .unwrap_or_default(),
        decorators,
        exported,
        default,
        is_abstract: node.kind() == "abstract_class_declaration",
        methods,
        fields,
        constructor,
        body: body.range().into(),
        span: outer.range().into(),
    }
}

fn bases(clause: &Node<'_>) -> Vec<Base> {
    let mut out: Vec<Base> = vec![];
    for child in clause.named_children() {
        let span = Span::from(child.range());
        match &*child.kind() {
            "comment" => {}
            "type_arguments" => {
                if let Some(last) = out.last_mut() {
                    last.args = Some(child.text().into_owned());
                    last.span.end = span.end;
                }
            }
            "generic_type" => {
                let mut parts = child.named_children();
                let name = parts
                    .next()
                    .map(|name| name.text().into_owned())
                    .unwrap_or_default();
                out.push(Base {
                    name,
                    args: parts.next().map(|args| args.text().into_owned()),
                    span,
                });
            }
            _ => out.push(Base {
                name: child.text().into_owned(),
                args: None,
                span,
            }),
        }
    }
    out
}

fn declared(raw: &RawMethod<'_>) -> Declared {
    Declared {
        name: raw.name.clone(),
        generics: raw.type_params.as_ref().map(|list| list.text().into_owned()),
        params: raw.params.iter().map(parameter).collect(),
        returns: raw.returns.as_ref().map(|ty| ty.text().into_owned()),
        is_async: raw.is_async,
        is_static: raw.is_static,
        is_abstract: raw.is_abstract,
        has_body: raw.has_body,
        visibility: raw.visibility,
        accessor: raw.accessor,
        decorators: raw.decorators.clone(),
        span: raw.span,
    }
}

fn parameter(raw: &RawParam<'_>) -> Parameter {
    Parameter {
        name: raw.name.clone(),
        ty: raw.ty.as_ref().map(|ty| ty.text().into_owned()),
        optional: raw.optional,
        rest: raw.rest,
        default: raw.default.as_ref().map(|value| value.text().into_owned()),
        field: raw.field,
        decorators: raw.decorators.clone(),
        span: raw.span,
    }
}

fn field_of(raw: &RawParam<'_>, (visibility, readonly): (Visibility, bool)) -> Field {
    Field {
        name: raw.name.clone(),
        ty: raw.ty.as_ref().map(|ty| ty.text().into_owned()),
        readonly,
        is_static: false,
        is_abstract: false,
        visibility,
        decorators: raw.decorators.clone(),
        span: raw.span,
    }
}

fn field(raw: &RawField<'_>) -> Field {
    Field {
        name: raw.name.clone(),
        ty: raw.ty.as_ref().map(|ty| ty.text().into_owned()),
        readonly: raw.readonly,
        is_static: raw.is_static,
        is_abstract: raw.is_abstract,
        visibility: raw.visibility,
        decorators: raw.decorators.clone(),
        span: raw.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Accessor;

    const SOURCE: &str = "\
@Marked()
export class TicketService extends Tickets.Service<A> implements OnInit, Store<B> {
  @Input() private readonly name: string = 'x';
  constructor(private readonly http: HttpService, @Inject(X) y?: Y, ...z: Z[]) { super(); }
  @Get(':id') async get<T>(id: string, n = 1): Promise<T> { return 1; }
  static make(): void {}
  get open(): boolean { return true; }
  #secret() {}
}
abstract class Base { abstract run(): void; protected stop(): void {} }
export default class extends Base {}
declare class Ambient { m(a: string): void; m(a: number): void; }
";

    #[test]
    fn classes_are_read_with_all_their_parts() {
        let classes = classes(SOURCE);
        let names: Vec<&str> = classes.iter().map(|class| class.name.as_str()).collect();
        assert_eq!(names, ["TicketService", "Base", "", "Ambient"]);
        let first = &classes[0];
        assert_eq!(
            &SOURCE[first.name_span.start..first.name_span.end],
            "TicketService"
        );
        assert!(SOURCE[first.span.start..].starts_with("@Marked()"));
        assert_eq!(first.decorators, ["@Marked()"]);
        let base = first.extends.as_ref().unwrap();
        assert_eq!(
            (base.name.as_str(), base.args.as_deref()),
            ("Tickets.Service", Some("<A>"))
        );
        let implemented: Vec<&str> = first.implements.iter().map(|base| base.name.as_str()).collect();
        assert_eq!(implemented, ["OnInit", "Store"]);
        assert!(first.exported && !first.default && !first.is_abstract);
        let params = first.constructor.as_ref().unwrap();
        assert_eq!(params[0].field, Some((Visibility::Private, true)));
        assert_eq!(params[0].ty.as_deref(), Some("HttpService"));
        assert!(params[1].optional && params[2].rest);
        assert_eq!(params[1].decorators, ["@Inject(X)"]);
        let fields: Vec<&str> = first.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(fields, ["name", "http"]);
    }

    #[test]
    fn methods_keep_their_signatures_as_written() {
        let classes = classes(SOURCE);
        let get = classes[0].method("get").unwrap();
        assert_eq!(get.generics.as_deref(), Some("<T>"));
        assert_eq!(get.returns.as_deref(), Some("Promise<T>"));
        assert_eq!(get.params[1].default.as_deref(), Some("1"));
        assert_eq!(get.decorators, ["@Get(':id')"]);
        assert!(SOURCE[get.span.start..].starts_with("@Get"));
        assert!(get.is_async && get.has_body);
        let names: Vec<&str> = classes[0]
            .methods
            .iter()
            .map(|method| method.name.as_str())
            .collect();
        assert_eq!(names, ["constructor", "get", "make", "open", "#secret"]);
        assert!(classes[0].method("make").is_none());
        assert_eq!(classes[0].methods[3].accessor, Some(Accessor::Get));
        assert_eq!(classes[0].methods[4].visibility, Visibility::Private);
        assert!(classes[1].methods[0].is_abstract && classes[1].is_abstract);
        assert!(classes[2].default);
        assert_eq!(classes[3].methods.len(), 2);
    }

    #[test]
    fn broken_code_gives_what_can_be_read() {
        let classes = classes("export class A extends { m( { x: }\n}\nclass B { ok(): void {} }\nclass");
        assert!(
            classes
                .iter()
                .any(|class| class.name == "B" && class.method("ok").is_some())
        );
        for end in 0..SOURCE.len() {
            super::classes(&SOURCE[..end]);
        }
    }
}
