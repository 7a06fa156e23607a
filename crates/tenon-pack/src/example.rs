//! The text of an entry, read as an example: a template that writes an entry is, with its expressions as holes, the pattern by
//! which entries are found.
//!
//! Comes in: the template. Goes out: pieces for [`tenon_syntax::entry`], and what each hole is rendered from.

use handlebars::Path;
use handlebars::template::{HelperTemplate, Parameter, Template, TemplateElement};

use tenon_syntax::entry::{Hole, Part, Spelling};
use tenon_text::diag::Result;

use super::template::Templates;

/// The text of an entry as an example.
#[derive(Clone, Debug, Default)]
pub struct EntryExample {
    /// Its pieces, in order.
    pub parts: Vec<Part>,
    /// What its holes are; [`Hole::id`] is the place here.
    pub holes: Vec<HoleSource>,
    /// The hole that tells whose entry it is, if there is one.
    pub key: Option<usize>,
    /// The hole by which people call the entry: the first that differs between entries.
    pub named: Option<usize>,
}

/// What a hole stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoleSource {
    /// The template that fills it.
    pub template: String,
    /// How it is spelt.
    pub spelling: Spelling,
    /// Whether it differs between entries: a hole that speaks of nothing but the host's facts does not.
    pub varies: bool,
    /// Whether it stands in what a condition writes: not every entry has it.
    pub conditional: bool,
    /// The import, by its place in the imports of the site, that gives the name which stands here.
    pub bound: Option<usize>,
}

impl EntryExample {
    /// Reads the template of an entry and those of the imports that it needs. `locals` gives the names that an import
    /// statement binds.
    ///
    /// # Errors
    /// If a template cannot be read, with what is wrong.
    pub fn read(text: &str, imports: &[String], locals: &dyn Fn(&str) -> Vec<String>) -> Result<Self> {
        let mut out = Self::default();
        let template = Templates::check("the entry", text)?;
        out.parts = out.template(&template);
        for (index, import) in imports.iter().enumerate() {
            let template = Templates::check("the import", import)?;
            let mut own = Self::default();
            let parts = own.template(&template);
            for local in locals(&marked(&parts, &own.holes)) {
                out.bind(&local, index);
            }
        }
        out.choose_key(&|_| true);
        Ok(out)
    }

    /// Chooses the holes that name the member and the entry, among those that `reads` says are read.
    pub fn choose_key(&mut self, reads: &dyn Fn(usize) -> bool) {
        self.key = self.find_key(reads);
        let differs = |part: &Part| match part {
            Part::Hole(hole) if self.holes[hole.id].varies && reads(hole.id) => Some(hole.id),
            _ => None,
        };
        self.named = self.parts.iter().find_map(differs).or(self.key);
    }

    /// The hole that names the member: of those that `reads` says are read the first whose spelling does so strictly, else the first
    /// that varies.
    fn find_key(&self, reads: &dyn Fn(usize) -> bool) -> Option<usize> {
        let free = |hole: &HoleSource| hole.varies && hole.bound.is_none() && !hole.conditional;
        let strict = |hole: &HoleSource| free(hole) && hole.spelling.is_strict();
        let at = |is: &dyn Fn(&HoleSource) -> bool| {
            let mut holes = self.holes.iter().enumerate();
            holes.find_map(|(id, hole)| (is(hole) && reads(id)).then_some(id))
        };
        at(&strict)
            .or_else(|| at(&free))
            .or_else(|| at(&|hole| hole.varies))
    }

    fn template(&mut self, template: &Template) -> Vec<Part> {
        let mut out = Vec::new();
        for element in &template.elements {
            match element {
                TemplateElement::RawString(text) => push_text(&mut out, text),
                TemplateElement::Expression(call) | TemplateElement::HtmlExpression(call) => {
                    let part = self.expression(call);
                    out.push(part);
                }
                TemplateElement::HelperBlock(block) => self.block(block, &mut out),
                _ => {}
            }
        }
        out
    }

