//! The list of Kakao's ranges that is asked about: the answer of Kakao's `GET /v1/system/ips`, a plain list of networks, or the
//! networks that Kakao announces (which is not the official list, and says so).

use std::net::IpAddr;

use ipnet::IpNet;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Addresses, File, Malformed};

/// Where a list is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The answer of Kakao's API.
    Api,
    /// A plain list of networks, from the user.
    File,
    /// Networks that Kakao announces by BGP: plausible, not the official list.
    Announced,
}

/// A list of ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RangeList {
    /// Where it is from.
    pub origin: Origin,
    /// What it is called, for people.
    pub name: String,
    /// The day it was made, `YYYY-MM-DD`, where it says so.
    pub updated: Option<String>,
    /// The ranges.
    pub ranges: Vec<Listed>,
    /// What is said of each service beside its ranges, in the list's order; empty where no services are told apart.
    pub services: Vec<Service>,
    /// Ranges that a site's own server calls, as far as they can be read: nobody comes from them.
    pub outbound: Vec<Listed>,
}

/// What a list says of a service beside its ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// `scrap`, `callback`; of those that are called, a URL.
    pub name: String,
    /// Who calls whom.
    pub direction: Direction,
    /// Its ports.
    pub ports: Vec<u16>,
    /// The day its ranges were last changed, as the list writes it.
    pub updated: Option<String>,
    /// Keys that this program does not know; the list is kept with them.
    pub unknown: Vec<String>,
}

/// Who calls whom, seen from the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Kakao calls the site.
    Inbound,
    /// The site calls Kakao.
    Outbound,
}

/// One range of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The network.
    pub network: IpNet,
    /// Which of Kakao's services it is: `scrap`, `callback`.
    pub service: String,
    /// Ports this service asks for; empty where the list does not say.
    pub ports: Vec<u16>,
    /// Whether and when it comes or goes.
    pub change: Option<Change>,
}

/// A change that the list announces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    /// Comes or goes.
    pub kind: ChangeKind,
    /// The day, as the list writes it.
    pub date: Option<String>,
}

/// Whether a range comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// It will be in use from the day on.
    Addition,
    /// It will be out of use from the day on.
    Exclusion,
}

/// What a list without a service is taken for.
const SCRAP: &str = "scrap";

impl RangeList {
    /// Reads a list: JSON if it starts like JSON, else one network a line, `#` comments. `max` bounds its ranges.
    pub fn parse(file: &File, max: usize) -> Result<Self, Malformed> {
        let list = if file.text.trim_start().starts_with(['{', '[']) { json(file)? } else { plain(file)? };
        if list.ranges.is_empty() {
            return Err(Malformed::at(file, 0, 0, "there is no range in it", RANGES_ADVICE));
        }
        if list.ranges.len() > max {
            let what = format!("{} ranges are more than {max}", list.ranges.len());
            return Err(Malformed::at(file, 0, 0, what, "raise acl.max_ranges, or check that this is the right file"));
        }
        Ok(list)
    }

    /// Networks that Kakao announces, as of a day: not the official list.
    pub fn announced(networks: impl IntoIterator<Item = IpNet>, updated: &str) -> Self {
        let ranges = networks.into_iter().map(|network| Listed {
            network,
            service: SCRAP.to_owned(),
            ports: Vec::new(),
            change: None,
        });
        let name = "config/kakao.toml".to_owned();
        Self {
            origin: Origin::Announced,
            name,
            updated: Some(updated.to_owned()),
            ranges: ranges.collect(),
            services: Vec::new(),
            outbound: Vec::new(),
        }
    }

    /// All addresses of the list.
    pub fn addresses(&self) -> Addresses {
        self.ranges.iter().map(|range| range.network).collect()
    }
}

const RANGES_ADVICE: &str = "give the JSON of Kakao's GET /v1/system/ips, or one network a line, such as 27.0.236.0/22";

fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from)).map(|network: IpNet| network.trunc())
}

fn plain(file: &File) -> Result<RangeList, Malformed> {
    let mut ranges = Vec::new();
    for (number, line) in file.lines() {
        let line = line.trim_start_matches('\u{feff}');
        let text = line.split('#').next().unwrap_or_default().trim().trim_end_matches(',');
        if text.is_empty() {
            continue;
        }
        let network = network(text)
            .ok_or_else(|| Malformed::at(file, number, 1, format!("`{text}` is not a network"), RANGES_ADVICE))?;
        ranges.push(Listed { network, service: SCRAP.to_owned(), ports: Vec::new(), change: None });
    }
    Ok(RangeList { ranges, ..empty(file, Origin::File) })
}

fn empty(file: &File, origin: Origin) -> RangeList {
    RangeList {
        origin,
        name: file.name.to_string(),
        updated: None,
        ranges: Vec::new(),
        services: Vec::new(),
        outbound: Vec::new(),
    }
}

