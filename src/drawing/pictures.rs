//! The pictures of a message: from the image cache through the guarded fetcher, or from this service's own store. Each that is missing
//! is told of, and costs the message nothing else.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use super::{Drawer, Form};
use crate::{
    image::{Fit, Rendition},
    preview::{DEFAULT_SCALE, Picture, Shown, Slot},
    scrape::NoPicture,
    user_agent::UserAgent,
};

/// Pictures of one message that are fetched at once.
const AT_ONCE: usize = 6;

/// Finds an image that this service keeps itself, by its address. May read files: it is called where blocking is allowed.
pub type OwnImages = Arc<dyn Fn(&str) -> Option<Bytes> + Send + Sync>;

/// What became of a picture of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PictureNote {
    /// Its address, as the message has it.
    pub url: String,
    /// `ok`, `busy`, or why there is none, as in an image's report: `image-unreachable`, `image-status-404`, …
    pub outcome: String,
    /// What proves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// How the drawing will have its pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carried {
    /// In itself.
    Inside,
    /// By an address of this service, where it has one.
    Linked,
}

impl Carried {
    pub(super) fn by(form: Form) -> Self {
        if form == Form::ServedHtml { Self::Linked } else { Self::Inside }
    }
}

impl Drawer {
    /// All pictures of a message, in the order of their places.
    pub(super) async fn pictures(&self, slots: &[Slot], carried: Carried) -> (Vec<Shown>, Vec<PictureNote>) {
        let asked = slots.iter().map(|slot| self.one(slot, carried));
        let got: Vec<_> = stream::iter(asked).buffered(AT_ONCE).collect().await;
        let mut notes: Vec<PictureNote> = Vec::new();
        for (slot, shown) in slots.iter().zip(&got) {
            let (outcome, evidence) = match shown {
                Shown::Picture(_) => ("ok".to_owned(), None),
                Shown::Missing { outcome, evidence } => (outcome.clone(), evidence.clone()),
            };
            let note = PictureNote { url: slot.url.clone(), outcome, evidence };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        (got, notes)
    }

    async fn one(&self, slot: &Slot, carried: Carried) -> Shown {
        match self.picture_of(slot, carried).await {
            Ok(picture) => Shown::Picture(picture),
            Err(NoPicture::Busy) => Shown::Missing { outcome: "busy".to_owned(), evidence: None },
            Err(NoPicture::Image { code, evidence }) => {
                Shown::Missing { outcome: code, evidence: Some(evidence).filter(|evidence| !evidence.is_empty()) }
            }
        }
    }

    async fn picture_of(&self, slot: &Slot, carried: Carried) -> Result<Picture, NoPicture> {
        let url = Url::parse(&slot.url).map_err(|error| missing("image-unreachable", &error.to_string()))?;
        let rendition = rendition(slot);
        if let Some(bytes) = self.own_image(&slot.url).await {
            // What is kept here can be drawn: it was made anew when it came.
            if carried == Carried::Linked
                && let Some(linked) = Picture::linked(url.path())
            {
                return Ok(linked);
            }
            let encoded = self.scraper.redraw(bytes, rendition).await?;
            return Picture::encoded(encoded.bytes.clone()).ok_or_else(unreadable);
        }
        let user_agent = UserAgent::Kakao;
        let drawn = self.scraper.rendition(&url, &user_agent, rendition).await;
        let encoded = drawn.map_err(|died| missing("image-undecodable", &died.to_string()))??;
        if carried == Carried::Linked
            && let Some(href) = self.scraper.image_href(url.as_str(), &user_agent)
        {
            let href = format!("{href}&w={}&h={}", rendition.width, rendition.height.unwrap_or_default());
            if let Some(linked) = Picture::linked(href) {
                return Ok(linked);
            }
        }
        Picture::encoded(encoded.bytes.clone()).ok_or_else(unreadable)
    }

    async fn own_image(&self, url: &str) -> Option<Bytes> {
        let own = Arc::clone(self.own_images.as_ref()?);
        let url = url.to_owned();
        tokio::task::spawn_blocking(move || own(&url)).await.ok().flatten()
    }
}

/// The pixels that a place of the drawing needs.
fn rendition(slot: &Slot) -> Rendition {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a bubble is a few hundred pixels wide"
    )]
    let pixels = |length: f32| (length * DEFAULT_SCALE).ceil().max(1.0) as u32;
    Rendition { width: pixels(slot.width), height: Some(pixels(slot.height)), fit: Fit::Cover }
}

fn missing(code: &str, evidence: &str) -> NoPicture {
    NoPicture::Image { code: code.to_owned(), evidence: evidence.to_owned() }
}

fn unreadable() -> NoPicture {
    missing("image-undecodable", "what was made of it is no picture")
}
