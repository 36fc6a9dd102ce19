//! What an ACL asks for, where a request of Kakao's is known well enough to answer: addresses, path, host, user agent, method,
//! port. Everything else is a doubt with its own word.

use std::{collections::HashMap, sync::Arc};

use super::text::{Method, texts_match};
use crate::acl::{Addresses, Condition, Doubt, Ranges};

/// Where the client's address that rules see comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// It is Kakao's, or the balancer's where the layer sees one.
    Seen,
    /// It may be another's: the code of a doubt, and what.
    Doubtful(&'static str, &'static str),
}

/// What is known of the request where a rule stands.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// `src`.
    pub client: Client,
    /// The header that the proxy in front sets can be believed.
    pub header_trusted: bool,
    /// The path without the query.
    pub path: Option<&'a str>,
    /// `Host`.
    pub host: Option<&'a str>,
    /// `User-Agent`.
    pub agent: Option<&'a str>,
    /// Ports that speak TLS; `None` where the same port does and does not.
    pub tls: Option<Ranges>,
    /// Lists that were given, by the end of their names.
    pub lists: &'a Lists,
}

/// Lists of patterns, each read once.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    by_name: HashMap<String, List>,
}

#[derive(Debug, Clone)]
struct List {
    patterns: Vec<String>,
    addresses: Option<Arc<Addresses>>,
}

impl Lists {
    /// Takes a file of patterns.
    pub fn take(&mut self, name: &str, text: &str) {
        let lines = text.lines().map(|line| line.trim_start_matches('\u{feff}').trim());
        let patterns: Vec<String> =
            lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect();
        let parsed: Option<Vec<Addresses>> = patterns.iter().map(|pattern| Addresses::parse(pattern).ok()).collect();
        let addresses = parsed.map(|all| Arc::new(joined(&all)));
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        self.by_name.insert(last.to_owned(), List { patterns, addresses });
    }

    fn named(&self, path: &str) -> Option<&List> {
        self.by_name.get(path.rsplit('/').next().unwrap_or(path))
    }
}

fn joined(all: &[Addresses]) -> Addresses {
    Addresses {
        v4: all.iter().flat_map(|one| one.v4.iter()).collect(),
        v6: all.iter().flat_map(|one| one.v6.iter()).collect(),
    }
}

/// The words of an ACL apart: what is asked for, how it is compared, and with what.
struct Asked<'a> {
    name: String,
    argument: Option<String>,
    converters: Vec<&'a str>,
    method: Option<String>,
    fold: bool,
    values: Vec<&'a str>,
    files: Vec<&'a str>,
    odd: bool,
}

fn asked(words: &[String]) -> Option<Asked<'_>> {
    let (first, mut rest) = words.split_first()?;
    let mut pieces = first.split(',');
    let fetch = pieces.next()?;
    let (name, argument) = match fetch.split_once('(') {
        Some((name, argument)) => (name, Some(argument.trim_end_matches(')').to_lowercase())),
        None => (fetch, None),
    };
    let mut asked = Asked {
        name: name.strip_prefix("req.").unwrap_or(name).to_owned(),
        argument,
        converters: pieces.collect(),
        method: None,
        fold: false,
        values: Vec::new(),
        files: Vec::new(),
        odd: false,
    };
    while let Some((word, after)) = rest.split_first() {
        let mut used = 0;
        match word.as_str() {
            "-i" => asked.fold = true,
            "-n" => {}
            "-m" => {
                asked.method = after.first().cloned();
                used = 1;
            }
            "-f" => {
                asked.files.extend(after.first().map(String::as_str));
                used = 1;
            }
            "--" => {
                asked.values.extend(after.iter().map(String::as_str));
                break;
            }
            flag if flag.starts_with('-') && flag.len() == 2 => asked.odd = true,
            _ => {
                asked.values.extend(rest.iter().map(String::as_str));
                break;
            }
        }
        rest = after.get(used..).unwrap_or_default();
    }
    Some(asked)
}

/// Whether a request meets an ACL's words.
pub fn criterion(words: &[String], known: &Known<'_>) -> Condition {
    let unknown = |code| Condition::unknown(code, words.join(" "));
    let Some(asked) = asked(words).filter(|asked| !asked.odd) else { return unknown("expression") };
    let name = asked.name.as_str();
    let is_ip = |method: &Option<String>| method.as_deref().is_none_or(|method| method == "ip");
    match name {
        "src" if asked.converters.is_empty() && is_ip(&asked.method) => match known.client {
            Client::Seen => networks(&asked, known, Condition::Source),
            Client::Doubtful(code, what) => Condition::unknown(code, what),
        },
        "dst" if asked.converters.is_empty() && is_ip(&asked.method) => networks(&asked, known, Condition::Destination),
        "hdr_ip" | "fhdr_ip" if is_ip(&asked.method) && known.header_trusted => {
            networks(&asked, known, Condition::Source)
        }
        "hdr_ip" | "fhdr_ip" => unknown("header"),
        "dst_port" if asked.converters.is_empty() => {
            ports(&asked.values).map_or_else(|| unknown("expression"), Condition::DestinationPort)
        }
        "src_port" => unknown("client-port"),
        "always_true" => Condition::ALWAYS,
        "ssl_fc" if asked.values.is_empty() => {
            known.tls.clone().map_or_else(|| unknown("expression"), Condition::DestinationPort)
        }
        "method" if asked.files.is_empty() && asked.method.is_none() => {
            sure(asked.values.iter().any(|value| *value == "GET" || (asked.fold && value.eq_ignore_ascii_case("get"))))
        }
        // Kakao sends no user name.
        "always_false" | "http_auth" | "http_auth_group" => Condition::NEVER,
        "var" => unknown("variable"),
        "date" | "hour" => unknown("time"),
        _ if ["sc_", "sc0_", "sc1_", "sc2_", "src_", "table_", "fe_", "be_"]
            .iter()
            .any(|start| name.starts_with(start)) =>
        {
            unknown("limit")
        }
        _ => text(&asked, known, &unknown),
    }
}

