//! What packs are made of: templates and archives.

use std::io::Write as _;

use handlebars::Context;
use serde_json::json;
use sha2::{Digest, Sha256};

use tenon_pack::{Pack, Source, Templates};

/// Templates: whatever stands in one, it is refused or rendered, within bounds.
pub fn template(data: &[u8]) {
    let source = String::from_utf8_lossy(data);
    let values = json!({"a": ["x", "y"], "b": {"c": "d"}, "name": "some-name", "yes": true});
    let values = Context::wraps(values).expect("they are values");
    if let Ok(text) = Templates::new(80, 4).inline(&source, &values) {
        assert!(text.len() <= 2 << 20 || text == source);
    }
}

/// Archives: the input is the tar archive, so that the fuzzer need not know how to pack.
pub fn archive(data: &[u8]) {
    let mut packed = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    let packed = packed
        .write_all(data)
        .and_then(|()| packed.finish())
        .expect("it is packed");
    let digest: String = Sha256::digest(&packed)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("a.tar.gz");
    std::fs::write(&path, &packed).expect("it is written");
    let source = Source::Archive {
        path: "a.tar.gz".into(),
        sha256: digest,
    };
    let fetch = |_: &str, _: &str, _: &str| Err(tenon_text::diag::Error::new("nothing is fetched"));
    let Ok(pack) = Pack::open(&source, dir.path(), &fetch) else {
        return;
    };
    for path in pack.files().paths() {
        assert!(pack.files().bytes(&path).is_some());
        assert!(path.split('/').all(|part| part != ".."), "{path:?}");
    }
}
