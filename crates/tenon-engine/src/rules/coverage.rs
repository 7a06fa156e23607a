//! How much a member has of what its pack asks for: the methods of its contracts, its entries in sites. No rule: nothing
//! here is a finding, and it is noted only where somebody asks for it.

use std::collections::BTreeMap;
use std::time::Duration;

use tenon_text::diag::{Place, Span};

/// What a class has of a method that its contract asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It has it, and somebody wrote it.
    Implemented,
    /// It has it as the kind writes it.
    Stubbed,
    /// It has it from a class that is not its package's own.
    Inherited,
    /// It does not have it.
    Missing,
    /// It cannot be told: what the class is built on is not known.
    Unknown,
}

/// A class and its contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The row of the host for which the class stands (a module); nothing if it is for none, or for one that only this
    /// member has.
    pub of: Option<String>,
    /// What the pack calls the contract.
    pub contract: String,
    /// The contract's public path.
    pub symbol: String,
    /// The class.
    pub class: String,
    /// The file that declares it.
    pub path: String,
    /// The line of its name, from 1.
    pub line: usize,
    /// The methods that the contract asks for, in its order.
    pub methods: Vec<(String, State)>,
}

/// An entry that a member should have in a site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wire {
    /// The member.
    pub member: String,
    /// The site.
    pub site: String,
    /// The file.
    pub path: String,
    /// The entry.
    pub entry: String,
    /// Whether it is there.
    pub there: bool,
}

/// A part of a pack that looks at something in a host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// The members of a kind.
    Members(String),
    /// A file that members must have: kind and file.
    File(String, String),
    /// The entries of a site: its id.
    Site(String),
    /// The files of a rule: its place among the rules of its kind, kind, relation and file.
    Rule(usize, String, String, String),
    /// A rule of the program: its id.
    Check(&'static str),
}

/// What a part of a check cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How many members it was about.
    pub members: usize,
    /// How long it took.
    pub time: Duration,
}

/// What was noted of a member, or of all of them in files that are nobody's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How much each part of the pack saw.
    pub counts: BTreeMap<Counted, usize>,
    /// What each part of the check cost.
    pub costs: BTreeMap<Counted, Cost>,
    /// The contracts of its classes.
    pub covers: Vec<Cover>,
    /// Its entries.
    pub wires: Vec<Wire>,
    /// What leads somewhere.
    pub marks: Vec<Mark>,
}

/// A place that leads to another: an entry to what it stands for, a method to its contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The file.
    pub path: String,
    /// The place in it.
    pub span: Span,
    /// Where it leads.
    pub to: Place,
}

/// Something that is not checked for a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unchecked {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
    /// The member.
    pub member: String,
    /// The sites at which it is not known what the member has.
    pub sites: Vec<String>,
    /// What causes it.
    pub cause: Cause,
}

/// Because of what something is not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The pack, whatever the host has.
    Pack,
    /// What the member has.
    Member,
    /// What the host has.
    Host,
}
