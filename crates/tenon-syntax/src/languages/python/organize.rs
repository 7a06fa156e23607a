//! The imports of a rendered file, merged, sorted and grouped at its top.

use crate::quotes;
use crate::style::Style;
use crate::tree::{Node, error_count};
use tenon_text::format::line_end;

use super::grammar::GRAMMAR;
use super::layout::{Wrap, print};
use super::order::{Rank, Sorting, key, rank};
use super::statement::{Name, Statement};

/// `source` (`\n` ends its lines) with the imports at its top in order, and the number of its syntax errors.
///
/// Imports that are parted by comments or other code stay as they are.
pub fn organize(source: &str, style: &Style) -> (String, usize) {
    let requoted;
    let source = if style.quote == '"' {
        requoted = quotes::requoted(&GRAMMAR, source, '"');
        &requoted
    } else {
        source
    };
    let tree = GRAMMAR.parse(source);
    let errors = error_count(&tree);
    let nodes: Vec<Node<'_>> = tree.root().children().collect();
    let Some(first) = nodes.iter().position(|node| Statement::of(node).is_some()) else {
        return (source.to_owned(), errors);
    };
    let mut statements: Vec<Statement> = nodes[first..].iter().map_while(Statement::of).collect();
    // What shares a line with a comment or other code stays there.
    let is_alone = |last: &Statement| {
        source[last.span.1..line_end(source, last.span.1)]
            .trim()
            .is_empty()
    };
    while statements.pop_if(|last| !is_alone(last)).is_some() {}
    let Some(last) = statements.last() else {
        return (source.to_owned(), errors);
    };
    let start = statements[0].span.0;
    let end = line_end(source, last.span.1);
    let block = printed(merged(&statements), style);
    (format!("{}{block}{}", &source[..start], &source[end..]), errors)
}

/// One statement for each module and form, each name once.
fn merged(statements: &[Statement]) -> Vec<(String, bool, Vec<Name>)> {
    let mut out: Vec<(String, bool, Vec<Name>)> = Vec::new();
    for statement in statements {
        for name in &statement.names {
            let module = if statement.from {
                &statement.module
            } else {
                &name.name
            };
            let known = out.iter_mut().find(|(known, from, names)| {
                known == module && *from == statement.from && (*from || names[0].alias == name.alias)
            });
            match known {
                Some((_, _, names)) if names.iter().any(|known| known.text() == name.text()) => {}
                Some((_, _, names)) => names.push(name.clone()),
                None => out.push((module.clone(), statement.from, vec![name.clone()])),
            }
        }
    }
    for (_, _, names) in &mut out {
        names.sort_by_key(|name| key(&name.name, Sorting::ByType));
    }
    out
}

fn printed(mut all: Vec<(String, bool, Vec<Name>)>, style: &Style) -> String {
    let rank_of = |module: &str| rank(module, &style.own_packages);
    all.sort_by_key(|(module, from, _)| (rank_of(module), *from, module.to_lowercase()));
    let wrap = if style.aligned_imports {
        Wrap::Aligned
    } else {
        Wrap::Hanging
    };
    let mut out = String::new();
    let mut before: Option<Rank> = None;
    for (module, from, names) in &all {
        let rank = rank_of(module);
        match before {
            Some(before) if before != rank => out.push_str("\n\n"),
            Some(_) => out.push('\n'),
            None => {}
        }
        before = Some(rank);
        if *from {
            let names: Vec<String> = names.iter().map(Name::text).collect();
            out.push_str(&print(module, &names, "", wrap, style, "\n"));
        } else {
            let text = names.first().map(Name::text).unwrap_or_default();
            out.push_str(&format!("import {text}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_last_import_stays() {
        for source in [
            "import b\nimport a  # why\n",
            "import b\nimport a; f()\n",
            "import a  # why\n",
        ] {
            assert_eq!(organize(source, &Style::default()), (source.to_owned(), 0));
        }
    }

    #[test]
    fn imports_are_merged_sorted_and_grouped() {
        let style = Style {
            indent: "    ".into(),
            own_packages: vec!["shop".into()],
            width: 50,
            ..Style::default()
        };
        let source = "\"\"\"Doc.\"\"\"\n\nfrom __future__ import annotations\nfrom shop.b import z\nfrom kit.db import models\nimport logging\nfrom shop.b import Y\nfrom kit.utils.translation import gettext_lazy as _\nfrom kit.utils.translation import gettext\n\n\nclass A: pass\n";
        let (text, errors) = organize(source, &style);
        assert_eq!(errors, 0);
        assert_eq!(
            text,
            "\"\"\"Doc.\"\"\"\n\nfrom __future__ import annotations\n\nimport logging\n\nfrom kit.db import models\nfrom kit.utils.translation import (\n    gettext,\n    gettext_lazy as _,\n)\n\nfrom shop.b import Y, z\n\n\nclass A: pass\n"
        );
    }
}
