//! `scraplens acl formats`: the dialects, where each comes from, and what it cannot decide.

use std::process::ExitCode;

use clap::Args;

use super::{
    super::{
        CommandError,
        options::Output,
        print,
        report::{paper::Paper, text::Span},
        style::{GOOD, Screen},
    },
    words::Words,
};
use crate::firewall::{self, FormatReport};

/// What can be read.
#[derive(Debug, Args)]
pub(super) struct Formats {
    #[command(flatten)]
    output: Output,
}

impl Formats {
    pub fn run(&self) -> Result<ExitCode, CommandError> {
        let formats = firewall::formats();
        if self.output.json {
            let json = serde_json::to_string_pretty(&formats).map_err(CommandError::new)?;
            print(&format!("{json}\n"))?;
        } else {
            print(&written(&formats, Words::of(self.output.language()), Screen::width()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn written(formats: &[FormatReport], words: &Words, columns: usize) -> String {
    let mut paper = Paper::new(columns);
    for format in formats {
        paper.gap();
        let mut notes = vec![Span::ink(format.title)];
        notes.extend(format.fixes.then(|| Span::new(GOOD, words.fixes)));
        notes.extend(format.joins.then(|| Span::dim(words.joins)));
        paper.items(&[Span::bold(format.name), Span::blank(2)], 4, &notes, " · ");
        paper.block(&[Span::blank(2), Span::dim(words.from), Span::blank(1)], 4, &[Span::ink(format.from)]);
        for cannot in &format.cannot {
            paper.block(&[Span::blank(2), Span::dim("– ")], 4, &[Span::dim(words.pick(cannot))]);
        }
    }
    paper.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cli::options::Language, finding::Text};

    #[test]
    fn a_format_says_where_it_comes_from_and_what_it_cannot_decide() {
        let format = FormatReport {
            name: "iptables",
            title: "iptables-save",
            from: "iptables-save",
            joins: true,
            fixes: true,
            cannot: vec![Text { ko: "국가별 규칙".to_owned(), en: "Rules by country.".to_owned() }],
        };
        let shown = |language| {
            let text = written(std::slice::from_ref(&format), Words::of(language), 80);
            anstream::adapter::strip_str(&text).to_string()
        };
        assert_eq!(
            shown(Language::En),
            "iptables  iptables-save · acl fix writes it · several files are one layer\n  from iptables-save\n  – Rules by country.\n"
        );
        assert!(shown(Language::Ko).contains("국가별 규칙"));
    }
}
