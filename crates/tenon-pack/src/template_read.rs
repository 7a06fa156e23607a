//! Templates read without the engine's own parser, which is general and slow: it would take a sixth of a small run.
//!
//! In: the source. Out: exactly the tree that the engine would make of it, without positions; or nothing, if
//! anything stands in it but text, `{{path}}`, `{{helper …}}`, `{{#block …}}`, `{{else …}}` and
//! `{{/block}}`. Then the engine reads it, and says what is wrong if something is.

use std::collections::HashMap;

use handlebars::template::{
    ExpressionSpec, ExpressionSpecBuilder, HelperTemplate, Parameter, Subexpression, TemplateElement,
};
use handlebars::{Path, PathSeg, Template};
use serde_json::Value;

/// The template in `source`.
pub fn read(source: &str) -> Option<Template> {
    let mut open: Vec<Open> = vec![];
    let mut current = Template::new();
    let mut at = 0;
    // Whether the rest of the line behind a tag that stands alone on it is left out.
    let mut trim = false;
    while let Some(start) = source[at..].find("{{").map(|found| at + found) {
        if source[..start].ends_with('\\') {
            return None;
        }
        push_text(&mut current, &source[at..start], &mut trim);
        let end = start + source[start..].find("}}")? + 2;
        let inner = &source[start + 2..end - 2];
        at = end;
        if inner.contains(['{', '}', '~', '\n']) || source[end..].starts_with('}') {
            return None;
        }
        let mut words = Words { rest: inner };
        let sign = inner.chars().next()?;
        match sign {
            '#' => {
                words.rest = &inner[1..];
                let name = words.name()?;
                let params = words.params()?;
                trim = alone(source, start, end, &mut current);
                open.push(Open {
                    chain: vec![HelperTemplate::new(
                        spec(Parameter::Name(name), params)?,
                        true,
                        trim,
                    )],
                    outer: std::mem::take(&mut current),
                    last: false,
                });
            }
            '/' => {
                words.rest = &inner[1..];
                let name = words.name()?;
                words.end()?;
                trim = alone(source, start, end, &mut current);
                let block = open.pop()?;
                if block.chain.first()?.name != Parameter::Name(name) {
                    return None;
                }
                current = block.closed(current)?;
            }
            _ if inner == "else" || inner.starts_with("else ") => {
                words.rest = &inner[4..];
                let chained = match words.end() {
                    Some(()) => None,
                    None => Some(spec(Parameter::Name(words.name()?), words.params()?)?),
                };
                trim = alone(source, start, end, &mut current);
                let block = open.last_mut()?;
                if block.last {
                    return None;
                }
                block.chain.last_mut()?.template = Some(std::mem::take(&mut current));
                match chained {
                    None => block.last = true,
                    Some(spec) => {
                        block.chain.first_mut()?.chain = true;
                        block.chain.push(HelperTemplate::new_chain(spec, true, trim));
                    }
                }
            }
            // The grammar sees this word wherever a tag begins with it.
            _ if inner.trim_start().starts_with("else") => return None,
            _ => {
                let (name, params) = words.call(false)?;
                let call = HelperTemplate::new(spec(name, params)?, false, false);
                current.elements.push(TemplateElement::Expression(Box::new(call)));
            }
        }
    }
    push_text(&mut current, &source[at..], &mut trim);
    open.is_empty().then_some(current)
}

/// A block that is not closed yet.
struct Open {
    /// The block, and the `{{else if}}`s that follow it.
    chain: Vec<HelperTemplate>,
    /// What the block stands in.
    outer: Template,
    /// Whether its `{{else}}` has been passed.
    last: bool,
}

