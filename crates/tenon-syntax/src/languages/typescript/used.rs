//! The modules that a file names, wherever it does.

use oxc_ast::ast::{
    CallExpression, ExportAllDeclaration, ExportFromDeclaration, Expression, ImportDeclaration,
    ImportExpression, Program, StringLiteral, TSExternalModuleReference, TSImportType,
};
use oxc_ast_visit::{Visit, walk};

use crate::sources::Used;

use super::positions::span;

/// The modules that a file names, in order: imports and re-exports, `import(…)`, `require(…)`, and types.
pub(super) fn modules_of(program: &Program<'_>) -> Vec<Used> {
    let mut modules = Modules(vec![]);
    modules.visit_program(program);
    modules.0.sort_by_key(|used| used.span.start);
    modules.0
}

struct Modules(Vec<Used>);

impl Modules {
    fn add(&mut self, literal: &StringLiteral<'_>) {
        self.0.push(Used {
            names: vec![],
            specifier: literal.value.to_string(),
            span: span(literal.span),
        });
    }
}

impl<'a> Visit<'a> for Modules {
    fn visit_import_declaration(&mut self, import: &ImportDeclaration<'a>) {
        self.add(&import.source);
    }

    fn visit_export_all_declaration(&mut self, all: &ExportAllDeclaration<'a>) {
        self.add(&all.source);
    }

    fn visit_export_from_declaration(&mut self, from: &ExportFromDeclaration<'a>) {
        self.add(&from.source);
    }

    fn visit_ts_external_module_reference(&mut self, module: &TSExternalModuleReference<'a>) {
        self.add(&module.expression);
    }

    fn visit_ts_import_type(&mut self, import: &TSImportType<'a>) {
        self.add(&import.source);
        walk::walk_ts_import_type(self, import);
    }

    fn visit_import_expression(&mut self, import: &ImportExpression<'a>) {
        if let Expression::StringLiteral(source) = &import.source {
            self.add(source);
        }
        walk::walk_import_expression(self, import);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let is_require = matches!(&call.callee, Expression::Identifier(name) if name.name == "require");
        let first = call.arguments.first().and_then(|first| first.as_expression());
        if let Some(Expression::StringLiteral(source)) = first.filter(|_| is_require) {
            self.add(source);
        }
        walk::walk_call_expression(self, call);
    }
}
