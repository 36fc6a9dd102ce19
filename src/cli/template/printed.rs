//! A check as a good compiler prints it: each problem with its place, the line it is about, a caret, and what to do. It judges nothing.

use super::{pick, words::Words};
use crate::{
    cli::{
        report::{
            paper::Paper,
            text::{Span, width_of},
        },
        style::{ERROR, GOOD, INK, Screen, WARNING, plain},
    },
    finding::Severity,
    rules::thousands,
    template::{Check, Problem},
};

/// A check on paper. `text` is the template as it was read; without one problems have paths alone.
pub(super) fn printed(name: &str, text: &str, check: &Check, screen: &Screen) -> String {
    let words = Words::of(screen.language);
    let mut paper = Paper::new(screen.width);
    for problem in &check.problems {
        paper.gap();
        write_problem(name, text, problem, &mut paper, screen);
    }
    paper.gap();
    write_summary(name, check, &mut paper, words);
    paper.finish()
}

fn write_problem(name: &str, text: &str, problem: &Problem, paper: &mut Paper, screen: &Screen) {
    let words = Words::of(screen.language);
    let style = match problem.severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Info => INK,
    };
    let place = match (problem.line, problem.column) {
        (Some(line), Some(column)) => format!("{name}:{line}:{column}"),
        (Some(line), None) => format!("{name}:{line}"),
        _ => name.to_owned(),
    };
    let lead = [
        Span::bold(place),
        Span::blank(2),
        Span::new(style, words.mark(problem.severity)),
        Span::blank(1),
        Span::dim(format!("[{}]", problem.code)),
    ];
    paper.line(&lead);
    if let (Some(line), Some(column)) = (problem.line, problem.column) {
        write_excerpt(text, line, column, style, paper);
    }
    let path = if problem.path.is_empty() { Vec::new() } else { vec![Span::bold(format!("{}: ", problem.path))] };
    let message = [path, vec![Span::ink(pick(&problem.message, screen.language))]].concat();
    paper.block(&[Span::blank(4)], 4, &message);
    paper.block(&[Span::blank(4), Span::dim("→ ")], 6, &[Span::ink(pick(&problem.advice, screen.language))]);
    let mut facts = vec![Span::dim(words.confidence(problem.confidence))];
    if !problem.source.is_empty() {
        facts.push(Span::dim(problem.source));
    }
    if let (Some(measured), Some(limit)) = (problem.measured, problem.limit) {
        let said = words.limit.replacen("{}", &thousands(measured), 1).replacen("{}", &thousands(limit), 1);
        facts.push(Span::dim(said));
    }
    paper.items(&[Span::blank(6)], 6, &facts, " · ");
}

/// The line and a caret under the column. A long line is cut around it.
fn write_excerpt(text: &str, line: u32, column: u32, style: anstyle::Style, paper: &mut Paper) {
    let Some(source) = usize::try_from(line).ok().and_then(|line| text.lines().nth(line.checked_sub(1)?)) else {
        return;
    };
    let number = line.to_string();
    let gutter = number.len() + 3;
    let room = paper.columns().saturating_sub(gutter + 4).max(8);
    let (shown, before) = window(source, usize::try_from(column).unwrap_or(1).saturating_sub(1), room);
    paper.line(&[Span::blank(2), Span::dim(format!("{number} │ ")), Span::ink(shown)]);
    paper.line(&[Span::blank(2 + number.len()), Span::dim(" │ "), Span::blank(before), Span::new(style, "^")]);
}

/// At most `room` columns of a line around its character `at`, and the columns before that character.
fn window(source: &str, at: usize, room: usize) -> (String, usize) {
    // Each character as it is shown, with its columns: what would steer the terminal is spelled out.
    let pieces: Vec<(String, usize)> = source
        .chars()
        .take(MOST_CHARACTERS)
        .map(|c| {
            let shown = if c == '\t' { " ".to_owned() } else { plain(c.encode_utf8(&mut [0; 4])) };
            let width = width_of(&shown);
            (shown, width)
        })
        .collect();
    let at = at.min(pieces.len());
    // Indentation says nothing here; enough before the place stays to be recognised.
    let mut start = pieces.iter().take(at).take_while(|(piece, _)| piece == " ").count();
    let width =
        |from: usize, to: usize| -> usize { pieces.get(from..to).into_iter().flatten().map(|(_, width)| width).sum() };
    while start < at && width(start, at) > room / 2 {
        start += 1;
    }
    let cut = pieces.iter().take(start).any(|(piece, _)| piece != " ");
    let lead = if cut { "…" } else { "" };
    let (mut shown, mut taken) = (lead.to_owned(), width_of(lead));
    for (piece, width) in pieces.iter().skip(start) {
        if taken + width > room {
            shown.push('…');
            break;
        }
        shown.push_str(piece);
        taken += width;
    }
    (shown, width_of(lead) + width(start, at))
}

