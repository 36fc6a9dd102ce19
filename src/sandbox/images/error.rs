//! Why an image was not taken, found or given. Kakao documents the codes -602, -603 and -606; its texts, and what it answers to everything
//! else, are not public: the sentences are ours, and are marked so.

use std::{io, sync::Arc};

use crate::sandbox::KapiError;

/// What stands in the way.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ImageError {
    /// More bytes than are taken.
    #[error("the image is larger than {limit} bytes")]
    TooLarge {
        /// `sandbox.images.max_bytes`.
        limit: usize,
    },
    /// No picture, a broken one, or one that is not drawn here.
    #[error("the file is not an image that can be used: {why}")]
    NotImage {
        /// What it is instead, or what is broken.
        why: String,
    },
    /// No room.
    #[error("{what} are kept already")]
    TooMany {
        /// How many images or bytes.
        what: String,
    },
    /// It did not come in time.
    #[error("the image did not arrive in time: {what}")]
    Late {
        /// Which time passed.
        what: String,
    },
    /// Too many images are being worked on.
    #[error("too many images are being worked on at the moment")]
    Busy,
    /// The image's server gave none.
    #[error("the image at image_url cannot be fetched: {why}")]
    Unreachable {
        /// The outcome of asking for it, with what proves it.
        why: String,
    },
    /// It lies where this program does not go.
    #[error("the image at image_url lies at an address that this server does not ask: {why}")]
    Private {
        /// The guard's word.
        why: String,
    },
    /// A parameter is missing or does not fit.
    #[error("failed to parse parameter. name={name}: {why}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The body cannot be read.
    #[error("the body cannot be read: {why}")]
    Body {
        /// What is wrong with it.
        why: String,
    },
    /// There is no such image.
    #[error("there is no image of this sandbox at image_url")]
    Unknown,
    /// The folder cannot be used.
    #[error("the folder of images cannot be used: {0}")]
    Store(#[source] Arc<io::Error>),
    /// A task of ours died.
    #[error("the task that was to do it died")]
    Died,
}

impl ImageError {
    /// Stable kebab-case name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "image-too-large",
            Self::NotImage { .. } => "image-not-image",
            Self::TooMany { .. } => "image-too-many",
            Self::Late { .. } => "image-late",
            Self::Busy => "busy",
            Self::Unreachable { .. } => "image-unreachable",
            Self::Private { .. } => "image-private",
            Self::Parameter { .. } => "parameter-invalid",
            Self::Body { .. } => "body-broken",
            Self::Unknown => "image-unknown",
            Self::Store(_) => "store-unusable",
            Self::Died => "internal",
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "make it smaller; Kakao takes 5 MB",
            Self::NotImage { .. } => "send a JPEG, PNG, GIF or WebP",
            Self::TooMany { .. } => "delete some, or raise sandbox.images.max_images and max_total_bytes",
            Self::Late { .. } => "send it faster, or look at how long its server takes",
            Self::Busy => "try again in a moment",
            Self::Unreachable { .. } => "look at it with /api/v1/scrape, which says what is wrong with an image",
            Self::Private { .. } => "start the server with --allow-net for addresses of your own",
            Self::Parameter { .. } => "see /docs for what is expected",
            Self::Body { .. } => "send multipart/form-data with the image as the part file",
            Self::Unknown => {
                "give the url as the upload answered it; images are deleted after sandbox.images.retention_days"
            }
            Self::Store(_) => "see the server's log; sandbox.store says which folder it is",
            Self::Died => "try again; if it stays, report it with the request and the time",
        }
    }
}

impl From<ImageError> for KapiError {
    fn from(error: ImageError) -> Self {
        let code = match &error {
            ImageError::TooLarge { .. } => -602,
            ImageError::TooMany { .. } => -606,
            ImageError::Late { .. } | ImageError::Busy => -603,
            ImageError::NotImage { .. }
            | ImageError::Unreachable { .. }
            | ImageError::Private { .. }
            | ImageError::Parameter { .. }
            | ImageError::Body { .. }
            | ImageError::Unknown => -2,
            ImageError::Store(_) | ImageError::Died => {
                tracing::error!("an image of the sandbox: {error}");
                return Self::internal();
            }
        };
        Self::new(code, format!("{error}; {}", error.advice())).inferred("image-error")
    }
}