fn sure(holds: bool) -> Condition {
    if holds { Condition::ALWAYS } else { Condition::NEVER }
}

/// Addresses of values and files.
fn networks(asked: &Asked<'_>, known: &Known<'_>, side: fn(Arc<Addresses>) -> Condition) -> Condition {
    let mut parts = Vec::new();
    let mut found = Vec::new();
    for value in &asked.values {
        match Addresses::parse(value) {
            Ok(addresses) if !value.contains('-') => found.push(addresses),
            _ if value.contains(['$', '%']) => parts.push(Condition::unknown("variable", *value)),
            _ => parts.push(Condition::unknown("hostname", *value)),
        }
    }
    if !found.is_empty() {
        parts.push(side(Arc::new(joined(&found))));
    }
    for path in &asked.files {
        parts.push(match known.lists.named(path) {
            Some(List { addresses: Some(addresses), .. }) => side(Arc::clone(addresses)),
            Some(List { addresses: None, .. }) => Condition::Unknown(Doubt::new("not-understood", *path)),
            None => Condition::unknown("file-missing", *path),
        });
    }
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => Condition::Any(parts.into_iter().chain(last).collect()),
    }
}

/// Ports of `443`, `80:90`, `eq 443`, `ge 1024`.
fn ports(values: &[&str]) -> Option<Ranges> {
    let mut operator = "eq";
    let mut found = Vec::new();
    for value in values {
        if ["eq", "ge", "gt", "le", "lt"].contains(value) {
            operator = value;
            continue;
        }
        let (from, to) = value.split_once(':').unwrap_or((value, value));
        let (from, to): (u16, u16) = (from.parse().ok()?, to.parse().ok()?);
        let (from, to) = (u128::from(from), u128::from(to));
        found.push(match operator {
            "ge" => (from, 65_535),
            "gt" => (from + 1, 65_535),
            "le" => (0, to),
            "lt" if to == 0 => return None,
            "lt" => (0, to - 1),
            _ => (from, to),
        });
    }
    (!found.is_empty()).then(|| found.into_iter().collect())
}

/// Path, host, user agent.
fn text(asked: &Asked<'_>, known: &Known<'_>, unknown: &dyn Fn(&'static str) -> Condition) -> Condition {
    let (base, suffix) = match asked.name.rsplit_once('_') {
        Some((base, suffix)) if Method::of(suffix).is_some() => (base, Some(suffix)),
        _ => (asked.name.as_str(), None),
    };
    let Some(method) = Method::of(asked.method.as_deref().or(suffix).unwrap_or("str")) else {
        return unknown("expression");
    };
    let header = asked.argument.as_deref().map(|argument| argument.split(',').next().unwrap_or(argument));
    let (value, missing, parted) = match (base, header) {
        ("path", None) => (known.path, "path-unknown", false),
        ("hdr" | "fhdr", Some("host")) => (known.host, "host-unknown", base == "hdr"),
        ("ssl_fc_sni" | "ssl_sni" | "req_ssl_sni", None) => (known.host, "host-unknown", false),
        ("hdr" | "fhdr", Some("user-agent")) => (known.agent, "header", base == "hdr"),
        ("hdr" | "fhdr", _) => return unknown("header"),
        ("url", None) => return unknown("path-unknown"),
        _ => return unknown("expression"),
    };
    let Some(value) = value else { return unknown(missing) };
    let lower = asked.converters.iter().all(|converter| *converter == "lower");
    if !lower {
        return unknown("expression");
    }
    let lowered;
    let value = if asked.converters.is_empty() {
        value
    } else {
        lowered = value.to_lowercase();
        &lowered
    };
    let mut patterns = asked.values.clone();
    for path in &asked.files {
        let Some(list) = known.lists.named(path) else { return unknown("file-missing") };
        patterns.extend(list.patterns.iter().map(String::as_str));
    }
    let values: Vec<&str> = if parted { value.split(',').map(str::trim).collect() } else { vec![value] };
    texts_match(&values, method, &patterns, asked.fold).map_or_else(|| unknown("expression"), sure)
}
