//! Where a file names something, in whatever way.

use tenon_text::diag::Span;

use super::document::Document;
use super::scope::Scope;
use super::tokens::Place;

impl Document {
    /// The places where `word` stands as a whole, outside of comments. With `in_imports` those in import statements count as well.
    pub fn mentions(&self, word: &str, in_imports: bool) -> Vec<Span> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
        // A path goes on behind a slash or a dot.
        let goes_on = |c: char| is_part(c) || (word.contains(['/', '.']) && matches!(c, '/' | '.'));
        let whole = |at: usize| {
            !self.text[..at].ends_with(goes_on) && !self.text[at + word.len()..].starts_with(goes_on)
        };
        let comments = |span: Span| {
            self.comments
                .iter()
                .any(|own| own.start <= span.start && span.end <= own.end)
        };
        let found = self.text.match_indices(word).map(|(at, _)| at);
        found
            .filter(|at| !word.is_empty() && whole(*at))
            .map(|at| Span::new(at, at + word.len()))
            .filter(|span| !comments(*span) && (in_imports || !self.is_in_import(*span)))
            .collect()
    }

    /// Where an element of `scope` has the key that `text` begins with: `acme` of `acme: { … }`.
    pub fn keyed(&self, scope: &Scope, text: &str) -> Option<Span> {
        let key = text.split_once(':')?.0.trim().trim_matches(['\'', '"']);
        let sign = |at: usize| {
            let token = self.tokens.get(at).filter(|token| token.place == Place::Code);
            token.map_or("", |_| self.token(at))
        };
        let is_quote = |at: usize| {
            self.tokens
                .get(at)
                .is_some_and(|token| token.place == Place::Quote)
        };
        let mut depth = 0_usize;
        let is_key = |at: &usize| {
            match sign(*at) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && self.token(*at) == key && sign(*at + 1 + usize::from(is_quote(*at + 1))) == ":"
        };
        let at = scope.tokens().find(is_key)?;
        Some(Span::new(self.tokens[at].start, self.tokens[at].end))
    }

    /// Whether a span stands in a statement that imports.
    fn is_in_import(&self, span: Span) -> bool {
        let mut at = self
            .nodes
            .iter()
            .rposition(|node| node.start <= span.start && span.end <= node.end);
        while let Some(id) = at.filter(|id| *id != 0) {
            let kind = &*self.nodes[id].kind;
            if kind.contains("import") || kind == "use_declaration" {
                return true;
            }
            at = Some(self.nodes[id].parent);
        }
        false
    }
}
