//! The verdict in one line: a mark, the words, the reason. What it is, `rules::verdict` decided.

use anstyle::Style;

use super::{paper::Paper, text::Span, words::Words};
use crate::{
    cli::style::{ERROR, GOOD, WARNING},
    verdict::{ImageVerdict, Verdict},
};

/// Writes the line.
pub(super) fn write(verdict: &Verdict, paper: &mut Paper, words: &Words) {
    let (mark, style) = mark(verdict);
    let mut line = vec![Span::new(style, words.pick(&verdict.headline))];
    if let Some(reason) = &verdict.reason {
        line.push(Span::ink(format!(": {}", words.pick(reason))));
    }
    paper.block(&[Span::new(style, mark), Span::blank(1)], 2, &line);
}

fn mark(verdict: &Verdict) -> (&'static str, Style) {
    match verdict.image {
        ImageVerdict::WillShow if verdict.finding.is_none() => ("✓", GOOD),
        ImageVerdict::WillShow | ImageVerdict::MayNotShow => ("!", WARNING),
        ImageVerdict::WillNotShow | ImageVerdict::NoCard | ImageVerdict::NotChecked => ("✗", ERROR),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{samples, words::Words},
        *,
    };
    use crate::cli::options::Language;

    #[test]
    fn each_verdict_has_its_mark_and_its_reason() {
        use ImageVerdict::{MayNotShow, NoCard, NotChecked, WillNotShow, WillShow};
        for (image, finding, expected) in [
            (WillShow, None, "✓ headline: why"),
            (WillShow, Some(0), "! headline: why"),
            (MayNotShow, Some(0), "! headline: why"),
            (WillNotShow, Some(0), "✗ headline: why"),
            (NoCard, Some(0), "✗ headline: why"),
            (NotChecked, None, "✗ headline: why"),
        ] {
            let verdict = Verdict { finding, ..samples::verdict(image, ["표제", "headline"], ["이유", "why"]) };
            let written = |language| {
                let mut paper = Paper::new(80);
                write(&verdict, &mut paper, Words::of(language));
                anstream::adapter::strip_str(&paper.finish()).to_string().trim_end().to_owned()
            };
            assert_eq!(written(Language::En), expected);
            assert_eq!(written(Language::Ko), expected.replace("headline: why", "표제: 이유"));
        }
    }
}