    fn expression(&mut self, call: &HelperTemplate) -> Part {
        match name_of(&call.name) {
            "_" => return Part::Gap,
            name if name.starts_with('_') => {
                return self.hole(format!("{{{{{name}}}}}"), Spelling::Pascal, false);
            }
            _ => {}
        }
        let spelling = match name_of(&call.name) {
            _ if call.params.is_empty() && !matches!(call.name, Parameter::Literal(_)) => Spelling::Name,
            "kebab" => Spelling::Kebab,
            "snake" => Spelling::Snake,
            "flat" => Spelling::Flat,
            "camel" => Spelling::Camel,
            "pascal" => Spelling::Pascal,
            "constant" => Spelling::Constant,
            "title" => Spelling::Title,
            "module" => Spelling::Name,
            _ => Spelling::Text,
        };
        // What is the host's may be any text: a path of a module.
        let varies = varies(call);
        let spelling = if varies { spelling } else { Spelling::Text };
        self.hole(format!("{{{{{}}}}}", print_call(call)), spelling, varies)
    }

    fn hole(&mut self, template: String, spelling: Spelling, varies: bool) -> Part {
        let id = self.holes.len();
        self.holes.push(HoleSource {
            template,
            spelling,
            varies,
            conditional: false,
            bound: None,
        });
        Part::Hole(Hole { spelling, id })
    }

    fn block(&mut self, block: &HelperTemplate, out: &mut Vec<Part>) {
        let name = name_of(&block.name);
        let inner = |this: &mut Self, template: Option<&Template>| {
            template.map_or(vec![], |template| this.template(template))
        };
        match name {
            "fit" => out.extend(inner(self, block.template.as_ref())),
            "if" | "unless" => {
                let first = self.holes.len();
                let one = inner(self, block.template.as_ref());
                let other = inner(self, block.inverse.as_ref());
                if is_word(&one) && is_word(&other) && !(one.is_empty() && other.is_empty()) {
                    // A word that depends on something is one hole: what it is for a member is known.
                    let strict = self.holes[first..].iter().all(|hole| hole.spelling.is_strict());
                    let has_text = one.iter().chain(&other).any(|part| matches!(part, Part::Text(_)));
                    let differs = self.holes[first..].iter().any(|hole| hole.varies) || varies(block);
                    self.holes.truncate(first);
                    let spelling = if strict && !has_text {
                        Spelling::Name
                    } else {
                        Spelling::Pascal
                    };
                    let part = self.hole(print_block(block), spelling, differs);
                    out.push(part);
                } else {
                    for hole in &mut self.holes[first..] {
                        hole.conditional = true;
                    }
                    out.push(Part::Either(one, other));
                }
            }
            _ => out.push(Part::Gap),
        }
    }

    /// Makes one hole of every word that is the name `local`, which the import at `index` gives.
    fn bind(&mut self, local: &str, index: usize) {
        let mut parts = std::mem::take(&mut self.parts);
        self.bind_in(&mut parts, local, index);
        self.parts = parts;
    }

    fn bind_in(&mut self, parts: &mut Vec<Part>, local: &str, index: usize) {
        let mut out: Vec<Part> = Vec::new();
        for part in std::mem::take(parts) {
            match part {
                Part::Either(mut one, mut other) => {
                    self.bind_in(&mut one, local, index);
                    self.bind_in(&mut other, local, index);
                    out.push(Part::Either(one, other));
                }
                part => out.push(part),
            }
        }
        let mut at = 0;
        while at < out.len() {
            if let Some((end, before, after)) = self.word(&out, at, local) {
                let source: Vec<Part> = out[at..end].to_vec();
                let template = self.source(&source, before, after);
                let varies = source
                    .iter()
                    .any(|part| matches!(part, Part::Hole(hole) if self.holes[hole.id].varies));
                let Part::Hole(hole) = self.hole(template, Spelling::Pascal, varies) else {
                    break;
                };
                self.holes[hole.id].bound = Some(index);
                for part in &source {
                    if let Part::Hole(gone) = part {
                        self.holes[gone.id].varies = false;
                    }
                }
                let mut new = Vec::new();
                if let (Some(Part::Text(text)), true) = (source.first(), before > 0) {
                    new.push(Part::Text(text[..before].to_owned()));
                }
                new.push(Part::Hole(hole));
                if let Some(Part::Text(text)) = source.last()
                    && after < text.len()
                    && source.len() > 1
                {
                    new.push(Part::Text(text[after..].to_owned()));
                }
                let added = new.len();
                out.splice(at..end, new);
                at += added;
            } else {
                at += 1;
            }
        }
        *parts = out;
    }

