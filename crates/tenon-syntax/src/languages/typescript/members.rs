//! Classes and interfaces of an outline, with their members as written.

use std::rc::Rc;

use oxc_ast::ast::{
    Class as ClassNode, ClassElement, Decorator, FormalParameters, MethodDefinition, MethodDefinitionKind,
    MethodDefinitionType, PropertyDefinition, PropertyDefinitionType, PropertyKey, TSAccessibility,
    TSInterfaceDeclaration, TSMethodSignature, TSMethodSignatureKind, TSPropertySignature, TSSignature,
    TSThisParameter, TSTypeAnnotation, TSTypeParameterDeclaration, TSTypeParameterInstantiation,
};
use oxc_span::GetSpan;

use crate::class::{Base, Class, Declared, Field, Parameter};
use crate::contract::{Accessor, Visibility};
use crate::sources::ExportKind;
use tenon_text::diag::Span;

use super::outline::{Content, Declaration, Members, Outline, Reader, TypeParameter};
use super::positions::{first_decorator, span};

impl Reader<'_> {
    /// Records a class; `statement` is all of it. Returns its name.
    pub(super) fn class(
        &self,
        class: &ClassNode<'_>,
        statement: Span,
        (exported, default): (bool, bool),
        out: &mut Outline,
    ) -> String {
        let (mut methods, mut fields, mut constructor) = (vec![], vec![], None);
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(node) => {
                    let method = self.method(node);
                    if node.kind == MethodDefinitionKind::Constructor {
                        fields.extend(method.params.iter().filter_map(field_of));
                        if constructor.is_none() || method.has_body {
                            constructor = Some(method.params.clone());
                        }
                    }
                    methods.push(method);
                }
                ClassElement::PropertyDefinition(node) => fields.push(self.field(node)),
                _ => {}
            }
        }
        let extends = class
            .heritage
            .as_ref()
            .map(|heritage| self.base(heritage.expression.span(), heritage.type_arguments.as_deref()));
        let args_of = |args: Option<&TSTypeParameterInstantiation<'_>>| self.arguments(args);
        let bases = class.heritage.iter();
        let bases = bases.map(|of| (self.slice(&of.expression), args_of(of.type_arguments.as_deref())));
        let bases = bases.collect();
        let implements = class.implements.iter();
        let implements = implements.map(|of| self.base(of.expression.span(), of.type_arguments.as_deref()));
        let read = Class {
            name: class
                .id
                .as_ref()
                .map(|name| name.name.to_string())
                .unwrap_or_default(),
            name_span: class
                .id
                .as_ref()
                .map_or(Span::at(class.span.start as usize), |name| span(name.span)),
            generics: class.type_parameters.as_ref().map(|list| self.slice(&**list)),
            extends,
            implements: implements.collect(),
            decorators: self.decorators(&class.decorators),
            exported,
            default,
            is_abstract: class.r#abstract,
            methods,
            fields,
            constructor,
            body: span(class.body.span),
            span: statement,
            ..Class::default()
        };
        let kind = if class.r#abstract {
            ExportKind::AbstractClass
        } else {
            ExportKind::Class
        };
        let parameters = class.type_parameters.as_deref();
        self.declare_members(read, kind, span(class.span), (parameters, bases), out)
    }

    /// Records an interface; `statement` is all of it. Returns its name.
    pub(super) fn interface(
        &self,
        interface: &TSInterfaceDeclaration<'_>,
        statement: Span,
        out: &mut Outline,
    ) -> String {
        let (mut methods, mut fields) = (vec![], vec![]);
        for member in &interface.body.body {
            match member {
                TSSignature::TSMethodSignature(node) => methods.push(self.method_signature(node)),
                TSSignature::TSPropertySignature(node) => fields.push(self.property_signature(node)),
                _ => {}
            }
        }
        let extends = interface.extends.iter();
        let bases = extends.clone().map(|of| {
            (
                self.slice(&of.type_name),
                self.arguments(of.type_arguments.as_deref()),
            )
        });
        let bases = bases.collect();
        let implements = extends.map(|of| self.base(of.type_name.span(), of.type_arguments.as_deref()));
        let read = Class {
            name: interface.id.name.to_string(),
            name_span: span(interface.id.span),
            generics: interface.type_parameters.as_ref().map(|list| self.slice(&**list)),
            implements: implements.collect(),
            methods,
            fields,
            body: span(interface.body.span),
            span: statement,
            ..Class::default()
        };
        let parameters = interface.type_parameters.as_deref();
        self.declare_members(
            read,
            ExportKind::Interface,
            span(interface.span),
            (parameters, bases),
            out,
        )
    }

    fn declare_members(
        &self,
        class: Class,
        kind: ExportKind,
        at: Span,
        (parameters, bases): (
            Option<&TSTypeParameterDeclaration<'_>>,
            Vec<(String, Vec<String>)>,
        ),
        out: &mut Outline,
    ) -> String {
        let name = if class.name.is_empty() {
            "default".to_owned()
        } else {
            class.name.clone()
        };
        let declaration = Declaration {
            kind,
            span: at,
            doc: self.doc_before(class.span.start),
            content: Content::Members(Rc::new(Members {
                class: Rc::new(class),
                type_parameters: self.type_parameters(parameters),
                bases,
            })),
        };
        out.declare(&name, declaration);
        name
    }

    fn method(&self, node: &MethodDefinition<'_>) -> Declared {
        let start = first_decorator(&node.decorators, node.span.start as usize);
        let function = &node.value;
        Declared {
            name: self.key(&node.key, node.computed),
            doc: self.doc_before(start),
            generics: function.type_parameters.as_ref().map(|list| self.slice(&**list)),
            params: self.parameters(&function.params, function.this_param.as_deref()),
            returns: self.annotation(function.return_type.as_deref()),
            is_async: function.r#async,
            is_static: node.r#static,
            is_abstract: node.r#type == MethodDefinitionType::TSAbstractMethodDefinition,
            optional: node.optional,
            has_body: function.body.is_some(),
            visibility: visibility(node.accessibility, &node.key),
            accessor: match node.kind {
                MethodDefinitionKind::Get => Some(Accessor::Get),
                MethodDefinitionKind::Set => Some(Accessor::Set),
                _ => None,
            },
            decorators: self.decorators(&node.decorators),
            span: self.member(start, node.span),
            ..Declared::default()
        }
    }

    fn field(&self, node: &PropertyDefinition<'_>) -> Field {
        let start = first_decorator(&node.decorators, node.span.start as usize);
        Field {
            name: self.key(&node.key, node.computed),
            doc: self.doc_before(start),
            ty: self.annotation(node.type_annotation.as_deref()),
            optional: node.optional,
            readonly: node.readonly,
            is_static: node.r#static,
            is_abstract: node.r#type == PropertyDefinitionType::TSAbstractPropertyDefinition,
            visibility: visibility(node.accessibility, &node.key),
            decorators: self.decorators(&node.decorators),
            span: self.member(start, node.span),
        }
    }

    fn method_signature(&self, node: &TSMethodSignature<'_>) -> Declared {
        Declared {
            name: self.key(&node.key, node.computed),
            doc: self.doc_before(node.span.start as usize),
            generics: node.type_parameters.as_ref().map(|list| self.slice(&**list)),
            params: self.parameters(&node.params, node.this_param.as_deref()),
            returns: self.annotation(node.return_type.as_deref()),
            optional: node.optional,
            has_body: false,
            accessor: match node.kind {
                TSMethodSignatureKind::Method => None,
                TSMethodSignatureKind::Get => Some(Accessor::Get),
                TSMethodSignatureKind::Set => Some(Accessor::Set),
            },
            span: self.member(node.span.start as usize, node.span),
            ..Declared::default()
        }
    }

    fn property_signature(&self, node: &TSPropertySignature<'_>) -> Field {
        Field {
            name: self.key(&node.key, node.computed),
            doc: self.doc_before(node.span.start as usize),
            ty: self.annotation(node.type_annotation.as_deref()),
            optional: node.optional,
            readonly: node.readonly,
            is_static: false,
            is_abstract: false,
            visibility: Visibility::Public,
            decorators: vec![],
            span: self.member(node.span.start as usize, node.span),
        }
    }

    /// A member from `start` on, without the mark that ends it.
    fn member(&self, start: usize, whole: oxc_span::Span) -> Span {
        let text = self.slice(&whole);
        let tail = text.len() - text.trim_end_matches([';', ',']).trim_end().len();
        Span::new(start, whole.end as usize - tail)
    }

    fn key(&self, key: &PropertyKey<'_>, computed: bool) -> String {
        let text = self.slice(key);
        if computed { format!("[{text}]") } else { text }
    }

    fn annotation(&self, annotation: Option<&TSTypeAnnotation<'_>>) -> Option<String> {
        annotation.map(|of| self.slice(&of.type_annotation))
    }

    fn decorators(&self, all: &[Decorator<'_>]) -> Vec<String> {
        all.iter().map(|decorator| self.slice(decorator)).collect()
    }

    fn base(&self, name: oxc_span::Span, args: Option<&TSTypeParameterInstantiation<'_>>) -> Base {
        let end = args.map_or(name.end, |args| args.span.end);
        Base {
            name: self.slice(&name),
            args: args.map(|args| self.slice(args)),
            span: Span::new(name.start as usize, end as usize),
        }
    }

    fn arguments(&self, args: Option<&TSTypeParameterInstantiation<'_>>) -> Vec<String> {
        let all = args.into_iter().flat_map(|args| &args.params);
        all.map(|arg| self.slice(arg)).collect()
    }

    pub(super) fn type_parameters(
        &self,
        list: Option<&TSTypeParameterDeclaration<'_>>,
    ) -> Vec<TypeParameter> {
        let all = list.into_iter().flat_map(|list| &list.params);
        all.map(|parameter| TypeParameter {
            name: parameter.name.name.to_string(),
            default: parameter.default.as_ref().map(|default| self.slice(default)),
        })
        .collect()
    }

    fn parameters(&self, list: &FormalParameters<'_>, this: Option<&TSThisParameter<'_>>) -> Vec<Parameter> {
        let plain = |name: String, ty: Option<&TSTypeAnnotation<'_>>, at| Parameter {
            name,
            ty: self.annotation(ty),
            optional: false,
            rest: false,
            default: None,
            field: None,
            decorators: vec![],
            span: span(at),
        };
        let this = this.map(|this| plain("this".to_owned(), this.type_annotation.as_deref(), this.span));
        let items = list.items.iter().map(|item| Parameter {
            optional: item.optional,
            default: item.initializer.as_ref().map(|value| self.slice(&**value)),
            field: (item.accessibility.is_some() || item.readonly)
                .then(|| (access(item.accessibility), item.readonly)),
            decorators: self.decorators(&item.decorators),
            ..plain(
                self.slice(&item.pattern),
                item.type_annotation.as_deref(),
                item.span,
            )
        });
        let rest = list.rest.iter().map(|rest| Parameter {
            rest: true,
            decorators: self.decorators(&rest.decorators),
            ..plain(
                self.slice(&rest.rest.argument),
                rest.type_annotation.as_deref(),
                rest.span,
            )
        });
        this.into_iter().chain(items).chain(rest).collect()
    }
}

fn access(modifier: Option<TSAccessibility>) -> Visibility {
    match modifier {
        Some(TSAccessibility::Private) => Visibility::Private,
        Some(TSAccessibility::Protected) => Visibility::Protected,
        Some(TSAccessibility::Public) | None => Visibility::Public,
    }
}

fn visibility(modifier: Option<TSAccessibility>, key: &PropertyKey<'_>) -> Visibility {
    match key {
        PropertyKey::PrivateIdentifier(_) => Visibility::Private,
        _ => access(modifier),
    }
}

/// The field that a constructor's parameter declares.
fn field_of(parameter: &Parameter) -> Option<Field> {
    let (visibility, readonly) = parameter.field?;
    Some(Field {
        name: parameter.name.clone(),
        doc: vec![],
        ty: parameter.ty.clone(),
        optional: parameter.optional,
        readonly,
        is_static: false,
        is_abstract: false,
        visibility,
        decorators: parameter.decorators.clone(),
        span: parameter.span,
    })
}
