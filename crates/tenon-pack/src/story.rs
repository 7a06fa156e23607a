//! The steps of `[story]` as typed values. A step names kinds, options and files of a throw-away host, and nothing
//! else: no directory, no other pack, no output and no flag of this program.

use tenon_text::diag::is_unsafe;

use super::raw::{Kind, RawAction, RawAnswer, RawOption, RawPack, RawStep};
use super::{OptionKind, source};

/// A step of `tenon try`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it shows, in a sentence.
    pub say: String,
    /// What is done.
    pub action: Action,
}

/// What a step does in the throw-away host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Makes the host; only the first step does.
    Host(Member),
    /// Makes something in the host.
    Make(Member),
    /// Shows what would be made.
    Preview(Member),
    /// Checks; nothing must be found.
    Check,
    /// Checks; something must be found.
    Find,
    /// Applies safe fixes; nothing must be left.
    Fix,
    /// Lists what the host has.
    List,
    /// Removes something.
    Remove {
        /// Id of the kind that made it.
        kind: String,
        /// Its name.
        name: String,
    },
    /// Takes the last step back.
    Undo,
    /// Deletes a file.
    DeleteFile(String),
    /// Deletes the only line of a file that has a text.
    DeleteLine {
        /// Path in the host.
        file: String,
        /// The text.
        text: String,
    },
    /// Replaces a text that stands once in a file.
    Replace {
        /// Path in the host.
        file: String,
        /// The text.
        text: String,
        /// What stands there instead.
        with: String,
    },
}

/// What a kind makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Id of the kind.
    pub kind: String,
    /// Name of what is made.
    pub name: String,
    /// The answers as `(option, words)`; a flag that is given has no words.
    pub answers: Vec<(String, Vec<String>)>,
}

/// What is wrong with a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which step, from 0.
    pub step: usize,
    /// The keys in the step that lead to what is wrong.
    pub keys: Vec<String>,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// The story of a pack, and what is wrong with it; steps that are wrong are left out.
pub fn read(raw: &RawPack) -> (Vec<Step>, Vec<Fault>) {
    let (mut steps, mut faults) = (vec![], vec![]);
    for (index, step) in raw.story.iter().enumerate() {
        let read = Reader { raw, step, index }.read();
        match read {
            Ok(step) => steps.push(step),
            Err(fault) => faults.push(fault),
        }
    }
    (steps, faults)
}

/// One step, as written, with the pack that it belongs to.
struct Reader<'a> {
    raw: &'a RawPack,
    step: &'a RawStep,
    index: usize,
}

