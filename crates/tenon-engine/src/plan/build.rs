//! Plans a new member: its files first, then its entries in sites, then the record.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, mpsc};

use crate::answers::Answers;
use crate::facts::Facts;
use crate::host::{Host, HostPath};
use tenon_pack::{Folder, Kind, Pack, Template};
use tenon_syntax::language::Lang;
use tenon_syntax::style::Style;
use tenon_text::diag::{Error, Result};
use tenon_text::format::{Format, Indent, to_format};

use super::change::{Plan, PlanError};
use super::overlay::Overlay;
use super::record::{Record, RecordedMember};
use super::scope::Scope;
use super::sites::{self, SiteStyle};

/// What to make.
pub struct NewRequest<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// The host.
    pub host: &'a Host,
    /// Facts of that host.
    pub facts: &'a Facts<'a>,
    /// The kind of the new member.
    pub kind: &'a Kind,
    /// The answers.
    pub answers: &'a Answers,
}

/// A plan and its follow-up.
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// What a person should do next, a line for each step.
    pub next: Vec<String>,
    /// What a person should know of what was not done.
    pub notes: Vec<String>,
}

/// Plans a new member. Writes nothing.
///
/// # Errors
/// [`PlanError::Conflict`] if files that would be created exist with other texts; otherwise if the pack refuses the answers, a
/// site cannot be found, or the host cannot be read.
pub fn build(request: &NewRequest<'_>) -> std::result::Result<Planned, PlanError> {
    let NewRequest {
        pack,
        host,
        facts,
        kind,
        answers,
    } = *request;
    let look = new_file_format(host, pack)?;
    let mut style = code_style(host, pack)?;
    if kind.host {
        let own = answers.name.rsplit('/').next().unwrap_or_default();
        style.own_packages.push(own.replace('-', "_"));
    }
    let mut scope = Scope::new(pack, kind, facts, answers, &style)?;
    let mut overlay = Overlay::new(host);
    required(pack, kind, &mut scope)?;
    let lock = HostPath::new(super::record::FILE)?;
    let record = Record::read(overlay.read(&lock)?.as_deref().unwrap_or_default())?;
    let mine = record.get(&kind.id, &answers.name).cloned();
    add_folders(
        pack.folders(&kind.id),
        Mode::New(mine.as_ref()),
        &mut scope,
        &mut overlay,
        &Finish::new(&look, &style),
    )?;
    let mut entries = BTreeMap::new();
    for site in pack.sites(&kind.id) {
        sites::add(
            site,
            &mut scope,
            &mut overlay,
            SiteStyle {
                style: &style,
                indent: look.indent,
            },
            &mut entries,
        )?;
    }
    let plain = scope.turns(None, None, None)?;
    let mut next = Vec::new();
    for line in &kind.next {
        let text = scope.text(line, &plain[0])?;
        next.extend(
            text.lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned),
        );
    }
    // A run that changes nothing is not recorded.
    if !kind.host && overlay.differs()? {
        write_record(request, record, &mut overlay, entries)?;
    }
    let notes = overlay.notes().to_vec();
    let plan = overlay.into_plan(title(&kind.id, answers))?;
    Ok(Planned { plan, next, notes })
}

/// Checks the conditions of the pack on the answers.
///
/// # Errors
/// The message of the first condition that does not hold.
pub fn required(pack: &Pack, kind: &Kind, scope: &mut Scope<'_>) -> Result<()> {
    for require in pack.requires(&kind.id) {
        for turn in scope.turns(
            require.each.as_deref(),
            require.row.as_deref(),
            require.when.as_deref(),
        )? {
            if !scope.holds(&require.that, &turn)? {
                return Err(
                    Error::new(scope.text(&require.say, &turn)?).help(scope.text(&require.help, &turn)?)
                );
            }
        }
    }
    Ok(())
}

/// The longest title of a plan, in characters.
const MAX_TITLE: usize = 100;

/// What a person typed to get the plan, so that the steps of a history can be told apart.
fn title(kind: &str, answers: &Answers) -> String {
    let full = format!("new {kind} {}", answers.typed());
    if full.chars().count() <= MAX_TITLE {
        return full;
    }
    let start: String = full.chars().take(MAX_TITLE).collect();
    format!("{start}…")
}

fn write_record(
    request: &NewRequest<'_>,
    mut record: Record,
    overlay: &mut Overlay<'_>,
    sites: BTreeMap<String, String>,
) -> Result<()> {
    for (path, before, after) in overlay.edited()? {
        record.rewritten(path.as_str(), &before, &after);
    }
    let files = overlay
        .own()
        .map(|(path, text)| (path.as_str().to_owned(), super::record::digest(text.as_bytes())))
        .collect();
    let made = RecordedMember {
        pack: format!("{} {}", request.pack.name(), request.pack.version()),
        digest: request.pack.digest(),
        answers: request.answers.words.clone(),
        files,
        sites,
    };
    record.add(&request.kind.id, &request.answers.name, made);
    record.pin(request.pack);
    record.write(overlay)
}

