//! Commands for a shell that a report tells to run. Nothing is run here.

/// A word as a POSIX shell takes it for itself.
///
/// ```
/// assert_eq!(scraplens::reach::quoted("rules.v4"), "rules.v4");
/// assert_eq!(scraplens::reach::quoted("https://a.kr/?a&b"), "'https://a.kr/?a&b'");
/// ```
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:,=@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// A file of a question as the command line names it: what came from standard input is `-`.
pub(super) fn file(name: &str) -> String {
    // A name that begins with a dash would be taken for an option.
    match name {
        "stdin" => "-".to_owned(),
        dashed if dashed.starts_with('-') => quoted(&format!("./{dashed}")),
        name => quoted(name),
    }
}

/// `scraplens reach URL` with more of what it takes.
pub(super) fn reach(url: &str, more: &str) -> String {
    format!("scraplens reach {} {more}", quoted(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_take_it_apart() {
        for (word, shown) in
            [("규칙", "규칙"), ("", "''"), ("a'b;c", "'a'\\''b;c'"), ("$(x)", "'$(x)'"), ("a\nb", "'a\nb'")]
        {
            assert_eq!(quoted(word), shown);
        }
    }

    #[test]
    fn a_file_is_never_an_option() {
        assert_eq!(file("stdin"), "-");
        assert_eq!(file("--o"), "./--o");
        assert_eq!(file("my rules"), "'my rules'");
    }
}
