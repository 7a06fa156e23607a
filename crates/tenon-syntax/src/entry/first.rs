//! The first entry of a list that has none: between the brackets, in the block or below the heading that a scope names.

use tenon_text::diag::{Span, TextEdit};
use tenon_text::format::{Indent, indent_at, line_end, line_start};
use tenon_text::manifest::closes_itself;

use super::body::{Body, New, plain};
use super::document::{Document, Syntax};
use super::example::Example;
use super::extent::{Holder, Match, parts_table};
use super::nodes::Id;
use super::scope::{Scope, Side};
use super::tables::{CLAUSES, COMMA_BRACES, FIELDS, NO_COMMAS, SWITCHES, TERMINATORS};

/// An entry that can be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inserted {
    /// What to change.
    pub edits: Vec<TextEdit>,
    /// What stood between brackets that were empty. Keep it with the entry: [`super::remove()`] needs it to restore every byte.
    pub hollow: Option<String>,
}

/// The edit that makes `new` the first entry of `scope`.
pub(super) fn first(doc: &Document, example: &Example, new: &New, scope: &Scope) -> Inserted {
    let Span { start, end } = scope.span;
    let inner = &doc.text[start..end];
    let eol = doc.eol(start);
    let usual = doc
        .syntax
        .notation()
        .map_or(Indent::Spaces(2), |notation| notation.indent);
    let unit = Indent::detect(&doc.text).or(doc.unit).unwrap_or(usual);
    let edit = |at: usize, said: &str| Inserted {
        edits: vec![TextEdit::insert(at, said.replace('\n', eol))],
        hollow: None,
    };
    let said = |body: &Body| format!("{}{}", body.comment, body.text);
    if let Some((at, side)) = scope.at {
        return edit_beside(doc, new, at, side, eol);
    }
    let Holder::Node(id) = scope.holder else {
        // Below a heading or a line: behind what stands there, or next to it.
        let indent = doc.text[start..end]
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| indent_at(line, 0))
            .next_back();
        let indent = indent.unwrap_or_default();
        let body = plain(doc, new, indent);
        if let Some(at) = table_end(doc, new, scope.span) {
            return edit(at, &format!("\n{indent}{}", said(&body)));
        }
        let blank = if doc.syntax == Syntax::Markdown { "\n" } else { "" };
        return edit(end, &format!("\n{blank}{indent}{}", said(&body)));
    };
    let last = doc
        .children(id)
        .filter(|child| doc.nodes[*child].start >= start && doc.nodes[*child].end <= end)
        .last();
    let comma = doc.takes_commas(id, example);
    let mark = if comma { "," } else { "" };
    if let Some(last) = last.filter(|last| doc.takes_the_rest(*last)) {
        let start = doc.nodes[last].start;
        if doc.begins_line(start) {
            let indent = indent_at(&doc.text, start);
            let body = plain(doc, new, indent);
            return edit(
                line_start(&doc.text, above_comments(doc, start)),
                &format!("{indent}{}{mark}\n", said(&body)),
            );
        }
        if doc.text[start..].starts_with(';') {
            return edit(start, &plain(doc, new, "").text);
        }
    }
    if doc.is_block(id) && last.is_some() {
        return in_block(doc, new, id, scope.span, eol);
    }
    if let Some(word) = doc.end_word(id).filter(|word| scope.tokens == (*word..*word)) {
        // A block without statements.
        let outer = indent_at(&doc.text, doc.tokens[word].start).to_owned();
        let indent = format!("{outer}{}", unit.unit());
        let text = format!("\n{indent}{}\n{outer}", said(&plain(doc, new, &indent)));
        return Inserted {
            edits: vec![TextEdit::replace(start..end, text.replace('\n', eol))],
            hollow: Some(inner.to_owned()),
        };
    }
    let is_xml = doc.syntax == Syntax::Xml;
    if let Some(tag) = doc.text[..start]
        .rfind('<')
        .filter(|_| is_xml && closes_itself(inner))
    {
        let outer = indent_at(&doc.text, tag);
        let indent = format!("{outer}{}", unit.unit());
        let name = doc.text[tag + 1..start]
            .split_whitespace()
            .next()
            .unwrap_or_default();
        let text = format!(">\n{indent}{}\n{outer}</{name}>", said(&plain(doc, new, &indent)));
        return Inserted {
            edits: vec![TextEdit::replace(start..end, text.replace('\n', eol))],
            hollow: Some(inner.to_owned()),
        };
    }
    let in_element = is_xml && doc.text[..start].ends_with('>') && inner.trim().is_empty();
    let open = in_element || doc.text[..start].ends_with(['{', '[', '(']);
    if !open {
        // A block of YAML or a table of TOML.
        let sibling = last.map_or(start, |last| doc.nodes[last].start);
        let mut indent = indent_at(&doc.text, sibling).to_owned();
        if last.is_none_or(|last| doc.nodes[last].is("key")) && doc.nodes[id].is("member") {
            indent.push_str(&unit.unit());
        }
        let body = plain(doc, new, &indent);
        let ends = if doc.end_word(id).is_some() {
            last
        } else {
            Some(id)
        };
        return edit(
            line_end(&doc.text, ends.map_or(start, |ends| doc.end_of(ends)).max(start)),
            &format!("\n{indent}{}", said(&body)),
        );
    }
    let outer = indent_at(&doc.text, start).to_owned();
    let indent = format!("{outer}{}", unit.unit());
    let body = plain(doc, new, &indent);
    let braces = doc.text[..start].ends_with('{');
    if inner.trim().is_empty() {
        let lined = inner.contains('\n')
            || braces
            || in_element
            || body.text.contains('\n')
            || !body.comment.is_empty();
        let last_mark = if lined && doc.takes_last_comma(start) {
            mark
        } else {
            ""
        };
        let text = if lined {
            format!("\n{indent}{}{last_mark}\n{outer}", said(&body))
        } else {
            body.text.clone()
        };
        return Inserted {
            edits: vec![TextEdit::replace(start..end, text.replace('\n', eol))],
            hollow: Some(inner.to_owned()),
        };
    }
    // Elements that are no entries, or a comment: behind them.
    let behind = last.map_or(start + inner.trim_end().len(), |last| doc.end_of(last));
    let rest = doc.without_comments(behind, end);
    let has_mark = rest.trim_start().starts_with(',');
    let needs_mark = comma && last.is_some() && !has_mark;
    let inner_end = start + inner.trim_end_matches([' ', '\t']).len();
    let at_end = start + inner.trim_end().len();
    if inner.contains('\n') {
        let indent = last
            .filter(|last| doc.begins_line(doc.nodes[*last].start))
            .map_or(indent, |last| {
                indent_at(&doc.text, doc.nodes[last].start).to_owned()
            });
        let body = plain(doc, new, &indent);
        let last_mark = if has_mark || (last.is_none() && doc.takes_last_comma(start)) {
            mark
        } else {
            ""
        };
        let mut made = edit(at_end, &format!("\n{indent}{}{last_mark}", said(&body)));
        if !doc.text[at_end..inner_end].contains('\n') && !inner[..at_end - start].ends_with('\n') {
            made = edit(at_end, &format!("\n{indent}{}{last_mark}\n{outer}", said(&body)));
        }
        if needs_mark {
            made.edits.insert(0, TextEdit::insert(behind, ","));
        }
        return made;
    }
    let parted = if last.is_some() && comma { "," } else { "" };
    edit(
        at_end,
        &format!("{} {}", if has_mark { "" } else { parted }, body.text),
    )
}

