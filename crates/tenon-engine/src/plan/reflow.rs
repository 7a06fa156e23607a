//! Reflows arrays of a manifest as a formatter would: breaks long ones over lines, and joins them again.

use tenon_syntax::style::Style;
use tenon_text::diag::{Result, TextEdit, apply_edits};
use tenon_text::format::{Format, indent_at, line_end, line_start};
use tenon_text::manifest::{self, ManifestFormat};

/// The key in a recorded trace that says that an array was broken over lines for an entry.
pub const SPREAD: &str = "spread";

/// The edit that breaks the array at `pointer` over lines, if it is on one line that is too long.
pub fn break_if_too_wide(
    text: &str,
    format: ManifestFormat,
    path: &str,
    pointer: &str,
    style: &Style,
) -> Result<Option<TextEdit>> {
    let items = manifest::entries(text, format, path, pointer)?.unwrap_or_default();
    let (Some(first), Some(last)) = (items.first(), items.last()) else {
        return Ok(None);
    };
    let start = line_start(text, first.span.start);
    let end = line_end(text, first.span.start);
    let open = text[..first.span.start].rfind('[');
    let close = text[last.span.end..].find(']').map(|at| last.span.end + at);
    let (Some(open), Some(close)) = (open, close) else {
        return Ok(None);
    };
    let one_line = open >= start && close < end;
    // Columns are counted with the indentation of the file.
    if !one_line || text[start..end].chars().count() <= style.width || format != ManifestFormat::Json {
        return Ok(None);
    }
    let look = Format::detect(text);
    let (eol, outer) = (look.eol.as_str(), indent_at(text, open));
    let inner = format!("{outer}{}", look.indent.unit());
    let lines: Vec<String> = items
        .iter()
        .map(|item| format!("{inner}{}", &text[item.span.start..item.span.end]))
        .collect();
    let broken = format!("{eol}{}{eol}{outer}", lines.join(&format!(",{eol}")));
    Ok(Some(TextEdit::replace(open + 1..close, broken)))
}

/// The inverse of [`break_if_too_wide`]: joins the array at `pointer` on one line, if it fits.
pub fn join_if_it_fits(text: String, path: &str, pointer: &str, style: &Style) -> Result<String> {
    let Some(format) = ManifestFormat::of_path(path) else {
        return Ok(text);
    };
    let items = manifest::entries(&text, format, path, pointer)?.unwrap_or_default();
    let (Some(first), Some(last)) = (items.first(), items.last()) else {
        return Ok(text);
    };
    let open = text[..first.span.start].rfind('[');
    let close = text[last.span.end..].find(']').map(|at| last.span.end + at);
    let (Some(open), Some(close)) = (open, close) else {
        return Ok(text);
    };
    // An array with a comment stays broken.
    let written: usize = items.iter().map(|item| item.span.end - item.span.start).sum();
    let all = text[open + 1..close]
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ',');
    let own = items
        .iter()
        .flat_map(|item| text[item.span.start..item.span.end].chars())
        .filter(|c| !c.is_whitespace() && *c != ',');
    if written == 0 || !all.eq(own) {
        return Ok(text);
    }
    let line: Vec<&str> = items
        .iter()
        .map(|item| &text[item.span.start..item.span.end])
        .collect();
    let joined = apply_edits(&text, &[TextEdit::replace(open + 1..close, line.join(", "))])?;
    let (start, end) = (line_start(&joined, open), line_end(&joined, open));
    Ok(if joined[start..end].chars().count() <= style.width {
        joined
    } else {
        text
    })
}
