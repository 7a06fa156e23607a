//! Sets of names that sources give: fields of a class, keys of a map, strings of a list, as `[names.NAME]` of a pack says
//! where they stand. What cannot be told is no set.

use tenon_pack::raw_check::RawNames;
use tenon_syntax::language::Lang;
use tenon_syntax::sources::Definition;
use tenon_syntax::tree::{Node, Tree};
use tenon_text::diag::{Place, Result, Span};

use super::context::Context;
use super::site::bare;

/// How many classes may be built on each other.
const MAX_BASES: usize = 16;

/// Names and where they stand.
pub struct Names {
    /// Each name with its place; names that the pack gives have none.
    pub all: Vec<(String, Option<Place>)>,
    /// Where such names stand.
    pub region: Place,
    /// Whether there may be others.
    pub open: bool,
}

impl Names {
    /// Whether `name` is one of them.
    pub fn has(&self, name: &str) -> bool {
        self.all.iter().any(|(known, _)| known == name)
    }
}

/// A class, or a file as a whole.
#[derive(Clone)]
struct At {
    path: String,
    class: Option<String>,
}

/// The names of the set called `name`, without those that it leaves out; as [`one`].
pub fn read(context: &Context<'_, '_>, name: &str, path: &str, class: Option<&str>) -> Result<Option<Names>> {
    let pack = context.index.pack;
    let Some(raw) = pack.names(name) else {
        return Ok(None);
    };
    let Some(mut out) = one(context, raw, path, class)? else {
        return Ok(None);
    };
    if let Some(other) = raw.without.as_deref().and_then(|name| pack.names(name))
        && let Some(other) = one(context, other, path, class)?
    {
        out.all.retain(|(name, _)| !other.has(name));
    }
    Ok(Some(out))
}

/// The names that `raw` speaks of for the class `class` of the file at `path` (the file itself if there is none); nothing
/// if there is no place for them, or it cannot be told.
fn one(context: &Context<'_, '_>, raw: &RawNames, path: &str, class: Option<&str>) -> Result<Option<Names>> {
    let mut at = At {
        path: path.to_owned(),
        class: class.map(str::to_owned),
    };
    if let (Some(rule), Some(var)) = (&raw.through, &raw.through_var) {
        let mut next = None;
        for (place, tree) in lineage(context, &at).unwrap_or_default() {
            let Some(grammar) = Lang::of_path(&place.path) else {
                continue;
            };
            let Some(node) = node_of(context, &tree, &place) else {
                continue;
            };
            let found = rule.rule(grammar)?.find(&node)?;
            if let Some(named) = found.and_then(|found| found.var(var)) {
                next = Some((place.path.clone(), named.text().into_owned()));
                break;
            }
        }
        let Some((file, name)) = next else { return Ok(None) };
        let Definition::Declared { file, local, .. } = context.code.definition(&file, &name) else {
            return Ok(None);
        };
        at = At {
            path: file,
            class: Some(local),
        };
    }
    collect(context, raw, &at)
}

fn collect(context: &Context<'_, '_>, raw: &RawNames, at: &At) -> Result<Option<Names>> {
    let given = raw.given.iter().map(|name| (name.clone(), None));
    let mut out = Names {
        all: given.collect(),
        region: Place::file(&*at.path),
        open: false,
    };
    let (Some(find), Some(var)) = (&raw.find, &raw.var) else {
        return Ok(Some(out));
    };
    let chain = lineage(context, at);
    out.open = chain.is_none() && raw.inherited;
    let mut found = false;
    for (place, tree) in chain.unwrap_or_else(|| own(context, at)) {
        let Some(grammar) = Lang::of_path(&place.path) else {
            continue;
        };
        let Some(node) = node_of(context, &tree, &place) else {
            continue;
        };
        let region = match &raw.within {
            None => Some(node.clone()),
            Some(rule) => rule.rule(grammar)?.find(&node)?.map(|found| found.node()),
        };
        let Some(region) = region else { continue };
        if !found {
            let span = if raw.within.is_some() {
                Span::from(region.range())
            } else {
                name_of(context, &place).unwrap_or_else(|| Span::from(region.range()))
            };
            out.region = Place::span(&*place.path, context.first_line(&place.path, span));
        }
        found = true;
        if let Some(open) = &raw.open {
            out.open |= open.rule(grammar)?.find(&region)?.is_some();
        }
        for matched in find.rule(grammar)?.find_all(&region)? {
            let Some(node) = matched.var(var) else { continue };
            let name = bare(&node.text());
            if !out.has(&name) {
                out.all
                    .push((name, Some(Place::span(&*place.path, node.range()))));
            }
        }
        if !raw.inherited {
            break;
        }
    }
    Ok(found.then_some(out))
}

/// The class and those that it is built on, nearest first; nothing if one of them cannot be read and is of this host.
fn lineage(context: &Context<'_, '_>, at: &At) -> Option<Vec<(At, std::rc::Rc<Tree>)>> {
    let mut out = own(context, at);
    let Some(local) = &at.class else { return Some(out) };
    let mut todo = vec![(at.path.clone(), local.clone())];
    let mut steps = 0;
    while let Some((path, local)) = todo.pop() {
        steps += 1;
        let class = context.code.class(&path, &local)?;
        let mut bases = Vec::new();
        for base in class.extends.iter().chain(&class.implements) {
            match context.code.definition(&path, &base.name) {
                Definition::Declared { file, local, .. } if steps < MAX_BASES => bases.push((file, local)),
                Definition::Outside { .. } => {}
                _ => return None,
            }
        }
        for (file, local) in bases.into_iter().rev() {
            todo.push((file, local));
        }
        if let Some((path, local)) = todo.last() {
            let next = At {
                path: path.clone(),
                class: Some(local.clone()),
            };
            out.extend(own(context, &next));
        }
    }
    Some(out)
}

fn own(context: &Context<'_, '_>, at: &At) -> Vec<(At, std::rc::Rc<Tree>)> {
    context
        .tree(&at.path)
        .map(|tree| (at.clone(), tree))
        .into_iter()
        .collect()
}

fn node_of<'t>(context: &Context<'_, '_>, tree: &'t Tree, at: &At) -> Option<Node<'t>> {
    let root = tree.root();
    let Some(local) = &at.class else { return Some(root) };
    let class = context.code.class(&at.path, local)?;
    let is = |node: &Node<'t>| Span::from(node.range()) == class.span;
    root.dfs().find(is)
}

fn name_of(context: &Context<'_, '_>, at: &At) -> Option<Span> {
    let class = context.code.class(&at.path, at.class.as_ref()?)?;
    Some(class.name_span)
}
