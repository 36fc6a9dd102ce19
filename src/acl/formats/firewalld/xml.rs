//! firewalld's files: zones, policies, ipsets, services and direct rules in XML. Each element keeps its line.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::super::super::{Family, File, Malformed, Place, Ranges};
use super::{
    model::{Config, Direct, Set, Target, Zone, ports},
    rich::{self, Piece},
    sets,
};

const ADVICE: &str = "copy the file of /etc/firewalld again as it is";

/// The root element of a file of firewalld's.
pub fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start_matches('\u{feff}');
    // Comments and the declaration come before it; there are few of them.
    for _ in 0..20 {
        rest = rest.split_once('<')?.1;
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
        } else if !rest.starts_with(['?', '!']) {
            let name = rest.split(|letter: char| !letter.is_ascii_alphanumeric()).next()?;
            return ["zone", "policy", "ipset", "service", "direct"].into_iter().find(|known| *known == name);
        }
    }
    None
}

/// Reads a file.
pub fn read(file: &File, index: usize, config: &mut Config) -> Result<(), Malformed> {
    let mut reader = Reader::from_str(&file.text);
    let lines = Lines::of(&file.text);
    let mut state = State { config, name: name(file), zone: None, rule: None, set: None, service: None, text: None };
    let mut open: Vec<String> = Vec::new();
    loop {
        let place = Place::new(index, lines.at(reader.buffer_position()));
        let event = reader.read_event().map_err(|error| {
            let line = lines.at(reader.error_position());
            Malformed::at(file, line, 1, format!("not XML: {error}"), ADVICE)
        })?;
        let bad = |what: String| Malformed::at(file, place.line, 1, format!("`{what}` is not understood"), ADVICE);
        match event {
            Event::Start(element) => {
                let piece = piece(&element).map_err(bad)?;
                open.push(piece.name.clone());
                state.start(piece, place).map_err(bad)?;
            }
            Event::Empty(element) => {
                let piece = piece(&element).map_err(bad)?;
                let name = piece.name.clone();
                state.start(piece, place).map_err(bad)?;
                state.end(&name);
            }
            Event::End(_) => {
                if let Some(name) = open.pop() {
                    state.end(&name);
                }
            }
            Event::Text(text) => {
                if let Some(kept) = &mut state.text {
                    kept.push_str(&text);
                }
            }
            Event::Eof => break,
            Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
    if let Some(name) = open.pop() {
        return Err(Malformed::at(file, 0, 0, format!("the file ends inside <{name}>"), ADVICE));
    }
    Ok(())
}

/// Lines of byte positions.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn at(&self, position: u64) -> u32 {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        u32::try_from(self.0.partition_point(|end| *end < position) + 1).unwrap_or(u32::MAX)
    }
}

/// A file is called like what is in it.
fn name(file: &File) -> String {
    let last = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.strip_suffix(".xml").unwrap_or(last).to_owned()
}

/// The error is the element with its broken attribute.
fn piece(element: &BytesStart<'_>) -> Result<Piece, String> {
    let name: &str = element.name().into_inner();
    let shown = || format!("<{}>", element.attributes_raw().trim().chars().take(60).collect::<String>());
    let mut attributes = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_broken| shown())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_broken| shown())?;
        let key: &str = attribute.key.as_ref();
        attributes.push((key.to_owned(), value.into_owned()));
    }
    Ok(Piece { name: name.to_owned(), attributes })
}

/// What is being read.
struct State<'a> {
    config: &'a mut Config,
    name: String,
    zone: Option<Zone>,
    rule: Option<(Vec<Piece>, Place)>,
    set: Option<(Set, Vec<String>)>,
    service: Option<(Ranges, Vec<String>)>,
    text: Option<String>,
}