fn json(file: &File) -> Result<RangeList, Malformed> {
    let value: Value = serde_json::from_str(&file.text).map_err(|error| {
        let line = u32::try_from(error.line()).unwrap_or(0);
        let column = u32::try_from(error.column()).unwrap_or(0);
        Malformed::at(file, line, column, format!("not JSON: {error}"), RANGES_ADVICE)
    })?;
    if let (Some(message), None) = (value.get("msg").and_then(Value::as_str), value.get("inbound")) {
        let what = format!("this is an error answer of Kakao's API: {message}");
        return Err(Malformed::at(file, 0, 0, what, "ask again with a valid app key, then give the answer"));
    }
    let mut list = empty(file, Origin::Api);
    // A list of strings is a plain list in brackets.
    if let Some(items) = value.as_array().filter(|items| items.iter().all(Value::is_string)) {
        list.origin = Origin::File;
        read_ips(file, items, SCRAP, &[], None, &mut list.ranges)?;
        return Ok(list);
    }
    list.updated = text_of(&value, "updatedDate");
    let services = value.get("inbound").unwrap_or(&value).as_array().ok_or_else(|| {
        Malformed::at(file, 0, 0, "there is no list `inbound` in it: Kakao's callers are listed there", RANGES_ADVICE)
    })?;
    for said in services {
        let service = service(said, Direction::Inbound);
        read_service(file, said, &service, &mut list.ranges)?;
        list.services.push(service);
    }
    for said in value.get("outbound").and_then(Value::as_array).into_iter().flatten() {
        let service = service(said, Direction::Outbound);
        let mut ranges = Vec::new();
        // Nobody comes from there: what is wrong with it must not keep the callers from being read.
        if read_service(file, said, &service, &mut ranges).is_ok() {
            list.outbound.append(&mut ranges);
        }
        list.services.push(service);
    }
    Ok(list)
}

fn text_of(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn service(said: &Value, direction: Direction) -> Service {
    let ports = said.get("ports").and_then(Value::as_array).into_iter().flatten();
    let keys = said.as_object().into_iter().flat_map(serde_json::Map::keys);
    Service {
        name: text_of(said, "service").unwrap_or_else(|| SCRAP.to_owned()),
        direction,
        ports: ports.filter_map(Value::as_u64).filter_map(|port| u16::try_from(port).ok()).collect(),
        updated: text_of(said, "updatedDate"),
        unknown: keys.filter(|key| !SERVICE_KEYS.contains(&key.as_str())).cloned().collect(),
    }
}

const SERVICE_KEYS: [&str; 6] = ["service", "ips", "ports", "addition", "exclusion", "updatedDate"];

fn read_service(file: &File, said: &Value, service: &Service, ranges: &mut Vec<Listed>) -> Result<(), Malformed> {
    let Service { name, ports, .. } = service;
    if let Some(ips) = said.get("ips").and_then(Value::as_array) {
        read_ips(file, ips, name, ports, None, ranges)?;
    }
    for (key, kind) in [("addition", ChangeKind::Addition), ("exclusion", ChangeKind::Exclusion)] {
        // One change or several; its fields are not documented in full, so any list of networks and any date will do.
        let changes = match said.get(key) {
            Some(Value::Array(changes)) => changes.iter().collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(change) => vec![change],
        };
        for change in changes {
            let mut ips = Vec::new();
            let mut date = None;
            gather(change, &mut ips, &mut date);
            let change = Change { kind, date };
            match kind {
                ChangeKind::Addition => read_ips(file, &ips, name, ports, Some(&change), ranges)?,
                ChangeKind::Exclusion => exclude(file, &ips, name, &change, ranges)?,
            }
        }
    }
    Ok(())
}

/// Networks and the first date in a change, wherever they stand.
fn gather(change: &Value, ips: &mut Vec<Value>, date: &mut Option<String>) {
    match change {
        Value::Array(items) => items.iter().for_each(|item| gather(item, ips, date)),
        Value::Object(fields) => fields.values().for_each(|field| gather(field, ips, date)),
        Value::String(text) if network(text).is_some() || text.contains('/') && text.contains(['.', ':']) => {
            ips.push(change.clone());
        }
        Value::String(text) if text.bytes().filter(u8::is_ascii_digit).count() >= 8 => {
            date.get_or_insert_with(|| text.clone());
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn read_ips(
    file: &File,
    ips: &[Value],
    service: &str,
    ports: &[u16],
    change: Option<&Change>,
    ranges: &mut Vec<Listed>,
) -> Result<(), Malformed> {
    for ip in ips {
        let text = ip.as_str().unwrap_or_default();
        let network = network(text).ok_or_else(|| not_a_network(file, ip))?;
        let (service, ports) = (service.to_owned(), ports.to_vec());
        ranges.push(Listed { network, service, ports, change: change.cloned() });
    }
    Ok(())
}

/// Marks the ranges that go; one that is not listed as a whole is listed on its own.
fn exclude(
    file: &File,
    ips: &[Value],
    service: &str,
    change: &Change,
    ranges: &mut Vec<Listed>,
) -> Result<(), Malformed> {
    for ip in ips {
        let network = network(ip.as_str().unwrap_or_default()).ok_or_else(|| not_a_network(file, ip))?;
        match ranges.iter_mut().find(|range| range.network == network && range.service == service) {
            Some(range) => range.change = Some(change.clone()),
            None => ranges.push(Listed {
                network,
                service: service.to_owned(),
                ports: Vec::new(),
                change: Some(change.clone()),
            }),
        }
    }
    Ok(())
}

fn not_a_network(file: &File, value: &Value) -> Malformed {
    let shown = value.to_string();
    let line = file.lines().find(|(_, line)| line.contains(&shown)).map_or(0, |(number, _)| number);
    Malformed::at(file, line, 0, format!("{shown} is not a network"), RANGES_ADVICE)
}
