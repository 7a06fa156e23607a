//! Lists in source code: statements in a block or a file, items between brackets.
//!
//! Finds the list and its entries by structural rules, and inserts an entry as text, the way the
//! neighbours are written: their indentation, their commas, their order, their line ends. Bytes outside the
//! insertion stay.

use super::language::Lang;
use super::rule::Rule;
use super::tree::{Node, Tree};
use tenon_text::diag::{Error, LineCol, Result, Span, TextEdit, line_col};
use tenon_text::format::{indent_at, line_end, line_start};
use tenon_text::names::unquoted;

/// Where a list stands and what its entries look like.
pub struct ListRule {
    /// Matches the node that holds the entries: the first rule that matches anything counts. The whole file when empty.
    pub containers: Vec<Rule>,
    /// The variable of `container` that is the list itself; the matched node when absent.
    pub target: Option<String>,
    /// Matches an entry: a direct child of the list.
    pub entry: Rule,
    /// Searched inside an entry; `var` is one of its variables. The entry's own variables when absent.
    pub name_in: Option<Rule>,
    /// The variable that names an entry.
    pub var: String,
    /// The language of the file.
    pub language: Lang,
    /// Whether names are followed through the imports of the file.
    pub follow: bool,
    /// Whether each match of `name_in` in an entry is a name of its own.
    pub several: bool,
    /// Whether a new entry goes last, whatever the order of the others.
    pub last: bool,
    /// Where the first entry goes: after the last match of this.
    pub after: Option<Rule>,
    /// Where the first entry goes: before the first match of this.
    pub before: Option<Rule>,
    /// The entry goes behind all items that match this.
    pub follows: Option<Rule>,
    /// The entry goes before all items that match this.
    pub precedes: Option<Rule>,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What names it, without quotes.
    pub name: String,
    /// The entry, without separators.
    pub span: Span,
    /// The name.
    pub name_span: Span,
}

/// A list that was found.
pub struct List<'t> {
    language: Lang,
    node: Node<'t>,
    brackets: bool,
    entries: Vec<Entry>,
    nodes: Vec<Node<'t>>,
    /// The last child that looks like an entry, whether it has a name or not.
    last: Option<Span>,
    follows: Vec<Span>,
    precedes: Vec<Span>,
    elsewhere: Vec<Entry>,
}

/// Why a list could not be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// Nothing matches.
    Nowhere,
    /// More than one place matches.
    Ambiguous(Vec<LineCol>),
}

