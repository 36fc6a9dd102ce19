//! Puts the files of `nginx -T` together: its `# configuration file` headers, and the `include` lines that name them. A file
//! that is not in the dump stays as an `include` line.

use std::collections::BTreeMap;

use super::token::{Block, Directive, Segment, read};
use crate::acl::{File, Malformed};

/// The server's configuration, files included.
#[derive(Debug)]
pub struct Config {
    /// What is at the top.
    pub top: Block,
}

/// Directives after including; a file included thousands of times is not spread out further.
const MAX_DIRECTIVES: usize = 400_000;
const MAX_DEPTH: usize = 20;
const HEADER: &str = "# configuration file ";

/// Reads the files of a dump.
pub fn load(files: &[File]) -> Result<Config, Malformed> {
    let mut known: BTreeMap<String, Vec<Directive>> = BTreeMap::new();
    let mut main: Option<(String, Vec<Directive>)> = None;
    let mut whole = false;
    for (index, file) in files.iter().enumerate() {
        for (name, segment) in segments(file, index) {
            whole |= name.is_some();
            let directives = read(segment)?;
            let name = name.map_or_else(|| file.name.to_string(), str::to_owned);
            match &main {
                // Lines before the first header are what `nginx -T` says about its test.
                Some((_, before)) if !before.is_empty() => {
                    known.insert(name, directives);
                }
                _ => main = Some((name, directives)),
            }
        }
    }
    let (name, directives) = main.unwrap_or_default();
    let prefix = name.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
    let mut loader = Loader { known, prefix, whole, left: MAX_DIRECTIVES };
    let top = loader.spread(directives, 0);
    Ok(Config { top: Block::new(top, 0) })
}

/// The parts of a file, each with the name its header gives.
fn segments(file: &File, index: usize) -> Vec<(Option<&str>, Segment<'_>)> {
    let mut parts = Vec::new();
    let mut name = None;
    let (mut start, mut first_line) = (0, 1);
    let mut at = 0;
    for (line, text) in (1..).zip(file.text.split_inclusive('\n')) {
        let header = text.trim_end().strip_prefix(HEADER).and_then(|rest| rest.strip_suffix(':'));
        if let Some(header) = header {
            parts.push((name, start, at, first_line));
            (name, start, first_line) = (Some(header), at, line);
        }
        at += text.len();
    }
    parts.push((name, start, at, first_line));
    let several = parts.len() > 1;
    parts
        .into_iter()
        .filter(|(name, ..)| name.is_some() || !several)
        .map(|(name, start, end, line)| {
            let text = file.text.get(start..end).unwrap_or_default();
            (name, Segment { file, index, text, start, line })
        })
        .collect()
}

struct Loader {
    known: BTreeMap<String, Vec<Directive>>,
    prefix: String,
    /// The dump is one of `nginx -T`, which prints every file there is.
    whole: bool,
    left: usize,
}

impl Loader {
    fn spread(&mut self, directives: Vec<Directive>, depth: usize) -> Vec<Directive> {
        let mut all = Vec::with_capacity(directives.len());
        for mut directive in directives {
            self.left = self.left.saturating_sub(1);
            if let Some(block) = directive.block.take() {
                let end = block.end;
                directive.block = Some(Block::new(self.spread(block.directives, depth), end));
            }
            if directive.name != "include" || depth >= MAX_DEPTH || self.left == 0 {
                all.push(directive);
                continue;
            }
            let found = self.named(directive.arg(0));
            if found.is_empty() {
                // `nginx -T` prints every file; a pattern that none of them matches includes nothing.
                if !(self.whole && is_pattern(directive.arg(0))) {
                    all.push(directive);
                }
                continue;
            }
            for name in found {
                let inside = self.known.get(&name).cloned().unwrap_or_default();
                all.extend(self.spread(inside, depth + 1));
            }
        }
        all
    }

    fn named(&self, path: &str) -> Vec<String> {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", self.prefix) };
        if self.known.contains_key(&path) {
            return vec![path];
        }
        if !is_pattern(&path) {
            return Vec::new();
        }
        self.known.keys().filter(|name| fits(path.as_bytes(), name.as_bytes())).cloned().collect()
    }
}

fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// Whether a name fits a shell pattern; `*` and `?` take no slash. Sets in brackets are taken as one character of any kind.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut on) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        let next = name.get(on).copied();
        match (pattern.get(at), next) {
            (None, None) => return true,
            (Some(b'*'), _) => {
                back = Some((at + 1, on));
                at += 1;
                continue;
            }
            (Some(b'['), Some(byte)) if byte != b'/' => {
                let rest = pattern.get(at..).unwrap_or_default();
                at += rest.iter().position(|byte| *byte == b']').unwrap_or(0) + 1;
                on += 1;
                continue;
            }
            (Some(b'?'), Some(byte)) if byte != b'/' => {
                (at, on) = (at + 1, on + 1);
                continue;
            }
            (Some(wanted), Some(byte)) if *wanted == byte => {
                (at, on) = (at + 1, on + 1);
                continue;
            }
            _ => {}
        }
        // One more character for the last star.
        match back {
            Some((star, from)) if name.get(from).is_some_and(|byte| *byte != b'/') => {
                back = Some((star, from + 1));
                (at, on) = (star, from + 1);
            }
            _ => return false,
        }
    }
}

/// Files that come with nginx, or hold nothing but encryption and types.
const HARMLESS: &[&str] = &[
    "mime.types",
    "fastcgi_params",
    "fastcgi.conf",
    "fastcgi-php.conf",
    "proxy_params",
    "uwsgi_params",
    "scgi_params",
    "koi-utf",
    "koi-win",
    "win-utf",
    "options-ssl-nginx.conf",
    "ssl-params.conf",
    "snakeoil.conf",
];

/// Whether a missing file can change who gets in. Those that come with nginx cannot.
pub fn matters(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    !HARMLESS.contains(&name) && !path.contains("modules-enabled/") && !path.contains("/modules/")
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn names_fit_patterns_as_in_a_shell() {
        for (pattern, name, wanted) in [
            ("/etc/nginx/conf.d/*.conf", "/etc/nginx/conf.d/a.conf", true),
            ("/etc/nginx/conf.d/*.conf", "/etc/nginx/conf.d/sub/a.conf", false),
            ("/etc/nginx/*/*", "/etc/nginx/sites-enabled/default", true),
            ("/a/?.conf", "/a/b.conf", true),
            ("/a/[0-9].conf", "/a/5.conf", true),
            ("/a/*.conf", "/a/b.confx", false),
        ] {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), wanted, "{pattern} {name}");
        }
    }
}
