//! The use case of the firewall check: dumps and a list of ranges in, who gets in or what to change out. The command line and the
//! HTTP API ask here; how a dialect is read and a verdict found is `acl`'s. Nothing is fetched, kept or logged.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::{
    acl::{
        self, Addresses, CheckError, Circumstances, Dump, File, Layer, Limits, Malformed, Question, Reading, Sees,
        TooMuch,
        fix::{self, FixReport},
        formats::FORMATS,
        list::RangeList,
        report::AclReport,
    },
    finding::Text,
    ips::Current,
    kakao::Kakao,
    words::Words,
};

/// Bounds of the firewall check; section `[acl]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Files of one question.
    pub max_files: usize,
    /// Bytes of one file.
    pub max_bytes: usize,
    /// Rules of one layer, after lists and maps are spread out.
    pub max_rules: usize,
    /// Kakao ranges of one list.
    pub max_ranges: usize,
    /// Different ports of one question.
    pub max_ports: usize,
    /// Pieces a range list may be cut into, over all ports.
    pub max_pieces: usize,
    /// Rules that may be looked at in all before a question is given up.
    pub max_steps: u64,
    /// Bytes of a question over HTTP.
    pub max_body_bytes: usize,
    /// Questions over HTTP that are answered at once.
    pub max_parallel: usize,
    /// Further questions that may be received or wait.
    pub max_waiting: usize,
    /// Milliseconds a question may wait.
    pub max_wait_ms: u64,
}

impl Settings {
    fn limits(&self) -> Limits {
        Limits {
            max_files: self.max_files,
            max_bytes: self.max_bytes,
            max_rules: self.max_rules,
            max_ranges: self.max_ranges,
            max_pieces: self.max_pieces,
            max_steps: self.max_steps,
        }
    }

    /// Bytes of a list of ranges: enough for each in Kakao's JSON with its indentation.
    pub fn max_ranges_bytes(&self) -> usize {
        self.max_ranges.saturating_mul(RANGE_BYTES)
    }
}

const RANGE_BYTES: usize = 256;

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The dumps, in path order.
    pub dumps: Vec<Dump>,
    /// The list of ranges; `None` for the list in use: Kakao's own where it is kept, else the networks that Kakao announces.
    pub ranges: Option<File>,
    /// Ports; empty for those of the list, or else 80 and 443.
    pub ports: Vec<u16>,
    /// What is known of the server. The `User-Agent` is Kakao's, whatever stands here.
    pub circumstances: Circumstances,
    /// The day of asking, `YYYY-MM-DD`.
    pub today: String,
}

/// Answers questions about firewalls. Cheap to clone.
#[derive(Clone)]
pub struct Firewall {
    words: Arc<Words>,
    settings: Settings,
    current: Current,
    user_agent: String,
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FirewallError {
    /// There is nothing to look at.
    #[error("there is no dump to look at")]
    NoDump,
    /// A dump cannot be read.
    #[error(transparent)]
    Dump(Malformed),
    /// The list of ranges cannot be read.
    #[error(transparent)]
    Ranges(Malformed),
    /// Too many ports.
    #[error("{count} different ports are more than {max}")]
    Ports {
        /// Those that were asked for, by the question or by its list.
        count: usize,
        /// `acl.max_ports`.
        max: usize,
    },
    /// The rules are too many to be looked at.
    #[error("the rules and ranges are too many to be looked at one by one")]
    TooMuch(#[source] TooMuch),
    /// A fix was asked for several layers.
    #[error("a fix changes one layer, these files are {}: {}", .0.len(), .0.join(", "))]
    Layers(Vec<String>),
}

impl FirewallError {
    /// Stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoDump => "dump-missing",
            Self::Dump(_) => "dump-malformed",
            Self::Ranges(_) => "ranges-malformed",
            Self::Ports { .. } | Self::TooMuch(_) => "too-much",
            Self::Layers(_) => "several-layers",
        }
    }