impl Reader<'_> {
    fn fault(&self, word: &str, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault {
            step: self.index,
            keys: self.keys_of(word),
            message: message.into(),
            help: help.into(),
        }
    }

    /// The keys that lead to the value `word` in the step; none if no value is that.
    fn keys_of(&self, word: &str) -> Vec<String> {
        let step = self.step;
        let texts = [
            ("say", Some(&step.say)),
            ("kind", step.kind.as_ref()),
            ("name", step.name.as_ref()),
            ("file", step.file.as_ref()),
            ("text", step.text.as_ref()),
            ("with", step.with.as_ref()),
        ];
        if let Some((key, _)) = texts
            .iter()
            .find(|(_, text)| text.is_some_and(|text| text == word))
        {
            return vec![(*key).to_owned()];
        }
        let is_it = |answer: &RawAnswer| match answer {
            RawAnswer::Flag(_) => false,
            RawAnswer::Text(text) => text == word,
            RawAnswer::Words(words) => words.iter().any(|known| known == word),
        };
        let answer = step
            .answers
            .iter()
            .find(|(id, answer)| *id == word || is_it(answer));
        answer.map_or_else(Vec::new, |(id, _)| vec!["answers".to_owned(), id.clone()])
    }

    fn read(&self) -> Result<Step, Fault> {
        self.line(&self.step.say)?;
        let action = match self.step.action {
            RawAction::Make => self.make()?,
            RawAction::Preview => Action::Preview(self.member()?),
            RawAction::Remove => {
                let Member { kind, name, .. } = self.member()?;
                Action::Remove { kind, name }
            }
            RawAction::Delete | RawAction::Replace => self.damage()?,
            RawAction::Check => Action::Check,
            RawAction::Find => Action::Find,
            RawAction::Fix => Action::Fix,
            RawAction::List => Action::List,
            RawAction::Undo => Action::Undo,
        };
        self.only_its_keys()?;
        if (self.index == 0) != matches!(action, Action::Host(_)) {
            return Err(self.fault(
                &self.step.say,
                "the first step of a story makes the host, and no other does",
                "begin with `do = \"make\"` and a kind that has `host = true`",
            ));
        }
        Ok(Step {
            say: self.step.say.clone(),
            action,
        })
    }

    /// A key that the action does not read would be taken for something that it is not.
    fn only_its_keys(&self) -> Result<(), Fault> {
        use RawAction as A;
        let step = self.step;
        let makes = matches!(step.action, A::Make | A::Preview);
        let names = makes || step.action == A::Remove;
        let breaks = matches!(step.action, A::Delete | A::Replace);
        let given = [
            ("kind", step.kind.is_some(), names),
            ("name", step.name.is_some(), names),
            ("answers", !step.answers.is_empty(), makes),
            ("file", step.file.is_some(), breaks),
            ("text", step.text.is_some(), breaks),
            ("with", step.with.is_some(), step.action == A::Replace),
        ];
        match given.into_iter().find(|(_, given, takes)| *given && !takes) {
            Some((key, ..)) => Err(self.fault(
                &step.say,
                format!("this step takes no `{key}`"),
                "delete it there",
            )),
            None => Ok(()),
        }
    }

    fn needed<'s>(&self, key: &str, value: Option<&'s String>) -> Result<&'s str, Fault> {
        match value.map(String::as_str) {
            Some(value) if !value.is_empty() => Ok(value),
            _ => Err(self.fault(
                &self.step.say,
                format!("this step has no `{key}`"),
                format!("add `{key} = …`"),
            )),
        }
    }

    /// A text that is shown in a command has one line, all of which can be seen.
    fn line(&self, text: &str) -> Result<(), Fault> {
        if text.chars().any(is_unsafe) {
            return Err(self.fault(
                text,
                "a text of a step has a character that is not shown",
                "write it on one line, without control characters",
            ));
        }
        Ok(())
    }

    fn kind(&self) -> Result<&Kind, Fault> {
        let id = self.needed("kind", self.step.kind.as_ref())?;
        let mut all = self.raw.kinds.iter();
        all.find(|kind| kind.id == id).ok_or_else(|| {
            let ids: Vec<&str> = self.raw.kinds.iter().map(|it| it.id.as_str()).collect();
            self.fault(
                id,
                format!("there is no kind `{id}`"),
                format!("the pack has: {}", ids.join(", ")),
            )
        })
    }

    fn make(&self) -> Result<Action, Fault> {
        let member = self.member()?;
        Ok(match self.kind()?.host {
            true => Action::Host(member),
            false => Action::Make(member),
        })
    }

    fn member(&self) -> Result<Member, Fault> {
        let kind = self.kind()?;
        let name = self.needed("name", self.step.name.as_ref())?;
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.starts_with(['-', '.']) || !name.chars().all(plain) {
            return Err(self.fault(
                name,
                format!("`{}` cannot be a name in a story", name.escape_debug()),
                "use letters, digits, `-`, `_` and `.`",
            ));
        }
        if kind.host && self.step.action != RawAction::Make {
            return Err(self.fault(
                &self.step.say,
                "a story makes its host and does nothing else with it",
                "name another kind",
            ));
        }
        let mut answers = vec![];
        for (id, answer) in &self.step.answers {
            let mut options = self.raw.options.iter();
            let option = options.find(|option| {
                option.id == *id && option.follows.is_empty() && option.for_kinds.contains(&kind.id)
            });
            let Some(option) = option else {
                return Err(self.fault(
                    &self.step.say,
                    format!("`{}` has no option `{id}`", kind.id),
                    "name an option of the kind",
                ));
            };
            answers.extend(self.answer(option, answer)?.map(|words| (id.clone(), words)));
        }
        Ok(Member {
            kind: kind.id.clone(),
            name: name.to_owned(),
            answers,
        })
    }

    /// The words of an answer; nothing for a flag that is not given.
    fn answer(&self, option: &RawOption, answer: &RawAnswer) -> Result<Option<Vec<String>>, Fault> {
        let several = matches!(option.kind, OptionKind::Many | OptionKind::Pairs);
        let words = match (answer, option.kind) {
            (RawAnswer::Flag(given), OptionKind::Flag) => return Ok(given.then(Vec::new)),
            (RawAnswer::Text(text), OptionKind::One | OptionKind::Text) => vec![text.clone()],
            (RawAnswer::Words(words), _) if several => words.clone(),
            _ => {
                let help = match option.kind {
                    OptionKind::Flag => "give it `true`",
                    _ if several => "give it a list of texts",
                    _ => "give it a text",
                };
                return Err(self.fault(
                    &self.step.say,
                    format!("the answer to `{}` is of another kind", option.id),
                    help,
                ));
            }
        };
        for word in &words {
            self.line(word)?;
            if word.trim().is_empty() || (several && word.contains(',')) {
                return Err(self.fault(
                    word,
                    format!("an answer to `{}` is empty, or has a comma", option.id),
                    "give each word by itself",
                ));
            }
        }
        Ok(Some(words))
    }

    fn damage(&self) -> Result<Action, Fault> {
        let file = self.needed("file", self.step.file.as_ref())?;
        self.line(file)?;
        let is_state = file
            .split('/')
            .next()
            .is_some_and(|first| first.eq_ignore_ascii_case(".tenon") || first.eq_ignore_ascii_case(".git"));
        if !source::is_inside(file) || file.starts_with('-') || is_state {
            return Err(self.fault(
                file,
                format!("`{}` is not a file of the temporary host", file.escape_debug()),
                "paths start at the host's root: plain names with `/` between them",
            ));
        }
        let file = file.to_owned();
        let replaces = self.step.action == RawAction::Replace;
        if !replaces && self.step.text.is_none() {
            return Ok(Action::DeleteFile(file));
        }
        let text = self.needed("text", self.step.text.as_ref())?.to_owned();
        self.line(&text)?;
        if !replaces {
            return Ok(Action::DeleteLine { file, text });
        }
        let Some(with) = self.step.with.clone() else {
            return Err(self.fault(&self.step.say, "this step has no `with`", "add `with = …`"));
        };
        self.line(&with)?;
        Ok(Action::Replace { file, text, with })
    }
}
