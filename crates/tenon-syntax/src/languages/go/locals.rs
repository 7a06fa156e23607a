//! Variables of functions that nothing uses any more: the compiler refuses them, so they go with what used them.

use std::collections::BTreeSet;

use super::grammar::GRAMMAR;
use crate::tree::Node;
use tenon_text::diag::{Draft, Span, TextEdit};
use tenon_text::format::{line_end, line_start};

/// How often declarations are looked through: each may have been the only use of another.
const MAX_ROUNDS: usize = 32;

/// Removes the variables of functions that only `removed`, which is no longer in the text, used; all the text that went.
///
/// A variable that is declared together with others that are used becomes `_`. What is called to give it its value is then called
/// all the same.
pub fn remove_unused(draft: &mut Draft, removed: &str) -> String {
    let mut gone = removed.to_owned();
    for _ in 0..MAX_ROUNDS {
        let Some((edit, taken)) = next(draft.text(), &gone) else {
            break;
        };
        if draft.apply(&[edit]).is_err() {
            break;
        }
        gone.push('\n');
        gone.push_str(&taken);
    }
    remove_hollow(draft);
    gone
}

/// Removes the blocks that hold no statement any more, with their comments.
fn remove_hollow(draft: &mut Draft) {
    let before = hollow(draft.original());
    for _ in 0..MAX_ROUNDS {
        let now = hollow(draft.text());
        if now.len() <= before.len() {
            break;
        }
        let of = |source: &str, span: &Span| source[span.range()].to_owned();
        let is_old = |at: usize| {
            before.get(at).map(|span| of(draft.original(), span))
                == now.get(at).map(|span| of(draft.text(), span))
        };
        let Some(new) = (0..now.len()).find(|at| !is_old(*at)) else {
            break;
        };
        let Some(span) = lines(draft.text(), now[new]) else {
            break;
        };
        if draft.apply(&[TextEdit::replace(span, "")]).is_err() {
            break;
        }
    }
}

/// The blocks among other statements that hold none.
fn hollow(source: &str) -> Vec<Span> {
    let tree = GRAMMAR.parse(source);
    let is_bare = |node: &Node<'_>| {
        node.kind() == "block"
            && node
                .parent()
                .is_some_and(|parent| matches!(&*parent.kind(), "statement_list" | "block"))
    };
    let holds_none = |node: &Node<'_>| {
        let mut inside = node.dfs().skip(1).filter(Node::is_named);
        inside.all(|inner| matches!(&*inner.kind(), "comment" | "statement_list"))
    };
    let root = tree.root();
    let all = root.dfs().filter(|node| is_bare(node) && holds_none(node));
    all.map(|node| node.range().into()).collect()
}

/// The edit that takes the first variable away that `gone` used and nothing else does, and what it takes.
fn next(source: &str, gone: &str) -> Option<(TextEdit, String)> {
    let words: BTreeSet<&str> = gone
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let tree = GRAMMAR.parse(source);
    let root = tree.root();
    let functions = root
        .children()
        .filter(|child| matches!(&*child.kind(), "function_declaration" | "method_declaration"));
    for function in functions {
        let Some(body) = function.field("body") else {
            continue;
        };
        for node in body.dfs() {
            let edit = match &*node.kind() {
                "var_spec" => spec(source, &body, &node, &words),
                "short_var_declaration" => short(source, &body, &node, &words),
                _ => None,
            };
            if edit.is_some() {
                return edit;
            }
        }
    }
    None
}

/// Whether nothing but `declared` itself names it in the function, and what is gone did.
fn is_unused(body: &Node<'_>, declared: &Node<'_>, words: &BTreeSet<&str>) -> bool {
    let name = declared.text();
    words.contains(&*name)
        && !body.dfs().any(|node| {
            node.kind() == "identifier" && node.text() == name && node.range() != declared.range()
        })
}

/// The lines of a declaration that stands alone on them, with the comments directly above.
fn lines(source: &str, span: Span) -> Option<Span> {
    let (mut start, end) = (line_start(source, span.start), line_end(source, span.end));
    if !source[start..span.start].trim().is_empty() || !source[span.end..end].trim().is_empty() {
        return None;
    }
    while start > 0 {
        let above = line_start(source, start - 1);
        if !source[above..start].trim_start().starts_with("//") {
            break;
        }
        start = above;
    }
    let mut end = end + usize::from(end < source.len());
    // Of two blank lines one stays, and none at the beginning of a block.
    let blank = |line: &str| line.trim().is_empty();
    let before = &source[line_start(source, start.saturating_sub(1))..start];
    let after = &source[end..line_end(source, end)];
    let opens = before.trim_end().ends_with(['(', '{']);
    if (blank(before) || opens) && blank(after) && end < source.len() {
        end = (line_end(source, end) + 1).min(source.len());
    }
    Some(Span::new(start, end))
}

