//! The images of the card: `og:image`, then `twitter:image`, then the body's `<img>`, at most three, the first is shown
//! (R22 to R24). Nothing is fetched here.

use std::borrow::Cow;

use url::Url;

use super::{
    Candidate, CardImage, Settings, Source, Tag, address,
    compose::{EMPTY, IN_BODY, candidate, counts, is, list, source},
    reading::{BodyImage, Reading},
};
use crate::image::Size;

/// Faults that are kept.
const MAX_FAULTS: usize = 10;

/// The images of a card.
#[derive(Debug, Clone, Default)]
pub struct Images {
    /// At most three.
    pub chosen: Vec<CardImage>,
    /// Where the shown one is from.
    pub source: Option<Source>,
    /// Everything that was considered.
    pub candidates: Vec<Candidate>,
    /// What is wrong with the addresses in the tags.
    pub faults: Vec<Fault>,
}

/// What is wrong with the address in an image tag.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The tag's key.
    pub key: String,
    /// The address as written.
    pub value: String,
    /// Line in the source, from 1.
    pub line: u32,
    /// Column in that line, in characters, from 1.
    pub column: u32,
    /// Why it cannot be used; `None` if it is only relative, which KakaoTalk was seen to resolve (R24).
    pub why: Option<String>,
}

/// Chooses the images of the page at `url`.
pub fn choose(reading: &Reading, url: &Url, settings: &Settings, cap: usize) -> Images {
    let base = address::base(url, reading.base.as_deref());
    let mut images = Images::default();
    for keys in [["og:image", "og:image:url"], ["twitter:image", "twitter:image:src"]] {
        for tag in reading.tags.iter().filter(|tag| keys.iter().any(|key| is(tag, key))) {
            images.consider_tag(tag, &base, settings.max_url_bytes, cap);
        }
    }
    for image in &reading.images {
        images.consider_body_image(image, &base, settings.max_url_bytes, cap);
    }
    images
}

/// What `og:image:width` and `og:image:height` claim of an image: they belong to the `og:image` before them (ogp.me,
/// "Structured Properties").
pub fn declared_size(tags: &[Tag], image: &CardImage) -> Option<Size> {
    let at = tags.iter().position(|tag| (tag.line, tag.column) == (image.line, image.column))?;
    let own = tags.iter().skip(at + 1).take_while(|tag| !is(tag, "og:image"));
    let pixels = |key: &str| own.clone().find(|tag| is(tag, key))?.content.trim().parse().ok();
    Some(Size { width: pixels("og:image:width")?, height: pixels("og:image:height")? })
}

impl Images {
    fn consider_tag(&mut self, tag: &Tag, base: &Url, max_bytes: usize, cap: usize) {
        let why: Cow<'static, str> = if !counts(tag) {
            IN_BODY.into()
        } else if tag.content.is_empty() {
            EMPTY.into()
        } else if self.chosen.len() >= cap {
            format!("more than {cap} images (R22)").into()
        } else {
            match address::resolve(base, &tag.content, max_bytes) {
                Ok(url) => {
                    if address::absolute(&tag.content).is_none() {
                        self.fault(tag, None);
                    }
                    let why = if tag.key.starts_with("og:") { "in document order" } else { "comes after og:image" };
                    let why = format!("{} {why} (R22)", tag.key);
                    self.chosen.push(CardImage {
                        url: url.into(),
                        source: tag.key.clone(),
                        line: tag.line,
                        column: tag.column,
                    });
                    self.source.get_or_insert_with(|| source("R22", tag));
                    return list(&mut self.candidates, candidate(tag, true, why));
                }
                Err(error) => {
                    self.fault(tag, Some(error.to_string()));
                    error.to_string().into()
                }
            }
        };
        list(&mut self.candidates, candidate(tag, false, why));
    }

    /// Body images come last, so one is shown only where no tag gave any (R23).
    fn consider_body_image(&mut self, image: &BodyImage, base: &Url, max_bytes: usize, cap: usize) {
        let place = (Some(image.line), Some(image.column));
        let mut used = false;
        let why: Cow<'static, str> = if let Some(refused) = &image.refused {
            refused.clone()
        } else if self.chosen.len() >= cap {
            format!("more than {cap} images (R22)").into()
        } else {
            match address::resolve(base, &image.src, max_bytes) {
                Ok(url) => {
                    used = true;
                    self.chosen.push(CardImage {
                        url: url.into(),
                        source: "img".to_owned(),
                        line: image.line,
                        column: image.column,
                    });
                    let first = Source { rule: "R23", from: "img".to_owned(), line: place.0, column: place.1 };
                    if self.source.is_none() {
                        self.source = Some(first);
                        "no image tag is usable; first acceptable <img> of the body (R23)".into()
                    } else {
                        "<img> of the body comes after the tags (R22)".into()
                    }
                }
                Err(error) => error.to_string().into(),
            }
        };
        list(
            &mut self.candidates,
            Candidate { value: image.src.clone(), from: "img".to_owned(), line: place.0, column: place.1, used, why },
        );
    }

    fn fault(&mut self, tag: &Tag, why: Option<String>) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault {
                key: tag.key.clone(),
                value: tag.content.clone(),
                line: tag.line,
                column: tag.column,
                why,
            });
        }
    }
}
