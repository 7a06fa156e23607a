//! Tests of reading and printing TypeScript, on an invented package held in memory.

mod contract;
mod exports;
mod imports;
mod modules;
mod outline;
mod stubs;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::Source;
use crate::contract::{Contract, Import};
use crate::languages::typescript::package::Package;

/// Files in memory that count how often each is read.
#[derive(Default)]
pub struct Files {
    texts: BTreeMap<String, Arc<str>>,
    reads: RefCell<BTreeMap<String, usize>>,
}

impl Files {
    pub fn of(files: &[(&str, &str)]) -> Self {
        let texts = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Arc::from(*text)))
            .collect();
        Self {
            texts,
            reads: RefCell::default(),
        }
    }

    pub fn read(&self, path: &str) -> usize {
        self.reads.borrow().get(path).copied().unwrap_or(0)
    }

    pub fn package(&self) -> Package<'_> {
        Package::new(
            self,
            "pkg/src/index.ts",
            "@acme/host",
            &[("@/".to_owned(), "pkg/src/".to_owned())],
        )
    }

    /// The contract `Things.Port` of a package with these files.
    pub fn port(&self) -> Contract {
        self.package().contract(&["Things", "Port"]).unwrap()
    }
}

impl Source for Files {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        *self.reads.borrow_mut().entry(path.to_owned()).or_default() += 1;
        self.texts.get(path).cloned()
    }

    fn exists(&self, path: &str) -> bool {
        self.texts.contains_key(path)
    }

    fn names(&self, dir: &str) -> Vec<String> {
        let inside = self
            .texts
            .keys()
            .filter_map(|path| path.strip_prefix(dir)?.strip_prefix('/'));
        inside.map(str::to_owned).collect()
    }
}

/// A package with one namespace `Things`, whose file has `port` behind some models.
pub fn things(port: &str) -> Files {
    let port =
        format!("import {{ Stream }} from 'streams';\nimport {{ Thing, Things }} from './model';\n{port}\n");
    Files::of(&[
        (
            "pkg/src/index.ts",
            "export * as Things from './things';\nexport * as Shared from './shared';\n",
        ),
        (
            "pkg/src/things/index.ts",
            "export * as Model from './model';\nexport { ThingPort as Port } from './port';\n",
        ),
        (
            "pkg/src/things/model.ts",
            "import { Page } from '@/shared/page';\nexport class Thing { id!: string }\nexport type Things = Page<Thing>;\n",
        ),
        ("pkg/src/things/port.ts", &port),
        ("pkg/src/shared/index.ts", "export * as Paging from './page';\n"),
        ("pkg/src/shared/page.ts", "export class Page<T> { items!: T[] }\n"),
    ])
}

/// `name@module` of each import.
pub fn shown(imports: &[Import]) -> Vec<String> {
    imports
        .iter()
        .map(|import| format!("{}@{}", import.local(), import.module))
        .collect()
}
