//! What a person at a terminal sees of work that takes longer than a second: what is done, for how long, and of how many members. It goes
//! to standard error and is cleared when the work ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::printer::Report;

/// Work that ends within this time shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the line is drawn again.
const TICK: Duration = Duration::from_millis(100);

impl Report {
    /// Runs `work`, which is called `what`, such as "checking". What it counts in the number that it gets is shown as members.
    pub fn during<T>(&self, what: &'static str, work: impl FnOnce(&Arc<AtomicUsize>) -> T) -> T {
        let count = Arc::new(AtomicUsize::new(0));
        if self.is_quiet() || !self.is_watched() {
            return work(&count);
        }
        let bar = bar(what, Arc::clone(&count));
        std::thread::scope(|scope| {
            let (ended, ends) = mpsc::channel::<()>();
            let shown = &bar;
            scope.spawn(move || {
                if ends
                    .recv_timeout(PATIENCE)
                    .is_err_and(|error| error == mpsc::RecvTimeoutError::Timeout)
                {
                    shown.set_draw_target(ProgressDrawTarget::stderr());
                    shown.enable_steady_tick(TICK);
                    let _ = ends.recv();
                    shown.finish_and_clear();
                }
            });
            let out = work(&count);
            drop(ended);
            out
        })
    }
}

/// A line that is not shown yet.
fn bar(what: &'static str, count: Arc<AtomicUsize>) -> ProgressBar {
    let members = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
        let count = count.load(Ordering::Relaxed);
        if count > 0 {
            let _ = write!(out, ", {count} members");
        }
    };
    // The template is a part of the program.
    let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed}{members})")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .with_key("members", members);
    let bar = ProgressBar::new_spinner().with_message(what).with_style(style);
    bar.set_draw_target(ProgressDrawTarget::hidden());
    bar
}
