//! The painter's fonts for others who draw text with `fontdb`: the SVG images of sites. It draws nothing itself.

use std::sync::Arc;

use fontdb::{Database, Source};

use super::font::FILES;

/// The embedded fonts. Costs milliseconds to make: make one and share it.
///
/// Nothing of the machine's own fonts is in it, so a picture is the same everywhere. Whatever family a picture asks for, it gets
/// Pretendard, and the others where Pretendard lacks a letter.
pub fn database() -> Arc<Database> {
    let mut fonts = Database::new();
    for file in FILES {
        fonts.load_font_source(Source::Binary(Arc::new(file)));
    }
    for set in [
        Database::set_serif_family,
        Database::set_sans_serif_family,
        Database::set_cursive_family,
        Database::set_fantasy_family,
        Database::set_monospace_family,
    ] {
        set(&mut fonts, "Pretendard");
    }
    Arc::new(fonts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_is_in_it_and_pretendard_stands_for_every_family() {
        let fonts = database();
        assert_eq!(fonts.len(), FILES.len());
        let query = fontdb::Query { families: &[fontdb::Family::Monospace], ..fontdb::Query::default() };
        let face = fonts.face(fonts.query(&query).unwrap()).unwrap();
        assert!(face.families.iter().any(|(name, _)| name == "Pretendard"), "{:?}", face.families);
    }
}
