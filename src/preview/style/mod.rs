//! The style of the HTML bubble. The same text for every message, made from `config/bubble.toml` alone: a policy may name its hash, and
//! nothing a site writes can reach it.

mod message;

use std::fmt::Write as _;

use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::{
    layout::Role,
    metrics::{Colour, Measures, Metrics, Palette},
    model::{Theme, Width},
};

/// The fonts a text is shown in: ours first, then what Korean phones and computers have.
pub(super) const FAMILIES: &str =
    "Pretendard, 'Apple SD Gothic Neo', 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', system-ui, sans-serif";

/// The style sheet of a document or of a page that holds fragments. With `fonts`, the address of the folder that serves
/// `Pretendard-Regular.subset.woff2` and `Pretendard-SemiBold.subset.woff2`, it loads those two; without, it loads nothing.
/// `fonts` is the operator's own: characters that could end the address are dropped.
pub fn style(metrics: &Metrics, fonts: Option<&str>) -> String {
    let mut css = String::with_capacity(24 * 1024);
    if let Some(prefix) = fonts {
        let safe = |character: &char| character.is_ascii_alphanumeric() || "/:.-_%".contains(*character);
        let prefix: String = prefix.trim_end_matches('/').chars().filter(safe).collect();
        for (weight, name) in [(400, "Regular"), (600, "SemiBold")] {
            add(
                &mut css,
                format_args!(
                    "@font-face{{font-family:Pretendard;font-weight:{weight};font-display:swap;\
                     src:url(\"{prefix}/Pretendard-{name}.subset.woff2\") format(\"woff2\")}}\n"
                ),
            );
        }
    }
    css.push_str(SHAPE);
    css.push_str(message::SHAPE);
    add(&mut css, format_args!(".bubble{{font-family:{FAMILIES}}}\n"));
    for theme in [Theme::Light, Theme::Dark] {
        colours(&mut css, theme.as_str(), metrics.palette(theme));
        message::colours(&mut css, theme.as_str(), metrics.palette(theme));
    }
    for width in [Width::Phone, Width::Pc] {
        lengths(&mut css, width.as_str(), metrics.measures(width));
        message::lengths(&mut css, width.as_str(), metrics.measures(width));
    }
    css
}

/// The style's hash, `sha256-…`; in the `style-src` of a Content-Security-Policy it stands between single quotes (CSP 3, 2.3.1).
pub fn style_hash(metrics: &Metrics, fonts: Option<&str>) -> String {
    format!("sha256-{}", BASE64.encode(&Sha256::digest(style(metrics, fonts))))
}

/// What does not depend on a theme or a device.
const SHAPE: &str = "\
.chat{box-sizing:border-box;margin:0;display:flex;justify-content:flex-end;width:fit-content}
.bubble,.bubble *{box-sizing:border-box}
.bubble{position:relative;overflow:hidden;text-align:start;-webkit-text-size-adjust:none;text-size-adjust:none;font-kerning:normal}
.bubble p{margin:0}
.bubble a{display:block;color:inherit;text-decoration:none}
.bubble a:focus-visible{outline:2px solid currentColor;outline-offset:-2px}
.bubble .line{display:block;overflow:hidden;white-space:pre}
.bubble .image{position:relative;overflow:hidden}
.bubble .image img{display:block;width:100%;height:100%;object-fit:cover}
.bubble .note{display:flex;flex-direction:column;justify-content:center;text-align:center}
.bubble .badge{position:absolute;white-space:pre}
.bubble .button{text-align:center}
.bubble .host{display:flex;align-items:center}
.bubble .host .line{flex:1;min-width:0}
.bubble .app{flex:none}
";

