//! Writes `pack.toml` as a person would: each entry with how many members have it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tenon_syntax::language::Lang;
use tenon_text::names::in_case;

use crate::code::HOME;
use crate::contracts::LearntContract;
use crate::found::LearntSite;
use crate::members::Members;
use crate::options::LearntOption;
use crate::own_files::OwnFile;
use crate::request::Request;
use crate::rules::{LearntRule, What};
use crate::templates::Folder;

/// The most files by which members are known.
const MAX_SIGNS: usize = 3;

/// What a pack is written from.
#[derive(Clone)]
pub struct Draft<'l> {
    /// What was asked.
    pub request: &'l Request,
    /// The members.
    pub members: &'l Members,
    /// Siblings that are none.
    pub others: Vec<String>,
    /// Their files.
    pub own: &'l [OwnFile],
    /// The templates of these, and of what options add.
    pub templates: Vec<Folder>,
    /// What only some members have.
    pub options: Vec<LearntOption>,
    /// The language of the members.
    pub language: &'static str,
    /// What a person does after a member was made.
    pub next: Vec<String>,
    /// The pattern of a file by which a host is known, where no member is listed anywhere.
    pub landmark: String,
    /// The file that shows how code is written, if members have one.
    pub like: Option<String>,
    /// What their files have in common.
    pub rules: Vec<LearntRule>,
    /// Whether the pack is only tried: then the reason of each rule is [`tag`], by which its findings are known.
    pub is_trial: bool,
}

/// The reason of a rule that is tried, by its place in the list.
pub fn tag(index: usize) -> String {
    format!("rule {index}")
}

/// The language that most files of the members are written in; nothing if they are texts alone.
pub fn language(found: &Members) -> Option<&'static str> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for member in &found.all {
        let files = member
            .files
            .iter()
            .map(String::as_str)
            .chain([member.home.as_str()]);
        for language in files.filter_map(Lang::of_path) {
            *counts.entry(language.name()).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(name, _)| name)
}

