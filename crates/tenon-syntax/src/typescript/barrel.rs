//! Files that only pass on what others declare, read without a parser: most of a package's entries and indexes are
//! such, and parsing them all would take longer than everything else that is read of the package.
//!
//! Comments and `export … from '…';` in its four usual forms are understood. Anything else, however slight, is
//! left to the parser.

use super::members::doc_lines;
use super::module::{Exported, Lead};
use tenon_text::diag::Span;

/// What such a file passes on.
#[derive(Default)]
pub(super) struct Passed {
    /// By name.
    pub exports: Vec<Exported>,
    /// The specifiers of `export * from`.
    pub stars: Vec<String>,
}

/// What `text` passes on; `None` if anything else stands in it.
pub(super) fn read(text: &str) -> Option<Passed> {
    let mut out = Passed::default();
    let mut reader = Reader { text, at: 0 };
    let mut doc: Option<&str> = None;
    loop {
        reader.blanks();
        if reader.at == text.len() {
            return Some(out);
        }
        if let Some(comment) = reader.comment()? {
            doc = comment.starts_with("/**").then_some(comment);
            continue;
        }
        let start = reader.at;
        let (names, star, specifier) = reader.statement()?;
        let span = Span::new(start, reader.at);
        for (name, lead) in names {
            if out.exports.iter().all(|known| known.name != name) {
                out.exports.push(Exported {
                    name,
                    lead,
                    span,
                    doc: doc.map(doc_lines).unwrap_or_default(),
                });
            }
        }
        if star {
            out.stars.push(specifier);
        }
        doc = None;
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

/// The names of a statement with where they lead, whether it is `export *`, and its specifier.
type Statement = (Vec<(String, Lead)>, bool, String);

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The byte that stands here.
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// A comment, if one stands here; `None` for one that does not end.
    fn comment(&mut self) -> Option<Option<&'t str>> {
        let rest = self.rest();
        let length = if rest.starts_with("//") {
            // Other line ends than these are left to the parser.
            rest.find(['\r', '\n', '\u{2028}', '\u{2029}'])
                .unwrap_or(rest.len())
        } else if let Some(inner) = rest.strip_prefix("/*") {
            inner.find("*/")? + 4
        } else {
            return Some(None);
        };
        self.at += length;
        Some(Some(&rest[..length]))
    }

    /// Takes `mark`, with the blanks before it.
    fn take(&mut self, mark: u8) -> bool {
        self.blanks();
        let found = self.byte() == Some(mark);
        self.at += usize::from(found);
        found
    }

    /// Takes a word, with the blanks before it; empty if none stands here.
    fn word(&mut self) -> &'t str {
        self.blanks();
        let start = self.at;
        if self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            return "";
        }
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
        while self.byte().is_some_and(is_word) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// Takes a name that nothing else could be.
    fn name(&mut self) -> Option<String> {
        let word = self.word();
        (!word.is_empty() && !KEYWORDS.contains(&word)).then(|| word.to_owned())
    }

    fn keyword(&mut self, keyword: &str) -> Option<()> {
        (self.word() == keyword).then_some(())
    }

    fn statement(&mut self) -> Option<Statement> {
        self.keyword("export")?;
        if self.take(b'*') {
            let before = self.at;
            let name = if self.word() == "as" {
                Some(self.name()?)
            } else {
                self.at = before;
                None
            };
            let specifier = self.from()?;
            return Some(match name {
                Some(name) => (vec![(name, Lead::Whole(specifier.clone()))], false, specifier),
                None => (vec![], true, specifier),
            });
        }
        let before = self.at;
        if self.word() != "type" {
            self.at = before;
        }
        if !self.take(b'{') {
            return None;
        }
        let mut names = vec![];
        while !self.take(b'}') {
            let name = self.name()?;
            let before = self.at;
            let public = if self.word() == "as" {
                self.name()?
            } else {
                self.at = before;
                name.clone()
            };
            names.push((public, name));
            if !self.take(b',') {
                if !self.take(b'}') {
                    return None;
                }
                break;
            }
        }
        let specifier = self.from()?;
        let lead = |(public, name): (String, String)| (public, Lead::From(specifier.clone(), name));
        Some((names.into_iter().map(lead).collect(), false, specifier))
    }

    /// `from '…';`
    fn from(&mut self) -> Option<String> {
        self.keyword("from")?;
        self.blanks();
        let quote = self.byte().filter(|byte| matches!(byte, b'\'' | b'"'))?;
        self.at += 1;
        let start = self.at;
        // What trims as a quote is left to the code that trims.
        while !matches!(self.byte()?, b'\'' | b'"' | b'`' | b'\\' | b'\n' | b'\r') {
            self.at += 1;
        }
        let specifier = &self.text[start..self.at];
        if specifier.is_empty() || self.byte() != Some(quote) {
            return None;
        }
        self.at += 1;
        self.take(b';').then(|| specifier.to_owned())
    }
}

/// Words that are no names, or may mean something else where a name could stand.
const KEYWORDS: &[&str] = &[
    "as",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "new",
    "null",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

#[cfg(test)]
mod tests {
    use super::super::module::Body;
    use super::*;

    /// Name, lead, place and documentation.
    type Shown = (String, String, Span, Vec<String>);

    /// What the parser makes of it.
    fn parsed(text: &str) -> (Vec<Shown>, Vec<String>) {
        let module = Body::parsed(text);
        assert!(module.decls.is_empty() && module.imports.is_empty() && module.paths.is_empty());
        (shown(&module.exports), module.stars)
    }

    fn shown(exports: &[Exported]) -> Vec<Shown> {
        exports
            .iter()
            .map(|export| {
                (
                    export.name.clone(),
                    format!("{:?}", export.lead),
                    export.span,
                    export.doc.clone(),
                )
            })
            .collect()
    }

    #[test]
    fn what_is_passed_on_is_what_the_parser_finds() {
        for text in [
            "",
            "// nothing\n",
            "export * from './a';",
            "export * as A from \"./a\";\nexport * from './b';\n",
            "/** Doc\n * more */\nexport { A, B as C, } from './a';\nexport type { D } from '../d';",
            "/* a */ // b\n/** c */ // d\nexport {} from './a';",
            "export { A } from './a'; export { A } from './b'; // c\n/** d */\nexport*as E from'./e';",
            "export { A as B, B as A } from './a';\r\n\r\n/** x */\r\nexport * as C from './c';\r\n",
            "//# sourceMappingURL=index.d.ts.map",
            "/***/export * as $a_1 from '@x/y';",
        ] {
            let read = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((shown(&read.exports), read.stars), parsed(text), "{text}");
        }
    }

    #[test]
    fn whatever_is_unusual_is_left_to_the_parser() {
        for text in [
            "export const A = 1;",
            "import { A } from './a';",
            "export { A };",
            "export { A } from './a'",
            "export { type A } from './a';",
            "export { default as A } from './a';",
            "export { default } from './a';",
            "export { 'a b' as A } from './a';",
            "export { A /* a */ } from './a';",
            "export { A B } from './a';",
            "export { , } from './a';",
            "export type * from './a';",
            "export * as default from './a';",
            "export * from './a' with { type: 'json' };",
            "export * from './a\\u0041';",
            "export * from `./a`;",
            "export * from './a';;",
            "#!/usr/bin/env node\nexport * from './a';",
            "\u{feff}export * from './a';",
            "'use strict';\nexport * from './a';",
            "/* open",
            "export",
            "export { A",
            "export * from './a",
            "export * from './a\n';",
            "export * from './a\";",
            "export * from './a`';",
            "export * from '';",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
