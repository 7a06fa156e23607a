//! Structural rules: the rule language of ast-grep, written in TOML, made strict.
//!
//! What is added to the library: unknown keys are refused at any depth, patterns that do not parse are
//! refused, and a pattern with a string literal matches it in either kind of quotes where the language has
//! two.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRule};
use ast_grep_core::language::Language;
use ast_grep_core::matcher::{Matcher, Pattern as AstPattern};
use ast_grep_core::tree_sitter::StrDoc;
use serde::Deserialize;

use super::language::Lang;
use super::tree::{Grammar, Node};
use tenon_text::diag::{Error, Result};
use tenon_text::names::nearest;
use tenon_text::regular::{compiled, steps_at_a_byte};

/// A compiled rule.
pub struct Rule {
    core: RuleCore,
    /// What it says, for messages.
    said: toml::Table,
    /// Whether a look at one node may take more steps than the rule has parts.
    is_wide: bool,
    /// How many states its regular expressions have together.
    states: u64,
}

/// Something that is compiled for a language when it is first needed there, and kept with what it is compiled from.
pub struct Compiled<T>(Mutex<Vec<(Lang, Arc<T>)>>);

impl<T> Compiled<T> {
    /// What `compile` makes for `language`, once.
    ///
    /// # Errors
    /// Those of `compile`.
    pub fn get(&self, language: Lang, compile: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = known.iter().find(|(of, _)| *of == language) {
            return Ok(Arc::clone(known));
        }
        let new = Arc::new(compile()?);
        known.push((language, Arc::clone(&new)));
        Ok(new)
    }
}

impl<T> Default for Compiled<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Clone for Compiled<T> {
    /// Compiled anew: a copy may be changed.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<T> std::fmt::Debug for Compiled<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Compiled")
    }
}

/// A rule as a pack says it, compiled once for each language.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Pattern {
    table: toml::Table,
    #[serde(skip)]
    compiled: Compiled<Rule>,
}

impl Pattern {
    /// The rule for `language`.
    ///
    /// # Errors
    /// Those of [`Rule::compile`].
    pub fn rule(&self, language: Lang) -> Result<Arc<Rule>> {
        self.compiled
            .get(language, || Rule::compile(language, &self.table))
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.table == other.table
    }
}

impl Deref for Pattern {
    type Target = toml::Table;

    fn deref(&self) -> &toml::Table {
        &self.table
    }
}

/// Keys of the rule language that hold a rule.
const NESTED: [&str; 5] = ["inside", "has", "precedes", "follows", "not"];
/// Keys that hold a list of rules.
const LISTS: [&str; 2] = ["all", "any"];
/// All other keys.
const PLAIN: [&str; 6] = ["pattern", "kind", "regex", "nthChild", "range", "matches"];
/// Keys that only relational rules have.
const RELATIONAL: [&str; 2] = ["stopBy", "field"];
/// Deepest nesting of a rule.
const MAX_DEPTH: usize = 24;
/// Most relations with `stopBy` in each other.
const MAX_SEARCHES: usize = 3;
/// Most parts of a rule: patterns, kinds, relations.
const MAX_PARTS: usize = 256;
/// Most steps that a rule may take in one file, as they are reckoned before: about a second.
const MAX_STEPS: u64 = 50_000_000;
/// Most steps that all rules may take in a run, for each node that they look at, beyond [`FREE_STEPS`].
const STEPS_PER_NODE: u64 = 256;
/// A regular expression goes over so many bytes, in each of its states, while something else takes a step.
const BYTES_PER_STEP: u64 = 8;
/// So many steps are free in a run.
const FREE_STEPS: u64 = 1_000_000_000;

/// The steps of this run so far, and the nodes that they were for.
static STEPS: AtomicU64 = AtomicU64::new(0);
static NODES: AtomicU64 = AtomicU64::new(0);

