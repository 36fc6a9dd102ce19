//! Which `location` a path belongs to, as `ngx_http_core_find_location` looks for it. What happens there is in `run`.

use super::{
    super::web::pattern::Pattern,
    token::{Block, Directive},
};

/// The location of a path.
#[derive(Debug)]
pub enum Found<'a> {
    /// From the outer to the inner; none where no location fits.
    Locations(Vec<&'a Directive>),
    /// The path lacks the slash at its end, and nginx redirects to the path that has it.
    Slash(&'a Directive),
    /// A pattern that nobody here can read comes before.
    Doubt(&'a Directive),
}

enum Kind<'a> {
    Exact(&'a str),
    Prefix(&'a str, bool),
    Pattern(&'a str, bool),
    Named,
}

fn kind(location: &Directive) -> Kind<'_> {
    let (first, second) = (location.arg(0), location.arg(1));
    match (first, second) {
        ("=", name) => Kind::Exact(name),
        ("^~", name) => Kind::Prefix(name, true),
        ("~", pattern) => Kind::Pattern(pattern, false),
        ("~*", pattern) => Kind::Pattern(pattern, true),
        // The sign may stand right before the name.
        (joined, _) => {
            if let Some(name) = joined.strip_prefix('=') {
                Kind::Exact(name)
            } else if let Some(name) = joined.strip_prefix("^~") {
                Kind::Prefix(name, true)
            } else if let Some(pattern) = joined.strip_prefix("~*") {
                Kind::Pattern(pattern, true)
            } else if let Some(pattern) = joined.strip_prefix('~') {
                Kind::Pattern(pattern, false)
            } else if joined.starts_with('@') {
                Kind::Named
            } else {
                Kind::Prefix(joined, false)
            }
        }
    }
}

/// The location of a path, in a server.
pub fn find<'a>(server: &'a Block, path: &str) -> Found<'a> {
    let mut search = Search { path: Vec::new(), end: None };
    search.look(server, path);
    search.end.unwrap_or(Found::Locations(search.path))
}

/// The named location `@name` of a server.
pub fn named<'a>(server: &'a Block, name: &str) -> Option<&'a Directive> {
    server.all("location").find(|location| location.arg(0) == name)
}

struct Search<'a> {
    path: Vec<&'a Directive>,
    end: Option<Found<'a>>,
}

impl<'a> Search<'a> {
    fn look(&mut self, block: &'a Block, path: &str) -> bool {
        let mut best: Option<(&'a Directive, &str, bool)> = None;
        let mut slash = None;
        for location in block.all("location") {
            match kind(location) {
                Kind::Exact(name) if name == path => {
                    self.path.push(location);
                    return true;
                }
                Kind::Exact(name) | Kind::Prefix(name, _) if adds_slash(location, name, path) => slash = Some(location),
                Kind::Prefix(name, last) if path.starts_with(name) => {
                    if best.is_none_or(|(_, before, _)| name.len() > before.len()) {
                        best = Some((location, name, last));
                    }
                }
                Kind::Exact(_) | Kind::Prefix(..) | Kind::Pattern(..) | Kind::Named => {}
            }
        }
        if let Some(location) = slash.filter(|_| best.is_none_or(|(_, name, _)| name != path)) {
            self.end = Some(Found::Slash(location));
            return true;
        }
        let depth = self.path.len();
        let mut patterns = true;
        if let Some((location, _, last)) = best {
            self.path.push(location);
            patterns = !last;
            if let Some(inside) = &location.block
                && self.look(inside, path)
            {
                return true;
            }
        }
        if patterns {
            for location in block.all("location") {
                let Kind::Pattern(pattern, ignore_case) = kind(location) else { continue };
                let Some(pattern) = Pattern::new(pattern, ignore_case) else {
                    self.end = Some(Found::Doubt(location));
                    return true;
                };
                if pattern.matches(path) {
                    self.path.truncate(depth);
                    self.path.push(location);
                    if let Some(inside) = &location.block {
                        self.look(inside, path);
                    }
                    return true;
                }
            }
        }
        false
    }
}

/// Locations that pass requests on and whose name ends in a slash redirect the path without it.
fn adds_slash(location: &Directive, name: &str, path: &str) -> bool {
    name.strip_suffix('/') == Some(path)
        && location.block.as_ref().is_some_and(|block| PASSES.iter().any(|name| block.has(name)))
}

/// Directives that pass requests on.
const PASSES: &[&str] = &["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass", "grpc_pass"];

/// Whether a block hands requests to something other than files.
pub fn handler(block: &Block) -> Option<&Directive> {
    const OTHERS: &[&str] = &[
        "stub_status",
        "empty_gif",
        "js_content",
        "perl",
        "flv",
        "mp4",
        "content_by_lua_block",
        "content_by_lua",
        "content_by_lua_file",
        "echo",
        "passenger_enabled",
        "push_stream_subscriber",
        "api",
    ];
    PASSES.iter().chain(OTHERS).find_map(|name| block.first(name))
}
