//! Texts that people read in prompts, help and completion scripts: each is one line, all of which can be seen.

use tenon_text::diag::is_unsafe;

use crate::places::Place;

use super::PackChecker;

/// Refuses what terminals and shells obey.
pub fn texts(checker: &mut PackChecker<'_>) {
    let raw = &checker.pack.raw;
    let identity = &raw.pack;
    let top = Place::top("pack");
    let mut all: Vec<(Place, &String)> = vec![
        (top.key("name"), &identity.name),
        (top.key("version"), &identity.version),
        (top.key("summary"), &identity.summary),
    ];
    all.extend(identity.docs.iter().map(|text| (top.key("docs"), text)));
    for (index, kind) in raw.kinds.iter().enumerate() {
        let at = Place::of("kind", index);
        all.push((at.key("summary"), &kind.summary));
        all.push((at.key("name").key("prompt"), &kind.name.prompt));
        let next = kind.next.iter().enumerate();
        all.extend(next.map(|(item, text)| (at.key("next").item(item), text)));
    }
    for (index, option) in raw.options.iter().enumerate() {
        let at = Place::of("option", index);
        all.push((at.key("prompt"), &option.prompt));
        all.extend(option.help.iter().map(|text| (at.key("help"), text)));
        let choices = option.choices.iter().enumerate();
        all.extend(choices.map(|(item, text)| (at.key("choices").item(item), text)));
        let means = option.means.iter();
        all.extend(means.map(|(value, text)| (at.key("means").key(value), text)));
    }
    for (at, text) in all {
        if text.chars().any(is_unsafe) {
            let message = format!("`{}` has a character that is not shown", text.escape_debug());
            let help = "write it on one line, without control characters";
            checker.fault(&at, message, help);
        }
    }
}
