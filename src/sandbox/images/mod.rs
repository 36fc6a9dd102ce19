//! The images of the sandbox: taken, written anew, kept until their time is over, and given. What the uploader sent is never kept and never
//! served as it came; how Kakao's paths look is `web::kapi`'s to know.
//!
//! The life of one image:
//! 1. Its bytes come by upload, or from its address through the one guarded way out.
//! 2. [`crate::image`] says what they are, within bounds, and a new file is made of the pixels alone.
//! 3. The file is kept under its hash (`store`) for `retention_days`. Kept once more, it stays longer.

mod address;
mod error;
mod name;
mod store;

use std::{path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tokio::task::JoinError;
use utoipa::ToSchema;

use self::store::{Bounds, Store};
pub use self::{
    address::{PublicUrl, address},
    error::ImageError,
    name::{Name, ROUTE},
};
use super::{clock::Clock, settings::ImageSettings};
use crate::{
    image::{self, Encoded, Facts, Fonts},
    places::Places,
    scrape::{NoFile, Scraper},
    target::Target,
};

/// What the images of the sandbox are put together from.
pub struct Parts {
    /// Section `[sandbox.images]`.
    pub settings: ImageSettings,
    /// Where they are kept; `None` is in memory.
    pub folder: Option<PathBuf>,
    /// Section `[image]`.
    pub image: image::Settings,
    /// Fonts for text in SVG images.
    pub fonts: Option<Fonts>,
    /// Fetches images.
    pub scraper: Scraper,
    /// Bytes of an address.
    pub max_url_bytes: usize,
    /// The present.
    pub clock: Clock,
}

/// The images of the sandbox. Cheap to clone.
#[derive(Clone)]
pub struct Images(Arc<Inner>);

struct Inner {
    parts: Parts,
    store: Store,
    bounds: Bounds,
    places: Places,
}

/// An image that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its name, the last part of its address.
    pub name: Name,
    /// What is told of it, all but the address.
    pub length: usize,
    /// How large it is.
    pub size: image::Size,
    /// When it is deleted.
    pub expires_at: Timestamp,
    /// What of the answer is not Kakao's: codes of `template.toml`, section `inferred`.
    pub inferred: Vec<&'static str>,
}

/// An image as it is served.
#[derive(Debug, Clone)]
pub struct Served {
    /// Its name.
    pub name: Name,
    /// The file.
    pub bytes: Bytes,
    /// Seconds until it is deleted.
    pub seconds_left: u64,
}

/// What Kakao answers to an image that it took (the Flutter SDK's `image_upload_result.dart`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImageAnswer {
    /// The image, in the sizes there are.
    pub infos: ImageInfos,
}

/// The sizes of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImageInfos {
    /// The image in its own size.
    pub original: ImageInfo,
}

/// One size of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImageInfo {
    /// Where it is served until it is deleted.
    pub url: String,
    /// Its media type.
    pub content_type: String,
    /// Its bytes.
    pub length: usize,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Taken {
    /// Kakao's answer, with this address.
    pub fn answer(&self, url: String) -> ImageAnswer {
        let image::Size { width, height } = self.size;
        let content_type = self.name.media_type().to_owned();
        ImageAnswer {
            infos: ImageInfos { original: ImageInfo { url, content_type, length: self.length, width, height } },
        }
    }
}

impl Images {
    /// Puts the parts together. Reads and writes nothing yet.
    pub fn new(parts: Parts) -> Self {
        let settings = &parts.settings;
        let folder = parts.folder.clone();
        let bounds = Bounds {
            images: settings.max_images,
            bytes: if folder.is_some() { settings.max_total_bytes } else { settings.max_memory_bytes },
            retention: SignedDuration::from_hours(i64::from(settings.retention_days) * 24),
        };
        let wait = Duration::from_millis(settings.max_wait_ms);
        let places = Places::new(settings.max_parallel, settings.max_waiting, wait);
        Self(Arc::new(Inner { store: Store::new(folder), bounds, places, parts }))
    }

    /// Section `[sandbox.images]`.
    pub fn settings(&self) -> &ImageSettings {
        &self.0.parts.settings
    }

    /// Takes an image. Whoever reads it from a caller holds a place meanwhile: see [`Self::place`].
    pub async fn upload(&self, bytes: Bytes) -> Result<Taken, ImageError> {
        let limit = self.0.parts.settings.max_bytes;
        if bytes.len() > limit {
            return Err(ImageError::TooLarge { limit });
        }
        self.blocking(move |inner| inner.take(&bytes)).await?
    }

    /// A place for one more image; too many at once would fill the memory.
    pub async fn place(&self) -> Result<tokio::sync::OwnedSemaphorePermit, ImageError> {
        self.0.places.take().await.ok_or(ImageError::Busy)
    }

