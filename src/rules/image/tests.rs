//! One image, judged: what each measured value gives, and what gives nothing.

use super::*;
use crate::{
    finding::Severity,
    image::{Crop, Format, Size},
    kakao::Kakao,
    page::{Hop, Timing},
    rules::samples,
};

fn found(images: &[ImageReport]) -> Vec<Finding> {
    let mut card = samples::card();
    for image in images.iter().skip(1) {
        card.images.push(CardImage { url: image.url.clone(), source: "twitter:image".to_owned(), line: 15, column: 1 });
    }
    let subject = ImageSubject {
        card: &card,
        images,
        page_url: &Url::parse("https://a.example/post").unwrap(),
        page_asked_at: "2026-11-22T01:00:00Z".parse().unwrap(),
        limits: &Kakao::embedded().unwrap().limits,
    };
    judge(&subject, &Rulebook::embedded().unwrap())
}

/// `severity code` of what an image with one thing changed gives.
fn of(change: impl FnOnce(&mut ImageReport)) -> Vec<String> {
    let mut image = samples::image();
    change(&mut image);
    let findings = found(&[image]);
    for finding in &findings {
        for text in [&finding.message.ko, &finding.message.en, &finding.advice.ko, &finding.advice.en] {
            assert!(!text.contains('{'), "a value was not filled in: {text}");
        }
        if finding.code != "cannot-see-ip-rules" {
            assert_eq!((finding.line, finding.column), (Some(14), Some(3)), "{}", finding.code);
            assert!(finding.message.en.contains("og:image"), "the tag is not named: {}", finding.message.en);
        }
    }
    findings.iter().map(|finding| format!("{:?} {}", finding.severity, finding.code)).collect()
}

fn hop(url: &str) -> Hop {
    Hop {
        url: url.to_owned(),
        status: Some(200),
        location: None,
        address: None,
        timing_ms: Timing::default(),
        tls: None,
        server: None,
    }
}

fn fail(image: &mut ImageReport, outcome: &str) {
    outcome.clone_into(&mut image.outcome);
    image.format = None;
}

#[test]
fn an_image_without_fault_is_worth_no_word() {
    assert!(of(|_| ()).is_empty());
}

#[test]
fn each_failure_of_the_image_that_is_shown_is_an_error_at_its_tag() {
    for outcome in ["image-private", "image-not-image", "image-too-large", "image-undecodable", "image-status-404"] {
        assert_eq!(of(|image| fail(image, outcome)), [format!("Error {outcome}")]);
    }
    assert_eq!(of(|image| fail(image, "image-too-many-pixels")), ["Warning image-too-many-pixels"]);
}

#[test]
fn a_failure_that_may_come_from_address_rules_says_so() {
    assert_eq!(of(|image| fail(image, "image-status-403")), ["Error image-status-403", "Info cannot-see-ip-rules"]);
    let unreachable = |evidence: &'static str| {
        of(move |image| {
            fail(image, "image-unreachable");
            image.evidence = Some(evidence.to_owned());
        })
    };
    assert_eq!(
        unreachable("connect-timeout: 203.0.113.5:443: no answer within 5 s"),
        ["Error image-unreachable", "Info cannot-see-ip-rules"]
    );
    assert_eq!(unreachable("dns-failed: no address"), ["Error image-unreachable"]);
}

#[test]
fn a_failure_of_an_image_that_is_not_shown_is_only_a_remark() {
    let mut second = samples::image();
    second.url = "https://img.example/b.jpg".to_owned();
    fail(&mut second, "image-status-404");
    let findings = found(&[samples::image(), second.clone()]);
    let codes: Vec<_> = findings.iter().map(|finding| (&*finding.code, finding.severity, finding.line)).collect();
    assert_eq!(codes, [("image-status-404", Severity::Info, Some(15))]);
    assert!(findings[0].message.en.ends_with("so this one is not missed."), "{}", findings[0].message.en);
    second.url = samples::IMAGE.to_owned();
    let first = second.clone();
    assert_eq!(found(&[first, second]).len(), 1, "the same address once more says nothing new");
}

#[test]
fn a_login_before_the_image_is_told() {
    let login = |status, last: &'static str| {
        of(move |image| {
            fail(image, if status == 401 { "image-status-401" } else { "image-not-image" });
            image.status = Some(status);
            image.hops = vec![hop(samples::IMAGE), hop(last)];
        })
    };
    assert_eq!(
        login(401, samples::IMAGE),
        ["Error image-login-redirect", "Error image-status-401", "Info cannot-see-ip-rules"]
    );
    assert_eq!(
        login(200, "https://a.example/login?next=a.jpg"),
        ["Error image-login-redirect", "Error image-not-image"]
    );
    assert_eq!(login(200, "https://a.example/error"), ["Error image-not-image"]);
}

