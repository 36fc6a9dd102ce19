//! What the whole configuration defines: maps, geo blocks, variables nobody can know, and whose address nginx sees. What the
//! variables hold is in `value`.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use super::{
    geo::GeoTable,
    map::MapTable,
    token::{Block, Directive},
};
use crate::acl::{Assumption, Doubt, Place, Reading, Sees};

/// The configuration's definitions.
#[derive(Debug)]
pub struct World<'a> {
    /// What is asked.
    pub reading: &'a Reading,
    maps: HashMap<&'a str, &'a Directive>,
    geos: HashMap<&'a str, &'a Directive>,
    read_maps: RefCell<HashMap<String, Rc<MapTable>>>,
    read_geos: RefCell<HashMap<String, Rc<GeoTable>>>,
    /// Variables whose value the files do not tell.
    pub opaque: HashMap<String, Doubt>,
    /// Names of variables that `set` makes.
    pub set_names: HashSet<&'a str>,
    /// The client's address is a balancer's, but headers hold Kakao's.
    pub peer_hidden: bool,
    /// A socket speaks the PROXY protocol.
    pub proxy_protocol: bool,
    /// Values to suppose, whatever the files say.
    pub forced: HashMap<String, String>,
    /// Whose address the conditions see.
    pub sees: Sees,
    /// What that takes for granted.
    pub assumptions: Vec<Assumption>,
}

impl<'a> World<'a> {
    /// Collects what the blocks define.
    pub fn new(top: &'a Block, reading: &'a Reading) -> Self {
        let mut world = Self {
            reading,
            maps: HashMap::new(),
            geos: HashMap::new(),
            read_maps: RefCell::default(),
            read_geos: RefCell::default(),
            opaque: HashMap::new(),
            set_names: HashSet::new(),
            peer_hidden: false,
            proxy_protocol: false,
            forced: HashMap::new(),
            sees: reading.sees.clone(),
            assumptions: Vec::new(),
        };
        let mut real_ip: Option<Place> = None;
        let mut reads_header = false;
        let mut plain: Option<Place> = None;
        let mut open = vec![top];
        while let Some(block) = open.pop() {
            for directive in &block.directives {
                world.define(directive);
                reads_header |=
                    directive.args.iter().any(|word| ADDRESS_HEADERS.iter().any(|name| word.contains(name)));
                match directive.name.as_str() {
                    "set_real_ip_from" => real_ip = real_ip.or(Some(directive.place)),
                    "listen" if directive.args.iter().any(|word| word == "proxy_protocol") => {
                        world.proxy_protocol = true;
                        plain = plain.or(Some(directive.place));
                    }
                    _ => {}
                }
                if let Some(block) = &directive.block
                    && directive.name != "map"
                    && directive.name != "geo"
                {
                    open.push(block);
                }
            }
        }
        world.settle(real_ip, reads_header, plain);
        world
    }

    /// Whose address nginx sees.
    fn settle(&mut self, real_ip: Option<Place>, reads_header: bool, proxy_protocol: Option<Place>) {
        let assume = |code, place| Assumption { code, place, what: String::new() };
        match (&self.reading.sees, real_ip) {
            (Sees::Balancer(_), _) => {}
            (Sees::Direct, None) if proxy_protocol.is_none() => {}
            // Someone in front says whose visit it is; the list is judged for Kakao's address as it arrives that way.
            (Sees::Direct, Some(place)) => self.assumptions.push(assume("address-behind-proxy", Some(place))),
            (Sees::Header, Some(place)) => self.assumptions.push(assume("header-trusted", Some(place))),
            (Sees::Direct | Sees::Header, None) => {
                // Nothing tells nginx to take the address from the header: it sees the balancer's.
                self.assumptions.push(assume("address-behind-proxy", proxy_protocol));
                if reads_header {
                    self.peer_hidden = true;
                } else {
                    self.sees = Sees::Balancer(None);
                }
            }
        }
    }

    fn define(&mut self, directive: &'a Directive) {
        let name = |word: &'a str| word.trim_start_matches('$');
        let last = directive.args.last().map_or("", |word| name(word));
        let variable = |what: &str| Doubt::new("variable", format!("${what}"));
        match directive.name.as_str() {
            "map" if directive.block.is_some() => {
                self.maps.insert(last, directive);
            }
            "geo" if directive.block.is_some() => {
                self.geos.insert(last, directive);
            }
            "set" => {
                self.set_names.insert(name(directive.arg(0)));
            }
            "geoip2" => {
                for line in directive.block.iter().flat_map(|block| &block.directives) {
                    if let Some(made) = line.name.strip_prefix('$') {
                        self.opaque.insert(made.to_owned(), Doubt::new("geo", line.name.clone()));
                    }
                }
            }
            "split_clients" => {
                self.opaque.insert(last.to_owned(), variable(last));
            }
            "perl_set" | "js_set" | "js_var" | "auth_request_set" | "secure_link" => {
                let made = name(directive.arg(0));
                self.opaque.insert(made.to_owned(), variable(made));
            }
            other if other.starts_with("set_by_lua") => {
                let made = name(directive.arg(0));
                self.opaque.insert(made.to_owned(), variable(made));
            }
            _ => {}
        }
    }

    /// The map that defines a variable.
    pub fn map(&self, name: &str) -> Option<Rc<MapTable>> {
        if let Some(known) = self.read_maps.borrow().get(name) {
            return Some(Rc::clone(known));
        }
        let table = Rc::new(MapTable::read(self.maps.get(name)?)?);
        self.read_maps.borrow_mut().insert(name.to_owned(), Rc::clone(&table));
        Some(table)
    }

    /// The geo block that defines a variable.
    pub fn geo(&self, name: &str) -> Option<Rc<GeoTable>> {
        if let Some(known) = self.read_geos.borrow().get(name) {
            return Some(Rc::clone(known));
        }
        let table = Rc::new(GeoTable::read(self.geos.get(name)?)?);
        self.read_geos.borrow_mut().insert(name.to_owned(), Rc::clone(&table));
        Some(table)
    }

    /// The line of the geo block that defines a variable.
    pub fn geo_block(&self, name: &str) -> Option<&'a Directive> {
        self.geos.get(name).copied()
    }

    /// The names of the geo blocks.
    pub fn geo_names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.geos.keys().copied()
    }
}

/// Variables that hold Kakao's address where a proxy in front puts it there.
const ADDRESS_HEADERS: &[&str] = &[
    "http_x_forwarded_for",
    "http_x_real_ip",
    "http_cf_connecting_ip",
    "http_true_client_ip",
    "http_x_client_ip",
    "proxy_protocol_addr",
];
