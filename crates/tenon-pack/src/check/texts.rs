//! Texts that people read in prompts, help and completion scripts: each is one line, all of which can be seen.

use tenon_text::diag::is_unsafe;

use super::{Desk, Section};

/// Refuses what terminals and shells obey.
pub fn texts(desk: &mut Desk<'_>) {
    let raw = &desk.pack.raw;
    let identity = &raw.pack;
    let own = [&identity.name, &identity.version, &identity.summary];
    let mut all: Vec<(Section, &String)> = own
        .into_iter()
        .chain(&identity.docs)
        .map(|text| (Section::file(), text))
        .collect();
    for (index, generator) in raw.generators.iter().enumerate() {
        let at = Section::of("generator", index);
        let texts = [&generator.summary, &generator.name.prompt];
        all.extend(texts.map(|text| (at.clone(), text)));
        all.extend(generator.next.iter().map(|text| (at.clone(), text)));
    }
    for (index, question) in raw.questions.iter().enumerate() {
        let at = Section::of("question", index);
        let texts = std::iter::once(&question.prompt).chain(&question.help);
        all.extend(texts.chain(&question.choices).map(|text| (at.clone(), text)));
    }
    for (at, text) in all {
        if text.chars().any(is_unsafe) {
            let message = format!("`{}` has a character that is not shown", text.escape_debug());
            let help = "write it on one line, without control characters";
            desk.fault(&at, text, message, help);
        }
    }
}
