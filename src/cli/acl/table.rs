//! The answer for people: the verdict first, then what is refused and by which line, then what is known beside it, and last
//! what to do. Ranges that fare alike stand together. Pure: a report in, text out.

use super::{
    super::{
        report::{paper::Paper, text::Span},
        style::{DIM, Screen, WARNING},
    },
    groups::{Counts, counts, groups},
    next::Next,
    pieces::{mark, place, style, write_command, write_list},
    words::{Words, counted, filled},
};
use crate::acl::report::{AclReport, LayerReport, Standing};

/// The report, and what to run next. `screen.all_tags` stands for all: nothing is summed up or left out.
pub(super) fn render(report: &AclReport, next: &[Next], screen: &Screen) -> String {
    let mut table =
        Table { paper: Paper::new(screen.width), words: Words::of(screen.language), all: screen.all_tags, report };
    table.headline();
    table.list();
    table.layers();
    let groups = groups(&report.ranges);
    table.groups(table.words.refused, &groups, Standing::Denied);
    table.groups(table.words.unknown, &groups, Standing::Undetermined);
    table.groups(table.words.let_in, &groups, Standing::Allowed);
    table.dead_lines();
    table.assumptions();
    table.changes();
    table.next(next);
    table.paper.finish()
}

/// The table while it is written.
pub(super) struct Table<'a> {
    pub paper: Paper,
    pub words: &'static Words,
    pub all: bool,
    pub report: &'a AclReport,
}

