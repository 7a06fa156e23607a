//! Templates with nothing in them but `{{a.b}}` and `{{case a.b}}`, and conditions of `not`, `and` and `or`: most of what
//! stands in `pack.toml`. They are taken apart once, and rendered without the engine.

use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use tenon_text::names::{CASES, Case};

/// What gives the values of names.
pub type Values<'v> = dyn Fn(&str) -> Option<&'v Value> + 'v;

/// Templates and conditions that were taken apart, by their texts; nothing where that takes the engine.
#[derive(Default)]
pub struct Plain {
    texts: HashMap<String, Option<Rc<[Piece]>>>,
    conditions: HashMap<String, Option<Rc<Condition>>>,
}

/// A part of a template.
enum Piece {
    /// Text as it stands there.
    Text(String),
    /// The value of a path, in a case.
    Path(Option<Case>, Path),
}

/// A path of names.
struct Path(Vec<String>);

/// A condition.
enum Condition {
    /// Whether there is something at the path.
    Path(Path),
    /// `(not a)`
    Not(Box<Condition>),
    /// `(and a b c)`
    And(Vec<Condition>),
    /// `(or a b c)`
    Or(Vec<Condition>),
}

impl Plain {
    /// `text` rendered; nothing if there is more in it, or if a value is missing: then the engine renders, or says what is
    /// wrong.
    pub fn text(&mut self, text: &str, values: &Values<'_>) -> Option<String> {
        let pieces = match self.texts.get(text) {
            Some(known) => known.clone(),
            None => {
                let pieces: Option<Rc<[Piece]>> = pieces(text).map(Rc::from);
                self.texts.insert(text.to_owned(), pieces.clone());
                pieces
            }
        }?;
        let mut out = String::with_capacity(text.len() + 16);
        for piece in pieces.iter() {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Path(case, path) => {
                    let value = path.value(values)?.as_str()?;
                    match case {
                        Some(case) => out.push_str(&case(value)),
                        None => out.push_str(value),
                    }
                }
            }
        }
        Some(out)
    }

    /// Whether the condition `text` holds; nothing if that takes the engine.
    pub fn holds(&mut self, text: &str, values: &Values<'_>) -> Option<bool> {
        let condition = match self.conditions.get(text) {
            Some(known) => known.clone(),
            None => {
                let condition = condition(text).map(Rc::new);
                self.conditions.insert(text.to_owned(), condition.clone());
                condition
            }
        }?;
        condition.holds(values)
    }
}

impl Path {
    fn parse(text: &str) -> Option<Self> {
        let names: Vec<String> = text.split('.').map(str::to_owned).collect();
        let is_name = |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
        let is_word = matches!(text, "this" | "else" | "true" | "false" | "null" | "as");
        let is_number = text.starts_with(|c: char| c.is_ascii_digit());
        (names.iter().all(is_name) && !is_word && !is_number).then_some(Self(names))
    }

    fn value<'v>(&self, values: &Values<'v>) -> Option<&'v Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter()
            .try_fold(values(first)?, |value, name| get(value.as_object()?, name))
    }
}

/// The value of `name`: few names are sooner looked through than hashed.
pub fn get<'v>(map: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    const FEW: usize = 16;
    if map.len() > FEW {
        return map.get(name);
    }
    map.iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once("{{") {
        let (expression, after) = tail.split_once("}}")?;
        if before.ends_with('\\') {
            return None;
        }
        if !before.is_empty() {
            out.push(Piece::Text(before.to_owned()));
        }
        let (case, path) = match expression.split_once(' ') {
            None => (None, expression),
            Some((case, path)) => (Some(CASES.iter().find(|(name, _)| *name == case)?.1), path),
        };
        out.push(Piece::Path(case, Path::parse(path)?));
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest.to_owned()));
    }
    Some(out)
}

