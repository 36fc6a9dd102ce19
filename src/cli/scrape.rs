//! `scraplens scrape URL`: one live scrape, as a report for people or as JSON.

use std::process::ExitCode;

use clap::Args;

use super::{
    CommandError, exit_code,
    live::{Live, runtime},
    options::{Network, Output},
    print, report,
    style::Screen,
};
use crate::{scrape::Ask, user_agent::UserAgent};

/// Scrape one page live and say what KakaoTalk's scraper would make of it: every hop, the card, which tag gave each
/// field and why, and what is wrong.
#[derive(Debug, Args)]
pub(super) struct Scrape {
    /// The page, with http:// or https://
    url: String,
    /// Whom to ask as: kakao, browser, facebook, or a User-Agent of your own
    #[arg(long, value_name = "WHO", default_value = "kakao")]
    ua: UserAgent,
    /// Ask the site even if a report is kept (a single scrape always does)
    #[arg(long)]
    fresh: bool,
    /// Take the card from the page og:url names, as Kakao was observed to do (never documented)
    #[arg(long)]
    follow_og_url: bool,
    /// Show every tag that was read, not only those that matter to the card
    #[arg(long)]
    all_tags: bool,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    network: Network,
}

impl Scrape {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let live = Live::prepare("scrape", &self.url, &self.network)?;
        let ask = Ask {
            target: live.target.clone(),
            user_agent: self.ua.clone(),
            fresh: true,
            follow_og_url: self.follow_og_url.then_some(true),
        };
        let report = runtime()?.block_on(live.scrape(&ask))?.report();
        if self.output.json {
            let json = serde_json::to_string_pretty(&report).map_err(CommandError::new)?;
            print(&format!("{json}\n"))?;
        } else {
            let screen = Screen { language: self.output.language(), width: Screen::width(), all_tags: self.all_tags };
            print(&report::render(&report, &screen))?;
        }
        Ok(exit_code(&report.findings))
    }
}