impl ListRule {
    /// Finds the list in `tree`.
    pub fn find<'t>(&self, tree: &'t Tree) -> std::result::Result<List<'t>, NotFound> {
        let tries = 0..self.containers.len().max(1);
        let mut tries = tries.map(|at| self.find_by(tree, at));
        let found = tries.find(|found| !matches!(found, Err(NotFound::Nowhere)));
        found.unwrap_or(Err(NotFound::Nowhere))
    }

    /// Finds the list in `tree` by the container rule at `at` alone.
    pub fn find_by<'t>(&self, tree: &'t Tree, at: usize) -> std::result::Result<List<'t>, NotFound> {
        let root = tree.root();
        let node = match self.containers.get(at) {
            None => root,
            Some(rule) => {
                let mut nodes: Vec<Node<'t>> = Vec::new();
                for found in rule.find_all(&root) {
                    let node = match &self.target {
                        None => Some(found.node()),
                        Some(var) => found.var(var),
                    };
                    if let Some(node) = node
                        && !nodes.iter().any(|n| n.range() == node.range())
                    {
                        nodes.push(node);
                    }
                }
                if nodes.len() > 1 {
                    let text = tree.source();
                    let places = nodes.iter().map(|n| line_col(text, n.range().start)).collect();
                    return Err(NotFound::Ambiguous(places));
                }
                nodes.pop().ok_or(NotFound::Nowhere)?
            }
        };
        let node = if self.containers.is_empty() {
            node
        } else {
            self.piece(node)
        };
        let statements = node.kind() == "statement_list";
        let block = statements
            || matches!(
                &*node.kind(),
                "statement_block"
                    | "block"
                    | "class_body"
                    | "declaration_list"
                    | "import_spec_list"
                    | "var_spec_list"
            );
        let brackets = !block
            && node
                .children()
                .next()
                .is_some_and(|first| matches!(&*first.text(), "{" | "[" | "("));
        if !self.containers.is_empty() && !block && !brackets {
            // What should be a list is computed: a call, a name.
            return Err(NotFound::Nowhere);
        }
        let (entries, nodes) = node
            .children()
            .flat_map(|child| {
                let entries = self.entries_of(&child, tree.source()).into_iter();
                entries.map(move |entry| (entry, child.clone()))
            })
            .unzip();
        let alike = node
            .children()
            .filter(|child| self.last && self.entry.matched(child).is_some());
        let last = alike.last().map(|child| child.range().into());
        let behind = |rule: &Option<Rule>| -> Vec<Span> {
            let Some(rule) = rule else { return vec![] };
            let children = node.children().filter(|child| rule.matched(child).is_some());
            children.map(|child| child.range().into()).collect()
        };
        Ok(List {
            language: self.language,
            follows: behind(&self.follows),
            precedes: behind(&self.precedes),
            elsewhere: self.elsewhere(&node, tree.source()),
            node,
            brackets,
            entries,
            nodes,
            last,
        })
    }

    /// Of a list that is put together from several, the one that has entries, or else the first; the list itself
    /// otherwise.
    fn piece<'t>(&self, node: Node<'t>) -> Node<'t> {
        let pieces = self.language.pieces(&node);
        let has_entries = |piece: &&Node<'t>| {
            let wanted = [&self.follows, &self.precedes].into_iter().flatten();
            let mut anchors = wanted.clone();
            let children: Vec<Node<'t>> = piece.children().collect();
            anchors.any(|rule| children.iter().any(|child| rule.matched(child).is_some()))
        };
        let first = pieces
            .iter()
            .find(has_entries)
            .or_else(|| pieces.first())
            .cloned();
        first.unwrap_or(node)
    }

    /// The entries of the other pieces of a list of which `node` is one.
    fn elsewhere(&self, node: &Node<'_>, source: &str) -> Vec<Entry> {
        let mut out = Vec::new();
        for piece in self.language.other_pieces(node) {
            out.extend(piece.children().flat_map(|child| self.entries_of(&child, source)));
        }
        out
    }

    /// Where the first entry stands that is a statement of the text itself, wherever in a file it may belong.
    pub fn first_entry(&self, tree: &Tree) -> Option<usize> {
        let root = tree.root();
        let mut statements = root.children();
        statements.find_map(|child| {
            let entries = self.entries_of(&child, tree.source());
            entries.first().map(|entry| entry.span.start)
        })
    }

    fn entries_of(&self, child: &Node<'_>, source: &str) -> Vec<Entry> {
        let Some(found) = self.entry.matched(child) else {
            return vec![];
        };
        let names: Vec<Node<'_>> = match &self.name_in {
            None => found.var(&self.var).into_iter().collect(),
            Some(rule) if self.several => rule
                .find_all(child)
                .iter()
                .filter_map(|it| it.var(&self.var))
                .collect(),
            Some(rule) => rule
                .find(child)
                .and_then(|it| it.var(&self.var))
                .into_iter()
                .collect(),
        };
        let entry = |name: Node<'_>| {
            let text = name.text();
            let bare = unquoted(&text);
            Entry {
                name: match self.follow {
                    true => self.language.public_name(source, bare),
                    false => bare.to_owned(),
                },
                span: with_attributes(child),
                name_span: name.range().into(),
            }
        };
        names.into_iter().map(entry).collect()
    }
}

/// A node with the attributes that stand before it as nodes of their own.
fn with_attributes(node: &Node<'_>) -> Span {
    let mut span = Span::from(node.range());
    let mut previous = node.prev();
    while let Some(attribute) = previous.filter(|node| node.kind() == "attribute_item") {
        span.start = attribute.range().start;
        previous = attribute.prev();
    }
    span
}

impl<'t> List<'t> {
    /// The language of the file.
    pub fn language(&self) -> Lang {
        self.language
    }

