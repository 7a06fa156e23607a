//! Members of a contract: signatures with types as written outside, and the way round types without a name.

use std::rc::Rc;

use crate::class::{Declared, Field, Parameter};
use crate::contract::{Accessor, Import, Method, Param, Property, Signature, Visibility};
use tenon_text::diag::Result;

use super::names::Hidden;
use super::package::Module;
use super::parts::{models, type_parameter_names};
use super::read::{Reader, refusal};
use super::rewrite::Scope;

impl Reader<'_, '_> {
    pub fn constructor(
        &mut self,
        module: &Rc<Module>,
        raw: &Declared,
        scope: &Scope,
    ) -> Result<(Vec<Param>, Vec<Import>)> {
        let mut params = vec![];
        for (at, param) in raw.params.iter().enumerate() {
            let fallback = (!self.generic && raw.visibility == Visibility::Public).then_some(Fallback {
                head: "ConstructorParameters<typeof ",
                tail: format!(">[{at}]"),
                member: None,
            });
            params.push(self.param(module, param, at, scope, fallback)?);
        }
        Ok((params, self.rewriter.take_imports()))
    }

    pub fn property(
        &mut self,
        module: &Rc<Module>,
        raw: &Field,
        scope: &Scope,
        is_interface: bool,
    ) -> Result<Property> {
        let fallback =
            (!self.generic && raw.visibility == Visibility::Public && !raw.is_static).then(|| Fallback {
                head: "",
                tail: String::new(),
                member: Some(raw.name.clone()),
            });
        let ty = match &raw.ty {
            Some(ty) => Some(self.ty(module, ty, scope, fallback)?),
            None => None,
        };
        Ok(Property {
            name: raw.name.clone(),
            doc: raw.doc.clone(),
            ty,
            optional: raw.optional,
            readonly: raw.readonly,
            required: (is_interface || raw.is_abstract) && !raw.optional,
            is_static: raw.is_static,
            visibility: raw.visibility,
            imports: self.rewriter.take_imports(),
            span: raw.span,
        })
    }

    pub fn method(
        &mut self,
        module: &Rc<Module>,
        group: &[&Declared],
        scope: &Scope,
        is_interface: bool,
    ) -> Result<Method> {
        let first = group.iter().find(|raw| raw.has_body).unwrap_or(&group[0]);
        let signatures: Vec<&Declared> = group
            .iter()
            .copied()
            .filter(|raw| group.len() == 1 || !raw.has_body)
            .collect();
        let mut overloads = vec![];
        for raw in &signatures {
            overloads.push(self.signature(module, raw, scope, signatures.len() == 1)?);
        }
        let main = if signatures.len() == 1 && !signatures[0].has_body && first.has_body {
            self.signature(module, first, scope, false)?
        } else {
            overloads.first().cloned().unwrap_or_default()
        };
        if overloads.len() == 1 && !first.has_body || signatures.len() == group.len() && group.len() == 1 {
            overloads.clear();
        }
        let imports = self.rewriter.take_imports();
        let models = match &self.rewriter.top {
            Some(top) => models(&main, &imports, self.rewriter.package.specifier(), top),
            None => vec![],
        };
        let is_promise = main
            .returns
            .as_deref()
            .is_some_and(|ty| ty.starts_with("Promise<"));
        Ok(Method {
            name: first.name.clone(),
            doc: group
                .iter()
                .find(|raw| !raw.doc.is_empty())
                .map(|raw| raw.doc.clone())
                .unwrap_or_default(),
            generics: main.generics,
            params: main.params,
            returns: main.returns,
            is_async: first.is_async || is_promise,
            required: (is_interface || group.iter().any(|raw| raw.is_abstract)) && !first.optional,
            is_static: first.is_static,
            visibility: first.visibility,
            accessor: first.accessor,
            overloads,
            models,
            imports,
            file: module.path.clone(),
            span: first.span,
            ..Method::default()
        })
    }