    /// What to do.
    pub fn advice(&self) -> String {
        match self {
            Self::NoDump => "give at least one dump, such as the output of iptables-save, nft list ruleset or nginx -T".to_owned(),
            Self::Dump(malformed) | Self::Ranges(malformed) => malformed.advice.clone(),
            Self::Ports { .. } => "ask for fewer ports at a time, or raise acl.max_ports".to_owned(),
            Self::TooMuch(_) => {
                "give only what concerns the server, ask for fewer ranges or ports, or raise acl.max_steps and acl.max_pieces"
                    .to_owned()
            }
            Self::Layers(_) => "give the files of one layer at a time; check all layers together before and after".to_owned(),
        }
    }

    /// The file that is malformed, and where.
    pub fn malformed(&self) -> Option<&Malformed> {
        match self {
            Self::Dump(malformed) | Self::Ranges(malformed) => Some(malformed),
            Self::NoDump | Self::Ports { .. } | Self::TooMuch(_) | Self::Layers(_) => None,
        }
    }
}

impl From<CheckError> for FirewallError {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Malformed(malformed) => Self::Dump(malformed),
            CheckError::TooMuch(too_much) => Self::TooMuch(too_much),
        }
    }
}

/// A question whose files were read.
struct Read {
    list: Arc<RangeList>,
    reading: Reading,
    layers: Vec<Layer>,
}

impl Firewall {
    /// Puts the parts together. `current` is the list for questions that bring none.
    pub fn new(settings: Settings, words: Words, kakao: &Kakao, current: Current) -> Self {
        Self { words: words.into(), settings, current, user_agent: kakao.user_agent.kakao.value.clone() }
    }

    /// The bounds it keeps.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who gets in.
    pub fn check(&self, ask: &Ask) -> Result<AclReport, FirewallError> {
        let read = self.read(ask)?;
        Ok(acl::check(&question(ask, &read), &self.words)?)
    }

    /// The smallest change that lets every range in.
    pub fn fix(&self, ask: &Ask) -> Result<FixReport, FirewallError> {
        let read = self.read(ask)?;
        match read.layers.as_slice() {
            [] => Err(FirewallError::NoDump),
            [layer] => Ok(fix::fix(layer, &question(ask, &read), &read.reading, &self.words)?),
            layers => Err(FirewallError::Layers(
                layers.iter().map(|layer| format!("{} ({})", layer.name, names(&layer.files))).collect(),
            )),
        }
    }

    fn read(&self, ask: &Ask) -> Result<Read, FirewallError> {
        if ask.dumps.is_empty() {
            return Err(FirewallError::NoDump);
        }
        let list = self.list(ask.ranges.as_ref())?;
        self.bound_ports(ask, &list)?;
        let mut circumstances = ask.circumstances.clone();
        circumstances.request.user_agent.clone_from(&self.user_agent);
        let reading = Reading { circumstances, sees: Sees::default(), limits: self.settings.limits() };
        let layers = acl::layers(&ask.dumps, &reading).map_err(FirewallError::Dump)?;
        Ok(Read { list, reading, layers })
    }

    /// What is said of a list, on the day `today`.
    pub fn list_used(&self, list: &RangeList, today: &str) -> acl::report::ListUsed {
        acl::list_used(list, today, &self.words)
    }

    /// The list of ranges: the one that is given, else the one at hand.
    pub fn list(&self, ranges: Option<&File>) -> Result<Arc<RangeList>, FirewallError> {
        let Some(file) = ranges else { return Ok(self.current.list()) };
        let max = self.settings.max_ranges_bytes();
        if file.text.len() > max {
            let what =
                format!("{} bytes are more than a list of {} ranges needs", file.text.len(), self.settings.max_ranges);
            let advice = "check that this is the list of ranges and not a dump, or raise acl.max_ranges";
            return Err(FirewallError::Ranges(Malformed::at(file, 0, 0, what, advice)));
        }
        RangeList::parse(file, self.settings.max_ranges).map(Arc::new).map_err(FirewallError::Ranges)
    }