impl Table<'_> {
    fn headline(&mut self) {
        let Self { paper, words, report, .. } = self;
        let headline = Span::new(style(report.verdict), words.pick(&report.headline));
        paper.block(&[mark(report.verdict), Span::blank(1)], 2, &[headline]);
        let mut ports: Vec<u16> = report.ranges.iter().map(|range| range.port).collect();
        ports.sort_unstable();
        ports.dedup();
        let by_port: Vec<_> = ports.iter().map(|port| (*port, counts(&report.ranges, *port))).collect();
        // Ports for which the same comes out share a line.
        let mut lines: Vec<(Vec<u16>, &Counts)> = Vec::new();
        for (port, counts) in &by_port {
            match lines.iter_mut().find(|(_, known)| *known == counts) {
                Some((ports, _)) => ports.push(*port),
                None => lines.push((vec![*port], counts)),
            }
        }
        for (ports, counts) in lines {
            let all = counts.iter().map(|(_, count)| count).sum();
            let mut items = vec![Span::ink(format!("{}: {}", words.port_list(&ports), counted(words.ranges, all)))];
            items.extend(
                counts.iter().map(|(standing, count)| Span::new(style(*standing), words.count(*standing, *count))),
            );
            paper.items(&[Span::blank(2)], 4, &items, " · ");
        }
    }

    fn list(&mut self) {
        write_list(&self.report.list, &mut self.paper, self.words);
    }

    fn layers(&mut self) {
        let Self { paper, words, report, .. } = self;
        paper.heading(words.layers, &[]);
        // A column where the names are of a size; a long one pushes its own line only.
        let widest = |name: fn(&LayerReport) -> &str| {
            report.layers.iter().map(|layer| Span::ink(name(layer)).columns()).max().unwrap_or_default().min(20)
        };
        let (names, titles) = (widest(|layer| &layer.name), widest(|layer| layer.title));
        for (number, layer) in (1..).zip(&report.layers) {
            let lead = [
                Span::dim(format!("  {number} ")),
                Span::bold(&layer.name).padded(names),
                Span::blank(2),
                Span::ink(layer.title).padded(titles),
                Span::blank(2),
            ];
            let sees = match (layer.sees, words.sees) {
                ("balancer", [balancer, _]) => Some(balancer),
                ("header", [_, header]) => Some(header),
                _ => None,
            };
            let mut items: Vec<Span> = layer.files.iter().map(Span::ink).collect();
            items.push(Span::dim(counted(words.rules, layer.rules)));
            items.extend(sees.map(Span::dim));
            paper.items(&lead, 6, &items, " · ");
        }
    }

    pub(super) fn quote(&mut self, at: &str, text: Option<&str>) {
        let mut spans = vec![Span::bold(at)];
        if let Some(text) = text {
            spans.extend([Span::blank(2), Span::ink(text)]);
        }
        if !at.is_empty() || text.is_some() {
            self.paper.quote(&Span::dim("      │ "), &spans, QUOTED_LINES);
        }
    }

    pub(super) fn left_out(&mut self, count: usize) {
        if count > 0 {
            self.paper.line(&[Span::blank(2), Span::dim(filled(self.words.more, &count.to_string()))]);
        }
    }

    fn dead_lines(&mut self) {
        let report = self.report;
        if report.shadowed.is_empty() {
            return;
        }
        self.paper.heading(self.words.dead, &[]);
        let most = if self.all { usize::MAX } else { MOST_LINES };
        for dead in report.shadowed.iter().take(most) {
            let (style, mark) = if dead.differs { (WARNING, "!") } else { (DIM, "–") };
            let message = Span::ink(self.words.pick(&dead.message));
            self.paper.block(&[Span::blank(2), Span::new(style, mark), Span::blank(1)], 4, &[message]);
            self.quote(&place(Some(&dead.file), Some(dead.line)), Some(&dead.text));
            if let Some(by) = dead.by {
                let at = place(dead.by_file.as_deref().or(Some(&dead.file)), Some(by));
                let spans = [
                    Span::dim(self.words.dead_by),
                    Span::blank(1),
                    Span::bold(at),
                    Span::blank(2),
                    Span::ink(dead.by_text.as_deref().unwrap_or_default()),
                ];
                self.paper.quote(&Span::dim("      │ "), &spans, QUOTED_LINES);
            }
        }
        self.left_out(report.shadowed.len().saturating_sub(most));
    }

    /// Each sentence once, with the first of its lines: hundreds of rules may take the same thing for granted.
    fn assumptions(&mut self) {
        let Self { paper, words, report, .. } = self;
        if report.assumptions.is_empty() {
            return;
        }
        paper.heading(words.assumed, &[]);
        let mut said: Vec<(&str, String, usize)> = Vec::new();
        for assumed in &report.assumptions {
            let sentence = words.pick(&assumed.message);
            match said.iter_mut().find(|(known, ..)| *known == sentence) {
                Some((_, _, count)) => *count += 1,
                None => said.push((sentence, place(assumed.file.as_deref(), assumed.line), 1)),
            }
        }
        let most = if self.all { usize::MAX } else { MOST_LINES };
        for (sentence, at, count) in said.iter().take(most) {
            let mut line = vec![Span::ink(sentence)];
            if !at.is_empty() {
                line.extend([Span::blank(1), Span::dim(at)]);
            }
            if *count > 1 {
                line.extend([Span::blank(1), Span::dim(filled(words.more_lines, &(count - 1).to_string()))]);
            }
            paper.block(&[Span::blank(2), Span::dim("– ")], 4, &line);
        }
        let left = said.len().saturating_sub(most);
        self.left_out(left);
    }

    fn changes(&mut self) {
        let report = self.report;
        if report.changes.is_empty() {
            return;
        }
        self.paper.heading(self.words.changes, &[]);
        let most = if self.all { usize::MAX } else { MOST_NETWORKS };
        for change in &report.changes {
            let message = Span::ink(self.words.pick(&change.message));
            self.paper.block(&[Span::blank(2), mark(change.after), Span::blank(1)], 4, &[message]);
            for (sign, networks) in [("+ ", &change.additions), ("- ", &change.exclusions)] {
                let mut items: Vec<Span> = networks.iter().take(most).map(Span::ink).collect();
                let left = networks.len().saturating_sub(most);
                if left > 0 {
                    items.push(Span::dim(filled(self.words.more, &left.to_string())));
                }
                if !items.is_empty() {
                    self.paper.items(&[Span::blank(6), Span::dim(sign)], 8, &items, " · ");
                }
            }
        }
    }

    fn next(&mut self, next: &[Next]) {
        if next.is_empty() {
            return;
        }
        self.paper.heading(self.words.next, &[]);
        for step in next {
            match step {
                Next::Run(command) => write_command(command, &mut self.paper),
                Next::ByHand(layer) => {
                    self.paper.block(&[Span::blank(2)], 4, &[Span::ink(filled(self.words.by_hand, layer))]);
                }
            }
        }
    }
}

