//! Findings about what Kakao and the devices keep beyond one page (R29 to R31): an image kept from before, a card that
//! changed after messages were sent.

use jiff::Timestamp;

use super::{Rulebook, evidence::cut};
use crate::{extract::Card, finding::Finding, image::ImageReport};

/// What is known of what was kept.
#[derive(Debug, Clone, Copy)]
pub struct ShareSubject<'a> {
    /// When the page was asked for.
    pub page_asked_at: Timestamp,
    /// The card the page gives now.
    pub card: Option<&'a Card>,
    /// The card that was kept of it from before, if one was.
    pub kept_card: Option<&'a Card>,
    /// The image a message would show, if it is known.
    pub image: Option<&'a ImageReport>,
}

/// Everything worth saying about what is kept.
pub fn judge(subject: &ShareSubject<'_>, rulebook: &Rulebook) -> Vec<Finding> {
    [stale_image(subject, rulebook), sent_messages(subject, rulebook)].into_iter().flatten().collect()
}

/// R30: images are kept by their own address, longer than pages.
fn stale_image(subject: &ShareSubject<'_>, rulebook: &Rulebook) -> Option<Finding> {
    let image = subject.image.filter(|image| image.fetched_at < subject.page_asked_at)?;
    let at = |time: Timestamp| time.strftime("%Y-%m-%d %H:%M UTC").to_string();
    let fetched = at(image.fetched_at);
    let finding = match image.fresh_until {
        Some(until) => {
            rulebook.finding_in("kept", "stale-image-possible", &[("fetched", &fetched), ("until", &at(until))])
        }
        None => rulebook.finding("stale-image-possible", &[]),
    };
    let evidence = format!("{} fetched {fetched}, page {}", image.url, at(subject.page_asked_at));
    Some(finding.with_evidence(evidence))
}

/// R31: what was sent before the page changed.
fn sent_messages(subject: &ShareSubject<'_>, rulebook: &Rulebook) -> Option<Finding> {
    let (before, now) = subject.kept_card.zip(subject.card)?;
    let image = |card: &Card| card.images.first().map(|image| image.url.clone()).unwrap_or_default();
    let changes: Vec<String> = [
        ("title", before.title.clone(), now.title.clone()),
        ("description", before.description.clone(), now.description.clone()),
        ("url", before.url.clone(), now.url.clone()),
        ("image", image(before), image(now)),
    ]
    .into_iter()
    .filter(|(_, before, now)| before != now)
    .map(|(field, before, now)| format!("{field}: {} -> {}", shown(&before), shown(&now)))
    .collect();
    (!changes.is_empty())
        .then(|| rulebook.finding_in("changed", "sent-messages-stay", &[]).with_evidence(changes.join("; ")))
}

fn shown(value: &str) -> String {
    if value.is_empty() { "(empty)".to_owned() } else { cut(value, 120) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::samples;

    #[test]
    fn an_image_older_than_the_page_may_be_stale() {
        let mut image = samples::image();
        image.fresh_until = Some("2026-11-22T04:00:00Z".parse().unwrap());
        let codes = |asked: &str| {
            let subject = ShareSubject {
                page_asked_at: asked.parse().unwrap(),
                card: None,
                kept_card: None,
                image: Some(&image),
            };
            judge(&subject, &Rulebook::embedded().unwrap())
        };
        assert!(codes("2026-11-22T01:00:00Z").is_empty(), "asked for together");
        let found = codes("2026-11-22T02:00:00Z");
        assert_eq!(found.len(), 1);
        assert!(found[0].message.en.contains("2026-11-22 04:00 UTC"), "{}", found[0].message.en);
    }

    #[test]
    fn a_card_that_changed_is_told_field_by_field() {
        let (before, mut now) = (samples::card(), samples::card());
        let judged = |now: &Card| {
            let page_asked_at = "2026-11-22T01:00:00Z".parse().unwrap();
            let subject = ShareSubject { page_asked_at, card: Some(now), kept_card: Some(&before), image: None };
            judge(&subject, &Rulebook::embedded().unwrap())
        };
        assert!(judged(&now).is_empty(), "the same card");
        now.title = "새 제목".to_owned();
        assert_eq!(judged(&now)[0].evidence.as_deref(), Some("title: 제목 -> 새 제목"));
    }
}
