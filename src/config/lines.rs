//! Where in a TOML file a key stands, for messages. It reads lines, not TOML: what it cannot tell is just the file.

/// `file:line` of a key or a section; just the file if the line cannot be told (dotted keys, inline tables).
pub(super) fn at_line(file: &str, text: &str, path: &str) -> String {
    let mut lines = Lines::default();
    let found = text.lines().position(|line| lines.read(line).is_some_and(|current| current == path));
    found.map_or_else(|| file.to_owned(), |number| format!("{file}:{}", number + 1))
}

/// The same in the item of a list: `rest` is what follows `[` in its path, such as `1].id`; a reason names an unknown field.
pub(super) fn at_item(file: &str, text: &str, list: &str, rest: &str, reason: &str) -> Option<String> {
    let (index, field) = rest.split_once(']')?;
    let index: usize = index.parse().ok()?;
    let unknown = reason.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    let field = unknown.unwrap_or_else(|| field.trim_matches(['.', '?']).split(['.', '[']).next().unwrap_or_default());
    let (mut lines, mut items, mut header) = (Lines::default(), 0, None);
    for (number, line) in text.lines().enumerate() {
        let Some(current) = lines.read(line) else { continue };
        if current == list {
            items += 1;
            if items == index + 1 {
                header = Some(number);
            } else if items > index + 1 {
                break;
            }
        } else if items == index + 1
            && current.strip_prefix(list).and_then(|rest| rest.strip_prefix('.')) == Some(field)
        {
            return Some(format!("{file}:{}", number + 1));
        }
    }
    header.map(|number| format!("{file}:{}", number + 1))
}

/// Reads a file line by line, as far as sections and keys go.
#[derive(Default)]
struct Lines {
    section: String,
}

impl Lines {
    /// What a line opens or sets, with its section.
    fn read(&mut self, line: &str) -> Option<String> {
        let line = line.trim();
        if line.starts_with('[') {
            line.trim_start_matches('[').split(']').next()?.trim().clone_into(&mut self.section);
            return Some(self.section.clone());
        }
        let name = line.split_once('=')?.0.trim().trim_matches('"');
        Some(if self.section.is_empty() { name.to_owned() } else { format!("{}.{name}", self.section) })
    }
}
