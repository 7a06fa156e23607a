//! What packs are made of: templates and archives.

use std::io::Write as _;

use handlebars::Template;
use handlebars::template::TemplateElement;
use sha2::{Digest, Sha256};

use crate::pack::{Pack, Source};
use crate::template_read::read;

/// What the engine makes of `source`, without positions.
fn compiled(source: &str) -> Option<Template> {
    fn bare(template: &mut Template) {
        template.mapping.clear();
        for element in &mut template.elements {
            if let TemplateElement::HelperBlock(helper) = element {
                helper.template.as_mut().map(bare);
                helper.inverse.as_mut().map(bare);
            }
        }
    }
    let mut template = Template::compile(source).ok()?;
    bare(&mut template);
    Some(template)
}

/// Templates: what the own reader understands, it reads as the engine does.
pub fn template(data: &[u8]) {
    let source = String::from_utf8_lossy(data);
    if let Some(read) = read(&source) {
        assert_eq!(Some(read), compiled(&source), "{source:?}");
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
    let fetch = |_: &str, _: &str, _: &str| Err(crate::diag::Error::new("nothing is fetched"));
    let Ok(pack) = Pack::open(&source, dir.path(), &fetch) else {
        return;
    };
    for path in pack.files().paths() {
        assert!(pack.files().bytes(&path).is_some());
        assert!(path.split('/').all(|part| part != ".."), "{path:?}");
    }
}
