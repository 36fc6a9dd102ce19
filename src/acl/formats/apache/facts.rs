//! What Apache's variables hold for the request that is asked for: server variables, headers, the environment that
//! `SetEnvIf` makes. Sections and access are elsewhere.

use std::{cell::RefCell, collections::HashMap};

use super::{
    super::web::{
        address_pattern::source_matches,
        logic,
        pattern::Pattern,
        value::{self, Known, Value, joined, text, unknown},
    },
    line::Node,
};
use crate::acl::{Assumption, Condition, Doubt, Place, Reading, Sees};

/// What is known of the request.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What is asked.
    pub reading: &'a Reading,
    /// The client's address is a balancer's, but headers hold Kakao's.
    pub peer_hidden: bool,
    /// Whose address the conditions see.
    pub sees: Sees,
    /// What was taken for granted.
    pub assumptions: RefCell<Vec<Assumption>>,
}

/// A request at one point of its way.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The path, decoded.
    pub uri: String,
    /// The query.
    pub query: String,
    /// The server's port.
    pub port: u16,
    /// Encrypted.
    pub https: bool,
    /// The server's name.
    pub server_name: String,
    /// The environment: values of what is set.
    pub env: HashMap<String, Value>,
}

/// The value of an environment variable that is not set. No pattern and no text is like it.
const UNSET: &str = "\u{0}";

