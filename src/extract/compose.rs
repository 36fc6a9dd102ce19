//! The card from the tags: fallbacks, cuts and the url (R14 to R21). Every value that was considered is listed with the
//! reason why it is used or not. Images are `image`'s business.

use std::borrow::Cow;

use url::Url;

use super::{
    Candidate, Candidates, Card, Region, Settings, Source, Sources, Tag, address, image, reading::Reading, value,
};
use crate::kakao::Limits;

/// Candidates that are listed per field.
const MAX_CANDIDATES: usize = 50;

/// Where a value is from that is the page's own address, in `from` fields.
pub const EFFECTIVE_URL: &str = "effective-url";

/// Why a candidate is not used.
pub const IN_BODY: &str = "stands in <body>; only metas of the head are read (R10)";

/// Why a candidate is not used.
pub const EMPTY: &str = "empty";

/// A card with what its findings need to know.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The card.
    pub card: Card,
    /// Bytes of the title before it was cut.
    pub title_bytes: usize,
    /// Bytes of the description before it was cut.
    pub description_bytes: usize,
    /// What is wrong with the addresses of images.
    pub image_faults: Vec<image::Fault>,
}

/// Makes the card of the page at `url`.
pub fn compose(reading: &Reading, url: &Url, settings: &Settings, limits: &Limits) -> Composed {
    let title = choose(reading, "R14", &["og:title", "twitter:title", "title"]);
    let description = choose(reading, "R15", &["og:description", "twitter:description", "description"]);
    let title = title.or_else_address(url);
    let address = choose_url(reading, url, settings.max_url_bytes);
    let kind = first(reading, &["og:type"]);
    let images = image::choose(reading, url, settings, limits.images.value);
    let card = Card {
        url: address.value,
        host: url.host_str().unwrap_or_default().to_owned(),
        title: value::cut(&title.value, limits.title_bytes.value).to_owned(),
        description: value::cut(&description.value, limits.description_bytes.value).to_owned(),
        r#type: kind.map_or("website", |tag| &tag.content).to_owned(),
        site_name: first(reading, &["og:site_name"]).map(|tag| tag.content.clone()),
        section: first(reading, &["article:section"]).map(|tag| tag.content.clone()),
        duration: first(reading, &["og:video:duration", "video:duration"]).and_then(|tag| tag.content.parse().ok()),
        sources: Sources {
            title: title.source,
            description: description.source,
            url: address.source,
            image: images.source,
            r#type: kind.map(|tag| source("R17", tag)),
        },
        candidates: Candidates {
            title: title.candidates,
            description: description.candidates,
            url: address.candidates,
            images: images.candidates,
        },
        images: images.chosen,
    };
    Composed { card, title_bytes: title.bytes, description_bytes: description.bytes, image_faults: images.faults }
}

/// True if the tag is the meta or the element that a rule calls by this key. `itemprop` is not read (R21), and
/// `<meta name="title">` is not `<title>`.
pub fn is(tag: &Tag, key: &str) -> bool {
    tag.key == key
        && (tag.attribute == "element") == (key == "title")
        && !matches!(tag.attribute, "itemprop" | "http-equiv")
}

/// True if the card may use the tag: metas count in the head only (R10), `<title>` anywhere.
pub fn counts(tag: &Tag) -> bool {
    tag.region != Region::Body || tag.attribute == "element"
}

/// The first non-empty tag of these keys that counts, in document order (R12).
pub fn first<'r>(reading: &'r Reading, keys: &[&str]) -> Option<&'r Tag> {
    reading.tags.iter().find(|tag| counts(tag) && !tag.content.is_empty() && keys.iter().any(|key| is(tag, key)))
}

/// Where a value is from.
pub fn source(rule: &'static str, tag: &Tag) -> Source {
    Source { rule, from: tag.key.clone(), line: Some(tag.line), column: Some(tag.column) }
}

/// A tag as a candidate.
pub fn candidate(tag: &Tag, used: bool, why: impl Into<Cow<'static, str>>) -> Candidate {
    Candidate {
        value: tag.content.clone(),
        from: tag.key.clone(),
        line: Some(tag.line),
        column: Some(tag.column),
        used,
        why: why.into(),
    }
}

