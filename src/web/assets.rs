//! The pages and their parts, embedded in the program. Nothing is read from disk, so no path can leave `static/`.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, EntityTag, Header as _, IfNoneMatch},
    web,
};

use super::problem::Problem;

/// What the page may do: its own scripts, styles and API, the preview that this server draws, and nothing else.
/// A hostile title has nowhere to go.
pub(super) const PAGE_POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; \
     font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

struct Asset {
    path: &'static str,
    media_type: &'static str,
    content: &'static [u8],
}

macro_rules! asset {
    ($path:literal, $media_type:literal) => {
        Asset { path: $path, media_type: $media_type, content: include_bytes!(concat!("../../static/", $path)) }
    };
}

/// Every file the pages load. A test compares this table with the folder.
const ASSETS: &[Asset] = &[
    asset!("css/answer.css", "text/css; charset=utf-8"),
    asset!("css/bubble.css", "text/css; charset=utf-8"),
    asset!("css/choices.css", "text/css; charset=utf-8"),
    asset!("css/docs.css", "text/css; charset=utf-8"),
    asset!("css/firewall.css", "text/css; charset=utf-8"),
    asset!("css/intake.css", "text/css; charset=utf-8"),
    asset!("css/page.css", "text/css; charset=utf-8"),
    asset!("css/panel.css", "text/css; charset=utf-8"),
    asset!("css/picker.css", "text/css; charset=utf-8"),
    asset!("css/reach.css", "text/css; charset=utf-8"),
    asset!("css/report.css", "text/css; charset=utf-8"),
    asset!("css/share.css", "text/css; charset=utf-8"),
    asset!("css/tables.css", "text/css; charset=utf-8"),
    asset!("css/templates.css", "text/css; charset=utf-8"),
    asset!("css/tokens.css", "text/css; charset=utf-8"),
    asset!("css/traffic.css", "text/css; charset=utf-8"),
    asset!("css/verdict.css", "text/css; charset=utf-8"),
    asset!("favicon.svg", "image/svg+xml"),
    asset!("firewall.html", "text/html; charset=utf-8"),
    asset!("fonts/OFL.txt", "text/plain; charset=utf-8"),
    asset!("fonts/Pretendard-Regular.subset.woff2", "font/woff2"),
    asset!("fonts/Pretendard-SemiBold.subset.woff2", "font/woff2"),
    asset!("index.html", "text/html; charset=utf-8"),
    asset!("js/answer.js", "text/javascript; charset=utf-8"),
    asset!("js/api.js", "text/javascript; charset=utf-8"),
    asset!("js/asking.js", "text/javascript; charset=utf-8"),
    asset!("js/cache.js", "text/javascript; charset=utf-8"),
    asset!("js/cells.js", "text/javascript; charset=utf-8"),
    asset!("js/choices.js", "text/javascript; charset=utf-8"),
    asset!("js/comparisons.js", "text/javascript; charset=utf-8"),
    asset!("js/copy.js", "text/javascript; charset=utf-8"),
    asset!("js/dom.js", "text/javascript; charset=utf-8"),
    asset!("js/early.js", "text/javascript; charset=utf-8"),
    asset!("js/findings.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/answer.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/asking.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/bar.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/cards.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/change.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/dumps.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/example.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/export.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/fields.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/fix.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/groups.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/intake.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/lines.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/list.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/main.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/networks.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/notes.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/piece.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/ranges.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/report.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/settings.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/viewer.js", "text/javascript; charset=utf-8"),
    asset!("js/firewall/welcome.js", "text/javascript; charset=utf-8"),
    asset!("js/format.js", "text/javascript; charset=utf-8"),
    asset!("js/hops.js", "text/javascript; charset=utf-8"),
    asset!("js/i18n.js", "text/javascript; charset=utf-8"),
    asset!("js/images.js", "text/javascript; charset=utf-8"),
    asset!("js/intake.js", "text/javascript; charset=utf-8"),
    asset!("js/listing.js", "text/javascript; charset=utf-8"),
    asset!("js/live.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/answer.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/asking.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/cards.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/example.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/export.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/fields.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/files.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/main.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/report.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/settings.js", "text/javascript; charset=utf-8"),
    asset!("js/logs/welcome.js", "text/javascript; charset=utf-8"),
    asset!("js/main.js", "text/javascript; charset=utf-8"),
    asset!("js/names.js", "text/javascript; charset=utf-8"),
    asset!("js/picker.js", "text/javascript; charset=utf-8"),
    asset!("js/preview.js", "text/javascript; charset=utf-8"),
    asset!("js/raw.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/answer.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/asking.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/evidence.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/fields.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/given.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/main.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/path.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/probe.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/report.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/settings.js", "text/javascript; charset=utf-8"),
    asset!("js/reach/welcome.js", "text/javascript; charset=utf-8"),
    asset!("js/refused.js", "text/javascript; charset=utf-8"),
    asset!("js/response.js", "text/javascript; charset=utf-8"),
    asset!("js/save.js", "text/javascript; charset=utf-8"),
    asset!("js/shell.js", "text/javascript; charset=utf-8"),
    asset!("js/source.js", "text/javascript; charset=utf-8"),
    asset!("js/store.js", "text/javascript; charset=utf-8"),
    asset!("js/style.js", "text/javascript; charset=utf-8"),
    asset!("js/tags.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/answer.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/asking-share.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/asking.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/below.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/bubble.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/code.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/colours.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/custom.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/deliveries.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/editor.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/handler.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/kept.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/main.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/places.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/problems.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/question.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/samples.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/share.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/size.js", "text/javascript; charset=utf-8"),
    asset!("js/templates/tidy.js", "text/javascript; charset=utf-8"),
    asset!("js/theme.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/chart.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/findings.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/long.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/marks.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/origins.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/ranges.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/report.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/tables.js", "text/javascript; charset=utf-8"),
    asset!("js/traffic/time.js", "text/javascript; charset=utf-8"),
    asset!("js/upload.js", "text/javascript; charset=utf-8"),
    asset!("js/verdict.js", "text/javascript; charset=utf-8"),
    asset!("js/welcome.js", "text/javascript; charset=utf-8"),
    asset!("js/words/addresses.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/addresses.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/change.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/change.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/choices.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/choices.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/compare.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/compare.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/dumps.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/dumps.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/firewall.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/firewall.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/listing.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/listing.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/logs-settings.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/logs-settings.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/logs.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/logs.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/problems.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/problems.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/ranges.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/ranges.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/reach-settings.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/reach-settings.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/reach.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/reach.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/scrape.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/scrape.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/settings.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/settings.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/share.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/share.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/templates.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/templates.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/traffic.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/traffic.ko.js", "text/javascript; charset=utf-8"),
    asset!("js/words/verdict.en.js", "text/javascript; charset=utf-8"),
    asset!("js/words/verdict.ko.js", "text/javascript; charset=utf-8"),
    asset!("logs.html", "text/html; charset=utf-8"),
    asset!("reach.html", "text/html; charset=utf-8"),
    asset!("templates.html", "text/html; charset=utf-8"),
];

