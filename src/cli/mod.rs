//! The command line: one file per subcommand, arguments in, exit code out. Results go to standard output, everything
//! about getting them to standard error.
//!
//! Exit codes: 0 = done and nothing wrong found; 1 = done, and a finding is an error or a range is refused; 2 = the command could not do its work.

mod acl;
mod completions;
mod extract;
mod grid;
mod health;
mod ips;
mod live;
mod logs;
mod options;
mod picture;
mod preview;
mod probe;
mod progress;
mod reach;
mod report;
mod scrape;
mod serve;
mod style;
mod template;

use std::{fmt::Display, io::Write as _, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    config::{LogFormat, LogSettings},
    finding::{Finding, Severity},
};

/// Shows a web page the way KakaoTalk's scraper sees it, and says why a share message lacks its image.
#[derive(Debug, Parser)]
#[command(name = "scraplens", version, about, long_about = None, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  scraplens scrape https://example.com/post/1
  scraplens scrape http://localhost:3000/ --allow-net 127.0.0.0/8
  scraplens scrape https://staging.example.com/ --resolve staging.example.com:443:203.0.113.7
  scraplens preview https://example.com/post/1 -o message.png --theme dark
  scraplens template check feed.json
  curl -s https://example.com/ | scraplens extract - --url https://example.com/ --json
  iptables-save > rules.v4; scraplens acl check rules.v4 --port 443
  scraplens probe https://example.com/post/1
  scraplens logs /var/log/nginx
  scraplens reach https://example.com/post/1 --acl rules.v4 --log /var/log/nginx
  scraplens serve

Exit codes: 0 nothing wrong found, 1 a finding is an error or a range is refused, 2 the command could not do its work.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: the page, the HTTP API and its documentation
    Serve(serve::Serve),
    /// Scrape one page live and say what KakaoTalk would make of it
    Scrape(scrape::Scrape),
    /// Draw the message a chat would show, as PNG, SVG or HTML
    Preview(preview::Preview),
    /// Check message templates, draw them, and write the code that sends them
    Template(template::Template),
    /// Read HTML that is at hand: files or standard input, no network
    Extract(extract::Extract),
    /// Say from firewall dumps who among Kakao's servers gets in
    Acl(acl::Acl),
    /// Say from access logs which of Kakao's requests arrived, and what they were answered
    Logs(logs::Logs),
    /// Say what a site answers Kakao's user agent from here, stage by stage
    Probe(probe::Probe),
    /// Fetch, show and compare Kakao's official list of the addresses that call a site
    Ips(ips::Ips),
    /// Weigh probe, firewall rules and access logs into one verdict: does Kakao's scraper get in
    Reach(reach::Reach),
    /// Ask the server of this machine whether it runs
    Health(health::Health),
    /// Print a completion script for a shell
    Completions(completions::Completions),
}

/// Why a command could not do its work: what happened, and what to do.
#[derive(Debug)]
pub(crate) struct CommandError {
    message: String,
    advice: Option<String>,
}

impl CommandError {
    fn new(message: impl Display) -> Self {
        Self { message: message.to_string(), advice: None }
    }

    fn with_advice(message: impl Display, advice: impl Display) -> Self {
        Self { message: message.to_string(), advice: Some(advice.to_string()) }
    }
}

/// Reads the arguments, runs the command, and says how it went.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse(); // exits with 2 and a usage message for bad arguments, 0 for --help
    let done = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::Scrape(scrape) => scrape.run(),
        Command::Preview(preview) => preview.run(),
        Command::Template(template) => template.run(),
        Command::Extract(extract) => extract.run(),
        Command::Acl(acl) => acl.run(),
        Command::Logs(logs) => logs.run(),
        Command::Probe(probe) => probe.run(),
        Command::Ips(ips) => ips.run(),
        Command::Reach(reach) => reach.run(),
        Command::Health(health) => health.run(),
        Command::Completions(completions) => completions.run(),
    };
    done.unwrap_or_else(|error| {
        complain(&error);
        ExitCode::from(COULD_NOT)
    })
}

fn complain(error: &CommandError) {
    let red = style::ERROR;
    let mut stderr = anstream::stderr().lock();
    // Nothing can be done about a standard error that is closed.
    let _closed = writeln!(stderr, "{red}error:{red:#} {}", plain_lines(&error.message));
    if let Some(advice) = &error.advice {
        let _closed = writeln!(stderr, "       {}", plain_lines(advice));
    }
}

/// What a message repeats may be hostile (a URL, a file's name); its own line breaks stay.
fn plain_lines(text: &str) -> String {
    text.lines().map(style::plain).collect::<Vec<_>>().join("\n       ")
}

const FOUND_ERRORS: u8 = 1;
const COULD_NOT: u8 = 2;

/// 1 if a finding is an error, else 0.
fn exit_code(findings: &[Finding]) -> ExitCode {
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    if wrong { ExitCode::from(FOUND_ERRORS) } else { ExitCode::SUCCESS }
}

/// Writes a result to standard output. A reader that has gone away (`| head`) is no error of ours.
fn print(text: &str) -> Result<(), CommandError> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CommandError::new(format!("cannot write the result: {error}")))
        }
        _ => Ok(()),
    }
}

/// Starts logging to standard error.
fn start_logging(settings: &LogSettings) {
    let filter = tracing_subscriber::EnvFilter::builder().parse_lossy(&settings.level.0);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start (tests) keeps the first.
    let _already = match settings.format {
        LogFormat::Text => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }
}