#[test]
fn weight_size_and_shape_are_judged_at_their_limits() {
    assert_eq!(of(|image| image.bytes = Some(512_001)), ["Info image-heavy"]);
    assert!(of(|image| image.bytes = Some(512_000)).is_empty());
    let sized = |width: u32, height: u32| {
        of(move |image| {
            (image.width, image.height) = (Some(width), Some(height));
            let side = height.min(width / 2);
            image.crop = Some(Crop { x: 0, y: 0, width: side * 2, height: side });
        })
    };
    assert_eq!(sized(398, 199), ["Warning image-small"]);
    assert!(sized(400, 200).is_empty());
    assert_eq!(sized(1000, 1000), ["Info image-ratio"]);
    assert!(sized(1800, 1000).is_empty());
    assert_eq!(sized(1799, 1000), ["Info image-ratio"]);
    assert!(sized(2200, 1000).is_empty());
    assert_eq!(sized(2201, 1000), ["Info image-ratio"]);
    assert_eq!(sized(1, 1), ["Warning image-small", "Info image-ratio"]);
}

#[test]
fn the_cut_is_told_in_numbers() {
    let mut image = samples::image();
    (image.width, image.height) = (Some(1080), Some(1080));
    image.crop = Some(Crop { x: 0, y: 270, width: 1080, height: 540 });
    let findings = found(&[image]);
    assert_eq!(
        findings[0].evidence.as_deref(),
        Some("1080x1080 is 1.00:1; the centre cut to 2:1 keeps 1080x540 from (0, 270), 50 % of the picture")
    );
    assert!(findings[0].message.ko.contains("1080x540, 전체의 50%만"), "{}", findings[0].message.ko);
}

#[test]
fn formats_are_as_risky_as_they_were_seen_to_be() {
    let format = |format: Format, content_type: &'static str| {
        of(move |image| {
            image.format = Some(format);
            image.content_type = Some(content_type.to_owned());
        })
    };
    assert!(format(Format::Png, "image/png").is_empty());
    assert!(format(Format::Gif, "image/gif").is_empty());
    assert_eq!(format(Format::Webp, "image/webp"), ["Info image-format-risky"]);
    for (risky, content_type) in [
        (Format::Svg, "image/svg+xml"),
        (Format::Avif, "image/avif"),
        (Format::Heic, "image/heif"),
        (Format::Ico, "image/x-icon"),
        (Format::Bmp, "image/bmp"),
        (Format::Tiff, "image/tiff"),
        (Format::Jxl, "image/jxl"),
    ] {
        assert_eq!(format(risky, content_type), ["Warning image-format-risky"], "{risky:?}");
    }
}

#[test]
fn a_content_type_that_is_not_the_bytes_is_told() {
    let claims = |claim: Option<&'static str>| of(move |image| image.content_type = claim.map(str::to_owned));
    assert!(claims(Some("image/jpg")).is_empty());
    assert_eq!(claims(Some("image/png")), ["Info image-type-lies"]);
    assert_eq!(claims(Some("application/octet-stream")), ["Warning image-type-lies"]);
    assert_eq!(claims(None), ["Info image-type-lies"]);
}

#[test]
fn declared_sizes_are_compared_with_the_measured_ones() {
    let declared = |width, height| of(move |image| image.declared = Some(Size { width, height }));
    assert!(declared(1200, 630).is_empty());
    assert_eq!(declared(1200, 600), ["Info image-size-lies"]);
}

#[test]
fn detours_and_missing_tls_are_told() {
    let way = |urls: &'static [&'static str]| of(move |image| image.hops = urls.iter().map(|url| hop(url)).collect());
    assert!(way(&[samples::IMAGE]).is_empty());
    assert_eq!(way(&[samples::IMAGE, "https://b.example/a.jpg"]), ["Info image-redirects"]);
    assert_eq!(
        way(&[samples::IMAGE, "https://b.example/1", "https://b.example/2", "https://b.example/3"]),
        ["Warning image-redirects"]
    );
    assert_eq!(way(&[samples::IMAGE, "http://img.example/a.jpg"]), ["Info image-redirects", "Info image-insecure"]);
}

#[test]
fn an_animation_is_a_remark() {
    assert_eq!(of(|image| image.animated = Some(true)), ["Info image-animated"]);
}

#[test]
fn an_address_with_an_end_is_told_with_it() {
    let address = |url: &str| {
        let mut image = samples::image();
        image.url = url.to_owned();
        let mut card = samples::card();
        url.clone_into(&mut card.images[0].url);
        let subject = ImageSubject {
            card: &card,
            images: &[image],
            page_url: &Url::parse("https://a.example/post").unwrap(),
            page_asked_at: "2026-11-22T01:00:00Z".parse().unwrap(),
            limits: &Kakao::embedded().unwrap().limits,
        };
        let findings = judge(&subject, &Rulebook::embedded().unwrap());
        assert_eq!(findings.len(), 1, "{findings:?}");
        (findings[0].severity, findings[0].message.en.clone())
    };
    // 1795309200 is 2026-11-22T01:00:00Z, the moment the page was asked for.
    let (severity, message) = address("https://img.example/a.jpg?expires=1795312800&sig=x");
    assert!(severity == Severity::Warning && message.contains("from 2026-11-22 02:00 UTC on"), "{message}");
    let (severity, message) = address("https://img.example/a.jpg?expires=1795309200&sig=x");
    assert!(severity == Severity::Warning && message.contains("past its end"), "{message}");
    let (severity, _) = address("https://img.example/a.jpg?expires=1795914001&sig=x");
    assert_eq!(severity, Severity::Info, "more than a week away");
    let (severity, message) = address("https://firebasestorage.googleapis.com/v0/b/x/o/a.jpg?alt=media&token=0f");
    assert!(severity == Severity::Info && message.contains("cannot be told"), "{message}");
}
