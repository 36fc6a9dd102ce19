//! `scraplens logs formats`: the formats of access logs, where each comes from, and what it does not tell.

use std::process::ExitCode;

use clap::Args;

use super::super::{
    CommandError,
    options::Output,
    print,
    report::{paper::Paper, text::Span},
    style::Screen,
};
use super::words::Words;
use crate::{
    finding::Text,
    language::Language,
    logs::{LogFormatReport, formats},
};

/// What can be read.
#[derive(Debug, Args)]
pub(super) struct Formats {
    #[command(flatten)]
    output: Output,
}

impl Formats {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let formats = formats();
        if self.output.json {
            let json = serde_json::to_string_pretty(&formats).map_err(CommandError::new)?;
            print(&format!("{json}\n"))?;
        } else {
            print(&written(&formats, self.output.language(), Screen::width()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn written(formats: &[LogFormatReport], language: Language, columns: usize) -> String {
    let words = Words::of(language);
    let pick = |text: &Text| match language {
        Language::Ko => text.ko.clone(),
        Language::En => text.en.clone(),
    };
    let mut paper = Paper::new(columns);
    for format in formats {
        paper.gap();
        paper.items(&[Span::bold(format.name), Span::blank(2)], 4, &[Span::ink(format.title)], " · ");
        paper.block(&[Span::blank(2), Span::dim(words.from), Span::blank(1)], 4, &[Span::ink(format.from)]);
        for cannot in &format.cannot {
            paper.block(&[Span::blank(2), Span::dim("– ")], 4, &[Span::dim(pick(cannot))]);
        }
    }
    paper.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_says_where_it_comes_from_and_what_it_does_not_tell() {
        let format = LogFormatReport {
            name: "common",
            title: "Common Log Format",
            from: "LogFormat \"%h %l\" common",
            cannot: vec![Text { ko: "User-Agent가 없습니다.".to_owned(), en: "It has no user agent.".to_owned() }],
        };
        let shown =
            |language| anstream::adapter::strip_str(&written(std::slice::from_ref(&format), language, 80)).to_string();
        assert_eq!(
            shown(Language::En),
            "common  Common Log Format\n  from LogFormat \"%h %l\" common\n  – It has no user agent.\n"
        );
        assert!(shown(Language::Ko).contains("User-Agent가 없습니다."));
    }
}
