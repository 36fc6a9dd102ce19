//! `scraplens acl`: does a site's firewall let Kakao in? One file per command; what they have in common stands here: the
//! options that make a question. Answers are `firewall`'s.

mod check;
pub(super) mod dumps;
mod fates;
mod fix;
mod formats;
mod groups;
mod next;
mod pieces;
#[cfg(test)]
mod samples;
mod table;
mod words;

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Subcommand};

use super::{CommandError, options, report::paper::Paper};
use crate::{
    acl::{self as core, Circumstances, Dump, File, report::ListUsed},
    firewall::{self, Ask, Firewall, FirewallError},
    kakao::Kakao,
    language::Language,
    target::Target,
};

/// Say from firewall dumps who among Kakao's servers gets in, which line decides, and what to change. No network is used.
#[derive(Debug, Args)]
#[command(after_help = HOW_TO_DUMP)]
pub(super) struct Acl {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say who among Kakao's ranges gets in, exactly, and which line decides.
    ///
    /// Several dumps are layers in path order (cloud, host, web server). Files of one host that belong together (IPv4, IPv6 and
    /// sets of iptables) are one layer where they stand beside each other. Nothing is guessed: what the files do not tell is
    /// said to be unknown, with the line.
    Check(check::Check),
    /// Write the smallest change that lets every range in, and prove that it changes nothing else.
    ///
    /// The change is in the dump's own syntax and at the right place: a diff, new files with -o, and commands where the format
    /// has such. The dumps themselves are never changed.
    Fix(fix::Fix),
    /// List the formats, where each comes from, and what it cannot decide.
    Formats(formats::Formats),
}

const HOW_TO_DUMP: &str = "\
How to get a dump (as root, on the server):
  iptables-save > rules.v4; ip6tables-save > rules.v6; ipset save > sets
  nft list ruleset > rules.nft
  nginx -T > nginx.conf
  aws ec2 describe-security-groups --group-ids sg-1 > sg.json
`scraplens acl formats` names every format and the command it comes from.";

impl Acl {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        match &self.command {
            Command::Check(check) => check.run(),
            Command::Fix(fix) => fix.run(),
            Command::Formats(formats) => formats.run(),
        }
    }
}

/// What makes a question.
#[derive(Debug, Args)]
struct Asked {
    /// Dumps of rules or configuration, in the order in which a packet meets them; - is standard input
    #[arg(value_name = "DUMP", required = true)]
    dumps: Vec<PathBuf>,
    /// Format of the dumps, a name that `scraplens acl formats` lists: once for all, or once for each
    #[arg(long, value_name = "auto|NAME", default_value = "auto")]
    format: Vec<String>,
    /// Which address a layer sees: Kakao's own, that of a load balancer in front, or Kakao's from a header that the balancer
    /// sets; once for all, or once for each dump
    #[arg(long, value_name = "direct|balancer[=CIDR]|header", default_value = "direct", value_parser = firewall::sees)]
    sees: Vec<crate::acl::Sees>,
    /// The port by which a layer is reached, where a balancer in front changes it, such as 8080; once for all, or once for each
    /// dump with `same` for those that see the port that was asked for
    #[arg(long, value_name = "PORT|same", value_parser = at_port)]
    at_port: Vec<AtPort>,
    /// Kakao's ranges: the JSON of Kakao's GET /v1/system/ips, or one network a line; - is standard input. Without it, the
    /// official list that `scraplens ips refresh` keeps; where none is kept, the networks that Kakao announces by BGP, which are
    /// not Kakao's official list
    #[arg(long, value_name = "FILE")]
    ranges: Option<PathBuf>,
    /// A port to ask for; repeatable. Without it those of the list, else the port of --url, else 80 and 443
    #[arg(long = "port", value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    ports: Vec<u16>,
    /// The interface that packets from the internet come in by, such as eth0
    #[arg(long, value_name = "IF")]
    interface: Option<String>,
    /// Where packets go on to a container or another host: the interface on that side, such as docker0
    #[arg(long, value_name = "IF")]
    inner_interface: Option<String>,
    /// The server's own address, as the rules see it
    #[arg(long, value_name = "ADDR")]
    server: Option<IpAddr>,
    /// The page that Kakao would ask for: sets host, path and, without --port, the port
    #[arg(long, value_name = "URL", conflicts_with_all = ["host", "path"])]
    url: Option<String>,
    /// The host that Kakao would ask for, where rules depend on it
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// The path and query that Kakao would ask for, where rules depend on it
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
}

/// The list that was asked about, as it stands in every report that compares addresses with one.
pub(super) fn write_list(list: &ListUsed, paper: &mut Paper, language: Language) {
    pieces::write_list(list, paper, words::Words::of(language));
}

/// A list of ranges in a file of at most `max` bytes; `key` is the setting that bounds it.
pub(super) fn ranges(path: &Path, max: usize, key: &str) -> Result<File, CommandError> {
    let (text, _) = dumps::read(path, max, key)?;
    Ok(File::new(&name(path), &text))
}

/// The port by which a layer is reached; `None` for the one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct AtPort(Option<u16>);

fn at_port(text: &str) -> Result<AtPort, String> {
    match text.parse() {
        Ok(port @ 1..) => Ok(AtPort(Some(port))),
        _ if text == "same" => Ok(AtPort(None)),
        _ => Err("write a port from 1 to 65535, or same".to_owned()),
    }
}

