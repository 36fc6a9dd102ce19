//! Findings about an image that arrived: its weight, size, shape and format (R26 to R28).

use super::One;
use crate::{
    finding::{Confidence, Finding, Severity},
    image::Format,
    rules::evidence::thousands,
};

/// R28: nobody has shown that a heavy image is refused below 5 MB, but it is fetched later.
pub fn heavy(one: &One<'_>) -> Option<Finding> {
    let (bytes, limit) = (one.report.bytes?, one.subject.limits.image_heavy_bytes.value as u64);
    (one.is_ok() && bytes > limit).then(|| {
        one.finding("image-heavy", &[("bytes", &thousands(bytes)), ("limit", &thousands(limit))])
            .with_evidence(format!("{} bytes; advised: at most {}", thousands(bytes), thousands(limit)))
    })
}

/// R28. An SVG has no pixels to be short of.
pub fn small(one: &One<'_>) -> Option<Finding> {
    let (width, height) = size(one)?;
    let limit = one.subject.limits.image_min_side.value;
    (one.report.format != Some(Format::Svg) && width.min(height) < limit).then(|| {
        let values = [("width", width), ("height", height), ("limit", limit)].map(|(name, n)| (name, n.to_string()));
        one.finding("image-small", &values.each_ref().map(|(name, n)| (*name, n.as_str())))
            .with_evidence(format!("{width}x{height} pixels; advised: at least {limit}x{limit}"))
    })
}

/// R28: what the cut to 2:1 leaves.
pub fn ratio(one: &One<'_>) -> Option<Finding> {
    let (width, height) = size(one)?;
    let (crop, limits) = (one.report.crop?, one.subject.limits);
    let ratio = f64::from(width) / f64::from(height);
    if (limits.image_ratio_min.value..=limits.image_ratio_max.value).contains(&ratio) {
        return None;
    }
    let kept = 100.0 * f64::from(crop.width) * f64::from(crop.height) / (f64::from(width) * f64::from(height));
    let values = [
        ("width", width.to_string()),
        ("height", height.to_string()),
        ("ratio", format!("{ratio:.2}")),
        ("kept", format!("{kept:.0}")),
        ("crop_width", crop.width.to_string()),
        ("crop_height", crop.height.to_string()),
        ("x", crop.x.to_string()),
        ("y", crop.y.to_string()),
        ("want_width", limits.image_width.value.to_string()),
        ("want_height", limits.image_height.value.to_string()),
    ];
    let finding = one.finding("image-ratio", &values.each_ref().map(|(name, value)| (*name, value.as_str())));
    Some(finding.with_evidence(format!(
        "{width}x{height} is {ratio:.2}:1; the centre cut to 2:1 keeps {}x{} from ({}, {}), {kept:.0} % of the picture",
        crop.width, crop.height, crop.x, crop.y
    )))
}

/// R27: formats beside jpg, png and gif, and how far each is known to show.
const RISKY: &[(Format, Severity, Confidence)] = &[
    // Shown in KakaoTalk in 2025, where Slack and Discord showed nothing; other reports say it is not read.
    (Format::Svg, Severity::Warning, Confidence::Observed),
    // Shown in 2026; blamed before for what a slow first fetch had done.
    (Format::Webp, Severity::Info, Confidence::Observed),
    (Format::Avif, Severity::Warning, Confidence::Default),
    (Format::Heic, Severity::Warning, Confidence::Default),
    (Format::Ico, Severity::Warning, Confidence::Default),
    (Format::Bmp, Severity::Warning, Confidence::Default),
    (Format::Tiff, Severity::Warning, Confidence::Default),
    (Format::Jxl, Severity::Warning, Confidence::Default),
];

/// R27.
pub fn format_risky(one: &One<'_>) -> Option<Finding> {
    let (format, severity, confidence) = RISKY.iter().find(|(format, ..)| one.report.format == Some(*format))?;
    if !one.is_ok() {
        return None;
    }
    let values = [("format", format.name())];
    let mut finding = match format {
        Format::Svg => one.finding_in("svg", "image-format-risky", &values),
        Format::Webp => one.finding_in("webp", "image-format-risky", &values),
        _ => one.finding("image-format-risky", &values),
    };
    finding.confidence = *confidence;
    Some(finding.with_severity(*severity).with_evidence(format!("the bytes are {}", format.name())))
}

/// R26: what the page declares is compared with what the bytes say, which is what Kakao was seen to go by.
pub fn size_lies(one: &One<'_>) -> Option<Finding> {
    let ((width, height), declared) = (size(one)?, one.report.declared?);
    let (claim, truth) = (format!("{}x{}", declared.width, declared.height), format!("{width}x{height}"));
    (claim != truth).then(|| {
        one.finding("image-size-lies", &[("declared", &claim), ("measured", &truth)])
            .with_evidence(format!("declared {claim}; measured {truth}"))
    })
}

/// R25: the bytes decide here, but a reader that goes by the `Content-Type` sees something else.
pub fn type_lies(one: &One<'_>) -> Option<Finding> {
    let format = one.report.format.filter(|_| one.is_ok())?;
    let claim = one.report.content_type.as_deref().unwrap_or_default();
    let known = media_types(format);
    if known.contains(&claim) {
        return None;
    }
    let shown = if claim.is_empty() { "-" } else { claim };
    let right = known.first().copied().unwrap_or_default();
    let values = [("content_type", shown), ("right", right)];
    let finding = if claim.is_empty() {
        one.finding_in("none", "image-type-lies", &values)
    } else {
        one.finding("image-type-lies", &values)
    };
    let finding = finding.with_evidence(format!("Content-Type: {shown}; the bytes are {right}"));
    // A picture taken for another kind of picture still shows: decoders go by the bytes.
    let harmless = claim.is_empty() || claim.starts_with("image/");
    Some(if harmless { finding.with_severity(Severity::Info) } else { finding })
}

/// The media types a format goes by: the registered one first, then what servers also write.
fn media_types(format: Format) -> &'static [&'static str] {
    match format {
        Format::Jpeg => &["image/jpeg", "image/jpg", "image/pjpeg"],
        Format::Png => &["image/png", "image/x-png", "image/apng"],
        Format::Gif => &["image/gif"],
        Format::Webp => &["image/webp"],
        Format::Svg => &["image/svg+xml"],
        Format::Avif => &["image/avif"],
        Format::Heic => &["image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"],
        Format::Ico => &["image/vnd.microsoft.icon", "image/x-icon", "image/ico"],
        Format::Bmp => &["image/bmp", "image/x-ms-bmp"],
        Format::Tiff => &["image/tiff"],
        Format::Jxl => &["image/jxl"],
    }
}

/// R27: animations were seen to be stored; whether they move in a message, nobody has shown.
pub fn animated(one: &One<'_>) -> Option<Finding> {
    (one.is_ok() && one.report.animated == Some(true)).then(|| one.finding("image-animated", &[]))
}

/// Width and height of an image that arrived.
fn size(one: &One<'_>) -> Option<(u32, u32)> {
    let size = one.report.width.zip(one.report.height)?;
    (one.is_ok() && size.0 > 0 && size.1 > 0).then_some(size)
}
