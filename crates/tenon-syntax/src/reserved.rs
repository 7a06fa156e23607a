//! Words that each language reserves.

use super::tree::Grammar;

/// Words that are no identifiers in a language, or that name something that every object or module of it has. A name made of
/// one of them would not compile.
const RESERVED: [(Grammar, &str); 4] = [
    (
        Grammar::TypeScript,
        "abstract any as async await boolean break case catch class const constructor continue debugger declare \
         default delete do else enum export extends false finally for from function get global if implements \
         import in instanceof interface is let main module namespace never new null number object override \
         package private protected prototype public readonly require return self set static string super switch \
         symbol this throw true try type typeof undefined union unknown var void while with yield",
    ),
    (
        Grammar::Go,
        "break case chan const continue default defer else fallthrough for func go goto if import interface main \
         map package range return select struct switch type var",
    ),
    (
        Grammar::Python,
        "and as assert async await break class continue def del elif else except false finally for from global if \
         import in is lambda main match none nonlocal not object or pass raise return self super true try type \
         while with yield",
    ),
    (
        Grammar::Rust,
        "abstract as async await break case const continue crate default do dyn else enum extern false final fn \
         for if impl in let loop main match mod move mut new override pub ref return self static string struct \
         super trait true try type typeof union unsafe use where while yield",
    ),
];

/// Whether `word` cannot be a name in `language`; in any language that has a grammar here if none is given.
pub fn is_reserved(word: &str, language: Option<Grammar>) -> bool {
    // All of them are words.
    if !word
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return false;
    }
    let mut lists = RESERVED
        .iter()
        .filter(|(of, _)| language.is_none_or(|language| language == *of));
    lists.any(|(_, words)| words.split(' ').any(|reserved| reserved == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_reserves_its_own_words() {
        for (_, words) in RESERVED {
            let words: Vec<&str> = words.split(' ').collect();
            assert!(words.windows(2).all(|pair| pair[0] < pair[1]), "{words:?}");
        }
        assert!(is_reserved("any", Some(Grammar::TypeScript)) && !is_reserved("any", Some(Grammar::Go)));
        assert!(is_reserved("chan", None) && !is_reserved("chan", Some(Grammar::Rust)));
    }
}
