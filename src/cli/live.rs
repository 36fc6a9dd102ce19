//! What the commands that scrape a live page share: settings, parts, one scrape that is watched on the terminal.

use tokio::sync::mpsc;

use super::{CommandError, options::Network, progress, start_logging};
use crate::{
    app::Parts,
    config::{Override, Settings},
    kakao::Kakao,
    scrape::{Answer, Ask, Watch},
    target::Target,
};

/// The parts and the page, ready to be asked for.
pub(super) struct Live {
    pub parts: Parts,
    pub target: Target,
}

impl Live {
    /// Reads settings and URL and puts the parts together, for the command of this name. Asks nobody.
    pub fn prepare(command: &'static str, url: &str, network: &Network) -> Result<Self, CommandError> {
        let settings = quiet(command, network, Vec::new())?;
        let target = Target::parse(url, settings.fetch.max_url_bytes)
            .map_err(|error| CommandError::with_advice(&error, error.advice()))?;
        Ok(Self { parts: built(&settings)?, target })
    }

    /// The parts alone, for a command that asks for no page.
    pub fn parts(command: &'static str, network: &Network) -> Result<Parts, CommandError> {
        Self::parts_with(command, network, Vec::new())
    }

    /// The same with options of the command's own.
    pub fn parts_with(command: &'static str, network: &Network, more: Vec<Override>) -> Result<Parts, CommandError> {
        built(&quiet(command, network, more)?)
    }

    /// Scrapes, and shows on a terminal what is waited for.
    pub async fn scrape(&self, ask: &Ask) -> Result<Answer, CommandError> {
        let (watcher, events) = mpsc::unbounded_channel();
        let spinner = progress::show(events);
        let answer = self.parts.scraper.scrape(ask, Some(Watch::new(watcher))).await;
        spinner.finish().await;
        answer.map_err(CommandError::new)
    }
}

/// The settings. The command says what went wrong; log lines between its lines would only disturb.
fn quiet(command: &'static str, network: &Network, mut more: Vec<Override>) -> Result<Settings, CommandError> {
    let quiet = Override { option: command, key: "log.level", value: toml::Value::String("warn".to_owned()) };
    more.push(quiet);
    network.settings(more)
}

fn built(settings: &Settings) -> Result<Parts, CommandError> {
    start_logging(&settings.log);
    let kakao = Kakao::embedded().map_err(CommandError::new)?;
    Parts::build(settings, kakao, None).map_err(CommandError::new)
}

/// A runtime for one command.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, CommandError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CommandError::new)
}
