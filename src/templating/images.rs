//! The images of a template, fetched and measured: what a check of text alone cannot know. Only addresses that stand in the template
//! as they are: one with an argument in it is known when it is sent.

use futures_util::future::join_all;
use url::Url;

use crate::{
    finding::{Confidence, Severity},
    image::ImageReport,
    scrape::Scraper,
    template::{Problem, TemplateObject, document::Document},
    user_agent::UserAgent,
    words::Words,
};

/// The images' problems, in the order of the images.
pub(super) async fn problems(
    scraper: &Scraper,
    words: &Words,
    object: &TemplateObject,
    places: Option<&Document>,
) -> Vec<Problem> {
    let images = named(object);
    let looking = images.iter().map(|(_, url)| look(scraper, url));
    let looked = join_all(looking).await;
    let judged = images.iter().zip(looked).filter_map(|((path, url), report)| {
        let wrong = judge(&report?)?;
        let place = places.and_then(|document| document.place(path));
        Some(wrong.problem(words, path, url, place))
    });
    judged.collect()
}

/// `None` where there is nothing to say: the address is none (the check of the text says so), or nobody had time.
async fn look(scraper: &Scraper, url: &str) -> Option<ImageReport> {
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    match scraper.image(&url, &UserAgent::default()).await {
        Ok(report) => report,
        Err(died) => {
            tracing::error!("looking at an image of a template died: {died}");
            None
        }
    }
}

/// Every image with its path in the template.
fn named(object: &TemplateObject) -> Vec<(String, &str)> {
    let mut images = contents(object);
    if let Some(image) = &object.header_image {
        images.push(("header_image.image_url".to_owned(), &image.url));
    }
    if let Some(url) = object.profile.as_ref().and_then(|profile| profile.image_url.as_deref()) {
        images.push(("profile.image_url".to_owned(), url));
    }
    if let Some(items) = &object.item_content {
        for (name, url) in
            [("profile_image_url", &items.profile_image_url), ("title_image_url", &items.title_image_url)]
        {
            if let Some(url) = url.as_deref() {
                images.push((format!("item_content.{name}"), url));
            }
        }
    }
    images.retain(|(_, url)| !url.is_empty() && !url.contains("${"));
    images.truncate(MOST_IMAGES);
    images
}

fn contents(object: &TemplateObject) -> Vec<(String, &str)> {
    let mut images = Vec::new();
    let one = object.content.iter().map(|content| ("content".to_owned(), content));
    let several = object.contents.iter().enumerate().map(|(at, content)| (format!("contents[{at}]"), content));
    for (path, content) in one.chain(several) {
        match content.images.as_slice() {
            [image] => images.push((format!("{path}.image_url"), image.url.as_str())),
            several => {
                let each = several.iter().enumerate();
                images.extend(each.map(|(at, image)| (format!("{path}.images[{at}].image_url"), image.url.as_str())));
            }
        }
    }
    images
}

/// No template shows more: five contents with a picture each, header, profile and item list.
const MOST_IMAGES: usize = 12;

/// What is wrong with an image.
struct Wrong {
    code: &'static str,
    severity: Severity,
    confidence: Confidence,
    source: &'static str,
    measured: Option<u64>,
    limit: Option<u64>,
    evidence: String,
}

fn judge(report: &ImageReport) -> Option<Wrong> {
    let evidence = report.evidence.clone().unwrap_or_default();
    if report.outcome == "image-too-large" {
        return Some(Wrong {
            code: "image-too-large",
            severity: Severity::Warning,
            confidence: Confidence::Documented,
            source: "kakaotalk-share/faq",
            measured: report.bytes,
            limit: Some(MOST_BYTES),
            evidence,
        });
    }
    if report.outcome != "ok" {
        return Some(Wrong {
            code: "image-unreachable",
            severity: Severity::Warning,
            confidence: Confidence::Default,
            source: "",
            measured: report.status.map(u64::from),
            limit: None,
            evidence: if evidence.is_empty() { report.outcome.clone() } else { evidence },
        });
    }
    let (width, height) = (report.width?, report.height?);
    (width.min(height) < LEAST_SIDE).then(|| Wrong {
        code: "image-too-small",
        severity: Severity::Warning,
        confidence: Confidence::Documented,
        source: "message-template (older edition)",
        measured: Some(u64::from(width.min(height))),
        limit: Some(u64::from(LEAST_SIDE)),
        evidence: format!("{width}x{height}"),
    })
}

/// Bytes of an image that Kakao takes.
const MOST_BYTES: u64 = 5 * 1024 * 1024;
/// Pixels of its shorter side that Kakao asks for.
const LEAST_SIDE: u32 = 200;

impl Wrong {
    fn problem(self, words: &Words, path: &str, url: &str, place: Option<(u32, u32)>) -> Problem {
        let values = [("url", url), ("evidence", self.evidence.as_str())];
        let (line, column) = place.unzip();
        Problem {
            code: self.code,
            path: path.to_owned(),
            severity: self.severity,
            message: words.say("problem", self.code, &values),
            advice: words.say("advice", self.code, &values),
            confidence: self.confidence,
            source: self.source,
            measured: self.measured,
            limit: self.limit,
            line,
            column,
        }
    }
}