impl Draft<'_> {
    /// The files of the pack with these sites.
    pub fn files(&self, sites: &[LearntSite]) -> BTreeMap<String, Vec<u8>> {
        let mut out = BTreeMap::new();
        out.insert("pack.toml".to_owned(), self.text(sites).into_bytes());
        for (number, folder) in self.templates.iter().enumerate() {
            for (name, text) in &folder.files {
                let path = format!("files/{}/{}.hbs", self.folder(number), dotted(name));
                out.insert(path, text.clone().into_bytes());
            }
        }
        out
    }

    /// The name of a folder of templates.
    fn folder(&self, number: usize) -> String {
        let folder = &self.templates[number];
        let kind = &self.request.kind;
        // How many folders before it have the same name.
        let is_like = |other: &&Folder| other.option == folder.option;
        let before = self.templates[..number].iter().filter(is_like).count();
        let name = match &folder.option {
            Some(option) => format!("{kind}-{option}"),
            None => kind.clone(),
        };
        match before {
            0 => name,
            _ => format!("{name}-{}", before + 1),
        }
    }

    fn text(&self, sites: &[LearntSite]) -> String {
        format!("{}\n{}", self.header(sites), self.tables(sites))
    }

    /// What the pack is, and what hosts have.
    fn header(&self, sites: &[LearntSite]) -> String {
        let Request { kind, name, .. } = self.request;
        let mut out = String::new();
        let _ = writeln!(out, "[pack]\nname = {}\nversion = \"0.1.0\"", quoted(name));
        let _ = writeln!(
            out,
            "summary = {}\nlanguage = \"{}\"",
            quoted(&format!("{} of this repository", a(kind))),
            self.language
        );
        let mut files: Vec<&str> = Vec::new();
        for site in sites {
            if !files.contains(&site.file.as_str()) && files.len() < 2 {
                files.push(&site.file);
            }
        }
        if files.is_empty() {
            files.push(&self.landmark);
        }
        let _ = writeln!(
            out,
            "\n[host]\nfiles = [{}]",
            files
                .iter()
                .map(|file| quoted(file))
                .collect::<Vec<_>>()
                .join(", ")
        );
        if let Some(like) = &self.like {
            let _ = writeln!(out, "\n[style]\nlike = [{}]", quoted(like));
        }
        out
    }

    /// What is said of the kind: all but the header.
    pub fn tables(&self, sites: &[LearntSite]) -> String {
        let kind = &self.request.kind;
        let names = self.members.names();
        let total = names.len();
        let home = self.members.home.pattern().replace("{name}", "{{name}}");
        let mut out = format!("# Learnt from {total} members. `n of N` says how many of them have it.\n");
        let contracts = self.contracts();
        for (id, contract) in &contracts {
            let entry = contract.entry.as_ref();
            let entry = entry.map_or(String::new(), |file| format!("\nentry = [{}]", quoted(file)));
            let _ = writeln!(
                out,
                "\n[api.{id}]\nspecifier = {}{entry}\n\n[contract.{id}]\napi = \"{id}\"\nsymbol = {}",
                quoted(&contract.specifier),
                quoted(&contract.symbol)
            );
        }
        let _ = writeln!(out, "\n[kind.{kind}]\nsummary = {}", quoted(&a(kind)));
        let _ = writeln!(out, "home = {}", quoted(&home));
        let (case, mut irregular) = case(&names);
        let language = Lang::named(self.language);
        let is_reserved = |name: &&String| language.is_some_and(|language| language.reserves(name));
        irregular.extend(names.iter().filter(is_reserved).cloned());
        let _ = writeln!(out, "case = \"{case}\"");
        if !irregular.is_empty() {
            let _ = writeln!(out, "irregular = [{}]", list(&irregular));
        }
        if !self.next.is_empty() {
            let _ = writeln!(out, "next = [{}]", list(&self.next));
        }
        if !self.others.is_empty() {
            let _ = writeln!(out, "# Beside them, and no members: {}", self.others.join(", "));
            let _ = match self.known_by() {
                Some(files) => writeln!(out, "known-by = [{}]", list(&files)),
                None => writeln!(
                    out,
                    "members = {{ files = [{}], except = {} }}",
                    quoted(&self.pattern()),
                    quoted(&format!("^({})$", self.others.join("|").replace('.', "\\.")))
                ),
            };
        }
        if let [only] = self.templates.as_slice()
            && only.dir.is_none()
        {
            let _ = writeln!(out, "files = {}", quoted(&self.folder(0)));
            out.push_str(&required(&format!("kind.{kind}.required"), only, &names));
        } else {
            for (number, folder) in self.templates.iter().enumerate() {
                let _ = writeln!(
                    out,
                    "\n[[kind.{kind}.files]]\ntemplates = {}",
                    quoted(&self.folder(number))
                );
                if let Some(dir) = &folder.dir {
                    let _ = writeln!(out, "in = {}", quoted(dir));
                    if !self.members.home.is_file || number > 0 {
                        let _ = writeln!(out, "keep = true");
                    }
                }
                if let Some(option) = &folder.option {
                    let _ = writeln!(out, "when = {}", quoted(option));
                }
                out.push_str(&required(&format!("kind.{kind}.files.required"), folder, &names));
            }
        }
        for option in &self.options {
            out.push_str(&self.option(option, total));
        }
        out.push_str(&self.values());
        for (index, one) in self.rules.iter().enumerate() {
            out.push_str(&self.rule(index, one, &contracts));
        }
        for one in sites {
            let without: Vec<&str> = (0..total)
                .filter(|number| !one.members.contains(number))
                .map(|number| names[number].as_str())
                .collect();
            out.push('\n');
            out.push_str(&site(kind, one, &without, total));
        }
        out
    }

    fn option(&self, option: &LearntOption, total: usize) -> String {
        let read = |file: &OwnFile| match (file.is_elsewhere, self.members.home.is_file) {
            (false, false) => format!("{{ files = {} }}", quoted(&format!("{HOME}/{}", file.template))),
            _ => format!("{{ files = {} }}", quoted(&file.template)),
        };
        let at_home: Vec<&OwnFile> = option.files.iter().filter(|file| !file.is_elsewhere).collect();
        let told_by = if at_home.is_empty() {
            vec![&option.files[0]]
        } else {
            at_home
        };
        let read: Vec<String> = told_by.into_iter().map(read).collect();
        let read = match read.as_slice() {
            [only] => only.clone(),
            several => format!("[\n    {},\n]", several.join(",\n    ")),
        };
        format!(
            "\n[kind.{}.option.{}]\n# {} of {total}\nkind = \"flag\"\nprompt = {}\nread = {read}\n",
            self.request.kind,
            option.id,
            option.members().len(),
            quoted(&format!("Should it have {}?", option.shown()))
        )
    }

    /// The contracts of the rules, each with its id.
    fn contracts(&self) -> Vec<(String, &LearntContract)> {
        let mut out: Vec<(String, &LearntContract)> = Vec::new();
        for rule in &self.rules {
            let What::Class(_, contract, _) = &rule.what else {
                continue;
            };
            if out.iter().any(|(_, known)| *known == contract) {
                continue;
            }
            let last = contract.symbol.rsplit('.').next().unwrap_or_default();
            let mut id = in_case("kebab", last);
            let is_taken =
                |id: &String| self.request.taken.contains(id) || out.iter().any(|(known, _)| known == id);
            if is_taken(&id) {
                id = format!("{}-{id}", self.request.kind);
            }
            let plain = id.clone();
            let mut number = 1;
            while is_taken(&id) {
                number += 1;
                id = format!("{plain}-{number}");
            }
            out.push((id, contract));
        }
        out
    }

    /// How many members have what `rule` says, and the others as `except`.
    fn support(&self, index: usize, rule: &LearntRule) -> (String, String) {
        let all = self.members.names();
        let names: Vec<&str> = rule.except.iter().map(|number| all[*number].as_str()).collect();
        let count = rule.members.len();
        let why = match self.is_trial {
            true => tag(index),
            false => format!("{count} of {} have it", count + names.len()),
        };
        let except = match names.as_slice() {
            [] => String::new(),
            names => format!("except = [{}]", list(names)),
        };
        (quoted(&why), except)
    }

    /// What must stand in manifests.
    fn values(&self) -> String {
        let mut out = String::new();
        let mut last = "";
        for (index, rule) in self.rules.iter().enumerate() {
            let What::Value(pointer, value) = &rule.what else {
                continue;
            };
            if rule.file != last {
                let _ = writeln!(
                    out,
                    "\n[kind.{}.values.{}]",
                    self.request.kind,
                    quoted(&rule.file)
                );
                last = &rule.file;
            }
            let (why, except) = self.support(index, rule);
            let except = if except.is_empty() {
                except
            } else {
                format!(", {except}")
            };
            let _ = writeln!(
                out,
                "{} = {{ value = {}, why = {why}{except} }}",
                quoted(pointer),
                quoted(value)
            );
        }
        out
    }

    fn rule(&self, index: usize, rule: &LearntRule, contracts: &[(String, &LearntContract)]) -> String {
        let says = match &rule.what {
            What::Value(..) => return String::new(),
            What::Exports(names) => {
                let names: Vec<String> = names
                    .iter()
                    .map(|(name, kind)| format!("{} = \"{kind}\"", quoted(name)))
                    .collect();
                format!("expect = \"exports\"\nexports = {{ {} }}", names.join(", "))
            }
            What::Class(export, contract, decorators) => {
                let known = contracts.iter().find(|(_, known)| *known == contract);
                let id = known.map_or("", |(id, _)| id.as_str());
                let decorators = match decorators.as_slice() {
                    [] => String::new(),
                    names => format!("\ndecorators = [{}]", list(names)),
                };
                format!(
                    "expect = \"class\"\nexport = {}\ncontract = \"{id}\"{decorators}",
                    quoted(export)
                )
            }
            What::Declares(names) => {
                let names: Vec<&String> = names.iter().collect();
                format!("expect = \"declares\"\ndeclares = [{}]", list(&names))
            }
            What::Dependencies(pointers) => format!(
                "expect = \"dependencies\"\npointers = [{}]\nsources = \"{HOME}\"",
                list(pointers)
            ),
            What::Calls(pattern, called) => format!(
                "expect = \"has\"\nfind = {{ pattern = {} }}\nwhat = \"call of `{called}`\"",
                quoted(pattern)
            ),
        };
        let (why, except) = self.support(index, rule);
        let except = if except.is_empty() {
            except
        } else {
            format!("{except}\n")
        };
        format!(
            "\n[[kind.{}.rule]]\n{says}\nfile = {}\nwhy = {why}\n{except}",
            self.request.kind,
            quoted(&rule.file)
        )
    }

    /// Files that all members have and none of the siblings that are no members; nothing if there is one alone: without it a member would be
    /// none, and nobody would say that the file is gone.
    fn known_by(&self) -> Option<Vec<&str>> {
        let members = self.members;
        if members.home.is_file {
            return None;
        }
        let has_all = |file: &&OwnFile| {
            file.members.len() == members.all.len() && !file.is_elsewhere && !file.template.contains("{{")
        };
        let has_none = |file: &&OwnFile| {
            let has = |name: &String| {
                members
                    .other_files
                    .get(name)
                    .is_none_or(|files| files.contains(&file.template))
            };
            !self.others.iter().any(has)
        };
        let found = self.own.iter().filter(has_all).filter(has_none);
        let found: Vec<&str> = found.map(|file| file.template.as_str()).take(MAX_SIGNS).collect();
        (found.len() > 1).then_some(found)
    }

    /// The files by which members are known.
    fn pattern(&self) -> String {
        let pattern = self.members.home.pattern();
        if self.members.home.is_file {
            pattern
        } else {
            format!("{pattern}/*")
        }
    }
}