/// The format of new files: that of the pack's example file in the host.
pub fn new_file_format(host: &Host, pack: &Pack) -> Result<Format> {
    if let Some((_, text)) = like_file(host, pack)? {
        return Ok(Format {
            bom: false,
            ..Format::detect(&text)
        });
    }
    Ok(Format {
        indent: Indent::TEMPLATE,
        ..Format::default()
    })
}

/// The pack's example file in the host, if there is one: its path, and its text.
fn like_file(host: &Host, pack: &Pack) -> Result<Option<(String, Arc<str>)>> {
    for pattern in &pack.style().like {
        let found = host.glob(pattern);
        if let Some(found) = found.first()
            && let Some(text) = host.read(&HostPath::new(&found.path)?)?
        {
            return Ok(Some((found.path.clone(), text)));
        }
    }
    Ok(None)
}

/// How code is printed for `pack` in `host`: with one tab a level, which is replaced by the indentation of the host when the file
/// is written.
pub fn code_style(host: &Host, pack: &Pack) -> Result<Style> {
    let raw = pack.style();
    // A file of another language says nothing of how this one is written.
    let is_code = |(path, _): &(String, _)| Lang::of_path(path) == Some(pack.language());
    let like = like_file(host, pack)?.filter(is_code);
    let own = pack.language().own_packages().iter();
    let own = own.flat_map(|pattern| host.glob(pattern));
    let own = own.filter_map(|found| Some(found.captures.first()?.1.clone()));
    let tab_width = match new_file_format(host, pack)?.indent {
        Indent::Tab => 4,
        Indent::Spaces(n) => n,
    };
    let mut style = Style {
        indent: "\t".into(),
        tab_width,
        width: formatter_width(host, pack)?.or(raw.width).unwrap_or(80),
        quote: match raw.quotes.as_deref() {
            Some("single") => '\'',
            _ => '"',
        },
        own_packages: own.collect(),
        import_groups: raw.import_groups.clone(),
        ..Style::default()
    };
    if let Some((_, text)) = &like {
        pack.language().read_style(text, &mut style);
    }
    Ok(style)
}

/// A rendered text, indented with tabs. `source` is its template, which may be indented by less than is usual: code in it is written
/// so, too, and other text then stays as it is.
fn tabbed(text: &str, source: &str, is_code: bool) -> String {
    let unit = Indent::of_template(source);
    if unit != Indent::TEMPLATE && !is_code {
        return text.to_owned();
    }
    to_format(
        text,
        unit,
        &Format {
            indent: Indent::Tab,
            ..Format::default()
        },
    )
}

/// The format of the file at `path`: some languages prescribe the indentation.
fn look_of(path: &HostPath, look: &Format) -> Format {
    let indent = Lang::of_path(path.as_str()).and_then(|language| language.indent());
    Format {
        indent: indent.unwrap_or(look.indent),
        ..*look
    }
}

/// Finishes rendered files: sorts imports and applies the format. Members of one kind often have files with the same text, so
/// results are cached.
pub struct Finish<'f> {
    look: &'f Format,
    style: &'f Style,
    known: Mutex<HashMap<(Lang, String), (String, usize)>>,
}

/// Most cached texts.
const REMEMBERED: usize = 1024;

impl<'f> Finish<'f> {
    /// Finishes files with the format `look` and code in `style`.
    pub fn new(look: &'f Format, style: &'f Style) -> Self {
        Self {
            look,
            style,
            known: Mutex::default(),
        }
    }

    /// A rendered file of code with sorted imports.
    fn in_order(&self, path: &HostPath, grammar: Lang, text: String) -> Result<String> {
        let key = (grammar, text);
        let known = self.known.lock().ok().and_then(|known| known.get(&key).cloned());
        let (text, errors) = match known {
            Some(known) => known,
            None => {
                let fresh = grammar.organize(&key.1, self.style);
                if let Ok(mut known) = self.known.lock()
                    && known.len() < REMEMBERED
                {
                    known.insert(key, fresh.clone());
                }
                fresh
            }
        };
        check_code(path, errors)?;
        Ok(text)
    }
}

/// A rendered file of code.
type Rendered = (HostPath, Lang, String);