    /// The entries, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries of other pieces of the same list, where a list is put together from several.
    pub fn elsewhere(&self) -> &[Entry] {
        &self.elsewhere
    }

    /// The items behind which an entry goes, and those before which it goes.
    pub fn anchors(&self) -> (&[Span], &[Span]) {
        (&self.follows, &self.precedes)
    }

    /// The nodes of the entries, in the order of the file.
    pub fn nodes(&self) -> &[Node<'t>] {
        &self.nodes
    }

    /// Whether it stands between brackets, its entries separated by commas.
    pub fn brackets(&self) -> bool {
        self.brackets
    }

    /// Whether `edit`, which [`insert`] made for it, lands inside of it. A block that begins or closes on the line of a
    /// statement may have no line for another one.
    pub fn takes(&self, source: &str, edit: &TextEdit) -> bool {
        if self.node.parent().is_none() {
            return true;
        }
        let range = self.node.range();
        if source[range.start..].starts_with(['{', '[', '(']) {
            return range.start < edit.span.start && edit.span.end < range.end;
        }
        let start = line_start(source, range.start);
        let behind = source.get(range.end..edit.span.start).unwrap_or_default();
        source[start..range.start].trim().is_empty()
            && start <= edit.span.start
            && !behind.trim_start().starts_with('}')
    }

    /// Everything that is listed, entries or not.
    pub fn items(&self) -> Vec<Span> {
        self.node
            .children()
            .filter(|child| child.is_named() && !child.kind().contains("comment"))
            .map(|child| child.range().into())
            .collect()
    }

    /// The list itself; the whole file if it is no node of its own.
    pub fn span(&self) -> Span {
        self.node.range().into()
    }
}

/// An entry that is to be inserted.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// What names it.
    pub name: &'a str,
    /// Its text: no final line end, its lines indented relative to its first.
    pub text: &'a str,
    /// The name of the entry before which it goes; empty where nothing says so.
    pub ahead_of: &'a str,
}

impl New<'_> {
    /// Which of `entries` it was said to stand before, if it is there.
    pub fn index_of_next(&self, entries: &[Entry]) -> Option<usize> {
        let next = Some(self.ahead_of).filter(|name| !name.is_empty())?;
        entries.iter().position(|entry| entry.name == next)
    }
}

/// Inserts `new` into the list.
///
/// `source` is the text that `list` was found in. The entry lands before the one that it names, in order if the list is
/// sorted, else last.
pub fn insert(source: &str, rule: &ListRule, list: &List<'_>, new: New<'_>, look: Look<'_>) -> TextEdit {
    if list.brackets {
        insert_item(source, list, new, look)
    } else {
        statement::insert(source, rule, list, new, look)
    }
}

/// How the file is written.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// One level of indentation.
    pub unit: &'a str,
    /// Line end.
    pub eol: &'a str,
}

/// Where in sorted entries `name` belongs; `None` if they are not sorted.
pub(super) fn sorted_place(entries: &[Entry], name: &str) -> Option<usize> {
    let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
    if names.len() < 2 {
        return None;
    }
    let folded = |text: &str| text.to_lowercase();
    if names.is_sorted() {
        Some(names.partition_point(|n| *n < name))
    } else if names.is_sorted_by_key(|n| folded(n)) {
        Some(names.partition_point(|n| folded(n) < folded(name)))
    } else {
        None
    }
}

/// Gives the lines of `entry` the indentation `indent` and the line ends `eol`.
fn laid_out(entry: &str, indent: &str, eol: &str) -> String {
    let mut out = String::new();
    for (at, line) in entry.lines().enumerate() {
        if at > 0 {
            out.push_str(eol);
        }
        if !line.is_empty() {
            out.push_str(indent);
            out.push_str(line);
        }
    }
    out
}

