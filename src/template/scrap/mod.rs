//! What a scraped page gives to a message: the `SCRAP_…` arguments of custom templates, and Kakao's own scrape message. Not the scrape:
//! that is a [`Report`].

use serde_json::{Map, Value};
use url::Url;

use super::{
    arguments::wrapped,
    link::Linker,
    message::{Message, Resolved, Source},
    object::{Content, ImageRef, Link, ObjectType, TemplateObject},
    resolve::{self, DEFAULT_BUTTON},
    sender::Sender,
    wire,
};
use crate::{extract::Card, image::ImageReport, report::Report};

/// The names of the arguments that a page fills, in the order of the old reference (kakao-share-api 2.4).
pub const NAMES: [&str; 8] = [
    "SCRAP_TITLE",
    "SCRAP_DESCRIPTION",
    "SCRAP_IMAGE",
    "SCRAP_IMAGE_WIDTH",
    "SCRAP_IMAGE_HEIGHT",
    "SCRAP_DURATION",
    "SCRAP_HOST",
    "SCRAP_REQUEST_URL",
];

/// Least width and height of a picture that a message shows, in pixels (Kakao's old scrape template: at least 200 x 200).
const LEAST_IMAGE: u32 = 200;

/// The template id of the one scrape answer that is public: a stub in a third party's tests.
const SCRAP_TEMPLATE: i64 = 3138;

/// What a scraped page gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScrapArguments {
    /// The title; the address itself where no page was reached.
    pub title: String,
    /// The description.
    pub description: String,
    /// The picture with its size in pixels, if it can be shown.
    pub image: Option<ImageRef>,
    /// Seconds of the video or the song.
    pub duration: Option<u64>,
    /// The page's host.
    pub host: String,
    /// The address that was asked for.
    pub request_url: String,
    /// `og:site_name`: the source row of the message. No argument.
    pub site_name: Option<String>,
    /// Codes of what of this is not documented.
    pub inferred: Vec<&'static str>,
}

impl ScrapArguments {
    /// What a scrape's report gives.
    pub fn of(report: &Report) -> Self {
        let last = report.hops.last().map(|hop| hop.url.as_str());
        Self::of_page(&report.requested_url, last, report.card.as_ref(), report.image.as_ref())
    }

    fn of_page(requested: &str, last: Option<&str>, card: Option<&Card>, measured: Option<&ImageReport>) -> Self {
        let mut inferred = vec!["scrape-envelope"];
        if last.is_some_and(|last| leads_elsewhere(requested, last)) {
            inferred.push("redirected-domain");
        }
        let Some(card) = card else {
            inferred.push("scrape-unreachable");
            let host = Url::parse(requested).ok().and_then(|url| url.host_str().map(str::to_owned));
            return Self {
                title: requested.to_owned(),
                host: host.unwrap_or_default(),
                request_url: requested.to_owned(),
                inferred,
                ..Self::default()
            };
        };
        let image = image(card, measured);
        if image.is_none() {
            inferred.push("scrape-without-image");
        }
        Self {
            title: card.title.clone(),
            description: card.description.clone(),
            image,
            duration: card.duration,
            host: card.host.clone(),
            request_url: requested.to_owned(),
            site_name: card.site_name.clone().filter(|name| !name.is_empty()),
            inferred,
        }
    }

    /// The value of an argument. `None` if the page has none, or it is no argument of a page.
    pub fn get(&self, name: &str) -> Option<String> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let pixels = |pixels: Option<u32>| pixels.map(|pixels| pixels.to_string());
        match name {
            "SCRAP_TITLE" => some(&self.title),
            "SCRAP_DESCRIPTION" => some(&self.description),
            "SCRAP_IMAGE" => self.image.as_ref().map(|image| image.url.clone()),
            "SCRAP_IMAGE_WIDTH" => self.image.as_ref().and_then(|image| pixels(image.width)),
            "SCRAP_IMAGE_HEIGHT" => self.image.as_ref().and_then(|image| pixels(image.height)),
            "SCRAP_DURATION" => self.duration.map(|seconds| seconds.to_string()),
            "SCRAP_HOST" => some(&self.host),
            "SCRAP_REQUEST_URL" => some(&self.request_url),
            _ => None,
        }
    }
}

/// Whether an argument is filled from the page, known or misspelt: a caller's is ignored (old reference: "cannot be overwritten").
pub fn is_scrap(name: &str) -> bool {
    name.starts_with("SCRAP_")
}

/// Kakao's own scrape message: a feed with the page's picture, title, description and one button to the address.
pub fn scrape_message(report: &Report, sender: &Sender) -> Resolved {
    message(ScrapArguments::of(report), sender)
}

fn message(page: ScrapArguments, sender: &Sender) -> Resolved {
    let address = Some(page.request_url.clone());
    let object = TemplateObject {
        object_type: ObjectType::Feed,
        content: Some(Content {
            title: Some(page.title.clone()),
            description: Some(page.description.clone()),
            images: page.image.clone().into_iter().collect(),
            link: Some(Link { web_url: address.clone(), mobile_web_url: address, ..Link::default() }),
            duration: page.duration,
        }),
        button_title: Some(DEFAULT_BUTTON.to_owned()),
        ..TemplateObject::default()
    };
    let mut draft = resolve::drafted(&object, sender, true);
    let mut linker = Linker::new(sender, false, None);
    let template_msg = wire::wire(&mut draft, sender, &mut linker);
    let name = page.site_name.clone().unwrap_or_else(|| page.host.clone());
    let source = Source { name, icon: None };
    let template_args: Map<String, Value> =
        NAMES.iter().map(|name| (wrapped(name), page.get(name).unwrap_or_default().into())).collect();
    let mut inferred = page.inferred;
    if linker.replaced {
        inferred.push("link-replaced");
    }
    Resolved {
        message: Message { source, ..draft.message },
        template_id: SCRAP_TEMPLATE,
        template_args,
        template_msg,
        warning_msg: linker.warnings,
        argument_msg: Map::new(),
        inferred,
    }
}

/// The picture that a message shows: the first of the card, if it was measured and found good, or not measured at all.
fn image(card: &Card, measured: Option<&ImageReport>) -> Option<ImageRef> {
    let Some(measured) = measured else {
        let first = card.images.first()?;
        return Some(ImageRef { url: first.url.clone(), width: None, height: None });
    };
    let large = |pixels: Option<u32>| pixels.is_none_or(|pixels| pixels >= LEAST_IMAGE);
    let shown = measured.outcome == "ok" && large(measured.width) && large(measured.height);
    shown.then(|| ImageRef { url: measured.url.clone(), width: measured.width, height: measured.height })
}

/// Whether the page was found at another host or port than was asked for. From `http` to `https` of one host is the same domain to
/// people, though it is registered by itself.
fn leads_elsewhere(requested: &str, last: &str) -> bool {
    let place = |text: &str| Url::parse(text).ok().map(|url| (url.host_str().map(str::to_owned), url.port()));
    place(requested) != place(last)
}

#[cfg(test)]
mod tests;