impl Rule {
    /// Compiles `table`, and refuses what could never match: patterns that the grammar takes for broken code, and
    /// conditions that no kind of node fulfils together.
    pub fn check(language: Lang, table: &toml::Table) -> Result<()> {
        patterns(language, table)?;
        let rule = Self::compile(language, table)?;
        let mut rules = vec![table];
        let mut seen = 0;
        while let Some(table) = rules.get(seen).copied() {
            seen += 1;
            for (key, value) in table {
                match value {
                    toml::Value::Table(inner) if NESTED.contains(&key.as_str()) => rules.push(inner),
                    toml::Value::Array(inner) if LISTS.contains(&key.as_str()) => {
                        rules.extend(inner.iter().filter_map(toml::Value::as_table));
                    }
                    _ => {}
                }
            }
        }
        let never = |rule: &Self| rule.core.potential_kinds().is_some_and(|kinds| kinds.is_empty());
        // What stands within another is looked at by itself: only then is it told which of them it is.
        for inner in rules.into_iter().skip(1).rev() {
            let mut inner = inner.clone();
            RELATIONAL.iter().for_each(|key| drop(inner.remove(*key)));
            if !inner.is_empty() && never(&Self::compile(language, &inner)?) {
                return Err(never_matches(&inner));
            }
        }
        if never(&rule) {
            Err(never_matches(table))
        } else {
            Ok(())
        }
    }

    /// Compiles `table` for `language`. Beside the rule's own keys it may have `where`: a table from a
    /// variable to a rule that the variable's node must match.
    pub fn compile(language: Lang, table: &toml::Table) -> Result<Self> {
        if searches(table) > MAX_SEARCHES {
            return Err(Error::new("the rule looks through the file again and again")
                .because(format!(
                    "at most {MAX_SEARCHES} relations with `stopBy` may be nested"
                ))
                .help("name the nodes on the way: a relation without `stopBy` looks at neighbours only"));
        }
        let parts = parts(table);
        if parts > MAX_PARTS {
            return Err(Error::new(format!("the rule has {parts} parts")).help(format!(
                "at most {MAX_PARTS} patterns, kinds and relations may be in one rule"
            )));
        }
        let mut rule = table.clone();
        let constraints = match rule.remove("where") {
            None => toml::Table::new(),
            Some(toml::Value::Table(table)) => table,
            Some(_) => {
                return Err(Error::new(
                    "`where` of a rule is a table from a variable to a rule",
                ));
            }
        };
        let mut rule = normalise(language, &rule, false, 0)?;
        if rule.len() == 1 && rule.keys().all(|key| NESTED.contains(&key.as_str())) {
            // A relation alone would give the node at its other end.
            rule = toml::Table::from_iter([("all".to_owned(), toml::Value::Array(vec![rule.into()]))]);
        }
        let env = DeserializeEnv::new(language.grammar());
        let core = RuleCore::new(built(&env, toml::Value::Table(rule))?);
        let mut variables = HashMap::new();
        for (name, rule) in constraints {
            variables.insert(name, built(&env, rule)?);
        }
        let constrained: Vec<String> = variables.keys().cloned().collect();
        let core = core.with_matchers(variables);
        let known = core.defined_vars();
        if let Some(name) = constrained.iter().find(|name| !known.contains(name.as_str())) {
            return Err(Error::new(format!(
                "`where` names `{name}`, which is not a variable of the rule"
            ))
            .help("write a variable without its `$`"));
        }
        Ok(Self {
            core,
            is_wide: is_wide(table),
            states: states(table),
            said: table.clone(),
        })
    }

