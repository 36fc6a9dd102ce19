//! Which part of a picture a message shows: the largest cut of a shape, at the centre (R28). Exact, in whole pixels.
//! Kakao's own cut may move to keep faces in; this is the cut without faces.

use super::{Crop, Ratio, ShapedCrop, Size};

impl Ratio {
    /// Every shape, the message's own first.
    pub const ALL: [Self; 3] = [Self::Wide, Self::Square, Self::Upright];

    /// Parts across and parts down.
    pub fn parts(self) -> (u32, u32) {
        match self {
            Self::Wide => (2, 1),
            Self::Square => (1, 1),
            Self::Upright => (3, 4),
        }
    }
}

/// The largest part of this shape, at the centre. A picture with a side of no pixels has no part.
pub fn crop(size: Size, ratio: Ratio) -> Crop {
    let (across, down) = ratio.parts();
    cut(size, across, down)
}

/// The same for every shape that messages have.
pub fn crops(size: Size) -> Vec<ShapedCrop> {
    Ratio::ALL.map(|ratio| ShapedCrop { ratio, crop: crop(size, ratio) }).into()
}

/// The largest part that is `across` to `down`, at the centre; a side that cannot be exact is the shorter one.
pub(super) fn cut(size: Size, across: u32, down: u32) -> Crop {
    let (width, height) = (u64::from(size.width), u64::from(size.height));
    let (across, down) = (u64::from(across.max(1)), u64::from(down.max(1)));
    // What the other side allows, but at least a pixel of what is there.
    let (wide, tall) = if width * down > height * across {
        ((height * across / down).clamp(1, width), height)
    } else {
        (width, (width * down / across).clamp(height.min(1), height))
    };
    let pixels = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
    Crop { x: pixels((width - wide) / 2), y: pixels((height - tall) / 2), width: pixels(wide), height: pixels(tall) }
}
