//! `scraplens reach URL`: one verdict over probe, rules and logs, as a report for people, as JSON, or as a document to hand on.
//! Options in, files opened, report out; what weighs what is `reach`'s.

mod table;
mod watch;

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Args;
use ipnet::IpNet;

use self::watch::Line;
use super::{
    CommandError, FOUND_ERRORS,
    acl::{AtPort, Given, at_port, one_input, ranges},
    live::{Live, runtime},
    logs::inputs,
    options::{Network, Output},
    print,
    style::Screen,
};
use crate::{
    acl::{Circumstances, Sees},
    firewall, logs,
    reach::report::{ReachReport, Reachability},
    reaching::{Ask, Export, Log, ReachError, Reaching},
};

/// Say in one verdict whether KakaoTalk's scraper gets in: what the site answers from here, what the firewall's rules say, and
/// which of Kakao's requests really arrived.
///
/// Every kind of evidence may be left out; the report says what it would prove. Rules and logs are read here and kept nowhere.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Reach {
    /// The page, with http:// or https://
    url: String,
    /// A dump of rules or configuration; repeatable, in the order in which a packet meets them; - is standard input
    #[arg(long = "acl", value_name = "DUMP")]
    dumps: Vec<PathBuf>,
    /// An access log, plain, gzip or zstd, or a folder of logs; repeatable; - is standard input
    #[arg(long = "log", value_name = "FILE|DIR")]
    logs: Vec<PathBuf>,
    /// Kakao's ranges: the JSON of Kakao's GET /v1/system/ips, or one network a line. Without it, the list that is kept here, else
    /// the networks that Kakao announces by BGP, which are not Kakao's official list
    #[arg(long, value_name = "FILE")]
    ranges: Option<PathBuf>,
    /// Do not ask the site: rules and logs alone
    #[arg(long)]
    no_probe: bool,
    /// Format of the dumps, a name that `scraplens acl formats` lists: once for all, or once for each
    #[arg(long, value_name = "auto|NAME", default_value = "auto")]
    format: Vec<String>,
    /// Which address a layer sees; once for all, or once for each dump
    #[arg(long, value_name = "direct|balancer[=CIDR]|header", default_value = "direct", value_parser = firewall::sees)]
    sees: Vec<Sees>,
    /// The layer a dump belongs to: once for all, or once for each dump; dumps of one name beside each other are one layer
    #[arg(long, value_name = "NAME")]
    layer: Vec<String>,
    /// The port by which a layer is reached, where a balancer in front changes it; once for all, or once for each dump with `same`
    #[arg(long, value_name = "PORT|same", value_parser = at_port)]
    at_port: Vec<AtPort>,
    /// The interface that packets from the internet come in by, such as eth0
    #[arg(long, value_name = "IF")]
    interface: Option<String>,
    /// The server's own address, as the rules see it
    #[arg(long, value_name = "ADDR")]
    server: Option<std::net::IpAddr>,
    /// Format of the logs, a name that `scraplens logs formats` lists; by default found from each file's first lines
    #[arg(long, value_name = "auto|NAME", default_value = "auto")]
    log_format: String,
    /// How the logs are written: nginx's `log_format` or Apache's `LogFormat`, its value or the whole line
    #[arg(long, value_name = "LINE", conflicts_with = "log_format")]
    template: Option<String>,
    /// The field of the logs in which the client's address stands, such as `http_x_forwarded_for`
    #[arg(long, value_name = "NAME")]
    client_field: Option<String>,
    /// A network of the site's own proxies; private addresses are taken for proxies anyway; repeatable
    #[arg(long = "proxy", value_name = "CIDR", value_parser = network)]
    proxies: Vec<IpNet>,
    /// Write the report as Markdown to this file, - for standard output
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    markdown: Option<PathBuf>,
    /// Write the report as one HTML file, - for standard output
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    html: Option<PathBuf>,
    /// Exit with 1, too, where the evidence does not tell
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  scraplens reach https://example.kr/p/1
  iptables-save > rules.v4; nginx -T > nginx.conf
  scraplens reach https://example.kr/p/1 --acl rules.v4 --acl nginx.conf --log /var/log/nginx
  scraplens reach https://example.kr/ --acl sg.json --log access.log --html report.html --lang ko
  scraplens reach https://example.kr/ --log access.log --no-probe --json

Exit codes: 0 Kakao gets in, or the evidence does not tell, 1 it is blocked in whole or in part, 2 something cannot be read.";

fn network(text: &str) -> Result<IpNet, String> {
    let one = || text.parse().map(|address: std::net::IpAddr| IpNet::from(address)).ok();
    text.parse().ok().or_else(one).ok_or_else(|| "write a network such as 10.0.0.0/8, or an address".to_owned())
}

