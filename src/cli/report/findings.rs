//! What is wrong or worth knowing: each finding with its advice, its proof, its place, and how well it is known.

use anstyle::Style;

use super::{paper::Paper, text::Span, words::Words};
use crate::{
    cli::style::{BOLD, ERROR, WARNING},
    finding::{Finding, Severity},
};

/// Lines of evidence that are shown; `--json` has all of it.
const EVIDENCE_LINES: usize = 4;

/// Writes the findings in the report's order, worst first.
pub(super) fn write(findings: &[Finding], paper: &mut Paper, words: &Words) {
    if findings.is_empty() {
        return;
    }
    paper.gap();
    paper.items(&[Span::bold(words.findings), Span::blank(2)], 4, &counts(findings, words), "  ");
    for (position, finding) in findings.iter().enumerate() {
        if position > 0 {
            paper.gap();
        }
        one(finding, paper, words);
    }
}

fn one(finding: &Finding, paper: &mut Paper, words: &Words) {
    let (mark, style) = mark(finding.severity);
    let lead = [Span::blank(2), Span::new(style, mark), Span::blank(1)];
    paper.block(&lead, 4, &[Span::bold(words.pick(&finding.message))]);
    paper.block(&[Span::blank(6)], 6, &[Span::ink(words.pick(&finding.advice))]);
    if let Some(evidence) = finding.evidence.as_deref().filter(|evidence| !evidence.is_empty()) {
        // A table keeps its lines; each of them stands behind the bar, so no page can forge one outside of it.
        for line in evidence.split('\n').take(EVIDENCE_LINES) {
            let lines = if evidence.contains('\n') { 1 } else { EVIDENCE_LINES };
            paper.quote(&Span::dim("      │ "), &[Span::ink(line)], lines);
        }
    }
    let mut facts: Vec<Span> = place(finding.line, finding.column).map(Span::dim).into_iter().collect();
    facts.push(Span::dim(&finding.code));
    facts.extend(finding.rule.map(Span::dim));
    facts.push(Span::dim(words.confidence(finding.confidence)));
    paper.items(&[Span::blank(6)], 6, &facts, " · ");
}

/// How often each severity comes, with the mark it has below: the heading is the legend.
fn counts(findings: &[Finding], words: &Words) -> Vec<Span> {
    let mut spans = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let count = findings.iter().filter(|finding| finding.severity == severity).count();
        if count > 0 {
            let (mark, style) = mark(severity);
            spans.push(Span::new(style, format!("{mark} {}", words.severity(severity, count))));
        }
    }
    spans
}

fn mark(severity: Severity) -> (&'static str, Style) {
    match severity {
        Severity::Error => ("✗", ERROR),
        Severity::Warning => ("!", WARNING),
        Severity::Info => ("i", BOLD),
    }
}

/// `line:column`, as far as known.
pub(super) fn place(line: Option<u32>, column: Option<u32>) -> Option<String> {
    let line = line?;
    Some(column.map_or_else(|| line.to_string(), |column| format!("{line}:{column}")))
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};
    use crate::{cli::options::Language, finding::Confidence};

    fn written(findings: &[Finding], language: Language) -> String {
        let mut paper = Paper::new(60);
        write(findings, &mut paper, Words::of(language));
        anstream::adapter::strip_str(&paper.finish()).to_string()
    }

    #[test]
    fn a_finding_says_what_to_do_what_proves_it_and_how_sure_it_is() {
        let finding = samples::finding(
            "og-empty",
            "R12",
            Severity::Warning,
            Confidence::Default,
            [["메시지입니다.", "조언입니다."], ["A message.", "An advice."]],
        );
        let finding = finding.with_evidence("<meta>").at(3, 7);
        assert_eq!(
            written(std::slice::from_ref(&finding), Language::En),
            "Findings  ! 1 warning\n  ! A message.\n      An advice.\n      │ <meta>\n      3:7 · og-empty · R12 · our default\n"
        );
        assert_eq!(
            written(&[finding], Language::Ko),
            "진단  ! 주의 1건\n  ! 메시지입니다.\n      조언입니다.\n      │ <meta>\n      3:7 · og-empty · R12 · 기본값(미확인)\n"
        );
    }

    #[test]
    fn a_table_keeps_its_lines_and_columns() {
        let finding =
            samples::finding("x", "R1", Severity::Error, Confidence::Observed, [["", ""], ["Message.", "Advice."]]);
        let table = "kakaotalk-scrap  403      412 B\nbrowser          200   81,193 B";
        let text = written(&[finding.with_evidence(table)], Language::En);
        assert!(
            text.contains("      │ kakaotalk-scrap  403      412 B\n      │ browser          200   81,193 B\n"),
            "{text}"
        );
    }

    #[test]
    fn what_a_finding_does_not_know_is_left_out() {
        let mut finding =
            samples::finding("x", "R1", Severity::Info, Confidence::Observed, [["", ""], ["A message.", "An advice."]]);
        finding.rule = None;
        assert_eq!(
            written(&[finding], Language::En),
            "Findings  i 1 info\n  i A message.\n      An advice.\n      x · observed\n"
        );
        assert_eq!(written(&[], Language::En), "");
    }

    #[test]
    fn long_evidence_is_cut() {
        let finding = samples::finding(
            "x",
            "R1",
            Severity::Error,
            Confidence::Observed,
            [["", ""], ["A message.", "An advice."]],
        );
        let text = written(&[finding.with_evidence("word ".repeat(200))], Language::En);
        let quoted: Vec<&str> = text.lines().filter(|line| line.contains('│')).collect();
        assert!(quoted.len() == EVIDENCE_LINES && quoted.last().is_some_and(|line| line.ends_with('…')), "{text}");
    }
}