/// The edit that puts `new` as a statement of its own beside what stands at `at`.
fn edit_beside(doc: &Document, new: &New, at: usize, side: Side, eol: &str) -> Inserted {
    let text = &doc.text;
    let line = line_start(text, at.saturating_sub(usize::from(side == Side::Behind)));
    let indent = indent_at(text, line).to_owned();
    let body = plain(doc, new, &indent);
    let said = format!("{}{}", body.comment, body.text);
    let (at, said) = match side {
        Side::Before => (line, format!("{indent}{said}\n\n")),
        Side::Behind if at == text.len() && (text.is_empty() || text.ends_with('\n')) => {
            (at, format!("{said}\n"))
        }
        // A file that does not end with a line end goes on without.
        Side::Behind if at == text.len() => (at, format!("\n{said}")),
        Side::Behind => (
            text[..line_end(text, at)].trim_end_matches('\r').len(),
            format!("\n\n{indent}{said}"),
        ),
    };
    Inserted {
        edits: vec![TextEdit::insert(at, said.replace('\n', eol))],
        hollow: None,
    }
}

/// The edit that puts `new` into a block of statements without entries: before what ends it, else last. In the body of a function a
/// blank line parts it from the other statements, if these do not stand close.
fn in_block(doc: &Document, new: &New, id: Id, span: Span, eol: &str) -> Inserted {
    let statements = statements(doc, id, span);
    let stop = statements
        .iter()
        .copied()
        .find(|statement| doc.ends_block(id, *statement));
    let (at, statement, before) = match (stop, statements.last()) {
        (Some(stop), _) => (doc.nodes[stop].start, stop, true),
        (None, Some(last)) => (doc.end_of(*last), *last, false),
        (None, None) => (span.start, id, false),
    };
    let indent = indent_at(&doc.text, doc.nodes[statement].start).to_owned();
    let body = plain(doc, new, &indent);
    let said = format!("{}{}", body.comment, body.text);
    let is_body = doc.nodes[id].is_body;
    let edit = if before && doc.begins_line(at) {
        let at = above_comments(doc, at);
        let above = doc.text[..at].trim_end_matches([' ', '\t']);
        let is_first = statements.first() == Some(&statement);
        let apart = is_body && (is_first || above.ends_with("\n\n") || above.ends_with("\n\r\n"));
        let blank = if apart { "\n" } else { "" };
        TextEdit::insert(at, format!("{said}\n{blank}{indent}").replace('\n', eol))
    } else if before {
        TextEdit::insert(at, format!("{said}; "))
    } else {
        let end = line_end(&doc.text, at);
        if doc.ends_line(at, ";") && end <= span.end.max(at) {
            let is_apart = |pair: &[Id]| {
                let between = doc.end_of(pair[0])..doc.nodes[pair[1]].start;
                doc.text[between].matches('\n').count() > 1
            };
            let apart = is_body && statements.windows(2).any(is_apart);
            let blank = if apart { "\n" } else { "" };
            TextEdit::insert(end, format!("{blank}\n{indent}{said}").replace('\n', eol))
        } else {
            let parted = if doc.text[..at].ends_with([';', '}']) {
                ""
            } else {
                ";"
            };
            TextEdit::insert(at, format!("{parted} {said}"))
        }
    };
    Inserted {
        edits: vec![edit],
        hollow: None,
    }
}