/// A question with its files, and who answers it.
struct Prepared {
    firewall: Firewall,
    ask: Ask,
    /// How each dump was written, beside those of `ask`.
    written: Vec<dumps::Written>,
}

impl Asked {
    /// Reads settings and files. `layers` are names of layers: none, one for all, or one for each dump.
    fn prepare(&self, layers: &[String], language: Language) -> Result<Prepared, CommandError> {
        let settings = options::from_environment()?;
        let kakao = Kakao::embedded().map_err(CommandError::new)?;
        let words = core::words().map_err(CommandError::new)?;
        let current = super::ips::in_use(&settings, &kakao, language)?;
        let firewall = Firewall::new(settings.acl, words, &kakao, current);
        let bounds = firewall.settings();
        let count = self.dumps.len();
        if count > bounds.max_files {
            return Err(CommandError::with_advice(
                format!("{count} dumps are more than {}", bounds.max_files),
                "ask about fewer at a time, or raise acl.max_files (SCRAPLENS__ACL__MAX_FILES)",
            ));
        }
        let from_input = self.dumps.iter().chain(&self.ranges).filter(|path| is_input(path)).count();
        if from_input > 1 {
            let advice = "name - once, and give the others as files; a shell takes <(command) for a file, too";
            return Err(CommandError::with_advice("standard input can be read only once", advice));
        }
        let formats = spread("--format", &self.format, count)?;
        let sees = spread("--sees", &self.sees, count)?;
        let layers: Vec<Option<&String>> = match layers {
            [] => vec![None; count],
            layers => spread("--layer", layers, count)?.into_iter().map(Some).collect(),
        };
        let at_ports = match self.at_port.as_slice() {
            [] => vec![&AtPort(None); count],
            ports => spread("--at-port", ports, count)?,
        };
        let target = self.url.as_deref().map(|url| {
            Target::parse(url, settings.fetch.max_url_bytes)
                .map_err(|error| CommandError::with_advice(&error, error.advice()))
        });
        let target = target.transpose()?;
        let mut ports = self.ports.clone();
        if let (Some(target), true) = (&target, ports.is_empty()) {
            ports.push(target.port());
        }
        let (mut read, mut written) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let said = formats.into_iter().zip(sees).zip(layers).zip(at_ports);
        for (path, (((format, sees), layer), AtPort(port))) in self.dumps.iter().zip(said) {
            let (text, how) = dumps::read(path, bounds.max_bytes, "acl.max_bytes")?;
            read.push(Dump {
                file: File::new(&name(path), &text),
                format: Some(format.clone()),
                layer: layer.cloned(),
                sees: sees.clone(),
                port: *port,
            });
            written.push(how);
        }
        let ranges = self.ranges.as_deref().map(|path| ranges(path, bounds.max_ranges_bytes(), "acl.max_ranges"));
        let url = target.as_ref().map(Target::request_url);
        let ask = Ask {
            dumps: read,
            ranges: ranges.transpose()?,
            ports,
            circumstances: Circumstances {
                interface: self.interface.clone(),
                inner_interface: self.inner_interface.clone(),
                server: self.server,
                request: firewall::request(url.as_ref(), self.host.as_deref(), self.path.as_deref()),
            },
            today: firewall::day_of(jiff::Timestamp::now()),
        };
        Ok(Prepared { firewall, ask, written })
    }
}

/// What was given once holds for all dumps, else the n-th is for the n-th dump.
fn spread<'a, T>(option: &str, given: &'a [T], count: usize) -> Result<Vec<&'a T>, CommandError> {
    match given {
        [one] => Ok(vec![one; count]),
        several if several.len() == count => Ok(several.iter().collect()),
        several => {
            let (dumps, is) = if count == 1 { ("dump", "is") } else { ("dumps", "are") };
            Err(CommandError::with_advice(
                format!("{option} is given {} times, but there {is} {count} {dumps}", several.len()),
                format!("give {option} once for all dumps, or once for each in their order"),
            ))
        }
    }
}

fn is_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// What a file is called in answers.
fn name(path: &Path) -> String {
    if is_input(path) { STDIN.to_owned() } else { path.display().to_string() }
}

const STDIN: &str = "stdin";

/// What could not be read or answered: file, line, column, and what to do.
fn told(error: &FirewallError) -> CommandError {
    CommandError::with_advice(error, error.advice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_of_a_layer_is_a_port_or_the_same() {
        assert_eq!(at_port("8080"), Ok(AtPort(Some(8080))));
        assert_eq!(at_port("same"), Ok(AtPort(None)));
        for text in ["0", "65536", "http", ""] {
            assert!(at_port(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_option_is_for_all_dumps_or_for_each() {
        assert_eq!(spread("--format", &["a"], 3).unwrap(), [&"a"; 3]);
        assert_eq!(spread("--format", &["a", "b"], 2).unwrap(), [&"a", &"b"]);
        let error = spread("--format", &["a", "b"], 3).unwrap_err();
        assert_eq!(error.message, "--format is given 2 times, but there are 3 dumps");
        assert!(error.advice.unwrap().contains("once for each"));
    }
}