fn colours(css: &mut String, theme: &str, palette: &Palette) {
    let Palette { ground, card, ink, mute, button, rule, icon, hatch, badge_ink, .. } = palette;
    let [ground, card, ink, mute] = [ground, card, ink, mute].map(Colour::as_str);
    let [button, rule, icon, hatch, badge_ink] = [button, rule, icon, hatch, badge_ink].map(Colour::as_str);
    let badge = palette.badge.covering(palette.badge_opacity);
    let shadow = palette.shadow.covering(palette.shadow_opacity);
    add(
        css,
        format_args!(
            ".chat.{theme}{{background:{ground}}}\n\
             .bubble.{theme}{{background:{card};color:{ink};box-shadow:0 1px {shadow}}}\n\
             .{theme} .description,.{theme} .host,.{theme} .note{{color:{mute}}}\n\
             .{theme} .button,.{theme} .image{{background:{button}}}\n\
             .{theme} .note{{background:repeating-linear-gradient(-45deg,{hatch} 0 1px,{card} 1px var(--hatch))}}\n\
             .{theme} .host.row{{border-top:1px solid {rule}}}\n\
             .{theme} .app{{background:{icon}}}\n\
             .{theme} .badge{{background:{badge};color:{badge_ink}}}\n"
        ),
    );
}

fn lengths(css: &mut String, device: &str, measures: &Measures) {
    let m = measures;
    add(
        css,
        format_args!(
            ".chat.{device}{{padding:{margin}px;min-width:{full}px}}\n\
             .bubble.{device}{{width:{card}px;border-radius:{radius}px;--hatch:{hatch}px}}\n\
             .bubble.{device}.bare{{width:fit-content;max-width:{card}px;border-radius:{plain_radius}px;padding:{plain_above}px {plain_inset}px}}\n\
             .{device} .image,.{device} .note{{height:{image}px}}\n\
             .{device} .note{{padding:0 {inset}px}}\n\
             .{device} .title,.{device} .description,.{device} .host{{margin:0 {inset}px}}\n\
             .{device} .title,.{device} .description.only{{margin-top:{above}px}}\n\
             .{device} .title+.description{{margin-top:{between}px}}\n\
             .{device} .button{{height:{button_height}px;margin:{button_gap}px {inset}px;padding-top:{button_top}px;border-radius:{button_radius}px}}\n\
             .{device} .host.row{{height:{row_height}px;margin:0;padding:0 {inset}px;gap:{icon_gap}px}}\n\
             .{device} .host.foot{{margin-top:{foot}px}}\n\
             .{device}.link{{padding-bottom:{below}px}}\n\
             .{device} .app{{width:{icon}px;height:{icon}px;border-radius:{icon_radius}px}}\n\
             .{device} .badge{{right:{badge_margin}px;bottom:{badge_margin}px;padding:0 {badge_inset}px;border-radius:{badge_radius}px}}\n",
            margin = m.margin,
            full = m.card + 2.0 * m.margin,
            card = m.card,
            radius = m.radius,
            plain_radius = m.plain_radius,
            plain_above = m.plain_above,
            plain_inset = m.plain_inset,
            image = m.card / m.image_ratio,
            inset = m.inset,
            above = m.above,
            between = m.between,
            below = m.below,
            foot = m.between * 1.5,
            button_height = m.button_height,
            button_gap = m.button_gap,
            button_top = (m.button_height - m.button.line) / 2.0,
            button_radius = m.button_radius,
            row_height = m.row_height,
            icon_gap = m.icon_gap,
            icon = m.icon,
            icon_radius = m.icon_radius,
            hatch = m.hatch,
            badge_margin = m.badge_margin,
            badge_inset = m.badge_inset,
            badge_radius = m.badge_radius,
        ),
    );
    for role in Role::OF_CARDS {
        let font = role.font(measures);
        let (class, weight) = (role.class(), font.weight.number());
        add(
            css,
            format_args!(
                ".{device} .{class}{{font-size:{size}px;line-height:{line}px;font-weight:{weight}}}\n\
                 .{device} .{class} .line{{height:{line}px}}\n",
                size = font.size,
                line = font.line,
            ),
        );
    }
}

fn add(css: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = css.write_fmt(text);
}
