//! From words to rows: what may be chosen, and what was meant.

use serde_json::{Value, json};

use crate::facts::{Facts, choice, field};
use tenon_pack::{OptionKind, PackOption};
use tenon_syntax::language::Lang;
use tenon_text::diag::{Error, Result};
use tenon_text::names::{nearest, normal};
use tenon_text::regular::regular;

use super::{Answers, Given, nothing};

/// The rows that may be chosen for `option`, given the answers so far.
pub fn choices(facts: &Facts<'_>, option: &PackOption, answers: &Answers) -> Result<Vec<Value>> {
    if let Some(within) = &option.within {
        return Ok(answers
            .values
            .get(within)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default());
    }
    if let Some(from) = &option.from {
        return Ok(facts.rows(from)?.to_vec());
    }
    Ok(option.choices.iter().map(|name| choice(name)).collect())
}

/// The only choice for `option`, as if it had been given; nothing if there are several or none.
pub fn only(facts: &Facts<'_>, option: &PackOption, answers: &Answers) -> Result<Option<Given>> {
    Ok(match choices(facts, option, answers)?.as_slice() {
        [row] => Some(Given::Words(vec![field(row, "id").to_owned()])),
        _ => None,
    })
}

/// A text that is as the option has it.
fn fitting(option: &PackOption, text: &str, flag: &str) -> Result<Value> {
    let matching = option.matching.as_deref().map(regular);
    // That it is a regular expression was checked when the pack was loaded.
    if text.is_empty() || !matches!(matching, Some(Ok(regex)) if !regex.on(text)?.is_match(text)) {
        return Ok(json!(text));
    }
    let shown: String = text.chars().take(40).collect();
    let error = Error::new(format!("`{}` is not an answer to `{flag}`", shown.escape_debug()));
    Err(match &option.example {
        Some(example) => error.help(format!("give one such as `{example}`")),
        None => error.help(option.help.as_deref().unwrap_or(&option.prompt)),
    })
}

/// The checked value of `option`.
///
/// For pairs, each row on the left side (an answer given before) gains a field named as this option with
/// the rows of its right sides.
pub fn resolve(
    facts: &Facts<'_>,
    option: &PackOption,
    given: Option<&Given>,
    answers: &mut Answers,
) -> Result<Value> {
    let flag = format!("--{}", option.id);
    if option.kind == OptionKind::Pairs {
        return pairs(facts, option, given, answers, &flag);
    }
    let Some(given) = given else {
        return Ok(nothing(option.kind));
    };
    match (option.kind, given) {
        (OptionKind::Flag, Given::Flag(on)) => Ok(json!(on)),
        (OptionKind::Text, Given::Words(words)) => {
            match words.as_slice() {
                [text] if !text.chars().any(char::is_control) => fitting(option, text, &flag),
                [] if !option.required => Ok(json!("")),
                [_] => Err(Error::new(format!("`{flag}` has control characters"))
                    .help("give one line of plain text")),
                _ => Err(Error::new(format!("`{flag}` takes one text"))),
            }
        }
        (OptionKind::Many, Given::Words(words)) => {
            let rows = choices(facts, option, answers)?;
            if words.len() == 1 && words[0] == "all" && pick(&rows, "all").is_none() {
                return Ok(Value::Array(rows));
            }
            let mut chosen: Vec<&str> = Vec::new();
            for word in words.iter().flat_map(|words| words.split(',')).map(str::trim) {
                chosen.push(field(known(&rows, word, &flag)?, "id"));
            }
            // In the order of the choices, so that the same answer in another order is the same answer.
            let out: Vec<Value> = rows
                .iter()
                .filter(|row| chosen.contains(&field(row, "id")))
                .cloned()
                .collect();
            if out.is_empty() && option.required {
                return Err(Error::new(format!("`{flag}` is empty: {}", option.prompt)).help(listing(&rows)));
            }
            Ok(Value::Array(out))
        }
        (OptionKind::One, Given::Words(words)) => match words.as_slice() {
            [] if !option.required => Ok(Value::Null),
            [word] => Ok(known(&choices(facts, option, answers)?, word, &flag)?.clone()),
            _ => Err(Error::new(format!("`{flag}` takes one value"))),
        },
        (_, Given::Flag(_)) => Err(Error::new(format!("`{flag}` takes a value"))),
        (_, Given::Words(_)) => Err(Error::new(format!("`{flag}` is yes or no"))),
    }
}

