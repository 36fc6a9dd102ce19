//! Images, as values: what a picture's bytes are, how large it is, how Kakao would cut it, and a picture of our own making.
//! Never the site's bytes as they came, and never a socket: whoever has bytes asks here what they are.
//!
//! The life of one picture:
//! 1. `sniff` tells the format by the first bytes, or what they look like instead (R27).
//! 2. `probe` reads the header: size as shown, orientation, animation (R26). Too many pixels end it here.
//! 3. `decode` makes a [`Picture`] of it, within bounds, the first frame only; `svg` draws vectors.
//! 4. `crop` says which part a message shows (R28), and `render` makes a new file of that part.
//!
//! `measure` is the first three in one call. Decoders are other people's, and the bytes are strangers': memory is
//! bounded before each step, and `contain` keeps a decoder's panic from ending more than its picture.

mod contain;
mod crop;
mod decode;
mod header;
mod measure;
mod probe;
mod refusal;
mod render;
mod report;
mod rewrite;
mod settings;
mod sign;
mod sniff;
mod svg;

pub use crop::{crop, crops};
pub use decode::{Fonts, Picture, decode};
pub use measure::{Measured, glance, measure};
pub use probe::{Facts, probe};
pub use refusal::Refusal;
pub use render::{Encoded, Fit, Rendition, render};
pub use report::{Crop, Format, ImageReport, Ratio, ShapedCrop, Size};
pub use rewrite::rewrite;
pub use settings::Settings;
pub use sign::{ROUTE, SignatureError, Signer};