impl Facts<'_> {
    /// Takes something for granted.
    pub fn assume(&self, code: &'static str, place: Option<Place>, what: &str) {
        let assumption = Assumption { code, place, what: what.to_owned() };
        let mut all = self.assumptions.borrow_mut();
        if !all.contains(&assumption) {
            all.push(assumption);
        }
    }

    /// The address Apache takes for the client's.
    pub fn peer(&self) -> Value {
        if self.peer_hidden {
            unknown("address-behind-balancer", "")
        } else {
            vec![(Condition::ALWAYS, Known::Address)]
        }
    }

    /// A text with `%{NAME}` in it.
    pub fn expand(&self, template: &str, request: &Request) -> Value {
        let mut value = text("");
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("%{") {
            value = joined(&value, &text(before));
            let (name, left) = after.split_once('}').unwrap_or((after, ""));
            value = joined(&value, &self.variable(name, request));
            rest = left;
        }
        joined(&value, &text(rest))
    }

    /// A server variable.
    pub fn variable(&self, name: &str, request: &Request) -> Value {
        let asked = &self.reading.circumstances.request;
        if let Some((kind, name)) = name.split_once(':') {
            return match kind.to_ascii_uppercase().as_str() {
                "HTTP" | "REQ" => self.header(name),
                "ENV" | "REQENV" => {
                    let value = Self::env(name, request);
                    value::tidy(value.into_iter().map(|(when, known)| match known {
                        Known::Text(text) if text == UNSET => (when, Known::Text(String::new())),
                        known => (when, known),
                    }))
                }
                _ => unknown("variable", format!("%{{{kind}:{name}}}")),
            };
        }
        let upper = name.to_ascii_uppercase();
        match upper.as_str() {
            "REMOTE_ADDR" => self.peer(),
            "CONN_REMOTE_ADDR" if self.reading.sees == Sees::Direct => self.peer(),
            "CONN_REMOTE_ADDR" => unknown("address-behind-balancer", name),
            "HTTP_USER_AGENT" => text(asked.user_agent.clone()),
            "HTTP_HOST" => self.header("Host"),
            "HTTP_REFERER"
            | "HTTP_COOKIE"
            | "HTTP_ACCEPT"
            | "HTTP_FORWARDED"
            | "HTTP_X_FORWARDED_FOR"
            | "HTTP_PROXY_CONNECTION" => self.header(&upper.trim_start_matches("HTTP_").replace('_', "-")),
            "SERVER_NAME" => text(request.server_name.clone()),
            "SERVER_PORT" => text(request.port.to_string()),
            "HTTPS" => text(if request.https { "on" } else { "off" }),
            "REQUEST_SCHEME" => text(if request.https { "https" } else { "http" }),
            "REQUEST_METHOD" => text("GET"),
            "REQUEST_URI" => text(request.uri.clone()),
            "QUERY_STRING" => text(request.query.clone()),
            "THE_REQUEST" => text(format!("GET {} HTTP/1.1", asked.path)),
            "REMOTE_USER" | "REMOTE_IDENT" | "AUTH_TYPE" => text(""),
            "REMOTE_HOST" => unknown("hostname", "%{REMOTE_HOST}"),
            "SERVER_ADDR" => match self.reading.circumstances.server {
                Some(server) => text(server.to_string()),
                None => unknown("server-address-unknown", "%{SERVER_ADDR}"),
            },
            "REQUEST_FILENAME" | "SCRIPT_FILENAME" | "DOCUMENT_ROOT" | "PATH_INFO" => {
                unknown("path-unknown", format!("%{{{name}}}"))
            }
            _ if upper.starts_with("TIME") => unknown("time", format!("%{{{name}}}")),
            _ if upper.starts_with("GEOIP") || upper.starts_with("MM_") => unknown("geo", format!("%{{{name}}}")),
            _ => unknown("variable", format!("%{{{name}}}")),
        }
    }

    /// A request header.
    pub fn header(&self, name: &str) -> Value {
        let asked = &self.reading.circumstances.request;
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "user-agent" => text(asked.user_agent.clone()),
            "host" => match &asked.host {
                Some(host) => text(host.clone()),
                None => unknown("host-unknown", "Host"),
            },
            "referer" if is_image(&asked.path) => unknown("header", "Referer"),
            "referer" | "cookie" | "authorization" | "forwarded" | "proxy-connection" => text(""),
            "x-forwarded-for" | "x-real-ip" | "cf-connecting-ip" | "true-client-ip" | "x-client-ip" => {
                match self.reading.sees {
                    Sees::Direct => text(""),
                    Sees::Header => vec![(Condition::ALWAYS, Known::Address)],
                    Sees::Balancer(_) => unknown("header", name),
                }
            }
            _ if lower.starts_with("x-") && self.reading.sees == Sees::Direct => text(""),
            _ => unknown("header", name),
        }
    }

    fn env(name: &str, request: &Request) -> Value {
        match request.env.get(name) {
            Some(value) => value.clone(),
            None if name.starts_with("GEOIP") || name.starts_with("MM_") => unknown("geo", name),
            None if name == "HTTPS" => text(if request.https { "on" } else { UNSET }),
            None => text(UNSET),
        }
    }

    /// When an environment variable is set.
    pub fn is_set(name: &str, request: &Request) -> Condition {
        value::test(&Self::env(name, request), |text| text != UNSET, || Condition::ALWAYS)
    }

    /// Runs a `SetEnvIf`, `BrowserMatch` or the like.
    pub fn set_env(&self, line: &Node, request: &mut Request) {
        let (attribute, pattern, names) = match line.name.as_str() {
            "setenvif" | "setenvifnocase" => (line.arg(0), line.arg(1), line.args.get(2..)),
            "browsermatch" | "browsermatchnocase" => ("User-Agent", line.arg(0), line.args.get(1..)),
            "setenvifexpr" => {
                let when = super::expr::evaluate(line.arg(0), self, request);
                return Self::assign(line.args.get(1..).unwrap_or_default(), &when, request);
            }
            _ => return,
        };
        let subject = match attribute.to_ascii_lowercase().as_str() {
            "remote_addr" => self.peer(),
            "remote_host" => unknown("hostname", attribute),
            "request_uri" => text(request.uri.clone()),
            "request_method" => text("GET"),
            "request_protocol" => unknown("header", attribute),
            "server_addr" => self.variable("SERVER_ADDR", request),
            _ if request.env.contains_key(attribute) || attribute.starts_with("GEOIP") => {
                self.variable(&format!("ENV:{attribute}"), request)
            }
            _ => self.header(attribute),
        };
        let when = matches(&subject, pattern, line.name.ends_with("nocase"));
        Self::assign(names.unwrap_or_default(), &when, request);
    }

    fn assign(names: &[String], when: &Condition, request: &mut Request) {
        for word in names {
            let (name, new) = match word.strip_prefix('!') {
                Some(name) => (name, UNSET),
                None => word.split_once('=').unwrap_or((word, "1")),
            };
            let old = Self::env(name, request);
            request.env.insert(name.to_owned(), value::replaced(&old, when, text(new)));
        }
    }
}

/// When a value matches a pattern.
pub fn matches(value: &Value, pattern: &str, ignore_case: bool) -> Condition {
    let Some(compiled) = Pattern::new(pattern, ignore_case) else {
        return Condition::Unknown(Doubt::new("expression", pattern));
    };
    value::test(value, |text| text != UNSET && compiled.matches(text), || source_matches(pattern, ignore_case))
}

/// When a value is a text.
pub fn is(value: &Value, wanted: &str) -> Condition {
    let address = || match wanted.parse::<std::net::IpAddr>() {
        Ok(_) => crate::acl::Addresses::parse(wanted).map_or(Condition::NEVER, logic::source),
        Err(_not) => Condition::NEVER,
    };
    value::test(value, |text| text == wanted, address)
}

fn is_image(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp"].iter().any(|ending| path.ends_with(ending))
}
