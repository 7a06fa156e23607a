//! Variables that are read through: `all.add(x)` behind `x := new(a)` says the same as `all.add(new(a))`.
//!
//! Goes by tokens and braces, with the words that begin a declaration in the language. A name that is declared or assigned anew stands
//! for the newest value; one that was given something else in between in a nested block is not read through.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::tokens::{Glue, Place, Token};

/// Through so many blocks around it a name is looked for.
const MAX_BLOCKS: usize = 64;

/// The values that stand for variables, as ranges of tokens, by the token that names the variable.
pub(super) type Values = HashMap<usize, Range<usize>>;

/// Finds the variables that are passed on, each as a whole argument or element. `declares` are the words or the sign that declare one.
pub(super) fn values(text: &str, (tokens, ends): (&[Token], &[usize]), declares: &[&str]) -> Values {
    if declares.is_empty() {
        return Values::new();
    }
    let code = |at: usize| {
        let token = tokens.get(at).filter(|token| token.place == Place::Code)?;
        text.get(token.start..token.end)
    };
    let cut = Cut {
        tokens,
        ends,
        code: &code,
    };
    let mut out = Values::new();
    let mut blocks: Vec<HashMap<&str, Option<Range<usize>>>> = vec![HashMap::new()];
    // Values that count from a token on, by that and by the order of the text.
    let mut pending: BTreeMap<(usize, usize), (&str, Range<usize>)> = BTreeMap::new();
    for at in 0..tokens.len() {
        while let Some(ready) = pending.first_entry().filter(|ready| ready.key().0 <= at) {
            let (name, value) = ready.remove();
            if let Some(block) = blocks.last_mut() {
                block.insert(name, Some(value));
            }
        }
        match code(at) {
            Some("{") => blocks.push(HashMap::new()),
            Some("}") if blocks.len() > 1 => _ = blocks.pop(),
            Some(name) if cut.is_passed(at) => {
                let known = blocks
                    .iter()
                    .rev()
                    .take(MAX_BLOCKS)
                    .find_map(|block| block.get(name));
                if let Some(Some(value)) = known {
                    out.insert(at, value.clone());
                }
            }
            _ => {}
        }
        if cut.begins_statement(at) {
            for (name, value) in cut.declared(at, declares) {
                pending.insert((value.end, value.start), (name, value));
            }
            if let Some(name) = cut.assigned(at) {
                for block in blocks.iter_mut().rev().take(MAX_BLOCKS) {
                    if let Some(value) = block.get_mut(name) {
                        *value = None;
                    }
                }
            }
        }
    }
    out
}

struct Cut<'c, 't> {
    tokens: &'c [Token],
    /// For each token the one that ends the brackets around it.
    ends: &'c [usize],
    code: &'c dyn Fn(usize) -> Option<&'t str>,
}