/// The scrape page.
pub async fn index(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&request, "index.html")
}

/// The firewall page.
pub async fn firewall(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&request, "firewall.html")
}

/// The logs page.
pub async fn logs(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&request, "logs.html")
}

/// The reach page.
pub async fn reach(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&request, "reach.html")
}

/// The templates page.
pub async fn templates(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&request, "templates.html")
}

/// A part of a page.
pub async fn file(request: HttpRequest, path: web::Path<String>) -> Result<HttpResponse, Problem> {
    answer(&request, &path)
}

fn answer(request: &HttpRequest, path: &str) -> Result<HttpResponse, Problem> {
    let asset =
        ASSETS.iter().find(|asset| asset.path == path).ok_or_else(|| Problem::NotFound(request.path().to_owned()))?;
    let mut hasher = DefaultHasher::new();
    asset.content.hash(&mut hasher);
    let tag = EntityTag::new_strong(format!("{:016x}", hasher.finish()));
    let mut response = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Items(tags)) if tags.iter().any(|known| known.weak_eq(&tag)) => HttpResponse::NotModified(),
        _ => HttpResponse::Ok(),
    };
    if path.starts_with("fonts/") {
        // Large, and as good as never changed. A frame that its site sandboxed has no origin, and asks as a stranger.
        response.insert_header((header::CACHE_CONTROL, "public, max-age=604800"));
        response.insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    } else {
        response.insert_header((header::CACHE_CONTROL, "no-cache"));
    }
    Ok(response
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .insert_header(header::ETag(tag))
        .body(asset.content))
}
