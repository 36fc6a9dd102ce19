//! `scraplens probe URL`: what a site answers Kakao's user agent from here, stage by stage. `--outbound` asks the other way round:
//! whether this machine reaches Kakao. The answers are `probe`'s.

#[cfg(test)]
mod samples;
mod table;
mod watch;
mod words;

use std::{future::Future, process::ExitCode};

use clap::Args;

use super::{
    COULD_NOT, CommandError, FOUND_ERRORS, exit_code,
    live::{Live, runtime},
    options::{Language, Network, Output},
    print,
    style::Screen,
};
use crate::probe::{Ask, Step, report::Passage};

use self::{watch::Spinner, words::Words};

/// Ask a site as Kakao and as a browser, from this machine: names, connections, TLS, page and image, and what differs.
///
/// What is seen from here is not what Kakao sees where a site filters by address; the report says so. `scraplens logs` and
/// `scraplens acl check` prove the rest.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Probe {
    /// The page, with http:// or https://
    #[arg(required_unless_present = "outbound")]
    url: Option<String>,
    /// Instead of a site: whether this machine reaches the hosts of Kakao's API, which a site's own server calls
    #[arg(long, conflicts_with_all = ["url", "runs", "no_image"])]
    outbound: bool,
    /// Times each asker asks for the page; by default probe.runs
    #[arg(long, value_name = "N")]
    runs: Option<usize>,
    /// Leave the page's image alone
    #[arg(long)]
    no_image: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    network: Network,
}

const EXAMPLES: &str = "\
Examples:
  scraplens probe https://example.kr/p/1
  scraplens probe https://example.kr/ --runs 10 --no-image --json
  scraplens probe https://new.example.kr/ --resolve new.example.kr:443:203.0.113.7
  scraplens probe --outbound

Exit codes: 0 Kakao's user agent gets in, 1 a finding is an error, 2 the page could not be asked for.";

impl Probe {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        match &self.url {
            Some(url) if !self.outbound => self.site(url),
            _ => self.kakao(),
        }
    }

    fn site(&self, url: &str) -> Result<ExitCode, CommandError> {
        let live = Live::prepare("probe", url, &self.network)?;
        let prober = &live.parts.prober;
        let most = prober.settings().max_runs;
        let runs = self.runs.unwrap_or(prober.settings().runs);
        if !(1..=most).contains(&runs) {
            return Err(CommandError::with_advice(
                format!("--runs {runs} is not between 1 and {most}"),
                "ask fewer times, or raise probe.max_runs (SCRAPLENS__PROBE__MAX_RUNS)",
            ));
        }
        let ask = Ask { target: live.target.clone(), runs, image: !self.no_image };
        let report =
            self.watched(async |watcher: &(dyn Fn(Step) + Send + Sync)| prober.probe(&ask, Some(watcher)).await)?;
        if self.output.json {
            print_json(&report)?;
        } else {
            print(&table::render(&report, &self.screen()))?;
        }
        Ok(match report.verdict {
            Passage::NotChecked => ExitCode::from(COULD_NOT),
            _ => exit_code(&report.findings),
        })
    }

    fn kakao(&self) -> Result<ExitCode, CommandError> {
        let live = Live::parts("probe", &self.network)?;
        let prober = &live.prober;
        let report =
            self.watched(async |watcher: &(dyn Fn(Step) + Send + Sync)| prober.outbound(Some(watcher)).await)?;
        if self.output.json {
            print_json(&report)?;
        } else {
            print(&table::render_outbound(&report, &self.screen()))?;
        }
        Ok(if report.reachable { ExitCode::SUCCESS } else { ExitCode::from(FOUND_ERRORS) })
    }

    fn screen(&self) -> Screen {
        Screen { language: self.output.language(), width: Screen::width(), all_tags: false }
    }

    /// Runs `work`, shows its steps on a terminal, and takes the line away at the end and on Ctrl-C.
    fn watched<T>(&self, work: impl AsyncFnOnce(&(dyn Fn(Step) + Send + Sync)) -> T) -> Result<T, CommandError> {
        let spinner = Spinner::start(Words::of(self.output.language()));
        let show = |step: Step| spinner.show(&step);
        let done = runtime()?.block_on(until_interrupted(work(&show)));
        spinner.clear();
        Ok(done.unwrap_or_else(|| std::process::exit(INTERRUPTED)))
    }
}

/// What `work` gives; `None` if Ctrl-C came first. Without the signal's watch it ends the program by itself.
async fn until_interrupted<T>(work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = work => Some(done),
        Ok(()) = tokio::signal::ctrl_c() => None,
    }
}

/// A step of a probe in few words, made harmless.
pub(super) fn said(step: &Step, language: Language) -> String {
    watch::said(step, Words::of(language))
}

fn print_json(report: &impl serde::Serialize) -> Result<(), CommandError> {
    let json = serde_json::to_string_pretty(report).map_err(CommandError::new)?;
    print(&format!("{json}\n"))
}

/// What shells report for a program that SIGINT ended: 128 + 2.
const INTERRUPTED: i32 = 130;
