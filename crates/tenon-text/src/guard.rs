//! A panic as an error. Parsers read what anybody may have written, and not all of them are ours.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use crate::diag::{Error, Result};

thread_local! {
    static WHERE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps panics from being printed: what [`guarded`] makes of them says it all. With `RUST_BACKTRACE` set they are
/// printed as well.
pub fn keep_panics_quiet() {
    let loud = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    let before = take_hook();
    set_hook(Box::new(move |info| {
        let at = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
        WHERE.with_borrow_mut(|known| *known = at);
        if loud {
            before(info);
        }
    }));
}

/// Does `what`; if that panics, the error says where and asks to report it.
///
/// # Errors
/// Those of `what`, and one for its panic.
pub fn guarded<T>(what: impl FnOnce() -> Result<T>) -> Result<T> {
    // What is looked at afterwards was made anew or borrows nothing that was left half done.
    catch_unwind(AssertUnwindSafe(what)).unwrap_or_else(|panic| Err(defect(panic.as_ref())))
}

fn defect(panic: &(dyn Any + Send)) -> Error {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no reason given");
    let said: String = said
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    let at = WHERE.with_borrow_mut(Option::take);
    Error::new("tenon stopped at a defect of its own")
        .because(match at {
            Some(at) => format!("{said} ({at})"),
            None => said,
        })
        .help("please report it, with the file that it was reading; `tenon --version` says which version this is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_that_asks_to_report_it() {
        let error = guarded(|| -> Result<()> {
            let text = String::from("é");
            let _ = &text[..1];
            Ok(())
        });
        let error = error.unwrap_err();
        assert_eq!(error.message(), "tenon stopped at a defect of its own");
        assert!(
            error.causes()[0].contains("char boundary"),
            "{:?}",
            error.causes()
        );
        assert!(error.helps()[0].starts_with("please report it"));
        assert_eq!(guarded(|| Ok(1)).unwrap(), 1);
        assert_eq!(
            guarded(|| -> Result<()> { Err(Error::new("no")) })
                .unwrap_err()
                .message(),
            "no"
        );
    }
}
