//! Tests of entries by example. Hosts are written with `«…»` round what is to be inserted.

mod cases;
mod shapes;

use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase};
use tenon_text::diag::apply_edits;

use super::*;

const SPELLINGS: [(&str, Spelling); 9] = [
    ("name", Spelling::Name),
    ("kebab", Spelling::Kebab),
    ("snake", Spelling::Snake),
    ("flat", Spelling::Flat),
    ("camel", Spelling::Camel),
    ("pascal", Spelling::Pascal),
    ("constant", Spelling::Constant),
    ("title", Spelling::Title),
    ("text", Spelling::Text),
];

/// `text` in the spelling of that number.
pub fn spelt(id: usize, name: &str) -> String {
    match SPELLINGS[id].1 {
        Spelling::Name | Spelling::Kebab => name.to_kebab_case(),
        Spelling::Snake => name.to_snake_case(),
        Spelling::Flat => name.to_snake_case().replace('_', ""),
        Spelling::Camel => name.to_lower_camel_case(),
        Spelling::Pascal => name.to_pascal_case(),
        Spelling::Constant => name.to_shouty_snake_case(),
        Spelling::Title => name.to_title_case(),
        Spelling::Text => name.to_owned(),
    }
}

fn hole_at(rest: &str) -> Option<(usize, &str)> {
    let at = rest.find("{{")?;
    let end = rest[at..].find("}}")?;
    Some((at, &rest[at + 2..at + end]))
}

/// The parts of `{{pascal}}Module`; `{{_}}` is a gap.
pub fn parts(text: &str) -> Vec<Part> {
    let (mut out, mut rest) = (Vec::new(), text);
    while let Some((at, hole)) = hole_at(rest) {
        out.push(Part::Text(rest[..at].to_owned()));
        out.push(match SPELLINGS.iter().position(|(name, _)| *name == hole) {
            Some(id) => Part::Hole(Hole {
                spelling: SPELLINGS[id].1,
                id,
            }),
            None => Part::Gap,
        });
        rest = &rest[at + hole.len() + 4..];
    }
    out.push(Part::Text(rest.to_owned()));
    out
}

/// The text of an entry for a member.
pub fn rendered(text: &str, name: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((at, hole)) = hole_at(rest) {
        out.push_str(&rest[..at]);
        if let Some(id) = SPELLINGS.iter().position(|(name, _)| *name == hole) {
            out.push_str(&spelt(id, name));
        }
        rest = &rest[at + hole.len() + 4..];
    }
    out + rest
}

/// A member's name in all spellings.
pub fn candidate(name: &str) -> Candidate {
    Candidate {
        values: (0..8).map(|id| (id, spelt(id, name))).collect(),
    }
}

/// A site: a file, its place and its entry.
pub struct Site<'a> {
    pub path: &'a str,
    pub within: Option<&'a str>,
    pub entry: &'a str,
}

pub fn site<'a>(path: &'a str, within: &'a str, entry: &'a str) -> Site<'a> {
    Site {
        path,
        within: (!within.is_empty()).then_some(within),
        entry,
    }
}

impl Site<'_> {
    pub fn example(&self) -> Example {
        Example::new(&parts(self.entry), Syntax::of(self.path)).unwrap()
    }

    pub fn read(&self, text: &str, members: &[&str]) -> (Document, Vec<Match>, Option<Scope>) {
        let doc = Document::new(text, Syntax::of(self.path));
        let scope = self.within.map(|within| doc.scope(within).unwrap());
        let mut found = doc.find(&self.example(), scope.as_ref()).matches;
        let candidates: Vec<Candidate> = members.iter().map(|name| candidate(name)).collect();
        assign(&mut found, &candidates);
        (doc, found, scope)
    }

    /// The members found in `text`, in order.
    pub fn members<'m>(&self, text: &str, members: &[&'m str]) -> Vec<&'m str> {
        let (_, found, _) = self.read(text, members);
        found
            .iter()
            .filter_map(|entry| Some(members[entry.member?]))
            .collect()
    }

    pub fn insert(&self, text: &str, members: &[&str], new: &str) -> Result<(String, Inserted), Refusal> {
        let (doc, found, scope) = self.read(text, members);
        let inserted = insert(
            &doc,
            &self.example(),
            &found,
            scope.as_ref(),
            &rendered(self.entry, new),
        )?;
        Ok((apply_edits(text, &inserted.edits).unwrap(), inserted))
    }

    pub fn remove(&self, text: &str, name: &str, hollow: Option<&str>) -> Result<String, Refusal> {
        let (doc, found, _) = self.read(text, &[name]);
        let entry = found
            .iter()
            .find(|entry| entry.member == Some(0))
            .expect("the entry is found");
        let edits = remove(&doc, &self.example(), &found, entry, hollow)?;
        Ok(apply_edits(text, &edits).unwrap())
    }

    /// Checks that `host`, without what stands in `«…»`, holds `members`, that inserting `new` writes what stands there, and that removing it
    /// restores the host.
    pub fn check(&self, host: &str, members: &[&str], new: &str) {
        let wanted: String = host.chars().filter(|c| !"«»".contains(*c)).collect();
        let mut before = String::new();
        for part in host.split('«') {
            before.push_str(part.split_once('»').map_or(part, |(_, rest)| rest));
        }
        let label = format!("{} {}", self.path, self.entry);
        assert_eq!(self.members(&before, members), members, "{label}");
        let (after, inserted) = match self.insert(&before, members, new) {
            Ok(done) => done,
            Err(refusal) => panic!("{label}: {refusal:?}"),
        };
        assert_eq!(after, wanted, "{label}:\n{after}");
        let restored = self.remove(&after, new, inserted.hollow.as_deref());
        assert_eq!(restored.unwrap(), before, "{label}");
    }
}
