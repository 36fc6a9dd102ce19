//! The path of a request as web servers see it: decoded, slashes merged, dots resolved. Whether a file is there is not known.

/// A path and query taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uri {
    /// The path, decoded and clean.
    pub path: String,
    /// The query without `?`.
    pub query: String,
}

impl Uri {
    /// Takes a request target apart.
    pub fn parse(target: &str, merge_slashes: bool) -> Self {
        let target = target.split_once('#').map_or(target, |(before, _)| before);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { path: clean(&decoded(path), merge_slashes), query: query.to_owned() }
    }
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
        match (byte, digit(ahead.next()), digit(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'%'));
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn clean(path: &str, merge_slashes: bool) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let parts: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.into_iter().enumerate() {
        match part {
            "" | "." if at == last => kept.push(""),
            ".." => {
                kept.pop();
                if at == last {
                    kept.push("");
                }
            }
            "" if merge_slashes => {}
            "." => {}
            part => kept.push(part),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_cleaned_as_servers_do() {
        for (target, path, query) in [
            ("/", "/", ""),
            ("/a//b/./c/../d?x=1&y", "/a/b/d", "x=1&y"),
            ("/a/", "/a/", ""),
            ("/%EA%B0%80/%2e%2e/b", "/b", ""),
            ("/a/..", "/", ""),
            ("/../a#x", "/a", ""),
            ("", "/", ""),
            ("/100%", "/100%", ""),
        ] {
            assert_eq!(Uri::parse(target, true), Uri { path: path.into(), query: query.into() }, "{target}");
        }
    }
}
