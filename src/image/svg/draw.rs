//! From the text of an SVG to pixels.

use image::{DynamicImage, RgbaImage};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{self, ImageHrefResolver, Options, Tree, roxmltree},
};

use super::{
    cost::cost,
    lex::{self, Fault},
    weigh::weigh,
};
use crate::image::{Facts, Fonts, Format, Picture, Refusal, Settings, Size, render::within};

/// Draws an SVG at its own size, or as large as the settings allow.
pub(in crate::image) fn draw(
    bytes: &[u8],
    facts: &Facts,
    settings: &Settings,
    fonts: Option<&Fonts>,
) -> Result<Picture, Refusal> {
    let refuse = |reason: String| Refusal::not_drawable(Format::Svg, reason);
    let broken = |reason: String| Refusal::undecodable(Format::Svg, reason);
    if bytes.len() > settings.svg_max_bytes {
        return Err(refuse(format!("it has {} bytes, more than {}", bytes.len(), settings.svg_max_bytes)));
    }
    let text = str::from_utf8(bytes).map_err(|error| refuse(format!("its text is not UTF-8: {error}")))?;
    lex::survey(bytes, settings.svg_max_elements, settings.svg_max_depth).map_err(|fault| match fault {
        Fault::Broken(reason) => broken(reason.to_owned()),
        Fault::Costly(reason) => refuse(reason),
    })?;
    let parsing = roxmltree::ParsingOptions {
        allow_dtd: true,
        nodes_limit: nodes_limit(settings),
        ..roxmltree::ParsingOptions::default()
    };
    let xml = roxmltree::Document::parse_with_options(text, parsing).map_err(|error| broken(error.to_string()))?;
    weigh(&xml, settings.svg_max_elements, settings.svg_max_depth).map_err(refuse)?;
    let tree = Tree::from_xmltree(&xml, &options(fonts)).map_err(|error| match error {
        usvg::Error::ElementsLimitReached => refuse(error.to_string()),
        error => broken(error.to_string()),
    })?;
    let shown = facts.size.unwrap_or(Size { width: 1, height: 1 });
    let (size, transform) = affordable(&tree, shown, settings)
        .ok_or_else(|| refuse("drawing it takes too much work or memory".to_owned()))?;
    paint(&tree, size, transform).ok_or_else(|| refuse("there is no room for its pixels".to_owned()))
}

/// The largest of a few sizes that can be afforded, and how to get there.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures are small numbers")]
fn affordable(tree: &Tree, shown: Size, settings: &Settings) -> Option<(Size, Transform)> {
    let (work, memory) = (settings.svg_max_work as f64, settings.max_alloc_bytes as f64);
    [1, 2, 4].into_iter().find_map(|part| {
        let most = (settings.svg_max_side / part).max(1);
        let size = within(shown, Size { width: most, height: most });
        let (across, down) = (size.width as f32 / tree.size().width(), size.height as f32 / tree.size().height());
        let transform = Transform::from_scale(across, down);
        let cost = cost(tree, size, transform, work);
        (cost.work <= work && cost.memory <= memory).then_some((size, transform))
    })
}

/// Every element, and the text and comments between them.
fn nodes_limit(settings: &Settings) -> u32 {
    u32::try_from(settings.svg_max_elements.saturating_mul(4)).unwrap_or(u32::MAX)
}

/// Nothing is loaded: the resolvers answer that there is nothing.
fn options(fonts: Option<&Fonts>) -> Options<'static> {
    Options {
        resources_dir: None,
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        fontdb: fonts.cloned().unwrap_or_default(),
        ..Options::default()
    }
}

fn paint(tree: &Tree, size: Size, transform: Transform) -> Option<Picture> {
    let mut canvas = Pixmap::new(size.width, size.height)?;
    resvg::render(tree, transform, &mut canvas.as_mut());
    let pixels = RgbaImage::from_raw(size.width, size.height, canvas.take_demultiplied())?;
    Some(Picture::new(DynamicImage::ImageRgba8(pixels)))
}
