//! The fonts the painter carries, parsed once: which of them draws a letter, and the outlines of its glyphs. Nothing is read from the
//! system, so that a picture is the same on every machine.

use std::fmt::Write as _;

use harfrust::ShaperData;
use skrifa::{
    FontRef, GlyphId, MetadataProvider as _,
    charmap::Charmap,
    color::{Brush, ColorPainter, CompositeMode, Transform},
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
};

use super::metrics::Weight;

/// Pretendard 400 and 600, then what it lacks, in the order in which fonts are asked. `src/preview/fonts/README.md` says where each is from.
pub(super) static FILES: [&[u8]; 8] = [
    include_bytes!("fonts/Pretendard-Regular.otf"),
    include_bytes!("fonts/Pretendard-SemiBold.otf"),
    include_bytes!("fonts/NotoSansKR-Fallback.otf"),
    include_bytes!("fonts/NotoSansArabic-Regular.ttf"),
    include_bytes!("fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("fonts/NotoSansThai-Regular.ttf"),
    include_bytes!("fonts/NotoSansDevanagari-Regular.ttf"),
    include_bytes!("fonts/Twemoji.ttf"),
];
const REGULAR: FontId = FontId(0);
const SEMI_BOLD: FontId = FontId(1);
/// The fallback fonts, after the two weights of Pretendard.
const FALLBACKS: std::ops::RangeInclusive<usize> = 2..=7;
const EMOJI: FontId = FontId(7);
/// Asks for the coloured form of a character that also has a plain one (UTS #51, 1.4.3).
const EMOJI_PRESENTATION: char = '\u{FE0F}';

/// One of the fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FontId(usize);

/// All fonts, parsed. Costs milliseconds to make and little memory beyond the embedded files: make one and share it.
pub struct Fonts {
    faces: Vec<Face>,
}

/// One font, parsed.
pub(super) struct Face {
    font: FontRef<'static>,
    charmap: Charmap<'static>,
    pub(super) shaper: ShaperData,
    /// Units of the font's own grid per font size.
    pub(super) units: f32,
    ascent: f32,
    descent: f32,
}

/// An embedded font that cannot be read. Nothing a user does causes it.
#[derive(Debug, thiserror::Error)]
#[error("the embedded font {number} cannot be read: {source}")]
pub struct FontError {
    number: usize,
    source: skrifa::raw::ReadError,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Fonts").field("faces", &self.faces.len()).finish()
    }
}

impl Fonts {
    /// The fonts embedded in the program.
    pub fn embedded() -> Result<Self, FontError> {
        let faces = FILES.iter().enumerate().map(|(number, file)| Face::new(number, file)).collect::<Result<_, _>>()?;
        Ok(Self { faces })
    }

    pub(super) fn face(&self, id: FontId) -> Option<&Face> {
        self.faces.get(id.0)
    }

    /// The font all lines of a weight are measured from.
    pub(super) fn base(weight: Weight) -> FontId {
        match weight {
            Weight::Regular => REGULAR,
            Weight::SemiBold => SEMI_BOLD,
        }
    }

    /// The first font that has every character of a grapheme. `None`: no font has.
    pub(super) fn of(&self, grapheme: &str, weight: Weight) -> Option<FontId> {
        let coloured = grapheme.contains(EMOJI_PRESENTATION).then_some(EMOJI);
        let chain = coloured.into_iter().chain([Self::base(weight)]).chain(FALLBACKS.map(FontId));
        chain.into_iter().find(|&id| self.face(id).is_some_and(|face| face.covers(grapheme)))
    }
}

impl Face {
    fn new(number: usize, file: &'static [u8]) -> Result<Self, FontError> {
        let font = FontRef::new(file).map_err(|source| FontError { number, source })?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        Ok(Self {
            charmap: font.charmap(),
            shaper: ShaperData::new(&font),
            units: f32::from(metrics.units_per_em.max(1)),
            ascent: metrics.ascent,
            descent: metrics.descent,
            font,
        })
    }

