//! The head of a method that exists, rewritten as its contract has it today: parameters and result; the modifiers in front
//! and the body behind stay.

use tenon_text::diag::{Span, TextEdit};

use super::class::Declared;
use super::contract::{Method, Param};
use super::language::{Feature, Lang};
use super::stub::Stub;
use super::style::Style;
use super::tree::Tree;
use tenon_text::format::{Format, Indent, indent_at, line_start, to_format};

/// The edit that gives `own`, a method of `text`, the parameters and the result of `method`. Parameters keep the names that the
/// body knows them by, where callers do not need them. `indent` is the unit of a file that shows none.
///
/// Nothing if the head is that already, or has what cannot be carried over: overloads, accessors, bounds behind the result.
pub fn with_head(
    language: Lang,
    text: &str,
    own: &Declared,
    method: &Method,
    (style, indent): (&Style, Indent),
) -> Option<TextEdit> {
    let is_accessor = method.accessor.is_some() || own.accessor.is_some();
    if is_accessor || !method.overloads.is_empty() || method.bounds.is_some() {
        return None;
    }
    let place = head_of(&language.parse(text), &method.name, own.span)?;
    // What the compiler found out so far, it goes on finding out.
    let inferred = own.returns.is_none() && language.has(Feature::InfersResults);
    let wanted = Method {
        params: params(language, own, method),
        returns: method.returns.clone().filter(|_| !inferred),
        ..method.clone()
    };
    let how = Stub {
        unused_prefix: "",
        receiver: "x X",
        ..Stub::default()
    };
    let printed = language.like(&language.stub(&wanted, style, &how), text);
    let look = Format {
        bom: false,
        indent: Indent::detect(text).unwrap_or(indent),
        ..Format::detect(text)
    };
    // A stub stands one level deep; what follows its first line moves along with the method.
    let margin = indent_at(text, line_start(text, own.span.start));
    let margin = margin.strip_suffix(&look.indent.unit()).unwrap_or(margin);
    let printed = to_format(&printed, Indent::Tab, &look);
    let whole = language.parse(&language.in_a_class(&printed));
    let span = head_of(&whole, &method.name, Span::new(0, whole.source().len()))?;
    let head = whole.source().get(span.start..span.end)?;
    let mut lines = head.split_inclusive('\n');
    let mut after = lines.next()?.to_owned();
    for line in lines {
        if !line.trim().is_empty() {
            after.push_str(margin);
        }
        after.push_str(line);
    }
    (text.get(place.start..place.end)? != after).then(|| TextEdit::replace(place, after))
}

/// From the name of the method `name` inside of `within`, or its result if that stands before it, to the end of its parameters or its
/// result.
fn head_of(tree: &Tree, name: &str, within: Span) -> Option<Span> {
    let root = tree.root();
    root.dfs().find_map(|node| {
        let range = node.range();
        let named = node.field("name").filter(|own| own.text() == name)?;
        // Without parameters some write no parentheses.
        let is_method = node.kind().ends_with("method");
        let params = node
            .field("parameters")
            .or_else(|| is_method.then(|| named.clone()))?;
        if range.start < within.start || range.end > within.end {
            return None;
        }
        let result = ["return_type", "result"]
            .iter()
            .find_map(|field| node.field(field));
        let end = result.map_or(params.range().end, |result| result.range().end);
        let result = node.field("type").map(|result| result.range().start);
        let start = result.unwrap_or(end).min(named.range().start);
        Some(Span::new(start, end))
    })
}

