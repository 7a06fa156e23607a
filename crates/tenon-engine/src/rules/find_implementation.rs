//! The class that fulfils a contract: found through re-exports, with what it inherits. What is wrong with it is for the
//! rules.

use std::rc::Rc;

use crate::plan::scope::Iteration;
use tenon_pack::PackRule;
use tenon_syntax::class::Class;
use tenon_syntax::language::Feature;
use tenon_syntax::language::PackageEntry;
use tenon_syntax::sources::{Definition, Export, ExportKind};
use tenon_text::diag::Result;

use super::context::Context;
use super::implementation::{Base, Implementation, Method};

/// How many classes of a package may be built on each other.
const MAX_BASES: usize = 16;

/// Every class that `pack_rule` speaks of in `turn`: more than one only where a language has several of one name.
pub fn all(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    turn: &Iteration,
) -> Result<Vec<Rc<Implementation>>> {
    let path = context.render(&pack_rule.file, turn)?;
    let name = context.render(pack_rule.export.as_deref().unwrap_or_default(), turn)?;
    let mut out = Vec::new();
    if name.contains(' ') {
        if context.sound(&path) {
            for export in context.code.all_of(&path, &name) {
                out.extend(of_export(context, pack_rule, turn, export)?.map(Rc::new));
            }
        }
        return Ok(out);
    }
    if !name.contains('*') && !path.contains('*') {
        return Ok(find(context, pack_rule, turn)?.into_iter().collect());
    }
    let paths = if path.contains('*') {
        context.glob(&path).into_iter().map(|found| found.path).collect()
    } else {
        vec![path]
    };
    for path in &paths {
        if context.sound(path) {
            for class in classes(context, path, &name) {
                out.extend(read(context, pack_rule, turn, (path, &class))?.map(Rc::new));
            }
        }
    }
    Ok(out)
}

/// The class that `pack_rule` speaks of in `turn`; nothing if there is none, which other rules say.
pub fn find(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    turn: &Iteration,
) -> Result<Option<Rc<Implementation>>> {
    let path = context.render(&pack_rule.file, turn)?;
    let name = &*context.render(pack_rule.export.as_deref().unwrap_or_default(), turn)?;
    // Rules of the pack that name no contract take the class as it was found for the one that does.
    let key = format!("{path} {name}");
    if let Some(known) = context.classes.borrow().get(&key)
        && (known.is_none() || pack_rule.contract.is_none())
    {
        return Ok(known.clone());
    }
    let found = read(context, pack_rule, turn, (&path, name))?.map(Rc::new);
    context.classes.borrow_mut().insert(key, found.clone());
    Ok(found)
}

/// The classes that the file at `path` declares whose names match `pattern`, in which `*` stands for any text.
pub fn classes(context: &Context<'_, '_>, path: &str, pattern: &str) -> Vec<String> {
    let matches = |name: &str| match pattern.split_once('*') {
        None => name == pattern,
        Some((before, after)) => {
            name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
        }
    };
    let mut all = context.code.own_exports(path);
    all.retain(|name| matches(name));
    all
}

fn read(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    turn: &Iteration,
    (path, name): (&str, &str),
) -> Result<Option<Implementation>> {
    if !context.sound(path) {
        return Ok(None);
    }
    match context.code.export_of(path, name) {
        Some(export) => of_export(context, pack_rule, turn, export),
        None => Ok(None),
    }
}

fn of_export(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    turn: &Iteration,
    export: Export,
) -> Result<Option<Implementation>> {
    let is_class = matches!(export.kind, ExportKind::Class | ExportKind::AbstractClass);
    if !is_class || !context.sound(&export.file) {
        return Ok(None);
    }
    let Some(class) = context.code.class(&export.file, &export.local) else {
        return Ok(None);
    };
    let (mut symbol, mut specifier) = (String::new(), String::new());
    if let Some(raw) = pack_rule
        .contract
        .as_deref()
        .and_then(|name| context.index.pack.contract(name))
    {
        symbol = context.render(&raw.symbol, turn)?;
        if let Some(api) = context.index.pack.apis().get(&raw.api) {
            specifier.clone_from(&api.specifier);
        }
    }
    let contract = context.index.contract(&symbol);
    let mut out = Implementation {
        file: export.file,
        base: Base::Nothing,
        methods: vec![],
        heir_of: None,
        uncertain: false,
        extended: false,
        names: vec![],
        class,
        symbol,
        specifier,
        contract,
    };
    let (class, file) = (Rc::clone(&out.class), out.file.clone());
    out.base = gather(context, pack_rule, &mut out, &class, &file, 0);
    Ok(Some(out))
}

