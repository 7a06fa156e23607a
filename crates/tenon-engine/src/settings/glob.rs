//! Patterns of paths: `*` stands for any text in one name, `**` for any number of directories, none included.
//! Everything else stands for itself.

/// Whether `path` matches `pattern`. Takes time in proportion to the product of their lengths, whatever they are.
pub fn matches(pattern: &str, path: &str) -> bool {
    let names: Vec<&str> = path.split('/').collect();
    // Whether the pattern so far matches the first n names, for each n.
    let mut so_far = vec![false; names.len() + 1];
    so_far[0] = true;
    for segment in pattern.split('/') {
        let mut next = vec![false; names.len() + 1];
        if segment == "**" {
            let mut any = false;
            for at in 0..=names.len() {
                any |= so_far[at];
                next[at] = any;
            }
        } else {
            for at in 0..names.len() {
                next[at + 1] = so_far[at] && name_matches(segment, names[at]);
            }
        }
        so_far = next;
    }
    so_far[names.len()]
}

fn name_matches(segment: &str, name: &str) -> bool {
    let (segment, name) = (segment.as_bytes(), name.as_bytes());
    let (mut at, mut of) = (0, 0);
    // The last star, and how much of the name it stands for so far.
    let mut star: Option<(usize, usize)> = None;
    while of < name.len() {
        match segment.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(byte) if *byte == name[of] => {
                at += 1;
                of += 1;
            }
            _ => match star {
                Some((back, covered)) => {
                    star = Some((back, covered + 1));
                    at = back + 1;
                    of = covered + 1;
                }
                None => return false,
            },
        }
    }
    segment[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_one_name_and_two_stars_do_not() {
        for (pattern, path) in [
            ("a/b.ts", "a/b.ts"),
            ("a/*.ts", "a/b.ts"),
            ("a/*", "a/b"),
            ("a/**/c", "a/c"),
            ("a/**/c", "a/b/b/c"),
            ("**", "a/b/c"),
            ("**/c", "c"),
            ("a/**", "a/b/c"),
            ("a*b*c/d", "axxbyybc/d"),
            ("**/x/**/y*", "a/x/b/c/yes"),
        ] {
            assert!(matches(pattern, path), "{pattern} must match {path}");
        }
        for (pattern, path) in [
            ("a/*", "a/b/c"),
            ("*", "a/b"),
            ("a/**/c", "ab/c"),
            ("**/c", "a/bc"),
            ("a", "a/b"),
            ("a/b/c", "a/b"),
            ("a*b", "acbd"),
            ("", "a"),
        ] {
            assert!(!matches(pattern, path), "{pattern} must not match {path}");
        }
    }

    #[test]
    fn hostile_patterns_take_no_time() {
        let pattern = "**/".repeat(500) + &"*a".repeat(200);
        let path = "a/".repeat(500) + &"a".repeat(199);
        assert!(!matches(&pattern, &path));
    }
}
