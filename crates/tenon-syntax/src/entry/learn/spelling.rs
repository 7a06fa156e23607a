//! In which spelling a text has a name, and how a template writes that.

use tenon_text::diag::Span;
use tenon_text::names::in_case;

/// How the texts that stand for names are written from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// The helper of templates that makes the text of the name; nothing for the name itself.
    pub helper: Option<&'static str>,
    /// How many of the texts it makes.
    pub exact: usize,
}

impl Spelled {
    /// The expression of a template: `{{pascal name}}`.
    pub fn expression(self) -> String {
        match self.helper {
            Some(helper) => format!("{{{{{helper} name}}}}"),
            None => "{{name}}".to_owned(),
        }
    }
}

impl Spelled {
    /// The text that it makes of a name.
    pub fn write(self, name: &str) -> String {
        in_case(self.helper.unwrap_or_default(), name)
    }
}

/// How `texts` are written from the names beside them: each is a name and the text that stands for it.
pub fn spelled<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Spelled {
    let texts: Vec<(&str, &str)> = texts.into_iter().collect();
    let made_by = |helper: Option<&'static str>| {
        let spelled = Spelled { helper, exact: 0 };
        let exact = texts.iter().filter(|(name, text)| spelled.write(name) == *text);
        Spelled {
            exact: exact.count(),
            ..spelled
        }
    };
    // The simplest first: of two that make as many texts, the first is meant.
    let order = [
        None,
        Some("flat"),
        Some("snake"),
        Some("kebab"),
        Some("camel"),
        Some("pascal"),
        Some("constant"),
        Some("title"),
    ];
    let mut best = made_by(None);
    for helper in &order[1..] {
        let this = made_by(*helper);
        if this.exact > best.exact {
            best = this;
        }
    }
    // `PagerDuty` is no spelling of `pagerduty` that a helper makes, and is read by `pascal`.
    if best.exact * 2 < texts.len() {
        let has_space = texts.iter().filter(|(_, text)| text.contains(' ')).count();
        let is_large = |(_, text): &&(&str, &str)| text.starts_with(char::is_uppercase);
        if has_space > 0 {
            return made_by(Some("title"));
        }
        if texts.iter().filter(is_large).count() * 2 > texts.len() {
            return made_by(Some("pascal"));
        }
    }
    best
}

/// The text of a template, put together from what stands there as it is and from expressions.
#[derive(Debug, Default)]
pub struct TemplateText {
    out: String,
    /// What was added last as it is.
    plain: String,
}

impl TemplateText {
    /// Adds text that the template writes as it is.
    pub fn plain(&mut self, text: &str) {
        self.plain.push_str(text);
    }

    /// Adds an expression.
    pub fn expression(&mut self, text: &str) {
        // Three brackets mean something else: the tilde takes the space away that parts them.
        let is_beside_bracket = self.plain.ends_with('{');
        self.flush();
        match text.strip_prefix("{{").filter(|_| is_beside_bracket) {
            Some(rest) => self.out.extend([" {{~", rest]),
            None => self.out.push_str(text),
        }
    }

    /// Adds the piece of `text` in `span`, with an expression for each of the places of `names`, which are in order.
    pub fn piece(&mut self, text: &str, span: Span, names: impl IntoIterator<Item = (Span, Spelled)>) {
        let mut done = span.start;
        for (place, spelled) in names {
            self.plain(&text[done..place.start]);
            self.expression(&spelled.expression());
            done = place.end;
        }
        self.plain(&text[done..span.end]);
    }

    fn flush(&mut self) {
        self.out.push_str(&self.plain.replace("{{", "\\{{"));
        self.plain.clear();
    }

    /// The template.
    pub fn finish(mut self) -> String {
        self.flush();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::{TemplateText, spelled};

    #[test]
    fn brackets_beside_an_expression_are_no_part_of_it() {
        let mut text = TemplateText::default();
        text.plain("import {");
        text.expression("{{pascal name}}");
        text.plain("} from {{x}}");
        assert_eq!(text.finish(), "import { {{~pascal name}}} from \\{{x}}");
    }

    #[test]
    fn the_simplest_spelling_that_makes_most_texts_is_meant() {
        let helper = |texts: &[(&str, &str)]| spelled(texts.iter().copied()).helper;
        assert_eq!(helper(&[("acme", "acme"), ("shop", "shop")]), None);
        assert_eq!(helper(&[("acme-pay", "acmepay"), ("shop", "shop")]), Some("flat"));
        assert_eq!(
            helper(&[("acme-pay", "acme_pay"), ("shop", "shop")]),
            Some("snake")
        );
        assert_eq!(
            helper(&[("pagerduty", "PagerDuty"), ("github", "GitHub")]),
            Some("pascal")
        );
        assert_eq!(
            helper(&[("pagerduty", "Pager Duty"), ("github", "GitHub")]),
            Some("title")
        );
    }
}
