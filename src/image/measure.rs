//! All that bytes tell about a picture in one call, as the report has it. Not how they came, and no findings.

use super::{
    Crop, Facts, Fonts, Format, Picture, Ratio, Refusal, Settings, ShapedCrop, Size, crop, crops, decode, probe,
};

/// What one picture gave.
#[derive(Debug)]
pub struct Measured {
    /// `ok`, or the code of what is wrong. A format that is not drawn here is `ok`: nothing is wrong with the file.
    pub outcome: &'static str,
    /// What was wrong, for the outcome.
    pub evidence: Option<String>,
    /// Why there is no picture; also set for a good file that is only not drawn here.
    pub refusal: Option<Refusal>,
    /// What the bytes are; `None` when they are no picture.
    pub format: Option<Format>,
    /// Size as shown; also that of a picture too large to decode.
    pub size: Option<Size>,
    /// EXIF orientation, 1 to 8.
    pub orientation: Option<u8>,
    /// True if it moves; `None` where nobody looked.
    pub animated: Option<bool>,
    /// What the 2:1 image of a message shows of it.
    pub crop: Option<Crop>,
    /// The same for each shape.
    pub crops: Vec<ShapedCrop>,
    /// The picture, unless it is larger than what is kept: then [`decode`] it again with `facts`.
    pub picture: Option<Picture>,
    /// For [`decode`]; `None` when the header is refused.
    pub facts: Option<Facts>,
}

/// Probes and, where this program can, decodes once: a broken file shows only then.
pub fn measure(bytes: &[u8], settings: &Settings, fonts: Option<&Fonts>) -> Measured {
    let facts = match probe(bytes, settings) {
        Ok(facts) => facts,
        Err(refusal) => return refused(refusal),
    };
    let (picture, refusal) = match decode(bytes, &facts, settings, fonts) {
        Ok(picture) => (Some(picture).filter(|picture| picture.bytes() <= settings.max_kept_bytes), None),
        Err(refusal @ Refusal::NotImage { .. }) => return refused(refusal),
        Err(refusal) => (None, Some(refusal)),
    };
    told(facts, picture, refusal)
}

/// What the header alone tells, of a file whose end was not read.
pub fn glance(bytes: &[u8], settings: &Settings) -> Measured {
    probe(bytes, settings).map_or_else(refused, |facts| told(facts, None, None))
}

fn told(facts: Facts, picture: Option<Picture>, refusal: Option<Refusal>) -> Measured {
    let wrong = refusal.as_ref().filter(|refusal| !matches!(refusal, Refusal::NotDrawable { .. }));
    Measured {
        outcome: wrong.map_or("ok", Refusal::code),
        evidence: wrong.map(Refusal::to_string),
        format: Some(facts.format),
        size: facts.size,
        orientation: facts.orientation,
        animated: facts.format.is_drawable().then_some(facts.animated),
        crop: facts.size.map(|size| crop(size, Ratio::Wide)),
        crops: facts.size.map(crops).unwrap_or_default(),
        picture,
        facts: Some(facts),
        refusal,
    }
}

/// Nothing could be measured but, perhaps, that there are too many pixels.
fn refused(refusal: Refusal) -> Measured {
    let (format, size) = match &refusal {
        Refusal::NotImage { .. } => (None, None),
        Refusal::Undecodable { format, .. } | Refusal::NotDrawable { format, .. } => (Some(*format), None),
        Refusal::TooManyPixels { format, size, .. } => (Some(*format), Some(*size)),
    };
    Measured {
        outcome: refusal.code(),
        evidence: Some(refusal.to_string()),
        format,
        size,
        orientation: None,
        animated: None,
        crop: size.map(|size| crop(size, Ratio::Wide)),
        crops: size.map(crops).unwrap_or_default(),
        picture: None,
        facts: None,
        refusal: Some(refusal),
    }
}
