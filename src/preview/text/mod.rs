//! Text of any kind made into lines: cleaned, measured with the fonts that will paint it, broken and clipped. Not where the lines go:
//! that is `layout`.

mod clean;
mod jamo;
mod shape;
mod wrap;

pub(super) use self::{
    clean::clean,
    shape::{Piece, Shaper},
    wrap::{Fitted, wrap},
};