    /// The word `local` that begins in the part at `at`: the end of its parts, where it begins in a first text, and where it
    /// ends in a last one.
    fn word(&self, parts: &[Part], at: usize, local: &str) -> Option<(usize, usize, usize)> {
        let (mut next, mut before, mut word) = (at, 0, String::new());
        if let Part::Text(text) = parts.get(at)? {
            before = text.rfind(|c: char| !is_word_char(c)).map_or(0, |end| {
                end + text[end..].chars().next().map_or(0, char::len_utf8)
            });
            word.push_str(&text[before..]);
            next += 1;
        } else if at > 0 && matches!(&parts[at - 1], Part::Text(text) if text.ends_with(is_word_char)) {
            return None;
        }
        // A word in quotes is a text.
        let quote = |text: &str| text.ends_with(['\'', '"', '`', '/']);
        let preceding = match (&parts[at], at.checked_sub(1).map(|at| &parts[at])) {
            (Part::Text(text), _) => &text[..before],
            (_, Some(Part::Text(text))) => text,
            _ => "",
        };
        if quote(preceding) {
            return None;
        }
        let mut holes = 0;
        let mut after = usize::MAX;
        while let Some(part) = parts.get(next) {
            match part {
                Part::Hole(hole) if self.holes[hole.id].bound.is_none() => {
                    word.push_str(&marker(&self.holes[hole.id].template));
                    holes += 1;
                }
                Part::Text(text) => {
                    let end = text.find(|c: char| !is_word_char(c)).unwrap_or(text.len());
                    if end == 0 {
                        break;
                    }
                    word.push_str(&text[..end]);
                    after = end;
                    if end < text.len() {
                        next += 1;
                        break;
                    }
                }
                _ => break,
            }
            next += 1;
        }
        (holes > 0 && word == local).then_some((next, before, after))
    }

    /// The template of a word that is made of `parts`.
    fn source(&self, parts: &[Part], before: usize, after: usize) -> String {
        let mut out = String::new();
        let last = parts.len() - 1;
        for (index, part) in parts.iter().enumerate() {
            match part {
                Part::Text(text) => {
                    let start = if index == 0 { before } else { 0 };
                    let end = if index == last && index > 0 {
                        after.min(text.len())
                    } else {
                        text.len()
                    };
                    out.push_str(&text[start..end]);
                }
                Part::Hole(hole) => out.push_str(&self.holes[hole.id].template),
                _ => {}
            }
        }
        out
    }
}

fn push_text(out: &mut Vec<Part>, text: &str) {
    if let Some(Part::Text(last)) = out.last_mut() {
        last.push_str(text);
    } else if !text.is_empty() {
        out.push(Part::Text(text.to_owned()));
    }
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether `parts` are a piece of one word.
fn is_word(parts: &[Part]) -> bool {
    parts.iter().all(|part| match part {
        Part::Text(text) => text.chars().all(is_word_char),
        Part::Hole(hole) => hole.spelling != Spelling::Text,
        _ => false,
    })
}

/// The word that stands for what `template` renders, while statements are read that are not rendered yet.
fn marker(template: &str) -> String {
    let mut hash = 0_u64;
    for byte in template.bytes() {
        hash = hash.wrapping_mul(31).wrapping_add(u64::from(byte));
    }
    format!("h{hash:x}")
}

/// The text of `parts` with a word in the place of each hole; of a condition, what it writes.
fn marked(parts: &[Part], holes: &[HoleSource]) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Hole(hole) => out.push_str(&marker(&holes[hole.id].template)),
            Part::Gap => {}
            Part::Either(one, other) => {
                let one = marked(one, holes);
                out.push_str(&if one.is_empty() { marked(other, holes) } else { one });
            }
        }
    }
    out
}

fn name_of(name: &Parameter) -> &str {
    match name {
        Parameter::Name(name) => name,
        Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => raw,
        _ => "",
    }
}

/// Whether what the call says can differ between members: it speaks of something beside the host's facts.
fn varies(call: &HelperTemplate) -> bool {
    let of_path = |raw: &str| {
        let bare = raw.trim_start_matches("../").trim_start_matches("this.");
        !(bare == "facts" || bare.starts_with("facts."))
    };
    let is_helper = call.block || !call.params.is_empty();
    let own = !is_helper && of_path(name_of(&call.name));
    own || call.params.iter().any(|param| match param {
        Parameter::Name(name) => of_path(name),
        Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => of_path(raw),
        Parameter::Subexpression(inner) => match inner.element.as_ref() {
            TemplateElement::Expression(call) => varies(call),
            _ => true,
        },
        _ => false,
    })
}

