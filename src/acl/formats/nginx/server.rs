//! Servers and their sockets: which server answers on a port, to a name. What it answers is in `run`.

use std::net::IpAddr;

use super::{
    super::web::pattern::Pattern,
    token::{Block, Directive},
};
use crate::acl::{Family, Place};

/// A `server` block.
#[derive(Debug)]
pub struct Server<'a> {
    /// Its line.
    pub place: Place,
    /// What is in it.
    pub block: &'a Block,
    /// The `http` block around it.
    pub http: &'a Block,
    /// Its names, lower case.
    pub names: Vec<String>,
    /// Its sockets.
    pub listens: Vec<Listen>,
}

/// A `listen` line.
#[derive(Debug, Clone)]
pub struct Listen {
    /// Its line.
    pub place: Place,
    /// On which address; `None` for all of the family.
    pub address: Option<IpAddr>,
    /// The families it takes.
    pub families: Vec<Family>,
    /// First and last port.
    pub ports: (u16, u16),
    /// Answers to names that no server has.
    pub default: bool,
    /// Encrypted.
    pub ssl: bool,
}

impl<'a> Server<'a> {
    /// Reads a block.
    pub fn new(directive: &'a Directive, block: &'a Block, http: &'a Block) -> Self {
        let names: Vec<String> =
            block.all("server_name").flat_map(|line| &line.args).map(|name| lower_unless_pattern(name)).collect();
        let mut listens: Vec<Listen> = block.all("listen").filter_map(Listen::read).collect();
        if !block.has("listen") {
            listens.push(Listen::plain(directive.place, 80));
        }
        let encrypted = block.first("ssl").is_some_and(|line| line.arg(0) == "on");
        for listen in &mut listens {
            listen.ssl |= encrypted;
        }
        Self { place: directive.place, block, http, names, listens }
    }

    /// What it is called, for people.
    pub fn title(&self) -> &str {
        self.names.first().map_or("server", String::as_str)
    }
}

fn lower_unless_pattern(name: &str) -> String {
    if name.starts_with('~') { name.to_owned() } else { name.to_ascii_lowercase() }
}

impl Listen {
    /// All IPv4 addresses of a port.
    pub fn plain(place: Place, port: u16) -> Self {
        Self { place, address: None, families: vec![Family::V4], ports: (port, port), default: false, ssl: false }
    }

    /// Reads a line; nothing for sockets that no TCP connection from outside reaches.
    fn read(line: &Directive) -> Option<Self> {
        let (words, target) = (line.args.get(1..).unwrap_or_default(), line.arg(0));
        let has = |wanted: &str| words.iter().any(|word| word == wanted);
        if target.starts_with("unix:") || has("quic") || has("udp") || has("http3") {
            return None;
        }
        let ports = |text: &str| {
            let (from, to) = text.split_once('-').unwrap_or((text, text));
            Some((from.parse::<u16>().ok()?, to.parse::<u16>().ok()?))
        };
        let (host, ports) = if let Some(ports) = ports(target) {
            ("*", ports)
        } else if let Some((host, rest)) = target.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            (host, rest.strip_prefix(':').and_then(ports).unwrap_or((80, 80)))
        } else if let Some((host, port)) = target.rsplit_once(':') {
            (host, ports(port)?)
        } else {
            (target, (80, 80))
        };
        let address: Option<IpAddr> = match host {
            "localhost" => Some(IpAddr::from([127, 0, 0, 1])),
            host => host.parse().ok(),
        };
        let family = address.map_or(Family::V4, Family::of);
        let both = address.is_some_and(|address| address.is_unspecified() && address.is_ipv6()) && has("ipv6only=off");
        Some(Self {
            place: line.place,
            address: address.filter(|address| !address.is_unspecified()),
            families: if both { Family::BOTH.to_vec() } else { vec![family] },
            ports,
            default: has("default_server") || has("default"),
            ssl: has("ssl"),
        })
    }

    /// Whether it takes connections of a family to a port.
    pub fn takes(&self, family: Family, port: u16) -> bool {
        self.families.contains(&family) && (self.ports.0..=self.ports.1).contains(&port)
    }
}

/// How well a server's names fit a host; the largest wins. `None` where they do not. `Err` is a pattern nobody here can read.
pub fn fitness(server: &Server<'_>, host: &str) -> Result<Option<(u8, usize)>, String> {
    let mut best: Option<(u8, usize)> = None;
    for name in &server.names {
        let fit = if let Some(pattern) = name.strip_prefix('~') {
            match Pattern::new(pattern, true) {
                Some(pattern) => pattern.matches(host).then_some((1, 0)),
                None if best.is_none() => return Err(name.clone()),
                None => None,
            }
        } else if let Some(rest) = name.strip_prefix('*').filter(|rest| rest.starts_with('.')) {
            (host.len() > rest.len() && host.ends_with(rest)).then_some((3, rest.len()))
        } else if let Some(rest) = name.strip_prefix('.') {
            let exact = (host == rest).then_some((4, rest.len()));
            exact.or_else(|| host.ends_with(name.as_str()).then_some((3, name.len())))
        } else if let Some(rest) = name.strip_suffix('*').filter(|rest| rest.ends_with('.')) {
            host.starts_with(rest).then_some((2, rest.len()))
        } else {
            (name == host).then_some((4, name.len()))
        };
        best = best.max(fit);
    }
    Ok(best)
}
