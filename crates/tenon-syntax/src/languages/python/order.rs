//! The order of imports: groups by where a module comes from, names by how they are sorted already.

/// Where a module comes from, in the order of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// `__future__`.
    Future,
    /// The standard library.
    Standard,
    /// An installed package.
    Installed,
    /// A package of the host.
    Own,
    /// Relative to the file.
    Relative,
}

/// Where `module` comes from; `own` are the packages of the host.
pub fn rank(module: &str, own: &[String]) -> Rank {
    if module.starts_with('.') {
        return Rank::Relative;
    }
    let top = top(module);
    if top == "__future__" {
        Rank::Future
    } else if own.iter().any(|own| own == top) {
        Rank::Own
    } else if STANDARD.split_ascii_whitespace().any(|known| known == top) {
        Rank::Standard
    } else {
        Rank::Installed
    }
}

/// `a` of `a.b.c`.
pub fn top(module: &str) -> &str {
    module.split('.').next().unwrap_or_default()
}

/// How names inside a statement are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorting {
    /// Constants, then classes, then the rest.
    ByType,
    /// Without regard to case.
    Folded,
    /// Letter by letter, capitals first.
    Plain,
}

/// What a name is sorted by.
pub fn key(name: &str, sorting: Sorting) -> (u8, String, String) {
    let kind = match sorting {
        Sorting::Folded => 0,
        Sorting::Plain => return (0, name.to_owned(), String::new()),
        Sorting::ByType => {
            let letters = || name.chars().filter(|c| c.is_alphabetic());
            if letters().all(char::is_uppercase) && name.len() > 1 {
                0
            } else if name.trim_start_matches('_').starts_with(char::is_uppercase) {
                1
            } else {
                2
            }
        }
    };
    (kind, name.to_lowercase(), name.to_owned())
}

/// Where `name` belongs among `names`: in order if they are, else last.
pub fn place(names: &[&str], name: &str) -> usize {
    for sorting in [Sorting::ByType, Sorting::Folded, Sorting::Plain] {
        if names.is_sorted_by_key(|name| key(name, sorting)) {
            return names.partition_point(|known| key(known, sorting) < key(name, sorting));
        }
    }
    names.len()
}

/// The modules of the standard library.
const STANDARD: &str = "
abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2
cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression concurrent
configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis
distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib
functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr
imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math
mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator
optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile
pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy
sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3
sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig
syslog tabnanny tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter token tokenize tomllib trace
traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref
webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_ranked() {
        let own = ["shop".to_owned()];
        for (module, is) in [
            ("__future__", Rank::Future),
            ("os.path", Rank::Standard),
            ("kit.db", Rank::Installed),
            ("shop.app", Rank::Own),
            ("..app", Rank::Relative),
        ] {
            assert_eq!(rank(module, &own), is, "{module}");
        }
    }

    #[test]
    fn names_go_where_the_order_has_them() {
        assert_eq!(
            place(&["Optional", "Sequence", "TYPE_CHECKING", "Tuple"], "Set"),
            2
        );
        assert_eq!(place(&["TYPE_CHECKING", "Optional", "cast"], "Any"), 1);
        assert_eq!(place(&["b", "a"], "aa"), 2);
    }
}
