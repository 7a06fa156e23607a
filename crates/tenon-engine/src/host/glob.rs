//! Patterns of paths.

use super::list::Names;
use super::{Found, Host, walk};

impl Host {
    /// All paths that match `pattern`, sorted. In a pattern a segment may be `*` or `{name}`, either with
    /// fixed text round it; each stands for one name that does not begin with a dot and can be part of a
    /// [`HostPath`](super::HostPath) (others are [noted](Host::passed_over)), and never for `node_modules`, `target` or `vendor`.
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
            let Some(wild) = Wild::parse(segment) else {
                for at in &mut found {
                    push(&mut at.path, segment);
                }
                self.foresee(found.iter().map(|at| at.path.as_str()));
                let is_last = segments.peek().is_none();
                found.retain(|at| (!is_last && self.is_plain_dir(&at.path)) || self.kind(&at.path).is_some());
                continue;
            };
            let mut next = Vec::new();
            for at in found {
                if self.instead.is_empty() {
                    if let Some(names) = self.names_on_disk(&at.path) {
                        let names: &Names = &names;
                        wild.add(&at, names.iter().map(|(name, _)| name.as_str()), &mut next);
                    }
                } else {
                    let names = self.names(&at.path);
                    wild.add(&at, names.iter().map(String::as_str), &mut next);
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

/// One segment of a pattern that is not fixed.
struct Wild<'p> {
    before: &'p str,
    capture: Option<&'p str>,
    after: &'p str,
}

impl<'p> Wild<'p> {
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

    /// Adds to `next` what of `names`, which stand in `at`, matches.
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
