//! What was asked for: a page, an image, or neither, as its path tells. What a `Referer` tells besides is `summary`'s to know.

use std::borrow::Cow;

use serde::Serialize;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A page.
    Page,
    /// An image.
    Image,
    /// Neither: `robots.txt`, a style sheet, a form that was sent.
    Other,
}

/// What a request asked for, by its method and its path.
pub fn kind(method: Option<&str>, target: &str) -> Kind {
    if method.is_some_and(|method| !matches!(method, "GET" | "HEAD")) {
        return Kind::Other;
    }
    let file = path(target).rsplit('/').next().unwrap_or_default();
    // Icons of the browser and the phone: no share shows them, and many sites have none.
    if file.starts_with("favicon.") || file.starts_with("apple-touch-icon") {
        return Kind::Other;
    }
    let Some((_, extension)) = file.rsplit_once('.') else { return Kind::Page };
    let is = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(extension));
    if is(IMAGES) {
        Kind::Image
    } else if is(OTHERS) {
        Kind::Other
    } else {
        Kind::Page
    }
}

/// A target without its query.
pub fn path(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or_default()
}

/// Path and query of a target that may name scheme and host (as balancers write it) or of a `Referer`; without the fragment.
pub fn local(target: &str) -> Cow<'_, str> {
    let target = target.split('#').next().unwrap_or_default();
    let Some((_, rest)) = target.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https")) else {
        return target.into();
    };
    match rest.find(['/', '?']).and_then(|start| rest.get(start..)) {
        Some(query) if query.starts_with('?') => format!("/{query}").into(),
        Some(local) => local.into(),
        None => "/".into(),
    }
}

const IMAGES: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "png", "apng", "gif", "webp", "avif", "svg", "svgz", "bmp", "ico", "heic", "heif",
    "tif", "tiff", "jxl",
];
const OTHERS: &[&str] = &[
    "txt",
    "css",
    "js",
    "mjs",
    "map",
    "json",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "eot",
    "webmanifest",
    "mp4",
    "webm",
    "mp3",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_is_told_by_its_path() {
        for (target, expected) in [
            ("/", Kind::Page),
            ("/p/1?image=a.png", Kind::Page),
            ("/p/1.html", Kind::Page),
            ("/v1.2/about", Kind::Page),
            ("/bbs/board.php?bo_table=free&wr_id=1", Kind::Page),
            ("/og/1.JPG", Kind::Image),
            ("/data/file/a.webp?v=3", Kind::Image),
            ("/favicon.ico", Kind::Other),
            ("/img/photo.ico", Kind::Image),
            ("/robots.txt", Kind::Other),
            ("", Kind::Page),
        ] {
            assert_eq!(kind(Some("GET"), target), expected, "{target}");
        }
        assert_eq!(kind(Some("POST"), "/login"), Kind::Other);
        assert_eq!(kind(None, "/a.png"), Kind::Image);
    }

    #[test]
    fn a_target_is_made_local() {
        for (target, expected) in [
            ("/p/1?a=b", "/p/1?a=b"),
            ("https://shop.example:443/p/1?a=b", "/p/1?a=b"),
            ("https://shop.example", "/"),
            ("https://shop.example?a=b", "/?a=b"),
            ("https://shop.example/p#top", "/p"),
            ("/go?to=https://other.example/x", "/go?to=https://other.example/x"),
            ("", ""),
        ] {
            assert_eq!(local(target), expected, "{target}");
        }
    }
}