/// Characters of a line that are looked at for an excerpt.
const MOST_CHARACTERS: usize = 100_000;

fn write_summary(name: &str, check: &Check, paper: &mut Paper, words: &Words) {
    let count = |severity| check.problems.iter().filter(|problem| problem.severity == severity).count();
    let mut said = Vec::new();
    for (severity, style) in [(Severity::Error, ERROR), (Severity::Warning, WARNING), (Severity::Info, INK)] {
        let count = count(severity);
        if count > 0 {
            said.push(Span::new(style, words.counted(severity, count)));
        }
    }
    if said.is_empty() {
        said.push(Span::new(GOOD, words.no_problems));
    }
    if let Some(object_type) = check.object_type {
        said.push(Span::dim(object_type.as_str()));
    }
    if check.size.bytes > 0 {
        said.push(Span::dim(words.bytes.replace("{}", &thousands(check.size.bytes as u64))));
    }
    paper.items(&[Span::bold(name), Span::blank(2)], 4, &said, " · ");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        finding::{Confidence, Text},
        language::Language,
        template::ObjectType,
    };

    fn problem() -> Problem {
        Problem {
            code: "text-too-long",
            path: "content.title".to_owned(),
            severity: Severity::Error,
            message: Text { ko: "너무 깁니다.".to_owned(), en: "It is too long.".to_owned() },
            advice: Text { ko: "줄이십시오.".to_owned(), en: "Shorten it.".to_owned() },
            confidence: Confidence::Documented,
            source: "message-template/default",
            measured: Some(1201),
            limit: Some(200),
            line: Some(3),
            column: Some(14),
        }
    }

    fn bare(text: &str, problems: Vec<Problem>, language: Language) -> String {
        let check =
            Check { ok: problems.is_empty(), object_type: Some(ObjectType::Feed), problems, ..Check::default() };
        let screen = Screen { language, width: 80, all_tags: false };
        anstream::adapter::strip_str(&printed("feed.json", text, &check, &screen)).to_string()
    }

    const TEXT: &str = "{\n  \"content\": {\n    \"title\": \"가나다\"\n  }\n}";

    #[test]
    fn a_problem_is_printed_with_its_line_and_a_caret_under_its_column() {
        assert_eq!(
            bare(TEXT, vec![problem()], Language::En),
            "feed.json:3:14  error [text-too-long]\n  3 │ \"title\": \"가나다\"\n    │          ^\n    content.title: It is too long.\n    → Shorten it.\n      documented · message-template/default · 1,201 measured, 200 allowed\n\nfeed.json  1 error · feed\n"
        );
        let korean = bare(TEXT, vec![problem()], Language::Ko);
        assert!(korean.contains("오류 [text-too-long]") && korean.contains("카카오 문서"), "{korean}");
    }

    #[test]
    fn a_template_without_problems_says_so() {
        assert_eq!(bare(TEXT, Vec::new(), Language::En), "feed.json  nothing wrong found · feed\n");
        assert_eq!(bare(TEXT, Vec::new(), Language::Ko), "feed.json  문제가 없습니다 · feed\n");
    }

    #[test]
    fn a_wide_letter_before_the_place_moves_the_caret_by_two() {
        let (shown, before) = window("가나 x", 3, 40);
        assert_eq!((shown.as_str(), before), ("가나 x", 5));
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_of_the_place() {
        let line = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let (shown, before) = window(&line, 500, 40);
        assert!(shown.starts_with('…') && shown.ends_with('…') && width_of(&shown) <= 41, "{shown}");
        assert_eq!(shown.chars().nth(before), Some('X'));
    }

    #[test]
    fn what_steers_a_terminal_stays_text_and_moves_the_caret_as_far_as_it_is_wide() {
        let (shown, before) = window("\u{1b}[2J x", 5, 40);
        assert_eq!((shown.as_str(), before), ("␛[2J x", 5));
        let mut hostile = problem();
        hostile.message.en = "\u{1b}]0;x\u{7}".to_owned();
        assert!(!bare("\u{1b}\n\u{1b}\n\u{1b}[31mxxxxxxxxxxxxxx", vec![hostile], Language::En).contains('\u{1b}'));
    }

    #[test]
    fn a_place_outside_the_text_is_no_panic() {
        for (line, column) in [(0, 0), (99, 1), (3, 9999), (u32::MAX, u32::MAX)] {
            let placed = Problem { line: Some(line), column: Some(column), ..problem() };
            assert!(bare(TEXT, vec![placed], Language::En).contains("It is too long."));
        }
    }
}