    /// Each port is a question of its own.
    fn bound_ports(&self, ask: &Ask, list: &RangeList) -> Result<(), FirewallError> {
        let max = self.settings.max_ports;
        let listed = list.ranges.iter().map(|range| range.ports.len()).max().unwrap_or_default();
        // A list that repeats one port thousands of times is as much work as one that names thousands.
        let mut ports = ask.ports.clone();
        if ports.is_empty() && listed <= max {
            ports.extend(list.ranges.iter().flat_map(|range| range.ports.iter().copied()));
        }
        ports.sort_unstable();
        ports.dedup();
        let count = ports.len().max(if ask.ports.is_empty() { listed } else { ask.ports.len() });
        if count > max { Err(FirewallError::Ports { count, max }) } else { Ok(()) }
    }
}

fn question<'a>(ask: &'a Ask, read: &'a Read) -> Question<'a> {
    Question {
        layers: &read.layers,
        list: &read.list,
        ports: &ask.ports,
        circumstances: &read.reading.circumstances,
        limits: &read.reading.limits,
        today: &ask.today,
    }
}

fn names(files: &[File]) -> String {
    files.iter().map(|file| &*file.name).collect::<Vec<_>>().join(", ")
}

/// Reads which address a layer sees: `direct`, `balancer`, `balancer=10.0.0.0/8,fd00::/8` or `header`.
///
/// ```
/// use scraplens::{acl::Sees, firewall::sees};
///
/// assert_eq!(sees("header"), Ok(Sees::Header));
/// assert!(sees("proxy").unwrap_err().contains("direct, balancer"));
/// ```
pub fn sees(text: &str) -> Result<Sees, String> {
    match text.trim().split_once('=') {
        None => match text.trim() {
            "direct" => Ok(Sees::Direct),
            "balancer" => Ok(Sees::Balancer(None)),
            "header" => Ok(Sees::Header),
            other => Err(format!("`{other}` is not one of direct, balancer, balancer=NETWORK, header")),
        },
        Some(("balancer", networks)) => {
            let mut all = Addresses::default();
            for network in networks.split(',') {
                all = all.union(&Addresses::parse(network.trim()).map_err(|error| error.to_string())?);
            }
            Ok(Sees::Balancer(Some(all)))
        }
        Some((other, _)) => Err(format!("`{other}=` is not known; write balancer=10.0.0.0/8")),
    }
}

/// The page that is asked for: by its URL, or by host and path.
pub fn request(url: Option<&Url>, host: Option<&str>, path: Option<&str>) -> acl::Request {
    let given = url.map(|url| {
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        (url.host_str().map(str::to_ascii_lowercase), format!("{}{query}", url.path()))
    });
    let (host, path) = given.unwrap_or_else(|| {
        let path = path.unwrap_or("/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        (host.map(str::to_ascii_lowercase), format!("{slash}{path}"))
    });
    acl::Request { host, path, ..acl::Request::default() }
}

/// The day at this moment where Kakao is: its lists are dated there. Only the edge asks.
pub fn day_of(now: jiff::Timestamp) -> String {
    let korea = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    now.to_zoned(korea).date().to_string()
}

/// A dialect, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FormatReport {
    /// What it is called on the command line and in the API.
    pub name: &'static str,
    /// What it is called by people.
    pub title: &'static str,
    /// The command or the place the text comes from.
    pub from: &'static str,
    /// Whether several files of it beside each other are one layer.
    pub joins: bool,
    /// Whether a change can be written for it.
    pub fixes: bool,
    /// What its dumps do not tell.
    pub cannot: Vec<Text>,
}

