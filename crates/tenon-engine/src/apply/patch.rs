//! Patches of text files: one that takes a change back, and its application to a file that has changed since.

/// The patch that turns `after` into `before`; `None` if one of them is not UTF-8, or if applying it does not give `before`.
pub fn reverse_patch(before: &[u8], after: &[u8]) -> Option<String> {
    let (before, after) = (
        std::str::from_utf8(before).ok()?,
        std::str::from_utf8(after).ok()?,
    );
    let patch = diffy::create_patch(after, before).to_string();
    (apply_patch(after, &patch)? == before).then_some(patch)
}

/// `text` with a patch applied; `None` if it does not apply.
pub fn apply_patch(text: &str, patch: &str) -> Option<String> {
    diffy::apply(text, &diffy::Patch::from_str(patch).ok()?).ok()
}
