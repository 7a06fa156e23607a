//! Identifiers: their cases, their normal form, words that languages reserve, and near misses; literals without their quotes.

use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase};
use memchr::memrchr;

/// The directory of a `/`-separated path, empty at the root, and the name in it.
pub fn in_dir(path: &str) -> (&str, &str) {
    match memrchr(b'/', path.as_bytes()) {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => ("", path),
    }
}

/// What stands behind the last dot of the name of a file; nothing if there is no dot.
pub fn extension(path: &str) -> Option<&str> {
    let (_, name) = in_dir(path);
    memrchr(b'.', name.as_bytes()).map(|at| &name[at + 1..])
}

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
    ("flat", |text| text.to_kebab_case().replace('-', "")),
];

/// `text` in the case that templates call `case`; as it is where there is no such case.
pub fn in_case(case: &str, text: &str) -> String {
    let known = CASES.iter().find(|(name, _)| *name == case);
    known.map_or_else(|| text.to_owned(), |(_, case)| case(text))
}

/// The form in which names are compared: letters and digits only, lower case. `billingAccounts`,
/// `billing-accounts` and `BillingAccounts` are one.
pub fn normal(name: &str) -> String {
    if name.is_ascii() {
        let mut out = String::with_capacity(name.len());
        let kept = name.bytes().filter(u8::is_ascii_alphanumeric);
        out.extend(kept.map(|byte| char::from(byte.to_ascii_lowercase())));
        return out;
    }
    name.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// `text` without the quotes around it, if it has any: the pair that it begins and ends with, and nothing that stands inside.
pub fn unquoted(text: &str) -> &str {
    let pairs = ["\"\"\"", "'''", "\"", "'", "`"].into_iter();
    let mut inner = pairs.filter_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    inner.next().unwrap_or(text)
}

/// What a text in quotes on one line says; nothing for other text, or if such a quote or a backslash stands in it.
pub fn literal(text: &str) -> Option<&str> {
    let inner = |mark: char| {
        let inner = text.strip_prefix(mark)?.strip_suffix(mark)?;
        (!inner.contains([mark, '\\', '\n'])).then_some(inner)
    };
    inner('"').or_else(|| inner('\''))
}

/// The candidate that `text` was probably meant to be: at most a third of its letters differ.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Whoever writes texts of any length does not make this take for ever.
    let short = |text: &str| normal(text).chars().take(100).collect::<String>();
    let wanted = short(text);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&wanted, &short(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `names` in one line for an error or a help text; of more than ten only the first ten, and how many more there are.
pub fn listed<S: AsRef<str>>(names: &[S]) -> String {
    const MOST: usize = 10;
    let mut shown: Vec<&str> = names.iter().take(MOST).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(MOST);
    let rest = format!("and {more} more");
    if more > 0 {
        shown.push(&rest);
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_of_names_is_cut_after_ten() {
        let names: Vec<String> = (1..=1000).map(|number| format!("n{number}")).collect();
        assert_eq!(listed(&names[..3]), "n1, n2, n3");
        assert_eq!(
            listed(&names),
            "n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, and 990 more"
        );
        assert_eq!(listed::<&str>(&[]), "");
    }

    #[test]
    fn quotes_go_in_pairs() {
        for (text, bare) in [
            ("'a'", "a"),
            ("\"`a'\"", "`a'"),
            ("'''a'''", "a"),
            ("\"\"", ""),
            ("'", "'"),
            ("'a", "'a"),
            ("a", "a"),
        ] {
            assert_eq!(unquoted(text), bare, "{text}");
        }
    }

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
        assert_eq!(normal("Aé-B1 "), "aéb1");
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
    fn cases_keep_digits_with_their_word() {
        let case = |wanted: &str, text: &str| CASES.iter().find(|(name, _)| *name == wanted).unwrap().1(text);
        assert_eq!(case("pascal", "a2b"), "A2b");
        assert_eq!(case("snake", "v2Api"), "v2_api");
        assert_eq!(case("kebab", "BillingAccounts"), "billing-accounts");
        assert_eq!(case("camel", "CMS"), "cms");
    }
}