impl Reach {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        one_input(self.dumps.iter().chain(&self.logs).chain(&self.ranges))?;
        let documents = [(&self.markdown, Export::Markdown), (&self.html, Export::Html)];
        let documents = documents.map(|(path, format)| Some((path.as_deref()?, format)));
        let to_output = documents.iter().flatten().filter(|(path, _)| *path == Path::new("-")).count();
        if to_output > 1 {
            return Err(CommandError::new("standard output takes one document: name a file for the other"));
        }
        let live = Live::prepare("reach", &self.url, &self.network)?;
        let reaching = &live.parts.reaching;
        let (ask, bytes) = self.ask(&live)?;
        let report = self.watched(reaching, ask, bytes)?;
        for (path, format) in documents.into_iter().flatten() {
            write(path, &reaching.export(&report, format, self.output.language()))?;
        }
        if self.output.json {
            let json = serde_json::to_string_pretty(&report).map_err(CommandError::new)?;
            print(&format!("{json}\n"))?;
        } else if to_output == 0 {
            let screen = Screen { language: self.output.language(), width: Screen::width(), all_tags: false };
            let words = crate::reach::words().map_err(CommandError::new)?;
            print(&table::render(&report, &words, &screen))?;
        }
        Ok(self.exit_code(report.verdict))
    }

    /// The question, and how many bytes of logs it has.
    fn ask(&self, live: &Live) -> Result<(Ask, u64), CommandError> {
        let bounds = live.parts.firewall.settings();
        let given = Given {
            dumps: &self.dumps,
            format: &self.format,
            sees: &self.sees,
            layer: &self.layer,
            at_port: &self.at_port,
        };
        let (dumps, _) = given.read(bounds)?;
        let ranges =
            self.ranges.as_deref().map(|path| ranges(path, bounds.max_ranges_bytes(), "acl.max_ranges")).transpose()?;
        let found = if self.logs.is_empty() { Vec::new() } else { inputs::logs(&self.logs)? };
        let bytes = found.iter().map(|log| log.bytes).sum();
        let ask = Ask {
            target: live.target.clone(),
            rules: firewall::Ask {
                dumps,
                ranges,
                ports: vec![live.target.port()],
                circumstances: Circumstances {
                    interface: self.interface.clone(),
                    inner_interface: None,
                    server: self.server,
                    request: firewall::request(Some(&live.target.request_url()), None, None),
                },
                today: firewall::day_of(jiff::Timestamp::now()),
            },
            reading: logs::Ask {
                format: (self.log_format != "auto" && self.template.is_none()).then(|| self.log_format.clone()),
                template: self.template.clone(),
                client_field: self.client_field.clone(),
                proxies: self.proxies.clone(),
                ..logs::Ask::default()
            },
            logs: found.into_iter().map(log).collect(),
            max_unpacked: None,
            probe: !self.no_probe,
        };
        Ok((ask, bytes))
    }

    /// Asks, and shows on a terminal what is waited for. Ctrl-C ends the program at once: nothing is half done.
    fn watched(&self, reaching: &Reaching, ask: Ask, bytes: u64) -> Result<ReachReport, CommandError> {
        let line = Arc::new(Line::start(self.output.language(), bytes));
        let shown = Arc::clone(&line);
        let runtime = runtime()?;
        let done = runtime.block_on(async {
            tokio::select! {
                done = reaching.reach(ask, Some(Arc::new(move |step| shown.show(step)))) => Some(done),
                Ok(()) = tokio::signal::ctrl_c() => None,
            }
        });
        line.clear();
        match done {
            Some(done) => done.map_err(|error| told(&error)),
            None => std::process::exit(INTERRUPTED),
        }
    }

    fn exit_code(&self, verdict: Reachability) -> ExitCode {
        let wrong = match verdict {
            Reachability::Reachable => false,
            Reachability::Partly | Reachability::Blocked => true,
            Reachability::CannotTell => self.strict,
        };
        if wrong { ExitCode::from(FOUND_ERRORS) } else { ExitCode::SUCCESS }
    }
}

/// A log as the use case takes it: opened when it is its turn.
fn log(log: inputs::Log) -> Log {
    let (name, named) = (log.name(), log.named);
    let open = move || -> io::Result<Box<dyn Read + Send>> {
        if log.is_input() { Ok(Box::new(io::stdin())) } else { Ok(Box::new(File::open(&log.path)?)) }
    };
    Log { name, open: Box::new(open), named }
}

/// Writes a document to a file or to standard output.
fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    if path == Path::new("-") {
        return print(text);
    }
    fs::write(path, text).map_err(|error| {
        let advice = "name a file in a folder you may write to, or - for standard output";
        CommandError::with_advice(format!("cannot write {}: {error}", path.display()), advice)
    })
}

fn told(error: &ReachError) -> CommandError {
    CommandError::with_advice(error, error.advice())
}

/// What shells report for a program that SIGINT ended: 128 + 2.
const INTERRUPTED: i32 = 130;
