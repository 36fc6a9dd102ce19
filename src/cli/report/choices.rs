//! Which tag gave each field of the card and by which rule, and what else was considered.

use super::{
    findings::place,
    images::{of, write_measured},
    paper::Paper,
    text::{Span, width_of},
    words::{Words, filled, thousands},
};
use crate::{
    extract::{Candidate, Card, Source},
    image::ImageReport,
};

/// Values per field that were not used and are shown; `--json` has all.
const LOSERS: usize = 3;
/// Lines of a value.
const LINES: usize = 4;
/// Below this a field's name stands on a line of its own.
const NARROW: usize = 60;

/// Writes title, description, url and type.
pub(super) fn write(card: &Card, paper: &mut Paper, words: &Words) {
    let (sources, candidates) = (&card.sources, &card.candidates);
    let fields: [(&str, &str, Option<&Source>, &[Candidate]); 4] = [
        (words.title, &card.title, sources.title.as_ref(), &candidates.title),
        (words.description, &card.description, sources.description.as_ref(), &candidates.description),
        (words.url, &card.url, sources.url.as_ref(), &candidates.url),
        (words.kind, &card.r#type, sources.r#type.as_ref(), &[]),
    ];
    let fields: Vec<_> =
        fields.into_iter().filter(|(_, _, source, candidates)| source.is_some() || !candidates.is_empty()).collect();
    if fields.is_empty() {
        return;
    }
    paper.heading(words.choices, &[]);
    let names = fields.iter().map(|(name, ..)| width_of(name)).max().unwrap_or(0);
    for (name, value, source, candidates) in fields {
        let lead = if paper.columns() < NARROW {
            paper.line(&[Span::blank(2), Span::bold(name)]);
            vec![Span::blank(4)]
        } else {
            vec![Span::blank(2), Span::bold(name).padded(names), Span::blank(2)]
        };
        let indent = if paper.columns() < NARROW { 4 } else { names + 4 };
        let used = candidates.iter().find(|candidate| candidate.used);
        match source {
            Some(source) => {
                let place = place(source.line, source.column);
                let why = used.map(|candidate| &*candidate.why);
                let facts = [
                    Some(Span::bold(&source.from)),
                    place.map(Span::dim),
                    Some(Span::dim(source.rule)),
                    why.map(Span::dim),
                ];
                paper.items(&lead, indent, &present(facts), GAP);
                paper.quote(&Span::blank(indent), &[Span::ink(value)], LINES);
            }
            None => paper.block(&lead, indent, &[Span::dim(words.no_value)]),
        }
        losers(candidates, value, indent, paper, words);
    }
}

/// Writes the images in the order in which they were considered, with what was measured of each.
pub(super) fn write_images(card: &Card, images: &[ImageReport], paper: &mut Paper, words: &Words) {
    if card.images.is_empty() && card.candidates.images.is_empty() {
        return;
    }
    let note = (card.images.len() > 1).then(|| Span::dim(words.images_used));
    paper.heading(words.images, note.as_slice());
    let mut whys = card.candidates.images.iter().filter(|candidate| candidate.used).map(|candidate| &*candidate.why);
    for (position, image) in card.images.iter().enumerate() {
        let place = place(Some(image.line), Some(image.column));
        let why = whys.next().unwrap_or_default();
        let source = card.sources.image.as_ref().filter(|source| position == 0 && !why.contains(source.rule));
        let lead = [Span::blank(2), Span::bold((position + 1).to_string()), Span::blank(1)];
        let facts = [
            Some(Span::bold(&image.source)),
            place.map(Span::dim),
            source.map(|source| Span::dim(source.rule)),
            Some(Span::dim(why)),
        ];
        paper.items(&lead, 4, &present(facts), GAP);
        paper.address(&[Span::blank(4)], &Span::ink(&image.url));
        if let Some(measured) = of(images, position, &image.url) {
            write_measured(measured, paper, words);
        }
    }
    losers(&card.candidates.images, "", 2, paper, words);
}

/// What was considered beside the value that won: after a dash, on one line if it fits.
fn losers(candidates: &[Candidate], won: &str, indent: usize, paper: &mut Paper, words: &Words) {
    let lost = || candidates.iter().filter(|candidate| !candidate.used);
    let lead = [Span::blank(indent), Span::dim("– ")];
    for candidate in lost().take(LOSERS) {
        let place = place(candidate.line, candidate.column);
        let same = !won.is_empty() && candidate.value == won;
        let value = Span::dim(if same { words.same_value } else { &candidate.value });
        let value = Some(value.cut(paper.columns().saturating_sub(indent + 2)));
        let facts = [Some(Span::dim(&candidate.from)), place.map(Span::dim), Some(Span::dim(&candidate.why)), value];
        paper.items(&lead, indent + 2, &present(facts), GAP);
    }
    let more = lost().count().saturating_sub(LOSERS);
    if more > 0 {
        paper.line(&[Span::blank(indent), Span::dim(format!("– {}", filled(words.more, &thousands(more as u64))))]);
    }
}

const GAP: &str = "  ";

/// Those that are there and not empty.
fn present<const N: usize>(facts: [Option<Span>; N]) -> Vec<Span> {
    facts.into_iter().flatten().filter(|span| !span.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};
    use crate::cli::options::Language;

    fn written(card: &Card, columns: usize) -> String {
        let mut paper = Paper::new(columns);
        write(card, &mut paper, Words::of(Language::En));
        write_images(card, &[], &mut paper, Words::of(Language::En));
        anstream::adapter::strip_str(&paper.finish()).to_string()
    }

    #[test]
    fn the_winner_stands_before_those_that_lost() {
        let text = written(&samples::rich().card.unwrap(), 100);
        let lines: Vec<&str> = text.lines().skip(1).take(4).map(str::trim_start).collect();
        assert_eq!(
            lines,
            [
                "title        og:title  14:5  R14  first non-empty og:title",
                "가을 니트 기획전 — 오늘 밤 12시까지 전 상품 무료 배송과 추가 10% 쿠폰",
                "– twitter:title  22:5  og:title comes first  가을 니트",
                "– title  7:5  og:title comes first  예시 상점 : 가을 니트 기획전",
            ]
        );
    }

    #[test]
    fn images_are_numbered_as_the_card_has_them() {
        let text = written(&samples::rich().card.unwrap(), 120);
        let images: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("Image")).collect();
        assert_eq!(
            images,
            [
                "Image candidates  the first is shown",
                "  1 img  214:9  no image tag is usable; first acceptable <img> of the body (R23)",
                "    https://cdn.shop.example.kr/uploads/event/2026/11/autumn-knit/banner-1200x630-final-v3.png?w=1200&h=630",
                "  2 img  230:9  <img> of the body comes after the tags (R22)",
                "    https://cdn.shop.example.kr/icons/truck.png",
                "  – og:image  17:5  empty",
                "  – img  203:5  declares a side below 50 px  /img/pixel.gif",
            ]
        );
    }

    #[test]
    fn of_many_that_lost_some_are_counted() {
        let mut card = samples::rich().card.unwrap();
        let lost = card.candidates.title[1].clone();
        card.candidates.title.extend(std::iter::repeat_n(lost, 1_000));
        assert!(written(&card, 80).contains("– and 999 more\n"));
    }

    #[test]
    fn the_value_that_won_is_not_repeated() {
        let mut card = samples::rich().card.unwrap();
        card.candidates.title[1].value.clone_from(&card.title);
        assert!(written(&card, 80).contains("– twitter:title  22:5  og:title comes first  same value\n"));
    }

    #[test]
    fn a_field_without_value_says_so_and_one_never_looked_for_nothing() {
        let mut card = samples::rich().card.unwrap();
        card.sources.description = None;
        card.candidates.description.truncate(1);
        card.sources.r#type = None;
        let text = written(&card, 80);
        assert!(text.contains("  description  no value\n"), "{text}");
        assert!(!text.contains("  type"), "{text}");
        assert_eq!(written(&Card::default(), 80), "");
    }
}
