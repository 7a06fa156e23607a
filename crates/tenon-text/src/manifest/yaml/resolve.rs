//! What a plain YAML scalar means in the core schema, and what an escape stands for.

use serde_json::{Number, Value};

/// The value of a plain scalar on one line; `!!str` and `!` make it a string.
pub(super) fn plain(text: &str, tag: Option<&str>) -> Value {
    if matches!(tag, Some("!!str" | "!")) {
        return Value::from(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::from(text), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    let radix = |prefix: &str, radix| {
        text.strip_prefix(prefix)
            .map(|digits| u64::from_str_radix(digits, radix))
    };
    if let Some(parsed) = radix("0o", 8).or_else(|| radix("0x", 16)) {
        let unsigned = text.as_bytes().get(2).is_some_and(u8::is_ascii_hexdigit);
        return parsed.ok().filter(|_| unsigned).map(Number::from);
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let signless = text.strip_prefix('+').unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let whole = signless
            .parse::<i64>()
            .map(Number::from)
            .or_else(|_| signless.parse::<u64>().map(Number::from));
        return whole.ok().or_else(|| Number::from_f64(signless.parse().ok()?));
    }
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let shaped = all_digits(whole)
        && all_digits(fraction)
        && all_digits(exponent)
        && !exponent.is_empty()
        && !(whole.is_empty() && fraction.is_empty());
    if !shaped {
        return None;
    }
    Number::from_f64(signless.parse().ok()?)
}

/// What `\` and this byte stand for in double quotes.
pub(super) fn escaped(byte: u8) -> Option<char> {
    Some(match byte {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        b' ' => ' ',
        b'"' => '"',
        b'/' => '/',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
