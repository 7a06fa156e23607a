//! Patches of text files: one that takes a change back, and its application to a file that has changed since.

use crate::plan::Apart;

/// The patch that turns `after` into `before`; `None` if one of them is not UTF-8, if they differ in very many lines, or if applying it
/// does not give `before`.
pub fn reverse_patch(before: &[u8], after: &[u8]) -> Option<String> {
    let (before, after) = (
        std::str::from_utf8(before).ok()?,
        std::str::from_utf8(after).ok()?,
    );
    if Apart::of(before, after).is_too_much() {
        return None;
    }
    let patch = diffy::create_patch(after, before).to_string();
    (apply_patch(after, &patch)? == before).then_some(patch)
}

/// `text` with a patch applied; `None` if it does not apply.
pub fn apply_patch(text: &str, patch: &str) -> Option<String> {
    diffy::apply(text, &diffy::Patch::from_str(patch).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_all_over_have_no_patch() {
        let text = |numbers: &mut dyn Iterator<Item = usize>| -> String {
            numbers.map(|n| format!("{n}\n")).collect()
        };
        let long = 100_000;
        let whole = text(&mut (0..long));
        let more = whole.replace("\n77\n", "\n77\n77a\n");
        let patch = reverse_patch(whole.as_bytes(), more.as_bytes()).unwrap();
        assert_eq!(apply_patch(&more, &patch).unwrap(), whole);
        let turned = text(&mut (0..long).rev());
        assert_eq!(reverse_patch(whole.as_bytes(), turned.as_bytes()), None);
    }
}