    /// The first match at `node` or below it.
    ///
    /// # Errors
    /// If that would take too many steps.
    pub fn find<'t>(&self, node: &Node<'t>) -> Result<Option<Match<'t>>> {
        self.bounded(node)?;
        Ok(node.find(&self.core).map(Match))
    }

    /// All matches at `node` or below it, outermost first.
    ///
    /// # Errors
    /// If that would take too many steps.
    pub fn find_all<'t>(&self, node: &Node<'t>) -> Result<Vec<Match<'t>>> {
        self.bounded(node)?;
        Ok(node.find_all(&self.core).map(Match).collect())
    }

    /// Counts the steps that a search at `node` and below it takes.
    ///
    /// # Errors
    /// If they are too many, here or in the whole run.
    fn bounded(&self, node: &Node<'_>) -> Result<()> {
        let nodes = node.get_inner_node().descendant_count() as u64;
        let steps = match self.is_wide {
            true => self.steps(node, nodes),
            false => nodes,
        };
        let steps = steps.saturating_add(self.steps_of_regexes(node));
        if steps <= MAX_STEPS {
            let all = STEPS.fetch_add(steps, Ordering::Relaxed).saturating_add(steps);
            let seen = NODES.fetch_add(nodes, Ordering::Relaxed).saturating_add(nodes);
            if all <= FREE_STEPS.saturating_add(seen.saturating_mul(STEPS_PER_NODE)) {
                return Ok(());
            }
        }
        let rule = toml::Value::from(self.said.clone()).to_string();
        let rule: String = rule.chars().take(200).collect();
        let error = if steps > MAX_STEPS {
            Error::new(format!(
                "the rule `{rule}` takes too many steps in a file of {nodes} nodes"
            ))
        } else {
            Error::new(format!(
                "the rules of the pack take too many steps; the last one was `{rule}`"
            ))
        };
        Err(error
            .because("a relation with `stopBy` goes through all that is below or beside, for each node that it is asked about")
            .help("name the kinds of the nodes on the way, or split the file"))
    }

    /// The most steps that the rule's regular expressions take at `node` and below it: each is looked for in the text of each node.
    fn steps_of_regexes(&self, node: &Node<'_>) -> u64 {
        if self.states == 0 {
            return 0;
        }
        let (root, kinds) = (node.get_inner_node(), self.core.potential_kinds());
        let mut bytes = 0_u64;
        let mut cursor = root.walk();
        loop {
            let this = cursor.node();
            // A relation may ask about any other node.
            if self.is_wide
                || kinds
                    .as_ref()
                    .is_none_or(|kinds| kinds.contains(usize::from(this.kind_id())))
            {
                bytes = bytes.saturating_add(this.byte_range().len() as u64);
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return bytes.saturating_mul(self.states) / BYTES_PER_STEP;
                }
            }
        }
    }

    /// The most steps that a search at `node` and below it takes.
    fn steps(&self, node: &Node<'_>, nodes: u64) -> u64 {
        let kinds = self.core.potential_kinds();
        let is_asked = |kind: u16| {
            kinds
                .as_ref()
                .is_none_or(|kinds| kinds.contains(usize::from(kind)))
        };
        let mut tree = Extent {
            nodes,
            ..Extent::default()
        };
        let (mut asked, mut below, mut beside) = (0_u64, 0_u64, 0_u64);
        let root = node.get_inner_node();
        let mut cursor = root.walk();
        let mut depth = 0_u64;
        loop {
            let this = cursor.node();
            let children = this.child_count() as u64;
            tree.depth = tree.depth.max(depth);
            tree.width = tree.width.max(children);
            if is_asked(this.kind_id()) {
                asked += 1;
                below = below.saturating_add(this.descendant_count() as u64);
                beside = beside.saturating_add(children);
            }
            if cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    let each = asked.max(1);
                    let first = (below.div_ceil(each), beside.div_ceil(each));
                    return nodes.saturating_add(asked.saturating_mul(tree.steps(
                        &self.said,
                        Some(first),
                        true,
                    )));
                }
                depth -= 1;
            }
        }
    }

    /// The match of `node` itself.
    pub fn matched<'t>(&self, node: &Node<'t>) -> Option<Match<'t>> {
        use ast_grep_core::matcher::MatcherExt;
        self.core
            .match_node(node.clone())
            .filter(|m| m.range() == node.range())
            .map(Match)
    }
}

/// How large a tree is.
#[derive(Default)]
struct Extent {
    nodes: u64,
    depth: u64,
    /// The most children of a node.
    width: u64,
}