impl State<'_> {
    fn start(&mut self, piece: Piece, place: Place) -> Result<(), String> {
        if let Some((pieces, _)) = &mut self.rule
            && piece.name != "rule"
        {
            pieces.push(piece);
            return Ok(());
        }
        let get = |name: &str| piece.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        if let Some((tcp, includes)) = &mut self.service {
            match (piece.name.as_str(), get("protocol")) {
                ("port", Some("tcp")) => *tcp = tcp.union(&ports(get("port").unwrap_or_default()).ok_or("port")?),
                ("include", _) => includes.extend(get("service").map(str::to_owned)),
                _ => {}
            }
            return Ok(());
        }
        if let Some((set, _)) = &mut self.set {
            match piece.name.as_str() {
                "option" => sets::option(set, get("name").unwrap_or_default(), get("value").unwrap_or_default()),
                "entry" => self.text = Some(String::new()),
                _ => {}
            }
            return Ok(());
        }
        if let Some(zone) = &mut self.zone {
            if piece.name == "rule" {
                self.rule = Some((vec![piece], place));
                return Ok(());
            }
            if piece.name == "forward" {
                (self.config.since_0_9, self.config.since_1_0) = (true, true);
            }
            return member(zone, &piece, place);
        }
        match piece.name.as_str() {
            "zone" | "policy" => {
                let mut zone = Zone::new(&self.name, place);
                if let Some(target) = get("target") {
                    zone.target.0 = Target::of(target).ok_or_else(|| target.to_owned())?;
                } else if piece.name == "policy" {
                    zone.target.0 = Target::Continue;
                }
                zone.priority = match get("ingress-priority").or(get("priority")) {
                    Some(text) => text.parse().map_err(|_not| text.to_owned())?,
                    None if piece.name == "policy" => -1,
                    None => 0,
                };
                if piece.name == "policy" {
                    self.config.since_0_9 = true;
                    zone.egress.push("-".to_owned());
                }
                self.config.head = self.config.head.or(Some(place));
                self.config.permanent = self.config.permanent.or(Some(place));
                self.zone = Some(zone);
            }
            "ipset" => {
                let kind = get("type").unwrap_or_default().to_owned();
                self.set = Some((Set { kind, ..Set::default() }, Vec::new()));
            }
            "service" => self.service = Some(Default::default()),
            "rule" | "passthrough" | "chain" => {
                let family = match get("ipv") {
                    Some("ipv4") => Some(Family::V4),
                    Some("ipv6") => Some(Family::V6),
                    _ => None,
                };
                // Bridges never see the packets of this host.
                if get("ipv") != Some("eb") && piece.name != "chain" {
                    let chain = get("chain").unwrap_or_default().to_owned();
                    let text = format!("{} ", get("table").unwrap_or_default());
                    self.config.direct.push(Direct { place, family, chain, text });
                    self.text = Some(String::new());
                }
            }
            "direct" => self.config.permanent = self.config.permanent.or(Some(place)),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match name {
            "rule" if self.rule.is_some() => {
                if let (Some(zone), Some((pieces, place))) = (&mut self.zone, self.rule.take()) {
                    match rich::elements(&pieces) {
                        Ok(rule) => zone.rules.push((rule, place)),
                        Err(what) => zone.strange.push((what, place)),
                    }
                }
            }
            "rule" | "passthrough" => {
                if let (Some(direct), Some(text)) = (self.config.direct.last_mut(), self.text.take()) {
                    direct.text.push_str(&text);
                }
            }
            "entry" => {
                if let (Some((_, entries)), Some(text)) = (&mut self.set, self.text.take()) {
                    entries.push(text.trim().to_owned());
                }
            }
            "zone" => self.config.zones.extend(self.zone.take()),
            "policy" => self.config.policies.extend(self.zone.take()),
            "ipset" => {
                if let Some((mut set, entries)) = self.set.take() {
                    sets::add(&mut set, entries.iter().map(String::as_str));
                    self.config.sets.insert(self.name.clone(), set);
                }
            }
            "service" if self.service.is_some() => {
                if let Some(service) = self.service.take() {
                    self.config.services.insert(self.name.clone(), service);
                }
            }
            _ => {}
        }
    }
}

fn member(zone: &mut Zone, piece: &Piece, place: Place) -> Result<(), String> {
    let get = |name: &str| piece.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let need = |name: &str| get(name).map(str::to_owned).ok_or_else(|| piece.name.clone());
    let port = || -> Result<_, String> {
        let list = need("port")?;
        Ok((ports(&list).ok_or(list)?, need("protocol")?, place))
    };
    match piece.name.as_str() {
        "interface" => zone.interfaces.push((need("name")?, place)),
        "source" => {
            let set = get("ipset").map(|name| format!("ipset:{name}"));
            let text = set.or_else(|| get("address").or(get("mac")).map(str::to_owned));
            zone.sources.push((text.ok_or_else(|| piece.name.clone())?, place));
        }
        "service" => zone.services.push((need("name")?, place)),
        "protocol" => zone.protocols.push((need("value")?, place)),
        "port" => zone.ports.push(port()?),
        "source-port" => zone.source_ports.push(port()?),
        "forward-port" => {
            let forward = rich::forward_port(get).ok_or_else(|| piece.name.clone())?;
            zone.forward_ports.push((forward, place));
        }
        "ingress-zone" => zone.ingress.push(need("name")?),
        "egress-zone" => zone.egress.push(need("name")?),
        _ => {}
    }
    Ok(())
}
