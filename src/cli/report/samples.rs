//! Reports made by hand for the tests: one with everything in it, some that failed, and one that is hostile throughout.

use jiff::Timestamp;

use crate::{
    comparison::{Asker, Comparison, Subject},
    extract::{Candidate, Candidates, Card, CardImage, Region, Source, Sources, Tag},
    finding::{Confidence, Finding, Severity, Text},
    image::{Crop, Format, ImageReport},
    offline::ExtractReport,
    page::{Blame, Hop, Page, Timing, Tls},
    report::{CacheState, CacheUse, Report},
    verdict::{ImageVerdict, Verdict},
};

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn finding(
    code: &'static str,
    rule: &'static str,
    severity: Severity,
    confidence: Confidence,
    [ko, en]: [[&str; 2]; 2],
) -> Finding {
    let [message, advice] = [0, 1].map(|part| Text { ko: ko[part].to_owned(), en: en[part].to_owned() });
    Finding {
        code: code.into(),
        rule: Some(rule),
        severity,
        message,
        advice,
        evidence: None,
        line: None,
        column: None,
        confidence,
    }
}

fn tag(key: &str, attribute: &'static str, content: &str, line: u32, region: Region) -> Tag {
    Tag { key: key.to_owned(), attribute, content: content.to_owned(), bytes: content.len(), line, column: 5, region }
}

fn candidate(from: &str, value: &str, line: Option<u32>, used: bool, why: &'static str) -> Candidate {
    Candidate { value: value.to_owned(), from: from.to_owned(), line, column: line.map(|_| 5), used, why: why.into() }
}

fn source(rule: &'static str, from: &str, line: u32) -> Source {
    Source { rule, from: from.to_owned(), line: Some(line), column: Some(5) }
}

pub(super) fn hop(url: &str, status: Option<u16>, address: Option<&str>, stages: [Option<f64>; 5]) -> Hop {
    let [dns, connect, tls, wait, body] = stages;
    Hop {
        url: url.to_owned(),
        status,
        location: None,
        address: address.map(str::to_owned),
        timing_ms: Timing { dns, connect, tls, wait, body },
        tls: None,
        server: None,
    }
}

const TITLE: &str = "가을 니트 기획전 — 오늘 밤 12시까지 전 상품 무료 배송과 추가 10% 쿠폰";
const DESCRIPTION: &str = "포근한 캐시미어 블렌드부터 가벼운 면 니트까지. 사이즈별 재고를 확인하고 매장 픽업도 신청하세요. 첫 구매 고객에게는 5,000원 쿠폰을 드립니다.";
const PAGE: &str = "https://www.shop.example.kr/event/2026/autumn-knit?utm_source=kakao&utm_medium=share&utm_campaign=autumn_knit_2026_11";

const OG_URL: &str = "https://www.shop.example.kr/event/2026/autumn-knit";
const IMAGE: &str =
    "https://cdn.shop.example.kr/uploads/event/2026/11/autumn-knit/banner-1200x630-final-v3.png?w=1200&h=630";

pub(super) fn verdict(image: ImageVerdict, headline: [&str; 2], reason: [&str; 2]) -> Verdict {
    let text = |[ko, en]: [&str; 2]| Text { ko: ko.to_owned(), en: en.to_owned() };
    Verdict { image, headline: text(headline), reason: Some(text(reason)), finding: None }
}

/// The first image of the rich card, measured.
pub(super) fn image() -> ImageReport {
    ImageReport {
        url: IMAGE.to_owned(),
        source: "img".to_owned(),
        outcome: "ok".to_owned(),
        status: Some(200),
        hops: Vec::new(),
        content_type: Some("image/png".to_owned()),
        format: Some(Format::Png),
        bytes: Some(81_193),
        width: Some(1200),
        height: Some(630),
        declared: None,
        orientation: None,
        animated: Some(false),
        crop: Some(Crop { x: 0, y: 15, width: 1200, height: 600 }),
        crops: Vec::new(),
        evidence: None,
        fetched_at: time("2026-11-22T01:02:03Z"),
        fresh_until: Some(time("2026-11-22T04:02:03Z")),
        href: None,
    }
}

