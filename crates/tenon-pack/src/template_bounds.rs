//! Bounds on templates, so that a pack can neither keep the program busy for ever nor fill the memory: how deep blocks
//! stand in each other, how many expressions a long text has, how often loops turn, how much comes out. What could call itself is refused.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use handlebars::template::TemplateElement;
use handlebars::{
    Context, Handlebars, Helper, HelperResult, Output, RenderContext, RenderErrorReason, Template,
};

use tenon_text::diag::{Error, Result};

/// The deepest nesting of blocks and of brackets.
const MAX_DEPTH: usize = 48;
/// The sum of the places of all expressions, in bytes: the parser counts lines from the beginning at each of them.
const MAX_PLACES: usize = 64 << 20;
/// How often all loops of one rendering turn.
const MAX_TURNS: usize = 200_000;
/// How much one rendering, or one value in it, may come to, in bytes.
pub const MAX_OUTPUT: usize = 2 << 20;

/// The helper that counts, put at the beginning of every loop. No template can have it: it is no name.
const TICK: &str = "{{turn-of-loop}}";
const TICK_NAME: &str = "turn-of-loop";

/// Counts the turns of all loops of one rendering.
#[derive(Clone, Default)]
pub struct Turns(Arc<AtomicUsize>);

impl Turns {
    /// Makes `engine` count.
    pub fn install(&self, engine: &mut Handlebars<'_>) {
        let turns = self.clone();
        let count = move |_: &Helper<'_>,
                          _: &Handlebars<'_>,
                          _: &Context,
                          _: &mut RenderContext<'_, '_>,
                          _: &mut dyn Output|
              -> HelperResult {
            if turns.0.fetch_add(1, Ordering::Relaxed) < MAX_TURNS {
                return Ok(());
            }
            Err(RenderErrorReason::Other(format!("its loops turn more than {MAX_TURNS} times")).into())
        };
        engine.register_helper(TICK_NAME, Box::new(count));
    }

    /// Begins anew.
    pub fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Refuses a template that nests too deep to be read.
///
/// # Errors
/// With the reason.
pub fn check_depth(name: &str, source: &str) -> Result<()> {
    let mut blocks = 0_usize;
    let mut deepest = 0;
    let mut rest = source;
    while let Some(at) = rest.find("{{") {
        let tail = rest[at + 2..].trim_start_matches(['{', '~']);
        if tail.starts_with(['#', '^']) {
            blocks += 1;
        } else if tail.starts_with('/') {
            blocks = blocks.saturating_sub(1);
        }
        let tag = tail.split("}}").next().unwrap_or_default();
        deepest = deepest.max(blocks).max(tag.matches('(').count());
        rest = &tail[tag.len()..];
    }
    if deepest <= MAX_DEPTH {
        return Ok(());
    }
    Err(Error::new("the template nests too deep")
        .in_file(name)
        .because(format!("blocks and brackets may be nested {MAX_DEPTH} deep"))
        .help("make files or options of it"))
}

/// Refuses a template that has too many expressions for its length to be read in little time.
///
/// # Errors
/// With the reason.
pub fn check_length(name: &str, source: &str) -> Result<()> {
    let places: usize = source.match_indices("{{").map(|(at, _)| at).sum();
    if places <= MAX_PLACES {
        return Ok(());
    }
    Err(Error::new("the template has too many expressions for its length")
        .in_file(name)
        .help("make a loop or several files of it"))
}

/// Refuses partials and decorators, which could call themselves.
///
/// # Errors
/// If there are any in `template`.
pub fn check_elements(name: &str, template: &Template) -> Result<()> {
    for element in &template.elements {
        match element {
            TemplateElement::HelperBlock(block) => {
                for inner in block.template.iter().chain(&block.inverse) {
                    check_elements(name, inner)?;
                }
            }
            TemplateElement::PartialExpression(_)
            | TemplateElement::PartialBlock(_)
            | TemplateElement::DecoratorExpression(_)
            | TemplateElement::DecoratorBlock(_) => {
                return Err(
                    Error::new("the template language here has no partials and decorators")
                        .in_file(name)
                        .help("write the text where it is needed, or make a file of it"),
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// Puts the counter into every loop of `template`.
///
/// # Errors
/// If the counter cannot be compiled.
pub fn bounded(mut template: Template) -> Result<Template> {
    let counter = Template::compile(TICK)
        .ok()
        .and_then(|template| template.elements.into_iter().next())
        .ok_or_else(|| Error::new("the counter of loops cannot be read"))?;
    count_loops(&mut template, &counter);
    Ok(template)
}

fn count_loops(template: &mut Template, counter: &TemplateElement) {
    for element in &mut template.elements {
        let TemplateElement::HelperBlock(block) = element else {
            continue;
        };
        for inner in block.template.iter_mut().chain(&mut block.inverse) {
            count_loops(inner, counter);
        }
        if block.name.as_name() == Some("each")
            && let Some(body) = &mut block.template
        {
            body.elements.insert(0, counter.clone());
            if let Some(first) = body.mapping.first().cloned() {
                body.mapping.insert(0, first);
            }
        }
    }
}

/// What is rendered, up to a bound.
#[derive(Default)]
pub struct Bounded(Vec<u8>);

impl Bounded {
    /// The text.
    pub fn into_text(self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT {
            return Err(std::io::Error::other("it comes to more than 2 MiB"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_that_of_blocks_and_of_brackets() {
        let nested = |n: usize| format!("{}x{}", "{{#if a}}".repeat(n), "{{/if}}".repeat(n));
        assert!(check_depth("t", &nested(MAX_DEPTH)).is_ok());
        assert!(check_depth("t", &nested(MAX_DEPTH + 1)).is_err());
        let brackets = |n: usize| format!("{{{{#if {}a{}}}}}x{{{{/if}}}}", "(not ".repeat(n), ")".repeat(n));
        assert!(check_depth("t", &brackets(9)).is_ok());
        assert!(check_depth("t", &brackets(60)).is_err());
        assert!(check_depth("t", &"{{#if a}}f(x); {{/if}}\n".repeat(100)).is_ok());
    }

    #[test]
    fn a_long_text_has_few_expressions_and_a_short_one_many() {
        assert!(check_length("t", &"{{a}} ".repeat(4_000)).is_ok());
        assert!(check_length("t", &"{{a}} ".repeat(10_000)).is_err());
        let long = "x".repeat(1 << 20);
        assert!(check_length("t", &(long.clone() + &"{{a}} ".repeat(50))).is_ok());
        assert!(check_length("t", &(long + &"{{a}} ".repeat(100))).is_err());
    }

    #[test]
    fn what_calls_itself_is_refused() {
        for text in [
            "{{> a}}",
            "{{#if a}}{{> b}}{{/if}}",
            "{{#*inline \"a\"}}x{{/inline}}",
            "{{#each a}}{{else}}{{> c}}{{/each}}",
        ] {
            let template = Template::compile(text).unwrap();
            assert!(check_elements("t", &template).is_err(), "{text}");
        }
    }
}