fn print_call(call: &HelperTemplate) -> String {
    let mut out = print_param(&call.name);
    for param in &call.params {
        out.push(' ');
        out.push_str(&print_param(param));
    }
    for (key, value) in &call.hash {
        out.push_str(&format!(" {key}={}", print_param(value)));
    }
    out
}

fn print_param(param: &Parameter) -> String {
    match param {
        Parameter::Name(name) => name.clone(),
        Parameter::Path(Path::Relative((_, raw)) | Path::Local((_, _, raw))) => raw.clone(),
        Parameter::Literal(value) => value.to_string(),
        Parameter::Subexpression(inner) => match inner.element.as_ref() {
            TemplateElement::Expression(call) => format!("({})", print_call(call)),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn print_block(block: &HelperTemplate) -> String {
    let inner = |template: Option<&Template>| template.map_or(String::new(), print_template);
    let name = name_of(&block.name);
    let other = match &block.inverse {
        Some(inverse) => format!("{{{{else}}}}{}", print_template(inverse)),
        None => String::new(),
    };
    format!(
        "{{{{#{}}}}}{}{other}{{{{/{name}}}}}",
        print_call(block),
        inner(block.template.as_ref())
    )
}

fn print_template(template: &Template) -> String {
    let mut out = String::new();
    for element in &template.elements {
        match element {
            TemplateElement::RawString(text) => out.push_str(text),
            TemplateElement::Expression(call) | TemplateElement::HtmlExpression(call) => {
                out.push_str(&format!("{{{{{}}}}}", print_call(call)));
            }
            TemplateElement::HelperBlock(block) => out.push_str(&print_block(block)),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, imports: &[&str]) -> EntryExample {
        let imports: Vec<String> = imports.iter().map(|it| (*it).to_owned()).collect();
        let locals = |statement: &str| {
            tenon_syntax::languages::SCRIPT
                .read_imports(statement)
                .iter()
                .map(|import| import.local().to_owned())
                .collect()
        };
        EntryExample::read(text, &imports, &locals).unwrap()
    }

    fn shown(parts: &[Part], example: &EntryExample) -> String {
        let mut out = String::new();
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Gap => out.push('…'),
                Part::Hole(hole) => {
                    let source = &example.holes[hole.id];
                    let bound = if source.bound.is_some() { "!" } else { "" };
                    out.push_str(&format!(
                        "<{bound}{}>",
                        source.template.replace("{{", "").replace("}}", "")
                    ));
                }
                Part::Either(one, other) => {
                    out.push_str(&format!("[{}|{}]", shown(one, example), shown(other, example)));
                }
            }
        }
        out
    }

    #[test]
    fn expressions_are_holes_and_conditions_are_alternatives() {
        let read = read(
            "{{camel a.name}}: {{#if b}}x({{b}}), {{/if}}{{_}}{{#each c}}z{{/each}}",
            &[],
        );
        assert_eq!(shown(&read.parts, &read), "<camel a.name>: [x(<b>), |]……");
        assert_eq!(read.key, Some(0));
    }

    #[test]
    fn a_condition_within_a_word_is_a_hole() {
        let read = read("{{#if a.b}}{{a.name}}Module{{else}}{{a.name}}{{/if}}Base", &[]);
        assert_eq!(read.parts.len(), 2);
        assert_eq!(
            read.holes[0].template,
            "{{#if a.b}}{{a.name}}Module{{else}}{{a.name}}{{/if}}"
        );
        assert_eq!(read.parts[1], Part::Text("Base".into()));
    }

    #[test]
    fn a_name_that_an_import_gives_is_one_hole_whatever_it_is_made_of() {
        let import = "import { Service as {{pascal a.name}}Service } from './{{a.id}}';";
        let read = read(
            "{{camel a.name}}: { name: '{{name}}', service: {{pascal a.name}}Service }",
            &[import],
        );
        assert_eq!(
            shown(&read.parts, &read),
            "<camel a.name>: { name: '<name>', service: <!pascal a.nameService> }"
        );
        let bound = read.holes.iter().find(|hole| hole.bound == Some(0)).unwrap();
        assert_eq!(bound.template, "{{pascal a.name}}Service");
        assert_eq!(read.key, Some(0));
    }

    #[test]
    fn what_speaks_of_facts_alone_tells_no_entry_from_another() {
        let read = read("'{{facts.module.root}}/plugin/{{name}}'", &[]);
        assert_eq!(
            read.holes.iter().map(|hole| hole.varies).collect::<Vec<_>>(),
            [false, true]
        );
        assert_eq!(read.key, Some(1));
    }
}