/// What happens to files that exist.
#[derive(Clone, Copy)]
pub enum Mode<'m> {
    /// For a new member: files that an earlier run made stay as they are.
    New(Option<&'m RecordedMember>),
    /// For an update: all files that an earlier run made are rendered again.
    Again(&'m RecordedMember),
}

/// Renders folders of templates into `overlay`. A second thread parses the rendered code and sorts its imports: the two are independent, and each
/// is half of the work.
pub fn add_folders<'p>(
    mut folders: impl Iterator<Item = &'p Folder>,
    mode: Mode<'_>,
    scope: &mut Scope<'_>,
    overlay: &mut Overlay<'_>,
    finish: &Finish<'_>,
) -> Result<()> {
    let (code, rendered) = mpsc::channel::<Rendered>();
    std::thread::scope(|threads| {
        let worker = threads.spawn(move || {
            let finished = |(path, grammar, text): Rendered| {
                let text = finish.in_order(&path, grammar, text)?;
                let text = to_format(&text, Indent::Tab, &look_of(&path, finish.look));
                Ok((path, text))
            };
            rendered.into_iter().map(finished).collect::<Vec<Result<_>>>()
        });
        let renderer = FolderRenderer {
            mode,
            look: finish.look,
            code,
        };
        let made = folders.try_for_each(|folder| renderer.add(folder, scope, overlay));
        // The thread ends when nothing more can be sent to it.
        drop(renderer);
        let finished = worker
            .join()
            .map_err(|_| Error::new("the thread that orders imports panicked"))?;
        // A file that does not parse was rendered before a later error.
        for file in finished {
            let (path, text) = file?;
            overlay.edit(&path, text);
        }
        made
    })
}

/// Renders folders of templates into an overlay.
struct FolderRenderer<'r> {
    mode: Mode<'r>,
    look: &'r Format,
    /// Where code is sent to be put in order.
    code: mpsc::Sender<Rendered>,
}

impl FolderRenderer<'_> {
    fn add(&self, folder: &Folder, scope: &mut Scope<'_>, overlay: &mut Overlay<'_>) -> Result<()> {
        let templates: Vec<Template> = scope.pack().templates(folder).collect();
        for turn in scope.turns(
            folder.each.as_deref(),
            folder.row.as_deref(),
            folder.when.as_deref(),
        )? {
            if let Some(contract) = &folder.contract {
                scope.add_contract(&turn, contract)?;
            }
            if let Some(only_if) = &folder.only_if
                && !scope.holds(only_if, &turn)?
            {
                continue;
            }
            let dir = scope.text(folder.dir.as_deref().unwrap_or_default(), &turn)?;
            for template in &templates {
                let name = scope.text(&template.becomes, &turn)?;
                let path = HostPath::new(&if dir.is_empty() {
                    name
                } else {
                    format!("{dir}/{name}")
                })?;
                let stays = match self.mode {
                    // Files of an earlier run belong to the people who edit them.
                    Mode::New(made) => {
                        folder.keep || made.is_some_and(|made| made.files.contains_key(path.as_str()))
                    }
                    Mode::Again(made) => folder.keep && !made.files.contains_key(path.as_str()),
                };
                if stays && overlay.exists(&path) {
                    continue;
                }
                let language = Lang::of_path(path.as_str());
                let source = scope.pack().files().text(&template.path)?;
                let rendered = scope.file(template, &turn)?;
                let text = tabbed(trimmed(&rendered), source, language.is_some());
                // A file that is copied verbatim is not reformatted.
                let text = match language.filter(|_| template.rendered) {
                    Some(grammar) => {
                        // The text is set when it is finished. Sending fails only if the thread panicked, which is reported there.
                        let _ = self.code.send((path.clone(), grammar, text));
                        String::new()
                    }
                    None => to_format(&text, Indent::Tab, &look_of(&path, self.look)),
                };
                overlay.create(path, text, false)?;
            }
        }
        Ok(())
    }
}

/// `text` without the empty lines that conditions at the top of a template leave.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches('\n')
}

/// Checks that rendered code parses, whatever the answers are.
fn check_code(path: &HostPath, errors: usize) -> Result<()> {
    if errors > 0 {
        return Err(Error::new("the rendered file does not parse")
            .in_file(path.as_str())
            .help("this is a fault of the pack: report it there"));
    }
    Ok(())
}

/// The line width that the host configures for the formatter of the pack's language.
fn formatter_width(host: &Host, pack: &Pack) -> Result<Option<usize>> {
    for path in pack.language().formatter_files() {
        if let Some(text) = host.read(&HostPath::new(path)?)? {
            return Ok(pack.language().formatter_width(&text));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_may_be_indented_by_less_than_is_usual() {
        let narrow = "a\n  b\n    c\n\td\n";
        assert_eq!(tabbed(narrow, narrow, true), "a\n\tb\n\t\tc\n\td\n");
        // Other text says itself how it is indented.
        assert_eq!(tabbed(narrow, narrow, false), narrow);
        let wide = "a\n    b\n      c\n";
        assert_eq!(tabbed(wide, wide, true), "a\n\tb\n\t  c\n");
    }
}
