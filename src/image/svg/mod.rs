//! Vector pictures: how large an SVG is, and a picture drawn of it. Other people's drawings are programs in disguise, so
//! what may cost much is weighed before each step, and what is too heavy is not drawn.
//! Never loads anything: no file, no address, no embedded picture, no font but the given ones. Runs no script.

mod cost;
mod css;
mod draw;
mod lex;
mod size;
mod weigh;

pub(super) use self::draw::draw;

use super::Size;

/// True if the first element is `<svg>`, under any prefix.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let Some(tag) = lex::root(bytes).and_then(|at| bytes.get(at + 1..)) else { return false };
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    let Some(name) = tag.get(..tag.iter().take(64).position(ends).unwrap_or(0)) else { return false };
    name.rsplit(|byte| *byte == b':').next() == Some(b"svg")
}

/// Width and height as shown, in pixels.
pub(super) fn size(bytes: &[u8]) -> Result<Size, &'static str> {
    size::size(bytes)
}