impl Extent {
    /// The most steps that a look at one node takes. `first` are the nodes below those that are asked about, and their children, on average;
    /// `inwards` says whether only relations to what is inside led here: then all such looks together see each node once for each level.
    fn steps(&self, rule: &toml::Table, first: Option<(u64, u64)>, inwards: bool) -> u64 {
        let mut out = 1_u64;
        for (key, value) in rule {
            let inner = |table: &toml::Table, inwards: bool| self.steps(table, None, inwards);
            let steps = match (key.as_str(), value) {
                ("has", toml::Value::Table(table)) => {
                    let all = match (is_far(table), first) {
                        (true, Some((below, _))) => below,
                        (false, Some((_, children))) => children,
                        (true, None) if inwards => self.depth,
                        (false, None) if inwards => 2,
                        (true, None) => self.nodes,
                        (false, None) => self.width,
                    };
                    all.saturating_mul(inner(table, inwards))
                }
                ("inside", toml::Value::Table(table)) => {
                    let all = if is_far(table) { self.depth } else { 1 };
                    all.saturating_mul(inner(table, false))
                }
                ("precedes" | "follows", toml::Value::Table(table)) => {
                    let all = if is_far(table) { self.width } else { 1 };
                    all.saturating_mul(inner(table, false))
                }
                ("nthChild", toml::Value::Table(table)) => {
                    let of = table.get("ofRule").and_then(toml::Value::as_table);
                    self.width.saturating_mul(of.map_or(1, |of| inner(of, false)))
                }
                ("nthChild", _) => self.width,
                ("not" | "stopBy", toml::Value::Table(table)) => self.steps(table, first, inwards),
                ("where", toml::Value::Table(table)) => {
                    let all = table.values().filter_map(toml::Value::as_table);
                    all.fold(0, |sum, table| inner(table, false).saturating_add(sum))
                }
                (_, toml::Value::Array(list)) => {
                    let all = list.iter().filter_map(toml::Value::as_table);
                    all.fold(0, |sum, table| {
                        self.steps(table, first, inwards).saturating_add(sum)
                    })
                }
                _ => 1,
            };
            out = out.saturating_add(steps);
        }
        out
    }
}

/// Whether a relation looks at more than neighbours.
fn is_far(relation: &toml::Table) -> bool {
    let stop = relation.get("stopBy");
    stop.is_some_and(|stop| stop.as_str() != Some("neighbor"))
}

/// Whether a part of the rule looks at more than one node.
fn is_wide(rule: &toml::Table) -> bool {
    rule.iter().any(|(key, value)| match value {
        toml::Value::Table(table) => {
            key == "nthChild" || (NESTED.contains(&key.as_str()) && key != "not") || is_wide(table)
        }
        toml::Value::Array(list) => list.iter().filter_map(toml::Value::as_table).any(is_wide),
        _ => key == "nthChild",
    })
}

/// How many states the regular expressions of a rule have together.
fn states(rule: &toml::Table) -> u64 {
    let all = rule.iter().map(|(key, value)| match value {
        toml::Value::String(text) if key == "regex" => steps_at_a_byte(text),
        toml::Value::Table(table) => states(table),
        toml::Value::Array(list) => list.iter().filter_map(toml::Value::as_table).map(states).sum(),
        _ => 0,
    });
    all.sum()
}

/// How many patterns, kinds and relations a rule has.
fn parts(rule: &toml::Table) -> usize {
    let inner = rule.values().map(|value| match value {
        toml::Value::Table(table) => 1 + parts(table),
        toml::Value::Array(list) => list.iter().filter_map(toml::Value::as_table).map(parts).sum(),
        _ => 1,
    });
    inner.sum()
}

/// A node that a rule matched, with the rule's variables.
pub struct Match<'t>(ast_grep_core::NodeMatch<'t, StrDoc<&'static Grammar>>);

impl<'t> Match<'t> {
    /// The node.
    pub fn node(&self) -> Node<'t> {
        self.0.get_node().clone()
    }

    /// The node that the variable `name` (without `$`) stands for.
    pub fn var(&self, name: &str) -> Option<Node<'t>> {
        self.0.get_env().get_match(name).cloned()
    }
}