impl Condition {
    /// Nothing where the engine finds a fault.
    fn holds(&self, values: &Values<'_>) -> Option<bool> {
        match self {
            Self::Path(path) => path.value(values).map_or(Some(false), is_something),
            Self::Not(inner) => match &**inner {
                Self::Path(path) => Some(!is_something(path.value(values)?)?),
                inner => Some(!inner.holds(values)?),
            },
            Self::And(all) => {
                let all: Option<Vec<bool>> = all.iter().map(|one| one.holds(values)).collect();
                Some(all?.into_iter().all(|holds| holds))
            }
            Self::Or(all) => {
                let all: Option<Vec<bool>> = all.iter().map(|one| one.holds(values)).collect();
                Some(all?.into_iter().any(|holds| holds))
            }
        }
    }
}

/// Whether a value counts as true; what numbers count as is left to the engine.
fn is_something(value: &Value) -> Option<bool> {
    match value {
        Value::Null => Some(false),
        Value::Bool(is) => Some(*is),
        Value::Number(_) => None,
        Value::String(text) => Some(!text.is_empty()),
        Value::Array(items) => Some(!items.is_empty()),
        Value::Object(map) => Some(!map.is_empty()),
    }
}

fn condition(text: &str) -> Option<Condition> {
    let mut rest = text;
    let out = read(&mut rest, 0)?;
    rest.is_empty().then_some(out)
}

fn read(rest: &mut &str, depth: usize) -> Option<Condition> {
    const DEEPEST: usize = 8;
    let Some(inner) = rest.strip_prefix('(') else {
        let end = rest.find([' ', ')', '(']).unwrap_or(rest.len());
        let path = Path::parse(&rest[..end])?;
        *rest = &rest[end..];
        return Some(Condition::Path(path));
    };
    let (name, mut inner) = inner.split_once(' ').filter(|_| depth < DEEPEST)?;
    let mut all = vec![read(&mut inner, depth + 1)?];
    while let Some(more) = inner.strip_prefix(' ') {
        inner = more;
        all.push(read(&mut inner, depth + 1)?);
    }
    *rest = inner.strip_prefix(')')?;
    match (name, all.len()) {
        ("not", 1) => Some(Condition::Not(Box::new(all.pop()?))),
        ("and", 2..) => Some(Condition::And(all)),
        ("or", 2..) => Some(Condition::Or(all)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use handlebars::Context;
    use serde_json::json;

    use super::*;
    use crate::Templates;

    #[test]
    fn conditions_hold_as_they_do_in_the_engine() {
        let values = json!({
            "a": true, "b": false, "c": {"d": "x", "e": ""}, "f": [], "g": [1], "h": null, "i": 0, "true": false
        });
        let context = Context::wraps(&values).unwrap();
        let mut engine = Templates::new(100, 4);
        let mut seen = 0;
        let atoms = [
            "a", "b", "c.d", "c.e", "c.x", "f", "g", "h", "i", "c", "none", "none.x", "true",
        ];
        let mut all: Vec<String> = atoms.iter().map(|atom| (*atom).to_owned()).collect();
        for a in atoms {
            all.push(format!("(not {a})"));
            for b in atoms {
                all.extend([
                    format!("(and {a} {b})"),
                    format!("(or {a} (not {b}))"),
                    format!("(and (not {a}) {b} c.d)"),
                    format!("(not (and {a} {b}))"),
                ]);
            }
        }
        for text in all {
            let get = |name: &str| values.get(name);
            if let Some(holds) = Plain::default().holds(&text, &get) {
                seen += 1;
                assert_eq!(engine.truth(&text, &context).ok(), Some(holds), "{text}");
            }
        }
        assert!(seen > 300, "{seen}");
    }

    #[test]
    fn what_is_more_than_paths_is_left_to_the_engine() {
        let values = json!({"a": {"b": "someName"}, "n": 1});
        let mut plain = Plain::default();
        let mut text = |text: &str| plain.text(text, &|name| values.get(name));
        assert_eq!(
            text("x/{{a.b}}/{{kebab a.b}}").as_deref(),
            Some("x/someName/some-name")
        );
        assert_eq!(text("{{a.b}}").as_deref(), Some("someName"));
        for other in [
            "{{#if a}}{{/if}}",
            "{{a.c}}",
            "{{n}}",
            "\\{{a.b}}",
            "{{ a.b }}",
            "{{this}}",
            "{{a",
        ] {
            assert_eq!(text(other), None, "{other}");
        }
    }
}
