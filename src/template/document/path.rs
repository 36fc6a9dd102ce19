//! Paths of values: `contents[1].link.web_url`. Keys that are no plain words are quoted as JSON, `content["my key"]`, so that a path
//! always leads to one value. Neither JSON Pointer nor `JSONPath`: this is how people write it.

use std::borrow::Cow;

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Index(usize),
    Key(Cow<'a, str>),
}

/// The first step of a path, and the rest.
pub(super) fn first(path: &str) -> Option<(Step<'_>, &str)> {
    let Some(inside) = path.strip_prefix('[') else {
        let path = path.strip_prefix('.').unwrap_or(path);
        let end = path.find(['.', '[']).unwrap_or(path.len());
        let (key, rest) = path.split_at_checked(end)?;
        return (!key.is_empty()).then_some((Step::Key(Cow::Borrowed(key)), rest));
    };
    if inside.starts_with('"') {
        let mut texts = serde_json::Deserializer::from_str(inside).into_iter::<String>();
        let key = texts.next()?.ok()?;
        let rest = inside.get(texts.byte_offset()..)?.strip_prefix(']')?;
        return Some((Step::Key(Cow::Owned(key)), rest));
    }
    let (index, rest) = inside.split_once(']')?;
    Some((Step::Index(index.parse().ok()?), rest))
}

/// The path of a field.
pub(in crate::template) fn within(path: &str, key: &str) -> String {
    let key = cut(key, LONGEST_KEY);
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '.' | '[' | ']' | '"');
    if key.is_empty() || key.contains(odd) {
        format!("{path}[{}]", serde_json::Value::from(key))
    } else if path.is_empty() {
        key
    } else {
        format!("{path}.{key}")
    }
}

/// The path of an item.
pub(in crate::template) fn at(path: &str, index: usize) -> String {
    format!("{path}[{index}]")
}

/// A key longer than any of ours is not spelt out, and cannot make the paths below it long.
const LONGEST_KEY: usize = 200;

/// A text of at most so many characters, with a sign that there was more.
pub(in crate::template) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_it_was_written() {
        for keys in [["a", "b"], ["", "."], ["a.b", "c[0]"], ["따옴표\"", "\\"], ["[0]", "]"], ["공 백", "\n"]] {
            let path = within(&at(&within("", keys[0]), 7), keys[1]);

            let (one, rest) = first(&path).unwrap();
            let (two, rest) = first(rest).unwrap();
            let (three, rest) = first(rest).unwrap();

            assert_eq!(
                (one, two, three),
                (Step::Key(keys[0].into()), Step::Index(7), Step::Key(keys[1].into())),
                "{path}"
            );
            assert_eq!(rest, "", "{path}");
        }
        assert_eq!(within("contents[1].link", "web_url"), "contents[1].link.web_url");
        assert_eq!(within("", "my key"), "[\"my key\"]");
    }
}