/// Every dialect.
pub fn formats() -> Vec<FormatReport> {
    FORMATS
        .iter()
        .map(|format| FormatReport {
            name: format.name,
            title: format.title,
            from: format.from,
            joins: format.joins,
            fixes: format.open.is_some(),
            cannot: format
                .cannot
                .iter()
                .map(|cannot| Text { ko: cannot.ko.to_owned(), en: cannot.en.to_owned() })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn firewall() -> Firewall {
        let settings = crate::config::Settings::defaults().unwrap().acl;
        let kakao = Kakao::embedded().unwrap();
        Firewall::new(settings, acl::words().unwrap(), &kakao, Current::announced(&kakao))
    }

    fn dump(text: &str) -> Dump {
        Dump::new(File::new("x", text))
    }

    #[test]
    fn the_engines_own_bounds_are_those_of_the_settings() {
        assert_eq!(firewall().settings.limits(), Limits::default());
    }

    #[test]
    fn what_a_layer_sees_is_read_as_it_is_written() {
        let network = |text| Addresses::parse(text).unwrap();
        for (text, expected) in [
            ("direct", Sees::Direct),
            (" header ", Sees::Header),
            ("balancer", Sees::Balancer(None)),
            ("balancer=10.0.0.0/8", Sees::Balancer(Some(network("10.0.0.0/8")))),
            ("balancer=10.0.0.0/8, fd00::/8", Sees::Balancer(Some(network("10.0.0.0/8").union(&network("fd00::/8"))))),
        ] {
            assert_eq!(sees(text), Ok(expected), "{text}");
        }
        for (text, remedy) in
            [("", "direct"), ("proxy", "header"), ("balancer=ten", "`ten`"), ("header=1", "balancer=")]
        {
            assert!(sees(text).unwrap_err().contains(remedy), "{text}: {:?}", sees(text));
        }
    }

    #[test]
    fn the_page_is_named_by_its_url_or_by_host_and_path() {
        let url = Url::parse("https://Shop.Example:8443/p/1?a=b#top").unwrap();
        let by_url = request(Some(&url), None, None);
        let by_parts = request(None, Some("SHOP.example"), Some("p/1?a=b"));
        assert_eq!((by_url.host.as_deref(), by_url.path.as_str()), (Some("shop.example"), "/p/1?a=b"));
        assert_eq!(by_parts, by_url);
        assert_eq!(request(None, None, None).path, "/");
    }

    #[test]
    fn the_day_is_the_one_in_korea() {
        let day = |text: &str| day_of(text.parse().unwrap());
        assert_eq!(day("2026-11-22T14:59:59Z"), "2026-11-22");
        assert_eq!(day("2026-11-22T15:00:00Z"), "2026-11-23");
    }

    #[test]
    fn ports_are_bounded_whoever_names_them() {
        let error = |ports: Vec<u16>, ranges: Option<String>| {
            let ranges = ranges.map(|text| File::new("ranges", &text));
            firewall().check(&Ask { dumps: vec![dump("x")], ports, ranges, ..Ask::default() }).unwrap_err().code()
        };
        let listed = |ports: &str| {
            Some(format!(r#"{{"inbound":[{{"service":"scrap","ips":["27.0.236.0/22"],"ports":[{ports}]}}]}}"#))
        };
        let many: Vec<String> = (1..=40).map(|port| port.to_string()).collect();

        assert_eq!(error((1..=40).collect(), None), "too-much");
        assert_eq!(error(vec![443; 40], None), "too-much");
        assert_eq!(error(Vec::new(), listed(&many.join(","))), "too-much");
        assert_eq!(error(Vec::new(), listed(&["443"; 40].join(","))), "too-much");
        assert_eq!(error(vec![443], listed("443")), "dump-malformed", "few ports are no problem");
    }

    #[test]
    fn a_list_that_is_too_long_to_be_one_is_not_read() {
        let long = format!("[{}", "\"27.0.236.0/22\",".repeat(200_000));
        let ask = Ask { dumps: vec![dump("x")], ranges: Some(File::new("dump.json", &long)), ..Ask::default() };
        let error = firewall().check(&ask).unwrap_err();
        assert_eq!(error.code(), "ranges-malformed");
        assert!(error.to_string().starts_with("dump.json: ") && error.advice().contains("not a dump"), "{error}");
    }

    #[test]
    fn nothing_to_look_at_is_an_error_of_its_own() {
        assert_eq!(firewall().check(&Ask::default()).unwrap_err(), FirewallError::NoDump);
        assert_eq!(firewall().fix(&Ask::default()).unwrap_err(), FirewallError::NoDump);
    }
}