/// Where the comments begin that stand directly above the line at `at`.
fn above_comments(doc: &Document, at: usize) -> usize {
    let mut found = at;
    while let Some(before) = line_start(&doc.text, found).checked_sub(1) {
        let begin = line_start(&doc.text, before);
        let line = &doc.text[begin..before];
        let from = begin + (line.len() - line.trim_start().len());
        if line.trim().is_empty() || !doc.comments.iter().any(|span| span.start == from) {
            break;
        }
        found = from;
    }
    found
}

impl Scope {
    /// What the first entry here is to stand behind: the last element or statement, else what opens the place.
    pub fn end(&self, doc: &Document) -> Span {
        let start = self.span.start;
        if let Some((at, _)) = self.at {
            let line = line_start(&doc.text, at.saturating_sub(1));
            return Span::new(line, line_end(&doc.text, line));
        }
        let opening = match doc.text[..start].chars().next_back() {
            Some(c) => Span::new(start - c.len_utf8(), start),
            None => Span::at(start),
        };
        let Holder::Node(id) = self.holder else {
            return opening;
        };
        let statements = statements(doc, id, self.span);
        let stop = statements.iter().position(|this| doc.ends_block(id, *this));
        let last = stop.unwrap_or(statements.len()).checked_sub(1);
        last.map_or(opening, |last| {
            let last = statements[last];
            Span::new(doc.nodes[last].start, doc.end_of(last))
        })
    }
}

/// What stands in a list or block: its elements or statements.
fn statements(doc: &Document, id: Id, span: Span) -> Vec<Id> {
    let is_list = |child: &Id| {
        let node = &doc.nodes[*child];
        node.is("statement_list") || (node.is_body && doc.is_block(*child))
    };
    let inner = doc.children(id).find(is_list).unwrap_or(id);
    let inside = |child: &Id| {
        let node = &doc.nodes[*child];
        let is_statement = node.named && !node.is_one(CLAUSES) && !node.kind.ends_with("parameters");
        is_statement && node.start >= span.start && node.end <= span.end
    };
    doc.children(inner).filter(inside).collect()
}

impl Document {
    /// Whether the block ends with this statement: nothing behind it is reached, or it is the value.
    fn ends_block(&self, block: Id, statement: Id) -> bool {
        self.is_block(block)
            && (self.is_terminator(statement) || self.is_value(self.nodes[statement].parent, statement))
    }

