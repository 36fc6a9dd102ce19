//! `scraplens acl`: does a site's firewall let Kakao in? One file per command; what they have in common stands here: the
//! options that make a question. Answers are `firewall`'s.

mod check;
pub(super) mod dumps;
mod fates;
mod fix;
mod formats;
mod given;
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

pub(super) use self::given::{AtPort, Given, at_port, one_input};
use self::given::{STDIN, is_input, name};
use super::{CommandError, options, report::paper::Paper};
use crate::{
    acl::{self as core, Circumstances, File, report::ListUsed},
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
        given::one_input(self.dumps.iter().chain(&self.ranges))?;
        let given =
            Given { dumps: &self.dumps, format: &self.format, sees: &self.sees, layer: layers, at_port: &self.at_port };
        let (read, written) = given.read(bounds)?;
        let target = self.url.as_deref().map(|url| {
            Target::parse(url, settings.fetch.max_url_bytes)
                .map_err(|error| CommandError::with_advice(&error, error.advice()))
        });
        let target = target.transpose()?;
        let mut ports = self.ports.clone();
        if let (Some(target), true) = (&target, ports.is_empty()) {
            ports.push(target.port());
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

/// What could not be read or answered: file, line, column, and what to do.
fn told(error: &FirewallError) -> CommandError {
    CommandError::with_advice(error, error.advice())
}
