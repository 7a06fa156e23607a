//! Names followed through modules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;

struct Files(BTreeMap<&'static str, &'static str>);

impl Source for Files {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).map(|text| Arc::from(*text))
    }
}

fn files() -> Files {
    Files(BTreeMap::from([
        ("shop/__init__.py", ""),
        (
            "shop/base.py",
            "from kit.core import Base as Outer\n\nclass Base(Outer):\n    def go(self):\n        raise NotImplementedError\n",
        ),
        ("shop/api.py", "from .base import Base\nfrom shop import base\n"),
        ("shop/sub/__init__.py", "from shop.api import *\n"),
        (
            "shop/sub/x.py",
            "from ..api import Base\nfrom kit import core\nimport shop.base\n\nclass X(Base):\n    def go(self, more):\n        pass\n",
        ),
    ]))
}

#[test]
fn names_are_followed() {
    let files = files();
    let code = Modules::new(&files, "", "");
    let declared = |path: &str, name: &str| match code.definition(path, name) {
        Definition::Declared { file, local, .. } => format!("{file}:{local}"),
        Definition::Module(file) => file,
        Definition::Outside { module, path } => format!("{module}!{}", path.join(".")),
        Definition::Unknown => "?".to_owned(),
    };
    assert_eq!(declared("shop/sub/x.py", "Base"), "shop/base.py:Base");
    assert_eq!(declared("shop/sub/__init__.py", "Base"), "shop/base.py:Base");
    assert_eq!(declared("shop/api.py", "base.Base"), "shop/base.py:Base");
    assert_eq!(declared("shop/sub/x.py", "shop.base.Base"), "shop/base.py:Base");
    assert_eq!(declared("shop/sub/x.py", "core.View"), "kit!core.View");
    assert_eq!(declared("shop/sub/x.py", "Nothing"), "?");
    assert_eq!(
        code.import_target("shop/sub/x.py", "shop.gone"),
        ImportTarget::Missing
    );
    assert_eq!(
        code.import_target("shop/sub/x.py", "kit.gone"),
        ImportTarget::Package
    );
}

#[test]
fn a_contract_says_what_it_is_built_on_and_what_must_be_there() {
    let files = files();
    let code = Modules::new(&files, "shop/__init__.py", "shop");
    let contract = code.contract(&["sub", "x", "X"]).unwrap();
    assert_eq!(contract.bases, ["shop.base.Base", "kit.core.Base"]);
    let base = code.contract(&["base", "Base"]).unwrap();
    let must: Vec<&str> = base.required().map(|method| method.name.as_str()).collect();
    assert_eq!(must, ["go"]);
    let class = code.class("shop/sub/x.py", "X").unwrap();
    let (_, what) = signature_mismatch(&class.methods[0], base.method("go").unwrap()).unwrap();
    assert_eq!(what, "`go` needs `more`, which callers do not pass");
}
