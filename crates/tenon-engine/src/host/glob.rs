//! Finds the paths that match a pattern.

use super::dirs::Listing;
use super::{Found, Host, walk};

impl Host {
    /// All paths that match `pattern`, sorted. A segment of a pattern may be `*` or `{name}`, with fixed text before and after.
    /// Each matches one name that does not begin with a dot and is not `node_modules`, `target` or `vendor`. Names that cannot
    /// be part of a [`HostPath`](super::HostPath) are left out, see [`Host::passed_over`].
    pub fn glob(&self, pattern: &str) -> Vec<Found> {
        let mut found = vec![Found {
            path: String::new(),
            captures: vec![],
        }];
        let mut segments = pattern.split('/').peekable();
        while let Some(segment) = segments.next() {
            if matches!(segment, "" | "..") {
                return vec![];
            }
            let Some(wildcard) = Wildcard::parse(segment) else {
                for at in &mut found {
                    push(&mut at.path, segment);
                }
                self.prefetch(found.iter().map(|at| at.path.as_str()));
                let is_last = segments.peek().is_none();
                found.retain(|at| (!is_last && self.is_plain_dir(&at.path)) || self.kind(&at.path).is_some());
                continue;
            };
            let mut next = Vec::new();
            for at in found {
                if let Some(names) = self.listing_inside(&at.path) {
                    let names: &Listing = &names;
                    wildcard.add(&at, names.iter().map(|(name, _)| name.as_str()), &mut next);
                }
            }
            next.retain(|found| self.can_be_named(&found.path));
            found = next;
        }
        found
    }
}

fn push(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('/');
    }
    path.push_str(name);
}

/// A segment of a pattern with a `*` or a `{capture}`.
struct Wildcard<'p> {
    before: &'p str,
    capture: Option<&'p str>,
    after: &'p str,
}

impl<'p> Wildcard<'p> {
    fn parse(segment: &'p str) -> Option<Self> {
        if let Some((before, after)) = segment.split_once('*') {
            return Some(Self {
                before,
                capture: None,
                after,
            });
        }
        let (before, rest) = segment.split_once('{')?;
        let (capture, after) = rest.split_once('}')?;
        Some(Self {
            before,
            capture: Some(capture),
            after,
        })
    }

    fn matched<'n>(&self, name: &'n str) -> Option<&'n str> {
        if !walk::is_visible(name) {
            return None;
        }
        let part = name.strip_prefix(self.before)?.strip_suffix(self.after)?;
        (!part.is_empty()).then_some(part)
    }

    /// Adds to `next` the paths below `at` whose names match.
    fn add<'n>(&self, at: &Found, names: impl Iterator<Item = &'n str>, next: &mut Vec<Found>) {
        for name in names {
            let Some(part) = self.matched(name) else { continue };
            let mut found = Found {
                path: String::with_capacity(at.path.len() + name.len() + 1),
                captures: at.captures.clone(),
            };
            found.path.push_str(&at.path);
            push(&mut found.path, name);
            if let Some(capture) = self.capture {
                found.captures.push((capture.to_owned(), part.to_owned()));
            }
            next.push(found);
        }
    }
}
