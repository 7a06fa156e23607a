//! Recognises which pack a host is for, and searches the directories above a path.

use std::path::Path;

use tenon_pack::raw::RawDetect;
use tenon_syntax::Source;
use tenon_text::regular::regular;

use super::Host;

/// Whether the host meets the conditions of a pack's `[host]`; an empty table matches no host.
pub fn matches(host: &Host, detect: &RawDetect) -> bool {
    if detect.files.is_empty() && detect.any.is_empty() {
        return false;
    }
    let all = detect.files.iter().all(|pattern| !host.glob(pattern).is_empty());
    let regex = detect.matching.as_deref().map(regular);
    let fits = |path: &str| match &regex {
        None => true,
        Some(Err(_)) => false,
        Some(Ok(regex)) => host
            .text(path)
            .is_some_and(|text| regex.on(&text).is_ok_and(|regex| regex.is_match(&text))),
    };
    let mut any = detect.any.iter().flat_map(|pattern| host.glob(pattern));
    all && (detect.any.is_empty() || any.any(|found| fits(&found.path)))
}

/// The result of `of` for the nearest directory at or above `from` for which it returns one.
pub fn nearest<T>(from: &Path, of: impl Fn(&Path) -> Option<T>) -> Option<T> {
    from.ancestors().find_map(of)
}
