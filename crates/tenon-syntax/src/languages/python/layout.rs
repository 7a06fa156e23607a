//! How an import statement is written over lines.

use crate::style::Style;

/// How names are broken over lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// One name a line, indented, with a trailing comma.
    Hanging,
    /// Behind the bracket, one name a line.
    Aligned,
}

/// How the file breaks its imports: as the first that is broken; as `otherwise` if none is.
pub fn wrap_of(source: &str, otherwise: Wrap) -> Wrap {
    for line in source.lines() {
        let line = line.trim();
        if !line.starts_with("from ") {
            continue;
        }
        let Some((_, names)) = line.split_once(" import (") else {
            continue;
        };
        if !names.contains(')') {
            let hanging = names.trim().is_empty() || names.trim_start().starts_with('#');
            return if hanging { Wrap::Hanging } else { Wrap::Aligned };
        }
    }
    otherwise
}

/// `from module import names`, broken over lines if it is too wide, each but the first line behind `indent`.
pub fn print(module: &str, names: &[String], indent: &str, wrap: Wrap, style: &Style, eol: &str) -> String {
    let head = format!("from {module} import ");
    let line = format!("{head}{}", names.join(", "));
    let fits = |text: &str| style.columns(indent) + style.columns(text) <= style.width;
    if fits(&line) {
        return line;
    }
    if wrap == Wrap::Aligned {
        let pad = " ".repeat(head.len() + 1);
        let lines: Vec<String> = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let open = if at == 0 { format!("{head}(") } else { pad.clone() };
                let close = if at + 1 == names.len() { ")" } else { "," };
                format!("{open}{name}{close}")
            })
            .collect();
        if lines.iter().all(|line| fits(line)) {
            return lines.join(&format!("{eol}{indent}"));
        }
    }
    if let [only] = names
        && wrap == Wrap::Hanging
        && !fits(&format!("{}{only},", style.indent))
    {
        return line;
    }
    let mut out = format!("{head}({eol}");
    for name in names {
        out.push_str(&format!("{indent}{}{name},{eol}", style.indent));
    }
    out.push_str(indent);
    out.push(')');
    out
}