/// A browser gets the page, Facebook's crawler a check for robots.
pub(super) fn comparisons() -> Vec<Comparison> {
    let browser = Comparison {
        of: Subject::Page,
        who: Asker::Browser,
        url: PAGE.to_owned(),
        effective_url: PAGE.to_owned(),
        outcome: "ok".to_owned(),
        status: Some(200),
        content_type: Some("text/html".to_owned()),
        format: None,
        bytes: Some(51_234),
        title: Some("가을 니트".to_owned()),
        image: Some("https://cdn.shop.example.kr/knit.png".to_owned()),
        challenge: None,
    };
    let facebook = Comparison {
        who: Asker::Facebook,
        outcome: "status-403".to_owned(),
        status: Some(403),
        bytes: None,
        challenge: Some("Cloudflare".to_owned()),
        ..browser.clone()
    };
    vec![browser, facebook]
}

/// A page with a card, two redirects, and a bit of everything that can be wrong with it.
pub(super) fn rich() -> Report {
    let mut first = hop(
        "http://shop.example.kr/e/knit",
        Some(301),
        Some("203.0.113.5:80"),
        [Some(12.4), Some(8.1), None, Some(21.0), None],
    );
    first.server = Some("nginx".to_owned());
    let mut last = hop(
        PAGE,
        Some(200),
        Some("[2001:db8:4000:aa::5]:443"),
        [Some(3.2), Some(9.4), Some(31.7), Some(1_204.9), Some(96.0)],
    );
    last.server = Some("Apache/2.4.62 (Debian)".to_owned());
    last.tls = Some(Tls {
        subject: "CN=www.shop.example.kr".to_owned(),
        issuer: "C=US, O=Let's Encrypt, CN=R11".to_owned(),
        names: vec!["www.shop.example.kr".to_owned()],
        not_before: Some(time("2026-10-05T00:00:00Z")),
        not_after: Some(time("2027-01-03T00:00:00Z")),
        chain_length: 2,
    });
    Report {
        requested_url: "http://shop.example.kr/e/knit".to_owned(),
        scraped_at: time("2026-11-22T01:02:03Z"),
        user_agent: "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984".to_owned(),
        outcome: "ok".to_owned(),
        blame: None,
        hops: vec![first, last],
        page: Some(Page {
            status: Some(200),
            content_type: Some("text/html".to_owned()),
            charset: "EUC-KR".to_owned(),
            charset_source: "meta".to_owned(),
            bytes: 187_204,
            wire_bytes: Some(41_873),
            encoding: Some("gzip".to_owned()),
            truncated: false,
        }),
        card: Some(rich_card()),
        tags: rich_tags(),
        image: Some(image()),
        images: vec![image()],
        comparisons: comparisons(),
        findings: rich_findings(),
        verdict: Verdict {
            finding: Some(0),
            ..verdict(
                ImageVerdict::MayNotShow,
                ["이미지가 표시되지 않을 수 있습니다", "The image may not show"],
                ["og:image가 없습니다.", "There is no og:image."],
            )
        },
        followed_og_url: None,
        cache: CacheState { state: CacheUse::Bypass, fetched_at: time("2026-11-22T01:02:03Z"), fresh_until: None },
    }
}

fn rich_card() -> Card {
    Card {
        url: OG_URL.to_owned(),
        host: "www.shop.example.kr".to_owned(),
        title: TITLE.to_owned(),
        description: DESCRIPTION.to_owned(),
        r#type: "website".to_owned(),
        site_name: Some("예시 상점".to_owned()),
        section: None,
        duration: None,
        images: vec![
            CardImage { url: IMAGE.to_owned(), source: "img".to_owned(), line: 214, column: 9 },
            CardImage {
                url: "https://cdn.shop.example.kr/icons/truck.png".to_owned(),
                source: "img".to_owned(),
                line: 230,
                column: 9,
            },
        ],
        candidates: Candidates {
            title: vec![
                candidate("og:title", TITLE, Some(14), true, "first non-empty og:title"),
                candidate("twitter:title", "가을 니트", Some(22), false, "og:title comes first"),
                candidate("title", "예시 상점 : 가을 니트 기획전", Some(7), false, "og:title comes first"),
            ],
            description: vec![
                candidate("og:description", "", Some(15), false, "empty"),
                candidate("description", DESCRIPTION, Some(9), true, "first non-empty meta description"),
            ],
            url: vec![
                candidate("og:url", OG_URL, Some(16), true, "first absolute og:url"),
                candidate("effective-url", PAGE, None, false, "og:url comes first"),
            ],
            images: vec![
                candidate("og:image", "", Some(17), false, "empty"),
                candidate("img", "/img/pixel.gif", Some(203), false, "declares a side below 50 px"),
                candidate(
                    "img",
                    IMAGE,
                    Some(214),
                    true,
                    "no image tag is usable; first acceptable <img> of the body (R23)",
                ),
                candidate("img", "/icons/truck.png", Some(230), true, "<img> of the body comes after the tags (R22)"),
            ],
        },
        sources: Sources {
            title: Some(source("R14", "og:title", 14)),
            description: Some(source("R15", "description", 9)),
            url: Some(source("R18", "og:url", 16)),
            image: Some(source("R23", "img", 214)),
            r#type: Some(source("R17", "og:type", 13)),
        },
    }
}