    /// Takes the image at an address: through the guard, as Kakao's scraper asks for it. One of our own is not asked for.
    pub async fn scrap(&self, url: &str) -> Result<Taken, ImageError> {
        let _place = self.place().await?;
        let parameter = |why: String| ImageError::Parameter { name: "image_url", why };
        if Name::in_url(url).is_some() {
            let (images, own) = (self.clone(), url.to_owned());
            if let Some(bytes) = self.blocking(move |_| images.find(&own)).await? {
                return self.upload(bytes).await;
            }
        }
        let target = Target::parse(url, self.0.parts.max_url_bytes)
            .map_err(|error| parameter(format!("{error}; {}", error.advice())))?;
        let limit = self.0.parts.settings.max_bytes;
        match self.0.parts.scraper.image_file(&target.request_url()).await {
            Ok(bytes) => self.upload(bytes).await,
            Err(NoFile::Died) => Err(ImageError::Died),
            Err(NoFile::Late { why }) => Err(ImageError::Late { what: why }),
            Err(NoFile::Image { code, evidence }) => {
                let why = format!("{code}: {evidence}");
                Err(match code.as_str() {
                    "image-too-large" => ImageError::TooLarge { limit },
                    "image-private" => ImageError::Private { why },
                    "image-unreachable" => ImageError::Unreachable { why },
                    code if code.starts_with("image-status-") => ImageError::Unreachable { why },
                    _ => ImageError::NotImage { why },
                })
            }
        }
    }

    /// Deletes an image by its address.
    pub async fn delete(&self, url: &str) -> Result<(), ImageError> {
        let name = Name::in_url(url).ok_or(ImageError::Unknown)?;
        let deleted = self.blocking(move |inner| inner.store.delete(&name, inner.now(), &inner.bounds)).await??;
        if deleted { Ok(()) } else { Err(ImageError::Unknown) }
    }

    /// An image by its name; `None` if there is none, or its time is over.
    pub async fn serve(&self, name: &str) -> Result<Option<Served>, ImageError> {
        let Some(name) = Name::parse(name) else { return Ok(None) };
        self.blocking(move |inner| {
            let now = inner.now();
            let held = inner.store.get(&name, now, &inner.bounds)?;
            Ok(held.map(|held| {
                let left = inner.bounds.end_of(held.uploaded_at).duration_since(now).as_secs();
                Served { name, bytes: held.bytes, seconds_left: u64::try_from(left).unwrap_or(0) }
            }))
        })
        .await?
    }

    /// The bytes of an image of ours by its address, whatever host it was addressed by. May read a file: call it where blocking is allowed.
    pub fn find(&self, url: &str) -> Option<Bytes> {
        let name = Name::in_url(url)?;
        let inner = &self.0;
        inner.store.get(&name, inner.now(), &inner.bounds).ok().flatten().map(|held| held.bytes)
    }

    /// Deletes what is over; says how many images are left. May block.
    pub fn sweep(&self) -> Result<usize, ImageError> {
        self.0.store.sweep(self.0.now(), &self.0.bounds)
    }

    /// Sweeps now and every hour, for as long as it is polled.
    pub async fn keep_swept(self) {
        loop {
            match self.blocking(|inner| inner.store.sweep(inner.now(), &inner.bounds)).await {
                Ok(Ok(_left)) => {}
                Ok(Err(error)) | Err(error) => tracing::warn!("images of the sandbox cannot be swept: {error}"),
            }
            tokio::time::sleep(BETWEEN_SWEEPS).await;
        }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> T + Send + 'static,
    ) -> Result<T, ImageError> {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&inner)).await.map_err(|died: JoinError| {
            tracing::error!("work on an image of the sandbox died: {died}");
            ImageError::Died
        })
    }
}

impl Inner {
    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    fn take(&self, bytes: &[u8]) -> Result<Taken, ImageError> {
        let (facts, encoded) =
            self.rewrite(bytes).map_err(|refusal| ImageError::NotImage { why: refusal.to_string() })?;
        let Encoded { bytes, media_type, size } = encoded;
        let bytes = Bytes::from(bytes);
        let now = self.now();
        let name = self.store.put(&bytes, media_type, now, &self.bounds)?;
        let kept_type = matches!(
            (facts.format, media_type),
            (image::Format::Png, "image/png") | (image::Format::Jpeg, "image/jpeg")
        );
        let inferred = if kept_type { Vec::new() } else { vec!["image-format"] };
        Ok(Taken { name, length: bytes.len(), size, expires_at: self.bounds.end_of(now), inferred })
    }

    /// A new file of the picture's pixels alone.
    fn rewrite(&self, bytes: &[u8]) -> Result<(Facts, Encoded), image::Refusal> {
        let Parts { image: settings, fonts, .. } = &self.parts;
        let facts = image::probe(bytes, settings)?;
        let picture = image::decode(bytes, &facts, settings, fonts.as_ref())?;
        Ok((facts, image::rewrite(&picture, facts.format, settings)?))
    }
}

const BETWEEN_SWEEPS: Duration = Duration::from_hours(1);