    pub(super) fn font(&self) -> &FontRef<'static> {
        &self.font
    }

    /// From the top of a line to its baseline: the font's ascent, and half of what the line is higher than the font (CSS 2.2, 10.8.1).
    pub(super) fn baseline(&self, size: f32, line: f32) -> f32 {
        let (ascent, descent) = (self.ascent / self.units * size, -self.descent / self.units * size);
        (line - ascent - descent) / 2.0 + ascent
    }

    fn covers(&self, grapheme: &str) -> bool {
        let mut characters = grapheme.chars().filter(|&character| !is_joining(character)).peekable();
        characters.peek().is_some()
            && characters.all(|character| self.charmap.map(character).is_some_and(|id| id != GlyphId::NOTDEF))
    }

    /// Draws a glyph at `x`, `y` in the given size: each outline goes to `paint` with its colour, `None` for the colour of the text.
    pub(super) fn draw(&self, glyph: u32, place: Place, paint: &mut dyn FnMut(Option<[u8; 4]>, &str)) {
        let glyph = GlyphId::new(glyph);
        if let Some(coloured) = self.font.color_glyphs().get(glyph) {
            let mut layers = Layers { face: self, place, paint };
            // A glyph whose layers cannot be read is left out: what was painted of it stays.
            let _ = coloured.paint(LocationRef::default(), &mut layers);
        } else {
            paint(None, &self.outline(glyph, place));
        }
    }

    /// A glyph's outline as SVG path data.
    fn outline(&self, glyph: GlyphId, place: Place) -> String {
        let mut pen = SvgPen { path: String::new(), place, scale: place.size / self.units };
        if let Some(outline) = self.font.outline_glyphs().get(glyph) {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            if outline.draw(settings, &mut pen).is_err() {
                pen.path.clear();
            }
        }
        pen.path
    }

    fn colour(&self, index: u16) -> Option<[u8; 4]> {
        let palettes = self.font.color_palettes();
        let palette = palettes.get(0)?;
        let colour = palette.colors().get(usize::from(index))?;
        Some([colour.red(), colour.green(), colour.blue(), colour.alpha()])
    }
}

/// Characters that say how others join and need no glyph.
fn is_joining(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}

/// Where a glyph goes: its origin on the baseline and its size, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) size: f32,
}

/// Writes an outline in font units, y up, as path data in pixels, y down.
struct SvgPen {
    path: String,
    place: Place,
    scale: f32,
}

impl SvgPen {
    fn push(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (number, (x, y)) in points.iter().enumerate() {
            let (x, y) = (self.place.x + x * self.scale, self.place.y - y * self.scale);
            // Writing to a String does not fail.
            let _ = write!(self.path, "{}{x:.3} {y:.3}", if number == 0 { "" } else { " " });
        }
    }
}

impl OutlinePen for SvgPen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push('L', &[(x, y)]);
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.push('Q', &[(cx0, cy0), (x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.push('C', &[(cx0, cy0), (cx1, cy1), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}

/// Paints the flat layers of a coloured glyph (OpenType COLR version 0, the only one our emoji font has).
struct Layers<'a> {
    face: &'a Face,
    place: Place,
    paint: &'a mut dyn FnMut(Option<[u8; 4]>, &str),
}

impl ColorPainter for Layers<'_> {
    fn fill_glyph(&mut self, glyph: GlyphId, _transform: Option<Transform>, brush: Brush<'_>) {
        if let Brush::Solid { palette_index, .. } = brush {
            (self.paint)(self.face.colour(palette_index), &self.face.outline(glyph, self.place));
        }
    }

    fn push_transform(&mut self, _transform: Transform) {}
    fn pop_transform(&mut self) {}
    fn push_clip_glyph(&mut self, _glyph: GlyphId) {}
    fn push_clip_box(&mut self, _clip_box: skrifa::metrics::BoundingBox) {}
    fn pop_clip(&mut self) {}
    fn fill(&mut self, _brush: Brush<'_>) {}
    fn push_layer(&mut self, _mode: CompositeMode) {}
}
