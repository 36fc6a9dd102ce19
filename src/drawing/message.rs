//! A message of a template, drawn: laid out to learn where its pictures go, then again with them.

use super::{Drawer, Form, Look, NotDrawn, PictureNote, paint, pictures::Carried};
use crate::{
    preview::{Layout, MessagePreview},
    template::message::Message,
};

/// A message drawn.
#[derive(Debug)]
pub struct MessageDrawing {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: &'static str,
    /// Characters that no font at hand has, as in [`Drawing`](super::Drawing).
    pub missing: Vec<String>,
    /// What became of each picture.
    pub pictures: Vec<PictureNote>,
}

/// A message drawn for a page that has the style of bubbles already.
#[derive(Debug)]
pub struct Fragment {
    /// One `<article>`.
    pub html: String,
    /// Characters that no font at hand has.
    pub missing: Vec<String>,
    /// What became of each picture.
    pub pictures: Vec<PictureNote>,
}

impl Drawer {
    /// Draws a message. Of `look`, `kind` means nothing here.
    pub async fn draw_message(&self, message: &Message, look: Look, form: Form) -> Result<MessageDrawing, NotDrawn> {
        let (preview, pictures) = self.with_pictures(message, look, Carried::by(form)).await?;
        let painted = self.work(move |painter| paint(painter, painter.message(&preview), look.language, form)).await?;
        let (bytes, missing) = painted?;
        Ok(MessageDrawing { bytes, media_type: form.media_type(), missing, pictures })
    }

    /// Draws a message as HTML for a page that loads `GET /api/v1/preview.css`.
    pub async fn fragment_of(&self, message: &Message, look: Look) -> Result<Fragment, NotDrawn> {
        let (preview, pictures) = self.with_pictures(message, look, Carried::Linked).await?;
        let (html, missing) = self
            .work(move |painter| {
                let layout: Layout = painter.message(&preview);
                (painter.fragment(&layout), layout.missing)
            })
            .await?;
        Ok(Fragment { html, missing, pictures })
    }

    async fn with_pictures(
        &self,
        message: &Message,
        look: Look,
        carried: Carried,
    ) -> Result<(MessagePreview, Vec<PictureNote>), NotDrawn> {
        let Look { theme, width, note, language, kind: _ } = look;
        let bare = MessagePreview { message: message.clone(), theme, width, language, note, pictures: Vec::new() };
        let (mut preview, slots) = self
            .work(move |painter| {
                let slots = painter.message(&bare).slots;
                (bare, slots)
            })
            .await?;
        let (shown, notes) = self.pictures(&slots, carried).await;
        preview.pictures = shown;
        Ok((preview, notes))
    }
}
