//! Documentation comments.

/// `/** … */` as its lines, without marks, common indentation and blank lines round them.
pub(super) fn doc_lines(comment: &str) -> Vec<String> {
    let inner = comment.trim_start_matches("/**").trim_end_matches("*/");
    let mut lines: Vec<&str> = inner
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let line = line.trim_end();
            if at == 0 {
                return line.trim_start();
            }
            let trimmed = line.trim_start();
            trimmed
                .strip_prefix('*')
                .map_or(trimmed, |rest| rest.strip_prefix(' ').unwrap_or(rest))
        })
        .collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blank);
    lines.into_iter().map(str::to_owned).collect()
}