impl Open {
    /// What the block stands in, with the block, whose last branch is `branch`.
    fn closed(mut self, branch: Template) -> Option<Template> {
        let end = self.chain.last_mut()?;
        if self.last {
            end.inverse = Some(branch);
        } else {
            end.template = Some(branch);
        }
        // Each link of the chain is all that the one before has for the other case.
        while let Some(link) = self.chain.pop() {
            let link = TemplateElement::HelperBlock(Box::new(link));
            match self.chain.last_mut() {
                Some(before) => before.inverse.get_or_insert_default().elements.push(link),
                None => self.outer.elements.push(link),
            }
        }
        Some(self.outer)
    }
}

fn push_text(into: &mut Template, text: &str, trim: &mut bool) {
    if text.is_empty() {
        return;
    }
    let mut text = text;
    if std::mem::take(trim) {
        text = text.trim_start_matches([' ', '\t']);
        text = text
            .strip_prefix("\r\n")
            .or_else(|| text.strip_prefix('\n'))
            .unwrap_or(text);
    }
    into.elements.push(TemplateElement::RawString(text.to_owned()));
}

/// Whether the tag at `start..end` stands alone on its line; the blanks before it then go.
fn alone(source: &str, start: usize, end: usize, current: &mut Template) -> bool {
    let behind = &source[end..];
    let ends_line = behind.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
    if !ends_line && !behind.is_empty() {
        return false;
    }
    let before = source[..start].trim_end_matches([' ', '\t']);
    let begins_line = before.is_empty() || before.ends_with(['\n', '\r']);
    if begins_line && let Some(TemplateElement::RawString(text)) = current.elements.last_mut() {
        text.truncate(text.trim_end_matches([' ', '\t']).len());
    }
    begins_line
}

fn spec(name: Parameter, params: Vec<Parameter>) -> Option<ExpressionSpec> {
    ExpressionSpecBuilder::default()
        .name(name)
        .params(params)
        .hash(HashMap::new())
        .omit_pre_ws(false)
        .omit_pro_ws(false)
        .build()
        .ok()
}

/// The words between two braces.
struct Words<'t> {
    rest: &'t str,
}