/// Adds a candidate while the list is short; a used one takes the last place of a full list.
pub fn list(candidates: &mut Vec<Candidate>, candidate: Candidate) {
    if candidates.len() < MAX_CANDIDATES {
        candidates.push(candidate);
    } else if candidate.used
        && let Some(last) = candidates.iter_mut().rfind(|other| !other.used)
    {
        *last = candidate;
    }
}

/// One field: what it is, where from, and what else there was.
#[derive(Debug, Default)]
struct Field {
    value: String,
    bytes: usize,
    source: Option<Source>,
    candidates: Vec<Candidate>,
}

impl Field {
    /// The page's own address where nothing else was found (R14).
    fn or_else_address(mut self, url: &Url) -> Self {
        if self.source.is_none() {
            self.take_address("R14", url.as_str().to_owned(), "the page has no title, so its address stands in");
        }
        self
    }

    fn take_address(&mut self, rule: &'static str, address: String, why: &'static str) {
        let from = EFFECTIVE_URL.to_owned();
        list(
            &mut self.candidates,
            Candidate {
                value: address.clone(),
                from: from.clone(),
                line: None,
                column: None,
                used: true,
                why: why.into(),
            },
        );
        self.bytes = address.len();
        self.value = address;
        self.source = Some(Source { rule, from, line: None, column: None });
    }
}

/// The first non-empty value of the first key that has one.
fn choose(reading: &Reading, rule: &'static str, keys: &[&'static str]) -> Field {
    let mut field = Field::default();
    let mut winner = "";
    for key in keys {
        for tag in reading.tags.iter().filter(|tag| is(tag, key)) {
            let used = field.source.is_none() && counts(tag) && !tag.content.is_empty();
            let why: Cow<'static, str> = match winner {
                _ if !counts(tag) => IN_BODY.into(),
                _ if tag.content.is_empty() => EMPTY.into(),
                "" if Some(key) == keys.first() => format!("first non-empty {key}").into(),
                "" => format!("no better tag has a value; first non-empty {key}").into(),
                winner if winner == *key => format!("a later {key}; the first one wins (R12)").into(),
                winner => format!("{winner} comes before {key}").into(),
            };
            list(&mut field.candidates, candidate(tag, used, why));
            if used {
                winner = key;
                field.value.clone_from(&tag.content);
                field.bytes = tag.bytes;
                field.source = Some(source(rule, tag));
            }
        }
    }
    field
}

/// The first non-empty `og:url` if it is absolute, else the effective URL (R18).
fn choose_url(reading: &Reading, url: &Url, max_bytes: usize) -> Field {
    let mut field = Field::default();
    let mut decided = false;
    for tag in reading.tags.iter().filter(|tag| is(tag, "og:url")) {
        let (used, why) = judge_url(tag, decided, max_bytes);
        decided |= counts(tag) && !tag.content.is_empty();
        if used {
            field.value.clone_from(&tag.content);
            field.source = Some(source("R18", tag));
        }
        list(&mut field.candidates, candidate(tag, used, why));
    }
    for tag in reading.tags.iter().filter(|tag| tag.key == "canonical" && tag.attribute == "element") {
        list(&mut field.candidates, candidate(tag, false, "rel=canonical is not read (R18)"));
    }
    let address = address::with_sorted_query(url);
    if field.source.is_none() {
        field.take_address("R18", address, "no usable og:url, so the page's address, its query sorted by name");
    } else {
        let why = "og:url comes first".into();
        list(
            &mut field.candidates,
            Candidate { value: address, from: EFFECTIVE_URL.to_owned(), line: None, column: None, used: false, why },
        );
    }
    field
}

/// True if the url of the card is this `og:url`, and why or why not. `decided`: an earlier one had a value.
fn judge_url(tag: &Tag, decided: bool, max_bytes: usize) -> (bool, Cow<'static, str>) {
    match tag {
        tag if !counts(tag) => (false, IN_BODY.into()),
        tag if tag.content.is_empty() => (false, EMPTY.into()),
        _ if decided => (false, "a later og:url; the first one wins (R12)".into()),
        tag if tag.bytes > max_bytes => (false, format!("longer than {max_bytes} bytes").into()),
        tag if address::absolute(&tag.content).is_none() => (false, "not an absolute http or https URL (R18)".into()),
        _ => (true, "first non-empty og:url".into()),
    }
}
