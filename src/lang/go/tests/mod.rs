//! Go as it is read and written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lang::Source;

mod contracts;
mod imports;

/// Files in memory.
pub struct Files(BTreeMap<String, Arc<str>>);

impl Files {
    pub fn of(files: &[(&str, &str)]) -> Self {
        let all = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Arc::from(*text)));
        Self(all.collect())
    }
}

impl Source for Files {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).cloned()
    }

    fn names(&self, dir: &str) -> Vec<String> {
        let inside = self.0.keys().filter_map(|path| match dir {
            "" => Some(path.as_str()),
            dir => path.strip_prefix(dir)?.strip_prefix('/'),
        });
        let mut out: Vec<String> = inside
            .map(|rest| rest.split('/').next().unwrap().to_owned())
            .collect();
        out.dedup();
        out
    }
}