fn pairs(
    facts: &Facts<'_>,
    option: &PackOption,
    given: Option<&Given>,
    answers: &mut Answers,
    flag: &str,
) -> Result<Value> {
    let rights = choices(facts, option, answers)?;
    let Some(left_id) = option.left.clone() else {
        return free_pairs(&rights, given, flag, facts.language());
    };
    let mut lefts = answers
        .values
        .get(&left_id)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    for left in &mut lefts {
        set(left, &option.id, json!([]));
    }
    let mut out = Vec::new();
    let words = match given {
        Some(Given::Words(words)) => words.as_slice(),
        Some(Given::Flag(_)) => return Err(Error::new(format!("`{flag}` takes a value"))),
        None => &[],
    };
    for word in words {
        let Some((left, right)) = word.split_once(':') else {
            return Err(Error::new(format!("`{}` is not a pair", word.escape_debug()))
                .help(format!("write `{flag} LEFT:RIGHT`, several with commas")));
        };
        let right = known(&rights, right, flag)?.clone();
        let id = field(known(&lefts, left, flag)?, "id").to_owned();
        if let Some(left) = lefts.iter_mut().find(|row| field(row, "id") == id)
            && let Some(Value::Array(list)) = left.get_mut(&option.id)
        {
            if list.contains(&right) {
                continue;
            }
            list.push(right.clone());
        }
        out.push(json!({ "left": id, "right": right }));
    }
    answers.values.insert(left_id, Value::Array(lefts));
    Ok(Value::Array(out))
}

/// Pairs with an identifier of `language` on the left: a row for each, in the order in which they were given.
fn free_pairs(rights: &[Value], given: Option<&Given>, flag: &str, language: Lang) -> Result<Value> {
    let words = match given {
        Some(Given::Words(words)) => words.as_slice(),
        Some(Given::Flag(_)) => return Err(Error::new(format!("`{flag}` takes a value"))),
        None => &[],
    };
    let mut out: Vec<Value> = Vec::new();
    for word in words.iter().flat_map(|words| words.split(',')).map(str::trim) {
        let Some((left, right)) = word.split_once(':') else {
            return Err(Error::new(format!("`{}` is not a pair", word.escape_debug()))
                .help(format!("write `{flag} NAME:KIND`, several with commas")));
        };
        let right = known(rights, right, flag)?.clone();
        let is_name = left.starts_with(|c: char| c.is_ascii_lowercase())
            && left
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && !language.reserves(left);
        if !is_name {
            return Err(Error::new(format!("`{}` cannot be a name", left.escape_debug()))
                .help("use lower-case words joined by `_`, such as `endpoint_url`"));
        }
        if out.iter().any(|row| field(row, "id") == left) {
            return Err(Error::new(format!("`{flag}` names `{left}` twice")).help("leave one of them out"));
        }
        out.push(json!({ "name": left, "id": left, "left": left, "right": right, "kind": right }));
    }
    Ok(Value::Array(out))
}

fn set(row: &mut Value, key: &str, value: Value) {
    if let Value::Object(fields) = row {
        fields.insert(key.to_owned(), value);
    }
}

fn pick<'r>(rows: &'r [Value], word: &str) -> Option<&'r Value> {
    rows.iter()
        .find(|row| normal(field(row, "id")) == normal(word) && !normal(word).is_empty())
}

fn known<'r>(rows: &'r [Value], word: &str, flag: &str) -> Result<&'r Value> {
    pick(rows, word).ok_or_else(|| {
        let error = Error::new(format!("`{}` is not a choice for `{flag}`", word.escape_debug()));
        match nearest(word, rows.iter().map(|row| field(row, "id"))) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help(listing(rows)),
        }
    })
}

fn listing(rows: &[Value]) -> String {
    if rows.is_empty() {
        return "there is nothing to choose from".into();
    }
    let ids: Vec<&str> = rows.iter().map(|row| field(row, "id")).collect();
    format!("choose from: {}", tenon_text::names::listed(&ids))
}

/// The words of an answer in the form in which they are recorded.
pub fn canonical(given: &Given, option: &PackOption, answers: &Answers) -> Given {
    let Some(value) = answers.values.get(&option.id) else {
        return given.clone();
    };
    let ids = |rows: &[Value]| rows.iter().map(|row| field(row, "id").to_owned()).collect();
    match (option.kind, value) {
        (OptionKind::Many, Value::Array(rows)) => Given::Words(ids(rows)),
        (OptionKind::One, row @ Value::Object(_)) => Given::Words(ids(std::slice::from_ref(row))),
        (OptionKind::Pairs, Value::Array(pairs)) => Given::Words(
            pairs
                .iter()
                .map(|pair| format!("{}:{}", field(pair, "left"), field(&pair["right"], "id")))
                .collect(),
        ),
        _ => given.clone(),
    }
}
