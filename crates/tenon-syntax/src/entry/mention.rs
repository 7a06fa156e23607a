//! Where a file names something, in whatever way.

use tenon_text::diag::Span;
use tenon_text::format::line_start;

use super::document::Document;
use super::example::Cut;
use super::scope::Scope;
use super::tokens::is_word;

impl Document {
    /// The places where `word` stands as a whole, outside of comments. With `in_imports` those in import statements count as well.
    pub fn mentions(&self, word: &str, in_imports: bool) -> Vec<Span> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
        // A path goes on behind a slash or a dot.
        let goes_on = |c: char| is_part(c) || (word.contains(['/', '.']) && matches!(c, '/' | '.'));
        let whole = |at: usize| {
            !self.text[..at].ends_with(goes_on) && !self.text[at + word.len()..].starts_with(goes_on)
        };
        // Its first run of letters is a token of the file.
        let Some(begin) = word.find(is_word) else {
            return vec![];
        };
        let first = &word[begin..];
        let first = &first[..first.find(|c| !is_word(c)).unwrap_or(first.len())];
        let tokens = self.tokens_saying(first).iter();
        let found = tokens.filter_map(|token| self.tokens[*token].start.checked_sub(begin));
        found
            .filter(|at| self.text.get(*at..at + word.len()) == Some(word) && whole(*at))
            .map(|at| Span::new(at, at + word.len()))
            .filter(|span| in_imports || !self.is_in_import(*span))
            .filter(|span| !self.is_thrown_away(*span))
            .collect()
    }

    /// Where an element of `scope` begins with the same tokens as `text`, up to the first token behind `name`. It is looked for only where
    /// that token makes a key or a declaration (`name:`, `name =`, `mod name`): then the entry is there, whatever else it says. Calls that
    /// begin alike are different entries.
    pub fn begun(&self, scope: &Scope, text: &str, name: &str) -> Option<Span> {
        let end = text.find(name)? + name.len();
        let cut = Cut::new(text, self.syntax);
        let behind = cut.tokens.iter().position(|token| token.start >= end)?;
        let head = cut.tokens[..=behind]
            .iter()
            .map(|token| &text[token.start..token.end]);
        let head: Vec<&str> = head.collect();
        let next = cut
            .tokens
            .get(behind + 1)
            .map(|token| &text[token.start..token.end]);
        let declares = match head[behind] {
            ":" => next != Some(":"),
            said => said == "=" || said.starts_with(is_word),
        };
        if !declares {
            return None;
        }
        // Few tokens say the name.
        let named = cut.tokens.iter().position(|token| token.end > end - name.len())?;
        let places = self.tokens_saying(head[named]).iter();
        let begins = |at: &usize| {
            let is_outside = scope.tokens().contains(at) && self.group_end(*at) >= scope.tokens().end;
            is_outside
                && (head.iter().enumerate())
                    .all(|(next, said)| at + next < self.tokens.len() && self.token(at + next) == *said)
        };
        let at = places.filter_map(|at| at.checked_sub(named)).find(begins)?;
        Some(Span::new(self.tokens[at].start, self.tokens[at + behind].start))
    }

    /// Whether a span stands in a statement that throws its value away: `_ = new(x)`.
    fn is_thrown_away(&self, span: Span) -> bool {
        if !self.syntax.is_code() {
            return false;
        }
        let line = self.token_at(line_start(&self.text, span.start));
        let at = line + usize::from(self.code(line) == Some("let"));
        self.code(at) == Some("_")
            && matches!(self.code(at + 1), Some("=" | ":"))
            && self.tokens[at].start < span.start
    }

    /// Whether a span stands in a statement that imports.
    fn is_in_import(&self, span: Span) -> bool {
        let behind = self.nodes.partition_point(|node| node.start <= span.start);
        let mut id = behind.saturating_sub(1);
        while id != 0 {
            let node = &self.nodes[id];
            let calls = self
                .syntax
                .notation()
                .map_or(&[][..], |notation| notation.import_calls);
            let is_call = node.is("call") && self.code(node.first).is_some_and(|name| calls.contains(&name));
            let imports = is_call || node.kind.contains("import") || node.is("use_declaration");
            if span.end <= node.end && imports {
                return true;
            }
            id = self.nodes[id].parent;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Syntax};

    #[test]
    fn what_begins_as_an_entry_does_is_that_entry() {
        let begun = |host: &str, scope: &str, text: &str, name: &str| {
            let doc = Document::new(host, Syntax::of("a.ts"));
            let scope = match scope {
                "" => doc.whole(),
                _ => doc.scope(scope).unwrap(),
            };
            doc.begun(&scope, text, name).is_some()
        };
        let index = "export * as Users from './own/users';\n";
        assert!(begun(index, "", "export * as Users from './users';", "Users"));
        assert!(!begun(index, "", "export * as User from './user';", "User"));
        let config = "const all = { users: { x: 1 }, more: { tickets: 1 } };\n";
        let entry = |name: &str| format!("{name}: {{ service: S }}");
        assert!(begun(config, "const all = { }", &entry("users"), "users"));
        assert!(!begun(config, "const all = { }", &entry("tickets"), "tickets"));
        assert!(!begun("users.init();\n", "", "users.register(all);", "users"));
    }
}
