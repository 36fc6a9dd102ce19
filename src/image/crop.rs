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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_shapes_of_a_usual_picture_are_cut_at_its_centre() {
        let expected = [
            (Ratio::Wide, Crop { x: 0, y: 15, width: 1200, height: 600 }),
            (Ratio::Square, Crop { x: 285, y: 0, width: 630, height: 630 }),
            // 630 x 3 / 4 is 472.5.
            (Ratio::Upright, Crop { x: 364, y: 0, width: 472, height: 630 }),
        ];
        let expected = expected.map(|(ratio, crop)| ShapedCrop { ratio, crop });
        assert_eq!(crops(Size { width: 1200, height: 630 }), expected);
    }

    #[test]
    fn a_picture_of_the_shape_is_not_cut() {
        assert_eq!(crop(Size { width: 800, height: 400 }, Ratio::Wide), Crop { x: 0, y: 0, width: 800, height: 400 });
    }

    #[test]
    fn a_line_of_pixels_is_cut_to_what_it_has() {
        assert_eq!(crop(Size { width: 1, height: 99 }, Ratio::Wide), Crop { x: 0, y: 49, width: 1, height: 1 });
        assert_eq!(crop(Size { width: 99, height: 1 }, Ratio::Upright), Crop { x: 49, y: 0, width: 1, height: 1 });
        let longest = Size { width: u32::MAX, height: 1 };
        assert_eq!(crop(longest, Ratio::Wide), Crop { x: (u32::MAX - 2) / 2, y: 0, width: 2, height: 1 });
    }

    proptest! {
        #[test]
        fn a_cut_is_inside_centred_of_its_shape_and_as_large_as_can_be(
            width in 1..=u32::MAX, height in 1..=u32::MAX, small: bool, ratio in prop::sample::select(Ratio::ALL.to_vec()),
        ) {
            let bound = if small { 3000 } else { u32::MAX };
            let size = Size { width: (width % bound).max(1), height: (height % bound).max(1) };
            let (width, height) = (u64::from(size.width), u64::from(size.height));
            let Crop { x, y, width: wide, height: tall } = crop(size, ratio);
            let (x, y, wide, tall) = (u64::from(x), u64::from(y), u64::from(wide), u64::from(tall));
            let (across, down) = (u64::from(ratio.parts().0), u64::from(ratio.parts().1));

            // Inside, and with something in it.
            prop_assert!(wide >= 1 && tall >= 1 && x + wide <= width && y + tall <= height);
            // Centred: the two margins differ by no more than the odd pixel.
            prop_assert!((width - wide - x).abs_diff(x) <= 1 && (height - tall - y).abs_diff(y) <= 1);
            // As large as can be: one side is whole, and one pixel more of the other leaves the shape.
            prop_assert!(wide == width || tall == height);
            if tall < height {
                prop_assert!((tall * across <= wide * down || tall == 1) && (tall + 1) * across > wide * down);
            }
            if wide < width {
                prop_assert!((wide * down <= tall * across || wide == 1) && (wide + 1) * down > tall * across);
            }
        }
    }
}
