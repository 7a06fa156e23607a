//! Characters that do something other than show themselves.

/// Whether `c` does something to a terminal, a shell or a viewer other than show itself: control characters, marks that
/// reverse the direction of writing (code that reads otherwise than it is), separators of lines, and what no text may
/// contain (XML refuses it).
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}
