//! For people: findings by subject, with excerpts of the files, and a summary.
//!
//! Text from hosts and packs is escaped before it is laid out.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::excerpt::excerpt;
use super::summary::Counts;
use super::view::{View, fix_title};
use crate::report::colour::Paint;
use crate::report::escape::clean_line;
use tenon_text::diag::{Diagnostic, Place, Severity};

/// Excerpts are cut already; the renderer must not cut them again.
const NO_LIMIT: usize = 100_000;

/// The findings and the summary.
pub fn render(view: &View, paint: &Paint) -> String {
    let renderer = if paint.enabled() {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(NO_LIMIT);
    let mut text = String::new();
    for (subject, diagnostics) in view.by_subject() {
        text.push_str(&paint.bold(&view.heading(subject)));
        text.push_str("\n\n");
        for diagnostic in diagnostics {
            let shown = renderer.render(&groups(view, diagnostic));
            for line in shown.lines().filter(|line| !is_continuation(line)) {
                text.push_str(line.trim_end());
                text.push('\n');
            }
            text.push('\n');
        }
    }
    let counts = Counts::of(view.findings);
    let summary = clean_line(&counts.sentence(view.findings));
    let painted = if counts.errors > 0 {
        paint.red(&summary)
    } else if counts.warnings > 0 {
        paint.yellow(&summary)
    } else {
        paint.bold(&summary)
    };
    text.push_str(&painted);
    text.push('\n');
    text
}

/// The line `:::` between a position and its snippet. They are separate elements because the snippet may be cut, so that its
/// own columns would be wrong.
fn is_continuation(line: &str) -> bool {
    line.contains(":::") && anstream::adapter::strip_str(line).to_string().trim() == ":::"
}

fn groups<'a>(view: &View, diagnostic: &Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(clean_line(&diagnostic.message))
        .id(clean_line(&diagnostic.rule));
    let primary = place(view, &diagnostic.at, AnnotationKind::Primary, &diagnostic.label);
    let mut groups = vec![Group::with_title(title).elements(primary)];
    for reason in &diagnostic.reasons {
        let title = Level::NOTE.secondary_title(clean_line(&reason.text));
        let at = reason.at.as_ref();
        let elements = at.map(|at| place(view, at, AnnotationKind::Context, ""));
        groups.push(Group::with_title(title).elements(elements.unwrap_or_default()));
    }
    if !diagnostic.help.is_empty() {
        let title = Level::HELP.secondary_title(clean_line(&diagnostic.help));
        groups.push(Group::with_title(title));
    }
    if let Some(fix) = &diagnostic.fix {
        let level = Level::HELP.with_name("fix available");
        groups.push(Group::with_title(
            level.secondary_title(clean_line(&fix_title(fix))),
        ));
    }
    groups
}

/// `--> path:line:column` and the excerpt, as far as they are known.
fn place<'a>(view: &View, place: &Place, kind: AnnotationKind, label: &str) -> Vec<Element<'a>> {
    let origin = Origin::path(clean_line(super::view::path_of(place)));
    let (Some(lines), Some(region)) = (view.lines(&place.path), view.region(place)) else {
        return vec![origin.into()];
    };
    let excerpt = excerpt(lines, &region);
    let annotation = kind
        .span(excerpt.span)
        .label((!label.is_empty()).then(|| clean_line(label)));
    let snippet = Snippet::source(excerpt.text)
        .line_start(excerpt.line)
        .annotation(annotation);
    vec![
        origin
            .line(region.start.line)
            .char_column(region.start.column)
            .into(),
        snippet.into(),
    ]
}
