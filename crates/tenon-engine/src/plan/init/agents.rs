//! The section of `AGENTS.md` that says how members are made and checked in a host. It stands between two comments, and is written from the
//! pack; what people write around it stays as it is.

use crate::host::HostPath;
use tenon_pack::{Kind, OptionKind, Pack, PackOption};
use tenon_text::diag::{Error, Result};
use tenon_text::format::Format;

use super::super::overlay::Overlay;
use super::shared::COMMAND;

/// The file.
pub const AGENTS: &str = "AGENTS.md";

const BEGIN: &str = "<!-- tenon: begin (`tenon init --agents` writes this, `tenon update` updates it) -->";
const BEGINS: &str = "<!-- tenon: begin";
const END: &str = "<!-- tenon: end -->";

/// The section for `pack`.
pub fn section(pack: &Pack) -> String {
    let mut out = format!(
        "{BEGIN}\n## Integrations\n\nMake and register integrations of this repository with `tenon` (pack `{}`), not by hand.\n\n",
        pack.name()
    );
    for kind in pack.kinds().iter().filter(|kind| !kind.host) {
        out.push_str(&format!("- `{}`\n  {}.\n", command(pack, kind), kind.summary));
    }
    out.push_str(&format!(
        "- `{COMMAND} --format json`\n  Checks all of them; `{COMMAND} --fix` applies the safe fixes.\n\n\
         Each command has `--help`. With `--dry-run` it shows the diff and writes nothing. `tenon undo --yes` undoes the last step.\n{END}\n"
    ));
    out
}

/// The command that makes a member of `kind`, with the options that it requires.
fn command(pack: &Pack, kind: &Kind) -> String {
    let mut out = match kind.id.as_str() {
        "integration" => "tenon new-integration NAME".to_owned(),
        id => format!("tenon new {id} NAME"),
    };
    let is_required = |option: &&PackOption| option.required && !option.only;
    for option in pack.options(&kind.id).filter(is_required) {
        let value = match option.kind {
            OptionKind::Many => "A,B",
            OptionKind::Pairs => "A:B",
            OptionKind::One | OptionKind::Text => "VALUE",
            OptionKind::Flag => continue,
        };
        out.push_str(&format!(" --{} {value}", option.id));
    }
    format!("{out} --yes")
}

/// What is to become of the section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgentsSection {
    /// It is kept up to date, if it is there.
    #[default]
    Kept,
    /// It is written.
    Written,
    /// It is removed.
    Removed,
}

/// Whether the host has the section.
pub fn has_section(overlay: &Overlay<'_>) -> Result<bool> {
    let text = overlay.read(&HostPath::new(AGENTS)?)?;
    Ok(text.is_some_and(|text| text.contains(BEGINS)))
}

/// Writes, updates or removes the section; `own` is its text.
///
/// # Errors
/// If the file has the comment that begins the section without the one that ends it.
pub fn agents(overlay: &mut Overlay<'_>, own: &str, wanted: AgentsSection) -> Result<()> {
    let path = HostPath::new(AGENTS)?;
    let Some(text) = overlay.read(&path)? else {
        return match wanted {
            AgentsSection::Written => overlay.create(path, own.to_owned(), false),
            _ => Ok(()),
        };
    };
    let eol = Format::detect(&text).eol.as_str();
    let own = own.replace('\n', eol);
    let Some(start) = text.find(BEGINS) else {
        if wanted == AgentsSection::Written {
            let gap = match text.trim_end() {
                "" => String::new(),
                _ if text.ends_with('\n') => eol.to_owned(),
                _ => eol.repeat(2),
            };
            overlay.edit(&path, format!("{text}{gap}{own}"));
        }
        return Ok(());
    };
    let Some(end) = text[start..].find(END) else {
        return Err(Error::new(format!("`{AGENTS}` has `{BEGINS} …` without `{END}`"))
            .in_file(AGENTS)
            .help(format!(
                "write `{END}` where the section ends, or delete the first comment"
            )));
    };
    let mut end = start + end + END.len();
    end += eol.len() * usize::from(text[end..].starts_with(eol));
    if wanted != AgentsSection::Removed {
        overlay.edit(&path, format!("{}{own}{}", &text[..start], &text[end..]));
        return Ok(());
    }
    let before = text[..start].strip_suffix(eol).unwrap_or(&text[..start]);
    let rest = format!("{before}{}", &text[end..]);
    if rest.trim().is_empty() {
        overlay.delete(path);
    } else {
        overlay.edit(&path, rest);
    }
    Ok(())
}