fn never_matches(rule: &toml::Table) -> Error {
    Error::new(format!("the rule `{}` can never match", toml::Value::from(rule.clone())))
        .help("no kind of node is all that it says: look at the kinds of its patterns, for example with `has` in place of one of them")
}

/// The rule that `value` describes. The library's own reader of a whole rule is not taken: with it came a parser of
/// YAML, half a megabyte that nothing here needs.
fn built(env: &DeserializeEnv<&'static Grammar>, value: toml::Value) -> Result<ast_grep_config::Rule> {
    let wire: SerializableRule = value.try_into().map_err(|error| {
        Error::new("the rule cannot be read")
            .because(error)
            .help("its keys and values are those of the rule language: see docs/packs.md")
    })?;
    let rule = env.deserialize_rule(wire);
    rule.and_then(|rule| rule.verify_util().map(|()| rule))
        .map_err(|error| {
            with_causes(Error::new("the rule cannot be compiled"), &error).help(
                "kinds are those of the language's tree-sitter grammar, patterns are code of the language",
            )
        })
}

fn with_causes(error: Error, cause: &dyn std::error::Error) -> Error {
    let mut out = error.because(cause);
    let mut next = cause.source();
    while let Some(cause) = next {
        out = out.because(cause);
        next = cause.source();
    }
    out
}

/// How many relations that look at all that is below or beside stand in each other: so often is the file gone through for
/// each of its nodes.
fn searches(rule: &toml::Table) -> usize {
    let inner = rule.iter().map(|(key, value)| match value {
        toml::Value::Table(table) => {
            let wide = matches!(key.as_str(), "has" | "precedes" | "follows");
            let own = wide && is_far(table);
            searches(table) + usize::from(own)
        }
        toml::Value::Array(list) => {
            let all = list.iter().filter_map(toml::Value::as_table);
            all.map(searches).max().unwrap_or(0)
        }
        _ => 0,
    });
    inner.max().unwrap_or(0)
}

/// Checks the keys of a rule and widens patterns to both kinds of quotes.
fn normalise(language: Lang, rule: &toml::Table, relational: bool, depth: usize) -> Result<toml::Table> {
    if depth > MAX_DEPTH {
        return Err(Error::new("the rule is nested too deeply"));
    }
    let mut out = toml::Table::new();
    for (key, value) in rule {
        let value = match (key.as_str(), value) {
            (key, toml::Value::Table(table)) if NESTED.contains(&key) => {
                toml::Value::Table(normalise(language, table, key != "not", depth + 1)?)
            }
            ("stopBy", toml::Value::Table(table)) if relational => {
                toml::Value::Table(normalise(language, table, false, depth + 1)?)
            }
            (key, toml::Value::Array(rules)) if LISTS.contains(&key) => {
                let mut list = Vec::new();
                for rule in rules {
                    let toml::Value::Table(table) = rule else {
                        return Err(Error::new(format!("`{key}` of a rule holds rules")));
                    };
                    list.push(toml::Value::Table(normalise(language, table, false, depth + 1)?));
                }
                toml::Value::Array(list)
            }
            ("regex", toml::Value::String(text)) => {
                compiled(text)?;
                value.clone()
            }
            ("pattern", toml::Value::String(text)) => {
                if let Some(other) = other_quotes(language, text) {
                    let pattern = |text: &str| {
                        toml::Value::Table(toml::Table::from_iter([("pattern".to_owned(), text.into())]))
                    };
                    out.insert(
                        "any".into(),
                        toml::Value::Array(vec![pattern(text), pattern(&other)]),
                    );
                    continue;
                }
                if let Some((before, after)) = language.grammar().call_within
                    && is_call(language, text, &format!("{before}{text}{after}"))
                {
                    let context = toml::Table::from_iter([
                        ("context".to_owned(), format!("{before}{text}{after}").into()),
                        ("selector".to_owned(), "call_expression".into()),
                    ]);
                    out.insert("pattern".into(), toml::Value::Table(context));
                    continue;
                }
                value.clone()
            }
            (key, _) if PLAIN.contains(&key) || (relational && RELATIONAL.contains(&key)) => value.clone(),
            (key, _) if NESTED.contains(&key) || LISTS.contains(&key) => {
                return Err(Error::new(format!("`{key}` of a rule has the wrong type")));
            }
            (key, _) => {
                let known = NESTED
                    .iter()
                    .chain(&LISTS)
                    .chain(&PLAIN)
                    .chain(&RELATIONAL)
                    .copied();
                let error = Error::new(format!("`{key}` is not a key of a rule"));
                return Err(match nearest(key, known) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help("see https://ast-grep.github.io/reference/rule.html"),
                });
            }
        };
        out.insert(key.clone(), value);
    }
    Ok(out)
}

