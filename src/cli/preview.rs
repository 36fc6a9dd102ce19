//! `scraplens preview URL -o FILE`: the message bubble of a page or of a template as a picture.

use std::{io::Write as _, path::PathBuf, process::ExitCode, sync::Arc};

use clap::Args;

use super::{
    CommandError, exit_code,
    live::{Live, runtime},
    options::{LanguageOption, Network},
    picture::{PictureFile, tell_missing},
    style::plain,
    template,
};
use crate::{
    drawing::{Drawer, Drawing, Look},
    finding::Text,
    language::Language,
    preview::{Kind, Theme, Width},
    report::Report,
    scrape::Ask,
    user_agent::UserAgent,
};

/// Scrape one page and draw the message a chat would show: as PNG, SVG, or an HTML file of its own. The bubble is
/// approximate, because Kakao publishes no measures; what is in it follows the scrape.
#[derive(Debug, Args)]
pub(super) struct Preview {
    /// The page, with http:// or https://
    #[arg(required_unless_present = "template")]
    url: Option<String>,
    /// Draw the message of this template instead, with the page scraped into it if one is named; as `scraplens template render`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kind", "ua"])]
    template: Option<PathBuf>,
    #[command(flatten)]
    file: PictureFile,
    /// The message that an app or a site shares, or the card under a pasted address
    #[arg(long, value_enum, default_value_t)]
    kind: Kind,
    /// The chat's colours
    #[arg(long, value_enum, default_value_t)]
    theme: Theme,
    /// The device
    #[arg(long, value_enum, default_value_t)]
    width: Width,
    /// Say in the image's place why it is missing; a chat leaves no place at all
    #[arg(long)]
    note: bool,
    /// Whom to ask as: kakao, browser, facebook, or a User-Agent of your own
    #[arg(long, value_name = "WHO", default_value = "kakao")]
    ua: UserAgent,
    #[command(flatten)]
    language: LanguageOption,
    #[command(flatten)]
    network: Network,
}

impl Preview {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let look = Look {
            kind: self.kind,
            theme: self.theme,
            width: self.width,
            note: self.note,
            language: self.language.choose(),
        };
        match (&self.template, &self.url) {
            (Some(template), url) => {
                let given = template::Given::of_page(url.clone());
                template::draw(template, &given, &self.network, &self.file, look)
            }
            (None, Some(url)) => self.page(url, look),
            (None, None) => Err(CommandError::new("there is neither a page nor a template")), // clap asks for one
        }
    }

    fn page(&self, url: &str, look: Look) -> Result<ExitCode, CommandError> {
        let form = self.file.form()?;
        let live = Live::prepare("preview", url, &self.network)?;
        let ask = Ask { target: live.target.clone(), user_agent: self.ua.clone(), fresh: true, follow_og_url: None };
        let drawer = Drawer::new(live.parts.scraper.clone(), Arc::clone(&live.parts.painter));
        let drawing = runtime()?.block_on(async {
            let answer = live.scrape(&ask).await?;
            drawer.draw_answer(answer, &ask.user_agent, look, form).await.map_err(CommandError::new)
        })?;
        self.file.write(&drawing.bytes)?;
        let report = drawing.answer.report();
        self.tell(&drawing, &report);
        Ok(exit_code(&report.findings))
    }

    /// What is worth knowing of the picture, on standard error: the verdict, and what could not be drawn.
    fn tell(&self, drawing: &Drawing, report: &Report) {
        let pick = |text: &Text| match self.language.choose() {
            Language::Ko => text.ko.clone(),
            Language::En => text.en.clone(),
        };
        let reason = report.verdict.reason.as_ref().map(|reason| format!(": {}", pick(reason))).unwrap_or_default();
        let said = format!("{}{}", plain(&pick(&report.verdict.headline)), plain(&reason));
        // Nobody may be listening; the picture is written.
        let _closed = writeln!(anstream::stderr().lock(), "{said}");
        tell_missing(&drawing.missing);
    }
}
