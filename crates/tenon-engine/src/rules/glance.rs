//! What of a memory is as it was: everything that is remembered is looked at from outside once, by all cores.

use std::collections::HashMap;
use std::ffi::CString;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::host::{Dir, Host, Printer, Stamp, Stamps};

use super::memory::{Memory, Seen};

/// How many things one thread takes at a time.
const AT_ONCE: usize = 64;

/// What is as it was.
#[derive(Debug)]
pub(super) struct Glance {
    /// What was looked at for any of the things.
    pub common: bool,
    /// What was looked at for the whole besides.
    pub whole: bool,
    /// Each of the things.
    pub things: Vec<bool>,
}

impl Glance {
    /// Looks at everything that `memory` knows; nothing where files cannot be known so.
    pub fn of(memory: &Memory, host: &Host) -> Option<Self> {
        let stamps = &host.stamps()?;
        let look = Look::of(memory, stamps)?;
        let count = memory.lines.len();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut out = Vec::new();
            loop {
                let from = next.fetch_add(AT_ONCE, Ordering::Relaxed);
                if from >= count {
                    break out;
                }
                let to = count.min(from + AT_ONCE);
                out.push((from, (from..to).map(|at| look.is_same(at)).collect::<Vec<_>>()));
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let others = threads.min(count.div_ceil(AT_ONCE)).saturating_sub(1);
        let mut things = vec![false; count];
        let (common, whole) = std::thread::scope(|scope| {
            let handles: Vec<_> = (0..others).map(|_| scope.spawn(work)).collect();
            let common = same(&memory.head.common, stamps);
            let outcome = memory.head.outcome.as_ref();
            let whole = outcome.is_some_and(|outcome| same(&outcome.seen, stamps));
            let mut done = work();
            // What a thread that failed has looked at counts as changed.
            done.extend(
                handles
                    .into_iter()
                    .flat_map(|handle| handle.join().unwrap_or_default()),
            );
            for (from, some) in done {
                things[from..from + some.len()].copy_from_slice(&some);
            }
            (common, whole)
        });
        Some(Self {
            common,
            whole,
            things,
        })
    }
}

fn same(seen: &Seen, stamps: &Stamps) -> bool {
    let mut printer = Printer::default();
    let all = seen.paths.iter().all(|path| {
        let stamp = stamps.of(path);
        stamp.map(|stamp| printer.add(stamp)).is_some()
    });
    all && printer.print().digest == seen.print
}

/// A path of a shape.
enum Part {
    /// The thing's directory.
    Dir,
    /// Below the thing's directory.
    Own(CString),
    /// Elsewhere, where other things look as well: by number.
    Elsewhere(usize),
}

/// What it takes to look at things.
struct Look<'l> {
    memory: &'l Memory,
    stamps: &'l Stamps,
    shapes: Vec<Vec<Part>>,
    /// Each path outside of things, looked at once.
    elsewhere: Vec<(&'l str, OnceLock<Option<Stamp>>)>,
}

impl<'l> Look<'l> {
    fn of(memory: &'l Memory, stamps: &'l Stamps) -> Option<Self> {
        let mut out = Self {
            memory,
            stamps,
            shapes: vec![],
            elsewhere: vec![],
        };
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for shape in &memory.head.shapes {
            let parts = shape.iter().map(|path| match path.strip_prefix('/') {
                None if path.is_empty() => Some(Part::Dir),
                None => CString::new(path.as_str()).ok().map(Part::Own),
                Some(path) => Some(Part::Elsewhere(*numbers.entry(path).or_insert_with(|| {
                    out.elsewhere.push((path, OnceLock::new()));
                    out.elsewhere.len() - 1
                }))),
            });
            out.shapes.push(parts.collect::<Option<_>>()?);
        }
        Some(out)
    }

    /// Whether the thing of a line is as it was.
    fn is_same(&self, at: usize) -> bool {
        self.print(at)
            .is_some_and(|print| self.memory.lines.get(at).is_some_and(|line| line.print == print))
    }

    fn print(&self, at: usize) -> Option<u64> {
        let line = self.memory.lines.get(at)?;
        let dir = self.stamps.dir(line.dir);
        let mut printer = Printer::default();
        for part in self.shapes.get(line.shape)? {
            printer.add(match part {
                Part::Dir => {
                    let itself = dir.as_ref().and_then(Dir::itself);
                    itself.or_else(|| self.stamps.of(line.dir))
                }
                Part::Own(path) => dir.as_ref().and_then(|dir| dir.of(path)),
                Part::Elsewhere(number) => {
                    let (path, stamp) = self.elsewhere.get(*number)?;
                    *stamp.get_or_init(|| self.stamps.of(path))
                }
            }?);
        }
        Some(printer.print().digest)
    }
}