impl<'t> Words<'t> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Nothing more may follow.
    fn end(&mut self) -> Option<()> {
        self.blanks();
        self.rest.is_empty().then_some(())
    }

    /// The next word: up to a blank or a bracket.
    fn word(&mut self) -> Option<&'t str> {
        self.blanks();
        let end = self.rest.find([' ', '\t', '(', ')']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        // Words have blanks between them; the grammar would take some for two that have none.
        if word.is_empty() || rest.starts_with('(') {
            return None;
        }
        self.rest = rest;
        Some(word)
    }

    /// The name of a helper.
    fn name(&mut self) -> Option<String> {
        let word = self.word()?;
        (is_name(word) && !matches!(word, "else" | "as" | "this")).then(|| word.to_owned())
    }

    /// The name of a helper with its parameters, or a path alone; in brackets if `nested`.
    fn call(&mut self, nested: bool) -> Option<(Parameter, Vec<Parameter>)> {
        let word = self.word()?;
        let mut params = vec![];
        loop {
            self.blanks();
            if nested && self.rest.starts_with(')') {
                self.rest = &self.rest[1..];
                break;
            }
            if self.rest.is_empty() {
                if nested {
                    return None;
                }
                break;
            }
            params.push(self.param()?);
        }
        if params.is_empty() {
            return Some((path(word)?, params));
        }
        let is_helper = is_name(word) && !matches!(word, "else" | "as" | "this");
        is_helper.then(|| (Parameter::Name(word.to_owned()), params))
    }

    fn params(&mut self) -> Option<Vec<Parameter>> {
        let mut out = vec![];
        while self.end().is_none() {
            out.push(self.param()?);
        }
        Some(out)
    }

    fn param(&mut self) -> Option<Parameter> {
        self.blanks();
        let first = self.rest.chars().next()?;
        if matches!(first, '"' | '\'') {
            let inner = &self.rest[1..];
            let end = inner.find(first)?;
            let text = &inner[..end];
            self.rest = &inner[end + 1..];
            let is_plain = |c: char| !c.is_control() && !matches!(c, '\\' | '"' | '\'');
            if !text.chars().all(is_plain)
                || !self.rest.starts_with([' ', '\t', ')']) && !self.rest.is_empty()
            {
                return None;
            }
            return Some(Parameter::Literal(Value::String(text.to_owned())));
        }
        if first == '(' {
            self.rest = &self.rest[1..];
            let (name, params) = self.call(true)?;
            if !self.rest.starts_with([' ', '\t', ')']) && !self.rest.is_empty() {
                return None;
            }
            return Some(Parameter::Subexpression(Subexpression::new(
                name,
                params,
                HashMap::new(),
            )));
        }
        let word = self.word()?;
        match word {
            "true" => return Some(Parameter::Literal(Value::Bool(true))),
            "false" => return Some(Parameter::Literal(Value::Bool(false))),
            "null" | "else" | "as" => return None,
            _ => {}
        }
        if word.len() < 10 && word.bytes().all(|byte| byte.is_ascii_digit()) {
            // As JSON has it: no leading zero.
            return serde_json::from_str(word).ok().map(Parameter::Literal);
        }
        path(word)
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// `this`, `@first`, `a.b`, `../a.b`.
fn path(word: &str) -> Option<Parameter> {
    if let Some(name) = word.strip_prefix('@') {
        let is_local = is_name(name) && name != "root" && name != "this";
        return is_local.then(|| Parameter::Path(Path::Local((0, name.to_owned(), word.to_owned()))));
    }
    let mut segments = vec![];
    let mut rest = word;
    while let Some(below) = rest.strip_prefix("../") {
        segments.push(up()?);
        rest = below;
    }
    if word != "this" {
        for name in rest.split('.') {
            if !is_name(name) || matches!(name, "this" | "else" | "as" | "true" | "false" | "null") {
                return None;
            }
            segments.push(PathSeg::Named(name.to_owned()));
        }
    }
    Some(Parameter::Path(Path::Relative((segments, word.to_owned()))))
}

thread_local! {
    /// One step up; only the engine can make it.
    static UP: Option<PathSeg> = match Path::parse("../a") {
        Ok(Path::Relative((segments, _))) => segments.into_iter().next(),
        _ => None,
    };
}

fn up() -> Option<PathSeg> {
    UP.with(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PackFiles;
    use proptest::prelude::*;

    /// What the engine makes of `source`, without positions.
    fn compiled(source: &str) -> Option<Template> {
        fn bare(template: &mut Template) {
            template.mapping.clear();
            for element in &mut template.elements {
                if let TemplateElement::HelperBlock(helper) = element {
                    helper.template.as_mut().map(bare);
                    helper.inverse.as_mut().map(bare);
                }
            }
        }
        let mut template = Template::compile(source).ok()?;
        bare(&mut template);
        Some(template)
    }

    #[test]
    fn templates_that_are_built_in_are_read_as_the_engine_reads_them() {
        let mut count = 0;
        for pack in PackFiles::embedded() {
            for path in pack.paths().iter().filter(|path| path.ends_with(".hbs")) {
                let source = pack.text(path).unwrap();
                if read(&source).is_none() {
                    // Some paths that lead outwards are left to the engine.
                    let mut expressions = source
                        .split("{{")
                        .skip(1)
                        .filter_map(|rest| rest.split("}}").next());
                    assert!(expressions.any(|text| text.contains("../")), "{path} is not read");
                    continue;
                }
                assert!(read(&source) == compiled(&source), "{path}");
                count += 1;
            }
        }
        assert!(count > 10);
    }

    #[test]
    fn what_is_not_understood_is_left_to_the_engine() {
        for source in [
            "{{{a}}}",
            "{{{{a}}}}",
            "{{~a}}",
            "{{a~}}",
            "{{! a }}",
            "{{!-- a --}}",
            "{{> a}}",
            "{{&a}}",
            "{{*a}}",
            "\\{{a}}",
            "\\\\{{a}}",
            "{{a",
            "{{}}",
            "{{#if a}}",
            "{{/if}}",
            "{{#if a}}{{/each}}",
            "{{else}}",
            "{{#if a}}{{elseif b}}{{/if}}",
            "{{#if a}}{{else}}{{else if b}}{{/if}}",
            "{{#if a}}{{^if b}}{{/if}}",
            "{{#if a}}{{else}}{{else}}{{/if}}",
            "{{#if a}}{{^}}{{/if}}",
            "{{#each a as |b|}}{{/each}}",
            "{{a b=c}}",
            "{{(a)}}",
            "{{this.a}}",
            "{{./a}}",
            "{{@root.a}}",
            "{{@../index}}",
            "{{a.[b]}}",
            "{{a/b}}",
            "{{a 'b\"c'}}",
            "{{a \"b\\n\"}}",
            "{{a \"b\u{1}\"}}",
            "{{a null}}",
            "{{a 01}}",
            "{{a -1}}",
            "{{a 1.5}}",
            "{{a as}}",
            "{{a [1]}}",
            "{{a(b)}}",
            "{{a (b)c}}",
            "{{a 'b'c}}",
            "{{a (b}}",
            "{{a b)}}",
            "{{a\nb}}",
            "{{a}}}",
            "{{#>a}}{{/a}}",
            "{{#*a}}{{/a}}",
            "{{true}}",
        ] {
            assert_eq!(read(source), None, "{source}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_what_the_engine_reads(pieces in prop::collection::vec(prop::sample::select(vec![
            "{{#if a}}", "{{/if}}", "{{else}}", "{{else if b}}", "{{else each a 1}}", "{{elsewhere}}",
            "{{#each a.b}}", "{{/each}}", "{{a}}", "{{ a }}", "{{a-b.c}}",
            "{{../a}}", "{{../../a.b}}", "{{this}}", "{{@first}}", "{{json a}}", "{{get a 'b' \"c\"}}",
            "{{#if (eq (len a) 1)}}", "{{#unless (and @last (not a.b))}}", "{{/unless}}", "{{x (now) true 10}}",
            "{{#fit 0}}", "{{/fit}}", "{{#if  a }}", "{{ else }}", "{{/ if}}", "{{# if a}}", "{{#if}}",
            "x", " ", "  ", "\t", "\n", "\r\n", "\r", "é", "{", "}", "\\", "y\n", "    ",
        ]), 0..14)) {
            let source = pieces.concat();
            if let Some(read) = read(&source) {
                prop_assert_eq!(Some(read), compiled(&source), "{:?}", source);
            }
        }

        #[test]
        fn blocks_are_read_as_the_engine_reads_them(
            parts in prop::collection::vec(prop::sample::select(vec![
                "", " ", "\n", "  \n", "\n  ", "\r\n", "x", "x\n", "\nx", " x ", "{{a}}", "{{a}}\n", "\n{{a}} ",
                "\t{{a}}\t\n",
            ]), 6),
            kind in 0..4,
        ) {
            let other = match kind {
                0 => parts[2].to_owned(),
                1 => format!("{}{{{{else}}}}{}", parts[2], parts[3]),
                2 => format!("{}{{{{else if c}}}}{}", parts[2], parts[3]),
                _ => format!(
                    "{}{{{{else if c}}}}{}{{{{else with d}}}}x{{{{else}}}}{}",
                    parts[2], parts[3], parts[1]
                ),
            };
            let source = format!(
                "{}{{{{#if a}}}}{}{{{{#each b}}}}{other}{{{{/each}}}}{}{{{{/if}}}}{}",
                parts[0], parts[1], parts[4], parts[5]
            );
            prop_assert_eq!(read(&source), compiled(&source), "{:?}", source);
        }
    }
}
