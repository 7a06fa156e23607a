//! Types in signatures: the names in them, replaced so that they mean the same elsewhere.

use crate::contract::Import;
use crate::tree::Node;

use super::grammar::GRAMMAR;
use super::krate::{Krate, Meaning, ModPath};

/// What a name in a type is: its segments, and where they stand.
struct Name {
    segments: Vec<String>,
    start: usize,
    end: usize,
}

/// Types of one module, as others write them.
pub(super) struct Rewriter<'k> {
    /// The crate.
    pub krate: &'k Krate,
    /// The module in which the types stand.
    pub at: &'k ModPath,
    /// How others call the crate.
    pub specifier: &'k str,
    /// What others reach, and how.
    pub public: &'k [(Vec<String>, Meaning)],
    /// Names that are parameters.
    pub own: Vec<String>,
    /// What the types need.
    pub imports: Vec<Import>,
}

impl Rewriter<'_> {
    /// The text of `node` with its names replaced, on one line.
    pub fn text(&mut self, node: &Node<'_>) -> String {
        let source = node.text();
        let base = node.range().start;
        let mut names = vec![];
        collect(node, &mut names);
        let mut out = String::new();
        let mut at = 0;
        for name in names {
            let (start, end) = (name.start - base, name.end - base);
            let Some(new) = self.replaced(&name.segments) else {
                continue;
            };
            out += &source[at..start];
            out += &new;
            at = end;
        }
        out += &source[at..];
        one_line(&out)
    }

    /// What stands for a path elsewhere; nothing if it may stay.
    fn replaced(&mut self, segments: &[String]) -> Option<String> {
        let first = segments.first()?;
        if first == "Self" || self.own.contains(first) {
            return None;
        }
        match self.krate.resolve(self.at, segments)? {
            Meaning::Item(module, name) => {
                let wanted = Meaning::Item(module, name);
                let (path, _) = self.public.iter().find(|(_, known)| *known == wanted)?;
                let (name, above) = path.split_last()?;
                let module: Vec<&str> = std::iter::once(self.specifier)
                    .chain(above.iter().map(String::as_str))
                    .collect();
                let text = self.needs(Import::named(module.join("::"), name))?;
                let rest = self.rest(segments, &wanted);
                Some([text, rest].concat())
            }
            Meaning::Outside(path) => {
                // Only what the first segment is bound to has to be imported; a crate's name needs nothing.
                let bound = self.krate.resolve(self.at, &segments[..1])?;
                let Meaning::Outside(bound) = bound else {
                    return None;
                };
                if bound.len() < 2 {
                    return (segments.len() == 1 && path.len() == 1).then(|| path[0].clone());
                }
                let (name, above) = bound.split_last()?;
                let mut import = Import::named(above.join("::"), name);
                import.alias = (name != first).then(|| first.clone());
                let text = self.needs(import)?;
                Some([&[text], &segments[1..]].concat().join("::"))
            }
            Meaning::Module(_) => None,
        }
    }

    /// What of a path stands behind the item that it leads to.
    fn rest(&self, segments: &[String], item: &Meaning) -> String {
        let until = (1..=segments.len())
            .find(|len| self.krate.resolve(self.at, &segments[..*len]).as_ref() == Some(item));
        let rest = segments
            .get(until.unwrap_or(segments.len())..)
            .unwrap_or_default();
        rest.iter().map(|segment| format!("::{segment}")).collect()
    }

    /// Notes an import and gives the name to write: the whole path if another import has that name.
    fn needs(&mut self, import: Import) -> Option<String> {
        let local = import.local().to_owned();
        if self.imports.contains(&import) {
            return Some(local);
        }
        if self.imports.iter().any(|known| known.local() == local) {
            return Some(format!("{}::{}", import.module, import.name));
        }
        self.imports.push(import);
        Some(local)
    }
}

/// The paths in a type, in order, each as long as it is.
fn collect(node: &Node<'_>, out: &mut Vec<Name>) {
    match &*node.kind() {
        "type_identifier" | "scoped_type_identifier" | "scoped_identifier" => {
            let text = node.text();
            if text.contains(['<', '(', '[']) {
                // `<T as A>::B`, `A::<B>::C`: what stands inside is looked at alone.
                node.children().for_each(|child| collect(&child, out));
                return;
            }
            let range = node.range();
            out.push(Name {
                segments: text.split("::").map(|part| part.trim().to_owned()).collect(),
                start: range.start,
                end: range.end,
            });
        }
        // Names of bindings, not of types.
        "type_binding" => {
            node.children().skip(1).for_each(|child| collect(&child, out));
        }
        "lifetime" | "primitive_type" | "string_literal" => {}
        _ => node.children().for_each(|child| collect(&child, out)),
    }
}

/// `text` on one line, without the comma that a broken list has behind its last element.
pub(super) fn one_line(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.contains(['(', '<', ',']) {
        return text;
    }
    let text = text.replace("( ", "(").replace("< ", "<").replace(" >", ">");
    text.replace(", )", ")")
        .replace(",)", ")")
        .replace(", >", ">")
        .replace(",>", ">")
}

/// `T` of `impl Future<Output = T> + Send`.
pub(super) fn awaited(ty: &str) -> Option<&str> {
    let rest = ty.trim().strip_prefix("impl")?;
    let at = rest.find("Future<")?;
    if rest[..at].trim().contains(['<', '+', '(', ',']) {
        return None;
    }
    let inner = &rest[at + "Future<".len()..];
    let inner = inner
        .trim_start()
        .strip_prefix("Output")?
        .trim_start()
        .strip_prefix('=')?;
    let mut depth = 0_i32;
    for (at, c) in inner.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' if inner[..at].ends_with('-') => {}
            '>' if depth == 0 => return Some(inner[..at].trim()),
            '>' | ')' | ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The names of generic parameters and lifetimes in `<…>`.
pub(super) fn parameters(list: &str) -> Vec<String> {
    let text = format!("fn f{list}() {{}}");
    let tree = GRAMMAR.parse(&text);
    let Some(params) = tree.root().dfs().find(|node| node.kind() == "type_parameters") else {
        return vec![];
    };
    let name = |node: Node<'_>| {
        let text = node.text();
        let text = text.trim_start_matches("const ");
        let end = text.find([':', '=', ' ']).unwrap_or(text.len());
        text[..end].trim().to_owned()
    };
    params.named_children().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_future_gives_is_found() {
        assert_eq!(
            awaited("impl Future<Output = Result<A, B>> + Send"),
            Some("Result<A, B>")
        );
        assert_eq!(
            awaited("impl std::future::Future<Output = ()> + Send + '_"),
            Some("()")
        );
        assert_eq!(awaited("impl Iterator<Item = u8>"), None);
        assert_eq!(awaited("Pin<Box<dyn Future<Output = u8>>>"), None);
        assert_eq!(
            awaited("impl Future<Output = fn(u8) -> Vec<u8>>"),
            Some("fn(u8) -> Vec<u8>")
        );
    }

    #[test]
    fn parameters_are_named() {
        assert_eq!(
            parameters("<'a, T: Clone + Send, const N: usize, U = T>"),
            ["'a", "T", "N", "U"]
        );
    }
}
