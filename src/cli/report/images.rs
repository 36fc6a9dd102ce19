//! What the images of the card are, as measured, and what others were answered where that explains something.

use super::{
    paper::Paper,
    text::{Span, width_of},
    words::{Words, counted, filled},
};
use crate::{
    cli::style::{ERROR, WARNING},
    comparison::{Asker, Comparison, Subject},
    image::{Format, ImageReport},
};

/// Writes what was measured of one image, under its address.
pub(super) fn write_measured(image: &ImageReport, paper: &mut Paper, words: &Words) {
    let mut facts = Vec::new();
    if image.outcome != "ok" {
        facts.push(Span::new(ERROR, &image.outcome));
    }
    facts.extend(image.status.filter(|status| *status != 200).map(|status| Span::ink(status.to_string())));
    if let Some((width, height)) = image.width.zip(image.height) {
        facts.push(Span::ink(format!("{width}x{height}")));
        if height > 0 {
            facts.push(Span::dim(format!("{:.2}:1", f64::from(width) / f64::from(height))));
        }
    }
    facts.extend(image.format.map(|format| Span::ink(format.name())));
    facts.extend(image.bytes.map(|bytes| Span::ink(counted(words.bytes, bytes))));
    facts.extend(image.content_type.as_deref().filter(|claim| !fits(image.format, claim)).map(Span::dim));
    facts.extend(
        image
            .fresh_until
            .map(|until| Span::dim(filled(words.kept_until, &until.strftime("%Y-%m-%d %H:%M UTC").to_string()))),
    );
    paper.items(&[Span::blank(4)], 4, &facts, " · ");
    // A status stands above already.
    let told = image.outcome.starts_with("image-status-");
    if let Some(evidence) = image.evidence.as_deref().filter(|evidence| !evidence.is_empty() && !told) {
        paper.block(&[Span::blank(4)], 4, &[Span::dim(evidence)]);
    }
}

/// True if a claim names the format, so that it need not be told beside it.
fn fits(format: Option<Format>, claim: &str) -> bool {
    format
        .is_some_and(|format| claim.strip_prefix("image/").is_some_and(|kind| kind.eq_ignore_ascii_case(format.name())))
}

/// Writes who else was asked, and what came.
pub(super) fn write_comparisons(comparisons: &[Comparison], paper: &mut Paper, words: &Words) {
    if comparisons.is_empty() {
        return;
    }
    paper.heading(words.comparisons, &[]);
    let names: Vec<String> = comparisons.iter().map(|other| asked(other, words)).collect();
    let width = names.iter().map(|name| width_of(name)).max().unwrap_or(0);
    for (other, name) in comparisons.iter().zip(&names) {
        let lead = [Span::blank(2), Span::bold(name).padded(width), Span::blank(2)];
        let mut facts = Vec::new();
        let refused = other.outcome != "ok";
        facts.push(match other.status {
            Some(status) if refused => Span::new(ERROR, status.to_string()),
            Some(status) => Span::ink(status.to_string()),
            None => Span::new(ERROR, &other.outcome),
        });
        facts.extend(other.challenge.as_deref().map(|vendor| Span::new(WARNING, vendor)));
        facts.extend(other.content_type.as_deref().map(Span::dim));
        facts.extend(other.bytes.map(|bytes| Span::dim(counted(words.bytes, bytes))));
        facts.extend(other.title.as_deref().filter(|_| !refused).map(Span::ink));
        paper.items(&lead, 4, &facts, "  ");
        if let Some(image) = other.image.as_deref().filter(|_| !refused) {
            paper.address(&[Span::blank(4)], &Span::dim(image));
        }
    }
}

/// `page, browser`.
fn asked(other: &Comparison, words: &Words) -> String {
    let [page, image, og_url] = words.subjects;
    let subject = match other.of {
        Subject::Page => page,
        Subject::Image => image,
        Subject::OgUrl => og_url,
    };
    match other.who {
        Asker::Same => subject.to_owned(),
        Asker::Browser => format!("{subject}, {}", words.browser),
        Asker::Facebook => format!("{subject}, facebookexternalhit"),
    }
}

/// The report of one of the card's images, by its place in the card and its address.
pub(super) fn of<'a>(images: &'a [ImageReport], position: usize, url: &str) -> Option<&'a ImageReport> {
    let named = |image: &&ImageReport| image.url == url;
    images.get(position).filter(named).or_else(|| images.iter().find(named))
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};
    use crate::cli::options::Language;

    fn bare(write: impl FnOnce(&mut Paper)) -> String {
        let mut paper = Paper::new(100);
        write(&mut paper);
        anstream::adapter::strip_str(&paper.finish()).to_string()
    }

    #[test]
    fn an_image_is_told_in_numbers_and_a_failure_first() {
        let words = Words::of(Language::En);
        let mut image = samples::image();
        assert_eq!(
            bare(|paper| write_measured(&image, paper, words)),
            "    1200x630 · 1.90:1 · PNG · 81,193 bytes · kept until 2026-11-22 04:02 UTC\n"
        );
        image.content_type = Some("text/html".to_owned());
        (image.outcome, image.status) = ("image-status-403".to_owned(), Some(403));
        (image.width, image.format, image.fresh_until) = (None, None, None);
        image.evidence = Some("HTTP 403".to_owned());
        assert_eq!(
            bare(|paper| write_measured(&image, paper, words)),
            "    image-status-403 · 403 · 81,193 bytes · text/html\n"
        );
        image.outcome = "image-unreachable".to_owned();
        assert!(bare(|paper| write_measured(&image, paper, words)).ends_with("    HTTP 403\n"));
    }

    #[test]
    fn comparisons_stand_in_columns() {
        let text = bare(|paper| write_comparisons(&samples::comparisons(), paper, Words::of(Language::En)));
        assert_eq!(
            text,
            "Compared with others\n  \
               page, browser              200  text/html  51,234 bytes  가을 니트\n    https://cdn.shop.example.kr/knit.png\n  \
               page, facebookexternalhit  403  Cloudflare  text/html\n"
        );
        assert_eq!(bare(|paper| write_comparisons(&[], paper, Words::of(Language::Ko))), "");
    }
}