fn insert_item(source: &str, list: &List<'_>, new: New<'_>, look: Look<'_>) -> TextEdit {
    let (name, entry) = (new.name, new.text);
    let range = list.node.range();
    let eol = look.eol;
    let items = list.items();
    let Some(last) = items.last() else {
        return insert_first_item(source, list, entry, look);
    };
    let open = range.start + 1;
    let multi_line = source[open..items[0].start].contains('\n');
    let place = if list.entries.len() == items.len() {
        sorted_place(&list.entries, name)
    } else {
        None
    };
    // Entries stand together: behind the last of them, whatever follows.
    let last_entry = list
        .entries
        .last()
        .and_then(|entry| items.iter().position(|item| *item == entry.span));
    let index_of = |span: &Span| items.iter().position(|item| item == span);
    let follows = list.follows.iter().filter_map(index_of).max().map(|at| at + 1);
    let precedes = list.precedes.iter().filter_map(index_of).min();
    let ahead = new.index_of_next(&list.entries);
    let ahead = ahead.and_then(|at| index_of(&list.entries[at].span));
    let at = follows
        .or(precedes)
        .or(ahead)
        .or(place)
        .unwrap_or(last_entry.map_or(items.len(), |at| at + 1));
    if !multi_line {
        return match at {
            0 => TextEdit::insert(items[0].start, format!("{entry}, ")),
            // A tuple of one has a comma behind it, which no longer has to be there.
            1 if items.len() == 1 && source[items[0].end..range.end] == *",)" => {
                TextEdit::replace(items[0].end..range.end - 1, format!(", {entry}"))
            }
            at => TextEdit::insert(items[at - 1].end, format!(", {entry}")),
        };
    }
    let indent = indent_at(source, items[0].start);
    if at == 0 {
        return TextEdit::insert(
            line_start(source, items[0].start),
            format!("{},{eol}", laid_out(entry, indent, eol)),
        );
    }
    let previous = items[at - 1];
    let rest = &source[previous.end..range.end];
    let comma = rest.trim_start().starts_with(',');
    if !comma {
        // The last item, without a trailing comma: it gets one, the new item gets none.
        debug_assert_eq!(previous, *last);
        let line_rest = &source[previous.end..line_end(source, previous.end)];
        if line_rest.trim().is_empty() {
            return TextEdit::insert(previous.end, format!(",{eol}{}", laid_out(entry, indent, eol)));
        }
        let text = format!(",{line_rest}{eol}{}", laid_out(entry, indent, eol));
        return TextEdit::replace(previous.end..previous.end + line_rest.len(), text);
    }
    let after_comma = previous.end + rest.find(',').map_or(0, |comma| comma + 1);
    let next_on_line = items
        .get(at)
        .is_some_and(|next| !source[after_comma..next.start].contains('\n'));
    let end = if next_on_line {
        after_comma
    } else {
        line_end(source, after_comma)
    };
    TextEdit::insert(end, format!("{eol}{},", laid_out(entry, indent, eol)))
}

/// The list has no item yet.
fn insert_first_item(source: &str, list: &List<'_>, entry: &str, look: Look<'_>) -> TextEdit {
    let range = list.node.range();
    let eol = look.eol;
    let body = &source[range.start + 1..range.end - 1];
    let outer = indent_at(source, range.start);
    let inner = format!("{outer}{}", look.unit);
    if body.contains('\n') {
        // Brackets on lines of their own, perhaps with comments between them.
        let at = range.start + 1 + body.trim_end().len();
        return TextEdit::insert(at, format!("{eol}{},", laid_out(entry, &inner, eol)));
    }
    let braces = source[range.start..].starts_with('{');
    if entry.contains('\n') || braces {
        let text = format!("{eol}{},{eol}{outer}", laid_out(entry, &inner, eol));
        return TextEdit::replace(range.start + 1..range.end - 1, text);
    }
    // A tuple of one needs a comma.
    let comma = if list.node.kind() == "tuple" { "," } else { "" };
    TextEdit::replace(range.start + 1..range.end - 1, format!("{entry}{comma}"))
}

/// Refuses an edit that breaks the file: one that adds syntax errors.
pub fn check_edit(language: Lang, path: &str, errors_before: usize, after: &str) -> Result<()> {
    let tree = language.parse(after);
    if super::tree::error_count(&tree) > errors_before {
        return Err(Error::new(format!("the edit of `{path}` would not parse")).in_file(path));
    }
    Ok(())
}

#[path = "list_statement.rs"]
mod statement;

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