fn spec(
    source: &str,
    body: &Node<'_>,
    node: &Node<'_>,
    words: &BTreeSet<&str>,
) -> Option<(TextEdit, String)> {
    let names: Vec<Node<'_>> = node
        .children()
        .take_while(|child| matches!(&*child.kind(), "identifier" | ","))
        .filter(|child| child.kind() == "identifier")
        .collect();
    let [only] = names.as_slice() else { return None };
    if !is_unused(body, only, words) {
        return None;
    }
    // The last of a block takes the block along.
    let mut whole = node.clone();
    while let Some(parent) = whole.parent() {
        let specs = parent.dfs().filter(|child| child.kind() == "var_spec").count();
        if specs > 1 || !matches!(&*parent.kind(), "var_spec_list" | "var_declaration") {
            break;
        }
        whole = parent;
    }
    let span = lines(source, whole.range().into())?;
    Some((TextEdit::replace(span, ""), node.text().into_owned()))
}

fn short(
    source: &str,
    body: &Node<'_>,
    node: &Node<'_>,
    words: &BTreeSet<&str>,
) -> Option<(TextEdit, String)> {
    // One in the head of an `if` or a loop is part of it.
    if node
        .parent()
        .is_none_or(|parent| parent.kind() != "statement_list")
    {
        return None;
    }
    let left = node.field("left")?;
    let names: Vec<Node<'_>> = left
        .children()
        .filter(|child| child.kind() == "identifier")
        .collect();
    let at = names.iter().position(|name| is_unused(body, name, words))?;
    if names.len() == 1 {
        let span = lines(source, node.range().into())?;
        return Some((TextEdit::replace(span, ""), node.text().into_owned()));
    }
    let rest: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            if index == at {
                "_".to_owned()
            } else {
                name.text().into_owned()
            }
        })
        .collect();
    // With nothing new on the left it is an assignment.
    let before = &source[body.range().start..node.range().start];
    let is_known = |name: &String| {
        name == "_"
            || before.lines().any(|line| {
                line.split_once(":=")
                    .is_some_and(|(left, _)| left.split(',').any(|word| word.trim() == name))
            })
    };
    let sign = if rest.iter().all(is_known) { "=" } else { ":=" };
    let right = node.field("right")?;
    let head = Span::new(node.range().start, right.range().start);
    Some((
        TextEdit::replace(head, format!("{} {sign} ", rest.join(", "))),
        String::new(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_removed_text_used_goes_with_what_only_that_used() {
        let source = "package main\n\nfunc main() {\n\ta, err := open()\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\n\tclient, err := connect(a)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\n\tvar (\n\t\tc = x()\n\t\t// service\n\t\tservice = y(client, c)\n\n\t\tregistry = z{}\n\t)\n\tuse(registry)\n}\n";
        let mut draft = Draft::of(source);
        let gone = remove_unused(&mut draft, "register(service, a)");
        assert_eq!(
            draft.text(),
            "package main\n\nfunc main() {\n\ta, err := open()\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\n\t_, err = connect(a)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\n\tvar (\n\t\tregistry = z{}\n\t)\n\tuse(registry)\n}\n"
        );
        assert!(gone.contains("y(client, c)") && gone.contains("x()"));
    }

    #[test]
    fn a_block_that_is_left_without_a_statement_goes() {
        let source = "package main\n\nfunc main() {\n\t{\n\t\t// kept\n\t}\n\n\t{\n\t\t// add acme\n\t\tc := acme.New()\n\t\tall.Add(c)\n\t}\n\n\tuse(all)\n}\n";
        let mut draft = Draft::of(source);
        let at = source.find("\t\tall.Add(c)\n").unwrap();
        draft.apply(&[TextEdit::replace(at..at + 13, "")]).unwrap();
        remove_unused(&mut draft, "all.Add(c)");
        assert_eq!(
            draft.text(),
            "package main\n\nfunc main() {\n\t{\n\t\t// kept\n\t}\n\n\tuse(all)\n}\n"
        );
    }

    #[test]
    fn what_is_used_and_what_was_never_used_by_it_stays() {
        let source = "package main\n\nfunc main() {\n\ta := 1\n\tb := 2\n\tuse(b)\n}\n";
        let without = |removed: &str| {
            let mut draft = Draft::of(source);
            remove_unused(&mut draft, removed);
            draft.text().to_owned()
        };
        assert_eq!(without("f(b)"), source);
        assert_eq!(
            without("f(a)"),
            "package main\n\nfunc main() {\n\tb := 2\n\tuse(b)\n}\n"
        );
    }
}
