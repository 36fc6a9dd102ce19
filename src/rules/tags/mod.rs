//! What is wrong with a page's source: one small function per row of `RULES`, called in table order. Each says when its
//! finding is true and with which evidence; the wording is the rulebook's. Nothing here changes the card.

mod address;
mod page;
mod place;
mod value;

use url::Url;

use super::Rulebook;
use crate::{
    extract::{self, Charset, Composed, Reading, Settings, Tag},
    finding::Finding,
    kakao::Limits,
};

/// What is judged, with all that is known of it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The page's text.
    pub text: &'a str,
    /// The effective URL.
    pub url: &'a Url,
    /// How the bytes were read.
    pub charset: &'a Charset,
    /// The tags.
    pub reading: &'a Reading,
    /// The card made of them.
    pub composed: &'a Composed,
    /// Our limits.
    pub settings: &'a Settings,
    /// Kakao's limits.
    pub limits: &'a Limits,
    /// The wording.
    pub rulebook: &'a Rulebook,
}

type Judge = fn(&Subject<'_>, &mut Vec<Finding>);

/// In the order of `RULES`.
const JUDGES: &[Judge] = &[
    page::script_only,
    page::meta_refresh,
    page::charset_mismatch,
    page::charset_undeclared,
    place::meta_in_body,
    place::meta_displaced,
    place::readings_differ,
    value::og_image_missing,
    address::image_url_invalid,
    address::image_from_body,
    value::og_title_missing,
    value::og_description_missing,
    value::og_empty,
    value::og_duplicate,
    address::og_url_mismatch,
    address::og_url_relative,
    address::image_relative,
    value::og_name_attribute,
    value::title_cut,
    value::description_cut,
    value::entity_double_encoded,
    value::kakao_tag_ignored,
    page::tags_truncated,
];

/// All that is wrong with the source, in table order.
pub fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judge in JUDGES {
        judge(subject, &mut findings);
    }
    findings
}

impl<'a> Subject<'a> {
    fn finding(&self, code: &'static str, values: &[(&str, &str)]) -> Finding {
        self.rulebook.finding(code, values)
    }

    /// The tags the card may use (R10).
    fn counted(&self) -> impl Iterator<Item = &'a Tag> {
        self.reading.tags.iter().filter(|tag| extract::counts(tag))
    }

    /// The tags the card may use under this key.
    fn counted_as(&self, key: &str) -> impl Iterator<Item = &'a Tag> {
        self.counted().filter(move |tag| extract::is(tag, key))
    }
}

/// Tags that are named one by one in evidence; of more, only the number is given.
const MAX_NAMED: usize = 5;

/// `og:title at line 3, og:image at line 4 and 7 more`.
fn places<'t>(tags: impl IntoIterator<Item = &'t Tag>) -> String {
    let mut tags = tags.into_iter();
    let named: Vec<_> = tags.by_ref().take(MAX_NAMED).map(|tag| format!("{} at line {}", tag.key, tag.line)).collect();
    match tags.count() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// The keys of tags, each once, in order of appearance.
fn keys<'t>(tags: impl IntoIterator<Item = &'t Tag>) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for tag in tags {
        if keys.len() < MAX_NAMED && !keys.contains(&tag.key.as_str()) {
            keys.push(&tag.key);
        }
    }
    keys.iter().map(|key| extract::cut(key, 60)).collect::<Vec<_>>().join(", ")
}

/// A value short enough to be read in a sentence.
fn short(value: &str) -> String {
    let cut = extract::cut(value, 160);
    if cut.len() < value.len() { format!("{cut}…") } else { cut.to_owned() }
}
