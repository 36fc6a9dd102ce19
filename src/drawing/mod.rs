//! The use case: one URL, or one message of a template, drawn. It scrapes, takes the pictures from the image cache, and hands both to
//! a painter. How a bubble looks is `preview`'s to know.

mod message;
mod pictures;

use std::sync::Arc;

pub use self::{
    message::{Fragment, MessageDrawing},
    pictures::{OwnImages, PictureNote},
};

use tokio::sync::Semaphore;
use url::Url;

use crate::{
    image::{Fit, ImageReport, Rendition},
    language::Language,
    preview::{DEFAULT_SCALE, Document, Kind, Layout, LinkPreview, PaintError, Painter, Picture, Theme, Width},
    report::Report,
    scrape::{Answer, Ask, NoPicture, Scraper, Unserved},
    user_agent::UserAgent,
};

/// How a message is to look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// The kind of message.
    pub kind: Kind,
    /// The chat's colours.
    pub theme: Theme,
    /// The device.
    pub width: Width,
    /// Say in the picture's place why it is missing; a chat would leave no place at all.
    pub note: bool,
    /// The language of that, and of the document.
    pub language: Language,
}

/// What to draw it as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An HTML document that this service serves: it loads its picture and fonts from here.
    ServedHtml,
    /// An HTML document of one file.
    Html,
    /// SVG.
    Svg,
    /// PNG, two pixels for each CSS pixel.
    Png,
}

/// A message drawn.
#[derive(Debug)]
pub struct Drawing {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
    /// Characters that no font at hand has. A frame of our own stands for each in PNG; HTML and SVG leave them to the viewer's fonts.
    pub missing: Vec<String>,
    /// What it was drawn from.
    pub answer: Answer,
}

/// Why nothing could be drawn.
#[derive(Debug, thiserror::Error)]
pub enum NotDrawn {
    /// The scrape was not served.
    #[error(transparent)]
    Unserved(#[from] Unserved),
    /// The painter failed.
    #[error(transparent)]
    Paint(#[from] PaintError),
    /// A task of ours died.
    #[error("the task that was to draw died")]
    Died,
}

/// Draws messages for everyone. Cheap to clone.
#[derive(Clone)]
pub struct Drawer {
    scraper: Scraper,
    painter: Arc<Painter>,
    places: Arc<Semaphore>,
    own_images: Option<OwnImages>,
}

impl Drawer {
    /// Puts the parts together; as many paint at once as there are cores.
    pub fn new(scraper: Scraper, painter: Arc<Painter>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { scraper, painter, places: Arc::new(Semaphore::new(cores)), own_images: None }
    }

    /// Takes the images that this service keeps itself from `own`, instead of asking for them over HTTP.
    #[must_use]
    pub fn with_own_images(self, own: OwnImages) -> Self {
        Self { own_images: Some(own), ..self }
    }

    /// The painter, for whoever needs its styles.
    pub fn painter(&self) -> &Painter {
        &self.painter
    }

    /// Scrapes and draws.
    pub async fn draw(&self, ask: &Ask, look: Look, form: Form) -> Result<Drawing, NotDrawn> {
        let answer = self.scraper.scrape(ask, None).await?;
        self.draw_answer(answer, &ask.user_agent, look, form).await
    }

    /// Draws what a scrape answered.
    pub async fn draw_answer(
        &self,
        answer: Answer,
        user_agent: &UserAgent,
        look: Look,
        form: Form,
    ) -> Result<Drawing, NotDrawn> {
        let report = answer.report();
        let mut preview = describe(&report, look);
        preview.picture = match report.image.as_ref().filter(|image| image.outcome == "ok") {
            Some(image) => self.picture(image, user_agent, form).await,
            None => None,
        };
        let painting = self.work(move |painter| paint(painter, painter.layout(&preview), look.language, form)).await?;
        let (bytes, missing) = painting?;
        Ok(Drawing { bytes, media_type: form.media_type(), missing, answer })
    }

    /// Does work of the painter's off the async workers, when there is a core for it.
    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&Painter) -> T + Send + 'static) -> Result<T, NotDrawn> {
        let _place = self.places.acquire().await.map_err(|_closed| NotDrawn::Died)?;
        let painter = Arc::clone(&self.painter);
        tokio::task::spawn_blocking(move || work(&painter)).await.map_err(|died| {
            tracing::error!("drawing a message died: {died}");
            NotDrawn::Died
        })
    }

    /// The picture as the painter wants it: loaded from here, or carried in the file.
    async fn picture(&self, image: &ImageReport, user_agent: &UserAgent, form: Form) -> Option<Picture> {
        if form == Form::ServedHtml {
            let href = image.href.as_ref()?;
            return Picture::linked(format!("{href}&w={}&h={}", PICTURE.width, PICTURE.height.unwrap_or_default()));
        }
        let url = Url::parse(&image.url).ok()?;
        match self.scraper.rendition(&url, user_agent, PICTURE).await.ok()? {
            Ok(encoded) => Picture::encoded(encoded.bytes.clone()),
            Err(NoPicture::Image { .. } | NoPicture::Busy) => None,
        }
    }
}

/// What a message shows of an image: Kakao makes it 800x400 (R28).
const PICTURE: Rendition = Rendition { width: 800, height: Some(400), fit: Fit::Cover };

fn paint(
    painter: &Painter,
    layout: Layout,
    language: Language,
    form: Form,
) -> Result<(Vec<u8>, Vec<String>), PaintError> {
    let language = language.tag();
    let bytes = match form {
        Form::ServedHtml => painter.document(&layout, Document { language, fonts: Some(WEB_FONTS) }).into_bytes(),
        Form::Html => painter.document(&layout, Document { language, fonts: None }).into_bytes(),
        Form::Svg => painter.svg(&layout).into_bytes(),
        Form::Png => painter.png(&layout, DEFAULT_SCALE)?,
    };
    Ok((bytes, layout.missing))
}

/// Where this service serves the fonts of the page.
pub const WEB_FONTS: &str = "/static/fonts";

/// A report's texts, as a message has them. Without a card a chat shows the address alone.
fn describe(report: &Report, look: Look) -> LinkPreview {
    let preview = match &report.card {
        Some(card) => LinkPreview::from(card),
        None => LinkPreview { url: report.requested_url.clone(), ..LinkPreview::default() },
    };
    let note = report.card.as_ref().filter(|_| look.note).map(|_| missing_picture(report, look.language));
    LinkPreview { kind: look.kind, theme: look.theme, width: look.width, note, ..preview }
}

/// Why there is no picture, in two short lines.
fn missing_picture(report: &Report, language: Language) -> String {
    let none = match language {
        Language::Ko => "이미지 없음",
        Language::En => "No image",
    };
    let Some(image) = report.image.as_ref().filter(|image| image.outcome != "ok") else { return none.to_owned() };
    let why = match (image.outcome.strip_prefix("image-status-"), image.format.filter(|format| !format.is_drawable())) {
        (Some(status), _) => format!("HTTP {status}"),
        (None, Some(format)) => format.name().to_owned(),
        (None, None) => image.outcome.clone(),
    };
    format!("{none}\n{why}")
}

impl Form {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::ServedHtml | Self::Html => "text/html; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }
}