/// The parameters of `method`, by the names that `own` has for them.
fn params(language: Lang, own: &Declared, method: &Method) -> Vec<Param> {
    // Callers pass them by name.
    if language.has(Feature::PassesByName) {
        return method.params.clone();
    }
    let is_self = |name: &str| matches!(name.trim_start_matches(['&', ' ']), "self" | "mut self" | "this");
    let mut known = own.params.iter().filter(|param| !is_self(&param.name));
    let rename = |param: &Param| {
        let mut out = param.clone();
        if is_self(&param.name) {
            return out;
        }
        match known.next() {
            Some(own) if !own.name.is_empty() && own.rest == param.rest => out.name.clone_from(&own.name),
            // The body does not use what it has not been passed so far.
            _ if !language.has(Feature::KeepsUnused) && !out.name.starts_with('_') => out.name.insert(0, '_'),
            _ => {}
        }
        out
    };
    method.params.iter().map(rename).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::Parameter;
    use crate::languages::{go::Go, java::Java, python::Python, rust::Rust, typescript::TypeScript};
    use tenon_text::diag::apply_edits;

    fn param(name: &str, ty: &str) -> Param {
        Param {
            name: name.into(),
            ty: Some(ty.into()),
            ..Param::default()
        }
    }

    fn after(language: Lang, text: &str, own: &Declared, method: &Method) -> Option<String> {
        let style = Style {
            indent: "\t".into(),
            ..Style::default()
        };
        let edit = with_head(language, text, own, method, (&style, Indent::Spaces(4)))?;
        Some(apply_edits(text, &[edit]).unwrap())
    }

    fn method() -> Method {
        Method {
            name: "find".into(),
            params: vec![param("id", "string"), param("auth", "string")],
            returns: Some("bool".into()),
            ..Method::default()
        }
    }

    #[test]
    fn typescript_keeps_names_modifiers_and_body() {
        let text = "class A {\r\n  override async find(key: number): Promise<X> {\r\n    return key;\r\n  }\r\n}\r\n";
        let sources = crate::languages::typescript::outline::classes(text);
        let own = sources[0].method("find").unwrap();
        assert_eq!(
            after(Lang(&TypeScript), text, own, &method()).unwrap(),
            text.replace("(key: number): Promise<X>", "(key: string, _auth: string): bool")
        );
        let wide = Method {
            returns: Some(format!("Promise<{}>", "Long".repeat(25))),
            ..method()
        };
        let wide = after(Lang(&TypeScript), text, own, &wide).unwrap();
        assert!(
            wide.contains("find(\r\n    key: string,\r\n    _auth: string"),
            "{wide}"
        );
        assert!(wide.contains("\r\n  ): Promise<Long"), "{wide}");
        let same = after(Lang(&TypeScript), text, own, &method()).unwrap();
        let own = crate::languages::typescript::outline::classes(&same);
        assert_eq!(
            after(
                Lang(&TypeScript),
                &same,
                own[0].method("find").unwrap(),
                &method()
            ),
            None
        );
    }

    /// A method with these parameters that is all there is in a text.
    fn own(text: &str, params: &[&str]) -> Declared {
        let parameter = |name: &&str| Parameter {
            name: (*name).to_owned(),
            ty: None,
            optional: false,
            rest: false,
            default: None,
            field: None,
            decorators: vec![],
            span: Span::new(0, 0),
        };
        Declared {
            name: "find".into(),
            params: params.iter().map(parameter).collect(),
            has_body: true,
            span: Span::new(0, text.len()),
            ..Declared::default()
        }
    }

    #[test]
    fn other_languages_do_as_their_callers_need() {
        let go = "package a\n\nfunc (s *Store) find(key int) error {\n\treturn nil\n}\n";
        assert_eq!(
            after(Lang(&Go), go, &own(go, &["key"]), &method()).unwrap(),
            go.replace("(key int) error", "(key, auth string) bool")
        );
        let rust = "impl Find for A {\n    pub fn find(&self, key: u8) -> u8 {\n        key\n    }\n}\n";
        let asked = Method {
            params: vec![
                Param {
                    name: "&self".into(),
                    ..Param::default()
                },
                param("id", "string"),
            ],
            ..method()
        };
        assert_eq!(
            after(Lang(&Rust), rust, &own(rust, &["&self", "key"]), &asked).unwrap(),
            rust.replace("(&self, key: u8) -> u8", "(&self, key: string) -> bool")
        );
        let java = "class A extends B {\n    @Override\n    public int find(int key) throws X {\n        return key;\n    }\n}\n";
        assert_eq!(
            after(Lang(&Java), java, &own(java, &["key"]), &method()).unwrap(),
            java.replace("int find(int key)", "bool find(string key, string auth)")
        );
        let python = "class A(B):\n    def find(self, key: int):\n        return key\n";
        assert_eq!(
            after(Lang(&Python), python, &own(python, &["self", "key"]), &method()).unwrap(),
            python.replace("(self, key: int)", "(self, id: string, auth: string)")
        );
    }
}
