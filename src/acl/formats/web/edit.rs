//! Small changes of configuration texts at a place, in the style of what is around. What is written there is the dialect's.

use ipnet::IpNet;

/// A network as people write it: one address without its length.
pub fn short(network: IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
}

/// The blanks that a line starts with, if nothing else stands before the offset.
pub fn indent_of(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.trim().is_empty() { line.to_owned() } else { String::new() }
}

/// Puts lines before what stands at an offset: lines of their own, or on the same line where something stands before it.
pub fn insert_at(text: &str, at: usize, lines: &[String]) -> Option<String> {
    let (before, after) = text.split_at_checked(at)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut put = String::new();
    for new in lines {
        put.push_str(new);
        if line.trim().is_empty() {
            put.push_str(end_of(text));
            put.push_str(line);
        } else {
            put.push(' ');
        }
    }
    Some(format!("{before}{put}{after}"))
}

/// Puts lines before a closing brace or tag at an offset.
pub fn insert_end(text: &str, at: usize, lines: &[String], indent: Option<&str>) -> Option<String> {
    let (before, after) = text.split_at_checked(at)?;
    let outer = before.rsplit('\n').next().unwrap_or_default();
    if !outer.trim().is_empty() {
        return Some(format!("{before}{} {after}", lines.join(" ")));
    }
    let indent = indent.map_or_else(|| format!("{outer}    "), str::to_owned);
    let start = before.strip_suffix(outer)?;
    let put: Vec<String> = lines.iter().map(|line| format!("{indent}{line}{}", end_of(text))).collect();
    Some(format!("{start}{}{outer}{after}", put.concat()))
}

/// Replaces what stands from an offset up to a character.
pub fn replace_until(text: &str, at: usize, end: char, new: &str) -> Option<String> {
    let (before, after) = text.split_at_checked(at)?;
    let stop = after.find(end)?;
    let (_, rest) = after.split_at_checked(stop)?;
    Some(format!("{before}{new}{rest}"))
}

fn end_of(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_put_in_the_style_of_the_place() {
        let lines = ["allow 1.2.3.4;".to_owned()];
        let text = "a {\n    deny all;\n}\n";
        let at = text.find("deny").unwrap();
        assert_eq!(insert_at(text, at, &lines).unwrap(), "a {\n    allow 1.2.3.4;\n    deny all;\n}\n");
        let end = text.find('}').unwrap();
        assert_eq!(insert_end(text, end, &lines, None).unwrap(), "a {\n    deny all;\n    allow 1.2.3.4;\n}\n");
        let text = "a { deny all; }";
        assert_eq!(insert_at(text, 4, &lines).unwrap(), "a { allow 1.2.3.4; deny all; }");
        assert_eq!(insert_end(text, 14, &lines, None).unwrap(), "a { deny all; allow 1.2.3.4; }");
    }
}
