//! The style of templates' messages: the layout's measures again, as margins and heights. Their classes begin with `m-`, so that a page
//! that shows a fragment keeps its own.

use super::add;
use crate::preview::{
    layout::Role,
    metrics::{Measures, Palette},
};

/// What does not depend on a theme or a device.
pub(super) const SHAPE: &str = "\
.bubble.message :is(h2,h3,p,ul,dl,dt,dd,li){margin:0;padding:0;border:0;list-style:none;font:inherit;color:inherit;text-align:start;max-width:none;letter-spacing:normal}
.bubble.message :is(a,p,div,span,svg,img){letter-spacing:normal}
.message .m-side{flex:1;min-width:0}
.message .m-size,.message .m-icon{display:block;flex:none;max-width:none}
.message :is(.m-frame,.m-thumb,.m-avatar,.m-app,.m-cover){position:relative;display:block;flex:none;overflow:hidden}
.message :is(.m-frame,.m-thumb,.m-avatar,.m-app,.m-cover) img{position:absolute;inset:0;display:block;width:100%;height:100%;max-width:none;margin:0;object-fit:cover;border-radius:0}
.message .m-avatar{border-radius:50%}
.message .m-gallery{display:flex}
.message .m-column{display:flex;flex-direction:column}
.message .m-gap{position:absolute;inset:0;display:flex;flex-direction:column;justify-content:center;text-align:center}
.message .m-play{position:absolute;top:50%;left:50%;display:flex;align-items:center;justify-content:center;border-radius:50%}
.message .m-length{position:absolute;white-space:pre}
.message :is(.m-profile,.m-source,.m-highlight,.m-entry,.m-words,.m-social){display:flex;align-items:center}
.message :is(.m-profile-name,.m-heading,.m-source-name){flex:1;min-width:0}
.message .m-social li{display:flex;align-items:center;min-width:0}
.message .m-pictured{position:relative}
.message .m-pictured .m-cover::after{content:\"\";position:absolute;inset:0}
.message .m-covered{position:absolute;left:0;right:0;bottom:0}
.message .m-row{display:flex;align-items:flex-start}
.message :is(.m-item-name,.m-sum-name){flex:none}
.bubble.message :is(.m-item-value,.m-sum-value){flex:1;min-width:0;text-align:right}
.message .m-prices.m-beside{display:flex}
.message .m-prices span{display:block;min-width:0}
.message .m-regular s{text-decoration-thickness:1px}
.message .m-regular .line{width:fit-content;max-width:100%}
.message .m-actions{display:flex}
.message .m-actions.m-stacked{flex-direction:column}
.message .m-action{flex:1 1 0;min-width:0}
.message .m-stacked .m-action{flex:none}
.bubble.message .m-action{text-align:center}
.message .m-tile{flex:none;display:flex;align-items:center;justify-content:center}
";

pub(super) fn colours(css: &mut String, theme: &str, palette: &Palette) {
    let badge = palette.badge.covering(palette.badge_opacity);
    let cover = palette.cover.covering(palette.cover_opacity);
    let (button, rule, icon, mute) =
        (palette.button.as_str(), palette.rule.as_str(), palette.icon.as_str(), palette.mute.as_str());
    let (card, hatch, light) = (palette.card.as_str(), palette.hatch.as_str(), palette.badge_ink.as_str());
    add(
        css,
        format_args!(
            ".message.{theme} :is(.m-frame,.m-thumb,.m-avatar,.m-cover,.m-action,.m-tile){{background:{button}}}\n\
             .message.{theme} .m-size{{color:{icon}}}\n\
             .message.{theme} .m-gap{{background:repeating-linear-gradient(-45deg,{hatch} 0 1px,{card} 1px var(--hatch))}}\n\
             .message.{theme} :is(.m-play,.m-length){{background:{badge};color:{light}}}\n\
             .message.{theme} .m-cover::after{{background:{cover}}}\n\
             .message.{theme} .m-header:not(.m-pictured){{border-bottom:1px solid {rule}}}\n\
             .message.{theme} :is(.m-entry + .m-entry,.m-row + .m-sum){{border-top:1px solid {rule}}}\n\
             .message.{theme} .m-source{{box-shadow:inset 0 1px {rule};color:{icon}}}\n\
             .message.{theme} :is(.m-tile,.m-social){{color:{mute}}}\n\
             .message.{theme} .m-app{{background:{icon}}}\n"
        ),
    );
    for role in Role::OF_MESSAGES {
        let (class, colour) = (role.class(), role.colour(palette).as_str());
        add(css, format_args!(".bubble.message.{theme} .{class}{{color:{colour}}}\n"));
    }
}

pub(super) fn lengths(css: &mut String, device: &str, measures: &Measures) {
    let (all, own) = (measures, &measures.message);
    let inset = all.inset;
    let mut rule = |selector: &str, declarations: std::fmt::Arguments<'_>| {
        add(css, format_args!(".bubble.message.{device} {selector}{{{declarations}}}\n"));
    };
    rule(".m-last", format_args!("margin-bottom:{}px", all.below));
    rule(".m-profile", format_args!("height:{}px;padding:0 {inset}px;gap:{}px", own.profile_row, own.avatar_gap));
    rule(":is(.m-gallery,.m-column)", format_args!("gap:{}px", own.gallery_gap));
    rule(".m-play", format_args!("width:{0}px;height:{0}px;margin:-{1}px", own.play, own.play / 2.0));
    rule(
        ".m-length",
        format_args!(
            "right:{0}px;bottom:{0}px;padding:0 {1}px;border-radius:{2}px",
            all.badge_margin, all.badge_inset, all.badge_radius
        ),
    );
    rule(".m-gap", format_args!("padding:0 {inset}px"));
    rule(".m-header", format_args!("padding:{}px {inset}px", own.header_pad));
    rule(".m-header.m-pictured", format_args!("padding:0"));
    rule(".m-covered", format_args!("padding:0 {inset}px {}px", own.header_pad));
    rule(".m-thumb", format_args!("border-radius:{}px", own.thumb_radius));
    rule(":is(.m-highlight,.m-items,.m-words,.m-cost)", format_args!("padding:{}px {inset}px 0", all.above));
    rule(".m-highlight", format_args!("gap:{}px", own.thumb_gap));
    rule(".m-words", format_args!("gap:{}px", own.tile_gap));
    rule(".m-cost + .m-words", format_args!("padding-top:{}px", own.cost_gap));
    rule(".m-row + .m-row", format_args!("margin-top:{}px", own.item_row));
    rule(".m-row + .m-sum", format_args!("margin-top:{0}px;padding-top:{0}px", own.sum_gap));
    rule(".m-row", format_args!("gap:{}px", own.item_gap));
    rule(":is(.m-item-name,.m-sum-name)", format_args!("width:{}px", own.item_name));
    rule(".m-product + .m-prices", format_args!("margin-top:{}px", own.cost_above));
    rule(".m-prices", format_args!("gap:{}px", own.cost_gap));
    rule(".m-regular", format_args!("margin-top:{}px", own.regular_above));
    rule(":is(.m-headline,.m-pitch,.m-full) + .m-body", format_args!("margin-top:{}px", all.between));
    rule(".m-tile", format_args!("width:{0}px;height:{0}px;border-radius:{1}px", own.tile, own.tile_radius));
    rule(".m-social", format_args!("padding:{}px {inset}px 0;gap:{}px", own.social_above, own.count_gap));
    rule(".m-social li", format_args!("height:{}px;gap:{}px", own.count.line, own.count_icon_gap));
    rule(".m-entries", format_args!("padding:0 {inset}px"));
    rule(".m-entry", format_args!("padding:{0}px 0;gap:{1}px", own.entry_pad, own.thumb_gap));
    rule(".m-entry:last-child", format_args!("padding-bottom:0"));
    rule(".m-actions", format_args!("padding:{}px {inset}px;gap:{}px", all.button_gap, own.action_gap));
    rule(
        ".m-action",
        format_args!(
            "height:{}px;padding:{}px 8px 0;border-radius:{}px",
            all.button_height,
            (all.button_height - all.button.line) / 2.0,
            all.button_radius
        ),
    );
    rule(".m-source", format_args!("height:{}px;padding:0 {inset}px;gap:{}px", all.row_height, all.icon_gap));
    rule(".m-app", format_args!("width:{0}px;height:{0}px;border-radius:{1}px", all.icon, all.icon_radius));
    for role in Role::OF_MESSAGES {
        let (class, font) = (role.class(), role.font(measures));
        let (size, line, weight) = (font.size, font.line, font.weight.number());
        rule(&format!(".{class}"), format_args!("font-size:{size}px;line-height:{line}px;font-weight:{weight}"));
        rule(&format!(".{class} .line"), format_args!("height:{line}px"));
    }
}