    fn signature(
        &mut self,
        module: &Rc<Module>,
        raw: &Declared,
        scope: &Scope,
        alone: bool,
    ) -> Result<Signature> {
        let mut bound = scope.clone();
        let mut generics = None;
        if let Some(list) = &raw.generics {
            bound.extend(type_parameter_names(list).into_iter().map(|name| (name, None)));
            let text = self.generics(module, list, &bound);
            generics = Some(text.map_err(|hidden| refusal(&hidden, &self.path.join(".")))?);
        }
        let indexable = alone
            && !self.generic
            && generics.is_none()
            && !raw.is_static
            && raw.accessor.is_none()
            && raw.visibility == Visibility::Public;
        let mut params = vec![];
        for (at, param) in raw.params.iter().enumerate() {
            let fallback = indexable.then(|| Fallback {
                head: if raw.optional {
                    "Parameters<NonNullable<"
                } else {
                    "Parameters<"
                },
                tail: if raw.optional {
                    format!(">>[{at}]")
                } else {
                    format!(">[{at}]")
                },
                member: Some(raw.name.clone()),
            });
            params.push(self.param(module, param, at, &bound, fallback)?);
        }
        let fallback = indexable.then(|| Fallback {
            head: if raw.optional {
                "ReturnType<NonNullable<"
            } else {
                "ReturnType<"
            },
            tail: if raw.optional { ">>" } else { ">" }.to_owned(),
            member: Some(raw.name.clone()),
        });
        let returns = match &raw.returns {
            Some(ty) => Some(self.ty(module, ty, &bound, fallback)?),
            None if raw.has_body || raw.accessor == Some(Accessor::Set) => None,
            None => Some("any".to_owned()),
        };
        Ok(Signature {
            generics,
            params,
            returns,
        })
    }

    fn param(
        &mut self,
        module: &Rc<Module>,
        raw: &Parameter,
        at: usize,
        scope: &Scope,
        fallback: Option<Fallback>,
    ) -> Result<Param> {
        let rest = raw.rest;
        let fallback = fallback.map(|mut fallback| {
            if rest && fallback.tail.ends_with(']') {
                // The rest of a parameter tuple has no index; its type is the array of what stands there.
                fallback.tail.push_str("[]");
            }
            fallback
        });
        let ty = match &raw.ty {
            Some(ty) => Some(self.ty(module, ty, scope, fallback)?),
            None => None,
        };
        let is_name = raw
            .name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '$');
        Ok(Param {
            name: if is_name {
                raw.name.clone()
            } else {
                format!("arg{at}")
            },
            ty,
            optional: raw.optional,
            rest,
            default: raw.default.clone(),
        })
    }

    fn ty(
        &mut self,
        module: &Rc<Module>,
        ty: &str,
        scope: &Scope,
        fallback: Option<Fallback>,
    ) -> Result<String> {
        match (self.rewriter.rewrite(module, ty, scope), fallback) {
            (Ok(text), _) => Ok(text.text),
            (Err(_), Some(fallback)) => {
                let path = self.path.clone();
                let mut text = format!("{}{}", fallback.head, self.rewriter.public(&path));
                if let Some(member) = fallback.member {
                    let quoted = if member.starts_with(['\'', '"']) {
                        member
                    } else {
                        format!("'{member}'")
                    };
                    text.push_str(&format!("[{quoted}]"));
                }
                Ok(text + &fallback.tail)
            }
            (Err(hidden), None) => Err(refusal(&hidden, &self.path.join("."))),
        }
    }

    pub fn generics(
        &mut self,
        module: &Rc<Module>,
        list: &str,
        scope: &Scope,
    ) -> std::result::Result<String, Hidden> {
        self.rewriter.rewrite_list(module, list, scope)
    }
}

/// How a type that has no public name is written by way of the member that uses it.
struct Fallback {
    head: &'static str,
    tail: String,
    member: Option<String>,
}