/// The files of `folder` that members must have, as a table of `pack.toml`.
fn required(table: &str, folder: &Folder, names: &[String]) -> String {
    let mut out = String::new();
    for (file, having) in &folder.required {
        if out.is_empty() {
            let _ = writeln!(out, "\n[{table}]");
        }
        let without: Vec<&str> = (0..names.len())
            .filter(|number| !having.contains(number))
            .map(|number| names[number].as_str())
            .collect();
        if folder.option.is_some() {
            let why = quoted(&format!("{} members have it", having.len()));
            let _ = writeln!(out, "{} = {why}", quoted(file));
            continue;
        }
        let why = quoted(&format!("{} of {} have it", having.len(), names.len()));
        let _ = match without.as_slice() {
            [] => writeln!(out, "{} = {why}", quoted(file)),
            without => writeln!(
                out,
                "{} = {{ why = {why}, except = [{}] }}",
                quoted(file),
                list(without)
            ),
        };
    }
    out
}

/// A site as `pack.toml` has it; `without` are the members that have no entry, of `total`.
pub fn site(kind: &str, site: &LearntSite, without: &[&str], total: usize) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "[kind.{kind}.site.{}]", site.id);
    if total > 0 {
        let _ = write!(out, "# {} of {total}", site.members.len());
        let _ = match without.len() {
            0 => writeln!(out),
            1..=8 => writeln!(out, "; not: {}", without.join(", ")),
            count => writeln!(out, "; not: {}, and {} more", without[..8].join(", "), count - 8),
        };
    }
    let _ = writeln!(out, "file = {}", quoted(&site.file));
    if let Some(scope) = &site.scope {
        let _ = writeln!(out, "in = {}", quoted(scope));
    }
    let _ = writeln!(out, "entry = {}", quoted(&site.entry));
    let _ = match total {
        0 => writeln!(out, "why = \"it is listed there\""),
        _ => writeln!(
            out,
            "why = \"{} of {total} are listed there\"",
            site.members.len()
        ),
    };
    if site.is_closed {
        let _ = writeln!(out, "closed = true");
    }
    if !without.is_empty() {
        let _ = writeln!(out, "except = [{}]", list(without));
    }
    out
}

