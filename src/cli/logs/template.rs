//! Finds the line that says how a log is written in a server's own configuration: `log_format` of nginx, `LogFormat` of Apache.
//! What the template means is `accesslog`'s.

use std::{fs, io::Read as _, path::Path};

use super::super::CommandError;

/// The template in `path`. Of several, the one of this name.
pub(super) fn read(path: &Path, name: Option<&str>) -> Result<String, CommandError> {
    let failed = |error: std::io::Error| CommandError::new(format!("cannot read {}: {error}", path.display()));
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(failed)?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        let advice = "give the file that has the log_format or LogFormat line";
        return Err(CommandError::with_advice(format!("{} is larger than {MOST_BYTES} bytes", path.display()), advice));
    }
    choose(&String::from_utf8_lossy(&bytes), name).map_err(|advice| {
        CommandError::with_advice(format!("{} does not say how the log is written", path.display()), advice)
    })
}

/// The directive of this name, the only one, or the whole text where there is no directive at all.
fn choose(text: &str, name: Option<&str>) -> Result<String, String> {
    let found = directives(text);
    let names = || found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    match (found.as_slice(), name) {
        ([], None) if text.trim().lines().count() == 1 => Ok(text.trim().to_owned()),
        ([], _) => Err("there is no log_format or LogFormat in it; nginx -T prints the whole configuration".to_owned()),
        ([(_, only)], None) => Ok(only.clone()),
        (_, None) => Err(format!("it has several formats ({}); choose one with --template-name", names())),
        (_, Some(name)) => {
            let chosen = found.iter().find(|(known, _)| known == name).map(|(_, directive)| directive.clone());
            chosen.ok_or_else(|| format!("it has no format {name}, only {}", names()))
        }
    }
}

/// Each directive with its name.
fn directives(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let start = line.trim_start();
        if let Some(rest) = start.strip_prefix("log_format").filter(|rest| rest.starts_with(char::is_whitespace)) {
            let mut directive = start.to_owned();
            // nginx takes as many lines as it likes, up to a semicolon outside of quotes.
            while !ends(&directive) && directive.len() < MOST_DIRECTIVE {
                let Some(line) = lines.next() else { break };
                directive.push('\n');
                directive.push_str(line);
            }
            let name = rest.split_whitespace().next().unwrap_or_default().to_owned();
            found.push((name, directive));
        } else if start.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("LogFormat")) {
            let mut directive = start.trim_end().to_owned();
            while directive.ends_with('\\') && directive.len() < MOST_DIRECTIVE {
                directive.pop();
                let Some(line) = lines.next() else { break };
                directive.push_str(line.trim());
            }
            // `LogFormat "…" name`: without a name it is that of the server.
            let name = directive.rsplit_once('"').map(|(_, name)| name.trim()).filter(|name| !name.is_empty());
            found.push((name.unwrap_or("default").to_owned(), directive));
        }
    }
    found
}

/// Whether a statement of nginx has its semicolon.
fn ends(text: &str) -> bool {
    let (mut quote, mut escaped) = (None, false);
    for c in text.chars() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (_, '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ';') => return true,
            _ => {}
        }
    }
    false
}

/// Bytes of a configuration; the output of `nginx -T` is seldom larger than one of these.
const MOST_BYTES: u64 = 4 * 1024 * 1024;
/// Bytes of one directive.
const MOST_DIRECTIVE: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    const NGINX: &str = "http {\n  log_format main '$remote_addr; [$time_local]'\n    ' \"$request\"';\n  # log_format old 'x';\n  \
        log_format json escape=json '{\"a\":\"$remote_addr\"}';\n}\n";

    #[test]
    fn a_directive_may_have_many_lines_and_a_semicolon_in_quotes() {
        let main = choose(NGINX, Some("main")).unwrap();
        assert_eq!(main, "log_format main '$remote_addr; [$time_local]'\n    ' \"$request\"';");
        assert!(choose(NGINX, Some("json")).unwrap().starts_with("log_format json escape=json"));
    }

    #[test]
    fn several_formats_are_named_and_one_needs_no_name() {
        assert!(choose(NGINX, None).unwrap_err().contains("(main, json)"));
        assert!(choose(NGINX, Some("old")).unwrap_err().contains("only main, json"));
        assert_eq!(choose("  log_format a '$status';\n", None).unwrap(), "log_format a '$status';");
        assert_eq!(choose("$remote_addr $status\n", None).unwrap(), "$remote_addr $status");
        assert!(choose("user nginx;\nworker_processes 1;\n", None).is_err());
        assert!(choose("log_format a 'never ends", None).is_ok(), "whether it can be read is not asked here");
    }

    #[test]
    fn apache_has_its_own() {
        let text = "# LogFormat \"x\" y\nLogFormat \"%h %l \\\n  %u\" common\nlogformat \"%a\"\n";
        assert_eq!(choose(text, Some("common")).unwrap(), "LogFormat \"%h %l %u\" common");
        assert_eq!(choose(text, Some("default")).unwrap(), "logformat \"%a\"");
    }
}
