//! How much one picture may cost us. Not what Kakao allows: that stands in `config/kakao.toml`.

use serde::Deserialize;

/// Bounds on pictures that come from outside. The defaults stand in `config/default.toml`, section `[image]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Widest picture that is decoded, in pixels.
    pub max_width: u32,
    /// Tallest picture that is decoded, in pixels.
    pub max_height: u32,
    /// Largest decoded picture, in bytes of memory.
    pub max_alloc_bytes: u64,
    /// Memory that decoding may use in all, in bytes: the picture and what its decoder keeps beside it.
    pub max_working_bytes: u64,
    /// Largest picture that is handed on after measuring, in bytes of memory; a larger one is decoded again when it is drawn.
    pub max_kept_bytes: u64,
    /// Longest side of a picture of our own making, in pixels.
    pub max_output_side: u32,
    /// Quality of the JPEG files we write, 1 to 100.
    pub jpeg_quality: u8,
    /// Largest SVG file that is drawn, in bytes.
    pub svg_max_bytes: usize,
    /// Elements of an SVG, counted as often as `<use>`, patterns, masks and the like repeat them.
    pub svg_max_elements: u64,
    /// Elements within elements of an SVG.
    pub svg_max_depth: usize,
    /// Longest side of a drawn SVG, in pixels.
    pub svg_max_side: u32,
    /// Work of drawing an SVG, in pixels touched; a costlier one is drawn smaller, or not at all.
    pub svg_max_work: u64,
}