/// Networks of one row, and lines of one section, that are shown without `--all`.
pub(super) const MOST_NETWORKS: usize = 12;
const MOST_LINES: usize = 10;
/// Rows that a quoted line of a dump may take.
const QUOTED_LINES: usize = 3;

#[cfg(test)]
mod tests {
    use anstyle::Style;
    use proptest::{
        prelude::{any, proptest},
        test_runner::Config,
    };
    use unicode_width::UnicodeWidthStr as _;

    use super::{super::samples, *};
    use crate::{
        cli::style::{BOLD, ERROR, GOOD},
        language::Language,
    };

    fn screen(language: Language, width: usize, all: bool) -> Screen {
        Screen { language, width, all_tags: all }
    }

    fn bare(report: &AclReport, next: &[Next], screen: &Screen) -> String {
        anstream::adapter::strip_str(&render(report, next, screen)).to_string()
    }

    fn english(report: &AclReport) -> String {
        bare(report, &[], &screen(Language::En, 80, false))
    }

    fn run(command: &[&str]) -> Next {
        Next::Run(command.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn the_verdict_stands_first_and_the_next_step_last() {
        let next = [run(&["scraplens", "acl", "fix", "rules.v4", "--format", "iptables"])];
        let text = bare(&samples::partial(), &next, &screen(Language::En, 80, false));
        let order = [
            "✗ Part of the ranges is refused.",
            "  port 80: 31 ranges · 30 allowed · 1 partly allowed",
            "  port 443: 33 ranges · 30 allowed · 1 partly allowed · 1 denied · 1 not known",
            "List  The IP list of Kakao's API",
            "Layers",
            "  1 host     iptables-save  rules.v4 · rules.v6 · 41 rules",
            "  2 웹 서버  nginx          nginx.conf · 3 rules",
            "Refused",
            "  ✗ drop · ports 80, 443 · host",
            "      27.0.238.0/24 of 27.0.236.0/22",
            "      │ rules.v4:12  -A WEB -s 27.0.238.0/24 -j DROP",
            "      The first rule of filter WEB that matches.",
            "      1.201.0.0/21 (from 2026-12-01)",
            "Cannot tell",
            "      ? Countries are not in the files.",
            "      │ rules.v4:14  -A WEB -m geoip",
            "Let in",
            "  ✓ 30 ranges · 1 in part · ports 80, 443 · host",
            "Lines that never decide",
            "  ! Line 12 decides before it.",
            "Taken for granted",
            "  – Packets are taken to come in by eth0. rules.v4:3 and 2 more lines",
            "Coming changes",
            "      + 1.201.0.0/21",
            "Next",
            "  scraplens acl fix rules.v4 --format iptables",
        ];
        let places: Vec<_> =
            order.iter().map(|start| (start, text.lines().position(|line| line.starts_with(start)))).collect();
        assert!(places.iter().all(|(_, place)| place.is_some()), "{places:#?}\n{text}");
        assert!(places.is_sorted_by_key(|(_, place)| *place), "{places:#?}\n{text}");
    }

    #[test]
    fn sixty_ranges_that_get_in_are_one_line_until_all_are_asked_for() {
        let report = samples::partial();
        assert!(!english(&report).contains("220.64.7.0/24"), "{}", english(&report));
        let all = bare(&report, &[], &screen(Language::En, 80, true));
        assert!(all.contains("220.64.7.0/24"), "{all}");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mut report = samples::partial();
        report.ranges = (0..40)
            .map(|number| {
                let cidr = format!("10.0.{number}.0/24");
                samples::range(&cidr, 443, vec![samples::part(&cidr, Standing::Denied, 3)])
            })
            .collect();
        assert!(english(&report).contains("and 28 more; --all"), "{}", english(&report));
        for (range, line) in report.ranges.iter_mut().zip(1..) {
            range.parts = vec![samples::part(&range.cidr, Standing::Denied, line)];
        }
        let text = english(&report);
        assert!(
            text.contains("rules.v4:12 ") && !text.contains("rules.v4:13 ") && text.contains("and 28 more; --all"),
            "{text}"
        );
    }

    #[test]
    fn services_are_named_only_where_there_are_several() {
        let mut report = samples::partial();
        assert!(!english(&report).contains("scrap"), "{}", english(&report));
        report.ranges.iter_mut().take(1).for_each(|range| range.service = "callback".to_owned());
        assert!(english(&report).contains("27.0.236.0/22 scrap"), "{}", english(&report));
    }

    #[test]
    fn every_heading_is_in_the_language_of_the_screen() {
        let text = bare(&samples::partial(), &[Next::ByHand("x".to_owned())], &screen(Language::Ko, 80, false));
        for heading in [
            "✗ 일부 대역이",
            "목록  카카오",
            "계층",
            "차단",
            "판단 불가",
            "허용",
            "쓰이지 않는 줄",
            "이렇게 가정",
            "예정된 변경",
            "다음 단계",
        ] {
            assert!(text.lines().any(|line| line.starts_with(heading)), "{heading}\n{text}");
        }
        assert!(text.contains("27.0.236.0/22 중 27.0.238.0/24") && !text.contains("ranges"), "{text}");
    }

    #[test]
    fn a_long_command_is_cut_between_words_with_a_backslash() {
        let next =
            [run(&["scraplens", "acl", "fix", "a-rather-long-name.v4", "--format", "iptables", "--port", "443"])];
        let text = bare(&samples::partial(), &next, &screen(Language::En, 40, false));
        let end = "Next\n  scraplens acl fix \\\n    a-rather-long-name.v4 --format \\\n    iptables --port 443\n";
        assert!(text.ends_with(end), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        let long = "긴이름/rules.v4 -A WEB -s 27.0.238.0/24 --comment \"설명이 깁니다\" ".repeat(12);
        for report in [samples::partial(), samples::hostile(&long), samples::hostile("")] {
            for width in [40, 80, 120] {
                for language in [Language::En, Language::Ko] {
                    let next = [run(&["scraplens", &"x".repeat(200)]), Next::ByHand(long.clone())];
                    for line in bare(&report, &next, &screen(language, width, true)).lines() {
                        assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                    }
                }
            }
        }
    }

    proptest! {
        #![proptest_config(Config::with_cases(32))]
        #[test]
        fn a_dump_can_forge_neither_a_line_nor_a_colour(text in any::<String>(), extra in "[\\x00-\\x1f\\x7f-\\x9f\u{202a}-\u{202e}\u{2066}-\u{2069}a가 ]{0,40}") {
            let report = samples::hostile(&format!("{text}{extra}\r\n✓ Every range gets in."));
            let written = render(&report, &[], &screen(Language::En, 80, true));
            let ours = [ERROR, WARNING, GOOD, BOLD, DIM].map(|style: Style| style.render().to_string());
            let left = ours.iter().fold(written.replace("\u{1b}[0m", ""), |text, code| text.replace(code, ""));
            let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            assert!(!left.contains(steers), "{left:?}");
            assert!(!left.lines().any(|line| line.starts_with('✓')), "{left}");
        }
    }
}