impl<'t> Cut<'_, 't> {
    fn is_word(&self, at: usize) -> Option<&'t str> {
        (self.code)(at).filter(|word| word.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    }

    /// Whether the token is a whole argument or element.
    fn is_passed(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| (self.code)(at));
        self.is_word(at).is_some()
            && matches!(before, Some("(" | "," | "["))
            && matches!((self.code)(at + 1), Some(")" | "," | "]"))
    }

    fn begins_statement(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| (self.code)(at));
        self.tokens[at].glue == Glue::Line || matches!(before, Some("{" | "}"))
    }

    /// The name that a statement gives a new value: `x = …`.
    fn assigned(&self, at: usize) -> Option<&'t str> {
        let name = self.is_word(at)?;
        let is_sign = (self.code)(at + 1) == Some("=") && !self.is_glued(at + 2, &["=", ">"]);
        is_sign.then_some(name)
    }

    fn is_glued(&self, at: usize, signs: &[&str]) -> bool {
        let glued = self.tokens.get(at).is_some_and(|token| token.glue == Glue::None);
        glued && (self.code)(at).is_some_and(|sign| signs.contains(&sign))
    }

    /// The names that a statement declares, each with its value.
    fn declared(&self, at: usize, declares: &[&str]) -> Vec<(&'t str, Range<usize>)> {
        let word = (self.code)(at).unwrap_or_default();
        let has_word = declares.contains(&word);
        if !has_word && !declares.contains(&":=") {
            return vec![];
        }
        let mut next = at + usize::from(has_word);
        if (self.code)(next) == Some("mut") {
            next += 1;
        }
        let mut names = Vec::new();
        while let Some(name) = self.is_word(next) {
            names.push(name);
            next += 1;
            if (self.code)(next) != Some(",") {
                break;
            }
            next += 1;
        }
        let sign = if has_word {
            // A type may stand between.
            let on_line = |at: &usize| self.tokens.get(*at).is_some_and(|token| token.glue != Glue::Line);
            (next..next + 16)
                .take_while(on_line)
                .find(|at| (self.code)(*at) == Some("="))
        } else {
            ((self.code)(next) == Some(":") && self.is_glued(next + 1, &["="])).then_some(next + 1)
        };
        let Some(sign) = sign.filter(|sign| !names.is_empty() && !self.is_glued(sign + 1, &["=", ">"]))
        else {
            return vec![];
        };
        let values = self.values_from(sign + 1);
        match (values.len(), names.len()) {
            (one, more) if one == more => names.into_iter().zip(values).collect(),
            // The first of several results.
            (1, _) => names.into_iter().zip(values).take(1).collect(),
            _ => vec![],
        }
    }

    /// The values, parted by commas, that begin at a token and end with their statement.
    fn values_from(&self, start: usize) -> Vec<Range<usize>> {
        let mut from = start;
        let mut out = Vec::new();
        let mut at = start;
        while at < self.tokens.len() {
            let sign = (self.code)(at);
            let ends = at > from && self.tokens[at].glue == Glue::Line && sign != Some(".");
            if ends || matches!(sign, Some(")" | "]" | "}")) {
                break;
            }
            match sign {
                // To the bracket that closes it.
                Some("(" | "[" | "{") => at = self.ends.get(at + 1).copied().unwrap_or(self.tokens.len()),
                Some(",") => {
                    out.push(from..at);
                    from = at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        out.push(from..at.min(self.tokens.len()));
        out.retain(|value| value.start < value.end);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Syntax};

    fn read(text: &str, path: &str) -> Vec<String> {
        let doc = Document::new(text, Syntax::of(path));
        let mut all: Vec<_> = doc.values.iter().collect();
        all.sort_by_key(|(at, _)| **at);
        let said = |from: usize, to: usize| &text[doc.tokens[from].start..doc.tokens[to].end];
        all.into_iter()
            .map(|(at, value)| format!("{}={}", said(*at, *at), said(value.start, value.end - 1)))
            .collect()
    }

    #[test]
    fn a_variable_is_read_through_where_it_is_passed_on() {
        let go = "package p\n\nfunc f() {\n\t{\n\t\tc := a.New(x, 1)\n\t\tall.Add(c)\n\t\tall.Add(c.Field)\n\t}\n\tall.Add(c)\n\tvar d *T = b.New()\n\tone, two := g(), h()\n\ti, err := k.New()\n\tuse(d, one, two, i, err)\n}\n";
        assert_eq!(
            read(go, "a.go"),
            ["c=a.New(x, 1)", "d=b.New()", "one=g()", "two=h()", "i=k.New()"]
        );
        assert_eq!(
            read("fn f() {\n    let mut a: A = B::new();\n    add(a);\n}\n", "a.rs"),
            ["a=B::new()"]
        );
        assert_eq!(
            read(
                "const a = new A({\n  x: 1,\n});\nadd(a);\nadd(a.b, f(c));\n",
                "a.ts"
            ),
            ["a=new A({\n  x: 1,\n})"]
        );
        assert_eq!(read("a = A()\nadd(a)\n", "a.py"), [""; 0]);
    }

    #[test]
    fn a_variable_that_got_another_value_is_not_read_through() {
        let go = "package p\n\nfunc f() {\n\tc := a.New()\n\tc = other\n\tall.Add(c)\n}\n\nfunc g(c C) {\n\tall.Add(c)\n}\n";
        assert_eq!(read(go, "a.go"), [""; 0]);
    }
}
