//! Identifiers: their cases, their normal form, words that languages reserve, and near misses.

use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase};

/// Gives a name its case.
pub type Case = fn(&str) -> String;

/// The cases that templates can ask for, by the helper's name.
pub const CASES: [(&str, Case); 7] = [
    ("camel", |text| text.to_lower_camel_case()),
    ("pascal", |text| text.to_pascal_case()),
    ("kebab", |text| text.to_kebab_case()),
    ("snake", |text| text.to_snake_case()),
    ("constant", |text| text.to_shouty_snake_case()),
    ("title", |text| text.to_title_case()),
    ("lower", |text| text.to_kebab_case().replace('-', "")),
];

/// The form in which names are compared: letters and digits only, lower case. `billingAccounts`,
/// `billing-accounts` and `BillingAccounts` are one.
pub fn normal(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Words that are no identifiers in at least one of the languages that have a grammar here, or that name
/// something every object or module has. A name made of one of them would not compile.
pub const RESERVED: &[&str] = &[
    "abstract",
    "and",
    "any",
    "as",
    "assert",
    "async",
    "await",
    "boolean",
    "break",
    "case",
    "catch",
    "chan",
    "class",
    "const",
    "constructor",
    "continue",
    "crate",
    "debugger",
    "declare",
    "def",
    "default",
    "defer",
    "del",
    "delete",
    "do",
    "dyn",
    "elif",
    "else",
    "enum",
    "except",
    "export",
    "extends",
    "extern",
    "fallthrough",
    "false",
    "final",
    "finally",
    "fn",
    "for",
    "from",
    "func",
    "function",
    "get",
    "global",
    "go",
    "goto",
    "if",
    "impl",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "is",
    "lambda",
    "let",
    "loop",
    "main",
    "match",
    "mod",
    "module",
    "move",
    "mut",
    "namespace",
    "never",
    "new",
    "none",
    "nonlocal",
    "not",
    "null",
    "number",
    "object",
    "or",
    "override",
    "package",
    "pass",
    "private",
    "protected",
    "prototype",
    "pub",
    "public",
    "raise",
    "range",
    "readonly",
    "ref",
    "require",
    "return",
    "select",
    "self",
    "set",
    "static",
    "string",
    "struct",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "union",
    "unknown",
    "unsafe",
    "use",
    "var",
    "void",
    "where",
    "while",
    "with",
    "yield",
];

/// The candidate that `text` was probably meant to be: at most a third of its letters differ.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = normal(text);
    candidates
        .into_iter()
        .map(|candidate| (distance(&wanted, &normal(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap neighbours) between two short words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(100).collect(), b.chars().take(100).collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_many_spellings() {
        for spelling in [
            "billingAccounts",
            "billing-accounts",
            "BillingAccounts",
            "billing_accounts",
        ] {
            assert_eq!(normal(spelling), "billingaccounts");
        }
        // The small form of this letter is two characters, and one of them is no letter.
        assert_eq!(normal(&normal("İ")), normal("İ"));
    }

    #[test]
    fn near_misses_are_found_and_far_ones_not() {
        let modules = ["tickets", "cms", "carts", "billing-accounts"];
        assert_eq!(nearest("tikcets", modules), Some("tickets"));
        assert_eq!(nearest("billingacounts", modules), Some("billing-accounts"));
        assert_eq!(nearest("cmss", modules), Some("cms"));
        assert_eq!(nearest("warehouse", modules), None);
    }

    #[test]
    fn reserved_words_are_sorted_and_unique() {
        assert!(RESERVED.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn cases_keep_digits_with_their_word() {
        let case = |wanted: &str, text: &str| CASES.iter().find(|(name, _)| *name == wanted).unwrap().1(text);
        assert_eq!(case("pascal", "a2b"), "A2b");
        assert_eq!(case("snake", "v2Api"), "v2_api");
        assert_eq!(case("kebab", "BillingAccounts"), "billing-accounts");
        assert_eq!(case("camel", "CMS"), "cms");
    }
}