fn gather(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    out: &mut Implementation,
    class: &Rc<Class>,
    file: &str,
    depth: usize,
) -> Base {
    let mut last: Rc<str> = Rc::from(file);
    for (at, method) in class.methods.iter().enumerate() {
        let of = context.code.file_of(file, &class.name, method);
        if *of != *last {
            last = Rc::from(&*of);
        }
        let of = Rc::clone(class);
        out.methods.push((Method { of, at }, Rc::clone(&last)));
    }
    out.names
        .extend(class.fields.iter().map(|field| field.name.clone()));
    out.uncertain |= context.code.may_have_more(file, class);
    out.extended |= class.is_extended;
    // Where nothing is said of a contract, what has its methods fulfils it, as far as all of them can be seen.
    let mut base = match context.code.structural() {
        true if class.implements.is_empty() => Base::Right,
        true => Base::Unknown,
        false => Base::Nothing,
    };
    for heritage in class.extends.iter().chain(&class.implements) {
        let known = out.methods.len();
        let found = match context.code.definition(file, &heritage.name) {
            Definition::Outside { module, path } => outside(context, pack_rule, out, &module, &path),
            // The framework is part of the host.
            Definition::Declared { file, local, .. } if out.is_contract(&file, &local) => Base::Right,
            Definition::Declared { file, local, .. } if depth < MAX_BASES => {
                match context.code.class(&file, &local) {
                    Some(class) if context.sound(&file) => {
                        gather(context, pack_rule, out, &class, &file, depth + 1)
                    }
                    _ => {
                        out.uncertain = true;
                        Base::Unknown
                    }
                }
            }
            _ => Base::Unknown,
        };
        // What the one class that it extends has, it has too.
        let is_class = class
            .extends
            .as_ref()
            .is_some_and(|extends| extends.span == heritage.span);
        if is_class && found == Base::Unknown && !follows_bases(context) {
            out.uncertain = true;
        }
        // What the contract asks for stands before this one in the order in which methods are looked up.
        if follows_bases(context)
            && base == Base::Right
            && found != Base::Right
            && let Some(contract) = out.contract.clone()
        {
            let mut index = 0;
            let asked = |name: &str| contract.contract.required().any(|method| method.name == name);
            out.methods.retain(|(method, _)| {
                index += 1;
                index <= known || !asked(&method.name)
            });
        }
        base = match (base, found) {
            (Base::Right, _) | (_, Base::Right) => Base::Right,
            (Base::Unknown, _) | (_, Base::Unknown) => Base::Unknown,
            (Base::Other, _) | (_, Base::Other) => Base::Other,
            _ => Base::Nothing,
        };
    }
    base
}