fn rich_tags() -> Vec<Tag> {
    vec![
        tag("title", "element", "예시 상점 : 가을 니트 기획전", 7, Region::Head),
        tag("viewport", "name", "width=device-width,initial-scale=1", 8, Region::Head),
        tag("description", "name", DESCRIPTION, 9, Region::Head),
        tag("og:type", "property", "website", 13, Region::Head),
        tag("og:title", "property", TITLE, 14, Region::Head),
        tag("og:description", "property", "", 15, Region::Head),
        tag("og:url", "property", OG_URL, 16, Region::Head),
        tag("og:image", "property", "", 17, Region::Head),
        tag("og:site_name", "property", "예시 상점", 18, Region::Head),
        tag("twitter:title", "name", "가을 니트", 22, Region::Displaced),
        tag("og:title", "property", "다른 제목", 301, Region::Body),
    ]
}

fn rich_findings() -> Vec<Finding> {
    vec![
            finding("og-image-missing", "R23", Severity::Error, Confidence::Documented, [
                ["og:image가 없거나 비어 있습니다.", "<head>에 og:image를 https://로 시작하는 절대 주소로 적으세요."],
                ["There is no og:image with a value.", "Put og:image into <head>, with an absolute https address."],
            ])
            .with_evidence(r#"<meta property="og:image" content="">"#)
            .at(17, 5),
            finding("image-from-body", "R23", Severity::Warning, Confidence::Documented, [
                ["이미지를 지정한 태그가 없어 본문에서 조건에 맞는 첫 번째 <img>를 사용합니다.", "보여 줄 이미지를 og:image로 지정하세요. 위치로 고른 <img>는 아이콘이거나 다른 사람의 프로필 사진일 수 있습니다."],
                [
                    "No tag names an image, so the first suitable <img> of the page is shown.",
                    "Name the image you want with og:image; an <img> picked by its place may be an icon or somebody's avatar.",
                ],
            ])
            .with_evidence(IMAGE)
            .at(214, 9),
            finding("og-url-mismatch", "R20", Severity::Warning, Confidence::Observed, [
                ["og:url이 페이지 주소와 다릅니다. 카카오가 og:url의 페이지를 다시 읽은 사례가 있습니다.", "og:url을 공유할 페이지의 주소와 같게 하세요."],
                ["og:url names another address than the page's. Kakao was observed to read that page instead.", "Let og:url name the very page that is shared."],
            ])
            .with_evidence(format!("{OG_URL} != {PAGE}"))
            .at(16, 5),
            finding("sent-messages-stay", "R31", Severity::Info, Confidence::Observed, [
                ["이미 보낸 메시지의 카드는 바뀌지 않으며, 기기에도 이미지가 남아 있습니다.", "새 카드를 확인하려면 페이지를 다시 공유하세요."],
                ["Messages that were sent keep their card, and devices keep pictures of their own.", "Share the page again to see the new card."],
            ]),
        ]
}

/// A page without a fault.
pub(super) fn good() -> Report {
    let mut report = rich();
    report.findings.clear();
    report.comparisons.clear();
    report.verdict = verdict(
        ImageVerdict::WillShow,
        ["이미지가 표시됩니다", "The image will show"],
        ["og:image의 이미지를 사용합니다.", "The image of og:image is used."],
    );
    report.hops.remove(0);
    report.requested_url = PAGE.to_owned();
    if let Some(card) = &mut report.card {
        card.images.truncate(1);
        card.images[0].source = "og:image".to_owned();
        card.candidates.images =
            vec![candidate("og:image", &card.images[0].url, Some(17), true, "og:image in document order (R22)")];
        card.sources.image = Some(source("R22", "og:image", 17));
    }
    report
}

/// No page came: the name is known, nobody answers.
pub(super) fn refused() -> Report {
    let mut report = rich();
    report.requested_url = "https://staging.example.com/#top".to_owned();
    report.outcome = "connect-refused".to_owned();
    report.blame = Some(Blame::Site);
    report.hops =
        vec![hop("https://staging.example.com/", None, Some("203.0.113.9:443"), [Some(4.0), None, None, None, None])];
    (report.page, report.card, report.image) = (None, None, None);
    report.tags.clear();
    report.images.clear();
    report.comparisons.clear();
    report.verdict = verdict(
        ImageVerdict::NoCard,
        ["카드가 만들어지지 않습니다", "No card will be made"],
        ["카카오톡에는 주소만 보입니다.", "KakaoTalk shows only the address."],
    );
    report.findings = vec![
        finding("connect-refused", "R4", Severity::Error, Confidence::Documented, [
            ["staging.example.com이(가) 연결을 거부합니다. 이 포트에서 응답하는 프로그램이 없습니다.", "웹 서버가 실행 중인지, 포트가 맞는지, 방화벽이 외부 연결을 거부하지 않는지 확인하세요."],
            [
                "staging.example.com refuses the connection: nothing listens on this port.",
                "Start the web server, check its port, and check that no firewall rejects connections from outside.",
            ],
        ])
        .with_evidence("203.0.113.9:443"),
    ];
    report
}

/// HTML at hand.
pub(super) fn offline() -> ExtractReport {
    let Report { requested_url, page, card, tags, findings, .. } = good();
    let (mut page, card) = (page.unwrap(), card.unwrap());
    (page.status, page.wire_bytes, page.encoding) = (None, None, None);
    let verdict = verdict(
        ImageVerdict::WillShow,
        ["이미지가 표시될 것으로 보입니다", "The image should show"],
        ["이미지 파일 자체는 확인하지 않았습니다.", "The image file itself was not checked."],
    );
    ExtractReport { requested_url, page, card, tags, findings, verdict }
}

/// The rich report with `text` in every place that a page, a server or a name server can write to.
pub(super) fn hostile(text: &str) -> Report {
    let mut report = rich();
    let put = |place: &mut String| place.push_str(text);
    let put_some = |place: &mut Option<String>| *place = Some(text.to_owned());
    for place in [&mut report.requested_url, &mut report.user_agent] {
        put(place);
    }
    put_some(&mut report.followed_og_url);
    for hop in &mut report.hops {
        put(&mut hop.url);
        for place in [&mut hop.location, &mut hop.address, &mut hop.server] {
            put_some(place);
        }
        if let Some(tls) = &mut hop.tls {
            (tls.subject, tls.issuer, tls.names) = (text.to_owned(), text.to_owned(), vec![text.to_owned()]);
        }
    }
    if let Some(page) = &mut report.page {
        put(&mut page.charset);
        put(&mut page.charset_source);
        for place in [&mut page.content_type, &mut page.encoding] {
            put_some(place);
        }
    }
    if let Some(card) = &mut report.card {
        for place in [&mut card.url, &mut card.host, &mut card.title, &mut card.description, &mut card.r#type] {
            *place = text.to_owned();
        }
        for image in &mut card.images {
            (image.url, image.source) = (text.to_owned(), text.to_owned());
        }
        let Candidates { title, description, url, images } = &mut card.candidates;
        for candidate in [title, description, url, images].into_iter().flatten() {
            put(&mut candidate.value);
            put(&mut candidate.from);
            candidate.why = text.to_owned().into();
        }
    }
    for tag in &mut report.tags {
        put(&mut tag.key);
        put(&mut tag.content);
    }
    for image in &mut report.images {
        for place in [&mut image.url, &mut image.source, &mut image.outcome] {
            put(place);
        }
        put_some(&mut image.content_type);
        put_some(&mut image.evidence);
    }
    for other in &mut report.comparisons {
        put(&mut other.outcome);
        for place in [&mut other.content_type, &mut other.title, &mut other.image, &mut other.challenge] {
            put_some(place);
        }
    }
    put(&mut report.verdict.headline.en);
    if let Some(reason) = &mut report.verdict.reason {
        put(&mut reason.ko);
        put(&mut reason.en);
    }
    for finding in &mut report.findings {
        put_some(&mut finding.evidence);
        for place in [&mut finding.message.ko, &mut finding.message.en, &mut finding.advice.ko, &mut finding.advice.en]
        {
            put(place);
        }
        finding.code = text.to_owned().into();
    }
    report
}
