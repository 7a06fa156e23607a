//! Texts that are the same for all members, but for the name.

use std::collections::BTreeMap;

use handlebars::Context;
use serde_json::json;

use tenon_pack::Templates;
use tenon_syntax::entry::learn::{NameIndex, TemplateText, spelled};

/// What of several members is the same text, with the name of each taken out.
#[derive(Clone, Debug)]
pub struct Alike {
    /// The text as a template.
    pub template: String,
    /// The text of each member.
    pub texts: BTreeMap<usize, String>,
}

impl Alike {
    /// Whether the text has the name in it.
    pub fn is_named(&self) -> bool {
        self.template.contains("name}}")
    }

    /// The members for which the template makes exactly their text.
    pub fn exact(&self, names: &[String]) -> Vec<usize> {
        let mut templates = Templates::new(80, 4);
        let mut makes = |number: &usize, text: &String| {
            let values = Context::from(json!({ "name": names[*number] }));
            templates.inline(&self.template, &values).ok().as_ref() == Some(text)
        };
        let exact = self.texts.iter().filter(|(number, text)| makes(number, text));
        exact.map(|(number, _)| *number).collect()
    }
}

/// Groups `texts`, each with the number of its member, by what stands around the name.
pub fn groups<'t>(
    texts: impl IntoIterator<Item = (usize, &'t str)>,
    names: &[String],
    index: &NameIndex,
) -> Vec<Alike> {
    let mut shapes: BTreeMap<String, BTreeMap<usize, (&str, Vec<&str>)>> = BTreeMap::new();
    for (member, text) in texts {
        let (shape, named) = masked(text, member, index);
        shapes.entry(shape).or_default().insert(member, (text, named));
    }
    let group = |(shape, texts): (String, BTreeMap<usize, (&str, Vec<&str>)>)| Alike {
        template: template(&shape, &texts, names),
        texts: texts
            .into_iter()
            .map(|(member, (text, _))| (member, text.to_owned()))
            .collect(),
    };
    shapes.into_iter().map(group).collect()
}

/// `text` with a mark for each name of `member`, and the texts that name it.
fn masked<'t>(text: &'t str, member: usize, index: &NameIndex) -> (String, Vec<&'t str>) {
    let mut out = String::new();
    let mut named = Vec::new();
    let mut done = 0;
    for it in index.find(text).iter().filter(|it| it.member == member) {
        out.push_str(&text[done..it.span.start]);
        out.push('\u{0}');
        named.push(&text[it.span.range()]);
        done = it.span.end;
    }
    out.push_str(&text[done..]);
    (out, named)
}

fn template(shape: &str, texts: &BTreeMap<usize, (&str, Vec<&str>)>, names: &[String]) -> String {
    let mut out = TemplateText::default();
    for (number, text) in shape.split('\u{0}').enumerate() {
        if number > 0 {
            let said = texts
                .iter()
                .filter_map(|(member, (_, named))| Some((names[*member].as_str(), *named.get(number - 1)?)));
            out.expression(&spelled(said).expression());
        }
        out.plain(text);
    }
    out.finish()
}