fn outside(
    context: &Context<'_, '_>,
    pack_rule: &PackRule,
    out: &mut Implementation,
    module: &str,
    path: &[String],
) -> Base {
    if follows_bases(context) {
        let name = std::iter::once(module).chain(path.iter().map(String::as_str));
        return built_on(context, out, &name.collect::<Vec<_>>().join("."), 0);
    }
    if module == out.specifier {
        return if path.join(".") == out.symbol {
            Base::Right
        } else {
            Base::Other
        };
    }
    let Some(other) = pack_rule
        .or_api
        .as_deref()
        .and_then(|name| context.index.pack.apis().get(name))
    else {
        return Base::Unknown;
    };
    let Some(name) = captured(&other.specifier, module) else {
        return Base::Unknown;
    };
    if !path.join(".").ends_with(&out.symbol) {
        return Base::Other;
    }
    // The class stands in another member of the host: what it has, this one has too.
    let fill = |text: &str| text.replace(&placeholder(&other.specifier), &name);
    let Some(entry) = other
        .entry
        .iter()
        .map(|entry| fill(entry))
        .find(|entry| context.exists(entry))
    else {
        return Base::Unknown;
    };
    let aliases: Vec<(String, String)> = other
        .aliases
        .iter()
        .map(|(prefix, dir)| (prefix.clone(), fill(dir)))
        .collect();
    let entered = PackageEntry {
        file: &entry,
        specifier: module,
        aliases: &aliases,
    };
    let package = context.index.pack.language().open(context.texts(), &entered);
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match package.contract(&names) {
        Ok(contract) => {
            let members = context.index.members.iter();
            out.heir_of = members
                .filter(|member| entry.starts_with(&format!("{}/", member.dir)))
                .map(|member| member.name.clone())
                .next();
            out.names
                .extend(contract.methods.into_iter().map(|method| method.name));
            Base::Right
        }
        Err(_) => Base::Unknown,
    }
}

fn follows_bases(context: &Context<'_, '_>) -> bool {
    context.index.pack.language().has(Feature::FollowsBases)
}

/// Whether the class with the full name `name`, of another package, is the contract or built on it.
fn built_on(context: &Context<'_, '_>, out: &mut Implementation, name: &str, depth: usize) -> Base {
    if name == format!("{}.{}", out.specifier, out.symbol) {
        return Base::Right;
    }
    let mut unread = context
        .index
        .pack
        .apis()
        .values()
        .filter(|api| !api.is_readable());
    let is_in = |specifier: &str| {
        let path = name.strip_prefix(specifier);
        path.is_some_and(|path| path.starts_with('.'))
    };
    if unread.any(|api| is_in(&api.specifier)) {
        return Base::Other;
    }
    let Some((top, path)) = name.split_once('.') else {
        return Base::Unknown;
    };
    let mut apis = context.index.pack.apis().iter();
    let Some((api, _)) = apis
        .find(|(_, api)| api.specifier == top)
        .filter(|_| depth < MAX_BASES)
    else {
        return Base::Unknown;
    };
    let path: Vec<&str> = path.split('.').collect();
    let contract = context.facts.api(api).and_then(|api| api.contract(&path));
    let Ok(contract) = contract else {
        return Base::Unknown;
    };
    let given = contract.methods.iter().filter(|method| !method.required);
    out.names.extend(given.map(|method| method.name.clone()));
    if top != out.specifier {
        // What the contract itself has, it may have from there.
        let known = out.contract.clone();
        let own = |name: &str| {
            let mut asked = known.iter().flat_map(|known| &known.contract.properties);
            !asked.any(|property| property.name == name)
        };
        let given = contract.properties.iter().filter(|property| own(&property.name));
        out.names.extend(given.map(|property| property.name.clone()));
    }
    let mut base = Base::Other;
    for name in &contract.bases {
        base = match (base, built_on(context, out, name, depth + 1)) {
            (Base::Right, _) | (_, Base::Right) => Base::Right,
            (Base::Unknown, _) | (_, Base::Unknown) => Base::Unknown,
            _ => Base::Other,
        };
    }
    base
}

/// The `{QUESTION}` of a specifier.
fn placeholder(template: &str) -> String {
    match (template.find('{'), template.find('}')) {
        (Some(open), Some(close)) if open < close => template[open..=close].to_owned(),
        _ => String::new(),
    }
}

/// What stands in `text` for the `{QUESTION}` of `template`.
fn captured(template: &str, text: &str) -> Option<String> {
    let hole = placeholder(template);
    let (before, after) = template.split_once(&hole).filter(|_| !hole.is_empty())?;
    let name = text.strip_prefix(before)?.strip_suffix(after)?;
    (!name.is_empty() && !name.contains('/')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_out_of_specifiers() {
        assert_eq!(
            captured("@x/i.{extends}/entry", "@x/i.base/entry").as_deref(),
            Some("base")
        );
        assert_eq!(captured("@x/i.{extends}/entry", "@x/i.a/b/entry"), None);
        assert_eq!(captured("@x/plain", "@x/plain"), None);
    }
}