/// A word with its article.
fn a(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "An"
    } else {
        "A"
    };
    format!("{article} {word}")
}

/// The shape that most names have, and the names that have it not.
pub fn case(names: &[String]) -> (&'static str, Vec<String>) {
    let is_plain = |name: &str, mark: Option<char>| {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || Some(c) == mark;
        name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(is_part)
    };
    let mut best: (&'static str, Vec<String>) = ("kebab", names.to_vec());
    for (case, mark) in [("lower", None), ("snake", Some('_')), ("kebab", Some('-'))] {
        let others: Vec<String> = names
            .iter()
            .filter(|name| !is_plain(name, mark))
            .cloned()
            .collect();
        if others.len() < best.1.len() {
            best = (case, others);
        }
    }
    let is_pascal = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let others: Vec<String> = names.iter().filter(|name| !is_pascal(name)).cloned().collect();
    if others.len() < best.1.len() {
        best = ("pascal", others);
    }
    best
}

/// A file's name in the folder of templates: a dot at the beginning is written out.
pub fn dotted(name: &str) -> String {
    let parts: Vec<String> = name
        .split('/')
        .map(|part| match part.strip_prefix('.') {
            Some(rest) => format!("dot-{rest}"),
            None => part.to_owned(),
        })
        .collect();
    parts.join("/")
}

fn list<S: AsRef<str>>(texts: &[S]) -> String {
    texts
        .iter()
        .map(|text| quoted(text.as_ref()))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A text as TOML has it, in the quotes that need the fewest escapes.
pub fn quoted(text: &str) -> String {
    let is_plain = |text: &str| !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    if !text.contains('\n') {
        if !text.contains(['"', '\\']) && is_plain(text) && !text.contains('\t') {
            return format!("\"{text}\"");
        }
        if !text.contains('\'') && is_plain(text) {
            return format!("'{text}'");
        }
    } else if !text.contains("'''") && is_plain(text) && !text.ends_with('\'') {
        return format!("'''\n{text}'''");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