    /// Whether the entries of a list end with commas.
    pub(super) fn takes_commas(&self, id: Id, example: &Example) -> bool {
        let node = &self.nodes[id];
        if self.syntax.manifest().is_some() {
            let held = &self.text[node.start..];
            return held.starts_with('{')
                || (node.is("$array") && held.starts_with('[') && !held.starts_with("[["));
        }
        let braces =
            self.code(node.first) == Some("{") || self.code(node.last.saturating_sub(1)) == Some("}");
        let fields = node.is(FIELDS)
            && self
                .syntax
                .notation()
                .is_some_and(|notation| notation.comma_fields);
        example.has_comma
            || fields
            || node.is_one(COMMA_BRACES)
            || (!braces && self.has_brackets(id) && !node.is_one(NO_COMMAS))
    }

    /// Whether a comma may stand behind the last entry of a list whose bracket ends at `start`.
    fn takes_last_comma(&self, start: usize) -> bool {
        let brackets = self
            .syntax
            .notation()
            .map_or("([{", |notation| notation.last_comma);
        self.syntax != Syntax::Json && self.text[..start].ends_with(|c| brackets.contains(c))
    }

    /// Whether nothing behind a statement is reached.
    fn is_terminator(&self, id: Id) -> bool {
        let first = self.nodes[id].first;
        // What stands under a condition behind it may be passed over.
        if self.nodes[id].kind.ends_with("_modifier") {
            return false;
        }
        TERMINATORS.iter().any(|words| {
            words
                .iter()
                .enumerate()
                .all(|(at, word)| self.code(first + at) == Some(word))
        })
    }

    /// Whether a statement is the value of its block: an expression at the end without a semicolon, in Rust.
    fn is_value(&self, block: Id, id: Id) -> bool {
        let node = &self.nodes[id];
        let Some(notation) = self.syntax.notation() else {
            return false;
        };
        let is_last = self
            .children(block)
            .filter(|child| self.nodes[*child].named)
            .last()
            == Some(id);
        if notation.name_values {
            let is_method = self.nodes[self.nodes[block].parent].kind.contains("method");
            let is_name = node.last == node.first + 1 && self.code(node.first).is_some();
            return is_last && is_method && is_name;
        }
        if !notation.block_values || !self.nodes[block].is("block") {
            return false;
        }
        let closed = self.text[node.start..self.end_of(id)].ends_with(';');
        let declares =
            node.kind.ends_with("_item") || node.is("let_declaration") || node.is("macro_invocation");
        let is_expression = !node.is("expression_statement") || self.returns(block);
        is_last && !closed && !declares && is_expression
    }

    /// Whether the function whose body this is returns something.
    fn returns(&self, block: Id) -> bool {
        let function = self.nodes[block].parent;
        let head = self.nodes[function].start..self.nodes[block].start;
        self.nodes[block].is_body && self.text[head].contains("->")
    }

    /// Whether an entry is the value of its block.
    pub(super) fn is_last_value(&self, entry: &Match) -> bool {
        let Holder::Node(block) = entry.holder else {
            return false;
        };
        let child = self
            .children(block)
            .find(|child| self.nodes[*child].start == entry.extent.start);
        child.is_some_and(|child| self.is_value(block, child) || self.is_terminator(child))
    }
}

/// Where a row goes that is the first entry of a table in Markdown: behind the rows that are there.
fn table_end(doc: &Document, new: &New, span: Span) -> Option<usize> {
    let mut found = None;
    let mut at = span.start;
    for line in doc.text[span.start..span.end].split_inclusive('\n') {
        let is_row = line.trim_start().starts_with('|');
        if parts_table(line) || (is_row && found.is_some()) {
            found = Some(at + line.trim_end().len());
        } else if found.is_some() {
            break;
        }
        at += line.len();
    }
    found.filter(|_| doc.syntax == Syntax::Markdown && new.is_row())
}

impl Document {
    /// Whether a case or an arm takes what no other does: nothing is reached behind it.
    fn takes_the_rest(&self, id: Id) -> bool {
        let node = &self.nodes[id];
        let words = (node.first..node.last).map(|at| self.code(at).unwrap_or_default());
        let words: Vec<&str> = words.take(2).collect();
        match &*node.kind {
            "switch_default" | "default_case" | "enum_body_declarations" => true,
            "else" => self.nodes[node.parent].is_one(SWITCHES),
            "match_arm" => words == ["_", "="] || words == ["_", "=>"],
            "case_clause" => words == ["case", "_"],
            "switch_block_statement_group" | "switch_rule" => words[..1] == ["default"],
            _ => false,
        }
    }
}
