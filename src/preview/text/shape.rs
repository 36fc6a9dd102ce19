//! Text made into placed glyphs: order of directions (UAX #9), a font for every grapheme, ligatures and joins. Not lines: that is `wrap`.
//!
//! Whatever measures and whatever paints uses these glyphs, so a line is as wide as it was measured.

use std::ops::Range;

use harfrust::{BufferClusterLevel, Direction, ShapeOptions, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::preview::{
    font::{FontId, Fonts},
    metrics::Type,
};

/// Width of the mark that stands for a grapheme no font has, per font size.
const MARK_ADVANCE: f32 = 0.76;

/// Shapes text of one type.
#[derive(Clone, Copy)]
pub(in crate::preview) struct Shaper<'a> {
    fonts: &'a Fonts,
    type_: Type,
}

/// Shaped text.
#[derive(Debug, Clone, Default)]
pub(in crate::preview) struct Piece {
    /// From left to right as it is seen.
    pub(in crate::preview) parts: Vec<Part>,
    /// The sum of all advances, in pixels.
    pub(in crate::preview) width: f32,
}

/// Neighbouring glyphs of one font and direction.
#[derive(Debug, Clone)]
pub(in crate::preview) struct Part {
    /// `None` if no font has the text: each glyph is then our mark.
    pub(in crate::preview) font: Option<FontId>,
    /// From left to right.
    pub(in crate::preview) glyphs: Vec<Glyph>,
}

/// One placed glyph.
#[derive(Debug, Clone, Copy)]
pub(in crate::preview) struct Glyph {
    /// Number in its font; `None` for our mark.
    pub(in crate::preview) id: Option<u32>,
    /// From the start of the text, in pixels.
    pub(in crate::preview) x: f32,
    /// Above the baseline, in pixels.
    pub(in crate::preview) rise: f32,
    /// How far it moves the next glyph, in pixels.
    pub(in crate::preview) advance: f32,
    /// The byte of the text its cluster begins at.
    pub(in crate::preview) at: usize,
}

impl<'a> Shaper<'a> {
    pub(in crate::preview) fn new(fonts: &'a Fonts, type_: Type) -> Self {
        Self { fonts, type_ }
    }

    /// Shapes one line or paragraph. `rtl` is the direction of the whole; parts may run against it.
    pub(in crate::preview) fn shape(self, text: &str, rtl: bool) -> Piece {
        let mut piece = Piece::default();
        let level = if rtl { Level::rtl() } else { Level::ltr() };
        let order = BidiInfo::new(text, Some(level));
        for paragraph in &order.paragraphs {
            let (levels, runs) = order.visual_runs(paragraph, paragraph.range.clone());
            for run in runs {
                let rtl = levels.get(run.start).is_some_and(Level::is_rtl);
                self.add_run(text, run, rtl, &mut piece);
            }
        }
        piece
    }

    /// Adds a stretch of one direction.
    fn add_run(self, text: &str, run: Range<usize>, rtl: bool, piece: &mut Piece) {
        let mut stretches = self.by_font(text, run);
        if rtl {
            stretches.reverse();
        }
        for (font, range) in stretches {
            let glyphs = match font {
                Some(id) => self.glyphs(id, text, range, rtl),
                None => self.marks(text, range, rtl),
            };
            let mut part = Part { font, glyphs };
            for glyph in &mut part.glyphs {
                glyph.x += piece.width;
                piece.width += glyph.advance;
            }
            piece.parts.push(part);
        }
    }

    /// Cuts a stretch wherever the next grapheme needs another font.
    fn by_font(self, text: &str, run: Range<usize>) -> Vec<(Option<FontId>, Range<usize>)> {
        let mut stretches: Vec<(Option<FontId>, Range<usize>)> = Vec::new();
        for (at, grapheme) in text.get(run.clone()).unwrap_or_default().grapheme_indices(true) {
            let font = self.fonts.of(grapheme, self.type_.weight);
            let start = run.start + at;
            match stretches.last_mut() {
                Some((last, range)) if *last == font => range.end = start + grapheme.len(),
                _ => stretches.push((font, start..start + grapheme.len())),
            }
        }
        stretches
    }

    fn glyphs(self, id: FontId, text: &str, range: Range<usize>, rtl: bool) -> Vec<Glyph> {
        let (Some(face), Some(stretch)) = (self.fonts.face(id), text.get(range.clone())) else { return Vec::new() };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(stretch);
        buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
        buffer.set_cluster_level(BufferClusterLevel::MonotoneGraphemes);
        buffer.guess_segment_properties();
        let shaped = face.shaper.shaper(face.font()).build().shape(buffer, ShapeOptions::new());
        let scale = self.type_.size / face.units;
        let pixels = |units: i32| {
            #[expect(clippy::cast_precision_loss, reason = "font units are far below 2^24")]
            let units = units as f32;
            units * scale
        };
        let placed = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
        placed
            .map(|(info, position)| {
                let at = range.start + usize::try_from(info.cluster).unwrap_or_default();
                if info.glyph_id == 0 {
                    return Glyph { id: None, x: 0.0, rise: 0.0, advance: self.mark_advance(), at };
                }
                let (x, rise) = (pixels(position.x_offset), pixels(position.y_offset));
                Glyph { id: Some(info.glyph_id), x, rise, advance: pixels(position.x_advance).max(0.0), at }
            })
            .collect()
    }

    /// One mark for each grapheme.
    fn marks(self, text: &str, range: Range<usize>, rtl: bool) -> Vec<Glyph> {
        let stretch = text.get(range.clone()).unwrap_or_default();
        let mark = |at| Glyph { id: None, x: 0.0, rise: 0.0, advance: self.mark_advance(), at: range.start + at };
        let mut marks: Vec<_> = stretch.grapheme_indices(true).map(|(at, _)| mark(at)).collect();
        if rtl {
            marks.reverse();
        }
        marks
    }

    fn mark_advance(self) -> f32 {
        MARK_ADVANCE * self.type_.size
    }
}

impl Piece {
    /// The graphemes of `text`, from which this is shaped, that no font has.
    pub(in crate::preview) fn missing<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let unknown = self.parts.iter().flat_map(|part| &part.glyphs).filter(|glyph| glyph.id.is_none());
        unknown.filter_map(|glyph| text.get(glyph.at..)?.graphemes(true).next()).collect()
    }
}
