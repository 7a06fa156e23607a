//! The method set of a type: its own methods in any file of the package, and those of what it embeds.

use super::file::{Function, Shape};
use super::tree::{MAX_DEPTH, Packages};
use super::ty::Ty;

/// A method of a type.
#[derive(Clone, Debug)]
pub struct Found {
    /// The method.
    pub function: Function,
    /// The file that declares it.
    pub file: String,
    /// Whether only a pointer to the type has it.
    pub by_pointer: bool,
    /// Whether the type has it from what it embeds.
    pub promoted: bool,
}

/// All methods of a type.
#[derive(Clone, Debug, Default)]
pub struct MethodSet {
    /// The methods, each name once.
    pub methods: Vec<Found>,
    /// Embedded types that cannot be read, so that there may be more.
    pub unread: Vec<String>,
}

impl Packages<'_> {
    /// The methods of the type `name` in the package at `dir`.
    pub fn methods(&self, dir: &str, name: &str) -> MethodSet {
        let mut out = MethodSet::default();
        let mut level = vec![(dir.to_owned(), name.to_owned(), false)];
        // Level by level: what stands nearer hides what stands deeper.
        for depth in 0..MAX_DEPTH {
            let mut next = vec![];
            for (dir, name, pointer) in &level {
                self.own(dir, name, *pointer, depth > 0, &mut out);
                self.embedded(dir, name, *pointer, &mut next, &mut out);
            }
            if next.is_empty() {
                break;
            }
            level = next;
        }
        out
    }

    fn own(&self, dir: &str, name: &str, through_pointer: bool, promoted: bool, out: &mut MethodSet) {
        let mut add = |function: &Function, file: &str, by_pointer: bool| {
            if !out
                .methods
                .iter()
                .any(|known| known.function.name == function.name)
            {
                out.methods.push(Found {
                    function: function.clone(),
                    file: file.to_owned(),
                    by_pointer: by_pointer && !through_pointer,
                    promoted,
                });
            }
        };
        for path in self.files_of(dir).iter() {
            let Some(file) = self.file(path) else { continue };
            for function in &file.0.functions {
                let of = function
                    .receiver
                    .as_ref()
                    .and_then(|(_, ty)| Some((ty.head()?, ty)));
                if let Some((head, ty)) = of
                    && head.name == name
                {
                    add(function, path, ty.is_pointer());
                }
            }
        }
        if let Some((decl, file)) = self.type_of(dir, name)
            && let Shape::Interface(methods, _) = &decl.shape
        {
            methods.iter().for_each(|method| add(method, &file, false));
        }
    }

    fn embedded(
        &self,
        dir: &str,
        name: &str,
        through_pointer: bool,
        next: &mut Vec<(String, String, bool)>,
        out: &mut MethodSet,
    ) {
        let Some((decl, file)) = self.type_of(dir, name) else {
            return;
        };
        let all: Vec<&Ty> = match &decl.shape {
            Shape::Struct(fields, _) => {
                let embedded = fields.iter().filter(|(names, _, _)| names.is_empty());
                embedded.map(|(_, ty, _)| ty).collect()
            }
            Shape::Interface(_, embedded) => embedded.iter().collect(),
            Shape::Alias(ty) => vec![ty],
            Shape::Other => vec![],
        };
        for ty in all {
            let Some(head) = ty.head() else { continue };
            let symbol = self.symbol(&file, head);
            let read = symbol.filter(|symbol| {
                let dir = symbol.dir.as_deref();
                dir.is_some_and(|dir| self.type_of(dir, &symbol.name).is_some())
            });
            match read.and_then(|symbol| Some((symbol.dir?, symbol.name))) {
                Some((dir, name)) => next.push((dir, name, through_pointer || ty.is_pointer())),
                None => out.unread.push(ty.text.clone()),
            }
        }
    }
}
