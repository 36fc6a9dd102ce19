//! The card as a small box, cut as the message bubble cuts it: two lines of title, two of description.

use super::{paper::Paper, text::Span, words::Words};
use crate::{extract::Card, image::ImageReport};

/// Columns of text in the box: the bubble's 244 pixels hold about 18 syllables of its title and 21 of its description.
const COLUMNS: usize = 42;
/// Lines of the title and of the description.
const LINES: usize = 2;
const INDENT: usize = 2;

/// Draws the card. `shown` is what is known of the image a message would show.
pub(super) fn write(card: &Card, shown: Option<&ImageReport>, paper: &mut Paper, words: &Words) {
    let columns = COLUMNS.min(paper.columns().saturating_sub(INDENT * 2 + 4));
    let edge =
        |left: &str, right: &str| [Span::blank(INDENT), Span::dim(format!("{left}{}{right}", "─".repeat(columns + 2)))];
    paper.gap();
    paper.line(&edge("╭", "╮"));
    let broken = shown.filter(|image| image.outcome != "ok");
    match (card.images.first(), broken) {
        (Some(_), Some(broken)) => {
            let why = format!("□ {} · {}", words.no_image, broken.outcome);
            paper.boxed(columns, INDENT, &[Span::dim(why)], 1);
        }
        (Some(image), None) => {
            let url = Span::ink(&image.url).cut(columns.saturating_sub(2));
            paper.boxed(columns, INDENT, &[Span::ink("▣ "), url], 1);
            paper.boxed(columns, INDENT, &[Span::dim(format!("\u{a0}\u{a0}{}", image.source))], 1);
        }
        (None, _) => paper.boxed(columns, INDENT, &[Span::dim(format!("□ {}", words.no_image))], 1),
    }
    paper.line(&edge("├", "┤"));
    if !card.title.is_empty() {
        paper.boxed(columns, INDENT, &[Span::bold(&card.title)], LINES);
    }
    if !card.description.is_empty() {
        paper.boxed(columns, INDENT, &[Span::dim(&card.description)], LINES);
    }
    paper.line(&edge("├", "┤"));
    paper.boxed(columns, INDENT, &[Span::dim(&card.host)], 1);
    paper.line(&edge("╰", "╯"));
}

#[cfg(test)]
mod tests {
    use super::{
        super::{samples, text::width_of},
        *,
    };
    use crate::cli::options::Language;

    fn drawn(card: &Card, columns: usize) -> Vec<String> {
        let mut paper = Paper::new(columns);
        write(card, None, &mut paper, Words::of(Language::En));
        anstream::adapter::strip_str(&paper.finish()).to_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn every_line_of_the_box_is_as_wide_as_its_edges() {
        let mut card = samples::rich().card.unwrap();
        for title in ["가", "a가", "👨\u{200d}👩\u{200d}👧 e\u{301}", "가나다라마바사".repeat(20).as_str()]
        {
            title.clone_into(&mut card.title);
            for columns in [40, 80] {
                let lines = drawn(&card, columns);
                let edge = width_of(&lines[0]);
                assert!(edge <= columns && lines.iter().all(|line| width_of(line) == edge), "{lines:#?}");
            }
        }
    }

    #[test]
    fn title_and_description_take_two_lines_at_most() {
        let mut card = samples::rich().card.unwrap();
        card.title = "word ".repeat(100);
        card.description = "글자".repeat(100);
        let lines = drawn(&card, 80);
        assert_eq!(lines.len(), 11, "{lines:#?}");
        assert_eq!(lines.iter().filter(|line| line.contains('…')).count(), 3, "{lines:#?}");
    }

    #[test]
    fn a_card_without_image_or_description_says_so_or_nothing() {
        let card = Card { title: "title".to_owned(), host: "a.example".to_owned(), ..Card::default() };
        let texts: Vec<String> = drawn(&card, 80)
            .iter()
            .filter(|line| line.contains('│'))
            .map(|line| line.replace('│', "").trim().to_owned())
            .collect();
        assert_eq!(texts, ["□ no image", "title", "a.example"]);
    }

    #[test]
    fn an_image_that_will_not_show_is_not_drawn() {
        let card = samples::rich().card.unwrap();
        let broken = ImageReport { outcome: "image-status-403".to_owned(), ..samples::image() };
        let mut paper = Paper::new(80);
        write(&card, Some(&broken), &mut paper, Words::of(Language::En));
        let text = anstream::adapter::strip_str(&paper.finish()).to_string();
        assert!(text.contains("□ no image · image-status-403") && !text.contains('▣'), "{text}");
    }
}