/// Checks every pattern of a rule, at any depth.
fn patterns(language: Lang, rule: &toml::Table) -> Result<()> {
    for (key, value) in rule {
        match value {
            toml::Value::String(text) if key == "pattern" => check_pattern(language, text)?,
            toml::Value::Table(table) => patterns(language, table)?,
            toml::Value::Array(rules) => {
                for table in rules.iter().filter_map(toml::Value::as_table) {
                    patterns(language, table)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_pattern(language: Lang, text: &str) -> Result<()> {
    match AstPattern::try_new(text, language.grammar()) {
        Ok(pattern) if !pattern.has_error() => Ok(()),
        Ok(_) => Err(Error::new(format!("the pattern `{text}` is not valid code"))
            .help("write it as the language would; `$NAME` stands for one node, `$$$` for any number")),
        Err(error) => Err(Error::new(format!("the pattern `{text}` cannot be read")).because(error)),
    }
}

/// Whether a pattern, which is a part of `whole`, is a call and nothing else.
fn is_call(language: Lang, pattern: &str, whole: &str) -> bool {
    let grammar = language.grammar();
    let text = grammar.pre_process_pattern(pattern);
    let tree = grammar.parse(&grammar.pre_process_pattern(whole));
    let root = tree.root();
    let whole = root.dfs().find(|node| node.text() == *text);
    whole.is_some_and(|node| {
        let inner = node
            .dfs()
            .find(|inner| inner.range() == node.range() && inner.kind() == "call_expression");
        inner.is_some()
    })
}

/// The pattern with its string literals in the other quotes, where a language holds both for the same.
fn other_quotes(language: Lang, pattern: &str) -> Option<String> {
    if !language.grammar().both_quotes {
        return None;
    }
    match (pattern.contains('\''), pattern.contains('"')) {
        (true, false) => Some(pattern.replace('\'', "\"")),
        (false, true) => Some(pattern.replace('"', "'")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::languages::typescript::TypeScript;

    const TYPESCRIPT: Lang = Lang(&TypeScript);

    fn rule(text: &str) -> Result<Rule> {
        Rule::compile(TYPESCRIPT, &text.parse::<toml::Table>().unwrap())
    }

    #[test]
    fn a_rule_that_takes_too_many_steps_is_an_error_that_names_it() {
        let flat = "call(a, b);\n".repeat(20_000);
        let deep = format!("{}a{};\n", "f(".repeat(3_000), ")".repeat(3_000));
        let nested = "kind = \"call_expression\"\nhas = { stopBy = \"end\", kind = \"call_expression\", has = { stopBy = \"end\", pattern = \"none\" } }";
        let beside = "kind = \"expression_statement\"\nfollows = { stopBy = \"end\", pattern = \"none()\" }";
        let nth = "kind = \"expression_statement\"\nnthChild = 7";
        let inside = "kind = \"identifier\"\ninside = { stopBy = \"end\", has = { stopBy = \"end\", pattern = \"none\" } }";
        for (text, said) in [(&deep, nested), (&flat, beside), (&flat, nth), (&flat, inside)] {
            let tree = TYPESCRIPT.parse(text);
            let error = rule(said).unwrap().find_all(&tree.root()).err();
            let error = error.unwrap_or_else(|| panic!("{said}"));
            assert!(
                error.message().contains("takes too many steps in a file of"),
                "{error}"
            );
            assert!(
                error.message().contains("stopBy") || error.message().contains("nthChild"),
                "{error}"
            );
        }
        // As many nodes, and no more steps than that.
        for (text, said) in [
            (
                &flat,
                "kind = \"call_expression\"\nhas = { stopBy = \"end\", pattern = \"none\" }",
            ),
            (
                &flat,
                "kind = \"program\"\nhas = { stopBy = \"end\", pattern = \"none\", has = { kind = \"number\" } }",
            ),
            (
                &flat,
                "pattern = \"none($A)\"\ninside = { stopBy = \"end\", kind = \"class\" }",
            ),
        ] {
            assert_eq!(
                rule(said)
                    .unwrap()
                    .find_all(&TYPESCRIPT.parse(text).root())
                    .unwrap()
                    .len(),
                0
            );
        }
    }

    #[test]
    fn an_expression_that_goes_over_the_same_bytes_again_and_again_is_an_error() {
        // Each of the nodes has nearly the whole text.
        let deep = format!("{}a{};\n", "f(".repeat(3_000), ")".repeat(3_000));
        let flat = "call(a, b);\n".repeat(20_000);
        let long = rule("kind = \"call_expression\"\nregex = \"(abcd){50}\"").unwrap();
        let error = long.find_all(&TYPESCRIPT.parse(&deep).root()).err().unwrap();
        assert!(
            error.message().contains("takes too many steps in a file of"),
            "{error}"
        );
        assert_eq!(long.find_all(&TYPESCRIPT.parse(&flat).root()).unwrap().len(), 0);
        let short = rule("kind = \"call_expression\"\nregex = \"^f\"").unwrap();
        assert_eq!(
            short.find_all(&TYPESCRIPT.parse(&deep).root()).unwrap().len(),
            3_000
        );
    }

    #[test]
    fn a_rule_of_very_many_parts_is_refused_before_it_is_compiled() {
        let mut doubled = "{ kind = \"number\" }".to_owned();
        for _ in 0..10 {
            doubled = format!("{{ any = [{doubled}, {doubled}] }}");
        }
        let error = rule(&format!("any = [{doubled}]")).err().unwrap();
        assert_eq!(error.message(), "the rule has 1024 parts");
        let error = rule("regex = \"(a{1,900}){9}\"").err().unwrap();
        assert!(error.message().contains("counts too far"), "{error}");
    }

    #[test]
    fn a_literal_matches_in_both_quotes() {
        let rule = rule("pattern = \"export * as $NS from '$PATH'\"").unwrap();
        for source in ["export * as A from './a';", "export * as A from \"./a\""] {
            let tree = TYPESCRIPT.parse(source);
            let found = rule.find(&tree.root()).unwrap().unwrap();
            assert_eq!(found.var("PATH").unwrap().text(), "./a");
        }
    }

    #[test]
    fn a_typo_at_any_depth_is_found() {
        let error = rule("kind = 'pair'\nhas = { kind = 'x', stopby = 'end' }")
            .err()
            .unwrap();
        assert_eq!(error.message(), "`stopby` is not a key of a rule");
        assert_eq!(error.helps(), ["did you mean `stopBy`?"]);
    }

    #[test]
    fn a_pattern_that_is_no_code_is_refused() {
        let table = "pattern = 'export const = {'".parse::<toml::Table>().unwrap();
        assert!(Rule::check(TYPESCRIPT, &table).is_err());
    }

    #[test]
    fn variables_can_be_constrained() {
        let rule =
            rule("pattern = \"import { $$$ } from '$P'\"\nwhere = { P = { regex = '^@x/' } }").unwrap();
        let tree = TYPESCRIPT.parse("import { A } from 'y';\nimport { B } from '@x/b';\n");
        assert_eq!(rule.find_all(&tree.root()).unwrap().len(), 1);
    }
}
