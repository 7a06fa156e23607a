//! Pictures of a terminal, made from runs. Each `docs/images/NAME.console` is a session, and `docs/images/NAME.svg` what it
//! prints, with its colours. In a session `$ …` is a command that is shown, `# …` one that is not, and `… FIRST LAST` after a
//! command leaves out the lines of its output between the first and the last so many.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::{Sandbox, root};

/// Width of a character, height of a line, room at the edges, in pixels.
const CHAR: f64 = 7.8;
const LINE: f64 = 18.0;
const EDGE: f64 = 16.0;
/// The widest line that a reader's page shows without making it small.
const COLUMNS: usize = 112;

const COLOURS: [(&str, &str); 9] = [
    ("31", "#ff7b72"),
    ("91", "#ff7b72"),
    ("32", "#7ee787"),
    ("92", "#7ee787"),
    ("33", "#e3b341"),
    ("94", "#79c0ff"),
    ("34", "#79c0ff"),
    ("36", "#76e3ea"),
    ("96", "#76e3ea"),
];
const PLAIN: &str = "#d0d7de";

#[derive(Clone, Copy, Default, PartialEq)]
struct Look {
    colour: Option<&'static str>,
    bold: bool,
    dim: bool,
}

impl Look {
    /// The look after the parameters of an `ESC [ … m`.
    fn after(mut self, parameters: &str) -> Self {
        for number in parameters.split(';') {
            match number {
                "" | "0" => self = Self::default(),
                "1" => self.bold = true,
                "2" => self.dim = true,
                _ => {
                    let known = COLOURS.iter().find(|(known, _)| *known == number);
                    let (_, colour) = known.unwrap_or_else(|| panic!("no colour for `{number}`"));
                    self.colour = Some(colour);
                }
            }
        }
        self
    }
}

/// A line with escape sequences as pieces of one look each.
fn pieces(line: &str) -> Vec<(Look, String)> {
    let mut look = Look::default();
    let mut out: Vec<(Look, String)> = Vec::new();
    for (at, part) in line.split("\u{1b}[").enumerate() {
        let text = if at == 0 {
            part
        } else {
            let (parameters, text) = part.split_once('m').unwrap();
            look = look.after(parameters);
            text
        };
        assert!(!text.contains("u{1b}"), "a colour is printed as text: {line}");
        if !text.is_empty() {
            out.push((look, text.to_owned()));
        }
    }
    out
}

/// What a session prints, escape sequences and all.
fn session(source: &str) -> Vec<String> {
    let mut sandbox = Sandbox::new();
    let mut out: Vec<String> = Vec::new();
    let mut printed: Vec<String> = Vec::new();
    for line in source.lines() {
        if let Some(cut) = line.strip_prefix("… ") {
            let (first, last) = cut.split_once(' ').unwrap();
            let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
            assert!(
                first + last < printed.len(),
                "nothing is left out of {} lines",
                printed.len()
            );
            printed.splice(first..printed.len() - last, ["\u{1b}[2m…\u{1b}[0m".to_owned()]);
            continue;
        }
        out.append(&mut printed);
        if let Some(command) = line.strip_prefix("# ") {
            let (text, done) = sandbox.run(command);
            assert!(done, "`{command}` failed:\n{text}");
        } else if let Some(command) = line.strip_prefix("$ ") {
            out.push(format!("\u{1b}[2m$\u{1b}[0m \u{1b}[1m{command}\u{1b}[0m"));
            let (text, _) = sandbox.run(&format!("export CLICOLOR_FORCE=1; {command}"));
            printed.extend(text.lines().map(str::to_owned));
        } else {
            panic!("`{line}` is neither a command nor a cut");
        }
    }
    out.append(&mut printed);
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The lines as a picture.
fn picture(lines: &[String]) -> String {
    let width = EDGE * 2.0 + CHAR * COLUMNS as f64;
    let height = EDGE * 2.0 + LINE * lines.len() as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"13\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n"
    );
    for (row, line) in lines.iter().enumerate() {
        let y = EDGE + LINE * (row as f64 + 0.75);
        let mut column = 0;
        for (look, text) in pieces(line) {
            let length = text.chars().count();
            let lead = length - text.trim_start().chars().count();
            if lead < length {
                let _ = write!(
                    out,
                    "<text x=\"{:.1}\" y=\"{y:.1}\" textLength=\"{:.1}\" fill=\"{}\"",
                    EDGE + CHAR * (column + lead) as f64,
                    CHAR * text.trim().chars().count() as f64,
                    look.colour.unwrap_or(PLAIN)
                );
                out.push_str(if look.bold { " font-weight=\"bold\"" } else { "" });
                out.push_str(if look.dim { " opacity=\"0.6\"" } else { "" });
                // Blanks in a row stay as many as they are.
                let _ = writeln!(out, ">{}</text>", escaped(text.trim()).replace(' ', "\u{a0}"));
            }
            column += length;
        }
        assert!(column <= COLUMNS, "a line is wider than {COLUMNS}: {line}");
    }
    out + "</svg>\n"
}

#[test]
fn pictures_show_what_the_program_prints() {
    let bless = std::env::var_os("TENON_BLESS").is_some();
    let mut seen = 0;
    for entry in fs::read_dir(root().join("docs/images")).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let svg = path.with_extension("svg");
        if path.extension().is_some_and(|ext| ext == "svg") {
            let source = path.with_extension("console");
            assert!(source.exists(), "{} is made from no session", path.display());
        }
        if path.extension().is_none_or(|ext| ext != "console") {
            continue;
        }
        seen += 1;
        let drawn = picture(&session(&fs::read_to_string(&path).unwrap()));
        if bless {
            fs::write(&svg, drawn).unwrap();
        } else {
            assert!(
                fs::read_to_string(&svg).unwrap_or_default() == drawn,
                "{} shows something else; to draw it anew: TENON_BLESS=1 cargo test --test docs",
                svg.display()
            );
        }
    }
    assert!(seen > 0, "no picture was looked at");
}
