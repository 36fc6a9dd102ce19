//! A case under `tests/fixtures/acl`: a `.toml` that says what is asked and what must be answered, beside its dumps.

use std::{
    fs,
    path::{Path, PathBuf},
};

use scraplens::acl::{
    Addresses, Circumstances, Dump, File, Layer, Malformed, Question, Reading, Request, Sees, layers, list::RangeList,
};
use serde::Deserialize;
use walkdir::WalkDir;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, as a sentence.
    #[allow(dead_code, reason = "for people who read the file")]
    pub about: String,
    /// The dumps, in path order, beside this file: names, or tables with `name`, `format`, `layer`, `sees`.
    pub files: Vec<CaseFile>,
    #[serde(default)]
    pub interface: Option<String>,
    #[serde(default)]
    pub inner_interface: Option<String>,
    #[serde(default)]
    pub server: Option<std::net::IpAddr>,
    #[serde(default)]
    pub host: Option<String>,
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Ranges that are asked about.
    #[serde(default)]
    pub ranges: Vec<String>,
    #[serde(default)]
    pub ports: Vec<u16>,
    /// Every line of every part: `CIDR:PORT VERDICT[ HOW][ PACKET] [line N]`, in order. PACKET is left out for `syn` and `request`.
    #[serde(default)]
    pub parts: Vec<String>,
    /// `line 20 by 12`, or `line 20` for a line that matches nothing. Left out: not looked at.
    pub shadowed: Option<Vec<String>>,
    /// `CODE` or `CODE line N`. Left out: not looked at.
    pub assumptions: Option<Vec<String>>,
    /// `CODE line N` of every doubt, each once. Left out: not looked at.
    pub doubts: Option<Vec<String>>,
    /// What comes of looking for a fix: `opened`, `partly`, `impossible`. Left out: not looked at.
    pub fix: Option<String>,
    /// The dialect's rules know no ports, or not those of the server, so that a fix opens the ranges at others too.
    #[serde(default)]
    pub fix_opens_other_ports: bool,
    /// Lines that the fix adds, in order. Left out: not looked at.
    pub fix_adds: Option<Vec<String>>,
    /// Words that the error has; then there is no answer.
    pub error: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum CaseFile {
    Name(String),
    More { name: String, format: Option<String>, layer: Option<String>, sees: Option<String>, port: Option<u16> },
}

impl CaseFile {
    fn dump(&self, folder: &Path) -> Dump {
        let (name, format, layer, sees, port) = match self {
            Self::Name(name) => (name, None, None, None, None),
            Self::More { name, format, layer, sees, port } => {
                (name, format.clone(), layer.clone(), sees.as_deref(), *port)
            }
        };
        let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let sees = match sees {
            None | Some("direct") => Sees::Direct,
            Some("balancer") => Sees::Balancer(None),
            Some("header") => Sees::Header,
            Some(network) => Sees::Balancer(Some(Addresses::parse(network).unwrap())),
        };
        Dump { file: File::new(name, &text), format, layer, sees, port }
    }
}

/// A case that was read: the layers, the ranges, and what is known.
pub struct Asked {
    pub layers: Vec<Layer>,
    pub list: RangeList,
    pub reading: Reading,
    pub ports: Vec<u16>,
}

impl Asked {
    pub fn question(&self) -> Question<'_> {
        Question {
            layers: &self.layers,
            list: &self.list,
            ports: &self.ports,
            circumstances: &self.reading.circumstances,
            limits: &self.reading.limits,
            today: "2026-11-23",
        }
    }
}

impl Case {
    /// Reads the dumps.
    pub fn read(&self, folder: &Path) -> Result<Asked, String> {
        let request = Request {
            host: self.host.clone(),
            path: self.path.clone().unwrap_or_else(|| "/".to_owned()),
            user_agent: self.user_agent.clone().unwrap_or_else(|| KAKAO.to_owned()),
        };
        let circumstances = Circumstances {
            interface: self.interface.clone(),
            inner_interface: self.inner_interface.clone(),
            server: self.server,
            request,
        };
        let reading = Reading { circumstances, ..Reading::default() };
        let dumps: Vec<Dump> = self.files.iter().map(|file| file.dump(folder)).collect();
        let told = |error: Malformed| format!("{error}; {}", error.advice);
        let layers = layers(&dumps, &reading).map_err(told)?;
        let list = RangeList::parse(&File::new("ranges", &self.ranges.join("\n")), 1000).map_err(told)?;
        Ok(Asked { layers, list, reading, ports: self.ports.clone() })
    }
}

const KAKAO: &str = "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984";

/// Every case, with its file. The environment's `ACL_CASE` picks those whose path has it.
pub fn all() -> Vec<(PathBuf, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/acl");
    let only = std::env::var_os("ACL_CASE").unwrap_or_default();
    let files = WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let tables = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "toml"));
    let cases: Vec<_> = tables
        .filter(|file| file.path().to_string_lossy().contains(&*only.to_string_lossy()))
        .map(|file| {
            let text = fs::read_to_string(file.path()).unwrap();
            let case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
            (file.path().to_owned(), case)
        })
        .collect();
    assert!(!cases.is_empty(), "there are no cases");
    cases
}
